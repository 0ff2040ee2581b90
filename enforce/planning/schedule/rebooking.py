"""Rebooking (改期): what a new schedule changes of an earlier one, and who must be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

import pandas as pd

MOVED = [
    *("visit_id", "task_id", "unit_id", "before_date", "before_half_day", "date", "half_day"),
    *("before_officers", "officers", "officers_to_tell", "tell_unit"),
]


def rebooked_visits(
    before: pd.DataFrame, after: pd.DataFrame, announced: Collection[str] = (), since: str = ""
) -> pd.DataFrame:
    """Return what changes between two tables of scheduled visits (改期): one row per visit with another date or crew.

    Visits are the same by line and unit, of those by number, by month or in the order of their dates; one that only
    one table has is a row as well, with empty cells on the other side. What was to be before `since`, the first day
    still open, is done as far as the later table has no visit for it. All officers of both sides are to be told, the
    unit of an announced visit too.

    >>> row = {"visit_id": "P01-001", "task_id": "P01", "unit_id": "91", "date": "2024-03-01", "half_day": "morning",
    ...        "month": 3, "part": 1, "officer_1": "A", "officer_2": "B", "with_officers": ()}
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
        for old, new in _same_visits(_not_done(sides[0][key], len(sides[1][key]), since), sides[1][key]):
            was, now = _booking(old), _booking(new)
            if was != now:
                number = (new or old).visit_id
                tell = tuple(sorted({*was[-1], *now[-1]}))
                important = any(row is not None and row.visit_id in announced for row in (old, new))
                rows.append((number, *key, *was[:2], *now[:2], was[-1], now[-1], tell, important))
    return pd.DataFrame(rows, columns=MOVED)


def _not_done(olds: Sequence, wanted: int, since: str) -> list:
    """The rows that are still to be done: those from a day on, and of earlier ones the last that are wanted besides."""
    ahead = [row for row in olds if not row.date or row.date >= since]
    late = [row for row in olds if row.date and row.date < since]
    return [*late[len(late) - min(max(wanted - len(ahead), 0), len(late)) :], *ahead]


def _same_visits(olds: Sequence, news: Sequence) -> Iterator[tuple]:
    """Yield the rows of two schedules that are of one visit: those alike, of one number, of one month, then in turn."""
    olds, news = list(olds), list(news)
    for alike in (
        lambda old, new: _booking(old) == _booking(new),
        lambda old, new: old.visit_id == new.visit_id,
        lambda old, new: old.month == new.month,
    ):
        for new in list(news):
            old = next((row for row in olds if alike(row, new)), None)
            if old is not None:
                olds.remove(old)
                news.remove(new)
                yield old, new
    yield from zip_longest(olds, news)


def _booking(row: object | None) -> tuple:
    """Date, half of the day, part of it and officers of a visit; empty where there is none."""
    if row is None or not row.date:
        return "", "", 0, ()
    officers = (row.officer_1, row.officer_2, *row.with_officers)
    return row.date, row.half_day, row.part, tuple(code for code in officers if code)
