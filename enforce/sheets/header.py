"""The header (表头): which row of a sheet names the columns, which table they make, and which column is which.

Titles may stand above it, groups may be merged over two rows, units may stand in brackets. A heading that is not
known stays and is named; one that two columns share is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby, islice

from enforce.sheets.form import Form
from enforce.sheets.grids.grid import Grid, GridRow, Span
from enforce.sheets.normal import is_blank
from enforce.words.problems import Flaw, Place, Problem
from enforce.words.texts import nearest, shown

_TALLEST = 3  # rows of a header
DEPTH = 100  # rows searched for a header
_UNSEEN = re.compile("[\\s\u200b-\u200d\u2060\ufeff\u00ad]+")
_BRACKET = re.compile(r"(.+?)(?:\(([^()]*)\)|,(.+))")
#: What may stand in brackets behind a heading without making it another one.
_REMARK = re.compile(
    r"\*|必填项?|选填项?|全称|是/否|是否|[a-d红橙黄蓝/、,]+|.*位|年.*日|y+[-/.]?m+[-/.]?d+|如.*|填.*|下拉.*|(?:调整|变更|修订|修改|核定)后?|单位:?.*|"
    r"家次|家|户|次|家次/年|次/年|项|条|处|个|人|天|人日|月|元|万元|百元|千元"
)
#: Columns whose heading may have any remark behind it but one of these.
_OPEN = frozenset({"code", "name"})
_OTHER = re.compile("原|旧|曾|前|英文|简称|上级|总公司|法人|法定|复查|其他|家|数|率|日期|时间")
_UNIT = re.compile(r"(?:单位:?)?(家次|家|户|次|项|条|处|个|人)(?:/年)?")
_MONEY = re.compile(r"单位[:：]?(?:人民币)?(万元|元)")
_DATUM = re.compile("[0-9]{8,}|[0-9a-z]{18}")
#: What stands below a group for the figure that the group names.
_WHOLE = frozenset({"合计", "总计", "小计", "总数", "数量", "总量"})
_FACTORS = {"元": 1, "万元": 10_000}


@dataclass(frozen=True)
class Header:
    """The header of one sheet for one form: its rows (places in the grid), headings, and the place of each column.

    `per_unit` is the unit of money in yuan, 0 where nothing tells it; `read_as` the columns whose heading is that of
    another. `twice` are the columns that say other values of a column that stands elsewhere, `split` those a group
    heading names whose parts are none, `apart` those beyond an empty column, of which nothing is read. `more` are
    the headers of other sheets the table goes on in.
    """

    form: Form
    grid: Grid
    rows: tuple[int, ...]
    headings: tuple[str, ...]
    places: dict[str, int] = field(default_factory=dict)
    twice: Mapping[int, str] = field(default_factory=dict)
    split: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    apart: tuple[int, ...] = ()
    per_unit: int = 0
    read_as: tuple[str, ...] = ()
    more: tuple[Header, ...] = ()

    @property
    def number(self) -> int:
        """The row of the header as Excel shows it; the lower of two."""
        return self.grid.rows[self.rows[-1]].number

    @property
    def unknown(self) -> dict[int, str]:
        """Headings that are none of ours, by place."""
        known = {*self.places.values(), *self.twice, *self.apart}
        return {place: text for place, text in enumerate(self.headings) if text and place not in known}

    @property
    def missing(self) -> list[str]:
        """Columns the form needs at least and the sheet lacks."""
        return [name for name in self.form.columns if name in self.form.minimum and name not in self.places]

    def place(self, number: int, spot: int) -> Place:
        """Return the place of a cell by its row as Excel shows it and its column from 0."""
        heading = self.headings[spot] if spot < len(self.headings) else ""
        name = next((name for name, place in self.places.items() if place == spot), "")
        sheet = shown(self.grid.sheet) if self.grid.sheet else ""
        return Place(sheet=sheet, row=number, column=heading or f"第 {spot + 1} 列", spot=spot, name=name)

    def heading(self, name: str) -> str:
        """Return what the planner wrote at the head of a column, else our word for it."""
        return self.headings[self.places[name]] if name in self.places else self.form.columns[name].chinese


def plain(cell: object) -> str:
    """Return a heading as it is compared: no spaces and line breaks, half width, no star before, no colon behind.

    >>> plain(" 罚款\\n（元）*"), plain("统一社会\\u3000信用代码：")
    ('罚款(元)', '统一社会信用代码')
    """
    text = "" if cell is None or isinstance(cell, bool) else str(cell)
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip("*:※☆★").casefold()


@lru_cache(maxsize=4096)
def meaning(heading: str, form: Form) -> tuple[str, int, str]:
    """Return the column a plain heading names, '' for none, how sure that is (0 our own word), the unit in brackets.

    >>> from enforce.sheets.columns import Column
    >>> meaning("名称", Form("x", "", "", (Column("name", str, header="名称"),), (), frozenset(), {}))
    ('name', 0, '')
    """
    words, bracket = _words(form), _BRACKET.fullmatch(heading)
    if heading in words:
        return *words[heading], bracket[2] if bracket else ""
    if bracket:
        word, remark = bracket[1], bracket[2] or bracket[3] or ""
        remarked = word in words and form.columns[words[word][0]].nature in _OPEN and not _OTHER.search(remark)
        if remarked or (word in words and _REMARK.fullmatch(remark) and _counts_so(words[word][0], form, remark)):
            return *words[word], remark
    named = {words[part][0] for part in re.split("[/或、()]", heading) if part in words}
    codes = [name for name in named if form.columns[name].nature == "code"]
    return (codes[0], 2, "") if len(named) == len(codes) == 1 else ("", 9, "")


def _counts_so(name: str, form: Form, remark: str) -> bool:
    """Whether a column may be counted in the unit in brackets: 计划家次（家） is another count than 家次."""
    unit, column = _UNIT.fullmatch(remark), form.columns[name]
    return not unit or column.nature != "count" or unit[1] in column.units


@lru_cache(maxsize=8)
def _words(form: Form) -> dict[str, tuple[str, int]]:
    """Return plain heading -> column and how sure it is: 0 our own word, then the order of the synonyms."""
    words = {}
    for name, text in form.words.items():
        words |= {plain(word): (name, 1) for word in text.split()}
    for column in form.columns.values():
        words |= {plain(word): (column.name, 0) for word in (column.name, column.chinese)}
    return words


def sheet_header(grid: Grid, form: Form) -> Header | None:
    """Return the header of a sheet for a form: the row, or two rows, that name most of its columns; None without one.

    Of two that name as many the upper one is the header: it may stand again at the head of every page.
    """
    best = None
    for rows, headings in _candidates(grid):
        header = _header(grid, form, rows, headings)
        if header and (best is None or _rank(header) > _rank(best)):
            best = header
    return best and _with_rivals(best)


def _rank(header: Header) -> tuple[bool, int]:
    return not header.missing, len(header.places)


def _candidates(grid: Grid) -> Iterator[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Yield places of rows that may be a header with their plain headings: single rows, then two and three together.

    Rows that cells merged downwards bind to others are none without those; a row with a long number is none of several.
    """
    filled = ((place, row) for place, row in enumerate(grid.rows) if not all(map(is_blank, row.cells)))
    rows = [(place, tuple(map(plain, row.cells))) for place, row in islice(filled, DEPTH)]
    data = {place for place, cells in rows if any(map(_DATUM.fullmatch, cells))}
    bound = {row for span in grid.merged if span.bottom - span.top < _TALLEST for row in range(span.top, span.bottom)}
    for height in range(1, _TALLEST + 1):
        for first in range(len(rows) - height + 1):
            places, headings = zip(*rows[first : first + height], strict=True)
            top, bottom = (grid.rows[place].number for place in (places[0], places[-1]))
            if bottom - top == height - 1 and not {top - 1, bottom} & bound and not (height > 1 and data & {*places}):
                yield places, _once(_joined(headings), grid, bottom)


