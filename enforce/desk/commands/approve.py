"""The approval (定版): a version of the plan put on record beside its tables, where nothing writes over it."""

from __future__ import annotations

import os
from pathlib import Path

from enforce.desk.standing import first_version
from enforce.desk.year import Year, open_year
from enforce.inputs.versions import (
    Version,
    follows,
    of_plan,
    read_version,
    version_bytes,
    version_name,
    versions_folder,
)
from enforce.words.files import output_errors, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Severity
from enforce.words.texts import shown_path


def approve(plan: str | Path, version: str | Path | None = None) -> list[str]:
    """Put the plan as the tables of today make it on record as version 1, or a version a re-plan wrote as the next.

    Return what to tell. Approving the same again changes nothing. InputError when another first version is on record,
    or the version is of another plan or does not follow the newest one.
    """
    year = open_year(plan)
    if version is None:
        return _first(year)
    file, proposal = shown_path(Path(version)), read_version(version)
    refuse(of_plan(year.plan, file, proposal))
    if any(known.digest == proposal.digest for known in year.versions):
        return [f"第 {proposal.number} 版以前已经定版，没有改动。"]
    refuse(follows(file, proposal, year.versions[-1] if year.versions else None))
    return _freeze(year, proposal)


def _first(year: Year) -> list[str]:
    made = first_version(year)
    if year.versions and year.versions[0].digest == made.digest:
        return [f"第 1 版以前已经定版，没有改动（摘要 {made.digest[:12]}）。"]
    if year.versions:
        where = shown_path(versions_folder(year.plan) / version_name(1))
        expected = "不再改动；表有变化的，用 replan 重排，再把写出的新版本定版"
        refuse([Problem(where, Place("第 1 版"), "已经定版，与现在的表算出的不同", expected, Flaw.CONFLICT)])
    errors = int((year.findings["severity"] == Severity.ERROR).sum())
    notes = [f"存疑清单里有 {errors} 条须改正，定版以前请再看一遍。"] if errors else []
    return [*_freeze(year, made), *notes, *filter(None, [year.mark])]


def _freeze(year: Year, version: Version) -> list[str]:
    folder = versions_folder(year.plan)
    path = folder / version_name(version.number)
    with output_errors(path):
        folder.mkdir(exist_ok=True)
    if os.path.lexists(path):
        refuse(
            [Problem(shown_path(path), Place("计划版本"), "已有这个文件", "不覆盖；请先看它从哪里来", Flaw.REPEATED)]
        )
    write_atomic(path, version_bytes(version))
    visits = int(version.visits["visits"].sum())
    return [
        f"第 {version.number} 版已定版：{shown_path(path)}（{version.as_of}，{visits} 家次）",
        f"摘要 {version.digest}，请记在批准文件上；这个文件以后不改、不删。",
    ]
