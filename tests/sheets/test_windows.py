"""Windows in the words of published plans: read where certain, refused with the form for that very case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.tables.forms import FORMS
from enforce.sheets.values import Setting, read_cell
from enforce.sheets.windows import window_months
from enforce.words.months import typed_months

PERIODS = FORMS["tasks"].columns["periods"]


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("1季度", ((1, 2, 3),)),
        ("第四季度", ((10, 11, 12),)),
        ("二、三季度", (tuple(range(4, 10)),)),
        ("二季度至四季度", (tuple(range(4, 13)),)),
        ("1-3季度", (tuple(range(1, 10)),)),
        ("第一、第三季度", ((1, 2, 3, 7, 8, 9),)),
        ("2024年2月至10月", (tuple(range(2, 11)),)),
        ("2024年9月", ((9,),)),
        ("元月", ((1,),)),
        ("元月至3月", ((1, 2, 3),)),
        ("单月", ((1, 3, 5, 7, 9, 11),)),
        ("双月", ((2, 4, 6, 8, 10, 12),)),
        ("贯穿全年", (tuple(range(1, 13)),)),
        ("一月至三月", ((1, 2, 3),)),
        ("11-12月，1-2月", ((1, 2, 11, 12),)),
        ("2024年1月1日-2024年12月31日", (tuple(range(1, 13)),)),
        ("2024-03-01至2024-05-31", ((3, 4, 5),)),
        ("1-3月；9-11月", ((1, 2, 3, 9, 10, 11),)),
        ("4-6月（汛期）", ((4, 5, 6),)),
        ("10 月底前", (tuple(range(1, 11)),)),
        ("下半年、3月", ((3, *range(7, 13)),)),
        ("1月\n2月", ((1, 2),)),
        ("1月 2月", ((1, 2),)),
        ("1月2月", ((1, 2),)),
        ("5-6月|10月", ((5, 6), (10,))),
        ("二三季度", (tuple(range(4, 10)),)),
        ("前三季度", (tuple(range(1, 10)),)),
        ("Q1-Q2", (tuple(range(1, 7)),)),
        ("汛期（5-9月）", (tuple(range(5, 10)),)),
        ("全年（1-12月）", (tuple(range(1, 13)),)),
        ("2024-01至2024-03", ((1, 2, 3),)),
        ("2024.4-2024.6", ((4, 5, 6),)),
        ("6月30日前", (tuple(range(1, 7)),)),
        ("10月31日前完成", (tuple(range(1, 11)),)),
        ("3月起", (tuple(range(3, 13)),)),
    ],
)
def test_windows_are_read_in_the_words_of_plans(text, windows):
    assert read_cell(text, PERIODS, Setting(year=2024)).value == windows


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("每季度1次", "每家一年 4 次；每个时段都要安排的写 1-3|4-6|7-9|10-12"),
        ("每月两次", "每家一年 24 次"),
        ("一季度一次", "每家一年 4 次"),
        ("一年两次", "每家一年 2 次；每个时段都要安排的写 1-12"),
        ("6月前", "含 6 月的写 1-6，不含的写 1-5"),
        ("6月15日前", "不是整月"),
        ("11月-次年2月", "跨到下一年"),
        ("12月-2月", "跨到下一年"),
        ("上半年（1-5月）", "一季度"),
        ("每半年一次", "1-6|7-12"),
        ("每月1次", "1|2|3"),
        ("2023年9月", "计划年度 2024 年"),
        ("2024年3月1日-3月15日", "不是整月"),
        ("汛期", "一季度"),
        ("5月上旬", "整月的时段"),
        ("3、4季度各1次", "每个时段都要安排的写 7-9|10-12"),
        ("6月和9月各检查一次", "每个时段都要安排的写 6|9"),
        ("汛期每月各1次", "5-6|10-11"),
        ("1-3,2-4", "不重复"),
    ],
)
def test_other_windows_are_refused_with_the_form_for_them(text, advice):
    assert advice in read_cell(text, PERIODS, Setting(year=2024)).expected


@given(st.sets(st.integers(1, 12), min_size=1), st.sampled_from(["、", "，", "\n", " ", "；", "月、"]), st.randoms())
def test_months_in_any_order_and_parted_by_anything_are_the_same_window(window, mark, shuffle):
    listed = sorted(window)
    shuffle.shuffle(listed)
    text = mark.join(map(str, listed)) + "月"
    assert read_cell(text, PERIODS, Setting()).value == (tuple(sorted(window)),)


@given(st.sets(st.integers(1, 12), min_size=1))
def test_what_we_type_ourselves_stays_as_it_is(window):
    text = typed_months([sorted(window)])
    assert window_months(text) == text
