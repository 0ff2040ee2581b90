"""Web pages under the name of a workbook."""

from __future__ import annotations

import pytest

from enforce.sheets.grids import Span, read_grids
from enforce.sheets.grids import html as grids_html
from enforce.words.problems import InputError


@pytest.fixture
def read(tmp_path):
    """Read a page."""

    def reading(text):
        (tmp_path / "台账.xls").write_bytes(text.encode())
        return read_grids(tmp_path / "台账.xls")

    return reading


def cells(grid):
    return [row.cells for row in grid.rows]


def test_an_export_of_an_older_system(read):
    (grid,) = read(
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><meta charset=gb2312><title>导出</title>"
        "<style>td{mso-number-format:'\\@'}</style></head><body>前言<TABLE border=1><caption>台账</caption>"
        "<thead><tr><TH>企业名称<th>家次</tr></thead>\n<tbody><tr>\n  <td> 甲 &amp;\n 乙<br/>厂&nbsp;</td>\n"
        "<td><b>2</b>"
        "<script>alert(1)</script></td></tr></tbody></TABLE>后记</body></html>"
    )
    assert cells(grid) == [("企业名称", "家次"), ("甲 & 乙\n厂\xa0", "2")]
    assert (grid.sheet, grid.encoding) == ("", "UTF-8")


def test_cells_over_rows_and_columns_are_filled(read):
    (grid,) = read(
        "<table><tr><td colspan=3>台账</td></tr><tr><td rowspan='2'>专项</td><td>甲</td><td>1</td></tr>"
        "<tr><td>乙</td><td>2</td></tr><tr><td rowspan=0>一般</td><td colspan=x>丙</td></tr></table>"
    )
    assert cells(grid) == [("台账",) * 3, ("专项", "甲", "1"), ("专项", "乙", "2"), ("一般", "丙", None)]
    assert grid.merged == (Span(1, 0, 1, 2), Span(2, 0, 3, 0))
    assert grid.notes == ("合并单元格 2 处，已把值填入每一格",)


def test_several_tables_are_named_by_their_place_and_can_be_asked_for(read, tmp_path):
    page = "<table><tr><td>布局<table><tr><td>甲</td></tr></table>之后</td></tr></table><table><td>乙<tr><td>丙</table>"
    first, second, third = read(page)
    assert [cells(grid) for grid in (first, second, third)] == [[("布局之后",)], [("甲",)], [("乙",), ("丙",)]]
    assert [grid.sheet for grid in (first, second, third)] == ["第 1 个表格", "第 2 个表格", "第 3 个表格"]
    assert read_grids(tmp_path / "台账.xls", "第 2 个表格") == (second,)


def test_what_is_left_open_ends_with_the_page(read):
    (grid,) = read("<table><tr><td>甲<td>乙</i></table></table></p>丙")
    assert cells(grid) == [("甲", "乙")]
    (grid,) = read("<table><tr><td>甲<td>乙")
    assert cells(grid) == [("甲", "乙")]


def test_hidden_and_struck_rows_are_marked(read):
    (grid,) = read(
        "<table><tr><td>甲</td></tr><tr style='DISPLAY: none'><td>乙</td></tr><tr hidden><td>丙</td></tr>"
        "<tr><td><s>丁</s></td></tr><tr><td style='text-decoration: line-through'>戊</td></tr>"
        "<tr><td><span style='text-decoration:line-through'><b>旧</b></span><p>新</p></td></tr>"
        "<tr><td><del>己</del> </td><td>庚</td></tr></table>"
    )
    assert [row.hidden for row in grid.rows] == [False, True, True, False, False, False, False]
    assert [row.struck for row in grid.rows] == [False, False, False, True, True, True, False]
    assert [(p.where, p.found) for p in grid.problems] == [
        ("第 6 行 A 列", "部分文字划了删除线"),
        ("第 7 行", "部分单元格划了删除线"),
    ]


def test_more_cells_than_any_table_needs_are_refused(read, monkeypatch):
    monkeypatch.setattr(grids_html, "MAX_CELLS", 3)
    with pytest.raises(InputError, match="单元格太多"):
        read("<table><td colspan=2>甲<td colspan=2>乙</table>")


def test_tags_without_end_do_not_pile_up(read, monkeypatch):
    (grid,) = read("<table><td>" + "<b>" * 1_000 + "甲" + "</i></b>" * 500 + "</table>")
    assert cells(grid) == [("甲",)]
    monkeypatch.setattr(grids_html, "MAX_ROWS", 3)
    (grid,) = read("<table>" + "<tr hidden>" * 5 + "<td>甲</table>")
    assert [row.hidden for row in grid.rows] == [False]


def test_cells_pushed_ever_further_out_are_refused_at_once(read):
    with pytest.raises(InputError, match="单元格太多"):
        read("<table>" + "<tr><td rowspan=9999 colspan=200>" * 5_000)


def test_columns_that_are_not_shown_are_known(read):
    (grid,) = read("<table><col><col span=2 style='display:none'><tr><td>甲<td>1<td>2<td>3</table>")
    assert grid.hidden_columns == {1, 2}


@pytest.mark.parametrize("start", ["<html>", ""])
def test_a_page_that_breaks_off_inside_a_table_is_a_problem(read, start):
    (grid,) = read(f"{start}<table><tr><td>甲<td>1<tr><td>乙")
    assert [problem.found for problem in grid.problems] == ["网页在这里中断"]
    assert not read(f"{start}<table><tr><td>甲<td>1<tr><td>乙</html>")[0].problems


@pytest.mark.parametrize(
    "cell", ["<p>8</p><p>9</p>", "<div>8</div>9", "8<div>9</div>", "8<br>9", "<ul><li>8<li>9</ul>"]
)
def test_what_a_browser_shows_on_two_lines_is_never_one_number(read, cell):
    (grid,) = read(f"<table><tr><td>{cell}</td></tr></table>")
    assert grid.rows[0].cells[0].split() == ["8", "9"]


def test_raised_and_lowered_figures_are_no_figures_of_the_number(read):
    (grid,) = read("<table><tr><td>8<sup>1</sup><td>CO<sub>2</sub>厂3<td>8<sup>注<b>2</b></sup></table>")
    assert cells(grid) == [("8¹", "CO₂厂3", "8注²")]
