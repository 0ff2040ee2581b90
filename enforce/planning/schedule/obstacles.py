"""Obstacles (排不上的原因): the one rule without which a visit could be put on a day, and what would have to give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from enforce.planning.schedule.appointments import Appointment, Booking, Circumstances, appointments
from enforce.planning.schedule.first_plan import Diary, bookings
from enforce.words.terms import Obstacle

_Members = Sequence[tuple[Appointment, Booking]]
OBSTACLES = ["visit_id", "task_id", "unit_id", "month", "obstacle", "possible_date", "gives"]


def obstacles(
    given: Circumstances, made: Sequence[Appointment], booked: Mapping[int, Booking], open_ones: Sequence[Appointment]
) -> pd.DataFrame:
    """Return what keeps appointments off every day: one row per visit.

    `obstacle` is the one rule without which it could be, the first of those that would do; then `possible_date` is a
    day that it could be on, and `gives` what would have to give: officers on leave, recused or unfit, other visits.
    """
    rows, eased = [], {}
    for one in open_ones:
        rule, day, gives = _obstacle(given, made, booked, one, eased)
        rows += [(code, line, one.unit_id, one.month, rule.value, day, gives) for code, line in one.visits]
    return pd.DataFrame(rows, columns=OBSTACLES)


def _eased_rules(given: Circumstances) -> Iterator[tuple[Obstacle, dict]]:
    """Yield each rule with what circumstances are like without it, the one that costs least first."""
    yield Obstacle.BUSY, {}
    yield Obstacle.LEAVE, {"leave": given.leave.iloc[:0]}
    yield Obstacle.KEY_PERIOD, {"key_periods": [(given.days[0], given.days[-1])] if given.days else []}
    yield Obstacle.GAP, {"gap_days": 0}
    bare = given.tasks.assign(officer_fields=[()] * len(given.tasks))
    yield Obstacle.FIELD, {"tasks": bare, "drawn": {}, "_crews": {}}
    yield Obstacle.RECUSAL, {"recusals": given.recusals.iloc[:0]}


def _obstacle(
    given: Circumstances,
    made: Sequence[Appointment],
    booked: Mapping[int, Booking],
    one: Appointment,
    eased: dict[Obstacle, tuple],
) -> tuple[Obstacle, str, tuple[str, ...]]:
    everything: dict = {}
    for rule, change in _eased_rules(given):
        everything |= change
        if rule not in eased:
            eased[rule] = _diary_without(replace(given, **change), made, {} if rule is Obstacle.BUSY else booked)
        diary, others = eased[rule]
        if booking := next(bookings(others[one.number], diary), None):
            return (
                rule,
                given.day_of(booking.start),
                _what_gives(
                    given, [(each, booked[each.number]) for each in made if each.number in booked], one, booking, rule
                ),
            )
    diary, others = _diary_without(replace(given, **everything), made, {})
    if next(bookings(others[one.number], diary), None):
        return Obstacle.SEVERAL, "", ()
    return Obstacle.CREW if others[one.number].starts else Obstacle.DAYS, "", ()


def _diary_without(
    given: Circumstances, made: Sequence[Appointment], booked: Mapping[int, Booking]
) -> tuple[Diary, dict[int, Appointment]]:
    """A diary with these bookings, and the appointments as other circumstances have them."""
    diary = Diary(given)
    for one in made:
        if one.number in booked:
            diary.enter(one, booked[one.number])
    return diary, {one.number: one for one in appointments(given)}


def _what_gives(
    given: Circumstances, members: _Members, one: Appointment, booking: Booking, rule: Obstacle
) -> tuple[str, ...]:
    """What would have to give for a booking: other visits, or officers."""
    places = set(range(booking.start, booking.start + one.length))
    if rule is Obstacle.BUSY:
        return tuple(
            code
            for other, taken in members
            if not places.isdisjoint(range(taken.start, taken.start + other.length))
            and not set(taken.officers).isdisjoint(booking.officers)
            for code, _ in other.visits
        )
    if rule is Obstacle.LEAVE:
        away = given.absent()
        return tuple(code for code in booking.officers if not places.isdisjoint(away.get(code, ())))
    if rule is Obstacle.RECUSAL:
        return tuple(code for code in booking.officers if (code, one.unit_id) in given.recused)
    return tuple(booking.officers) if rule is Obstacle.FIELD else ()
