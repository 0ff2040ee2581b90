"""The numbers of visits (安排编号): a visit keeps the number it was given out under, whatever is planned anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import count

import pandas as pd


def with_lasting_numbers(visits: pd.DataFrame, issued: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return named visits with the numbers they had: the same line at the same unit in turn, done ones first.

    `issued` has one row per number ever given out (task_id, unit_id, visit_id, date, month, since). A visit that had no
    unit yet gives its number to one of the line that has got a unit since; one done by the day `since` which numbers of
    its line and unit were given out has none of them (`records`: task_id, unit_id, date). A new visit has a number that
    nobody had.

    >>> visits = pd.DataFrame({"task_id": "P01", "number": [1, 2], "unit_id": ["B", "A"], "month": 3, "done": False})
    >>> old = {"task_id": ["P01"], "unit_id": "A", "visit_id": "P01-001", "date": "", "month": 3, "since": "2024-02-29"}
    >>> none = pd.DataFrame(columns=["task_id", "unit_id", "date"])
    >>> with_lasting_numbers(visits, pd.DataFrame(old), none)["number"].tolist()
    [2, 1]
    """
    if issued.empty:
        return visits
    waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
    used: dict[str, set[int]] = defaultdict(set)
    for row in issued.sort_values(["month", "date", "visit_id"]).itertuples():
        number = int(row.visit_id.rpartition("-")[2])
        waiting[row.task_id, row.unit_id].append(number)
        used[row.task_id].add(number)
    order = visits.assign(late=~visits["done"].astype(bool), nowhere=visits["month"] == 0)
    order = order.sort_values(["late", "nowhere", "month", "task_id", "number"])
    before, numbers = _done_before(issued, records), {}
    for row in order.itertuples():
        earlier = bool(row.done) and before[row.task_id, row.unit_id] > 0
        before[row.task_id, row.unit_id] -= earlier
        numbers[row.Index] = 0 if earlier else _next(waiting[row.task_id, row.unit_id])
    for row in order[order["unit_id"] != ""].itertuples():
        numbers[row.Index] = numbers[row.Index] or (not row.done and _next(waiting[row.task_id, ""]))
    for row in order.itertuples():
        if not numbers[row.Index]:
            taken = used[row.task_id]
            numbers[row.Index] = row.number if row.number not in taken else next(n for n in count(1) if n not in taken)
            taken.add(numbers[row.Index])
    return visits.assign(number=pd.Series(numbers).reindex(visits.index).astype("int64"))


def in_months_given_out(visits: pd.DataFrame, arranged: pd.DataFrame) -> pd.DataFrame:
    """Return named visits with those not done in the months they were given out for (task_id, unit_id, month).

    >>> visits = pd.DataFrame({"task_id": ["P01"], "number": 1, "unit_id": "A", "month": 3, "done": False})
    >>> given_out = pd.DataFrame({"task_id": ["P01"], "unit_id": "A", "month": 5})
    >>> in_months_given_out(visits, given_out)["month"].tolist()
    [5]
    """
    months: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in arranged[arranged["unit_id"] != ""].sort_values("month").itertuples():
        months[row.task_id, row.unit_id].append(int(row.month))
    waiting = visits[~visits["done"].astype(bool)].sort_values(["month", "number"])
    changed = {row.Index: _next(months[row.task_id, row.unit_id]) or row.month for row in waiting.itertuples()}
    return visits.assign(month=[changed.get(row.Index, row.month) for row in visits.itertuples()])


def _done_before(issued: pd.DataFrame, records: pd.DataFrame) -> Counter:
    """How many visits of a line and unit were done by the day after which the first of its numbers was given out."""
    since = issued.groupby(["task_id", "unit_id"])["since"].min().to_dict()
    keys = zip(records["task_id"], records["unit_id"], records["date"], strict=True)
    return Counter((task, unit) for task, unit, day in keys if day <= since.get((task, unit), ""))


def _next(queue: list[int]) -> int:
    return queue.pop(0) if queue else 0
