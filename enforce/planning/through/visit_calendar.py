"""The calendar (日历) of a schedule: its days, its pairs of officers, and how full their weeks are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

WEEKDAYS = "一二三四五六日"
CALENDAR = ["date", "weekday", "visits", "entries", "officers", "streets"]
WEEKS = ["team", "week_from", "available_days", "inspection_days", "load"]


def weekday(day: str) -> str:
    """Return the day of the week of an ISO date, in Chinese.

    >>> weekday("2024-05-06")
    '一'
    """
    return WEEKDAYS[date.fromisoformat(day).weekday()]


def visit_officers(visits: pd.DataFrame) -> pd.Series:
    """Return all who go to each visit: the two who inspect first."""
    people = zip(visits["officer_1"], visits["officer_2"], visits["with_officers"], strict=True)
    return pd.Series([tuple(filter(None, (*pair, *along))) for *pair, along in people], visits.index, dtype=object)


def day_calendar(visits: pd.DataFrame, days: Sequence[str], streets: Mapping[str, str]) -> pd.DataFrame:
    """Return a month day by day (日历): one row per working day, days without a visit too.

    `visits` are those of a schedule; `entries` walks through a gate (入企次数), `officers` all who are out.
    """
    table = visits.assign(people=visit_officers(visits), street=visits["unit_id"].map(streets).fillna(""))
    rows = []
    for day in days:
        part = table[table["date"] == day]
        people = sorted({code for codes in part["people"] for code in codes})
        places = sorted({street for street in part["street"] if street})
        rows.append((day, weekday(day), len(part), part["entry"].nunique(), tuple(people), tuple(places)))
    return pd.DataFrame(rows, columns=CALENDAR)


def week_loads(loads: pd.DataFrame, roster: pd.DataFrame, days: Sequence[str], leave: pd.DataFrame) -> pd.DataFrame:
    """Return how full each team's weeks are (吃紧): one row per team and week with a visit, the fullest first.

    `loads` are those of a schedule by officer and week; `available_days` the working days of the team's officers with a
    licence in that week, leave taken off, in officer-days (人日).
    """
    available = _available_days(roster, days, leave)
    homes = dict(
        zip(roster["officer_id"], roster["department"].where(roster["department"] != "", roster["team"]), strict=True)
    )
    used: Counter = Counter()
    for row in loads.itertuples():
        used[homes.get(row.officer_id, ""), row.week_from] += row.inspection_days
    rows = [
        (team, week, available[team, week], spent, spent / available[team, week] if available[team, week] else None)
        for (team, week), spent in used.items()
    ]
    table = pd.DataFrame(rows, columns=WEEKS).astype({"load": "float64"})
    return table.sort_values(["load", "week_from", "team"], ascending=[False, True, True], ignore_index=True)


def _available_days(roster: pd.DataFrame, days: Sequence[str], leave: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The days of each team's licensed officers on duty, by team and Monday of the week."""
    spells = defaultdict(list)
    for row in leave.itertuples():
        spells[row.officer_id].append((row.from_date, row.to_date))
    available: dict[tuple[str, str], float] = defaultdict(float)
    weeks = {day: monday(day) for day in days}
    for row in roster[roster["licensed"].astype(bool)].itertuples():
        home = row.department or row.team
        for day, week in weeks.items():
            on_leave = any(first <= day <= last for first, last in spells[row.officer_id])
            if row.from_month <= int(day[5:7]) <= row.to_month and not on_leave:
                available[home, week] += float(row.share)
    return available


def monday(day: str) -> str:
    """Return the Monday of the week of an ISO date.

    >>> monday("2024-05-08")
    '2024-05-06'
    """
    whole = date.fromisoformat(day)
    return (whole - timedelta(days=whole.weekday())).isoformat()
