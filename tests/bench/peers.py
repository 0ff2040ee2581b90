"""The peers (对照): the allocation as a user would write it with a modelling library, in its textbook form.

The loads first (the highest as low as can be; of several teams then the sum of the two highest, of three, and so on),
then the least sum of squared distances at these loads: piecewise linear, a row for each two whole numbers next to each
other. Lines, room and targets are ready numbers; building the model is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from enforce.planning.months.exact import Cell
    from tests.bench.cases import Case

CAP = 20.0  # seconds a stage may take
SLACK = 1e-6  # on the load between the stages: far below one half-day, far above the solver's noise


@dataclass(frozen=True)
class Found:
    """What a peer returns: visits by line and month (None: nothing found in time), and whether each stage is proved."""

    plan: Mapping[Cell, int] | None
    proved: tuple[bool, ...]


Peer = Callable[["Case"], Found]


# --- PuLP, with the solver it brings and with HiGHS ---


def pulp_cbc(case: Case, cap: float = CAP) -> Found:
    """Solve with PuLP and the CBC that comes with it."""
    import pulp

    return _pulp(case, lambda: pulp.PULP_CBC_CMD(msg=False, threads=1, timeLimit=cap))


def pulp_highs(case: Case, cap: float = CAP) -> Found:
    """Solve with PuLP and HiGHS, to a gap of zero as CBC and CP-SAT do: its default stops 0.01 % short.

    HiGHS keeps one pool of threads for the process and refuses to run with another number of them than it began with:
    the pool that an earlier model left behind is given up.
    """
    import highspy
    import pulp

    highspy.Highs.resetGlobalScheduler(True)
    return _pulp(case, lambda: pulp.HiGHS(msg=False, threads=1, timeLimit=cap, gapRel=0))


def _pulp(case: Case, solver: Callable[[], Any]) -> Found:
    import pulp

    problem = pulp.LpProblem("plan", pulp.LpMinimize)
    x = {cell: pulp.LpVariable(f"x_{cell[0]}_{cell[1]}", 0, cat="Integer") for cell in case.targets}
    levels = [pulp.LpVariable(f"level_{n}", float(case.comfortable)) for n in range(len(case.rooms))]
    for place, line in enumerate(case.lines):
        problem += pulp.lpSum(x[place, month] for month in line.months) == line.visits
    for level, (team, months) in zip(levels, case.rooms.items(), strict=True):
        for month, room in months.items():
            problem += case.load(x, team, month) <= level * room
    proved = True
    for n in range(1, len(levels) + 1):
        total = _pulp_highest(problem, levels, n)
        problem.setObjective(total)
        problem.solve(solver())
        if pulp.value(total) is None or problem.sol_status == pulp.LpSolutionNoSolutionFound:
            return Found(None, (False,))
        proved = proved and problem.sol_status == pulp.LpSolutionOptimal
        problem += total <= pulp.value(total) + SLACK
    problem.setObjective(_pulp_distance(case, problem, x))
    problem.solve(solver())
    found = problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    plan = {cell: round(x[cell].varValue) for cell in x} if found else None
    return Found(plan, (proved, problem.sol_status == pulp.LpSolutionOptimal))


def _pulp_highest(problem: Any, levels: list, n: int) -> Any:
    """Return the sum of the n highest loads: the least of n·r and what loads exceed r by, over all r."""
    import pulp

    if len(levels) == 1:
        return 1 * levels[0]
    middle = pulp.LpVariable(f"middle_{n}", 0)
    beyond = [pulp.LpVariable(f"beyond_{n}_{m}", 0) for m in range(len(levels))]
    for over, level in zip(beyond, levels, strict=True):
        problem += over >= level - middle
    return n * middle + pulp.lpSum(beyond)


def _pulp_distance(case: Case, problem: Any, x: Mapping[Cell, Any]) -> Any:
    """Return the squares of the distances, by the line through each two whole numbers next to each other."""
    import pulp

    d = {cell: pulp.LpVariable(f"d_{cell[0]}_{cell[1]}", 0) for cell in x}
    for cell, milli in case.targets.items():
        target = milli / 1000
        for count in range(case.lines[cell[0]].visits):
            problem += d[cell] >= (2 * (count - target) + 1) * (x[cell] - count) + (count - target) ** 2
    return pulp.lpSum(d.values())


# --- OR-Tools CP-SAT ---


def cp_sat(case: Case, scale: int, cap: float = CAP, seed: int = 0) -> Found:
    """Solve with CP-SAT; it knows whole numbers only, so the loads are in 1/scale."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = {cell: model.new_int_var(0, case.lines[cell[0]].visits, f"x_{cell[0]}_{cell[1]}") for cell in case.targets}
    for place, line in enumerate(case.lines):
        model.add(sum(x[place, month] for month in line.months) == line.visits)
    least = ceil(case.comfortable * scale)
    levels = [model.new_int_var(least, 10 * scale, f"level_{n}") for n in range(len(case.rooms))]
    for level, (team, months) in zip(levels, case.rooms.items(), strict=True):
        for month, room in months.items():
            model.add(scale * case.load(x, team, month) <= level * room)
    proved = True
    for n in range(1, len(levels) + 1):
        total = _cp_highest(model, levels, n, 10 * scale)
        model.minimize(total)
        solver, status = _cp_solve(model, cap, seed)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(None, (False,))
        proved = proved and status == cp_model.OPTIMAL
        model.add(total <= solver.value(total))
    model.minimize(_cp_distance(case, model, x))
    solver, last = _cp_solve(model, cap, seed)
    found = last in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Found({cell: solver.value(x[cell]) for cell in x} if found else None, (proved, last == cp_model.OPTIMAL))


def _cp_highest(model: Any, levels: list, n: int, most: int) -> Any:
    if len(levels) == 1:
        return levels[0]
    middle = model.new_int_var(0, most, f"middle_{n}")
    beyond = [model.new_int_var(0, most, f"beyond_{n}_{m}") for m in range(len(levels))]
    for over, level in zip(beyond, levels, strict=True):
        model.add(over >= level - middle)
    return n * middle + sum(beyond)


def _cp_distance(case: Case, model: Any, x: Mapping[Cell, Any]) -> Any:
    """Return the squares in thousandths, less those of the targets, which are no whole numbers of them."""
    costs = []
    for cell, target in case.targets.items():
        visits = case.lines[cell[0]].visits
        costs.append(model.new_int_var(-2 * target * visits, 1000 * visits**2, f"d_{cell[0]}_{cell[1]}"))
        for count in range(visits):
            steeper = (2 * count + 1) * 1000 - 2 * target
            model.add(costs[-1] >= steeper * (x[cell] - count) + 1000 * count**2 - 2 * target * count)
    return sum(costs)


def _cp_solve(model: Any, cap: float, seed: int) -> tuple[Any, Any]:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = cap
    return solver, solver.solve(model)


# --- a spreadsheet ---


def spreadsheet(case: Case) -> Found:
    """Split each line by the months' share of capacity, rounded by largest remainder (最大余数法), line by line."""
    plan: dict[Cell, int] = {}
    for place, line in enumerate(case.lines):
        share = np.array([case.rooms[line.lead][month] for month in line.months], dtype=float)
        exact = line.visits * share / share.sum()
        whole = np.floor(exact).astype(int)
        order = np.argsort(whole - exact, kind="stable")
        whole[order[: line.visits - whole.sum()]] += 1
        plan |= {(place, month): int(visits) for month, visits in zip(line.months, whole, strict=True)}
    return Found(plan, ())
