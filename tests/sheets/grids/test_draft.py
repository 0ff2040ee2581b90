"""Drafts: limits that every form shares."""

from __future__ import annotations

import pytest

from enforce.sheets.grids import Span
from enforce.sheets.grids import draft as grids_draft
from enforce.sheets.grids.draft import Draft, chosen, finished
from enforce.words.problems import InputError


def draft(*cells):
    made = Draft("a.xlsx", "台账")
    for row, column, value in cells:
        made.rows.setdefault(row, {})[column] = value
    return made


def refused(function, *arguments):
    with pytest.raises(InputError) as caught:
        function(*arguments)
    (problem,) = caught.value.problems
    return problem


def test_the_last_place_within_the_limits_is_read_and_the_next_is_not():
    assert len(finished(draft((200_000, 1023, 1))).rows[0].cells) == 1024
    assert refused(finished, draft((200_001, 0, 1))).where == "工作表「台账」第 200001 行 A 列"
    far = finished(draft((3, 1, 1), (4, 1024, 1), (4, 0, 2)))
    assert [row.cells for row in far.rows] == [(None, 1), (2, None)]
    assert far.notes == ("第 1024 列以外有内容 1 格，离表太远，没有读",)


def test_rows_times_columns_are_limited(monkeypatch):
    monkeypatch.setattr(grids_draft, "MAX_CELLS", 6)
    assert len(finished(draft((1, 2, 1), (2, 0, 1))).rows) == 2
    assert refused(finished, draft((1, 2, 1), (2, 0, 1), (3, 0, 1))).found == "单元格太多"


def test_ranges_and_problems_are_limited(monkeypatch):
    monkeypatch.setattr(grids_draft, "MAX_ROWS", 2)
    made = Draft("a.xlsx", "台账")
    for _ in range(2):
        made.merge(Span(1, 0, 1, 1))
        made.doubt(1, 0, "#N/A", "值")
    assert refused(made.merge, Span(1, 0, 1, 1)).found == "单元格太多"
    assert refused(made.doubt, 1, 0, "#N/A", "值").found == "工作表「台账」第 1 行 A 列等处：#N/A"


def test_filling_is_limited(monkeypatch):
    monkeypatch.setattr(grids_draft, "MAX_CELLS", 5)
    made = draft((1, 0, "甲"), (1, 1, "乙"))
    made.merge(Span(1, 0, 9, 0))
    assert refused(finished, made).found == "单元格太多"


def test_a_range_over_empty_rows_makes_no_rows_and_one_without_value_fills_nothing():
    made = draft((1, 0, "甲"), (4, 1, "乙"))
    made.merge(Span(1, 0, 4, 0))
    made.merge(Span(2, 1, 3, 1))
    grid = finished(made)
    assert [(row.number, row.cells) for row in grid.rows] == [(1, ("甲", None)), (4, ("甲", "乙"))]
    assert grid.notes == ("合并单元格 1 处，已把值填入每一格",)


def test_rows_come_in_order_and_values_of_the_draft_make_the_width():
    grid = finished(draft((3, 0, 1), (1, 1, 2)))
    assert [row.number for row in grid.rows] == [1, 3]
    assert {len(row.cells) for row in grid.rows} == {2}
    assert finished(Draft("a.xlsx", "台账")).rows == ()


def test_a_book_without_sheets_says_so():
    assert refused(chosen, [], None, "a.xlsx").expected == "文件里有的工作表：（没有工作表）"


def test_spaces_around_the_name_of_a_sheet_do_not_matter():
    assert chosen(["台账 ", "说明"], " 台账", "a.xlsx") == [0]


def test_twenty_sheets_are_named_where_another_is_asked_for():
    with pytest.raises(InputError) as caught:
        chosen([f"表{n}" for n in range(1, 26)], "没有", "a.xlsx")
    (problem,) = caught.value.problems
    assert problem.expected == "文件里有的工作表：" + "、".join(f"表{n}" for n in range(1, 21))
    assert (problem.file, problem.where, problem.found) == ("a.xlsx", "工作表", "没有")
