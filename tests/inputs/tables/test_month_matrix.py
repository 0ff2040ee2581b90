"""A month matrix, as annex 1 is printed, is read back as lines with limits by month."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.tables.reading import read_table
from enforce.words.months import MONTHS
from enforce.words.problems import Flaw

HEAD = ["序号", "检查事项", *(f"{month}月" for month in MONTHS), "合计"]
JANUARY = HEAD.index("1月")


@pytest.fixture
def read(tmp_path):
    def matrix(*lines, head=HEAD):
        path = tmp_path / "a.csv"
        path.write_text("\n".join(",".join(map(str, line)) for line in (head, *lines)), encoding="utf-8")
        return read_table(path)

    return matrix


def line(number, name, *visits):
    return [number, name, *visits, sum(visits)]


def test_every_month_with_visits_is_a_limit_of_its_line(read):
    reading = read(line(1, "甲", 1, 2, *[0] * 10), line(2, "乙", *[0] * 11, 3), line("", "合计", 1, 2, *[0] * 9, 3))
    table = reading.table[["task_id", "months", "minimum", "maximum"]]
    assert (reading.kind, reading.problems) == ("limits", ())
    assert table.to_numpy().tolist() == [["甲", (1,), 1, 1], ["甲", (2,), 2, 2], ["乙", (12,), 3, 3]]
    assert any("读作家次限制 3 条" in note for note in reading.report.notes)


@given(st.lists(st.lists(st.integers(0, 30), min_size=12, max_size=12), min_size=1, max_size=5))
def test_limits_add_up_to_the_visits_of_the_matrix(tmp_path_factory, visits):
    path = tmp_path_factory.mktemp("m") / "a.csv"
    lines = [line(n, f"事项{n}", *months) for n, months in enumerate(visits, 1)]
    path.write_text("\n".join(",".join(map(str, row)) for row in (HEAD, *lines)), encoding="utf-8")
    reading = read_table(path)
    assert reading.problems == ()
    assert reading.table["minimum"].sum() == reading.table["maximum"].sum() == sum(map(sum, visits))


def test_headings_in_words_and_without_a_sum_are_read(read):
    months = ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月份"]
    reading = read(["甲", *range(2, 14)], head=["任务名称", *months])
    assert reading.table["minimum"].tolist() == list(range(2, 14))


def test_a_sum_that_is_not_that_of_the_months_is_told_in_its_cell(read):
    (problem,) = read([*line(1, "甲", *[1] * 12)[:-1], 13]).problems
    assert (problem.kind, problem.place.row, problem.place.column) == (Flaw.SUM, 2, "合计")
    assert "各月之和 12" in problem.expected


def test_a_cell_that_cannot_be_read_is_told_and_its_line_left_out(read):
    reading = read(line(1, "甲", *[1] * 12), [2, "乙", "3家", *[0] * 12])
    assert [(one.place.row, one.place.column) for one in reading.problems] == [(3, "1月")]
    assert set(reading.table["task_id"]) == {"甲"}


def test_what_the_limits_contradict_in_the_plan_is_told_in_the_cell_of_the_matrix(year, tmp_path):
    task = year.tables.tasks.iloc[0]
    lines = [line(1, task["name"], task["planned_visits"] + 1, *[0] * 11), line(2, "没有的事项", 1, *[0] * 11)]
    path = tmp_path / "b.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in (HEAD, *lines)), encoding="utf-8")
    problems = read_table(path, plan=year.plan, tables=year.tables).problems
    assert [(one.place.row, one.place.column) for one in problems] == [(2, "1月"), (3, "检查事项")]
