"""Many districts at once (多区一并安排): each solved apart and proved; experts they share are given out as quotas.

Districts own their days, so a province is as many small plans, and its cost grows with their number. What ties them
is a pool of experts (专家组) who can go along on so many visits a month in all districts together. Every district plans
alone; those that together want too much get quotas, and are solved exactly within them. How far that may be from the
best plan of the whole is told: the certificate (差距).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from enforce.desk.processors import processors
from enforce.planning.months.allocate import Allocation, allocate
from enforce.planning.months.exact import MILLI, Cell, Line
from enforce.planning.months.loads import COMFORTABLE
from enforce.planning.months.position import LIMIT_COLUMNS, Position, open_lines, open_room
from enforce.words.numbers import HALVES, halves
from enforce.words.problems import Unsolved
from enforce.words.terms import Stage
from tests.bench.quotas import (
    District,
    Month,
    Plan,
    Pool,
    choose,
    paid,
    paying,
    plan_of,
    pools_of,
    prices,
    within,
)

ROUNDS = 6  # of prices, at most
GAP = 0.01  # of the bound: near enough
CERTIFICATE = ["stage", "value", "bound", "gap", "gap_share"]

Tables = tuple[pd.DataFrame, pd.DataFrame]  # tasks, capacity
Job = tuple[str, pd.DataFrame, pd.DataFrame, pd.DataFrame | None]  # name, tasks, capacity, limits


def allocate_many(districts: Mapping[str, Tables], workers: int = 1) -> Iterator[tuple[str, Allocation]]:
    """Yield each district's allocation, in the order of names; the same for any number of worker processes.

    With several workers the caller's main module must be importable (`if __name__ == "__main__"`). Unsolved names the
    district it happened in; ValueError when there is no worker.
    """
    with _workers(workers, len(districts)) as each:
        yield from each(solved, jobs(districts))


def jobs(districts: Mapping[str, Tables]) -> list[Job]:
    """Return what `solved` takes, by name."""
    return [(name, *districts[name], None) for name in sorted(districts)]


def _workers(workers: int, count: int) -> AbstractContextManager[Callable]:
    if workers < 1:
        raise ValueError("workers 应为 1 以上的整数")
    return processors(workers, count)


def solved(job: Job) -> tuple[str, Allocation]:
    """Return a district's name and allocation; Unsolved names it."""
    name, tasks, capacity, limits = job
    try:
        return name, allocate(tasks, capacity, Position(limits=limits))
    except Unsolved as error:
        raise type(error)(f"{name}：{error}") from error


# --- a province that shares experts ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProvinceAllocation:
    """Districts that share experts: the allocation of each, by name; `quotas` one row per district, task and month
    that is limited (visits, most); `certificate` one row per stage: its value, a bound no plan is below, the gap."""

    districts: Mapping[str, Allocation]
    quotas: pd.DataFrame
    certificate: pd.DataFrame


def allocate_province(districts: Mapping[str, Tables], shared: pd.DataFrame, workers: int = 1) -> ProvinceAllocation:
    """Return the plan of districts that share experts, each exact within its quotas, with the certificate.

    `shared` has one row per pool and month (pool, tasks, month, maximum): all districts together make at most so many
    visits of these tasks in the month; no row, no limit. Impossible when a pool cannot hold its visits; it is named.
    """
    names = sorted(districts)
    lines = {name: open_lines(districts[name][0]) for name in names}
    pools = pools_of(lines, shared)
    with _workers(workers, len(names)) as each:
        alone = dict(each(solved, jobs(districts)))
        parts = [_district(name, lines[name], districts[name][1], alone[name]) for name in names]
        plans = [[plan_of(part, d, _visits(part, alone[part.name]), pools)] for d, part in enumerate(parts)]
        best = _priced(parts, pools, plans, each)
        quotas = _quotas(parts, pools, plans)
        asked = [name for name in names if (quotas["district"] == name).any()]
        found = alone | dict(each(solved, [(name, *districts[name], _limits(quotas, name)) for name in asked]))
    return ProvinceAllocation(found, quotas, _certificate(parts, pools, found, best))


def _district(name: str, lines: list[Line], capacity: pd.DataFrame, alone: Allocation) -> District:
    return District(name, lines, open_room(capacity), halves(_stage(alone, Stage.OVERLOAD)), _levels(alone))


def _visits(part: District, plan: Allocation) -> dict[Cell, int]:
    """Return an allocation's visits by line and month; periods of one task share no month."""
    counts = zip(plan.visits["task_id"], plan.visits["month"], plan.visits["visits"], strict=True)
    made = {(task_id, int(month)): int(count) for task_id, month, count in counts}
    return {(n, month): made[line.task_id, month] for n, line in enumerate(part.lines) for month in line.months}


@dataclass(frozen=True)
class _Bound:
    """Prices, what each district then costs at least, and what that says of all: in millionths of a squared visit."""

    prices: Mapping[Month, int]
    costs: Sequence[int]
    value: int


