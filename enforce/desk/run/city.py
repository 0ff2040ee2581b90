"""The city (全市): the reports of many plans in one command, and one page of them side by side.

Each plan runs in a process of its own, which ends with it: memory does not grow with the plans, and a fault or the end
of one stops no other. What a plan came to is noted beside the city's folder; started again, only what is missing runs.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from enforce.desk.district import district_figures
from enforce.desk.run import batch
from enforce.desk.run.cluster import run_on_cluster
from enforce.desk.run.logbook import LOG
from enforce.desk.run.roll_up import RollUp, check_name, write_roll_up
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.parameters.plan_book import plan_name
from enforce.papers.report import folder, pages
from enforce.papers.report.folder import MANIFEST
from enforce.papers.report.manifest import check_report
from enforce.words.files import OutputError, digest, output_errors
from enforce.words.problems import Flaw, InputError, NoRecords, Place, Problem, Unsolved, refuse
from enforce.words.texts import beside, shown_path

#: How often a plan is tried whose process was ended from outside.
_TRIES = 2
_ENDED = "计算进程意外结束（内存用尽或被系统结束）"


@dataclass(frozen=True)
class District:
    """One plan of a city: its file, name and year, the digest of what it is made from; its fault, '' if none."""

    plan: Path
    name: str
    year: int = 0
    content: str = ""
    fault: str = ""


def run_city(
    plans: Sequence[Path], name: str, *, jobs: int | None = None, dask: str = "", out: Path | None = None
) -> tuple[Path, list[District]]:
    """Make the report of every plan and the roll-up of all; return its folder, and the plans with their faults.

    `jobs` plans run at once (default: the processors of this machine), or as many as the Dask cluster at the address
    `dask` has workers; `out` is where all reports go (default: reports/). InputError for two plans of one name, plans
    of several years, a name that cannot be a folder; OutputError where no plan can be read, or no cluster is there.
    """
    home = (out or batch.ROOT / "reports").resolve()
    target = home / name
    districts = [_district(Path(plan).resolve()) for plan in plans]
    refuse(_city_problems(districts, name))
    if all(one.fault for one in districts):
        raise OutputError("\n".join(one.fault for one in districts))
    batch.check_place(target, batch.ROOT)
    notes = folder.neighbour(target, "plans")
    with output_errors(notes):
        notes.mkdir(parents=True, exist_ok=True)
    waiting = [one for one in districts if not one.fault and not _is_current(one, home, notes)]
    current = sum(not one.fault for one in districts) - len(waiting)
    unused = f"，没有用到集群 {dask}" if dask and not waiting else ""
    LOG.info(f"{len(districts)} 份计划，{current} 份不用再算{unused}")
    if dask and waiting:
        ends = run_on_cluster(dask, _run_district, waiting, home, notes)
    else:
        ends = _run_here(waiting, home, notes, jobs or os.cpu_count() or 1)
    faults = {}
    with closing(ends):
        for count, (one, fault) in enumerate(ends, 1):
            LOG.info(f"{count}/{len(waiting)} {one.name} {f'没有算成：{fault}' if fault else '算完'}")
            faults[one.name] = fault
    ended = [
        District(one.plan, one.name, one.year, one.content, one.fault or faults.get(one.name, "")) for one in districts
    ]
    _write_city(target, ended, notes)
    return target, ended


# --- the plans ------------------------------------------------------------------------------------------------------


def _district(path: Path) -> District:
    """Return a plan of the city as it stands now; one that cannot be read has its fault."""
    try:
        plan = read_plan(path)
    except InputError as error:
        return District(path, plan_name(path), fault=str(error))
    return District(path, plan.name, plan.year, _content_digest(plan))


def _content_digest(plan: Plan) -> str:
    """Return the digest of every file that the report of a plan may be made from, and of the program's version."""
    folders = [plan.tables_folder, plan.calendar_folder, plan.rules_folder]
    folders += [plan.folder / "exchange", plan.folder / "templates"]
    files = {plan.path, *(path for one in folders for path in one.rglob("*") if path.is_file())}
    files |= {path for path in [beside(plan.path, plan.contact or plan.path.name)] if path.is_file()}
    files |= {job.template for job in batch.NOTEBOOKS}
    passing = {path for path in files if path.name.startswith((".", "~$", "ledger.sqlite-"))}
    lines = sorted(f"{batch.relative(path.resolve(), plan.path.parent)} {digest(path)}" for path in files - passing)
    return hashlib.sha256("\n".join([metadata.version("enforce"), *lines]).encode()).hexdigest()


