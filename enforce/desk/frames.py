"""The frame (表): a pandas table of anybody's making, read as one of our forms.

Headings may be Chinese or English, in any order; columns that are not ours are left aside. A cell is read as the same
cell of a planner's sheet is. Rows are counted from 1 as they stand, whatever the index says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from math import isfinite

import numpy as np
import pandas as pd

from enforce.sheets.columns import FULL, Column
from enforce.sheets.form import Form
from enforce.sheets.grids.grid import Grid, GridRow
from enforce.sheets.header import Header, header_problems, sheet_header
from enforce.sheets.part import Part, unnamed
from enforce.sheets.values import Setting, read_cell
from enforce.words.problems import Place, Problem
from enforce.words.texts import shown

_SCALAR = "文字、数字"
_TYPE = f"{_SCALAR}或月份清单"


def frame_form(title: str, columns: tuple[Column, ...], words: dict[str, str]) -> Form:
    """Return the form of a table that comes as a frame: a column without a default must be there.

    `title` is the name of the argument, as messages have it; `words` the other headings of a column, by its name.
    """
    least = frozenset(column.name for column in columns if column.blank is FULL)
    return Form(kind=title, title=title, table=title, ours=columns, extras=(), minimum=least, words=words, stems=())


def read_frame(frame: object, form: Form) -> tuple[Part, list[Problem]]:
    """Read a table by its form: the part as read, one row per row of the frame, and all that is wrong with it.

    A cell left empty, or a column left out, is what its column has for a default.

    >>> from enforce.sheets.columns import integer
    >>> form = frame_form("tasks", (Column("visits", integer(0), nature="count"),), {"visits": "次数"})
    >>> part, wrong = read_frame(pd.DataFrame({"次数": [3, -1]}), form)
    >>> part.frame["visits"].tolist(), [str(problem) for problem in wrong]
    ([3, None], ['第 2 行「次数」 = -1：应为 0 以上的整数，只写半角数字（不带单位、小数点、正负号和前导零）'])
    """
    if not isinstance(frame, pd.DataFrame):
        return no_part(form), [problem_of(form.title, Place("全表"), type(frame).__name__, "pandas 的表（DataFrame）")]
    header = header_of(frame, form)
    if header is None:
        lacking = "、".join(f"「{form.columns[name].chinese}」" for name in form.columns if name in form.minimum)
        headings = "、".join(map(str, frame.columns))
        return no_part(form), [problem_of(form.title, Place("表头"), headings, f"有{lacking}列")]
    part, cells = _read_cells(frame, header)
    wrong = [*header_problems(header, [name for name in form.columns if name in form.minimum]), *cells]
    if frame.empty:
        wrong.append(problem_of(form.title, Place("全表"), "没有一行", "至少一行"))
    return part, wrong


def header_of(frame: pd.DataFrame, form: Form) -> Header | None:
    """Return which heading is which column of a form; None when it knows none of them."""
    return sheet_header(Grid(form.title, "", "", (GridRow(0, tuple(map(str, frame.columns))),)), form)


def no_part(form: Form) -> Part:
    """Return a part without a row, of a table that is not there."""
    empty = pd.DataFrame(columns=list(form.columns), dtype=object)
    return Part(form.title, {name: column.chinese for name, column in form.columns.items()}, empty, empty)


def _read_cells(frame: pd.DataFrame, header: Header) -> tuple[Part, list[Problem]]:
    """Read every cell below a header; what cannot be read is None in the part, and a problem."""
    rows, values, typed, wrong = range(1, len(frame) + 1), {}, {}, []
    for name, column in header.form.columns.items():
        texts, reads = [""] * len(frame), [None if column.blank is FULL else column.blank] * len(frame)
        for n, raw in enumerate(frame.iloc[:, header.places[name]] if name in header.places else ()):
            texts[n], reads[n], expected = _read_cell(raw, column)
            if expected:
                place = Place(row=rows[n], column=header.heading(name), name=name)
                wrong.append(problem_of(header.form.title, place, texts[n], expected))
        typed[name], values[name] = texts, pd.Series(reads, rows, dtype=object)
    headings = {name: header.heading(name) for name in header.form.columns}
    part = Part(header.form.title, headings, pd.DataFrame(values, rows), pd.DataFrame(typed, rows, dtype=object))
    return part, wrong


def _read_cell(raw: object, column: Column) -> tuple[object, object, str]:
    """Return a cell as it may be shown, its value, and the form expected when it has none."""
    try:
        cell = _sheet_cell(raw, column)
    except ValueError as error:
        return type(raw).__name__, None, str(error)
    result = read_cell(cell, column, Setting())
    return unnamed(cell) if column.private else cell, result.value, result.expected


def _sheet_cell(raw: object, column: Column) -> object:
    """Return what a sheet would hold where the frame holds this: 8.0 is 8, NaN is empty, [1, 2] are months."""
    value = raw.item() if isinstance(raw, np.generic) else raw
    if isinstance(value, list | tuple | range | np.ndarray):
        return _month_list(value, column)
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, float | Decimal):
        return int(value) if isfinite(value) and value == int(value) else str(value)
    if isinstance(value, str | int | date):
        return value
    raise ValueError(_TYPE)


def _month_list(values: Sequence, column: Column) -> str:
    """Return a list of months, or of periods of months, as a planner would write it."""
    if column.nature != "periods":
        raise ValueError(_SCALAR)
    nested = [value for value in values if isinstance(value, list | tuple | range)]
    if nested:
        return "|".join(_month_list(value, column) for value in nested)
    return ",".join(str(_sheet_cell(value, column)) for value in values) or "[]"


def problem_of(title: str, place: Place, cell: object, expected: str) -> Problem:
    """Return a problem of a table given as a frame."""
    return Problem(title, place, shown(cell), expected)


def cell_problem(part: Part, row: int, column: str, expected: str) -> Problem:
    """Return a problem of one cell that could be read and does not fit the others."""
    return problem_of(part.file, part.place(row, column), part.typed.at[row, column], expected)


def repeated(part: Part, *columns: str) -> Iterator[Problem]:
    """Yield the rows that stand for the same thing as a row above."""
    first: dict[tuple, int] = {}
    for row, *values in part.rows(*columns)[list(columns)].itertuples():
        before = first.setdefault(tuple(values), row)
        if before != row:
            yield cell_problem(part, row, columns[-1], f"只写一行（与第 {before} 行重复）")
