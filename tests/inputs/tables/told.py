"""What planners are told, whole: every message of a case as it is printed, kept in files/told/ and compared there.

`python -m tests.inputs.tables.told` writes them anew; the difference is read before it is committed.
"""

from __future__ import annotations

import io
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pandas as pd

from enforce.inputs.ledger.completing import recordable, recorded_problems
from enforce.inputs.ledger.ledger import check_ledger, read_ledger, write_records, write_withdrawal
from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.forms import FORMS
from enforce.inputs.tables.of_plan import read_tables
from enforce.inputs.tables.reading import Reading, imported, read_table
from enforce.sheets.columns import Column
from enforce.sheets.grids import draft, html, read_grids, sniff
from enforce.sheets.grids import xlsx as grids_xlsx
from enforce.sheets.grids import xlsx_sheet as grids_sheet
from enforce.sheets.grids import xml as grids_xml
from enforce.sheets.grids.grid import Ruined, Span
from enforce.sheets.values import Setting
from enforce.sheets.values import read as read_value
from enforce.words.problems import InputError, Place, Problem
from tests.kills.writer import visits
from tests.sheets.grid_files import (
    FILES,
    MAIN,
    encrypted_xls,
    entities,
    renamed,
    rows,
    spreadsheet_ml,
    xls,
    xlsx,
    zipped,
)
from tests.sheets.one_grid import code, grid, read

TOLD = Path(__file__).parent / "files" / "told"
PLAN = "params/putuo-2024.yaml"
AT = "2024-05-06T07:08:09+08:00"


def line(problem: Problem) -> str:
    """One problem with all that it holds."""
    at = f" @{problem.place.row},{problem.place.spot}" if problem.place.row else ""
    return f"{problem.file} | {problem.where} | {problem.found} | {problem.expected}{at}"


def table(frame: pd.DataFrame) -> Iterable[str]:
    """A table with its types."""
    yield " | ".join(f"{name}:{kind}" for name, kind in frame.dtypes.items())
    for number, row in zip(frame.index, frame.astype(object).itertuples(index=False), strict=True):
        yield f"{number}: " + " | ".join(
            "<NA>" if value is not None and value is pd.NA else repr(value) for value in row
        )


def whole(reading: Reading) -> Iterable[str]:
    """A reading with everything in it."""
    yield f"{reading.kind} {reading.file!r} {reading.sheet!r} {reading.encoding!r} {reading.header_row}"
    for name, value in vars(reading.report).items():
        several = value.items() if hasattr(value, "items") else value if isinstance(value, tuple) else (value,)
        yield from (f"{name}: {tuple(one) if isinstance(one, tuple) else one}" for one in several)
    yield from ("! " + line(problem) for problem in reading.problems)
    yield from ("broken " + line(problem) for problem in reading.broken)
    yield f"aside {reading.aside}"
    for frame in (reading.table, reading.extra, reading.bad_rows):
        yield from table(frame)


def refusal(call: Callable, *arguments: object, **options: object) -> Iterable[str]:
    """The problems a call ends with."""
    try:
        found = call(*arguments, **options)
    except InputError as error:
        return [line(problem) for problem in error.problems]
    return [f"（没有拒绝）{type(found).__name__}"]


# --- sheets made by hand ---

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
    "备注说明",
    "备注说明",
    "",
]


def firm(n: int, **cells: object) -> list:
    values = [n, f"企业{n}", code(n), "工贸", "红", "A", "桃浦镇", "是", 2, "2024-03-01", "甲", "乙", None]
    return list((dict(zip([*HEAD[:10], "a", "b", "c"], values, strict=True)) | cells).values())


