"""The batch run (批量运行): one plan -> one report folder, whole or not at all.

Everything is checked before a kernel starts. The notebooks write into a hidden folder beside the report; what
they write is compared with their receipts, cleaned, made into pages, listed and read back, then published.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from enforce.desk.parcel import write_parcel
from enforce.desk.run.cover import cover_html
from enforce.desk.run.logbook import FILE, LOG, steps_so_far
from enforce.desk.run.notebook import TIMEOUT, Done, RunError, execute, message
from enforce.desk.run.templates import Job, defaults, passed, read_templates
from enforce.inputs.parameters.plan_book import plan_name
from enforce.papers.report import folder, pages
from enforce.papers.report.folder import MANIFEST
from enforce.papers.report.locks import refuse_if_busy, run_lock
from enforce.papers.report.manifest import check_report, is_report, output_digests
from enforce.papers.report.markup import outside_references
from enforce.words.files import OutputError, digest, output_errors, write_atomic
from enforce.words.months import months_text
from enforce.words.problems import NoRecords, Problem, refuse
from enforce.words.texts import shown_path

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from enforce.desk.year import Year


ROOT = Path(__file__).resolve().parents[3]

SUMMARY = Job(ROOT / "notebooks" / "year_end_summary.ipynb", "年终总结")

#: What a run makes, in this order.
NOTEBOOKS = (
    Job(ROOT / "notebooks" / "annual_plan.ipynb", "年度计划"),
    Job(ROOT / "notebooks" / "monthly_allocation.ipynb", "月度安排"),
    SUMMARY,
)

#: What many what-ifs make, in a folder beside the report.
SWEEP = (Job(ROOT / "notebooks" / "scenario_sweep.ipynb", "情景网格"),)
GRID = "情景网格"
#: Seconds that a cell of many what-ifs may take.
LONG = 6 * TIMEOUT

#: What a re-plan makes, in the same folder.
REPLAN = (Job(ROOT / "notebooks" / "replan.ipynb", "计划调整"),)

LIBRARIES = ("enforce", "pandas", "numpy", "ortools", "matplotlib", "papermill", "nh3", "xlsxwriter")
FREE_BYTES = 200 * 2**20
_OURS = ("notebooks", "enforce", "params", "data", "tests", "tools", ".git", ".venv")


@dataclass(frozen=True)
class Order:
    """A run that passed all checks: plan, report folder, notebooks, parameters, digests and rows read, mark.

    `notes` say what the report does not hold, and why, `answers` what a director asks.
    """

    plan: Path
    target: Path
    templates: Mapping[Job, NotebookNode]
    values: Mapping[str, str | int]
    digests: Mapping[Path, str]
    sources: Sequence[Mapping[str, object]] = ()
    mark: str = ""
    notes: Sequence[str] = ()
    answers: Sequence[str] = ()

    @property
    def folder(self) -> Path:
        """Return the folder of the notebooks, where they run."""
        return next(iter(self.templates)).template.parent.resolve()

    def name(self, job: Job) -> str:
        """Return the name of a notebook's files; a monthly one says its month, so that months stand side by side."""
        asked = passed(self.templates[job], self.values)
        mark = f"{asked['month']:02}" if "month" in asked else asked.get("as_of", "")
        return f"{job.stem}-{mark}" if mark else job.stem

    @property
    def project(self) -> Path:
        """Return the folder of the project, from which names in the manifest count."""
        return self.folder.parent


