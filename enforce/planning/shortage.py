"""What does not fit (排不下): the smallest set of lines locked into months that cannot hold them, and the ways out.

The proof is a minimum cut (Hall's condition); every way out is another plan, solved and verified to fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from enforce.planning.counts import HALVES
from enforce.planning.exact import Answer, Cell, Impossible, Limits, Line, Model, Span, build, closest, minimise
from enforce.planning.level import Cut, locked
from enforce.planning.stages import Capacity, demands, groups, solve

OUTSIDE = 13  # a month after the year: visits put there are not made this year
QUARTERS = {(1, 2, 3): "一季度", (4, 5, 6): "二季度", (7, 8, 9): "三季度", (10, 11, 12): "四季度"}
WAYS = ["way", "message", "visits", "days"]


@dataclass(frozen=True)
class Shortage:
    """A team's lines locked into months that cannot hold them: need and room in half-days."""

    team: str
    lines: tuple[Line, ...]
    months: tuple[int, ...]
    need: int
    room: int


def shortages(lines: Sequence[Line], room: Capacity) -> list[Shortage]:
    """Return for each team the smallest locked set that proves it is short; empty where half-days would fit."""
    return [found for team in room if (found := _smallest(lines, room[team], team)) is not None]


def _smallest(lines: Sequence[Line], room: Mapping[int, int], team: str) -> Shortage | None:
    used = [line for line in lines if any(member == team for member, _ in line.efforts)]
    cut = locked(demands(used, team), room)
    if cut is None:
        return None
    members = [used[n] for n in cut.lines]
    for line in sorted(members, key=lambda line: (len(line.months), line.task_id), reverse=True):
        rest = [other for other in members if other is not line]
        if rest and (smaller := locked(demands(rest, team), room)) is not None:
            members, cut = [rest[n] for n in smaller.lines], smaller
    return _shortage(team, members, cut)


def _shortage(team: str, members: Sequence[Line], cut: Cut) -> Shortage:
    return Shortage(team, tuple(members), cut.months, cut.need, cut.room)


def sentence(shortage: Shortage) -> str:
    """Return the shortage in one sentence, in officer-days (人日)."""
    codes = sorted({line.task_id for line in shortage.lines})
    need, room = shortage.need / HALVES, shortage.room / HALVES
    return (
        f"{months_text(shortage.months)} {len(codes)} 项任务（{'、'.join(codes)}）需 {need:g} 人日，"
        f"{shortage.team}可用 {room:g} 人日，差 {need - room:g} 人日"
    )


def months_text(months: Sequence[int]) -> str:
    """Return months as a planner names them.

    >>> months_text((1, 2, 3)), months_text((5, 6)), months_text(range(1, 13))
    ('一季度', '5、6 月', '全年')
    """
    months = tuple(months)
    if len(months) == 12:
        return "全年"
    return QUARTERS.get(months) or "、".join(map(str, months)) + " 月"


def shortage_table(lines: Sequence[Line], room: Capacity, spans: Sequence[Span] = ()) -> pd.DataFrame:
    """Return what does not fit: one row per team that is short (team, message, needed, capacity and short days).

    Teams whose half-days would hold everything and whole visits do not, or not within the limits (spans), have one row
    without months, by the solver's proof: their need and capacity in all, and what is beyond it in the best plan.
    """
    rows = [
        (found.team, sentence(found), found.need / HALVES, found.room / HALVES, (found.need - found.room) / HALVES)
        for found in shortages(lines, room)
    ]
    told = {row[0] for row in rows}
    for teams, places in groups(lines, spans):
        if not told & set(teams):
            rows += _unpacked([lines[place] for place in places], {team: room[team] for team in teams}, spans)
    return pd.DataFrame(rows, columns=["team", "message", "needed_days", "capacity_days", "overload_days"])


def _unpacked(lines: Sequence[Line], room: Capacity, spans: Sequence[Span]) -> list[tuple]:
    """Return the row of teams that are short though half-days would do; none when they are not short."""
    codes = {line.task_id for line in lines}
    own = tuple(span for span in spans if span.tasks & codes)
    short = _overload(lines, room, own)
    if not short:
        return []
    need = sum(line.visits * effort for line in lines for _, effort in line.efforts) / HALVES
    free = sum(halves for months in room.values() for halves in months.values()) / HALVES
    why = "按整家次放不下" if not own or _overload(lines, room) else "在给定的最少、最多家次内放不下"
    message = f"按半日合计放得下，{why}，至少超出 {short / HALVES:g} 人日"
    return [("、".join(room), message, need, free, short / HALVES)]