def register() -> Iterable[str]:
    """A register in which most things are odd."""
    lines = [
        ["2024 年企业台账"],
        ["单位：家次", None, "甲"],
        HEAD,
        list(range(1, 14)),
        firm(1, 计划家次="１２家次"),
        firm(2, 企业名称=" 甲\n厂　", 上次检查日期=45352),
        ["一、危化", *[None] * 11],
        firm(3, 统一社会信用代码=f"'{code(3).lower()}", 风险等级="低风险"),
        firm(4, 统一社会信用代码="11010519491231002X"),
        firm(5, 统一社会信用代码="9.1310107E+17"),
        firm(6, 统一社会信用代码=code(1)),
        firm(7, 企业名称="企业1"),
        firm(8, 统一社会信用代码="310107000000001"),
        firm(9, 统一社会信用代码="31010700X"),
        firm(10, 统一社会信用代码=code(10)[:-1] + "I"),
        firm(11, 统一社会信用代码=Ruined(91310107000000000)),
        firm(12, 统一社会信用代码=None),
        firm(13, 计划家次="3家"),
        firm(14, 计划家次=-1),
        firm(15, 上次检查日期="01/02/2024"),
        firm(16, 上次检查日期="2024-12-30"),
        firm(17, 信用等级="E"),
        firm(18, 是否重点单位="也许"),
        firm(19, 是否重点单位=None),
        ["小计", *[None] * 7, 40],
        HEAD,
        firm(20, 街镇=datetime.fromisoformat("2024-03-01"), a="x\u200by", c="多"),
        firm(21, 行业类别=True, 风险等级="/"),
        firm(22, 上次检查日期=datetime.fromisoformat("2024-03-01T09:30")),
        firm(23, b=None, c=3),
        firm(24, a="x\u202ey", 企业名称="合计"),
        ["其中：危化", *[None] * 7, 3],
        ["例", "某某公司", None],
        ["合计", "共 30 家", *[None] * 6, "1,000"],
        ["备注", None, "见附件abcdef"],
        ["备注", None, "见附件"],
        [None, "二、工贸"],
        ["三、其他", "甲"],
        ["填表人：某某"],
        ["共2页"],
    ]
    reading = read(
        *lines,
        as_of="2024-06-30",
        hidden=(6, 8),
        struck=(10,),
        notes=("合并单元格 1 处，已把值填入每一格",),
        merged=(Span(5, 8, 6, 8), Span(5, 0, 5, 3), Span(5, 1, 6, 1), Span(14, 0, 15, 12)),
        problems=(
            Problem("a.xlsx", Place(row=5, spot=2), "#REF!", "没有错误值的单元格"),
            Problem("a.xlsx", Place(row=5, spot=12), "#N/A", "没有错误值的单元格"),
            Problem("a.xlsx", Place(row=5, spot=0), "#N/A", "没有错误值的单元格"),
            Problem("a.xlsx", Place(row=5, spot=13), "#N/A", "没有错误值的单元格"),
            Problem("a.xlsx", Place(row=6), "部分", "整行"),
            Problem("a.xlsx", Place(row=6, spot=25), "部分", "整行"),
            Problem("a.xlsx", Place("全文"), "甲", "乙"),
        ),
    )
    yield from whole(reading)
    yield "-- rows that end early"
    rows_ = grid(*lines).rows
    short = tuple(row._replace(cells=row.cells[: 3 + row.number % 6]) for row in rows_[4:])
    yield from whole(imported([replace(grid(*lines), rows=(*rows_[:4], *short))]))
    yield "-- text"
    yield from whole(read(HEAD[:3], [1, "甲", code(1), "乙"], [2, "丙", code(2), None, "丁"], encoding="UTF-8"))
    yield from whole(
        read(HEAD[:3], [1, "甲", "9131"], [2, "甲", code(2)], [3, "甲", code(3)], encoding="UTF-8", sheet="")
    )
    wide = grid(
        [*HEAD[:2], HEAD[2], "别的"], [1, "甲", code(1), "乙", "丙"], [2, "丁", code(2)], [3, "戊", code(3), "己"]
    )
    cells = [wide.rows[0].cells[:4], wide.rows[1].cells, wide.rows[2].cells[:3], wide.rows[3].cells[:4]]
    cut_ = tuple(row._replace(cells=own) for row, own in zip(wide.rows, cells, strict=True))
    yield from whole(imported([replace(wide, rows=cut_, encoding="UTF-8")]))
    yield "-- two rows of headings"
    above = ["企业名称", "统一社会信用代码", "执法", None, "执法"]
    yield from whole(
        read(above, [None, None, "计划家次", "上次检查日期", "甲"], ["甲", code(1), 1, "2024-03-01", "乙"])
    )
    yield "-- lines that are not there"
    plan = read_plan(PLAN)
    heads = [*HEAD[1:3], "重点覆盖事项", "最近检查日期"]
    tables = read_tables(plan)
    known = ["别的名字", tables.units["unit_id"][0], "", ""]
    lines = [known, ["甲", code(1), "P99", "2024-01-01"], ["乙", code(2), "P01", "2025-01-01"], ["丙", code(3), "", ""]]
    yield from whole(read(heads, *lines, plan=plan, tables=tables))


