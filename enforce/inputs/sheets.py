"""The sheet (表格文件): the cells of a CSV file of our own form, each row with the number Excel shows.

Own form: UTF-8 with or without a byte order mark, commas, one header row. All else is refused with advice.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from enforce.words.problems import InputError, Place, Problem, refuse
from enforce.words.texts import HIDDEN, shortened, shown, shown_path

MAX_BYTES = 20 * 1024 * 1024
MAX_CELL = 1000
_SPACES = " \t\u00a0\u3000"
_SAVE_AS = "CSV UTF-8（在 Excel 或 WPS 里另存为「CSV UTF-8（逗号分隔）」）"
#: First bytes of a file that is no CSV -> what it is.
_SIGNATURES = {
    b"PK": "Excel 工作簿（xlsx）",
    b"\xd0\xcf\x11\xe0": "旧版 Excel 工作簿（xls）",
    b"\xff\xfe": "UTF-16 编码",
    b"\xfe\xff": "UTF-16 编码",
    b"%PDF": "PDF 文件",
}


class Row(NamedTuple):
    """One row of cells, spaces around them removed, with the number Excel shows."""

    number: int
    cells: tuple[str, ...]


class Sheet(NamedTuple):
    """The header and the rows of one file; empty rows are left out, numbers are kept."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_csv_cells(path: str | Path) -> Sheet:
    """Read the cells of a CSV file; InputError tells every problem of its form at once."""
    path = Path(path)
    file = shown_path(path)
    return parse_csv(_text(path, file), file)


def parse_csv(text: str, file: str) -> Sheet:
    """Return the cells of CSV text; `file` is the name used in messages.

    >>> parse_csv("科队,起始月\\n危化科, 1\\n\\n基础科,2\\n", "a.csv").rows
    (Row(number=2, cells=('危化科', '1')), Row(number=4, cells=('基础科', '2')))
    """
    header, *rows = _rows(text, file) or [Row(1, ())]
    if not any(header.cells) or header.number != 1:
        raise InputError([Problem(file, Place(line=1), "（空）", "表头，之后每行一条")])
    problems = [*_header_problems(header.cells, file)]
    problems += shortened([*_ragged(rows, len(header.cells), file)], Place("各行"))
    problems += shortened([*_cell_problems([header, *rows], header.cells, file)], Place("各单元格"))
    refuse(problems)
    return Sheet(file, header.cells, tuple(rows))


def _text(path: Path, file: str) -> str:
    """Read the bytes of a file as UTF-8; say what the file is when it is none."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        expected = "存在且可读的 CSV 文件（没有记录时只留表头）"
        raise InputError([Problem(file, Place("文件"), "打不开", expected)]) from None
    if len(raw) > MAX_BYTES:
        raise InputError([Problem(file, Place("文件"), "太大", f"{MAX_BYTES // 1024 // 1024} MB 以内的文件")])
    if found := _kind(raw):
        raise InputError([Problem(file, Place("文件"), found, _SAVE_AS)])
    return raw.decode("utf-8-sig")


def _kind(raw: bytes) -> str:
    """Return what the bytes are when they are not UTF-8 text with commas; '' when they are."""
    for signature, kind in _SIGNATURES.items():
        if raw.startswith(signature):
            return kind
    try:
        start = raw.decode("utf-8-sig")[:200].lstrip().lower()
    except UnicodeDecodeError:
        return "不是 UTF-8 编码"
    return "网页（HTML）" if start.startswith(("<html", "<!doctype", "<table", "<?xml")) else ""


def _rows(text: str, file: str) -> list[Row]:
    """Split text into rows, leaving out the empty ones."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(reader, 1):
            row = Row(number, tuple(cell.strip(_SPACES) for cell in cells))
            if any(row.cells):
                rows.append(row)
    except csv.Error:
        place, expected = Place(line=reader.line_num), "成对的引号、单元格内不换行的 CSV"
        raise InputError([Problem(file, place, "读不出", expected)]) from None
    return rows


def _header_problems(header: tuple[str, ...], file: str) -> Iterator[Problem]:
    """Headers are there and stand once."""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t；"):
        yield Problem(file, Place(line=1), shown(header[0]), "用英文逗号分隔的各列")
    for place, name in enumerate(header, 1):
        if not name:
            yield Problem(file, Place(f"第 1 行第 {place} 列"), "（空）", "列名（整列为空的请删去此列）")
    for name, times in Counter(header).items():
        if name and times > 1:
            yield Problem(file, Place(row=1, column=shown(name)), f"{times} 列", "每个列名只用一次")


def _ragged(rows: list[Row], width: int, file: str) -> Iterator[Problem]:
    """Rows are as wide as the header."""
    for number, cells in rows:
        if len(cells) != width:
            yield Problem(file, Place(line=number), f"{len(cells)} 列", f"{width} 列，与表头一致")


def _cell_problems(rows: list[Row], header: tuple[str, ...], file: str) -> Iterator[Problem]:
    """Cells hold no hidden character, no line break and not more than a name or a sentence needs."""
    for row in rows:
        for place, cell in enumerate(row.cells):
            if len(cell) > MAX_CELL or HIDDEN.search(cell):
                name = header[place] if place < len(header) else f"第 {place + 1} 列"
                expected = f"{MAX_CELL} 字以内、不含换行、制表符和看不见的字符的文字"
                yield Problem(file, Place(row=row.number, column=shown(name)), shown(cell), expected)
