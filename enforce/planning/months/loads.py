"""The loads (最高负荷): the highest of all teams as low as can be, then the highest of the others, and so on.

Not one team after the other: which of them bears the highest load is part of the question. A team that no plan takes
below the load in question bears it; where several could, their number is made as small as can be. Loads up to the
comfortable one (宽松负荷) are not lowered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from enforce.planning.months.exact import (
    WHOLE,
    Capacity,
    Cell,
    Limits,
    Line,
    Step,
    Work,
    build,
    demands,
    minimise,
    need_of,
)
from enforce.planning.months.level import level_bound, next_load, rooms
from enforce.words.numbers import COMFORTABLE_LOAD
from enforce.words.problems import Unsolved

COMFORTABLE = Fraction(str(COMFORTABLE_LOAD))
EACH = 0.35  # of the computing that is left: what one question may take


def settled(
    limits: Limits, loads: Mapping[str, Fraction], bounds: Mapping[str, Fraction], comfortable: Fraction
) -> Limits:
    """Return the limits with the plans whose loads, from the highest down, are not above these.

    From the highest load downwards a team whose own bound it is bears it in every plan; from where there is none, it is
    only the number of teams above each load that is settled.
    """
    free, levels = dict(loads), {}
    while free and (top := max(free.values())) > comfortable:
        bearing = [team for team in free if bounds[team] >= top]
        if not bearing:
            break
        levels |= dict.fromkeys(bearing, top)
        free = {team: load for team, load in free.items() if team not in bearing}
    levels |= dict.fromkeys(free, max([comfortable, *free.values()]))
    return replace(limits, levels=levels, steps=_steps(free, comfortable))


def _steps(loads: Mapping[str, Fraction], comfortable: Fraction) -> tuple[Step, ...]:
    """Return how many of the teams are above each of the loads but the highest."""
    lower = sorted({comfortable, *(load for load in loads.values() if load > comfortable)}, reverse=True)[1:]
    steps = (Step(below, sum(load > below for load in loads.values()), tuple(loads)) for below in lower)
    return tuple(step for step in steps if step.most < len(loads))


@dataclass(frozen=True)
class Group:
    """Teams that share tasks: their lines, half-days by team and month, and the computing they may take."""

    lines: Sequence[Line]
    capacity: Capacity
    comfortable: Fraction = COMFORTABLE
    work: Work = field(default_factory=Work)

    @cached_property
    def bounds(self) -> dict[str, Fraction]:
        """The load of each team below which no plan is, by what it alone must do."""
        return {team: level_bound(demands(self.lines, team), room) for team, room in self.capacity.items()}

    @property
    def fits(self) -> bool:
        """Whether no team is short by what it alone must do."""
        return all(level <= 1 for level in self.bounds.values())

    def highest(self, plan: Mapping[Cell, int]) -> dict[str, Fraction]:
        """Return the highest load of each team in a plan; a month without capacity is weighed as half a day."""
        need = need_of(self.lines, plan)
        return {
            team: max(Fraction(need.get((team, month), 0), max(room, 1)) for month, room in months.items())
            for team, months in self.capacity.items()
        }

    def plan_at(self, limits: Limits, plan: Mapping[Cell, int] | None = None) -> tuple[Mapping[Cell, int] | None, bool]:
        """Return a plan within the limits, None where none was found, and whether it is proved that there is none."""
        model = build(self.lines, self.capacity, limits, aim=False)
        try:
            answer = minimise(model, 0, self.work.part(EACH), plan, **WHOLE)
        except Unsolved:
            return None, False
        return (None, True) if answer is None else (answer.visits, False)


@dataclass(frozen=True)
class _Round:
    """What is settled so far: the limits, the teams whose load is not yet, and how many of these are above it."""

    group: Group
    limits: Limits
    free: tuple[str, ...]
    above: int = 0

    def at(self, load: Fraction) -> Limits:
        """Return the limits with the free teams at a load, but for as many as are above."""
        if self.above:
            return replace(self.limits, steps=(*self.limits.steps, Step(load, self.above, self.free)))
        return replace(self.limits, levels={**self.limits.levels, **dict.fromkeys(self.free, load)})

    def load(self, plan: Mapping[Cell, int]) -> Fraction:
        """Return the highest load of the free teams, but for those that are above."""
        loads = self.group.highest(plan)
        return sorted((loads[team] for team in self.free), reverse=True)[self.above]

    def lowest(self, plan: Mapping[Cell, int]) -> tuple[Mapping[Cell, int], Fraction]:
        """Return a plan with the lowest such load, and the floor proved of it."""
        bounds = sorted((self.group.bounds[team] for team in self.free), reverse=True)
        start = max(self.group.comfortable, bounds[self.above])
        months = [
            room
            for team in self.free
            for room in rooms(demands(self.group.lines, team), self.group.capacity[team]).values()
        ]
        return lowest(
            lambda load, before: self.group.plan_at(self.at(load), before),
            self.load,
            plan,
            start,
            lambda load: next_load(load, months),
        )

    def fewest(self, load: Fraction, plan: Mapping[Cell, int]) -> tuple[Mapping[Cell, int], int, int]:
        """Return a plan with the fewest free teams at the load or above, how many they are, and how many is proved."""
        largest = max(room for team in self.free for room in (1, *self.group.capacity[team].values()))
        below = max(self.group.comfortable, load - Fraction(1, 2 * largest**2))  # two loads are twice that apart
        limits = self.at(load)
        limits = replace(limits, steps=(*limits.steps, Step(below, len(self.free), self.free)))
        model = build(self.group.lines, self.group.capacity, limits, aim=False)
        try:
            answer = minimise(model, model.above, self.group.work.part(EACH), plan, **WHOLE)
        except Unsolved:
            loads = self.group.highest(plan)
            return plan, sum(loads[team] > below for team in self.free), self.above + 1
        return answer.visits, answer.value, max(answer.bound, self.above + 1)


def lowered(group: Group, limits: Limits, plan: Mapping[Cell, int]) -> tuple[Mapping[Cell, int], list[Fraction]]:
    """Return a plan whose loads are as low as can be, and the floors proved of the loads from the highest down.

    `plan` is any within the limits. When the computing ends first it is the best plan so far, with the floors proved so
    far; there are none where every team is at its own bound.
    """
    bounds, floors = group.bounds, []
    alone = {team: max(bound, group.comfortable) for team, bound in bounds.items()}
    best, _ = group.plan_at(replace(limits, levels=alone), plan)
    if best is not None:
        return best, []
    top = dict.fromkeys(group.capacity, max(group.highest(plan).values()))
    now = _Round(group, replace(limits, levels=top), tuple(group.capacity))
    while now.above < len(now.free):
        plan, floor = now.lowest(plan)
        load = now.load(plan)
        if load <= group.comfortable:
            break
        if floor < load:
            return plan, [*floors, floor]
        bearing = [] if now.above else [team for team in now.free if bounds[team] >= load]
        if bearing:
            floors += [load] * len(bearing)
            free = tuple(team for team in now.free if team not in bearing)
            now = replace(now, limits=now.at(load), free=free)
        else:
            plan, most, least = now.fewest(load, plan)
            floors += [load] * (least - now.above) + [Fraction(0)] * (most - least)
            now = replace(now, limits=now.at(load), above=most)
    return plan, floors


def lowest(
    ask: Callable[[Fraction, Mapping[Cell, int]], tuple[Mapping[Cell, int] | None, bool]],
    load_of: Callable[[Mapping[Cell, int]], Fraction],
    plan: Mapping[Cell, int],
    start: Fraction,
    following: Callable[[Fraction], Fraction | None],
) -> tuple[Mapping[Cell, int], Fraction]:
    """Return a plan of the least load and the floor proved: from the start upwards in doubling strides, then bisected.

    Only loads at which some month holds one visit more can matter, so the search is over those and ends exactly. A
    question that the computing did not settle leaves the floor where it was.
    """
    loads, stride, low, proved = [start], 1, 0, 0
    while True:
        while loads[-1] < load_of(plan) and len(loads) < low + stride:
            loads.append(following(loads[-1]) or load_of(plan))
        high = bisect_left(loads, load_of(plan))
        if low >= high:
            return plan, loads[min(proved, high)]
        middle = (low + high) // 2 if high < len(loads) else high - 1
        better, never = ask(loads[middle], plan)
        if better is not None:
            plan = better
        else:
            low, stride = middle + 1, stride * 2
            proved = low if never else proved