def _city_problems(districts: Sequence[District], name: str) -> Iterator[Problem]:
    """Yield what stands against a city: its name, two plans of one name, a plan of another year."""
    if not districts:
        yield Problem("全市", Place("计划文件"), "（没有写）", "至少一份计划文件", Flaw.MISSING)
    yield from check_name(name)
    seen = {name.casefold(): "汇总的名称 --name"}
    years = [one.year for one in districts if one.year]
    for one in districts:
        place = shown_path(one.plan)
        if one.name.casefold() in seen:
            expected = f"与别的不同的简称（{seen[one.name.casefold()]} 也叫这个名）"
            yield Problem(place, Place("计划简称"), one.name, expected, Flaw.REPEATED)
        seen.setdefault(one.name.casefold(), place)
        if one.year and one.year != years[0]:
            yield Problem(place, Place("计划年度"), f"{one.year}", f"{years[0]}（与第一份计划同年）", Flaw.CONFLICT)


def _note_path(one: District, notes: Path) -> Path:
    return notes / f"{one.name}.json"


def _is_current(one: District, home: Path, notes: Path) -> bool:
    """Whether what a plan came to is noted, of the files as they are, and its report stands as it was written."""
    try:
        noted = json.loads(_note_path(one, notes).read_text(encoding="utf-8"))
        check_report(home / one.name)
    except (OSError, ValueError, OutputError):
        return False
    return noted["content"] == one.content and noted["manifest"] == digest(home / one.name / MANIFEST)


# --- the run --------------------------------------------------------------------------------------------------------


def _run_here(
    waiting: Sequence[District], home: Path, notes: Path, jobs: int
) -> Generator[tuple[District, str], None, None]:
    """Run the plans on this machine, so many at once; yield each that has ended, and its fault or ''."""
    pool = ThreadPoolExecutor(max(1, min(jobs, len(waiting) or 1)))
    futures = {pool.submit(_run_apart, one, home, notes): one for one in waiting}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    pool.shutdown()


def _run_apart(one: District, home: Path, notes: Path) -> str:
    """Run one plan in a process of its own; return its fault. A process ended from outside is started once more."""
    for _ in range(_TRIES):
        try:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _let_stop) as pool:
                return pool.submit(_run_district, one, home, notes).result()
        except BrokenProcessPool:
            continue
    return _ENDED


def _let_stop() -> None:
    """Let a process be stopped in good order: its run leaves the last report as it was."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _run_district(one: District, home: Path, notes: Path) -> str:
    """Make one report as `run` makes it, and note what the plan came to; return the fault, '' where there is none."""
    try:
        year = batch.solved_year(one.plan)
        report = batch.run(one.plan, out=home / one.name, year=year)
        noted = {"content": one.content, "manifest": digest(report / MANIFEST), "figures": district_figures(year)}
        folder.write_json(_note_path(one, notes), noted)
    except (InputError, NoRecords, OutputError, Unsolved) as error:
        return str(error)
    except OSError as error:
        return f"读写 {Path(error.filename or '').name or '文件'} 出错（系统代码 {error.errno}）。"
    except Exception as error:  # a fault of ours in one plan does not stop the others
        return f"程序出错：{type(error).__name__}：{error}"
    return ""


# --- the roll-up ----------------------------------------------------------------------------------------------------


def _write_city(target: Path, districts: Sequence[District], notes: Path) -> None:
    """Write the roll-up of the plans without a fault, each with a link to its cover."""
    made = [one for one in districts if not one.fault]
    year = next((one.year for one in districts if one.year), 0)
    answer = f"{len(districts)} 份计划，{len(made)} 份算成，{len(districts) - len(made)} 份没有算成。"
    failed = {one.name: one.fault for one in districts if one.fault}
    links = {one.name: f"../{one.name}/{pages.COVER}" for one in made}
    roll = RollUp(target, year, links, failed, answer)
    write_roll_up(roll, lambda: (_noted_figures(_note_path(one, notes)) for one in made))


def _noted_figures(note: Path) -> Mapping:
    return json.loads(note.read_text(encoding="utf-8"))["figures"]
