"""A read-back (回读): a finished book is opened again and compared with its tables, cell by cell."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from enforce.papers.formulas import ABOVE, Formula, cell_name, formula_value

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Sequence[object]]

_FAULTS_LISTED = 20


class BookError(RuntimeError):
    """A book that differs from the tables it was made of; `faults` holds every difference, in Chinese."""

    def __init__(self, file: str, faults: Sequence[str]):
        self.file, self.faults = file, tuple(faults)
        super().__init__(file, self.faults)

    def __str__(self) -> str:
        lines = [f"  {n}. {fault}" for n, fault in enumerate(self.faults[:_FAULTS_LISTED], 1)]
        others = len(self.faults) - _FAULTS_LISTED
        lines += [f"  另有 {others} 处"] if others > 0 else []
        return "\n".join([f"{self.file} 写出前核对不一致，没有写出。", *lines])


def check_book(file: str, content: bytes, meant: Mapping[str, Rows]) -> None:
    """Compare a book with the tables it was made of (`meant`: sheet -> rows from the first below the header).

    Every text, number and date must be there; every formula must be the one of the table, hold its value and give it
    again when worked out from the cells it names; no link may lead out. BookError with every difference.
    """
    faults = [*_link_faults(content), *_cell_faults(content, meant)]
    if faults:
        raise BookError(file, faults)


def _link_faults(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if b'TargetMode="External"' in parts.read(name) or "externalLink" in name or "vba" in name.lower():
                yield f"{name} 含有外部链接或宏"


def _cell_faults(content: bytes, meant: Mapping[str, Rows]) -> Iterator[str]:
    formulas = _opened(content, data_only=False)
    values = _opened(content, data_only=True) if any(map(_has_formulas, meant.values())) else formulas
    if formulas.sheetnames != list(meant):
        yield f"工作表为 {'、'.join(formulas.sheetnames)}，应为 {'、'.join(meant)}"
        return
    for name, grid in meant.items():
        for fault in _sheet_faults(formulas[name], values[name], grid):
            yield f"「{name}」{fault}"


def _has_formulas(grid: Rows) -> bool:
    return any(isinstance(cell, Formula) for row in grid for cell in row)


def _opened(content: bytes, data_only: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(BytesIO(content), data_only=data_only)


def _sheet_faults(formulas: Worksheet, values: Worksheet, grid: Rows) -> Iterator[str]:
    if formulas.max_row != ABOVE + len(grid):
        yield f"共 {formulas.max_row - ABOVE} 行，应为 {len(grid)} 行"
    places = {(row, column): cell for row, cells in enumerate(grid) for column, cell in enumerate(cells)}
    for place, cell in places.items():
        name = cell_name(place)
        if isinstance(cell, Formula):
            yield from _formula_faults(name, formulas[name].value, values, cell)
        elif formulas[name].data_type == "f" or not _same(values[name].value, cell):
            yield f"{name} 为 {formulas[name].value!r}，应为 {cell!r}"


def _formula_faults(name: str, written: object, values: Worksheet, meant: Formula) -> Iterator[str]:
    stored = values[name].value
    if written != meant.text:
        yield f"{name} 的公式为 {written!r}，应为 {meant.text!r}"
    elif not _same(stored, meant.value):
        yield f"{name} 存入 {stored!r}，应为 {meant.value!r}"
    elif not _same(again := formula_value(meant.text, lambda cell: values[cell].value or 0), meant.value):
        yield f"{name} 为 {meant.value!r}，按公式 {meant.text} 复算得 {again!r}"


def _same(stored: object, meant: object) -> bool:
    if isinstance(stored, datetime) and isinstance(meant, date):
        return stored.date() == meant
    if isinstance(stored, int | float) and isinstance(meant, int | float):
        return abs(stored - meant) <= 1e-9 * max(1.0, abs(meant))
    return (stored or "") == (meant or "") if not isinstance(meant, int | float) else False
