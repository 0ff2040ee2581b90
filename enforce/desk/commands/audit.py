"""The audit (审核): anybody's plan read from its files -> findings, as a table, JSON, a workbook, Word comments."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.inputs.documents.passages import PrintedFile, read_document, read_text
from enforce.inputs.documents.printed_plan import printed_plan, with_knowledge
from enforce.inputs.documents.word_text import word_blocks
from enforce.planning.audit import Remark, remarks
from enforce.words.claims import TextCase
from enforce.words.problems import InputError, Problem
from enforce.words.terms import AUDIT_NAMES, Severity
from enforce.words.texts import bare_title, excerpt

if TYPE_CHECKING:
    import pandas as pd

    from enforce.desk.year import Year
    from enforce.inputs.calendar import Calendar

_RULES = Path(__file__).resolve().parents[3] / "params" / "rules"
_FORMS = (".doc", ".docx", ".xls", ".xlsx", ".pdf", ".md", ".txt", ".csv", ".htm", ".html", ".et", ".wps")
_KEYS = ("file", "place", "sentence", "printed", "expected", "rule", "severity", "sure")


@dataclass(frozen=True, eq=False)
class Audit:
    """What was found in the files of one plan: findings, what was not read, files that cannot be read."""

    findings: tuple[Remark, ...]
    documents: tuple[PrintedFile, ...]
    problems: tuple[Problem, ...] = ()
    year: int = 0

    @property
    def status(self) -> int:
        """0 without an error, 1 with one, 2 where a file cannot be read."""
        return 2 if self.problems else int(any(one.severity is Severity.ERROR for one in self.findings))

    @property
    def rows(self) -> list[dict[str, str]]:
        """The findings for machines, one row per finding."""
        names = AUDIT_NAMES
        return [
            {key: str(names[one.check] if key == "rule" else getattr(one, key)) for key in _KEYS}
            for one in self.findings
        ]

    @property
    def notes(self) -> list[str]:
        """What of the files was not read, and files that cannot be read, in words."""
        unread = [f"{document.file}：{text}" for document in self.documents for text in document.unread]
        return unread + [f"读不出 {problem.file}：{problem.found}；应为{problem.expected}" for problem in self.problems]

    def as_json(self) -> str:
        """Return the findings as a JSON list."""
        return json.dumps(self.rows, ensure_ascii=False, indent=1)

    def __str__(self) -> str:
        counts = "，".join(f"{one.label} {sum(f.severity is one for f in self.findings)} 处" for one in Severity)
        outcome = counts if self.findings else "没有发现问题" if self.documents else "没有读到文字"
        head = f"审核 {len(self.documents)} 份文件：{outcome}。"
        lines = [
            f"{n}. [{one.severity.label}] {AUDIT_NAMES[one.check]}（{one.sure.label}）　{one.file} {one.place}\n"
            f"   原文：{excerpt(one.sentence, 80)}\n   印的：{excerpt(one.printed)}\n   应为：{one.expected}"
            for n, one in enumerate(self.findings, 1)
        ]
        return "\n".join([head, *lines])


def audit_files(files: Sequence[str | Path], *, plan: Path | None = None, pasted: bytes | None = None) -> Audit:
    """Audit the files of one plan together and against each other; `pasted` is text from the standard input.

    A file that cannot be read is a problem of the result, the others are audited all the same. With a `plan` its rules,
    bases and lines are known too; InputError where it cannot be opened.
    """
    documents: list[PrintedFile] = []
    problems: list[Problem] = []
    for file in files:
        try:
            documents.append(read_text(pasted or b"") if str(file) == "-" else read_document(file))
        except InputError as error:
            problems += error.problems
    year = _year(plan) if plan else None
    lines = _plan_lines(year.tables.tasks) if year else None
    case = _with_facts(printed_plan(documents, _names_beside(files), lines), year)
    return Audit(tuple(_with_register(remarks(case), year)), tuple(documents), tuple(problems), case.year)


def audit_contents(contents: Mapping[str, bytes], tasks: pd.DataFrame, year: Year | None = None) -> Audit:
    """Audit Word files of a plan by name: of our own before they are written, or of another bureau with its lines."""
    documents = tuple(PrintedFile(name, *word_blocks(content, name)) for name, content in contents.items())
    return Audit(tuple(remarks(_with_facts(printed_plan(documents, (), _plan_lines(tasks)), year))), documents)


def _year(plan: Path) -> Year:
    from enforce.desk.year import open_year

    return open_year(plan)


def _plan_lines(tasks: pd.DataFrame) -> dict[str, int]:
    """Return the visits of a plan's lines, groups and tiers by name, '' for all of them."""
    from enforce.words.terms import Tier

    by_name = [tasks.groupby(column)["planned_visits"].sum().to_dict() for column in ("name", "group")]
    tiers = {tier.label: int(tasks.loc[tasks["tier"] == tier, "planned_visits"].sum()) for tier in Tier}
    return {**by_name[1], **by_name[0], **tiers, "": int(tasks["planned_visits"].sum())}


def _names_beside(files: Sequence[str | Path]) -> list[str]:
    """Return the names of the files that lie beside those given."""
    paths = [Path(file) for file in files if str(file) != "-" and Path(file).is_file()]
    names = {name for folder in {path.parent for path in paths} for name in os.listdir(folder)}
    return sorted(name for name in names - {path.name for path in paths} if name.lower().endswith(_FORMS))[:2000]


def _with_facts(case: TextCase, year: Year | None) -> TextCase:
    """Return the case with calendar, bases and floors, each read only where the text asks for it."""
    kinds = {one.kind for one in case.mentions}
    workdays = _announced_workdays(case.year, year) if case.year and kinds & {"workdays", "window"} else ()
    bases = _known_bases(year) if "basis" in kinds else {}
    floors = _floors(case, year) if kinds & {"one_officer", "officers"} else {}
    return with_knowledge(case, workdays, bases, floors)