def _once(headings: tuple[str, ...], grid: Grid, number: int) -> tuple[str, ...]:
    """Return headings with one merged over several columns of the lowest row in the first of them only."""
    again = {
        place
        for span in grid.merged
        if span.top <= number <= span.bottom
        for place in range(span.left + 1, span.right + 1)
    }
    return tuple("" if place in again else heading for place, heading in enumerate(headings))


def _joined(rows: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the headings of rows above each other: the lowest where there is one, with the groups above it."""
    return tuple("\n".join(text for text, _ in groupby(filter(None, texts))) for texts in zip(*rows, strict=True))


def _header(grid: Grid, form: Form, rows: tuple[int, ...], headings: tuple[str, ...]) -> Header | None:
    """Return the header these headings make; None when they name no column of the form."""
    meanings = [_meant(heading, form) for heading in headings]
    places: dict[str, int] = {}
    for place, (name, rank, _) in enumerate(meanings):
        if name and (name not in places or rank < meanings[places[name]][1]):
            places[name] = place
    if not places:
        return None
    sure = {name: meanings[place][1] for name, place in places.items()}
    read_as = [(name, other) for name, other in form.stand_ins if name not in places and other in places]
    for name, other in read_as:
        places[name] = places.pop(other)
    moved = {other: name for name, other in read_as}
    again = {
        n: moved.get(name, name)
        for n, (name, rank, _) in enumerate(meanings)
        if name and n not in places.values() and (rows[-1] + 1 < len(grid.rows) or rank == sure[name])
    }
    groups = {n: _group(heading, form) for n, heading in enumerate(headings)}
    split = {name: tuple(n for n in groups if groups[n] == name) for name in {*groups.values()} - {*places, ""}}
    as_written = tuple(_shown_heading(grid, rows, *heading) if heading[1] else "" for heading in enumerate(headings))
    money = next((place for name, place in places.items() if form.columns[name].nature == "money"), None)
    per_unit = 1 if money is None else _per_unit(grid, rows, headings[money] in form.columns, meanings[money][2])
    others = tuple(name for name, _ in read_as)
    return Header(form, grid, rows, as_written, places, again, split, (), per_unit, others)


def _group(heading: str, form: Form) -> str:
    """Return the column that the group above a heading names where the heading itself names none."""
    upper = heading.rpartition("\n")[0]
    names = (meaning(text, form)[0] for text in upper.split("\n") if upper)
    counts = [name for name in names if name and form.columns[name].nature in ("count", "money")]
    return counts[-1] if counts and not _meant(heading, form)[0] else ""


def _with_rivals(header: Header) -> Header:
    """Return a header with what is apart, and with those of its second columns that say something else."""
    apart = _columns_apart(header)
    grid = header.grid
    if apart:
        rows = (row._replace(cells=tuple(None if n in apart else cell for n, cell in enumerate(row.cells)))
                if n >= header.rows[0] else row for n, row in enumerate(grid.rows))  # fmt: skip
        grid = replace(grid, rows=tuple(rows))
    below = header.grid.rows[header.rows[-1] + 1 :]
    columns, places = header.form.columns, header.places
    twice = {
        spot: name
        for spot, name in header.twice.items()
        if (columns[name] in header.form.ours or columns[name].nature != "text")
        and not (
            below and all(is_blank(row.cells[spot]) or row.cells[spot] == row.cells[places[name]] for row in below)
        )
    }
    return replace(header, grid=grid, twice=twice, apart=tuple(sorted(apart)))


def _columns_apart(header: Header) -> set[int]:
    """Return the columns beyond one that is empty from the header down: they are of another table, or of none."""
    below = header.grid.rows[header.rows[0] :]
    wide = [span for span in header.grid.merged if span.right > span.left]
    used: list[set[int]] = [set()]
    for spot, heading in enumerate(header.headings):
        if heading or any(not is_blank(row.cells[spot]) and not _in_wide_cell(row, spot, wide) for row in below):
            used[-1].add(spot)
        elif used[-1]:
            used.append(set())
    known = set(header.places.values())
    main = max(used, key=lambda spots: len(spots & known))
    return set().union(*used) - main


def _in_wide_cell(row: GridRow, spot: int, spans: list[Span]) -> bool:
    return any(span.top <= row.number <= span.bottom and span.left <= spot <= span.right for span in spans)


def _meant(heading: str, form: Form) -> tuple[str, int, str]:
    """Return the column of a heading, the groups above it read along where it needs that: 隐患 over 重大.

    风险分级 over 等级 is 风险等级: of a group its first word may be meant.
    """
    *groups, lower = heading.split("\n")
    direct = [
        meaning(lower, form),
        *(meaning(upper, form) for upper in groups if lower in _WHOLE),
        *(meaning(text, form) for upper in groups for text in (upper + lower, lower + upper)),
    ]
    best = min(direct, key=lambda known: known[1])
    if best[0]:
        return best
    return next((known for upper in groups if (known := meaning(upper[:2] + lower, form))[0]), best)


def _shown_heading(grid: Grid, rows: tuple[int, ...], place: int, heading: str) -> str:
    """Return a heading as it stands in the file, on one line."""
    texts = [grid.rows[row].cells[place] for row in rows]
    written = [_UNSEEN.sub("", str(text)) for text in texts if not is_blank(text)]
    return "/".join(dict.fromkeys(written)) if "\n" in heading else (written or [""])[-1]


def _per_unit(grid: Grid, rows: tuple[int, ...], ours: bool, unit: str) -> int:
    """Return the yuan in a unit of the money column: from its heading, else from 单位：万元 above the header.

    Under our own name of the column, which is English, money is in yuan.
    """
    if unit in _FACTORS or ours:
        return _FACTORS.get(unit, 1)
    above = "".join(str(cell) for row in grid.rows[: rows[0]] for cell in dict.fromkeys(row.cells) if cell)
    units = set(_MONEY.findall(_UNSEEN.sub("", above)))
    return _FACTORS[units.pop()] if len(units) == 1 and not unit else 0


def header_problems(header: Header, required: list[str], wanted: list[str] | None = None) -> list[Problem]:
    """Return columns that stand there twice, required ones that are missing, and what an unknown heading may mean.

    `wanted` are the columns such a heading may mean; without it, the required ones.
    """
    problems = [*_clashes(header), *_groups_apart(header)]
    absent = [name for name in required if name not in header.places]
    words = [header.form.columns[name].chinese for name in absent]
    meant = [header.form.columns[n].chinese for n in wanted or () if n not in header.places] or words
    hints = {place: nearest(text, meant) for place, text in header.unknown.items()}
    problems += [_heading_problem(header, n, f"已知的列名{hint}", Flaw.UNKNOWN) for n, hint in hints.items() if hint]
    at = Place("表头" if header.rows == (0,) else f"表头（第 {header.number} 行）")
    return [
        *problems,
        *(Problem(header.grid.file, at, "（缺一列）", f"有「{word}」列", Flaw.MISSING) for word in words),
    ]


def _clashes(header: Header) -> Iterator[Problem]:
    """Yield two columns for one thing, both named, and group headings whose parts are no columns."""
    hidden = header.grid.hidden_columns
    for spot, name in header.twice.items():
        word, other = header.form.columns[name].chinese, header.places[name]
        first, second = (
            f"第 {n + 1} 列「{header.headings[n]}」{'（隐藏）' if n in hidden else ''}" for n in (other, spot)
        )
        expected = f"每列只有一次：{first}与{second}都可以是「{word}」而数不同，请留下要用的一列，把另一列改名或删去"
        yield _heading_problem(header, spot, expected, Flaw.REPEATED)
    for name, spots in header.split.items():
        parts = "、".join(shown(header.headings[spot]) for spot in spots)
        expected = (
            f"一列「{header.form.columns[name].chinese}」（这里表头有几行，分成 {len(spots)} 列：{parts}；请合成一列）"
        )
        yield _heading_problem(header, spots[0], expected, Flaw.UNCLEAR)


def _groups_apart(header: Header) -> Iterator[Problem]:
    """Yield columns of ours that stand beyond an empty column."""
    known = {spot for spot in header.apart if spot in header.places.values()}
    if known:
        expected = "一张表（前面隔着空列，像是另一张表：是同一张表请删去空列，不是的请移到别的工作表）"
        yield _heading_problem(header, min(known), expected, Flaw.UNCLEAR)


def _heading_problem(header: Header, spot: int, expected: str, kind: Flaw) -> Problem:
    return Problem(header.grid.file, Place(f"表头第 {spot + 1} 列"), shown(header.headings[spot]), expected, kind)
