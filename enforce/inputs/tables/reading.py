"""The import (读入): a file of a bureau as one of our tables, with a report of all that was done to it.

The kind of table and the sheet are found by their headings, or asked for. Refused or reported, never guessed: a value
is as it stood in the file, or changed and told, or a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.tables.choice import choose, setting_of
from enforce.inputs.tables.comparing import compared, other_names, parts_of
from enforce.inputs.tables.forms import FORMS, OPTIONAL
from enforce.inputs.tables.tables import Tables
from enforce.sheets.extract import Change, Extract, extract
from enforce.sheets.form import Form
from enforce.sheets.grids import read_grids
from enforce.sheets.grids.grid import Grid
from enforce.sheets.normal import key
from enforce.sheets.part import Part, unnamed
from enforce.sheets.rows import Skipped
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.terms import Trigger
from enforce.words.texts import shown, shown_path

_IDS = {
    "register": "unit_id",
    "records": "record_id",
    "roster": "officer_id",
    "tasks": "task_id",
    "penalties": "penalty_id",
}


@dataclass(frozen=True)
class ImportReport:
    """What was done to a file: rows of data, rows passed over and why, values changed, headings, what to know.

    `columns` gives our column for every heading read; `absent` are columns of ours that the file lacks, `empty` the
    rows of a heading whose cells hold nothing; `sums` the sum of every count, `spans` first and last of dates.
    """

    rows_read: int = 0
    skipped: tuple[Skipped, ...] = ()
    changes: tuple[Change, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    empty: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Reading:
    """A file read: `table` holds the rows without a problem in the columns of our own table, one row each.

    Columns the file lacks, and cells it leaves empty, are missing there (None, NA). `extra` holds the columns
    beside, for the same rows; `bad_rows` the rows that problems concern as they stand: row, reason, then the cells.
    `problems` are all there are; those of `broken` concern no row, and no quarantine mends them. `reasons` are the
    problems of the bad rows, those of twins included.
    """

    kind: str
    file: str
    sheet: str
    encoding: str
    header_row: int
    table: pd.DataFrame
    extra: pd.DataFrame
    report: ImportReport
    problems: tuple[Problem, ...] = ()
    bad_rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    reasons: tuple[Problem, ...] = ()

    @property
    def broken(self) -> tuple[Problem, ...]:
        """Problems of the whole file: headings, sums, sheets."""
        bad = set(self.bad_rows["row"]) if len(self.bad_rows) else set()
        return tuple(problem for problem in self.problems if problem.place.row not in bad)

    @property
    def aside(self) -> int:
        """The number of rows that problems concern."""
        return len(self.bad_rows)


def read_table(
    path: str | Path,
    kind: str | None = None,
    sheet: str | None = None,
    *,
    plan: Plan | None = None,
    tables: Tables | None = None,
    as_of: str = "",
) -> Reading:
    """Read a register, a roster, a task table, records or a plan; `kind` and `sheet` are found when not given.

    With a plan, 3月1日 is of its year; with its tables, lines, units and officers are looked up. `as_of` (ISO) is the
    day after which no date may be. InputError when the file is none of these; else every problem is in the reading.
    """
    if kind == "plan" or (kind is None and is_plan(path)):
        return _plan_reading(Path(path))
    grids = read_grids(path, sheet)
    return imported(grids, kind, asked=sheet is not None, plan=plan, tables=tables, as_of=as_of)


def imported(
    grids: Iterable[Grid],
    kind: str | None = None,
    *,
    asked: bool = False,
    plan: Plan | None = None,
    tables: Tables | None = None,
    as_of: str = "",
) -> Reading:
    """Read the one table among the sheets of a file; `asked` where the planner has chosen the sheet."""
    header = choose(grids, [FORMS[kind]] if kind else list(FORMS.values()), asked=asked)
    found = extract(header, setting_of(header, plan, tables.tasks if tables else None), strict=False)
    _fill_triggers(found)
    others = parts_of(tables, header.form.table) if tables else {}
    if not found.rows and header.form.table not in ("records", *OPTIONAL):
        found.problems.append(Problem(header.grid.file, Place("全文"), "只有表头", "至少一行数据", Flaw.MISSING))
    problems = [*found.problems, *compared(found.part, header.form, others, plan, as_of)]
    return reading(found, problems, others, bool(as_of or plan))


def _fill_triggers(found: Extract) -> None:
    """Where records have no column for the cause of a visit, take it from 检查类型 when that says it in our words."""
    frame = found.part.frame
    if "visit_type" in found.header.places and "trigger" not in found.header.places:
        words = {trigger.label: trigger.value for trigger in Trigger}
        causes = [words.get(kind) for kind in frame["visit_type"]]
        found.part.frame["trigger"] = pd.Series(causes, frame.index, dtype=object)
        found.part.typed["trigger"] = found.part.typed["visit_type"]
        found.part.headings["trigger"] = found.part.headings["visit_type"]
        if any(causes):
            found.notes.append(f"{sum(map(bool, causes))} 行的触发原因取自「{found.part.headings['visit_type']}」")


def is_plan(path: str | Path) -> bool:
    """Whether a file is a plan's parameters: YAML by its name, or by lines that begin with keys of a plan.

    >>> is_plan("params/putuo-2024.yaml"), is_plan("data/putuo-2024/units.csv")
    (True, False)
    """
    try:
        with open(path, "rb") as file:
            start = file.read(64 * 1024)
        if Path(path).suffix.lower() in (".yaml", ".yml"):
            return True
        text = start.decode("utf-8-sig")
    except (OSError, ValueError):
        return False
    starts = {line.partition(":")[0] for line in text.splitlines() if ":" in line}
    return len(starts & (set(Plan.model_fields) - {"name"})) >= 2


def _plan_reading(path: Path) -> Reading:
    """Return a plan as a reading without rows."""
    found: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    try:
        plan = read_plan(path)
        notes = (f"{plan.year} 年度，{plan.bureau}，{len(plan.teams)} 个科队，{len(plan.key_periods)} 个重点时段",)
    except InputError as error:
        found = error.problems
    empty = pd.DataFrame()
    return Reading("plan", shown_path(path), "", "UTF-8", 0, empty, empty, ImportReport(notes=notes), found)


# --- the reading ----------------------------------------------------------------------------------------------------


def reading(found: Extract, problems: list[Problem], others: dict[str, Part], limited: bool) -> Reading:
    """Return an extract as a reading: the rows without a problem, typed, and the others with their reasons."""
    header, part = found.header, found.part
    problems = sorted(problems, key=lambda problem: problem.place.row)
    bad = bad_rows(found, problems)
    kept = part.frame.loc[~part.frame.index.isin(list(bad))]
    table = typed(kept, header.form)
    extra = kept[[column.name for column in header.form.extras if column.name in header.places]]
    extra = pd.concat([extra, _unknown(found).loc[kept.index]], axis=1)
    notes = [*found.notes, *other_names(part, others), *([] if limited or not _has_dates(found) else [_NO_LIMIT])]
    report = ImportReport(
        rows_read=len(found.rows),
        skipped=tuple(found.skipped),
        changes=tuple(found.changes),
        columns={header.headings[spot]: name for name, spot in header.places.items()},
        unknown_columns=tuple(header.unknown.values()),
        absent=_absent(found),
        empty=found.empty,
        sums=_sums(found),
        spans=_spans(found),
        notes=tuple(notes),
    )
    grid = header.grid
    return Reading(
        header.form.kind,
        grid.file,
        grid.sheet,
        grid.encoding,
        header.number,
        table,
        extra.reset_index(drop=True),
        report,
        tuple(problems),
        bad_table(found, bad),
        tuple(problem for reasons in bad.values() for problem in reasons),
    )


_NO_LIMIT = "没有给出截止日期（--as-of 或 --plan），没有核对是否有将来的日期"


def _absent(found: Extract) -> tuple[str, ...]:
    """Return what our columns are called that the file lacks."""
    ours = {column.name: column.chinese for column in found.header.form.ours}
    return tuple(ours[name] for name in found.absent if name in ours)


def _has_dates(found: Extract) -> bool:
    return any(found.header.form.columns[name].nature == "date" for name in found.header.places)


def bad_rows(found: Extract, problems: list[Problem]) -> dict[int, list[Problem]]:
    """Return the rows of data that problems concern, with them; of twins all, for which is right is unknown."""
    numbers = {row.number for row in found.rows}
    bad: dict[int, list[Problem]] = {}
    for problem in (*problems, *_twins(found)):
        if problem.place.row in numbers:
            bad.setdefault(problem.place.row, []).append(problem)
    return dict(sorted(bad.items()))


def _twins(found: Extract) -> list[Problem]:
    """Return the first rows of an id or name that later rows contradict: of those there is a problem, of these none."""
    part, name = found.part, _IDS.get(found.header.form.kind, "")
    if not name:
        return []
    values = part.rows(name)[name]
    values = values[values.ne("")]
    first = values[values.duplicated(keep="last") & ~values.duplicated()]
    twins = [_twin(part, row, name, "不重复的编号（后面还有）", Flaw.REPEATED) for row in first.index]
    if {"name", "unit_id"} <= set(part.frame):
        rows = part.rows("name", "unit_id")
        names = rows["name"].map(key)
        several = rows["unit_id"].groupby(names).transform("nunique").gt(1) & names.ne("") & rows["unit_id"].ne("")
        first = several.index[several & ~names.duplicated()]
        twins += [
            _twin(part, row, "name", "同名企业只用一个代码（后面有同名而代码不同的）", Flaw.CONFLICT) for row in first
        ]
    return twins


def _twin(part: Part, row: int, column: str, expected: str, kind: Flaw) -> Problem:
    return Problem(part.file, part.place(row, column), shown(part.typed.loc[row, column]), expected, kind)


def bad_table(found: Extract, bad: dict[int, list[Problem]]) -> pd.DataFrame:
    """Return the bad rows as they stand in the file: row, reason, then every cell by its heading; officers masked."""
    header = found.header
    headings = [text or f"（第 {n + 1} 列）" for n, text in enumerate(header.headings)]
    private = {spot for name, spot in header.places.items() if header.form.columns[name].private}
    rows = []
    for row in found.rows:
        if row.number in bad:
            cells = [*row.cells, *[None] * len(headings)][: len(headings)]
            told = [unnamed(cell) if n in private else cell for n, cell in enumerate(cells)]
            rows.append((row.number, "；".join(map(str, bad[row.number])), *told))
    return pd.DataFrame(rows, columns=["row", "reason", *headings], dtype=object)


def typed(frame: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return our own columns of a frame, numbered from 0, each of its type; types that allow it hold missing values."""
    table = frame[[column.name for column in form.ours]].reset_index(drop=True)
    return table.astype({column.name: _dtype(table[column.name], column.dtype) for column in form.ours})


