"""The scenario (情景): what would be otherwise than in the plan, by name, from params/scenarios/<plan>/<name>.yaml.

A scenario holds only what it changes. It is read as strictly as a plan, every problem at once, and never changes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr

from enforce.inputs.parameters.entries import Count, Entry, IsoDate, Line, Share, Text, checked, form, several
from enforce.inputs.parameters.plan import Plan, ReservedDays, folder_name
from enforce.inputs.parameters.source import located
from enforce.inputs.parameters.yaml_file import parse_yaml, read_yaml, typed_yaml
from enforce.sheets.columns import periods
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import nearest, shown, shown_path

#: What planners call unplanned work: the items of 其他执法工作日 that nobody can put on a plan.
UNPLANNED = ("accidents", "complaints", "ordered")
FOLDER, ENDING = "scenarios", ".yaml"
MOST = 500
_NAME = re.compile(r"[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff_-]{0,29}")


def scenario_name(text: str) -> str:
    """Return a name that can be a file on every system; ValueError tells the form expected.

    >>> scenario_name("七月调出两人")
    '七月调出两人'
    >>> scenario_name("../a")
    Traceback (most recent call last):
    ValueError: 30 个以内的汉字、字母、数字、- 和 _（不以 - 和 _ 开头）
    """
    if not _NAME.fullmatch(text) or unicodedata.normalize("NFC", text) != text:
        raise ValueError("30 个以内的汉字、字母、数字、- 和 _（不以 - 和 _ 开头）")
    return folder_name(text) if text.isascii() and "_" not in text else text


def window_text(text: str) -> str:
    """Return allowed months as tasks.csv writes them; ValueError tells the form expected.

    >>> window_text("1-3,9-11")
    '1-3,9-11'
    """
    periods(text)
    return text


class OfficerChange(Entry):
    """Officers who come to a team or leave it from a month on."""

    team: Text
    from_month: Annotated[int, Field(ge=1, le=12)]
    change: Annotated[int, Field(ge=-MOST, le=MOST)]


class LineChange(Entry):
    """What is otherwise with one line of the plan; what is not written stays."""

    task_id: Text
    planned_visits: Count | None = None
    visit_days: Annotated[float, Field(ge=0.5, le=60, multiple_of=0.5)] | None = None
    months: Annotated[str, form(window_text)] | None = None


class PeriodChange(Entry):
    """What is otherwise with one key period; a name the plan does not have is a new period, with both dates."""

    name: Text
    from_date: IsoDate | None = None
    to_date: IsoDate | None = None
    reserved_days: several(ReservedDays)


class Scenario(Entry):
    """What would be otherwise than in the plan (情景). All of it may be left out: nothing is changed then."""

    note: Line = ""
    officers: several(OfficerChange)
    reserve_share: Share | None = None
    unplanned_change: Annotated[float, Field(ge=-1, le=5)] | None = None
    approved_on: IsoDate | None = None
    lines: several(LineChange, MOST)
    key_periods: several(PeriodChange)
    _name: str = PrivateAttr(default="")
    _path: Path | None = PrivateAttr(default=None)

    @property
    def name(self) -> str:
        """What it is called; '' while it has not been saved."""
        return self._name

    @property
    def path(self) -> Path | None:
        """The file it was read from."""
        return self._path

    def called(self, name: str, path: Path | None = None) -> Scenario:
        """Return the scenario under a name."""
        named = self.model_copy()
        named._name, named._path = name, path
        return named


def scenario_folder(plan: Plan) -> Path:
    """Return where the scenarios of a plan are kept."""
    return plan.folder / FOLDER / plan.name


def scenario_file(plan: Plan, name: str) -> Path:
    """Return the file of a scenario; InputError when the name cannot be one."""
    try:
        return scenario_folder(plan) / f"{scenario_name(name)}{ENDING}"
    except ValueError as error:
        raise InputError([Problem("情景", Place("名称"), shown(name), str(error))]) from None


def scenario_names(plan: Plan) -> list[str]:
    """Return the names of a plan's scenarios, sorted; files with another kind of name are not scenarios."""
    return sorted(path.stem for path in scenario_folder(plan).glob(f"*{ENDING}") if _NAME.fullmatch(path.stem))


def read_scenario(plan: Plan, name: str) -> Scenario:
    """Read one scenario of a plan, not yet held against its tables; InputError tells every problem at once."""
    path = scenario_file(plan, name)
    if not path.is_file():
        known = scenario_names(plan)
        there = f"已有的情景（{'、'.join(known)}）{nearest(name, known)}" if known else "已保存的情景（现在一个也没有）"
        raise InputError([Problem(shown_path(scenario_folder(plan)), Place("情景"), shown(name), there, Flaw.UNKNOWN)])
    source = read_yaml(path)
    scenario, problems = checked(Scenario, source, shown_path(path))
    refuse(located(problems, source, Scenario))
    return scenario.called(name, path)


def entries(scenario: Scenario) -> dict:
    """Return what a scenario changes as plain data: what is left out in the file is left out here.

    >>> entries(Scenario(reserve_share=0.15, officers=[{"team": "危化科", "from_month": 7, "change": -1}]))
    {'officers': [{'team': '危化科', 'from_month': 7, 'change': -1}], 'reserve_share': 0.15}
    """
    return _filled(scenario.model_dump(mode="python"))


def _filled(part: object) -> object:
    if isinstance(part, Mapping):
        return {name: _filled(value) for name, value in part.items() if value not in (None, "", (), [])}
    if isinstance(part, list | tuple):
        return [_filled(entry) for entry in part]
    return part


def scenario_text(scenario: Scenario, heading: str) -> str:
    """Return the file of a scenario: a comment that says what it is of, then what it changes.

    InputError when the text would not be read back as the same scenario.
    """
    content = entries(scenario)
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    made = f"{comment}{typed_yaml(content or {'note': '与计划相同'})}"
    back, problems = checked(Scenario, parse_yaml(made, "情景"), "情景")
    refuse(problems)
    if content and (back is None or entries(back) != content):
        raise InputError([Problem("情景", Place("内容"), "写出后读回不一致", "能写进 YAML 文件的文字")])
    return made
