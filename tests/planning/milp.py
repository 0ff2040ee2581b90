"""The same plan by another solver: the textbook model in HiGHS, one stage after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy

from enforce.planning.exact import MILLI, Line, targets
from tests.planning import small

SLACK = 1e-6


@dataclass(frozen=True)
class Optimum:
    """The best values of each stage: half-days, visits, loads by team, thousandths of a visit."""

    overload: float
    moves: float
    levels: dict[str, float]
    distance: float


def optimum(lines: Sequence[Line], rooms: Mapping[str, Mapping[int, int]]) -> Optimum:
    """Minimise overload, moves, each team's load and the distance in turn."""
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 1e-4)
    visits = {
        (n, month): model.addIntegral(lb=0, ub=line.visits) for n, line in enumerate(lines) for month in line.months
    }
    for n, line in enumerate(lines):
        model.addConstr(model.qsum(visits[n, month] for month in line.months) == line.visits)
    levels = {team: model.addVariable(lb=0) for team in small.order_of(lines, rooms)}
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
    overload = _least(model, excess)
    moves = _least(model, _moves(model, lines, visits))
    lowest = {team: _least(model, [level]) for team, level in levels.items()}
    return Optimum(overload, moves, lowest, _least(model, _distance(model, lines, rooms, visits)))


def _least(model: Any, parts: list) -> float:
    """Minimise a sum and hold it there."""
    if not parts:
        return 0.0
    total = model.qsum(parts)
    model.minimize(total)
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    value = model.getObjectiveValue()
    model.addConstr(total <= value + SLACK)
    return value


def _moves(model: Any, lines: Sequence[Line], visits: Mapping) -> list:
    gone = []
    for n, line in enumerate(lines):
        for month, before in zip(line.months, line.published or (), strict=bool(line.published)):
            gone.append(model.addVariable(lb=0))
            model.addConstr(gone[-1] + visits[n, month] >= before)
    return gone


def _distance(model: Any, lines: Sequence[Line], rooms: Mapping, visits: Mapping) -> list:
    off = []
    for n, line in enumerate(lines):
        for month, target in zip(line.months, targets(line, rooms[line.lead]), strict=True):
            off.append(model.addVariable(lb=0))
            model.addConstr(off[-1] - MILLI * visits[n, month] >= -target)
            model.addConstr(off[-1] + MILLI * visits[n, month] >= target)
    return off
