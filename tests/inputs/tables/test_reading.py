"""The import: what bureaus have is read as it is meant, told where it was changed, refused where it is unclear."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from enforce.inputs.ledger.chain import LATER
from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.forms import OPTIONAL, TABLES
from enforce.inputs.tables.of_plan import read_tables
from enforce.inputs.tables.reading import is_plan, read_table
from enforce.sheets.grids.grid import Ruined, Span
from enforce.words.problems import InputError, Place, Problem
from tests.sheets.one_grid import code, read, told, why
from tests.work import trials

HEAD = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "行业类别",
    "风险等级",
    "信用等级",
    "街镇",
    "是否重点单位",
    "计划家次",
    "上次检查日期",
]
RECORD_HEAD = ["检查编号", "统一社会信用代码", "企业名称", "检查日期", "检查类型", "任务", "检查人员"]
RECORD_HEAD += ["隐患数", "重大隐患数", "整改数", "检查结果", "处罚", "罚款(元)", "检查码"]


def firm(n=1, **cells):
    row = dict(zip(HEAD, [n, f"企业{n}", code(n), "工贸", "红", "A", "桃浦镇", "是", 2, "2024-03-01"], strict=True))
    return list((row | cells).values())


def visit(n=1, **cells):
    values = [
        f"R{n}",
        code(n),
        f"企业{n}",
        "2024-03-01",
        "日常检查",
        "P01",
        "PT-01;PT-02",
        3,
        1,
        2,
        "限期整改",
        "",
        0,
        f"M{n}",
    ]
    return list((dict(zip(RECORD_HEAD, values, strict=True)) | cells).values())


@pytest.fixture(scope="module")
def plan():
    return read_plan("params/putuo-2024.yaml")


@pytest.fixture(scope="module")
def tables(plan):
    return read_tables(plan)


# --- values ---------------------------------------------------------------------------------------------------------


def test_a_register_reads_in_the_columns_of_our_table():
    reading = read(HEAD, firm(1), firm(2))
    assert (reading.kind, reading.sheet, reading.header_row, reading.problems) == ("register", "台账", 1, ())
    assert reading.table.columns.tolist() == [column.name for column in TABLES["units"]]
    assert reading.table.loc[1, ["unit_id", "name", "is_key"]].tolist() == [code(2), "企业2", True]
    assert reading.extra["planned_visits"].tolist() == [2, 2]
    assert reading.report.sums == {"计划家次": 4}
    assert reading.report.spans == {"上次检查日期": ("2024-03-01", "2024-03-01")}


def test_columns_that_are_not_there_stay_missing_and_are_named():
    reading = read(HEAD[1:3], firm(1)[1:3])
    assert reading.table.loc[0].isna().tolist() == [
        column.name not in ("unit_id", "name") for column in TABLES["units"]
    ]
    assert "信用等级" in reading.report.absent


def test_cells_left_empty_stay_missing_and_are_counted():
    reading = read(HEAD, firm(1, 信用等级=None, 是否重点单位="", 街镇=" "), firm(2))
    assert reading.problems == ()
    assert reading.table.loc[0, "credit_grade"] == ""
    assert pd.isna(reading.table.loc[0, "is_key"])
    assert pd.isna(reading.table.loc[0, "subdistrict"])
    assert reading.report.empty == {"街镇": (2,), "是否重点单位": (2,)}


def test_records_of_a_bureau_read_in_the_columns_of_our_table():
    reading = read(RECORD_HEAD, visit(1), visit(2, **{"罚款(元)": "8,000元", "处罚": "罚款", "检查人员": "张三、李四"}))
    assert (reading.kind, reading.problems) == ("records", ())
    assert reading.table["fine_yuan"].tolist() == [0, 8000]
    assert reading.table["officers"].tolist() == [("PT-01", "PT-02"), ("张三", "李四")]
    assert reading.table["task_id"].tolist() == ["P01", "P01"]
    assert reading.extra["result"].tolist() == ["限期整改"] * 2
    assert "张三" not in str(reading.report)


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("计划家次", "12家次", 12),
        ("计划家次", "１２", 12),
        ("计划家次", "一百二十", 120),
        ("计划家次", "1,234次", 1234),
        ("计划家次", " 7 ", 7),
        ("计划家次", "12.0", 12),
        ("计划家次", "'12", 12),
        ("风险等级", "红色", "红"),
        ("风险等级", "红（重大）", "红"),
        ("风险等级", "较大风险(橙色)", "橙"),
        ("风险等级", "蓝色等级", "蓝"),
        ("风险等级", "未评定", ""),
        ("信用等级", "A类", "A"),
        ("信用等级", "A 级", "A"),
        ("风险等级", "较大风险", "橙"),
        ("风险等级", "低风险", "蓝"),
        ("信用等级", "b级", "B"),
        ("信用等级", "Ｃ", "C"),
        ("信用等级", "无", ""),
        ("风险等级", "/", ""),
        ("是否重点单位", "√", True),
        ("是否重点单位", "×", False),
        ("是否重点单位", False, False),
        ("是否重点单位", "Ｙ", True),
        ("是否重点单位", "no", False),
        ("是否重点单位", 1, True),
        ("是否重点单位", "0", False),
        ("是否重点单位", "有", True),
        ("是否重点单位", "无", False),
        ("上次检查日期", "从未检查", ""),
        ("上次检查日期", "—", ""),
        ("上次检查日期", "'2024-03-01", "2024-03-01"),
        ("上次检查日期", "2024年3月1日（周五）", "2024-03-01"),
        ("上次检查日期", 45352, "2024-03-01"),
        ("上次检查日期", datetime(2024, 3, 1, 9, 30), "2024-03-01"),  # noqa: DTZ001
        ("企业名称", " 甲\n厂　", "甲厂"),
        ("企业名称", "Ａ厂", "A厂"),
        ("统一社会信用代码", f"'{code(1).lower()}", code(1)),
        ("街镇", "桃浦镇 ", "桃浦镇"),
    ],
)
def test_a_value_written_otherwise_is_read_and_told(column, cell, value):
    reading = read(HEAD, firm(1, **{column: cell}))
    assert reading.problems == ()
    name = reading.report.columns[column]
    assert {**reading.table, **reading.extra}[name].tolist() == [value]
    (change,) = reading.report.changes
    assert (change.row, change.column) == (2, column)
    assert change.after == {True: "是", False: "否", "": "（空）"}.get(value, str(value))


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("上次检查日期", date(2024, 3, 1)),
        ("计划家次", 5),
        ("企业名称", "甲（上海）①厂"),
        ("序号", 7),
        ("企业名称", "NA"),
    ],
)
def test_a_value_that_is_as_it_stands_is_not_told(column, cell):
    reading = read(HEAD, firm(1, **{column: cell}))
    assert (reading.problems, reading.report.changes) == ((), ())


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("统一社会信用代码", None, "有内容的单元格"),
        ("统一社会信用代码", "无", "有内容的单元格"),
        ("统一社会信用代码", 913101071234567, "已被 Excel 存成数字"),
        ("统一社会信用代码", Ruined(913101071234567890), "已被 Excel 存成数字"),
        ("统一社会信用代码", 9.1e17, "已被 Excel 存成数字"),
        ("统一社会信用代码", "11010519491231002X", "身份证号"),
        ("统一社会信用代码", f"{code(1)}①", "U+2460"),
        ("企业名称", None, "有内容的单元格"),
        ("企业名称", "无", "有内容的单元格"),
        ("企业名称", "nan", "有内容的单元格"),
        ("企业名称", "甲\u202e厂", "U+202E"),
        ("企业名称", "甲\x0b厂", "U+000B"),
        ("企业名称", "甲" * 1001, "现有 1001 字"),
        ("企业名称", date(2024, 3, 1), "Excel 把它变成了日期"),
        ("企业名称", True, "逻辑值"),
        ("序号", Ruined(12345678901234567), "以文本存放"),
        ("计划家次", "①", "U+2460"),
        ("计划家次", "²", "U+00B2"),
        ("计划家次", -3, "0 以上的整数"),
        ("计划家次", "-3", "0 以上的整数"),
        ("计划家次", 2.5, "0 以上的整数"),
        ("计划家次", "12家", "以「家次」计的数"),
        ("计划家次", "约60", "0 以上的整数"),
        ("计划家次", True, "逻辑值"),
        ("计划家次", 10**10, "0 以上的整数"),
        ("风险等级", "一级", "红、橙、黄、蓝 之一"),
        ("信用等级", "AA", "A、B、C、D 之一"),
        ("风险等级", "红（较大）", "红、橙、黄、蓝 之一"),
        ("是否重点单位", "X", "是 或 否"),
        ("是否重点单位", 2, "是 或 否"),
        ("上次检查日期", "01/02/2024", "分不清"),
        ("上次检查日期", "2024-02-30", "没有这一天"),
        ("上次检查日期", "3月1日", "写明年份"),
        ("上次检查日期", "45352", "真实存在"),
        ("上次检查日期", "2024-03-01 周六", "这一天不是星期六"),
        ("上次检查日期", True, "真实存在"),
    ],
)
def test_a_value_that_is_unclear_is_refused_with_its_place(column, cell, expected):
    reading = read(HEAD, firm(1, **{column: cell}), firm(2))
    assert list(told(reading)) == [f"第 2 行「{column}」"]
    assert expected in told(reading)[f"第 2 行「{column}」"]
    assert reading.bad_rows["row"].tolist() == [2]
    assert reading.table["name"].tolist() == ["企业2"]
    assert reading.broken == ()


def test_a_record_without_a_code_is_refused_unless_it_is_of_another_district():
    head = [*RECORD_HEAD, "是否区内"]
    assert list(told(read(RECORD_HEAD, visit(1, 统一社会信用代码=None)))) == ["第 2 行「统一社会信用代码」"]
    assert list(told(read(head, [*visit(1, 统一社会信用代码="无"), None]))) == ["第 2 行「统一社会信用代码」"]
    assert read(head, [*visit(1, 统一社会信用代码=None), "否"]).problems == ()


def test_an_id_card_in_the_place_of_an_officers_number_is_refused_and_masked():
    head = ["执法证号", "科室", "起始月"]
    (problem,) = read(head, ["11010519491231002X", "执法大队", "3月"], ["09310107001", "执法大队", 1]).problems
    assert (problem.place.row, problem.found) == (2, "110105*******1002X")
    assert "身份证号" in problem.expected


def test_a_cell_the_file_could_not_give_is_told_once():
    places = [Problem("a.xlsx", Place(row=2, spot=n), "#N/A", "没有错误值") for n in (2, 8)]
    reading = read(HEAD, firm(1, 统一社会信用代码=None, 计划家次=None), problems=tuple(places))
    assert list(told(reading)) == ["第 2 行「统一社会信用代码」", "第 2 行「计划家次」"]
    assert len(reading.problems) == 2
    assert reading.report.empty == {}


@pytest.mark.parametrize("mark", ["例", "示例：", "样例"])
def test_a_row_that_shows_how_to_fill_in_is_no_data(mark):
    reading = read(HEAD, firm(1, 序号=mark), firm(2))
    assert (reading.table["name"].tolist(), why(reading)) == (["企业2"], {2: "示例"})
    assert read(HEAD, firm(1, 企业名称="示例")).table["name"].tolist() == ["示例"]


@pytest.mark.parametrize(
    "cells",
    [
        {0: "填表人：张三", 2: "联系电话：021-62345678"},
        {0: "审核：李四", 2: "2024年1月5日"},
        {0: "填写说明", 1: "须与营业执照一致", 2: "18位"},
        {0: "备注", 1: "代码 18 位"},
    ],
)
def test_what_stands_at_the_foot_is_no_data(cells):
    reading = read(HEAD, firm(1), [cells.get(n) for n in range(10)])
    assert (reading.problems, why(reading)) == ((), {3: "说明或落款"})


def test_money_is_in_yuan_whatever_the_header_counts_in():
    head = [*RECORD_HEAD[:12], "罚款（万元）", "检查码"]
    rows = [[*visit(n)[:12], cell, "M"] for n, cell in enumerate([0.8, "1.5", 2, "8000元", None], 1)]
    reading = read(head, *rows)
    assert reading.table["fine_yuan"].tolist() == [8000, 15_000, 20_000, 8000, 0]
    assert [change.before for change in reading.report.changes] == ["0.8", "1.5", "2", "8000元"]


def test_money_without_a_unit_is_refused():
    head = [*RECORD_HEAD[:12], "罚款", "检查码"]
    reading = read(head, visit(1), [*visit(2)[:12], 8000, "M"], [*visit(3)[:12], "8000元", "M"])
    assert list(told(reading)) == ["第 3 行「罚款」"]
    assert "罚款(元)" in told(reading)["第 3 行「罚款」"]


def test_a_number_is_no_day_in_a_book_that_counts_from_1904():
    reading = read(HEAD, firm(1, 上次检查日期=45352), from_1904=True)
    assert "1904" in told(reading)["第 2 行「上次检查日期」"]
    assert "日期按 1904 年起算的序号读取" in reading.report.notes


@pytest.mark.parametrize("hidden", [1903, 1904])
def test_days_stay_days_however_many_rows_a_filter_hides(tmp_path, hidden):
    lines = [["企业名称", "统一社会信用代码", "上次检查日期"], *([f"企业{n}", code(n), 45352] for n in range(2000))]
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for row in range(2, hidden + 2):
        book.active.row_dimensions[row].hidden = True
    book.active.auto_filter.ref = "A1:C2001"
    book.save(tmp_path / "units.xlsx")
    reading = read_table(tmp_path / "units.xlsx")
    assert reading.problems == ()
    assert set(reading.table["last_visit"]) == {"2024-03-01"}
    assert f"表里开着筛选，{hidden} 行被隐藏（可能只是被筛掉）" in reading.report.notes


def test_a_number_of_a_record_that_excel_made_a_power_of_ten_is_refused():
    reading = read(
        RECORD_HEAD,
        visit(1, 检查码="3.10107E+17"),
        visit(2, 检查码=Ruined(310107202403011234)),
        visit(3, 检查码="5E10"),
    )
    assert {place: "以文本存放" in text for place, text in told(reading).items()} == {
        "第 2 行「检查码」": True,
        "第 3 行「检查码」": True,
    }


@pytest.mark.parametrize(
    ("cell", "level"), [("district", "区级"), ("区级", "区级"), ("区", "区级"), ("街道", "街镇级"), ("乡镇", "街镇级")]
)
def test_a_level_is_read_by_label_or_identifier(cell, level):
    assert read(["企业名称", "统一社会信用代码", "执法层级"], ["甲", code(1), cell]).table["level"].tolist() == [level]


def test_months_that_excel_turned_into_a_date_are_refused():
    reading = read(
        ["检查事项", "计划家次", "月份"],
        ["甲", 3, date(2024, 1, 3)],
        ["乙", 3, "1-3月"],
        ["丙", 3, "全年"],
        ["丁", 2, "第二季度"],
        ["戊", 1, 5],
    )
    assert list(told(reading)) == ["第 2 行「月份」"]
    assert reading.table["periods"].tolist() == [((1, 2, 3),), (tuple(range(1, 13)),), ((4, 5, 6),), ((5,),)]


@pytest.mark.parametrize(
    "text",
    [
        "粉尘涉爆、城市综合体",
        "粉尘涉爆，城市综合体",
        "粉尘涉爆\n城市综合体",
        "粉尘涉爆/城市综合体",
        " 粉尘涉爆 ；城市综合体 ",
    ],
)
def test_lists_are_read_with_any_separator(text):
    reading = read(["企业名称", "统一社会信用代码", "对象标签"], ["甲", code(1), text])
    assert reading.table["hazards"].tolist() == [("粉尘涉爆", "城市综合体")]


# --- rows -----------------------------------------------------------------------------------------------------------


def test_what_is_no_row_is_passed_over_and_told():
    rows = [
        ["普陀区企业台账"],
        HEAD,
        list(range(1, 11)),
        ["一、桃浦镇"],
        firm(1),
        [],
        ["二、万里街道"] * 10,
        HEAD,
        firm(2),
        ["填表人：张三", None, "审核人：李四", None, "联系电话：13800138000"],
        ["备注：数据截至2024年3月"],
        ["制表日期：2024年3月1日"],
        ["第1页共1页"],
        [None, None, None, None, None, None, None, None, None, "2024年3月1日"],
        ["\u200b", " "],
    ]
    reading = read(*rows)
    assert reading.problems == ()
    assert reading.table["name"].tolist() == ["企业1", "企业2"]
    assert why(reading) == {
        1: "表头以上的标题或说明",
        3: "栏号",
        4: "分组标题或说明",
        7: "合并的标题",
        8: "重复的表头",
        10: "说明或落款",
        11: "说明或落款",
        12: "说明或落款",
        13: "说明或落款",
        14: "分组标题或说明",
        15: "空行",
    }
    assert "张三" not in str(reading.report)


@pytest.mark.parametrize(
    "name",
    ["说明书印刷厂", "备注文具公司", "联系电器厂", "单位食堂", "日期果品店", "其中一家公司", "注塑厂", "第1页公司"],
)
def test_a_firm_without_a_code_is_a_fault_and_never_passed_over(name):
    reading = read(HEAD[1:], [name, None, "工贸", "红", "A", "桃浦镇", "是", 2, None])
    assert list(told(reading)) == ["第 2 行「统一社会信用代码」"]


@pytest.mark.parametrize(("kind", "good"), [("register", False), ("records", True)])
def test_only_records_may_have_no_row(kind, good):
    reading = read(HEAD if kind == "register" else RECORD_HEAD, kind=kind)
    assert (reading.problems == ()) is good
    assert len(reading.table) == 0


def test_a_name_alone_is_a_fault():
    assert list(told(read(HEAD, [None, "甲厂"]))) == ["第 2 行「统一社会信用代码」"]


def test_rows_struck_through_are_void_and_hidden_rows_are_read_and_both_are_told():
    reading = read(HEAD, firm(1), firm(2), firm(3), hidden={3}, struck={4})
    assert reading.table["name"].tolist() == ["企业1", "企业2"]
    assert "隐藏的行也读入：第 3 行" in reading.report.notes
    assert "删除线" in why(reading)[4]


def test_a_count_merged_over_two_rows_is_refused_and_a_group_is_not():
    merged = (Span(2, 3, 3, 3), Span(2, 8, 3, 8), Span(4, 8, 4, 9))
    reading = read(HEAD, firm(1), firm(2), firm(3), merged=merged)
    assert set(told(reading)) == {"第 2 行「计划家次」", "第 3 行「计划家次」"}
    assert "合并" in reading.problems[0].found


def test_a_cell_too_many_in_a_text_file_is_refused_and_in_a_workbook_told():
    rows = ([*HEAD], [*firm(1), "多"], firm(2))
    assert told(read(*rows, encoding="UTF-8"))["第 2 行「第 11 列」"].startswith("10 列，与表头一致")
    reading = read(*rows)
    assert reading.problems == ()
    assert "第 11 列没有列名，没有读" in reading.report.notes


def test_what_the_file_could_not_give_is_told_with_the_heading():
    problems = (
        Problem("a.xlsx", Place(row=2, spot=8), "#N/A", "没有错误值的单元格"),
        Problem("a.xlsx", Place(row=2), "部分单元格划了删除线", "整行"),
    )
    reading = read(HEAD, firm(1, 计划家次=None), firm(2), problems=problems)
    assert set(told(reading)) == {"第 2 行「计划家次」", "第 2 行"}
    assert reading.bad_rows["row"].tolist() == [2]


def test_what_cannot_be_read_in_a_column_only_kept_is_told_and_refuses_no_row():
    reading = read([*HEAD, "备注"], [*firm(1), "甲\u202e"], [*firm(2), "x" * 1001], [*firm(3), "好"])
    assert (told(reading), len(reading.table)) == ({}, 3)
    (note,) = (note for note in reading.report.notes if note.startswith("「备注」不参加计算，其中有读不出的内容"))
    assert note.endswith("第 2、3 行")


# --- between rows ---------------------------------------------------------------------------------------------------


def test_a_code_twice_is_refused_whatever_its_writing_and_neither_row_is_read():
    reading = read(HEAD, firm(1), firm(2, 统一社会信用代码=f" {code(1).lower()}-"), firm(3))
    assert told(reading)["第 3 行「统一社会信用代码」"].startswith("不重复的编号（第 2 行已有")
    assert reading.bad_rows["row"].tolist() == [2, 3]
    assert reading.table["name"].tolist() == ["企业3"]


def test_two_shops_of_one_name_are_read_and_told():
    reading = read(HEAD, firm(1), firm(2, 企业名称="企 业１"), firm(3))
    assert (reading.problems, len(reading.table)) == ((), 3)
    assert "同名而代码不同，按代码是几家，请核对：第 2、3 行" in reading.report.notes
    assert "同名而代码不同" not in "".join(read(HEAD, firm(1), firm(2)).report.notes)


def test_more_major_hazards_than_hazards_are_refused():
    assert list(told(read(RECORD_HEAD, visit(1, 重大隐患数=4)))) == ["第 2 行「重大隐患数」"]


def test_dates_after_the_day_of_reading_are_refused_and_without_a_day_said_to_be_unchecked():
    reading = read(HEAD, firm(1), firm(2, 上次检查日期="2024-03-02"), as_of="2024-03-01")
    assert told(reading) == {"第 3 行「上次检查日期」": "不晚于 2024-03-01 的日期"}
    assert any("没有核对是否有将来的日期" in note for note in read(HEAD, firm(1)).report.notes)
    assert not any("将来" in note for note in reading.report.notes)


# --- against the plan -----------------------------------------------------------------------------------------------


def test_a_plan_gives_the_year_and_ends_it(plan):
    reading = read(HEAD, firm(1, 上次检查日期="3月1日"), firm(2, 上次检查日期="2025-01-01"), plan=plan)
    assert reading.table["last_visit"].tolist() == ["2024-03-01"]
    assert "2024 年" in told(reading)["第 3 行「上次检查日期」"]


def known(tables, n=0):
    unit = tables.units.iloc[n]
    return {"统一社会信用代码": unit["unit_id"], "企业名称": unit["name"]}


def test_units_officers_and_lines_are_looked_up_in_the_tables_of_the_plan(plan, tables):
    rows = [
        visit(1, **known(tables)),
        visit(2),
        visit(3, **known(tables, 1), 检查人员="PT-99;王五"),
        visit(4, **known(tables, 2), 任务="P99"),
    ]
    reading = read(RECORD_HEAD, *rows, plan=plan, tables=tables)
    assert set(told(reading)) == {"第 3 行「统一社会信用代码」", "第 4 行「检查人员」", "第 5 行「任务」"}
    assert "王五" not in " ".join(map(str, reading.problems))
    assert {problem.found for problem in reading.problems} >= {"PT-99", "＊＊", "P99"}
    assert len(reading.table) == 1


def test_a_line_may_be_called_by_its_name(plan, tables):
    reading = read(RECORD_HEAD, visit(1, **known(tables), 任务="各类 城市综合体"), plan=plan, tables=tables)
    assert reading.table["task_id"].tolist() == ["P03"]
    assert [change.after for change in reading.report.changes] == ["P03"]


def test_two_lines_of_one_name_are_not_told_apart(plan, tables):
    twice = replace(tables, tasks=tables.tasks.assign(name="同名"))
    reading = read(RECORD_HEAD, visit(1, **known(tables), 任务="同名"), plan=plan, tables=twice)
    assert list(told(reading)) == ["第 2 行「任务」"]


def test_a_unit_of_another_name_than_the_registers_is_told(plan, tables):
    rows = [visit(n, **known(tables, n) | {"企业名称": f"改名{n}"}) for n in range(12)]
    reading = read(RECORD_HEAD, *rows, plan=plan, tables=tables)
    assert reading.problems == ()
    assert "企业名称与台账不同（代码相同），请核对：第 2、3、4、5、6、7、8、9、10、11 等 12 行" in reading.report.notes


def test_the_cause_of_a_visit_may_stand_in_the_type_of_inspection():
    reading = read(RECORD_HEAD, visit(1, 任务=None, 检查类型="投诉举报"), visit(2))
    assert reading.table["trigger"].fillna("").tolist() == ["complaint", ""]
    assert "1 行的触发原因取自「检查类型」" in reading.report.notes


@pytest.mark.parametrize("table", sorted(set(TABLES) - OPTIONAL))
def test_the_tables_of_the_demo_read_alone_as_they_do_in_the_plan(plan, tables, table):
    reading = read_table(f"data/putuo-2024/{table}.csv", plan=plan, tables=tables)
    assert reading.problems == ()
    absent = [name for name in reading.table if reading.table[name].isna().all()]
    later = {
        "units": [
            "state",
            "class",
            "standard_grade",
            "standard_graded_on",
            "supervision_grade",
            "mine_class",
            "warned",
            "no_contact",
            "major_risk",
        ],
        "roster": ["share", "department"],
        "tasks": ["cap_per_unit", "order_document", "order_date", "visit_on", "visit_by", "officer_fields"],
        "records": list(LATER),
    }
    assert absent == later[table]  # a file read alone is not told what its gaps mean
    pd.testing.assert_frame_equal(reading.table.drop(columns=absent), getattr(tables, table).drop(columns=absent))


@pytest.mark.parametrize(("kind", "mode"), [("投诉举报", ""), ("双随机检查", ""), ("现场检查", "on_site")])
def test_an_older_file_with_other_words_under_the_way_of_inspection_reads_as_before(kind, mode):
    head = ["检查方式" if heading == "检查类型" else heading for heading in RECORD_HEAD]
    reading = read(head, visit(1, 任务=None, 检查类型=kind))
    assert reading.problems == ()
    assert reading.table["mode"].tolist() == [mode]
    assert reading.table["trigger"].fillna("").tolist() == [{"投诉举报": "complaint"}.get(kind, "")]


def test_the_later_columns_of_records_are_read_by_the_names_of_the_forms():
    later = {
        "检查方式": "书面检查", "配合部门": "市场监管局;生态环境局", "参加科室": "危化科", "专题": "动火作业；检维修",
        "开始": "9:30", "结束": "11：05", "人日": "1.25", "整改到期日": "2024-04-01", "整改日期": "2024/3/28",
        "评议": "满意", "补扫": "否",
        "方案编号": "F-01", "审批日期": "2024-03-01", "重大隐患类型": "粉尘防爆", "安排编号": "S-7", "联合方式": "牵头",
    }  # fmt: skip
    reading = read([*RECORD_HEAD, *later], [*visit(1), *later.values()])
    assert reading.problems == ()
    row = reading.table.iloc[0]
    assert row[["mode", "start", "end", "days", "code_late", "fixed_on"]].tolist() == [
        "off_site", "09:30", "11:05", 1.25, "否", "2024-03-28",
    ]  # fmt: skip
    assert row["themes"] == ("动火作业", "检维修")
    assert row["partners"] == ("市场监管局", "生态环境局")


@pytest.mark.parametrize(("heading", "value"), [("人日", "1.3"), ("开始", "25:00"), ("补扫", "也许"), ("结束", "上午")])
def test_a_later_column_with_another_form_is_refused(heading, value):
    reading = read([*RECORD_HEAD, heading], [*visit(1), value])
    assert [problem.found for problem in reading.problems] == [value]


@pytest.mark.parametrize("kind", ["投诉举报", "双随机检查"])
def test_an_older_file_with_other_words_under_the_class_of_inspection_reads_as_before(kind):
    head = ["检查类别" if heading == "检查类型" else heading for heading in RECORD_HEAD]
    reading = read(head, visit(1, 任务=None, 检查类型=kind), visit(2, 检查类型="专项检查"))
    assert reading.problems == ()
    assert reading.table["inspection_class"].tolist() == ["", "special"]
    assert reading.table["trigger"].fillna("").tolist() == [{"投诉举报": "complaint"}.get(kind, ""), ""]


# --- headings that became columns of their own ----------------------------------------------------------------------

OLD = ["编号", "类别", "检查事项", "检查家次"]


def notes(head, row=("P01", "专项", "甲企业检查", 6)):
    reading = read(head, list(row), kind="tasks")
    assert reading.problems == ()
    return reading, [note for note in reading.report.notes if "读作" in note]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("检查事项", "检查内容", "name"), ("类别", "检查类别", "group"), ("检查事项", "检查内容（必填）", "name")],
)
def test_a_heading_alone_is_read_as_before_and_told(old, new, column):
    plain, silent = notes(OLD)
    reading, told_notes = notes([new if name == old else name for name in OLD])
    assert reading.table[column].tolist() == plain.table[column].tolist()
    assert (silent, told_notes) == ([], [f"「{new}」读作{old}（表里没有「{old}」一列）"])


def test_beside_the_older_heading_it_is_the_column_of_its_own():
    row = ("P01", "专项", "甲企业检查", 6, "1.证照；\n2.制度，" + "甲" * 100, "专项检查")
    reading, told_notes = notes([*OLD, "检查内容", "检查类别"], row)
    assert told_notes == []
    assert reading.table[["name", "group", "inspection_class"]].values.tolist() == [["甲企业检查", "专项", "special"]]
    assert reading.table["content"].tolist() == [("1.证照", "2.制度，" + "甲" * 100)]


def test_a_published_plan_with_laws_in_words_reads():
    reading = read(
        [*OLD, "实施依据", "检查内容（项目）"],
        ["P01", "专项", "甲企业检查", 6, "某法第一条", "1.甲；\n2.乙"],
        kind="tasks",
    )
    assert reading.problems == ()
    assert reading.table[["legal_basis", "content"]].values.tolist() == [[(("", "某法第一条"),), ("1.甲", "2.乙")]]


# --- plans and other files ------------------------------------------------------------------------------------------


def test_a_plan_is_known_by_its_content(tmp_path):
    text = Path("params/putuo-2024.yaml").read_text(encoding="utf-8")
    (tmp_path / "方案.txt").write_text(text.replace("../data", str(Path("data").resolve())), encoding="utf-8")
    reading = read_table(tmp_path / "方案.txt")
    assert reading.kind == "plan"
    assert {problem.place.entry for problem in reading.problems} == {"name", "tables", "calendar", "rules"}
    assert read_table("params/putuo-2024.yaml").problems == ()
    assert "2024 年度" in read_table("params/putuo-2024.yaml").report.notes[0]


def test_what_is_named_a_plan_is_told_as_one(tmp_path):
    for name, content in {
        "a.yaml": "名: 甲\n".encode("gbk"),
        "b.yml": b"a: [1",
        "c.YAML": b"",
        "d.yaml": b"a: 1\n",
    }.items():
        (tmp_path / name).write_bytes(content)
        reading = read_table(tmp_path / name)
        assert reading.kind == "plan"
        assert reading.problems


def test_what_is_no_plan_is_none(tmp_path):
    (tmp_path / "gbk.csv").write_bytes("企业名称,统一社会信用代码\n".encode("gb18030"))
    assert not is_plan(tmp_path / "gbk.csv")
    assert not is_plan(tmp_path / "none.yaml")
    with pytest.raises(InputError):
        read_table(tmp_path / "none.xlsx")
    with pytest.raises(InputError, match="像检查记录，但缺列"):
        read_table("data/calendar/2024.csv")
    assert read_table("data/putuo-2024/tasks.csv", "plan").problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_reads_the_same_in_every_encoding(tmp_path, encoding):
    rows = [HEAD, *(firm(n) for n in range(1, 30))]
    (tmp_path / "台账.csv").write_bytes("\n".join(",".join(map(str, row)) for row in rows).encode(encoding))
    reading = read_table(tmp_path / "台账.csv")
    pd.testing.assert_frame_equal(reading.table, read(HEAD, *(firm(n) for n in range(1, 30))).table)
    assert reading.encoding


# --- properties -----------------------------------------------------------------------------------------------------

WAYS_TO_COUNT = [str, lambda n: f"{n}家次", lambda n: n, lambda n: f"{n:,}", lambda n: f" {n}次 "]
WAYS_TO_DATE = [
    str,
    lambda d: d,
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%Y.%m.%d}",
]
WAYS_TO_CODE = [str, str.lower, lambda c: f"'{c}", lambda c: f"{c[:6]} {c[6:]}", lambda c: f"{c[:8]}-{c[8:]}\u200b"]
rows_of_firms = st.lists(
    st.tuples(
        st.integers(0, 5000), st.dates(date(1990, 1, 1), date(2024, 12, 31)), st.sampled_from("红橙黄蓝"), st.booleans()
    ),
    min_size=1,
    max_size=8,
)


@trials(150)
@given(rows_of_firms, st.integers(0, 10**6), st.integers(0, 3))
def test_any_writing_any_order_and_any_dressing_reads_the_same(firms, seed, titles):
    draw = random.Random(seed)
    rows = []
    for n, (visits, day, risk, is_key) in enumerate(firms):
        cells = {"计划家次": draw.choice(WAYS_TO_COUNT)(visits), "上次检查日期": draw.choice(WAYS_TO_DATE)(day)}
        cells |= {"统一社会信用代码": draw.choice(WAYS_TO_CODE)(code(n)), "风险等级": draw.choice([risk, f"{risk}色"])}
        rows.append(firm(n, **cells, 是否重点单位=draw.choice(["是", "√", True] if is_key else ["否", "×", False])))
    order = draw.sample(range(len(HEAD)), len(HEAD))
    total = [None if head != "计划家次" else sum(visits for visits, *_ in firms) for head in HEAD]
    total[1] = "合计"
    dressed = [HEAD, *rows[:3], [], HEAD, *rows[3:], total]
    shuffled = [[row[place] for place in order] if row else [] for row in dressed]
    reading = read(*[["标题"]] * titles, *shuffled, ["填表人：某某"])
    assert reading.problems == ()
    assert reading.header_row == titles + 1
    assert reading.table["unit_id"].tolist() == [code(n) for n in range(len(firms))]
    assert reading.extra["planned_visits"].tolist() == [visits for visits, *_ in firms]
    assert reading.table["last_visit"].tolist() == [day.isoformat() for _, day, *_ in firms]
    assert reading.table["risk_grade"].tolist() == [risk for *_, risk, _ in firms]
    assert reading.table["is_key"].tolist() == [is_key for *_, is_key in firms]


def card(draw: random.Random) -> str:
    body = f"310107{draw.randint(1950, 2005)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}{draw.randint(100, 999)}"
    return body + ric.calc_check_digit(f"{body}0")


@trials(100)
@given(st.integers(0, 10**6))
def test_no_number_of_a_person_stands_in_any_message(seed):
    draw = random.Random(seed)
    phone, bank, person = (
        f"1{draw.randint(3, 9)}{draw.randint(10**8, 10**9 - 1)}",
        str(draw.randint(10**18, 10**19 - 1)),
        card(draw),
    )
    spaced = f"{phone[:3]}{draw.choice(' -　')}{phone[3:7]}{draw.choice(' -　')}{phone[7:]}"
    full = "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in person)
    personal = [
        phone,
        spaced,
        bank,
        f"{bank[:4]} {bank[4:8]} {bank[8:]}",
        person,
        person.lower(),
        full,
        f"{person[:6]} {person[6:14]} {person[14:]}",
        f"+86{phone}",
    ]
    rows = [firm(n + 1, **{draw.choice(HEAD): number}) for n, number in enumerate(personal)]
    reading = read([*HEAD, "联系电话"], *([*row, draw.choice(personal)] for row in rows), ["填表人：张三", phone])
    text = "\n".join([*map(str, reading.problems), str(reading.report)])
    digits = "".join(
        character for character in text.translate({0xFF10 + n: 48 + n for n in range(10)}) if character.isalnum()
    )
    for number in (phone, bank, person[:17]):
        assert number not in digits


def test_a_task_beside_another_cause_is_told_where_the_cause_stands(plan, tables):
    reading = read(RECORD_HEAD, visit(1, **known(tables, 1) | {"检查类型": "投诉举报"}), plan=plan, tables=tables)
    (problem,) = reading.problems
    assert "「检查类型」" in problem.where
    assert (problem.found, problem.expected) == ("投诉举报", "不写触发原因（有事项编号的是计划检查）")


@pytest.mark.parametrize("name", ["𠮷野家门店", "甲厂😀", "㐂乐公司"])
def test_a_name_with_a_character_that_fonts_may_lack_is_told(name):
    notes = read(HEAD, firm(企业名称=name), firm(2)).report.notes
    assert any("□" in note and "第 2 行" in note for note in notes)
    assert not any("□" in note for note in read(HEAD, firm(), firm(2)).report.notes)


def test_a_column_of_three_levels_is_one_problem_of_the_column():
    levels = ("高", "中", "低")
    reading = read(HEAD, *(firm(n, 风险等级=level) for n, level in enumerate(levels, 1)))
    assert [problem.found for problem in reading.problems] == ["中、高"]


def test_two_sites_of_one_code_are_two_units_by_their_numbers_and_told():
    head = [*HEAD, "场所编号"]
    reading = read(head, [*firm(1), 1], [*firm(1, 企业名称="二厂"), 2], [*firm(2), None])
    assert reading.problems == ()
    assert reading.table["unit_id"].tolist() == [f"{code(1)}#1", f"{code(1)}#2", code(2)]
    assert any("同一代码有几处场所" in note and "第 2、3 行" in note for note in reading.report.notes)
    (again,) = read(head, [*firm(1), 1], [*firm(1), 1]).problems
    assert "场所编号" in again.expected


def test_a_record_names_a_site_by_its_code_and_number():
    reading = read(HEAD, firm(1, 统一社会信用代码=f"{code(1)}#2"), firm(2, 统一社会信用代码=f"{code(2)}#x"))
    assert reading.table["unit_id"].tolist() == [f"{code(1)}#2"]
    assert ["场所编号" in one.expected for one in reading.problems] == [True]


def test_shops_of_one_name_with_two_codes_are_told_and_read():
    reading = read(HEAD, firm(1, 企业名称="便利店"), firm(2, 企业名称="便利店"))
    assert reading.problems == ()
    assert any("同名而代码不同" in note for note in reading.report.notes)
