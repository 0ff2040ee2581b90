"""The variance (差异): why what was done is not what was approved, visit by visit, until the two numbers meet.

Visits change their month, go to a substitute, fall away with closed units, are taken off, put on, not made, or not due
yet. The first two change no sum; with the others the approved plan becomes the work done, line by line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from enforce.planning.changes.causes import limited, why_limited, why_moved
from enforce.planning.changes.order import ARRIVED, CLOSED, DROPPED, LEFT, LOWERED, ORDERED, RAISED, changes
from enforce.words.terms import Removal, Variance

COLUMNS = ["task_id", "task", "variance", "reason", "less_visits", "more_visits", "changed_visits"]
#: Why a visit was made in another month than approved, where the reason is no change of the plan's total.
REPLANNED, EARLIER, LATER = "计划调整", "提前完成", "推后完成"
BESIDE_ORDERED = "同时加入临时任务"
SUBSTITUTE, BEYOND, OVERDUE, AHEAD = "候补递补", "超过计划", "到期未做", "以后各月"

Cell = tuple[int, int, int, int]  # month, visits approved, in force, done
Reasons = Mapping[tuple[str, int], str]  # by task and month


def replan_reasons(before: object, after: object, tasks: pd.DataFrame, closed: int) -> Reasons:
    """Return why a re-plan moved visits out of a month or into it, as its change order says: by task and month.

    `before` and `after` are two versions, one after the other (names, visits, tasks, officers, limits), `closed` is the
    last month over when the later was made. A move without a cause of its own, beside work ordered then, says that.
    """
    names = {**before.names, **after.names}
    lines = pd.DataFrame({"task_id": [*names], "name": [*names.values()]})
    limits = pd.DataFrame(after.limits or [], columns=["task_id", "months", "minimum", "maximum"])
    broken = limited(limits, before.visits, closed)
    moved = {
        **why_limited(broken, [*names], -1),
        **why_moved((before.tasks, before.officers), (after.tasks, after.officers), tasks),
    }
    dropped = {code: name for code, name in before.names.items() if code not in after.names}
    coming = why_limited(broken, [*names], 1)
    table = changes(before.visits, after.visits, lines, closed, dropped=dropped, moved=moved, drawn=coming)
    ordered = [BESIDE_ORDERED] * (len(after.names.keys() - before.names.keys()) > 0)
    rows = zip(table["task_id"], table["month"], table["reason"], strict=True)
    named = ((code, month, "".join(ordered) if reason in (LEFT, ARRIVED) else reason) for code, month, reason in rows)
    return {(code, month): reason for code, month, reason in named if reason}


def variances(
    lines: pd.DataFrame, months: pd.DataFrame, removed: pd.DataFrame, reasons: Reasons | None = None
) -> pd.DataFrame:
    """Return the variance table (差异表): one row per line, kind and reason, in 家次; of a line they add up to
    `done_visits` less `approved_visits`.

    `lines`, one row per task: task_id, task, approved_visits, planned_visits (of the plan in force), done_visits,
    closed_visits (lost with closed units), later_visits (in force, not due yet). `months`, one row per task and month:
    approved_visits, visits (in force), done_visits. `removed` as of `removals.removed_visits`, `reasons` of re-plans as
    of `replan_reasons`.

    >>> counts = ["approved_visits", "planned_visits", "done_visits", "closed_visits", "later_visits"]
    >>> lines = pd.DataFrame([["P1", "甲", 9, 9, 7, 1, 0]], columns=["task_id", "task", *counts])
    >>> cells = ["task_id", "month", "approved_visits", "visits", "done_visits"]
    >>> months = pd.DataFrame([["P1", 3, 9, 9, 6], ["P1", 5, 0, 0, 1]], columns=cells)
    >>> none = pd.DataFrame(columns=["task_id", "removal", "removed_visits"])
    >>> variances(lines, months, none)[["variance", "reason", "changed_visits"]].values.tolist()
    [['moved', '推后完成', 0], ['closed', '单位停业', -1], ['undone', '到期未做', -1]]
    """
    cells = ["month", "approved_visits", "visits", "done_visits"]
    by_task = {code: [*part[cells].itertuples(index=False, name=None)] for code, part in months.groupby("task_id")}
    events: dict[str, list[tuple[Removal, int]]] = {}
    for row in removed.itertuples(index=False):
        events.setdefault(row.task_id, []).append((Removal.of(row.removal), int(row.removed_visits)))
    rows = []
    for line in lines.itertuples(index=False):
        why = {month: reason for (task, month), reason in (reasons or {}).items() if task == line.task_id}
        moves = _month_moves(sorted(by_task.get(line.task_id, [])), why)
        parts = [*_same_sum(moves, events.get(line.task_id, []))]
        parts += _other_sum(line, events.get(line.task_id, []))
        rows += [(line.task_id, line.task, str(kind), reason, *pair, pair[1] - pair[0]) for kind, reason, pair in parts]
    return pd.DataFrame(rows, columns=COLUMNS)


def _same_sum(
    moves: Iterable[str], events: list[tuple[Removal, int]]
) -> Iterator[tuple[Variance, str, tuple[int, int]]]:
    """Yield what changes no sum: visits made in another month, and those made at a substitute."""
    for reason, visits in Counter(moves).items():
        yield Variance.MOVED, reason, (visits, visits)
    if replaced := sum(not gone for _, gone in events):
        yield Variance.REPLACED, SUBSTITUTE, (replaced, replaced)


def _month_moves(cells: list[Cell], why: Mapping[int, str]) -> Iterator[str]:
    """Yield why, for each visit that was made in another month than approved; months in order take from each other.

    `why` has the reasons of re-plans by month: that of the month left goes before that of the month it came to.
    """
    left = [month for month, approved, _, done in cells for _ in range(approved - done)]
    came = [(month, n < now - approved) for month, approved, now, done in cells for n in range(done - approved)]
    for before, (month, replanned) in zip(left, came, strict=False):
        reason = why.get(before) or why.get(month)
        planned = f"{REPLANNED}（{reason}）" if reason else REPLANNED
        yield planned if replanned else EARLIER if month < before else LATER


def _other_sum(line: object, events: Iterable[tuple[Removal, int]]) -> Iterator[tuple[Variance, str, tuple[int, int]]]:
    """Yield what makes the sum of a line another one: by its causes on record, then what is left without one."""
    fallen, less = int(line.closed_visits), max(line.approved_visits - line.planned_visits, 0)
    causes = Counter({(Variance.CLOSED, CLOSED): fallen})
    causes[Variance.REMOVED, LOWERED if line.planned_visits else DROPPED] = less - min(fallen, less)
    for why, gone in events:
        causes[Variance.CLOSED if why is Removal.CLOSED else Variance.REMOVED, why.label] += gone
    more = max(line.planned_visits - line.approved_visits, 0)
    left = line.done_visits - line.approved_visits + causes.total() - more
    later = min(max(-left, 0), line.later_visits)
    causes[Variance.UNDONE, OVERDUE] = max(-left, 0) - later
    causes[Variance.NOT_DUE, AHEAD] = later
    added = {RAISED if line.approved_visits else ORDERED: more, BEYOND: max(left, 0)}
    yield from ((kind, reason, (visits, 0)) for (kind, reason), visits in causes.items() if visits)
    yield from ((Variance.ADDED, reason, (0, visits)) for reason, visits in added.items() if visits)


def bridge(table: pd.DataFrame, approved: int) -> pd.DataFrame:
    """Return the way from the approved plan to the work done (从计划到完成): one row per kind that occurs, `visits` in
    家次, the last the sum of those above; `moved_visits` changed their month or unit; reasons with their visits.

    >>> rows = [["P1", "甲", "moved", "推后完成", 2, 2, 0], ["P1", "甲", "undone", "到期未做", 1, 0, -1]]
    >>> bridge(pd.DataFrame(rows, columns=COLUMNS), 9)[["step", "visits", "moved_visits"]].values.tolist()
    [['批准的计划', 9, 0], ['改期', 0, 2], ['未完成', -1, 0], ['按计划完成', 8, 0]]
    """
    rows: list[tuple[str, int, int, str]] = [("批准的计划", approved, 0, "")]
    for kind in Variance:
        part = table[table["variance"] == kind.value]
        reasons = part.groupby("reason", sort=False)[["less_visits", "more_visits"]].sum().max(axis=1)
        why = "、".join(f"{reason} {int(visits)}" for reason, visits in reasons.items())
        same = int(part.loc[part["changed_visits"] == 0, "more_visits"].sum())
        rows += [(kind.label, int(part["changed_visits"].sum()), same, why)] if len(part) else []
    rows.append(("按计划完成", sum(visits for _, visits, *_ in rows), 0, ""))
    return pd.DataFrame(rows, columns=["step", "visits", "moved_visits", "reason"])
