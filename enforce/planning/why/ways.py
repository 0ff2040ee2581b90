"""The ways out (办法) of a plan that does not fit: each one another plan, solved for its least price and verified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
#: More of a team's visits than this are not dropped: without nearly all of them nothing is left of its plan.
MOST_DROPPED = Fraction(4, 5)
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
    overload; a way that cannot do it is left out, and so is one that drops nearly all of a team's visits; one that the
    computing did not settle comes last and says so. Where the limits rule out every plan, the one row names them.
    """
    lines, bounds, work = [replace(line, published=None) for line in lines], tuple(spans), Work()
    contrary = conflict(lines, bounds)
    if contrary:
        return pd.DataFrame([(NONE, _contrary(contrary, lines, names), 0, 0.0)], columns=WAYS)
    tight = {line.task_id for shortage in shortages(lines, room) for line in shortage.lines}
    if not tight and not least_overload(lines, room, bounds, work.part(1 / len(KINDS))):
        return pd.DataFrame(columns=WAYS)
    short = _Short(lines, room, bounds, names)
    tried = [
        partial(_move, short),
        partial(_use_reserve, short, reserve),
        partial(_borrow, short, comfortable),
        partial(_shorten, short, tight or {line.task_id for line in lines}, officers),
        partial(_drop, short),
    ]
    rows = [_tried(kind, way, work.part(1 / n)) for kind, way, n in zip(KINDS, tried, (5, 4, 3, 2, 1), strict=True)]
    ways = sorted((way for way in rows if way is not None and way[3] == way[3]), key=lambda way: way[3])
    return pd.DataFrame([*ways[:most], *(way for way in rows if way is not None and way[3] != way[3])], columns=WAYS)


@dataclass(frozen=True)
class _Short:
    """A plan short of days: its lines, half-days by team and month, limits, and what its tasks are called."""

    lines: Sequence[Line]
    room: Capacity
    spans: tuple[Span, ...]
    names: Mapping[str, str]

    def name(self, line: Line) -> str:
        """Return what a planner calls a line: the task's name, and its months where the task has several periods."""
        several = sum(other.task_id == line.task_id for other in self.lines) > 1
        return f"{self.names[line.task_id]}（{months_text(line.months)}）" if several else self.names[line.task_id]


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
        note += "（要减去一个科队八成以上家次的，不算办法）" * (KINDS[-1] not in set(ways["way"]))
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


def _elsewhere(short: _Short, room: Capacity, months: Sequence[int], work: Work) -> list[tuple[Line, int, int]]:
    """Return (line, month, visits) that must go to other months, by the least half-days moved; none if that fails."""
    lines, spans = short.lines, short.spans
    wider = [replace(line, months=(*line.months, *_later(line, months, room))) for line in lines]
    model = build(wider, room, Limits(spans=spans), aim=False)
    new = [(n, m) for n, line in enumerate(wider) for m in line.months if m not in lines[n].months]
    weight = {n: sum(effort for _, effort in line.efforts) for n, line in enumerate(lines)}
    answer = _best(model, sum(weight[n] * model.visits[n, m] for n, m in new), work) if new else None
    moved = [(lines[n], m, answer.visits[n, m]) for n, m in new if answer.visits[n, m]] if answer else []
    return moved if _fitting(_changed(lines, moved), room, spans, work) else []


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
    gone = [sum(visits for other, _, visits in moved if other is line) for line in lines]
    staying = [replace(line, visits=line.visits - less) for line, less in zip(lines, gone, strict=True)]
    extra = [replace(line, months=(month,), visits=visits) for line, month, visits in moved if month != OUTSIDE]
    return [line for line in (*staying, *extra) if line.visits]


def _price(moved: Sequence[tuple[Line, int, int]]) -> tuple[int, float]:
    days = sum(visits * sum(effort for _, effort in line.efforts) for line, _, visits in moved) / HALVES
    return sum(visits for _, _, visits in moved), days


