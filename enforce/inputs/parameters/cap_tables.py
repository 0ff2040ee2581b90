"""The table of caps (上限表): how often a firm may be inspected in a year, from params/rules/caps*.yaml, by its id.

Beside the tables stands what each visit counts as: the rows of `causes`, read from the top, the first that fits. A
table acts in the places of its scope and between its days; nothing of it is a number where it does not act.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Annotated

from pydantic import Field, create_model

from enforce.inputs.parameters.entries import (
    Entry,
    Fault,
    IsoDate,
    Line,
    Text,
    checked,
    checked_entries,
    form,
    repeated_names,
    several,
    word_of,
)  # fmt: skip
from enforce.inputs.parameters.rules import CAP_FILES, Scope, Source, ids_of, unsourced
from enforce.inputs.parameters.source import located
from enforce.inputs.parameters.yaml_file import parse_yaml, yaml_text
from enforce.sheets.columns import one_of
from enforce.words.divisions import Division
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.terms import (
    CapSector,
    CapState,
    Cause,
    CountedOver,
    Counting,
    InspectionClass,
    Kind,
    Status,
    Trigger,
)  # fmt: skip
from enforce.words.texts import nearest, shown_path

CAUSES = "causes"
ANY = "any"
_UNIT_COLUMNS = ("standard_grade", "mine_class", "risk_grade", "credit_grade", "supervision_grade")


def cap_code(text: str) -> str:
    """Return the id of a table of caps; ValueError tells the form expected."""
    letter, number = text[:1], text[1:]
    if not (letter.isascii() and letter.isupper() and number.isascii() and number.isdecimal() and len(number) <= 4):
        raise ValueError("上限表编号：一个大写字母加数字，如 C01")
    return text


CapCode = Annotated[str, form(cap_code)]
_Trigger = Annotated[str, word_of(Trigger)]
_Class = Annotated[str, word_of(InspectionClass)]


class CauseRow(Entry):
    """What makes a visit one of a cause; what is not written may be anything, "" means that nothing is there."""

    cause: Annotated[str, word_of(Cause)]
    trigger: _Trigger | Annotated[str, form(one_of(""))] | None = None
    kind: Annotated[str, word_of(Kind)] | None = None
    inspection_class: _Class | Annotated[str, form(one_of(""))] | None = None
    ordered: bool | None = None


CapRow = create_model(
    "CapRow",
    __base__=Entry,
    __doc__="The cap of a class and grade; `null` where the number is not written.",
    __module__=__name__,
    **{
        "class": Text,
        "grade": Text,
        "cap": Annotated[int, Field(ge=1, le=1000)] | None,
        "over": (Annotated[str, word_of(CountedOver)] | None, None),
    },
)


class Separate(Entry):
    """A cap of its own for some causes, which are not counted to the others."""

    name: Text
    cap: Annotated[int, Field(ge=1, le=1000)]
    causes: several(Annotated[str, word_of(Cause)], least=1, default=...)


class CapTable(Entry):
    """One table: what it is called, where and when it acts, how sure it is, its caps, which causes it counts."""

    title: Text
    issuer: Line = ""
    scope: Scope | None = None
    sector: Annotated[str, word_of(CapSector)]
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = None
    status: Annotated[str, word_of(Status)]
    class_column: Annotated[str, form(one_of("class", "item", ""))]
    grade_columns: several(Annotated[str, form(one_of(*_UNIT_COLUMNS))], 5)
    grade_words: dict[Line, Line] = Field({})
    over: Annotated[str, word_of(CountedOver)]
    counted_over: Line = ""
    limits: several(CapRow, 500, least=1, default=...)
    separate: Separate | None = None
    counts: dict[Annotated[str, word_of(Cause)], Annotated[str, word_of(Counting)]]
    floor: Line = ""
    source: Source | None = None
    checked_on: IsoDate
    note: Line = ""

    def state(self, place: Division, on: str) -> CapState:
        """Return whether the table acts for a bureau of a place on an ISO date, and if not why."""
        if self.sector == CapSector.OTHER:
            return CapState.OTHER_SECTOR
        if self.scope is None or not self.scope.covers(place):
            return CapState.NOT_HERE
        if self.effective_to and on > self.effective_to:
            return CapState.EXPIRED
        if self.effective_from is None:
            return CapState.UNDATED
        return CapState.ACTS if self.effective_from <= on else CapState.NOT_YET


@dataclass(frozen=True, eq=False)
class CapTables:
    """Every table of caps by its id, and the rows that say what is of which cause."""

    entries: dict[str, CapTable]
    causes: tuple[CauseRow, ...] = ()


class _Causes(Entry):
    causes: several(CauseRow, 200, least=1, default=...)


def read_cap_tables(folder: str | Path) -> CapTables:
    """Read every file of caps in a folder of rules, none where there is none; InputError tells all problems at once.

    >>> tables = read_cap_tables("params/rules")
    >>> [*tables.entries], [row.cap for row in tables.entries["C06"].limits]
    (['C01', 'C02', 'C03', 'C04', 'C05', 'C06', 'C07'], [2, None])
    """
    tables, problems = CapTables({}), []
    for path in sorted(Path(folder).glob(CAP_FILES)):
        file = shown_path(path)
        try:
            more, faults = _file_tables(yaml_text(path), file)
        except InputError as error:
            more, faults = CapTables({}), error.problems
        again = [code for code in more.entries if code in tables.entries]
        again += [CAUSES] * bool(more.causes and tables.causes)
        twice = [Problem(file, Place(code), "另一文件已有", "只在一个文件里写", Flaw.REPEATED) for code in again]
        problems += [*faults, *twice]
        tables = CapTables(tables.entries | more.entries, tables.causes or more.causes)
    refuse(problems)
    return tables


def cap_ids(folder: str | Path) -> tuple[str, ...] | None:
    """Return the ids that a plan may choose, in order; None where they cannot be read, as is told elsewhere."""
    return ids_of(read_cap_tables, folder)


def listed_caps(code: str, known: tuple[str, ...]) -> str:
    """Return what should stand in place of an id that is not known.

    >>> listed_caps("C1", ("C01", "C02"))
    '规则文件夹 caps*.yaml 里有的上限表编号；是否想写「C01」？'
    """
    return f"规则文件夹 caps*.yaml 里有的上限表编号{nearest(code, known)}" + ("" if known else "（现在没有）")


@lru_cache(maxsize=8)
def _file_tables(text: str, file: str) -> tuple[CapTables, tuple[Problem, ...]]:
    """Return the sound tables of one file, and the problems of the others; a text is read once."""
    source = parse_yaml(text, file)
    tables = {code: raw for code, raw in source.items() if code != CAUSES}
    rows, faults = checked(_Causes, {CAUSES: source[CAUSES]}, file) if CAUSES in source else (None, [])
    entries, problems = checked_entries(CapTable, tables, file, cap_code, _disagreeing)
    return CapTables(entries, rows.causes if rows else ()), tuple(located([*faults, *problems], source))


def _disagreeing(code: str, table: CapTable) -> Iterator[Fault]:
    """Yield what does not go together in one table: causes, days, grades, separate caps, source."""
    for cause in [cause for cause in Cause if cause not in table.counts]:
        yield f"counts.{cause}", "（没有写）", f"{cause.label}：counts、exempt 或 unknown"
    if table.effective_from and table.effective_to and table.effective_to < table.effective_from:
        yield "effective_to", table.effective_to, f"不早于起用日期 {table.effective_from} 的日期"
    classes = [getattr(row, "class") for row in table.limits]
    named = [f"{name} {row.grade} {row.over or table.over}" for name, row in zip(classes, table.limits, strict=True)]
    yield from repeated_names(zip((f"limits[{n}]" for n in count()), named, strict=False), "类别、等级不重复的上限")
    grades: dict[str, set[str]] = {}
    for name, row in zip(classes, table.limits, strict=True):
        grades.setdefault(name, set()).add(row.grade)
    for n, row in enumerate(table.limits):
        if row.grade == ANY and grades[classes[n]] != {ANY}:
            yield f"limits[{n}].grade", ANY, "同一类别要么都写等级，要么只写一行 any"
        elif row.grade != ANY and not table.grade_columns:
            yield f"limits[{n}].grade", row.grade, f"{ANY}（grade_columns 没有写看哪一列）"
    for n, cause in enumerate(table.separate.causes if table.separate else ()):
        if table.counts.get(cause) != Counting.COUNTS:
            yield f"separate.causes[{n}]", cause, "counts 里写 counts 的起因"
    yield from unsourced(table.status, table.source)
