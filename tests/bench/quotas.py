"""The quota (专家名额): how many visits a month each district may make of what all districts share.

A visit of a shared task gets a price in each month. Every district plans alone as if it paid, exactly; together these
plans are a bound that no plan of the whole is below. From the plans that each district made at several prices one is
chosen for each, so that the pools are kept and all are as close to their targets as can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np
import pandas as pd

from enforce.planning.months.exact import (
    MILLI,
    Capacity,
    Cell,
    Limits,
    Line,
    build,
    distance_of,
    minimise,
    squares_of,
    targets,
)
from enforce.planning.months.level import Demand, locked
from enforce.words.months import months_text
from enforce.words.problems import Impossible, Unsolved

DEAREST = 40 * MILLI  # what a shared visit may cost at most: to move one costs a plan hardly more
LEAVE = 100 * MILLI  # of a visit that leaves where its district wants it: its other tasks would have to make room
AMPLE = 10**6  # visits, where a month has no limit
BROKEN = 10**3 * MILLI**2  # of a visit beyond a pool: more than any closeness is worth

Month = tuple[int, int]  # pool, month
Place = tuple[int, int, int]  # district, line, month


@dataclass(frozen=True)
class District:
    """A district as the solver sees it: lines, half-days by team and month, its least overload and lowest loads."""

    name: str
    lines: list[Line]
    room: Capacity
    overload: int
    levels: Mapping[str, Fraction]


@dataclass(frozen=True)
class Pool:
    """Experts of all districts: visits they can make by month, and which lines need them (district, line)."""

    name: str
    most: Mapping[int, int]
    lines: list[tuple[int, int]]


@dataclass(frozen=True)
class Plan:
    """A plan of one district: visits by line and month, distance in millionths of a square, what it takes of pools."""

    visits: Mapping[Cell, int]
    distance: int
    uses: Mapping[Month, int]


def pools_of(lines: Mapping[str, Sequence[Line]], shared: pd.DataFrame) -> list[Pool]:
    """Return the pools of districts; ValueError for a task of two pools, Impossible when one cannot hold its visits."""
    pools, owner = [], {}
    for name, rows in shared.groupby("pool", sort=True):
        tasks = {code for codes in rows["tasks"] for code in codes}
        if taken := sorted(tasks & owner.keys()):
            raise ValueError(f"{taken[0]} 同时属于 {owner[taken[0]]} 和 {name}")
        owner |= dict.fromkeys(tasks, name)
        places = [(d, n) for d, own in enumerate(lines.values()) for n, line in enumerate(own) if line.task_id in tasks]
        most = {int(month): int(count) for month, count in zip(rows["month"], rows["maximum"], strict=True)}
        pools.append(Pool(str(name), most, places))
        _holds([*lines.values()], pools[-1])
    return pools


def _holds(lines: Sequence[Sequence[Line]], pool: Pool) -> None:
    asked = [lines[d][n] for d, n in pool.lines]
    room = {month: pool.most.get(month, AMPLE) for month in range(1, 13)}
    cut = locked([Demand(line.months, line.visits, 1) for line in asked], room)
    if cut is not None:
        raise Impossible(f"{pool.name}：{months_text(cut.months)}需 {cut.need} 家次，各区合计最多 {cut.room} 家次")


def plan_of(part: District, at: int, visits: Mapping[Cell, int], pools: Sequence[Pool]) -> Plan:
    """Return a district's plan with its distance from the targets and what it takes of the pools."""
    distance = distance_of(part.lines, part.room, visits)
    uses: Counter = Counter()
    for p, pool in enumerate(pools):
        for month in pool.most:
            uses[p, month] += sum(visits.get((n, month), 0) for d, n in pool.lines if d == at)
    return Plan(dict(visits), distance, dict(uses))


# --- prices ---


def prices(plans: Sequence[Sequence[Plan]], pools: Sequence[Pool]) -> dict[Month, int]:
    """Return the price of a shared visit by pool and month, in thousandths of a visit: of the best mixture of plans.

    A visit beyond a pool may be bought at the dearest price, so that there always is a mixture.
    """
    from ortools.linear_solver.python import model_builder_helper as solver

    asked = [(p, month) for p, pool in enumerate(pools) for month in pool.most]
    every = [(d, plan) for d, own in enumerate(plans) for plan in own]
    costs = [*(plan.distance / MILLI for _, plan in every), *[float(DEAREST)] * len(asked)]
    model = solver.ModelBuilderHelper()
    zeros = np.zeros(len(costs))
    model.add_var_array_with_bounds(zeros, np.full(len(costs), inf), zeros.astype(bool), "")
    model.set_objective_coefficients(list(range(len(costs))), costs)
    for at, (p, month) in enumerate(asked):
        row = _row(model, -inf, pools[p].most[month], [(n, plan.uses[p, month]) for n, (_, plan) in enumerate(every)])
        model.add_term_to_constraint(row, len(every) + at, -1)
    for d in range(len(plans)):
        _row(model, 1, 1, [(n, 1) for n, (owner, _) in enumerate(every) if owner == d])
    glop = solver.ModelSolverHelper("glop")
    glop.solve(model)
    if glop.status() != solver.SolveStatus.OPTIMAL:
        raise Unsolved("各区名额的价格没有解出")
    duals = np.asarray(glop.dual_values())
    return {key: price for key, dual in zip(asked, duals, strict=False) if (price := max(round(-dual), 0))}