def _priced(parts: Sequence[District], pools: Sequence[Pool], plans: list[list[Plan]], each: Callable) -> _Bound:
    """Add to the plans of each district those it makes at rising prices, until the gap is small; return the bound."""
    costs = [own[0].distance for own in plans]
    best = _Bound({}, costs, sum(costs))
    for _ in range(ROUNDS):
        chosen, over = choose(plans, pools)
        value = sum(own[n].distance for own, n in zip(plans, chosen, strict=True))
        if not over and value - best.value <= GAP * best.value:
            break
        price = prices(plans, pools)
        answers = list(each(paid, parts, paying(parts, pools, price)))
        costs = [bound for _, bound in answers]
        best = max(best, _Bound(price, costs, _total(costs, price, pools)), key=lambda bound: bound.value)
        for d, (part, (visits, _)) in enumerate(zip(parts, answers, strict=True)):
            plan = plan_of(part, d, visits, pools)
            plans[d] += [] if plan in plans[d] else [plan]
    return best


def _total(costs: Sequence[int], price: Mapping[Month, int], pools: Sequence[Pool]) -> int:
    """Return what all districts cost at least, less what all that the pools can do would cost."""
    return sum(costs) - MILLI * sum(each * pools[p].most[month] for (p, month), each in price.items())


def _quotas(parts: Sequence[District], pools: Sequence[Pool], plans: Sequence[Sequence[Plan]]) -> pd.DataFrame:
    """Return the quotas of the districts that cannot have what they would alone: what the plan chosen for each takes.

    Where no choice keeps to the pools, a flow moves what it must.
    """
    chosen, over = choose(plans, pools)
    shared = {place for pool in pools for place in pool.lines}
    taken = [own[n].visits for own, n in zip(plans, chosen, strict=True)]
    wanted = {
        (d, n, m): count for d, visits in enumerate(taken) for (n, m), count in visits.items() if (d, n) in shared
    }
    given = within(parts, pools, wanted) if over else wanted
    changed = {d for (d, n, month), count in given.items() if plans[d][0].visits[n, month] != count}
    limited = {(d, n): pool.most for pool in pools for d, n in pool.lines if d in changed}
    rows = [
        (parts[d].name, parts[d].lines[n].task_id, month, count)
        for (d, n, month), count in sorted(given.items())
        if month in limited.get((d, n), {})
    ]
    return pd.DataFrame(rows, columns=["district", "task_id", "month", "maximum"])


def _limits(quotas: pd.DataFrame, name: str) -> pd.DataFrame:
    mine = quotas[quotas["district"] == name]
    limits = mine.assign(months=[(month,) for month in mine["month"]], minimum=0)
    return limits[list(LIMIT_COLUMNS)].reset_index(drop=True)


# --- the certificate ---


def _certificate(
    parts: Sequence[District], pools: Sequence[Pool], found: Mapping[str, Allocation], best: _Bound
) -> pd.DataFrame:
    """Return how far the plan may be from the best one: overload, districts above their own lowest load, closeness.

    The bound of the closeness holds for every plan within the pools in which no team is loaded higher than in this one:
    what the districts would pay and deviate alone, less what all that the pools can do would cost.
    """
    costs, higher = [], 0
    for part, price, cost in zip(parts, paying(parts, pools, best.prices), best.costs, strict=True):
        plan = found[part.name]
        now = replace(part, levels=_levels(plan), overload=halves(_stage(plan, Stage.OVERLOAD)))
        forced = now.overload > part.overload or any(now.levels[team] > part.levels[team] for team in part.levels)
        higher += forced
        costs.append(paid(now, price)[1] if forced else cost)
    value = sum(_stage(plan, Stage.DISTANCE) for plan in found.values())
    rows = [
        ("超负荷最少(人日)", sum(_stage(plan, Stage.OVERLOAD) for plan in found.values()), _own_overload(parts)),
        ("比单独安排负荷更高的区数", float(higher), 0.0),
        ("离可安排比例最近(平方和)", value, max(_total(costs, best.prices, pools), 0) / MILLI**2),
    ]
    table = pd.DataFrame(rows, columns=CERTIFICATE[:3])
    table["gap"] = table["value"] - table["bound"]
    return table.assign(gap_share=table["gap"] / table["bound"].where(table["bound"] > 0))


def _own_overload(parts: Sequence[District]) -> float:
    return sum(part.overload for part in parts) / HALVES


def _levels(plan: Allocation) -> dict[str, Fraction]:
    """Return the highest load of each team, or the comfortable one; a month without capacity weighs half a day."""
    levels: dict[str, Fraction] = {}
    for row in plan.loads.itertuples():
        load = Fraction(halves(row.needed_days), max(halves(row.capacity_days), 1))
        levels[row.team] = max(levels.get(row.team, COMFORTABLE), load)
    return levels


def _stage(plan: Allocation, stage: Stage) -> float:
    return float(plan.proof.loc[plan.proof["stage"] == stage, "value"].sum())
