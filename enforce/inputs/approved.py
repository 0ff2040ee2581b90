"""The approved versions (已定版): the plan as it was approved, and each change approved since, kept beside its tables.

They stand in the folder `versions` of the plan's tables as plan-v1.json, plan-v2.json and so on. Nothing changes or
removes one; every one names all before it, so that a file put in another's place is seen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from enforce.inputs.parameters.plan import Plan
from enforce.inputs.versions import Version, read_version, related
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.texts import shown, shown_path

FOLDER = "versions"
_OWN = "{} {} 的版本（复制别的计划作新计划时，versions 文件夹不要带过来）"
_NAME = re.compile(r"plan-v([1-9][0-9]{0,3})\.json")


def version_name(number: int) -> str:
    """Return the file name of a version.

    >>> version_name(2)
    'plan-v2.json'
    """
    return f"plan-v{number}.json"


def versions_folder(plan: Plan) -> Path:
    """Return the folder of the approved versions of a plan."""
    return plan.tables_folder / FOLDER


def version_files(plan: Plan) -> list[Path]:
    """Return the files of the approved versions, the oldest first."""
    folder = versions_folder(plan)
    there = folder.iterdir() if folder.is_dir() else ()
    found = {int(match[1]): path for path in there if (match := _NAME.fullmatch(path.name))}
    return [found[number] for number in sorted(found)]


def read_versions(plan: Plan) -> tuple[Version, ...]:
    """Return the approved versions, the oldest first, none where nothing was approved yet.

    InputError names every file that was edited, is of another plan, is missing or does not follow the one before.
    """
    files = version_files(plan)
    versions = [read_version(path) for path in files]
    refuse(
        problem
        for number, (path, version) in enumerate(zip(files, versions, strict=True), 1)
        for problem in _problems(plan, shown_path(path), number, version, versions[number - 2] if number > 1 else None)
    )
    return tuple(versions)


def _problems(plan: Plan, file: str, number: int, version: Version, before: Version | None) -> list[Problem]:
    if not file.endswith(version_name(number)):
        return [
            Problem(
                file,
                Place("计划版本"),
                f"缺少 {version_name(number)}",
                "从第 1 版起一版不缺（从备份或版本库取回）",
                Flaw.MISSING,
            )
        ]
    if version.number != number:
        return [Problem(file, Place("number"), str(version.number), f"{number}，与文件名相同", Flaw.CONFLICT)]
    return [*of_plan(plan, file, version), *follows(file, version, before)]


def of_plan(plan: Plan, file: str, version: Version) -> list[Problem]:
    """Return why a version is not one of the plan; nothing when it is."""
    if (version.plan, version.year) == (plan.name, plan.year):
        return []
    return [
        Problem(
            file,
            Place("plan"),
            shown(f"{version.plan} {version.year}"),
            _OWN.format(plan.name, plan.year),
            Flaw.CONFLICT,
        )
    ]


def follows(file: str, version: Version, before: Version | None) -> list[Problem]:
    """Return why a version does not come directly after another; without one, why it is not the first."""
    if before is None:
        first = version.number == 1
        return (
            []
            if first
            else [Problem(file, Place("number"), str(version.number), "1（还没有定版，先定第 1 版）", Flaw.CONFLICT)]
        )
    if version.number != before.number + 1:
        expected = f"{before.number + 1}（已定到第 {before.number} 版）"
        return [Problem(file, Place("number"), str(version.number), expected, Flaw.CONFLICT)]
    return [replace(problem, file=file) for problem in related(before, version)]
