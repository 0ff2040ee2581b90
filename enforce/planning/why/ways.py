"""The ways out (办法) of a plan that does not fit: each one another plan, solved for its least price and verified."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import nan

import pandas as pd

from enforce.planning.months.exact import (
    WHOLE,
    Answer,
    Capacity,
    Cell,
    Limits,
    Line,
    Model,
    Span,
    Work,
    build,
    closest,
    minimise,
    need_of,
)
from enforce.planning.months.loads import COMFORTABLE
from enforce.planning.months.stages import solve
from enforce.planning.why.shortage import least_overload, shortages
from enforce.words.months import MONTHS, months_text
from enforce.words.numbers import HALVES
from enforce.words.problems import Unsolved
from enforce.words.terms import Stage

OUTSIDE = 13  # a month after the year: visits put there are not made this year
WIDE = 10**5  # half-days no plan comes near
NONE = "没有办法"
UNSETTLED = "在限定的计算量内没有查明"
WAYS = ["way", "message", "visits", "days"]
KINDS = ("移到允许月份之后", "动用留有余地", "借用人员", "缩短每次时间", "调减家次")
MOST = 3
HALF, EACH = 0.5, 0.2  # of the computing that is left


def ways_out(
    lines: Sequence[Line],
    room: Capacity,
    *,
    reserve: Capacity,
    officers: Mapping[str, int],
    names: Mapping[str, str],
    spans: Sequence[Span] = (),
    comfortable: Fraction = COMFORTABLE,
    most: int = MOST,
) -> pd.DataFrame:
    """Return at most three ways to make the plan fit, cheapest first: way, message, visits (家次), days (人日).

    `reserve` is what is set aside by team and month (half-days), `officers` how many go by task, `spans` the limits
    that every way keeps to. Each way was solved for its least price, and the changed plan solved again without
    overload; a way that cannot do it is left out, one that the computing did not settle comes last and says so. Where
    the limits rule out every plan, the one row names them.
    """
    bounds, work = tuple(spans), Work()
    contrary = conflict(lines, bounds)
    if contrary:
        return pd.DataFrame([(NONE, _contrary(contrary, lines, names), 0, 0.0)], columns=WAYS)
    tight = {line.task_id for shortage in shortages(lines, room) for line in shortage.lines}
    if not tight and not least_overload(lines, room, bounds, work.part(1 / len(KINDS))):
        return pd.DataFrame(columns=WAYS)
    tight = tight or {line.task_id for line in lines}
    tried = [
        partial(_move, lines, room, names, bounds),
        partial(_use_reserve, lines, room, reserve, bounds),
        partial(_borrow, lines, room, comfortable, bounds),
        partial(_shorten, lines, room, bounds, tight=tight, officers=officers, names=names),
        partial(_drop, lines, room, names, bounds),
    ]
    rows = [_tried(kind, way, work.part(1 / n)) for kind, way, n in zip(KINDS, tried, (5, 4, 3, 2, 1), strict=True)]
    ways = sorted((way for way in rows if way is not None and way[3] == way[3]), key=lambda way: way[3])
    return pd.DataFrame([*ways[:most], *(way for way in rows if way is not None and way[3] != way[3])], columns=WAYS)


def _tried(kind: str, way: Callable[..., tuple | None], work: Work) -> tuple | None:
    """Return the row of a way; one without a price where the computing ended before it was settled."""
    try:
        return way(work=work)
    except Unsolved:
        return kind, UNSETTLED, 0, nan


def ways_note(ways: pd.DataFrame, mark: str = "") -> str:
    """Return why the other kinds of ways are not in the table, after the mark of every table.

    >>> ways_note(pd.DataFrame({"way": ["借用人员", "调减家次"]}))
    '也试过移到允许月份之后、动用留有余地、缩短每次时间，单独用都排不下'
    """
    others = "、".join(kind for kind in KINDS if kind not in set(ways["way"]))
    note = ""
    if len(ways) and NONE not in set(ways["way"]):
        note = f"也试过{others}，" + ("单独用都排不下" if len(ways) < MOST else "更费，或单独用排不下")
    return "　".join(filter(None, [mark, note]))


def conflict(lines: Sequence[Line], spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return limits of which no plan keeps all, overloaded or not, though it could without any one of them; or none."""
    teams = {team for line in lines for team in (line.lead, *(member for member, _ in line.efforts))}
    months = {month for line in lines for month in line.months}
    wide = {team: dict.fromkeys(months, WIDE) for team in teams}

    def possible(bounds: Sequence[Span]) -> bool:
        return _fitting(lines, wide, tuple(bounds))

    if not spans or possible(spans):
        return ()
    contrary = list(spans)
    for span in spans:
        fewer = [other for other in contrary if other is not span]
        contrary = contrary if possible(fewer) else fewer
    return tuple(contrary)