def _dtype(values: pd.Series, dtype: str) -> str:
    """Return a column's type, the one with missing values where there are such."""
    nullable = {"int64": "Int64", "float64": "Float64", "bool": "boolean"}
    return nullable.get(dtype, dtype) if values.isna().any() else dtype


def _unknown(found: Extract) -> pd.DataFrame:
    """Return the columns whose headings are none of ours, as they stand."""
    header = found.header
    cells = {
        (text if list(header.unknown.values()).count(text) == 1 else f"{text}（第 {spot + 1} 列）"): pd.Series(
            [row.cells[spot] if spot < len(row.cells) else None for row in found.rows],
            found.part.frame.index,
            dtype=object,
        )
        for spot, text in header.unknown.items()
    }
    return pd.DataFrame(cells, index=found.part.frame.index)


def _sums(found: Extract) -> dict[str, int]:
    """Return the sum of every count that was read, bad rows included."""
    form, frame = found.header.form, found.part.frame
    counted = [name for name in found.header.places if form.columns[name].additive]
    return {
        found.part.headings[name]: int(sum(value for value in frame[name] if value is not None)) for name in counted
    }


def _spans(found: Extract) -> dict[str, tuple[str, str]]:
    """Return the first and last of every date."""
    spans = {}
    for name in found.header.places:
        days = (
            [day for day in found.part.frame[name] if day] if found.header.form.columns[name].nature == "date" else []
        )
        if days:
            spans[found.part.headings[name]] = (min(days), max(days))
    return spans
