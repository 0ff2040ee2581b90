"""The exact plan (精确求解): integer visits by line and month, proved optimal by CP-SAT, the same on every machine.

The model is small (a bureau has about a hundred cells), so the care goes into its form. The target is in thousandths of
a visit, and the square of the distance to it costs a whole number for each visit more: one step a visit about where
the relaxation has the cell, with its exact cost, and beyond these the cost of the next one, which is never too much. A
plan that goes beyond is solved again with more steps there. Ties are broken in the same objective by "earlier months
first, lines in order", and a second solve proves that no other plan is as good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor, isqrt
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from enforce.planning.months.level import Demand, fillings
from enforce.planning.months.relaxation import relaxed
from enforce.planning.visits import needed_halves
from enforce.words.months import MONTHS
from enforce.words.numbers import largest_remainder
from enforce.words.problems import Unsolved

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar, LinearExprT

MILLI = 1000  # the target is rounded to thousandths of a visit, so that the whole objective is an integer
TICKET_BITS = 12
OBJECTIVE_BITS = 61
MOST = 0.8  # of the computing for the closest plan, the remainder for the proof that it is the only one
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
QUICK = {"max_cut_rounds_at_level_zero": 2, "max_presolve_iterations": 1}
WHOLE = {"linearization_level": 2}  # all of the model in the linear bound: a "no" comes at once
#: How long all searches of a plan may be together, in the solver's deterministic time: it counts steps and not the
#: clock, so that they end at the same step on every machine however busy. A bureau's model takes some 0.003.
WORK = 10.0
#: A search that has not ended by then is begun again in two other ways: seldom, but a small plan can be an unlucky one,
#: and the overload of a large one is proved from below. One worker still: taking turns, several abort the process on
#: some models (or-tools 9.15).
PATIENCE = 1.0
FROM_BELOW = {
    "cp_model_probing_level": 2,
    "symmetry_level": 2,
    "add_lp_constraints_lazily": True,
    "linearization_level": 1,
    "use_objective_lb_search": True,
}
AGAIN = (FROM_BELOW, {**WHOLE, "random_seed": 1})

Cell = tuple[int, int]  # (place of the line, month)
Zone = tuple[int, int]  # from so many visits of a cell to so many
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
class Step:
    """At most so many of some teams have a month above a load (最多几个科队高于此负荷)."""

    load: Fraction
    most: int
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """What is settled: the loads of the teams, overload in half-days, the cost of moves, and the spans to keep to."""

    levels: Mapping[str, Fraction] | None = None
    overload: int | None = 0
    moves: int | None = None
    spans: tuple[Span, ...] = ()
    spare: Mapping[str, Mapping[int, int]] | None = None  # half-days a month may be overloaded by; None: any number
    steps: tuple[Step, ...] = ()


@dataclass
class Work:
    """The computing that searches may still take (计算量), a part of the whole that others draw on as well."""

    left: float = field(default_factory=lambda: WORK)
    whole: Work | None = None

    def part(self, share: float) -> Work:
        """Return a share of what is left; what of it is not used stays with the whole."""
        return Work(self.left * share, self)

    def spend(self, units: float) -> None:
        """Take off what a search has taken."""
        self.left = max(self.left - units, 0.0)
        if self.whole is not None:
            self.whole.spend(units)


@dataclass(frozen=True)
class Model:
    """A CP-SAT model with the expressions that the stages minimise."""

    solver_model: CpModel
    visits: dict[Cell, LinearExprT]
    deviation: LinearExprT  # thousandths of a squared visit, more than the constant
    constant: int  # what no visit changes: the cost where the steps begin, less the squares of the targets
    lateness: LinearExprT
    overload: LinearExprT
    moves: LinearExprT
    above: LinearExprT  # how many teams are above the load of the last step
    spread: int  # one more than lateness can vary: the weight that puts deviation before it
    parts: Mapping[Cell, Sequence[Steps]]

    def beyond(self, plan: Mapping[Cell, int]) -> dict[Cell, int]:
        """Return the cells of a plan that cost more than `deviation` says, two visits or more beyond the steps."""
        ends = ((cell, part) for cell, parts in self.parts.items() for part in parts if part.most is None)
        return {cell: plan[cell] for cell, part in ends if part.of(plan[cell]) > 1}

    def hint(self, plan: Mapping[Cell, int]) -> None:
        """Begin the search from a plan."""
        self.solver_model.clear_hints()
        for cell, parts in self.parts.items():
            for part in parts:
                self.solver_model.add_hint(part.variable, part.of(plan[cell]))


@dataclass(frozen=True)
class Steps:
    """A variable that has some of a cell's visits: those from a number upwards (or downwards), at most so many."""

    variable: IntVar
    begin: int
    up: bool = True
    most: int | None = None

    def of(self, visits: int) -> int:
        """Return its value where the cell has so many visits."""
        value = max(visits - self.begin if self.up else self.begin - visits, 0)
        return value if self.most is None else min(value, self.most)


