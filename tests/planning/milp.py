"""The same plan by another solver: the textbook model in HiGHS, one stage after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import highspy

from enforce.planning.months.exact import MILLI, Line, Span, targets
from tests.planning import small

SLACK = 1e-3  # half-days: far above the solver's noise, far below one


@dataclass(frozen=True)
class Optimum:
    """The best values of each stage: half-days, visits, loads by team, thousandths of a visit."""

    overload: float
    moves: float
    levels: dict[str, float]
    distance: float


def optimum(
    lines: Sequence[Line], rooms: Mapping[str, Mapping[int, int]], spans: Sequence[Span] = ()
) -> Optimum | None:
    """Minimise overload, moves, each team's load and the distance in turn; None where nothing keeps to the spans."""
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
    levels = {team: model.addVariable(lb=0) for team in small.order_of(lines, rooms)}
    needs: dict[str, list] = {team: [] for team in levels}
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
                needs[team].append((need, max(room, 1)))
    overload, moves = (_held(model, parts) for parts in (excess, _moves(model, lines, visits)))
    lowest = {}
    for team, level in levels.items():
        lowest[team] = _least(model, [level])
        for need, room in needs[team]:
            model.addConstr(model.qsum(need) <= floor(lowest[team] * room + SLACK) + 0.5)
    return Optimum(overload, moves, lowest, _least(model, _distance(model, lines, rooms, visits)))


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
    off = []
    for n, line in enumerate(lines):
        for month, target in zip(line.months, targets(line, rooms[line.lead]), strict=True):
            off.append(model.addVariable(lb=0))
            model.addConstr(off[-1] - MILLI * visits[n, month] >= -target)
            model.addConstr(off[-1] + MILLI * visits[n, month] >= target)
    return off
