"""The extract (摘取): the rows of one sheet as values, and all that was changed, passed over or cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import NamedTuple

import pandas as pd

from enforce.sheets.codes import doubts
from enforce.sheets.columns import FULL, Column
from enforce.sheets.grids.grid import GridRow
from enforce.sheets.header import Header, header_problems
from enforce.sheets.normal import is_blank, tidy
from enforce.sheets.outline import outline_rows, unclear_rows
from enforce.sheets.part import Part, unnamed
from enforce.sheets.rows import Skipped, Sorted, sort_rows
from enforce.sheets.totals import check_totals
from enforce.sheets.values import Read, Setting, read_cell, sound
from enforce.words.problems import PAGE, Flaw, Place, Problem, row_words
from enforce.words.texts import shown

_COUNTED = frozenset({"count", "money", "days"})
_FEW = 5
_LEVELS = {"高", "中", "高风险", "中风险", "高等", "中等"}
_SEEN = frozenset({"id", "reference", "name", "text", "word"})
_UNMERGED = "每行各写各的数（合并的数会重复计算，请拆开后分别填写）"


class Cells(NamedTuple):
    """The cells of a column as they were read: their values, and by place those that were changed or cannot be read."""

    values: list[object]
    odd: dict[int, Read]


class Change(NamedTuple):
    """One value that is not what stood in the cell: row as Excel shows it, heading, before, after (masked)."""

    row: int
    column: str
    before: str
    after: str


@dataclass
class Extract:
    """One sheet read for one form.

    `part` holds every column of the form, `rows` the rows of data as they stand, `absent` the columns not there,
    `empty` the rows of every heading whose cells hold nothing. `doubts` are notes on what may be wrong in the file, for
    whoever reads the numbers too.
    """

    header: Header
    part: Part
    rows: list[GridRow]
    skipped: list[Skipped] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    empty: dict[str, tuple[int, ...]] = field(default_factory=dict)


def read_rows(header: Header, setting: Setting, strict: bool) -> Extract:
    """Read every row below a header, and of the sheets the table goes on in.

    With `strict`, columns that are required may not be missing nor empty.
    """
    pages: list[Extract] = []
    for one in (header, *header.more):
        pages.append(_read_page(one, setting, strict, [row for page in pages for row in page.rows]))
    return _one_table(header, pages) if header.more else pages[0]


def _one_table(header: Header, pages: list[Extract]) -> Extract:
    """Return the sheets of one table as one; notes say which sheet they are of, unless they are of all."""
    width = max(len(row.cells) for page in pages for row in page.header.grid.rows)
    paged = [_on_page(page, n * PAGE, width) for n, page in enumerate(pages)]
    part, sheets = paged[0].part, [page.part.sheet for page in pages]
    frame, typed = (pd.concat([getattr(page.part, name) for page in paged]) for name in ("frame", "typed"))
    every = {name: [one for page in paged for one in getattr(page, name)] for name in ("rows", "skipped", "changes")}
    for name in ("notes", "doubts"):
        texts = [(page.part.sheet, text) for page in paged for text in getattr(page, name)]
        often = Counter(text for _, text in texts)
        named = (text if often[text] == len(pages) else f"「{sheet}」{text}" for sheet, text in texts)
        every[name] = [*dict.fromkeys(named)]
    empty: dict[str, tuple[int, ...]] = {}
    for heading, rows in (one for page in paged for one in page.empty.items()):
        empty[heading] = (*empty.get(heading, ()), *rows)
    listed = "".join(f"「{shown(sheet)}」{f'（第 {n} 张）' if n > 1 else ''}" for n, sheet in enumerate(sheets, 1))
    every["notes"].insert(0, f"{len(pages)} 张工作表的列名相同，合成一张表读：{listed}")
    problems = list(dict.fromkeys(problem for page in paged for problem in page.problems))
    part = part._replace(frame=frame, typed=typed, others=tuple(sheets[1:]))
    headings = header.headings + ("",) * (width - len(header.headings))
    header = replace(header, headings=headings)
    return Extract(header, part, absent=paged[0].absent, empty=empty, problems=problems, **every)


def _on_page(page: Extract, first: int, width: int) -> Extract:
    """Return one sheet of a table with its rows numbered from `first` on, and as wide as all."""
    frame, typed = (table.set_axis(table.index + first) for table in (page.part.frame, page.part.typed))
    wide = [(*row.cells, *[None] * (width - len(row.cells))) for row in page.rows]
    return replace(
        page,
        part=page.part._replace(frame=frame, typed=typed),
        rows=[row._replace(number=row.number + first, cells=cells) for row, cells in zip(page.rows, wide, strict=True)],
        skipped=[one._replace(row=one.row + first) for one in page.skipped],
        changes=[one._replace(row=one.row + first) for one in page.changes],
        problems=[
            replace(one, place=replace(one.place, row=one.place.row and one.place.row + first)) for one in page.problems
        ],
        empty={heading: tuple(row + first for row in rows) for heading, rows in page.empty.items()},
    )


def _read_page(header: Header, setting: Setting, strict: bool, above: list[GridRow]) -> Extract:
    """Read every row of one sheet; `above` are the rows of the same table in the sheets before."""
    below = sort_rows(header.grid, header)
    rows = outline_rows(header, below, setting)
    numbers = [row.number for row in rows.data]
    reads = {name: _column(header, rows.data, name, setting, strict) for name in header.places}
    absent = [name for name in header.form.columns if name not in header.places]
    empty = {name: _absent_value(header.form.columns[name], strict) for name in absent}
    values = {name: cells.values for name, cells in reads.items()}
    typed = {name: _typed(header, rows.data, name) for name in reads}
    headings = {name: header.heading(name) for name in header.form.columns}
    frames = _frame(numbers, values, empty), _frame(numbers, typed, dict.fromkeys(absent, ""))
    part = Part(header.grid.file, headings, *frames, header.grid.sheet)
    extract = Extract(header, part, rows.data, absent=absent)
    _fill(extract, rows, reads, strict)
    outcome = check_totals(header, rows, setting, above)
    extract.problems += outcome.problems
    extract.skipped = sorted([*rows.skipped, *outcome.skipped], key=lambda skipped: skipped.row)
    extract.problems += unclear_rows(header, below, setting)
    return extract


def _frame(numbers: list[int], columns: dict[str, list], empty: dict[str, object]) -> pd.DataFrame:
    """Return columns as a table; those that are empty share what they hold, a big table has many of them."""
    index = pd.Index(numbers)
    nothing = cache(lambda kind, value: pd.Series([value] * len(index), index, dtype=object))
    full = {name: pd.Series(columns.pop(name), index, dtype=object) for name in [*columns]}
    return pd.DataFrame(full | {name: nothing(type(value), value) for name, value in empty.items()}, index, copy=False)


def _absent_value(column: Column, strict: bool) -> object:
    """Return what a column that is not there holds: nothing, unless our own tables say what an empty cell means."""
    return None if not strict or column.blank is FULL else column.blank


def _column(header: Header, rows: list[GridRow], name: str, setting: Setting, strict: bool) -> Cells:
    """Read the cells of a column; a cell that occurs often is read once."""
    column, spot = header.form.columns[name], header.places[name]
    if column.certificate and "证" in header.headings[spot]:
        column = replace(column, parse=column.certificate)
    cells = [row.cells[spot] for row in rows]
    lenient = not strict and column.blank is FULL and name not in header.form.minimum
    reader = partial(read_cell, column=column, setting=setting, empty=None if lenient else ...)
    plain, displays = sound({cell for cell in cells if type(cell) is str}, column), header.grid.displays
    known: dict[tuple, Read] = {}
    read = Cells(cells[:], {})
    for n, cell in enumerate(cells):
        if cell in plain:
            continue
        key = type(cell), cell
        one = known.get(key) or known.setdefault(key, reader(cell))
        if displays and (text := displays.get((rows[n].number, spot))) is not None:
            one = _displayed(one, cell, text, reader(text), column)
        read.values[n] = one.value
        if one.changed or one.expected:
            read.odd[n] = one
    return read


def _displayed(stored: Read, cell: object, text: str, seen: Read, column: Column) -> Read:
    """Return what is read of a number that its cell shows as another text.

    All is what the cell shows, 3 as 第3季度 too; a count that is stored as another one is refused with both.
    """
    if column.nature in _SEEN:
        return seen._replace(changed=True)
    counted = column.nature in _COUNTED
    if text.lstrip("0") == str(cell) or (column.nature == "share" and text.endswith("%")):
        return stored
    if seen.expected or not text or (counted and not stored.expected and seen.value != stored.value):
        expected = f"存的数与显示的数是同一个（存的是 {shown(cell)}，显示为「{text}」；请填显示的数，改用常规格式）"
        return Read(str(cell), None, False, expected, Flaw.UNCLEAR)
    return stored if seen.value == stored.value else seen._replace(changed=True)


def _typed(header: Header, rows: list[GridRow], name: str) -> list[object]:
    """Return the cells of a column as they stand, names of persons masked."""
    cells = [row.cells[header.places[name]] for row in rows]
    return [unnamed(cell) for cell in cells] if header.form.columns[name].private else cells


# --- telling --------------------------------------------------------------------------------------------------------


def _fill(extract: Extract, rows: Sorted, reads: dict[str, Cells], strict: bool) -> None:
    """Fill in what was changed and doubted."""
    header = extract.header
    required = [c.name for c in header.form.ours if c.required] if strict else sorted(header.form.minimum)
    extract.problems += header_problems(header, required, [c.name for c in header.form.ours] if strict else None)
    extract.problems += _grid_problems(header)
    for name, cells in reads.items():
        extract.problems += _three_levels(header, name, cells) or _cell_problems(extract, name, cells)
        extract.changes += _changes(extract, name, cells)
    extract.problems += _merged_counts(header, rows)
    extract.problems += _beyond(extract, rows)
    extract.problems += _second_header(header, rows)
    extract.changes.sort(key=lambda change: change.row)
    extract.notes += [*header.grid.notes, *_notes(extract, rows, reads)]
    comments = sorted(place for place in header.grid.comments if place[0] > header.number)
    extract.doubts += [f"批注没有读，请看是否改了数：{_commented(header, comments)}"] * bool(comments)
    extract.empty = _empty_rows(extract, rows, reads)


def _cell_problems(extract: Extract, name: str, cells: Cells) -> Iterator[Problem]:
    """Tell the cells that cannot be read."""
    typed, spot = extract.part.typed[name], extract.header.places[name]
    faulty, file = _faulty(extract.header), extract.part.file
    for n, cell in cells.odd.items():
        number = extract.rows[n].number
        if cell.expected and (number, spot) not in faulty:
            place = extract.header.place(number, spot)
            yield Problem(file, place, shown(typed.iat[n]), cell.expected, cell.flaw)


def _three_levels(header: Header, name: str, cells: Cells) -> list[Problem]:
    """Return one problem of a column of colours that has high, middle and low in place of them."""
    levels = {cell.text for cell in cells.odd.values() if cell.expected} & _LEVELS
    if header.form.columns[name].nature != "grade" or not levels:
        return []
    column, texts = header.places[name], "、".join(sorted(levels))
    expected = "红、橙、黄、蓝 之一（这一列分的是高、中、低，请写明各级是哪一色，低也不代定）"
    return [Problem(header.grid.file, Place(f"表头第 {column + 1} 列"), texts, expected, Flaw.VALUE)]


def _faulty(header: Header) -> set[tuple[int, int]]:
    """Return the cells that the file itself could not give: they are told once, and are not merely empty."""
    return {(problem.place.row, problem.place.spot) for problem in header.grid.problems}


def _changes(extract: Extract, name: str, cells: Cells) -> Iterator[Change]:
    """Tell the values that are not what stood in the cell; names of persons stay untold."""
    typed, heading = extract.part.typed[name].tolist(), extract.part.headings[name]
    private, in_words = extract.header.form.columns[name].private, cache(shown)
    for n, cell in cells.odd.items():
        if cell.changed:
            text = unnamed(cell.text) if private else cell.text
            yield Change(extract.rows[n].number, heading, in_words(typed[n]), in_words(text))


def _grid_problems(header: Header) -> Iterator[Problem]:
    """Name the column of what the file itself could not give, of columns that are read."""
    for problem in header.grid.problems:
        spot = problem.place.spot
        if spot in header.places.values():
            yield replace(problem, place=header.place(problem.place.row, spot))
        elif spot < 0:
            yield problem


def _second_header(header: Header, rows: Sorted) -> Iterator[Problem]:
    """Tell a header further down whose columns stand in another order, once."""
    if rows.second:
        texts = [shown(cell) for cell in rows.second.cells if not is_blank(cell)]
        expected = "只有一个表头（这里又有一个，列的次序不同，以下没有读；请分成两张表，或把列排成一样）"
        place = replace(header.place(rows.second.number, 0), column="", spot=-1)
        yield Problem(header.grid.file, place, f"表头「{texts[0]}」等 {len(texts)} 列", expected, Flaw.UNCLEAR)


def _merged_counts(header: Header, rows: Sorted) -> Iterator[Problem]:
    """A count merged over several rows would count for each of them."""
    counted = {spot for name, spot in header.places.items() if header.form.columns[name].nature in _COUNTED}
    data = {row.number for row in rows.data}
    for span in header.grid.merged if counted else ():
        inside = [number for number in range(span.top, span.bottom + 1) if number in data]
        for spot in sorted(counted & set(range(span.left, span.right + 1))) if len(inside) > 1 else ():
            for number in inside:
                text = f"第 {span.top}—{span.bottom} 行合并"
                yield Problem(header.grid.file, header.place(number, spot), text, _UNMERGED, Flaw.UNCLEAR)


def _beyond(extract: Extract, rows: Sorted) -> Iterator[Problem]:
    """In a text file, a cell beyond the headings means that a comma has split another cell."""
    header, widths = extract.header, extract.header.grid.widths
    width = max((spot for spot, text in enumerate(header.headings) if text), default=-1) + 1
    short = [row.number for row in rows.data if widths.get(row.number, width) < width]
    if 2 * len(short) > len(rows.data) + 1 and not any(is_blank(row.cells[width - 1]) for row in rows.data
                                                       if row.number not in short):  # fmt: skip
        extract.notes.append(f"{len(short)} 行末尾没有写满 {width} 列，缺的读作空（这个文件行末的空格一律不写）")
        short = [number for number in short if number == header.grid.rows[-1].number and header.grid.is_cut]
    wide = any(len(row.cells) > width for row in header.grid.rows[:1])
    for row in rows.data if header.grid.encoding and (wide or short) else ():
        spot = next((n for n in range(width, len(row.cells)) if not is_blank(row.cells[n])), 0)
        if spot:
            expected = f"{width} 列，与表头一致（单元格里的逗号要用英文引号括起来）"
            yield Problem(header.grid.file, header.place(row.number, spot), f"{spot + 1} 列", expected, Flaw.SIZE)
        elif row.number in short:
            expected = f"{width} 列，与表头一致（像是缺了单元格，或文件在这里中断）"
            place = header.place(row.number, widths[row.number] - 1)
            yield Problem(header.grid.file, place, f"{widths[row.number]} 列", expected, Flaw.SIZE)


def _odd_beside(extract: Extract) -> Iterator[str]:
    """Tell the cells of columns we only keep that hold what cannot be read; they may hold names and are not shown."""
    header = extract.header
    faulty = _faulty(header)
    for spot, heading in header.unknown.items():
        rows = [row.number for row in extract.rows if (row.number, spot) in faulty or _refused(row.cells[spot])]
        if rows:
            why = "不参加计算，其中有读不出的内容（错误值、过长或看不见的字符）"
            yield f"「{shown(heading)}」{why}：第 {some_rows(rows)} 行"


def _refused(cell: object) -> bool:
    try:
        tidy(cell if isinstance(cell, str) else "")
    except ValueError:
        return True
    return False


def _empty_rows(extract: Extract, rows: Sorted, reads: dict[str, Cells]) -> dict[str, tuple[int, ...]]:
    """Return by heading the rows whose cells hold nothing, those the file itself could not give aside."""
    faulty = _faulty(extract.header)
    empty = {
        name: tuple(
            row.number
            for n, (row, value) in enumerate(zip(rows.data, cells.values, strict=True))
            if value is None
            and not (n in cells.odd and cells.odd[n].expected)
            and (row.number, extract.header.places[name]) not in faulty
        )
        for name, cells in reads.items()
        if None in cells.values
    }
    return {extract.header.heading(name): numbers for name, numbers in empty.items() if numbers}


def _notes(extract: Extract, rows: Sorted, reads: dict[str, Cells]) -> Iterator[str]:
    """Yield what a planner should know of a sheet that was read, but for what it does not hold."""
    header = extract.header
    for name in header.read_as:
        word = header.form.columns[name].chinese
        yield f"「{header.headings[header.places[name]]}」读作{word}（表里没有「{word}」一列）"
    if header.grid.from_1904:
        yield "日期按 1904 年起算的序号读取"
    if header.grid.filtered and (hidden := sum(row.hidden for row in header.grid.rows)):
        yield f"表里开着筛选，{hidden} 行被隐藏（可能只是被筛掉）"
    if numbers := [row.number for row in rows.data if row.hidden]:
        yield f"隐藏的行也读入：第 {some_rows(numbers)} 行"
    named = {spot for spot, text in enumerate(header.headings) if text}
    for spot in range(max(map(len, (row.cells for row in rows.data)), default=0)) if not header.grid.encoding else ():
        if spot not in named and any(not is_blank(row.cells[spot]) for row in rows.data):
            yield f"第 {spot + 1} 列没有列名，没有读"
    yield from _code_notes(extract, reads)
    yield from _odd_beside(extract)
    if hidden := [header.headings[spot] for spot in sorted(header.grid.hidden_columns) if spot in named]:
        yield f"隐藏的列也读入：{'、'.join(f'「{shown(heading)}」' for heading in hidden)}"
    if header.apart:
        yield f"第 {header.apart[0] + 1} 列起与前面隔着空列，像是另一张表，没有读"


def _commented(header: Header, places: Sequence[tuple[int, int]]) -> str:
    """Return the places of comments in words, the first few; one on a heading changes no number."""
    more = f" 等 {len(places)} 处" if len(places) > _FEW else ""
    return "、".join(str(replace(header.place(*place), sheet="")) for place in places[:_FEW]) + more


def _code_notes(extract: Extract, reads: dict[str, Cells]) -> Iterator[str]:
    """Tell codes whose check character is right and something else is odd."""
    columns = extract.header.form.columns
    for cells in (cells for name, cells in reads.items() if columns[name].nature == "code"):
        read = [n for n, code in enumerate(cells.values) if code]
        odd: dict[str, list[int]] = {}
        for n, why in sorted(doubts([cells.values[n] for n in read]).items()):
            odd.setdefault(why, []).append(extract.rows[read[n]].number)
        for why, rows in sorted(odd.items()):
            yield f"{len(rows)} 个代码{why}，请抽查：第 {some_rows(rows, 5)} 行"


def some_rows(rows: Sequence[int], limit: int = 10) -> str:
    """Return row numbers for a note, the first ten and how many there are.

    >>> some_rows(range(2, 14)), some_rows([3])
    ('2、3、4、5、6、7、8、9、10、11 等 12', '3')
    """
    more = f" 等 {len(rows)}" if len(rows) > limit else ""
    return "、".join(map(row_words, rows[:limit])) + more
