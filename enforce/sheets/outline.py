"""The outline (层级): rows of an outlined table that only sum the rows numbered below them are no rows of their own.

一、重点检查 98 above （一） 60 and （二） 38 would count 98 visits twice. What stands above rows of a deeper numbering
is their sum and is compared with them; what stands above rows without a number, or set in further, is so where the
figures or all rows of its kind say so. A row with an id is one whatever its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, compress, groupby

from enforce.sheets.grids.grid import GridRow
from enforce.sheets.header import Header, plain
from enforce.sheets.normal import is_blank
from enforce.sheets.rows import GRAND, SUB, Sorted, Total, indent
from enforce.sheets.values import Setting, read_cell
from enforce.words.problems import Flaw, Problem
from enforce.words.texts import shown

_WORDS = "[一二三四五六七八九十]+"
#: How numbers are nested, the outermost first; each as the cell of a number and as the beginning of a name.
_MARKS = tuple(
    (re.compile(rf"{mark}[、.,)]?"), re.compile(rf"{mark}{stop}.+"))
    for mark, stop in (
        (f"第{_WORDS}(?:类|章|节|部分|项)", ""),
        (_WORDS, "[、.,]"),
        (rf"\({_WORDS}\)", ""),
        (r"\d+", r"(?:[、,]|\.(?!\d))"),
        (r"\d+[.．]\d+", r"(?![\d.])"),
        (r"\d+[.．]\d+[.．]\d+", r"(?![\d.])"),
        (r"\(\d+\)", ""),
    )
)
_LEAF = len(_MARKS)


def outline_rows(header: Header, rows: Sorted, setting: Setting) -> Sorted:
    """Return the rows of an outlined table with those that sum others among the totals; other tables as they are."""
    if not header.form.outlined:
        return rows
    ranks = [_mark_rank(header, row.cells) for row in rows.data]
    nested = _nested(rows, ranks)
    alone = {rank for n, rank in enumerate(ranks) if n not in nested}
    sums = {
        n: end
        for n, end in nested.items()
        if ranks[n + 1] < _LEAF or ranks[n] not in alone or (end > n + 2 and _agrees(header, rows, (n, end), setting))
    }
    return _without(rows, sums) if sums else rows


def _without(rows: Sorted, sums: dict[int, int]) -> Sorted:
    """Return rows with some of the data, given with where the rows below them end, among the totals."""
    plain_rows = [n not in sums for n in range(len(rows.data))]
    before = [0, *accumulate(plain_rows)]
    made = [Total(rows.data[n], before[n], SUB, "", below=before[end] - before[n]) for n, end in sums.items()]
    moved = [total._replace(above=before[total.above]) for total in rows.totals]
    return replace(
        rows,
        data=list(compress(rows.data, plain_rows)),
        totals=sorted([*moved, *made], key=lambda total: total.row.number),
        struck=[(row, before[above]) for row, above in rows.struck],
    )


def _mark_rank(header: Header, cells: tuple[object, ...]) -> int:
    """Return how deep the number of a row is, before its name or at its beginning; else how far the name is set in."""
    places, key, title = header.places, header.form.key, _title(header)
    if key in places and not is_blank(cells[places[key]]):
        return _LEAF
    numbered = [places["serial"]] if "serial" in places else set(range(title)) - set(places.values())
    texts, name = [plain(cells[place]) for place in numbered], plain(cells[title])
    ranks = (
        rank
        for rank, (alone, leading) in enumerate(_MARKS)
        if leading.fullmatch(name) or any(map(alone.fullmatch, texts))
    )
    return next(ranks, _LEAF + indent(cells[title]) // 2)


def _title(header: Header) -> int:
    """Return the column that names a row."""
    return header.places[header.form.names[0]]


def _nested(rows: Sorted, ranks: list[int]) -> dict[int, int]:
    """Return every row with rows of a deeper number right below it, and where those end: at its like, or at a 合计."""
    stops = {total.above for total in rows.totals if total.level >= GRAND}
    nested: dict[int, int] = {}
    open_rows: list[int] = []
    for n, rank in enumerate([*ranks, -1]):
        while open_rows and (n in stops or ranks[open_rows[-1]] >= rank):
            begun = open_rows.pop()
            if n > begun + 1:
                nested[begun] = n
        open_rows.append(n)
    return dict(sorted(nested.items()))


def unclear_rows(header: Header, rows: Sorted, setting: Setting) -> Iterator[Problem]:
    """Yield problems of rows of an outlined table that may be counted already in the row above, or may not."""
    if header.form.outlined:
        yield from _unclear_parts(header, rows, setting)
        yield from _unclear_indents(header, rows, setting)


def _unclear_parts(header: Header, rows: Sorted, setting: Setting) -> Iterator[Problem]:
    """Yield a row below 其中 with which, and not without, the parts make the figure of the row they are parts of."""
    stops = {total.above for total in rows.totals}
    for above, parts in groupby((part for part in rows.parts if part[1]), key=lambda part: part[1]):
        inside = [row for row, _ in parts]
        whole = rows.data[above - 1]
        remaining = (_units_of(header, whole, setting) or 0) - sum(
            _units_of(header, row, setting) or 0 for row in inside
        )
        for n in range(above, len(rows.data)):
            remaining -= _units_of(header, rows.data[n], setting) or 0
            if n in stops or remaining < 0:
                break
            if remaining == 0:
                first = f"从第 {inside[0].number} 行“其中”加到这一行"
                why = f"{first}，正好是第 {whole.number} 行的数，不能确定它是否也在其中"
                advice = "是的，请写“其中：”；不是的，请把“其中”各行移到备注"
                yield _unclear(header, rows.data[n], f"{why}；{advice}")
                break


def _unclear_indents(header: Header, rows: Sorted, setting: Setting) -> Iterator[Problem]:
    """Yield one row set in below another of the same figure, where rows set in are not the rule."""
    ranks = [_mark_rank(header, row.cells) for row in rows.data]
    nested = _nested(rows, ranks)
    alone = {rank for n, rank in enumerate(ranks) if n not in nested}
    for n, end in nested.items():
        if ranks[n] in alone and end == n + 2 and ranks[n + 1] > _LEAF and _agrees(header, rows, (n, end), setting):
            why = "名称前有空格，数与上一行相同，不能确定上一行是不是它的合计"
            yield _unclear(header, rows.data[n + 1], f"{why}；是的，请删去上一行；不是的，请删去名称前的空格")


def _unclear(header: Header, row: GridRow, why: str) -> Problem:
    spot = _title(header)
    name, expected = shown(row.cells[spot]).strip(), f"分得清的行（{why}）"
    return Problem(header.grid.file, header.place(row.number, spot), name, expected, Flaw.UNCLEAR)


def _units_of(header: Header, row: GridRow, setting: Setting) -> int | None:
    """Return the outlined count of a row; None where they cannot be read."""
    name = header.form.outlined
    column, spot = header.form.columns[name], header.places[name]
    return read_cell(row.cells[spot], column, setting, empty=0).value


def _agrees(header: Header, rows: Sorted, span: tuple[int, int], setting: Setting) -> bool:
    """Whether the outlined count of a row is that of the rows below it."""
    whole, *below = (_units_of(header, row, setting) for row in rows.data[slice(*span)])
    return whole is not None and None not in below and whole == sum(below)
