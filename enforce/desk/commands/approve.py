"""The approval (定版): a version of the plan put on record beside its tables, where nothing writes over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from enforce.desk.annex import annex_capacity
from enforce.desk.caps import cap_problems
from enforce.desk.moment import Moment
from enforce.desk.standing import first_version
from enforce.desk.year import Year, open_year
from enforce.inputs import versions
from enforce.planning.changes import causes
from enforce.planning.through import progress
from enforce.planning.visits import by_task_and_month, needed_halves, team_efforts
from enforce.sheets.columns import impersonal
from enforce.words.files import output_errors, write_atomic
from enforce.words.numbers import HALVES
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import PlanState, Severity
from enforce.words.texts import one_line, shown, shown_path

_ACCEPT = "--accept-overload"


def approve(plan: str | Path, version: str | Path | None = None, *, accept_overload: bool = False) -> list[str]:
    """Put the plan standing on its day of approval on record as version 1, or a version of a re-plan as the next.

    Return what to tell. Approving the same again changes nothing. InputError when another first version is on record,
    when the version is of another plan or does not follow the newest one, when the plan notes states but no approval,
    when the yearly caps of firms leave no room for the visits, and, unless `accept_overload`, when teams are overloaded
    or visits have no month.
    """
    year = open_year(plan)
    if version is None:
        return _first(year, accept_overload)
    file, proposal = shown_path(Path(version)), versions.read_version(version)
    refuse(versions.of_plan(year.plan, file, proposal))
    if any(known.digest == proposal.digest for known in year.versions):
        return [f"第 {proposal.number} 版以前已经定版，没有改动。"]
    refuse(versions.follows(file, proposal, year.versions[-1] if year.versions else None))
    return _freeze(year, proposal, accept_overload)


def _first(year: Year, accept_overload: bool) -> list[str]:
    refuse(_not_approved(year))
    made = first_version(year)
    if year.versions and year.versions[0].digest == made.digest:
        return [f"第 1 版以前已经定版，没有改动（摘要 {made.digest[:12]}）。"]
    if year.versions:
        where = shown_path(versions.versions_folder(year.plan) / versions.version_name(1))
        expected = "不再改动；表有变化的，用 replan 重排，再把写出的新版本定版"
        refuse([Problem(where, Place("第 1 版"), "已经定版，与现在的表算出的不同", expected, Flaw.CONFLICT)])
    errors = int((year.findings["severity"] == Severity.ERROR).sum())
    notes = [f"存疑清单里有 {errors} 条须改正，定版以前请再看一遍。"] if errors else []
    return [*_freeze(year, made, accept_overload), *notes, *filter(None, [year.calendar.mark])]


def _not_approved(year: Year) -> Iterator[Problem]:
    """Yield why a plan cannot be frozen: it notes its states and no approval among them, or no day at all."""
    plan = year.plan
    if not plan.step(PlanState.APPROVED) and (plan.approval or not plan.approved_on) and not year.versions:
        expected = f"有「{PlanState.APPROVED.label}」一行（日期、文号、机关）"
        yield Problem(shown_path(plan.path), plan.place("approval"), "（没有写）", expected, Flaw.MISSING)


def _freeze(year: Year, version: versions.Version, accept_overload: bool) -> list[str]:
    refuse(cap_problems(year.plan, year.burden))
    excess = list(_overload_problems(year, version))
    refuse(() if accept_overload else excess)
    folder = versions.versions_folder(year.plan)
    path = folder / versions.version_name(version.number)
    with output_errors(path):
        folder.mkdir(exist_ok=True)
    if os.path.lexists(path):
        expected = "不覆盖；请先看它从哪里来"
        refuse([Problem(shown_path(path), Place("计划版本"), "已有这个文件", expected, Flaw.REPEATED)])
    write_atomic(path, versions.version_bytes(version))
    visits = int(version.visits["visits"].sum())
    return [
        f"第 {version.number} 版已定版：{shown_path(path)}（{version.as_of}，{visits} 家次）",
        f"摘要（内容的指纹，改一个字就不同）{version.digest}，请记在批准文件上；这个文件以后不改、不删。",
        *(f"已确认：{problem.where}，{problem.found}。" for problem in excess),
    ]


def _overload_problems(year: Year, version: versions.Version) -> Iterator[Problem]:
    """Yield what a version plans beyond the days there are after its day, and the visits it has no month for."""
    file, day = versions.version_name(version.number), Moment(year.calendar, version.as_of)
    capacity = annex_capacity(version, year.capacity)
    room = day.room(capacity)
    done = by_task_and_month(progress.done_by_month(progress.until(year.tables.records, version.as_of)))
    ahead = {
        cell: visits - (done.get(cell, 0) if cell[1] == day.closed + 1 else 0)
        for cell, visits in by_task_and_month(version.visits).items()
        if cell[1] > day.closed
    }
    need = needed_halves(ahead, team_efforts(causes.efforts_of(version.tasks)))
    for (team, month), halves in sorted(need.items(), key=lambda item: (item[0][1], item[0][0])):
        over = halves - room.get(team, {}).get(month, 0)
        if over > 0:
            expected = f"不超过可安排人日；确认仍要定版的，加 {_ACCEPT}"
            where, excess = Place(f"{month} 月 {team}"), f"超负荷 {over / HALVES:.12g} 人日"
            yield Problem(file, where, excess, expected, Flaw.CONFLICT)
    placed = version.visits.groupby("task_id")["visits"].sum()
    for code, facts in version.tasks.items():
        short = int(facts["planned_visits"]) - int(placed.get(code, 0))
        if short > 0:
            where = Place(f"{code} {version.names.get(code, '')}".strip())
            expected = f"都排进月份；确认仍要定版的，加 {_ACCEPT}"
            yield Problem(file, where, f"排不下 {short} 家次", expected, Flaw.CONFLICT)


# --- taking back ----------------------------------------------------------------------------------------------------


def withdraw_version(plan: str | Path, reason: str) -> list[str]:
    """Take back the newest version (撤回定版); it stays on file as withdrawn, with the reason. Return what to tell.

    InputError where none is on record, records are dated after it, it has been filed (备案), or no reason is given.
    """
    year = open_year(plan)
    refuse([*_reason_problems(reason), *_not_withdrawable(year)])
    version, folder = year.versions[-1], versions.versions_folder(year.plan)
    path, beside = folder / versions.version_name(version.number), folder / versions.withdrawn_name(version, folder)
    write_atomic(beside, versions.withdrawn_bytes(version, reason.strip()))
    with output_errors(path):
        path.unlink()
    now = f"第 {version.number - 1} 版" if version.number > 1 else "没有定版的计划，又是草案"
    return [
        f"第 {version.number} 版（摘要 {version.digest[:12]}）已撤回，原因：{shown(reason.strip())}",
        f"文件改名留存：{shown_path(beside)}；现在有效的是{now}。",
    ]


def _reason_problems(reason: str) -> Iterator[Problem]:
    try:
        impersonal(one_line)(reason)
        fault = "" if reason.strip() else "不为空的文字"
    except ValueError as error:
        fault = str(error)
    if fault:
        yield Problem("命令行", Place("--withdraw"), "", f"{fault}（为什么撤回，不写人名）", Flaw.MISSING)


def _not_withdrawable(year: Year) -> Iterator[Problem]:
    if not year.versions:
        where = shown_path(versions.versions_folder(year.plan))
        yield Problem(where, Place("计划版本"), "没有定版的版本", "已定版的计划", Flaw.MISSING)
        return
    version, filed = year.versions[-1], year.plan.step(PlanState.FILED)
    where, instead = Place(f"第 {version.number} 版"), "要改计划的，用 replan 重排，再把新版本定版"
    dates = year.tables.records["date"]
    later = dates[dates > version.as_of]
    if len(later):
        expected = f"{version.as_of} 以后没有检查记录；{instead}"
        yield Problem("检查记录", where, f"{len(later)} 条，最早 {later.min()}", expected, Flaw.CONFLICT)
    if filed and filed.date >= version.as_of:
        expected = f"没有备案的版本；{instead}"
        yield Problem(shown_path(year.plan.path), where, f"{filed.date} 已备案", expected, Flaw.CONFLICT)
