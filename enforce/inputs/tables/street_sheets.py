"""The streets' sheets (街镇计划与进展): what the streets plan to visit and have visited, from the files of one folder.

One row per visit planned, done, or both. A street that has handed nothing in is simply not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.reading import typed_table
from enforce.inputs.tables.table_folder import ENDINGS
from enforce.sheets.codes import credit_code
from enforce.sheets.columns import Column, impersonal, integer, short_text
from enforce.sheets.extract import read_rows
from enforce.sheets.form import Form
from enforce.sheets.grids import read_grids
from enforce.sheets.header import sheet_header
from enforce.sheets.part import Part
from enforce.sheets.values import Setting
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import nearest, one_line, real_date, shown, shown_path
from enforce.words.vocabulary import Vocabulary

FOLDER, KIND = "streets", "street_visits"
_text = impersonal(short_text)
_month = partial(Column, parse=integer(1, 12), nature="count", units=("月", "月份"))
_hazards = partial(Column, parse=integer(0), blank=0, required=False, dtype="int64", nature="count", units=("项",))
_COLUMNS = (
    Column("unit_id", credit_code, "", nature="code"),
    Column("name", impersonal(one_line), "", header="企业名称", required=False, nature="name"),
    Column("street_task", _text, "", required=False),
    _month("month", header="计划月份", blank=None, required=False, dtype="Int64"),
    Column("date", real_date, "", header="检查日期", required=False, nature="date"),
    _hazards("hazards_found"),
    _hazards("hazards_fixed"),
)
_HEADINGS = {
    "subdistrict": "街镇 街道 乡镇 所属街镇 乡镇街道 街道镇",
    "unit_id": "信用代码 企业代码 单位代码 代码",
    "name": "单位名称 名称",
    "street_task": "事项 检查内容 类别",
    "month": "月份 计划检查月份",
    "date": "日期 完成日期 实际检查日期",
    "hazards_found": "隐患 发现隐患",
    "hazards_fixed": "整改 已整改",
}


def street_form(words: Vocabulary) -> Form:
    """Return the form that streets fill in, in the words of a bureau: one row per visit planned or done."""
    ours = (Column("subdistrict", _text, header=words.street), *_COLUMNS)
    serial = Column("serial", one_line, "", header="序号", required=False)
    known = frozenset({"subdistrict", "unit_id"})
    return Form(KIND, f"{words.street}计划与进展", "", ours, (serial,), known, _HEADINGS, distinct=False)


def street_files(folder: Path) -> list[Path]:
    """Return the files of a folder that streets may have handed in, by name."""
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in there if path.suffix.lower() in ENDINGS and not path.name.startswith(("~$", "."))]


def no_street_visits() -> pd.DataFrame:
    """Return a table of the streets' visits that has no row, each column of its type."""
    dtypes = {"subdistrict": "str", **{column.name: column.dtype for column in _COLUMNS}}
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in dtypes.items()})


def streets_folder(plan: Plan) -> Path:
    """Return where the streets' sheets of a plan stand."""
    return plan.tables_folder / FOLDER


def read_streets(folder: Path, plan: Plan, streets: Collection[str]) -> pd.DataFrame:
    """Read what the streets handed in: one row per visit planned (`month`) or done (`date`), or both.

    `streets` are those of the register. InputError tells every problem of every file: another street, a row without
    month and day, a day of another year, one row that stands twice.
    """
    form, parts, problems = street_form(plan.vocabulary), [], []
    for path in street_files(folder):
        try:
            more, faults = form_parts(path, form, plan.year)
        except InputError as error:
            more, faults = [], list(error.problems)
        parts += more
        problems += faults
    seen: dict[tuple, str] = {}
    faults = [fault for part in parts for fault in _row_faults(part, plan, streets, seen)]
    refuse([*problems, *faults])
    tables = [typed_table(part.frame, form) for part in parts]
    nothing = no_street_visits()
    return pd.concat([nothing, *(table[[*nothing.columns]] for table in tables)], ignore_index=True)


def form_parts(path: Path, form: Form, year: int) -> tuple[list[Part], list[Problem]]:
    """Return the sheets of a file that are of the form, and their problems; a file without any is one."""
    headers = [header for grid in read_grids(path) if (header := sheet_header(grid, form)) and not header.missing]
    if not headers:
        expected = f"有「{'」「'.join(form.columns[name].chinese for name in sorted(form.minimum))}」列的表"
        return [], [Problem(shown_path(path), Place("表头"), "（没有认出）", expected, Flaw.MISSING)]
    extracts = [read_rows(header, Setting(year=year), strict=True) for header in headers]
    return [one.part for one in extracts], [problem for one in extracts for problem in one.problems]


def _row_faults(part: Part, plan: Plan, streets: Collection[str], seen: dict[tuple, str]) -> Iterator[Problem]:
    """Yield what a row says that cannot be; `seen` are the rows before, with where they stand."""
    for row in part.rows("subdistrict", "unit_id", "street_task", "date").itertuples():
        street, month = row.subdistrict, getattr(row, "month", None)
        planned = not pd.isna(month)
        if street not in streets:
            expected = f"台账里的{plan.vocabulary.street}{nearest(street, sorted(streets))}"
            yield Problem(part.file, part.place(row.Index, "subdistrict"), shown(street), expected, Flaw.UNKNOWN)
        if not planned and not row.date and part.typed.loc[row.Index].get("month") in (None, ""):
            yield Problem(part.file, Place(row=row.Index), "（空）", "有计划月份或检查日期", Flaw.MISSING)
        if row.date and row.date[:4] != f"{plan.year}":
            expected = f"{plan.year} 年的日期"
            yield Problem(part.file, part.place(row.Index, "date"), row.date, expected, Flaw.CONFLICT)
        known = (street, row.unit_id, row.street_task, month if planned else 0, row.date)
        if row.unit_id and known in seen:
            expected = f"不重复的一行（{seen[known]}已有）"
            yield Problem(part.file, Place(row=row.Index), shown(row.unit_id), expected, Flaw.REPEATED)
        seen.setdefault(known, f"{part.file} 第 {row.Index} 行")
