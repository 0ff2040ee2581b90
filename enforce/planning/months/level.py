"""The level load (均衡负荷): the lowest possible highest load of a team, bounded by cuts instead of a search.

If only whole months mattered, moving visits would be a flow: lines -> allowed months -> what each month can hold in
whole visits. Lines whose need exceeds what their months hold at load u prove that u is too low (Hall's condition), and
name the smallest u those months could bear. Raising u cut by cut ends, after a few, at a load below which no plan is.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.graph.python.max_flow import SimpleMaxFlow


@dataclass(frozen=True)
class Demand:
    """What one line asks of one team: its months, its visits, and the half-days of one visit."""

    months: tuple[int, ...]
    visits: int
    effort: int

    @property
    def need(self) -> int:
        """Half-days in all."""
        return self.visits * self.effort


@dataclass(frozen=True)
class Cut:
    """Lines locked into months that cannot hold them (相互锁定的事项和月份): need and room in half-days."""

    lines: tuple[int, ...]
    months: tuple[int, ...]
    need: int
    room: int


def _flow(demands: Sequence[Demand], room: Mapping[int, int]) -> SimpleMaxFlow:
    """Return the most half-days that the months can take: from each line to its months, from each month its room."""
    from ortools.graph.python import max_flow

    months = sorted(room)
    node = {month: len(demands) + 1 + n for n, month in enumerate(months)}
    sink = len(demands) + len(months) + 1
    flow = max_flow.SimpleMaxFlow()
    for line, demand in enumerate(demands, 1):
        flow.add_arc_with_capacity(0, line, demand.need)
        for month in demand.months:
            flow.add_arc_with_capacity(line, node[month], demand.need)
    for month in months:
        flow.add_arc_with_capacity(node[month], sink, room[month])
    if flow.solve(0, sink) != flow.OPTIMAL:
        raise RuntimeError("最大流求解失败")
    return flow


def locked(demands: Sequence[Demand], room: Mapping[int, int]) -> Cut | None:
    """Return lines and months that prove the demands do not fit, by a minimum cut; None when they fit.

    >>> locked([Demand((1, 2), 5, 2), Demand((2, 3), 2, 2)], {1: 4, 2: 4, 3: 4}).months
    (1, 2)
    """
    flow = _flow(demands, room)
    if flow.optimal_flow() == sum(demand.need for demand in demands):
        return None
    side = set(flow.get_source_side_min_cut())
    lines = tuple(n for n in range(len(demands)) if n + 1 in side)
    filled = tuple(sorted({month for n in lines for month in demands[n].months}))
    return Cut(lines, filled, sum(demands[n].need for n in lines), sum(room[month] for month in filled))


@dataclass(frozen=True)
class Room:
    """What a month can hold: its capacity in half-days and, as the bits of a number, every sum of whole visits."""

    capacity: int
    sums: int

    def fitting(self, load: Fraction) -> int:
        """Return the most half-days of whole visits the month holds at this load.

        >>> Room(10, 0b1010101).fitting(Fraction(1, 2))
        4
        """
        limit = load.numerator * self.capacity // load.denominator
        return (self.sums & ((1 << (limit + 1)) - 1)).bit_length() - 1

    def more(self, filled: int) -> int | None:
        """Return the next greater sum of whole visits; None when there is none.

        >>> Room(10, 0b1010101).more(4), Room(10, 0b1010101).more(6)
        (6, None)
        """
        above = self.sums >> (filled + 1)
        return filled + 1 + (above & -above).bit_length() - 1 if above else None


def rooms(demands: Sequence[Demand], capacity: Mapping[int, int]) -> dict[int, Room]:
    """Return what each month can hold, from the lines that may use it.

    A month without capacity is weighed as if it had half a day, so that work forced into it has a load as well.
    """
    return {
        month: Room(max(hours, 1), _sums(demand for demand in demands if month in demand.months))
        for month, hours in capacity.items()
    }


def _sums(demands: Iterable[Demand]) -> int:
    """Return every sum of whole visits as bits: bit n is set when n half-days can be made up exactly."""
    sums = 1
    for demand in demands:
        left, times = demand.visits, 1
        while left:
            times = min(times, left)
            sums |= sums << (times * demand.effort)
            left, times = left - times, times * 2
    return sums


def fillings(demands: Sequence[Demand], capacity: Mapping[int, int], load: Fraction) -> dict[int, list[int]] | None:
    """Return the half-days that each month can have where none is above a load; None where that cannot be.

    They are made up of whole visits, at most what the load allows, at least what the other months cannot take.

    >>> fillings([Demand((1, 2), 5, 2), Demand((2, 3), 2, 3)], {1: 8, 2: 8, 3: 4}, Fraction(1))
    {1: [6, 8], 2: [5, 6, 7, 8], 3: [0, 3]}
    """
    need, holds = sum(demand.need for demand in demands), rooms(demands, capacity)
    most = {month: holds[month].fitting(min(load, Fraction(1))) if room > 0 else 0 for month, room in capacity.items()}
    least = {month: need - _flow(demands, {**most, month: 0}).optimal_flow() for month in most}
    sums = {
        month: [half for half in range(least[month], most[month] + 1) if holds[month].sums >> half & 1]
        for month in most
    }
    return sums if all(sums.values()) else None


def smallest_load(need: int, months: Sequence[Room]) -> Fraction:
    """Return the least load at which the months hold `need` half-days in whole visits; they must be able to.

    >>> smallest_load(10, [Room(4, 0b1010101), Room(6, 0b1010101)])
    Fraction(1, 1)
    """
    load = Fraction(need, sum(room.capacity for room in months))
    filled = [room.fitting(load) for room in months]
    ahead = [(Fraction(more, room.capacity), n) for n, room in enumerate(months) if (more := room.more(filled[n]))]
    heapq.heapify(ahead)
    total = sum(filled)
    while total < need:
        load, n = heapq.heappop(ahead)
        total += months[n].more(filled[n]) - filled[n]
        filled[n] = months[n].more(filled[n])
        if more := months[n].more(filled[n]):
            heapq.heappush(ahead, (Fraction(more, months[n].capacity), n))
    return load


def level_bound(demands: Sequence[Demand], capacity: Mapping[int, int]) -> Fraction:
    """Return a load below which no plan exists (最高负荷的下限), exact; months without capacity as in `rooms`.

    The bound is attained when all visits of the team take the same days, and nearly always otherwise.

    >>> level_bound([Demand((1, 2, 3), 15, 4), Demand((1,), 5, 4)], {1: 20, 2: 40, 3: 40})
    Fraction(1, 1)
    """
    demands = [demand for demand in demands if demand.need]
    if not demands:
        return Fraction(0)
    load = _by_cuts(demands, capacity, Fraction(0))
    while (higher := _by_windows(demands, capacity, load)) > load:
        load = _by_cuts(demands, capacity, higher)
    return load


def _by_cuts(demands: Sequence[Demand], capacity: Mapping[int, int], load: Fraction) -> Fraction:
    """Raise a load until no cut forbids it."""
    holds = rooms(demands, capacity)
    need = sum(demand.need for demand in demands)
    cut = Cut((), tuple(sorted({month for demand in demands for month in demand.months})), need, 0)
    while cut is not None:
        load = max(load, smallest_load(cut.need, [holds[month] for month in cut.months]))
        cut = locked(demands, {month: room.fitting(load) for month, room in holds.items()})
    return load


def _by_windows(demands: Sequence[Demand], capacity: Mapping[int, int], load: Fraction) -> Fraction:
    """Raise a load to what windows need for the lines locked into them, whose visits alone may not fill a month.

    A window is one line's months, or two lines'. Looked at only where rounding to whole visits can matter.
    """
    masks = [sum(1 << month for month in demand.months) for demand in demands]
    rooms_of = {1 << month: max(hours, 1) for month, hours in capacity.items()}
    for window in sorted({one | other for one in set(masks) for other in set(masks)}):
        inside = [demand for demand, mask in zip(demands, masks, strict=True) if not mask & ~window]
        need, longest = sum(demand.need for demand in inside), max(demand.effort for demand in inside)
        filled = sum(hours for month, hours in rooms_of.items() if month & window)
        if need > load * filled - longest * window.bit_count():
            months = {month: hours for month, hours in capacity.items() if window >> month & 1}
            load = max(load, smallest_load(need, list(rooms(inside, months).values())))
    return load


def next_load(load: Fraction, months: Iterable[Room]) -> Fraction | None:
    """Return the next load at which some month holds one visit more; None when all hold all they can.

    >>> next_load(Fraction(1, 2), [Room(8, 0b1010101), Room(10, 0b1010101)])
    Fraction(3, 5)
    """
    ahead = ((room.more(room.fitting(load)), room.capacity) for room in months)
    return min((Fraction(more, capacity) for more, capacity in ahead if more), default=None)
