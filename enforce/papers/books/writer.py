"""A workbook (工作簿): the one writer of .xlsx, for tables that others print, filter and file.

Every text is written as text, every number as a number. A total is an Excel formula that carries the value computed
here; before a book is written it is read back, and one that differs anywhere is refused. The bytes depend on the
contents alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.fitting import pages_of
from enforce.papers.books.layout import workbook_bytes
from enforce.papers.books.public import public_problems
from enforce.papers.books.readback import check_book
from enforce.papers.screen.cells import unsafe_characters
from enforce.words.files import write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import label

NOTES = "说明"

_EXCEL_LIMIT = 32_767  # Excel cuts a longer text without a word

_COUNTING_RULES = (
    ("家次", "一家单位按一个事项检查一次，计 1 家次。"),
    ("家", "被检查的单位数；同一单位不论检查几次，计 1 家。"),
    ("入企次数", "进一次门计 1 次；一次入企可以完成多个事项的家次。"),
    ("检查记录", "写成并存档的检查文书数。"),
    ("人日", "一名执法人员工作一天；半天计 0.5 人日。"),
    ("口径之间", "以上各数口径不同，不得相加，也不得互相替代。"),
    ("合计", "表中合计均为公式；写出前已逐格复算，与存入的数值一致。"),
)


def write_book(path: str | Path, sheets: Sequence[Sheet], meta: Meta) -> Path:
    """Write the sheets and a last one 说明, read back and checked; return the path.

    A sheet without rows is not printed: 说明 names it. A list that no plan decides (`plain`) has all its sheets.

    InputError names every text that must not reach a reader: control characters, marks that turn text round, more
    than 32,767 characters; and in a published sheet every column not on its list (public.py). BookError names every
    difference when the book is read back. Either way no file is written.
    """
    file = Path(path).name
    filled, empty = (sheets, []) if meta.plain else _with_rows(sheets)
    printed = [part for sheet in (*filled, _notes_sheet(meta, empty)) for part in (sheet, *sheet.below)]
    tables = [(sheet, sheet.rows) for sheet in printed]
    refuse(problem for table in tables for problem in (*_text_problems(file, *table), *public_problems(file, *table)))
    pages = [page for sheet in (*filled, printed[-1]) for page in pages_of(sheet, meta)]
    content = workbook_bytes(pages, meta)
    check_book(file, content, {page.sheet.name: page.grid for page in pages})
    return write_atomic(Path(path), content)


def _with_rows(sheets: Sequence[Sheet]) -> tuple[list[Sheet], list[str]]:
    """Return the sheets without those that have no row, and the names of these."""
    groups = [[part for part in (sheet, *sheet.below) if len(part.table)] for sheet in sheets]
    empty = [part.name for sheet in sheets for part in (sheet, *sheet.below) if not len(part.table)]
    return [replace(first, below=tuple(others)) for first, *others in filter(None, groups)], empty


def _text_problems(file: str, sheet: Sheet, rows: list[list]) -> Iterator[Problem]:
    for n, row in enumerate(rows, 1):
        for column, cell in zip(sheet.columns, row, strict=True):
            place = Place(sheet=sheet.name, row=n, column=label(column))
            if isinstance(cell, str) and (codes := unsafe_characters(cell)):
                yield Problem(file, place, "、".join(codes), "不含控制字符和改变文字方向的字符")
            elif isinstance(cell, str) and len(cell) > _EXCEL_LIMIT:
                yield Problem(file, place, f"{len(cell)} 个字符", f"不超过 {_EXCEL_LIMIT} 个字符", Flaw.SIZE)


def _notes_sheet(meta: Meta, empty: Sequence[str]) -> Sheet:
    if meta.plain:
        lines = [("内容", meta.title), *((f"说明 {n}", note) for n, note in enumerate(meta.notes, 1))]
        return Sheet(
            NOTES, pd.DataFrame(lines, columns=["item", "note"]), title=NOTES, one_page=True, upright=True, forced=True
        )
    imprint = (
        ("计划", meta.title),
        ("编制单位", meta.bureau),
        ("文号", meta.document),
        ("批准日期", meta.approved_on or "尚未批准"),
        ("计划状态", "" if meta.approved_on else meta.state),
        ("计划版本", meta.version),
        ("年度", str(meta.year)),
        ("工作日历", meta.mark or "按已公布的放假和调休安排"),
        ("声明", meta.disclaimer),
        ("没有内容、不印的表", "、".join(empty)),
    )
    rules = ((f"依据 {n}", note) for n, note in enumerate(meta.notes, 1))
    rows = [row for row in (*imprint, *_COUNTING_RULES, *rules) if row[1]]
    return Sheet(
        NOTES, pd.DataFrame(rows, columns=["item", "note"]), title=NOTES, one_page=True, upright=True, forced=True
    )
