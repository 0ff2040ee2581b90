"""The rules (依据与取值): numbers fixed above the district, dated, cited and scoped, from params/rules/*.yaml.

A value holds from its date of effect until the next one, in every place inside its scope and at the level named there;
`null` means that no rule was found. A rule that does not act has no value: it is never 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from enforce.inputs.parameters.entries import Entry, Fault, IsoDate, Line, Text, checked_entries, form, word_of
from enforce.inputs.parameters.source import located
from enforce.inputs.parameters.yaml_file import read_yaml
from enforce.words.divisions import NATION, Division, division, place_name
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.terms import Rank, Status
from enforce.words.texts import real_date, shown, shown_path

if TYPE_CHECKING:
    import pandas as pd

Value = bool | int | float | None


def plain_value(value: object) -> Value:
    """Return a value a rule may have; the failure tells the form expected."""
    if value is None or type(value) in (bool, int, float):
        return value
    raise PydanticCustomError("form", "{expected}", {"expected": "数字、true、false 或 null"})


Plain = Annotated[Any, AfterValidator(plain_value)]
#: The files of legal bases in the folder of rules.
BASIS_FILES = "bases*.yaml"
#: The files of tables of yearly caps there.
CAP_FILES = "caps*.yaml"
#: The columns of the request for inspection codes there.
CODE_REQUEST = "code_request.yaml"
_RULE = re.compile(r"[a-z][a-z0-9_]{0,59}")
COLUMNS = ("rule", "label", "value", "unit", "applies", "since", "status", "source", "checked_on", "note")


def web_link(text: str) -> str:
    """Return a web address or ''; ValueError tells the form expected."""
    if text and not re.fullmatch(r"https?://[!-~]{3,300}", text):
        raise ValueError('http:// 或 https:// 开头的网址，没有写 ""')
    return text


class Scope(Entry):
    """Where a rule acts (适用范围): in a place with all inside it, at one level of authority or at every one."""

    place: Annotated[str, form(place_name)] = NATION
    level: Annotated[str, word_of(Rank)] | None = None

    @property
    def division(self) -> Division:
        """The place the rule acts in."""
        return Division() if self.place == NATION else division(self.place)

    @property
    def order(self) -> tuple[int, bool]:
        """The place among scopes, the narrowest first: a district before its city, one level before every level."""
        return -len(self.division.path), self.level is None

    def covers(self, place: Division) -> bool:
        """Whether the rule acts for a bureau of this place."""
        return place.inside(self.division) and self.level in (None, place.rank)

    def __str__(self) -> str:
        return self.place + (f"（{Rank(self.level).label}）" if self.level else "")


class Source(Entry):
    """Where a rule stands written (出处)."""

    title: Text
    article: Line = ""
    link: Annotated[str, form(web_link)] = ""

    @property
    def cited(self) -> str:
        """The document and its article, as a table cites them; the link stays in the rule's file."""
        return " ".join(filter(None, (self.title, self.article)))

    def __str__(self) -> str:
        return " ".join(filter(None, (self.cited, self.link)))


class Rule(Entry):
    """One rule: what it is called, its values by date of effect, where it acts, where it stands, who looked last."""

    label: Text
    unit: Text
    range: Annotated[tuple[Plain, Plain], Field(strict=False)]
    values: Annotated[dict[IsoDate, Plain], Field(min_length=1)]
    status: Annotated[str, word_of(Status)]
    scope: Scope | None = None
    source: Source | None = None
    checked_on: IsoDate
    note: Line = ""

    @property
    def acts_in(self) -> Scope:
        """Where the rule acts."""
        return self.scope or Scope()

    @property
    def applies(self) -> str:
        """Where the rule acts, in words."""
        return "未写明，按本局" if self.is_unplaced else str(self.acts_in)

    @property
    def is_unplaced(self) -> bool:
        """Whether it is a local rule that does not say of which place."""
        return self.status == Status.LOCAL and self.scope is None

    def in_force(self, on: str) -> tuple[str, Value]:
        """Return the date of effect and the value in force on an ISO date; ('', None) before the first."""
        since = max((day for day in self.values if day <= on), default="")
        value = self.values.get(since)
        return since, float(value) if _kind(self.range) is float and value is not None else value


@dataclass(frozen=True, eq=False)
class Rules:
    """All rules by name, the narrowest scope first; none under the name of a rule that does not act."""

    rules: dict[str, tuple[Rule, ...]]

    def at(self, place: Division) -> Rules:
        """Return the rules that act for a bureau of this place; the others are named and have no value.

        >>> from enforce.words.divisions import division
        >>> everywhere = read_rules("params/rules")
        >>> [everywhere.at(division(text)).value("joint_share_min", "2024-03-13") for text in ("上海市普陀区", "甲县")]
        [0.15, None]
        """
        return Rules(
            {name: tuple(rule for rule in rules if rule.acts_in.covers(place)) for name, rules in self.rules.items()}
        )

    def value(self, name: str, on: str) -> Value:
        """Return the value in force on an ISO date; None where no rule was found.

        KeyError for an unknown name, ValueError for a date that does not exist.

        >>> rules = read_rules("params/rules")
        >>> rules.value("officers_per_visit_min", "2024-03-13"), rules.value("key_share_min", "2024-03-13")
        (2, None)
        """
        rule = _acting(self.rules[name], real_date(on))
        return rule.in_force(on)[1] if rule else None

    def values(self, on: str) -> dict[str, Value]:
        """Return the value of every rule on an ISO date by name; None where none is in force."""
        return {name: self.value(name, on) for name in self.rules}

    def in_force(self, on: str) -> pd.DataFrame:
        """Return the rules that have a value on an ISO date: one row per rule, in order of name.

        value (bool, int or float), unit, applies (place and level), since (date of effect), status, source,
        checked_on, note.
        """
        table = self._dated(on)
        return table[table["value"].notna()].reset_index(drop=True)

    def assumptions(self, on: str) -> pd.DataFrame:
        """Return what is assumed, never printed as law, and what no rule says (value None): same columns.

        A local rule that does not say where it acts is among them.
        """
        table = self._dated(on)
        unplaced = [name for name, rules in self.rules.items() if any(rule.is_unplaced for rule in rules)]
        assumed = table["status"].eq(Status.ASSUMED) | table["value"].isna() | table["rule"].isin(unplaced)
        return table[assumed].reset_index(drop=True)

    def _dated(self, on: str) -> pd.DataFrame:
        """Return the rules whose first date has come: one row per rule."""
        import pandas as pd  # those who only ask for a value need not load it

        acting = {name: _acting(self.rules[name], real_date(on)) for name in sorted(self.rules)}
        rows = [_row(name, rule, on) for name, rule in acting.items() if rule]
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": object})


