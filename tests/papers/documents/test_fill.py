"""Values make a document: the same bytes each time, every figure traced to its field."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from docx import Document
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from enforce.papers.documents.fill import unsafe_problems
from enforce.papers.documents.leaves import Blank
from enforce.papers.documents.reread import read_paragraphs
from enforce.papers.documents.ruled_table import Ruled
from enforce.words.problems import InputError
from tests.papers.documents.paper import META, VALUES, filled, own_figures
from tests.work import trials


def test_every_figure_knows_its_field(tmp_path):
    document = filled(tmp_path)
    names = {piece.text: piece.name for passage in document.passages for piece in passage.pieces if piece.name}
    assert names["261"] == "总家次"
    assert names["83"] == "事项[2].家次"
    assert own_figures(document) == []


def test_a_document_holds_what_its_passages_say_and_no_mark(tmp_path):
    document = filled(tmp_path)
    texts = read_paragraphs(document.content)
    assert texts == [passage.text for passage in document.passages]
    assert texts == ["计划", "全年计划检查261家次。", "1. 甲178家次", "2. 乙83家次"]
    with zipfile.ZipFile(BytesIO(document.content)) as parts:
        assert not any(mark in parts.read("word/document.xml").decode() for mark in "\ufdd0\ufdd1\ufdd2{}")


def test_the_same_values_give_the_same_bytes(tmp_path):
    assert filled(tmp_path).content == filled(tmp_path).content
    other = filled(tmp_path, values=VALUES | {"总家次": 262})
    assert other.content != filled(tmp_path).content


def test_a_draft_says_so_on_its_first_page_and_in_its_properties(tmp_path):
    draft = filled(tmp_path, meta=replace(META, approved_on="", state="草案：尚未批准"))
    assert read_paragraphs(draft.content)[0] == "【草案：尚未批准】"
    core = Document(BytesIO(draft.content)).core_properties
    assert (core.subject, core.keywords, core.title) == ("草案：尚未批准", "jia-2025", "年度计划")
    approved = Document(BytesIO(filled(tmp_path).content)).core_properties
    assert approved.subject == "第 1 版"


def test_a_value_that_is_not_set_stops_the_paper_and_says_where_it_is_set(tmp_path):
    with pytest.raises(InputError, match="方案 filing"):
        filled(tmp_path, "页面 竖\n{{主送}}\n", {"主送": Blank("方案 filing 里写 to")})


def test_what_a_row_does_not_have_is_named_with_the_nearest(tmp_path):
    with pytest.raises(InputError, match=r"家次数.*「家次」"):
        filled(tmp_path, "页面 竖\n! {%p for 项 in 事项 %}\n{{项.家次数}}\n! {%p endfor %}\n")


def test_zero_and_empty_are_false_in_a_condition(tmp_path):
    text = "页面 竖\n{% if 甲 %}有{% else %}没有{% endif %}{% if 乙 > 3 %}多{% else %}少{% endif %}\n"
    assert read_paragraphs(filled(tmp_path, text, {"甲": 0, "乙": 4}).content) == ["没有多"]
    assert read_paragraphs(filled(tmp_path, text, {"甲": 1, "乙": 3}).content) == ["有少"]


def test_a_table_repeats_its_heading_and_traces_every_cell(tmp_path):
    table = Ruled(pd.DataFrame({"事项": ["甲", "合计"], "家次": ["178", "178"]}), (3, 1), frozenset({1}))
    document = filled(tmp_path, "页面 竖\n表 {{p 安排表}}\n", {"安排表": table})
    assert read_paragraphs(document.content) == ["事项", "家次", "甲", "178", "合计", "178"]
    names = [piece.name for passage in document.passages for piece in passage.pieces]
    assert names[3] == "安排表[1].家次"
    opened = Document(BytesIO(document.content)).tables[0]
    assert ["w:tblHeader" in row._tr.xml for row in opened.rows] == [True, False, False]


@pytest.mark.slow
@trials(25, HealthCheck.function_scoped_fixture)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=20))
def test_any_text_of_a_value_comes_out_as_it_is(tmp_path, text):
    document = filled(tmp_path, "页面 竖\n（{{名称}}）\n", {"名称": text})
    assert document.passages[0].text == f"（{text}）"


def test_marks_that_turn_text_round_do_not_reach_a_reader(tmp_path):
    document = filled(tmp_path, "页面 竖\n{{名称}}\n", {"名称": "甲\u202e乙"})
    [problem] = unsafe_problems("计划.docx", document)
    assert "202E" in problem.found
