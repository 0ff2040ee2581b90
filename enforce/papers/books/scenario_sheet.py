"""The change sheet (情景改动单): one page with the changes of a scenario and their effects, as docx and xlsx.

Texts are written as texts; nothing of the machine or the clock is in either file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.writer import write_book
from enforce.papers.documents.package import repeatable
from enforce.papers.screen.cells import unsafe_characters
from enforce.words.files import write_atomic
from enforce.words.problems import Place, Problem, refuse
from enforce.words.terms import label

if TYPE_CHECKING:
    from docx.document import Document

_BODY_FONT, _HEAD_FONT = "仿宋_GB2312", "黑体"
CHANGE_COLUMNS = ["项目", "计划", "情景", "影响"]
MOST_ROWS = 16  # of a table: two of them and the sentences stay on one page
_WIDTHS = (0.42, 0.2, 0.2, 0.18)


@dataclass(frozen=True)
class ChangeSheet:
    """The contents of the sheet: `changes` (the first three columns) and `effects` (all four), as texts.

    `lines` are sentences below the tables: months that do not fit and the ways out.
    """

    changes: pd.DataFrame
    effects: pd.DataFrame
    lines: tuple[str, ...] = ()


def change_book(path: str | Path, sheet: ChangeSheet, meta: Meta) -> Path:
    """Write the change sheet as a workbook of one page, read back; return the path."""
    parts = {"改动": sheet.changes.assign(影响=""), "影响": sheet.effects}
    table = pd.concat([part.assign(group=name) for name, part in parts.items()], ignore_index=True)
    notes = pd.DataFrame([("说明", line, "", "", "") for line in sheet.lines], columns=["group", *CHANGE_COLUMNS])
    table = pd.concat([table[["group", *CHANGE_COLUMNS]], notes], ignore_index=True)
    return write_book(path, [Sheet(name="改动单", table=table, title=meta.title, one_page=True)], meta)


def change_document(path: str | Path, sheet: ChangeSheet, meta: Meta) -> Path:
    """Write the change sheet as a text to edit; InputError names every text that must not reach a reader."""
    texts = [meta.title, *sheet.lines, *sheet.changes.to_numpy().ravel(), *sheet.effects.to_numpy().ravel()]
    refuse(
        Problem(Path(path).name, Place("文字"), "、".join(codes), "不含控制字符和改变文字方向的字符")
        for text in texts
        if (codes := unsafe_characters(str(text)))
    )
    return write_atomic(Path(path), repeatable(_saved(_document(sheet, meta))))


def _saved(document: Document) -> BytesIO:
    made = BytesIO()
    document.save(made)
    return made


def _document(sheet: ChangeSheet, meta: Meta) -> Document:
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(25), Mm(20), Mm(24), Mm(22)
    created = datetime.fromisoformat(meta.approved_on or f"{meta.year}-01-01")
    core = document.core_properties
    core.title, core.author, core.created, core.modified = meta.title, meta.bureau, created, created
    core.last_modified_by, core.revision, core.comments = meta.bureau, 1, ""
    _write_text(document.add_paragraph(), meta.title, _HEAD_FONT, 16).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in filter(None, (meta.bureau, meta.disclaimer, meta.mark)):
        _write_text(document.add_paragraph(), text, _BODY_FONT, 10).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for heading, table in (("一、改动", sheet.changes), ("二、影响", sheet.effects)):
        _write_text(document.add_paragraph(), heading, _HEAD_FONT, 12)
        _add_table(document, table.head(MOST_ROWS))
        if len(table) > MOST_ROWS:
            more = f"另有 {len(table) - MOST_ROWS} 项改动，见同名的 Excel 文件。"
            _write_text(document.add_paragraph(), more, _BODY_FONT, 10)
    for n, line in enumerate(sheet.lines):
        _write_text(document.add_paragraph(), line, _BODY_FONT, 10.5, before=8 if not n else 0)
    return document


def _write_text(paragraph: object, text: str, font: str, size: float, before: float = 2) -> object:
    """Write a text with its Chinese font, and return the paragraph."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(2)
    return paragraph


def _add_table(document: Document, table: pd.DataFrame) -> None:
    from docx.shared import Mm

    rows = [[label(str(name)) for name in table.columns], *table.astype(str).to_numpy().tolist()]
    if len(rows) == 1:
        _write_text(document.add_paragraph(), "没有。", _BODY_FONT, 10.5)
        return
    grid = document.add_table(rows=len(rows), cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    shares = _WIDTHS[: len(table.columns)]
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = Mm(164 * share / sum(shares))  # of the grid too: not every program goes by the cells
    for cells, texts in zip(grid.rows, rows, strict=True):
        for cell, text, column in zip(cells.cells, texts, grid.columns, strict=True):
            cell.width = column.width
            _write_text(cell.paragraphs[0], text, _HEAD_FONT if texts is rows[0] else _BODY_FONT, 10, before=1)


def cut_lines(lines: Sequence[str], most: int = 6) -> tuple[str, ...]:
    """Return the first lines that fit on the page, and how many are left out.

    >>> cut_lines(["a", "b", "c"], 2)
    ('a', 'b', '另有 1 条从略。')
    """
    more = len(lines) - most
    return (*lines[:most], *([f"另有 {more} 条从略。"] if more > 0 else []))