@dataclass(frozen=True)
class Answer:
    """The best plan of a search: visits by cell, the value of the objective, its proven bound."""

    visits: dict[Cell, int] = field(hash=False)
    value: int
    bound: int
    proved: bool


def build(
    lines: Sequence[Line],
    capacity: Capacity,
    limits: Limits,
    aim: bool = True,
    zones: Mapping[Cell, Zone] = MappingProxyType({}),
) -> Model:
    """Return the model of all plans within the limits.

    Without `aim` the targets are left out: enough to ask whether a plan exists, and several times as fast. `zones` are
    the visits of a cell between which each has its exact cost, where they are not the two about the target.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    visits: dict[Cell, LinearExprT] = {}
    parts: dict[Cell, list[Steps]] = {}
    costs: list[LinearExprT] = []
    moves: list[LinearExprT] = []
    constant = 0
    for place, line in enumerate(lines):
        for month, target in zip(line.months, targets(line, capacity[line.lead]), strict=True):
            cell = place, month
            if aim:
                low, high = zones.get(cell) or (target // MILLI, min(target // MILLI + 1, line.visits))
                visits[cell], cost, parts[cell] = _add_cell(model, line.visits, target, (low, high))
                costs.append(cost)
                constant += low * low * MILLI - 2 * low * target
            else:
                visits[cell] = model.new_int_var(0, line.visits, "")
                parts[cell] = [Steps(visits[cell], 0, most=line.visits)]
        model.add(sum(visits[place, month] for month in line.months) == line.visits)
        moves += _add_moves(model, visits, place, line)
    overload, above = within(model, visits, lines, capacity, limits)
    if aim and limits.overload == 0 and limits.levels is not None:
        _add_fillings(model, visits, lines, capacity, limits.levels)
    if limits.moves is not None:
        model.add(sum(moves) <= limits.moves)
    weights = lateness_weights(lines)
    late = sum(weights[cell] * visits[cell] for cell in visits)
    return Model(model, visits, sum(costs), constant, late, overload, sum(moves), above, _spread(lines, weights), parts)


def within(
    model: CpModel, visits: dict, lines: Sequence[Line], capacity: Capacity, limits: Limits
) -> tuple[LinearExprT, LinearExprT]:
    """Add capacity, loads, steps and spans to a model; return the overload, and how many teams are above the last step.

    Any model will do that has the words of CP-SAT for variables and rows.
    """
    overload = _add_capacity(model, visits, lines, capacity, limits)
    above = _add_steps(model, visits, lines, capacity, limits)
    _add_spans(model, visits, lines, limits.spans)
    return overload, above


def _spread(lines: Sequence[Line], weights: Mapping[Cell, int]) -> int:
    most = (max((weights[n, month] for month in line.months), default=0) * line.visits for n, line in enumerate(lines))
    return 1 + sum(most)


def _zones(lines: Sequence[Line], plan: Mapping[Cell, float], beside: int = 0) -> dict[Cell, Zone]:
    """Return the zones about a plan, perhaps in parts of visits, with so many visits more on each side."""
    return {
        (place, month): (
            max(floor(plan[place, month]) - beside, 0),
            min(ceil(plan[place, month]) + beside, line.visits),
        )
        for place, line in enumerate(lines)
        for month in line.months
        if (place, month) in plan
    }


def _relaxed(lines: Sequence[Line], capacity: Capacity, limits: Limits) -> dict[Cell, float]:
    """Return about where the closest plan is: in parts of visits, without moves, spans and steps."""
    wanted, rooms = np.full((len(lines), len(MONTHS)), -np.inf), np.full((len(capacity), len(MONTHS)), float(UNBOUNDED))
    for (place, month), target, _ in cell_targets(lines, capacity):
        wanted[place, month - 1] = target / MILLI
    for place, (team, months) in enumerate(capacity.items()):
        for month, room in months.items():
            most = UNBOUNDED if limits.levels is None else most_at(limits.levels[team], room)
            rooms[place, month - 1] = min(room, most) if limits.overload == 0 else most
    efforts = np.array([[dict(line.efforts).get(team, 0) for team in capacity] for line in lines], dtype=float)
    plan = relaxed(wanted, np.array([float(line.visits) for line in lines]), efforts, rooms).round(6)
    return {(place, month): plan[place, month - 1] for place, line in enumerate(lines) for month in line.months}


def _add_cell(model: CpModel, most: int, target: int, zone: Zone) -> tuple[LinearExprT, LinearExprT, list[Steps]]:
    """Add the visits of a cell; return them, the cost of their distance, and the variables they are the sum of.

    x visits cost x²·1000 − 2x·target, so that one more costs (2x+1)·1000 − 2·target: a step of its own in the zone, and
    what the next step costs beyond it.
    """

    def dearer(visits: int) -> int:
        return (2 * visits + 1) * MILLI - 2 * target

    low, high = zone
    parts = [Steps(model.new_bool_var(""), n, most=1) for n in range(low, high)]
    costs = [dearer(part.begin) * part.variable for part in parts]
    visits = low + sum(part.variable for part in parts)
    if high < most:
        parts.append(Steps(model.new_int_var(0, most - high, ""), high))
        visits, costs = visits + parts[-1].variable, [*costs, dearer(high) * parts[-1].variable]
    if low:
        parts.append(Steps(model.new_int_var(0, low, ""), low, up=False))
        visits, costs = visits - parts[-1].variable, [*costs, -dearer(low - 1) * parts[-1].variable]
    return visits, sum(costs), parts


def _add_steps(model: CpModel, visits: dict, lines: Sequence[Line], capacity: Capacity, limits: Limits) -> LinearExprT:
    """Keep to the steps, and return how many teams are above the load of the last one."""
    above: list = []
    for step in limits.steps:
        above = []
        for team in step.teams:
            above.append(model.new_bool_var(""))
            for month, room in capacity[team].items():
                load = _load(visits, lines, team, month)
                if load is not None:
                    low = most_at(step.load, room)
                    model.add(load <= low + max(most_at(limits.levels[team], room) - low, 0) * above[-1])
        model.add(sum(above) <= step.most)
    return sum(above)


def most_at(load: Fraction, room: int) -> int:
    """Return the half-days of a month at a load; a month without capacity is weighed as half a day.

    >>> most_at(Fraction(7, 12), 10), most_at(Fraction(2), 0)
    (5, 2)
    """
    return load.numerator * max(room, 1) // load.denominator


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
                model.add(load <= most_at(limits.levels[team], room))
            overload.append(excess)
    if limits.overload:
        model.add(sum(overload) <= limits.overload)
    return sum(overload)


def _add_fillings(
    model: CpModel, visits: dict, lines: Sequence[Line], capacity: Capacity, levels: Mapping[str, Fraction]
) -> None:
    """Name the half-days of each month of a team: no plan is lost, and the search sees at once what a month must have.

    A team at its bound is tight in nearly every month, and teams that share lines in many at a time, which the rows of
    capacity alone show one by one.
    """
    from ortools.sat.python.cp_model import Domain

    for team, months in capacity.items():
        asked, filled = demands(lines, team), []
        sums = fillings(asked, months, levels[team])
        if sums is None:
            model.add_bool_or([])
            return
        for month, halves in sums.items():
            load = _load(visits, lines, team, month)
            if load is not None:
                filled.append(model.new_int_var_from_domain(Domain.from_values(halves), ""))
                model.add(load == filled[-1])
        if filled:
            model.add(sum(filled) == sum(demand.need for demand in asked))


def demands(lines: Sequence[Line], team: str) -> list[Demand]:
    """Return what the lines ask of one team."""
    return [
        Demand(line.months, line.visits, effort) for line in lines for member, effort in line.efforts if member == team
    ]


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

    A ticket from line and month in the last digits makes equal sums rare; `only` proves that no others remain. It is
    shorter where the plan is so large that the objective would not go into 62 bits.
    """
    order = {code: n for n, code in enumerate(sorted({line.task_id for line in lines}, reverse=True), 1)}
    late = sum(order[line.task_id] * max(line.months, default=0) * line.visits for line in lines)
    cost = sum(len(line.months) * line.visits**2 * MILLI for line in lines)
    bits = min(TICKET_BITS, max(OBJECTIVE_BITS - late.bit_length() - cost.bit_length(), 0))
    return {
        (place, month): (order[line.task_id] * month << bits) + (_ticket(line, month) >> (TICKET_BITS - bits))
        for place, line in enumerate(lines)
        for month in line.months
    }


