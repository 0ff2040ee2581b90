"""The grid (网格): one sheet of a file as typed cells, each row with the number Excel shows.

What reads a file gives grids; what knows tables takes them. Text stands exactly as in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from enforce.words.problems import Problem


class Ruined(int):
    """A whole number of 16 digits or more that was stored as a number: Excel keeps 15 digits, the tail is lost.

    A code or an ID number in such a cell must be refused, whatever its check digit says.
    """


class Span(NamedTuple):
    """A merged range: rows as Excel shows them, columns from 0, both ends inside; the value stood in the first cell."""

    top: int
    left: int
    bottom: int
    right: int


class GridRow(NamedTuple):
    """One row: its number as Excel shows it, its cells, whether it is hidden, whether it is struck through.

    A cell is str, int (a whole number; Ruined from 16 digits), float, bool, datetime.date, datetime.datetime or None.
    """

    number: int
    cells: tuple[object, ...]
    hidden: bool = False
    struck: bool = False


@dataclass(frozen=True)
class Grid:
    """One sheet: the file as shown in messages, the sheet's name ('' where there are none), its rows.

    `encoding` is '' for a workbook. `problems` are cells that cannot be read (errors, formulas without a value);
    `notes` say in Chinese what was done (merged cells filled, quotes taken off). `from_1904` where days count from
    1904, `filtered` where an open filter may be what hides rows. A merged value stands in every cell of its range;
    `merged` lists the ranges, for a count merged over two rows would count twice. By row and column: `displays` are
    what cells show of a number where that is not the number, `comments` cells with a comment, which is not read;
    `hidden_columns` are columns by place, `widths` how many cells each row of a text file has; `is_cut`
    where its last line has no end.
    """

    file: str
    sheet: str
    encoding: str
    rows: tuple[GridRow, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    visible: bool = True
    merged: tuple[Span, ...] = ()
    from_1904: bool = False
    filtered: bool = False
    displays: Mapping[tuple[int, int], str] = field(default_factory=dict)
    comments: frozenset[tuple[int, int]] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    widths: Mapping[int, int] = field(default_factory=dict)
    is_cut: bool = False