def _contrary(spans: Sequence[Span], lines: Sequence[Line], names: Mapping[str, str]) -> str:
    bounds = "、".join(_bound(span, lines, names) for span in spans)
    return f"没有任何办法：{bounds}，不能同时做到；先改其中一条"


def _bound(span: Span, lines: Sequence[Line], names: Mapping[str, str]) -> str:
    """Return a limit with its figures: what it asks for, and how many visits are there for these months at all."""
    tasks = "全部事项" if len(span.tasks) > 1 else names.get(min(span.tasks), min(span.tasks))
    there = sum(line.visits for line in lines if line.task_id in span.tasks and span.months & set(line.months))
    bounds = [f"最少 {span.least} 家次"] * (span.least > 0) + [f"最多 {span.most} 家次"] * (span.most is not None)
    return f"{tasks} {months_text(sorted(span.months))}{'、'.join(bounds)}（可排在这里的有 {there} 家次）"


def _fitting(lines: Sequence[Line], room: Capacity, spans: tuple[Span, ...], work: Work | None = None) -> bool:
    return minimise(build(lines, room, Limits(spans=spans), aim=False), 0, work, **WHOLE) is not None


def _elsewhere(
    lines: Sequence[Line], room: Capacity, months: Sequence[int], spans: tuple[Span, ...], work: Work
) -> list | None:
    """Return (line, month, visits) that must go to other months, by the least half-days moved; None if that fails."""
    wider = [replace(line, months=(*line.months, *_later(line, months, room)), published=None) for line in lines]
    model = build(wider, room, Limits(spans=spans), aim=False)
    new = [(n, m) for n, line in enumerate(wider) for m in line.months if m not in lines[n].months]
    weight = {n: sum(effort for _, effort in line.efforts) for n, line in enumerate(lines)}
    answer = _best(model, sum(weight[n] * model.visits[n, m] for n, m in new), work) if new else None
    if answer is None:
        return None
    moved = [(lines[n], m, answer.visits[n, m]) for n, m in new if answer.visits[n, m]]
    return moved if _fitting(_changed(lines, moved), room, spans, work) else None


def _best(model: Model, price: object, work: Work) -> Answer | None:
    """Return the plan of least price, of equal ones the earliest: the same for any order of the lines."""
    return _proved(minimise(model, price * model.spread + model.lateness, work.part(HALF)))


def _proved(answer: Answer | None) -> Answer | None:
    """Return an answer that is the best or that there is none; Unsolved for one that is not proved."""
    if answer is not None and not answer.proved:
        raise Unsolved(UNSETTLED)
    return answer


def _later(line: Line, months: Sequence[int], room: Capacity) -> list[int]:
    return [month for month in months if month > line.months[-1] and month in room[line.lead]]


def _changed(lines: Sequence[Line], moved: Sequence[tuple[Line, int, int]]) -> list[Line]:
    """Return the lines with the moved visits on lines of their own; what goes outside the year is gone."""
    staying = []
    for line in lines:
        gone = sum(visits for other, _, visits in moved if other is line)
        staying.append(replace(line, visits=line.visits - gone, published=None))
    extra = [
        replace(line, months=(month,), visits=visits, published=None)
        for line, month, visits in moved
        if month != OUTSIDE
    ]
    return [line for line in (*staying, *extra) if line.visits]


def _price(moved: Sequence[tuple[Line, int, int]]) -> tuple[int, float]:
    days = sum(visits * sum(effort for _, effort in line.efforts) for line, _, visits in moved) / HALVES
    return sum(visits for _, _, visits in moved), days


def _name(lines: Sequence[Line], line: Line, names: Mapping[str, str]) -> str:
    """Return what a planner calls a line: the task's name, and its months where the task has several periods."""
    several = sum(other.task_id == line.task_id for other in lines) > 1
    return f"{names[line.task_id]}（{months_text(line.months)}）" if several else names[line.task_id]


def _move(
    lines: Sequence[Line], room: Capacity, names: Mapping[str, str], spans: tuple[Span, ...], work: Work
) -> tuple | None:
    moved = _elsewhere(lines, room, MONTHS, spans, work)
    if not moved:
        return None
    steps = "、".join(f"{_name(lines, line, names)} {visits} 家次移到 {month} 月" for line, month, visits in moved)
    return ("移到允许月份之后", f"把{steps}", *_price(moved))


