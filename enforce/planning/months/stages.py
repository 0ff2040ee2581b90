"""The stages of a plan (求解步骤): overload, moves, load, closeness; each settled before the next, each with its proof.

Teams that share no task are solved apart: what they do not share cannot matter to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from enforce.planning.months.exact import (
    MILLI,
    WHOLE,
    Answer,
    Capacity,
    Cell,
    Limits,
    Line,
    Span,
    build,
    closest,
    minimise,
)
from enforce.planning.months.level import Demand, level_bound, locked, next_load, rooms
from enforce.words.numbers import HALVES
from enforce.words.problems import Impossible, Unsolved
from enforce.words.terms import Stage

NOTHING = {"value": 0, "bound": 0, "proved": True}


def solve(
    lines: Sequence[Line], capacity: Capacity, spans: Sequence[Span] = ()
) -> tuple[dict[Cell, int], pd.DataFrame]:
    """Return visits by cell, and the proof: one row per stage and team (stage as in terms.Stage, scope, value, bound,
    proved).

    Impossible when no plan at all keeps to the spans, also where there is nothing left that could fill them.
    """
    plan: dict[Cell, int] = {}
    proof: list[dict] = []
    known = {line.task_id for line in lines}
    if any(span.least and not span.tasks & known for span in spans):
        raise Impossible
    for teams, places in groups(lines, spans):
        members = [lines[place] for place in places]
        answer, stages = settle(members, {team: capacity[team] for team in teams}, spans_on(members, spans))
        plan |= {(places[place], month): visits for (place, month), visits in answer.visits.items()}
        proof += stages
    return plan, pd.DataFrame(proof, columns=["stage", "scope", "value", "bound", "proved"])


def groups(lines: Sequence[Line], spans: Sequence[Span] = ()) -> list[tuple[list[str], list[int]]]:
    """Return the teams that share tasks or spans, with the places of their lines: one pair per group."""
    pairs: list[tuple[set, list[int]]] = []
    for place, line in enumerate(lines):
        shared = (n for n, span in enumerate(spans) if line.task_id in span.tasks)
        ties = {line.lead, *(team for team, _ in line.efforts), *shared}
        places = [place]
        for group in [group for group in pairs if group[0] & ties]:
            pairs.remove(group)
            ties, places = ties | group[0], group[1] + places
        pairs.append((ties, places))
    return [(sorted(tie for tie in ties if isinstance(tie, str)), sorted(places)) for ties, places in pairs]


def spans_on(lines: Sequence[Line], spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans that bind any of the lines."""
    codes = {line.task_id for line in lines}
    return tuple(span for span in spans if span.tasks & codes)


def settle(lines: Sequence[Line], capacity: Capacity, spans: tuple[Span, ...] = ()) -> tuple[Answer, list[dict]]:
    """Settle the stages of one group; Unsolved says what is proved when a search ends without a plan."""
    levels = {team: level_bound(demands(lines, team), capacity[team]) for team in capacity}
    try:
        return _settled(lines, capacity, Limits(levels, spans=spans))
    except Impossible:
        raise
    except Unsolved as error:
        bounds = "，".join(f"{team}最高负荷不低于 {float(level):.1%}" for team, level in levels.items())
        short = _short(lines, capacity) / HALVES
        raise Unsolved(f"{error}。已证明：{bounds}；超负荷不少于 {short:.12g} 人日") from error


def _settled(lines: Sequence[Line], capacity: Capacity, limits: Limits) -> tuple[Answer, list[dict]]:
    """Settle one stage after the other; the usual case, every team at its bound and none overloaded, is one model."""
    overload, levels, answer = NOTHING, limits.levels, None
    moves = any(line.published is not None for line in lines)
    if not moves and all(level <= 1 for level in levels.values()):
        answer = closest(lines, capacity, limits)
    if answer is None:
        overload = _least_overload(lines, capacity, limits)
        limits = replace(limits, overload=overload["value"])
        moves = _least(lines, capacity, replace(limits, levels=None), "moves", 0) if moves else None
        limits = replace(limits, moves=moves["value"] if moves else None)
        levels = raised(lines, capacity, limits)
        answer = _possible(closest(lines, capacity, replace(limits, levels=levels)))
    return answer, _proof("、".join(capacity), overload, moves, levels, answer)


def _short(lines: Sequence[Line], capacity: Capacity) -> int:
    """Return half-days that no plan can place within capacity, by the cuts of each team."""
    cuts = (locked(demands(lines, team), capacity[team]) for team in capacity)
    return sum(cut.need - cut.room for cut in cuts if cut is not None)


