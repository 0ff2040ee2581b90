"""The schedule of a standing plan (日程): from the plan's own tables, with nothing broken."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import enforce.desk.standing as desk
from enforce.desk.caps import entry_rooms
from enforce.desk.standing import standing
from enforce.desk.year import Year, open_year
from enforce.planning.schedule.appointments import Circumstances
from enforce.planning.schedule.timetable import visit_schedule
from tests.bureaus import bare_project, write_county
from tests.desk.test_caps import CAPS, COUNTS
from tests.planning.schedule.checker import broken

pytestmark = pytest.mark.slow

AUTUMN = "2024-08-31"


@pytest.fixture
def given(monkeypatch):
    """What the schedule of a year is made from, on a day."""

    def circumstances(year: Year, as_of: str) -> Circumstances:
        monkeypatch.setattr(desk, "visit_schedule", lambda given, *_: given)
        return standing(year, as_of).schedule

    return circumstances


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """The county of 2025 with a cap of two entries a firm."""
    plan = write_county(bare_project(tmp_path_factory.mktemp("county")))
    folder = plan.parents[1]
    (folder / "params/rules/caps-云溪.yaml").write_text(CAPS % (2, COUNTS), encoding="utf-8")
    plan.write_text(
        plan.read_text(encoding="utf-8") + "cap_table: D01\nvisits_a_day: 3\nmin_gap_days: 20\n", encoding="utf-8"
    )
    return open_year(plan)


def with_tables(year: Year, **tables: pd.DataFrame) -> Year:
    return replace(year, tables=replace(year.tables, **tables))


def test_every_visit_still_open_is_on_a_day_that_breaks_no_rule_or_told(year, given):
    case = given(year, AUTUMN)
    plan = visit_schedule(case, work=0)
    assert broken(case, plan.visits) == []
    open_visits = case.visits[(case.visits["month"] > 0) & ~case.visits["done"]]
    assert len(plan.visits) == len(open_visits)
    assert plan.visits["date"].ne("").sum() + len(plan.obstacles) == len(open_visits)
    assert plan.visits.loc[plan.visits["date"] != "", "date"].gt(AUTUMN).all()


def test_days_are_working_days_of_the_calendar_and_exchange_visits_stay_in_their_periods(year, given):
    case = given(year, "2023-12-31")
    visits = visit_schedule(case, work=0).visits
    days = year.calendar.days
    assert set(visits["date"]) <= {*days.loc[days["workday"], "date"]}
    periods = year.tasks.set_index("task_id")["periods"]
    for line, rows in visits.groupby("task_id"):
        assert set(rows["date"].str[5:7].astype(int)) <= {month for months in periods[line] for month in months}
    exchange = year.tasks.loc[year.tasks["kind"] == "exchange", "task_id"]
    assert visits["task_id"].isin(exchange).any()


def test_leave_of_the_tables_keeps_an_officer_away(year, given):
    officer = year.tables.roster["officer_id"].iloc[0]
    leave = pd.DataFrame([(officer, "2024-09-01", "2024-10-31")], columns=["officer_id", "from_date", "to_date"])
    case = given(with_tables(year, leave=leave), AUTUMN)
    visits = visit_schedule(case, work=0).visits
    his = visits[[officer in (row.officer_1, row.officer_2, *row.with_officers) for row in visits.itertuples()]]
    assert his["date"].gt("2024-10-31").all()
    assert not his.empty


def test_recusals_and_the_last_visit_of_the_records_are_kept(year, given):
    case = given(year, AUTUMN)
    unit = next(unit for unit in case.visits.loc[case.visits["month"] > 8, "unit_id"] if unit)
    pair = year.tables.roster["officer_id"].tolist()[:2]
    recusals = pd.DataFrame([(officer, unit) for officer in pair], columns=["officer_id", "unit_id"]).assign(reason="")
    changed = given(with_tables(year, recusals=recusals), AUTUMN)
    assert broken(changed, visit_schedule(changed, work=0).visits) == []
    assert changed.recused[unit] == frozenset(pair)
    done = year.tables.records[year.tables.records["date"] <= AUTUMN]
    assert all(changed.last[row.unit_id] >= row.date for row in done.itertuples() if row.unit_id)


def test_a_recusal_of_everybody_leaves_the_firm_without_a_day_and_says_so(year, given):
    case = given(year, AUTUMN)
    unit = next(unit for unit in case.visits.loc[case.visits["month"] > 8, "unit_id"] if unit)
    everybody = pd.DataFrame({"officer_id": year.tables.roster["officer_id"].unique(), "unit_id": unit, "reason": ""})
    case = given(with_tables(year, recusals=everybody), AUTUMN)
    plan = visit_schedule(case, work=0)
    assert set(plan.obstacles["unit_id"]) == {unit}
    assert set(plan.obstacles["obstacle"]) == {"recusal"}


def test_a_line_is_visited_on_the_day_ordered_or_by_the_last_day_and_told_where_it_cannot_be(year, given):
    case = given(year, AUTUMN)
    ahead = case.visits[(case.visits["month"] == 9) & ~case.visits["done"] & (case.visits["unit_id"] != "")]
    line, other = ahead["task_id"].drop_duplicates().iloc[:2]
    tasks = year.tables.tasks.set_index("task_id", drop=False)
    tasks.loc[line, "visit_by"], tasks.loc[other, "visit_on"] = "2024-09-13", "2024-09-15"  # a Sunday off
    changed = given(with_tables(year, tasks=tasks.reset_index(drop=True)), AUTUMN)
    plan = visit_schedule(changed, work=0)
    assert broken(changed, plan.visits) == []
    visits = plan.visits[plan.visits["task_id"].eq(line) & plan.visits["month"].eq(9) & plan.visits["date"].ne("")]
    assert not visits.empty
    assert visits["date"].le("2024-09-13").all()
    left_out = plan.obstacles[plan.obstacles["task_id"].eq(other)]
    assert set(left_out["obstacle"]) == {"ordered"}
    assert set(left_out["visit_id"]) == set(plan.visits.loc[plan.visits["task_id"].eq(other), "visit_id"])


def test_the_plans_choices_are_the_schedules(county, given):
    case = given(county, "2024-12-31")
    assert (case.visits_a_day, case.parts, case.gap_days) == (3, 6, 20)


def test_entries_that_a_cap_leaves_are_those_of_the_table_less_those_made(county):
    [(_, before)] = entry_rooms(county.asked, "2024-12-31")
    [(_, after)] = entry_rooms(county.asked, "2025-12-31")
    records = county.tables.records
    planned = records.groupby("unit_id")["trigger"].agg(lambda each: set(each) == {""})  # a table exempts complaints
    days = records[records["unit_id"].isin(planned.index[planned])].groupby("unit_id")["date"].nunique()
    assert set(before.values()) == {2}
    assert days.any()
    assert all(after[unit] == max(2 - count, 0) for unit, count in days.items())


def test_a_schedule_keeps_the_caps_and_tells_what_is_beyond_them(county, given):
    case = given(county, "2024-12-31")
    plan = visit_schedule(case, work=0)
    assert broken(case, plan.visits) == []
    assert case.caps
