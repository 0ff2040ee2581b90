"""Appointments: what is put on one date — an entry with its visits, who may go and when it may begin.

Time is counted in parts of a working day: as many as visits that an officer may make a day, half-days by default. The
places of parts run through all working days that are open: place // parts is the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from math import ceil
from typing import NamedTuple

import pandas as pd

from enforce.planning.names.gate_entries import entries_of
from enforce.planning.names.officers import crew
from enforce.words.terms import Kind

LEAST_OFFICERS = 2
LEAVE, RECUSALS = ["officer_id", "from_date", "to_date"], ["officer_id", "unit_id"]


@dataclass(frozen=True, eq=False)
class Circumstances:
    """What a schedule is made from.

    `visits` are named visits with months (names.monthly), `days` the working days open (ISO), `streets` the street of
    each unit, `leave` one row per absence (both days included), `key_periods` first and last days, `last` and
    `last_officers` the day and officers of each unit's last visit, `drawn` the officers drawn for a line and unit.
    """

    visits: pd.DataFrame
    tasks: pd.DataFrame
    roster: pd.DataFrame
    days: Sequence[str]
    streets: Mapping[str, str] = field(default_factory=dict)
    leave: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEAVE))
    recusals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RECUSALS))
    key_periods: Sequence[tuple[str, str]] = ()
    gap_days: int = 0
    last: Mapping[str, str] = field(default_factory=dict)
    last_officers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    drawn: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    parts: int = 2
    least_visits: int = 1
    _crews: dict[tuple, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def ordinals(self) -> list[int]:
        """The working days as numbers, one calendar day apart by one."""
        return [date.fromisoformat(day).toordinal() for day in self.days]

    @cached_property
    def recused(self) -> frozenset[tuple[str, str]]:
        """Officers with the units they may not be sent to."""
        return frozenset(zip(self.recusals["officer_id"], self.recusals["unit_id"], strict=True))

    def crew(self, task: object, month: int) -> pd.DataFrame:
        """Return who can be sent for a line in a month, as officers.crew does."""
        key = (task.team, task.partners, task.officer_fields, month)
        if key not in self._crews:
            self._crews[key] = crew(self.roster, *key[:3], [month])
        return self._crews[key]

    def company(self, name: str, month: int) -> list[str]:
        """Return the officers on the roster, in service in a month, of a section of ours or a partner department."""
        rows = self.roster
        homes = rows["department"].where(rows["department"] != "", rows["team"])
        here = rows[(homes == name) & (rows["from_month"] <= month) & (month <= rows["to_month"])]
        return sorted(set(here["officer_id"]))

    def day_of(self, place: int) -> str:
        """Return the day that a place is on."""
        return self.days[place // self.parts]

    def absent(self) -> dict[str, set[int]]:
        """Return the places of each officer's leave (请假)."""
        away: dict[str, set[int]] = defaultdict(set)
        for row in self.leave.itertuples():
            days = (n for n, day in enumerate(self.days) if row.from_date <= day <= row.to_date)
            away[row.officer_id].update(n * self.parts + part for n in days for part in range(self.parts))
        return away


@dataclass(frozen=True)
class Seat:
    """Some officers who go together: how many of which, for how long; of each set of `needs` one at least."""

    team: str
    candidates: tuple[str, ...]
    count: int
    length: int
    needs: tuple[frozenset[str], ...] = ()
    lines: tuple[str, ...] = ()  # those it inspects for; none for those who come along

    @property
    def leads(self) -> bool:
        """Whether they are the officers who inspect."""
        return bool(self.lines)


@dataclass(frozen=True)
class Appointment:
    """An entry to be put on a date: its visits as (number of the visit, line), where, when, who."""

    number: int
    visits: tuple[tuple[str, str], ...]
    unit_id: str
    street: str
    month: int
    starts: tuple[int, ...]
    seats: tuple[Seat, ...]
    sections: tuple[str, ...] = ()  # who comes along without an officer of the roster

    @property
    def length(self) -> int:
        """The parts of a day it takes."""
        return max(seat.length for seat in self.seats)


