"""Obstacles (排不上的原因): the one rule without which a visit could be put on a day, and what would have to give.

And the wishes that a schedule does not meet, by visit or officer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import pandas as pd

from enforce.planning.schedule.appointments import Appointment, Booking, Circumstances, appointments
from enforce.planning.schedule.first_plan import COMPARED, Diary, bookings, in_the_way
from enforce.words.terms import Aim, Obstacle

UNMET = ["aim", "month", "visit_id", "task_id", "unit_id", "officers"]
OBSTACLES = ["visit_id", "task_id", "unit_id", "month", "obstacle", "possible_date", "gives"]


def obstacles(
    given: Circumstances, made: Sequence[Appointment], booked: Mapping[int, Booking], open_ones: Sequence[Appointment]
) -> pd.DataFrame:
    """Return what keeps appointments off every day: one row per visit.

    `obstacle` is the one rule without which it could be, the first of those that would do; then `possible_date` is a
    day that it could be on, and `gives` what would have to give: officers on leave, recused or unfit, other visits.
    Where no one rule would do (several), it is all that would have to give together.
    """
    rows, cases = [], _Cases(given, made, booked)
    for one in open_ones:
        rule, day, gives = cases.obstacle(one)
        rows += [(code, line, one.unit_id, one.month, rule.value, day, gives) for code, line in one.visits]
    return pd.DataFrame(rows, columns=OBSTACLES)


def unmet_wishes(given: Circumstances, made: Sequence[Appointment], diary: Diary) -> pd.DataFrame:
    """Return which wishes a schedule does not meet (没有做到的): one row per visit, or per officer with too few visits.

    Visits with days off between their days, visits to which the pair of the unit's last visit goes again, and in each
    month the officers who could inspect and have fewer visits than the least.
    """
    rows, visits = [], Counter()
    for one in (one for one in made if one.number in diary.bookings):
        booking = diary.bookings[one.number]
        visits.update((one.month, officer) for officer in booking.officers)
        last = diary.last_crew(one, booking.start)
        pairs = [crew for seat, crew in zip(one.seats, booking.crews, strict=True) if seat.leads and seat.count == 2]
        again = tuple(code for crew in pairs if last.issuperset(crew) for code in crew)
        split = given.split(booking.start, one.length)
        for aim, officers in ((Aim.SPLIT, booking.officers if split else ()), (Aim.SAME_PAIR, again)):
            rows += [(aim.value, one.month, code, line, one.unit_id, officers) for code, line in one.visits if officers]
    candidates = {(one.month, code) for one in made for seat in one.seats if seat.leads for code in seat.candidates}
    few = sorted(key for key in candidates if visits[key] < given.least_visits)
    rows += [(Aim.LEAST.value, month, "", "", "", (officer,)) for month, officer in few]
    return pd.DataFrame(rows, columns=UNMET)


def _eased_rules(given: Circumstances) -> Iterator[tuple[Obstacle, dict]]:
    """Yield each rule with what circumstances are like without it, the one that costs least first."""
    yield Obstacle.BUSY, {}
    yield Obstacle.LEAVE, {"leave": given.leave.iloc[:0]}
    yield Obstacle.ORDERED, {"ordered": {}}
    yield Obstacle.KEY_PERIOD, {"key_periods": [(given.days[0], given.days[-1])] if given.days else []}
    yield Obstacle.GAP, {"gap_days": 0}
    yield Obstacle.FIELD, {"tasks": given.tasks.assign(officer_fields=[()] * len(given.tasks)), "drawn": {}}
    yield Obstacle.RECUSAL, {"recusals": given.recusals.iloc[:0]}


@dataclass(eq=False)
class _Cases:
    """A schedule with what is on no day, and what it would be like without a rule."""

    given: Circumstances
    made: Sequence[Appointment]
    booked: Mapping[int, Booking]

    def obstacle(self, one: Appointment) -> tuple[Obstacle, str, tuple[str, ...]]:
        """Return the rule that keeps an appointment off every day, a day without it, and what would have to give."""
        if one.capped:
            return Obstacle.CAP, "", ()
        for other in islice(
            (each for each in self.short_ones[one.month] if in_the_way(one, each, self.diary)), COMPARED
        ):
            self.diary.enter(other, self.booked[other.number], -1)
            booking = next(bookings(one, self.diary), None)
            self.diary.enter(other, self.booked[other.number])
            if booking:
                return Obstacle.BUSY, self.given.day_of(booking.start), tuple(code for code, _ in other.visits)
        for rule, (diary, others) in self.eased.items():
            if booking := self._least_costly(others[one.number], diary):
                return rule, self.given.day_of(booking.start), self._gives(one, booking, rule)
        diary, others = self.bare
        if booking := self._least_costly(others[one.number], diary):
            return Obstacle.SEVERAL, self.given.day_of(booking.start), self._gives(one, booking, Obstacle.SEVERAL)
        clear = any(diary.clear(one, start) for start in others[one.number].starts)
        return Obstacle.CREW if clear else Obstacle.DAYS, "", ()

    @cached_property
    def diary(self) -> Diary:
        """The diary of the schedule."""
        return self._without({}, free=False)[0]

    @cached_property
    def short_ones(self) -> dict[int, list[Appointment]]:
        """The appointments of each month with a booking, those of fewest visits first."""
        months: dict[int, list[Appointment]] = defaultdict(list)
        for one in sorted((one for one in self.made if one.number in self.booked), key=lambda one: len(one.visits)):
            months[one.month].append(one)
        return months

    @cached_property
    def eased(self) -> dict[Obstacle, tuple[Diary, dict[int, Appointment]]]:
        """The diary and the appointments without each rule by itself."""
        return {rule: self._without(change, rule is Obstacle.BUSY) for rule, change in _eased_rules(self.given)}

    @cached_property
    def bare(self) -> tuple[Diary, dict[int, Appointment]]:
        """The diary and the appointments without any of the rules."""
        everything = {name: value for _, change in _eased_rules(self.given) for name, value in change.items()}
        return self._without(everything, free=True)

    def _without(self, change: Mapping, free: bool) -> tuple[Diary, dict[int, Appointment]]:
        """A diary in other circumstances with the appointments made there; where `free`, nobody is busy with others."""
        given = replace(self.given, **change)
        diary = Diary(given)
        for one in (one for one in self.made if one.number in self.booked):
            diary.enter(one, self.booked[one.number])
        if free:
            diary.busy = Diary(given).busy
        return diary, {one.number: one for one in appointments(given)}

    def _least_costly(self, one: Appointment, diary: Diary) -> Booking | None:
        """The way to book an appointment for which the fewest other visits would have to give."""
        return min(bookings(one, diary), key=lambda booking: len(self._others(one, booking)), default=None)

    def _others(self, one: Appointment, booking: Booking) -> list[str]:
        """The visits that officers of a booking are to make at the same time."""
        codes: dict[str, None] = {}
        for seat, crew in zip(one.seats, booking.crews, strict=False):
            for place in range(booking.start, booking.start + seat.length):
                for officer in crew:
                    codes |= dict.fromkeys(self.visits_at.get((officer, place), ()))
        return sorted(codes)

    @cached_property
    def visits_at(self) -> dict[tuple[str, int], tuple[str, ...]]:
        """The visits that an officer makes at a place."""
        return {
            (officer, place): tuple(code for code, _ in one.visits)
            for one in self.made
            if one.number in self.booked
            for seat, crew in zip(one.seats, self.booked[one.number].crews, strict=True)
            for officer in crew
            for place in range(self.booked[one.number].start, self.booked[one.number].start + seat.length)
        }

    def _gives(self, one: Appointment, booking: Booking, rule: Obstacle) -> tuple[str, ...]:
        """What would have to give for a booking: other visits, or officers."""
        places, recused = range(booking.start, booking.start + one.length), self.given.recused.get(one.unit_id, ())
        away = [each for each in booking.officers if not self.given.away.get(each, set()).isdisjoint(places)]
        banned = [each for each in booking.officers if each in recused]
        officers = {Obstacle.LEAVE: away, Obstacle.RECUSAL: banned, Obstacle.FIELD: list(booking.officers)}
        chosen = sorted({*away, *banned}) if rule is Obstacle.SEVERAL else officers.get(rule, [])
        busy = self._others(one, booking) if rule in (Obstacle.BUSY, Obstacle.SEVERAL) else []
        return (*chosen, *busy)
