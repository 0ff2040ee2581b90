"""A day of the year: what is over, what is left, and what the seed's own late approval leaves."""

from __future__ import annotations

import pytest

from enforce.desk.moment import Moment
from enforce.inputs.calendar import read_calendar


@pytest.mark.parametrize(
    ("day", "month", "closed", "ahead"),
    [
        ("2023-12-20", 0, 0, 0),
        ("2024-01-01", 1, 0, 22),
        ("2024-03-13", 3, 2, 12),
        ("2024-03-29", 3, 3, 0),
        ("2024-12-31", 12, 12, 0),
        ("2025-01-05", 12, 12, 0),
    ],
)
def test_the_day_itself_counts_as_gone(root, day, month, closed, ahead):
    moment = Moment(read_calendar(2024, root / "data/calendar"), day)
    assert (moment.day_month, moment.closed, moment.workdays_ahead) == (month, closed, ahead)


def test_on_13_march_49_of_61_workdays_of_the_quarter_are_gone_and_202_of_the_year_are_left(root):
    quarters = Moment(read_calendar(2024, root / "data/calendar"), "2024-03-13").quarters.set_index("quarter")
    assert quarters.loc["一季度"].tolist() == [61, 49, 12]
    assert quarters.loc["合计", "workdays_left"] == 202
