"""The outline: rows of a task table that only sum those numbered below them are compared and never counted twice."""

from __future__ import annotations

import pytest

from tests.sheets.one_grid import read, told, why

HEAD = ["序号", "检查事项", "计划家次"]
TWO_LEVELS = [
    ("重点检查", 98),
    ("区重点单位", 60),
    ("重点时段", 38),
    ("一般检查", 83),
    ("执法抽查", 68),
    ("双随机", 15),
]
AGREED = "其下各行的合计，只用来核对：计划家次 98，与明细相符"


def tasks(marks, figures=TWO_LEVELS, **rest):
    return read(HEAD, *([mark, name, visits] for mark, (name, visits) in zip(marks, figures, strict=True)), **rest)


@pytest.mark.parametrize(
    "marks",
    [
        ["一", 1, 2, "二", 3, 4],
        ["一、", "（一）", "（二）", "二、", "（一）", "（二）"],
        ["（一）", 1, 2, "（二）", 1, 2],
        ["1", "(1)", "(2)", "2", "(1)", "(2)"],
        [1, 1.1, 1.2, 2, 2.1, 2.2],
        ["1.1", "1.1.1", "1.1.2", "1.2", "1.2.1", "1.2.2"],
        ["一", None, None, "二", None, None],
        [1, None, None, 2, None, None],
        ["第一部分", "一", "二", "第二部分", "一", "二"],
    ],
)
def test_a_row_above_those_numbered_below_it_is_their_sum(marks):
    reading = tasks(marks)
    assert reading.problems == ()
    assert reading.table["planned_visits"].tolist() == [60, 38, 68, 15]
    assert why(reading)[2] == AGREED


def test_numbers_may_stand_before_the_names():
    rows = [("一、重点检查", 98), ("1.区重点单位", 60), ("2.重点时段", 38), ("二、双随机", 15)]
    assert read(HEAD[1:], *rows).table["name"].tolist() == ["1.区重点单位", "2.重点时段", "二、双随机"]


def test_sums_of_sums_count_the_lowest_rows():
    figures = [("全部", 98), ("重点", 98), ("区重点单位", 60), ("重点时段", 38), ("一般", 0)]
    reading = tasks(["一", "（一）", 1, 2, "（二）"], figures)
    assert (reading.problems, reading.table["planned_visits"].tolist()) == ((), [60, 38, 0])
    assert why(reading) == {2: AGREED, 3: AGREED}


def test_a_row_that_does_not_sum_those_below_it_is_refused_with_both_numbers():
    reading = tasks(["一", 1, 2, "二", 3, 4], [("重点检查", 97), *TWO_LEVELS[1:]])
    assert "其下 2 行之和 98（按序号，这一行是它们的合计，写的是 97，相差 1" in told(reading)["第 2 行「计划家次」"]
    assert reading.table["name"].tolist() == ["区重点单位", "重点时段", "执法抽查", "双随机"]


def test_a_group_without_a_figure_is_only_a_heading():
    reading = tasks(["一", 1, 2, "二", 3, 4], [("重点检查", None), *TWO_LEVELS[1:]])
    assert reading.problems == ()
    assert why(reading)[2] == "其下各行的合计，只用来核对：没有可核对的数"


@pytest.mark.parametrize(
    "marks",
    [[1, 2, 3, 4, 5, 6], ["一", "二", "三", "四", "五", "六"], [None] * 6],
)
def test_rows_of_one_numbering_are_all_tasks(marks):
    assert len(tasks(marks).table) == 6


def test_a_row_without_a_number_behind_numbered_ones_is_a_task():
    reading = tasks([1, 2, 3, 4, 5, None])
    assert (reading.problems, len(reading.table)) == ((), 6)


def test_figures_tell_a_sum_where_only_some_rows_have_others_below():
    reading = tasks([1, None, None, 2, 3, 4])
    assert reading.table["name"].tolist() == ["区重点单位", "重点时段", "一般检查", "执法抽查", "双随机"]
    assert len(tasks([1, None, None, 2, 3, 4], [("重点检查", 97), *TWO_LEVELS[1:]]).table) == 6


