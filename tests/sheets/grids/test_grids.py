"""Grids: the same table in any form is read the same, and what a form can say besides values is seen."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import subprocess
import sys

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from enforce.sheets.grids import Grid, Ruined, Span, read_grids
from enforce.words.problems import InputError
from tests.sheets.grid_files import FILES, rows, xls, xlsx
from tests.work import trials


def read(tmp_path, raw, sheet=None):
    (tmp_path / "台账").write_bytes(raw)
    return read_grids(tmp_path / "台账", sheet)


def table(grid: Grid) -> dict[int, tuple]:
    """The rows by number, without the empty cells at their ends."""
    return {row.number: trimmed(row.cells) for row in grid.rows}


def trimmed(cells) -> tuple:
    cells = list(cells)
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def wanted(lines) -> dict[int, tuple]:
    return {number: line for number, line in enumerate(map(trimmed, lines), 1) if line}


# --- round trips ----------------------------------------------------------------------------------------------------

#: Text as it may stand in a register: Chinese, rare and full-width characters, marks, quotes, separators.
TEXT = st.text(
    st.sampled_from("普陀区甲乙厂有限公司镕𠮷㐂ABc019 ;,，。'\"&<>（）=+-@\t\n_x／·"), min_size=1, max_size=20
)
NUMBER = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(-(2**20), 2**20).map(lambda n: n / 64),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda n: round(n, 4)),  # the writers keep 16 digits
)
DAY = st.dates(dt.date(1905, 1, 1), dt.date(2100, 12, 31))
MOMENT = st.builds(dt.datetime.combine, DAY, st.times()).map(lambda m: m.replace(microsecond=0))
VALUE = st.one_of(st.none(), TEXT, NUMBER, DAY, MOMENT, st.booleans())


def lines_of(values):
    """A table of one to eight rows, each of one to six cells."""
    return st.lists(st.lists(values, min_size=1, max_size=6), min_size=1, max_size=8)


def as_read(value):
    """A value as a form gives it back: a whole number is an int, a moment at midnight a day."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.date() if isinstance(value, dt.datetime) and value.time() == dt.time() else value


def by_openpyxl(lines, epoch=None):
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.epoch = epoch or book.epoch
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            cell = book.active.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(buffer)
    return buffer.getvalue()


def by_xlsxwriter(lines, from_1904=False):
    buffer = io.BytesIO()
    options = {"in_memory": True, "date_1904": from_1904, "constant_memory": from_1904}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet()
    formats = {
        dt.date: book.add_format({"num_format": 31}),
        dt.datetime: book.add_format({"num_format": "yyyy/m/d h:mm"}),
    }
    writers = {str: sheet.write_string, bool: sheet.write_boolean, dt.date: sheet.write_datetime,
               dt.datetime: sheet.write_datetime, int: sheet.write_number, float: sheet.write_number}  # fmt: skip
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            if value is not None:
                writers[type(value)](row, column, value, formats.get(type(value)))
    book.close()
    return buffer.getvalue()


def by_xlwt(lines, from_1904=False):
    book, buffer = xlwt.Workbook(), io.BytesIO()
    book.dates_1904 = from_1904
    sheet = book.add_sheet("Sheet1")
    day, moment = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'), xlwt.easyxf(num_format_str="yyyy/m/d h:mm")
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            style = moment if isinstance(value, dt.datetime) else day
            sheet.write(row, column, value, *([style] if isinstance(value, dt.date) else []))
    book.save(buffer)
    return buffer.getvalue()


def by_csv(lines, encoding="utf-8", delimiter=",", end="\r\n"):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(lines)
    return buffer.getvalue().encode(encoding)


def by_html(lines, encoding="utf-8"):
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell or '').replace(chr(10), '<br>')}</td>" for cell in line) + "</tr>\r\n"
        for line in lines
    )
    return f"<html><body><table>{body}</table></body></html>".encode(encoding)


WORKBOOKS = {
    "openpyxl": by_openpyxl,
    "openpyxl from 1904": lambda lines: by_openpyxl(lines, CALENDAR_MAC_1904),
    "xlsxwriter": by_xlsxwriter,
    "xlsxwriter with inline texts from 1904": lambda lines: by_xlsxwriter(lines, from_1904=True),
    "xlwt": by_xlwt,
    "xlwt from 1904": lambda lines: by_xlwt(lines, from_1904=True),
}


@pytest.mark.parametrize("form", WORKBOOKS)
@trials(60)
@given(lines=lines_of(VALUE))
def test_a_workbook_is_read_as_it_was_written(tmp_path_factory, form, lines):
    (grid,) = read(tmp_path_factory.mktemp("grids"), WORKBOOKS[form](lines))
    found, expected = table(grid), wanted([map(as_read, line) for line in lines])
    assert found == expected
    assert {n: [*map(type, row)] for n, row in found.items()} == {n: [*map(type, row)] for n, row in expected.items()}
    assert grid.problems == ()


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@trials(40)
@given(lines=lines_of(st.one_of(st.none(), TEXT)), end=st.sampled_from(["\n", "\r\n"]))
def test_a_text_is_read_as_it_was_written(tmp_path_factory, delimiter, encoding, lines, end):
    head = ["企业名称", "统一社会信用代码", "街镇"]
    rest = [[cell and cell.replace(";", "；").replace(",", "，").replace("\t", " ") for cell in line] for line in lines]
    raw = by_csv([head, *rest], encoding, delimiter, end)
    (grid,) = read(tmp_path_factory.mktemp("grids"), raw)
    assert table(grid) == wanted([head, *rest])
    assert grid.encoding == encoding.upper()


