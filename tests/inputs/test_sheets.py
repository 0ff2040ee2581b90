"""Sheets: CSV of our own form, each row with the number Excel shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforce.inputs.sheets import parse_csv, read_csv_cells
from enforce.words.problems import InputError


def refused(text):
    with pytest.raises(InputError) as caught:
        parse_csv(text, "a.csv")
    assert all(p.file == "a.csv" and p.where and p.expected for p in caught.value.problems)
    return {p.where: p for p in caught.value.problems}


@pytest.fixture
def refused_file(tmp_path):
    """Return a reader of bytes that gives the one problem of the file."""

    def read(raw):
        (tmp_path / "a.csv").write_bytes(raw)
        with pytest.raises(InputError) as caught:
            read_csv_cells(tmp_path / "a.csv")
        (problem,) = caught.value.problems
        return problem

    return read


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_own_form_reads_with_or_without_mark_and_with_any_line_end(tmp_path, mark, end):
    (tmp_path / "a.csv").write_bytes(mark + f'科队,月{end}危化科,"1,2"{end}'.encode())
    sheet = read_csv_cells(tmp_path / "a.csv")
    assert sheet.header == ("科队", "月")
    assert sheet.rows == ((2, ("危化科", "1,2")),)


def test_empty_rows_are_left_out_and_numbers_kept():
    sheet = parse_csv("a,b\n\n1,2\n,\n , \n3,4\n", "a.csv")
    assert [row.number for row in sheet.rows] == [3, 6]


def test_spaces_around_a_cell_are_removed():
    assert parse_csv("a,b\n 甲\u3000,\u00a0乙\t\n", "a.csv").rows[0].cells == ("甲", "乙")


def test_a_header_alone_is_a_sheet_without_rows():
    assert parse_csv("a,b\n", "a.csv").rows == ()


@pytest.mark.parametrize("text", ["", "\n", ",\n", "\na,b\n1,2\n", " \n"])
def test_a_sheet_without_header_is_refused(text):
    assert refused(text)["第 1 行"].expected == "表头，之后每行一条"


def test_ragged_rows_are_told_with_their_number():
    told = refused("a,b\n1,2\n1\n1,2,3\n")
    assert {where: p.found for where, p in told.items()} == {"第 3 行": "1 列", "第 4 行": "3 列"}


def test_a_header_twice_and_an_empty_header_are_refused():
    told = refused("a,a,\n1,2,3\n")
    assert {"第 1 行「a」", "第 1 行第 3 列"} == told.keys()


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_are_named(mark):
    assert "英文逗号" in refused(f"a{mark}b\n1{mark}2\n")["第 1 行"].expected


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\u202e", "\u200b", "\ufffe", "\x85"])
def test_hidden_characters_are_told_with_cell_and_code_point(character):
    told = refused(f"名称,月\n甲{character}乙,1\n")
    assert told["第 2 行「名称」"].found == f"甲<U+{ord(character):04X}>乙"


def test_a_line_break_inside_a_cell_is_refused():
    assert "第 2 行「名称」" in refused('名称,月\n"甲\n乙",1\n')


def test_a_cell_of_a_thousand_and_one_characters_is_refused():
    assert parse_csv("a\n" + "x" * 1000, "a.csv").rows
    assert "第 2 行「a」" in refused("a\n" + "x" * 1001)


@pytest.mark.parametrize("text", ['a,b\n"1,2\n3,4\n', 'a,b\n"1"x,2\n'])
def test_quotes_that_do_not_pair_are_refused(text):
    assert next(iter(refused(text).values())).found == "读不出"


def test_many_problems_of_one_kind_are_counted():
    told = refused("a,b\n" + "1\n" * 500)
    assert told["各行"].found == "另有 480 处同类问题"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"PK\x03\x04rest", "Excel 工作簿（xlsx）"),
        (b"\xd0\xcf\x11\xe0rest", "旧版 Excel 工作簿（xls）"),
        ("科队\n危化科".encode("utf-16"), "UTF-16 编码"),
        ("科队\n危化科".encode("gb18030"), "不是 UTF-8 编码"),
        ("<html><table><tr><td>科队</table>".encode(), "网页（HTML）"),
        (b"%PDF-1.7", "PDF 文件"),
    ],
)
def test_a_file_of_another_kind_is_named_with_advice(refused_file, raw, found):
    problem = refused_file(raw)
    assert problem.found == found
    assert "另存为" in problem.expected


def test_a_file_over_twenty_megabytes_is_refused(refused_file):
    assert refused_file(b"a\n" * (10 * 1024 * 1024 + 1)).found == "太大"


def test_a_missing_file_is_refused_without_the_path_of_the_machine(tmp_path):
    with pytest.raises(InputError) as caught:
        read_csv_cells(tmp_path / "none.csv")
    assert caught.value.problems[0].file == f"{tmp_path.name}/none.csv"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab,"\n\r\t;科 \x00', max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        sheet = parse_csv(text, "a.csv")
    except InputError:
        return
    assert all(len(row.cells) == len(sheet.header) for row in sheet.rows)
