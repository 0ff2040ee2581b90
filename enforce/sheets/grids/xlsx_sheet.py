"""The sheet's XML (工作表 XML) -> a draft: one pass sees values, formulas, hidden rows, strikes and merged ranges."""

from __future__ import annotations

import re
from typing import BinaryIO, NamedTuple, Protocol

from enforce.sheets.grids.draft import MAX_CELLS, MAX_COLUMNS, ODD, PARTLY, SHIFTED, UNCOMPUTED, Draft, crowded
from enforce.sheets.grids.grid import Span
from enforce.sheets.grids.number import day, iso_day, number
from enforce.sheets.grids.sax import is_on, read_xml
from enforce.sheets.normal import FAULTY

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DIGITS = "0123456789"
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_LAST_ROW = 1_048_576


class Style(NamedTuple):
    """What a cell's style says of its value: it is a date; it is struck through; the code of its number format."""

    dated: bool = False
    struck: bool = False
    code: str = ""


class Text(NamedTuple):
    """A text, and which of its runs are struck through: True, False, None where the cell's font decides."""

    text: str
    runs: frozenset[bool | None] = frozenset()


class Shared(Protocol):
    """What a sheet needs of its workbook."""

    from_1904: bool
    uncomputed: bool
    styles: dict[str, Style]
    texts: list[Text]


class TextReader:
    """Collects the runs of one text (si, is), without the reading aids (拼音) printed above it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.runs: set[bool | None] = set()
        self.strike: bool | None = None
        self.aid = False
        self.shift: dict[int, int] = {}
        self.starts = {"r": self._run, "rPr": self._format, "strike": self._struck, "rPh": self._aid,
                       "vertAlign": self._shifted}  # fmt: skip
        self.ends = {"t": self._text, "rPh": self._aid_over}

    def taken(self) -> Text:
        """Return the text collected and begin the next."""
        text = Text(unescaped("".join(self.parts)), frozenset(self.runs))
        self.parts.clear()
        self.runs.clear()
        self.strike, self.shift = None, {}
        return text

    def _run(self, _: dict[str, str]) -> None:
        self.strike, self.shift = None, {}

    def _format(self, _: dict[str, str]) -> None:
        self.strike = False

    def _struck(self, attributes: dict[str, str]) -> None:
        self.strike = is_on(attributes.get("val", "1"))

    def _shifted(self, attributes: dict[str, str]) -> None:
        self.shift = SHIFTED.get(attributes.get("val", "")[:3], {})

    def _aid(self, _: dict[str, str]) -> None:
        self.aid = True

    def _aid_over(self, _: str) -> None:
        self.aid = False

    def _text(self, text: str) -> None:
        if text and not self.aid:
            self.parts.append(text.translate(self.shift))
            self.runs.add(self.strike)


def unescaped(text: str) -> str:
    r"""Return a text with the characters that XML cannot hold, which workbooks write by their code.

    >>> unescaped("a_x000D_b_x005F_c"), unescaped("_xD800_")
    ('a\rb_c', '_xD800_')
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def read_sheet(stream: BinaryIO, draft: Draft, book: Shared) -> None:
    """Read the XML of a sheet into its draft."""
    sheet = _Sheet(draft, book)
    read_xml(stream, {**sheet.inline.starts, **sheet.starts}, {**sheet.inline.ends, **sheet.ends})


def corner(place: str) -> tuple[int, int]:
    """Return the row and the column (from 0) of a cell such as AB12; ValueError if it is none.

    >>> corner("AB12"), corner("$a$1")
    ((12, 27), (1, 0))
    """
    if not (match := _CELL.fullmatch(place.upper())):
        raise ValueError(place)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