def _move(short: _Short, work: Work) -> tuple | None:
    moved = _elsewhere(short, short.room, MONTHS, work)
    steps = "、".join(f"{short.name(line)} {visits} 家次移到 {month} 月" for line, month, visits in moved)
    return ("移到允许月份之后", f"把{steps}", *_price(moved)) if moved else None


def _drop(short: _Short, work: Work) -> tuple | None:
    wide = {team: {**months, OUTSIDE: WIDE} for team, months in short.room.items()}
    moved = _elsewhere(short, wide, (OUTSIDE,), work)
    steps = "、".join(f"{short.name(line)} {visits} 家次" for line, _, visits in moved)
    planned, dropped = Counter[str](), Counter[str]()
    for line in short.lines:
        planned[line.lead] += line.visits
    for line, _, visits in moved:
        dropped[line.lead] += visits
    nearly_all = any(count > planned[team] * MOST_DROPPED for team, count in dropped.items())
    return ("调减家次", f"调减{steps}", *_price(moved)) if moved and not nearly_all else None


def _use_reserve(short: _Short, reserve: Capacity, work: Work) -> tuple | None:
    """Overload no month beyond what is set aside of it."""
    limits = Limits(overload=None, spare=reserve, spans=short.spans)
    model = build(short.lines, short.room, limits, aim=False)
    least = _proved(minimise(model, model.overload, work.part(HALF), **WHOLE))
    if least is None:
        return None
    plan = closest(short.lines, short.room, replace(limits, overload=least.value), work, least.visits).visits
    return _filled(short, "动用留有余地", "动用余地", plan, work)


def _borrow(short: _Short, comfortable: Fraction, work: Work) -> tuple | None:
    plan, proof = solve(short.lines, short.room, short.spans, comfortable, work.part(HALF))
    if not proof.loc[proof["stage"] == Stage.OVERLOAD, "proved"].all():
        raise Unsolved(UNSETTLED)
    return _filled(short, "借用人员", "借人", plan, work)


def _filled(short: _Short, way: str, verb: str, plan: Mapping[Cell, int], work: Work) -> tuple | None:
    """Return the row of a way that gives the months what a plan overloads them by."""
    room = {team: dict(months) for team, months in short.room.items()}
    excess = {
        (team, month): over
        for (team, month), need in sorted(need_of(short.lines, plan).items())
        if (over := need - room[team][month]) > 0
    }
    for (team, month), over in excess.items():
        room[team][month] += over
    if not excess or not _fitting(short.lines, room, short.spans, work):
        return None
    days = "、".join(f"{team} {month} 月 {over / HALVES:.12g} 人日" for (team, month), over in excess.items())
    return way, f"{verb}：{days}", 0, sum(excess.values()) / HALVES


def _shorten(short: _Short, tight: set[str], officers: Mapping[str, int], work: Work) -> tuple | None:
    """Return the cheapest single task whose visits, half a day shorter, make the plan fit; else all tight ones."""
    able = [{code} for code in sorted(tight) if _shorter(short.lines, {code}, officers)]
    fitting = []
    for codes in able + [set().union(*able)] * (len(able) > 1):
        if _fitting(_shorter(short.lines, codes, officers), short.room, short.spans, work.part(EACH)):
            lines = [line for line in short.lines if line.task_id in codes]
            saved = sum(line.visits * officers[line.task_id] for line in lines) / HALVES
            fitting.append((saved, sorted(codes), sum(line.visits for line in lines)))
    if not fitting:
        return None
    saved, codes, count = min(fitting)
    return "缩短每次时间", f"{'、'.join(short.names[code] for code in codes)}每次少半天", count, saved


def _shorter(lines: Sequence[Line], codes: set[str], officers: Mapping[str, int]) -> list[Line]:
    """Return the lines with the visits of some tasks half a day shorter; none when one would take no time."""
    changed = []
    for line in lines:
        less = officers[line.task_id] if line.task_id in codes else 0
        efforts = tuple((team, effort - less * (team == line.lead)) for team, effort in line.efforts)
        if less and dict(efforts)[line.lead] <= 0:
            return []
        changed.append(replace(line, efforts=efforts))
    return changed
