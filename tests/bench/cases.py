"""The case (算例): a plan of one team or of several as a user has it, and the plain numbers every way is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

import pandas as pd

from enforce.planning.months.allocate import Allocation, allocate
from enforce.planning.months.exact import Cell, Line, targets
from enforce.planning.months.loads import COMFORTABLE
from enforce.planning.months.position import Position, open_lines

TEAM = "执法大队"
SEED = 2024
LOAD = 0.85  # of all capacity, in the random districts
EFFORTS = (2, 4, 6, 8)  # half-days of one visit
YEAR = tuple(range(1, 13))

VISITS = (60, 10, 20, 8, 20, 10, 8, 8, 6, 28, 68, 15)
VISIT_HALFDAYS = (4, 2, 4, 6, 2, 6, 6, 8, 2, 2, 2, 4)
CAPACITY = (88, 72, 84, 88, 84, 76, 92, 88, 84, 76, 84, 88)
PERIODS = (
    (YEAR,),
    ((1, 2, 3, 4, 9, 11),),
    ((1, 2, 4, 9, 11),),
    ((3, 4, 9, 11),),
    ((1, 2, 3),),
    ((5, 6, 7, 8, 9),),
    ((6, 7, 8, 9, 10),),
    ((5, 6), (10, 11)),
    ((7, 8),),
    ((4, 5, 6, 7, 8, 9, 10, 11),),
    (YEAR,),
    ((5, 6, 7, 8, 9, 10, 11),),
)

Plan = Mapping[Cell, int]  # visits by line and month


@dataclass(frozen=True)
class Case:
    """A plan as tables, and the same as lines, half-days of room by month (of the teams `beside` too), and targets in
    thousandths of a visit; no load is lowered below `comfortable`."""

    name: str
    tasks: pd.DataFrame
    capacity: pd.DataFrame
    lines: tuple[Line, ...]
    room: Mapping[int, int]
    targets: Mapping[Cell, int]
    beside: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    comfortable: Fraction = COMFORTABLE

    @property
    def rooms(self) -> dict[str, Mapping[int, int]]:
        """Half-days of room by team and month."""
        return {TEAM: self.room, **self.beside}

    def load(self, visits: Mapping[Cell, object], team: str, month: int) -> object:
        """Return the half-days of a team in a month, of visits that are numbers or variables."""
        shares = ((cell, dict(self.lines[cell[0]].efforts).get(team, 0)) for cell in self.cells_of(month))
        return sum(effort * visits[cell] for cell, effort in shares if effort)

    @property
    def efforts(self) -> tuple[int, ...]:
        """Half-days of one visit by line."""
        return tuple(line.efforts[0][1] for line in self.lines)

    def cells_of(self, month: int) -> list[Cell]:
        """Return the cells that load a month."""
        return [cell for cell in self.targets if cell[1] == month]


@dataclass(frozen=True)
class Score:
    """What a plan is worth, in whole numbers, so that two are equal or not: no tolerance."""

    overload: int  # half-days
    highest: Fraction
    distance: int  # millionths of a squared visit
    others: tuple[Fraction, ...] = ()  # the highest loads of the other teams, from the highest down


def case(name: str, visits: Sequence[int], halfdays: Sequence[int], periods: Sequence, room: Sequence[int]) -> Case:
    """Return the case of one team whose visits are made by one pair of officers."""
    tasks = pd.DataFrame(
        {
            "task_id": [f"P{n:02}" for n in range(1, len(visits) + 1)],
            "planned_visits": list(visits),
            "periods": list(periods),
            "visit_days": [halves / 4 for halves in halfdays],
            "officers_per_visit": 2,
            "team": TEAM,
            "invited": [()] * len(visits),
        }
    )
    capacity = pd.DataFrame({"team": TEAM, "month": YEAR, "capacity_days": [halves / 2 for halves in room]})
    return of_tables(name, tasks, capacity)


def of_tables(name: str, tasks: pd.DataFrame, capacity: pd.DataFrame) -> Case:
    """Return the case of some tables; TEAM is one of the teams."""
    lines = open_lines(tasks)
    rooms: dict[str, dict[int, int]] = {TEAM: {}}
    for row in capacity.itertuples():
        rooms.setdefault(row.team, {})[int(row.month)] = round(row.capacity_days * 2)
    beside = {team: room for team, room in rooms.items() if team != TEAM}
    return Case(name, tasks, capacity, tuple(lines), rooms[TEAM], _targets(lines, rooms), beside)


def _targets(lines: Sequence[Line], rooms: Mapping[str, Mapping[int, int]]) -> dict[Cell, int]:
    return {
        (place, month): target
        for place, line in enumerate(lines)
        for month, target in zip(line.months, targets(line, rooms[line.lead]), strict=True)
    }


def shuffled(found: Case, random: Random) -> Case:
    """Return the same case with its lines, and the rows of its table, in another order."""
    lines = tuple(random.sample(found.lines, len(found.lines)))
    tasks = found.tasks.iloc[random.sample(range(len(found.tasks)), len(found.tasks))].reset_index(drop=True)
    return replace(found, tasks=tasks, lines=lines, targets=_targets(lines, found.rooms))


def named(found: Case, plan: Plan) -> frozenset:
    """Return a plan by task, period and month, so that plans of shuffled cases compare."""
    lines = found.lines
    return frozenset((lines[place].task_id, lines[place].period, month, n) for (place, month), n in plan.items())


def putuo() -> Case:
    """Return the plan of Putuo 2024 (普陀), with invented efforts and capacity of one team."""
    return case("Putuo 2024", VISITS, VISIT_HALFDAYS, PERIODS, CAPACITY)


def districts(count: int, seed: int = SEED) -> list[Case]:
    """Return random districts around Putuo: drawn from the seed, kept where a plan within capacity exists.

    >>> [district.name for district in districts(2)], districts(1)[0].room == districts(1)[0].room
    (['district 1', 'district 2'], True)
    """
    found: list[Case] = []
    for one in drawn(Random(seed)):
        if len(found) == count:
            break
        if solved(one) is not None:
            found.append(of_tables(f"district {len(found) + 1}", one.tasks, one.capacity))
    return found


def drawn(random: Random, lengths: Sequence[int] = EFFORTS) -> Iterator[Case]:
    """Yield random districts around Putuo without end, also such as no plan fits; visits take these half-days."""
    while True:
        count = random.randint(10, 14)
        room = [random.randrange(72, 96, 4) for _ in YEAR]
        periods = [_periods(random) for _ in range(count)]
        halfdays = [random.choice(lengths) for _ in range(count)]
        yield case("", _visits(random, periods, halfdays, LOAD * sum(room)), halfdays, periods, room)


def tied(count: int, lines: int = 12, teams: int = 3, load: float = LOAD, seed: int = SEED) -> list[Case]:
    """Return random plans whose teams are tied together: a third of the lines invite a second team, efforts are odd.

    A load above 1 makes plans short of days; of the others only those are taken that fit.

    >>> [(one.name, len(one.rooms)) for one in tied(2, lines=5, teams=2, load=1.1)]
    [('tied 1', 2), ('tied 2', 2)]
    """
    found: list[Case] = []
    random = Random(seed)
    while len(found) < count:
        one = _tied(random, lines, teams, load)
        if load > 1 or solved(one) is not None:
            found.append(replace(one, name=f"tied {len(found) + 1}"))
    return found


def _tied(random: Random, count: int, teams: int, load: float) -> Case:
    names = [TEAM, *(f"{n} 队" for n in range(2, teams + 1))]
    rows, need = [], dict.fromkeys(names, 0)
    for n in range(count):
        lead = names[n] if n < teams else random.choice(names)
        other = random.choice([name for name in names if name != lead])
        halves = random.choice((1, 2, 2, 3, 3, 4, 5, 6, 7))
        invited = ((other, random.choice((0.5, 0.5, 1.0, 1.5))),) if random.random() < 1 / 3 or not n else ()
        visits = random.randint(4, 40)
        rows.append((f"P{n:03}", visits, _periods(random), halves / 2, 1, lead, invited))
        need[lead] += visits * halves
        for team, days in invited:
            need[team] += round(2 * days * visits)
    columns = ["task_id", "planned_visits", "periods", "visit_days", "officers_per_visit", "team", "invited"]
    months = [
        (team, month, max(round(need[team] / load * CAPACITY[month - 1] / sum(CAPACITY)), 1) / 2)
        for team in names
        for month in YEAR
    ]
    capacity = pd.DataFrame(months, columns=["team", "month", "capacity_days"])
    return of_tables("tied", pd.DataFrame(rows, columns=columns), capacity)


def _periods(random: Random) -> tuple[tuple[int, ...], ...]:
    kind = random.random()
    if kind < 0.25:
        return (YEAR,)
    if kind < 0.65:
        length = random.randint(2, 8)
        first = random.randint(1, 13 - length)
        return (tuple(range(first, first + length)),)
    if kind < 0.9:
        return (tuple(sorted(random.sample(YEAR, random.randint(3, 6)))),)
    return ((5, 6), (10, 11))


def _visits(random: Random, periods: Sequence, halfdays: Sequence[int], wanted: float) -> list[int]:
    """Return visits that ask for about the half-days wanted, more where the window is long."""
    weights = [sum(map(len, spans)) * random.uniform(0.3, 1.7) for spans in periods]
    return [
        max(round(wanted * weight / sum(weights) / halves), 1) for weight, halves in zip(weights, halfdays, strict=True)
    ]


def solved(found: Case) -> Allocation | None:
    """Return our allocation, or None where it overloads a month."""
    answer = ours(found)
    return None if answer.loads["overload_days"].any() else answer


def ours(found: Case) -> Allocation:
    """Return our allocation of a case, from its tables."""
    return allocate(found.tasks, found.capacity, Position(comfortable_load=float(found.comfortable)))


def plan_of(found: Case, allocation: Allocation) -> dict[Cell, int]:
    """Return an allocation's visits by line and month."""
    visits = allocation.visits.set_index(["task_id", "month"])["visits"]
    return {(place, month): int(visits[found.lines[place].task_id, month]) for place, month in found.targets}


def score(found: Case, plan: Plan) -> Score:
    """Return what a plan is worth; ValueError when it does not make every line's visits."""
    for place, line in enumerate(found.lines):
        made = [plan[place, month] for month in line.months]
        if sum(made) != line.visits or min(made) < 0:
            raise ValueError(f"{found.name}: {line.task_id} makes {made}, not {line.visits}")
    over, loads = 0, []
    for team, room in found.rooms.items():
        need = {month: found.load(plan, team, month) for month in room}
        over += sum(max(need[month] - halves, 0) for month, halves in room.items())
        loads.append(max(found.comfortable, *(Fraction(need[month], halves) for month, halves in room.items())))
    highest, *others = sorted(loads, reverse=True)
    distance = sum((1000 * plan[cell] - target) ** 2 for cell, target in found.targets.items())
    return Score(over, highest, distance, tuple(others))
