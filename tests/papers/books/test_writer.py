from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from openpyxl import load_workbook

from enforce.papers.books.book import Sheet
from enforce.papers.books.readback import BookError, check_book
from enforce.papers.books.writer import write_book
from enforce.papers.formulas import Formula, sum_of
from enforce.words.problems import InputError
from tests.papers.year_2024 import MARK, meta

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1+1", "http://a.example", "mailto:a@b.c", "internal:Sheet2!A1",
    r"\\evil\s\x.xlsx", "file:///etc/x", "ftp://a", "007", "1e5", "{=1}", "<b>甲&乙</b>", "_x000D_", "'甲",
]  # fmt: skip


def cells(path, name, data_only=True):
    return load_workbook(path, data_only=data_only)[name]


def book(path, table, **sheet):
    return write_book(path, [Sheet("表", table, **sheet)], meta())


def test_a_name_that_looks_like_a_formula_or_a_link_is_text(tmp_path):
    table = pd.DataFrame({"name": HOSTILE, "=1+1": HOSTILE})
    path = book(tmp_path / "a.xlsx", table, title="=1+1", unit="@x", label="=2")
    sheet = cells(path, "表", data_only=False)
    assert [sheet.cell(5 + n, 1).value for n in range(len(HOSTILE))] == HOSTILE
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(path) as parts:
        assert not any(b"External" in parts.read(part) for part in parts.namelist())


def test_numbers_dates_and_words_are_what_they_are(tmp_path):
    table = pd.DataFrame({
        "tier": ["key"], "planned_visits": [60], "visit_days": [1.5], "share": [0.682], "is_key": [True],
        "last_visit": ["2024-02-29"], "partners": [("市场监管", "交通运输")], "month": [3.0], "rate": [None],
    })  # fmt: skip
    row = [cell.value for cell in cells(book(tmp_path / "a.xlsx", table), "表")[5]]
    assert row == [
        "重点检查",
        60,
        1.5,
        0.682,
        "是",
        datetime.fromisoformat("2024-02-29"),
        "市场监管、交通运输",
        3,
        None,
    ]


def test_the_header_is_chinese_frozen_filtered_and_printed_on_landscape_a4(tmp_path):
    table = pd.DataFrame({"task": ["甲", "乙", "合计"], "planned_visits": [1, 2, 3]})
    sheet = cells(book(tmp_path / "a.xlsx", table, strong=(2,), fixed=1), "表")
    assert [cell.value for cell in sheet[4]] == ["检查事项", "计划家次"]
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:B6"  # the total stays when a reader filters
    assert sheet.print_area == "'表'!$A$1:$B$7"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # one page wide, as many high as it takes
    assert "&P" in sheet.oddFooter.center.text
    assert sheet.print_title_rows == "$4:$4"


def test_a_column_is_wide_enough_for_its_chinese_text(tmp_path):
    table = pd.DataFrame({"task": ["园中园、厂中厂、创业园区型企业"], "note": ["长" * 200], "a": [1], "b": [1]})
    sheet = cells(book(tmp_path / "a.xlsx", table), "表")
    assert sheet.column_dimensions["A"].width > 30
    assert sheet.column_dimensions["B"].width < 45
    assert sheet.row_dimensions[5].height > 10 * 15  # 400 columns of text break over ten lines and more
    assert sheet["B5"].alignment.wrap_text


def test_every_sheet_carries_the_mark_and_the_disclaimer_and_the_last_explains(tmp_path):
    path = book(tmp_path / "a.xlsx", pd.DataFrame({"task": ["甲"], "visits": [1]}), unit="家次", label="附件9")
    workbook = load_workbook(path)
    assert workbook.sheetnames == ["表", "说明"]
    for sheet in workbook:
        assert MARK in sheet["A3"].value
        assert "演示虚构" in sheet["A3"].value
    assert (workbook["表"]["A1"].value, "单位：家次" in workbook["表"]["A3"].value) == ("附件9", True)
    notes = {row[0].value: row[1].value for row in workbook["说明"].iter_rows(min_row=5)}
    assert notes["文号"] == "普应急〔2024〕1号"
    assert notes["批准日期"] == "2024-03-13"
    assert notes["工作日历"] == MARK
    assert notes["依据 1"].endswith("（转引）")
    assert {"家", "家次", "入企次数", "检查记录", "人日"} <= set(notes)