def sums() -> Iterable[str]:
    """Sums of every level, right and wrong, above and below their rows."""
    short = ["企业名称", "统一社会信用代码", "街镇", "计划家次"]

    def one(n: int, town: str = "甲镇", visits: object = 2) -> list:
        return [f"企业{n}", code(n), town, visits]

    cases = {
        "below": [
            one(1),
            one(2),
            ["小计", None, None, 4],
            one(3, "乙镇", 3),
            ["小计", None, None, 4],
            ["合计", None, None, 7],
        ],
        "pages": [one(1), ["本页小计", None, None, 2], one(2), ["本页合计", None, None, 2], ["总计", None, None, 5]],
        "above": [
            ["合计", None, None, 9],
            ["甲镇小计", None, None, 4],
            one(1),
            one(2),
            ["乙镇小计", None, None, 3],
            one(3, "乙镇", 3),
        ],
        "groups": [
            one(1),
            one(2, "乙镇"),
            one(3),
            ["甲镇小计", None, None, 4],
            ["小计", None, "乙镇", 3],
            ["累计", None, None, 6],
        ],
        "counted": [
            one(1),
            one(2),
            ["合计 2 家", None, None, None],
            ["合计：3家", None, None, None],
            ["总计", "共 4 户", None, 4],
        ],
        "visits": [one(1), one(2), ["合计：5家次", None, None, None], ["共计4家次"], ["合计1,004项"]],
        "unread": [one(1, visits="许多"), one(2), ["合计", None, None, 4], ["总计", None, None, "若干"]],
        "empty": [["合计", None, None, 0]],
        "none": [one(1), ["合计", None, None, None]],
        "short": [one(1)[:3], one(2), ["合计", None, None, 3]],
        "note": [one(1), ["备注", 123, None, 2], ["合计", None, None, 2]],
        "nothing": [one(1), ["小计", None, None, 2], ["小计", None, None, 0], ["合计", None, None, 0]],
        "headers": [one(1), short, [*short, None, ""], one(2), [*short[:3], None], ["合计", None, None, 4]],
        "owned": [one(1), ["小计", "待补办", None, 2], ["合计", 91310107, None, 2], ["合计", "—", None, 2]],
        "twice": [one(1), ["合计", None, None, 2], ["合计", None, None, 3], one(2), ["合计", None, None, 4]],
    }
    for name, lines in cases.items():
        yield f"-- {name}"
        yield from of_sums(read(short, *lines))
    for name, marks, total in (
        ("struck", {"struck": (3,)}, 6),
        ("struck elsewhere", {"struck": (3,)}, 5),
        ("hidden", {"hidden": (3, 4)}, 2),
        ("hidden elsewhere", {"hidden": (3,)}, 3),
    ):
        yield f"-- {name}"
        yield from of_sums(read(short, one(1), one(2), one(3), ["合计", None, None, total], **marks))

    yield from of_sums(read(short, one(1), one(2), merged=(Span(2, 2, 3, 2), Span(2, 0, 3, 1))))
    yield from of_sums(read(short, one(1), one(2), merged=(Span(2, 3, 3, 4),)))
    ragged = grid(short, one(1), one(2), ["合计", None, None, 3])
    ragged = replace(
        ragged, rows=tuple(row._replace(cells=row.cells[:3]) if row.number == 2 else row for row in ragged.rows)
    )
    yield from of_sums(imported([ragged]))
    ragged = replace(
        ragged, rows=tuple(row._replace(cells=row.cells[:2]) if row.number == 4 else row for row in ragged.rows)
    )
    yield from of_sums(imported([ragged]))


def of_sums(reading: Reading) -> Iterable[str]:
    """What is told of the sums of a sheet."""
    yield f"{reading.report.rows_read} {dict(reading.report.sums)} {len(reading.table)}"
    yield from (f"{row}: {reason}" for row, reason in ((one.row, one.why) for one in reading.report.skipped))
    yield from ("! " + line(problem) for problem in reading.problems)


def records() -> Iterable[str]:
    """Records that contradict themselves, the plan and its tables."""
    plan = read_plan(PLAN)
    tables = read_tables(plan)
    unit, name = tables.units["unit_id"][0], tables.units["name"][0]
    heads = [
        "检查编号",
        "统一社会信用代码",
        "企业名称",
        "检查日期",
        "检查类型",
        "任务",
        "检查人员",
        "隐患数",
        "重大隐患数",
    ]
    heads += ["整改数", "检查结果", "处罚", "处罚来源", "罚款(万元)", "检查码", "是否区内"]

    def visit(n: int, **cells: object) -> list:
        values = [
            f"R{n}",
            unit,
            name,
            "2024-03-01",
            "日常检查",
            "P01",
            "PT-01;PT-02",
            3,
            1,
            2,
            "整改",
            "",
            "",
            0,
            f"M{n}",
            "是",
        ]
        return list((dict(zip([*heads[:13], "罚款", *heads[14:]], values, strict=True)) | cells).values())

    lines = [
        visit(1),
        visit(2, 任务="", 检查类型="投诉举报"),
        visit(2, 任务="P99"),
        visit(25, 任务=""),
        visit(3, 检查日期="2023-03-01"),
        visit(4, 检查日期="2024-11-30"),
        visit(5, 统一社会信用代码=code(5), 企业名称="新厂"),
        visit(6, 统一社会信用代码=code(6), 是否区内="否"),
        visit(7, 统一社会信用代码=""),
        visit(8, 检查人员="张三、PT-01"),
        visit(9, 检查人员="PT-99"),
        visit(10, 重大隐患数=4),
        visit(11, 整改数=9),
        visit(12, 罚款="0.8"),
        visit(13, 处罚="罚款", 处罚来源="监督检查", 罚款="8000元"),
        visit(14, 处罚="警告"),
        visit(15, 处罚来源="监督检查"),
        visit(16, 企业名称="别的名字"),
        visit(17, 罚款="1.00001"),
        visit(27, 罚款="1元"),
        visit(28, 处罚="罚款", 处罚来源="事故调查", 罚款="1元"),
        visit(18, 检查日期="3月5日"),
        visit(19, 检查人员="李四 "),
        visit(20, 任务=tables.tasks["name"][4]),
        visit(21, 检查日期=None),
        visit(22, 隐患数="三处"),
        visit(23, 统一社会信用代码=code(5), 企业名称="新厂二", 是否区内="否"),
        visit(24, 统一社会信用代码=code(24), 企业名称="新厂", 是否区内="否"),
        ["合计", *[None] * 6, 99],
    ]
    yield from whole(read(heads, *lines, plan=plan, tables=tables, as_of="2024-06-30"))
    yield from whole(read(heads[:2] + heads[3:4], ["R1", unit, "2024-03-01"]))
    yield from whole(read(heads[:2] + heads[3:4], sheet="空"))
    odd = [visit(n, 企业名称="别的名字") for n in range(1, 13)]
    yield from read(heads, *odd, plan=plan, tables=tables).report.notes
    yield from map(line, read(heads, visit(13, 任务=True, 检查类型="投诉举报"), plan=plan, tables=tables).problems)
    yield from read(heads, *odd[:10], plan=plan, tables=tables).report.notes
    yield "-- 万元"
    heads = ["检查编号", "统一社会信用代码", "检查日期", "罚款"]
    for above in (["单位：万元"], ["单位：", "万元"], ["单位：元"], ["金额"], ["单位：元", "单位：万元"]):
        yield from whole(read(above, heads, ["R1", code(1), "2024-03-01", "0.8"], ["R2", code(2), "2024-03-01", 8000]))


