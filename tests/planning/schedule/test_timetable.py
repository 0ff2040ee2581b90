"""The schedule: hard rules never bend, soft ones in their order, and the same on every machine."""

from __future__ import annotations

from itertools import product

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.schedule.rebooking import rebooked_visits
from enforce.planning.schedule.timetable import visit_schedule
from tests.planning.schedule.checker import broken
from tests.planning.schedule.district import district, roster, working_days
from tests.work import trials

PEOPLE = ["A", "B", "C", "D", "E"]
LINES = ["P1", "P2", "P3"]
UNITS = ["91", "92", "93", "94", ""]


@st.composite
def districts(draw, first="2024-03-01", last="2024-04-30"):
    """Any small district: two months, lines of all kinds, officers on leave, recused, unlicensed, drawn."""
    days = working_days(first, last)
    count = draw(st.integers(1, 9))
    lines = draw(st.lists(st.sampled_from(LINES), min_size=count, max_size=count))
    units = draw(st.lists(st.sampled_from(UNITS), min_size=count, max_size=count))
    months = draw(st.lists(st.sampled_from([3, 4]), min_size=count, max_size=count))
    line_facts = {
        code: {
            "kind": draw(st.sampled_from(["campaign", "key_period"])),
            "visit_days": draw(st.sampled_from([0.25, 0.5, 1, 1.5, 2])),
            "officers_per_visit": draw(st.integers(1, 3)),
            "team": draw(st.sampled_from(["大队", "大队", "科"])),
            "invited": draw(st.sampled_from([(), (("科", 0.5),), (("法宣", 0.0),)])),
            "officer_fields": draw(st.sampled_from([(), ("危化",)])),
            "partners": draw(st.sampled_from([(), ("市场监管",)])),
        }
        for code in LINES
    }
    officers = {
        code: {
            "licensed": draw(st.sampled_from([True, True, False])),
            "fields": draw(st.sampled_from([(), ("危化",)])),
            "team": draw(st.sampled_from(["大队", "大队", "科"])),
            "from_month": draw(st.sampled_from([1, 1, 4])),
            "department": draw(st.sampled_from(["", "", "", "市场监管"])),
        }
        for code in PEOPLE
    }
    absence = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(days), st.sampled_from(days))
    recusal = st.sampled_from([*product(PEOPLE, UNITS[:-1])])
    pairs = st.sampled_from([("A", "B"), ("B", "C")])
    return district(
        lines, units, months,
        of_lines=line_facts,
        people=roster(*PEOPLE, **officers),
        leave=[(code, *sorted(dates)) for code, *dates in draw(st.lists(absence, max_size=4))],
        recusals=sorted(draw(st.sets(recusal, max_size=4))),
        days=days,
        streets={"91": "东", "92": "东", "93": "西"},
        key_periods=[("2024-03-04", "2024-03-11"), ("2024-04-22", "2024-04-30")],
        gap_days=draw(st.sampled_from([0, 10, 30])),
        last=draw(st.sampled_from([{}, {"91": "2024-02-20"}])),
        drawn=draw(st.dictionaries(st.tuples(st.sampled_from(LINES), st.sampled_from(UNITS[:-1])), pairs, max_size=2)),
        caps=draw(st.sampled_from([[], [(frozenset(["P1", "P2"]), {"91": 1, "92": 0})]])),
        ordered=draw(st.sampled_from([{}, {"P1-001": ("2024-03-06", "2024-03-07"), "P2-001": (days[0], days[4])}])),
        visits_a_day=draw(st.sampled_from([1, 2, 3, 4])),
    )  # fmt: skip


@trials(60)
@given(districts(), st.sampled_from([0, 0.05]))
def test_no_schedule_breaks_a_hard_rule_and_what_it_leaves_out_is_told(case, work):
    plan = visit_schedule(case, work=work)
    assert broken(case, plan.visits) == []
    assert sorted(plan.obstacles["visit_id"]) == sorted(plan.visits.loc[plan.visits["date"] == "", "visit_id"])
    assert (plan.proof["bound"] <= plan.proof["value"]).all()
    left_out = plan.proof.loc[plan.proof["aim"] == "unbooked", "value"].sum()
    assert left_out == len(plan.obstacles)


@trials(15)
@given(districts())
def test_searching_is_never_worse_than_the_first_plan_and_the_same_again(case):
    first, plan = visit_schedule(case, work=0), visit_schedule(case, work=0.05)
    values = [one.proof.groupby("aim")["value"].sum()["unbooked"] for one in (plan, first)]
    assert values[0] <= values[1]
    pd.testing.assert_frame_equal(plan.visits, visit_schedule(case, work=0.05).visits)


