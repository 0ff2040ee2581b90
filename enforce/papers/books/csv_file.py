"""A text file of a table (CSV): for systems that take no workbook; UTF-8 with a mark, by which Excel knows it too."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pandas as pd

from enforce.words.files import write_atomic
from enforce.words.problems import Place, Problem, refuse
from enforce.words.texts import shown

_FORMULA = ("=", "+", "-", "@")


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """Write a table under the names of its columns; InputError names texts that Excel would take for formulas."""
    return write_atomic(Path(path), csv_bytes(Path(path).name, table))


def csv_bytes(file: str, table: pd.DataFrame) -> bytes:
    """Return the content of such a file; InputError as where it is written."""
    rows = table.to_numpy(dtype=object).tolist()
    refuse(_formulas(file, table.columns.tolist(), [table.columns.tolist(), *rows]))
    text = StringIO(newline="")
    csv.writer(text).writerows([table.columns.tolist(), *rows])
    return text.getvalue().encode("utf-8-sig")


def _formulas(file: str, names: list[str], rows: list[list]) -> Iterator[Problem]:
    for n, row in enumerate(rows, 1):
        for name, cell in zip(names, row, strict=True):
            if isinstance(cell, str) and cell.startswith(_FORMULA):
                expected = "不以 =、+、-、@ 开头的文字（CSV 打开时会当作公式，请改用 --format xlsx）"
                yield Problem(file, Place(row=n, column=name), shown(cell), expected)
