"""The scale (规模): 1 to 3,000 districts apart, and a province that shares experts beside one model of the whole."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from math import log
from multiprocessing import get_context
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from enforce.desk.processors import part_size
from enforce.planning.months.allocate import Allocation
from enforce.planning.months.exact import MILLI
from enforce.planning.months.level import level_bound
from enforce.planning.months.loads import demands
from tests.bench import peers
from tests.bench.cases import SEED, TEAM, Case, drawn, score
from tests.bench.districts import ProvinceAllocation, allocate_many, allocate_province, jobs, solved
from tests.bench.timing import figures, markdown, tell

SIZES, NATION = (1, 16, 100, 1_000), 3_000
COUPLED, POOLED, TIGHT = (16, 100), ("P03", "P06"), 1.05
PROVINCE_CAP = 120.0  # seconds the one model of the whole may take


def many(count: int, seed: int = SEED) -> dict[str, Case]:
    """Return random districts that half-days do not rule out, by name; quick, since none is solved to choose them.

    >>> list(many(2)), many(1)["district 0001"].room == many(1)["district 0001"].room
    (['district 0001', 'district 0002'], True)
    """
    fit = (one for one in drawn(Random(seed)) if level_bound(demands(one.lines, TEAM), one.room) <= 1)
    return {f"district {n:04}": one for n, one in enumerate(islice(fit, count), 1)}


def _tables(found: Mapping[str, Case]) -> dict:
    return {name: (one.tasks, one.capacity) for name, one in found.items()}


# --- districts that share nothing ---


@dataclass(frozen=True)
class Size:
    """So many districts: the seconds they took by the clock and of processors, and how many were proved, fitted, and
    what a spreadsheet overloads."""

    districts: int
    visits: int
    workers: int
    seconds: float
    proved: int
    fitting: int
    sheet_over: int
    processor: float = 0.0


def size(found: Mapping[str, Case], workers: int) -> Size:
    """Solve districts and count what came of it; processes start within the time."""
    tell(f"scale: {len(found)} districts, {workers} processes")
    start, busy = perf_counter(), _processor()
    plans = [_counted(plan) for _, plan in allocate_many(_tables(found), workers)]
    seconds, busy = perf_counter() - start, _processor() - busy
    over = sum(score(one, peers.spreadsheet(one).plan).overload > 0 for one in found.values())
    visits, proved, fitting = (sum(column) for column in zip(*plans, strict=True))
    return Size(len(found), visits, workers, seconds, proved, fitting, over, busy)


def _processor() -> float:
    """Return the seconds of processors that this process and those that it started and that ended have had."""
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def _counted(plan: Allocation) -> tuple[int, bool, bool]:
    fits = not plan.loads["overload_days"].any()
    return int(plan.visits["visits"].sum()), bool(plan.proof["proved"].all()), fits


def exponent(sizes: Sequence[Size], of: str = "seconds") -> float:
    """Return p of time ∝ districts^p, by least squares in logarithms; nan for fewer than two sizes.

    >>> round(exponent([Size(n, 0, 1, 0.02 * n, n, n, 0) for n in (16, 100, 1000)]), 6)
    1.0
    """
    if len(sizes) < 2:
        return float("nan")
    x, y = ([log(getattr(one, name)) for one in sizes] for name in ("districts", of))
    return float(np.polyfit(x, y, 1)[0])


def scale_report(sizes: Sequence[int], workers: int, picture: Path | None = None) -> tuple[list[str], list[dict]]:
    """Measure all sizes, with one process where there is one chunk and with all workers elsewhere."""
    found = many(max(sizes))
    dict(allocate_many(_tables(many(1))))  # the solver is loaded before the clock starts
    measured = [size(dict(islice(found.items(), n)), workers if n >= 16 else 1) for n in sorted(sizes)]
    rows = [
        (
            f"{one.districts:,}",
            f"{one.visits:,}",
            one.workers,
            figures(one.seconds),
            figures(one.processor),
            figures(1000 * one.processor / one.districts),
            f"{one.proved:,}",
            f"{one.fitting:,}",
            f"{one.sheet_over / one.districts:.0%}",
        )
        for one in measured
    ]
    header = ("districts", "visits", "processes", "s", "processor s", "ms a district", "proved", "without overload")
    notes = [
        f"{name} ∝ districts^{exponent([one for one in measured if one.districts >= least], of):.3f} from {least} up"
        for least in (16, 100)
        if sum(one.districts >= least for one in measured) > 1
        for name, of in (("time", "seconds"), ("processor time", "processor"))
    ]
    notes += ["start of the processes (a second or so) is within the time", *_not_proved(measured)]
    if picture is not None:
        draw_curve(measured, picture)
    table = markdown("Scale: independent districts", (*header, "a spreadsheet overloads"), rows, notes)
    return [table], [vars(one) for one in measured]


def _not_proved(measured: Sequence[Size]) -> list[str]:
    return [
        f"NOT PROVED: {one.districts - one.proved} of {one.districts}" for one in measured if one.proved < one.districts
    ]


def draw_curve(measured: Sequence[Size], path: Path) -> None:
    """Write the curve of time by districts, both in logarithms, beside a straight line of exponent 1."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "scale"}):
        axes = (figure := Figure(figsize=(6, 4), layout="constrained")).subplots()
        for of, name in (("processor", "processors"), ("seconds", "clock")):
            last = exponent([one for one in measured if one.districts >= 100], of)
            points = [(one.districts, getattr(one, of)) for one in measured]
            axes.loglog(*zip(*points, strict=True), marker="o", label=f"{name}: exponent {last:.2f} from 100 up")
        each = measured[-1].processor / measured[-1].districts
        ends = [measured[0].districts, measured[-1].districts]
        axes.loglog(ends, [each * n for n in ends], color="grey", linestyle=":", label="exponent 1")
        axes.set(xlabel="districts", ylabel="seconds", title="Every plan proved, and proved the only one")
        axes.legend()
        figure.savefig(path, metadata={"Date": None})


