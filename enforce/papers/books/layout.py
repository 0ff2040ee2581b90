"""A layout (版式): how a sheet of a workbook looks on the screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from enforce.papers.books.fitting import Fitted, PrintBlock, filtered, subtitle
from enforce.papers.formulas import ABOVE, Formula
from enforce.papers.screen.cells import MONTHS_AND_QUARTERS, is_days, is_number, is_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from enforce.papers.books.book import Meta, Sheet

    Styles = Callable[..., Format]

_NUMBER_FORMATS = {
    "days": "General",
    "amount": "General",
    "share": "0.0%",
    "count": "0",
    "date": "yyyy-mm-dd",
    "": "General",
}
_ORANGE, _GREY, _BORDER, _HEADER, _STRONG = "#C25100", "#5F6670", "#B4BBC5", "#E6ECF2", "#F5F7F9"
_FONT, _AWAY = "宋体", {"hidden": True, "level": 1}


def workbook_bytes(pages: Sequence[Fitted], meta: Meta) -> bytes:
    """Return the bytes of a workbook: every sheet with its rows of plain values, in order.

    Nothing of the machine is in it: the date it carries is that of the approval, or the first day of the year.
    """
    content, created = BytesIO(), datetime.fromisoformat(meta.approved_on or f"{meta.year}-01-01")
    book, styles = new_book(content, title=meta.title, author=meta.bureau, company=meta.bureau, created=created)
    for page in pages:
        _write_sheet(book.add_worksheet(page.sheet.name), styles, page, meta)
    book.close()
    return content.getvalue()


def new_book(content: BytesIO, **properties: object) -> tuple[Workbook, Styles]:
    """Return a workbook that holds nothing of the machine and takes every text as text, and its formats by property."""
    import xlsxwriter

    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # The width of a column counts digits of the font of the book: half a Chinese character each in this one, and the
    # same here and on an office computer.
    font = {"default_format_properties": {"font_name": _FONT, "font_size": 10.5}}
    book = xlsxwriter.Workbook(content, {"in_memory": True, **inert, **font})
    book.set_properties(properties)
    return book, partial(_style, book, {})


def _style(book: Workbook, known: dict, **properties: object) -> Format:
    key = tuple(sorted(properties.items()))
    if key not in known:
        base = {"font_name": _FONT, "font_size": 10.5, "valign": "vcenter"}
        known[key] = book.add_format(base | properties)
    return known[key]


def _write_sheet(paper: Worksheet, styles: Styles, page: Fitted, meta: Meta) -> None:
    for column, columns in enumerate(page.widths):
        paper.set_column(column, column, columns, styles())
    for row, height in page.heights.items():
        paper.set_row(row, height, None, _AWAY if row - ABOVE in page.sheet.folded else {})
    _write_headings(paper, styles, page, meta)
    for part in page.parts:
        _write_part(paper, styles, part)
    _set_page(paper, page, meta)


def _write_headings(paper: Worksheet, styles: Styles, page: Fitted, meta: Meta) -> None:
    sheet, last = page.sheet, len(page.widths) - 1
    paper.write_string(0, 0, sheet.label, styles(font_name="黑体"))
    title = styles(font_name="黑体", font_size=16, align="center")
    under = styles(font_size=10, font_color=_GREY, align="left", text_wrap=True)
    for row, style in ((1, title), (2, under)):
        if last:
            paper.merge_range(row, 0, row, last, "", style)
    paper.write_string(1, 0, sheet.title or sheet.name, title)
    _write_subtitle(paper, styles, sheet, meta, under)


def _write_part(paper: Worksheet, styles: Styles, part: PrintBlock) -> None:
    """Write a table: its headings and rows, before them its title where it is not the first of its sheet."""
    top, sheet = ABOVE + part.top, part.sheet
    if part.top:
        paper.write_string(top - 2, 0, sheet.title or sheet.name, styles(font_name="黑体"))
    head = styles(bold=True, bg_color=_HEADER, border=1, border_color=_BORDER, align="center", text_wrap=True)
    for column, heading in enumerate(sheet.headings):
        _write_cell(paper, top - 1, part.spans[column], heading, head)
    for n, row in enumerate(part.rows):
        for column, cell in enumerate(row):
            _write_cell(paper, top + n, part.spans[column], cell, _cell_style(styles, sheet, n, column, cell))


def _write_subtitle(paper: Worksheet, styles: Styles, sheet: Sheet, meta: Meta, under: Format) -> None:
    text = subtitle(sheet, meta)
    if meta.marks and len(text) > len(meta.marks):
        loud, quiet = (styles(font_size=10, font_color=_ORANGE, bold=True), styles(font_size=10, font_color=_GREY))
        paper.write_rich_string(2, 0, loud, meta.marks, quiet, text[len(meta.marks) :], under)
    else:
        paper.write_string(2, 0, text, under)


def _write_cell(paper: Worksheet, row: int, span: tuple[int, int], cell: object, style: Format) -> None:
    first, last = span
    if last > first:
        paper.merge_range(row, first, row, last, "", style)
    if isinstance(cell, Formula):
        paper.write_formula(row, first, cell.text, style, "" if cell.value is None else cell.value)
    elif isinstance(cell, date):
        paper.write_datetime(row, first, datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001
    elif isinstance(cell, str) and cell:
        paper.write_string(row, first, cell, style)
    elif is_number(cell):
        paper.write_number(row, first, cell, style)
    else:
        paper.write_blank(row, first, None, style)


def _cell_style(styles: Styles, sheet: Sheet, row: int, column: int, cell: object) -> Format:
    properties = {"border": 1, "border_color": _BORDER}
    if row in sheet.strong:
        properties |= {"bold": True, "bg_color": _STRONG}
    if isinstance(cell, str) or cell is None:
        return styles(**properties, align="left", indent=1, text_wrap=True)
    name = sheet.columns[column]
    number = _NUMBER_FORMATS[_number_kind(sheet, name, cell)]
    if name in MONTHS_AND_QUARTERS and not number.endswith("%"):
        number = f'{number};-{number};"·"'
    return styles(**properties, align="center" if name == "序号" else "right", num_format=number)


def _number_kind(sheet: Sheet, name: str, cell: object) -> str:
    if isinstance(cell, date):
        return "date"
    if isinstance(cell, Formula) and cell.kind:
        return cell.kind
    if is_share(name) or is_days(name):
        return "share" if is_share(name) else "days"
    return sheet.numbers or ("count" if isinstance(cell, int | Formula) else "")


def _set_page(paper: Worksheet, page: Fitted, meta: Meta) -> None:
    sheet, last = page.sheet, len(page.widths) - 1
    last_row, filters = ABOVE + len(sheet.table) - 1, filtered(sheet)
    paper.freeze_panes(ABOVE, sheet.fixed)
    if len(sheet.table) > sheet.foot and filters:
        paper.autofilter(ABOVE - 1, 0, last_row - sheet.foot, filters - 1)
    paper.print_area(0, 0, ABOVE + len(page.grid) - 1, last)
    if not sheet.upright:
        paper.set_landscape()
    paper.set_paper(8 if page.large else 9)
    # A foot this high: in a lower one LibreOffice finds no room for its two lines and drops the last row for them.
    paper.set_margins(left=0.5, right=0.5, top=0.5, bottom=1)
    paper.fit_to_pages(1, int(page.one_page))
    paper.center_horizontally()
    if not page.one_page:
        paper.repeat_rows(ABOVE - 1)
    paper.hide_gridlines(2)
    left, right = (text.replace("&", "&&") for text in meta.foot)
    paper.set_footer(f"&L&9{left}&C&9第 &P 页，共 &N 页&R&9{right}", {"scale_with_doc": False})
