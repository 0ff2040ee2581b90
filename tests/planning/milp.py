"""The same plan by another solver: the textbook model in HiGHS, one stage after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import highspy

from enforce.planning.months.exact import MILLI, Line, Span, targets
from enforce.words.numbers import COMFORTABLE_LOAD
from tests.planning import small

CLOSE = 1e-6  # of a sum of loads: above the solver's noise, far below what two plans can differ by


@dataclass(frozen=True)
class Optimum:
    """The best values of each stage: half-days, visits, loads from the highest down, squares of visits."""

    overload: float
    moves: float
    loads: list[float]
    distance: float


def optimum(
    lines: Sequence[Line],
    rooms: Mapping[str, Mapping[int, int]],
    spans: Sequence[Span] = (),
    comfortable: float = COMFORTABLE_LOAD,
) -> Optimum | None:
    """Minimise overload, moves, the loads from the highest down and the distance in turn; None where nothing keeps to
    the spans."""
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 1e-4)
    model.setOptionValue("threads", 1)
    visits = {
        (n, month): model.addIntegral(lb=0, ub=line.visits) for n, line in enumerate(lines) for month in line.months
    }
    for n, line in enumerate(lines):
        model.addConstr(model.qsum(visits[n, month] for month in line.months) == line.visits)
    if not _kept(model, lines, visits, spans):
        return None
    model.run()
    if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    levels = {team: model.addVariable(lb=comfortable) for team in small.teams_of(lines)}
    excess = []
    for team, months in rooms.items():
        for month, room in months.items():
            need = [
                e * visits[n, month]
                for n, x in enumerate(lines)
                if month in x.months
                for t, e in x.efforts
                if t == team
            ]
            if need:
                excess.append(model.addVariable(lb=0))
                model.addConstr(model.qsum(need) - excess[-1] <= room)
                model.addConstr(model.qsum(need) - max(room, 1) * levels[team] <= 0)
    overload, moves = (_held(model, parts) for parts in (excess, _moves(model, lines, visits)))
    loads = _from_the_highest(model, list(levels.values()))
    return Optimum(overload, moves, loads, _least(model, _distance(model, lines, rooms, visits)))


def _from_the_highest(model: Any, levels: list) -> list[float]:
    """Make the highest load least, then the sum of the two highest, of three, and so on; return load by load.

    The sum of the n highest is the least of n·r + what loads exceed r by, over all r.
    """
    sums = [0.0]
    for n in range(1, len(levels) + 1):
        middle, beyond = model.addVariable(lb=0), [model.addVariable(lb=0) for _ in levels]
        for over, level in zip(beyond, levels, strict=True):
            model.addConstr(over - level + middle >= 0)
        parts = [n * middle, *beyond]
        sums.append(_least(model, parts))
        model.addConstr(model.qsum(parts) <= sums[-1] + CLOSE)
    return [after - before for before, after in pairwise(sums)]


def _kept(model: Any, lines: Sequence[Line], visits: Mapping, spans: Sequence[Span]) -> bool:
    """Keep to the limits; False where one asks for visits that no cell could hold."""
    for span in spans:
        inside = [x for (n, month), x in visits.items() if month in span.months and lines[n].task_id in span.tasks]
        if inside:
            most = highspy.kHighsInf if span.most is None else span.most
            model.addConstr(model.qsum(inside) >= span.least)
            model.addConstr(model.qsum(inside) <= most)
        elif span.least:
            return False
    return True


def _held(model: Any, parts: list) -> int:
    """Minimise a sum that is a whole number and hold it there: half a one above, out of reach of the tolerances."""
    value = round(_least(model, parts))
    if parts:
        model.addConstr(model.qsum(parts) <= value + 0.5)
    return value


def _least(model: Any, parts: list) -> float:
    """Return the least value of a sum."""
    if not parts:
        return 0.0
    model.minimize(model.qsum(parts))
    status = model.getModelStatus()
    assert status == highspy.HighsModelStatus.kOptimal, status
    return model.getObjectiveValue()


def _moves(model: Any, lines: Sequence[Line], visits: Mapping) -> list:
    gone = []
    for n, line in enumerate(lines):
        costs = line.move_costs or (1,) * len(line.months)
        for month, before, cost in zip(line.months, line.published or (), costs, strict=False):
            out = model.addVariable(lb=0)
            model.addConstr(out + visits[n, month] >= before)
            gone.append(cost * out)
    return gone


def _distance(model: Any, lines: Sequence[Line], rooms: Mapping, visits: Mapping) -> list:
    """Return the squares of the distances, by the line through each two whole numbers next to each other."""
    off = []
    for n, line in enumerate(lines):
        for month, milli in zip(line.months, targets(line, rooms[line.lead]), strict=True):
            off.append(model.addVariable(lb=0))
            target = milli / MILLI
            for count in range(line.visits):
                steeper = 2 * (count - target) + 1
                model.addConstr(off[-1] - steeper * visits[n, month] >= (count - target) ** 2 - steeper * count)
    return off
