"""The change sheet: one page, the same numbers in Word and Excel, the same bytes every time."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook

from enforce.papers.books.book import Meta
from enforce.papers.books.scenario_sheet import CHANGE_COLUMNS, ChangeSheet, change_book, change_document
from enforce.words.problems import InputError

META = Meta("2024年度执法计划情景改动单：甲", "某区应急管理局", "", "", 2024, disclaimer="情景测算「甲」，未经批准")
FORMULA = "=1+1"


def sheet(item="留有余地", lines=("排不下，至少超出 3 人日。",)):
    changes = pd.DataFrame([(item, "10 %", "15 %")], columns=CHANGE_COLUMNS[:3])
    effects = pd.DataFrame([("最高负荷", "87.2%", "92.0%", "+4.8 个百分点")], columns=CHANGE_COLUMNS)
    return ChangeSheet(changes, effects, lines)


def test_word_tells_title_both_tables_and_the_sentences(tmp_path):
    document = Document(change_document(tmp_path / "a.docx", sheet(), META))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == META.title
    assert "情景测算「甲」，未经批准" in texts
    assert texts[-1] == "排不下，至少超出 3 人日。"
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["留有余地", "10 %", "15 %"] in rows
    assert ["最高负荷", "87.2%", "92.0%", "+4.8 个百分点"] in rows


def test_excel_tells_the_same_on_one_page_and_as_text(tmp_path):
    book = load_workbook(change_book(tmp_path / "a.xlsx", sheet(FORMULA), META))
    page = book["改动单"]
    rows = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert ["改动", FORMULA, "10 %", "15 %", ""] in rows
    assert ["影响", "最高负荷", "87.2%", "92.0%", "+4.8 个百分点"] in rows
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value == FORMULA} == {"s"}
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight != 0


def test_the_same_contents_make_the_same_bytes(tmp_path):
    one, other = (change_document(tmp_path / f"{n}.docx", sheet(), META).read_bytes() for n in "ab")
    assert one == other
    names = zipfile.ZipFile(tmp_path / "a.docx").namelist()
    assert "docProps/core.xml" in names
    core = zipfile.ZipFile(tmp_path / "a.docx").read("docProps/core.xml").decode("utf-8")
    assert "2024-01-01" in core
    assert "python-docx" not in core


def test_markup_in_a_text_stays_text(tmp_path):
    live = '<w:hyperlink r:id="x"/>{{ 1+1 }}'
    document = Document(change_document(tmp_path / "a.docx", sheet(live), META))
    assert document.tables[0].rows[1].cells[0].text == live


def test_a_text_with_a_hidden_mark_is_refused_and_no_file_is_written(tmp_path):
    with pytest.raises(InputError, match=r"U\+202E"):
        change_document(tmp_path / "a.docx", sheet("甲\u202e乙"), META)
    assert list(tmp_path.iterdir()) == []


def test_word_keeps_to_its_page_and_says_how_many_changes_stand_in_excel_only(tmp_path):
    many = pd.concat([sheet().changes] * 40, ignore_index=True)
    document = Document(change_document(tmp_path / "a.docx", ChangeSheet(many, sheet().effects), META))
    assert len(document.tables[0].rows) == 17
    assert "另有 24 项改动，见同名的 Excel 文件。" in [paragraph.text for paragraph in document.paragraphs]


def test_a_sheet_without_changes_says_so(tmp_path):
    empty = ChangeSheet(sheet().changes.iloc[:0], sheet().effects)
    texts = [p.text for p in Document(change_document(tmp_path / "a.docx", empty, META)).paragraphs]
    assert "没有。" in texts


def test_the_columns_of_word_are_as_wide_as_their_cells_in_the_grid_too(tmp_path):
    for table in Document(change_document(tmp_path / "a.docx", sheet(), META)).tables:
        widths = [column.width for column in table.columns]
        assert widths == [cell.width for cell in table.rows[0].cells]
        assert widths[0] > widths[1]
