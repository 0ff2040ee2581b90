"""A layout (版式): how a sheet of a workbook looks on the screen and on landscape A4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from itertools import takewhile
from typing import TYPE_CHECKING

from enforce.papers.formulas import ABOVE, Formula, number_of
from enforce.papers.screen.cells import MONTHS_AND_QUARTERS, YEAR, cell_text, is_days, is_number, is_share, width

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from enforce.papers.books.book import Meta, Sheet

    Styles = Callable[..., Format]

_WIDEST, _WIDEST_OF_FEW = 40, 90
_NUMBER_FORMATS = {"days": "General", "share": "0.0%", "count": "0", "date": "yyyy-mm-dd", "": "General"}
_ORANGE, _GREY, _BORDER, _HEADER, _STRONG = "#C25100", "#5F6670", "#B4BBC5", "#E6ECF2", "#F5F7F9"
_FONT = "宋体"


def workbook_bytes(tables: Sequence[tuple[Sheet, list[list]]], meta: Meta) -> bytes:
    """Return the bytes of a workbook: every sheet with its rows of plain values, in order.

    Nothing of the machine is in it: the date it carries is that of the approval, or the first day of the year.
    """
    import xlsxwriter

    content = BytesIO()
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, {"in_memory": True, **inert})
    created = datetime.fromisoformat(meta.approved_on or f"{meta.year}-01-01")
    book.set_properties({"title": meta.title, "author": meta.bureau, "company": meta.bureau, "created": created})
    styles = partial(_style, book, {})
    for sheet, rows in tables:
        _write_sheet(book.add_worksheet(sheet.name), styles, sheet, rows, meta)
    book.close()
    return content.getvalue()


def _style(book: Workbook, known: dict, **properties: object) -> Format:
    key = tuple(sorted(properties.items()))
    if key not in known:
        base = {"font_name": _FONT, "font_size": 10.5, "valign": "vcenter"}
        known[key] = book.add_format(base | properties)
    return known[key]


def _write_sheet(page: Worksheet, styles: Styles, sheet: Sheet, rows: list[list], meta: Meta) -> None:
    widths = _widths(sheet, rows)
    for column, columns in enumerate(widths):
        page.set_column(column, column, columns, styles())
    _write_headings(page, styles, sheet, meta, widths)
    for n, row in enumerate(rows):
        page.set_row(ABOVE + n, 15 * _line_count(row, widths) + 6)
        for column, cell in enumerate(row):
            _write_cell(page, (ABOVE + n, column), cell, _cell_style(styles, sheet, n, column, cell))
    _set_page(page, sheet, meta)


def _write_headings(page: Worksheet, styles: Styles, sheet: Sheet, meta: Meta, widths: list[int]) -> None:
    last = len(widths) - 1
    page.write_string(0, 0, sheet.label, styles(font_name="黑体"))
    title = styles(font_name="黑体", font_size=16, align="center")
    under = styles(font_size=10, font_color=_GREY, align="left", text_wrap=True)
    for row, style in ((1, title), (2, under)):
        if last:
            page.merge_range(row, 0, row, last, "", style)
    page.write_string(1, 0, sheet.title or sheet.name, title)
    _write_subtitle(page, styles, sheet, meta, under)
    page.set_row(1, 30)
    page.set_row(2, 15 * _line_count([_subtitle(sheet, meta)], [sum(widths)]) + 4)
    head = styles(bold=True, bg_color=_HEADER, border=1, border_color=_BORDER, align="center", text_wrap=True)
    for column, heading in enumerate(sheet.headings):
        page.write_string(ABOVE - 1, column, heading, head)
    page.set_row(ABOVE - 1, 22)


def _subtitle(sheet: Sheet, meta: Meta) -> str:
    unit = f"单位：{sheet.unit}" if sheet.unit else ""
    parts = [meta.marks, sheet.note, meta.version, meta.bureau, meta.document, unit, meta.disclaimer]
    return "　".join(filter(None, parts))


def _write_subtitle(page: Worksheet, styles: Styles, sheet: Sheet, meta: Meta, under: Format) -> None:
    text = _subtitle(sheet, meta)
    if meta.marks and len(text) > len(meta.marks):
        loud, quiet = (styles(font_size=10, font_color=_ORANGE, bold=True), styles(font_size=10, font_color=_GREY))
        page.write_rich_string(2, 0, loud, meta.marks, quiet, text[len(meta.marks) :], under)
    else:
        page.write_string(2, 0, text, under)


def _write_cell(page: Worksheet, place: tuple[int, int], cell: object, style: Format) -> None:
    if isinstance(cell, Formula):
        page.write_formula(*place, cell.text, style, "" if cell.value is None else cell.value)
    elif isinstance(cell, date):
        page.write_datetime(*place, datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001
    elif isinstance(cell, str) and cell:
        page.write_string(*place, cell, style)
    elif is_number(cell):
        page.write_number(*place, cell, style)
    else:
        page.write_blank(*place, None, style)


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


def _widths(sheet: Sheet, rows: list[list]) -> list[int]:
    """Return the width of every column: that of its longest text, within limits, with room for the filter."""
    widest = _WIDEST if len(sheet.columns) > 3 else _WIDEST_OF_FEW
    filtered = _filtered(sheet)
    widths = []
    for n, name in enumerate(sheet.columns):
        kind = is_days(name) or sheet.numbers == "days"
        longest = max([1, *(_cell_width(row[n], kind) for row in rows)])
        widths.append(min(max(longest + 2, width(sheet.headings[n]) + (4 if n < filtered else 1)), widest))
    return widths


def _cell_width(cell: object, days: bool) -> int:
    value = number_of(cell)
    if isinstance(cell, Formula) and cell.kind == "share":
        return 6
    if isinstance(value, str):
        return max(map(width, value.split("\n"))) + 1
    if isinstance(value, date):
        return 10
    return 0 if value is None else len(f"{value:.1f}" if days else cell_text("", value))


def _filtered(sheet: Sheet) -> int:
    """Return how many columns carry a filter: those before the months, whose names its button would hide."""
    return sum(1 for _ in takewhile(lambda name: name not in (*MONTHS_AND_QUARTERS, YEAR), sheet.columns))


def _line_count(cells: Iterable[object], widths: Sequence[int]) -> int:
    """Return the lines the longest text of a row takes."""
    texts = ((cell, columns) for cell, columns in zip(cells, widths, strict=True) if isinstance(cell, str))
    return max([1, *(sum(-(-max(1, width(line)) // columns) for line in text.split("\n")) for text, columns in texts)])


def _set_page(page: Worksheet, sheet: Sheet, meta: Meta) -> None:
    last_row, last_column = ABOVE + len(sheet.table) - 1, len(sheet.columns) - 1
    page.freeze_panes(ABOVE, sheet.fixed)
    if len(sheet.table) > sheet.foot and _filtered(sheet):
        page.autofilter(ABOVE - 1, 0, last_row - sheet.foot, _filtered(sheet) - 1)
    page.print_area(0, 0, last_row, last_column)
    page.set_landscape()
    page.set_paper(9)
    # A foot this high: in a lower one LibreOffice finds no room for the page number and drops the last row for it.
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.85)
    page.fit_to_pages(1, int(sheet.one_page))
    page.center_horizontally()
    if not sheet.one_page:
        page.repeat_rows(ABOVE - 1)
    page.hide_gridlines(2)
    left, right = (text.replace("&", "&&") for text in (meta.bureau, meta.document))
    page.set_footer(f"&L{left}&C第 &P 页，共 &N 页&R{right}")
