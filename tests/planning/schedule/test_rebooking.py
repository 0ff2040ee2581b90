"""Changes keep dates: what must give gives, announced visits last, and who must be told stands in a row each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.schedule.appointments import LEAVE, RECUSALS
from enforce.planning.schedule.rebooking import rebooked_visits
from enforce.planning.schedule.timetable import visit_schedule
from tests.planning.schedule.checker import broken
from tests.planning.schedule.district import district, roster, working_days
from tests.planning.schedule.test_timetable import UNITS as UNIT_CODES
from tests.planning.schedule.test_timetable import districts
from tests.work import trials

OFFICERS = [f"A{n}" for n in range(8)]
LINES, UNITS, MONTHS = ["P01"] * 12, [f"9{n:02}" for n in range(12)], [3] * 6 + [4] * 6


def bureau(**facts):
    """Twelve visits of two months with eight officers."""
    facts = {"people": roster(*OFFICERS), "streets": {unit: unit[-1] for unit in UNITS}} | facts
    return district(LINES, UNITS, MONTHS, days=working_days("2024-03-01", "2024-04-30"), **facts)


@pytest.fixture(scope="module")
def before():
    """The schedule that was given out."""
    return visit_schedule(bureau(), work=0.05).visits


def officers_of(row) -> set[str]:
    """All who go to a visit."""
    return {row.officer_1, row.officer_2, *row.with_officers}


@trials(20)
@given(districts(), st.sampled_from([0, 0.05]))
def test_nothing_changes_where_nothing_must(case, work):
    plan = visit_schedule(case, work=0.05)
    again = visit_schedule(replace(case), plan.visits, work=work)
    assert broken(case, again.visits) == []
    assert len(again.obstacles) <= len(plan.obstacles)
    if len(again.obstacles) == len(plan.obstacles):
        assert rebooked_visits(plan.visits, again.visits).empty


@trials(20)
@given(st.sampled_from(OFFICERS), st.sampled_from(working_days("2024-03-01", "2024-04-26")), st.sampled_from([0, 0.05]))
def test_an_officer_ill_for_a_week_changes_the_visits_that_he_was_to_make_in_it_and_no_other(officer, first, work):
    last = (date.fromisoformat(first) + timedelta(days=6)).isoformat()
    given_out = visit_schedule(bureau(), work=0).visits
    after = visit_schedule(bureau(leave=[(officer, first, last)]), given_out, work=work)
    moved = rebooked_visits(given_out, after.visits)
    his = {row.visit_id for row in given_out.itertuples() if officer in officers_of(row) and first <= row.date <= last}
    assert set(moved["visit_id"]) == his
    assert moved["before_date"].tolist() == moved["date"].tolist()  # another goes; the day stays
    assert all(officer in tell for tell in moved["officers_to_tell"])
    assert after.proof.loc[after.proof["aim"] == "changes", "proved"].all()


@trials(30)
@given(districts(), st.data(), st.sampled_from([0, 0.05]))
def test_leave_a_recusal_a_closed_firm_and_an_ordered_day_break_no_rule_and_change_nothing_without_need(
    case, data, work
):
    old = visit_schedule(case, work=0).visits
    officer, day = (st.sampled_from(list(each)) for each in (case.roster["officer_id"], case.days))
    absence = (data.draw(officer), *sorted([data.draw(day), data.draw(day)]))
    recusal = (data.draw(officer), data.draw(st.sampled_from(UNIT_CODES)))
    closed, ordered = (
        data.draw(st.sampled_from(["none", *UNIT_CODES])),
        data.draw(st.sampled_from(list(old["visit_id"]))),
    )
    dates = data.draw(st.sampled_from([{}, {ordered: (data.draw(day),) * 2}]))
    announced = data.draw(st.sets(st.sampled_from(list(old["visit_id"]))))
    case = replace(
        case,
        visits=case.visits[case.visits["unit_id"] != closed],
        leave=pd.DataFrame([*case.leave.itertuples(index=False), absence], columns=LEAVE),
        recusals=pd.DataFrame([*case.recusals.itertuples(index=False), recusal], columns=RECUSALS),
        ordered={**case.ordered, **dates},
    )
    plan = visit_schedule(case, old, sorted(announced), work=work)
    assert broken(case, plan.visits) == []
    assert sorted(plan.obstacles["visit_id"]) == sorted(plan.visits.loc[plan.visits["date"] == "", "visit_id"])
    still = old[old["unit_id"] != closed]
    moved = rebooked_visits(still, plan.visits, announced)
    if (still["date"] != "").all() and broken(case, still) == []:
        assert moved.empty
    assert set(moved.loc[moved["tell_unit"], "visit_id"]) <= announced


def test_who_must_be_told_are_the_officers_of_both_sides_and_the_unit_that_was_announced(before):
    row = before.iloc[0]
    ill = row["officer_1"]
    after = visit_schedule(bureau(leave=[(ill, row["date"], row["date"])]), before, [row["visit_id"]], work=0.05)
    moved = rebooked_visits(before, after.visits, [row["visit_id"]])
    change = moved.set_index("visit_id").loc[row["visit_id"]]
    assert change["before_officers"] == (row["officer_1"], row["officer_2"])
    assert set(change["officers_to_tell"]) == {*change["before_officers"], *change["officers"]}
    assert bool(change["tell_unit"])
    assert not moved.set_index("visit_id").drop(row["visit_id"])["tell_unit"].any()


def test_a_firm_that_closes_takes_its_visits_away_and_moves_no_other(before):
    case = bureau()
    closed = replace(case, visits=case.visits[case.visits["unit_id"] != "902"])
    moved = rebooked_visits(before, visit_schedule(closed, before, work=0.05).visits)
    assert moved["unit_id"].tolist() == ["902"]
    assert moved[["date", "half_day", "officers"]].values.tolist() == [["", "", ()]]
    assert set(moved["officers_to_tell"][0]) == set(moved["before_officers"][0])


def full_day(announced: str = ""):
    """Two officers, two half-days of one day taken, and a third visit that was ordered for that day."""
    case = district(
        ["P01", "P01", "P02"], ["901", "902", "903"], [3, 3, 3],
        people=roster("A", "B"), days=["2024-03-04", "2024-03-05"],
    )  # fmt: skip
    row = {"task_id": "P01", "month": 3, "date": "2024-03-04", "officer_1": "A", "officer_2": "B", "with_officers": ()}
    old = pd.DataFrame(
        [
            row | {"visit_id": "P01-001", "unit_id": "901", "half_day": "morning", "part": 1},
            row | {"visit_id": "P01-002", "unit_id": "902", "half_day": "afternoon", "part": 2},
        ]
    )
    ordered = replace(case, ordered={"P02-001": ("2024-03-04", "2024-03-04")})
    plan = visit_schedule(ordered, old, [announced])
    return plan, rebooked_visits(old, plan.visits, [announced]).set_index("visit_id")


@pytest.mark.parametrize(("announced", "moves"), [("P01-001", "P01-002"), ("P01-002", "P01-001")])
def test_an_ordered_visit_tomorrow_moves_one_that_was_not_announced(announced, moves):
    plan, moved = full_day(announced)
    assert plan.visits.set_index("visit_id")["date"]["P02-001"] == "2024-03-04"
    assert sorted(moved.index) == sorted([moves, "P02-001"])
    assert moved["date"][moves] == "2024-03-05"
    assert moved["before_date"]["P02-001"] == ""


def test_days_ordered_on_which_nobody_can_go_are_told():
    case = district(["P01"], ["901"], [3], ordered={"P01-001": ("2024-03-02", "2024-03-03")})
    plan = visit_schedule(case)
    assert plan.obstacles[["obstacle", "possible_date"]].values.tolist() == [["ordered", "2024-03-01"]]


def test_a_visit_done_since_is_no_change_and_a_late_one_is_put_on_a_day_again(before):
    first = before.sort_values("date").iloc[:2]
    done, late = first["visit_id"]
    since = (date.fromisoformat(first["date"].max()) + timedelta(days=1)).isoformat()
    case = bureau()
    gone = case.visits["unit_id"] == before.set_index("visit_id")["unit_id"][done]
    later = replace(case, visits=case.visits.assign(done=gone), days=[day for day in case.days if day >= since])
    moved = rebooked_visits(before, visit_schedule(later, before, work=0.05).visits, since=since)
    assert done not in set(moved["visit_id"])
    assert late in set(moved["visit_id"])
    assert moved.set_index("visit_id")["date"][late] >= since


def test_visits_are_the_same_by_number_then_by_month(before):
    renumbered = before.assign(visit_id=before["visit_id"].iloc[::-1].tolist())
    assert rebooked_visits(before, renumbered).empty


def test_leave_for_which_a_date_must_move_moves_as_few_visits_as_can_be():
    case = district(
        ["P01"] * 3,
        ["901", "902", "903"],
        [3] * 3,
        people=roster("A", "B"),
        days=working_days("2024-03-04", "2024-03-08"),
    )
    old = visit_schedule(case).visits
    day = old["date"].iloc[0]
    on_leave = replace(case, leave=pd.DataFrame([("A", day, day)], columns=LEAVE))
    moved = rebooked_visits(old, visit_schedule(on_leave, old).visits)
    assert sorted(moved["visit_id"]) == sorted(old.loc[old["date"] == day, "visit_id"])
    assert (moved["date"] != day).all()


@pytest.mark.parametrize("work", [0, 0.1])
def test_in_a_month_of_many_visits_as_well_one_that_was_not_announced_makes_room(work):
    lines, units = ["P01"] * 60, [f"9{n:02}" for n in range(60)]
    streets = dict.fromkeys(units, "东")  # one street, as many on one day as can be
    facts = {"people": roster(*OFFICERS), "days": working_days("2024-03-01", "2024-03-15"), "streets": streets}
    old = visit_schedule(district(lines, units, [3] * 60, **facts), work=0).visits
    full = old["date"].value_counts().index[0]
    there = sorted(old.loc[old["date"] == full, "visit_id"])
    assert len(there) == 8  # four pairs, two half-days
    ordered = {"P02-001": (full, full)}
    case = district([*lines, "P02"], [*units, "800"], [3] * 61, ordered=ordered, **facts)
    plan = visit_schedule(case, old, there[1:], work=work)
    moved = rebooked_visits(old, plan.visits, there[1:])
    assert broken(case, plan.visits) == []
    assert sorted(moved["visit_id"]) == sorted([there[0], "P02-001"])
    assert not moved["tell_unit"].any()
