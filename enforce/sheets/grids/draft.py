"""The draft (草稿): the cells of one sheet while it is read, and what makes a grid of them.

Merged ranges are filled, struck-through rows parted from struck-through cells, far cells refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from enforce.sheets.grids.grid import Grid, GridRow, Span
from enforce.sheets.grids.number_format import display
from enforce.sheets.grids.sniff import refusal
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.texts import shown

MAX_ROWS = 200_000
MAX_COLUMNS = 1024
#: Cells of a sheet, empty ones between others included.
MAX_CELLS = 5_000_000
#: What is expected of single cells; also what is there and the kind of flaw, where that is always the same.
PARTLY = ("部分文字划了删除线", "删去划掉的文字，或取消删除线", Flaw.UNCLEAR)
ODD = "认得出的值（文件里这一格的存法不合规范，请在 Excel/WPS 里重填这一格）"
#: Raised and lowered figures are no figures of the number before them: 8 with a small 1 behind it is not 81.
SHIFTED = {"sup": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), "sub": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")}
UNCOMPUTED = ("公式没有算出的值", "有值的单元格：请在 Excel/WPS 里打开后保存一次", Flaw.MISSING)
_SMALLER = f"{MAX_ROWS // 10_000} 万行、{MAX_COLUMNS} 列以内的表"


@dataclass
class Draft:
    """What has been read of one sheet. Rows as Excel numbers them, columns from 0; only cells that hold something."""

    file: str
    sheet: str
    encoding: str = ""
    visible: bool = True
    rows: dict[int, dict[int, object]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    #: row -> columns of the cells struck through
    struck: dict[int, set[int]] = field(default_factory=dict)
    merged: list[Span] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    from_1904: bool = False
    filtered: bool = False
    displays: dict[tuple[int, int], str] = field(default_factory=dict)
    comments: set[tuple[int, int]] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    widths: dict[int, int] = field(default_factory=dict)
    is_cut: bool = False

    def put_text(self, row: int, column: int, text: str) -> None:
        """Put the text of a cell where there is one."""
        if text:
            self.rows.setdefault(row, {})[column] = text

    def put_number(self, row: int, column: int, value: object, code: str) -> None:
        """Note what a cell shows of its number by the code of its format."""
        if code and isinstance(value, int | float) and (text := display(value, code)) is not None:
            self.displays[row, column] = text

    def merge(self, span: Span) -> None:
        """Note a merged range."""
        self.merged.append(span)
        if len(self.merged) > MAX_ROWS:
            raise crowded(self.file)

    def place(self, row: int, column: int = -1) -> Place:
        """Return the place of a cell, or of a whole row (column -1)."""
        return Place(sheet=shown(self.sheet) if self.sheet else "", row=row, spot=column)

    def doubt(self, row: int, column: int, text: str, expected: str, kind: Flaw = Flaw.VALUE) -> None:
        """Note a problem of one cell, or of a whole row (column -1)."""
        place = self.place(row, column)
        self.problems.append(Problem(self.file, place, text, expected, kind))
        if len(self.problems) > MAX_ROWS:
            raise refusal(self.file, f"{place}等处：{text}", f"{MAX_ROWS // 10_000} 万处以内的问题")


def chosen(names: list[str], sheet: str | None, file: str) -> list[int]:
    """Return which of the sheets are asked for, by place, spaces around a name aside; InputError names those there.

    >>> chosen(["台账", "说明"], "说明", "a.xlsx"), chosen(["台账", "说明"], None, "a.xlsx")
    ([1], [0, 1])
    """
    wanted = None if sheet is None else sheet.strip()
    places = [place for place, name in enumerate(names) if wanted in (None, name.strip())]
    if not places:
        there = "、".join(shown(name) for name in names[:20]) or "（没有工作表）"
        raise InputError([Problem(file, Place("工作表"), shown(sheet), f"文件里有的工作表：{there}", Flaw.UNKNOWN)])
    return places


def finished(draft: Draft) -> Grid:
    """Return the grid of a draft; InputError when a cell stands too far out or there are too many."""
    numbers = sorted(number for number, cells in draft.rows.items() if cells)
    rows = {number: draft.rows[number] for number in numbers}
    width = _width(draft, rows)
    struck = _struck_rows(draft, rows)
    notes = _fill_merged(draft, rows, width)
    same = ("file", "sheet", "encoding", "visible", "from_1904", "filtered", "displays", "widths", "is_cut")
    return Grid(
        **{name: getattr(draft, name) for name in same},
        rows=tuple(
            GridRow(number, tuple(map(cells.get, range(width))), number in draft.hidden, number in struck)
            for number, cells in rows.items()
        ),
        problems=tuple(draft.problems),
        notes=(*draft.notes, *notes),
        merged=tuple(sorted(draft.merged)),
        comments=frozenset(draft.comments),
        hidden_columns=frozenset(draft.hidden_columns),
    )


def of_lines(draft: Draft, lines: dict[int, list[str | None]]) -> Grid:
    """Return the grid of a text file by its lines; a table that is too large goes the way of all."""
    for cells in lines.values():
        while cells and cells[-1] is None:
            cells.pop()
    width = max(map(len, lines.values()), default=0)
    if width > MAX_COLUMNS or max(lines, default=0) > MAX_ROWS or len(lines) * width > MAX_CELLS:
        for number, cells in lines.items():
            draft.rows[number] = {n: cell for n, cell in enumerate(cells) if cell}
        return finished(draft)
    rows = (GridRow(number, (*cells, *[None] * (width - len(cells)))) for number, cells in lines.items() if cells)
    return replace(finished(draft), rows=tuple(rows))


def _width(draft: Draft, rows: dict[int, dict[int, object]]) -> int:
    """Return how many columns the rows need, what stands too far to the right left out; refuse what is too far down."""
    far = 0
    for number, cells in rows.items():
        if number > MAX_ROWS:
            place, expected = draft.place(number, max(cells)), f"{_SMALLER}：请删去远处的内容后另存"
            raise InputError([Problem(draft.file, place, "有内容，离表太远", expected, Flaw.SIZE)])
        beyond = [column for column in cells if column >= MAX_COLUMNS] if max(cells) >= MAX_COLUMNS else ()
        far += len(beyond)
        for column in beyond:
            del cells[column]
    if far:
        draft.notes.append(f"第 {MAX_COLUMNS} 列以外有内容 {far} 格，离表太远，没有读")
    width = max((max(cells) for cells in rows.values() if cells), default=-1) + 1
    if len(rows) * width > MAX_CELLS:
        raise crowded(draft.file)
    return width


def crowded(file: str) -> InputError:
    """Return the error of a file with more cells than any table of a district needs."""
    return refusal(file, "单元格太多", f"{MAX_CELLS // 10_000} 万格以内、{_SMALLER}")


def _fill_merged(draft: Draft, rows: dict[int, dict[int, object]], width: int) -> list[str]:
    """Repeat the value of each merged range in its rows; return the note that says so."""
    filled = budget = 0
    for top, left, bottom, right in draft.merged:
        value = rows.get(top, {}).get(left)
        inside = [number for number in range(top, min(bottom, MAX_ROWS) + 1) if number in rows]
        across = range(left, min(right, width - 1) + 1)
        budget += min(bottom, MAX_ROWS) - top + 1 + len(inside) * len(across)
        if budget > MAX_CELLS:
            raise crowded(draft.file)
        if value is not None:
            filled += 1
            for number in inside:
                rows[number] |= dict.fromkeys(across, value)
    return [f"合并单元格 {filled} 处，已把值填入每一格"] if filled else []


def _struck_rows(draft: Draft, rows: dict[int, dict[int, object]]) -> set[int]:
    """Return the rows struck through from end to end; a row struck in part is a doubt.

    A category that stands over several rows says nothing about its first row.
    """
    tall = {(span.top, span.left) for span in draft.merged if span.bottom > span.top}
    through = set()
    for number, struck in draft.struck.items():
        filled = {column for column in rows.get(number, ()) if (number, column) not in tall}
        if filled and filled <= struck:
            through.add(number)
        else:
            draft.doubt(number, -1, "部分单元格划了删除线", "整行划掉（作废）或都不划（有效）", Flaw.UNCLEAR)
    return through
