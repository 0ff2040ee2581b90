"""Values: every cell a planner or Excel leaves is read one way by each nature of column, or refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from enforce.inputs.tables.forms import FORMS
from enforce.sheets.grids.grid import Ruined
from enforce.sheets.values import Setting, read_cell
from enforce.words.problems import Flaw

#: the register's column counts where several forms have one
COLUMNS = {
    name: column for form in (*reversed(FORMS.values()), FORMS["register"]) for name, column in form.columns.items()
}
DAY, MORNING, MIDNIGHT = date(2024, 3, 1), datetime(2024, 3, 1, 9, 30), datetime(2024, 3, 1)  # noqa: DTZ001
UNNAMED = (None, "", " ", "/", "无", "-")
CELLS = (
    *UNNAMED, "从未检查", 0, 1, 2.0, 2.5, -3, True, False, "是", "否", "√", "x", "12", "１２家次", "1,234", "一百二十",
    "3家", "12 项", "0.8", "0.8万元", "8000元", "￥3000", "-5", "半天", "1天", "0.5人日", "2024-03-01", "2024年3月1日",
    "3月1日", "24.3.1", "01/02/2024", "2024-02-30", 45352, 45352.5, 20240301, DAY, MORNING, MIDNIGHT, Ruined(10**17),
    "9.1E+17", "91310107MA1TX0013D", "'9131-0107 ma1tx0013d", "11010519491231002X", "310107000000001", "红色",
    "较大风险", "低", "b级", "市", "街道", "甲、乙；丙", "甲\n乙", "P01", "粉尘专项", "日常检查", "投诉举报", "全年",
    "第一季度", "1-3月", "1月至3月", "1—3、9", "5-6|10-11", "危化科=0.5;法宣科=0", "危化科", "a\u200bb", " 甲 厂 ",
    "Ａ", "=1+1", "+86 13800138000", "²", "1e5", "长" * 310,
)  # fmt: skip
YEAR = tuple(range(1, 13))
FIGURES = [("１２家次", 12), ("1,234", 1234), ("一百二十", 120)]
IDS = [(text, text) for text in ("x", "12", "2024-03-01", "2024-02-30", "91310107MA1TX0013D", "310107000000001", "P01",
                                 "1e5")]  # fmt: skip
NUMBERED = [(0, "0"), (1, "1"), (45352, "45352"), (20240301, "20240301"), *IDS]
IN_YUAN = [("0.8万元", 8000), ("8000元", 8000)]
DAYS = [(text, "2024-03-01") for text in ("2024年3月1日", "24.3.1", 20240301, MORNING)]
#: column, setting, value of an empty cell (... where it is refused), cells as they stand, cells written otherwise
TAKEN = [
    ("planned_visits", {}, None, [(0, 0), (1, 1), ("12", 12), (45352, 45352), (20240301, 20240301)],
     [(2.0, 2), *FIGURES]),
    ("visit_days", {}, ..., [(1, 1.0), (2.5, 2.5), ("12", 12.0), (45352, 45352.0), (45352.5, 45352.5)],
     [(2.0, 2.0), ("1天", 1.0), ("0.5人日", 0.5), ("半天", 0.5)]),
    ("fine_yuan", {}, 0, [(0, 0), (1, 1), ("12", 12), (45352, 45352), (20240301, 20240301)],
     [(2.0, 2), ("1,234", 1234), ("一百二十", 120), ("￥3000", 3000), *IN_YUAN]),
    ("fine_yuan", {"per_unit": 0}, 0, [(0, 0)], IN_YUAN),
    ("fine_yuan", {"per_unit": 10_000}, 0, [(0, 0)],
     [(1, 10_000), (2.0, 20_000), (2.5, 25_000), ("12", 120_000), ("1,234", 12_340_000), ("一百二十", 1_200_000),
      ("0.8", 8000), ("￥3000", 30_000_000), (45352, 453_520_000), (45352.5, 453_525_000), *IN_YUAN]),
    ("periods", {}, ..., [(1, ((1,),)), ("12", ((12,),)), ("5-6|10-11", ((5, 6), (10, 11)))],
     [("全年", (YEAR,)), ("第一季度", ((1, 2, 3),)), ("1-3月", ((1, 2, 3),)), ("1月至3月", ((1, 2, 3),)),
      ("1—3、9", ((1, 2, 3, 9),))]),
    ("last_visit", {}, "", [(day, "2024-03-01") for day in ("2024-03-01", DAY, MIDNIGHT)],
     [("从未检查", ""), (45352, "2024-03-01"), (45352.5, "2024-03-01"), *DAYS]),
    ("last_visit", {"year": 2024, "serials": False}, "", [(day, "2024-03-01") for day in ("2024-03-01", DAY, MIDNIGHT)],
     [("从未检查", ""), ("3月1日", "2024-03-01"), *DAYS]),
    ("is_key", {}, ..., [("是", True), ("否", False)],
     [("无", False), (0, False), (1, True), (True, True), (False, False), ("√", True)]),
    ("credit_grade", {}, "", [], [("b级", "B"), ("Ａ", "A")]),
    ("risk_grade", {}, "", [], [("红色", "红"), ("较大风险", "橙"), ("低", "蓝")]),
    ("level", {}, ..., [], [("市", "市级"), ("街道", "街镇级")]),
    ("trigger", {}, "", [("投诉举报", "complaint")], []),
    ("hazards", {}, (), [], []),
    ("tier", {}, ..., [], []),
    ("invited", {}, (), [("危化科=0.5;法宣科=0", (("危化科", 0.5), ("法宣科", 0.0)))], []),
    ("unit_id", {}, ..., [("91310107MA1TX0013D", "91310107MA1TX0013D")],
     [("'9131-0107 ma1tx0013d", "91310107MA1TX0013D")]),
    ("officer_id", {}, ..., NUMBERED, [("a\u200bb", "ab"), ("Ａ", "A")]),
    ("covered_by", {"ids": {"粉尘专项": "P05"}}, "", [*NUMBERED, ("11010519491231002X", "11010519491231002X")],
     [("粉尘专项", "P05"), ("a\u200bb", "ab"), ("Ａ", "A")]),
]  # fmt: skip


def is_same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


@pytest.mark.parametrize(("name", "setting", "empty", "standing", "rewritten"), TAKEN)
def test_each_nature_takes_its_own_cells_and_refuses_every_other(name, setting, empty, standing, rewritten):
    blanks = [] if empty is ... else [(cell, empty) for cell in UNNAMED]
    for cell in CELLS:
        read = read_cell(cell, COLUMNS[name], Setting(**setting))
        as_it_is = [value for known, value in (*blanks[:2], *standing) if is_same(known, cell)]
        otherwise = [value for known, value in (*blanks[2:], *rewritten) if is_same(known, cell)]
        if as_it_is or otherwise:
            (value,) = as_it_is or otherwise
            assert is_same(read.value, value), cell
            assert (read.changed, read.expected) == (not as_it_is, ""), cell
        else:
            assert read.expected, cell
            assert (read.value, read.changed) == (None, False), cell


@pytest.mark.parametrize(("cell", "name"), [("甲\n乙", "甲乙"), ("a\u200bb", "ab"), (" 甲 厂 ", "甲 厂"), ("Ａ", "A")])
def test_a_name_is_read_without_what_nobody_sees(cell, name):
    assert read_cell(cell, COLUMNS["name"], Setting())[:3] == (name, name, True)


@pytest.mark.parametrize(
    ("name", "cell", "flaw"),
    [
        ("name", "/", Flaw.MISSING),
        ("name", "11010519491231002X", Flaw.PERSONAL),
        ("officer_id", "+86 13800138000", Flaw.PERSONAL),
        ("unit_id", "11010519491231002X", Flaw.PERSONAL),
        ("themes", "甲;甲", Flaw.REPEATED),
        ("themes", "甲;13800138000", Flaw.PERSONAL),
        ("planned_visits", "3家", Flaw.VALUE),
    ],
)
def test_a_cell_that_cannot_be_read_has_its_kind_of_flaw(name, cell, flaw):
    assert read_cell(cell, COLUMNS[name], Setting()).flaw is flaw


@pytest.mark.parametrize(
    ("text", "windows"),
    [("1月，\n2月", ((1, 2),)), ("1月、 \r\n 2月", ((1, 2),)), ("1月\n、2月", ((1, 2),)),
     ("1-3月；\r9月", ((1, 2, 3, 9),)),
     ("5-6月|\n10月", ((5, 6), (10,))), ("1月 \n\n 2月", ((1, 2),)), ("1月至\n3月", ((1, 2, 3),)),
     ("1月\n~3月", ((1, 2, 3),)), ("1-\n3月", ((1, 2, 3),)), ("1月,\n,2月", None), ("1月\n-3月", None)],
)  # fmt: skip
def test_a_line_break_beside_a_sign_between_months_says_no_more_than_the_sign(text, windows):
    assert read_cell(text, COLUMNS["periods"], Setting()).value == windows


def test_a_line_that_visits_all_its_units_may_say_so_in_the_word_of_the_plans():
    assert read_cell("全覆盖", COLUMNS["selection"], Setting()).value == "all"


def test_an_empty_cell_is_what_the_caller_says():
    assert read_cell(" ", COLUMNS["name"], Setting(), empty=None)[:3] == ("", None, True)


def test_a_number_of_days_is_read_to_its_last_digit():
    assert read_cell(123456.5, COLUMNS["visit_days"], Setting()).value == 123456.5
    assert read_cell(0.5000001, COLUMNS["visit_days"], Setting()).expected


@pytest.mark.parametrize(
    ("text", "days"),
    [("半天", 0.5), ("半日", 0.5), ("半个工作日", 0.5), ("1.00", 1.0), ("1.50", 1.5), ("2.50天", 2.5), ("0.25", 0.25),
     ("0.2500", 0.25), ("0.75天", 0.75), ("一天半", 1.5), ("2天半", 2.5), ("一个半工作日", 1.5), ("两天", 2.0),
     ("三个工作日", 3.0), ("1人日", 1.0)],
)  # fmt: skip
def test_days_are_read_in_quarters_in_figures_and_in_words(text, days):
    assert read_cell(text, COLUMNS["visit_days"], Setting()).value == days


@pytest.mark.parametrize(
    "text", ["0.3", "0.125", "2小时", "30分钟", "一个半天", "2半天", "半天半", "1/4", "约1天", "0"]
)
def test_days_that_are_no_quarters_or_not_certain_are_refused(text):
    assert read_cell(text, COLUMNS["visit_days"], Setting()).expected