class Booking(NamedTuple):
    """When an appointment begins, and the officers of each of its seats."""

    start: int
    crews: tuple[tuple[str, ...], ...]

    @property
    def officers(self) -> tuple[str, ...]:
        """All who go."""
        return tuple(code for crew in self.crews for code in crew)


def visit_ids(visits: pd.DataFrame) -> pd.Series:
    """Return the number of each named visit (安排编号): line and number within it.

    >>> visit_ids(pd.DataFrame({"task_id": ["P01"], "number": [7]})).tolist()
    ['P01-007']
    """
    return visits["task_id"] + "-" + visits["number"].map("{:03}".format)


def appointments(given: Circumstances) -> list[Appointment]:
    """Return the appointments of all visits not done that have a month, by month: one per entry, or visit without unit.

    >>> from tests.planning.schedule.district import district
    >>> [one.visits for one in appointments(district(lines=["P01", "P02"], units=["91", "91"], months=[3, 3]))]
    [(('P01-001', 'P01'), ('P02-001', 'P02'))]
    """
    visits = given.visits[(given.visits["month"] > 0) & ~given.visits["done"].astype(bool)]
    visits = visits.assign(visit_id=visit_ids(visits)).sort_values(["month", "task_id", "number"])
    tasks = {task.task_id: task for task in given.tasks.itertuples()}
    ids: dict[tuple, list[str]] = defaultdict(list)
    for row in visits.itertuples():
        ids[row.task_id, row.unit_id, row.month].append(row.visit_id)
    entries = [(row.month, row.unit_id, tuple(row.lines)) for row in entries_of(visits).itertuples()]
    entries += [(row.month, "", (row.task_id,)) for row in visits[visits["unit_id"] == ""].itertuples()]
    made = []
    for number, (month, unit_id, lines) in enumerate(sorted(entries), 1):
        numbers = tuple((ids[line, unit_id, month].pop(0), line) for line in lines)
        members = [tasks[line] for line in lines]
        seats, sections = _seats(given, members, unit_id, month)
        bare = Appointment(number, numbers, unit_id, given.streets.get(unit_id, ""), month, (), seats, sections)
        made.append(replace(bare, starts=tuple(starts(given, bare, any(map(_in_key_period, members))))))
    return _with_room_for_later(given, made)


def _in_key_period(task: object) -> bool:
    return task.kind == Kind.KEY_PERIOD


