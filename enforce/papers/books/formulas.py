"""A formula (公式): a cell of a workbook worked out from other cells, with the value it must have.

Four forms are enough for every table of ours: a sum, a difference, a ratio, and nothing else. Because they are so
few, a book can be read back and every formula worked out a second time, from its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Rows of a sheet above the first row of its table: label, title, subtitle, header.
ABOVE = 4

Cell = tuple[int, int]

_NAME = r"[A-Z]{1,3}[1-9][0-9]*"
_SUM = re.compile(rf"=SUM\(({_NAME}(?::{_NAME})?(?:,{_NAME}(?::{_NAME})?)*)\)")
_DIFFERENCE = re.compile(rf"=({_NAME}(?:-{_NAME})+)")
_RATIO = re.compile(rf'=IF\(({_NAME})=0,"",({_NAME})/\1\)')


@dataclass(frozen=True)
class Formula:
    """What is written into the cell: the text of the formula, its value ('' for none), days, share or count."""

    text: str
    value: float | str
    kind: str = ""


def name_of(cell: Cell) -> str:
    """Return the name of a cell of the table, given by row and column from 0.

    >>> name_of((0, 0)), name_of((11, 27))
    ('A5', 'AB16')
    """
    row, column = cell
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + ABOVE + 1}"


def sum_of(cells: Sequence[Cell], value: float, kind: str = "") -> Formula:
    """Return the sum of cells; neighbours are written as a range.

    >>> sum_of([(0, 3), (0, 4), (0, 5), (0, 9)], 12).text
    '=SUM(D5:F5,J5)'
    """
    ranges = (f"{name_of(first)}:{name_of(last)}" if first != last else name_of(first) for first, last in _runs(cells))
    return Formula(f"=SUM({','.join(ranges)})", value, kind)


def difference(first: Cell, others: Sequence[Cell], value: float, kind: str = "") -> Formula:
    """Return a cell less others.

    >>> difference((0, 1), [(1, 1), (2, 1)], 5.5).text
    '=B5-B6-B7'
    """
    return Formula("=" + "-".join(map(name_of, [first, *others])), value, kind)


def ratio(numerator: Cell, denominator: Cell, values: tuple[float, float], kind: str = "share") -> Formula:
    """Return a cell divided by another, no value where that is 0; `values` are the numbers of both.

    >>> ratio((0, 1), (0, 2), (3, 4))
    Formula(text='=IF(C5=0,"",B5/C5)', value=0.75, kind='share')
    """
    below = name_of(denominator)
    value = values[0] / values[1] if values[1] else ""
    return Formula(f'=IF({below}=0,"",{name_of(numerator)}/{below})', value, kind)


def worked_out(text: str, number: Callable[[str], float]) -> float | str:
    """Work a formula out from its text; `number` tells the number of a named cell. ValueError for other forms.

    >>> worked_out("=SUM(A1:B2,C9)", {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C9": 5}.get)
    15
    """
    if found := _SUM.fullmatch(text):
        return sum(number(name) for part in found[1].split(",") for name in _names(part))
    if found := _DIFFERENCE.fullmatch(text):
        first, *others = map(number, found[1].split("-"))
        return first - sum(others)
    if found := _RATIO.fullmatch(text):
        below, above = number(found[1]), number(found[2])
        return above / below if below else ""
    raise ValueError(text)


def _runs(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Group cells into runs along a row or a column, each as its first and last cell."""
    runs: list[list[Cell]] = []
    step = None
    for cell in cells:
        move = (cell[0] - runs[-1][1][0], cell[1] - runs[-1][1][1]) if runs else None
        if move in ((0, 1), (1, 0)) and step in (None, move):
            runs[-1][1], step = cell, move
        else:
            runs.append([cell, cell])
            step = None
    return runs


def _names(part: str) -> list[str]:
    first, _, last = part.partition(":")
    columns, rows = zip(*map(_place, (first, last or first)), strict=True)
    return [
        name_of((row - ABOVE - 1, column))
        for row in range(rows[0], rows[1] + 1)
        for column in range(columns[0], columns[1] + 1)
    ]


def _place(name: str) -> tuple[int, int]:
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1, int(name[len(letters) :])
