"""The comparison (核对) of one file with itself, with the plan and its tables, and with the day it is read on."""

from __future__ import annotations

from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import TABLES
from enforce.inputs.tables.references import disagreements
from enforce.inputs.tables.tables import Tables
from enforce.sheets.extract import some_rows
from enforce.sheets.form import Form
from enforce.sheets.normal import key
from enforce.sheets.part import Part
from enforce.words.problems import Flaw, Problem


def parts_of(tables: Tables, but: str) -> dict[str, Part]:
    """Return tables that were read and checked as the parts another file is compared with."""
    found = {}
    for name in TABLES:
        if name != but:
            table = getattr(tables, name).astype(object)
            headings = {column.name: column.chinese for column in TABLES[name]}
            found[name] = Part(tables.files.get(name, name), headings, table, table)
    return found


def compared(part: Part, form: Form, others: dict[str, Part], plan: Plan | None, as_of: str) -> list[Problem]:
    """Return what a file says that contradicts itself, the plan, its tables or the day it is read on."""
    found = [problem for problem in disagreements({**others, form.table: part}, plan) if problem.file == part.file]
    return [*found, *_future(part, form, as_of)]


def _future(part: Part, form: Form, as_of: str) -> list[Problem]:
    """Tell dates after the day the file is read on."""
    found: list[Problem] = []
    for name in (column.name for column in form.ours if column.nature == "date"):
        if as_of and name in part.frame:
            days = part.rows(name)[name]
            for row in days.index[days.gt(as_of)]:
                expected = f"不晚于 {as_of} 的日期"
                found.append(Problem(part.file, part.place(row, name), str(days[row]), expected, Flaw.CONFLICT))
    return found


def other_names(part: Part, others: dict[str, Part]) -> list[str]:
    """Tell records whose unit has another name in the register."""
    if "units" not in others or not {"unit_id", "name"} <= set(part.frame):
        return []
    register = dict(zip(others["units"].frame["unit_id"], others["units"].frame["name"], strict=True))
    rows = part.rows("unit_id", "name")
    odd = [
        row
        for row, code, name in zip(rows.index, rows["unit_id"], rows["name"], strict=True)
        if name and code in register and key(register[code]) != key(name)
    ]
    return [f"企业名称与台账不同（代码相同），请核对：第 {some_rows(odd)} 行"] if odd else []