def demands(lines: Sequence[Line], team: str) -> list[Demand]:
    """Return what the lines ask of one team."""
    return [
        Demand(line.months, line.visits, effort) for line in lines for member, effort in line.efforts if member == team
    ]


def _least_overload(lines: Sequence[Line], capacity: Capacity, limits: Limits) -> dict:
    """Return the least overload in half-days: none when a plan within capacity exists, else minimised."""
    free = Limits(spans=limits.spans)
    if all(level <= 1 for level in limits.levels.values()) and exists(lines, capacity, free):
        return NOTHING
    return _least(lines, capacity, replace(free, overload=None), "overload", _short(lines, capacity))


def _least(lines: Sequence[Line], capacity: Capacity, limits: Limits, what: str, bound: int) -> dict:
    model = build(lines, capacity, limits, aim=False)
    answer = _possible(minimise(model, getattr(model, what)))
    best = max(bound, answer.bound)
    return {"value": answer.value, "bound": best, "proved": answer.proved or answer.value == best}


def _possible(answer: Answer | None) -> Answer:
    """Return an answer there is; Impossible for none."""
    if answer is None:
        raise Impossible
    return answer


def exists(lines: Sequence[Line], capacity: Capacity, limits: Limits) -> bool:
    """Tell whether any plan keeps to the limits; with all of the model in the linear bound a "no" comes at once."""
    return minimise(build(lines, capacity, limits, aim=False), 0, **WHOLE) is not None


def raised(lines: Sequence[Line], capacity: Capacity, limits: Limits) -> dict[str, Fraction]:
    """Return the lowest loads a plan attains, the bounds where it can: team by team, the highest bound first."""
    bounds, ceiling = limits.levels, _ceiling(lines, capacity)
    levels = {team: max(bound, ceiling) for team, bound in bounds.items()}
    for team in sorted(capacity, key=lambda team: (-bounds[team], team)):

        def fits(load: Fraction, team: str = team) -> bool:
            return exists(lines, capacity, replace(limits, levels={**levels, team: load}))

        months = list(rooms(demands(lines, team), capacity[team]).values())
        levels[team] = lowest(fits, bounds[team], levels[team], lambda load, months=months: next_load(load, months))
    return levels


def _ceiling(lines: Sequence[Line], capacity: Capacity) -> Fraction:
    """Return a load that no plan exceeds: everything in the smallest month."""
    need = sum(line.visits * effort for line in lines for _, effort in line.efforts)
    return Fraction(need, min(max(room, 1) for months in capacity.values() for room in months.values()))


def lowest(
    fits: Callable[[Fraction], bool],
    bound: Fraction,
    ceiling: Fraction,
    following: Callable[[Fraction], Fraction | None],
) -> Fraction:
    """Return the least load that fits: from the bound upwards in doubling strides, then bisected.

    Only loads at which some month holds one visit more can matter, so the search is over those and ends exactly.

    >>> lowest(lambda load: load >= 7, Fraction(2), Fraction(20), lambda load: load + 1)
    Fraction(7, 1)
    """
    loads, stride = [bound], 1
    while not fits(loads[-1]):
        if loads[-1] >= ceiling:
            raise Impossible
        for _ in range(stride):
            loads.append(following(loads[-1]) or ceiling)
        stride *= 2
    low, high = max(len(loads) - 1 - stride // 2, 0), len(loads) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(loads[middle]) else (middle + 1, high)
    return loads[high]


def _proof(scope: str, overload: Mapping, moves: Mapping | None, levels: Mapping, answer: Answer) -> list[dict]:
    stages = [_row(Stage.OVERLOAD, scope, overload, HALVES)]
    if moves:
        stages.append(_row(Stage.MOVES, scope, moves))
    for team, level in levels.items():
        stages.append(_row(Stage.LOAD, team, {"value": float(level), "bound": float(level), "proved": True}))
    distance = {"value": answer.value, "bound": answer.bound, "proved": answer.proved}
    stages.append(_row(Stage.DISTANCE, scope, distance, MILLI))
    stages.append(_row(Stage.ONLY, scope, {"value": 1, "bound": 1, "proved": answer.proved}))
    return stages


def _row(stage: Stage, scope: str, result: Mapping, unit: int = 1) -> dict:
    figures = {name: result[name] / unit for name in ("value", "bound")}
    return {"stage": stage, "scope": scope, **figures, "proved": result["proved"]}
