"""The search of a part of the schedule: its dates, then its officers, one aim after the other, each with its bound.

A month of many appointments is settled week by week once it is clear which streets have which weeks. The search ends at
the same step on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from ortools.sat.python import cp_model

from enforce.planning.schedule.appointments import Appointment, Booking
from enforce.planning.schedule.first_plan import Diary, book_in_turn
from enforce.planning.schedule.month_model import SHARE, MonthPart, PartModel, searched
from enforce.planning.schedule.week_model import weeks_of_streets
from enforce.words.terms import Aim

#: As many appointments are settled in one model; those of a larger part week by week.
LARGE = 40
#: As many officers besides those who go are compared for a seat where there are more than twice as many.
CHOICE = 12


def settle_part(
    part: MonthPart, bookings: Mapping[int, Booking], work: float
) -> tuple[dict[int, Booking], list[tuple]]:
    """Return better bookings of a part, and the proof: one row per aim (aim, value, bound, proved).

    `bookings` are the first plan; `work` is what the searches may take together, in the solver's deterministic time.
    Streets get their weeks first, where everything is booked and nothing was before. Bounds of what concerns dates hold
    for every plan with as little of the aims before, those of officers for these dates.
    """
    best, bounds = dict(bookings), {}
    weeks = {part.diary.week(start) for one in part.made for start in one.starts} if work else ()
    by_weeks = len(weeks) > 1 and len(best) == len(part.made) and not part.before
    if by_weeks:
        best, bounds, work = _in_better_weeks(part, best, work)
    if by_weeks and len(part.made) > LARGE:
        best = _week_by_week(part, best, work)
    elif work:
        best, bounds = _dates_then_officers(part, best, bounds, work)
    values, rows = part.values(best), []
    floors = {} if values[Aim.UNBOOKED] else part.floors()
    for aim in Aim:
        bound = min(max(bounds.get(aim, 0), floors.get(aim, 0)), values[aim])
        rows.append((aim.value, values[aim], bound, values[aim] == bound))
    return best, rows


def _in_better_weeks(
    part: MonthPart, bookings: dict[int, Booking], work: float
) -> tuple[dict[int, Booking], dict[Aim, int], float]:
    """Book in the weeks that suit streets and loads best, where that is better: bookings, bounds, and the work left."""
    diary, given = part.diary, part.diary.given
    whole = not part.values(bookings)[Aim.SPLIT]
    made = []
    for one in part.made:
        clear = (n for n in one.starts if diary.clear(one, n))
        made.append(replace(one, starts=tuple(n for n in clear if not (whole and given.split(n, one.length)))))
    weeks, bounds, work = weeks_of_streets(replace(part, made=made), bookings, work)
    book_in_turn([_in_week(one, diary, weeks[one.number]) for one in made], diary, {})
    book_in_turn(part.made, diary, {number: (1, booking) for number, booking in diary.bookings.items()})
    best = min(bookings, struck(part), key=part.rank)
    trips = {("week", one.street, weeks[one.number]) for one in part.made if one.street}
    if part.values(best)[Aim.STREET_WEEKS] > sum(not diary.streets[key] for key in trips):
        bounds.pop(Aim.WEEKS, None)
    return best, bounds, work


def _in_week(one: Appointment, diary: Diary, week: int) -> Appointment:
    """The appointment with the places of one week alone."""
    return replace(one, starts=tuple(start for start in one.starts if diary.week(start) == week))


def _week_by_week(part: MonthPart, bookings: dict[int, Booking], work: float) -> dict[int, Booking]:
    """Settle each week by itself, with what begins in it as it is."""
    diary = part.diary
    for one in part.made:
        diary.enter(one, bookings[one.number])
    weeks = _weeks(part)
    for whole in weeks:
        first = struck(whole)
        made = [_in_week(one, diary, diary.week(first[one.number].start)) for one in whole.made]
        best, _ = settle_part(replace(whole, made=made), first, work / len(weeks))
        for one in whole.made:
            diary.enter(one, best[one.number])
    return struck(part)


def _dates_then_officers(
    part: MonthPart, bookings: dict[int, Booking], floors: dict[Aim, int], work: float
) -> tuple[dict[int, Booking], dict[Aim, int]]:
    """Settle dates with enough officers at every time, then the officers for these dates: bookings and bounds.

    Where somebody is missing then, both together.
    """
    starts, dated, left = _settled_dates(part, bookings, floors, work)
    tries = []
    for places in (starts, {number: booking.start for number, booking in bookings.items()}):
        made = [replace(one, starts=(places[one.number],)) if one.number in places else one for one in part.made]
        tries.insert(0, _settled_officers(replace(part, made=made), bookings, left))
        left = tries[0][2]
        if len(tries[0][0]) >= len(starts):
            break
    else:
        if len(part.made) <= LARGE:
            tries.insert(0, _settled_officers(part, bookings, left))
    best, bounds, _ = min([*tries, (bookings, {}, 0)], key=lambda each: part.rank(each[0]))
    return best, {**bounds, **dated}


#: What concerns dates alone.
_DATES = (Aim.UNBOOKED, Aim.CHANGES, Aim.SPLIT, Aim.STREET_WEEKS, Aim.WEEKS, Aim.STREET_DAYS)


def _settled_dates(
    part: MonthPart, bookings: Mapping[int, Booking], floors: Mapping[Aim, int], work: float
) -> tuple[dict[int, int], dict[Aim, int], float]:
    """Settle where appointments begin: places by number, the bound of each aim, and the work left."""
    search, bounds = _Search(part, seated=False, work=work), {}
    starts = {number: booking.start for number, booking in bookings.items()}
    counted = part.floors()
    floors = {aim: max(counted.get(aim, 0), floors.get(aim, 0)) for aim in _DATES}
    for aim in _DATES:
        plain = {number: Booking(start, ()) for number, start in starts.items()}
        value = part.values(plain)[aim]
        bound = floors[aim] if len(starts) == len(part.made) else 0
        if value > bound:
            plain, bound = search.lowered(aim, plain)
            starts = {number: booking.start for number, booking in plain.items()}
            value = part.values(plain)[aim]
        bounds[aim] = min(bound, value)
        search.keep(aim, value)
    return starts, bounds, search.work


def _settled_officers(
    part: MonthPart, bookings: Mapping[int, Booking], work: float
) -> tuple[dict[int, Booking], dict[Aim, int], float]:
    """Settle who goes to appointments whose place is settled: bookings, the bound of each aim, and the work left."""
    book_in_turn(part.made, part.diary, {number: (1, booking) for number, booking in bookings.items()})
    weeks = _weeks(part) if len(part.made) > LARGE else [part]
    bounds: dict[Aim, int] = {}
    for whole in weeks:
        each = _choosing(whole)
        best, bounds, left = _settled_crews(each, struck(each), work / len(weeks))
        bounds = bounds if each is whole else {}
        for one in (one for one in each.made if one.number in best):
            part.diary.enter(one, best[one.number])
        work += left - work / len(weeks)
    return struck(part), bounds if len(weeks) == 1 else {}, work


def _choosing(part: MonthPart) -> MonthPart:
    """The part with fewer officers to choose from where they are many: those who go and those with most to do yet."""
    diary, made = part.diary, []
    left = {each: part.shares.get(each, 0) - diary.work[each] for each in part.officers}
    if len(left) <= 2 * CHOICE:
        return part
    for one in part.made:
        crews = diary.bookings[one.number].crews if one.number in diary.bookings else ()
        seats = [
            replace(
                seat, candidates=tuple(sorted({*crew, *sorted(seat.candidates, key=lambda o: (-left[o], o))[:CHOICE]}))
            )
            for seat, crew in zip(one.seats, crews, strict=False)
        ]
        made.append(replace(one, seats=tuple(seats) or one.seats))
    return replace(part, made=made)


def _weeks(part: MonthPart) -> list[MonthPart]:
    """The appointments week by week as they are in the diary; those that are in none are a part of their own."""
    diary, weeks = part.diary, defaultdict(list)
    for one in part.made:
        booking = diary.bookings.get(one.number)
        weeks[diary.week(booking.start) if booking else 0].append(one)
    return [part.only(weeks[each]) for each in sorted(weeks)]


def struck(part: MonthPart) -> dict[int, Booking]:
    """Strike the bookings of a part out of the diary and return them."""
    diary = part.diary
    first = {one.number: diary.bookings[one.number] for one in part.made if one.number in diary.bookings}
    for one in (one for one in part.made if one.number in first):
        diary.enter(one, first[one.number], -1)
    return first


def _settled_crews(
    part: MonthPart, bookings: dict[int, Booking], work: float
) -> tuple[dict[int, Booking], dict[Aim, int], float]:
    """Settle who goes, one aim after the other: bookings, the bound of each aim of officers, and the work left."""
    best, search, bounds = bookings, _Search(part, seated=True, work=work), {}
    settled = _DATES[2:] if all(len(one.starts) == 1 for one in part.made) else ()
    floors = part.floors() if len(best) == len(part.made) else {}
    for aim in (aim for aim in Aim if aim not in settled):
        value, bound = part.values(best)[aim], floors.get(aim, 0)
        if value > bound:
            best, bound = search.lowered(aim, best)
            value = part.values(best)[aim]
        bounds[aim] = min(bound, value)
        search.keep(aim, value)
    return best, {aim: bound for aim, bound in bounds.items() if aim not in _DATES}, search.work


class _Search:
    """The searches of one model: each aim with those before it bound at what they have come to."""

    def __init__(self, part: MonthPart, seated: bool, work: float) -> None:
        self.part, self.seated, self.work = part, seated, work
        self.limits: list[tuple[Aim, int]] = []

    @cached_property
    def model(self) -> PartModel:
        """The model, made when it is first searched."""
        return PartModel(self.part, self.seated)

    @cached_property
    def costs(self) -> dict[Aim, cp_model.LinearExpr]:
        """What each aim is in the model."""
        return dict(self.model.aims())

    def keep(self, aim: Aim, value: int) -> None:
        """Bind an aim at what it has come to, for those after it."""
        self.limits.append((aim, value))

    def lowered(self, aim: Aim, bookings: dict[int, Booking]) -> tuple[dict[int, Booking], int]:
        """Return bookings with less of an aim, and the proven bound."""
        if self.work <= 0 or (self.part.crowded and aim is Aim.PAIRS) or isinstance(self.costs[aim], int):
            return bookings, 0
        model = self.model.model
        for earlier, value in self.limits:
            model.add(self.costs[earlier] <= value)
        self.limits = []
        model.minimize(self.costs[aim])
        self.model.hint(bookings)
        solver, bound, spent = searched(model, self.work * SHARE)
        self.work -= spent
        return self.model.bookings(solver) if solver else bookings, bound
