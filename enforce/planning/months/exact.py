"""The exact plan (精确求解): integer visits by line and month, proved optimal by CP-SAT, the same on every machine.

The model is small (a bureau has about a hundred cells), so the care goes into its form. The target is in thousandths of
a visit and the distance to it is piecewise linear with its breakpoints on the integers, which makes the linear bound
tight. Ties are broken in the same objective by "earlier months first, lines in order", and a second solve proves that
no other plan is as good. Two solves of some 20 ms each, where the textbook model takes seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from enforce.planning.visits import needed_halves
from enforce.words.numbers import largest_remainder
from enforce.words.problems import Unsolved

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, LinearExprT

MILLI = 1000  # the target is rounded to thousandths of a visit, so that the whole objective is an integer
TICKET_BITS = 12
UNBOUNDED = 1_000_000  # half-days no month comes near

#: The models are small and their linear bound does the work: all of it at once, no probing, no search for symmetry.
#: None of this changes the answer, which is proved to be the only one.
SETTINGS = {
    "num_workers": 1,
    "random_seed": 0,
    "cp_model_probing_level": 0,
    "symmetry_level": 0,
    "add_lp_constraints_lazily": False,
}
CUT_ROUNDS = {"max_cut_rounds_at_level_zero": 4}
WHOLE = {"linearization_level": 2}  # all of the model in the linear bound: a "no" comes at once
#: How long a search may be, in the solver's deterministic time: it counts steps and not the clock, so that a search
#: ends at the same step on every machine however busy. A bureau's model takes some 0.003; 1 is seconds of computing.
WORK = 20.0
#: A search that has not ended by then is begun again in this way: seldom, but a small plan can be an unlucky one.
#: One worker still: taking turns, several abort the process on some models (or-tools 9.15).
PATIENCE = 0.5
AGAIN = {**WHOLE, "random_seed": 1}

Cell = tuple[int, int]  # (place of the line, month)
Capacity = Mapping[str, Mapping[int, int]]  # half-days by team and month


@dataclass(frozen=True)
class Line:
    """A task within one period: its open months, its visits, and the half-days each team gives to one visit."""

    task_id: str
    period: int
    months: tuple[int, ...]
    visits: int
    lead: str
    efforts: tuple[tuple[str, int], ...]
    published: tuple[int, ...] | None = None
    move_costs: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Span:
    """A bound on the visits of some tasks in some months (最少、最多家次): a pin, a quarter's minimum, a question."""

    tasks: frozenset[str]
    months: frozenset[int]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Limits:
    """What is settled: the load of each team, overload in half-days, the cost of moves, and the spans to keep to."""

    levels: Mapping[str, Fraction] | None = None
    overload: int | None = 0
    moves: int | None = None
    spans: tuple[Span, ...] = ()
    spare: Mapping[str, Mapping[int, int]] | None = None  # half-days a month may be overloaded by; None: any number


@dataclass(frozen=True)
class Model:
    """A CP-SAT model with the expressions that the stages minimise."""

    solver_model: CpModel
    visits: dict[Cell, LinearExprT]
    deviation: LinearExprT
    lateness: LinearExprT
    overload: LinearExprT
    moves: LinearExprT
    spread: int  # one more than lateness can vary: the weight that puts deviation before it


@dataclass(frozen=True)
class Answer:
    """The best plan of a search: visits by cell, the value of the objective, its proven bound."""

    visits: dict[Cell, int] = field(hash=False)
    value: int
    bound: int
    proved: bool