def others() -> Iterable[str]:
    """A roster and lines of a plan."""
    plan = read_plan(PLAN)
    heads = ["人员编号", "科队", "持证", "专业", "起始月", "截止月"]
    yield from whole(
        read(
            heads,
            ["PT-01", "执法大队", "是", "危化", 1, 12],
            ["PT-01", "不明科", "也许", "工贸、危化", 9, 3],
            ["PT-03", "执法大队", "√", "", 0, 13],
            ["PT-04", "", "否", "工贸", "", ""],
            plan=plan,
        )
    )
    heads = [
        "事项编号",
        "检查事项",
        "计划家次",
        "月份",
        "科队",
        "邀请科室",
        "区外家次",
        "其他计数",
        "其他计数单位",
        "每次人数",
        "每次天数",
    ]
    yield from whole(
        read(
            heads,
            ["P01", "甲", 10, "全年", "执法大队", "危化科=0.5", 0, 0, "", 2, 0.5],
            ["P01", "乙", "十家次", "第一季度", "别的队", "不明科=1", 12, 3, "", 2, "半天"],
            ["P03", "丙", "3家", date(2024, 1, 3), "执法大队", "法宣科=1", 0, 0, "", 0, 0.3],
            ["", "合计", 20, "", "", "", "", "", "", "", ""],
            plan=plan,
        )
    )
    yield from map(line, read(heads, ["P01", "甲", 1, "1", "别的队"]).problems)
    yield from whole(read(heads[1:3], ["甲", 1], ["乙", "2家次"], ["合计", 3]))


def unknown() -> Iterable[str]:
    """Sheets in which no table is found, or two."""
    one = [["企业名称", "统一社会信用代码"], ["甲", code(1)]]
    tasks = [["检查事项", "计划家次"], ["甲", 1]]
    cases = [
        [grid(["通知"], ["各科队："])],
        [grid(["通知"]), grid(*one, sheet="藏", visible=False)],
        [grid(["企业名称", "街镇"], ["甲", "乙"])],
        [grid(["企业名称"], ["甲"])],
        [grid(["企业名称", "统一社会信用代吗"], ["甲", "乙"])],
        [grid(*one, sheet="一"), grid(*one, sheet="二")],
        [grid(["企业名称", "统一社会信用代码", "检查编号", "检查日期"], ["甲", code(1), "R1", "2024-03-01"])],
        [grid(*one, *tasks)],
        [grid(["题"], ["企业名称", "统一社会信用代码", "企业名称"], ["甲", code(1), "乙"])],
        [grid(["单位名称", "街镇"], ["甲", "乙"])],
        [],
        [grid(["企业名称", "甲乙丙丁戊己", "统一社会信用代吗"], ["甲", "乙", "丙"])],
        [
            grid(["企业名称", "统一社会信用代码", "街镇", "行业类别"], ["甲", code(1), "乙", "丙"], sheet="一"),
            grid(*one, sheet="二"),
        ],
        [
            grid(["企业名称", "统一社会信用代码", "街镇", "行业类别", "信用等级"], ["甲", code(1)], sheet="一"),
            grid(*one, sheet="二"),
        ],
        [grid(["通知"]), grid(["说明"], sheet="藏一", visible=False), grid(["附件"], sheet="藏二", visible=False)],
        [grid(*one, sheet="一"), grid(["企业名称", "统一社会信用代码"], sheet="二")],
        [grid(["企业名称", "统一社会信用代码"])],
    ]
    for n, grids in enumerate(cases):
        for kind in (None, "register", "tasks"):
            for asked in (False, True):
                yield f"-- {n} {kind} {asked}"
                try:
                    found = imported(grids, kind, asked=asked)
                except InputError as error:
                    yield from map(line, error.problems)
                else:
                    yield f"{found.kind} {found.sheet} {found.header_row} {[line(one) for one in found.problems]}"