def _ticket(line: Line, month: int) -> int:
    text = f"{line.task_id}|{line.period}|{month}"
    return int.from_bytes(sha256(text.encode()).digest()[:2], "big") >> (16 - TICKET_BITS)


def minimise(
    model: Model,
    objective: LinearExprT,
    work: Work | None = None,
    plan: Mapping[Cell, int] | None = None,
    **parameters: object,
) -> Answer | None:
    """Return the best plan and its bound; None where none exists; Unsolved when the search ends without either.

    `work` is the computing the search may draw on (else WORK), `plan` one to begin from.
    """
    from ortools.sat.python import cp_model

    work = Work() if work is None else work
    model.solver_model.minimize(objective)
    if plan is not None:
        model.hint(plan)
    solver, status = _search(model, work, PATIENCE, parameters)
    bound = solver.response_proto.inner_objective_lower_bound
    for most, settings in zip((PATIENCE, work.left), AGAIN, strict=True):
        if status not in (cp_model.UNKNOWN, cp_model.FEASIBLE) or not work.left:
            break
        if status == cp_model.FEASIBLE:
            _hint(model, solver)
        other, outcome = _search(model, work, most, {**parameters, **settings})
        bound = max(bound, other.response_proto.inner_objective_lower_bound)
        if outcome != cp_model.UNKNOWN:
            solver, status = other, outcome
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Unsolved("在限定的计算量内没有得到方案，也没有证明不存在方案")
    return Answer(
        {cell: solver.value(expression) for cell, expression in model.visits.items()},
        solver.value(objective) if not isinstance(objective, int) else objective,
        bound,
        status == cp_model.OPTIMAL,
    )


