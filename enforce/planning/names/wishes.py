"""The wishes (愿望) for months by name: how many visits of each kind go to which month, by CP-SAT.

Visits of one line to units of one street that nothing else tells apart are a kind: their number in a month is one
variable. A unit with several visits is a kind of its own in each of its lines. The numbers of visits by line and month
are the plan's and never change. The wishes are one objective, each outweighing all after it; streets take turns over
the year, so that what is left is nearly a flow and is proved as quickly. The last search fixes ties, earlier months
first. Searches end by the solver's own deterministic time: an unproved answer is the same on every machine too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from enforce.planning.months.exact import QUICK, SETTINGS, WHOLE, Work
from enforce.words.problems import Unsolved
from enforce.words.terms import Wish

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar, LinearExprT

#: How much computing all searches may take together, in the solver's deterministic time, and of it the wishes.
WORK, SHARE = 8.0, 0.8
TICKET_BITS = 10
MOST = 2**58  # what an objective may come to: wishes that do not go into it together are settled in turn


class VisitKind(NamedTuple):
    """Visits that nothing tells apart: of a line, in a street ('' unnamed), to one unit ('' for those with one visit).

    `before` is the month they had (0: none), `wanted` the months they were drawn for (none: any), `first` the first
    month that keeps the gap to the last visit.
    """

    task_id: str
    street: str = ""
    unit_id: str = ""
    before: int = 0
    wanted: tuple[int, ...] = ()
    first: int = 0


Counts = Mapping[tuple[VisitKind, int], int]
Plan = Mapping[tuple[str, int], int]  # visits by task and month


class Settled(NamedTuple):
    """What came of a wish: its value (visits, breaches, entries or months, as its label says) and the proven bound."""

    wish: Wish
    value: int
    bound: int


@dataclass
class _Model:
    """The variables of CP-SAT: visits by kind and month with the most they can be, and the terms of each wish."""

    solver_model: CpModel
    visits: dict[tuple[VisitKind, int], IntVar] = field(default_factory=dict)
    most: dict[tuple[VisitKind, int], int] = field(default_factory=dict)
    terms: dict[Wish, list[LinearExprT]] = field(default_factory=lambda: defaultdict(list))
    ceiling: dict[Wish, int] = field(default_factory=lambda: defaultdict(int))
    entered: list[IntVar] = field(default_factory=list)

    def count(self, wish: Wish, term: LinearExprT, most: int) -> None:
        """Count a term, which comes to so much at most, for a wish."""
        self.terms[wish].append(term)
        self.ceiling[wish] += most


def settle_months(
    kinds: Mapping[VisitKind, int], plan: Plan, gap: int = 0, work: Work | None = None
) -> tuple[Counts, list[Settled]]:
    """Return the visits of each kind by month, and each wish with its value and bound, in their order.

    `kinds` has the number of visits of each; those of a line add up to its visits in `plan`. `gap` is the number of
    months from one entry at a unit to the next, 0 for none. Unsolved where the computing ends without any answer.

    >>> one = VisitKind("P01", "甲镇", first=4)
    >>> counts, wishes = settle_months({one: 2}, {("P01", 3): 1, ("P01", 5): 1})
    >>> counts[one, 3], counts[one, 5], [(wish.wish, wish.value, wish.bound) for wish in wishes]
    (1, 1, [(<Wish.GAP: 'gap'>, 1, 1)])
    """
    work = Work(WORK) if work is None else work
    model, settled = _build(dict(sorted(kinds.items())), plan, gap), []
    if not model.visits:
        return {}, settled
    for group in _objectives(model):
        settled += _settle_group(model, group, work.part(SHARE))
    return _earliest(model, work), settled


# --- the model ------------------------------------------------------------------------------------------------------


def _build(kinds: Mapping[VisitKind, int], plan: Plan, gap: int) -> _Model:
    from ortools.sat.python import cp_model

    model, cells = _Model(cp_model.CpModel()), defaultdict(list)
    months: dict[str, list[int]] = defaultdict(list)
    for task_id, month in sorted(cell for cell, visits in plan.items() if visits):
        months[task_id].append(month)
    for kind, visits in kinds.items():
        for month in months[kind.task_id]:
            most = model.most[kind, month] = min(visits, plan[kind.task_id, month])
            variable = model.visits[kind, month] = model.solver_model.new_int_var(0, most, "")
            cells[kind.task_id, month].append(variable)
        model.solver_model.add(sum(model.visits[kind, month] for month in months[kind.task_id]) == visits)
    for cell, variables in cells.items():
        model.solver_model.add(sum(variables) == plan[cell])
    turns = street_turns(kinds, plan)
    for (kind, month), visits in model.visits.items():
        for wish, cost in _costs(kind, month, turns):
            model.count(wish, cost * visits, cost * model.most[kind, month])
    _add_entries(model, gap)
    return model


def _costs(kind: VisitKind, month: int, turns: Mapping[str, tuple[int, int]]) -> Iterator[tuple[Wish, int]]:
    """Yield what a visit of a kind costs in a month, by wish."""
    if kind.before not in (0, month):
        yield Wish.STAYS, 1
    if kind.wanted and month not in kind.wanted:
        yield Wish.DRAWN, 1
    if month < kind.first:
        yield Wish.GAP, 1
    first, last = turns.get(kind.street, (month, month))
    if not first <= month <= last:
        yield Wish.STREET, max(first - month, month - last)


def _add_entries(model: _Model, gap: int) -> None:
    """Count entries at units with several visits, those too near to each other, and visits of one line in one month."""
    solver_model, parts = model.solver_model, defaultdict(lambda: defaultdict(list))
    for (kind, month), most in model.most.items():
        if kind.unit_id:
            parts[kind.unit_id][month].append((model.visits[kind, month], most))
            if most > 1:
                again = solver_model.new_int_var(0, most - 1, "")
                solver_model.add(again >= model.visits[kind, month] - 1)
                model.count(Wish.GAP, again, most - 1)
    for months in parts.values():
        entered = {month: solver_model.new_bool_var("") for month in sorted(months)}
        model.entered += entered.values()
        for month, entry in entered.items():
            model.count(Wish.TOGETHER, entry, 1)
            for visits, most in months[month]:
                solver_model.add(visits <= most * entry)
        for month, near in ((one, two) for one in entered for two in entered if 0 < two - one < gap):
            breach = solver_model.new_bool_var("")
            solver_model.add(entered[month] + entered[near] - 1 <= breach)
            model.count(Wish.GAP, breach, 1)


def street_turns(kinds: Mapping[VisitKind, int], plan: Plan) -> dict[str, tuple[int, int]]:
    """Return the turn (轮次) of each street: its first and last month when the streets, by name, share the visits.

    >>> kinds = {VisitKind("P01", "甲镇"): 3, VisitKind("P01", "乙镇"): 1}
    >>> street_turns(kinds, {("P01", 3): 1, ("P01", 5): 1, ("P01", 8): 2})
    {'乙镇': (3, 3), '甲镇': (5, 8)}
    """
    months = sorted(month for (_, month), visits in plan.items() for _ in range(visits))
    visits: dict[str, int] = defaultdict(int)
    for kind, count in kinds.items():
        visits[kind.street] += count if kind.street else 0
    turns, before, whole = {}, 0, sum(visits.values())
    for street in sorted(street for street, count in visits.items() if count):
        ends = before, before + visits[street] - 1
        first, last = (months[place * len(months) // whole] for place in ends)
        turns[street], before = (first, last), ends[1] + 1
    return turns


# --- the searches ---------------------------------------------------------------------------------------------------


def _objectives(model: _Model) -> list[list[Wish]]:
    """Return the wishes that count anything, in their order, as many together as go into one objective."""
    groups, size = [], MOST
    for wish in (wish for wish in Wish if model.terms[wish]):
        size *= model.ceiling[wish] + 1
        if size >= MOST:
            groups.append([])
            size = model.ceiling[wish] + 1
        groups[-1].append(wish)
    return groups


def _settle_group(model: _Model, group: Sequence[Wish], work: Work) -> list[Settled]:
    """Settle some wishes at once: each outweighs all after it. What came of them is kept to from then on."""
    weights, weight = {}, 1
    for wish in reversed(group):
        weights[wish], weight = weight, weight * (model.ceiling[wish] + 1)
    expressions = {wish: sum(model.terms[wish]) for wish in group}
    solver = _least_of(model.solver_model, sum(weights[wish] * expressions[wish] for wish in group), work)
    bound, settled = max(solver.response_proto.inner_objective_lower_bound, 0), []
    for wish in group:
        value = solver.value(expressions[wish])
        settled.append(Settled(wish, value, min(bound // weights[wish], value)))
        bound = bound - value * weights[wish] if settled[-1].bound == value else 0
        model.solver_model.add(expressions[wish] <= value)
    return settled


def _earliest(model: _Model, work: Work) -> Counts:
    """Return the earliest plan with the entries that were met, as far as the computing goes."""
    hint = model.solver_model.proto.solution_hint
    values = dict(zip(hint.vars, hint.values, strict=True))
    for entry in model.entered:
        if not values.get(entry.index, 1):
            model.solver_model.add(entry == 0)
    late = sum(_lateness(kind, month) * visits for (kind, month), visits in model.visits.items())
    solver = _least_of(model.solver_model, late, work)
    counts = {cell: solver.value(visits) for cell, visits in model.visits.items()}
    return {cell: count for cell, count in counts.items() if count}


def _lateness(kind: VisitKind, month: int) -> int:
    """Return the weight of a visit of a kind in a month: later ones weigh more, a ticket makes equal sums rare."""
    ticket = sha256("\n".join((*map(str, kind), f"{month}")).encode()).digest()
    return (month << TICKET_BITS) + (int.from_bytes(ticket[:2]) >> (16 - TICKET_BITS))


def _least_of(solver_model: CpModel, expression: LinearExprT, work: Work) -> CpSolver:
    """Return the solver with the least value of an expression that it met; the next search begins from there."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    for name, value in {**SETTINGS, **QUICK, **WHOLE, "max_deterministic_time": work.left}.items():
        setattr(solver.parameters, name, value)
    solver_model.minimize(expression)
    status = solver.solve(solver_model)
    work.spend(solver.deterministic_time)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Unsolved("点名到月：在限定的计算量内没有得到安排")
    solver_model.clear_hints()
    for place in range(len(solver_model.proto.variables)):
        variable = solver_model.get_int_var_from_proto_index(place)
        solver_model.add_hint(variable, solver.value(variable))
    return solver
