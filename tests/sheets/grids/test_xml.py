"""XML of Excel 2003, as some systems export it under an .xls name."""

from __future__ import annotations

import datetime as dt

import pytest

from enforce.sheets.grids import Span, read_grids
from enforce.sheets.grids import xml as grids_xml
from enforce.words.problems import InputError
from tests.sheets.grid_files import spreadsheet_ml


@pytest.fixture
def read(tmp_path):
    """Read the XML of a table."""

    def reading(text, encoding="utf-8"):
        (tmp_path / "台账.xls").write_bytes(text.encode(encoding))
        (grid,) = read_grids(tmp_path / "台账.xls")
        return grid

    return reading


def cell(value, kind="String", **attributes):
    attributes = "".join(f" ss:{name}='{given}'" for name, given in attributes.items())
    return f'<Cell{attributes}><Data ss:Type="{kind}">{value}</Data></Cell>'


def test_values_of_every_kind(read):
    kinds = [cell("甲"), cell("2", "Number"), cell("0.5", "Number"), cell("2024-03-01T00:00:00.000", "DateTime")]
    kinds += [cell("1", "Boolean"), cell("", "String"), cell("<B xmlns='http://www.w3.org/TR/REC-html40'>乙</B>厂")]
    grid = read(spreadsheet_ml(f"<Row>{''.join(kinds)}</Row>"))
    assert grid.rows[0].cells == ("甲", 2, 0.5, dt.date(2024, 3, 1), True, None, "乙厂")
    assert (grid.sheet, grid.visible) == ("台账", True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding_whatever_the_file_says(read, encoding):
    text = spreadsheet_ml(f"<Row>{cell('普陀区镕公司')}</Row>").replace('"1.0"', '"1.0" encoding="gb2312"')
    assert read(text, encoding).rows[0].cells == ("普陀区镕公司",)


def test_places_merged_hidden_and_struck(read):
    table = (
        f"<Row ss:Index='2'>{cell('台账', MergeAcross=1)}{cell('x')}</Row>"
        f"<Row ss:Hidden='1'>{cell('甲', Index=2)}</Row><Row>{cell('乙', StyleID='s')}</Row>"
    )
    styles = '<Style ss:ID="t"><Font/></Style><Style ss:ID="s"><Font ss:StrikeThrough="1"/></Style>'
    options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    grid = read(spreadsheet_ml(table, styles, options))
    assert [tuple(row) for row in grid.rows] == [
        (2, ("台账", "台账", "x"), False, False),
        (3, (None, "甲", None), True, False),
        (4, ("乙", None, None), False, True),
    ]
    assert grid.merged == (Span(2, 0, 2, 1),)
    assert grid.visible is False


def test_errors_and_formulas_without_a_value_are_problems(read):
    error = cell("#N/A", "Error", Formula="=A1")
    grid = read(spreadsheet_ml(f"<Row>{cell('甲')}{error}<Cell ss:Formula='=A1'/><Cell/></Row>"))
    assert [(p.where, p.found) for p in grid.problems] == [
        ("工作表「台账」第 1 行 B 列", "#N/A"),
        ("工作表「台账」第 1 行 C 列", "公式没有算出的值"),
    ]
    assert grid.rows[0].cells == ("甲",)


@pytest.mark.parametrize(
    "table",
    [
        "<Row ss:Index='2'/><Row ss:Index='1'/>",
        "<Row><Cell ss:Index='2'/><Cell ss:Index='1'/></Row>",
        "<Row><Cell ss:Index='0'/></Row>",
        "<Row>",
    ],
)
def test_what_does_not_fit_together_is_refused_as_damaged(read, table):
    with pytest.raises(InputError, match="不完整或已损坏"):
        read(spreadsheet_ml(table))


@pytest.mark.parametrize("kind", ["Number", "DateTime", "Other"])
def test_an_odd_cell_is_named_and_the_others_are_read(read, kind):
    grid = read(spreadsheet_ml(f"<Row>{cell('1', 'Number')}{cell('1899-12-31T26:00:00.000', kind)}</Row>"))
    assert (grid.rows[0].cells, [p.where for p in grid.problems]) == ((1,), ["工作表「台账」第 1 行 B 列"])


def test_more_cells_than_any_table_needs_are_refused(read, monkeypatch):
    monkeypatch.setattr(grids_xml, "MAX_CELLS", 3)
    with pytest.raises(InputError, match="单元格太多"):
        read(spreadsheet_ml("<Row><Cell/><Cell/><Cell/><Cell/></Row>"))


def test_a_hidden_row_far_out_takes_no_memory(read):
    assert read(spreadsheet_ml("<Row ss:Index='1000000' ss:Hidden='1'/>")).rows == ()


def test_columns_that_are_not_shown_and_comments_are_known(read):
    columns = '<Column ss:Index="2" ss:Hidden="1" ss:Span="1"/><Column/>'
    comment = '<Cell><Data ss:Type="String">甲</Data><Comment><ss:Data>改为乙</ss:Data></Comment></Cell>'
    grid = read(spreadsheet_ml(f"{columns}<Row>{comment}{cell('1')}{cell('2')}</Row>"))
    assert grid.hidden_columns == {1, 2}
    assert grid.comments == {(1, 0)}
    assert grid.rows[0].cells == ("甲", "1", "2")


@pytest.mark.parametrize(
    ("tag", "doubt"), [("Sup", "部分文字是上标或下标"), ("Sub", "部分文字是上标或下标"), ("S", "部分文字划了删除线")]
)
def test_a_part_of_a_text_that_is_not_as_the_others_is_doubted(read, tag, doubt):
    part = f"8<{tag} xmlns='http://www.w3.org/TR/REC-html40'>1</{tag}>"
    grid = read(spreadsheet_ml(f"<Row>{cell(part)}{cell('2')}</Row>"))
    assert [(problem.place.spot, problem.found) for problem in grid.problems] == [(0, doubt)]
    note = f"<Row><Cell><Data ss:Type='String'>甲</Data><Comment><ss:Data>{part}</ss:Data></Comment></Cell></Row>"
    assert not read(spreadsheet_ml(note)).problems