def test_an_officer_ill_for_a_week_changes_only_the_visits_that_he_was_to_make():
    lines, units = ["P01"] * 8, [f"9{n}" for n in range(8)]
    case = district(lines, units, [3] * 8)
    before = visit_schedule(case)
    ill = before.visits[before.visits["officer_1"] == "A"].iloc[0]
    after = visit_schedule(district(lines, units, [3] * 8, leave=[("A", ill["date"], ill["date"])]), before.visits)
    moved = rebooked_visits(before.visits, after.visits)
    his = before.visits[before.visits["date"] == ill["date"]]
    assert set(moved["visit_id"]) <= set(his.loc[(his["officer_1"] == "A") | (his["officer_2"] == "A"), "visit_id"])
    assert all("A" in tell for tell in moved["officers_to_tell"])


def test_leave_of_everybody_is_told_with_who_would_have_to_give():
    case = district(["P01"], ["91"], [3], leave=[(code, "2024-03-01", "2024-03-31") for code in "ABCD"])
    plan = visit_schedule(case)
    assert plan.visits["date"].tolist() == [""]
    assert plan.obstacles[["obstacle", "gives"]].values.tolist() == [["leave", ("A", "B")]]


def test_a_recusal_of_everybody_is_told_by_name():
    plan = visit_schedule(district(["P01"], ["91"], [3], recusals=[(code, "91") for code in "ABC"]))
    assert plan.obstacles[["visit_id", "obstacle"]].values.tolist() == [["P01-001", "recusal"]]


def test_streets_of_a_month_are_spread_over_its_weeks_and_each_is_still_visited_in_one():
    units = [f"{n:02}" for n in range(12)]
    streets = {unit: "东南西"[n // 4] for n, unit in enumerate(units)}
    plan = visit_schedule(district(["P1"] * 12, units, [3] * 12, streets=streets))
    weeks = pd.to_datetime(plan.visits["date"]).dt.isocalendar().week
    by_street = weeks.groupby(plan.visits["unit_id"].map(streets)).unique()
    assert by_street.map(len).tolist() == [1, 1, 1]
    assert weeks.nunique() == 3
    values = plan.proof.set_index("aim")["value"]
    # of 24 half-days a week of five days in 21 has 6; a street takes 8
    assert (values["street_weeks"], values["weeks"]) == (3, 3 * (8 - 6))


def test_weeks_of_streets_and_loads_are_proved_for_a_month_of_many_visits():
    units = [f"{n:03}" for n in range(60)]
    streets = {unit: f"S{n // 5:02}" for n, unit in enumerate(units)}
    people = roster(*(f"A{n:02}" for n in range(16)))
    leave = [("A01", "2024-03-04", "2024-03-15")]
    case = district(["P1"] * 60, units, [3] * 60, streets=streets, people=people, leave=leave)
    plan = visit_schedule(case)
    assert broken(case, plan.visits) == []
    proof = plan.proof.set_index("aim")
    assert proof.loc["street_weeks", ["value", "bound"]].tolist() == [12, 12]
    # twelve streets of ten half-days, in four weeks with a share of 29 each: three in each
    assert proof.loc["weeks", ["value", "bound"]].tolist() == [4, 4]


@trials(25)
@given(st.lists(st.tuples(st.sampled_from("东南西"), st.sampled_from(["P1", "P2"])), min_size=1, max_size=6))
def test_weeks_of_streets_then_loads_are_the_least_of_all_ways_to_share_visits_out_to_weeks(visits):
    units = [f"{n}" for n in range(len(visits))]
    days = working_days("2024-03-01", "2024-03-22")
    case = district(
        [line for _, line in visits], units, [3] * len(visits), days=days, of_lines={"P2": {"visit_days": 1.0}},
        streets=dict(zip(units, (street for street, _ in visits), strict=True)), people=roster(*"ABCDEFGHIJKL"),
    )  # fmt: skip
    works = [{"P1": 2, "P2": 4}[line] for _, line in visits]  # two officers, half a day or a day
    shares = [max(-(-sum(works) * days // 16), *works, 0) for days in (1, 5, 5, 5)]
    least = min(
        (
            len({(street, week) for (street, _), week in zip(visits, weeks, strict=True)}),
            sum(max(sum(w for w, at in zip(works, weeks, strict=True) if at == n) - shares[n], 0) for n in range(4)),
        )
        for weeks in product(range(4), repeat=len(visits))
    )
    proof = visit_schedule(case).proof.set_index("aim").loc[["street_weeks", "weeks"]]
    assert tuple(proof["value"]) == least
    assert proof["proved"].all()
