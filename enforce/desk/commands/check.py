"""The check (检查输入): what a file of a bureau is, how it was read, and what must be put right, in Chinese.

Bad rows can be set aside (隔离) in a workbook with the reason beside each; the others are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import pandas as pd

from enforce.desk.commands.quarantine import place_problems, write_quarantine
from enforce.desk.year import Year, open_year
from enforce.inputs.ledger.chain import unpacked
from enforce.inputs.ledger.completing import recordable
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.tables.forms import FORMS, Tables
from enforce.inputs.tables.mapping import plan_under
from enforce.inputs.tables.of_plan import read_tables
from enforce.inputs.tables.reading import ImportReport, Reading, read_table
from enforce.planning.checks import RECORD_CHECKS
from enforce.planning.checks import findings as doubts_by
from enforce.planning.checks.case import COLUMNS
from enforce.sheets.extract import Change, some_rows
from enforce.sheets.rows import Skipped
from enforce.words.months import MONTHS
from enforce.words.personal import masked
from enforce.words.problems import PAGE, InputError, Place, Problem, refuse, row_entry, row_words
from enforce.words.terms import CHECK_NAMES, Severity
from enforce.words.texts import cut, real_date, shown_path

_MOST = 20
_MOST_NAMES = 12
_KINDS = {**{kind: form.title for kind, form in FORMS.items()}, "plan": "计划文件"}


@dataclass(frozen=True, eq=False)
class Checked:
    """One file checked: its reading, None where it could not be read, with the problems then."""

    file: str
    reading: Reading | None
    problems: tuple[Problem, ...]
    aside: int = 0

    @property
    def left(self) -> tuple[Problem, ...]:
        """Problems that still stand in the way: all, or those of the whole file where bad rows were set aside."""
        return self.reading.broken if self.aside and self.reading else self.problems


@dataclass(frozen=True, eq=False)
class Check:
    """The result of a check: every file, problems and doubts of the plan, the workbook of rows set aside, and whether
    the tables of the plan could be read, so that a file was compared with them.
    """

    files: tuple[Checked, ...]
    problems: tuple[Problem, ...] = ()
    quarantine: str = ""
    compared: bool = True
    findings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))

    @property
    def good(self) -> bool:
        """Whether everything can be used."""
        return not self.problems and not any(checked.left for checked in self.files)

    def __str__(self) -> str:
        plan = [f"  {n}. {problem.file} {problem}" for n, problem in enumerate(cut(self.problems), 1)]
        unread = "" if self.compared else "（这一次没有核对事项、企业和人员，先改正下列各处）"
        head = [f"计划文件有 {len(self.problems)} 处问题{unread}：", *plan] if plan else []
        files = ["\n".join(_report_lines(checked, self.quarantine, plan)) for checked in self.files]
        doubts = [f"计划存疑 {len(self.findings)} 处，不拦着运行，运行时同样列出：", *_doubts(self.findings)]
        return "\n\n".join(["\n".join(head)] * bool(head) + files + ["\n".join(doubts)] * bool(len(self.findings)))

    def as_json(self) -> str:
        """Return the same for machines; values masked as in the text, lists whole."""
        content = {
            "ok": self.good,
            "quarantine": self.quarantine,
            "compared": self.compared,
            "plan_problems": [_problem_entry(problem) for problem in self.problems],
            "files": [_as_dict(checked) for checked in self.files],
            "findings": self.findings.to_dict("records"),
        }
        return json.dumps(content, ensure_ascii=False, indent=1)


def check(
    files: Sequence[Path],
    *,
    kind: str | None = None,
    sheet: str | None = None,
    plan: Path | None = None,
    quarantine: Path | None = None,
    as_of: str = "",
    mapping: str = "",
) -> Check:
    """Check files by themselves and, with a plan, against it and its tables; set bad rows aside where asked to.

    Files may be headed as the mapping of that name has it. Of the plan, and of a plan among the files, everything is
    said that a run of it would say (problems, findings).

    InputError when the request itself cannot be met: no plan, no date, a workbook that would be written over.
    """
    as_of = _day(as_of)
    if quarantine:
        refuse(place_problems(quarantine))
    read = read_plan(plan) if plan else None
    year, tables, problems, findings = _opened(read)
    headed = plan_under(read, mapping) if read else None
    options = {"kind": kind, "sheet": sheet, "plan": headed, "tables": tables, "as_of": as_of}
    results = [_check_file(path, options) for path in files]
    bad = {checked.file: checked.reading.bad_rows for checked in results if checked.reading and checked.reading.aside}
    if quarantine and bad:
        write_quarantine(quarantine, bad, read)
        results = [replace(checked, aside=len(bad.get(checked.file, ()))) for checked in results]
    plans = [_opened(read_plan(path)) for path in _plans_among(results, files, plan)]
    compared = all(one is not None for one in [*([tables] if read else []), *(opened[1] for opened in plans)])
    others = [opened[2:] for opened in plans]
    others += [_in_place(year, checked.reading) for checked in results if year and checked.reading]
    for more, doubts in others:
        problems = [*problems, *more]
        findings = pd.concat([one for one in (findings, doubts) if len(one)] or [findings], ignore_index=True)
    above = findings["check"].eq("sources") & findings["where"].isin([one.file for one in results if one.reading])
    findings = findings[~above].reset_index(drop=True)
    once = [problem for problem in problems if not any(problem in checked.problems for checked in results)]
    aside = shown_path(quarantine) if quarantine and bad else ""
    return Check(tuple(results), tuple(once), aside, compared, findings)


def _plans_among(results: Sequence[Checked], files: Sequence[Path], plan: Path | None) -> list[Path]:
    """Return the files that are plans without a problem, but for the one they were compared with."""
    good = [one.reading and one.reading.kind == "plan" and not one.problems for one in results]
    paths = [path for path, is_plan in zip(files, good, strict=True) if is_plan]
    return [path for path in paths if plan is None or path.resolve() != plan.resolve()]


def _day(as_of: str) -> str:
    try:
        return real_date(as_of) if as_of else ""
    except ValueError as error:
        raise InputError([Problem("命令行", Place("--as-of"), as_of, str(error))]) from None


def _in_place(year: Year, reading: Reading) -> tuple[list[Problem], pd.DataFrame]:
    """Return what a run would refuse and doubt with the records, or the limits, of a file in place of the plan's."""
    none = pd.DataFrame(columns=COLUMNS)
    if reading.problems or reading.kind not in ("records", "limits"):
        return [], none
    try:
        if reading.kind == "records":
            records, _ = recordable(reading, year.tables, year.plan, unpacked([]))
            case = replace(year.case(records, year.trial), decisions=None)
            return [], doubts_by(case, RECORD_CHECKS)
        limits = reading.table.fillna({"task_id": "", "minimum": 0, "basis": ""})
        limits["months"] = [months or MONTHS for months in limits["months"]]
        replace(year, tables=replace(year.tables, limits=limits)).solved()
    except InputError as error:
        return [replace(one, file=reading.file) for one in error.problems if reading.kind == "limits"], none
    return [], none