def starts(given: Circumstances, made: Appointment, keyed: bool, gap: bool = True) -> Iterator[int]:
    """Yield the places where an appointment may begin: in its month, in a key period where `keyed`, after the gap."""
    allowed = [
        n
        for n, day in enumerate(given.days)
        if int(day[5:7]) == made.month
        and (not keyed or any(first <= day <= last for first, last in given.key_periods))
        and (not gap or _after_gap(given, made.unit_id, given.ordinals[n]))
    ]
    length, parts = made.length, given.parts
    whole, open_days = -(-length // parts), set(allowed)
    for day in allowed:
        if length > parts:
            yield from [day * parts] if open_days.issuperset(range(day, day + whole)) else ()
        else:
            yield from range(day * parts, (day + 1) * parts - length + 1, length)


def _after_gap(given: Circumstances, unit_id: str, day: int) -> bool:
    last = given.last.get(unit_id, "")
    return not (unit_id and last and given.gap_days) or day >= date.fromisoformat(last).toordinal() + given.gap_days


def _with_room_for_later(given: Circumstances, made: list[Appointment]) -> list[Appointment]:
    """Leave out the places that leave no day, by the least gap, for a unit's entry of a later month."""
    latest: dict[str, int] = {}
    changed = []
    for each in reversed(made):
        one = each
        if given.gap_days and one.unit_id and one.starts:
            bound = latest.get(one.unit_id, given.ordinals[-1] + given.gap_days) - given.gap_days
            early = tuple(start for start in one.starts if given.ordinals[start // given.parts] <= bound)
            one = replace(one, starts=early or one.starts)
            latest[one.unit_id] = given.ordinals[one.starts[-1] // given.parts]
        changed.append(one)
    return changed[::-1]


def _seats(given: Circumstances, tasks: Sequence, unit_id: str, month: int) -> tuple[tuple[Seat, ...], tuple[str, ...]]:
    """The officers an entry needs, and the sections that come along without officers on the roster."""
    groups: dict[tuple[str, tuple[str, ...]], list] = defaultdict(list)
    for task in sorted(tasks, key=lambda task: not given.drawn.get((task.task_id, unit_id))):
        drawn = tuple(given.drawn.get((task.task_id, unit_id), ()))
        joined = next((key for key in groups if key[0] == task.team and _may_join(given, task, month, key[1])), None)
        groups[(task.team, drawn) if drawn or joined is None else joined].append(task)
    pairs = [_inspectors(given, key, each, unit_id, month) for key, each in groups.items()]
    along, sections = [], []
    for name, count, length in _company(given, tasks):
        here = given.company(name, month)
        free = tuple(code for code in here if (code, unit_id) not in given.recused)
        if not here or not count:
            sections.append(name)
        else:
            along.append(Seat(name, free, count, min(length, max(pair.length for pair in pairs))))
    return (*pairs, *along), tuple(sections)


def _may_join(given: Circumstances, task: object, month: int, drawn: tuple[str, ...]) -> bool:
    """Whether a line may be done by the officers drawn for another line of the same entry; any where none are drawn."""
    staff = given.crew(task, month)
    members = staff[staff["officer_id"].isin(drawn)]
    return not drawn or (len(members) == len(drawn) and bool(members["able"].any()))


def _inspectors(
    given: Circumstances, key: tuple[str, tuple[str, ...]], tasks: Sequence, unit_id: str, month: int
) -> Seat:
    """The officers who inspect for lines of one team: two at least, fit for every line; those drawn as they are."""
    (team, drawn), crews = key, [given.crew(task, month) for task in tasks]
    common = set.intersection(*(set(staff["officer_id"]) for staff in crews))
    common = {code for code in common if (code, unit_id) not in given.recused}
    ours = common & set(crews[0].loc[crews[0]["ours"], "officer_id"])
    needs = [frozenset(staff.loc[staff["able"], "officer_id"]) for staff in crews if not staff["able"].all()]
    needs += [frozenset([code]) for code in drawn] or ([frozenset(ours)] if len(ours) < LEAST_OFFICERS else [])
    count = max(LEAST_OFFICERS, len(drawn), *(int(task.officers_per_visit) for task in tasks))
    length = ceil(sum(task.visit_days for task in tasks) * given.parts)
    enough = ours if len(ours) >= count and not drawn else common
    lines = tuple(sorted(task.task_id for task in tasks))
    return Seat(team, tuple(sorted(enough)), count, length, tuple(needs), lines)


def _company(given: Circumstances, tasks: Sequence) -> Iterator[tuple[str, int, int]]:
    """Yield who comes along to an entry: section or partner, how many of it, and for how many parts of a day.

    A section that counts no days comes with nobody; of each partner one officer comes for the whole of its lines.
    """
    days: dict[str, float] = defaultdict(float)
    heads: dict[str, int] = defaultdict(int)
    for task in tasks:
        company = [*task.invited, *((name, task.visit_days) for name in task.partners)]
        for name, share in company:
            days[name] += share
            heads[name] = max(heads[name], ceil(share / task.visit_days))
    for name, whole in days.items():
        yield name, heads[name], ceil(whole * given.parts / heads[name]) if heads[name] else 0