def _row(model: object, least: float, most: float, terms: Sequence[tuple[int, int]]) -> int:
    row = model.add_linear_constraint()
    model.set_constraint_lower_bound(row, least)
    model.set_constraint_upper_bound(row, most)
    for variable, weight in terms:
        if weight:
            model.add_term_to_constraint(row, variable, weight)
    return row


def paid(part: District, paying: Mapping[Cell, int]) -> tuple[Mapping[Cell, int], int]:
    """Return the best plan of a district that pays for what is shared, by line and month, and a bound of its cost.

    Prices are in thousandths, the bound in millionths of a squared visit: exact, nothing is rounded.
    """
    model = build(part.lines, part.room, Limits(part.levels, part.overload))
    cost = sum(price * model.visits[cell] for cell, price in paying.items())
    answer = minimise(model, (model.deviation + cost) * model.spread + model.lateness)
    if answer is None:
        raise Unsolved(f"{part.name}：没有解出")
    bound = (answer.bound // model.spread + model.constant) * MILLI + squares_of(part.lines, part.room)
    return answer.visits, bound


def paying(parts: Sequence[District], pools: Sequence[Pool], price: Mapping[Month, int]) -> list[dict[Cell, int]]:
    """Return for each district what one visit of a line costs in a month; what costs nothing is not told."""
    found: list[dict] = [{} for _ in parts]
    for p, pool in enumerate(pools):
        for d, n in pool.lines:
            found[d] |= {(n, month): price[p, month] for month in parts[d].lines[n].months if (p, month) in price}
    return found


# --- choice ---


def choose(plans: Sequence[Sequence[Plan]], pools: Sequence[Pool]) -> tuple[list[int], int]:
    """Return which plan of each district is taken, and the visits beyond the pools: none if that can be."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [[model.new_bool_var("") for _ in own] for own in plans]
    for own in taken:
        model.add_exactly_one(own)
    over = []
    for p, pool in enumerate(pools):
        for month, most in pool.most.items():
            over.append(model.new_int_var(0, AMPLE, ""))
            used = (
                plan.uses[p, month] * x
                for own, bools in zip(plans, taken, strict=True)
                for plan, x in zip(own, bools, strict=True)
            )
            model.add(sum(used) <= most + over[-1])
    cost = sum(
        plan.distance * x for own, bools in zip(plans, taken, strict=True) for plan, x in zip(own, bools, strict=True)
    )
    model.minimize(cost + BROKEN * sum(over))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, 0
    solver.parameters.max_deterministic_time = 2.0
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Unsolved("各区名额没有解出")
    return [[solver.value(x) for x in own].index(1) for own in taken], sum(map(solver.value, over))


def within(parts: Sequence[District], pools: Sequence[Pool], wanted: Mapping[Place, int]) -> dict[Place, int]:
    """Return visits of shared lines that keep to the pools and leave as few wanted cells as can be, then closest."""
    found: dict[Place, int] = {}
    for pool in pools:
        found |= _within(parts, pool, wanted)
    return found


def _within(parts: Sequence[District], pool: Pool, wanted: Mapping[Place, int]) -> dict[Place, int]:
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    node = {month: len(pool.lines) + month for month in range(1, 13)}
    sink, arcs = len(pool.lines) + 13, []
    for at, (d, n) in enumerate(pool.lines):
        line = parts[d].lines[n]
        flow.set_node_supply(at, line.visits)
        for month, target in zip(line.months, targets(line, parts[d].room[line.lead]), strict=True):
            for count in range(line.visits):
                closer = (2 * count + 1) * MILLI - 2 * target
                cost = closer + (-LEAVE if count < wanted[d, n, month] else LEAVE)
                arcs.append((d, n, month))
                flow.add_arc_with_capacity_and_unit_cost(at, node[month], 1, cost)
    flow.set_node_supply(sink, -sum(parts[d].lines[n].visits for d, n in pool.lines))
    for month, at in node.items():
        flow.add_arc_with_capacity_and_unit_cost(at, sink, pool.most.get(month, AMPLE), 0)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("最小费用流求解失败")
    made = Counter(place for arc, place in enumerate(arcs) if flow.flow(arc))
    return {place: made[place] for place in arcs}
