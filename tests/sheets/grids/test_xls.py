"""xls: what an old workbook says besides values."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import xlwt

from enforce.sheets.grids import Span, read_grids
from enforce.words.problems import InputError
from tests.sheets.grid_files import FILES, xls

STRUCK = xlwt.easyxf("font: struck_out true")


@pytest.fixture
def read(tmp_path):
    """Write a sheet by a function, read it."""

    def reading(write):
        book = xlwt.Workbook()
        write(book.add_sheet("台账"))
        book.save(tmp_path / "台账.xls")
        (grid,) = read_grids(tmp_path / "台账.xls")
        return grid

    return reading


def told(grid):
    return [(problem.where.removeprefix("工作表「台账」"), problem.found) for problem in grid.problems]


def test_merged_and_hidden_are_seen(read):
    def write(sheet):
        sheet.write_merge(0, 0, 0, 2, "台账")
        sheet.write_merge(1, 2, 0, 0, "专项")
        for row in (1, 2):
            sheet.write(row, 1, row)
        sheet.row(2).hidden = True

    grid = read(write)
    assert [row[:3] for row in grid.rows] == [
        (1, ("台账", "台账"), False),
        (2, ("专项", 1), False),
        (3, ("专项", 2), True),
    ]
    assert grid.merged == (Span(1, 0, 1, 2), Span(2, 0, 3, 0))
    assert grid.notes == ("合并单元格 2 处，已把值填入每一格",)


def test_strikes_are_seen(read):
    old, new = xlwt.easyfont("struck_out true"), xlwt.easyfont("")

    def write(sheet):
        for row, styles in enumerate([(), (STRUCK, STRUCK), (STRUCK,)]):
            for column in range(2):
                sheet.write(row, column, "甲", *styles[column : column + 1])
        sheet.write_rich_text(3, 0, [("旧", old), ("新", new)])
        sheet.write_rich_text(4, 0, [("旧", old)])

    grid = read(write)
    assert [row.struck for row in grid.rows] == [False, True, False, False, True]
    assert told(grid) == [("第 4 行 A 列", "部分文字划了删除线"), ("第 3 行", "部分单元格划了删除线")]


def test_errors_are_problems_and_no_values(tmp_path):
    (grid, _) = read_grids(FILES / "libreoffice.xls")
    assert grid.rows[-1].cells == (None, None, None, True)
    assert [(p.found, p.place.row, p.place.spot) for p in grid.problems] == [("#DIV/0!", 7, 2)]


def test_dates_follow_their_format(read):
    formats = ["yyyy-mm-dd", "General", "h:mm", '0"天"']

    def write(sheet):
        for column, code in enumerate(formats):
            sheet.write(0, column, 45352, xlwt.easyxf(num_format_str=code))

    assert read(write).rows[0].cells == (dt.date(2024, 3, 1), 45352, 45352, 45352)


def test_a_damaged_old_workbook_is_refused(tmp_path):
    raw = xls(("企业名称",))
    start = raw.index(b"\x85\x00")  # the record that says where the sheet begins
    (tmp_path / "a.xls").write_bytes(raw[: start + 4] + b"\xff\xff\xff\x0f" + raw[start + 8 :])
    with pytest.raises(InputError, match="不完整或已损坏"):
        read_grids(tmp_path / "a.xls")


def test_noise_in_an_old_workbook_ends_in_a_refusal_or_in_rows(tmp_path):
    """Nothing but InputError comes out, whatever byte is changed."""
    raw = (FILES / "libreoffice.xls").read_bytes()
    path = tmp_path / "a.xls"
    refused = 0
    for place in range(0, len(raw), 31):
        path.write_bytes(raw[:place] + b"\xff\x7f" + raw[place + 2 :])
        try:
            read_grids(path)
        except InputError:
            refused += 1
    assert 0 < refused < len(raw) // 31


def test_the_message_of_the_library_does_not_show(tmp_path, capsys):
    buffer = io.BytesIO(xls(("企业名称",)))
    (tmp_path / "a.xls").write_bytes(buffer.getvalue()[:-100])
    with pytest.raises(InputError):
        read_grids(tmp_path / "a.xls")
    assert capsys.readouterr() == ("", "")


def test_formulas_that_give_nothing_are_told(read):
    def write(sheet):
        sheet.write(0, 0, "计划家次")
        sheet.write(1, 0, xlwt.Formula("1+1"))
        sheet.write(2, 0, 3)

    grid = read(write)
    assert [row.number for row in grid.rows] == [1, 3]
    assert grid.notes == (
        "公式的结果是空白，读作空：1 处（如第 2 行 A 列）；若公式还没有算过，请在 Excel/WPS 里打开后保存一次",
    )


def test_raised_and_lowered_figures_are_no_figures_of_the_number(read):
    up, down, plain = xlwt.easyfont("escapement superscript"), xlwt.easyfont("escapement subscript"), xlwt.easyfont("")

    def write(sheet):
        sheet.write_rich_text(0, 0, [("8", plain), ("1", up)])
        sheet.write_rich_text(0, 1, ["CO", ("2", down), ("厂3", plain)])
        sheet.write(0, 2, "9")

    assert read(write).rows[0].cells == ("8¹", "CO₂厂3", "9")