class _Sheet:
    """The pass: where it stands, and what it does at each tag. Every cell comes by here, so the code is plain."""

    def __init__(self, draft: Draft, book: Shared):
        self.draft, self.book = draft, book
        self.inline = TextReader()
        self.row = self.count = 0
        self.hidden = self.formula = False
        self.column, self.kind, self.style = -1, "n", Style()
        self.text: str | None = None
        self.cells: dict[int, object] = {}
        self.columns: dict[str, int] = {}
        self.starts = {"row": self._row, "c": self._cell, "f": self._formula, "is": self._inline,
                       "mergeCell": self._merge, "autoFilter": self._filter, "col": self._columns}  # fmt: skip
        self.ends = {"v": self._value, "c": self._cell_over, "row": self._row_over}
        self.values = {"n": self._number, "s": self._shared, "str": unescaped, "inlineStr": self._inline_text,
                       "b": ("1", "true").__contains__, "e": self._error, "d": iso_day}  # fmt: skip

    # --- tags ---

    def _row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.row + 1))
        if not self.row < number <= _LAST_ROW:
            raise ValueError("rows out of order")
        self.row, self.column = number, -1
        self.cells = {}
        self.hidden = is_on(attributes.get("hidden")) or attributes.get("ht") == "0"

    def _columns(self, attributes: dict[str, str]) -> None:
        if is_on(attributes.get("hidden")) or attributes.get("width") == "0":
            self.draft.hidden_columns |= set(
                range(int(attributes["min"]) - 1, min(int(attributes["max"]), MAX_COLUMNS))
            )

    def _row_over(self, _: str) -> None:
        if self.cells:
            self.draft.rows[self.row] = self.cells
            if self.hidden:
                self.draft.hidden.add(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_CELLS:
            raise crowded(self.draft.file)
        place = attributes.get("r")
        self.column = self._column(place) if place else self.column + 1
        self.kind = attributes.get("t", "n")
        self.style = self.book.styles.get(attributes.get("s", "0"), Style())
        self.text, self.formula = None, False
        if self.inline.parts:
            self.inline.taken()

    def _column(self, place: str) -> int:
        """Return the column of a cell such as AB12, from 0."""
        letters = place.rstrip(_DIGITS)
        if letters not in self.columns:
            self.columns[letters] = corner(place)[1]
        return self.columns[letters]

    def _formula(self, _: dict[str, str]) -> None:
        self.formula = True

    def _inline(self, _: dict[str, str]) -> None:
        self.text = ""

    def _value(self, text: str) -> None:
        self.text = text

    def _cell_over(self, _: str) -> None:
        if self.formula and self._never_computed():
            self.draft.doubt(self.row, self.column, *UNCOMPUTED)
        elif self.text is not None:
            try:
                value = self.values[self.kind](self.text)
            except (ValueError, LookupError, ArithmeticError):
                value = self.draft.doubt(self.row, self.column, self.text, ODD)
            if value is not None and value != "":
                self.cells[self.column] = value
                if self.style.struck:
                    self.draft.struck.setdefault(self.row, set()).add(self.column)

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes["ref"].partition(":")
        self.draft.merge(Span(*corner(first), *corner(last or first)))

    def _filter(self, _: dict[str, str]) -> None:
        self.draft.filtered = True

    # --- values ---

    def _never_computed(self) -> bool:
        """Tell a formula without a value. Programs that do not compute write none, or 0 and 'compute when opened'."""
        return (
            self.text is None
            or (self.text == "" and self.kind != "str" and not self.inline.parts)
            or (self.book.uncomputed and self.text == "0")
        )

    def _number(self, text: str) -> object:
        if not text:
            return None
        value = number(text)
        if self.style.dated:
            return day(value, self.book.from_1904)
        self.draft.put_number(self.row, self.column, value, self.style.code)
        return value

    def _shared(self, text: str) -> str:
        return self._run_through(self.book.texts[int(text)]) if text.strip() else ""

    def _inline_text(self, _: str) -> str:
        return self._run_through(self.inline.taken())

    def _run_through(self, text: Text) -> str:
        """Return a text; take note of what is struck through inside it."""
        if text.runs and text.runs != {None}:
            struck = {self.style.struck if run is None else run for run in text.runs}
            if len(struck) > 1:
                self.draft.doubt(self.row, self.column, *PARTLY)
            self.style = self.style._replace(struck=struck == {True})
        return text.text

    def _error(self, text: str) -> None:
        self.draft.doubt(self.row, self.column, text, FAULTY)
