"""The peers (对照): the allocation as a user would write it with a modelling library, in its textbook form.

Two stages each: the lowest highest load, then the least sum of |visits - target| at that load. Absolute values are
two rows a cell, d >= x - t and d >= t - x. Lines, room and targets are ready numbers; building the model is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

    first, x = _pulp_model(case, "load")
    level = pulp.LpVariable("level", 0)
    first += level
    for month, room in case.room.items():
        first += _pulp_load(case, x, month) <= level * room
    first.solve(solver())
    if level.varValue is None or first.sol_status == pulp.LpSolutionNoSolutionFound:
        return Found(None, (False,))
    second, x = _pulp_model(case, "distance")
    for month, room in case.room.items():
        second += _pulp_load(case, x, month) <= (level.varValue + SLACK) * room
    _pulp_distance(case, second, x)
    second.solve(solver())
    proved = tuple(problem.sol_status == pulp.LpSolutionOptimal for problem in (first, second))
    found = second.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    return Found({cell: round(x[cell].varValue) for cell in x} if found else None, proved)


def _pulp_model(case: Case, name: str) -> tuple[Any, dict[Cell, Any]]:
    import pulp

    problem = pulp.LpProblem(name, pulp.LpMinimize)
    x = {cell: pulp.LpVariable(f"x_{cell[0]}_{cell[1]}", 0, cat="Integer") for cell in case.targets}
    for place, line in enumerate(case.lines):
        problem += pulp.lpSum(x[place, month] for month in line.months) == line.visits
    return problem, x


def _pulp_load(case: Case, x: Mapping[Cell, Any], month: int) -> Any:
    import pulp

    return pulp.lpSum(case.efforts[cell[0]] * x[cell] for cell in case.cells_of(month))


def _pulp_distance(case: Case, problem: Any, x: Mapping[Cell, Any]) -> None:
    import pulp

    d = {cell: pulp.LpVariable(f"d_{cell[0]}_{cell[1]}", 0) for cell in x}
    problem += pulp.lpSum(d.values())
    for cell, target in case.targets.items():
        problem += d[cell] >= x[cell] - target / 1000
        problem += d[cell] >= target / 1000 - x[cell]


# --- OR-Tools CP-SAT ---


def cp_sat(case: Case, scale: int, cap: float = CAP, seed: int = 0) -> Found:
    """Solve with CP-SAT; it knows whole numbers only, so the load is in 1/scale."""
    from ortools.sat.python import cp_model

    first, x = _cp_model(case)
    level = first.new_int_var(0, 10 * scale, "level")
    for month, room in case.room.items():
        first.add(scale * _cp_load(case, x, month) <= level * room)
    first.minimize(level)
    solver, status = _cp_solve(first, cap, seed)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, (False,))
    second, x = _cp_model(case)
    for month, room in case.room.items():
        second.add(scale * _cp_load(case, x, month) <= solver.value(level) * room)
    _cp_distance(case, second, x)
    solver, last = _cp_solve(second, cap, seed)
    found = last in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    proved = (status == cp_model.OPTIMAL, last == cp_model.OPTIMAL)
    return Found({cell: solver.value(x[cell]) for cell in x} if found else None, proved)


def _cp_model(case: Case) -> tuple[Any, dict[Cell, Any]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = {cell: model.new_int_var(0, case.lines[cell[0]].visits, f"x_{cell[0]}_{cell[1]}") for cell in case.targets}
    for place, line in enumerate(case.lines):
        model.add(sum(x[place, month] for month in line.months) == line.visits)
    return model, x


def _cp_load(case: Case, x: Mapping[Cell, Any], month: int) -> Any:
    return sum(case.efforts[cell[0]] * x[cell] for cell in case.cells_of(month))


def _cp_distance(case: Case, model: Any, x: Mapping[Cell, Any]) -> None:
    d = {cell: model.new_int_var(0, 1000 * case.lines[cell[0]].visits, f"d_{cell[0]}_{cell[1]}") for cell in x}
    for cell, target in case.targets.items():
        model.add(d[cell] >= 1000 * x[cell] - target)
        model.add(d[cell] >= target - 1000 * x[cell])
    model.minimize(sum(d.values()))


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
        share = np.array([case.room[month] for month in line.months], dtype=float)
        exact = line.visits * share / share.sum()
        whole = np.floor(exact).astype(int)
        order = np.argsort(whole - exact, kind="stable")
        whole[order[: line.visits - whole.sum()]] += 1
        plan |= {(place, month): int(visits) for month, visits in zip(line.months, whole, strict=True)}
    return Found(plan, ())
