"""XML of Excel 2003 (XML 表格) -> its grids."""

from __future__ import annotations

import io
from functools import partial

from enforce.sheets.grids.draft import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    ODD,
    PARTLY,
    UNCOMPUTED,
    Draft,
    chosen,
    crowded,
    finished,
)
from enforce.sheets.grids.grid import Grid, Span
from enforce.sheets.grids.number import iso_day, number
from enforce.sheets.grids.number_format import format_code
from enforce.sheets.grids.sax import read_xml, workbook_errors
from enforce.sheets.grids.sniff import Source
from enforce.sheets.normal import FAULTY
from enforce.words.problems import Flaw

_HTML = "http://www.w3.org/TR/REC-html40"
_SHIFTED = ("部分文字是上标或下标", "普通的文字（上标、下标写成括号里的字，或删去）", Flaw.UNCLEAR)
_PARTS = {"S": PARTLY, "Sup": _SHIFTED, "Sub": _SHIFTED}
_VISIBLE = "urn:schemas-microsoft-com:office:excel Visible"


def grids(source: Source, sheet: str | None = None) -> tuple[Grid, ...]:
    """Return the grids of a workbook in one XML file; InputError when it is damaged."""
    with workbook_errors(source.file):
        book = _Book(source.file)
        read_xml(io.BytesIO(source.text.encode("utf-8")), book.starts, book.ends, "utf-8")
        wanted = chosen([draft.sheet for draft in book.drafts], sheet, source.file)
        return tuple(finished(book.drafts[place]) for place in wanted)


def _plain_cell(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes by their names alone."""
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}


class _Book:
    """The pass over the file: where it stands, and what it does at each tag."""

    def __init__(self, file: str):
        self.file = file
        self.drafts: list[Draft] = []
        self.style = ""
        self.struck: set[str] = set()
        self.codes: dict[str, str] = {}
        self.commented = False
        self.column_next = 0
        self.row, self.column, self.next, self.count = 0, -1, 0, 0
        self.cell: dict[str, str] = {}
        self.kind = ""
        self.value: object = None
        self.values = {"Number": number, "DateTime": iso_day, "String": str, "Boolean": "1".__eq__}
        self.starts = {"Style": self._style, "Font": self._font, "Worksheet": self._sheet, "Row": self._row,
                       "Cell": self._cell, "Data": self._data, "NumberFormat": self._format,
                       "Comment": self._comment, "Column": self._columns}  # fmt: skip
        self.starts |= {f"{_HTML} {tag}": partial(self._part, doubt) for tag, doubt in _PARTS.items()}
        self.ends = {
            "Data": self._data_over,
            "Cell": self._cell_over,
            "Comment": self._comment_over,
            _VISIBLE: self._visible,
        }

    def _style(self, attributes: dict[str, str]) -> None:
        self.style = _plain_cell(attributes).get("ID", "")

    def _font(self, attributes: dict[str, str]) -> None:
        if _plain_cell(attributes).get("StrikeThrough") == "1":
            self.struck.add(self.style)

    def _format(self, attributes: dict[str, str]) -> None:
        self.codes[self.style] = format_code(0, _plain_cell(attributes).get("Format", ""))

    def _columns(self, attributes: dict[str, str]) -> None:
        given = _plain_cell(attributes)
        first = int(given.get("Index", self.column_next + 1)) - 1
        self.column_next = min(first + int(given.get("Span", 0)) + 1, MAX_COLUMNS)
        if given.get("Hidden") == "1":
            self.drafts[-1].hidden_columns |= set(range(first, self.column_next))

    def _comment(self, _: dict[str, str]) -> None:
        self.commented = True
        self.drafts[-1].comments.add((self.row, self.column))

    def _comment_over(self, _: str) -> None:
        self.commented = False

    def _sheet(self, attributes: dict[str, str]) -> None:
        self.drafts.append(Draft(self.file, _plain_cell(attributes)["Name"]))
        self.row = self.column_next = 0

    def _visible(self, text: str) -> None:
        self.drafts[-1].visible = text == "SheetVisible"

    def _row(self, attributes: dict[str, str]) -> None:
        given = _plain_cell(attributes)
        row = int(given.get("Index", self.row + 1))
        if row <= self.row:
            raise ValueError("rows out of order")
        self.row, self.column, self.next = row, -1, 0
        if given.get("Hidden") == "1" and row <= MAX_ROWS:
            self.drafts[-1].hidden.add(row)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cell = _plain_cell(attributes)
        self.column = int(self.cell.get("Index", self.next + 1)) - 1
        if self.column < self.next:
            raise ValueError("cells out of order")
        across, down = (int(self.cell.get(way, 0)) for way in ("MergeAcross", "MergeDown"))
        if across or down:
            self.drafts[-1].merge(Span(self.row, self.column, self.row + down, self.column + across))
        self.next = self.column + across + 1
        self.value = None
        self.count += 1
        if self.count > MAX_CELLS:
            raise crowded(self.file)

    def _data(self, attributes: dict[str, str]) -> None:
        if not self.commented:
            self.kind = _plain_cell(attributes).get("Type", "String")

    def _part(self, doubt: tuple[str, str, Flaw], _: dict[str, str]) -> None:
        """Take note of a part of a text that is not as the text around it."""
        if not self.commented:
            self.drafts[-1].doubt(self.row, self.column, *doubt)

    def _data_over(self, text: str) -> None:
        if self.commented:
            return
        if self.kind == "Error":
            self.drafts[-1].doubt(self.row, self.column, text, FAULTY)
            self.cell.pop("Formula", None)
        elif text:
            try:
                self.value = self.values[self.kind](text)
            except (ValueError, LookupError, ArithmeticError):
                self.drafts[-1].doubt(self.row, self.column, text, ODD)
                self.cell.pop("Formula", None)

    def _cell_over(self, _: str) -> None:
        draft = self.drafts[-1]
        if self.value is not None:
            draft.rows.setdefault(self.row, {})[self.column] = self.value
            draft.put_number(self.row, self.column, self.value, self.codes.get(self.cell.get("StyleID", ""), ""))
            if self.cell.get("StyleID") in self.struck:
                draft.struck.setdefault(self.row, set()).add(self.column)
        elif "Formula" in self.cell:
            draft.doubt(self.row, self.column, *UNCOMPUTED)
