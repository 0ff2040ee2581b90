"""Control sums: never data, compared with the rows they sum, a mismatch told with both numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.one_grid import code, read, told, why

HEAD = ["类别", "检查事项", "计划家次", "计划家数"]
REGISTER = ["序号", "企业名称", "统一社会信用代码", "街镇", "计划家次"]


def tasks(*rows, **rest):
    return read(HEAD, *rows, kind="tasks", **rest)


def register(*rows, **rest):
    return read(REGISTER, *rows, **rest)


def firm(n, visits, place="桃浦镇"):
    return [n, f"企业{n}", code(n), place, visits]


counts = st.lists(st.lists(st.integers(0, 500), min_size=1, max_size=5), min_size=1, max_size=5)


@given(
    counts,
    st.booleans(),
    st.sampled_from(["小计", "小 计", "专项小计", "小计：", "（小计）"]),
    st.sampled_from(["合计", "总计", "合　计", "共计"]),
)
def test_nested_sums_agree_and_are_no_rows(groups, on_top, sub, grand):
    rows = []
    for n, group in enumerate(groups):
        members = [[f"类{n}", f"事项{n}-{m}", value, None] for m, value in enumerate(group)]
        line = [[f"类{n}", sub.replace("（", "").replace("）", ""), sum(group), None]]
        rows += line + members if on_top else members + line
    total = [[grand, grand, sum(map(sum, groups)), None]]
    reading = tasks(*(total + rows if on_top else rows + total))
    assert reading.problems == ()
    assert len(reading.table) == sum(map(len, groups))
    assert reading.table["planned_visits"].sum() == sum(map(sum, groups))
    assert all("与明细相符" in reason for reason in why(reading).values())


@given(counts, st.data())
def test_a_sum_that_is_wrong_is_refused_with_both_numbers(groups, data):
    wrong = data.draw(st.integers(0, len(groups)))
    rows, sums, n = [], [], 0
    for group in groups:
        for value in group:
            n += 1
            rows.append(firm(n, value, "街"))
        sums.append((len(rows) + 2, sum(group)))
        rows.append([None, "小计", None, None, sum(group)])
    sums.append((len(rows) + 2, sum(map(sum, groups))))
    rows.append(["合计", None, None, None, sum(map(sum, groups))])
    place, value = sums[wrong]
    rows[place - 2][4] = value + 100_000
    reading = register(*rows)
    assert list(told(reading)) == [f"第 {place} 行「计划家次」"]
    (problem,) = reading.problems
    assert str(value) in problem.expected
    assert problem.found == str(value + 100_000)
    assert reading.broken == reading.problems
    assert len(reading.table) == n


def test_every_count_of_a_total_row_is_compared():
    reading = tasks(["专项", "甲", 3, 2], ["专项", "乙", 4, 4], ["合计", None, 7, 5])
    assert told(reading) == {
        "第 4 行「计划家数」": "以上明细之和 6（合计行写的是 5，相差 1；请核对是否漏行、重行或改过数）"
    }


@pytest.mark.parametrize("total", ["7家次", "七", "７", "7"])
def test_a_sum_may_be_written_in_words_and_units(total):
    assert tasks(["专项", "甲", 3, None], ["专项", "乙", 4, None], ["合计", None, total, None]).problems == ()


def test_a_sum_that_cannot_be_read_is_said_to_be_unchecked():
    reading = tasks(["专项", "甲", 3, None], ["合计", None, "若干", None])
    assert "读不出，未核对" in why(reading)[3]


def test_a_row_that_cannot_be_read_leaves_the_sum_unchecked_and_is_told_itself():
    reading = tasks(["专项", "甲", "约3", None], ["专项", "乙", 4, None], ["合计", None, 7, None])
    assert list(told(reading)) == ["第 2 行「计划家次」"]
    assert "未核对" in why(reading)[4]


def test_a_group_named_in_the_sum_is_the_one_it_sums():
    rows = [["专项", "甲", 3, None], ["抽查", "乙", 4, None], ["专项", "丙", 5, None]]
    assert (
        tasks(*rows, ["专项小计", None, 8, None], ["抽查小计", None, 4, None], ["总计", None, 12, None]).problems == ()
    )
    assert told(tasks(*rows, ["专项小计", None, 9, None]))["第 5 行「计划家次」"].startswith("以上明细之和 12")


def test_a_sum_in_the_cell_of_its_group_is_that_groups():
    rows = [["专项", "甲", 3, None], ["抽查", "乙", 4, None], ["专项", "小计", 3, None], ["抽查", "小计", 4, None]]
    assert tasks(*rows).problems == ()


def test_sums_of_pages_and_running_sums_agree():
    rows = [
        firm(1, 3),
        firm(2, 4),
        [None, "本页小计", None, None, 7],
        firm(3, 5),
        [None, "本页合计", None, None, 5],
        [None, "累计", None, None, 12],
    ]
    assert register(*rows).problems == ()


@pytest.mark.parametrize(
    ("words", "good"),
    [("合计：12家次", True), ("合计13家次", False), ("共计2家", True), ("合计3户", False), ("合计：1,200家次", False)],
)
def test_a_sum_may_stand_in_its_own_words(words, good):
    reading = register(firm(1, 5), firm(2, 7), [words] + [None] * 4)
    assert (reading.problems == ()) is good
    assert len(reading.table) == 2


@pytest.mark.parametrize(("words", "good"), [("共2家", True), ("2户", True), ("共 3 家", False)])
def test_a_total_row_may_count_the_firms_beside_its_sums(words, good):
    reading = register(firm(1, 5), firm(2, 7), ["合计", words, None, None, 12])
    assert (reading.problems == ()) is good
    assert len(reading.table) == 2


def test_a_count_of_firms_in_its_own_column_is_compared_with_that_column():
    assert tasks(["专项", "甲", 3, 2], ["专项", "乙", 4, 4], ["合计", None, 7, "6家"]).problems == ()
    assert tasks(["专项", "甲", 3, 2], ["专项", "乙", 4, 4], ["合计6家", None, 7, None]).problems == ()


def test_a_figure_without_a_unit_is_not_taken_for_either_count():
    assert "没有可核对的数" in why(register(firm(1, 5), ["合计5", None, None, None, None]))[3]


def test_a_difference_that_is_a_struck_row_says_so():
    reading = register(firm(1, 5), firm(2, 7), ["合计", None, None, None, 12], struck={3})
    assert "算上带删除线的第 3 行才相符" in told(reading)["第 4 行「计划家次」"]
    assert why(reading)[3] == "整行带删除线，视为已作废"


def test_a_difference_that_is_a_hidden_row_says_so():
    reading = register(firm(1, 5), firm(2, 7), ["合计", None, None, None, 5], hidden={3})
    assert "不算隐藏的第 3 行才相符" in told(reading)["第 4 行「计划家次」"]


def test_a_firm_is_data_whatever_its_name_says():
    reading = register([1, "上海合计", code(1), "桃浦镇", 5], [2, "小计", code(2), "合计", 7])
    assert reading.table["name"].tolist() == ["上海合计", "小计"]
    assert reading.problems == ()


def test_a_sum_over_the_code_column_is_a_sum():
    reading = register(firm(1, 5), ["合计", "合计", "合计", "合计", 5], [None, "小计", "—", None, 0])
    assert set(why(reading)) == {3, 4}


def test_a_total_without_rows_is_not_compared():
    assert list(told(register(["合计", None, None, None, 0]))) == ["全文"]


def test_what_is_no_count_is_not_summed():
    reading = read(
        ["事项编号", "检查事项", "计划家次", "每次天数", "每次人数"], ["P01", "甲", 3, 1.5, 2], ["", "合计", 3, "—", 99]
    )
    assert reading.problems == ()


def test_a_part_of_a_sum_is_passed_over():
    reading = register(firm(1, 5), ["合计", None, None, None, 5], ["其中：重点", None, None, None, 2])
    assert "其中" in why(reading)[4]


@pytest.mark.parametrize("label", ["危化品 汇总", "汇总", "合计数", "总 数"])
def test_the_sums_of_a_spreadsheet_are_no_rows(label):
    reading = read(["检查事项", "计划家次"], ["甲", 60], ["乙", 38], [label, 98])
    assert (reading.problems, len(reading.table)) == ((), 2)
    assert why(reading)[4] == "合计行，只用来核对：计划家次 98，与明细相符"


@pytest.mark.parametrize("label", ["平均", "平均值", "占比"])
def test_an_average_is_no_row(label):
    reading = read(["检查事项", "计划家次"], ["甲", 60], ["乙", 38], [label, 49])
    assert (len(reading.table), why(reading)) == (2, {4: "平均、占比等，不是数据"})


def test_a_remark_makes_no_sum_of_a_row():
    reading = read(["检查事项", "计划家次", "备注"], ["甲", 60, "合计"], ["乙", 38, "与第 1 项共计"])
    assert (reading.problems, len(reading.table)) == ((), 2)


@pytest.mark.parametrize("told_count", ["2家", "共2家", 2, "2"])
def test_a_total_row_may_count_the_firms_in_the_column_of_codes(told_count):
    head = ["企业名称", "统一社会信用代码", "计划家次"]
    reading = read(head, ["甲", code(1), 1], ["乙", code(2), 2], ["合计", told_count, 3])
    assert (reading.problems, len(reading.table)) == ((), 2)


@pytest.mark.parametrize(
    ("words", "good"), [("合计（2家）", True), ("共2条记录", True), ("共2家企业", True), ("共3条", False)]
)
def test_a_count_of_rows_at_the_foot_is_compared(words, good):
    reading = read(["企业名称", "统一社会信用代码"], ["甲", code(1)], ["乙", code(2)], [words, None])
    assert (not reading.problems, len(reading.table)) == (good, 2)


@pytest.mark.parametrize(("figure", "good"), [(3, True), (4, False)])
def test_a_figure_without_a_word_sums_what_stands_above(figure, good):
    reading = register(firm(1, 1), firm(2, 2), [None, None, None, None, figure])
    assert (not reading.problems, len(reading.table)) == (good, 2)
    assert why(reading)[4].startswith("合计行")
