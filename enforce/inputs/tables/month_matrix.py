"""The month matrix (月度安排表): annex 1 as printed, a line of the plan a row and a month a column, read as limits.

Each month of a line with visits is one limit (家次限制), at least and at most so many.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd

from enforce.inputs.tables.forms import FORMS
from enforce.sheets.columns import Column, integer
from enforce.sheets.extract import Extract
from enforce.sheets.form import Form
from enforce.sheets.part import Part
from enforce.words.months import MONTHS
from enforce.words.problems import Flaw, Place, Problem
from enforce.words.texts import one_line

_LIMITS = FORMS["limits"]
_MONTHS = {f"month_{month}": month for month in MONTHS}
_TOTAL = "year_total"
_WORDS = dict(
    zip(
        _MONTHS,
        ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
        strict=True,
    )
)
_COUNT = partial(Column, parse=integer(0), blank=0, required=False, dtype="int64", nature="count",
                 units=("家次", "次"), additive=True)  # fmt: skip

MATRIX = Form(
    _LIMITS.kind,
    "按月的安排表（附件1）",
    _LIMITS.table,
    (
        Column("task_id", _LIMITS.columns["task_id"].parse, header="检查事项", nature="reference"),
        *(_COUNT(name, header=f"{month}月") for name, month in _MONTHS.items()),
        _COUNT(_TOTAL, header="合计", blank=None),
    ),
    (
        *_LIMITS.extras,
        Column("group", one_line, "", required=False),
        Column("tier", one_line, "", required=False, nature="word"),
    ),
    frozenset({"task_id", "month_12"}),
    {name: _LIMITS.words[name] for name in ("serial", "task_id")}
    | {name: f"{word} {word}份 {_MONTHS[name]}月份" for name, word in _WORDS.items()}
    | {_TOTAL: "全年 总计 全年合计 年度合计 计划家次 合计家次 家次合计"},
    names=("task_id",),
    distinct=False,
    row_units=("项", "条"),
)


class _Months(Part):
    """The limits of a month matrix: a row's number is that of the matrix, and behind it the month in two digits."""

    def place(self, row: int, column: str) -> Place:
        """Return the place of the cell of the matrix."""
        heading = self.headings[column] if column == "task_id" else f"{row % 100}月"
        return Place(sheet=self.sheet, row=row // 100, column=heading, name=column)


def part_of(extract: Extract) -> Part:
    """Return the table that was read: of a month matrix its limits, one row per line and month with visits."""
    part = extract.part
    if extract.header.form is not MATRIX:
        return part
    frame = part.frame
    rows = {
        100 * row + month: (frame.at[row, "task_id"], (month,), frame.at[row, name], frame.at[row, name], "")
        for row in frame.index
        for name, month in _MONTHS.items()
        if frame.at[row, name]
    }
    limits = pd.DataFrame.from_dict(rows, orient="index", columns=list(_LIMITS.columns)[:5], dtype=object)
    headings = {**{name: column.chinese for name, column in _LIMITS.columns.items()}, **part.headings}
    return _Months(part.file, headings, limits, limits, part.sheet)


def matrix_problems(extract: Extract) -> Iterator[Problem]:
    """Yield the lines of a month matrix whose months do not add up to their sum for the year."""
    part, names = extract.part, list(_MONTHS)
    if extract.header.form is MATRIX:
        rows = part.frame.dropna(subset=[*names, _TOTAL])
        for row, months, total in zip(rows.index, rows[names].sum(axis=1), rows[_TOTAL], strict=True):
            if months != total:
                yield Problem(part.file, part.place(row, _TOTAL), str(total), f"各月之和 {months}", Flaw.SUM)


def matrix_notes(extract: Extract) -> list[str]:
    """Return that a month matrix was read as limits."""
    if extract.header.form is not MATRIX:
        return []
    limits = len(part_of(extract).frame)
    return [f"这是{MATRIX.title}，读作家次限制 {limits} 条：每个事项有家次的每个月一条，最少、最多都是表里的数"]
