"""What does not fit (排不下): the smallest set of lines locked into months that cannot hold them.

The proof is that of Hall: lines that need more than all their months have. The ways out of it are in ways.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from enforce.planning.months import stages
from enforce.planning.months.exact import Capacity, Limits, Line, Span, Work
from enforce.planning.months.level import locked
from enforce.planning.months.loads import Group, demands
from enforce.planning.months.stages import groups, spans_on
from enforce.words.months import months_text
from enforce.words.numbers import HALVES

MOST_NAMED = 3


@dataclass(frozen=True)
class Shortage:
    """A team's lines locked into months that cannot hold them: need and room in half-days.

    `over` is what all lines of the team together exceed their months by, at the least: the deepest cut.
    """

    team: str
    lines: tuple[Line, ...]
    months: tuple[int, ...]
    need: int
    room: int
    over: int = 0


def shortages(lines: Sequence[Line], room: Capacity) -> list[Shortage]:
    """Return for each team the smallest locked set that proves it is short; empty where half-days would fit."""
    return [short for team in room if (short := _smallest(lines, room[team], team)) is not None]


def _smallest(lines: Sequence[Line], room: Mapping[int, int], team: str) -> Shortage | None:
    """Return the fewest lines that prove a team short, of these in the fewest months, of these the most short.

    Of the lines inside a set of months the longest needs exceed its room first, and the windows have at most 4,096
    unions: all are looked at.
    """
    used = [line for line in lines if line.visits and any(member == team for member, _ in line.efforts)]
    cut = locked(demands(used, team), room)
    if cut is None:
        return None
    needs = [line.visits * dict(line.efforts)[team] for line in used]
    order = sorted(range(len(used)), key=lambda n: (-needs[n], used[n].task_id, used[n].period))
    months, places = _fewest([used[n].months for n in order], [needs[n] for n in order], room)
    members = sorted((used[order[n]] for n in places), key=lambda line: (line.task_id, line.period))
    need, free = sum(needs[order[n]] for n in places), sum(room[month] for month in months)
    return Shortage(team, tuple(members), months, need, free, cut.need - cut.room)


def _fewest(
    windows: Sequence[tuple[int, ...]], needs: Sequence[int], room: Mapping[int, int]
) -> tuple[tuple[int, ...], list[int]]:
    """Return the months and the places of the fewest lines, ordered by need, that exceed what the months hold."""
    months = sorted(room)
    bits = {month: 1 << n for n, month in enumerate(months)}
    masks = [sum(bits[month] for month in window) for window in windows]
    unions = {0}
    for mask in set(masks):
        unions |= {union | mask for union in unions}
    sets = np.array(sorted(unions))
    inside = (np.array(masks) & ~sets[:, None]) == 0
    chosen = (sets[:, None] & np.array(list(bits.values()))) > 0
    short = np.cumsum(inside * np.array(needs), axis=1) - (chosen @ np.array([room[m] for m in months]))[:, None]
    rows, last = np.arange(len(sets)), (short > 0).argmax(axis=1)
    count = np.where((short > 0).any(axis=1), inside.cumsum(axis=1)[rows, last], len(windows) + 1)
    best = np.lexsort((sets, -short[rows, last], chosen.sum(axis=1), count))[0]
    window = tuple(month for month in months if bits[month] & int(sets[best]))
    return window, [n for n in range(int(last[best]) + 1) if inside[best, n]]


def sentence(shortage: Shortage, names: Mapping[str, str] | None = None) -> str:
    """Return the shortage in one sentence, in officer-days (人日); tasks by id, or the first three by their `names`."""
    codes = sorted({line.task_id for line in shortage.lines})
    tasks = "、".join(codes if names is None else [f"「{names[code]}」" for code in codes[:MOST_NAMED]])
    many = "等" if names is not None and len(codes) > MOST_NAMED else ""
    need, room = shortage.need / HALVES, shortage.room / HALVES
    over = (
        f"；该队全部事项至少超出 {shortage.over / HALVES:.12g} 人日"
        if shortage.over > shortage.need - shortage.room
        else ""
    )
    return (
        f"{months_text(shortage.months)} {len(codes)} 项任务（{tasks}{many}）需 {need:.12g} 人日，"
        f"{shortage.team}可用 {room:.12g} 人日，差 {need - room:.12g} 人日{over}"
    )


def overload_text(loads: pd.DataFrame) -> str:
    """Return which teams are overloaded when (超负荷), for the note below a plan; nothing where none is.

    >>> loads = pd.DataFrame({"team": ["大队", "大队"], "month": [1, 2], "overload_days": [0.0, 1.5]})
    >>> overload_text(loads), overload_text(loads.iloc[:1])
    ('超负荷：大队 2 月', '')
    """
    over = loads[loads["overload_days"] > 0]
    rows = [f"{team} {months_text(sorted(months))}" for team, months in over.groupby("team", sort=False)["month"]]
    return f"超负荷：{'；'.join(rows)}" if rows else ""


def shortage_table(
    lines: Sequence[Line], room: Capacity, spans: Sequence[Span] = (), names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return what does not fit: one row per team that is short (team, message, needed, capacity and short days).

    Teams whose half-days would hold everything and whole visits do not, or not within the limits (spans), have one row
    without months, by the solver's proof: their need and capacity in all, and what is beyond it in the best plan.
    """
    rows = [
        (
            short.team,
            sentence(short, names),
            short.need / HALVES,
            short.room / HALVES,
            (short.need - short.room) / HALVES,
        )
        for short in shortages(lines, room)
    ]
    short_teams = {row[0] for row in rows}
    for teams, places in groups(lines, spans):
        if not short_teams & set(teams):
            rows += _unpacked([lines[place] for place in places], {team: room[team] for team in teams}, spans)
    return pd.DataFrame(rows, columns=["team", "message", "needed_days", "capacity_days", "overload_days"])


def _unpacked(lines: Sequence[Line], room: Capacity, spans: Sequence[Span]) -> list[tuple]:
    """Return the row of teams that are short though half-days would do; none when they are not short."""
    bounds = spans_on(lines, spans)
    short = least_overload(lines, room, bounds)
    if not short:
        return []
    need = sum(line.visits * effort for line in lines for _, effort in line.efforts) / HALVES
    free = sum(halves for months in room.values() for halves in months.values()) / HALVES
    why = "按整家次放不下" if not bounds or least_overload(lines, room) else "在给定的最少、最多家次内放不下"
    message = f"按半日合计放得下，{why}，至少超出 {short / HALVES:.12g} 人日"
    return [("、".join(room), message, need, free, short / HALVES)]


def least_overload(
    lines: Sequence[Line], room: Capacity, spans: tuple[Span, ...] = (), work: Work | None = None
) -> int:
    """Return the least overload in half-days, what is proved of it; Impossible when no plan keeps to the spans."""
    return stages.least_overload(Group(lines, room, work=work or Work()), Limits(spans=spans))[0]["bound"]