def _overload(lines: Sequence[Line], room: Capacity, spans: tuple[Span, ...] = ()) -> int:
    """Return the least overload in half-days; Impossible when no plan keeps to the spans."""
    if minimise(build(lines, room, Limits(spans=spans)), 0) is not None:
        return 0
    model = build(lines, room, Limits(overload=None, spans=spans))
    answer = minimise(model, model.overload)
    if answer is None:
        raise Impossible("没有任何安排满足给定条件")
    return answer.value


def ways_out(
    lines: Sequence[Line],
    room: Capacity,
    *,
    reserve: Capacity,
    officers: Mapping[str, int],
    names: Mapping[str, str],
    most: int = 3,
) -> pd.DataFrame:
    """Return at most three ways to make the plan fit, cheapest first: way, message, visits (家次), days (人日).

    `reserve` is what is held back by team and month (half-days), `officers` how many go by task. Each way was solved
    for its least price, and the changed plan solved again without overload; a way that cannot do it is not told.
    """
    if not _overload(lines, room):
        return pd.DataFrame(columns=WAYS)
    tight = {line.task_id for found in shortages(lines, room) for line in found.lines}
    tight = tight or {line.task_id for line in lines}
    found = [
        _move(lines, room, names),
        _use_reserve(lines, room, reserve),
        _borrow(lines, room),
        _shorten(lines, room, tight, officers, names),
        _drop(lines, room, names),
    ]
    rows = sorted((way for way in found if way is not None), key=lambda way: way[3])
    return pd.DataFrame(rows[:most], columns=WAYS)


def _fits(lines: Sequence[Line], room: Capacity) -> bool:
    return minimise(build(lines, room, Limits()), 0) is not None


def _elsewhere(lines: Sequence[Line], room: Capacity, months: Sequence[int]) -> list | None:
    """Return (line, month, visits) that must go to other months, by the least half-days moved; None if that fails."""
    wider = [replace(line, months=(*line.months, *_later(line, months, room)), published=None) for line in lines]
    model = build(wider, room, Limits())
    new = [(n, m) for n, line in enumerate(wider) for m in line.months if m not in lines[n].months]
    weight = {n: sum(effort for _, effort in line.efforts) for n, line in enumerate(lines)}
    answer = _best(model, sum(weight[n] * model.visits[n, m] for n, m in new)) if new else None
    if answer is None:
        return None
    moved = [(lines[n], m, answer.visits[n, m]) for n, m in new if answer.visits[n, m]]
    return moved if _fits(_changed(lines, moved), room) else None


def _best(model: Model, price: object) -> Answer | None:
    """Return the plan of least price, of equal ones the earliest: the same for any order of the lines."""
    return minimise(model, price * model.spread + model.lateness)


def _later(line: Line, months: Sequence[int], room: Capacity) -> list[int]:
    return [month for month in months if month > line.months[-1] and month in room[line.lead]]


def _changed(lines: Sequence[Line], moved: Sequence[tuple[Line, int, int]]) -> list[Line]:
    """Return the lines with the moved visits on lines of their own; what goes outside the year is gone."""
    kept = []
    for line in lines:
        gone = sum(visits for other, _, visits in moved if other is line)
        kept.append(replace(line, visits=line.visits - gone, published=None))
    extra = [
        replace(line, months=(month,), visits=visits, published=None)
        for line, month, visits in moved
        if month != OUTSIDE
    ]
    return [line for line in (*kept, *extra) if line.visits]


def _price(moved: Sequence[tuple[Line, int, int]]) -> tuple[int, float]:
    days = sum(visits * sum(effort for _, effort in line.efforts) for line, _, visits in moved) / HALVES
    return sum(visits for _, _, visits in moved), days


def _called(lines: Sequence[Line], line: Line, names: Mapping[str, str]) -> str:
    """Return what a planner calls a line: the task's name, and its months where the task has several periods."""
    several = sum(other.task_id == line.task_id for other in lines) > 1
    return f"{names[line.task_id]}（{months_text(line.months)}）" if several else names[line.task_id]


