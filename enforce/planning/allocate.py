"""The monthly allocation (月度安排): visits by task and month, exact, unique, and proved.

In this order: least overload; fewest moves from a published plan; lowest highest load of each team; closest to each
month's share of capacity; earliest month, tasks in order. Visits done stay where they were done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from enforce.planning.counts import HALVES, halves
from enforce.planning.exact import MILLI, Answer, Limits, Line, Unsolved, build, closest, minimise
from enforce.planning.level import Demand, level_bound, locked, next_load, rooms
from enforce.planning.visits import efforts, windows

MONTHS = range(1, 13)
Capacity = dict[str, dict[int, int]]  # half-days by team and month


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
) -> Allocation:
    """Spread each task's visits over its months so that no team and no month is loaded more than it must be.

    `tasks` and `capacity` as in visits.py and workload.py. Months up to `closed` are over: they hold what was `done`
    (one row per task and month: task_id, month, visits), and only the rest is planned. With `published` (same shape) the
    plan also moves as few visits as it can. Overload is shown, never hidden; what has no month left is in `unplaced`.
    """
    effort = efforts(tasks)
    room = _halfdays(capacity)
    fixed = _fixed(done, closed)
    lines, unplaced = open_lines(tasks, effort, fixed, closed, published)
    free = {
        team: {month: halves for month, halves in months.items() if month > closed} for team, months in room.items()
    }
    plan, proof = _plan(lines, free)
    for place, month in plan:
        task_id = lines[place].task_id
        fixed[task_id, month] = fixed.get((task_id, month), 0) + plan[place, month]
    visits = _visits_table(tasks, fixed, effort)
    return Allocation(visits, loads(visits, effort, capacity), unplaced, proof)


def _halfdays(capacity: pd.DataFrame) -> Capacity:
    room: Capacity = {}
    for row in capacity.itertuples(index=False):
        room.setdefault(row.team, {})[int(row.month)] = halves(row.capacity_days)
    return room


def _fixed(done: pd.DataFrame | None, closed: int) -> dict[tuple[str, int], int]:
    if done is None or not closed:
        return {}
    past = done[done["month"] <= closed].groupby(["task_id", "month"])["visits"].sum()
    return {(task_id, int(month)): int(visits) for (task_id, month), visits in past.items() if visits}


def open_lines(
    tasks: pd.DataFrame,
    effort: pd.DataFrame,
    fixed: Mapping[tuple[str, int], int],
    closed: int,
    published: pd.DataFrame | None = None,
) -> tuple[list[Line], pd.DataFrame]:
    """Return what is still to be planned: a Line per task and open period, and the visits with no month left.

    What a closed period left undone goes to the next open period of the task; what was done ahead is taken off the last.
    """
    lines, unplaced = [], []
    lead = tasks.set_index("task_id")["team"]
    shares = {code: tuple(_shares(rows)) for code, rows in effort.groupby("task_id")}
    for task_id, periods in windows(tasks).groupby("task_id", sort=True):
        left, missed = _left(periods, {m: v for (code, m), v in fixed.items() if code == task_id}, closed)
        if missed:
            unplaced.append((task_id, missed))
        before = _published(published, task_id)
        for period, months, visits in left:
            kept = None if before is None else tuple(before.get(month, 0) for month in months)
            lines.append(Line(task_id, period, months, visits, lead[task_id], shares[task_id], kept))
    return lines, pd.DataFrame(unplaced, columns=["task_id", "unplaced_visits"])


def _shares(rows: pd.DataFrame) -> list[tuple[str, int]]:
    return [(row.team, halves(row.days_per_visit)) for row in rows.itertuples() if row.days_per_visit]


def _left(periods: pd.DataFrame, done: Mapping[int, int], closed: int) -> tuple[list, int]:
    """Return (period, open months, visits left) of one task, and the visits for which no month is open."""
    total = int(periods["visits"].sum()) - sum(done.values())
    spans = [
        (
            row.period,
            tuple(m for m in row.months if m > closed),
            row.visits - sum(done.get(m, 0) for m in row.months),
        )
        for row in periods.itertuples()
    ]
    spans = [(period, months, max(visits, 0)) for period, months, visits in spans if months]
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


def _published(published: pd.DataFrame | None, task_id: str) -> dict[int, int] | None:
    if published is None:
        return None
    mine = published[published["task_id"] == task_id]
    return dict(zip(mine["month"].astype(int), mine["visits"].astype(int), strict=True))


def _plan(lines: Sequence[Line], capacity: Capacity) -> tuple[dict[tuple[int, int], int], pd.DataFrame]:
    """Solve each group of teams that share tasks apart: what they do not share cannot matter to each other."""
    plan: dict[tuple[int, int], int] = {}
    proof: list[dict] = []
    for teams, places in _groups(lines):
        members = [lines[place] for place in places]
        answer, stages = _stages(members, {team: capacity[team] for team in teams})
        plan |= {(places[place], month): visits for (place, month), visits in answer.visits.items()}
        proof += stages
    return plan, pd.DataFrame(proof, columns=["stage", "scope", "value", "bound", "proved"])


def _groups(lines: Sequence[Line]) -> list[tuple[list[str], list[int]]]:
    groups: list[tuple[set[str], list[int]]] = []
    for place, line in enumerate(lines):
        teams, places = {line.lead, *(team for team, _ in line.efforts)}, [place]
        for group in [group for group in groups if group[0] & teams]:
            groups.remove(group)
            teams, places = teams | group[0], group[1] + places
        groups.append((teams, places))
    return [(sorted(teams), sorted(places)) for teams, places in groups]


def _stages(lines: Sequence[Line], capacity: Capacity) -> tuple[Answer, list[dict]]:
    """Settle the stages in order; the usual case, every team at its bound and none overloaded, takes one model."""
    scope = "、".join(capacity)
    bounds = {team: level_bound(_demands(lines, team), capacity[team]) for team in capacity}
    republished = any(line.published is not None for line in lines)
    within = all(bound <= 1 for bound in bounds.values())
    answer = closest(lines, capacity, Limits(bounds)) if within and not republished else None
    if answer is not None:
        return answer, _proof(scope, {"value": 0, "bound": 0, "proved": True}, None, bounds, answer)
    overload = _least_overload(lines, capacity, within)
    limits = Limits(overload=overload["value"])
    moves = _least(lines, capacity, limits, "moves", 0) if republished else None
    if moves:
        limits = Limits(overload=overload["value"], moves=moves["value"])
    answer, levels = _level(lines, capacity, limits, bounds)
    return answer, _proof(scope, overload, moves, levels, answer)


def _proof(scope: str, overload: Mapping, moves: Mapping | None, levels: Mapping, answer: Answer) -> list[dict]:
    stages = [_stage("超负荷最少(人日)", scope, overload, HALVES)]
    if moves:
        stages.append(_stage("调整最少(家次)", scope, moves))
    for team, level in levels.items():
        stages.append(_stage("最高负荷", team, {"value": float(level), "bound": float(level), "proved": True}))
    distance = {"value": answer.value, "bound": answer.bound, "proved": answer.proved}
    stages.append(_stage("离产能比例最近(家次)", scope, distance, MILLI))
    stages.append(_stage("别无他解(方案数)", scope, {"value": 1, "bound": 1, "proved": answer.proved}))
    return stages


def _stage(stage: str, scope: str, row: Mapping, unit: int = 1) -> dict:
    return {
        "stage": stage,
        "scope": scope,
        "value": row["value"] / unit,
        "bound": row["bound"] / unit,
        "proved": row["proved"],
    }


def _least_overload(lines: Sequence[Line], capacity: Capacity, within: bool) -> dict:
    """Return the least overload in half-days: none when a plan within capacity exists, else minimised."""
    if within and minimise(build(lines, capacity, Limits()), 0):
        return {"value": 0, "bound": 0, "proved": True}
    return _least(lines, capacity, Limits(overload=None), "overload", _shortage(lines, capacity))


def _demands(lines: Sequence[Line], team: str) -> list[Demand]:
    return [
        Demand(line.months, line.visits, effort) for line in lines for member, effort in line.efforts if member == team
    ]


def _shortage(lines: Sequence[Line], capacity: Capacity) -> int:
    """Return half-days that no plan can place within capacity, by the minimum cut of each team: a lower bound."""
    cuts = (locked(_demands(lines, team), capacity[team]) for team in capacity)
    return sum(cut.need - cut.room for cut in cuts if cut is not None)


def _least(lines: Sequence[Line], capacity: Capacity, limits: Limits, what: str, bound: int) -> dict:
    model = build(lines, capacity, limits)
    answer = minimise(model, getattr(model, what))
    if answer is None:
        raise Unsolved("没有任何安排满足给定条件")
    best = max(bound, answer.bound)
    return {"value": answer.value, "bound": best, "proved": answer.proved or answer.value == best}


def _level(
    lines: Sequence[Line], capacity: Capacity, limits: Limits, bounds: dict[str, Fraction]
) -> tuple[Answer, dict]:
    """Return the closest plan at the lowest loads: at the bounds if it can be, else raised team by team, highest first."""
    answer = closest(lines, capacity, Limits(bounds, limits.overload, limits.moves))
    if answer is not None:
        return answer, bounds
    ceiling = _ceiling(lines, capacity)
    levels = {team: max(bound, ceiling) for team, bound in bounds.items()}
    for team in sorted(capacity, key=lambda team: (-bounds[team], team)):
        levels[team] = _lowest(lines, capacity, limits, levels, team, bounds[team])
    answer = closest(lines, capacity, Limits(levels, limits.overload, limits.moves))
    if answer is None:
        raise Unsolved("没有任何安排满足给定条件")
    return answer, levels


def _ceiling(lines: Sequence[Line], capacity: Capacity) -> Fraction:
    """Return a load that no plan exceeds: everything in the smallest month."""
    need = sum(line.visits * effort for line in lines for _, effort in line.efforts)
    return Fraction(need, min(max(room, 1) for months in capacity.values() for room in months.values()))


def _lowest(
    lines: Sequence[Line], capacity: Capacity, limits: Limits, levels: dict, team: str, bound: Fraction
) -> Fraction:
    """Return the least load of the team that a plan attains: from the bound upwards in doubling strides, then bisected.

    Only loads at which some month holds one step more can matter, so the search is over those and ends exactly.
    """
    holds = list(rooms(_demands(lines, team), capacity[team]).values())

    def fits(load: Fraction) -> bool:
        model = build(lines, capacity, Limits({**levels, team: load}, limits.overload, limits.moves))
        return minimise(model, 0) is not None

    loads, stride = [bound], 1
    while not fits(loads[-1]):
        if loads[-1] >= levels[team]:
            raise Unsolved("没有任何安排满足给定条件")
        for _ in range(stride):
            loads.append(next_load(loads[-1], holds) or levels[team])
        stride *= 2
    low, high = max(len(loads) - 1 - stride // 2, 0), len(loads) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(loads[middle]) else (middle + 1, high)
    return loads[high]


def _visits_table(tasks: pd.DataFrame, plan: Mapping[tuple[str, int], int], effort: pd.DataFrame) -> pd.DataFrame:
    days = effort.groupby("task_id")["days_per_visit"].sum()
    rows = [
        (task_id, month, plan.get((task_id, month), 0), plan.get((task_id, month), 0) * float(days[task_id]))
        for task_id in tasks["task_id"]
        for month in MONTHS
    ]
    return pd.DataFrame(rows, columns=["task_id", "month", "visits", "days_needed"])


def loads(visits: pd.DataFrame, effort: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the load of each team and month (负荷): needed and capacity in officer-days, overload, and their ratio."""
    need = visits[["task_id", "month", "visits"]].merge(effort, on="task_id")
    need = (need["visits"] * need["days_per_visit"]).groupby([need["team"], need["month"]]).sum()
    table = capacity[["team", "month", "capacity_days"]].copy()
    table["needed_days"] = [float(need.get((row.team, row.month), 0.0)) for row in table.itertuples()]
    table["overload_days"] = (table["needed_days"] - table["capacity_days"]).clip(lower=0)
    table["load"] = table["needed_days"] / table["capacity_days"].where(table["capacity_days"] > 0)
    return table[["team", "month", "needed_days", "capacity_days", "overload_days", "load"]]


def quarters(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the allocation by quarter (季度安排): one row per task and quarter; the months of a quarter add up to it."""
    table = visits.assign(quarter=(visits["month"] - 1) // 3 + 1)
    return table.groupby(["task_id", "quarter"], sort=False, as_index=False)[["visits", "days_needed"]].sum()