def test_what_a_sheet_says_of_itself_follows_the_marks_whole(tmp_path):
    table = pd.DataFrame({"task": ["甲"]})
    imprint = replace(meta(approved_on=""), overloaded="超负荷：执法大队 7 月")
    path = write_book(tmp_path / "a.xlsx", [Sheet("表", table, note="与第 1 版比较")], imprint)
    assert load_workbook(path)["表"]["A3"].value.startswith(
        f"草案：尚未批准　{MARK}　超负荷：执法大队 7 月　与第 1 版比较　"
    )
    assert "超负荷" not in {row[0].value: row[1].value for row in load_workbook(path)["说明"].iter_rows()}["工作日历"]


def test_a_plan_not_approved_says_so_on_every_sheet(tmp_path):
    path = write_book(tmp_path / "a.xlsx", [Sheet("表", pd.DataFrame({"task": ["甲"]}))], meta(approved_on="", mark=""))
    assert all("草案：尚未批准" in sheet["A3"].value for sheet in load_workbook(path))


def test_an_approved_plan_with_an_official_calendar_carries_no_mark(tmp_path):
    path = write_book(tmp_path / "a.xlsx", [Sheet("表", pd.DataFrame({"task": ["甲"]}))], meta(mark=""))
    assert not any("预估" in sheet["A3"].value or "草案" in sheet["A3"].value for sheet in load_workbook(path))


def test_the_same_tables_make_the_same_bytes(tmp_path):
    table = pd.DataFrame({"task": ["甲", "乙"], "visits": [1, sum_of([(0, 1)], 1)]})
    first, second = (book(tmp_path / name, table).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second


def test_the_book_names_the_bureau_and_the_day_of_approval_not_the_clock(tmp_path):
    properties = load_workbook(book(tmp_path / "a.xlsx", pd.DataFrame({"task": ["甲"]}))).properties
    assert (properties.creator, properties.created) == ("上海市普陀区应急管理局", datetime.fromisoformat("2024-03-13"))


def test_texts_that_must_not_reach_a_reader_are_refused_all_at_once(tmp_path):
    table = pd.DataFrame({"name": ["甲\u202e厂", "乙", "丙\x0b\x00"], "note": ["", "长" * 32_768, ""]})
    with pytest.raises(InputError) as caught:
        book(tmp_path / "a.xlsx", table)
    assert [(problem.where, problem.found) for problem in caught.value.problems] == [
        ("工作表「表」第 1 行「名称」", "U+202E"),
        ("工作表「表」第 2 行「说明」", "32768 个字符"),
        ("工作表「表」第 3 行「名称」", "U+000B、U+0000"),
    ]
    assert list(tmp_path.iterdir()) == []


def test_line_ends_of_other_systems_become_our_own(tmp_path):
    path = book(tmp_path / "a.xlsx", pd.DataFrame({"note": ["一\r\n二\r三"]}))
    assert cells(path, "表")["A5"].value == "一\n二\n三"


def test_a_total_that_is_not_the_sum_of_its_cells_is_refused_and_nothing_written(tmp_path):
    table = pd.DataFrame({"task": ["甲", "乙", "合计"], "visits": [1, 2, sum_of([(0, 1), (1, 1)], 4)]})
    with pytest.raises(BookError, match=r"「表」B7 为 4，按公式 =SUM\(B5:B6\) 复算得 3"):
        book(tmp_path / "a.xlsx", table)
    assert list(tmp_path.iterdir()) == []


def test_a_formula_without_a_stored_value_is_found(tmp_path):
    path = book(tmp_path / "a.xlsx", pd.DataFrame({"task": ["甲", "合计"], "visits": [5, sum_of([(0, 1)], 5)]}))
    workbook = load_workbook(path)
    workbook.save(path)  # this library keeps formulas and drops their values
    with pytest.raises(BookError, match="B6 存入 None，应为 5"):
        check_book("a.xlsx", path.read_bytes(), meant(workbook["说明"], Formula("=SUM(B5)", 5)))


def meant(notes, total, first="甲"):
    rows = [[cell.value for cell in row] for row in notes.iter_rows(min_row=5)]
    return {"表": [[first, 5], ["合计", total]], "说明": rows}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"A5": "丙"}, "A5 为 '丙'，应为 '甲'"),
        ({"B5": "5"}, "B5 为 '5'，应为 5"),
        ({"B5": "=2+3"}, "B5 为 '=2\\+3'，应为 5"),
        ({"B6": "=SUM(B4)"}, "公式为 '=SUM\\(B4\\)'，应为 '=SUM\\(B5\\)'"),
        ({"A9": "多"}, "共 5 行，应为 2 行"),
    ],
)
def test_a_book_that_differs_from_its_tables_is_found(tmp_path, change, message):
    path = book(tmp_path / "a.xlsx", pd.DataFrame({"task": ["甲", "合计"], "visits": [5, sum_of([(0, 1)], 5)]}))
    workbook = load_workbook(path)
    for name, value in change.items():
        workbook["表"][name].value = value
    workbook.save(path)
    with pytest.raises(BookError, match=message):
        check_book("a.xlsx", path.read_bytes(), meant(workbook["说明"], Formula("=SUM(B5)", 5)))


