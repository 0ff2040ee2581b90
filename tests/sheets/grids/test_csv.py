"""CSV and TSV: separators by content, places as Excel shows them."""

from __future__ import annotations

import pytest

from enforce.sheets.grids import csv as grids_csv
from enforce.sheets.grids import read_grids
from enforce.words.problems import InputError


@pytest.fixture
def read(tmp_path):
    """Read a text."""

    def reading(text):
        (tmp_path / "台账.csv").write_bytes(text.encode())
        (grid,) = read_grids(tmp_path / "台账.csv")
        return grid

    return reading


def cells(grid):
    return [row.cells for row in grid.rows]


@pytest.mark.parametrize("mark", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_end(read, mark, end):
    text = end.join(["区级企业台账（2024年）", f"企业名称{mark}月份", f'"甲{mark}厂"{mark}1-3', ""])
    grid = read(text)
    assert cells(grid) == [("区级企业台账（2024年）", None), ("企业名称", "月份"), (f"甲{mark}厂", "1-3")]
    assert (grid.sheet, grid.encoding, grid.visible, grid.problems) == ("", "UTF-8", True, ())


def test_lists_inside_cells_do_not_decide_the_separator(read):
    text = "企业名称,对象标签\n甲厂,粉尘;危化;高温\n乙厂,粉尘;危化;高温\n"
    assert cells(read(text))[1] == ("甲厂", "粉尘;危化;高温")
    text = "企业名称;地址\n甲厂;长寿路1号,2号,3号\n乙厂;武宁路1号,2号,3号\n"
    assert cells(read(text))[1] == ("甲厂", "长寿路1号,2号,3号")


def test_a_line_break_in_quotes_is_part_of_a_row(read):
    grid = read('企业名称,备注\r\n"甲\r\n厂",a\r\n\r\n乙厂,b\r\n')
    assert [(row.number, row.cells) for row in grid.rows] == [
        (1, ("企业名称", "备注")),
        (2, ("甲\r\n厂", "a")),
        (4, ("乙厂", "b")),
    ]


def test_text_stays_as_it_is(read):
    assert cells(read("a,b\n 007 ,２６１\n9.1E+17,'1\n"))[1:] == [(" 007 ", "２６１"), ("9.1E+17", "'1")]


def test_a_text_in_the_form_of_a_formula_is_what_excel_shows(read):
    grid = read('a,b\n="0123","=""甲""""乙"""\n="1+1,=1+1\n')
    assert cells(grid)[1:] == [("0123", '甲"乙'), ('="1+1', "=1+1")]
    assert grid.notes == ('2 个单元格写作 ="……"，读作引号里的文字，与 Excel 显示的相同',)


@pytest.mark.parametrize("text", ['a,b\n"甲,1\n乙,2\n', 'a,b\n"甲"厂,1\n'])
def test_quotes_that_do_not_match_are_refused_with_their_row(read, text):
    with pytest.raises(InputError) as caught:
        read(text)
    (problem,) = caught.value.problems
    assert (problem.where, problem.found) == ("第 2 行", "读不出，引号不成对")


def test_a_quote_left_open_at_the_start_of_a_long_text_is_refused(read):
    with pytest.raises(InputError, match="引号不成对"):
        read('a,b\n"甲,1\n' + "乙厂,2\n" * 40_000)


def test_rows_without_end_are_refused(read, monkeypatch):
    monkeypatch.setattr(grids_csv, "_MOST_RECORDS", 3)
    assert len(read("a\n\n\n").rows) == 1
    with pytest.raises(InputError, match="单元格太多"):
        read("a\n\n\n\n")


def test_a_cell_longer_than_any_is_told_as_a_quote_left_open(read):
    with pytest.raises(InputError, match="一格太长，像是引号不成对"):
        read("a,b\n" + "甲" * 150_000 + ",1\n")


def test_a_text_with_cells_far_to_the_right_is_read_up_to_there_and_told(read):
    made = read(f"a,b\n1,2{',' * 1100}x\n")
    assert [row.cells[:2] for row in made.rows] == [("a", "b"), ("1", "2")]
    assert any("离表太远，没有读" in note for note in made.notes)
