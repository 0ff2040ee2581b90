"""The sample (示例行): the row of a sheet that shows how to fill it in (examples.csv), and whether it was typed over.

A row that still says 示例 and holds something else is neither: it may be data that would be passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from enforce.sheets.header import plain
from enforce.sheets.normal import is_blank
from enforce.words.files import csv_rows

EXPECTED = "不改的示例行（是数据的，删去“示例”二字；不用的，删去整行）"
_YEAR = "{year}"


@cache
def _examples(at: str) -> dict[str, str]:
    """Return the examples of a section, by heading, or of a kind of table, by column."""
    rows = csv_rows(Path(__file__).with_name("examples.csv"))
    return {row["field"]: row["example"] for row in rows if row["at"] == at}


def sample_row(at: str, names: list[str], year: int) -> tuple[object, ...]:
    """Return the example row of a table, one cell a column; () where there is none.

    >>> sample_row("重点时段", ["时段名称", "起始日期"], 2026)
    ('春节前', datetime.date(2026, 1, 26))
    """
    texts = _examples(at)
    return tuple(_example_cell(texts.get(_heading_word(name), ""), year) for name in names) if texts else ()


def _heading_word(heading: str) -> str:
    return heading.partition("（")[0]


def _example_cell(text: str, year: int) -> object:
    """Return an example as it is typed: a date of the plan's year, a number, or text."""
    if text.startswith(f"{_YEAR}-"):
        return date.fromisoformat(text.format(year=year))
    return float(text) if text.replace(".", "", 1).isdecimal() else text.replace(_YEAR, str(year)) or None


def is_sample(at: str, cells: Mapping[str, object]) -> bool:
    """Whether cells by heading or column are those of the example still, whatever year it was made for.

    >>> is_sample("回避", {}), is_sample("按类别的家次", {"类别": "示例类别", "印出的家次": 80})
    (False, True)
    """
    texts = _examples(at)
    return bool(texts) and all(_is_example(cell, texts.get(_heading_word(name), "")) for name, cell in cells.items())


def _is_example(cell: object, text: str) -> bool:
    if _YEAR in text:
        return True
    if isinstance(cell, int | float) and text.replace(".", "", 1).isdecimal():
        return float(text) == cell
    return plain(cell) == plain(text) if text else is_blank(cell)
