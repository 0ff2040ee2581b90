"""The scenario book (情景册): what-ifs of a plan saved by name, taken up again, and put side by side.

A file is written whole or not at all, and never over another without being told to.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.inputs.parameters.scenario import (
    Scenario,
    read_scenario,
    scenario_file,
    scenario_names,
    scenario_text,
)
from enforce.inputs.parameters.under_scenario import applied, scenario_problems
from enforce.papers.report.folder import OutputError, telling, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse

if TYPE_CHECKING:
    from enforce.desk.year import Year

MOST_COMPARED = 6


class NameTaken(OutputError):
    """Another scenario has this name already."""


def under(year: Year, scenario: Scenario) -> Year:
    """Return the year as a scenario has it (情景); InputError tells all it says that the plan has no place for.

    Officers who leave in July take no day from the months before.
    """
    plan, tables = applied(year.plan, year.tables, scenario)
    before = None if tables.roster is year.tables.roster else year.tables.roster
    return replace(year, plan=plan, tables=tables, scenario=scenario, roster_before=before)


def load(year: Year, name: str) -> Scenario:
    """Return a saved scenario of a plan, held against its tables; InputError tells every problem."""
    scenario = read_scenario(year.plan, name)
    refuse(scenario_problems(scenario, year.plan, year.tables))
    return scenario


def save(year: Year, scenario: Scenario, name: str, *, instead: bool = False) -> Path:
    """Save a scenario under a name and return its file.

    NameTaken when there is one of that name, letters large or small, unless it is to stand `instead`; InputError when
    the name cannot be that of a file, or the scenario does not go with its plan.
    """
    path = scenario_file(year.plan, name)
    refuse(scenario_problems(scenario, year.plan, year.tables))
    text = scenario_text(
        scenario, f"情景：{name}\n计划：{year.plan.name}（只写与计划不同的地方，写法见 params/README.md）"
    )
    others = [other for other in scenario_names(year.plan) if other.casefold() == name.casefold()]
    if others and (not instead or others != [name]):
        raise NameTaken(f"已有情景「{others[0]}」，没有写入；请换一个名称，或选择覆盖。")
    with telling(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not others:
            _reserve(path)
    try:
        return write_atomic(path, text.encode("utf-8"))
    except BaseException:
        if not others:
            with suppress(OSError):
                os.unlink(path)
        raise


def _reserve(path: Path) -> None:
    """Take the name before another tab does."""
    try:
        with open(path, "xb"):
            pass
    except FileExistsError:
        raise NameTaken(f"已有情景「{path.stem}」，没有写入；请换一个名称，或选择覆盖。") from None


def chosen(year: Year, names: Sequence[str]) -> dict[str, Year]:
    """Return the year under each of the scenarios named, at most six; InputError tells every problem of all of them."""
    if len(set(names)) > MOST_COMPARED:
        refuse([Problem("情景册", Place("比较"), f"{len(set(names))} 个", f"至多 {MOST_COMPARED} 个情景", Flaw.SIZE)])
    return {name: under(year, load(year, name)) for name in dict.fromkeys(names)}
