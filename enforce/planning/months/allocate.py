"""The monthly allocation (月度安排): visits by task and month, exact, unique, and proved.

In this order: least overload; fewest moves from a published plan; lowest highest load of each team; closest to each
month's share of capacity; earliest month, tasks in order. Visits done stay where they were done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from enforce.planning.months.exact import Line, Span
from enforce.planning.months.stages import solve
from enforce.planning.visits import efforts, windows
from enforce.words.months import MONTHS
from enforce.words.numbers import HALVES, halves

LIMIT_COLUMNS = ("task_id", "months", "minimum", "maximum")


@dataclass(frozen=True)
class Allocation:
    """A plan by month: `visits` one row per task and month, `loads` one row per team and month, `unplaced` one row per
    task whose window is over before its visits are, `proof` one row per stage with its value and proven bound."""

    visits: pd.DataFrame
    loads: pd.DataFrame
    unplaced: pd.DataFrame
    proof: pd.DataFrame


def allocate(
    tasks: pd.DataFrame,
    capacity: pd.DataFrame,
    *,
    done: pd.DataFrame | None = None,
    closed: int = 0,
    published: pd.DataFrame | None = None,
    move_costs: Mapping[int, int] | None = None,
    limits: pd.DataFrame | None = None,
    left: pd.DataFrame | None = None,
) -> Allocation:
    """Spread each task's visits over its months so that no team and no month is loaded more than it must be.

    `tasks` and `capacity` as in visits.py and workload.py. Months up to `closed` are over: they hold what was `done`
    (one row per task and month: task_id, month, visits), and only the rest is planned. With `published` (same shape)
    the plan also moves as little as it can, a visit costing what `move_costs` says of its published month (else 1).
    `limits` has one row per bound (task_id, or '' for all tasks together; months, minimum, maximum; no maximum: none).
    `left` is the capacity that remains of the month after them, already begun (team, month, capacity_days): what was
    done in it counts. Overload is shown, never hidden; what has no month left is in `unplaced`. Unsolved when no plan
    keeps to the limits.
    """
    given = opened(
        tasks,
        capacity,
        done=done,
        closed=closed,
        published=published,
        move_costs=move_costs,
        limits=limits,
        left=left,
    )
    plan, proof = solve(given.lines, given.room, given.spans)
    whole = dict(given.fixed)
    for (place, month), count in plan.items():
        cell = given.lines[place].task_id, month
        whole[cell] = whole.get(cell, 0) + count
    visits = _visits_table(tasks, whole, given.effort)
    return Allocation(visits, loads(visits, given.effort, capacity), given.unplaced, proof)


@dataclass(frozen=True)
class Opened:
    """What is still to be solved: lines, half-days by team and month, spans; what is `fixed` or `unplaced`; and the
    `effort` of a visit, one row per task and team."""

    lines: list[Line]
    room: dict[str, dict[int, int]]
    spans: list[Span]
    fixed: dict[tuple[str, int], int]
    unplaced: pd.DataFrame
    effort: pd.DataFrame


def opened(
    tasks: pd.DataFrame,
    capacity: pd.DataFrame,
    *,
    done: pd.DataFrame | None = None,
    closed: int = 0,
    published: pd.DataFrame | None = None,
    move_costs: Mapping[int, int] | None = None,
    limits: pd.DataFrame | None = None,
    left: pd.DataFrame | None = None,
) -> Opened:
    """Return what `allocate` with the same arguments has to solve."""
    fixed, effort = _fixed(done, closed if left is None else closed + 1), efforts(tasks)
    lines, unplaced = open_lines(tasks, effort, fixed, closed, published, move_costs=move_costs)
    spans = spans_of(limits, fixed, closed, tasks)
    return Opened(lines, open_room(capacity, closed, left), spans, fixed, unplaced, effort)


def open_room(capacity: pd.DataFrame, closed: int = 0, left: pd.DataFrame | None = None) -> dict[str, dict[int, int]]:
    """Return half-days by team and month, of the months still open."""
    room: dict[str, dict[int, int]] = {}
    tables = [capacity] if left is None else [capacity, left]
    for team, month, days in chain(*(_columns(table, "team", "month", "capacity_days") for table in tables)):
        if month > closed:
            room.setdefault(team, {})[int(month)] = halves(days)
    return room


def _fixed(done: pd.DataFrame | None, begun: int) -> dict[tuple[str, int], int]:
    if done is None or not begun:
        return {}
    past = done[done["month"] <= begun].groupby(["task_id", "month"])["visits"].sum()
    return {(task_id, int(month)): int(visits) for (task_id, month), visits in past.items() if visits}


def spans_of(
    limits: pd.DataFrame | None, fixed: Mapping[tuple[str, int], int], closed: int, tasks: pd.DataFrame
) -> list[Span]:
    """Return the limits on what is still to be planned: less what is done, for the months still open."""
    spans = []
    everything = frozenset(tasks["task_id"])
    for task_id, months, least, most in () if limits is None else _columns(limits, *LIMIT_COLUMNS):
        bound = frozenset({task_id}) if task_id else everything
        past = sum(fixed.get((code, month), 0) for code in bound for month in months)
        ahead = frozenset(month for month in months if month > closed)
        if ahead:
            above = None if pd.isna(most) else max(int(most) - past, 0)
            spans.append(Span(bound, ahead, max(int(least) - past, 0), above))
    return spans


def open_lines(
    tasks: pd.DataFrame,
    effort: pd.DataFrame,
    fixed: Mapping[tuple[str, int], int],
    closed: int,
    published: pd.DataFrame | None = None,
    *,
    move_costs: Mapping[int, int] | None = None,
) -> tuple[list[Line], pd.DataFrame]:
    """Return what is still to be planned: a Line per task and open period, and the visits with no month left.

    What a closed period left undone goes to the task's next open period; what was done ahead is taken off the last.
    """
    lines, unplaced = [], []
    lead = dict(zip(tasks["task_id"], tasks["team"], strict=True))
    shares = _shares(effort)
    planned = _published(published)
    for task_id, periods in sorted(_periods(tasks).items()):
        left, missed = _left(periods, {m: v for (code, m), v in fixed.items() if code == task_id}, closed)
        if missed:
            unplaced.append((task_id, missed))
        for period, months, visits in left:
            cells = [(task_id, month) for month in months]
            kept = tuple(max(planned.get(cell, 0) - fixed.get(cell, 0), 0) for cell in cells) if planned else None
            costs = tuple(move_costs.get(month, 1) for month in months) if move_costs else None
            lines.append(Line(task_id, period, months, visits, lead[task_id], shares.get(task_id, ()), kept, costs))
    return lines, pd.DataFrame(unplaced, columns=["task_id", "unplaced_visits"])


def _columns(table: pd.DataFrame, *names: str) -> zip:
    return zip(*(table[name] for name in names), strict=True)


def _periods(tasks: pd.DataFrame) -> dict[str, list[tuple[int, tuple[int, ...], int]]]:
    periods: dict[str, list] = {}
    for task_id, period, months, visits in windows(tasks):
        periods.setdefault(task_id, []).append((period, months, visits))
    return periods


def _shares(effort: pd.DataFrame) -> dict[str, tuple[tuple[str, int], ...]]:
    shares: dict[str, tuple] = {}
    for task_id, team, days in _columns(effort, "task_id", "team", "days_per_visit"):
        if days:
            shares[task_id] = (*shares.get(task_id, ()), (team, halves(days)))
    return shares


def _published(published: pd.DataFrame | None) -> dict[tuple[str, int], int]:
    if published is None:
        return {}
    return {
        (task_id, int(month)): int(count) for task_id, month, count in _columns(published, "task_id", "month", "visits")
    }


def _left(periods: list[tuple], done: Mapping[int, int], closed: int) -> tuple[list, int]:
    """Return (period, open months, visits left) of one task, and the visits for which no month is open."""
    total = sum(visits for _, _, visits in periods) - sum(done.values())
    spans = [
        (period, tuple(m for m in months if m > closed), max(visits - sum(done.get(m, 0) for m in months), 0))
        for period, months, visits in periods
        if months[-1] > closed
    ]
    if not spans:
        return [], max(total, 0)
    gap = max(total, 0) - sum(visits for _, _, visits in spans)
    if gap > 0:
        period, months, visits = spans[0]
        spans[0] = (period, months, visits + gap)
    for n in range(len(spans) - 1, -1, -1):
        period, months, visits = spans[n]
        taken = min(visits, max(-gap, 0))
        spans[n], gap = (period, months, visits - taken), gap + taken
    return [span for span in spans if span[2]], 0


def _visits_table(tasks: pd.DataFrame, plan: Mapping[tuple[str, int], int], effort: pd.DataFrame) -> pd.DataFrame:
    days: dict[str, float] = {}
    for task_id, each in _columns(effort, "task_id", "days_per_visit"):
        days[task_id] = days.get(task_id, 0.0) + each
    cells = [(task_id, month) for task_id in tasks["task_id"] for month in MONTHS]
    counts = [plan.get(cell, 0) for cell in cells]
    rows = [(*cell, count, count * days[cell[0]]) for cell, count in zip(cells, counts, strict=True)]
    return pd.DataFrame(rows, columns=["task_id", "month", "visits", "days_needed"])


def loads(visits: pd.DataFrame, effort: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the load of each team and month (负荷): needed and capacity in officer-days, overload, and their ratio."""
    shares = _shares(effort)
    need: dict[tuple[str, int], int] = {}
    for task_id, month, count in _columns(visits, "task_id", "month", "visits"):
        for team, each in shares.get(task_id, ()):
            need[team, month] = need.get((team, month), 0) + count * each
    rows = []
    for team, month, room in _columns(capacity, "team", "month", "capacity_days"):
        needed = need.get((team, month), 0) / HALVES
        rows.append((team, month, needed, room, max(needed - room, 0.0), needed / room if room > 0 else float("nan")))
    return pd.DataFrame(rows, columns=["team", "month", "needed_days", "capacity_days", "overload_days", "load"])


def quarters(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the allocation by quarter (季度安排): one row per task and quarter, the sum of its months."""
    table = visits.assign(quarter=(visits["month"] - 1) // 3 + 1)
    return table.groupby(["task_id", "quarter"], sort=False, as_index=False)[["visits", "days_needed"]].sum()
