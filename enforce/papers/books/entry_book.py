"""The book to fill in (填写用的工作簿): headings with units, closed lists to choose from, red where one must write.

Its areas come from whoever knows what is to be filled in; nothing here knows a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from enforce.papers.books.fitting import most_lines
from enforce.papers.books.layout import new_book
from enforce.papers.screen.cells import width
from enforce.words.terms import ITEM, NOTE, SAMPLE, SERIAL, VALUE

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    Styles = Callable[..., Format]

_FORMATS = {"date": "yyyy-mm-dd", "text": "@", "share": "0.##%"}
_GREY, _HEADER, _NEEDED, _RED, _SAMPLE = "#5F6670", "#E6ECF2", "#FBE3D6", "#FFC7CE", "#8A929C"
_A4, _ROW = 9, 16
#: The longest list that a cell can carry with it; a message above a cell may have as many characters.
_MOST = 255
_WIDEST, _FORM_WIDTHS = 24, (24, 36, 76)
#: How large a page to print is printed, in percent: its texts of 10.5 pt at 9 pt.
_PRINTED = 86


@dataclass(frozen=True)
class Box:
    """One thing to fill in: its heading, kind (text, date, whole, number, share), what it takes, the words to choose.

    What is `needed` is marked, and red while it is empty and so are the `instead` boxes right behind it. `source` are
    cells of the workbook to choose from, `room` the letters its column has room for where its heading does not say it.
    """

    heading: str
    kind: str = "text"
    note: str = ""
    words: tuple[str, ...] = ()
    needed: bool = False
    instead: int = 0
    source: str = ""
    room: int = 0


@dataclass(frozen=True)
class Area:
    """A part of a sheet: a form with one row per box, or a `listed` one with a column per box and a row per entry.

    `rows` are the values there are (of a form one row), `sample` the row that shows how to fill it in, `spare` the
    rows left to fill in. `title` stands above it, `note` behind the title.
    """

    title: str
    boxes: tuple[Box, ...]
    rows: tuple[Sequence[object], ...] = ()
    listed: bool = True
    sample: tuple[object, ...] = ()
    spare: int = 12
    note: str = ""


@dataclass(frozen=True)
class EntryPage:
    """One sheet: its areas one below the other, and lines of text above them.

    A sheet to `print` is laid out for A4 lengthwise at 9 pt: how many columns stand on every page, and how many columns
    the first page across has, what stands at the foot.
    """

    name: str
    areas: tuple[Area, ...] = ()
    lines: tuple[str, ...] = field(default=())
    print: tuple[int, int, str] = ()


def entry_book_bytes(pages: Sequence[EntryPage], title: str, year: int) -> bytes:
    """Return the bytes of a workbook to fill in; nothing of the machine is in it."""
    content = BytesIO()
    book, styles = new_book(content, title=title, created=datetime(year, 1, 1))  # noqa: DTZ001
    for page in pages:
        sheet = book.add_worksheet(page.name)
        sheet.hide_gridlines(0 if page.areas else 1)
        sheet.set_paper(_A4)
        row = _write_lines(sheet, page.lines, styles)
        for area in page.areas:
            row = (_write_table if area.listed else _write_form)(sheet, area, row, styles) + 1
        if page.print:
            _set_print(sheet, *page.print, page.areas[0])
        elif page.lines:
            sheet.fit_to_pages(1, 0)
    book.close()
    return content.getvalue()


def _set_print(sheet: Worksheet, fixed: int, first: int, foot: str, area: Area) -> None:
    """Print lengthwise, headings and the first `fixed` columns on every page, the second page from a column on."""
    rooms = [_box_width(box) for box in area.boxes]
    sheet.set_column(0, 0, len(SERIAL) * 2)
    sheet.set_row(1, _ROW * most_lines([_heading(box) for box in area.boxes], rooms, indent=1))
    for n, row in enumerate(area.rows, 2):
        sheet.set_row(n, _ROW * most_lines(row, rooms, indent=1))
    sheet.set_landscape()
    sheet.set_print_scale(_PRINTED)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_v_pagebreaks([first])
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0, fixed - 1)
    sheet.freeze_panes(2, fixed)
    sheet.set_footer(f"&L&9{foot}&C&9第 &P 页，共 &N 页")


def _write_lines(sheet: Worksheet, lines: Sequence[str], styles: Styles) -> int:
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, styles(bold=row == 0, font_size=14 if row == 0 else 10.5))
    if lines:
        sheet.set_column(0, 0, 110)
    return len(lines)


def _write_form(sheet: Worksheet, area: Area, row: int, styles: Styles) -> int:
    """Write one row per box: what it is, the value, what it takes; return the row below."""
    for column, columns in enumerate(_FORM_WIDTHS):
        sheet.set_column(column, column, columns)
    sheet.write_string(row, 0, area.title + area.note, styles(bold=True))
    for column, heading in enumerate((ITEM, VALUE, NOTE)):
        sheet.write_string(row + 1, column, heading, styles(bold=True, bg_color=_HEADER, border=1))
    values = area.rows[0] if area.rows else [None] * len(area.boxes)
    for place, (box, value) in enumerate(zip(area.boxes, values, strict=True), row + 2):
        sheet.write_string(place, 0, _heading(box), _heading_style(box, styles, bold=False))
        _write_entry(sheet, place, 1, value, _box_style(box, styles))
        sheet.write_string(place, 2, box.note, styles(font_color=_GREY, font_size=9.5, text_wrap=True))
        _guard(sheet, box, (place, 1, place, 1), styles, f"ISBLANK($B${place + 1})")
    return row + 2 + len(area.boxes)


def _write_table(sheet: Worksheet, area: Area, row: int, styles: Styles) -> int:
    """Write one column per box, the sample, what there is and rows to fill in; return the row below."""
    sheet.write_string(row, 0, area.title + area.note, styles(bold=True))
    sheet.write_string(row + 1, 0, SERIAL, styles(bold=True, bg_color=_HEADER, border=1))
    sheet.set_row(row + 1, 2 * _ROW)
    samples = [(SAMPLE, *area.sample)] if area.sample else []
    first = row + 2 + len(samples)
    last = first - 1 + len(area.rows) + area.spare
    for column, box in enumerate(area.boxes, 1):
        sheet.write_string(row + 1, column, _heading(box), _heading_style(box, styles, bold=True))
        if box.note:
            sheet.write_comment(row + 1, column, box.note, {"x_scale": 2, "author": ""})
        _guard(sheet, box, (first, column, last, column), styles, _missing(len(area.boxes), first, column, box))
        if row == 0:
            sheet.set_column(column, column, _box_width(box), styles(num_format=_FORMATS.get(box.kind, "General")))
    grey = {"font_color": _SAMPLE, "italic": True}
    for place, values in enumerate([*samples, *((None, *one) for one in area.rows)], row + 2):
        for column, (box, value) in enumerate(zip((Box(""), *area.boxes), values, strict=True)):
            _write_entry(sheet, place, column, value, _box_style(box, styles, **(grey if place < first else {})))
    return last + 1


def _missing(boxes: int, row: int, column: int, box: Box) -> str:
    """Return the condition that a cell is empty in a row that is not, and so is what may stand instead of it."""
    line = f"$B{row + 1}:${_letters(boxes)}{row + 1}"
    others = f"{_letters(column + 1)}{row + 1}:{_letters(column + box.instead)}{row + 1}"
    instead = f",COUNTA({others})=0" if box.instead else ""
    return f"AND(COUNTA({line})>0,ISBLANK({_letters(column)}{row + 1}){instead})"


def _heading(box: Box) -> str:
    return f"{box.heading}*" if box.needed else box.heading


def _heading_style(box: Box, styles: Styles, *, bold: bool) -> Format:
    return styles(bold=bold, bg_color=_NEEDED if box.needed else _HEADER, border=1, text_wrap=True)


def _box_style(box: Box, styles: Styles, **more: object) -> Format:
    return styles(border=1, text_wrap=True, num_format=_FORMATS.get(box.kind, "General"), **more)


def _box_width(box: Box) -> int:
    return box.room or min(max(width(box.heading) + 3, 10), _WIDEST)


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return xl_col_to_name(column)


def _guard(sheet: Worksheet, box: Box, area: tuple[int, int, int, int], styles: Styles, missing: str) -> None:
    """Offer the words of a closed list, and redden what must be filled in while it is empty."""
    if box.source or (box.words and len(",".join(box.words)) <= _MOST):
        sheet.data_validation(*area, {"validate": "list", "source": box.source or list(box.words)})
    if box.needed:
        sheet.conditional_format(*area, {"type": "formula", "criteria": f"={missing}", "format": styles(bg_color=_RED)})


def _write_entry(sheet: Worksheet, row: int, column: int, value: object, style: Format) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)