def build(lines: Sequence[Line], capacity: Capacity, limits: Limits, aim: bool = True) -> Model:
    """Return the model of all plans within the limits.

    Without `aim` the targets are left out: enough to ask whether a plan exists, and several times as fast.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    visits: dict[Cell, LinearExprT] = {}
    distance: list[tuple[int, LinearExprT]] = []
    moves: list[LinearExprT] = []
    for place, line in enumerate(lines):
        if aim:
            distance += _add_cells(model, visits, place, line, capacity[line.lead])
        else:
            visits |= {(place, month): model.new_int_var(0, line.visits, "") for month in line.months}
        model.add(sum(visits[place, month] for month in line.months) == line.visits)
        moves += _add_moves(model, visits, place, line)
    overload = _add_capacity(model, visits, lines, capacity, limits)
    _add_spans(model, visits, lines, limits.spans)
    if limits.moves is not None:
        model.add(sum(moves) <= limits.moves)
    weights = lateness_weights(lines)
    spread = 1 + sum(
        max((weights[place, month] for month in line.months), default=0) * line.visits
        for place, line in enumerate(lines)
    )
    return Model(
        model,
        visits,
        sum(weight * variable for weight, variable in distance),
        sum(weights[cell] * visits[cell] for cell in visits),
        overload,
        sum(moves),
        spread,
    )


def _add_cells(model: CpModel, visits: dict, place: int, line: Line, room: Mapping[int, int]) -> list:
    """Add one line's cells, and return the steps of their distance, each with its cost;

    x = ⌊t⌋ + step + up − down costs |x − t| exactly and keeps the linear bound tight.
    """
    distance = []
    for month, target in zip(line.months, targets(line, room), strict=True):
        whole, part = divmod(target, MILLI)
        step = model.new_bool_var("")
        up = model.new_int_var(0, max(line.visits - whole, 0), "")
        down = model.new_int_var(0, whole, "")
        visits[place, month] = whole + step + up - down
        distance += [(MILLI - 2 * part, step), (MILLI, up), (MILLI, down)]
    return distance


def _add_moves(model: CpModel, visits: dict, place: int, line: Line) -> list:
    """Add what it costs that visits leave their published month: half of all changes, so a move counts once."""
    if line.published is None:
        return []
    moved = []
    costs = line.move_costs or (1,) * len(line.months)
    for month, before, cost in zip(line.months, line.published, costs, strict=True):
        gone = model.new_int_var(0, max(before, line.visits), "")
        model.add(gone >= before - visits[place, month])
        moved.append(cost * gone)
    return moved


def _add_spans(model: CpModel, visits: dict, lines: Sequence[Line], spans: Sequence[Span]) -> None:
    """Add the spans; one over months that are not open can only ask for nothing."""
    for span in spans:
        inside = sum(
            expression
            for (place, month), expression in visits.items()
            if month in span.months and lines[place].task_id in span.tasks
        )
        if isinstance(inside, int):
            inside = model.new_constant(0)
        if span.least:
            model.add(inside >= span.least)
        if span.most is not None:
            model.add(inside <= span.most)


def _add_capacity(
    model: CpModel, visits: dict, lines: Sequence[Line], capacity: Capacity, limits: Limits
) -> LinearExprT:
    """Add capacity and highest load of every team and month, and return the overload of all of them."""
    overload = []
    for team, months in capacity.items():
        for month, room in months.items():
            load = _load(visits, lines, team, month)
            if load is None:
                continue
            most = UNBOUNDED if limits.spare is None else limits.spare.get(team, {}).get(month, 0)
            excess = model.new_int_var(0, most, "") if limits.overload != 0 else 0
            model.add(load <= room + excess)
            if limits.levels is not None:
                model.add(load <= limits.levels[team].numerator * max(room, 1) // limits.levels[team].denominator)
            overload.append(excess)
    if limits.overload:
        model.add(sum(overload) <= limits.overload)
    return sum(overload)


def _load(visits: dict, lines: Sequence[Line], team: str, month: int) -> LinearExprT | None:
    parts = [
        effort * visits[place, month]
        for place, line in enumerate(lines)
        if (place, month) in visits
        for member, effort in line.efforts
        if member == team
    ]
    return sum(parts) if parts else None


def targets(line: Line, room: Mapping[int, int]) -> list[int]:
    """Return the line's visits spread by capacity over its open months, in thousandths that add up exactly."""
    weights = [room[month] for month in line.months]
    return largest_remainder(line.visits * MILLI, weights if any(weights) else [1] * len(weights))


def lateness_weights(lines: Sequence[Line]) -> dict[Cell, int]:
    """Return the weight of one visit by line and month: earlier months weigh less, first lines count most.

    A ticket from line and month in the last digits makes equal sums rare; `only` proves that no others remain.
    """
    order = {code: n for n, code in enumerate(sorted({line.task_id for line in lines}, reverse=True), 1)}
    return {
        (place, month): (order[line.task_id] * month << TICKET_BITS) + _ticket(line, month)
        for place, line in enumerate(lines)
        for month in line.months
    }


def _ticket(line: Line, month: int) -> int:
    text = f"{line.task_id}|{line.period}|{month}"
    return int.from_bytes(sha256(text.encode()).digest()[:2], "big") >> (16 - TICKET_BITS)


