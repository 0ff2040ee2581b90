"""What does not fit (排不下): our sentence beside the irreducible infeasible subsystem (IIS) of HiGHS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from multiprocessing import TimeoutError, get_context
from multiprocessing.pool import Pool
from random import Random
from typing import Any

import numpy as np

from enforce.planning.months.exact import Limits, build, minimise
from enforce.planning.why.shortage import sentence, shortage_table, shortages
from tests.bench.cases import CAPACITY, PERIODS, SEED, TEAM, VISIT_HALFDAYS, VISITS, Case, case, drawn
from tests.bench.timing import Runs, interleaved, markdown, ratio, seconds, shown, spread, tell

SENTENCE, TABLE = "sentence (ours)", "table with the proof for whole visits (ours)"
STRATEGIES = {0: "HiGHS IIS, light", 2: "HiGHS IIS, from the LP", 6: "HiGHS IIS, from the LP, reduced"}
WHOLE_VISITS = "HiGHS IIS of the integer model"
CAP = 20.0  # seconds an IIS may take
QUARTER = 125  # visits of one half-day locked into a first quarter that holds fewer

_beside: list[Pool] = []  # the process for what may never come back, once it has been needed


@dataclass(frozen=True)
class Told:
    """What a way says: its words or the number of its rows and columns; blank when it says nothing."""

    text: str
    rows: int

    @property
    def blank(self) -> bool:
        """Whether nothing was said."""
        return not self.rows


def infeasible(count: int) -> dict[str, Case]:
    """Return cases no plan fits: a quarter too full, a year too full, months that do not pack, random districts."""
    quarter = [*VISITS[:4], QUARTER, *VISITS[5:]]
    found = {
        "first quarter": case("first quarter", quarter, VISIT_HALFDAYS, PERIODS, CAPACITY),
        "whole year": case("whole year", [round(n * 1.25) for n in VISITS], VISIT_HALFDAYS, PERIODS, CAPACITY),
        "packs badly": case("packs badly", (3,), (4,), (((1, 2),),), (6, 6, *[20] * 10)),
    }
    more = (_scarce(one) for one in drawn(Random(SEED)))
    short = (one for one in more if minimise(build(one.lines, {TEAM: one.room}, Limits()), 0) is None)
    return found | {f"district {n}": one for n, one in enumerate(islice(short, count), 1)}


def _scarce(one: Case) -> Case:
    return replace(one, room={month: halves * 9 // 10 for month, halves in one.room.items()})


# --- the ways ---


def ways() -> dict[str, Callable[[Case], Told]]:
    """Return what is run in turn on a case."""
    return {
        SENTENCE: _sentence,
        TABLE: _table,
        **{name: partial(highs_iis, strategy=strategy) for strategy, name in STRATEGIES.items()},
        WHOLE_VISITS: partial(apart, partial(highs_iis, strategy=6, integer=True)),
    }


def _sentence(one: Case) -> Told:
    found = shortages(one.lines, {TEAM: one.room})
    return Told("；".join(map(sentence, found)), len(found))


def _table(one: Case) -> Told:
    table = shortage_table(one.lines, {TEAM: one.room})
    return Told("；".join(table["message"]), len(table))


def apart(way: Callable[[Case], Told], one: Case, cap: float = CAP) -> Told:
    """Return what a way says in a process beside this one, which is stopped after so many seconds.

    On some plans HiGHS sleeps for ever over the integer model, whatever its time limit.
    """
    if not _beside:
        _beside.append(get_context("spawn").Pool(1))
    try:
        return _beside[0].apply_async(way, (one,)).get(cap)
    except TimeoutError:
        _beside.pop().terminate()
        return Told(f"no answer in {cap:g} s", 0)


def highs_iis(one: Case, strategy: int, integer: bool = False) -> Told:
    """Return the rows of the IIS that HiGHS finds for the plan within capacity."""
    import highspy

    model = highspy.Highs()
    model.silent()
    for name, value in (("iis_strategy", strategy), ("time_limit", CAP)):
        model.setOptionValue(name, value)
    _fill(model, one, integer)
    model.run()
    status, iis = model.getIis()
    named = list(iis.row_index_) if status == highspy.HighsStatus.kOk else []
    return Told(str(sorted(named)), len(named))


def _fill(model: Any, one: Case, integer: bool) -> None:
    from highspy import HighsVarType, kHighsInf

    at: Mapping = {cell: n for n, cell in enumerate(one.targets)}
    most = np.array([one.lines[place].visits for place, _ in at], dtype=float)
    model.addVars(len(at), np.zeros(len(at)), most)
    if integer:
        columns = np.arange(len(at), dtype=np.int32)
        model.changeColsIntegrality(len(at), columns, np.array([HighsVarType.kInteger] * len(at)))
    for place, line in enumerate(one.lines):
        cells = np.array([at[place, month] for month in line.months], dtype=np.int32)
        model.addRow(line.visits, line.visits, len(cells), cells, np.ones(len(cells)))
    for month, room in one.room.items():
        cells = one.cells_of(month)
        if cells:
            efforts = np.array([one.efforts[place] for place, _ in cells], dtype=float)
            model.addRow(-kHighsInf, room, len(cells), np.array([at[cell] for cell in cells], dtype=np.int32), efforts)


# --- the tables ---


def case_table(one: Case, runs: Runs) -> str:
    """Return the table of one case: one row per way."""
    rows = [
        (
            way,
            shown(seconds(each), 1000),
            shown(ratio(each, runs[SENTENCE])),
            "blank" if each[-1].result.blank else each[-1].result.rows,
        )
        for way, each in runs.items()
    ]
    notes = [f"ours says: {runs[TABLE][-1].result.text}"]
    return markdown(f"What does not fit: {one.name}", ("way", "ms", "× sentence", "rows told"), rows, notes)


def all_table(measured: Mapping[str, Runs]) -> str:
    """Return the medians over all cases and how often each way said nothing."""
    rows = []
    for way in ways():
        took = spread(seconds(runs[way]).median for runs in measured.values())
        over = spread(ratio(runs[way], runs[SENTENCE]).median for runs in measured.values())
        blank = sum(runs[way][-1].result.blank for runs in measured.values())
        rows.append((way, shown(took, 1000), shown(over), f"{blank} of {len(measured)}"))
    notes = (
        "medians over cases; `blank`: nothing told though no plan fits",
        "our sentence looks at half-days and is blank where only whole visits do not pack; our table never is",
        "an IIS names rows of a model; the sentence names months, tasks and officer-days",
        "all start from lines and half-days; building the model is timed",
    )
    return markdown("What does not fit: all cases", ("way", "ms", "× sentence", "blank"), rows, notes)


def report(repeat: int, count: int, budget: float) -> tuple[list[str], dict]:
    """Measure the sentence and the IIS on cases that do not fit."""
    found, measured = infeasible(count), {}
    for way in ways().values():
        way(found["packs badly"])
    for name, one in found.items():
        tell(name)
        measured[name] = interleaved({way: partial(run, one) for way, run in ways().items()}, repeat, budget)
    tables = [case_table(found[name], measured[name]) for name in ("first quarter", "whole year", "packs badly")]
    data = {
        name: {
            way: {"seconds": [run.seconds for run in each], "rows": each[-1].result.rows} for way, each in runs.items()
        }
        for name, runs in measured.items()
    }
    return [*tables, all_table(measured)], data
