"""The weeks of streets: in which week of a month each appointment begins, days and officers left aside.

Appointments of one street that take as long and may begin in the same weeks are alike, and counted: a month of hundreds
has a few hundred variables. Days and officers only make a plan dearer, so what is proved here holds for every plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from enforce.planning.schedule.appointments import Appointment, Booking
from enforce.planning.schedule.month_model import SHARE, MonthPart, searched
from enforce.words.terms import Aim

Counts = Mapping[tuple[int, int], cp_model.IntVar]  # by kind and week


@dataclass(frozen=True)
class Bundle:
    """Groups of appointments that are alike: each takes as much work, and begins in one of the weeks as a whole."""

    street: str
    work: int
    weeks: tuple[int, ...]
    groups: list[tuple[Appointment, ...]]


def weeks_of_streets(
    part: MonthPart, bookings: Mapping[int, Booking], work: float
) -> tuple[dict[int, int], dict[Aim, int], float]:
    """Return the week for each appointment of a part, what weeks of streets and loads of weeks cannot fall below, and
    the work left.

    All are booked in `bookings`, where the search begins. Fewest weeks of streets come first; the bound of the loads is
    of plans with as few.
    """
    weeks = {one.number: part.diary.week(bookings[one.number].start) for one in part.made}
    floors = part.floors()
    bounds = {aim: floors[aim] for aim in (Aim.STREET_WEEKS, Aim.WEEKS)}
    if _new_weeks(part, weeks) > bounds[Aim.STREET_WEEKS]:
        kinds = _bundles(part, {})
        weeks, bounds[Aim.STREET_WEEKS], work = _searched_weeks(part, Aim.STREET_WEEKS, weeks, kinds, work)
    if part.values(bookings)[Aim.WEEKS] > bounds[Aim.WEEKS]:
        kinds = _bundles(part, weeks)
        weeks = min(weeks, _levelled(part, kinds, weeks), key=lambda each: _beyond_shares(part, each))
        weeks, bound, work = _searched_weeks(part, Aim.WEEKS, weeks, kinds, work)
        if _new_weeks(part, weeks) == floors[Aim.STREET_WEEKS]:
            bounds[Aim.WEEKS] = bound
    return weeks, bounds, work


def _new_weeks(part: MonthPart, weeks: Mapping[int, int]) -> int:
    """The weeks of streets that have nothing in them yet."""
    trips = {("week", one.street, weeks[one.number]) for one in part.made if one.street}
    return sum(not part.diary.streets[key] for key in trips)


def _bundles(part: MonthPart, now: Mapping[int, int]) -> list[Bundle]:
    """The kinds of appointments; all of a street that needs one week and has one `now` are of one piece.

    Where no street has a week more than it needs, no plan with as few weeks has them otherwise.
    """
    alike: dict[tuple, list] = defaultdict(list)
    pieces = []
    for one in part.made:
        alike[one.street, one.work, _weeks_of(part, one)].append((one,))
    for street, members in part.street_members.items() if now else ():
        known = any(part.diary.streets[key] for key in part.reach(members))
        if part.least_trips(members)["week"] == len({now[one.number] for one in members}) == 1 and not known:
            for key in [key for key in alike if key[0] == street]:
                del alike[key]
            common = set.intersection(*({*_weeks_of(part, one)} for one in members))
            pieces.append(Bundle(street, sum(one.work for one in members), tuple(sorted(common)), [tuple(members)]))
    return [*pieces, *(Bundle(*key, groups) for key, groups in alike.items())]


def _levelled(part: MonthPart, kinds: Sequence[Bundle], weeks: Mapping[int, int]) -> dict[int, int]:
    """The weeks with each piece, the largest first, in the week that is farthest below its share."""
    pieces = sorted((kind for kind in kinds if len(kind.groups[0]) > 1), key=lambda kind: (-kind.work, kind.street))
    moved = {one.number for kind in pieces for one in kind.groups[0]}
    room = {week: part.week_share(week) for kind in kinds for week in kind.weeks}
    for one in (one for one in part.made if one.number not in moved):
        room[weeks[one.number]] -= one.work
    levelled = dict(weeks)
    for kind in pieces:
        week = max(kind.weeks, key=lambda week: (room[week], -week))
        room[week] -= kind.work
        levelled |= {one.number: week for one in kind.groups[0]}
    return levelled


def _beyond_shares(part: MonthPart, weeks: Mapping[int, int]) -> int:
    """What weeks take beyond their even share."""
    works = Counter()
    for one in part.made:
        works[weeks[one.number]] += one.work
    return sum(max(work - part.week_share(week), 0) for week, work in works.items())


def _weeks_of(part: MonthPart, one: Appointment) -> tuple[int, ...]:
    return tuple(sorted({part.diary.week(start) for start in one.starts}))


def _searched_weeks(
    part: MonthPart, aim: Aim, weeks: dict[int, int], kinds: Sequence[Bundle], work: float
) -> tuple[dict[int, int], int, float]:
    """The weeks with the least of an aim that were met: by appointment, with the proven bound, and the work left."""
    model = cp_model.CpModel()
    counts = {(n, week): model.new_int_var(0, len(k.groups), "") for n, k in enumerate(kinds) for week in k.weeks}
    for n, kind in enumerate(kinds):
        model.add(sum(counts[n, week] for week in kind.weeks) == len(kind.groups))
    new_weeks = _street_weeks(part, model, kinds, counts)
    if aim is Aim.WEEKS:
        model.add(new_weeks <= _new_weeks(part, weeks))
    model.minimize(new_weeks if aim is Aim.STREET_WEEKS else _over_shares(part, model, kinds, counts))
    for (n, week), count in counts.items():
        model.add_hint(count, sum(weeks[group[0].number] == week for group in kinds[n].groups))
    solver, bound, spent = searched(model, work * SHARE)
    if solver:
        chosen = {key: solver.value(count) for key, count in counts.items()}
        weeks = {number: week for n, kind in enumerate(kinds) for number, week in _shared_out(n, kind, chosen, weeks)}
    return weeks, bound, work - spent


def _street_weeks(
    part: MonthPart, model: cp_model.CpModel, kinds: Sequence[Bundle], counts: Counts
) -> cp_model.LinearExpr | int:
    """The new weeks of streets: each has room for the work that begins in it, a street as many as it needs at least."""
    here: dict[tuple[str, int], list] = defaultdict(list)
    used = []
    for (n, week), count in counts.items():
        here[kinds[n].street, week].append((kinds[n], count))
    for street, members in part.street_members.items():
        reach, new = part.reach(members), []
        for key in (key for key in reach if key[0] == "week"):
            room, goes = sum(map(part.free_on, reach[key])), 1
            if not part.diary.streets[key]:
                goes = model.new_bool_var("")
                new.append(goes)
            for kind, count in here[street, key[2]]:
                model.add(count <= len(kind.groups) * goes)
            model.add(sum(kind.work * count for kind, count in here[street, key[2]]) <= room * goes)
        model.add(sum(new) >= part.least_trips(members)["week"])
        used += new
    return sum(used)


def _over_shares(
    part: MonthPart, model: cp_model.CpModel, kinds: Sequence[Bundle], counts: Counts
) -> cp_model.LinearExpr:
    """What weeks take beyond their even share; what a piece has beyond it by itself is beyond it with any other."""
    above = []
    for week in sorted({week for _, week in counts}):
        works = [(kinds[n].work, count) for (n, at), count in counts.items() if at == week]
        share = part.week_share(week)
        above.append(model.new_int_var(0, sum(one.work for one in part.made), ""))
        model.add(above[-1] >= sum(work * count for work, count in works) - share)
        model.add(above[-1] >= sum((work - share) * count for work, count in works if work > share))
    return sum(above)


def _shared_out(
    n: int, kind: Bundle, chosen: Mapping[tuple[int, int], int], weeks: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the week of each appointment by how many a week has of a kind; who can stays in the week that he has."""
    left, others = {week: chosen[n, week] for week in kind.weeks}, []
    for group in kind.groups:
        now = weeks[group[0].number]
        if left.get(now):
            left[now] -= 1
            yield from ((one.number, now) for one in group)
        else:
            others.append(group)
    free = (week for week, count in left.items() for _ in range(count))
    yield from ((one.number, week) for group, week in zip(others, free, strict=True) for one in group)
