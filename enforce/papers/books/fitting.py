"""A fitting (排版): how wide the columns of a sheet are and how high its rows, so that it can be read on paper.

Columns too wide for a page give way where their texts can break, headings first; a table that still does not fit on A4
is printed on A3, smaller where even that is too narrow. A long narrow one stands upright. A sheet
fills its one page where that leaves it legible (9 pt), else it goes on, with its headings repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from enforce.papers.books.book import Meta, Sheet
from enforce.papers.formulas import ABOVE, Address, Formula, moved, number_of
from enforce.papers.screen.cells import MONTHS_AND_QUARTERS, YEAR, cell_text, is_days, width

#: Room of a page inside its margins at 10.5 pt: pixels across, points down; landscape, upright, landscape on A3.
_ACROSS, _UPRIGHT, _LARGE = (1020, 482.0), (692, 728.0), (1486, 728.0)
_FITTING, _LEGIBLE, _LEGIBLE_BELOW = 9.15 / 10.5, 9 / 10.5, 8.5 / 10.5
_WIDEST, _WIDEST_OF_FEW, _NARROWEST, _SHORT = 40, 90, 12, 4
_LINE, _PAD, _MOST_STRETCHED = 15, 1, 1.8
_PIXELS = 8  # of a character: a digit has 7 in Excel, up to 7.8 where another font stands in for 宋体
_TITLE = 11  # pixels that half a Chinese character of the title takes
_WORD = re.compile(r"[!-~]+")
_LONGEST_WORD = 20


@dataclass(frozen=True)
class PrintBlock:
    """A table on a sheet: its rows, the columns of the sheet that each of its own takes, the place of its first row."""

    sheet: Sheet
    rows: list[list]
    spans: list[tuple[int, int]]
    top: int


@dataclass(frozen=True)
class Fitted:
    """A sheet ready to be written: its parts, widths (characters), heights of rows (points); whether it is one page,
    and a `large` one, on A3."""

    sheet: Sheet
    parts: list[PrintBlock]
    widths: list[int]
    heights: dict[int, float]
    one_page: bool
    large: bool = False

    @property
    def grid(self) -> list[list]:
        """The cells below the headings, as they stand in the workbook."""
        rows: list[list] = []
        for part in self.parts:
            if part.top:
                heading = part.sheet.title or part.sheet.name
                rows += [[], [heading], *_placed([part.sheet.headings], part.spans)]
            rows += _placed(part.rows, part.spans)
        return rows


def pages_of(sheet: Sheet, meta: Meta) -> list[Fitted]:
    """Return a sheet ready to be written; the tables below it on pages of their own where one page has no room."""
    page = _print_page(sheet, meta)
    if sheet.below and not page.one_page:
        return [_print_page(one, meta) for one in (replace(sheet, below=(), one_page=False), *sheet.below)]
    return [page]


def subtitle(sheet: Sheet, meta: Meta) -> str:
    """Return what stands below the title of a sheet."""
    unit = f"单位：{sheet.unit}" if sheet.unit else ""
    parts = [meta.marks, sheet.note, meta.version, meta.bureau, meta.document, unit, meta.disclaimer]
    return "　".join(filter(None, parts))


def filtered(sheet: Sheet) -> int:
    """Return how many columns carry a filter: those before the months, whose names its button would hide."""
    if sheet.below:
        return 0
    return sum(1 for _ in takewhile(lambda name: name not in (*MONTHS_AND_QUARTERS, YEAR), sheet.columns))


def _print_page(sheet: Sheet, meta: Meta) -> Fitted:
    columns = [_Columns(part) for part in (sheet, *sheet.below)]
    whole = sheet.one_page or bool(sheet.below)
    if not whole and _is_narrow(columns[0]):
        sheet = replace(sheet, upright=True)
    across, down = _UPRIGHT if sheet.upright else _ACROSS
    widths = _widths(columns, across)
    large = not whole and not sheet.upright and across / _pixels(widths) < _LEGIBLE
    if large:
        across, down = _LARGE
        widths = _widths(columns, across)
    parts = list(_print_blocks(columns, widths))
    heights = _heights(parts, widths, subtitle(sheet, meta))
    scale = min(1.0, across / _pixels(widths))
    spare = down / scale - sum(heights.values())
    least = _LEGIBLE_BELOW if sheet.below else _LEGIBLE
    legible = scale * min(1.0, down / scale / sum(heights.values())) >= least
    one_page = whole and (legible or sheet.forced)
    if one_page and spare > 0:
        heights = _stretched(heights, parts, spare)
    return Fitted(sheet, parts, widths, heights, one_page, large)


def _is_narrow(columns: _Columns) -> bool:
    """Whether a table is longer than a page lengthwise and fits upright without a text broken."""
    return len(columns.sheet.rows) * (_LINE + _PAD) > _ACROSS[1] and _pixels(columns.widths()) <= _UPRIGHT[0]


def _stretched(heights: dict[int, float], parts: Sequence[PrintBlock], spare: float) -> dict[int, float]:
    """Return the heights with the rows of the tables higher, so that they fill the page."""
    rows = [ABOVE + part.top + n for part in parts for n in range(len(part.rows))]
    factor = min(1 + spare / sum(heights[row] for row in rows), _MOST_STRETCHED)
    return heights | {row: heights[row] * factor for row in rows}


def _pixels(widths: Sequence[int]) -> int:
    return sum(_PIXELS * columns + 5 for columns in widths)


# --- columns ---


class _Columns:
    """The columns of a table as they ask for room: by their longest cells, their longest words, their headings."""

    def __init__(self, sheet: Sheet):
        self.sheet, self.buttons = sheet, filtered(sheet)
        self.widest = _WIDEST if len(sheet.columns) > 3 else _WIDEST_OF_FEW
        days = [is_days(name) or sheet.numbers == "days" for name in sheet.columns]
        cells = [[row[n] for row in sheet.rows] for n in range(len(days))]
        self.longest, self.words = (
            [max([1, *(measure(cell, kind) for cell in column)]) for column, kind in zip(cells, days, strict=True)]
            for measure in (_cell_width, _unbroken_width)
        )

    def widths(self, lines: int = 1, *, broken: bool = False) -> list[int]:
        """Return the widths with headings of some lines; with `broken` texts as narrow as they can be."""
        heads = [width(heading) for heading in self.sheet.headings]
        heads = [max(-(-whole // (2 * lines)) * 2, min(whole, _SHORT)) for whole in heads]
        cells = self.words if broken else self.longest
        return [
            min(max(longest + 1, head + (3 if n < self.buttons else 1)), self.widest)
            for n, (longest, head) in enumerate(zip(cells, heads, strict=True))
        ]


def _widths(columns: Sequence[_Columns], across: int) -> list[int]:
    """Return the width of every column: as its longest text asks, narrower where the page has no room for all.

    Headings break first, into two lines and three; then the widest texts.
    """
    for lines in (1, 2, 3):
        widths = _all_widths(columns, lines)
        if _pixels(widths) <= across / _FITTING:
            break
    least = _all_widths(columns, 3, broken=True)
    for cap in range(max(widths), 0, -1):
        if _pixels(widths) <= across / _FITTING:
            break
        widths = [max(few, min(most, cap)) for most, few in zip(widths, least, strict=True)]
    sheet, whole = columns[0].sheet, _pixels(widths)
    filled = min(across, 1.3 * whole) if sheet.one_page or sheet.below else 0
    title = min(across, _TITLE * width(sheet.title or sheet.name))
    return [int(most * max(1.0, filled / whole, title / whole) + 0.5) for most in widths]


def _all_widths(columns: Sequence[_Columns], lines: int, *, broken: bool = False) -> list[int]:
    """Return the widths that a sheet asks for, of more columns where a table below it has need of more."""
    first, *below = columns
    widths, whole = first.widths(lines, broken=broken), first.widths(lines)
    for part in below:
        more = _taken_columns(part, whole)[-1][1] + 1 - len(widths)
        widths += part.widths(lines, broken=broken)[-more:] if more > 0 else []
    return widths


def _cell_width(cell: object, days: bool) -> int:
    value = number_of(cell)
    if isinstance(cell, Formula) and cell.kind == "share":
        return 6
    if isinstance(value, str):
        return max(map(width, value.split("\n"))) + 2
    if isinstance(value, date):
        return 10
    return 0 if value is None else len(f"{value:.1f}" if days else cell_text("", value))


def _unbroken_width(cell: object, days: bool) -> int:
    """Return how wide a cell must be: a number whole, a text by its longest word."""
    if not isinstance(number_of(cell), str):
        return _cell_width(cell, days)
    words = (min(len(word), _LONGEST_WORD) for word in _WORD.findall(number_of(cell)))
    return max([min(_cell_width(cell, days), _NARROWEST), *words]) + 2


# --- rows ---


def _print_blocks(columns: Sequence[_Columns], widths: Sequence[int]) -> Iterator[PrintBlock]:
    """Yield the tables of a sheet, one under the other: a row between them, then title and headings."""
    top = 0
    for n, part in enumerate(columns):
        spans = _taken_columns(part, widths) if n else [(place, place) for place in range(len(part.sheet.columns))]
        rows = (
            [[moved(cell, _print_place(top, spans)) for cell in row] for row in part.sheet.rows]
            if n
            else part.sheet.rows
        )
        yield PrintBlock(part.sheet, rows, spans, top)
        top += len(rows) + 3


def _print_place(top: int, spans: Sequence[tuple[int, int]]) -> object:
    def place(cell: Address) -> Address:
        return cell[0] + top, spans[cell[1]][0]

    return place


def _taken_columns(part: _Columns, widths: Sequence[int]) -> list[tuple[int, int]]:
    """Return the columns of the sheet that each column of a table takes: as many as it needs, one after the other."""
    spans, first = [], 0
    for columns in part.widths(3):
        last = first
        while last + 1 < len(widths) and sum(widths[first : last + 1]) < columns - 1:
            last += 1
        spans.append((first, last))
        first = last + 1
    return spans


def _placed(rows: Sequence[Sequence], spans: Sequence[tuple[int, int]]) -> list[list]:
    """Return rows with every cell in the first column that it takes."""
    size = spans[-1][1] + 1
    grid = [[None] * size for _ in rows]
    for line, row in zip(grid, rows, strict=True):
        for (first, _), cell in zip(spans, row, strict=True):
            line[first] = cell
    return grid


def _heights(parts: Sequence[PrintBlock], widths: Sequence[int], under: str) -> dict[int, float]:
    """Return the height of every row of the sheet, in points."""
    heights: dict[int, float] = {
        0: 15 if parts[0].sheet.label else 5,
        1: 26,
        2: _LINE * most_lines([under], [sum(widths)]) + 4,
    }
    for part in parts:
        spanned = [sum(widths[first : last + 1]) for first, last in part.spans]
        head = ABOVE + part.top - 1
        if part.top:
            heights |= {head - 2: 5, head - 1: 17}
        heights[head] = _LINE * most_lines(part.sheet.headings, spanned, indent=0) + 4
        heights |= {head + n: _LINE * most_lines(row, spanned) + _PAD for n, row in enumerate(part.rows, 1)}
    return heights


def most_lines(cells: Sequence[object], widths: Sequence[int], indent: int = 2) -> int:
    """Return the lines that the longest text of a row takes; a Chinese character is never halved."""
    texts = ((cell, columns - indent) for cell, columns in zip(cells, widths, strict=True) if isinstance(cell, str))
    return max([1, *(sum(_line_count(line, room) for line in text.split("\n")) for text, room in texts)])


def _line_count(line: str, room: int) -> int:
    return 1 if width(line) <= room else -(-width(line) // max(2, room // 2 * 2))
