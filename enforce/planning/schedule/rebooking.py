"""Rebooking (改期): what a new schedule changes of an earlier one, and who must be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import pandas as pd

MOVED = [
    *("visit_id", "task_id", "unit_id", "before_date", "before_half_day", "date", "half_day"),
    *("before_officers", "officers", "officers_to_tell", "tell_unit"),
]


def rebooked_visits(before: pd.DataFrame, after: pd.DataFrame, announced: Collection[str] = ()) -> pd.DataFrame:
    """Return what changes between two tables of scheduled visits (改期): one row per visit with another date or crew.

    Visits are the same by line and unit, in the order of their dates; one that only one table has is a row as well,
    with empty cells on the other side. All officers of both sides are to be told, the unit of an announced visit too.

    >>> row = {"visit_id": "P01-001", "task_id": "P01", "unit_id": "91", "date": "2024-03-01", "half_day": "morning",
    ...        "part": 1, "officer_1": "A", "officer_2": "B", "with_officers": ()}
    >>> rebooked_visits(pd.DataFrame([row]), pd.DataFrame([row | {"officer_2": "C"}]))["officers_to_tell"].tolist()
    [('A', 'B', 'C')]
    """
    sides = []
    for table in (before, after):
        side: dict[tuple[str, str], list] = defaultdict(list)
        for row in table.sort_values(["date", "part", "visit_id"]).itertuples():
            side[row.task_id, row.unit_id].append(row)
        sides.append(side)
    rows = []
    for key in sorted({*sides[0], *sides[1]}):
        olds, news = sides[0][key], sides[1][key]
        for n in range(max(len(olds), len(news))):
            old, new = (each[n] if n < len(each) else None for each in (olds, news))
            was, now = _booking(old), _booking(new)
            if was != now:
                number = (new or old).visit_id
                tell = tuple(sorted({*was[-1], *now[-1]}))
                important = any(row is not None and row.visit_id in announced for row in (old, new))
                rows.append((number, *key, *was[:2], *now[:2], was[-1], now[-1], tell, important))
    return pd.DataFrame(rows, columns=MOVED)


def _booking(row: object | None) -> tuple:
    """Date, half of the day, part of it and officers of a visit; empty where there is none."""
    if row is None:
        return "", "", 0, ()
    officers = (row.officer_1, row.officer_2, *row.with_officers)
    return row.date, row.half_day, row.part, tuple(code for code in officers if code)