def test_a_link_to_the_outside_is_found(tmp_path):
    path = book(tmp_path / "a.xlsx", pd.DataFrame({"task": ["甲"]}))
    workbook = load_workbook(path)
    workbook["表"]["A5"].hyperlink = "http://a.example"
    workbook.save(path)
    with pytest.raises(BookError, match="外部链接"):
        check_book("a.xlsx", path.read_bytes(), {"表": [["甲"]], "说明": []})


def test_the_message_tells_twenty_faults_and_how_many_more(tmp_path):
    wrong = [sum_of([(0, 1)], 9 + n) for n in range(30)]
    table = pd.DataFrame({"task": ["甲"] * 31, "visits": [1, *wrong]})
    with pytest.raises(BookError) as caught:
        book(tmp_path / "a.xlsx", table)
    assert str(caught.value).splitlines()[0] == "a.xlsx 写出前核对不一致，没有写出。"
    assert str(caught.value).splitlines()[-1] == "  另有 10 处"
    assert len(caught.value.faults) == 30


def test_an_empty_table_is_named_in_the_notes_and_has_a_sheet_where_no_plan_decides(tmp_path):
    empty = Sheet("表", pd.DataFrame({"task": [], "visits": []}))
    path = write_book(tmp_path / "a.xlsx", [empty, Sheet("乙", pd.DataFrame({"task": ["甲"]}))], meta())
    assert load_workbook(path).sheetnames == ["乙", "说明"]
    notes = {row[0]: row[1] for row in cells(path, "说明").iter_rows(min_row=5, values_only=True)}
    assert notes["没有内容、不印的表"] == "表"
    path = write_book(tmp_path / "b.xlsx", [empty], replace(meta(), plain=True))
    assert [cell.value for cell in cells(path, "表")[4]] == ["检查事项", "家次"]


def test_tables_below_another_stand_under_it_with_formulas_that_follow(tmp_path):
    below = Sheet(
        "下表",
        pd.DataFrame({"task": ["甲", "乙", "合计"], "visits": [1, 2, sum_of([(0, 1), (1, 1)], 3)]}, dtype=object),
    )
    path = book(tmp_path / "a.xlsx", pd.DataFrame({"task": ["甲"], "visits": [5]}), below=(below,))
    sheet = cells(path, "表", data_only=False)
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7, max_row=11)] == [
        ["下表", None], ["检查事项", "家次"], ["甲", 1], ["乙", 2], ["合计", "=SUM(B9:B10)"],
    ]  # fmt: skip


def test_tables_below_another_have_sheets_of_their_own_where_one_page_has_no_room(tmp_path):
    long = pd.DataFrame({"task": ["甲"] * 40, "visits": range(40)})
    path = book(tmp_path / "a.xlsx", long, below=(Sheet("下表", long),))
    assert load_workbook(path).sheetnames == ["表", "下表", "说明"]


def test_the_tables_given_are_not_changed(tmp_path):
    table = pd.DataFrame({"tier": ["key"], "share": [0.5]})
    before = table.copy()
    book(tmp_path / "a.xlsx", table)
    pd.testing.assert_frame_equal(table, before)
