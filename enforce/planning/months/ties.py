"""Teams tied by joint lines (联合事项): their closest plan, where CP-SAT does not prove one soon.

The same model in another solver (SCIP, which OR-Tools brings): its cuts settle in seconds what months that are tight
for several teams at a time make long. It computes with decimals, so a plan of its is checked and measured again in
whole numbers, and of its bound only that is taken which it could be a quarter of a step wrong about (SAFE). It ends by
a number of branches and never by the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partialmethod
from math import ceil, inf, isfinite
from typing import TYPE_CHECKING, Any

from enforce.planning.months import exact
from enforce.planning.months.exact import MILLI, Answer, Capacity, Cell, Limits, Line, Work

if TYPE_CHECKING:
    from ortools.math_opt.python.mathopt import LinearBase, Variable

STEP = 2 * MILLI  # what two distances differ by a multiple of: (2x+1)·1000 − 2·target is even
SAFE = 0.25  # of a step (or of the least difference of weights): what the solver may be wrong by, a thousand times over
BRANCHES = 60_000  # branches × cells of a search that count as one of Work
FIRST = 0.5  # of the computing that is left, while there is no plan: other stages may come after
EASY, NEAREST = 0.1, 0.3  # of the computing that is left: what CP-SAT alone may take, and the search for the nearest


@dataclass(frozen=True)
class Tied:
    """Teams tied together, with their lines and what is settled: overload and loads; nothing is published."""

    lines: Sequence[Line]
    capacity: Capacity
    limits: Limits

    def keeps(self, plan: Mapping[Cell, int]) -> bool:
        """Whether a plan is within the limits, in whole numbers."""
        model = exact.build(self.lines, self.capacity, self.limits, aim=False)
        for cell, visits in plan.items():
            model.solver_model.add(model.visits[cell] == visits)
        return exact.minimise(model, 0) is not None

    def distance(self, plan: Mapping[Cell, int]) -> int:
        """Return the distance of a plan, in millionths of a squared visit."""
        return exact.distance_of(self.lines, self.capacity, plan)


def closest(
    lines: Sequence[Line],
    capacity: Capacity,
    limits: Limits,
    work: Work | None = None,
    plan: Mapping[Cell, int] | None = None,
) -> Answer | None:
    """Return the answer of `exact.closest`; of teams tied together the better plan and bound of both solvers."""
    work = Work() if work is None else work
    if len(capacity) == 1 or limits.overload is None or limits.levels is None or limits.moves is not None:
        return exact.closest(lines, capacity, limits, work.part(FIRST if plan is None else 1), plan)
    answer = exact.closest(lines, capacity, limits, work.part(EASY), plan)
    if answer is None or answer.proved:
        return answer
    tied = Tied(lines, capacity, limits)
    answer = nearest(tied, answer, work.part(NEAREST))
    if answer.value == answer.bound:
        return earliest(tied, answer, work)
    best = exact.closest(lines, capacity, limits, work, answer.visits) or answer
    return replace(best, bound=max(answer.bound, best.bound))


def nearest(tied: Tied, answer: Answer, work: Work) -> Answer:
    """Return the nearest plan with its bound, neither worse than those of an answer."""
    if answer.value == answer.bound:
        return answer
    model = _Program(tied, answer)
    plan, bound = model.least(model.farther, work)
    low = answer.value + STEP * ceil(bound * MILLI**2 / STEP - SAFE) if isfinite(bound) else 0
    best = min(plan or answer.visits, answer.visits, key=tied.distance)
    return Answer(best, tied.distance(best), max(low, answer.bound), False)


def earliest(tied: Tied, answer: Answer, work: Work) -> Answer:
    """Return the earliest of the nearest plans, proved where no other is as near and as early."""
    weights = exact.lateness_weights(tied.lines)
    while True:
        plan = answer.visits
        model = _Program(tied, answer)
        later = sum(weights[cell] / 2**exact.TICKET_BITS * (model.visits[cell] - plan[cell]) for cell in plan)
        model.add(model.farther <= SAFE * STEP / MILLI**2)
        model.add(later <= SAFE / 2**exact.TICKET_BITS)
        model.add(model.more >= 1)
        other, bound = model.least(later, work)
        if other is None:
            return Answer(plan, answer.value, answer.bound, bound == inf)
        late = sum(weights[cell] * (other[cell] - plan[cell]) for cell in plan)
        if late >= 0 or tied.distance(other) != answer.value:  # as early, or not quite as near: not settled
            return answer
        answer = Answer(other, answer.value, answer.bound, False)


class _Program:
    """The plans within the limits for SCIP, in the words of CP-SAT, seen from one plan: what each visit more or fewer
    makes farther (squared visits), and how many visits cells have more than there."""

    def __init__(self, tied: Tied, answer: Answer) -> None:
        from ortools.math_opt.python import mathopt

        self.tied, self.model = tied, mathopt.Model()
        zones = exact.zones_within(tied.lines, tied.capacity, answer.value)
        self.visits = {cell: self.new_int_var(*zone, "") for cell, zone in zones.items()}
        farther: list[LinearBase] = []
        more: list[Variable] = []
        for cell, target, _ in exact.cell_targets(tied.lines, tied.capacity):
            now, (low, high) = answer.visits[cell], zones[cell]
            up, down = ([self.model.add_variable(lb=0, ub=1) for _ in range(n)] for n in (high - now, now - low))
            farther += [(2 * (now + n) + 1 - 2 * target / MILLI) * step for n, step in enumerate(up)]
            farther += [(2 * target / MILLI + 1 - 2 * (now - n)) * step for n, step in enumerate(down)]
            self.add(self.visits[cell] == now + sum(up) - sum(down))
            more += up
        self.farther, self.more = mathopt.fast_sum(farther), mathopt.fast_sum(more)
        for place, line in enumerate(tied.lines):
            self.add(sum(self.visits[place, month] for month in line.months) == line.visits)
        exact.within(self, self.visits, tied.lines, tied.capacity, tied.limits)

    def new_int_var(self, low: int, high: int, name: str) -> Variable:
        return self.model.add_integer_variable(lb=low, ub=high, name=name)

    new_bool_var = partialmethod(new_int_var, 0, 1)

    def new_constant(self, value: int) -> Variable:
        return self.new_int_var(value, value, "")

    def add(self, row: Any) -> None:
        if row is not True:  # a row without variables that holds
            self.model.add_linear_constraint(row)

    def least(self, aim: LinearBase, work: Work) -> tuple[dict[Cell, int] | None, float]:
        """Return a plan of the least value, None where none was met, and the bound: infinite where there is none."""
        from ortools.math_opt.python import mathopt

        self.model.minimize(aim)
        each = len(self.visits) / BRANCHES
        most = max(int(work.left / each), 1)
        settings = mathopt.SolveParameters(
            node_limit=most, threads=1, random_seed=0, relative_gap_tolerance=0, absolute_gap_tolerance=0
        )
        result = mathopt.solve(self.model, mathopt.SolverType.GSCIP, params=settings)
        work.spend((result.solve_stats.node_count + 1) * each)
        if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
            return None, inf
        bound = result.termination.objective_bounds.dual_bound
        if not result.has_primal_feasible_solution():
            return None, bound
        values = result.variable_values()
        plan = {cell: round(values[variable]) for cell, variable in self.visits.items()}
        return (plan if self.tied.keeps(plan) else None), bound
