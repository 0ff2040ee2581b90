"""The stages of a plan (求解步骤): overload, moves, load, closeness; each settled before the next, each with its proof.

Teams that share no task are solved apart: what they do not share cannot matter to each other. All of them draw on one
limit of computing, and a stage that it ends has the best plan so far and the bound proved so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import nan

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
    Work,
    build,
    minimise,
)
from enforce.planning.months.level import locked
from enforce.planning.months.loads import COMFORTABLE, Group, demands, lowered, settled
from enforce.planning.months.ties import closest
from enforce.words.numbers import HALVES
from enforce.words.problems import Impossible, Unsolved
from enforce.words.terms import Stage

NOTHING = {"value": 0, "bound": 0, "proved": True}
PROOF = ["stage", "team", "value", "bound", "proved", "comfortable_load"]
FIRST, LOADS = 0.5, 0.7  # the shares of the computing that is left, for a stage before others


def solve(
    lines: Sequence[Line],
    capacity: Capacity,
    spans: Sequence[Span] = (),
    comfortable: Fraction = COMFORTABLE,
    work: Work | None = None,
) -> tuple[dict[Cell, int], pd.DataFrame]:
    """Return visits by cell, and the proof: one row per stage and team (stage as in terms.Stage, scope, value, bound,
    proved, comfortable_load).

    A load not above `comfortable` is not lowered: its row has no bound, and the comfortable load instead. Impossible
    when no plan at all keeps to the spans, also where there is nothing left that could fill them.
    """
    plan: dict[Cell, int] = {}
    proof: list[dict] = []
    known = {line.task_id for line in lines}
    if any(span.least and not span.tasks & known for span in spans):
        raise Impossible
    work, ahead = Work() if work is None else work, len(lines)
    for teams, places in groups(lines, spans):
        members = [lines[place] for place in places]
        part, ahead = work.part(len(places) / ahead), ahead - len(places)
        room = {team: capacity[team] for team in teams}
        answer, stages = settle(Group(members, room, comfortable, part), spans_on(members, spans))
        plan |= {(places[place], month): visits for (place, month), visits in answer.visits.items()}
        proof += stages
    return plan, pd.DataFrame(proof, columns=PROOF)


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


def settle(group: Group, spans: tuple[Span, ...] = ()) -> tuple[Answer, list[dict]]:
    """Settle the stages of one group; Unsolved says what is proved when a search ends without a plan."""
    try:
        return _in_turn(group, Limits(spans=spans))
    except Impossible:
        raise
    except Unsolved as error:
        bounds = "，".join(f"{team}最高负荷不低于 {float(level):.1%}" for team, level in group.bounds.items())
        short = _short(group) / HALVES
        raise Unsolved(f"{error}。已证明：{bounds}；超负荷不少于 {short:.12g} 人日") from error


def _in_turn(group: Group, limits: Limits) -> tuple[Answer, list[dict]]:
    """Settle one stage after the other; the usual case, every team at its bound and none overloaded, is one model."""
    overload, moves, floors, answer = NOTHING, None, [], None
    published = any(line.published is not None for line in group.lines)
    if group.fits and not published:
        answer = _at_once(group, limits)
    if answer is None:
        overload, plan = least_overload(group, limits)
        limits = replace(limits, overload=overload["value"])
        if published:
            moves, plan = _least(group, limits, "moves", 0, plan)
            limits = replace(limits, moves=moves["value"])
        plan, floors = lowered(replace(group, work=group.work.part(LOADS)), limits, plan)
        limits = settled(limits, group.highest(plan), group.bounds, group.comfortable)
        answer = _possible(closest(group.lines, group.capacity, limits, group.work, plan))
    return answer, _proof(group, overload, moves, _load_rows(group, answer.visits, floors), answer)


def _at_once(group: Group, limits: Limits) -> Answer | None:
    """Return the closest plan with every team at its bound and none overloaded; None where that is not to be had."""
    levels = {team: max(level, group.comfortable) for team, level in group.bounds.items()}
    try:
        return closest(group.lines, group.capacity, replace(limits, levels=levels), group.work)
    except Unsolved:
        return None


def _short(group: Group) -> int:
    """Return half-days that no plan can place within capacity, by the cuts of each team."""
    cuts = (locked(demands(group.lines, team), room) for team, room in group.capacity.items())
    return sum(cut.need - cut.room for cut in cuts if cut is not None)


def least_overload(group: Group, limits: Limits) -> tuple[dict, Mapping[Cell, int]]:
    """Return the least overload in half-days (value, bound, proved) and a plan with it; Impossible for no plan."""
    if group.fits:
        plan, _ = group.plan_at(limits)
        if plan is not None:
            return NOTHING, plan
    return _least(group, replace(limits, overload=None), "overload", _short(group))


def _least(
    group: Group, limits: Limits, what: str, bound: int, plan: Mapping[Cell, int] | None = None
) -> tuple[dict, Mapping[Cell, int]]:
    """Return the least value of an expression of the model, not below a bound known before, and a plan with it."""
    model = build(group.lines, group.capacity, limits, aim=False)
    answer = _possible(minimise(model, getattr(model, what), group.work.part(FIRST), plan, **WHOLE))
    best = max(bound, answer.bound)
    return {"value": answer.value, "bound": best, "proved": answer.value == best}, answer.visits


def _possible(answer: Answer | None) -> Answer:
    """Return an answer there is; Impossible for none."""
    if answer is None:
        raise Impossible
    return answer


def _load_rows(group: Group, plan: Mapping[Cell, int], floors: Sequence[Fraction]) -> list[dict]:
    """Return the highest load of each team with its bound: the floor of the highest load, of the next, and so on.

    A load that is not above the comfortable one is not lowered and has no bound.
    """
    loads, bounds = group.highest(plan), group.bounds
    order = sorted(loads, key=lambda team: (-loads[team], -bounds[team], team))
    floor = dict(zip(order, floors, strict=False))
    rows = []
    for team, load in loads.items():
        row = {"stage": Stage.LOAD, "team": team, "value": float(load)}
        if group.comfortable and load <= group.comfortable:
            rows.append({**row, "bound": nan, "proved": True, "comfortable_load": float(group.comfortable)})
        else:
            bound = max(bounds[team], floor.get(team, Fraction(0)))
            rows.append({**row, "bound": float(bound), "proved": bound == load, "comfortable_load": nan})
    return rows


def _proof(group: Group, overload: Mapping, moves: Mapping | None, loads: Sequence[dict], answer: Answer) -> list[dict]:
    scope = "、".join(group.capacity)
    stages = [_row(Stage.OVERLOAD, scope, overload, HALVES)]
    if moves:
        stages.append(_row(Stage.MOVES, scope, moves))
    distance = {"value": answer.value, "bound": answer.bound, "proved": answer.value == answer.bound}
    alone = {"value": 1, "bound": 1, "proved": answer.proved}
    return [*stages, *loads, _row(Stage.DISTANCE, scope, distance, MILLI**2), _row(Stage.ONLY, scope, alone)]


def _row(stage: Stage, scope: str, result: Mapping, unit: int = 1) -> dict:
    figures = {name: result[name] / unit for name in ("value", "bound")}
    return {"stage": stage, "team": scope, **figures, "proved": result["proved"], "comfortable_load": nan}
