"""The months by name (点名到月): which unit in which month, exactly as the plan by months has its numbers.

What is done stays in its month. Whom the others are goes by the wishes (wishes.py): the months of draws, then names
stay in the months they had, gaps, visits of a unit together, streets in turn.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from enforce.planning.months.exact import Work
from enforce.planning.names.wishes import VisitKind, settle_months
from enforce.words.months import MONTHS

MOVES = ["task_id", "unit_id", "before_month", "month", "done"]
_NEVER = 13  # after the last month


@dataclass(frozen=True, eq=False)
class NamedMonths:
    """The named visits with their months, one row per planned visit (task_id, number, unit_id, how, order, reason,
    month, done), and `wishes`: one row per wish with value, proven bound and whether they are one."""

    visits: pd.DataFrame
    wishes: pd.DataFrame


@dataclass(frozen=True)
class Gaps:
    """The least gap (最短间隔) between two entries at a unit, in days, 0 for none; `last` the day of its last visit."""

    year: int
    days: int = 0
    last: Mapping[str, str] | None = None

    @property
    def months(self) -> int:
        """The gap in whole months, where no more than the months are known.

        >>> [Gaps(2024, days).months for days in (0, 30, 90, 180, 365)]
        [0, 1, 3, 6, 12]
        """
        return -(-self.days * 12 // 366)

    def first(self, unit_id: str) -> int:
        """Return the first month with a day that keeps the gap to a unit's last visit; 13 for none, 0 without a gap.

        >>> Gaps(2024, 90, {"91": "2024-01-15"}).first("91"), Gaps(2024, 90).first("91")
        (4, 0)
        """
        last = (self.last or {}).get(unit_id, "")
        if not self.days or not last:
            return 0
        day = date.fromisoformat(last) + timedelta(days=self.days)
        ends = (date(self.year, month, monthrange(self.year, month)[1]) for month in MONTHS)
        return next((month for month, end in enumerate(ends, 1) if end >= day), _NEVER)


def named_months(
    named: pd.DataFrame,
    plan: Mapping[tuple[str, int], int],
    streets: Mapping[str, str],
    gaps: Gaps,
    *,
    earlier: pd.DataFrame | None = None,
    work: Work | None = None,
) -> NamedMonths:
    """Name the months of visits (choice.named_visits, one row each) exactly as the plan by months has them.

    `plan` are visits by task and month, month 0 for those that none is left for; `streets` the street of each unit.
    `earlier` are months named before, which as many names as can be keep. Sums by task and month are the plan's.
    """
    fixed, rest_of_plan = named["month"] > 0, Counter(plan)
    rest_of_plan.subtract(zip(named.loc[fixed, "task_id"], named.loc[fixed, "month"], strict=True))
    visits = named[~fixed].sort_values(["task_id", "order", "number"])
    visits = visits.drop(list(_without_month(visits, earlier, rest_of_plan)))
    often = visits.loc[visits["unit_id"] != "", "unit_id"].value_counts()
    before = _months_before(earlier, rest_of_plan)
    members: dict[VisitKind, list[int]] = defaultdict(list)
    for row in visits.itertuples():
        unit_id = row.unit_id
        months = before.get((row.task_id, unit_id), []) if unit_id else []
        street, alone = streets.get(unit_id, ""), unit_id if often.get(unit_id, 0) > 1 else ""
        earlier_month = months.pop(0) if months else 0
        members[
            VisitKind(
                row.task_id, street, alone, earlier_month, tuple(row.wanted), gaps.first(unit_id) if unit_id else 0
            )
        ].append(row.Index)
    counts, settled = settle_months(
        {kind: len(rows) for kind, rows in members.items()}, +rest_of_plan, gaps.months, work
    )
    table = named.drop(columns="wanted")
    for kind, month in sorted(counts):
        chosen, members[kind] = members[kind][: counts[kind, month]], members[kind][counts[kind, month] :]
        table.loc[chosen, "month"] = month
    wishes = [(wish.value, wish.label, value, bound, value == bound) for wish, value, bound in settled]
    return NamedMonths(table, pd.DataFrame(wishes, columns=["wish", "item", "value", "bound", "proved"]))


def _without_month(
    visits: pd.DataFrame, earlier: pd.DataFrame | None, plan: Counter[tuple[str, int]]
) -> Iterator[Hashable]:
    """Yield the rows that no month is left for, and take them off the plan: those without a unit, then the last."""
    had = set() if earlier is None else set(zip(earlier["task_id"], earlier["unit_id"], strict=True))
    for task_id in sorted(task_id for task_id, month in plan if not month):
        rows = visits[visits["task_id"] == task_id]
        new = pd.Series([(task_id, unit_id) not in had for unit_id in rows["unit_id"]], rows.index, dtype=bool)
        rows = rows.assign(bare=rows["unit_id"] == "", new=new).sort_values(["bare", "new", "order", "number"])
        yield from rows.index[len(rows) - plan.pop((task_id, 0)) :]


def _months_before(
    earlier: pd.DataFrame | None, plan: Mapping[tuple[str, int], int]
) -> dict[tuple[str, str], list[int]]:
    """Return the months each unit had in a line, as far as they are still open."""
    months: dict[tuple[str, str], list[int]] = defaultdict(list)
    if earlier is not None:
        rows = earlier[(earlier["unit_id"] != "") & ~earlier["done"]].sort_values(["task_id", "number"])
        for task_id, unit_id, month in zip(rows["task_id"], rows["unit_id"], rows["month"], strict=True):
            if month and plan.get((task_id, month), 0) > 0:
                months[task_id, unit_id].append(month)
    return months


def name_moves(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return who moved (名单调整): one row per line and unit whose months differ, of two tables of named visits.

    Month 0 for not named (before: added; after: dropped). A unit with several visits in a line has a row for each.
    """
    sides = [defaultdict(list), defaultdict(list)]
    done: set[tuple] = set()
    for side, table in zip(sides, (before, after), strict=True):
        rows = table[table["unit_id"] != ""].sort_values(["task_id", "unit_id", "month"])
        for row in rows.itertuples():
            side[row.task_id, row.unit_id].append(row.month)
            done |= {(row.task_id, row.unit_id, row.month)} if row.done else set()
    moves = []
    for key in sorted({*sides[0], *sides[1]}):
        old, new = Counter(sides[0][key]), Counter(sides[1][key])
        gone, come = sorted((old - new).elements()), sorted((new - old).elements())
        length = max(len(gone), len(come))
        pairs = zip([*gone, *[0] * (length - len(gone))], [*come, *[0] * (length - len(come))], strict=True)
        moves += [(*key, one, two, (*key, two) in done) for one, two in pairs]
    return pd.DataFrame(moves, columns=MOVES).astype({"before_month": "int64", "month": "int64", "done": bool})
