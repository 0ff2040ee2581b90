"""The timetable: appointments month by month, each month settled after the one before it, with proof, loads and doubts.

Dates of a month are settled together, the officers of a month of many appointments week by week.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from math import ceil

import pandas as pd

from enforce.planning.schedule.appointments import Appointment, Booking, Circumstances, Seat, appointments
from enforce.planning.schedule.first_plan import Diary, book_in_turn
from enforce.planning.schedule.month_model import MonthPart
from enforce.planning.schedule.month_search import settle_part, struck
from enforce.planning.schedule.obstacles import obstacles, unmet_wishes
from enforce.words.terms import HalfDay

VISITS = [
    *("visit_id", "task_id", "unit_id", "month", "entry", "date", "half_day", "part", "visit_parts"),
    *("officer_1", "officer_2", "with_officers", "with_sections"),
]
LOADS = ["officer_id", "week_from", "entries", "inspection_days"]
PROOF = ["month", "aim", "value", "bound", "proved"]
#: What the searches of a month may take, in the solver's deterministic time.
WORK = 0.3
#: What a change of an announced visit costs, of another one.
ANNOUNCED, INTERNAL = 100, 1


@dataclass(frozen=True, eq=False)
class Schedule:
    """The schedule (日程): `visits` one row per visit, without a date where it cannot be put on one; `loads` one row
    per officer and week; `obstacles` one row per visit without a date; `proof` one row per month and aim; `unmet` one
    row per visit or officer that a wish is not met for."""

    visits: pd.DataFrame
    loads: pd.DataFrame
    obstacles: pd.DataFrame
    proof: pd.DataFrame
    unmet: pd.DataFrame


def visit_schedule(
    given: Circumstances, before: pd.DataFrame | None = None, announced: Sequence[str] = (), work: float = WORK
) -> Schedule:
    """Return the schedule of all visits that have a month and are not done.

    `before` are the visits of an earlier schedule, which keep their dates and officers where they can: as few of them
    change as can be, those `announced` (安排编号) last. `work` is what a month's searches may take; 0: the first plan.

    >>> from tests.planning.schedule.district import district
    >>> plan = visit_schedule(district(lines=["P01"], units=["91"], months=[3]))
    >>> plan.visits[["visit_id", "date", "half_day", "officer_1", "officer_2"]].values.tolist()
    [['P01-001', '2024-03-01', 'morning', 'A', 'B']]
    """
    made, diary, rows = appointments(given), Diary(given), []
    earlier = _earlier(given, made, before, frozenset(announced))
    shares = _even_shares(given, made)
    for month, members in groupby(made, key=lambda one: one.month):
        whole = MonthPart(list(members), diary, shares[month])
        old = {one.number: earlier[one.number] for one in whole.made if one.number in earlier}
        whole = replace(whole, before=old, least=_least_visits(given, whole.made))
        book_in_turn(whole.made, diary, old)
        rows += [(month, *row) for row in _settled_part(whole, work)]
    open_ones = [one for one in made if one.number not in diary.bookings]
    return Schedule(
        _visit_table(given, made, diary.bookings),
        _load_table(given, made, diary.bookings),
        obstacles(given, made, diary.bookings, open_ones),
        pd.DataFrame(rows, columns=PROOF),
        unmet_wishes(given, made, diary),
    )


def _settled_part(part: MonthPart, work: float) -> list[tuple]:
    """Settle a part that is in the diary as first planned; the rows of its proof."""
    best, rows = settle_part(part, struck(part), work)
    for one in (one for one in part.made if one.number in best):
        part.diary.enter(one, best[one.number])
    return rows


def _even_shares(given: Circumstances, made: Sequence[Appointment]) -> dict[int, dict[str, int]]:
    """The even share of each officer in the work up to a month, by his days of duty, rounded up; by month and officer.

    It is a share among those who can go at all.
    """
    able = {(seat.team, code) for one in made for seat in one.seats for code in seat.candidates}
    present: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    demand, shares = Counter(), {}
    away = given.away
    for month, members in groupby(made, key=lambda one: one.month):
        days = [n for n, day in enumerate(given.days) if int(day[5:7]) == month]
        for row in given.people:
            home = row.department or row.team
            if row.from_month <= month <= row.to_month and (home, row.officer_id) in able:
                on_duty = sum(n * given.parts not in away.get(row.officer_id, ()) for n in days)
                present[home, row.officer_id] += on_duty * Fraction(str(getattr(row, "share", 1)))
        for seat in (seat for one in members for seat in one.seats):
            demand[seat.team] += seat.count * seat.length
        shares[month] = {}
        for home, total in sorted(demand.items()):
            weights = {code: days for (place, code), days in sorted(present.items()) if place == home and days}
            whole = sum(weights.values())
            shares[month] |= {code: ceil(total * days / whole) for code, days in weights.items()}
    return shares


def _least_visits(given: Circumstances, members: Sequence[Appointment]) -> dict[str, int]:
    """The least visits of a month for each officer who may inspect in it."""
    return dict.fromkeys(
        sorted({code for one in members for seat in one.seats if seat.leads for code in seat.candidates}),
        given.least_visits,
    )


def _earlier(
    given: Circumstances, made: Sequence[Appointment], before: pd.DataFrame | None, announced: Set[str]
) -> dict[int, tuple[int, Booking]]:
    """The bookings an earlier schedule had, by appointment, behind what a change of it costs.

    They are of the same lines at the same unit, by number, by month or in turn; an announced visit's before others.
    """
    if before is None:
        return {}
    place = {day: n for n, day in enumerate(given.days)}
    rows: dict[tuple[str, str], list] = defaultdict(list)
    for row in before[before["date"].isin(given.days)].sort_values(["date", "part", "visit_id"]).itertuples():
        rows[row.task_id, row.unit_id].append(row)
    firsts: dict[int, list] = defaultdict(list)
    for alike in (lambda row, code, _: row.visit_id == code, lambda row, _, month: row.month == month, lambda *_: True):
        for one in made:
            for code, line in one.visits:
                queue, has = rows[line, one.unit_id], any(row.task_id == line for row in firsts[one.number])
                row = None if has else next((row for row in queue if alike(row, code, one.month)), None)
                if row is not None:
                    firsts[one.number].append(row)
                    queue.remove(row)
    bookings = {}
    for one in (one for one in made if firsts[one.number]):
        row = min(firsts[one.number], key=lambda row: row.visit_id not in announced)
        crews = tuple(_old_crew(seat, {row.task_id: row for row in firsts[one.number]}) for seat in one.seats)
        cost = ANNOUNCED if row.visit_id in announced else INTERNAL
        bookings[one.number] = cost, Booking(place[row.date] * given.parts + row.part - 1, crews)
    return bookings


def _old_crew(seat: Seat, firsts: Mapping[str, object]) -> tuple[str, ...]:
    """Who of the officers of earlier rows sat in a seat."""
    if seat.leads:
        row = next((firsts[line] for line in seat.lines if line in firsts), None)
        names = (row.officer_1, row.officer_2, *row.with_officers) if row else ()
    else:
        names = [code for row in firsts.values() for code in row.with_officers]
    chosen = [code for code in dict.fromkeys(names) if code in seat.candidates]
    return tuple(sorted(chosen[: seat.count]))


def _visit_table(given: Circumstances, made: Sequence[Appointment], booked: Mapping[int, Booking]) -> pd.DataFrame:
    rows = []
    for one in made:
        booking = booked.get(one.number)
        crews = booking.crews if booking else ((),) * len(one.seats)
        start = booking.start if booking else 0
        part = start % given.parts
        half = HalfDay.MORNING if part * 2 < given.parts else HalfDay.AFTERNOON
        when = (given.day_of(start), half.value, part + 1) if booking else ("", "", 0)
        along = tuple(code for seat, crew in zip(one.seats, crews, strict=True) if not seat.leads for code in crew)
        for code, line in one.visits:
            seat, crew = next(pair for pair in zip(one.seats, crews, strict=True) if line in pair[0].lines)
            first, second, *others = sorted(crew, key=given.partner_officers.__contains__) or ("", "")
            people = (first, second, (*others, *along), one.sections)
            rows.append((code, line, one.unit_id, one.month, one.number, *when, seat.length, *people))
    table = pd.DataFrame(rows, columns=VISITS)
    return table.sort_values(["month", "date", "part", "entry", "visit_id"], ignore_index=True)


def _load_table(given: Circumstances, made: Sequence[Appointment], booked: Mapping[int, Booking]) -> pd.DataFrame:
    loads: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0.0])
    for one in (one for one in made if one.number in booked):
        booking = booked[one.number]
        day = given.ordinals[booking.start // given.parts]
        week = date.fromordinal(day - (day - 1) % 7).isoformat()
        for seat, crew in zip(one.seats, booking.crews, strict=True):
            for officer in crew:
                loads[officer, week][0] += 1
                loads[officer, week][1] += seat.days
    rows = [(*key, *amounts) for key, amounts in sorted(loads.items())]
    return pd.DataFrame(rows, columns=LOADS)