def _opened(plan: Plan | None) -> tuple[Year | None, Tables | None, list[Problem], pd.DataFrame]:
    """Return a plan as a year, its tables, its problems and its findings, as a run would have them.

    No year and no tables where they cannot be read.
    """
    none = pd.DataFrame(columns=COLUMNS)
    if plan is None:
        return None, None, [], none
    try:
        year = open_year(plan.path)
        return year, year.tables, [], year.findings
    except InputError as error:
        problems = list(error.problems)
    try:
        return None, read_tables(plan), problems, none
    except InputError as error:
        others = [problem for problem in problems if problem not in error.problems]
        return None, None, [*error.problems, *others], none


def _check_file(path: Path, options: dict) -> Checked:
    try:
        reading = read_table(path, **options)
    except InputError as error:
        return Checked(shown_path(path), None, error.problems)
    return Checked(shown_path(path), reading, reading.problems)


# --- the report ---


def _report_lines(checked: Checked, quarantine: str, plan: Sequence[str]) -> Iterator[str]:
    """Yield the lines of one file; `plan` are problems of the plan and its tables, told above."""
    reading = checked.reading
    yield f"{checked.file}：{_KINDS[reading.kind] if reading else '读不出'}"
    if reading:
        yield from (f"  {line}" for line in _report(reading))
    if checked.aside:
        yield f"  已把 {checked.aside} 行放到一边（{quarantine}，附原因），其余 {len(reading.table)} 行读入"
    if problems := cut(list(checked.problems)):
        yield f"  问题 {len(checked.problems)} 处{'' if checked.left else '（都在放到一边的行里）'}："
        yield from (f"    {n}. {problem}" for n, problem in enumerate(problems, 1))
    else:
        yield "  各项选择没有问题；要改的见上" if plan and reading and reading.kind == "plan" else "  没有问题"


