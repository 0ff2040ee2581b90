"""The scenarios of a plan (情景册): the year under a scenario, and scenarios saved by name and loaded again.

The form of a scenario is inputs/parameters/scenario.py, plan and tables under it are inputs/parameters/under_scenario.
A file is written whole or not at all, and over another only where the planner asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from enforce.desk.year import Year
from enforce.inputs.parameters.scenario import Scenario, read_scenario, scenario_file, scenario_names, scenario_text
from enforce.inputs.parameters.under_scenario import scenario_problems
from enforce.words.files import NameTaken, output_errors, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse

MOST_COMPARED = 6


def load(year: Year, name: str) -> Scenario:
    """Return a saved scenario of a plan, checked with its tables; InputError with every problem."""
    scenario = read_scenario(year.plan, name)
    refuse(scenario_problems(scenario, year.plan, year.tables))
    return scenario


def save(year: Year, scenario: Scenario, name: str, *, instead: bool = False) -> Path:
    """Save a scenario under a name and return its file.

    NameTaken when there is one of that name, letters large or small, unless this one is to stand `instead`; InputError
    when the name cannot be that of a file, or the scenario does not go with its plan.
    """
    path = scenario_file(year.plan, name)
    refuse(scenario_problems(scenario, year.plan, year.tables))
    head = f"情景：{name}\n计划：{year.plan.name}（只写与计划不同的地方，写法见 params/README.md）"
    others = [other for other in scenario_names(year.plan) if other.casefold() == name.casefold()]
    if others and (not instead or others != [name]):
        raise _name_taken(others[0])
    with output_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return write_atomic(path, scenario_text(scenario, head).encode("utf-8"), new=not others)
    except NameTaken:  # by another tab, meanwhile
        raise _name_taken(name) from None


def _name_taken(name: str) -> NameTaken:
    return NameTaken(f"已有情景「{name}」，没有写入；请换一个名称，或选择覆盖。")


def load_all(year: Year, names: Sequence[str]) -> dict[str, Scenario]:
    """Return the saved scenarios of these names, at most six; InputError with every problem."""
    if len(set(names)) > MOST_COMPARED:
        refuse([Problem("情景册", Place("比较"), f"{len(set(names))} 个", f"至多 {MOST_COMPARED} 个情景", Flaw.SIZE)])
    return {name: load(year, name) for name in dict.fromkeys(names)}