VALUES = (
    None,
    "",
    " ",
    "/",
    "无",
    "-",
    "从未检查",
    0,
    1,
    2.0,
    2.5,
    -3,
    True,
    False,
    "是",
    "否",
    "√",
    "x",
    "12",
    "１２家次",
    "1,234",
    "一百二十",
    "3家",
    "12 项",
    "0.8",
    "0.8万元",
    "8000元",
    "￥3000",
    "-5",
    "半天",
    "1天",
    "0.5人日",
    "2024-03-01",
    "2024年3月1日",
    "3月1日",
    "24.3.1",
    "01/02/2024",
    "2024-02-30",
    45352,
    45352.5,
    20240301,
    date(2024, 3, 1),
    datetime.fromisoformat("2024-03-01T09:30"),
    datetime.fromisoformat("2024-03-01"),
    Ruined(10**17),
    "9.1E+17",
    "91310107MA1TX0013D",
    "'9131-0107 ma1tx0013d",
    "11010519491231002X",
    "310107000000001",
    "红色",
    "较大风险",
    "低",
    "b级",
    "市",
    "街道",
    "甲、乙；丙",
    "甲\n乙",
    "甲 | 乙",
    "P01",
    "清剿特种作业操作证假证专项",
    "日常检查",
    "投诉举报",
    "全年",
    "第一季度",
    "1-3月",
    "1月至3月",
    "1—3、9",
    "5-6|10-11",
    "危化科=0.5;法宣科=0",
    "危化科",
    "a\u200bb",
    " 甲 厂 ",
    "Ａ",
    "=1+1",
    "+86 13800138000",
    "²",
    "1e5",
    "长" * 310,
)


def values() -> Iterable[str]:
    """Every value in every column, with and without what the file and the plan say."""
    lines = {"清剿特种作业操作证假证专项": "P05"}
    settings = {"": Setting(), "year": Setting(2024, 0, False, lines), "ten thousands": Setting(2024, 10_000)}
    every = [column for form in FORMS.values() for column in form.columns.values()]
    first = {column.nature: column for column in reversed(every)}
    graded = [column for column in every if column.name in ("risk_grade", "level", "hazards")]
    for column in {column.name: column for column in (*first.values(), *graded)}.values():
        for name, setting in settings.items():
            yield f"-- {column.name} ({column.nature}) {name}"
            yield from _outcomes(column, setting) if not name or column.nature in ("date", "money", "task") else ()
        found = read_value(" ", column, Setting(), empty="（空）")
        yield f"empty: {found.text!r} {found.value!r}"


def _outcomes(column: Column, setting: Setting) -> Iterable[str]:
    """What comes of every value in one column; those refused for one reason, and those as they were, on one line."""
    same: dict[str, list[str]] = {}
    for value in VALUES:
        found = read_value(value, column, setting)
        if found.expected:
            kept = "" if found.text == ("" if value is None else str(value)) else f"（{found.text!r}）"
            same.setdefault(f"应为 {found.expected}{kept}", []).append(repr(value)[:60])
        elif found.text == found.value == value and not found.changed:
            same.setdefault("as it was", []).append(repr(value))
        else:
            yield f"{value!r} -> {found.text!r} {found.value!r}{' 改' if found.changed else ''}"
    yield from (f"{outcome}: {' '.join(found)}" for outcome, found in same.items())


# --- files ---

PAGE = "<html><body><table><tr><td>企业名称</td></tr></table></body></html>"