# --- the same districts by other engines ---


def _by_pool(tables: Mapping, workers: int) -> Iterator[tuple[str, Allocation]]:
    yield from allocate_many(tables, workers)


def _by_joblib(tables: Mapping, workers: int) -> Iterator[tuple[str, Allocation]]:
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    yield from Parallel(workers, return_as="generator")(delayed(solved)(job) for job in jobs(tables))
    get_reusable_executor().shutdown()


def _by_dask(tables: Mapping, workers: int) -> Iterator[tuple[str, Allocation]]:
    """As many districts a task as our processes take at once, sent and come back as one text of bytes."""
    dask = import_module("distributed")  # an extra, which not everyone has installed
    made, each = jobs(tables), part_size(len(tables), workers)
    parts = [pickle.dumps(made[n : n + each]) for n in range(0, len(made), each)]
    with dask.LocalCluster(workers, threads_per_worker=1, dashboard_address=None) as here, dask.Client(here) as client:
        for future in client.map(_solved_part, parts, pure=False):
            yield from pickle.loads(future.result())


def _solved_part(part: bytes) -> bytes:
    return pickle.dumps([solved(job) for job in pickle.loads(part)])


ENGINES = {"ours": _by_pool, "joblib": _by_joblib, "dask": _by_dask}


def engine(name: str, count: int, workers: int) -> dict:
    """Solve districts by an engine; return seconds by the clock and of processors, MiB of the caller and of the largest
    worker, and how many were proved. For a process of its own: its peaks are those of its whole life."""
    tables = _tables(many(count))
    start, busy = perf_counter(), _processor()
    proved = sum(_counted(plan)[1] for _, plan in ENGINES[name](tables, workers))
    seconds, busy = perf_counter() - start, _processor() - busy
    peaks = [getrusage(who).ru_maxrss / 1024 for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return dict(zip(ENGINE, (name, count, seconds, busy, *peaks, proved), strict=True))


ENGINE = ("engine", "districts", "seconds", "processor", "caller_mib", "worker_mib", "proved")


def engine_report(sizes: Sequence[int], workers: int, repeat: int) -> tuple[list[str], list[dict]]:
    """Measure the engines in turn, each in a process of its own; of each, the run of the middle time of processors."""
    measured = []
    for count in sizes:
        runs: dict[str, list[dict]] = {name: [] for name in ENGINES}
        for _ in range(repeat):
            for name, ended in runs.items():
                with ProcessPoolExecutor(1, get_context("spawn")) as apart:
                    ended.append(apart.submit(engine, name, count, workers).result())
                tell(f"engine: {count} districts, {name}: {ended[-1]['seconds']:.1f} s")
        measured += [sorted(ended, key=lambda run: run["processor"])[repeat // 2] for ended in runs.values()]
    rows = [
        (*(one[name] for name in ENGINE[:2]), *(figures(one[name]) for name in ENGINE[2:6]), one["proved"])
        for one in measured
    ]
    header = ("engine", "districts", "s", "processor s", "MiB caller", "MiB largest worker", "proved")
    notes = [f"{workers} workers, their start within the time; median of {repeat} runs by time of processors"]
    return [markdown("Engines: the same districts", header, rows, notes)], measured


# --- districts that share experts ---


def experts(found: Mapping[str, Case], tight: float = TIGHT) -> pd.DataFrame:
    """Return a pool whose months hold a little more than an even spread of its tasks would need."""
    even = dict.fromkeys(range(1, 13), 0.0)
    for one in found.values():
        for line in one.lines:
            if line.task_id in POOLED:
                for month in line.months:
                    even[month] += line.visits / len(line.months)
    rows = [("experts", POOLED, month, int(tight * visits) + 1) for month, visits in even.items()]
    return pd.DataFrame(rows, columns=["pool", "tasks", "month", "maximum"])


@dataclass(frozen=True)
class Whole:
    """What one model of the whole came to within its cap: seconds, value and bound in visits (None: no plan)."""

    seconds: float
    value: float | None
    bound: float


def whole(
    found: Mapping[str, Case], shared: pd.DataFrame, levels: Mapping[str, Any], cap: float, textbook: bool = False
) -> Whole:
    """Solve all districts as one HiGHS model, each district held to the load it has in our plan.

    In its tight form every visit of a cell is a column, each dearer than the last; as in the textbook a cell is one
    column, with the line through each two whole numbers as a row.
    """
    import highspy

    model = highspy.Highs()
    model.silent()
    for name, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-4), ("time_limit", cap)):
        model.setOptionValue(name, value)
    start = perf_counter()
    fill = _textbook if textbook else _tight
    constant = fill(model, found, shared, levels)
    model.run()
    info = model.getInfo()
    solved = model.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    value = (info.objective_function_value + constant) / MILLI if solved else None
    return Whole(perf_counter() - start, value, (info.mip_dual_bound + constant) / MILLI)


def _tight(model: Any, found: Mapping[str, Case], shared: pd.DataFrame, levels: Mapping[str, Any]) -> float:
    costs, first, constant = [], {}, 0.0
    for name, one in found.items():
        for cell, target in one.targets.items():
            visits = one.lines[cell[0]].visits
            first[name, cell] = range(len(costs), len(costs) + visits)
            costs += [(2 * count + 1) * MILLI - 2 * target for count in range(visits)]
            constant += target**2 / MILLI
    _columns(model, [1] * len(costs), costs)
    _fill(model, _rows(found, shared, levels, first))
    return constant


def _textbook(model: Any, found: Mapping[str, Case], shared: pd.DataFrame, levels: Mapping[str, Any]) -> float:
    from highspy import kHighsInf

    visits = [one.lines[cell[0]].visits for one in found.values() for cell in one.targets]
    cells = [(name, cell) for name, one in found.items() for cell in one.targets]
    first = {cell: range(n, n + 1) for n, cell in enumerate(cells)}
    _columns(model, visits, [0] * len(visits))
    away = np.zeros(len(visits)), np.full(len(visits), kHighsInf)
    model.addVars(len(visits), *away)
    model.changeColsCost(
        len(visits), np.arange(len(visits), 2 * len(visits), dtype=np.int32), np.full(len(visits), 1e3)
    )
    _fill(model, _rows(found, shared, levels, first))
    for n, (name, cell) in enumerate(cells):
        target, both = found[name].targets[cell] / MILLI, np.array([n, n + len(visits)], dtype=np.int32)
        for count in range(visits[n]):
            steeper = 2 * (count - target) + 1
            least = (count - target) ** 2 - steeper * count
            model.addRow(least, kHighsInf, 2, both, np.array([-steeper, 1.0]))
    return 0.0


def _columns(model: Any, uppers: Sequence[int], costs: Sequence[int]) -> None:
    from highspy import HighsVarType

    columns = np.arange(len(uppers), dtype=np.int32)
    model.addVars(len(uppers), np.zeros(len(uppers)), np.array(uppers, dtype=float))
    model.changeColsCost(len(uppers), columns, np.array(costs, dtype=float))
    model.changeColsIntegrality(len(uppers), columns, np.array([HighsVarType.kInteger] * len(uppers)))


def _fill(model: Any, rows: Iterable[tuple]) -> None:
    from highspy import kHighsInf

    for low, high, cells in rows:
        at = np.array([piece for pieces, _ in cells for piece in pieces], dtype=np.int32)
        weights = np.array([weight for pieces, weight in cells for _ in pieces], dtype=float)
        model.addRow(-kHighsInf if low is None else low, high, len(at), at, weights)


def _rows(found: Mapping[str, Case], shared: pd.DataFrame, levels: Mapping[str, Any], first: Mapping):
    """Yield least, greatest and the weighted cells of every row: visits of lines, loads of months, the pool."""
    for name, one in found.items():
        for place, line in enumerate(one.lines):
            yield line.visits, line.visits, [(first[name, (place, month)], 1) for month in line.months]
        for month, room in one.room.items():
            cells = [(first[name, cell], one.efforts[cell[0]]) for cell in one.cells_of(month)]
            if cells:
                yield None, levels[name].numerator * room // levels[name].denominator, cells
    for row in shared.itertuples():
        yield (
            None,
            row.maximum,
            [
                (first[name, cell], 1)
                for name, one in found.items()
                for cell in one.cells_of(row.month)
                if one.lines[cell[0]].task_id in row.tasks
            ],
        )


def highest(found: Mapping[str, Case], plan: ProvinceAllocation) -> dict[str, Any]:
    """Return the highest load of each district in our plan, as a fraction."""
    return {name: score(one, _plan(one, plan.districts[name])).highest for name, one in found.items()}


def _plan(one: Case, plan: Allocation) -> dict:
    visits = plan.visits.set_index(["task_id", "month"])["visits"]
    return {(place, month): int(visits[one.lines[place].task_id, month]) for place, month in one.targets}


def province(count: int, workers: int, cap: float) -> dict:
    """Measure one coupled province both ways."""
    found = many(count)
    shared = experts(found)
    tell(f"province: {count} districts")
    start = perf_counter()
    ours = allocate_province(_tables(found), shared, workers)
    seconds = perf_counter() - start
    row = ours.certificate.iloc[-1]
    tell(f"  ours: {seconds:.2f} s, {row['value']:.1f} above {row['bound']:.1f}; now one model of the whole")
    levels = highest(found, ours)
    theirs = whole(found, shared, levels, cap)
    tell(f"  tight: {theirs.seconds:.1f} s; now as in the textbook")
    textbook = whole(found, shared, levels, cap, textbook=True)
    return {
        "districts": count,
        "seconds": seconds,
        "value": float(row["value"]),
        "bound": float(row["bound"]),
        "above_own_load": int(ours.certificate["value"].iloc[1]),
        "whole": vars(theirs),
        "textbook": vars(textbook),
        "kept": bool((_used(ours) <= shared.set_index("month")["maximum"]).all()),
    }


def _used(ours: ProvinceAllocation) -> pd.Series:
    visits = pd.concat(plan.visits for plan in ours.districts.values())
    return visits[visits["task_id"].isin(POOLED)].groupby("month")["visits"].sum()


def province_report(sizes: Sequence[int], workers: int, cap: float) -> tuple[list[str], list[dict]]:
    """Measure the coupled provinces; return the table and the data."""
    allocate_province(_tables(many(1)), experts(many(1)))  # the solvers are loaded before the clock starts
    measured = [province(count, workers, cap) for count in sizes]
    rows = [_province_row(one, cap) for one in measured]
    header = (
        "districts",
        "ours s",
        "ours, visits",
        "bound",
        "gap",
        "one model s",
        "its plan",
        "its bound",
        "ours above that",
        "×",
        "textbook s",
        "its gap",
        "×",
    )
    notes = (
        f"ours on {workers} processes, start included; one model: HiGHS, its own threads, at most {cap:g} s",
        "it is given the loads of ours; the tight form is ours too, the textbook has two rows a cell",
        "closeness in visits, lower is better; all plans keep to the pool and to the loads of ours",
        "`bound` is our own certificate, `its bound` what HiGHS proved of the same plans in its time",
        *(f"POOL EXCEEDED with {one['districts']} districts" for one in measured if not one["kept"]),
    )
    return [markdown("Scale: a province that shares experts", header, rows, notes)], measured


def _province_row(one: Mapping, cap: float) -> tuple:
    theirs = one["whole"]
    better = max(one["bound"], theirs["bound"])
    textbook = one["textbook"]
    return (
        one["districts"],
        figures(one["seconds"]),
        f"{one['value']:,.1f}",
        f"{one['bound']:,.1f}",
        f"{one['value'] / one['bound'] - 1:.2%}",
        figures(theirs["seconds"]),
        "none" if theirs["value"] is None else f"{theirs['value']:,.1f}",
        f"{theirs['bound']:,.1f}",
        f"{one['value'] / better - 1:.2%}",
        _times(theirs, one, cap),
        figures(textbook["seconds"]),
        "no plan" if textbook["value"] is None else f"{textbook['value'] / textbook['bound'] - 1:.2%}",
        _times(textbook, one, cap),
    )


def _times(theirs: Mapping, one: Mapping, cap: float) -> str:
    return ("≥ " if theirs["seconds"] >= cap else "") + figures(theirs["seconds"] / one["seconds"])


def processes() -> int:
    """Return how many processes there are processors for."""
    return os.cpu_count() or 1
