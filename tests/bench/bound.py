"""The bound of the level load (均衡负荷的下限): how long it takes, and how often a plan attains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from random import Random
from time import perf_counter

from enforce.planning.exact import Limits
from enforce.planning.level import Demand, level_bound, next_load, rooms
from enforce.planning.stages import demands, exists, lowest
from tests.bench.cases import SEED, TEAM, Case, drawn
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
    return Bounded(bound, found, not _fits(one, bound - BELOW), seconds, took)


def _lowest(one: Case, asked: list[Demand], bound: Fraction) -> Fraction:
    """Search upwards from the bound; a month may be overloaded, so that every case has an answer."""
    holds = list(rooms(asked, one.room).values())
    ceiling = Fraction(sum(demand.need for demand in asked), min(max(n, 1) for n in one.room.values()))
    return lowest(lambda load: _fits(one, load), bound, ceiling, lambda load: next_load(load, holds))


def _fits(one: Case, load: Fraction) -> bool:
    return exists(one.lines, {TEAM: one.room}, Limits({TEAM: load}, overload=None))


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
        "equal-effort districts by flow: no such way in the library, one method plans all districts",
    )
    return markdown("The bound of the level load", header, [row], notes)


def report(count: int) -> tuple[list[str], list[Mapping]]:
    """Measure the bound on random districts."""
    tell(f"the bound of {count} districts")
    found = [bounded(one) for one in many(count)]
    data = [{"bound": str(x.bound), "lowest": str(x.lowest), "seconds": x.seconds, "search": x.search} for x in found]
    return [table(found)], data