def files(folder: Path) -> Iterable[str]:
    """Files that are no table, and what is said of the sheets of those that are."""
    far = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row></sheetData>'
    raws = {
        "empty": b"",
        "blank": b" \r\n",
        "pdf": b"%PDF-1.7\n",
        "png": b"\x89PNG\r\n\x1a\n",
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "gif": b"GIF89a",
        "rar": b"Rar!\x1a\x07",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "nothing zipped": b"PK\x05\x06" + bytes(18),
        "mht": b"MIME-Version: 1.0\r\n",
        "noise": b"\x00\x01\x02\x03" * 9,
        "page": b"<html><body>x</body></html>",
        "xml": b"<?xml version='1.0'?><a/>",
        "docx": zipped({"word/document.xml": ""}),
        "pptx": zipped({"ppt/presentation.xml": ""}),
        "xlsb": zipped({"xl/workbook.bin": ""}),
        "ods": zipped({"mimetype": "", "content.xml": ""}),
        "zip": zipped({"台账.csv": "a"}),
        "slash": zipped({"/XL\\workbook.xml": ""}),
        "lzma": zipped({"xl/workbook.xml": ""}, 14),
        "doc": renamed(xls(("a",)), "WordDocument"),
        "ppt": renamed(xls(("a",)), "PowerPoint Document"),
        "et": renamed(xls(("a",)), "ETDocument"),
        "encrypted": (FILES / "encrypted.xlsx").read_bytes(),
        "encrypted xls": encrypted_xls(),
        "truncated": xlsx("")[:-300],
        "truncated xls": xls(("a",))[:-1024],
        "many parts": zipped({f"xl/{n}": "" for n in range(5001)}),
        "far row": xlsx(far.format(1_048_576, "A")),
        "far column": xlsx(far.format(2, "XFD")),
        "bomb": zipped({"xl/workbook.xml": bytes(3_000_000)}),
        "entities": xlsx("", parts={"xl/workbook.xml": entities("<workbook/>")}),
        "merged": xlsx(
            rows("<c><v>1</v></c>") + "<mergeCells>{}</mergeCells>".format('<mergeCell ref="A1:XFD1048576"/>' * 100)
        ),
        "damaged xml": spreadsheet_ml("<Row ss:Index='0'><Cell/></Row>").encode(),
        "damaged xls": xls(("a",))[:512] + bytes(3000),
        "no book": zipped({"xl/a": ""}),
        "far xml": spreadsheet_ml('<Row ss:Index="1048576"><Cell><Data>a</Data></Cell></Row>').encode(),
        "xlsx": xlsx(rows("<c><v>1</v></c><c t='e'><v>#REF!</v></c><c><f>1</f></c>")),
        "xls": xls(("企业名称",)),
        "html": PAGE.encode(),
        "two tables": (PAGE * 2).encode(),
        "spreadsheet": spreadsheet_ml("<Row><Cell><Data>a</Data></Cell></Row>").encode(),
        "csv": "企业名称,家次\n甲,#N/A\n".encode("gbk"),
        "two columns": b"<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
        "struck beside a merged cell": xlsx(
            rows('<c><v>1</v></c><c/><c s="1"><v>2</v></c>', "<c><v>3</v></c>")
            + '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
            styles="<fonts><font/><font><strike/></font></fonts><cellXfs><xf/><xf fontId='1'/></cellXfs>",
        ),
        "Excel 95": renamed(xls(("企业名称",)), "Book"),
        "cut": spreadsheet_ml("<Row><Cell><Data>a</Data></Cell></Row>").encode()[:-20],
        "cut inside": xlsx("", parts={"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>'}),
        "merged down": spreadsheet_ml(
            '<Row><Cell ss:MergeDown="1" ss:MergeAcross="1"><Data>甲</Data></Cell><Cell><Data>乙</Data></Cell></Row>'
            '<Row><Cell ss:Index="3"><Data>丙</Data></Cell></Row><Row ss:Hidden="1"><Cell><Data>丁</Data></Cell></Row>'
        ).encode(),
        "struck by default": xlsx(
            rows("<c><v>1</v></c><c s='1'><v>45352</v></c>", "<c><v>2</v></c>"),
            styles=(
                "<fonts><font/><font><strike/></font></fonts>"
                "<cellXfs><xf fontId='1'/><xf numFmtId='14'/></cellXfs><dxfs><dxf><font><strike/></font></dxf></dxfs>"
            ),
        ),
        "hidden": xlsx(
            '<sheetData><row hidden="on"><c><v>1</v></c></row><row hidden="true"><c><v>1</v></c></row>'
            '<row hidden="0"><c><v>1</v></c></row></sheetData>'
        ),
        "biff 4": b"\x09\x04\x06\x00" + bytes(20),
        "biff 2": b"\x09\x00\x04\x00" + bytes(20),
        "biff 3": b"\x09\x02\x06\x00" + bytes(20),
        "biff 8": b"\x09\x08\x10\x00" + bytes(20),
        "no biff": b"\x09\x01\x10\x00" + bytes(20),
        "tabs": b"\x09\x08\x10a\n",
        "text of tabs": b"a\x00b\x00",
        "cells of a page": (
            "<table><td>甲</td>外<th>乙</th>外<td style='text-decoration:line-through'>丙</td>外<tr>外<td>丁</table>"
        ).encode(),
        "prefixed": spreadsheet_ml("<ss:Row><ss:Cell><ss:Data>a</ss:Data></ss:Cell></ss:Row>")
        .replace("<W", "<ss:W")
        .replace("</W", "</ss:W")
        .encode(),
        "texts": xlsx(
            rows("<c t='s'><v>0</v></c><c t='str'><v>_xE000__xDFFF__x0041_</v></c><c t='b'><v>0</v></c>"),
            strings="<si><t>甲</t><rPh><t>jia</t></rPh><r><t>乙</t></r></si>",
        ),
        "struck": xlsx(
            rows('<c s="1"><v>1</v></c><c><v>2</v></c>', '<c s="1"><v>3</v></c>') + "<autoFilter/>",
            styles=(
                "<fonts><font/><font><strike/></font></fonts><cellXfs><xf/><xf fontId='1'/><xf fontId='2'/></cellXfs>"
            ),
            book="<x/>",
        ),
        "filtered": xlsx(
            '<sheetData><row hidden="1"><c t="b"><v>true</v></c><c t="d"><v>2024-03-01</v></c></row></sheetData>'
            "<autoFilter/>"
        ),
    }
    for name, raw in raws.items():
        path = folder / f"{name}.x"
        path.write_bytes(raw)
        for sheet in (None, "没有这张"):
            yield f"-- {name} {sheet}"
            try:
                found = read_grids(path, sheet)
            except InputError as error:
                yield from (line(problem).replace(folder.name, "夹") for problem in error.problems)
                continue
            for one in found:
                file = one.file.replace(folder.name, "夹")
                yield f"{file} {one.sheet!r} {one.encoding!r} {one.visible} {one.notes} {one.merged}"
                yield from (f"{row.number} {row.cells} {row.hidden} {row.struck}" for row in one.rows)
                yield from ("! " + line(problem).replace(folder.name, "夹") for problem in one.problems)
    (folder / "long.csv").write_bytes(b"a," * sniff.MEGABYTE)
    half = sniff.MEGABYTE * 3 // 2
    limits = [
        (sniff, "MAX_BYTES", half, "long.csv"),
        (sniff, "MAX_TEXT_BYTES", half, "long.csv"),
        (sniff, "MAX_UNPACKED", 1000, "xlsx.x"),
        (sniff, "MAX_UNPACKED", half, "bomb.x"),
        (html, "MAX_CELLS", 0, "html.x"),
        (html, "MAX_CELLS", 1, "html.x"),
        (grids_sheet, "MAX_CELLS", 2, "xlsx.x"),
        (grids_sheet, "MAX_CELLS", 3, "xlsx.x"),
        (grids_xml, "MAX_CELLS", 0, "spreadsheet.x"),
        (grids_xml, "MAX_CELLS", 1, "spreadsheet.x"),
        (grids_xlsx, "_MAX_CHARACTERS", 1, "texts.x"),
        (grids_xlsx, "_MAX_CHARACTERS", 2, "texts.x"),
        (grids_xlsx, "_MOST_STYLES", 2, "struck.x"),
        (grids_xlsx, "_MOST_STYLES", 3, "struck.x"),
        (draft, "MAX_ROWS", 0, "xlsx.x"),
        (draft, "MAX_ROWS", 1, "xlsx.x"),
        (draft, "MAX_COLUMNS", 1, "struck.x"),
        (draft, "MAX_CELLS", 3, "struck.x"),
        (draft, "MAX_ROWS", 20, "merged.x"),
        (draft, "MAX_CELLS", 4, "struck.x"),
    ]
    for module, name, limit, file in limits:
        yield f"-- {file} {name} {limit}"
        with patch.object(module, name, limit):
            yield from (text.replace(folder.name, "夹") for text in refusal(read_grids, folder / file))
    path = folder / "两张.xlsx"
    path.write_bytes(
        book({"一": [["企业名称", "统一社会信用代码"], ["甲", code(1)]], "二": [["检查事项", "计划家次"], ["乙", 3]]})
    )
    for kind, sheet in ((None, "二"), ("tasks", None), ("register", "一"), ("tasks", "一"), (None, None)):
        yield f"-- {kind} {sheet}"
        try:
            found = read_table(path, kind, sheet)
            yield f"{found.kind} {found.sheet}"
        except InputError as error:
            yield from (line(problem).replace(folder.name, "夹") for problem in error.problems)
    yield from (text.replace(folder.name, "夹") for text in refusal(read_grids, folder / "没有.x"))
    plan = read_plan(PLAN)
    path = folder / "记录.csv"
    path.write_text(f"检查编号,统一社会信用代码,检查日期\nR1,{code(1)},2024-03-01\n", encoding="utf-8")
    for given in ({}, {"plan": plan}, {"tables": read_tables(plan)}, {"as_of": "2024-02-01"}):
        yield from (line(one).replace(folder.name, "夹") for one in read_table(path, **given).problems)
    yield from whole(read_table(PLAN))
    bad = folder / "plan.yaml"
    bad.write_text("year: 2024\ndistrict: x\nteams: []\n", encoding="utf-8")
    reading = read_table(bad)
    yield from (text.replace(folder.name, "夹") for text in whole(reading))


def book(sheets: dict[str, list[list]]) -> bytes:
    """A workbook of several sheets."""
    made, buffer = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for one in lines:
            sheet.append(one)
    made.save(buffer)
    return buffer.getvalue()


# --- the ledger ---


def ledgers(folder: Path) -> Iterable[str]:
    """Ledgers that cannot be read, written or believed."""
    path = folder / "ledger.sqlite"
    table_ = visits(["R1", "R2", "R3"]).astype({"record_id": "str"})
    write_records(path, table_, at=AT, digest="d" * 64)
    write_records(path, table_.iloc[[0]].assign(hazards_found=9, in_district=False, full_record=False), at=AT)
    write_withdrawal(path, ["R2"], at=AT, reason="重复登记")
    sound = path.read_bytes()
    with closing(sqlite3.connect(path)) as db:
        yield from (repr(row) for row in db.execute("SELECT * FROM entries"))
    outcome = write_records(path, table_.assign(hazards_found=[8, 0, 0]), at=AT, restore=True)
    yield from (f"{name}: {value}" for name, value in vars(outcome).items() if name != "changes")
    yield from table(outcome.changes)
    yield repr(check_ledger(path))
    yield from table(read_ledger(path).records)
    lone = folder / "lone.sqlite"
    yield from map(str, vars(write_records(lone, table_.iloc[:0], at=AT)).values())
    yield from map(str, vars(write_records(lone, table_.iloc[:1], at=AT)).values())
    yield write_withdrawal(lone, ["R1"], at=AT, reason="误登")
    yield from table(read_ledger(lone).records)
    calls = {
        "read": read_ledger,
        "verify": check_ledger,
        "append": lambda at: write_records(at, table_, at=AT),
        "withdraw": lambda at: write_withdrawal(at, ["R9", "R2", "R1", "R9"], at=AT, reason="误登"),
        "published": lambda at: check_ledger(at, "0" * 64 + "1"),
        "not on it": lambda at: check_ledger(at, "1" * 64),
    }
    damages = {
        "sound": lambda: path.write_bytes(sound),
        "empty": lambda: path.write_bytes(b""),
        "text": lambda: path.write_bytes(b"x" * 200),
        "short": lambda: path.write_bytes(sound[:99]),
        "cut": lambda: path.write_bytes(sound[:8192]),
        "absent": path.unlink,
        "foreign": lambda: foreign(path, sound, 68),
        "newer": lambda: foreign(path, sound, 60),
        "one more table": lambda: altered(path, sound, "CREATE TABLE x (y)"),
        "an entry": lambda: altered(path, sound, "UPDATE entries SET hazards_found = 7 WHERE seq IN (2, 6)"),
        "a misshapen entry": lambda: altered(
            path, sound, "PRAGMA ignore_check_constraints = 1; UPDATE entries SET kind = 'x' WHERE seq = 2"
        ),
        "one entry": lambda: altered(path, sound, "DELETE FROM entries WHERE seq > 1"),
        "the last": lambda: altered(path, sound, "UPDATE entries SET replaces = 2 WHERE seq = 8"),
        "a gap": lambda: altered(path, sound, "DELETE FROM entries WHERE seq = 3"),
    }
    for damage, make in damages.items():
        if damage != "absent" or path.exists():
            make()
        for name, call in calls.items():
            yield f"-- {damage} {name}"
            with suppress(sqlite3.Error):
                yield from (text.replace(folder.name, "夹") for text in refusal(call, path))


def foreign(path: Path, sound: bytes, at: int) -> None:
    path.write_bytes(sound[:at] + b"\x00\x00\x00\x02" + sound[at + 4 :])


def altered(path: Path, sound: bytes, statements: str) -> None:
    """Change a ledger as someone with a database tool would, and put the triggers back."""
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as db:
        kept = [row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
        for name in ("no_update", "no_delete", "next_only"):
            db.execute(f"DROP TRIGGER {name}")
        db.executescript(statements)
        for statement in kept:
            db.execute(statement)
        db.commit()


def recorded() -> Iterable[str]:
    """Records that may enter the ledger, what was filled in, and those that may not."""
    plan = read_plan(PLAN)
    tables = read_tables(plan)
    unit, name = tables.units["unit_id"][0], tables.units["name"][0]
    heads = [
        "检查编号",
        "统一社会信用代码",
        "企业名称",
        "检查日期",
        "检查类型",
        "任务",
        "检查人员",
        "隐患数",
        "重大隐患数",
    ]
    heads += ["整改数", "处罚", "罚款(元)", "检查码"]

    def visit(n: int, kind: str = "", task: str = "P01", **cells: object) -> list:
        values = [f"R{n}", unit, name, "2024-03-01", kind, task, "PT-01;PT-02", 3, 1, 2, "", 0, f"M{n}"]
        return list((dict(zip(heads, values, strict=True)) | cells).values())

    known = tables.records.iloc[:0]
    files_ = {
        "whole": read(
            heads,
            visit(1),
            visit(2, "事故调查", "", 处罚="罚款", **{"罚款(元)": 5}),
            visit(3, "投诉举报", ""),
            visit(4, 处罚="警告"),
            plan=plan,
        ),
        "lacking": read(heads[:4], visit(1)[:4], visit(2)[:4], plan=plan),
        "cells": read(heads, visit(1, 隐患数=None), visit(2, 检查人员=""), visit(3, "", ""), plan=plan),
        "wrong": read(heads, visit(1, 检查日期="2024-02-30"), visit(2, 隐患数="三家"), plan=plan),
        "unknown": read(
            heads,
            visit(1, 统一社会信用代码=code(7), 企业名称="别家"),
            visit(2, 任务="P77"),
            visit(3, 检查人员="张三"),
            plan=plan,
        ),
        "none": read(heads, plan=plan),
    }
    for case, reading in files_.items():
        yield f"-- {case}"
        try:
            found, notes = recordable(reading, tables, plan, known)
        except InputError as error:
            yield from map(line, error.problems)
            continue
        yield from (*table(found), *notes)
        lost = found.assign(task_id="P88", unit_id=code(8))
        yield from map(line, recorded_problems(lost, tables, plan, "台账"))
        more = read(heads[:4], visit(1)[:4], visit(2)[:4], plan=plan)
        yield from (*table(recordable(more, tables, plan, found)[0]),) if len(found) else ()


CASES: dict[str, Callable[..., Iterable[str]]] = {
    "register": register,
    "sums": sums,
    "records": records,
    "others": others,
    "unknown": unknown,
    "values": values,
    "files": files,
    "ledgers": ledgers,
    "recorded": recorded,
}
_IN_A_FOLDER = ("files", "ledgers")


def text_of(case: str, folder: Path) -> str:
    """All that is told in a case."""
    return "\n".join(CASES[case](folder) if case in _IN_A_FOLDER else CASES[case]()) + "\n"


def main() -> int:
    """Write what is told in every case."""
    TOLD.mkdir(exist_ok=True)
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            (TOLD / f"{case}.txt").write_text(text_of(case, Path(folder)), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
