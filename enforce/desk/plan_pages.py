"""The pages (各表) of a plan's workbook: the choices by the plan's model, the tables by their forms, nothing by hand.

Each has its headings with units, closed lists, what is compulsory and an example (examples.csv) marked as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import pandas as pd

from enforce.inputs.parameters.entries import entry_steps
from enforce.inputs.parameters.plan import Plan, Words
from enforce.inputs.parameters.plan_cells import leaf_cell
from enforce.inputs.parameters.plan_sheets import ChoiceLeaf, Section, sections
from enforce.inputs.parameters.samples import sample_row
from enforce.inputs.tables.forms import forms
from enforce.inputs.tables.writing import exchange_table
from enforce.papers.books.entry_book import Area, Box, EntryPage
from enforce.sheets.codes import FORM, credit_code
from enforce.sheets.columns import FULL, Column
from enforce.sheets.form import Form

#: The sheets in their order; a sheet that is not named here stands behind them.
ORDER = (
    *("说明", "基本信息", "科队人日", "重点时段", "检查事项", "执法人员", "企业台账", "检查记录", "家次限制", "处罚"),
    *("公布数", "公文与报送", "别处的检查", "查证", "名单增减", "回避", "请假", "公示登记", "其他工作", "本区用语"),
)
#: Table and sheet of the teams, whose names other sheets choose from; the rows of a table left to fill in.
_TEAMS, _SPARE = ("teams", "科队人日"), 2000
_KINDS = {"date": "date", "count": "whole", "money": "whole", "days": "number", "share": "share"}
#: What no column with a form of its own takes: its refusal says the form.
_FORMLESS = "？"
#: What a description shows of YAML alone: an example in brackets, the quotes of a date.
_IN_YAML = re.compile(r'，(?:如|可以是) (?:\[.*?\]|\{.*?\})|"(?=\d)|(?<=\d)"')
#: Units that a heading says behind a count; others are those of what is counted.
_UNITS = frozenset({"家次", "家", "人", "项", "次"})


def plan_pages(raw: dict, year: int, tables: Mapping[str, pd.DataFrame] | None = None) -> list[EntryPage]:
    """Return the pages of a plan: its choices as far as they are known, and sheets for its tables, empty or filled.

    `raw` are entries as YAML has them, `tables` tables of ours by name; with None there are no sheets for tables.
    """
    pages = list(_choice_pages(raw, year))
    if tables is not None:
        pages += _table_pages(raw, year, tables, _team_range(raw))
    return sorted(pages, key=lambda page: ORDER.index(page.name) if page.name in ORDER else len(ORDER))


def table_pages(raw: dict, year: int, tables: Mapping[str, pd.DataFrame]) -> list[EntryPage]:
    """Return the sheets of a plan's tables, empty or filled, in the words of its bureau."""
    return list(_table_pages(raw, year, tables, ""))


def _choice_pages(raw: dict, year: int) -> Iterator[EntryPage]:
    known = sections(Plan)
    for sheet in dict.fromkeys(section.sheet for section in known):
        areas = tuple(_choice_area(section, raw, year) for section in known if section.sheet == sheet)
        yield EntryPage(sheet, areas)


def _choice_area(section: Section, raw: dict, year: int) -> Area:
    """Return the area of a section, with the values there are."""
    boxes = tuple(_leaf_box(section, leaf, raw) for leaf in section.leaves)
    here = _entry_at(raw, section.entry)
    entries = (here or []) if section.listed else [here if isinstance(here, dict) else {}]
    rows = tuple([_entry_cell(entry, leaf) for leaf in section.leaves] for entry in entries)
    sample = sample_row(section.title, [leaf.heading for leaf in section.leaves], year) if section.listed else ()
    return Area(f"【{section.title}】", boxes, rows, section.listed, sample)


def _leaf_box(section: Section, leaf: ChoiceLeaf, raw: dict) -> Box:
    kind = "text" if leaf.many or leaf.parts else leaf.kind
    forms_in = "=".join(part.heading for part in leaf.parts)
    typed = f"写法：{forms_in}，几项用分号隔开" if forms_in else "几项用分号隔开" * leaf.many
    manual = "、".join(leaf.words) if leaf.words else _IN_YAML.sub("", leaf.manual)
    note = "；".join(filter(None, (manual, typed)))
    needed = leaf.choice if leaf.choice else not (leaf.optional or leaf.many or leaf.parts)
    below = sum(
        1
        for other in section.leaves
        if len(other.path) > len(leaf.path) and leaf.choice and other.path[: len(leaf.path)] == leaf.path
    )
    teams = leaf.path[-1:] == ("team",) and section.entry != _TEAMS[0]
    return Box(leaf.heading, kind, note, tuple(leaf.words), needed, below, _team_range(raw) if teams else "")


def _entry_at(raw: object, entry: str) -> object:
    """Return what stands at a path of the entries; None where nothing does."""
    for step in entry_steps(entry):
        raw = raw.get(step) if isinstance(raw, dict) else None
    return raw


def _entry_cell(entry: object, leaf: ChoiceLeaf) -> object:
    """Return the cell of a leaf in one entry; an entry that is one value stands in the leaf without a path."""
    if not leaf.path:
        return None if isinstance(entry, dict) else leaf_cell(entry, leaf)
    value = _entry_at(entry, ".".join(leaf.path))
    plural = isinstance(value, dict) and not leaf.parts
    return None if value is None or plural else leaf_cell(value, leaf)


# --- the tables ---


def _table_pages(raw: dict, year: int, tables: Mapping[str, pd.DataFrame], teams: str) -> Iterator[EntryPage]:
    """Yield the sheets of tables; `teams` are the cells that hold the names of the teams, '' where none do."""
    words = Words.model_validate(raw.get("words", {})).vocabulary
    for form in forms(words).values():
        if form.sheet:
            cells = exchange_table(tables[form.table], form).to_numpy().tolist() if form.table in tables else []
            yield EntryPage(form.sheet, (table_area(form, teams, year, cells),))


def table_area(form: Form, teams: str, year: int, cells: Sequence[Sequence[object]]) -> Area:
    """Return the area to fill in of a form, with the rows there are."""
    boxes = tuple(_column_box(column, teams) for column in form.ours)
    sample = sample_row(form.kind, [column.name for column in form.ours], year)
    note = "　一行一条；带 * 的列必填；灰色的示例行不读入，可以删"
    return Area(form.title, boxes, tuple(tuple(row) for row in cells), sample=sample, spare=_SPARE, note=note)


def _column_box(column: Column, teams: str) -> Box:
    """Return what is filled in in a column: its heading with the unit, and the form its cells must have."""
    unit = f"（{column.units[0]}）" if column.units[:1] and column.units[0] in _UNITS else ""
    expected = ""
    with suppress(TypeError):
        try:
            column.parse(_FORMLESS)
        except ValueError as error:
            expected = FORM if column.parse is credit_code else str(error)
    words = tuple(getattr(column.parse, "words", ()))
    source = teams if column.name == "team" else ""
    needed = column.required and column.blank is FULL
    return Box(column.chinese + unit, _KINDS.get(column.nature, "text"), expected, words, needed, 0, source)


def _team_range(raw: dict) -> str:
    """Return the cells that hold the names of the teams: below title, headings and example of their sheet."""
    last = 3 + len(raw.get("teams", ())) + Area("", ()).spare
    return f"='{_TEAMS[1]}'!$B$4:$B${last}"
