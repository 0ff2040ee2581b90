"""The re-plan in July (年中重排): one officer gone, six visits slipped; what moves with memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import pandas as pd

from enforce.planning.months.allocate import Allocation, allocate
from enforce.planning.months.position import Position, open_lines, open_room
from tests.bench import peers
from tests.bench.cases import TEAM, Case, districts, of_tables, putuo
from tests.bench.timing import Runs, interleaved, markdown, ratio, seconds, shown, spread, tell

CLOSED, SLIPPED, OFFICERS = 6, 6, 8
MEMORY, FORGETFUL = "allocate(published=...) (ours)", "allocate, without memory (ours)"
HIGHS, CP_SAT = "PuLP + HiGHS, textbook, re-solved", "CP-SAT, textbook, re-solved"

Visits = Mapping[tuple[str, int], int]  # by task and month


@dataclass(frozen=True)
class July:
    """A year after June: its tables with one officer fewer from July on, what is done, and what was published."""

    case: Case
    capacity: pd.DataFrame
    done: pd.DataFrame
    published: pd.DataFrame
    rest: Case  # what is left, in the months that are left, for the peers


def july(found: Case) -> July:
    """Return the year in July: done as published but for the last visits of tasks that still have a month."""
    published = allocate(found.tasks, found.capacity).visits[["task_id", "month", "visits"]]
    fewer = [halves - halves // OFFICERS * (month > CLOSED) for month, halves in found.room.items()]
    capacity = found.capacity.assign(capacity_days=[halves / 2 for halves in fewer])
    done = _slipped(found.tasks, published[published["month"] <= CLOSED], SLIPPED)
    lines = tuple(open_lines(found.tasks, Position(done, CLOSED)))
    room = open_room(capacity, CLOSED)[TEAM]
    plain = of_tables(f"{found.name}, July", found.tasks, capacity)
    rest = replace(plain, lines=lines, room=room, targets=_targets(lines, room))
    return July(found, capacity, done, published, rest)


def _targets(lines: tuple, room: Mapping[int, int]) -> dict:
    from enforce.planning.months.exact import targets

    return {
        (n, month): target
        for n, line in enumerate(lines)
        for month, target in zip(line.months, targets(line, room), strict=True)
    }


def _slipped(tasks: pd.DataFrame, done: pd.DataFrame, count: int) -> pd.DataFrame:
    """Take off visits one by one from the latest months, of tasks in turn that may still be made up."""
    later = {task.task_id for task in tasks.itertuples() if max(task.periods[-1]) > CLOSED}
    done = done.reset_index(drop=True).copy()
    while count:
        taken = 0
        for code in sorted(later):
            mine = done[(done["task_id"] == code) & (done["visits"] > 0)]
            if len(mine) and taken < count:
                done.loc[mine["month"].idxmax(), "visits"] -= 1
                taken += 1
        count -= taken
    return done


# --- measuring ---


def ways(year: July, cap: float) -> dict:
    """Return what is run in turn: ours with and without memory, then textbook models of what is left."""
    tasks = year.case.tasks
    return {
        MEMORY: partial(allocate, tasks, year.capacity, Position(year.done, CLOSED, published=year.published)),
        FORGETFUL: partial(allocate, tasks, year.capacity, Position(year.done, CLOSED)),
        HIGHS: partial(peers.pulp_highs, year.rest, cap),
        CP_SAT: partial(peers.cp_sat, year.rest, 1_000, cap),
    }


def visits_of(year: July, result: object) -> Visits | None:
    """Return a plan of the months left by task and month; None when a peer found none."""
    if isinstance(result, Allocation):
        rows = result.visits[result.visits["month"] > CLOSED]
        return {(row.task_id, row.month): int(row.visits) for row in rows.itertuples()}
    if result.plan is None:
        return None
    found: dict[tuple[str, int], int] = {}
    for (place, month), visits in result.plan.items():
        key = year.rest.lines[place].task_id, month
        found[key] = found.get(key, 0) + visits
    return found


def moved(year: July, plan: Visits) -> int:
    """Return how many published visits left a month that is still open."""
    rows = year.published[year.published["month"] > CLOSED]
    return sum(max(int(row.visits) - plan.get((row.task_id, row.month), 0), 0) for row in rows.itertuples())


def loads(year: July, plan: Visits) -> tuple[Fraction, int]:
    """Return the highest load of the months left, and the half-days beyond what they hold."""
    effort = {line.task_id: line.efforts[0][1] for line in year.rest.lines}
    need = dict.fromkeys(year.rest.room, 0)
    for (code, month), visits in plan.items():
        need[month] += effort.get(code, 0) * visits
    room = year.rest.room
    return max(Fraction(need[m], room[m]) for m in room), sum(max(need[m] - room[m], 0) for m in room)


@dataclass(frozen=True)
class Outcome:
    """What one way did in one year: visits moved, highest load, half-days beyond capacity, whether all is proved."""

    moved: int
    highest: float
    over: int
    proved: bool


def outcome(year: July, result: object) -> Outcome | None:
    """Return what a result is worth; None when there is no plan."""
    plan = visits_of(year, result)
    if plan is None:
        return None
    high, over = loads(year, plan)
    return Outcome(moved(year, plan), float(high), over, _proved(result))


def table(year: July, runs: Runs) -> str:
    """Return the table of one year: one row per way."""
    rows = []
    for way, each in runs.items():
        told = outcome(year, each[-1].result)
        worth = ("–",) * 4 if told is None else (told.moved, f"{told.highest:.4f}", told.over, _yes(told.proved))
        rows.append((way, shown(seconds(each), 1000), shown(ratio(each, runs[MEMORY])), *worth))
    left = sum(line.visits for line in year.rest.lines)
    notes = (
        f"{left} visits left after June, of them {SLIPPED} slipped; one of {OFFICERS} officers gone from July on",
        "`moved`: published visits that left a month still open; a slipped visit has to go somewhere and is none",
        "with memory no visit moves but to relieve a month beyond its capacity; without it all is laid out anew",
    )
    header = ("way", "ms", "× ours", "visits moved", "highest load", "half-days over", "proved")
    return markdown(f"Re-planning: {year.case.name}", header, rows, notes)


def all_table(measured: Sequence[tuple[July, Runs]]) -> str:
    """Return sums and medians over all years: one row per way."""
    rows = []
    for way in measured[0][1]:
        told = [outcome(year, runs[way][-1].result) for year, runs in measured]
        found = [one for one in told if one is not None]
        took = spread(seconds(runs[way]).median for _, runs in measured)
        over = spread(ratio(runs[way], runs[MEMORY]).median for _, runs in measured)
        moves, halves = sum(one.moved for one in found), sum(one.over for one in found)
        highest = max((one.highest for one in found), default=float("nan"))
        plans = f"{len(found)} of {len(told)}"
        rows.append((way, shown(took, 1000), shown(over), plans, moves, f"{highest:.4f}", halves))
    header = ("way", "ms", "× ours", "plans", "visits moved in all", "highest load of all", "half-days over in all")
    return markdown(f"Re-planning: all {len(measured)} years", header, rows, ("medians over years of the times",))


def _yes(proved: bool) -> str:
    return "yes" if proved else "NO"


def _proved(result: object) -> bool:
    return all(result.proof["proved"] if isinstance(result, Allocation) else result.proved)


def record(year: July, runs: Runs) -> dict:
    """Return a year as plain data for the JSON file."""
    told = {way: outcome(year, each[-1].result) for way, each in runs.items()}
    ways_ = {
        way: {"seconds": [run.seconds for run in each], "outcome": told[way] and vars(told[way])}
        for way, each in runs.items()
    }
    return {"case": year.case.name, "ways": ways_}


def report(repeat: int, count: int, cap: float, budget: float) -> tuple[list[str], list[dict]]:
    """Measure the re-plan of Putuo and of random districts in July."""
    years = [july(found) for found in (putuo(), *districts(count))]
    for way in ways(years[0], min(cap, 5)).values():
        way()
    measured = []
    for year in years:
        tell(year.rest.name)
        measured.append((year, interleaved(ways(year, cap), repeat, budget)))
    return [table(*measured[0]), all_table(measured)], [record(*one) for one in measured]