def minimise(model: Model, objective: LinearExprT, work: float | None = None, **parameters: object) -> Answer | None:
    """Return the best plan and its bound; None where none exists; Unsolved when the search ends without either.

    `work` is the longest the search may be, in deterministic time (else WORK).
    """
    from ortools.sat.python import cp_model

    work = WORK if work is None else work
    model.solver_model.minimize(objective)
    solver, status = _search(model, min(work, PATIENCE), parameters)
    bound = solver.best_objective_bound
    if status in (cp_model.UNKNOWN, cp_model.FEASIBLE) and work > PATIENCE:
        if status == cp_model.FEASIBLE:
            _hint(model, solver)
        again, outcome = _search(model, work - PATIENCE, {**parameters, **AGAIN})
        bound = max(bound, again.best_objective_bound)
        if outcome != cp_model.UNKNOWN:
            solver, status = again, outcome
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Unsolved("在限定的计算量内没有得到方案，也没有证明不存在方案")
    return Answer(
        {cell: solver.value(expression) for cell, expression in model.visits.items()},
        solver.value(objective) if not isinstance(objective, int) else objective,
        round(bound),
        status == cp_model.OPTIMAL,
    )


def _hint(model: Model, solver: CpSolver) -> None:
    """Begin the next search from the plan of the last one."""
    model.solver_model.clear_hints()
    for place in range(len(model.solver_model.proto.variables)):
        variable = model.solver_model.get_int_var_from_proto_index(place)
        model.solver_model.add_hint(variable, solver.value(variable))


def _search(model: Model, work: float, parameters: Mapping[str, object]) -> tuple[CpSolver, int]:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    for name, value in {**SETTINGS, "max_deterministic_time": work, **parameters}.items():
        setattr(solver.parameters, name, value)
    return solver, solver.solve(model.solver_model)


def closest(lines: Sequence[Line], capacity: Capacity, limits: Limits, **parameters: object) -> Answer | None:
    """Return the plan within the limits that is closest to the targets, then earliest; its value is the distance."""
    model = build(lines, capacity, limits)
    answer = minimise(model, model.deviation * model.spread + model.lateness, **{**CUT_ROUNDS, **parameters})
    if answer is None:
        return None
    distance = distance_of(lines, capacity, answer.visits)
    if not answer.proved:
        return Answer(answer.visits, distance, answer.bound // model.spread + constant_of(lines, capacity), False)
    try:
        chosen = only(model, lines, answer.visits, answer.value, **parameters)
    except Unsolved:  # none is better, but whether another is as good was not settled
        return Answer(answer.visits, distance, distance, False)
    return Answer(chosen, distance, distance, True)


def need_of(lines: Sequence[Line], plan: Mapping[Cell, int]) -> dict[tuple[str, int], int]:
    """Return the half-days a plan needs, by team and month."""
    return needed_halves(plan, {place: line.efforts for place, line in enumerate(lines)})


def distance_of(lines: Sequence[Line], capacity: Capacity, plan: Mapping[Cell, int]) -> int:
    """Return how far a plan is from the targets, in thousandths of a visit."""
    return sum(
        abs(plan[place, month] * MILLI - target)
        for place, line in enumerate(lines)
        for month, target in zip(line.months, targets(line, capacity[line.lead]), strict=True)
    )


def constant_of(lines: Sequence[Line], capacity: Capacity) -> int:
    """Return what every plan deviates by before any step: the fractions of the targets."""
    return sum(target % MILLI for line in lines for target in targets(line, capacity[line.lead]))


def only(model: Model, lines: Sequence[Line], plan: dict, value: int, **parameters: object) -> dict:
    """Prove that no other plan is as good; where one is, return the one with earlier visits in the first lines.

    The plan's value is a bound on the objective itself: on a variable beside it the linear relaxation would not use it.
    """
    cells = sorted(plan, key=lambda cell: (lines[cell[0]].task_id, lines[cell[0]].period, cell[1]))
    objective = model.deviation * model.spread + model.lateness
    model.solver_model.add(objective <= value)
    model.solver_model.add_bool_or(_differs(model, cells, plan))
    while True:
        other = minimise(model, objective, **{**CUT_ROUNDS, **parameters})
        if other is None:
            return plan
        first = next(cell for cell in cells if other.visits[cell] != plan[cell])
        if other.visits[first] > plan[first]:
            plan = other.visits
        model.solver_model.add_bool_or(_differs(model, cells, other.visits))


def _differs(model: Model, cells: Sequence[Cell], plan: Mapping[Cell, int]) -> list:
    literals = []
    for cell in cells:
        literal = model.solver_model.new_bool_var("")
        model.solver_model.add(model.visits[cell] >= plan[cell] + 1).only_enforce_if(literal)
        literals.append(literal)
    return literals
