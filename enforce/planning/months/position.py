"""The position (起点): where a year stands when its open months are planned, and what is then still to be planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

import pandas as pd

from enforce.planning.months.exact import Line, Span
from enforce.planning.visits import TeamEfforts, by_task_and_month, efforts, team_efforts, windows
from enforce.words.numbers import COMFORTABLE_LOAD, halves

LIMIT_COLUMNS = ("task_id", "months", "minimum", "maximum")


@dataclass(frozen=True, eq=False)
class Position:
    """Where a year stands when its open months are planned; the default is a year not yet begun.

    `done` and `published` have one row per task and month (task_id, month, visits). Months up to `closed` are over and
    keep what was done in them. `left` is the capacity that remains of the month after them when that has begun (team,
    month, capacity_days): then what was done in it counts too. To move a visit out of its published month costs what
    `move_costs` says of the month (else 1). `limits` has one row per bound on the visits of some months (task_id, or ''
    for all tasks together; months, minimum, maximum, empty for none). No load is lowered below `comfortable_load`.
    """

    done: pd.DataFrame | None = None
    closed: int = 0
    left: pd.DataFrame | None = None
    published: pd.DataFrame | None = None
    move_costs: Mapping[int, int] = field(default_factory=dict)
    limits: pd.DataFrame | None = None
    comfortable_load: float = COMFORTABLE_LOAD

    def done_visits(self) -> dict[tuple[str, int], int]:
        """Return the visits done that stay where they are, by task and month."""
        begun = self.closed if self.left is None else self.closed + 1
        if self.done is None or not begun:
            return {}
        cells = by_task_and_month(self.done[self.done["month"] <= begun])
        return {cell: visits for cell, visits in cells.items() if visits}


YEAR_START = Position()


@dataclass(frozen=True)
class OpenPlan:
    """What is still to be planned: lines, half-days by team and month, bounds; beside it the visits `done`, one row per
    task whose window is over before its visits are (`unplaced`), the half-days of a visit by task (`shares`), and the
    load below which none is lowered (`comfortable`)."""

    lines: list[Line]
    room: dict[str, dict[int, int]]
    spans: list[Span]
    done: dict[tuple[str, int], int]
    unplaced: pd.DataFrame
    shares: TeamEfforts
    comfortable: Fraction


def open_plan(tasks: pd.DataFrame, capacity: pd.DataFrame, position: Position = YEAR_START) -> OpenPlan:
    """Return what `allocate` with the same arguments has to solve."""
    shares, done = team_efforts(efforts(tasks)), position.done_visits()
    lines, unplaced = _lines(tasks, position, shares, done)
    room = open_room(capacity, position.closed, position.left)
    comfortable = Fraction(str(position.comfortable_load))
    return OpenPlan(lines, room, _spans(tasks, position, done), done, unplaced, shares, comfortable)


def open_room(capacity: pd.DataFrame, closed: int = 0, left: pd.DataFrame | None = None) -> dict[str, dict[int, int]]:
    """Return half-days by team and month, of the months still open."""
    room: dict[str, dict[int, int]] = {}
    tables = [capacity] if left is None else [capacity, left]
    for team, month, days in chain(*(_columns(table, "team", "month", "capacity_days") for table in tables)):
        if month > closed:
            room.setdefault(team, {})[int(month)] = halves(days)
    return room


def _spans(tasks: pd.DataFrame, position: Position, done: Mapping[tuple[str, int], int]) -> list[Span]:
    """Return the limits on what is still to be planned: less what is done, for the months still open."""
    if position.limits is None:
        return []
    spans, everything = [], frozenset(tasks["task_id"])
    for task_id, months, least, most in _columns(position.limits, *LIMIT_COLUMNS):
        bound = frozenset({task_id}) if task_id else everything
        made = sum(done.get((code, month), 0) for code in bound for month in months)
        ahead = frozenset(month for month in months if month > position.closed)
        if ahead:
            above = None if pd.isna(most) else max(int(most) - made, 0)
            spans.append(Span(bound, ahead, max(int(least) - made, 0), above))
    return spans


def open_lines(tasks: pd.DataFrame, position: Position = YEAR_START) -> list[Line]:
    """Return a line per task and open period: what is still to be planned of it.

    What a closed period left undone goes to the task's next open period; what was done ahead is taken off the last.
    """
    return _lines(tasks, position, team_efforts(efforts(tasks)), position.done_visits())[0]


def _lines(
    tasks: pd.DataFrame, position: Position, shares: TeamEfforts, done: Mapping[tuple[str, int], int]
) -> tuple[list[Line], pd.DataFrame]:
    """Return the lines, and the visits with no month left: one row per task with any."""
    lines, unplaced = [], []
    lead = dict(zip(tasks["task_id"], tasks["team"], strict=True))
    published = {} if position.published is None else by_task_and_month(position.published)
    for task_id, periods in sorted(_periods(tasks).items()):
        made = {month: visits for (code, month), visits in done.items() if code == task_id}
        ahead, missed = _ahead(periods, made, position.closed)
        if missed:
            unplaced.append((task_id, missed))
        for period, months, visits in ahead:
            before = costs = None
            if published:
                before = tuple(max(published.get((task_id, month), 0) - made.get(month, 0), 0) for month in months)
            if position.move_costs:
                costs = tuple(position.move_costs.get(month, 1) for month in months)
            lines.append(Line(task_id, period, months, visits, lead[task_id], shares.get(task_id, ()), before, costs))
    return lines, pd.DataFrame(unplaced, columns=["task_id", "unplaced_visits"])


def _columns(table: pd.DataFrame, *names: str) -> zip:
    return zip(*(table[name] for name in names), strict=True)


def _periods(tasks: pd.DataFrame) -> dict[str, list[tuple[int, tuple[int, ...], int]]]:
    periods: dict[str, list] = {}
    for task_id, period, months, visits in windows(tasks):
        periods.setdefault(task_id, []).append((period, months, visits))
    return periods


def _ahead(periods: list[tuple], done: Mapping[int, int], closed: int) -> tuple[list, int]:
    """Return (period, open months, visits to plan) of one task, and the visits for which no month is open."""
    total = max(sum(visits for _, _, visits in periods) - sum(done.values()), 0)
    ahead = [
        (period, tuple(m for m in months if m > closed), max(visits - sum(done.get(m, 0) for m in months), 0))
        for period, months, visits in periods
        if months[-1] > closed
    ]
    if not ahead:
        return [], total
    gap = total - sum(visits for _, _, visits in ahead)
    if gap > 0:
        period, months, visits = ahead[0]
        ahead[0] = (period, months, visits + gap)
    for n in range(len(ahead) - 1, -1, -1):
        period, months, visits = ahead[n]
        early = min(visits, max(-gap, 0))
        ahead[n], gap = (period, months, visits - early), gap + early
    return [row for row in ahead if row[2]], 0