def run(
    plan: Path | str,
    month: int | None = None,
    out: Path | str | None = None,
    *,
    require_official: bool = False,
    notebooks: Sequence[Job] | None = None,
    timeout: int = TIMEOUT,
    as_of: str = "",
    base: Path | None = None,
    quarantine: Path | None = None,
    scenario: str = "",
    year: Year | None = None,
    asked: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Make the report of a plan and return its folder; the last report stays until the new one is complete.

    `month` is that of the monthly sheet (default: the one after the plan's approval), `as_of` the day of the re-plan
    or of the summary (default: the year's end), `out` the folder (default:
    reports/<plan>, with a scenario reports/<plan>-<scenario>), `timeout` the seconds one cell may take. With
    `quarantine`, rows with a problem are put into that new workbook, and every part of the report says how many. A
    `year` opened before with the same options is not opened again; `asked` are parameters of these notebooks alone.
    InputError and OutputError (RunError for notebooks, Busy for a run under way) say in Chinese what to do.
    """
    jobs, plan = tuple(notebooks or NOTEBOOKS), Path(plan).resolve()
    home = jobs[0].template.resolve().parent
    place = report_place(plan, scenario, home.parent)
    target = Path(out).resolve() if out else place
    check_place(target, home.parent, shared=target == place)
    refuse_if_busy(target)
    options = {"require_official": require_official, "quarantine": quarantine is not None, "scenario": scenario}
    options |= {"as_of": as_of, "base": str(base or "")} if REPLAN[0] in jobs else {}
    _check_quarantine(quarantine)
    LOG.info(f"读入、核对 {plan.name} 和它的表")
    year = year or solved_year(plan, **{name: value for name, value in options.items() if value})
    refuse(_wrong_day(year, as_of))
    aside = len(year.aside) > 0
    unrecorded = SUMMARY in jobs and year.tables.records.empty
    jobs = tuple(job for job in jobs if not (unrecorded and job == SUMMARY))
    month = month or month_of(year, recorded=not unrecorded)
    values = {
        "plan": relative(plan, home),
        "scenario": scenario,
        "month": month,
        "as_of": as_of,
        "aside": aside,
        **asked,
    }
    values |= {"base": relative(Path(base).resolve(), home)} if base else {}
    values["out"] = relative(folder.neighbour(target, "new"), home)
    order = _run_order(plan, target, read_templates(jobs), values, year)
    order = replace(order, notes=[NoRecords.WHY] if unrecorded else _months_without_records(year, jobs, as_of))
    check_room(target)
    with run_lock(target, datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")):
        staged = folder.stage(target)
        try:
            _make(order, year, staged, timeout)
            with _neighbours(quarantine if aside else None, year):
                folder.publish(staged, target)
        finally:
            folder.discard(staged)
    return target


def _wrong_day(year: Year, as_of: str) -> list[Problem]:
    from enforce.desk.standing import day_problems

    return day_problems(year, as_of) if as_of else []


def _months_without_records(year: Year, jobs: Sequence[Job], as_of: str) -> list[str]:
    """Say that a summary of the whole year takes months planned after the last record as not done."""
    if SUMMARY not in jobs or as_of:
        return []
    last = year.tables.records["date"].max()
    later = year.approved[(year.approved["month"] > int(last[5:7])) & (year.approved["visits"] > 0)]
    if later.empty:
        return []
    months, visits = sorted(set(later["month"])), int(later["visits"].sum())
    return [
        f"最后一条检查记录是 {last} 的；年终总结算到年底，{months_text(months)}的 {visits} 家次都算没有做。"
        f"只看到哪一天，加 --as-of，如 --as-of {last}"
    ]


def report_place(plan: Path, mark: str = "", project: Path | None = None) -> Path:
    """Return the folder of a plan's report in reports/; with a mark, that of a scenario or of what is beside it."""
    return (project or ROOT) / "reports" / "-".join(filter(None, (plan_name(plan), mark)))


def _check_quarantine(quarantine: Path | None) -> None:
    if quarantine:
        from enforce.desk.commands.quarantine import place_problems

        refuse(place_problems(quarantine))


@contextmanager
def _neighbours(quarantine: Path | None, year: Year) -> Iterator[None]:
    """Leave the workbook of rows set aside where a report is published, and nothing where it is not."""
    if quarantine:
        from enforce.desk.commands.quarantine import write_quarantine

        write_quarantine(quarantine, year.tables.bad, year.plan)
    try:
        yield
    except BaseException:
        if quarantine:
            quarantine.unlink(missing_ok=True)
        raise


def solved_year(plan: Path, as_of: str = "", base: str = "", **options: bool | str) -> Year:
    """Return the year of a plan (options as `open_year`); InputError too where its limits, or those of a re-plan of the
    day `as_of`, cannot be kept together."""
    from enforce.desk.conclusion import conclusion
    from enforce.desk.year import open_year

    year = open_year(plan, **options)
    if as_of:
        from enforce.desk.standing import replan

        replan(year, as_of, base).solved()
    else:
        conclusion(year)  # worked out once for all notebooks
    return year


# --- before anything runs ---


def check_place(target: Path, project: Path, *, shared: bool = False) -> None:
    """Refuse a report folder that is a file, holds other things, or is one of the project's own folders.

    A plan's own place in reports/ is `shared`: other commands write into it before its first report, which keeps that.
    """
    name = target.name
    if target.exists() and not target.is_dir():
        raise OutputError(f"输出位置 {name} 是一个文件，请换一个文件夹名。")
    if project.is_relative_to(target) or any(target.is_relative_to(project / name) for name in _OURS):
        raise OutputError(f"输出位置 {name} 是工作簿自己的文件夹，请换到 reports/ 下面。")
    if not shared and target.is_dir() and any(target.iterdir()) and not is_report(target):
        raise OutputError(f"文件夹 {name} 里已有别的文件，不是以前的报告；请换一个空文件夹。")


def check_inputs_apart(target: Path, inputs: Iterable[Path]) -> None:
    """Refuse a report folder that holds the inputs: it will be changed for another."""
    inside = [path.name for path in inputs if path.resolve().is_relative_to(target)]
    if inside:
        raise OutputError(f"输出位置 {target.name} 里有本次要读的 {inside[0]}，请换一个文件夹。")


def check_room(target: Path) -> None:
    """Refuse to start on a disk with less than 200 MB free."""
    there = next(path for path in target.parents if path.exists())
    free = shutil.disk_usage(there).free
    if free < FREE_BYTES:
        raise OutputError(f"磁盘只剩 {free // 2**20} MB，至少要 {FREE_BYTES // 2**20} MB，请清理后再运行。")


def month_after(approved_on: str, year: int) -> int:
    """Return the first month a plan can arrange: the one after its approval, within its year.

    >>> month_after("2024-03-13", 2024), month_after("2023-12-20", 2024), month_after("2024-12-02", 2024)
    (4, 1, 12)
    """
    approved_year, approved_month = int(approved_on[:4]), int(approved_on[5:7])
    if approved_year != year:
        return 1 if approved_year < year else 12
    return min(approved_month + 1, 12)


def month_of(year: Year, *, recorded: bool) -> int:
    """Return the month that a report arranges unless another is asked for: the one after the approval.

    Where nothing is recorded it is the first with visits.
    """
    return month_after(year.plan.approval_day, year.plan.year) if recorded else first_month(year)


def first_month(year: Year) -> int:
    """Return the first month of a plan that has visits, of which a year without records has its monthly sheet.

    No month before it can have been missed: nothing is known of them.
    """
    visits = year.approved
    return int(visits.loc[visits["visits"] > 0, "month"].min()) if visits["visits"].any() else 1


def _run_order(plan: Path, target: Path, templates: Mapping, values: Mapping, year: Year) -> Order:
    inputs = sorted({Path(path).resolve() for path in (plan, *year.inputs)})
    check_inputs_apart(target, inputs)
    for notebook in templates.values():
        passed(notebook, values)
    digests = {path: digest(path) for path in (*inputs, *(job.template.resolve() for job in templates))}
    sources = year.sources.astype(object).to_dict("records")
    return Order(plan, target, templates, values, digests, sources, year.mark)


def relative(path: Path, folder: Path) -> str:
    """Return a path as seen from a folder, with '/'; on another drive the path itself."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.as_posix()


# --- the run ---


def _make(order: Order, year: Year, staged: Path, timeout: int) -> None:
    with write_parcel(staged, year, quarantine=order.values["aside"], scenario=order.values["scenario"]) as variables:
        done = execute(order.templates, order.values, timeout, staged, variables)
    _keep_failed(order, [one for one in done if one.fault])
    LOG.info("写网页和清单，逐个文件读回核对")
    made, answers = _claimed(order, staged)
    order = replace(order, answers=answers)
    check_unchanged(order.digests)
    for one in done:
        _write_notebook(order, one, staged)
        made += [f"{order.name(one.job)}.ipynb", f"{order.name(one.job)}.html"]
    write_atomic(staged / pages.COVER, b"")  # so that the last cover is not carried over; it is written last
    made += _write_log(staged)
    carried = folder.carry_over(order.target, staged, output_digests(order.target))
    made.append(_write_cover(order, staged).name)
    folder.write_json(staged / MANIFEST, manifest(order, staged, made, carried))
    check_report(staged)


def _claimed(order: Order, staged: Path) -> tuple[list[str], list[str]]:
    """Return the files the notebooks made and what they answer, and take their receipts away: the manifest has both."""
    made = [name for job in order.templates for name in folder.read_receipt(staged, job.stem, order.plan)]
    answers = [line for job in order.templates for line in folder.read_answers(staged, job.stem)]
    for job in order.templates:
        folder.receipt_path(staged, job.stem).unlink()
    strays = sorted(set(folder.listing(staged)) - set(made))
    if strays or len(made) != len({name.casefold() for name in made}):
        raise OutputError(f"笔记本写出的文件与回执不符：{'、'.join(strays) or '两本笔记本写了同名文件'}。")
    return made, answers


def check_unchanged(digests: Mapping[Path, str]) -> None:
    """Refuse a report whose inputs or templates were changed while it was made."""
    changed = [path.name for path, before in digests.items() if not path.is_file() or digest(path) != before]
    if changed:
        raise OutputError(f"运行期间 {'、'.join(changed)} 被改动，报告没有更新；请再运行一次。")


def _write_log(place: Path) -> list[str]:
    """Write the steps so far where they were asked for; return the name of their file, or none."""
    text = steps_so_far()
    if text:
        write_atomic(place / FILE, text.encode("utf-8"))
    return [FILE] if text else []


def _write_notebook(order: Order, one: Done, staged: Path) -> None:
    cleaned = _cleaned(order, one)
    write_atomic(staged / f"{order.name(one.job)}.ipynb", pages.notebook_bytes(cleaned))
    html = pages.page_html(cleaned, one.job.title, order.mark)
    write_inert_page(staged / f"{order.name(one.job)}.html", html, one.job.title, [pages.COVER])


def _write_cover(order: Order, staged: Path) -> Path:
    stems = [job.stem for job in (*NOTEBOOKS, *REPLAN)]
    html = cover_html(staged, order.target.name, stems, order.mark, order.notes)
    return write_inert_page(staged / pages.COVER, html, "封面", [*folder.listing(staged), MANIFEST])


def write_inert_page(path: Path, html: str, title: str, beside: Sequence[str]) -> Path:
    """Write a page that is inert but for links to the files `beside` it; OutputError where it is not."""
    if references := outside_references(html, beside):
        raise OutputError(f"《{title}》的网页含有外部引用：{references[0][:60]}。")
    return write_atomic(path, html.encode("utf-8"))


def _cleaned(order: Order, one: Done) -> NotebookNode:
    new = folder.neighbour(order.target, "new")
    shown = relative(order.target, order.folder)
    renames = {relative(new, order.folder): shown, str(new): shown, f"{order.project}{os.sep}": ""}
    template = order.templates[one.job]
    parameters = defaults(template) | passed(template, order.values) | {"out": ""}
    inputs = {name: (order.folder / str(parameters[name])) for name in ("plan", "base") if parameters.get(name)}
    # run again where it stands, it reads the same files and writes none
    parameters |= {name: relative(path.resolve(), order.target) for name, path in inputs.items()}
    return pages.clean_notebook(one.notebook, renames, parameters)


def failed_folder(target: Path) -> Path:
    """Return the folder for notebooks that failed: beside the report, never in it."""
    return target.with_name(f"{target.name}-失败")


def _keep_failed(order: Order, failed: Sequence[Done]) -> None:
    aside = failed_folder(order.target)
    folder.discard(aside)
    if not failed:
        return
    with output_errors(aside):
        aside.mkdir(exist_ok=True)
    for one in failed:
        write_atomic(aside / f"{order.name(one.job)}.ipynb", pages.notebook_bytes(_cleaned(order, one)))
    write_atomic(aside / "说明.txt", f"{message(failed)}\n".encode())
    _write_log(aside)
    raise RunError(f"{message(failed)}\n上一份报告没有改动；出错的笔记本在 {shown_path(aside)}/。")


# --- the manifest ---


def manifest(order: Order, staged: Path, made: Iterable[str], carried: Iterable[str]) -> dict[str, object]:
    """Return what a report rests on and what it holds: parameters, rows read, inputs, versions, outputs; no clock."""
    return {
        "parameters": {
            name: value for name, value in order.values.items() if name != "out" and value not in ("", False)
        },
        **({"mark": order.mark} if order.mark else {}),
        "answers": list(order.answers),
        "notes": list(order.notes),
        "sources": list(order.sources),
        "inputs": [{"file": _relative_name(path, order), "sha256": content} for path, content in order.digests.items()],
        "versions": versions(),
        "outputs": [folder.file_entry(staged, name) for name in sorted(made)],
        "carried": [folder.file_entry(staged, name) for name in carried],
    }


def _relative_name(path: Path, order: Order) -> str:
    home = order.project if path.is_relative_to(order.project) else order.plan.parent
    return relative(path, home)


def versions(*more: str) -> dict[str, str]:
    """Return the versions a report says it was made with, Python first; of more packages where they are asked for."""
    return {"python": platform.python_version(), **{name: _package_version(name) for name in (*LIBRARIES, *more)}}


@cache
def _package_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "未安装"
