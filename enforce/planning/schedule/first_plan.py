"""The first plan: every appointment in turn at its best free place with the two who did least; at once, no proof."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, combinations, islice

from enforce.planning.schedule.appointments import Appointment, Booking, Circumstances, Seat

#: So many crews that may go are compared at a place.
COMPARED = 12
#: So many bookings are tried on another place to make room for what is left out of a month.
TRIES = 200


@dataclass(eq=False)
class Diary:
    """What is booked so far, and what it takes of officers' time."""

    given: Circumstances
    bookings: dict[int, Booking] = field(default_factory=dict)
    busy: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    work: Counter = field(default_factory=Counter)  # parts of days by officer
    pairs: Counter = field(default_factory=Counter)
    #: First and last day, and who inspects, by unit and appointment.
    crews: dict[str, dict[int, tuple]] = field(default_factory=lambda: defaultdict(dict))
    streets: Counter = field(default_factory=Counter)  # appointments by street and day, street and week
    out: Counter = field(default_factory=Counter)  # officers out by place
    weeks: Counter = field(default_factory=Counter)  # parts of days by the week in which appointments begin

    def __post_init__(self) -> None:
        for officer, places in self.given.away.items():
            self.busy[officer] |= places

    def enter(self, one: Appointment, booking: Booking, times: int = 1) -> None:
        """Enter a booking, or strike it out (`times` -1)."""
        for seat, crew in zip(one.seats, booking.crews, strict=True):
            places = range(booking.start, booking.start + seat.length)
            for officer in crew:
                (self.busy[officer].update if times > 0 else self.busy[officer].difference_update)(places)
                self.work[officer] += times * seat.length
                for place in places:
                    self.out[place] += times
            if seat.leads and len(crew) == 2:
                self.pairs[crew] += times
        for key in self.trips(one, booking.start):
            self.streets[key] += times
        self.weeks[self.week(booking.start)] += times * one.work
        if times > 0:
            self.bookings[one.number] = booking
            if one.unit_id:
                span = self.given.span(booking.start, one.length)
                self.crews[one.unit_id][one.number] = span, inspectors(one, booking)
        else:
            del self.bookings[one.number]
            self.crews[one.unit_id].pop(one.number, None)

    def trips(self, one: Appointment, start: int) -> tuple[tuple[str, str, int], ...]:
        """Return the street's week and day that an appointment falls on; none without a street."""
        day, week = self.ordinal(start), self.week(start)
        return (("week", one.street, week), ("day", one.street, day)) if one.street else ()

    def clear(self, one: Appointment, start: int) -> bool:
        """Whether a place keeps the least gap to the unit's other entries, and is on other days than they are."""
        span, others = self.given.span(start, one.length), self.crews[one.unit_id].items()
        return all(apart(span, other, self.given.gap_days) for number, (other, _) in others if number != one.number)

    def last_crew(self, one: Appointment, start: int) -> frozenset[str]:
        """Return who inspected the unit when it was visited last before a place, here or before the schedule."""
        day = self.ordinal(start)
        earlier = [(span, crew) for span, crew in self.crews.get(one.unit_id, {}).values() if span[0] < day]
        return frozenset(max(earlier)[1] if earlier else self.given.last_officers.get(one.unit_id, ()))

    def ordinal(self, start: int) -> int:
        """Return the day of a place as a number."""
        return self.given.ordinals[start // self.given.parts]

    def week(self, start: int) -> int:
        """Return the week of a place as a number."""
        return self.given.weeks[start // self.given.parts]


def apart(span: tuple[int, int], other: tuple[int, int], gap_days: int) -> bool:
    """Return whether two entries of a unit have no day in common and the least gap between the first and the later one.

    >>> apart((1, 2), (2, 2), 0), apart((1, 2), (3, 3), 0), apart((9, 9), (1, 2), 8)
    (False, True, False)
    """
    return max(span[0] - other[1], other[0] - span[1]) >= max(gap_days, 1)


def inspectors(one: Appointment, booking: Booking) -> tuple[str, ...]:
    """Return the officers who inspect at an appointment."""
    return tuple(code for seat, crew in zip(one.seats, booking.crews, strict=True) if seat.leads for code in crew)


def book_in_turn(made: Sequence[Appointment], diary: Diary, before: Mapping[int, tuple[int, Booking]]) -> None:
    """Book appointments one after the other, those with least choice first; those without a free place stay out.

    What an earlier plan had (`before`, with what a change of it costs) comes first, the dearest in front, and stays
    as it was if it can.
    """
    known = [one for one in made if one.number in before]
    for one in sorted(known, key=lambda one: (-before[one.number][0], one.number)):
        booking = before[one.number][1]
        if stays(one, diary, booking):
            diary.enter(one, booking)
    for one in sorted((one for one in made if one.number not in diary.bookings), key=_choice):
        booking = next(bookings(one, diary, before[one.number][1] if one.number in before else None), None)
        if booking:
            diary.enter(one, booking)
    _make_room(made, diary, {number: cost for number, (cost, _) in before.items()})


def _make_room(made: Sequence[Appointment], diary: Diary, costs: Mapping[int, int]) -> None:
    """Book those left out where another can move away for them, the cheapest to change; so many moves are tried."""
    others = sorted(
        (one for one in made if len(one.starts) > 1), key=lambda one: (costs.get(one.number, 0), one.number)
    )
    left_out = [one for one in made if one.number not in diary.bookings]
    tries = ((one, other) for one in left_out for other in others if in_the_way(one, other, diary))
    for one, other in islice(tries, TRIES):
        old = diary.bookings[other.number]
        diary.enter(other, old, -1)
        booking = next(bookings(one, diary), None)
        if booking:
            diary.enter(one, booking)
            old = next(bookings(other, diary, old), None) or old
        if booking and not stays(other, diary, old):
            diary.enter(one, booking, -1)
        diary.enter(other, old)


def in_the_way(one: Appointment, other: Appointment, diary: Diary) -> bool:
    """Return whether another unit's booking takes an officer whom what is left out could have at a place of its own."""
    if one.number in diary.bookings or other.number not in diary.bookings or one.unit_id == other.unit_id != "":
        return False
    booking = diary.bookings[other.number]
    span = range(booking.start - one.length + 1, booking.start + other.length)
    wanted = {code for seat in one.seats for code in seat.candidates}
    return not wanted.isdisjoint(booking.officers) and any(start in span for start in one.starts)


def stays(one: Appointment, diary: Diary, booking: Booking) -> bool:
    """Whether a booking can be entered as it is: a place it may have, officers who are free and enough."""
    spans = zip(one.seats, booking.crews, strict=True)
    return (
        booking.start in one.starts
        and diary.clear(one, booking.start)
        and len(set(booking.officers)) == len(booking.officers)
        and all(
            len(crew) == seat.count
            and meets(seat, crew)
            and set(crew) <= set(seat.candidates)
            and all(diary.busy[each].isdisjoint(range(booking.start, booking.start + seat.length)) for each in crew)
            for seat, crew in spans
        )
    )


def _choice(one: Appointment) -> tuple:
    return len(one.starts) * min(len(seat.candidates) for seat in one.seats), -one.length, one.street, one.number


def bookings(one: Appointment, diary: Diary, before: Booking | None = None) -> Iterator[Booking]:
    """Yield the ways an appointment can be booked, a good one first: one for each place that is free."""
    for *_, start in sorted(_costed_places(one, diary, before)):
        if diary.clear(one, start):
            crews = crews_at(one, diary, start, before.crews if before else ())
            if crews:
                yield Booking(start, crews)


def _costed_places(one: Appointment, diary: Diary, before: Booking | None) -> Iterator[tuple]:
    """Yield each place of an appointment, behind what speaks against it: the first the more."""
    given, parts, out = diary.given, diary.given.parts, diary.out
    long, old = one.length > parts, before.start if before else -1
    costs: dict[int, tuple[bool, float, bool]] = {}
    for start in one.starts:
        day = start // parts
        if day not in costs:
            week = diary.week(start)
            new_week, new_day = tuple(not diary.streets[key] for key in diary.trips(one, start)) or (False, False)
            costs[day] = new_week, diary.weeks[week] / given.week_days[week], new_day
        yield start != old, long and given.split(start, one.length), *costs[day], out[start], start


def crews_at(
    one: Appointment, diary: Diary, start: int, before: Sequence[tuple[str, ...]] = ()
) -> tuple[tuple[str, ...], ...]:
    """Return officers for every seat at a place, the least busy of those who are free; () where there are too few."""
    crews: list[tuple[str, ...]] = []
    last, taken = diary.last_crew(one, start), set()
    for n, seat in enumerate(one.seats):
        places = range(start, start + seat.length)
        free = [each for each in seat.candidates if each not in taken and diary.busy[each].isdisjoint(places)]
        stay = set(before[n]) if n < len(before) else set()
        free.sort(key=lambda officer: (officer not in stay, diary.work[officer], officer))
        able = islice(_crews(seat, free), COMPARED)
        best = min(able, key=lambda crew: _crew_cost(diary, crew, last, stay), default=None)
        if best is None:
            return ()
        crews.append(tuple(sorted(best)))
        taken.update(best)
    return tuple(crews)


def _crews(seat: Seat, free: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the crews of free officers that are fit for a seat, those in front first; some more than once."""
    fit = [[each for each in free if each in need] for need in seat.fit]

    def completed(chosen: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        missing = next((need for need in fit if set(need).isdisjoint(chosen)), None)
        if missing is None:
            others = [each for each in free if each not in chosen]
            yield from (chosen + more for more in combinations(others, seat.count - len(chosen)))
        elif len(chosen) < seat.count:
            yield from chain.from_iterable(completed((*chosen, each)) for each in missing)

    return completed(())


def meets(seat: Seat, crew: Sequence[str]) -> bool:
    """Whether officers are fit for a seat: of every set it needs there is one among them."""
    return all(not need.isdisjoint(crew) for need in seat.needs)


def _crew_cost(diary: Diary, crew: tuple[str, ...], last: Set[str], stay: Set[str]) -> tuple:
    pair = tuple(sorted(crew))
    return (
        len(stay.difference(crew)),
        last.issuperset(crew),
        sum(map(diary.work.__getitem__, crew)),
        diary.pairs[pair],
        pair,
    )
