"""The room under the caps (上限的余地): whether the planned visits can be made at all, by the most a flow can carry.

Visits flow from each line to the units of its pool and from each unit what its cap leaves. Where the most that can flow
is less than planned, no choice of units makes the plan; a minimum cut names the lines and units that bind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.graph.python.max_flow import SimpleMaxFlow


@dataclass(frozen=True)
class PoolDemand:
    """What one line asks: its visits, and unit by unit of its pool the most it may visit it (家次).

    `caps` are what a cap of the line itself leaves of that, unit by unit. A line that is not `shared` takes nothing of
    the room that units have for all lines: its cause does not count, or nobody says that it does.
    """

    task_id: str
    visits: int
    pool: Mapping[str, int]
    caps: Mapping[str, int] = field(default_factory=dict)
    shared: bool = True

    @property
    def reachable(self) -> int:
        """The visits its pool could take if there were no caps: what else is lacking is the pool's, not the caps'."""
        return min(self.visits, sum(self.pool.values()))

    def most(self, unit: str) -> int:
        """The most visits to a unit of the pool."""
        return min(self.pool[unit], self.caps.get(unit, self.pool[unit]))

    @property
    def capped(self) -> set[str]:
        """The units of which the line's cap leaves less than it may visit."""
        return {unit for unit in self.pool if self.most(unit) < self.pool[unit]}


@dataclass(frozen=True)
class CapShortfall:
    """Lines that the caps leave too little (上限排不下): lines and binding units by code, how many visits are missing.

    `merged_missing` are missing even if every entry served all the lines it could.
    """

    task_ids: tuple[str, ...]
    unit_ids: tuple[str, ...]
    missing_visits: int
    merged_missing: int


def cap_shortfalls(demands: Sequence[PoolDemand], rooms: Mapping[str, int]) -> tuple[CapShortfall, ...]:
    """Return what the caps make impossible, exact: one shortfall per group of lines that share units, none if all fit.

    `rooms` are the entries a unit has left; a unit without a number has no cap. Each visit is taken for an entry.

    >>> pool = {"甲": 1, "乙": 1}
    >>> cap_shortfalls([PoolDemand("P01", 2, pool), PoolDemand("P02", 1, pool)], {"甲": 1, "乙": 1})[0].missing_visits
    1
    >>> cap_shortfalls([PoolDemand("P01", 2, pool)], {"甲": 1, "乙": 1})
    ()
    """
    shared = sorted({unit for one in demands if one.shared for unit in one.pool})
    nodes = {unit: n for n, unit in enumerate(shared, len(demands) + 1)}
    flow = _most_visits(demands, rooms, nodes)
    if flow.optimal_flow() == sum(one.reachable for one in demands):
        return ()
    side = set(flow.get_source_side_min_cut())
    lines = [one for n, one in enumerate(demands, 1) if n in side]
    bound = {unit for unit in shared if nodes[unit] in side}
    return tuple(_shortfall(group, bound, rooms) for group in _apart(lines, bound))


def _shortfall(group: Sequence[PoolDemand], bound: set[str], rooms: Mapping[str, int]) -> CapShortfall:
    """Return what is missing to lines beyond what binding units have left and the other units of their pools take."""
    units = {unit for one in group if one.shared for unit in one.pool} & bound
    free = sum(one.most(unit) for one in group for unit in one.pool if not (one.shared and unit in bound))
    return CapShortfall(
        tuple(one.task_id for one in group),
        tuple(sorted(units | {unit for one in group for unit in one.capped})),
        sum(one.reachable for one in group) - free - sum(rooms[unit] for unit in units),
        sum(max(one.reachable - _merged(one, rooms), 0) for one in group),
    )


def _most_visits(demands: Sequence[PoolDemand], rooms: Mapping[str, int], nodes: Mapping[str, int]) -> SimpleMaxFlow:
    """Return the most visits that can be made: from each line to its units, from each unit what its cap leaves."""
    from ortools.graph.python import max_flow

    flow, sink = max_flow.SimpleMaxFlow(), len(demands) + len(nodes) + 1
    every = sum(one.reachable for one in demands)
    for line, demand in enumerate(demands, 1):
        flow.add_arc_with_capacity(0, line, demand.reachable)
        for unit in demand.pool:
            flow.add_arc_with_capacity(line, nodes[unit] if demand.shared else sink, demand.most(unit))
    for unit, node in nodes.items():
        flow.add_arc_with_capacity(node, sink, rooms.get(unit, every))
    if flow.solve(0, sink) != flow.OPTIMAL:
        raise RuntimeError("最大流求解失败")
    return flow


def _apart(lines: Sequence[PoolDemand], bound: set[str]) -> list[list[PoolDemand]]:
    """The lines in groups that share no binding unit."""
    groups: list[list[PoolDemand]] = []
    for line in lines:
        near = [group for group in groups if any(_bound_together(line, one, bound) for one in group)]
        groups = [group for group in groups if group not in near] + [[*(one for group in near for one in group), line]]
    return groups


def _bound_together(line: PoolDemand, other: PoolDemand, bound: set[str]) -> bool:
    return line.shared and other.shared and bool(bound & line.pool.keys() & other.pool.keys())


def _merged(demand: PoolDemand, rooms: Mapping[str, int]) -> int:
    """The visits of one line when its entries serve the other lines too."""
    free = rooms if demand.shared else {}
    return sum(min(demand.most(unit), free.get(unit, demand.visits)) for unit in demand.pool)
