"""Next year (下一年): what a year that was followed through hands to the next — people, units, days.

Measured days are a proposal beside the standard ones; averages are those of as many years as are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from enforce.planning.through.progress import changed_list
from enforce.words.numbers import rounded

QUARTER = Decimal("0.25")  # days: the grain of what one officer gives to a visit
HALF = Decimal("0.5")  # officer-days: the grain of the account
NEAR = 15  # days from the end of a period to the festival it goes with


def carried_roster(roster: pd.DataFrame) -> pd.DataFrame:
    """Return who serves next year (人员结转): one row per officer in service in December, for all of the year.

    >>> roster = pd.DataFrame({"officer_id": ["A", "B"], "from_month": [1, 7], "to_month": [6, 12]})
    >>> carried_roster(roster).values.tolist()
    [['B', 1, 12]]
    """
    return roster[roster["to_month"] == 12].assign(from_month=1).reset_index(drop=True)


def carried_units(
    units: pd.DataFrame, records: pd.DataFrame, changes: pd.DataFrame, first: Mapping[str, str], day: str
) -> pd.DataFrame:
    """Return next year's register (台账结转): one row per unit, with its last visit and the key list as changed since.

    `first` are the units to come first in a ranking, each with the reason: they are warned of on `day`, the year's
    last. A warning that a visit came after is not carried.

    >>> units = pd.DataFrame({"unit_id": ["U1", "U2"], "is_key": [True, False], "covered_by": ["P1", ""],
    ...                       "last_visit": ["", "2025-03-01"], "warned": [(), ("2026-02-01", "平台")]})
    >>> records = pd.DataFrame({"unit_id": ["U2"], "date": ["2026-05-06"]})
    >>> none = pd.DataFrame(columns=["unit_id", "change", "date"])
    >>> carried_units(units, records, none, {"U1": "没有查到"}, "2026-12-31")[["last_visit", "warned"]].values.tolist()
    [['', ('2026-12-31', '没有查到')], ['2026-05-06', ()]]
    """
    listed = dict(zip(units["unit_id"], units["covered_by"], strict=True))
    key = {code: listed[code] for code, flag in zip(units["unit_id"], units["is_key"], strict=True) if flag}
    key = changed_list(key, changes)
    visited = records.groupby("unit_id")["date"].max().to_dict()
    last = pd.Series([visited.get(code, "") for code in units["unit_id"]], units.index, dtype="str")
    warned = [
        (day, first[code]) if code in first else warning if warning and warning[0] > seen else ()
        for code, warning, seen in zip(units["unit_id"], units["warned"], last, strict=True)
    ]
    return units.assign(
        is_key=units["unit_id"].isin(key),
        covered_by=[key.get(code, "") for code in units["unit_id"]],
        last_visit=units["last_visit"].where(units["last_visit"] > last, last),
        warned=pd.Series(warned, units.index, dtype=object),
    )


def proposed_days(tasks: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Return what a visit of each line may be planned with (每次天数建议): one row per line, 天 of one officer.

    `used` as of `used_days`. The proposal is the measured effort, drawn toward the standard, without the officer-days
    of invited sections, over the officers of a visit, in quarters of a day; the standard where no record states days.

    >>> tasks = pd.DataFrame({"task_id": ["P1"], "visit_days": [1.0], "officers_per_visit": [2], "invited": [()]})
    >>> used = pd.DataFrame({"task_id": ["P1"], "task": "甲", "counted_records": 12, "standard_days_per_visit": 2.0,
    ...                      "measured_days_per_visit": 3.1, "weighed_days_per_visit": 2.6})
    >>> proposed_days(tasks, used)[["visit_days", "proposed_visit_days"]].values.tolist()
    [[1.0, 1.25]]
    """
    facts = tasks[["task_id", "visit_days", "officers_per_visit", "invited"]]
    table = used.merge(facts, on="task_id", validate="1:1")
    table["proposed_visit_days"] = [
        _one_officer(row) if row.counted_records else row.visit_days for row in table.itertuples()
    ]
    columns = ["task_id", "task", "officers_per_visit", "visit_days", "counted_records", "measured_days_per_visit"]
    return table[[*columns, "weighed_days_per_visit", "proposed_visit_days"]]


def _one_officer(line: object) -> float:
    """The days of one officer of the leading team, in quarters of a day, at least one."""
    leading = line.weighed_days_per_visit - sum(days for _, days in line.invited)
    return float(max(rounded(leading / line.officers_per_visit / float(QUARTER)) * QUARTER, QUARTER))


def average_days(years: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the mean of the account's items over years (历年平均): one row per team and item ('' for the whole line).

    Each of `years` has team, line, item, days (人日); only what every year has is averaged, in half-days.

    >>> years = [pd.DataFrame({"team": ["甲"], "line": ["x"], "item": ["duty"], "days": [n]}) for n in (10.0, 11, 14.5)]
    >>> average_days(years)["average_days"].tolist()
    [12.0]
    """
    keys = ["team", "line", "item"]
    table = years[0][keys]
    for n, year in enumerate(years):
        table = table.merge(year[[*keys, "days"]].rename(columns={"days": f"days_{n}"}), on=keys, validate="1:1")
    means = table[[f"days_{n}" for n in range(len(years))]].mean(axis=1)
    return table.assign(average_days=[float(rounded(mean / float(HALF)) * HALF) for mean in means])


def moved_period(
    period: tuple[date, date], festivals: Mapping[str, date], after: Mapping[str, date]
) -> tuple[date, date]:
    """Return when a period of days lies next year (重点时段移到下一年): with the festival that follows it, if one does
    within `NEAR` days, else on the same days of the year; all of it in one year.

    `festivals` and `after` are the first days of the festivals of both years.

    >>> this, following = {"春节": date(2024, 2, 10)}, {"春节": date(2025, 1, 29)}
    >>> [day.isoformat() for day in moved_period((date(2024, 1, 29), date(2024, 2, 9)), this, following)]
    ['2025-01-17', '2025-01-28']
    >>> [day.isoformat() for day in moved_period((date(2024, 2, 20), date(2024, 2, 29)), this, following)]
    ['2025-02-20', '2025-02-28']
    """
    first, last = period
    gaps = {
        name: abs((day - last).days) for name, day in festivals.items() if first <= day and (day - last).days <= NEAR
    }
    if near := min(gaps, key=gaps.__getitem__, default=""):
        step = after[near] - festivals[near] if near in after else None
        if step and (first + step).year == (last + step).year == first.year + 1:
            return first + step, last + step
    return _same_day(first), _same_day(last)


def _same_day(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)