def _drop(
    lines: Sequence[Line], room: Capacity, names: Mapping[str, str], spans: tuple[Span, ...], work: Work
) -> tuple | None:
    wide = {team: {**months, OUTSIDE: WIDE} for team, months in room.items()}
    moved = _elsewhere(lines, wide, (OUTSIDE,), spans, work)
    if not moved:
        return None
    steps = "、".join(f"{_name(lines, line, names)} {visits} 家次" for line, _, visits in moved)
    return ("调减家次", f"调减{steps}", *_price(moved))


def _within(
    lines: Sequence[Line], room: Capacity, spare: Capacity, spans: tuple[Span, ...], work: Work
) -> Mapping[Cell, int] | None:
    """Return the closest plan of least overload that overloads no month beyond what is spare; None where none does."""
    model = build(lines, room, Limits(overload=None, spare=spare, spans=spans), aim=False)
    least = _proved(minimise(model, model.overload, work.part(HALF), **WHOLE))
    if least is None:
        return None
    return closest(lines, room, Limits(overload=least.value, spare=spare, spans=spans), work, least.visits).visits


def _excess(
    lines: Sequence[Line], room: Capacity, plan: Mapping[Cell, int] | None
) -> dict[tuple[str, int], int] | None:
    """Return the half-days by which a plan overloads teams and months."""
    if plan is None:
        return None
    load = need_of(lines, plan)
    return {cell: load[cell] - room[cell[0]][cell[1]] for cell in load if load[cell] > room[cell[0]][cell[1]]}


def _with(room: Capacity, more: Mapping[tuple[str, int], int]) -> dict[str, dict[int, int]]:
    return {team: {m: halves + more.get((team, m), 0) for m, halves in months.items()} for team, months in room.items()}


def _excess_text(excess: Mapping[tuple[str, int], int]) -> str:
    return "、".join(
        f"{team} {month} 月 {halves / HALVES:.12g} 人日" for (team, month), halves in sorted(excess.items())
    )


def _use_reserve(
    lines: Sequence[Line], room: Capacity, reserve: Capacity, spans: tuple[Span, ...], work: Work
) -> tuple | None:
    lines = [replace(line, published=None) for line in lines]
    excess = _excess(lines, room, _within(lines, room, reserve, spans, work))
    if not excess or not _fitting(lines, _with(room, excess), spans, work):
        return None
    return ("动用留有余地", f"动用余地：{_excess_text(excess)}", 0, sum(excess.values()) / HALVES)


def _borrow(
    lines: Sequence[Line], room: Capacity, comfortable: Fraction, spans: tuple[Span, ...], work: Work
) -> tuple | None:
    lines = [replace(line, published=None) for line in lines]
    plan, proof = solve(lines, room, spans, comfortable, work.part(HALF))
    if not proof.loc[proof["stage"] == Stage.OVERLOAD, "proved"].all():
        raise Unsolved(UNSETTLED)
    excess = _excess(lines, room, plan)
    if not excess or not _fitting(lines, _with(room, excess), spans, work):
        return None
    return ("借用人员", f"借人：{_excess_text(excess)}", 0, sum(excess.values()) / HALVES)


def _shorten(
    lines: Sequence[Line],
    room: Capacity,
    spans: tuple[Span, ...],
    *,
    tight: set[str],
    officers: Mapping[str, int],
    names: Mapping[str, str],
    work: Work,
) -> tuple | None:
    """Return the cheapest single task whose visits, half a day shorter, make the plan fit; else all tight ones."""
    able = [code for code in sorted(tight) if _shorter(lines, {code}, officers) is not None]
    choices = [{code} for code in able] + ([set(able)] if len(able) > 1 else [])
    fitting = []
    for codes in choices:
        shorter = _shorter(lines, codes, officers)
        if shorter is not None and _fitting(shorter, room, spans, work.part(EACH)):
            count = sum(line.visits for line in lines if line.task_id in codes)
            saved = sum(line.visits * officers[line.task_id] for line in lines if line.task_id in codes) / HALVES
            fitting.append((saved, count, codes))
    if not fitting:
        return None
    saved, count, codes = min(fitting, key=lambda way: (way[0], sorted(way[2])))
    tasks = "、".join(names[code] for code in sorted(codes))
    return ("缩短每次时间", f"{tasks}每次少半天", count, saved)


def _shorter(lines: Sequence[Line], codes: set[str], officers: Mapping[str, int]) -> list[Line] | None:
    """Return the lines with the visits of some tasks half a day shorter; None when one would take no time."""
    changed = []
    for line in lines:
        if line.task_id in codes:
            lead = dict(line.efforts)[line.lead] - officers[line.task_id]
            if lead <= 0:
                return None
            line = replace(line, efforts=tuple((t, lead if t == line.lead else e) for t, e in line.efforts))  # noqa: PLW2901
        changed.append(replace(line, published=None))
    return changed