def _hint(model: Model, solver: CpSolver) -> None:
    """Begin the next search from the plan of the last one."""
    model.solver_model.clear_hints()
    for place in range(len(model.solver_model.proto.variables)):
        variable = model.solver_model.get_int_var_from_proto_index(place)
        model.solver_model.add_hint(variable, solver.value(variable))


def _search(model: Model, work: Work, most: float, parameters: Mapping[str, object]) -> tuple[CpSolver, int]:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    for name, value in {**SETTINGS, "max_deterministic_time": min(work.left, most), **parameters}.items():
        setattr(solver.parameters, name, value)
    status = solver.solve(model.solver_model)
    work.spend(solver.deterministic_time)
    return solver, status


def closest(
    lines: Sequence[Line],
    capacity: Capacity,
    limits: Limits,
    work: Work | None = None,
    plan: Mapping[Cell, int] | None = None,
    **parameters: object,
) -> Answer | None:
    """Return the plan within the limits that is closest to the targets, then earliest; its value is the distance.

    `work` and `plan` are those of `minimise`; with a plan there always is an answer.
    """
    work, zones = Work() if work is None else work, _zones(lines, _relaxed(lines, capacity, limits))
    parameters = {**(WHOLE if len(capacity) > 1 else {}), **parameters}
    while True:
        model = build(lines, capacity, limits, zones=zones)
        quick = QUICK if plan is None else {}
        try:
            answer = minimise(model, _aim(model), work.part(MOST), plan, **{**quick, **parameters})
        except Unsolved:
            if plan is None:
                raise
            return Answer(dict(plan), distance_of(lines, capacity, plan), nearest_of(lines, capacity), False)
        if answer is None:
            return None
        distance = distance_of(lines, capacity, answer.visits)
        if not answer.proved:
            bound = (answer.bound // model.spread + model.constant) * MILLI + squares_of(lines, capacity)
            visits = min((answer.visits, plan or answer.visits), key=lambda each: distance_of(lines, capacity, each))
            return Answer(
                dict(visits), distance_of(lines, capacity, visits), max(bound, nearest_of(lines, capacity)), False
            )
        far = model.beyond(answer.visits)
        if not far:
            try:
                chosen, far = only(model, lines, answer, work, **{**quick, **WHOLE, **parameters})
            except Unsolved:  # none is better, but whether another is as good was not settled
                return Answer(answer.visits, distance, distance, False)
            if not far:
                return Answer(chosen, distance, distance, True)
        zones |= {cell: _hull(zone, zones[cell]) for cell, zone in _zones(lines, far, 1).items()}
        plan = answer.visits


def zones_within(lines: Sequence[Line], capacity: Capacity, distance: int) -> dict[Cell, Zone]:
    """Return zones in which every plan not farther than a distance has its exact cost."""
    reach = isqrt(distance) // MILLI + 1
    return {
        cell: (max(target // MILLI - reach, 0), min(target // MILLI + 1 + reach, most))
        for cell, target, most in cell_targets(lines, capacity)
    }


def _hull(one: Zone, other: Zone) -> Zone:
    return min(one[0], other[0]), max(one[1], other[1])


def _aim(model: Model) -> LinearExprT:
    return model.deviation * model.spread + model.lateness


def need_of(lines: Sequence[Line], plan: Mapping[Cell, int]) -> dict[tuple[str, int], int]:
    """Return the half-days a plan needs, by team and month."""
    return needed_halves(plan, {place: line.efforts for place, line in enumerate(lines)})


def distance_of(lines: Sequence[Line], capacity: Capacity, plan: Mapping[Cell, int]) -> int:
    """Return how far a plan is from the targets: the sum of squares, in millionths of a squared visit."""
    return sum((plan[cell] * MILLI - target) ** 2 for cell, target, _ in cell_targets(lines, capacity))


def nearest_of(lines: Sequence[Line], capacity: Capacity) -> int:
    """Return a distance that no plan goes below: every cell as near to its target as whole visits can be."""
    return sum(min(target % MILLI, -target % MILLI) ** 2 for _, target, _ in cell_targets(lines, capacity))


def squares_of(lines: Sequence[Line], capacity: Capacity) -> int:
    """Return the squares of the targets: what a plan's distance is more than MILLI times its deviation."""
    return sum(target**2 for _, target, _ in cell_targets(lines, capacity))


def cell_targets(lines: Sequence[Line], capacity: Capacity) -> Iterable[tuple[Cell, int, int]]:
    """Yield each cell with its target in thousandths of a visit, and the visits of its line."""
    for place, line in enumerate(lines):
        for month, target in zip(line.months, targets(line, capacity[line.lead]), strict=True):
            yield (place, month), target, line.visits


def only(
    model: Model, lines: Sequence[Line], answer: Answer, work: Work | None = None, **parameters: object
) -> tuple[dict, dict[Cell, int]]:
    """Prove that no other plan is as good; where one is, return the one with earlier visits in the first lines.

    The plan's value is a bound on the objective itself: on a variable beside it the linear relaxation would not use it.
    Where the other costs more than the model says, its cells that do are returned as well.
    """
    plan, work = answer.visits, Work() if work is None else work
    cells = sorted(plan, key=lambda cell: (lines[cell[0]].task_id, lines[cell[0]].period, cell[1]))
    model.solver_model.add(_aim(model) <= answer.value)
    model.solver_model.add(_another(model, plan) >= 2)
    model.solver_model.clear_hints()
    while True:
        other = minimise(model, _aim(model), work, **parameters)
        far = model.beyond(other.visits) if other is not None else {}
        if other is None or far:
            return plan, far
        first = next(cell for cell in cells if other.visits[cell] != plan[cell])
        if other.visits[first] > plan[first]:
            plan = other.visits
        model.solver_model.add(_another(model, other.visits) >= 2)


def _another(model: Model, plan: Mapping[Cell, int]) -> LinearExprT:
    """Return an expression that is at least two where a plan is another: a line has more in one cell, less in one.

    One row of the steps, which the linear relaxation feels. It takes a cell's steps in their order: out of order, the
    same visits cost more than the bound on the objective lets pass.
    """
    apart: list[LinearExprT] = []
    for cell, parts in model.parts.items():
        for part in parts:
            now = part.of(plan[cell])
            if now and part.most is None:
                fewer, more = model.solver_model.new_bool_var(""), model.solver_model.new_bool_var("")
                model.solver_model.add(part.variable < now).only_enforce_if(fewer)
                model.solver_model.add(part.variable > now).only_enforce_if(more)
                apart += [fewer, more]
            else:
                apart.append(1 - part.variable if now else part.variable)
    return sum(apart)
