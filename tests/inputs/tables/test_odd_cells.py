"""One odd cell in a row: which problem of which kind it is, what is set aside, and what is read all the same."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.of_plan import read_tables
from enforce.sheets.grids.grid import Ruined
from enforce.words.problems import Flaw
from tests.sheets.one_grid import code, read

HEAD = [
    "企业名称", "统一社会信用代码", "行业类别", "风险等级", "信用等级", "街镇", "是否重点单位",
    "计划家次", "上次检查日期", "备注说明",
]  # fmt: skip
VISITS = [
    "检查编号", "统一社会信用代码", "企业名称", "检查日期", "检查类型", "任务", "检查人员",
    "隐患数", "重大隐患数", "整改数", "处罚", "处罚来源", "罚款", "是否区内",
]  # fmt: skip
TASKS = [
    "事项编号", "检查事项", "计划家次", "月份", "科队", "邀请科室", "区外家次", "其他计数",
    "其他计数单位", "每次人数", "每次天数",
]  # fmt: skip
PLAN = read_plan("params/putuo-2024.yaml")
TABLES = read_tables(PLAN)
UNIT, NAME = TABLES.units["unit_id"][0], TABLES.units["name"][0]


def row(head: list[str], values: list, cells: dict) -> list:
    return list((dict(zip(head, values, strict=True)) | cells).values())


def firm(n: int, **cells: object) -> list:
    return row(HEAD, [f"企业{n}", code(n), "工贸", "红", "A", "桃浦镇", "是", 2, "2024-03-01", "甲"], cells)


def visit(n: int, **cells: object) -> list:
    values = [f"R{n}", UNIT, NAME, "2024-03-01", "日常检查", "P01", "PT-01;PT-02", 3, 1, 2, "", "", 0, "是"]
    return row(VISITS, values, cells)


def task(**cells: object) -> list:
    return row(TASKS, ["P01", "甲", 10, "1-12", "执法大队", "危化科=0.5", 0, 0, "", 2, 0.5], cells)


def places(reading) -> list[tuple[int, str, Flaw]]:
    return [(problem.place.row, problem.place.name, problem.kind) for problem in reading.problems]


@pytest.mark.parametrize(
    ("heading", "cell", "name", "flaw"),
    [
        ("统一社会信用代码", "11010519491231002X", "unit_id", Flaw.PERSONAL),
        ("统一社会信用代码", "9.1310107E+17", "unit_id", Flaw.VALUE),
        ("统一社会信用代码", "310107000000001", "unit_id", Flaw.VALUE),
        ("统一社会信用代码", code(10)[:-1] + "I", "unit_id", Flaw.VALUE),
        ("统一社会信用代码", Ruined(91310107000000000), "unit_id", Flaw.VALUE),
        ("统一社会信用代码", None, "unit_id", Flaw.MISSING),
        ("计划家次", "3家", "planned_visits", Flaw.VALUE),
        ("计划家次", -1, "planned_visits", Flaw.VALUE),
        ("上次检查日期", "01/02/2024", "last_visit", Flaw.VALUE),
        ("上次检查日期", "2024-12-30", "last_visit", Flaw.CONFLICT),
        ("信用等级", "E", "credit_grade", Flaw.VALUE),
        ("是否重点单位", "也许", "is_key", Flaw.VALUE),
        ("街镇", date(2024, 3, 1), "subdistrict", Flaw.VALUE),
        ("行业类别", True, "sector", Flaw.VALUE),
    ],
)
def test_an_odd_cell_of_a_register_is_one_problem_of_its_row(heading, cell, name, flaw):
    reading = read(HEAD, firm(2), firm(1, **{heading: cell}), firm(3), as_of="2024-06-30")
    assert places(reading) == [(3, name, flaw)]
    assert reading.bad_rows["row"].tolist() == [3]
    assert reading.table["name"].tolist() == ["企业2", "企业3"]
    assert (reading.report.rows_read, reading.broken) == (3, ())


@pytest.mark.parametrize(
    ("heading", "cell", "name", "value"),
    [
        ("统一社会信用代码", f"'{code(1).lower()}", "unit_id", code(1)),
        ("企业名称", " 甲\n厂　", "name", "甲厂"),
        ("风险等级", "低风险", "risk_grade", "蓝"),
        ("风险等级", "/", "risk_grade", ""),
        ("上次检查日期", 45352, "last_visit", "2024-03-01"),
        ("上次检查日期", datetime.fromisoformat("2024-03-01T09:30"), "last_visit", "2024-03-01"),
    ],
)
def test_a_cell_written_otherwise_is_read_and_the_change_reported(heading, cell, name, value):
    reading = read(HEAD, firm(1, **{heading: cell}), as_of="2024-06-30")
    assert (reading.problems, reading.table.loc[0, name]) == ((), value)
    assert [(change.row, change.column, change.after) for change in reading.report.changes] == [
        (2, heading, value or "（空）")
    ]


@pytest.mark.parametrize(
    ("cells", "name", "flaw"),
    [
        ({"任务": "P99"}, "task_id", Flaw.UNKNOWN),
        ({"检查日期": "2023-03-01"}, "date", Flaw.CONFLICT),
        ({"检查日期": "2024-11-30"}, "date", Flaw.CONFLICT),
        ({"检查日期": None}, "date", Flaw.MISSING),
        ({"统一社会信用代码": code(5), "企业名称": "新厂"}, "unit_id", Flaw.UNKNOWN),
        ({"统一社会信用代码": "", "企业名称": ""}, "unit_id", Flaw.MISSING),
        ({"检查人员": "PT-99"}, "officers", Flaw.CONFLICT),
        ({"隐患数": "三家"}, "hazards_found", Flaw.VALUE),
        ({"重大隐患数": 4}, "major_hazards", Flaw.CONFLICT),
        ({"整改数": 9}, "hazards_fixed", Flaw.CONFLICT),
        ({"罚款": "8000元", "处罚来源": "监督检查"}, "penalty", Flaw.CONFLICT),
        ({"处罚": "警告"}, "penalty_basis", Flaw.CONFLICT),
        ({"罚款": "0.8"}, "fine_yuan", Flaw.VALUE),
    ],
)
def test_an_odd_visit_is_one_problem_of_its_row(cells, name, flaw):
    reading = read(VISITS, visit(1), visit(2, **cells), plan=PLAN, tables=TABLES, as_of="2024-06-30")
    assert places(reading) == [(3, name, flaw)]
    assert reading.table["record_id"].tolist() == ["R1"]


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"任务": "", "检查类型": "投诉举报"}, "trigger", "complaint"),
        ({"任务": TABLES.tasks["name"][4]}, "task_id", TABLES.tasks["task_id"][4]),
        ({"检查日期": "3月5日"}, "date", "2024-03-05"),
        ({"统一社会信用代码": code(6), "是否区内": "否", "企业名称": "外厂"}, "unit_id", code(6)),
        ({"处罚": "罚款", "处罚来源": "监督检查", "罚款": "8000元"}, "fine_yuan", 8000),
    ],
)
def test_a_visit_is_read_with_what_its_plan_knows(cells, column, value):
    reading = read(VISITS, visit(1, **cells), plan=PLAN, tables=TABLES, as_of="2024-06-30")
    assert (reading.problems, reading.table.loc[0, column]) == ((), value)


@pytest.mark.parametrize(
    ("cells", "name", "flaw"),
    [
        ({"计划家次": "十家"}, "planned_visits", Flaw.VALUE),
        ({"科队": "别的队"}, "team", Flaw.UNKNOWN),
        ({"邀请科室": "不明科=1"}, "invited", Flaw.CONFLICT),
        ({"邀请科室": "法宣科=1"}, "invited", Flaw.CONFLICT),
        ({"区外家次": 12}, "out_of_district_visits", Flaw.CONFLICT),
        ({"其他计数": 3}, "counted_unit", Flaw.MISSING),
        ({"月份": date(2024, 1, 3)}, "periods", Flaw.VALUE),
        ({"每次人数": 0}, "officers_per_visit", Flaw.VALUE),
        ({"每次天数": 0.3}, "visit_days", Flaw.VALUE),
    ],
)
def test_an_odd_line_of_a_plan_is_one_problem_of_its_row(cells, name, flaw):
    assert places(read(TASKS, task(**cells), plan=PLAN)) == [(2, name, flaw)]


@pytest.mark.parametrize(
    ("officer", "name", "flaw"),
    [
        (["PT-01", "执法大队", "是", "工贸", 1, 12], "officer_id", Flaw.REPEATED),
        (["PT-02", "不明科", "是", "工贸", 1, 12], "team", Flaw.UNKNOWN),
        (["PT-02", "执法大队", "也许", "工贸", 1, 12], "licensed", Flaw.VALUE),
        (["PT-02", "执法大队", "是", "工贸", 9, 3], "from_month", Flaw.CONFLICT),
        (["PT-02", "执法大队", "是", "工贸", 1, 13], "to_month", Flaw.VALUE),
        (["PT-02", "", "是", "工贸", 1, 12], "team", Flaw.MISSING),
    ],
)
def test_an_odd_officer_is_one_problem_of_its_row(officer, name, flaw):
    head = ["人员编号", "科队", "持证", "专业", "起始月", "截止月"]
    assert places(read(head, ["PT-01", "执法大队", "√", "", 1, 12], officer, plan=PLAN)) == [(3, name, flaw)]
