"""The first plan: every appointment in turn at its best free place with the two who did least; at once, no proof."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations, islice

from enforce.planning.schedule.appointments import Appointment, Booking, Circumstances, Seat

#: So many crews that may go are compared at a place.
COMPARED = 12


@dataclass(eq=False)
class Diary:
    """What is booked so far, and what it takes of officers' time."""

    given: Circumstances
    bookings: dict[int, Booking] = field(default_factory=dict)
    busy: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    work: Counter = field(default_factory=Counter)  # parts of days by officer
    pairs: Counter = field(default_factory=Counter)
    unit_days: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    streets: Counter = field(default_factory=Counter)  # appointments by street and day, street and week
    out: Counter = field(default_factory=Counter)  # officers out by place
    last_officers: dict[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.last_officers = dict(self.given.last_officers)
        for officer, places in self.given.absent().items():
            self.busy[officer] |= places

    def enter(self, one: Appointment, booking: Booking, times: int = 1) -> None:
        """Enter a booking, or strike it out (`times` -1)."""
        for seat, crew in zip(one.seats, booking.crews, strict=True):
            places = range(booking.start, booking.start + seat.length)
            for officer in crew:
                (self.busy[officer].update if times > 0 else self.busy[officer].difference_update)(places)
                self.work[officer] += times * seat.length
                self.out.update(dict.fromkeys(places, times))
            if seat.leads and len(crew) == 2:
                self.pairs[crew] += times
        for key in self.trips(one, booking.start):
            self.streets[key] += times
        if times > 0:
            self.bookings[one.number] = booking
            self.unit_days[one.unit_id][one.number] = self._ordinal(booking.start)
        else:
            del self.bookings[one.number], self.unit_days[one.unit_id][one.number]

    def trips(self, one: Appointment, start: int) -> tuple[tuple[str, str, int], ...]:
        """Return the street's week and day that an appointment falls on; none without a street."""
        day = self._ordinal(start)
        return (("week", one.street, (day - 1) // 7), ("day", one.street, day)) if one.street else ()

    def clear(self, one: Appointment, start: int) -> bool:
        """Whether a place keeps the least gap to the unit's other entries, and is on another day than they are."""
        day, gap = self._ordinal(start), max(self.given.gap_days, 1)
        days = self.unit_days[one.unit_id] if one.unit_id else {}
        return all(abs(day - other) >= gap for number, other in days.items() if number != one.number)

    def _ordinal(self, start: int) -> int:
        return self.given.ordinals[start // self.given.parts]


def book_in_turn(made: Sequence[Appointment], diary: Diary, before: Mapping[int, Booking]) -> None:
    """Book appointments one after the other, those with least choice first; those without a free place stay out.

    What an earlier plan had (`before`) stays where it was, as long as it can.
    """
    for one in sorted(made, key=_choice):
        booking = next(bookings(one, diary, before.get(one.number)), None)
        if booking:
            diary.enter(one, booking)


def _choice(one: Appointment) -> tuple:
    return len(one.starts) * min(len(seat.candidates) for seat in one.seats), -one.length, one.street, one.number


def bookings(one: Appointment, diary: Diary, before: Booking | None = None) -> Iterator[Booking]:
    """Yield the ways an appointment can be booked, a good one first: one for each place that is free."""
    for start in sorted(one.starts, key=lambda start: _place_cost(one, diary, start, before)):
        if diary.clear(one, start):
            crews = crews_at(one, diary, start, before.crews if before else ())
            if crews:
                yield Booking(start, crews)


def _place_cost(one: Appointment, diary: Diary, start: int, before: Booking | None) -> tuple:
    given, parts = diary.given, diary.given.parts
    days = given.ordinals[start // parts], given.ordinals[(start + one.length - 1) // parts]
    split = days[1] - days[0] >= -(-one.length // parts)
    week, day = [not diary.streets[key] for key in diary.trips(one, start)] or [False, False]
    return before is None or start != before.start, split, week, day, diary.out[start], start


def crews_at(
    one: Appointment, diary: Diary, start: int, before: Sequence[tuple[str, ...]] = ()
) -> tuple[tuple[str, ...], ...]:
    """Return officers for every seat at a place, the least busy of those who are free; () where there are too few."""
    crews: list[tuple[str, ...]] = []
    last = frozenset(diary.last_officers.get(one.unit_id, ()))
    for n, seat in enumerate(one.seats):
        taken = {officer for crew in crews for officer in crew}
        places = range(start, start + seat.length)
        free = [each for each in seat.candidates if each not in taken and diary.busy[each].isdisjoint(places)]
        if n < len(before) and set(before[n]) <= set(free):
            free = list(before[n])
        free.sort(key=lambda officer: (diary.work[officer], officer))
        able = islice((crew for crew in combinations(free, seat.count) if meets(seat, crew)), COMPARED)
        best = min(able, key=lambda crew: _crew_cost(diary, crew, last), default=None)
        if best is None:
            return ()
        crews.append(tuple(sorted(best)))
    return tuple(crews)


def meets(seat: Seat, crew: Sequence[str]) -> bool:
    """Whether officers are fit for a seat: of every set it needs there is one among them."""
    return all(not need.isdisjoint(crew) for need in seat.needs)


def _crew_cost(diary: Diary, crew: tuple[str, ...], last: Set[str]) -> tuple:
    pair = tuple(sorted(crew))
    return last == set(crew), sum(diary.work[officer] for officer in crew), diary.pairs[pair], pair
