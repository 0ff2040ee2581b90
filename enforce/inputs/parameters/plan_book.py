"""The workbook (工作簿) as a plan: the cells of its sheets of choices read into the entries a YAML file has.

Sections are known by their titles in 【】 on whatever sheet they stand; a section twice, an unknown heading with
something under it and a cell merged over several choices are refused. One schema checks the entries of both forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from enforce.inputs.parameters.entries import Entry, entry_steps
from enforce.inputs.parameters.plan_cells import leaf_value
from enforce.inputs.parameters.plan_sheets import ChoiceLeaf, Section, sections
from enforce.inputs.parameters.samples import EXPECTED, is_sample
from enforce.inputs.parameters.source import EntrySource, located
from enforce.sheets.grids import read_grids
from enforce.sheets.grids.grid import Grid, GridRow
from enforce.sheets.header import plain
from enforce.sheets.normal import is_blank
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import ITEM, NOTE, SAMPLE, SERIAL, VALUE
from enforce.words.texts import nearest, shown, shown_path

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et")
#: Where a plan's workbook finds what it does not name: its own folder, and those of the project.
PLACES = {
    "tables": ".",
    "calendar": "../calendar",
    "rules": "../../params/rules",
    "templates": "../../params/templates",
}
#: Sections without which a workbook is no plan.
NEEDED = ("基本信息", "科队")
_TITLE = re.compile(r"【(.+?)】")
_BESIDE = frozenset({SERIAL, NOTE, "备注"})


class ChoiceBlock(NamedTuple):
    """The rows of one section of a workbook: the sheet, its row of headings (none in an empty one), those below it."""

    section: Section
    grid: Grid
    head: tuple[GridRow, ...]
    rows: tuple[GridRow, ...]

    @property
    def headings(self) -> list[tuple[int, object]]:
        """The headings with their places."""
        return [(spot, cell) for row in self.head for spot, cell in enumerate(row.cells) if not is_blank(cell)]

    def place(self, row: GridRow | None = None, spot: int = 0, entry: str = "") -> Place:
        """Return the place of a cell; without a row that of the headings."""
        rows = [row] if row else self.head
        return Place(entry, self.grid.sheet, rows[0].number if rows else 1, spot=spot)

    def problem(self, place: Place, value: str, expected: str, flaw: Flaw = Flaw.VALUE) -> Problem:
        """Return a problem of a cell; one that is no choice is called by the section."""
        title = f"【{self.section.title}】"
        called = place if place.entry else replace(place, entry=title, term=title)
        return Problem(self.grid.file, called, value, expected, flaw)


def is_book(path: Path) -> bool:
    """Whether a plan is a workbook, by the ending of its file."""
    return Path(path).suffix.lower() in ENDINGS


def plan_name(path: Path) -> str:
    """Return what the plan of a file must be called: like the YAML file, or the folder of the workbook.

    >>> plan_name(Path("params/yunxi-2026.yaml")), plan_name(Path("data/yunxi-2026/年度计划.xlsx"))
    ('yunxi-2026', 'yunxi-2026')
    """
    return path.absolute().parent.name if is_book(path) else path.stem


def read_book(path: Path, model: type[Entry]) -> tuple[EntrySource, list[Problem]]:
    """Return the entries of a plan's workbook as plain data with the cell of each, and the cells that cannot be taken.

    InputError where sections are missing, unknown or twice, or rows stand outside of them.
    """
    source, problems = EntrySource({}, {}), []
    for block in _blocks(shown_path(path), read_grids(path), model):
        source.places.setdefault(block.section.entry, block.place())
        problems += (_list_rows if block.section.listed else _form_rows)(block, source)
        problems += _of_file(block, source)
    for name, value in {**PLACES, "name": plan_name(path)}.items():
        source.setdefault(name, value)
    return source, located(problems, source, model)


# --- the sections ---


def _blocks(file: str, grids: tuple[Grid, ...], model: type[Entry]) -> list[ChoiceBlock]:
    """Return the sections of a workbook; InputError where one is missing, unknown or twice, or a row is in none."""
    known = {section.title: section for section in sections(model)}
    sheets, blocks, problems = {section.sheet for section in known.values()}, {}, []
    for grid in grids:
        titles = [n for n, row in enumerate(grid.rows) if _section_title(row)]
        if titles or grid.sheet in sheets:
            problems += _stray_rows(file, grid, grid.rows[: titles[0]] if titles else grid.rows)
        for start, end in zip(titles, [*titles, len(grid.rows)][1:], strict=True):
            title, place = _section_title(grid.rows[start]), Place(sheet=grid.sheet, row=grid.rows[start].number)
            rows = tuple(row for row in grid.rows[start + 1 : end] if not all(map(is_blank, row.cells)))
            if title not in known:
                expected = f"本程序的段名{nearest(title, known)}"
                problems.append(Problem(file, place, shown(f"【{title}】"), expected, Flaw.UNKNOWN))
            elif title in blocks:
                expected = f"只有一段（工作表「{blocks[title].grid.sheet}」里已有，请删去一处）"
                problems.append(Problem(file, place, f"【{title}】", expected, Flaw.REPEATED))
            else:
                blocks[title] = ChoiceBlock(known[title], grid, rows[:1], rows[1:])
    there = "、".join(grid.sheet for grid in grids)
    for title in NEEDED:
        if title not in blocks:
            expected = f"工作表「{known[title].sheet}」里的【{title}】一段（现有工作表：{there}）"
            problems.append(Problem(file, Place(f"【{title}】"), "（没有）", expected, Flaw.MISSING))
    refuse(problems)
    return list(blocks.values())


def _section_title(row: GridRow) -> str:
    """Return the title of a section that begins in a row; '' where none does."""
    if isinstance(row.cells[0], str) and row.cells[0][:1].isalnum():  # nearly every row of a big table
        return ""
    first = next((cell for cell in row.cells if not is_blank(cell)), None)
    match = _TITLE.match(first.strip()) if isinstance(first, str) else None
    return match[1] if match else ""


def is_plan_book(grids: Iterable[Grid]) -> bool:
    """Whether a workbook holds a plan: one of its sheets has a section no plan is without."""
    return any(_section_title(row) in NEEDED for grid in grids for row in grid.rows)


def _stray_rows(file: str, grid: Grid, rows: Iterable[GridRow]) -> Iterator[Problem]:
    """Yield the first row of a sheet of choices that stands in no section: nothing is passed over in silence."""
    for row in rows:
        text = next((cell for cell in row.cells if not is_blank(cell)), None)
        if text is not None:
            expected = "在某一段里的行（段名如【基本信息】写在各行上面，不能删、不能改）"
            yield Problem(file, Place(sheet=grid.sheet, row=row.number), shown(text), expected, Flaw.UNKNOWN)
            return


def _of_file(block: ChoiceBlock, source: EntrySource) -> Iterator[Problem]:
    """Yield what the file itself could not give, and cells merged over several choices."""
    sheet, rows = block.grid.sheet, {row.number for row in (*block.head, *block.rows)}
    places = ((entry, place) for entry, place in source.places.items() if place.sheet == sheet and place.entry)
    cells = {(place.row, place.spot): entry for entry, place in places}
    for one in block.grid.problems:
        if one.place.row in rows:
            entry = cells.get((one.place.row, one.place.spot), "")
            yield block.problem(replace(one.place, entry=entry), one.found, one.expected, one.kind)
    for span in block.grid.merged:
        inside = [one for one in cells if span.top <= one[0] <= span.bottom and span.left <= one[1] <= span.right]
        if len(inside) > 1 and span.top in rows:
            place = Place(sheet=sheet, row=span.top, spot=span.left)
            yield block.problem(place, f"合并了 {len(inside)} 格", "一格一项（取消合并，分别填写）", Flaw.UNCLEAR)


# --- the cells ---


def _form_rows(block: ChoiceBlock, source: EntrySource) -> Iterator[Problem]:
    """Read the rows of a form into the entries; yield what cannot be taken."""
    spots = {plain(cell): spot for spot, cell in block.headings}
    if not {ITEM, VALUE} <= spots.keys():
        yield block.problem(block.place(), "", f"表头「{ITEM}」「{VALUE}」", Flaw.MISSING)
        return
    leaves = {plain(leaf.heading): leaf for leaf in block.section.leaves}
    for row in block.rows:
        item, cell = row.cells[spots[ITEM]], row.cells[spots[VALUE]]
        leaf, place = leaves.pop(plain(item), None), block.place(row, spots[VALUE])
        if leaf is not None:
            yield from _set_leaf(block, leaf, cell, source, replace(place, entry=block.section.path(leaf)))
        elif not is_blank(cell):
            yield block.problem(place, shown(item), f"这一段里有的项目，只写一次{_near(item, leaves)}", Flaw.UNKNOWN)


def _list_rows(block: ChoiceBlock, source: EntrySource) -> Iterator[Problem]:
    """Read the rows of a table into a list of entries; yield what cannot be taken."""
    leaves = {plain(leaf.heading): leaf for leaf in block.section.leaves}
    spots: dict[int, ChoiceLeaf] = {}
    for spot, cell in block.headings:
        if (leaf := leaves.pop(plain(cell), None)) is not None:
            spots[spot] = leaf
        elif plain(cell) not in _BESIDE and any(not is_blank(row.cells[spot]) for row in block.rows):
            place, expected = block.place(block.head[0], spot), f"这一段里有的列名，只写一次{_near(cell, leaves)}"
            yield block.problem(place, shown(cell), expected, Flaw.UNKNOWN)
    samples = [row for row in block.rows if plain(row.cells[0]) == SAMPLE]
    for row in block.rows:
        cells = {leaf.heading: row.cells[spot] for spot, leaf in spots.items()}
        if is_sample(block.section.title, cells) != (row in samples):
            yield block.problem(block.place(row), SAMPLE, EXPECTED, Flaw.UNCLEAR)
    rows = [row for row in block.rows if not row.struck and row not in samples]
    filled = [row for row in rows if not all(is_blank(row.cells[spot]) for spot in spots)]
    for number, row in enumerate(filled):
        source.places[f"{block.section.entry}[{number}]"] = block.place(row)
        clashes: set[str] = set()
        for spot, leaf in spots.items():
            place = block.place(row, spot, block.section.path(leaf, number))
            for problem in _set_leaf(block, leaf, row.cells[spot], source, place):
                if problem.kind is not Flaw.CONFLICT or not clashes & set(leaf.path):
                    yield problem
                clashes |= set(leaf.path) if problem.kind is Flaw.CONFLICT else set()


def _near(word: object, leaves: Mapping[str, ChoiceLeaf]) -> str:
    return nearest(str(word), [leaf.heading for leaf in leaves.values()])


def _set_leaf(
    block: ChoiceBlock, leaf: ChoiceLeaf, cell: object, source: EntrySource, place: Place
) -> Iterator[Problem]:
    """Put a cell into the entries where it belongs, and note its place; yield why it cannot be taken."""
    if not source.places.get(place.entry, Place()).entry:
        source.places[place.entry] = place
    try:
        value = None if is_blank(cell) else leaf_value(cell, leaf)
    except ValueError as error:
        yield block.problem(place, shown(cell), str(error))
        return
    if value is None and (leaf.many or leaf.parts) and not leaf.optional:
        value = []
    if value is not None and not _set(source, entry_steps(place.entry), value):
        yield block.problem(place, shown(cell), "只写合计一个数，或只写各个细目", Flaw.CONFLICT)


def _set(entries: dict | list, steps: list[int | str], value: object) -> bool:
    """Set an entry by its path, making what holds it; False where something else stands in its place."""
    first, *more = steps
    empty: dict | list = [] if more and isinstance(more[0], int) else {}
    if isinstance(entries, list):
        if first == len(entries):
            entries.append(empty if more else value)
            return not more or _set(entries[first], more, value)
        inner = entries[first]
    elif more:
        inner = entries.setdefault(first, empty)
    else:
        return first not in entries and entries.setdefault(first, value) is value
    return bool(more) and isinstance(inner, dict | list) and _set(inner, more, value)
