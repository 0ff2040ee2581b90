"""The registers (名录与台账): tasks, roster, units and records of one plan, read from their four tables.

All problems of all four files are told at once, those between the files included (references.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from enforce.inputs.columns import (
    Column,
    credit_code,
    half_days,
    identifier,
    integer,
    invited,
    many,
    named,
    one_of,
    periods,
    term,
    yes_no,
)
from enforce.inputs.plan import Plan
from enforce.inputs.references import Part, place, references
from enforce.inputs.sheets import Sheet, read_csv_cells
from enforce.inputs.texts import nearest, one_line, real_date, shown, told
from enforce.problems import InputError, Problem, refuse
from enforce.terms import Basis, Exclusion, Hazard, Kind, Level, Selection, Tier, Trigger

_month = integer(1, 12)
_sentence = partial(one_line, limit=500)

TASKS = (
    Column("task_id", identifier),
    Column("group", named),
    Column("name", one_line, header="检查事项"),
    Column("tier", term(Tier)),
    Column("kind", term(Kind)),
    Column("planned_visits", integer(0), dtype="int64"),
    Column("planned_units", integer(0), dtype="int64"),
    Column("counted_items", integer(0), blank=0, required=False, dtype="int64"),
    Column("counted_unit", named, blank="", required=False),
    Column("periods", periods, dtype="object"),
    Column("visit_days", half_days(0.5), dtype="float64"),
    Column("officers_per_visit", integer(1, 100), dtype="int64"),
    Column("team", named),
    Column("invited", invited, blank=(), required=False, dtype="object"),
    Column("selection", term(Selection)),
    Column("hazards", many(term(Hazard)), blank=(), required=False, dtype="object"),
    Column("exclude", term(Exclusion), blank="", required=False),
    Column("out_of_district_visits", integer(0), blank=0, required=False, dtype="int64"),
    Column("lead", named, blank="", required=False),
    Column("partners", many(named), blank=(), required=False, dtype="object"),
    Column("themes", many(named), blank=(), required=False, dtype="object"),
    Column("basis", _sentence, blank="", required=False),
    Column("source", one_line),
)
ROSTER = (
    Column("officer_id", identifier),
    Column("team", named),
    Column("licensed", yes_no, dtype="bool"),
    Column("fields", many(named), blank=(), required=False, dtype="object"),
    Column("from_month", _month, dtype="int64"),
    Column("to_month", _month, dtype="int64"),
    Column("source", one_line),
)
UNITS = (
    Column("unit_id", credit_code),
    Column("name", one_line, header="企业名称"),
    Column("subdistrict", named),
    Column("sector", named),
    Column("hazards", many(term(Hazard)), blank=(), dtype="object"),
    Column("is_key", yes_no, dtype="bool"),
    Column("covered_by", identifier, blank=""),
    Column("credit_grade", one_of("A", "B", "C", "D"), blank=""),
    Column("risk_grade", one_of("红", "橙", "黄", "蓝"), blank=""),
    Column("level", term(Level)),
    Column("in_district", yes_no, dtype="bool"),
    Column("last_visit", real_date, blank="", required=False),
    Column("source", one_line),
)
RECORDS = (
    Column("record_id", named),
    Column("date", real_date),
    Column("unit_id", credit_code, blank=""),
    Column("task_id", identifier, blank=""),
    Column("trigger", term(Trigger), blank=""),
    Column("officers", many(identifier), dtype="object"),
    Column("inspection_code", named, blank=""),
    Column("full_record", yes_no, dtype="bool"),
    Column("hazards_found", integer(0), dtype="int64"),
    Column("major_hazards", integer(0), dtype="int64"),
    Column("hazards_fixed", integer(0), dtype="int64"),
    Column("penalty", named, blank=""),
    Column("penalty_basis", term(Basis), blank=""),
    Column("fine_yuan", integer(0), blank=0, dtype="int64"),
    Column("in_district", yes_no, dtype="bool"),
    Column("source", one_line),
)
TABLES = {"tasks": TASKS, "roster": ROSTER, "units": UNITS, "records": RECORDS}


@dataclass(frozen=True, eq=False)
class Tables:
    """The four tables of one plan: one row per task, officer, unit and record of a visit done."""

    tasks: pd.DataFrame
    roster: pd.DataFrame
    units: pd.DataFrame
    records: pd.DataFrame


def read_tables(plan: Plan) -> Tables:
    """Read tasks, roster, units and records from the plan's folder of tables.

    InputError tells every problem of the four files at once. Only records.csv may have no row.
    """
    parts: dict[str, Part] = {}
    problems: list[Problem] = []
    for name in TABLES:
        part, found = _part(name, plan.tables_folder / f"{name}.csv")
        parts |= {name: part} if part else {}
        problems += found
    refuse([*problems, *references(parts, plan)])
    return Tables(**{name: _typed(part.frame, TABLES[name]) for name, part in parts.items()})


def _part(name: str, path: Path) -> tuple[Part | None, list[Problem]]:
    """Read one table; None in place of it when its columns cannot be told."""
    try:
        sheet = read_csv_cells(path)
        places = _places(sheet, TABLES[name])
    except InputError as error:
        return None, list(error.problems)
    part, problems = parsed(sheet, TABLES[name], places)
    if not sheet.rows and name != "records":
        problems.append(Problem(sheet.file, "全文", "只有表头", "至少一行"))
    return part, problems


def _places(sheet: Sheet, columns: tuple[Column, ...]) -> dict[str, int]:
    """Return where each column stands; InputError tells columns that are unknown, missing or there twice."""
    names = {heading: column.name for column in columns for heading in (column.name, column.chinese)}
    problems, places = [], {}
    for number, heading in enumerate(sheet.header):
        if heading not in names or names[heading] in places:
            expected = "每列只有一次" if heading in names else "已知的列名" + nearest(heading, names)
            problems.append(Problem(sheet.file, f"表头第 {number + 1} 列", shown(heading), expected))
        places.setdefault(names.get(heading, heading), number)
    for column in columns:
        if column.required and column.name not in places:
            problems.append(Problem(sheet.file, "表头", "（缺一列）", f"有「{column.chinese}」列"))
    refuse(problems)
    return places


def parsed(sheet: Sheet, columns: tuple[Column, ...], places: dict[str, int]) -> tuple[Part, list[Problem]]:
    """Return the values of a sheet, None for cells that cannot be read, and those cells as problems."""
    numbers = [row.number for row in sheet.rows]
    values, typed, problems = {}, {}, []
    for column in columns:
        spot = places.get(column.name)
        cells = ["" if spot is None else row.cells[spot] for row in sheet.rows]
        values[column.name], found = _values(cells, column)
        typed[column.name] = cells
        problems += _cell_problems(sheet.file, numbers, cells, column, found)
    headings = {column.name: column.chinese for column in columns}
    frame = pd.DataFrame({name: pd.Series(read, numbers, dtype=object) for name, read in values.items()})
    return Part(sheet.file, headings, frame, pd.DataFrame(typed, numbers, dtype=object)), problems


def _values(cells: list[str], column: Column) -> tuple[list, dict[str, str]]:
    """Return the values of cells and, for texts that cannot be read, the form expected.

    A text that occurs often is read once.
    """
    read, expected = {}, {}
    for cell in dict.fromkeys(cells):
        try:
            read[cell] = column.value(cell)
        except ValueError as error:
            read[cell], expected[cell] = None, str(error)
    return [read[cell] for cell in cells], expected


def _cell_problems(
    file: str, numbers: list[int], cells: list[str], column: Column, expected: dict[str, str]
) -> list[Problem]:
    """Tell the cells of one column that cannot be read."""
    if not expected:
        return []
    problems = [
        Problem(file, place(number, column.chinese), shown(cell), expected[cell])
        for number, cell in zip(numbers, cells, strict=True)
        if cell in expected
    ]
    return told(problems, f"「{column.chinese}」")


def _typed(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return a table numbered from 0, each column of its own type."""
    return frame.reset_index(drop=True).astype({column.name: column.dtype for column in columns})