def _announced_workdays(number: int, year: Year | None) -> Sequence[str]:
    """Return the workdays of a year as ISO days, those of the plan's own calendar where it is the plan's year.

    None where its holidays are not announced.
    """
    calendar = year.calendar if year and year.plan.year == number else _national_calendar(number)
    announced = calendar and not calendar.estimated
    return calendar.days.loc[calendar.days["workday"], "date"].tolist() if announced else ()


@lru_cache
def _national_calendar(number: int) -> Calendar | None:
    from enforce.inputs.calendar import FIRST_YEAR, LAST_YEAR, read_calendar

    return read_calendar(number) if FIRST_YEAR <= number <= LAST_YEAR else None


def _known_bases(year: Year | None) -> dict[str, dict[str, str]]:
    """Return the known legal bases by title, former ones too."""
    from enforce.inputs.parameters.legal_bases import read_bases

    entries = (year.legal_bases if year else read_bases(_RULES)).entries
    known = {}
    for basis in entries.values():
        after = entries.get(basis.successor or "")
        row = {
            "title": basis.title, "dates": basis.dates, "since": basis.in_force_from or "",
            "until": basis.in_force_to or "", "covers": basis.covers_to or "",
            "amended": basis.amended or "", "after": after.title if after else "",
            "after_since": (after.in_force_from if after else None) or "9999",
        }  # fmt: skip
        for title in filter(None, (basis.title, basis.former_title)):
            known[bare_title(title)] = row
    return known


def _floors(case: TextCase, year: Year | None) -> dict[str, float]:
    """Return the floors of officers where the plan is, those of the whole country without a plan."""
    from enforce.inputs.parameters.rules import read_rules
    from enforce.words.divisions import Division

    day = case.dated or f"{case.year or 2024}-01-01"
    rules = year.rules if year else read_rules(_RULES).at(Division())
    names = ("officer_share_min_municipal_district", "officer_share_min_district")
    floor = next((value for name in names if (value := rules.value(name, day)) is not None), None) if year else None
    values = {"officers_per_visit_min": rules.value("officers_per_visit_min", day), "officer_share_min": floor}
    return {name: value for name, value in values.items() if value is not None}


def _with_register(findings: Sequence[Remark], year: Year | None) -> list[Remark]:
    """Return the findings, with the overlap as the plan's register has it beside that of the text."""
    if year is None:
        return list(findings)
    doubts = year.findings
    figures = doubts.loc[doubts["check"] == "overlap", "figure"].tolist()
    return [
        replace(one, expected=f"{one.expected}；按台账最多 {figures[0]}")
        if one.check == "text_overlap" and figures
        else one
        for one in findings
    ]


# --- what is handed back --------------------------------------------------------------------------------------------


def write_audit(result: Audit, out: Path) -> list[Path]:
    """Write the findings as a workbook, beside it each Word file with its findings as comments; return the paths."""
    import pandas as pd

    from enforce.papers.books.book import Meta, Sheet
    from enforce.papers.books.writer import write_book

    columns = ["程度", "规则", "把握", "文件", "位置", "句子", "印的", "应为"]
    cells = [
        (one.severity.label, AUDIT_NAMES[one.check], one.sure.label, one.file, one.place, *texts)
        for one in result.findings
        for texts in [(_clean(one.sentence), _clean(one.printed), one.expected)]
    ]
    notes = tuple(_clean(note) for note in result.notes)
    meta = Meta("计划文本审核", "", "", "", max(result.year, 2000), notes=notes, plain=True)
    table = pd.DataFrame(cells, columns=columns)
    paths = [write_book(out, [Sheet(name="审核", table=table, title="计划文本审核", headed=True)], meta)]
    for document in result.documents:
        ours = [one for one in result.findings if one.file == document.file]
        if ours and document.path and document.path.suffix.lower() == ".docx":
            paths.append(_with_comments(document.path, ours, out.with_name(f"{document.path.stem}-批注.docx")))
    return paths


def _clean(text: str) -> str:
    from enforce.words.texts import HIDDEN

    return HIDDEN.sub(" ", text)[:2000]


def _with_comments(source: Path, findings: Sequence[Remark], target: Path) -> Path:
    """Write a copy of a Word file with the findings as comments, at the paragraphs and cells where they stand."""
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    from enforce.words.files import write_atomic

    document = docx.Document(str(source))
    body = document.element.body
    paragraphs = [Paragraph(one, document) for one in body.iterchildren() if one.tag.endswith("}p")]
    tables = [Table(one, document) for one in body.iterchildren() if one.tag.endswith("}tbl")]
    for one in findings:
        number, *cell = one.spot
        near = paragraphs[number - 1 : number] if number else _cell_paragraphs(tables, *cell)
        runs = [run for paragraph in near for run in paragraph.runs] or next((p.runs for p in paragraphs if p.runs), [])
        if runs:
            text = f"[{one.severity.label}] {AUDIT_NAMES[one.check]}：印 {one.printed}；{one.expected}"
            document.add_comment([runs[0], runs[-1]], text, author="文本审核", initials="审")
    content = BytesIO()
    document.save(content)
    return write_atomic(target, content.getvalue())


def _cell_paragraphs(tables: Sequence, table: int, row: int, column: int) -> list:
    """Return the paragraphs of a cell; none of a box, a note, or a cell that Word counts otherwise."""
    try:
        return list(tables[table - 1].rows[row].cells[column].paragraphs) if table else []
    except IndexError:
        return []
