"""Appointments: what is put on one date — an entry with its visits, who may go and when it may begin.

Time is counted in parts of a working day: two or as many as an officer may make visits a day, whichever fits both. The
places of parts run through all working days that are open: place // parts is the day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from math import ceil, lcm
from typing import NamedTuple

import pandas as pd

from enforce.planning.names.gate_entries import entries_of
from enforce.planning.names.officers import sendable
from enforce.planning.names.pool import LAST_DAY
from enforce.words.terms import Kind

LEAST_OFFICERS = 2
LEAVE, RECUSALS = ["officer_id", "from_date", "to_date"], ["officer_id", "unit_id"]
_HALVES = 2  # what is said of a time is the half of a day


class Staff(NamedTuple):
    """Who can be sent for a line in a month: all of them, those of the bureau itself, those of a field it asks for."""

    everyone: frozenset[str]
    ours: frozenset[str]
    able: frozenset[str]


@dataclass(frozen=True, eq=False)
class Circumstances:
    """What a schedule is made from.

    `visits` are named visits with months (names.monthly), `days` the working days open (ISO), `streets` the street of
    each unit, `leave` one row per absence (both days included), `key_periods` first and last days, `last` and
    `last_officers` the day and officers of each unit's last visit, `drawn` the officers drawn for a line and unit,
    `ordered` the first and last day on which a visit (安排编号) must be made (it begins on it where they are one),
    `caps` lines with the entries that they may still make together at units. An officer makes `visits_a_day` at most.
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
    visits_a_day: int = 2
    least_visits: int = 1
    ordered: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    caps: Sequence[tuple[frozenset[str], Mapping[str, int]]] = ()

    @cached_property
    def parts(self) -> int:
        """The parts of a working day: halves of it, and one for each visit that an officer may make."""
        return lcm(_HALVES, self.visits_a_day)

    @cached_property
    def ordinals(self) -> list[int]:
        """The working days as numbers, one calendar day apart by one."""
        return [date.fromisoformat(day).toordinal() for day in self.days]

    @cached_property
    def weeks(self) -> list[int]:
        """The week of each working day, as a number."""
        return [(day - 1) // 7 for day in self.ordinals]

    @cached_property
    def week_days(self) -> Counter[int]:
        """The working days of each week."""
        return Counter(self.weeks)

    @cached_property
    def recused(self) -> dict[str, frozenset[str]]:
        """Who may not be sent to a unit."""
        officers: dict[str, set[str]] = defaultdict(set)
        for officer, unit_id in zip(self.recusals["officer_id"], self.recusals["unit_id"], strict=True):
            officers[unit_id].add(officer)
        return {unit_id: frozenset(names) for unit_id, names in officers.items()}

    @cached_property
    def people(self) -> list:
        """The rows of the roster."""
        return list(self.roster.itertuples())

    @cached_property
    def partner_officers(self) -> frozenset[str]:
        """The officers of partner departments."""
        return frozenset(row.officer_id for row in self.people if row.department)

    @cached_property
    def away(self) -> dict[str, set[int]]:
        """The places of each officer's leave (请假)."""
        places: dict[str, set[int]] = defaultdict(set)
        for row in self.leave.itertuples():
            days = (n for n, day in enumerate(self.days) if row.from_date <= day <= row.to_date)
            places[row.officer_id].update(n * self.parts + part for n in days for part in range(self.parts))
        return places

    @cached_property
    def _staff(self) -> dict[tuple, Staff]:
        return {}

    @cached_property
    def _openings(self) -> dict[tuple, tuple[int, ...]]:
        return {}

    @cached_property
    def _seats(self) -> dict[tuple, tuple]:
        return {}

    def staff(self, task: object, month: int) -> Staff:
        """Return who can be sent for a line in a month, as officers.crew does."""
        key = (task.team, task.partners, task.officer_fields, month)
        if key not in self._staff:
            rows = sendable(self.people, *key[:3], [month])
            everyone, ours, able = (frozenset(row[0] for row in rows if row[n]) for n in range(3))
            self._staff[key] = Staff(everyone, ours, able)
        return self._staff[key]

    def company(self, name: str, month: int) -> frozenset[str]:
        """Return the officers on the roster, in service in a month, of a section of ours or a partner department."""
        return frozenset(
            row.officer_id
            for row in self.people
            if (row.department or row.team) == name and row.from_month <= month <= row.to_month
        )

    def openings(self, month: int, keyed: bool, length: int) -> tuple[int, ...]:
        """Return the places of a month where what is so long may begin, in a key period where `keyed`.

        What is longer than a day begins in the morning and takes the working days that follow.
        """
        key = month, keyed, length
        if key not in self._openings:
            spans = self.key_periods
            allowed = [
                n
                for n, day in enumerate(self.days)
                if int(day[5:7]) == month and (not keyed or any(first <= day <= last for first, last in spans))
            ]
            if length > self.parts:
                chosen, whole = set(allowed), -(-length // self.parts)
                places = [day * self.parts for day in allowed if chosen.issuperset(range(day, day + whole))]
            else:
                last = self.parts - length + 1
                places = [day * self.parts + part for day in allowed for part in range(0, last, length)]
            self._openings[key] = tuple(places)
        return self._openings[key]

    def day_of(self, place: int) -> str:
        """Return the day that a place is on."""
        return self.days[place // self.parts]

    def length(self, days: float) -> int:
        """Return the parts that officers are out for some days of work: never more visits a day than they may make."""
        return max(ceil(days * self.parts), self.parts // self.visits_a_day)

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Return the first and the last day, as numbers, of what is so long and begins at a place."""
        return self.ordinals[start // self.parts], self.ordinals[(start + length - 1) // self.parts]

    def split(self, start: int, length: int) -> bool:
        """Whether days off lie between the days of a visit."""
        first, last = self.span(start, length)
        return length > self.parts and last - first >= -(-length // self.parts)


@dataclass(frozen=True)
class Seat:
    """Some officers who go together: how many of which, for how long; of each set of `needs` one at least."""

    team: str
    candidates: tuple[str, ...]
    count: int
    length: int
    days: float  # what it takes of each one's time
    needs: tuple[frozenset[str], ...] = ()
    lines: tuple[str, ...] = ()  # those it inspects for; none for those who come along

    @property
    def leads(self) -> bool:
        """Whether they are the officers who inspect."""
        return bool(self.lines)

    @cached_property
    def fit(self) -> tuple[frozenset[str], ...]:
        """Those of each need who may sit."""
        return tuple(need.intersection(self.candidates) for need in self.needs)


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
    capped: bool = False  # beyond what the unit may be entered

    @cached_property
    def length(self) -> int:
        """The parts of a day it takes."""
        return max(seat.length for seat in self.seats)

    @cached_property
    def work(self) -> int:
        """The parts of days it takes of all who go."""
        return sum(seat.count * seat.length for seat in self.seats)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines it serves."""
        return tuple(line for _, line in self.visits)


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


def days_ordered(
    visits: pd.DataFrame, tasks: pd.DataFrame, drawn_on: Mapping[tuple[str, str], str]
) -> dict[str, tuple[str, str]]:
    """Return the first and last day of each visit of lines with a day ordered (指定日期) or a last day (截止日期).

    One to a unit that was drawn is not made before the day of the draw: `drawn_on`, by line and unit.

    >>> task = {"task_id": "P01", "visit_on": "", "visit_by": "2024-06-30"}
    >>> visits = pd.DataFrame([{"visit_id": "P01-001", "task_id": "P01", "unit_id": "91"}])
    >>> days_ordered(visits, pd.DataFrame([task]), {("P01", "91"): "2024-06-03"})
    {'P01-001': ('2024-06-03', '2024-06-30')}
    """
    days = {task.task_id: (task.visit_on, task.visit_on or task.visit_by) for task in tasks.itertuples()}
    bounds = {}
    for row in visits.itertuples():
        (first, last), drawn = days.get(row.task_id, ("", "")), drawn_on.get((row.task_id, row.unit_id), "")
        if first or last or drawn:
            bounds[row.visit_id] = (max(first, drawn), last or LAST_DAY)
    return bounds


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
    made, used = [], Counter()
    for number, (month, unit_id, lines) in enumerate(sorted(entries), 1):
        numbers = tuple((ids[line, unit_id, month].pop(0), line) for line in lines)
        members = [tasks[line] for line in lines]
        seats, sections = _seated(given, members, unit_id, month)
        capped = _beyond_caps(given, unit_id, lines, used)
        bare = Appointment(number, numbers, unit_id, given.streets.get(unit_id, ""), month, (), seats, sections, capped)
        keyed = any(task.kind == Kind.KEY_PERIOD for task in members)
        made.append(replace(bare, starts=() if capped else _starts(given, bare, keyed)))
    return _with_room_for_later(given, made)


def _beyond_caps(given: Circumstances, unit_id: str, lines: Sequence[str], used: Counter) -> bool:
    """Whether an entry is more than a cap leaves of its unit; `used` are the entries so far by cap and unit."""
    here = [n for n, (capped, rooms) in enumerate(given.caps) if unit_id in rooms and not capped.isdisjoint(lines)]
    if any(used[n, unit_id] >= given.caps[n][1][unit_id] for n in here):
        return True
    used.update((n, unit_id) for n in here)
    return False


def _starts(given: Circumstances, made: Appointment, keyed: bool) -> tuple[int, ...]:
    """The places where an appointment may begin: in its month and key period, after the gap, on the days ordered."""
    places = given.openings(made.month, keyed, made.length)
    last = given.last.get(made.unit_id, "") if made.unit_id and given.gap_days else ""
    if last:
        first = date.fromisoformat(last).toordinal() + given.gap_days
        places = tuple(place for place in places if given.ordinals[place // given.parts] >= first)
    for begin, end in (given.ordered[code] for code, _ in made.visits if code in given.ordered):
        spans = ((place, given.day_of(place), given.day_of(place + made.length - 1)) for place in places)
        places = tuple(
            place for place, day, last_day in spans if begin <= day and (last_day <= end or day == begin == end)
        )
    return places


def _with_room_for_later(given: Circumstances, made: list[Appointment]) -> list[Appointment]:
    """Leave out the places that leave no day, by the least gap, for a unit's entry of a later month."""
    if not given.gap_days:
        return made
    latest: dict[str, int] = {}
    changed = []
    for each in reversed(made):
        one = each
        if one.unit_id and one.starts:
            bound = latest.get(one.unit_id, given.ordinals[-1] + given.gap_days) - given.gap_days
            early = tuple(start for start in one.starts if given.span(start, one.length)[1] <= bound)
            one = replace(one, starts=early or one.starts)
            latest[one.unit_id] = given.ordinals[one.starts[-1] // given.parts]
        changed.append(one)
    return changed[::-1]


def _seated(given: Circumstances, tasks: Sequence, unit_id: str, month: int) -> tuple[tuple[Seat, ...], tuple]:
    """The officers an entry needs, and the sections that come along without officers; the same are made once."""
    recused = given.recused.get(unit_id, frozenset())
    drawn = tuple(tuple(given.drawn.get((task.task_id, unit_id), ())) for task in tasks)
    key = tuple(task.task_id for task in tasks), month, recused, drawn
    if key not in given._seats:
        given._seats[key] = _new_seats(given, list(zip(tasks, drawn, strict=True)), recused, month)
    return given._seats[key]


def _new_seats(
    given: Circumstances, tasks: Sequence[tuple], recused: frozenset[str], month: int
) -> tuple[tuple[Seat, ...], tuple[str, ...]]:
    groups: dict[tuple[str, tuple[str, ...]], list] = {}
    for task, drawn in sorted(tasks, key=lambda each: not each[1]):
        ours = [key for key in groups if key[0] == task.team]
        # officers drawn for two lines stay as drawn for both: they go with those of either
        joined = [key for key in ours if not {*drawn}.isdisjoint(key[1])] if drawn else []
        joined = joined or [key for key in ours if not drawn and _may_join(given, task, month, key[1])][:1]
        officers = {*drawn}.union(*(key[1] for key in joined))
        groups[task.team, tuple(sorted(officers))] = [*(each for key in joined for each in groups.pop(key)), task]
    pairs = [_inspectors(given, key, each, recused, month) for key, each in groups.items()]
    along, sections = [], []
    for name, count, days in _company([task for task, _ in tasks]):
        here = given.company(name, month)
        missing = count - any(need <= here for pair in pairs for need in pair.needs if need)
        if not here or not count:
            sections.append(name)
        elif missing:
            length = min(given.length(days), max(pair.length for pair in pairs))
            along.append(Seat(name, tuple(sorted(here - recused)), missing, length, days))
    return (*pairs, *along), tuple(sections)


def _may_join(given: Circumstances, task: object, month: int, drawn: tuple[str, ...]) -> bool:
    """Whether a line may be done by the officers drawn for another line of the same entry; any where none are drawn."""
    staff = given.staff(task, month)
    return not drawn or (staff.everyone.issuperset(drawn) and not staff.able.isdisjoint(drawn))


def _inspectors(
    given: Circumstances, key: tuple[str, tuple[str, ...]], tasks: Sequence, recused: frozenset[str], month: int
) -> Seat:
    """The officers who inspect for lines of one team: two at least, fit for every line; those drawn as they are.

    Where too few of the bureau's own can, partners' officers are of the pair: one of ours and of each partner go.
    """
    (team, drawn), staffs = key, [given.staff(task, month) for task in tasks]
    everyone = frozenset.intersection(*(staff.everyone for staff in staffs)) - recused
    ours = everyone & staffs[0].ours
    needs = [staff.able for staff in staffs if staff.able != staff.everyone]
    count = max(LEAST_OFFICERS, len(drawn), *(int(task.officers_per_visit) for task in tasks))
    if drawn:
        needs += [frozenset([code]) for code in drawn]
    elif len(ours) < count or any(ours.isdisjoint(need) for need in needs):
        partners = sorted({name for task in tasks for name in task.partners})
        guests = [everyone & given.company(name, month) for name in partners]
        needs += [ours, *filter(None, guests)]
        count, ours = max(count, 1 + sum(map(bool, guests))), everyone
    days = float(sum(task.visit_days for task in tasks))
    lines = tuple(sorted(task.task_id for task in tasks))
    return Seat(team, tuple(sorted(everyone if drawn else ours)), count, given.length(days), days, tuple(needs), lines)


def _company(tasks: Sequence) -> Iterator[tuple[str, int, float]]:
    """Yield who comes along to an entry: section or partner, how many of it, and each one's days.

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
        yield name, heads[name], whole / heads[name] if heads[name] else 0.0
