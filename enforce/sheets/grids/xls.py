"""xls (旧版工作簿) -> its grids, by xlrd, which is pure Python and knows merged, hidden and struck-through cells."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING

from enforce.sheets.grids.draft import PARTLY, SHIFTED, Draft, chosen, finished
from enforce.sheets.grids.grid import Grid, Span
from enforce.sheets.grids.number import day, shows_date, whole
from enforce.sheets.grids.number_format import format_code
from enforce.sheets.grids.sniff import AS_XLSX, Source, encrypted, refusal
from enforce.sheets.normal import FAULTY
from enforce.words.problems import InputError, Place

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.formatting import Format
    from xlrd.sheet import Cell, Sheet

_SHIFTS = {1: SHIFTED["sup"], 2: SHIFTED["sub"]}
_TEXT, _NUMBER, _DATE, _SWITCH, _ERROR = 1, 2, 3, 4, 5


def grids(source: Source, sheet: str | None = None) -> tuple[Grid, ...]:
    """Return the grids of a workbook, in its order; InputError when it is encrypted or damaged."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=source.raw, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
        wanted = chosen(book.sheet_names(), sheet, source.file)
        return tuple(_sheet_grid(book, book.sheet_by_index(place), source.file) for place in wanted)
    except InputError:
        raise
    except Exception as error:  # xlrd meets a damaged file with whatever its reading runs into
        if "encrypted" in str(error):
            raise encrypted(source.file) from None
        raise refusal(source.file, "读不出，不完整或已损坏", f"完整的 xls；{AS_XLSX}") from None


def _sheet_grid(book: Book, sheet: Sheet, file: str) -> Grid:
    draft = Draft(file, sheet.name, visible=not sheet.visibility, from_1904=bool(book.datemode))
    for top, bottom, left, right in sheet.merged_cells:
        draft.merge(Span(top + 1, left, bottom, right - 1))
    draft.hidden_columns |= {column for column, info in sheet.colinfo_map.items() if info.hidden}
    draft.comments |= {(row + 1, column) for row, column in sheet.cell_note_map}
    draft.hidden |= {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    for row in range(sheet.nrows):
        _xls_row(draft, book, sheet, row)
    draft.notes += _empty_texts(sheet)
    return finished(draft)


def _empty_texts(sheet: Sheet) -> list[str]:
    """Tell formulas that give an empty text: xls does not say whether they were ever computed."""
    empty = [
        Place(row=row + 1, spot=column)
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == _TEXT and not sheet.cell_value(row, column)
    ]
    if not empty:
        return []
    places = f"{len(empty)} 处（如{empty[0]}）"
    return [f"公式的结果是空白，读作空：{places}；若公式还没有算过，请在 Excel/WPS 里打开后保存一次"]


def _xls_row(draft: Draft, book: Book, sheet: Sheet, row: int) -> None:
    """Take over the cells of one row that hold something."""
    cells = draft.rows[row + 1] = {}
    for column, cell in enumerate(sheet.row(row)):
        value = _value(draft, book, cell, (row + 1, column))
        if value is None or value == "":
            continue
        cells[column] = _as_shown(book, sheet, value, (row, column))
        if _is_struck(draft, book, sheet, cell, (row, column)):
            draft.struck.setdefault(row + 1, set()).add(column)


def _value(draft: Draft, book: Book, cell: Cell, at: tuple[int, int]) -> object:
    """Return the value of a cell; an error is a problem and no value."""
    if cell.ctype == _ERROR:
        from xlrd import error_text_from_code

        draft.doubt(*at, error_text_from_code.get(cell.value, "错误值"), FAULTY)
        return None
    if cell.ctype in (_NUMBER, _DATE):
        value, style = whole(cell.value), _cell_format(book, cell)
        if style and shows_date(style.format_key, style.format_str):
            return day(value, draft.from_1904)
        draft.put_number(*at, value, format_code(style.format_key, style.format_str) if style else "")
        return value
    if cell.ctype == _SWITCH:
        return bool(cell.value)
    return cell.value if cell.ctype == _TEXT else None


def _cell_format(book: Book, cell: Cell) -> Format | None:
    """Return the number format of a cell; None where the book has none such."""
    styles = book.xf_list[cell.xf_index : cell.xf_index + 1]
    return book.format_map.get(styles[0].format_key) if styles else None


def _as_shown(book: Book, sheet: Sheet, value: object, at: tuple[int, int]) -> object:
    """Return a text with the figures of its raised and lowered runs as such."""
    runs = sheet.rich_text_runlist_map.get(at, [])
    for (start, number), (end, _) in pairwise([*runs, (len(str(value)), 0)]):
        ways = (font.escapement for font in book.font_list[number : number + 1])
        value = value[:start] + value[start:end].translate(_SHIFTS.get(next(ways, 0), {})) + value[end:]
    return value


def _is_struck(draft: Draft, book: Book, sheet: Sheet, cell: Cell, at: tuple[int, int]) -> bool:
    """Tell whether a cell is struck through; a text struck through in part is a doubt."""
    font = next((style.font_index for style in book.xf_list[cell.xf_index : cell.xf_index + 1]), 0)
    runs = [(0, font), *sheet.rich_text_runlist_map.get(at, ())]
    starts = dict(runs)  # a run that begins where another does replaces it
    fonts = (book.font_list[number : number + 1] for start, number in starts.items() if start < len(str(cell.value)))
    struck = {bool(font and font[0].struck_out) for font in fonts}
    if len(struck) > 1:
        draft.doubt(at[0] + 1, at[1], *PARTLY)
    return struck == {True}
