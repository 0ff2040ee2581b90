"""The part (读到的表): one table as it was read, each row with its number; how a cell is named in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from enforce.words.problems import PAGE, Place
from enforce.words.texts import shown


class Part(NamedTuple):
    """One table while it is checked: rows numbered as Excel shows them, None in cells that could not be read.

    `headings` are what the planner reads at the head of each column, `typed` the cells as they were typed, `sheet` the
    sheet of a workbook, `others` the sheets the table goes on in: their rows are numbered beyond PAGE.
    """

    file: str
    headings: dict[str, str]
    frame: pd.DataFrame
    typed: pd.DataFrame
    sheet: str = ""
    others: tuple[str, ...] = ()

    def rows(self, *columns: str) -> pd.DataFrame:
        """Return the rows whose given columns could be read."""
        known = self.frame[list(columns)].notna().to_numpy().all(axis=1)
        return self.frame if known.all() else self.frame[known]

    def without(self, rows: Iterable[int]) -> Part:
        """Return the part without some rows."""
        gone = list(rows)
        return self if not gone else self._replace(frame=self.frame.drop(index=gone), typed=self.typed.drop(index=gone))

    def place(self, row: int, column: str) -> Place:
        """Return the place of a cell, by our name of its column."""
        sheet = (self.sheet, *self.others)[row // PAGE]
        return Place(sheet=shown(sheet) if sheet else "", row=row, column=self.headings[column], name=column)


Parts = dict[str, Part]
_PARTS = re.compile(r"[^;,；，、/\s]+")
_NUMBERED = re.compile(r"(?=[A-Za-z_\-]*[0-9])[A-Za-z0-9_\-]+")


def unnamed(cell: object) -> str:
    """Return a cell of officers for a message: ids, which hold a digit, stay; names, in any script, become stars.

    >>> unnamed("PT-01;张三、Li Si"), unnamed("张三（PT-01）"), unnamed(None)
    ('PT-01;＊＊、＊＊ ＊＊', '＊＊＊＊＊＊＊＊＊', '')
    """
    return _PARTS.sub(_starred, "" if cell is None else str(cell))


def _starred(match: re.Match[str]) -> str:
    return match[0] if _NUMBERED.fullmatch(match[0]) else "＊" * len(match[0])
