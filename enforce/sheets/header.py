"""The header (表头): which row of a sheet names the columns, which table they make, and which column is which.

Titles may stand above it, groups may be merged over two rows, units may stand in brackets. A heading that is not
known stays and is named; one that two columns share is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise

from enforce.sheets.form import Form
from enforce.sheets.grids.grid import Grid
from enforce.sheets.normal import is_blank
from enforce.words.problems import Flaw, Place, Problem
from enforce.words.texts import nearest, shown

DEPTH = 100  # rows searched for a header
_UNSEEN = re.compile("[\\s\u200b-\u200d\u2060\ufeff\u00ad]+")
_BRACKET = re.compile(r"(.+?)\(([^()]*)\)")
#: What may stand in brackets behind a heading without making it another one.
_REMARK = re.compile(
    r"\*|必填项?|选填项?|全称|是/否|是否|[a-d红橙黄蓝/、,]+|.*位|年.*日|y+[-/.]?m+[-/.]?d+|如.*|填.*|下拉.*|单位:?.*|"
    r"家次|家|户|次|家次/年|次/年|项|条|处|个|人|天|人日|月|元|万元|百元|千元"
)
_UNIT = re.compile(r"(?:单位:?)?(家次|家|户|次|项|条|处|个|人)(?:/年)?")
_MONEY = re.compile(r"单位[:：]?(?:人民币)?(万元|元)")
_FACTORS = {"元": 1, "万元": 10_000}


@dataclass(frozen=True)
class Header:
    """The header of one sheet for one form: its rows (places in the grid), headings, and the place of each column.

    `per_unit` is the unit of money in yuan, 0 where nothing tells it; `read_as` the columns whose heading is that of
    another.
    """

    form: Form
    grid: Grid
    rows: tuple[int, ...]
    headings: tuple[str, ...]
    places: dict[str, int] = field(default_factory=dict)
    twice: tuple[int, ...] = ()
    per_unit: int = 0
    read_as: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The row of the header as Excel shows it; the lower of two."""
        return self.grid.rows[self.rows[-1]].number

    @property
    def unknown(self) -> dict[int, str]:
        """Headings that are none of ours, by place."""
        known = {*self.places.values(), *self.twice}
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
def _known(heading: str, form: Form) -> tuple[str, int, str]:
    """Return the column a plain heading names, how sure that is (0 our own word) and the unit in brackets."""
    words, bracket = _words(form), _BRACKET.fullmatch(heading)
    if heading in words:
        return *words[heading], bracket[2] if bracket else ""
    if bracket:
        word, remark = bracket.groups()
        if word in words and _REMARK.fullmatch(remark) and _counts_so(words[word][0], form, remark):
            return *words[word], remark
    return "", 9, ""


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
    return best


def _rank(header: Header) -> tuple[bool, int]:
    return not header.missing, len(header.places)


def _candidates(grid: Grid) -> Iterator[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Yield places of rows that may be a header with their plain headings: single rows, then pairs."""
    filled = ((place, row) for place, row in enumerate(grid.rows) if not all(map(is_blank, row.cells)))
    rows = [(place, tuple(map(plain, row.cells))) for place, row in islice(filled, DEPTH)]
    for place, headings in rows:
        yield (place,), _once(headings, grid, grid.rows[place].number)
    for (upper, above), (lower, below) in pairwise(rows):
        number = grid.rows[lower].number
        if number == grid.rows[upper].number + 1:
            yield (upper, lower), _once(_joined(above, below), grid, number)


def _once(headings: tuple[str, ...], grid: Grid, number: int) -> tuple[str, ...]:
    """Return headings with one merged over several columns of the lowest row in the first of them only."""
    again = {
        place
        for span in grid.merged
        if span.top <= number <= span.bottom
        for place in range(span.left + 1, span.right + 1)
    }
    return tuple("" if place in again else heading for place, heading in enumerate(headings))


def _joined(above: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings of two rows: the lower where there is one, with the group above it."""
    pairs = zip(above, below, strict=True)
    return tuple(upper if upper == lower or not lower else f"{upper}\n{lower}".strip() for upper, lower in pairs)


def _header(grid: Grid, form: Form, rows: tuple[int, ...], headings: tuple[str, ...]) -> Header | None:
    """Return the header these headings make; None when they name no column of the form."""
    meanings = [_meant(heading, form) for heading in headings]
    places: dict[str, int] = {}
    twice = []
    for place, (name, rank, _) in enumerate(meanings):
        if name and (name not in places or rank < meanings[places[name]][1]):
            places[name] = place
        elif name and rank == meanings[places[name]][1]:
            twice.append(place)
    if not places:
        return None
    read_as = [(name, other) for name, other in form.stand_ins if name not in places and other in places]
    for name, other in read_as:
        places[name] = places.pop(other)
    as_written = tuple(_shown_heading(grid, rows, *heading) if heading[1] else "" for heading in enumerate(headings))
    money = next((place for name, place in places.items() if form.columns[name].nature == "money"), None)
    per_unit = 1 if money is None else _per_unit(grid, rows, headings[money] in form.columns, meanings[money][2])
    return Header(form, grid, rows, as_written, places, tuple(twice), per_unit, tuple(name for name, _ in read_as))


def _meant(heading: str, form: Form) -> tuple[str, int, str]:
    """Return the column of a heading, the group above it read along where it needs that: 隐患 over 重大."""
    if "\n" not in heading:
        return _known(heading, form)
    upper, lower = heading.split("\n")
    return min((_known(text, form) for text in (lower, upper + lower, lower + upper)), key=lambda known: known[1])


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
    problems = [_heading_problem(header, n, "每列只有一次", Flaw.REPEATED) for n in header.twice]
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


def _heading_problem(header: Header, spot: int, expected: str, kind: Flaw) -> Problem:
    return Problem(header.grid.file, Place(f"表头第 {spot + 1} 列"), shown(header.headings[spot]), expected, kind)
