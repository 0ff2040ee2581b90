from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd

from enforce.papers.screen.cells import width
from enforce.papers.screen.display import show
from tests.papers import year_2024 as year


class Tags(HTMLParser):
    """Tags opened and closed, and the texts of the cells."""

    def __init__(self, html: str):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.texts[-1] += data

    def cells(self):
        return [text for (tag, _), text in zip(self.tags, self.texts, strict=True) if tag in ("td", "th")]


def account_rows():
    return year.account()[lambda table: table["item"] == ""][["team", "line", "days", "share"]]


def test_headers_and_words_are_chinese():
    cells = Tags(show(account_rows())._repr_html_()).cells()
    assert cells[:4] == ["科队", "项目", "人日", "占比"]
    assert cells[4:8] == ["执法大队", "总法定工作日", "2510", "100.0%"]


def test_numbers_stand_right_and_text_left():
    tags = Tags(show(account_rows())._repr_html_()).tags
    first = [attributes for tag, attributes in tags if tag == "td"][:4]
    assert ["text-align:right" in cell["style"] for cell in first] == [False, False, True, True]
    assert [cell.get("class") for cell in first] == [None, None, "num", "num"]


def test_total_rows_are_bold_and_only_they():
    rows = [attributes for tag, attributes in Tags(show(account_rows())._repr_html_()).tags if tag == "tr"][1:]
    bold = ["font-weight:600" in row["style"] for row in rows]
    assert bold == [team == "合计" for team in account_rows()["team"]]


def test_no_row_is_bold_where_every_row_is_a_total():
    assert "font-weight:600" not in show(account_rows().query("team == '合计'"))._repr_html_()


def test_markup_in_a_name_stays_text():
    name = "<script>alert(1)</script><b>\"&'甲"
    html = show(pd.DataFrame({"name": [name], name: [1]}), caption=name, note=name)._repr_html_()
    assert {tag for tag, _ in Tags(html).tags} == {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
    assert name in Tags(html).cells()


def test_marks_that_turn_text_round_are_made_visible():
    shown = show(pd.DataFrame({"name": ["甲\u202e厂\n乙"]}))
    assert "甲\ufffd厂 乙" in repr(shown)
    assert "\u202e" not in shown._repr_html_()


def test_html_needs_no_style_sheet_and_loads_nothing():
    html = show(account_rows(), caption="核算", note="说明")._repr_html_()
    assert not any(word in html for word in ("<style", "<script", "http", "url(", " id="))


def test_the_same_table_is_shown_by_the_same_bytes():
    first, again = (show(year.loads(), caption="负荷", unit="人日") for _ in range(2))
    assert first._repr_html_() == again._repr_html_()
    assert repr(first) == repr(again)
    assert "0x" not in repr(first)


def test_plain_text_columns_stand_under_one_another():
    lines = repr(show(year.tasks()[["name", "tier", "planned_visits"]])).splitlines()
    ends = {width(line) for line in lines}
    assert len(ends) == 1  # the last column holds numbers, so every line ends in one column
    assert lines[1].startswith("区重点单位执法检查  ")


def test_caption_names_the_unit_and_the_note_stands_below():
    lines = repr(show(account_rows(), caption="核算", unit="人日", note="合计由各科队相加")).splitlines()
    assert lines[0] == "核算（单位：人日）"
    assert lines[-1] == "注：合计由各科队相加"


def test_a_long_table_is_cut_and_says_so():
    table = pd.DataFrame({"month": range(100)})
    shown = show(table, rows=60)
    assert len(shown.rows) == 60
    assert shown.notes == ("注：共 100 行，此处为前 60 行。",)
    assert show(table, rows=100).notes == ()


def test_a_named_index_is_shown_and_the_table_is_not_changed():
    table = pd.DataFrame({"visits": [5]}, index=pd.Index([1], name="month"))
    assert repr(show(table)).splitlines()[0] == "月  家次"
    assert list(table.columns) == ["visits"]


def test_an_empty_table_is_one_sentence():
    assert repr(show(pd.DataFrame({"team": [], "load": []}), "排不下的家次", unit="家次")) == "没有排不下的家次。"
    shown = show(pd.DataFrame({"team": []}), "办法", note="都排得下")
    assert repr(shown) == "没有办法。\n注：都排得下"
    assert "<table" not in shown._repr_html_()
    assert "<p>没有办法。</p>" in shown._repr_html_()


def test_a_column_of_rates_without_denominator_is_told_as_missing():
    shown = show(pd.DataFrame({"scope": ["甲", "乙"], "rate": [0.5, None]}))
    assert shown.rows == (("甲", "50.0%"), ("乙", "—"))
    assert shown.numeric == (False, True)