def test_a_row_with_an_id_is_a_task_whatever_its_number():
    reading = read(["事项编号", *HEAD], *([f"P{n}", *row] for n, row in enumerate([("一", "甲", 3), (1, "乙", 3)])))
    assert reading.table["planned_visits"].tolist() == [3, 3]


def test_a_count_before_the_name_is_no_number_of_a_row():
    reading = read(["计划家次", "检查事项"], [60, "甲"], ["十二", "乙"], [15, "丙"])
    assert (reading.problems, reading.table["planned_visits"].tolist()) == ((), [60, 12, 15])


def test_other_sums_still_agree_beside_an_outline():
    rows = [("一", "重点检查", 98), (1, "区重点单位", 60), (2, "重点时段", 38), ("小计", None, 98)]
    rows += [("合计", None, 98), ("二", "一般检查", 15), (3, "双随机", 15), ("总计", None, 113)]
    reading = read(HEAD, *rows)
    assert reading.problems == ()
    assert reading.table["planned_visits"].tolist() == [60, 38, 15]


def test_a_struck_row_keeps_its_place_beside_an_outline():
    rows = [("一", "重点检查", 103), (1, "区重点单位", 60), (2, "重点时段", 38), (3, "作废", 5), ("合计", None, 103)]
    reading = read(HEAD, *rows, struck=(5,))
    assert all("算上带删除线的第 5 行才相符" in text for text in told(reading).values())
    assert set(told(reading)) == {"第 2 行「计划家次」", "第 6 行「计划家次」"}


def test_rows_set_in_below_another_are_summed_by_it():
    rows = [("重点检查", 98), ("　　区重点单位", 60), ("　　重点时段", 38), ("一般检查", 15), ("  双随机", 15)]
    reading = read(HEAD[1:], *rows)
    assert (reading.problems, reading.table["planned_visits"].tolist()) == ((), [60, 38, 15])


def test_a_stray_space_before_a_name_makes_no_outline():
    reading = read(HEAD[1:], ["甲", 5], ["　　乙", 6], ["丙", 7])
    assert (reading.problems, len(reading.table)) == ((), 3)


def test_one_row_set_in_below_the_same_figure_is_unclear():
    reading = read(HEAD[1:], ["甲", 5], ["　　乙", 5], ["丙", 7])
    assert "不能确定上一行是不是它的合计" in told(reading)["第 3 行「检查事项」"]


def test_rows_set_in_below_a_part_are_parts_too():
    rows = [("重点检查", 98), ("其中：区重点单位", 60), ("      重点时段", 38), ("一般检查", 15)]
    reading = read(HEAD[1:], *rows)
    assert (reading.problems, reading.table["planned_visits"].tolist()) == ((), [98, 15])
    assert why(reading) == dict.fromkeys((3, 4), "“其中”行，已包含在上一行里")


@pytest.mark.parametrize(
    ("visits", "unclear"),
    [([60, 20, 40, 15], 4), ([60, 20, 30, 10], 5), ([60, 20, 45, 15], 0), ([60, 60, 5, 7], 0), ([60, 20, 5, 5], 0)],
)
def test_a_row_that_may_be_a_part_too_is_refused(visits, unclear):
    names = ["区重点单位", "其中：危化品", "工贸", "双随机"]
    reading = read(HEAD[1:], *map(list, zip(names, visits, strict=True)))
    assert [problem.place.row for problem in reading.problems] == [unclear] * bool(unclear)
    assert len(reading.table) == 3 - bool(unclear)


def test_a_sum_ends_what_may_be_a_part():
    rows = [("区重点单位", 60), ("其中：危化品", 20), ("小计", 60), ("工贸", 40), ("合计", 100)]
    assert read(HEAD[1:], *rows).problems == ()
    assert len(read(HEAD[1:], ("其中：危化品", 20), ("工贸", 40)).table) == 1
