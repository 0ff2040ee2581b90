"""The form (表式) of a table: its columns, in our own writing and in planners'."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from enforce.sheets.columns import Column


@dataclass(frozen=True, eq=False)
class Form:
    """One table: its kind, what its users call it, its own columns and those beside, the least a file must have.

    `words` are the headings its users write, by column; `stems` the names its file may have in a folder of tables,
    `sheet` that of its sheet in a plan's workbook.
    A row with a cell in the column `key` can be nothing but data; there are no two of one key where keys are
    `distinct`. `names` are the columns that name a row.
    Rows that only sum the rows numbered below them are recognised by the count `outlined`, '' where there are none.
    In `row_units` its rows are counted: 60 家 of a register, where 家 of a task table is a column.
    Where a column of `stand_ins` has no heading, that of the other one is read as it: 检查内容 where no 检查事项 is.
    """

    kind: str
    title: str
    table: str
    ours: tuple[Column, ...]
    extras: tuple[Column, ...]
    minimum: frozenset[str]
    words: dict[str, str]
    stems: tuple[str, ...] = ()
    key: str = ""
    names: tuple[str, ...] = ()
    distinct: bool = True
    outlined: str = ""
    stand_ins: tuple[tuple[str, str], ...] = ()
    row_units: tuple[str, ...] = ()
    sheet: str = ""

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every column by name, ours first."""
        return {column.name: column for column in (*self.ours, *self.extras)}
