"""xlsx: what a workbook says besides values, and writers that write it in other ways."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from openpyxl.styles import Font

from enforce.sheets.grids import Span, read_grids
from enforce.sheets.grids import sax as grids_sax
from enforce.sheets.grids import xlsx as grids_xlsx
from enforce.sheets.grids import xlsx_sheet as grids_sheet
from enforce.words.problems import InputError
from tests.sheets.grid_files import MAIN, RELATIONS, relations, rows, xlsx
from tests.work import calls


@pytest.fixture
def read(tmp_path):
    """Read the bytes of a workbook, of which one sheet is expected."""

    def reading(raw):
        (tmp_path / "台账.xlsx").write_bytes(raw)
        (grid,) = read_grids(tmp_path / "台账.xlsx")
        return grid

    return reading


@pytest.fixture
def refused(read):
    """The one problem of a workbook that cannot be read."""

    def reading(raw):
        with pytest.raises(InputError) as caught:
            read(raw)
        (problem,) = caught.value.problems
        return problem

    return reading


def cells(grid):
    return [row.cells for row in grid.rows]


def told(grid):
    return [(problem.where.removeprefix("工作表「台账」"), problem.found) for problem in grid.problems]


# --- values ---------------------------------------------------------------------------------------------------------

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy/m/d h:mm"/>'
    '<numFmt numFmtId="165" formatCode="0&quot;d&quot;"/>'
    "</numFmts><fonts><font/><font><strike/></font><font><strike val='0'/></font></fonts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf/><xf numFmtId='31'/><xf numFmtId='164'/><xf numFmtId='165'/><xf numFmtId='20'/>"
    "<xf fontId='1'/><xf fontId='2'/><xf fontId='9'/></cellXfs><dxfs><dxf><font><strike/></font></dxf></dxfs>"
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><v>60</v></c>", 60),
        ('<c t="n"><v>-0.5</v></c>', -0.5),
        ("<c><v>6E1</v></c>", 60),
        ("<c><v></v></c>", None),
        ("<c/>", None),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="b"><v>0</v></c>', False),
        ('<c t="str"><v> 60 </v></c>', " 60 "),
        ('<c t="str"><v></v></c>', None),
        ('<c t="s"><v>0</v></c>', "甲\r\n乙"),
        ('<c t="s"><v>1</v></c>', "上海普陀"),
        ('<c t="s"><v>2</v></c>', None),
        (
            '<c t="inlineStr"><is><r><t>甲</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 乙</t></r></is></c>',
            "甲 乙",
        ),
        ('<c t="d"><v>2024-03-01</v></c>', dt.date(2024, 3, 1)),
        ('<c s="1"><v>45352</v></c>', dt.date(2024, 3, 1)),
        ('<c s="2"><v>45352.5</v></c>', dt.datetime.combine(dt.date(2024, 3, 1), dt.time(12))),
        ('<c s="3"><v>45352</v></c>', 45352),
        ('<c s="4"><v>0.5</v></c>', 0.5),
        ('<c s="99"><v>45352</v></c>', 45352),
        ("<c><f>1+1</f><v>2</v></c>", 2),
        ('<c t="str"><f>""</f><v></v></c>', None),
    ],
)
def test_a_cell_is_what_excel_shows(read, cell, value):
    strings = (
        '<si><t xml:space="preserve">甲_x000D_&#10;乙</t></si><si><r><t>上海</t></r><r><t>普陀</t></r>'
        "<rPh><t>shanghai</t></rPh></si><si><t></t></si>"
    )
    grid = read(xlsx(rows('<c t="str"><v>名称</v></c>' + cell), styles=STYLES, strings=strings))
    assert cells(grid)[0][1:] in ((value,), () if value is None else None)
    assert grid.problems == ()


def test_dates_are_counted_from_1904_where_the_book_says_so(read):
    grid = read(xlsx(rows('<c s="1"><v>43890</v></c>'), styles=STYLES, book='<workbookPr date1904="1"/>'))
    assert cells(grid) == [(dt.date(2024, 3, 1),)]
    assert grid.from_1904
    assert not read(xlsx(rows("<c><v>1</v></c>"))).from_1904


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
def test_an_error_is_a_problem_and_no_value(read, error):
    grid = read(xlsx(rows(f'<c><v>1</v></c><c t="e"><f>A1</f><v>{error}</v></c><c><v>2</v></c>')))
    assert cells(grid) == [(1, None, 2)]
    assert told(grid) == [("第 1 行 B 列", error)]


@pytest.mark.parametrize("cell", ["<c><f>A1</f></c>", "<c><f>A1</f><v/></c>", '<c t="str"><f>A1</f></c>'])
def test_a_formula_never_computed_is_a_problem_that_says_to_save_once(read, cell):
    grid = read(xlsx(rows(f"<c><v>1</v></c>{cell}")))
    assert told(grid) == [("第 1 行 B 列", "公式没有算出的值")]
    assert "打开后保存一次" in grid.problems[0].expected


def test_a_formula_written_by_a_program_that_does_not_compute_is_a_problem(read):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("台账")
    sheet.write_formula(0, 0, "=1+1")
    sheet.write_formula(0, 1, "=1+1", None, 2)
    sheet.write_number(0, 2, 0)
    book.close()
    grid = read(buffer.getvalue())
    assert cells(grid) == [(None, 2, 0)]
    assert told(grid) == [("第 1 行 A 列", "公式没有算出的值")]


def test_a_computed_zero_is_a_zero(read):
    assert cells(read(xlsx(rows("<c><f>A2</f><v>0</v></c>")))) == [(0,)]


# --- hidden, struck, merged -----------------------------------------------------------------------------------------


def test_hidden_rows_are_there_and_marked(read):
    sheet = '<sheetData><row r="1"><c><v>1</v></c></row><row r="2" hidden="1"><c><v>2</v></c></row></sheetData>'
    assert [row.hidden for row in read(xlsx(sheet)).rows] == [False, True]
    assert not read(xlsx(sheet)).filtered
    assert read(xlsx(sheet + '<autoFilter ref="A1:A2"/>')).filtered


def test_hidden_sheets_are_there_and_marked(tmp_path):
    book = openpyxl.Workbook()
    for state in ("visible", "hidden", "veryHidden"):
        book.create_sheet(state).sheet_state = state
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")
    found = {grid.sheet: grid.visible for grid in read_grids(tmp_path / "a.xlsx")}
    assert found == {"Sheet": True, "visible": True, "hidden": False, "veryHidden": False}


def test_a_row_struck_through_is_marked(read):
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "台账"
    for line in (("名称", "家次"), ("甲", 1), ("乙", 2), ("丙", 3)):
        sheet.append(line)
    for place in ("A3", "B3", "C3", "B4"):
        sheet[place].font = Font(strike=True)
    book.save(buffer)
    grid = read(buffer.getvalue())
    assert [row.struck for row in grid.rows] == [False, False, True, False]
    assert told(grid) == [("第 4 行", "部分单元格划了删除线")]
    assert (grid.problems[0].place.row, grid.problems[0].place.spot) == (4, -1)


@pytest.mark.parametrize(
    ("cell", "struck", "doubtful"),
    [
        ('<c t="s"><v>0</v></c>', False, True),
        ('<c t="s"><v>1</v></c>', True, False),
        ('<c t="s"><v>2</v></c>', False, False),
        ('<c t="s" s="5"><v>2</v></c>', False, True),
        ('<c t="s" s="5"><v>1</v></c>', True, False),
        ('<c s="5"><v>1</v></c>', True, False),
        ('<c s="6"><v>1</v></c>', False, False),
        ('<c s="7"><v>1</v></c>', False, False),
    ],
)
def test_a_text_may_be_struck_through_in_part_or_whole(read, cell, struck, doubtful):
    strings = (
        "<si><r><rPr><strike/></rPr><t>旧</t></r><r><rPr/><t>新</t></r></si>"
        '<si><r><rPr><strike val="1"/></rPr><t>旧</t></r></si>'
        '<si><r><t>旧</t></r><r><rPr><strike val="0"/></rPr><t>新</t></r></si>'
    )
    grid = read(xlsx(rows(cell), styles=STYLES, strings=strings))
    assert grid.rows[0].struck is struck
    assert told(grid) == [("第 1 行 A 列", "部分文字划了删除线")] * doubtful


def test_merged_values_stand_in_every_cell(read):
    sheet = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>台账</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>专项</v></c><c r="B2" s="5"><v>1</v></c><c r="C2" s="5"><v>1</v></c></row>'
        '<row r="3"><c r="B3"><v>2</v></c></row><row r="5"><c r="B5"><v>3</v></c></row></sheetData><mergeCells>'
        '<mergeCell ref="A1:C1"/><mergeCell ref="A2:A5"/><mergeCell ref="C3:C5"/><mergeCell ref="$F$9"/></mergeCells>'
    )
    grid = read(xlsx(sheet, styles=STYLES))
    assert [(row.number, row.cells) for row in grid.rows] == [
        (1, ("台账", "台账", "台账")),
        (2, ("专项", 1, 1)),
        (3, ("专项", 2, None)),
        (5, ("专项", 3, None)),
    ]
    assert grid.merged == (Span(1, 0, 1, 2), Span(2, 0, 5, 0), Span(3, 2, 5, 2), Span(9, 5, 9, 5))
    assert grid.notes == ("合并单元格 2 处，已把值填入每一格",)
    assert [row.struck for row in grid.rows] == [False, True, False, False], "a category over rows is not the row's own"
    assert grid.problems == ()


def test_a_category_struck_through_over_several_rows_is_a_doubt(read):
    sheet = (
        '<sheetData><row><c s="5"><v>1</v></c><c><v>2</v></c></row><row><c r="B2"><v>3</v></c></row></sheetData>'
        '<mergeCell ref="A1:A2"/>'
    )
    assert told(read(xlsx(sheet, styles=STYLES))) == [("第 1 行", "部分单元格划了删除线")]


# --- other writers --------------------------------------------------------------------------------------------------


def test_other_capitals_slashes_prefixes_and_places_are_read(read):
    parts = {
        "_rels/.rels": relations(("a", "officeDocument", "/xl/workbook2.xml")),
        "xl/workbook.xml": None,
        "xl/workbook2.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:q="{RELATIONS}"><x:sheets>'
        '<x:sheet name="台账" q:id="r1"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": None,
        "xl/_rels/workbook2.xml.rels": relations(("r1", "worksheet", "worksheets\\Sheet1.xml")),
        "xl/worksheets/sheet1.xml": None,
        "xl\\Worksheets\\sheet1.XML": f'<x:worksheet xmlns:x="{MAIN}" xmlns:m="urn:other"><x:sheetData><x:row>'
        "<x:c><m:v>1</m:v><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>",
        "xl/styles.xml": None,
        "xl/sharedStrings.xml": None,
    }
    assert cells(read(xlsx("", parts=parts))) == [(2,)]


def test_the_strict_form_of_the_format_is_read(read):
    raw = xlsx(rows('<c t="s"><v>0</v></c><c s="1"><v>45352</v></c>'), styles=STYLES, strings="<si><t>甲</t></si>")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    strict = {
        name: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, text in parts.items()
    }
    assert cells(read(xlsx("", parts=strict))) == [("甲", dt.date(2024, 3, 1))]


def test_parts_that_are_named_but_absent_do_not_matter(read):
    raw = xlsx(rows("<c><v>1</v></c>"), parts={"xl/styles.xml": None, "xl/sharedStrings.xml": None})
    assert cells(read(raw)) == [(1,)]


def test_a_sheet_may_be_empty(read):
    assert read(xlsx("<sheetData/>")).rows == ()


# --- damage and limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        xlsx('<sheetData><row r="2"/><row r="1"/></sheetData>'),
        xlsx('<sheetData><row r="1048577"/></sheetData>'),
        xlsx(rows('<c r="1A"><v>1</v></c>')),
        xlsx(rows('<c r="ABCD1"><v>1</v></c>')),
        xlsx("<sheetData>"),
        xlsx("", parts={"xl/worksheets/sheet1.xml": None}),
        xlsx("", parts={"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheet name="台账"/></workbook>'}),
        xlsx("", parts={"_rels/.rels": relations()}),
        xlsx("", parts={"_rels/.rels": None}),
    ],
)
def test_what_does_not_fit_together_is_refused_as_damaged(refused, raw):
    problem = refused(raw)
    assert problem.found == "不完整或已损坏"
    assert "另存为 xlsx" in problem.expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [("n", "nan"), ("n", "1_0"), ("n", "甲"), ("s", "7"), ("s", "-"), ("q", "7"), ("d", "02/01/2019"), ("d", "25:61")],
)
def test_an_odd_cell_is_named_and_the_others_are_read(read, kind, value):
    made = read(xlsx(rows(f'<c><v>1</v></c><c t="{kind}"><v>{value}</v></c><c><v>2</v></c>')))
    assert (cells(made), told(made)) == ([(1, None, 2)], [("第 1 行 B 列", value)])


def test_changed_bytes_inside_are_noticed(refused):
    raw = bytearray(xlsx(rows("<c><v>60</v></c>"), parts={"xl/worksheets/sheet1.xml": None}))
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(rows("<c><v>60</v></c>")))) as old, zipfile.ZipFile(stored, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    raw = bytearray(stored.getvalue())
    raw[raw.index(b"<v>60") + 3] = ord("9")
    assert refused(bytes(raw)).found == "不完整或已损坏"


def test_a_tag_without_end_is_refused_and_not_read_again_and_again(refused, monkeypatch):
    monkeypatch.setattr(grids_sax, "_LONGEST_TOKEN", 300_000)
    noise = "".join(map(chr, range(0x4E00, 0x9000))) * 30
    assert refused(xlsx(f'<sheetData a="{noise}"/>')).found == "不完整或已损坏"


@pytest.mark.parametrize(
    ("module", "limit", "raw"),
    [
        (grids_sheet, "MAX_CELLS", xlsx(rows("<c/>" * 4))),
        (grids_xlsx, "MAX_CELLS", xlsx("", strings="<si><t>a</t></si>" * 4)),
        (grids_xlsx, "_MAX_CHARACTERS", xlsx("", strings="<si><t>abcd</t></si>")),
        (grids_xlsx, "_MOST_STYLES", xlsx("", styles=STYLES)),
    ],
)
def test_more_than_any_table_needs_is_refused(refused, monkeypatch, module, limit, raw):
    monkeypatch.setattr(module, limit, 3)
    assert refused(raw).found == "单元格太多"


# --- speed ----------------------------------------------------------------------------------------------------------


def test_reading_with_all_checks_takes_no_more_calls_than_pandas_alone(tmp_path):
    path = tmp_path / "台账.xlsx"
    frame = pd.DataFrame([[n, f"上海第{n}厂", f"9131010{n:011d}", "是", dt.date(2024, 3, 1)] * 2 for n in range(1000)])
    frame.to_excel(path, index=False)
    assert calls(lambda: read_grids(path)) < calls(lambda: pd.read_excel(path, engine="openpyxl"))


def test_raised_and_lowered_figures_are_no_figures_of_the_number(read):
    up, down = '<rPr><vertAlign val="superscript"/></rPr>', '<rPr><vertAlign val="subscript"/></rPr>'
    base = '<rPr><vertAlign val="baseline"/></rPr>'
    strings = (
        f"<si><r><t>8</t></r><r>{up}<t>1</t></r><r>{base}<t>0</t></r></si>"
        f"<si><r><t>CO</t></r><r>{down}<t>2</t></r><r><t>厂3</t></r></si><si><t>9</t></si>"
    )
    grid = read(xlsx(rows(*(f'<c t="s"><v>{n}</v></c>' for n in range(3))), strings=strings))
    assert [row.cells for row in grid.rows] == [("8¹0",), ("CO₂厂3",), ("9",)]
