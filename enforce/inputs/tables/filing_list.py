"""The filing list (报送名单): who files a plan with the superior, by when; and what he knows of a pack besides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.reading import typed_table
from enforce.inputs.tables.street_sheets import form_parts
from enforce.sheets.columns import Column, impersonal, short_text
from enforce.sheets.form import Form
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import one_line, real_date, shown, shown_path

_text = impersonal(short_text)
_COLUMNS = (
    Column("bureau", impersonal(one_line)),
    Column("plan", _text, "", required=False),
    Column("due_on", real_date, "", header="截止日期", required=False, nature="date"),
    Column("received_on", real_date, "", required=False, nature="date"),
    Column("digest", one_line, "", required=False),
)
_HEADINGS = {"bureau": "单位 单位名称 报送单位", "plan": "简称 计划", "due_on": "报送期限 期限", "digest": "报送包摘要"}
_SERIAL = Column("serial", one_line, "", header="序号", required=False)
_LEAST = frozenset({"bureau"})
_FORM = Form("filing_list", "报送名单", "", _COLUMNS, (_SERIAL,), _LEAST, _HEADINGS, names=("bureau",), distinct=False)
_TABLES = (".csv", ".xlsx", ".xls", ".et", ".html", ".htm")


def read_filing_list(files: Sequence[Path]) -> pd.DataFrame:
    """Return who is to file: bureau, plan, due_on, received_on, digest, one row each, '' for what is not written.

    A file is a table with a column 编制单位, or a plan itself. InputError tells every problem of every file.
    """
    tables, problems = [], []
    for file in files:
        try:
            rows, wrong = _table_rows(file) if file.suffix.lower() in _TABLES else _row_of_plan(file)
        except InputError as error:
            rows, wrong = [], list(error.problems)
        tables += rows
        problems += wrong
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({one.name: [] for one in _COLUMNS})
    twice = table.loc[table.duplicated("bureau"), "bureau"]
    problems += [Problem("报送名单", Place("编制单位"), shown(name), "不重复的单位", Flaw.REPEATED) for name in twice]
    refuse(problems)
    return table


def _table_rows(file: Path) -> tuple[list[pd.DataFrame], list[Problem]]:
    parts, problems = form_parts(file, _FORM, 0)
    return [typed_table(part.frame, _FORM).fillna("") for part in parts if not problems], problems


def _row_of_plan(file: Path) -> tuple[list[pd.DataFrame], list[Problem]]:
    if not file.is_file():
        return [], [Problem(shown_path(file), Place("文件"), "打不开", "报送名单或计划文件", Flaw.FILE)]
    plan = read_plan(file)
    row = {one.name: [""] for one in _COLUMNS} | {"bureau": [plan.bureau], "plan": [plan.name]}
    return [pd.DataFrame(row)], []
