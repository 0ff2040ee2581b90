"""A part of the schedule, a month or a week: what bookings of it come to by aim, its floors by counting, its model.

One variable per appointment and place and one per appointment and officer; hard rules are constraints.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import ceil, comb

from ortools.sat.python import cp_model

from enforce.planning.schedule.appointments import Appointment, Booking, Seat
from enforce.planning.schedule.first_plan import Diary, apart, stays
from enforce.words.terms import Aim

#: Pairs by appointment that a model may have, beyond which pairs are as the first plan has them.
MOST_PAIRS = 4000
#: The share of the work that is left which one aim may take.
SHARE = 0.5
_MOST = 10**6  # more than any sum of parts
Key = tuple[int, int, str]  # appointment, seat, officer


@dataclass(frozen=True, eq=False)
class MonthPart:
    """Appointments settled together, with all else as it is in the diary, which has none of them.

    `shares` are the parts of days that are each officer's even share, `least` how many visits he is still to have;
    `before` is what an earlier plan had, behind what a change of it costs.
    """

    made: Sequence[Appointment]
    diary: Diary
    shares: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[int, tuple[int, Booking]] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def by_number(self) -> dict[int, Appointment]:
        """The appointments by number."""
        return {one.number: one for one in self.made}

    @cached_property
    def officers(self) -> frozenset[str]:
        """All who may go to one of the appointments."""
        return frozenset(code for one in self.made for seat in one.seats for code in seat.candidates)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, ...]]:
        """The pairs that may go to one of the appointments."""
        seats = {seat.candidates for one in self.made for seat in one.seats if seat.leads and seat.count == 2}
        return frozenset(pair for candidates in seats for pair in combinations(candidates, 2))

    @cached_property
    def crowded(self) -> bool:
        """Whether more pairs may go to the appointments than a model can hold."""
        seats = (seat for one in self.made for seat in one.seats if seat.leads and seat.count == 2)
        return sum(comb(len(seat.candidates), 2) for seat in seats) > MOST_PAIRS

    @cached_property
    def pair_share(self) -> int:
        """How often each of the pairs goes when all go as often as each other."""
        uses = sum(seat.leads and seat.count == 2 for one in self.made for seat in one.seats)
        return -(-(uses + sum(self.diary.pairs[pair] for pair in self.pairs)) // max(len(self.pairs), 1))

    def only(self, members: Sequence[Appointment]) -> MonthPart:
        """Return some of the appointments as a part, with all else as it is in the diary."""
        numbers, diary = {one.number for one in members}, self.diary
        others = [one.number for one in self.made if one.number not in numbers and one.number in diary.bookings]
        visits = Counter(officer for number in others for officer in diary.bookings[number].officers)
        before = {number: old for number, old in self.before.items() if number in numbers}
        least = {officer: max(least - visits[officer], 0) for officer, least in self.least.items()}
        return replace(self, made=members, before=before, least=least)

    @cached_property
    def twice(self) -> list[tuple[Appointment, Appointment]]:
        """The appointments that are of one unit, two by two."""
        units = defaultdict(list)
        for one in self.made:
            if one.unit_id:
                units[one.unit_id].append(one)
        return [pair for each in units.values() for pair in combinations(each, 2)]

    def same_pair(self, one: Appointment, crew: Sequence[str]) -> bool:
        """Whether officers are among those of the unit's last visit before the part."""
        return bool(crew) and self.last[one.number].issuperset(crew)

    @cached_property
    def last(self) -> dict[int, frozenset[str]]:
        """Who inspected the unit of each appointment last before the part."""
        known = {
            one.number: self.diary.last_crew(one, one.starts[-1]) for one in self.made if one.unit_id and one.starts
        }
        return {one.number: known.get(one.number, frozenset()) for one in self.made}

    def values(self, bookings: Mapping[int, Booking]) -> dict[Aim, int]:
        """Return what bookings of the part come to, by aim."""
        booked = [(one, bookings[one.number]) for one in self.made if one.number in bookings]
        trips = {key for one, booking in booked for key in self.diary.trips(one, booking.start)}
        trips = [kind for kind, *place in trips if not self.diary.streets[kind, *place]]
        visits, work, pairs = Counter(), Counter(self.diary.work), Counter(self.diary.pairs)
        same, by_week, often = 0, Counter(), self.pair_share
        for one, booking in booked:
            by_week[self.diary.week(booking.start)] += one.work
            for seat, crew in zip(one.seats, booking.crews, strict=False):
                visits.update(crew)
                for officer in crew:
                    work[officer] += seat.length
                if seat.leads and seat.count == 2:
                    pairs[crew] += 1
                    same += self.same_pair(one, crew)
        same += sum(
            len(_pairs_of(one, bookings.get(one.number)) & _pairs_of(other, bookings.get(other.number)))
            for one, other in self.twice
        )
        changes = (
            cost * _count_of_changes(old, bookings[number])
            for number, (cost, old) in self.before.items()
            if number in bookings
        )
        return {
            Aim.UNBOOKED: sum(len(one.visits) for one in self.made if one.number not in bookings),
            Aim.CHANGES: sum(changes),
            Aim.SPLIT: sum(self.diary.given.split(booking.start, one.length) for one, booking in booked),
            Aim.STREET_WEEKS: trips.count("week"),
            Aim.WEEKS: sum(max(work - self.week_share(week), 0) for week, work in by_week.items()),
            Aim.STREET_DAYS: trips.count("day"),
            Aim.LEAST: sum(max(least - visits[officer], 0) for officer, least in self.least.items()),
            Aim.UNFAIR: sum(max(work[officer] - share, 0) for officer, share in self.shares.items()),
            Aim.SAME_PAIR: same,
            Aim.PAIRS: sum(n - often for pair, n in pairs.items() if n > often and pair in self.pairs),
        }

    def week_share(self, week: int) -> int:
        """Return the even share of a week in the work, by its working days in the month; one visit at the least."""
        days, works = self.days_by_week, [one.work for one in self.made]
        return max(-(-sum(works) * days[week] // max(days.total(), 1)), *works)

    @cached_property
    def days_by_week(self) -> Counter[int]:
        """The working days of the months of the part, by week."""
        months, given = {one.month for one in self.made}, self.diary.given
        return Counter(week for day, week in zip(given.days, given.weeks, strict=True) if int(day[5:7]) in months)

    def rank(self, bookings: Mapping[int, Booking]) -> tuple[int, ...]:
        """What bookings come to, in the order of the aims: of two the lesser is better."""
        values = self.values(bookings)
        return tuple(values[aim] for aim in Aim)

    def floors(self) -> dict[Aim, int]:
        """Return what each aim cannot fall below where all are booked, by counting alone.

        A street visited has as many weeks and days as its work needs where most officers are free; a booking that
        cannot stay as it was changes in one thing at least; no more officers have a visit than go to one.
        """
        counts = Counter()
        for members in self.street_members.values():
            counts.update(self.least_trips(members))
        moved = sum(
            cost for number, (cost, old) in self.before.items() if not stays(self.by_number[number], self.diary, old)
        )
        few = sum(self.least.values()) - sum(seat.count for one in self.made for seat in one.seats)
        return {
            Aim.CHANGES: moved,
            Aim.STREET_WEEKS: counts["week"],
            Aim.WEEKS: self._least_over_weeks(),
            Aim.STREET_DAYS: counts["day"],
            Aim.LEAST: max(few, 0),
        }

    def _least_over_weeks(self) -> int:
        """What weeks take beyond their even share of appointments that can begin in no other week."""
        works = Counter()
        for one in self.made:
            ends = {self.diary.week(start) for start in one.starts[:: max(len(one.starts) - 1, 1)]}
            if len(ends) == 1:
                works[ends.pop()] += one.work
        return sum(max(work - self.week_share(week), 0) for week, work in works.items())

    @cached_property
    def street_members(self) -> dict[str, list[Appointment]]:
        """The appointments by street; those without a street are in none."""
        streets = defaultdict(list)
        for one in sorted((one for one in self.made if one.street), key=lambda one: one.street):
            streets[one.street].append(one)
        return streets

    def reach(self, members: Sequence[Appointment]) -> dict[tuple, set[int]]:
        """Return the weeks and days of streets on which appointments may begin, each with the days they then take."""
        parts, reach = self.diary.given.parts, defaultdict(set)
        for (starts, length), one in {(one.starts, one.length): one for one in members}.items():
            for start in starts:
                days = range(start // parts, (start + length - 1) // parts + 1)
                for key in self.diary.trips(one, start):
                    reach[key].update(days)
        return reach

    def least_trips(self, members: Sequence[Appointment]) -> dict[str, int]:
        """Return the least new weeks and days of a street: enough to hold the work of its appointments."""
        reach, work = self.reach(members), sum(one.work for one in members)
        known = {key for key in reach if self.diary.streets[key]}
        least = {}
        for kind in ("week", "day"):
            rooms = {key: sum(map(self.free_on, days)) for key, days in reach.items() if key[0] == kind}
            left = work - sum(room for key, room in rooms.items() if key in known)
            new = sorted((room for key, room in rooms.items() if key not in known), reverse=True)
            least[kind] = next((n for n in range(len(new)) if left <= sum(new[:n])), len(new)) if left > 0 else 0
        return least

    def free_on(self, day: int) -> int:
        """Return the parts of a working day on which officers of the part are free, all together."""
        if day not in self._free:
            places = range(day * self.diary.given.parts, (day + 1) * self.diary.given.parts)
            self._free[day] = sum(place not in self.diary.busy[each] for place in places for each in self.officers)
        return self._free[day]

    @cached_property
    def _free(self) -> dict[int, int]:
        return {}


def _pairs_of(one: Appointment, booking: Booking | None) -> set[tuple[str, ...]]:
    """The pairs that inspect at an appointment."""
    seats = zip(one.seats, booking.crews, strict=False) if booking else ()
    return {crew for seat, crew in seats if seat.leads and seat.count == 2}


def _count_of_changes(old: Booking, new: Booking) -> int:
    """How many things of a booking changed: its place, and each officer who does not go any more."""
    dropped = set(old.officers) - set(new.officers) if new.crews else ()
    return (old.start != new.start) + len(dropped)


class PartModel:
    """The model of a part, its variables by what they stand for.

    Without seats (`seated`) it only asks that at every time enough officers are free: what it proves holds with them.
    """

    def __init__(self, part: MonthPart, seated: bool) -> None:
        self.part, self.seated, self.model = part, seated, cp_model.CpModel()
        self.at: dict[tuple[int, int], cp_model.IntVar] = {}
        self.goes: dict[Key, cp_model.IntVar] = {}
        self.booked: dict[int, cp_model.IntVar] = {}
        self._spans: dict[str, list[cp_model.IntervalVar]] = defaultdict(list)
        self._taken: dict[tuple[str, int], list[cp_model.IntVar]] = defaultdict(list)
        places = {one.number: [n for n in one.starts if part.diary.clear(one, n)] for one in part.made}
        self._fixed = all(len(each) <= 1 for each in places.values())
        for one in part.made:
            self._add(one, places[one.number])
        for spans in self._spans.values():
            self.model.add_no_overlap(spans)
        for members in self._taken.values():
            self.model.add_at_most_one(members)
        if not seated:
            self._keep_room()
        self._keep_gaps()

    def _new(self) -> cp_model.IntVar:
        return self.model.new_bool_var("")

    def _add(self, one: Appointment, places: Sequence[int]) -> None:
        self.at |= {(one.number, start): self._new() for start in places}
        self.booked[one.number] = self._new()
        self.model.add(self.booked[one.number] == sum(self.at[one.number, start] for start in places))
        if not self.seated:
            return
        begin = self.model.new_int_var(0, max(places, default=0), "")
        self.model.add(begin == sum(start * self.at[one.number, start] for start in places))
        for n, seat in enumerate(one.seats):
            self._seat(one, n, seat, begin, places)

    def _seat(self, one: Appointment, n: int, seat: Seat, begin: cp_model.IntVar, places: Sequence[int]) -> None:
        """Add who may sit: as many as are asked for, fit for it, free at the time."""
        booked, members = self.booked[one.number], {}
        for officer in seat.candidates:
            busy = self.part.diary.busy[officer]
            barred = [start for start in places if not busy.isdisjoint(range(start, start + seat.length))]
            if len(barred) == len(places):
                continue
            members[officer] = member = self._new()
            if barred:
                self.model.add(sum(self.at[one.number, start] for start in barred) + member <= 1)
            if self._fixed:
                for place in range(places[0], places[0] + seat.length):
                    self._taken[officer, place].append(member)
            else:
                span = self.model.new_optional_fixed_size_interval_var(begin, seat.length, member, "")
                self._spans[officer].append(span)
        self.goes |= {(one.number, n, officer): member for officer, member in members.items()}
        self.model.add(sum(members.values()) == seat.count * booked)
        for need in seat.fit:
            self.model.add(sum(member for officer, member in members.items() if officer in need) >= booked)

    def _keep_room(self) -> None:
        """At no time more officers go than are free, of all who may sit somewhere and of those a field asks for."""
        seats = [(one, seat, seat.candidates, seat.count) for one in self.part.made for seat in one.seats]
        seats += [
            (one, seat, tuple(sorted(need & set(seat.candidates))), 1)
            for one, seat, *_ in list(seats)
            for need in seat.needs
        ]
        groups = {frozenset(members) for *_, members, _ in seats}
        for group in sorted((g for g in groups if not any(g < other for other in groups)), key=sorted):
            out: dict[int, list] = defaultdict(list)
            for one, seat, members, count in seats:
                if group.issuperset(members):
                    for start in (start for start in one.starts if (one.number, start) in self.at):
                        for place in range(start, start + seat.length):
                            out[place].append(count * self.at[one.number, start])
            for place, going in out.items():
                free = sum(place not in self.part.diary.busy[officer] for officer in group)
                self.model.add(sum(going) <= free)

    def _keep_gaps(self) -> None:
        """Two entries of a unit are the least gap apart, and never on one day."""
        given, spans = self.part.diary.given, defaultdict(list)
        for (number, start), chosen in self.at.items():
            spans[number].append((given.span(start, self.part.by_number[number].length), chosen))
        for one, other in self.part.twice:
            for span, chosen in spans[one.number]:
                near = [taken for each, taken in spans[other.number] if not apart(span, each, given.gap_days)]
                self.model.add(chosen + sum(near) <= 1)

    def hint(self, bookings: Mapping[int, Booking]) -> None:
        """Begin the search at these bookings."""
        self.model.clear_hints()
        for (number, start), chosen in self.at.items():
            self.model.add_hint(chosen, number in bookings and bookings[number].start == start)
        for (number, n, officer), member in self.goes.items():
            self.model.add_hint(member, number in bookings and officer in bookings[number].crews[n])

    def bookings(self, solver: cp_model.CpSolver) -> dict[int, Booking]:
        """Return the bookings of a solution."""
        starts = {number: start for (number, start), chosen in self.at.items() if solver.value(chosen)}
        crews: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for (number, n, officer), member in self.goes.items():
            if solver.value(member):
                crews[number][n].append(officer)
        seats = {one.number: range(len(one.seats)) for one in self.part.made}
        return {
            number: Booking(start, tuple(tuple(sorted(crews[number][n])) for n in seats[number] if self.seated))
            for number, start in starts.items()
        }

    # --- the aims --------------------------------------------------------------------------------------------------

    def aims(self) -> Iterator[tuple[Aim, cp_model.LinearExpr]]:
        """Yield what is to be made least, the first before the next."""
        yield Aim.UNBOOKED, sum(len(one.visits) * (1 - self.booked[one.number]) for one in self.part.made)
        yield Aim.CHANGES, self._changes()
        yield (
            Aim.SPLIT,
            sum(
                chosen
                for (number, start), chosen in self.at.items()
                if self.part.diary.given.split(start, self.part.by_number[number].length)
            ),
        )
        trips = self._trips()
        yield Aim.STREET_WEEKS, sum(used for (kind, *_), used in trips.items() if kind == "week")
        yield Aim.WEEKS, self._above(self._over_week_shares())
        yield Aim.STREET_DAYS, sum(used for (kind, *_), used in trips.items() if kind == "day")
        if self.seated:
            yield from self._aims_of_officers()

    def _aims_of_officers(self) -> Iterator[tuple[Aim, cp_model.LinearExpr]]:
        seats = self._seats_of_officers()
        yield Aim.LEAST, self._above({o: n - sum(m for _, m in seats[o]) for o, n in self.part.least.items()})
        work = self.part.diary.work
        over = {o: work[o] + sum(length * m for length, m in seats[o]) - n for o, n in self.part.shares.items()}
        yield Aim.UNFAIR, self._above(over)
        pairs = self._pairs()
        yield Aim.SAME_PAIR, self._same_pairs(pairs)
        uses: dict[tuple[str, ...], list] = defaultdict(list)
        for (_, *officers), pair in pairs.items():
            uses[tuple(officers)].append(pair)
        known = self.part.diary.pairs
        often = {o: known[o] + sum(each) - self.part.pair_share for o, each in uses.items()}
        yield Aim.PAIRS, 0 if self.part.crowded else self._above(often)

    def _same_pairs(self, pairs: Mapping[tuple, cp_model.IntVar]) -> cp_model.LinearExpr | int:
        """The pairs that go to a unit a second time running: after its last visit, or twice within the part."""
        same = [
            pair for (number, *crew), pair in pairs.items() if self.part.same_pair(self.part.by_number[number], crew)
        ]
        for one, other in self.part.twice:
            for (number, *crew), pair in pairs.items():
                if number == one.number and (other.number, *crew) in pairs:
                    same.append(self._new())
                    self.model.add(same[-1] >= pair + pairs[other.number, *crew] - 1)
        return sum(same)

    def _changes(self) -> cp_model.LinearExpr | int:
        """What changes of an earlier plan cost: a visit on another place, an officer who does not go any more."""
        changes = []
        for number, (cost, old) in self.part.before.items():
            goes = [sum(self.goes.get((number, n, o), 0) for n in self._places(number)) for o in old.officers]
            same = [self.at.get((number, old.start), 0), *(goes if self.seated else ())]
            changes += [cost * (self.booked[number] - each) for each in same]
        return sum(changes)

    def _places(self, number: int) -> range:
        return range(len(self.part.by_number[number].seats))

    def _trips(self) -> dict[tuple, cp_model.IntVar]:
        """A variable for each week and day of a street that has a visit of the part and none besides yet."""
        given, on, days = self.part.diary.given, defaultdict(list), defaultdict(set)
        for (number, start), chosen in self.at.items():
            one = self.part.by_number[number]
            heads = sum(seat.count * min(seat.length, given.parts - start % given.parts) for seat in one.seats)
            for key in self.part.diary.trips(one, start):
                on[key].append((chosen, heads))
                days[key].add(start // given.parts)
        used = {key: self._new() for key in on if not self.part.diary.streets[key]}
        for key, trip in used.items():
            room = sum(map(self.part.free_on, days[key]))
            self.model.add(sum(heads * chosen for chosen, heads in on[key]) <= room * trip)
            for chosen, _ in on[key]:
                self.model.add_implication(chosen, trip)
        return used

    def _over_week_shares(self) -> dict[int, cp_model.LinearExpr]:
        """What the appointments that begin in a week take beyond its even share."""
        works: dict[int, list] = defaultdict(list)
        for (number, start), chosen in self.at.items():
            works[self.part.diary.week(start)].append(self.part.by_number[number].work * chosen)
        return {week: sum(each) - self.part.week_share(week) for week, each in works.items()}

    def _seats_of_officers(self) -> dict[str, list[tuple[int, cp_model.IntVar]]]:
        seats: dict[str, list] = defaultdict(list)
        for (number, n, officer), member in self.goes.items():
            seats[officer].append((self.part.by_number[number].seats[n].length, member))
        return seats

    def _above(self, amounts: Mapping[object, cp_model.LinearExpr | int]) -> cp_model.LinearExpr | int:
        """The sum of what amounts are above zero."""
        above = [self.model.new_int_var(0, _MOST, "") for _ in amounts]
        for variable, amount in zip(above, amounts.values(), strict=True):
            self.model.add(variable >= amount)
        return sum(above)

    def _pairs(self) -> dict[tuple[int, str, str], cp_model.IntVar]:
        """A variable for each pair that may go to an appointment; of too many, for the unit's last alone."""
        free: dict[tuple[int, int], list[str]] = defaultdict(list)
        for number, n, officer in self.goes:
            seat = self.part.by_number[number].seats[n]
            if seat.leads and seat.count == 2 and not (self.part.crowded and officer not in self.part.last[number]):
                free[number, n].append(officer)
        pairs = [(*key, *pair) for key, officers in free.items() for pair in combinations(officers, 2)]
        made = {}
        for number, n, *officers in pairs:
            pair = self._new()
            self.model.add(pair >= sum(self.goes[number, n, officer] for officer in officers) - 1)
            made[number, *officers] = pair
        return made


def searched(model: cp_model.CpModel, work: float) -> tuple[cp_model.CpSolver | None, int, float]:
    """Search a model: the solver with a plan, or None without one, the proven bound, and the work it took.

    One worker, and the work that it may take is in the solver's deterministic time: the same on every machine.
    """
    solver = cp_model.CpSolver()
    for name, value in {
        "num_workers": 1,
        "random_seed": 0,
        "symmetry_level": 0,
        "max_deterministic_time": work,
    }.items():
        setattr(solver.parameters, name, value)
    state = solver.solve(model)
    bound = max(ceil(solver.best_objective_bound - 1e-6), 0)
    return solver if state in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None, bound, solver.deterministic_time