def _report(reading: Reading) -> Iterator[str]:
    report = reading.report
    place = [f"工作表「{reading.sheet}」"] if reading.sheet else []
    place += [f"编码 {reading.encoding}"] if reading.encoding else []
    place += [f"表头在第 {reading.header_row} 行"] if reading.header_row else []
    yield from ["，".join(place)] * bool(place)
    if reading.kind != "plan":
        yield f"读到 {report.rows_read} 行数据"
    for name, total in report.sums.items():
        yield f"「{name}」合计 {total}{'（含有问题的行）' if reading.aside else ''}"
    for name, (first, last) in report.spans.items():
        yield f"「{name}」{first} 至 {last}"
    yield from _skipped(report.skipped)
    yield from _change_lines(report.changes)
    if report.unknown_columns:
        yield f"不认识的列，照原样保留，不参加计算：{masked('、'.join(report.unknown_columns))}"
    yield from (f"说明：{note}" for note in (*report.notes, *_unfilled(report)))


def _unfilled(report: ImportReport) -> Iterator[str]:
    """Yield what a file leaves empty: columns it lacks, cells that hold nothing."""
    if report.absent:
        more = f" 等 {len(report.absent)} 列" if len(report.absent) > _MOST_NAMES else ""
        yield f"没有这些列，留空，不代填：{'、'.join(report.absent[:_MOST_NAMES])}{more}"
    for heading, rows in report.empty.items():
        yield f"「{heading}」空 {len(rows)} 行，留空，不代填：第 {some_rows(rows)} 行"


def _skipped(skipped: Sequence[Skipped]) -> Iterator[str]:
    if skipped:
        yield f"跳过 {len(skipped)} 行："
        reasons = [(why, [one.row for one in rows]) for why, rows in groupby(skipped, key=lambda one: one.why)]
        for why, rows in reasons[:_MOST]:
            yield f"  第 {'、'.join(map(row_words, rows[:_MOST]))}{'……' if len(rows) > _MOST else ''} 行：{why}"
        if len(reasons) > _MOST:
            yield f"  另有 {len(reasons) - _MOST} 处"


def _change_lines(changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield f"改写 {len(changes)} 处（原值 → 读作）："
        yield from (f"  第 {row_words(c.row)} 行「{c.column}」{c.before} → {c.after}" for c in changes[:_MOST])
        if len(changes) > _MOST:
            yield f"  另有 {len(changes) - _MOST} 处，--json 列全"


def _doubts(findings: pd.DataFrame) -> Iterator[str]:
    """Yield the findings in words, one a line, what must be put right first."""
    for n, row in enumerate(findings.itertuples(), 1):
        figures = "，".join(filter(None, (row.figure, row.limit)))
        text = f"{row.where}：{row.message}{f'（{figures}）' if figures else ''}"
        yield f"  {n}. [{Severity(row.severity).label}] {CHECK_NAMES[row.check]} {text}"


def _as_dict(checked: Checked) -> dict[str, object]:
    entry: dict[str, object] = {"file": checked.file, "ok": not checked.left, "aside": checked.aside}
    if reading := checked.reading:
        report = reading.report
        entry |= {
            "kind": reading.kind,
            "sheet": reading.sheet,
            "encoding": reading.encoding,
            "header_row": reading.header_row,
            "rows_read": report.rows_read,
            "rows_good": len(reading.table),
            "columns": dict(report.columns),
            "unknown_columns": [masked(name) for name in report.unknown_columns],
            "sums": dict(report.sums),
            "dates": {name: list(span) for name, span in report.spans.items()},
            "skipped": [{"row": row_entry(one.row), "why": one.why} for one in report.skipped],
            "changes": [one._replace(row=row_entry(one.row))._asdict() for one in report.changes],
            "notes": [*report.notes, *_unfilled(report)],
        }
    return entry | {"problems": [_problem_entry(problem) for problem in checked.problems]}


def _problem_entry(problem: Problem) -> dict[str, object]:
    entry = {"file": problem.file, "where": problem.where, "found": problem.found, "expected": problem.expected}
    row, place = problem.place.row, problem.place
    where = {"row": row % PAGE, "column": place.column, "sheet": place.sheet * (row > PAGE)} if row else {}
    return entry | {"kind": problem.kind.value} | {name: value for name, value in where.items() if value}
