"""A formula (公式): a cell of a table that a workbook works out from other cells, with the value it must have.

A sum, a difference, a ratio and a product are enough for every table of ours. Because they are so few, a book can be
read back and every formula worked out a second time, from its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

#: Rows of a sheet above the first row of its table: label, title, subtitle, header.
ABOVE = 4

Address = tuple[int, int]

_CELL_NAME = r"[A-Z]{1,3}[1-9][0-9]*"
_SUM = re.compile(rf"=SUM\(({_CELL_NAME}(?::{_CELL_NAME})?(?:,{_CELL_NAME}(?::{_CELL_NAME})?)*)\)")
_DIFFERENCE = re.compile(rf"=({_CELL_NAME}(?:-{_CELL_NAME})+)")
_RATIO = re.compile(rf'=IF\(({_CELL_NAME})=0,"",({_CELL_NAME})/\1\)')
_PRODUCT = re.compile(rf"=({_CELL_NAME})\*({_CELL_NAME})")


@dataclass(frozen=True)
class Formula:
    """A cell that a workbook works out: formula, value (None: a ratio of nothing), kind (days, share, amount)."""

    text: str
    value: float | None
    kind: str = ""


def number_of(cell: object) -> object:
    """Return the value of a cell, worked out or not.

    >>> number_of(Formula("=SUM(D5:F5)", 12)), number_of(12)
    (12, 12)
    """
    return cell.value if isinstance(cell, Formula) else cell


def cell_name(cell: Address) -> str:
    """Return the name of a cell of the table, given by row and column from 0.

    >>> cell_name((0, 0)), cell_name((11, 27))
    ('A5', 'AB16')
    """
    from xlsxwriter.utility import xl_rowcol_to_cell

    return xl_rowcol_to_cell(cell[0] + ABOVE, cell[1])


def sum_of(cells: Sequence[Address], value: float, kind: str = "") -> Formula:
    """Return the sum of cells; neighbours are written as a range.

    >>> sum_of([(0, 3), (0, 4), (0, 5), (0, 9)], 12).text
    '=SUM(D5:F5,J5)'
    """
    ends = ((cell_name(first), cell_name(last)) for first, last in _cell_runs(cells))
    ranges = (first if first == last else f"{first}:{last}" for first, last in ends)
    return Formula(f"=SUM({','.join(ranges)})", value, kind)


def difference_of(first: Address, others: Sequence[Address], value: float, kind: str = "") -> Formula:
    """Return a cell less others.

    >>> difference_of((0, 1), [(1, 1), (2, 1)], 5.5).text
    '=B5-B6-B7'
    """
    return Formula("=" + "-".join(map(cell_name, [first, *others])), value, kind)


def product_of(first: Address, second: Address, value: float, kind: str = "") -> Formula:
    """Return a cell times another.

    >>> product_of((0, 1), (1, 1), 744).text
    '=B5*B6'
    """
    return Formula(f"={cell_name(first)}*{cell_name(second)}", value, kind)


def moved(cell: object, place: Callable[[Address], Address]) -> object:
    """Return a cell whose formula follows its table to another place of the sheet.

    >>> moved(Formula("=SUM(B5:B6)", 3), lambda cell: (cell[0] + 10, cell[1] + 1)).text
    '=SUM(C15:C16)'
    """
    from xlsxwriter.utility import xl_cell_to_rowcol

    if not isinstance(cell, Formula):
        return cell

    def renamed(name: re.Match) -> str:
        row, column = xl_cell_to_rowcol(name.group())
        return cell_name(place((row - ABOVE, column)))

    return replace(cell, text=re.sub(_CELL_NAME, renamed, cell.text))


def ratio_of(numerator: Address, denominator: Address, values: tuple[float, float]) -> Formula:
    """Return a cell divided by another, no value where that is 0; `values` are the numbers of both.

    >>> ratio_of((0, 1), (0, 2), (3, 4))
    Formula(text='=IF(C5=0,"",B5/C5)', value=0.75, kind='share')
    """
    below = cell_name(denominator)
    value = values[0] / values[1] if values[1] else None
    return Formula(f'=IF({below}=0,"",{cell_name(numerator)}/{below})', value, "share")


def formula_value(text: str, number: Callable[[str], float]) -> float | None:
    """Work a formula out from its text; `number` gives the number of a named cell. ValueError for other forms.

    >>> formula_value("=SUM(A1:B2,C9)", {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C9": 5}.get)
    15
    """
    if match := _SUM.fullmatch(text):
        return sum(number(name) for part in match[1].split(",") for name in _range_names(part))
    if match := _DIFFERENCE.fullmatch(text):
        first, *others = map(number, match[1].split("-"))
        return first - sum(others)
    if match := _RATIO.fullmatch(text):
        below, above = number(match[1]), number(match[2])
        return above / below if below else None
    if match := _PRODUCT.fullmatch(text):
        return number(match[1]) * number(match[2])
    raise ValueError(text)


def _cell_runs(cells: Sequence[Address]) -> list[list[Address]]:
    """Group cells into runs along a row or a column, each as its first and last cell."""
    runs: list[list[Address]] = []
    step = None
    for cell in cells:
        move = (cell[0] - runs[-1][1][0], cell[1] - runs[-1][1][1]) if runs else None
        if move in ((0, 1), (1, 0)) and step in (None, move):
            runs[-1][1], step = cell, move
        else:
            runs.append([cell, cell])
            step = None
    return runs


def _range_names(part: str) -> list[str]:
    """Return the names of the cells of a range."""
    from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

    first, _, last = part.partition(":")
    (top, left), (foot, right) = map(xl_cell_to_rowcol, (first, last or first))
    return [xl_rowcol_to_cell(row, column) for row in range(top, foot + 1) for column in range(left, right + 1)]