@trials(100)
@given(lines=lines_of(TEXT))
def test_separators_inside_quotes_stay_in_their_cell(tmp_path_factory, lines):
    head = ["企业名称", "统一社会信用代码", "街镇"]
    (grid,) = read(tmp_path_factory.mktemp("grids"), by_csv([head, *([*line, "甲", "乙"] for line in lines)]))
    assert table(grid) == wanted([head, *([*line, "甲", "乙"] for line in lines)])


def in_a_browser(text):
    """Spaces and tabs as one, none at the ends of a line, no empty lines around."""
    lines = (" ".join(line.split()) for line in (text or "").split("\n"))
    return "\n".join(lines).strip("\n") or None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@trials(40)
@given(lines=lines_of(st.one_of(st.none(), TEXT)))
def test_a_web_page_is_read_as_a_browser_shows_it(tmp_path_factory, encoding, lines):
    (grid,) = read(tmp_path_factory.mktemp("grids"), by_html([["企业名称"], *lines], encoding))
    assert table(grid) == wanted([["企业名称"], *(map(in_a_browser, line) for line in lines)])


def test_a_workbook_written_by_an_office_suite_is_read_alike_in_both_forms():
    old, new = (read_grids(FILES / f"libreoffice.{ending}") for ending in ("xls", "xlsx"))
    assert [(g.sheet, g.rows, g.notes, g.visible, g.merged) for g in old] == [
        (g.sheet, g.rows, g.notes, g.visible, g.merged) for g in new
    ]
    assert [(p.where, p.found) for p in old[0].problems] == [("工作表「企业台账」第 7 行 C 列", "#DIV/0!")]
    assert [(p.where, p.found) for p in new[0].problems] == [("工作表「企业台账」第 7 行 C 列", "#DIV/0!")]
    register, hidden = old
    assert [row[1:] for row in register.rows[2:6]] == [
        (("甲化工厂", "91310107MA1TX0013D", 2, dt.date(2024, 3, 1)), False, False),
        (("乙商场", "91310107MA1TX00218", 1.5, dt.datetime.fromisoformat("2023-12-31T08:30")), True, False),
        (("丙厂", "92310107MA1TEXT14E", 1, dt.date(2024, 2, 29)), False, True),
        (("合计", None, 3, None), False, False),
    ]
    assert register.merged == (Span(1, 0, 1, 3),)
    assert register.notes == ("合并单元格 1 处，已把值填入每一格",)
    assert all(grid.from_1904 for grid in (*old, *new))
    assert (register.visible, hidden.visible, hidden.sheet) == (True, False, "旧表")


# --- sheets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["libreoffice.xls", "libreoffice.xlsx"])
def test_one_sheet_can_be_asked_for(name):
    assert [grid.sheet for grid in read_grids(FILES / name, "旧表")] == ["旧表"]


@pytest.mark.parametrize("name", ["libreoffice.xls", "libreoffice.xlsx"])
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(name):
    with pytest.raises(InputError) as caught:
        read_grids(FILES / name, "台账")
    (problem,) = caught.value.problems
    assert (problem.where, problem.found, problem.expected) == ("工作表", "台账", "文件里有的工作表：企业台账、旧表")


def test_a_text_has_no_sheets_to_ask_for(tmp_path):
    with pytest.raises(InputError, match="工作表"):
        read(tmp_path, b"a,b\n", "Sheet1")


# --- numbers and places ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [by_openpyxl, by_xlsxwriter, by_xlwt])
def test_a_number_of_16_digits_is_marked_as_ruined(tmp_path, form):
    (grid,) = read(tmp_path, form([[310107199001011234, 999_999_999_999_999]]))
    ruined, sound = grid.rows[0].cells
    assert isinstance(ruined, Ruined)
    assert abs(ruined - 310107199001011234) < 1000
    assert type(sound) is int


@pytest.mark.parametrize("raw", [xlsx(rows("", "<c/>", "<c><v>1</v></c>")), xls((), (), (1,)), b"\r\n,\n1,\n"])
def test_empty_rows_are_left_out_and_the_others_keep_their_number(tmp_path, raw):
    (grid,) = read(tmp_path, raw)
    assert [row.number for row in grid.rows] == [3]


def test_problems_name_file_sheet_row_and_column(tmp_path):
    raw = xlsx(rows("", '<c r="AB2" t="e"><v>#N/A</v></c>'))
    (problem,) = read(tmp_path, raw)[0].problems
    assert (problem.where, problem.place.row, problem.place.spot) == ("工作表「台账」第 2 行 AB 列", 2, 27)
    assert str(problem) == "工作表「台账」第 2 行 AB 列 = #N/A：应为 没有错误值的单元格：请改正公式或填入数值"


def test_reading_needs_neither_pandas_nor_openpyxl():
    code = (
        "import sys; from enforce.sheets.grids import read_grids; "
        f"read_grids({str(FILES / 'libreoffice.xlsx')!r}); "
        "print(sorted({'pandas', 'openpyxl', 'xlrd'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"
