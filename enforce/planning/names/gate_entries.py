"""Entries (入企): visits of several lines to one unit in one month go through the gate once (进一次门，查多项事).

Merging moves no visit: the plan by months has its numbers, months by name bring visits of a unit together where these
allow it, and an entry is what then stands in one month. Visits of one line to one unit are never one entry, and visits
done are what they were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import combinations_with_replacement

import pandas as pd

from enforce.planning.visits import efforts, team_efforts
from enforce.words.months import MONTHS
from enforce.words.numbers import HALVES
from enforce.words.terms import Apart

#: One row per entry; `lines` are the tasks it serves.
COLUMNS = ("entry", "unit_id", "month", "lines", "visits", "done")
PROOF = ("statement", "count", "wanted_count", "holds")
_CELL = ["task_id", "unit_id", "month"]


def entries_of(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the entries of named visits with months (task_id, unit_id, month, done): one row per entry (入企次数).

    A visit without a unit or a month is in none. A unit's second visit for a line in a month is another entry.

    >>> table = pd.DataFrame({"task_id": ["P01", "P10"], "unit_id": "91", "month": 3, "done": False})
    >>> entries_of(table).values.tolist()
    [[1, '91', 3, ('P01', 'P10'), 2, False]]
    """
    named = visits[(visits["unit_id"] != "") & (visits["month"] > 0)]
    members: dict[tuple, list[str]] = defaultdict(list)
    again: Counter = Counter()
    for task_id, unit_id, month, done in sorted(zip(*(named[name] for name in (*_CELL, "done")), strict=True)):
        again[task_id, unit_id, month, done] += 1
        turn = (len(members), done) if done else (again[task_id, unit_id, month, done], done)
        members[month, unit_id, turn].append(task_id)
    rows = [
        (n, unit_id, month, tuple(lines), len(lines), done)
        for n, ((month, unit_id, (_, done)), lines) in enumerate(sorted(members.items()), 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def proof_of_merging(visits: pd.DataFrame, entered: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the proof that merging dropped no duty and missed no window: one row per statement, counted anew.

    `count` is what was met, `wanted_count` what must be, both in 家次; `entered` are entries of the named visits.
    """
    planned = Counter(cell for cell in zip(*(visits[name] for name in _CELL), strict=True) if cell[1] and cell[2])
    rows = zip(entered["lines"], entered["unit_id"], entered["month"], strict=True)
    served = Counter((task_id, unit_id, month) for lines, unit_id, month in rows for task_id in lines)
    open_months = _open_months(tasks)
    moved = sum((planned - served).values()) + sum((served - planned).values())
    outside = sum(
        count for (task_id, _, month), count in served.items() if month not in open_months.get(task_id, (month,))
    )
    twice = sum(len(lines) - len(set(lines)) for lines in entered["lines"])
    statements = (
        ("已点名且已排月的家次，每一家次都在一次入企里", sum(served.values()), sum(planned.values())),
        ("各事项、各单位、各月与月度计划不同的家次", moved, 0),
        ("落在事项时段以外的家次", outside, 0),
        ("同一次入企里重复的事项", twice, 0),
    )
    return pd.DataFrame([(*one, one[1] == one[2]) for one in statements], columns=list(PROOF))


def _open_months(tasks: pd.DataFrame) -> dict[str, set[int]]:
    """The months of each line: those of all its periods."""
    return {task_id: set().union(*periods) for task_id, periods in zip(tasks["task_id"], tasks["periods"], strict=True)}


def savings_of_merging(entered: pd.DataFrame, tasks: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return what merging saves: one row, 家次, 入企次数 and 人日 apart.

    In an entry a team gives its longest visit whole and of each further one `share` (0 to 1); teams are counted apart,
    so two teams at one gate save the firm an entry and themselves nothing. Entries saved are visits less entries.
    """
    shares, part = team_efforts(efforts(tasks)), Fraction(str(share))
    alone = together = Fraction(0)
    for lines in entered["lines"]:
        days: dict[str, list[int]] = defaultdict(list)
        for task_id in lines:
            for team, halves in shares.get(task_id, ()):
                days[team].append(halves)
        alone += sum(map(sum, days.values()))
        together += sum(max(each) + part * (sum(each) - max(each)) for each in days.values())
    visits, count = int(entered["visits"].sum()), len(entered)
    return pd.DataFrame(
        {
            "visits": [visits],
            "entries": [count],
            "merged_entries": [int((entered["visits"] > 1).sum())],
            "saved_entries": [visits - count],
            "days_apart": [float(alone / HALVES)],
            "days_merged": [float(together / HALVES)],
            "saved_days": [float((alone - together) / HALVES)],
        }
    )


def unmerged(visits: pd.DataFrame, entered: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the units with several entries: one row per unit, with the fewest that its lines allow, and why.

    `fewest` looks at windows alone, as if months could be chosen for this unit only.
    """
    open_months = _open_months(tasks)
    named = visits[(visits["unit_id"] != "") & (visits["month"] > 0)]
    counts = entered["unit_id"].value_counts()
    rows = []
    for unit_id, each in named[named["unit_id"].map(counts).fillna(0) > 1].groupby("unit_id", sort=True):
        lines = Counter(each["task_id"])
        fewest = fewest_entries(lines, open_months)
        reason = Apart.PLAN
        if fewest == counts[unit_id]:
            reason = Apart.LINE if fewest == max(lines.values()) else Apart.WINDOW
        rows.append((unit_id, len(each), int(counts[unit_id]), fewest, tuple(sorted(lines)), reason.value))
    return pd.DataFrame(rows, columns=["unit_id", "visits", "entries", "fewest", "lines", "apart"])


def fewest_entries(lines: Mapping[str, int], open_months: Mapping[str, Collection[int]]) -> int:
    """Return the fewest entries that serve a unit's visits by line, each in a month of its line's window.

    >>> fewest_entries({"A": 1, "B": 1}, {"A": (1, 2), "B": (2, 3)}), fewest_entries({"A": 2}, {"A": (1, 2)})
    (1, 2)
    >>> fewest_entries({"A": 2, "B": 1}, {"A": (1,), "B": (2,)})
    3
    """
    served = {frozenset(line for line in lines if month in open_months.get(line, MONTHS)) for month in MONTHS}
    best = [one for one in served if not any(one < other for other in served)]
    counts = range(max(lines.values()), sum(lines.values()))
    enough = (
        count
        for count in counts
        for chosen in combinations_with_replacement(best, count)
        if all(sum(line in one for one in chosen) >= visits for line, visits in lines.items())
    )
    return next(enough, sum(lines.values()))
