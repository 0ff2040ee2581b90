"""The bound of the level load (均衡负荷的下限): how long it takes, and how often a plan attains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from random import Random
from time import perf_counter

from enforce.planning.months import exact
from enforce.planning.months.exact import Limits
from enforce.planning.months.level import Demand, level_bound, next_load, rooms
from enforce.planning.months.loads import Group, demands, lowest
from tests.bench import flow, peers
from tests.bench.cases import EFFORTS, SEED, TEAM, Case, drawn
from tests.bench.timing import markdown, shown, spread, tell

CASES = 4000
BELOW = Fraction(1, 10**6)  # less than any two loads of a month differ by


@dataclass(frozen=True)
class Bounded:
    """One case: its bound, the lowest load of any plan, whether none lower exists, and the seconds that each took."""

    bound: Fraction
    lowest: Fraction
    valid: bool
    seconds: float
    search: float


def bounded(one: Case) -> Bounded:
    """Return the bound of a case and the lowest highest load there is, by a proof that none lower exists."""
    asked = demands(one.lines, TEAM)
    begun = perf_counter()
    bound = level_bound(asked, one.room)
    seconds = perf_counter() - begun
    begun = perf_counter()
    found = _lowest(one, asked, bound)
    took = perf_counter() - begun
    return Bounded(bound, found, _never(one, bound - BELOW), seconds, took)


def _lowest(one: Case, asked: list[Demand], bound: Fraction) -> Fraction:
    """Search upwards from the bound; a month may be overloaded, so that every case has an answer."""
    holds, group = list(rooms(asked, one.room).values()), Group(one.lines, {TEAM: one.room})
    plan, proved = lowest(
        lambda load, before: group.plan_at(Limits({TEAM: load}, overload=None), before),
        lambda plan: group.highest(plan)[TEAM],
        peers.spreadsheet(one).plan,
        bound,
        lambda load: next_load(load, holds),
    )
    found = group.highest(plan)[TEAM]
    if proved < found:
        raise RuntimeError(f"{one.name}: not proved")
    return found


def _never(one: Case, load: Fraction) -> bool:
    """Tell whether it is proved that no plan keeps to a load."""
    return Group(one.lines, {TEAM: one.room}).plan_at(Limits({TEAM: load}, overload=None))[1]


def many(count: int, seed: int = SEED) -> Iterator[Case]:
    """Yield so many random districts, whether they fit or not."""
    return islice(drawn(Random(seed)), count)


def table(found: list[Bounded]) -> str:
    """Return what was found: one row."""
    attained = sum(one.bound == one.lowest for one in found)
    beyond = [float(one.lowest - one.bound) for one in found if one.bound != one.lowest]
    row = (
        len(found),
        f"{attained} ({attained / len(found):.2%})",
        f"{max(beyond, default=0):.2%}",
        sum(not one.valid for one in found),
        shown(spread(one.seconds for one in found), 1000),
        shown(spread(one.search for one in found), 1000),
    )
    header = (
        "districts",
        "bound attained",
        "farthest off, of capacity",
        "a plan below the bound",
        "bound ms",
        "proof ms",
    )
    notes = (
        "the bound is pure Python over OR-Tools' maximum flow; the proof is CP-SAT's that a plan at that load exists, "
        "or that none does at any lower one",
        "visits of several lengths in one month are a knapsack, so that a bound may be out of reach",
    )
    return markdown("The bound of the level load", header, [row], notes)


# --- districts whose visits all take the same days ---


@dataclass(frozen=True)
class Flowed:
    """One district planned by flow and by search: seconds of each, and whether flow settled it with the same plan."""

    flow: float
    search: float
    settled: bool
    same: bool


def flowed(one: Case) -> Flowed:
    """Plan a district at the lowest load both ways, from its lines."""
    room = {TEAM: one.room}
    limits = Limits({TEAM: level_bound(demands(one.lines, TEAM), one.room)})
    begun = perf_counter()
    found = flow.closest(one.lines, room, limits)
    between = perf_counter()
    searched = exact.closest(one.lines, room, limits)
    ended = perf_counter()
    return Flowed(between - begun, ended - between, found is not None, found is None or found == searched)


def alike(count: int, seed: int = SEED) -> Iterator[Case]:
    """Yield so many random districts whose visits all take the same days, and that fit."""
    fitting = (one for one in drawn(Random(seed), EFFORTS[1:2]) if level_bound(demands(one.lines, TEAM), one.room) <= 1)
    return islice(fitting, count)


def flow_table(found: list[Flowed]) -> str:
    """Return how the flow did: one row."""
    row = (
        len(found),
        f"{sum(one.settled for one in found)}",
        f"{sum(one.same for one in found)}",
        shown(spread(one.flow for one in found), 1000),
        shown(spread(one.search for one in found), 1000),
        shown(spread(one.search / one.flow for one in found)),
    )
    header = ("districts", "settled by flow", "the same plan", "flow ms", "CP-SAT ms", "× flow")
    notes = (
        "both prove their plan the best and the only one; CP-SAT is ours, in its tight form with one worker",
        "where flow leaves a tie, the search decides: that is counted as the same plan",
    )
    return markdown("Districts whose visits all take the same days", header, [row], notes)


def report(count: int) -> tuple[list[str], list[Mapping]]:
    """Measure the bound on random districts, and the flow on a tenth as many."""
    tell(f"the bound of {count} districts")
    found = [bounded(one) for one in many(count)]
    data = [{"bound": str(x.bound), "lowest": str(x.lowest), "seconds": x.seconds, "search": x.search} for x in found]
    flowed(next(alike(1)))  # the flow is loaded before the clock starts
    equal = [flowed(one) for one in alike(max(count // 10, 1))]
    return [table(found), flow_table(equal)], data + [vars(one) for one in equal]