def _move(lines: Sequence[Line], room: Capacity, names: Mapping[str, str]) -> tuple | None:
    moved = _elsewhere(lines, room, range(1, 13))
    if not moved:
        return None
    told = "、".join(f"{_called(lines, line, names)} {visits} 家次移到 {month} 月" for line, month, visits in moved)
    return ("移到允许月份之后", f"把{told}", *_price(moved))


def _drop(lines: Sequence[Line], room: Capacity, names: Mapping[str, str]) -> tuple | None:
    wide = {team: {**months, OUTSIDE: 10**5} for team, months in room.items()}
    moved = _elsewhere(lines, wide, (OUTSIDE,))
    if not moved:
        return None
    told = "、".join(f"{_called(lines, line, names)} {visits} 家次" for line, _, visits in moved)
    return ("调减家次", f"调减{told}", *_price(moved))


def _excess(lines: Sequence[Line], room: Capacity, spare: Capacity | None) -> dict[tuple[str, int], int] | None:
    """Return the least half-days by which teams and months are overloaded; None when `spare` does not allow it.

    Of the plans with the least it is the one shown as the plan, or the one closest to it that keeps to `spare`.
    """
    lines = [replace(line, published=None) for line in lines]
    if spare is None:
        load = _loads(lines, solve(lines, room)[0])
    else:
        model = build(lines, room, Limits(overload=None, spare=spare))
        least = minimise(model, model.overload)
        if least is None:
            return None
        load = _loads(lines, closest(lines, room, Limits(overload=least.value, spare=spare)).visits)
    return {cell: load[cell] - room[cell[0]][cell[1]] for cell in load if load[cell] > room[cell[0]][cell[1]]}


def _loads(lines: Sequence[Line], plan: Mapping[Cell, int]) -> dict[tuple[str, int], int]:
    load: dict[tuple[str, int], int] = {}
    for (place, month), visits in plan.items():
        for team, effort in lines[place].efforts:
            load[team, month] = load.get((team, month), 0) + visits * effort
    return load


def _with(room: Capacity, more: Mapping[tuple[str, int], int]) -> dict[str, dict[int, int]]:
    return {team: {m: halves + more.get((team, m), 0) for m, halves in months.items()} for team, months in room.items()}


def _told(excess: Mapping[tuple[str, int], int]) -> str:
    return "、".join(f"{team} {month} 月 {halves / HALVES:g} 人日" for (team, month), halves in sorted(excess.items()))


def _use_reserve(lines: Sequence[Line], room: Capacity, reserve: Capacity) -> tuple | None:
    excess = _excess(lines, room, reserve)
    if not excess or not _fits(lines, _with(room, excess)):
        return None
    return ("动用留有余地", f"动用余地：{_told(excess)}", 0, sum(excess.values()) / HALVES)


def _borrow(lines: Sequence[Line], room: Capacity) -> tuple | None:
    excess = _excess(lines, room, None)
    if not excess or not _fits(lines, _with(room, excess)):
        return None
    return ("借用人员", f"借人：{_told(excess)}", 0, sum(excess.values()) / HALVES)


def _shorten(
    lines: Sequence[Line], room: Capacity, tight: set[str], officers: Mapping[str, int], names: Mapping[str, str]
) -> tuple | None:
    """Return the cheapest single task whose visits, half a day shorter, make the plan fit; else all tight ones."""
    able = [code for code in sorted(tight) if _shorter(lines, {code}, officers) is not None]
    choices = [{code} for code in able] + ([set(able)] if len(able) > 1 else [])
    fitting = []
    for codes in choices:
        shorter = _shorter(lines, codes, officers)
        if shorter is not None and _fits(shorter, room):
            count = sum(line.visits for line in lines if line.task_id in codes)
            saved = sum(line.visits * officers[line.task_id] for line in lines if line.task_id in codes) / HALVES
            fitting.append((saved, count, codes))
    if not fitting:
        return None
    saved, count, codes = min(fitting, key=lambda way: (way[0], sorted(way[2])))
    told = "、".join(names[code] for code in sorted(codes))
    return ("缩短每次时间", f"{told}每次少半天", count, saved)


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
