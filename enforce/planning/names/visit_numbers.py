"""The numbers of visits (安排编号): a visit keeps the number it was given out under, whatever is planned anew."""

from __future__ import annotations

from collections import defaultdict
from itertools import count

import pandas as pd


def with_lasting_numbers(visits: pd.DataFrame, issued: pd.DataFrame) -> pd.DataFrame:
    """Return named visits with the numbers they had: the same line at the same unit in turn, done ones first.

    `issued` has one row per number ever given out (task_id, unit_id, visit_id, date, month). A visit that had no unit
    yet gives its number to one of the line that has got a unit since. A new visit has a number that nobody had.

    >>> visits = pd.DataFrame({"task_id": "P01", "number": [1, 2], "unit_id": ["B", "A"], "month": 3, "done": False})
    >>> old = pd.DataFrame({"task_id": ["P01"], "unit_id": "A", "visit_id": "P01-001", "date": "", "month": 3})
    >>> with_lasting_numbers(visits, old)["number"].tolist()
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
    numbers = {row.Index: _next(waiting[row.task_id, row.unit_id]) for row in order.itertuples()}
    for row in order[order["unit_id"] != ""].itertuples():
        numbers[row.Index] = numbers[row.Index] or (not row.done and _next(waiting[row.task_id, ""]))
    for row in order.itertuples():
        if not numbers[row.Index]:
            taken = used[row.task_id]
            numbers[row.Index] = row.number if row.number not in taken else next(n for n in count(1) if n not in taken)
            taken.add(numbers[row.Index])
    return visits.assign(number=pd.Series(numbers).reindex(visits.index).astype("int64"))


def _next(queue: list[int]) -> int:
    return queue.pop(0) if queue else 0
