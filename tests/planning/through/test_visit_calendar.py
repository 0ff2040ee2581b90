"""The calendar of a month: its days, and how full the weeks of the teams are."""

from __future__ import annotations

import pandas as pd

from enforce.planning.through.visit_calendar import day_calendar, week_loads
from tests.planning.schedule.district import roster

VISITS = pd.DataFrame(
    {
        "visit_id": ["P1-001", "P2-001"], "unit_id": "91", "date": "2024-05-06", "entry": 1, "officer_1": "A",
        "officer_2": "B", "with_officers": [(), ("C",)],
    }
)  # fmt: skip


def test_a_day_counts_visits_and_entries_apart_and_days_without_a_visit_stand_too():
    table = day_calendar(VISITS, ["2024-05-06", "2024-05-07"], {"91": "甲街道"})
    assert table.values.tolist() == [
        ["2024-05-06", "一", 2, 1, ("A", "B", "C"), ("甲街道",)],
        ["2024-05-07", "二", 0, 0, (), ()],
    ]


def test_a_week_is_as_full_as_its_days_on_duty_allow_leave_taken_off():
    loads = pd.DataFrame({"officer_id": ["A", "B"], "week_from": "2024-05-06", "inspection_days": [2.0, 1.0]})
    days = [f"2024-05-{day:02}" for day in (6, 7, 8, 9, 10)]
    leave = pd.DataFrame([("B", "2024-05-06", "2024-05-07")], columns=["officer_id", "from_date", "to_date"])
    (row,) = week_loads(loads, roster("A", "B"), days, leave).itertuples(index=False)
    assert tuple(row) == ("大队", "2024-05-06", 8.0, 3.0, 0.375)


def test_a_team_that_is_all_on_leave_has_no_load_and_is_not_divided_by():
    loads = pd.DataFrame({"officer_id": ["A"], "week_from": "2024-05-06", "inspection_days": [1.0]})
    leave = pd.DataFrame([("A", "2024-05-06", "2024-05-10")], columns=["officer_id", "from_date", "to_date"])
    table = week_loads(loads, roster("A"), ["2024-05-06"], leave)
    assert table["load"].isna().all()
    assert table["available_days"].tolist() == [0]