def _acting(rules: tuple[Rule, ...], on: str) -> Rule | None:
    """Return the narrowest rule that has a value on a date; else the narrowest that says there is none."""
    dated = [rule for rule in rules if rule.in_force(on)[0]]
    return next((rule for rule in dated if rule.in_force(on)[1] is not None), next(iter(dated), None))


def _row(name: str, rule: Rule, on: str) -> tuple:
    """Return one row of the table of rules."""
    since, value = rule.in_force(on)
    source = rule.source.cited if rule.source else ""
    return name, rule.label, value, rule.unit, rule.applies, since, rule.status, source, rule.checked_on, rule.note


def rule_files(folder: Path) -> list[Path]:
    """Return the rule files of a folder: all but those of legal bases, caps and requests beside them."""
    beside = (BASIS_FILES, CAP_FILES, CODE_REQUEST)
    return sorted(path for path in folder.glob("*.yaml") if not any(map(path.match, beside)))


def read_rules(folder: str | Path) -> Rules:
    """Read every rule file of a folder; InputError tells all problems of all files at once."""
    folder = Path(folder)
    paths = rule_files(folder)
    if not paths:
        expected = "至少一个 .yaml 规则文件"
        raise InputError([Problem(shown_path(folder), Place("文件夹"), "没有规则文件", expected, Flaw.MISSING)])
    rules: dict[str, tuple[Rule, ...]] = {}
    problems: list[Problem] = []
    for path in paths:
        more, faults = _file(path)
        problems += faults
        for name, rule in more.items():
            scopes = [other.acts_in for other in rules.get(name, ())]
            if rule.acts_in in scopes:
                twice, expected = f"另一文件已有（{rule.acts_in}）", "只在一个文件里的规则名，或另写 scope"
                problems.append(Problem(shown_path(path), Place(name), twice, expected, Flaw.REPEATED))
            rules[name] = (*rules.get(name, ()), rule)
    refuse(problems)
    return Rules({name: tuple(sorted(scoped, key=lambda rule: rule.acts_in.order)) for name, scoped in rules.items()})


def ids_of(read: Callable[[Path], Any], folder: str | Path) -> tuple[str, ...] | None:
    """Return the ids of the entries that `read` finds in a folder, in order; None where they cannot be read."""
    try:
        return tuple(read(Path(folder)).entries) if Path(folder).is_dir() else None
    except InputError:
        return None


def _file(path: Path) -> tuple[dict[str, Rule], list[Problem]]:
    """Return the sound rules of one file, and the problems of the others."""
    try:
        entries = read_yaml(path)
    except InputError as error:
        return {}, list(error.problems)
    rules, problems = checked_entries(Rule, entries, shown_path(path), _rule_name, _disagreements)
    return rules, located(problems, entries)


def _rule_name(text: str) -> None:
    if not _RULE.fullmatch(text):
        raise ValueError("小写英文字母、数字、下划线的规则名")


def _disagreements(name: str, rule: Rule) -> Iterator[Fault]:
    """Yield what does not go together in one rule: range, values, status and source."""
    low, high = rule.range
    if _kind(rule.range) is None or not low <= high:
        yield "range", f"[{shown(low)}, {shown(high)}]", "同类的两个数 [最小, 最大]"
    else:
        yield from _outside(rule)
    yield from unsourced(rule.status, rule.source)


def unsourced(status: str, source: Source | None) -> Iterator[Fault]:
    """Yield a source beside what is assumed, and one that is missing beside what is not."""
    if status == Status.ASSUMED and source:
        yield "source", shown(str(source)), "不写出处（assumed 没有核过原文，有出处请改 status）"
    if status != Status.ASSUMED and not source:
        yield "source", "（没有写）", "出处 title、article、link（没有出处的 status 写 assumed）"


def _outside(rule: Rule) -> Iterator[Fault]:
    """Yield the values that are not of the kind of the range, or outside it."""
    (low, high), kind = rule.range, _kind(rule.range)
    kinds = {bool: (bool,), int: (int,), float: (int, float)}[kind]
    for day, value in rule.values.items():
        if value is not None and not (type(value) in kinds and low <= value <= high):
            expected = f"{shown(low)} 到 {shown(high)} 的{'整数' if kind is int else '值'}，未见规定写 null"
            yield f"values.{day}", shown(value), expected


def _kind(bounds: tuple[Value, Value]) -> type | None:
    """Return the kind of value a range is for: truth values, whole numbers or decimals."""
    kinds = {type(bound) for bound in bounds}
    if kinds == {int, float}:
        return float
    kind = kinds.pop()
    return kind if not kinds and kind in (bool, int, float) else None
