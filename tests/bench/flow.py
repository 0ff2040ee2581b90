"""The exact plan by flow (费用流): where all visits of a team take the same days, the plan is a transport of visits.

Lines send visits to their months at rising costs, months take as many as they can hold. Such a flow is whole by
nature, so no search is needed: a minimum-cost flow is found, and proved here from what is left over of the network.
No cycle that costs less than nothing: no better plan. No other cycle that costs nothing: no other plan as good.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from enforce.planning.months.exact import MILLI, Answer, Cell, Limits, Line, distance_of, lateness_weights, targets

GREATEST = 2**60  # of one visit's cost, which the flow counts in 64 bits

Arc = tuple[int, int, int]  # from, to, what one visit more along it costs


def applies(lines: Sequence[Line], capacity: Mapping[str, Mapping[int, int]], limits: Limits) -> bool:
    """Tell whether the plan is a flow: one team, one length of visit, and nothing but the months' capacity to keep to.

    >>> line = Line("P01", 0, (1, 2), 3, "执法大队", (("执法大队", 4),))
    >>> applies([line], {"执法大队": {1: 8, 2: 8}}, Limits()), applies([line], {}, Limits())
    (True, False)
    """
    efforts = {line.efforts for line in lines}
    if len(efforts) != 1 or limits.overload != 0 or limits.moves is not None or limits.spans:
        return False
    shares = next(iter(efforts))
    return len(shares) == 1 and set(capacity) == {shares[0][0]} and all(line.lead == shares[0][0] for line in lines)


@dataclass(frozen=True)
class Network:
    """What the flow runs through: lines and months with what they hold in visits; of every cell its target in
    thousandths, and what a visit weighs (`weight`) beside a thousandth of distance (`spread`)."""

    lines: Sequence[Line]
    holds: Mapping[int, int]
    target: Mapping[Cell, int]
    weight: Mapping[Cell, int]
    spread: int


def network(lines: Sequence[Line], capacity: Mapping[str, Mapping[int, int]], limits: Limits) -> Network:
    """Return the network of a plan to which `applies` said yes; months hold visits, not half-days."""
    ((team, effort),) = lines[0].efforts
    room = dict(capacity[team])
    if limits.levels is not None:
        level = limits.levels[team]
        room = {m: min(n, level.numerator * max(n, 1) // level.denominator) for m, n in room.items()}
    weight = lateness_weights(lines)
    target = {
        (place, month): aim
        for place, line in enumerate(lines)
        for month, aim in zip(line.months, targets(line, capacity[team]), strict=True)
    }
    spread = 1 + sum(max(weight[n, month] for month in line.months) * line.visits for n, line in enumerate(lines))
    return Network(lines, {month: halves // effort for month, halves in room.items()}, target, weight, spread)


def closest(lines: Sequence[Line], capacity: Mapping[str, Mapping[int, int]], limits: Limits) -> Answer | None:
    """Return the plan that `exact.closest` would, some twenty times as fast, where the flow proves it the only one.

    None where it does not: another plan is as good, none keeps to the limits, or the numbers are too great for it.

    >>> line = Line("P01", 0, (1, 2), 3, "执法大队", (("执法大队", 4),))
    >>> closest([line], {"执法大队": {1: 8, 2: 8}}, Limits()).visits
    {(0, 1): 2, (0, 2): 1}
    """
    net = network(lines, capacity, limits)
    dearest = max((2 * line.visits + 1) * MILLI for line in lines) * net.spread
    visits = _flow(net) if dearest < GREATEST else None
    if visits is None or not _only(_residual(net, visits), len(lines) + len(net.holds) + 1):
        return None
    distance = distance_of(lines, capacity, visits)
    return Answer(visits, distance, distance, True)


def _flow(net: Network) -> dict[Cell, int] | None:
    """Return a flow of least cost; each cell is an arc for every visit, the next always dearer than the last."""
    from ortools.graph.python import min_cost_flow

    node = _nodes(net)
    arcs, cells = [], []
    for cell, aim in net.target.items():
        (place, month), weight = cell, net.weight[cell]
        for count in range(net.lines[place].visits):
            arcs.append((place, node[month], 1, weight + _dearer(count, aim) * net.spread))
            cells.append(cell)
    sink = len(net.lines) + len(net.holds)
    arcs += [(node[month], sink, most, 0) for month, most in net.holds.items()]
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(*np.array(arcs, dtype=np.int64).T)
    supplies = [line.visits for line in net.lines]
    flow.set_nodes_supplies(np.append(np.arange(len(supplies)), sink), np.append(supplies, -sum(supplies)))
    if flow.solve() != flow.OPTIMAL:
        return None
    visits = dict.fromkeys(net.target, 0)
    for cell, count in zip(cells, flow.flows(np.arange(len(cells))).tolist(), strict=True):
        visits[cell] += count
    return visits


def _dearer(visits: int, target: int) -> int:
    """Return what one visit more costs a cell, in thousandths of a square."""
    return (2 * visits + 1) * MILLI - 2 * target


def _nodes(net: Network) -> dict[int, int]:
    return {month: len(net.lines) + n for n, month in enumerate(net.holds)}


def _residual(net: Network, visits: Mapping[Cell, int]) -> list[Arc]:
    """Return what could still be changed, one visit at a time: a visit more or fewer in a cell, and in a month."""
    node, sink = _nodes(net), len(net.lines) + len(net.holds)
    arcs, load = [], dict.fromkeys(net.holds, 0)
    for cell, count in visits.items():
        (place, month), aim = cell, net.target[cell]
        load[month] += count
        if count < net.lines[place].visits:
            arcs.append((place, node[month], _dearer(count, aim) * net.spread + net.weight[cell]))
        if count:
            arcs.append((node[month], place, -_dearer(count - 1, aim) * net.spread - net.weight[cell]))
    arcs += [(node[month], sink, 0) for month, most in net.holds.items() if load[month] < most]
    return arcs + [(sink, node[month], 0) for month in net.holds if load[month]]


def _only(arcs: Sequence[Arc], nodes: int) -> bool:
    """Tell whether every cycle of changes costs something, but for a change taken back.

    >>> _only([(0, 1, 5), (1, 0, -5)], 2), _only([(0, 1, 0), (1, 2, 0), (2, 0, 0)], 3)
    (True, False)
    """
    price = _prices(arcs, nodes)
    if price is None:
        return False
    free = {(start, end) for start, end, cost in arcs if price[start] + cost == price[end]}
    group = list(range(nodes))

    def root(one: int) -> int:
        while group[one] != one:
            group[one] = one = group[group[one]]
        return one

    for start, end in sorted(arc for arc in free if arc[::-1] in free and arc[0] < arc[1]):
        if root(start) == root(end):
            return False
        group[root(start)] = root(end)
    before: dict[int, set[int]] = {}
    for start, end in free:
        if (end, start) not in free:
            before.setdefault(root(end), set()).add(root(start))
    try:
        TopologicalSorter(before).prepare()
    except CycleError:
        return False
    return True


def _prices(arcs: Sequence[Arc], nodes: int) -> list[int] | None:
    """Return a price of every node such that no arc is cheaper than the difference; None where a cycle costs less."""
    leaving: dict[int, list[tuple[int, int]]] = {}
    for start, end, cost in arcs:
        leaving.setdefault(start, []).append((end, cost))
    price, steps, waiting = [0] * nodes, [0] * nodes, deque(range(nodes))
    queued = set(waiting)
    while waiting:
        start = waiting.popleft()
        queued.discard(start)
        for end, cost in leaving.get(start, ()):
            if price[start] + cost < price[end]:
                price[end], steps[end] = price[start] + cost, steps[start] + 1
                if steps[end] >= nodes:
                    return None
                if end not in queued:
                    queued.add(end)
                    waiting.append(end)
    return price
