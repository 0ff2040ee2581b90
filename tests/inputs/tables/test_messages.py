"""Messages: one whole sentence for each kind of problem, and one for each reason why a row is passed over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.of_plan import read_tables
from enforce.inputs.tables.reading import read_table
from enforce.inputs.versions import read_version, version_bytes
from enforce.sheets.grids.grid import Span
from enforce.sheets.rows import Reason
from enforce.words.problems import Flaw, InputError, Problem
from tests.inputs.test_versions import FIRST
from tests.sheets.one_grid import code, read

HEAD = ["企业名称", "统一社会信用代码", "计划家次"]
VISITS = ["检查编号", "统一社会信用代码", "检查日期", "隐患数", "重大隐患数"]
PLAN = "params/putuo-2024.yaml"


def refused(call, *arguments) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        call(*arguments)
    return list(caught.value.problems)


def altered(folder: Path) -> list[Problem]:
    path = folder / "plan-v1.json"
    path.write_text(json.dumps(json.loads(version_bytes(FIRST)) | {"as_of": "2024-03-14"}), encoding="utf-8")
    return refused(read_version, path)


def unknown_line(_: Path) -> list[Problem]:
    plan = read_plan(PLAN)
    tables = read_tables(plan)
    visit = ["R1", tables.units["unit_id"][0], "2024-03-01", 1, 0, "P99"]
    return list(read([*VISITS, "事项编号"], visit, plan=plan, tables=tables).problems)


MESSAGES = {
    Flaw.VALUE: (
        lambda _: read(HEAD, ["甲", code(1), "若干"]).problems,
        "工作表「台账」第 2 行「计划家次」 = 若干：应为 0 以上的整数，只写半角数字（不带单位、小数点、正负号和前导零）",
    ),
    Flaw.MISSING: (
        lambda _: refused(lambda: read(["企业名称"], ["甲"], kind="register")),
        "表头 = （缺一列）：应为 有「统一社会信用代码」列",
    ),
    Flaw.REPEATED: (
        lambda _: read(HEAD, ["甲", code(1), 1], ["甲", code(1), 1]).problems,
        f"工作表「台账」第 3 行「统一社会信用代码」 = {code(1)}："
        "应为 不重复的编号（第 2 行已有；同一单位的另一处场所，加「场所编号」一列，各填 1、2）",
    ),
    Flaw.UNKNOWN: (
        unknown_line,
        "工作表「台账」第 2 行「事项编号」 = P99：应为 tasks.csv 里有的事项编号，非计划检查留空",
    ),
    Flaw.CONFLICT: (
        lambda _: read(VISITS, ["R1", code(1), "2024-03-01", 1, 2]).problems,
        "工作表「台账」第 2 行「重大隐患数」 = 2：应为 不大于隐患数的整数",
    ),
    Flaw.SUM: (
        lambda _: read(HEAD, ["甲", code(1), 2], ["合计", None, 3]).problems,
        "工作表「台账」第 3 行「计划家次」 = 3："
        "应为 以上明细之和 2（合计行写的是 3，相差 1；请核对是否漏行、重行或改过数）",
    ),
    Flaw.UNCLEAR: (
        lambda _: read(HEAD, ["甲", code(1), 2], ["乙", code(2), 2], merged=(Span(2, 2, 3, 2),)).problems[:1],
        "工作表「台账」第 2 行「计划家次」 = 第 2—3 行合并："
        "应为 每行各写各的数（合并的数会重复计算，请拆开后分别填写）",
    ),
    Flaw.PERSONAL: (
        lambda _: read(HEAD, ["甲", "11010519491231002X", 1]).problems,
        "工作表「台账」第 2 行「统一社会信用代码」 = 110105*******1002X："
        "应为 18 位统一社会信用代码（这里像是身份证号，不能填，请改填单位的代码）",
    ),
    Flaw.SIZE: (
        lambda _: read(HEAD[:2], ["甲", code(1), "乙"], encoding="UTF-8", sheet="").problems,
        "第 2 行「第 3 列」 = 3 列：应为 2 列，与表头一致（单元格里的逗号要用英文引号括起来）",
    ),
    Flaw.FILE: (
        lambda folder: refused(read_table, folder / "没有.xlsx"),
        "文件 = 打不开，没有这个文件：应为 已有的文件：请核对文件名和所在文件夹",
    ),
    Flaw.CHANGED: (
        altered,
        f"digest = {FIRST.digest[:12]}…：应为 与内容相符的摘要（文件写出后没有改动过）",
    ),
}


def test_every_kind_of_problem_has_its_message():
    assert set(MESSAGES) == set(Flaw)


@pytest.mark.parametrize("kind", Flaw)
def test_a_problem_says_where_what_is_there_and_what_is_expected(kind, tmp_path):
    problems, sentence = MESSAGES[kind]
    (problem,) = problems(tmp_path)
    assert (problem.kind, str(problem)) == (kind, sentence)


def test_the_rows_passed_over_have_their_reason():
    rows = [
        ["2024 年企业台账", None, None, None],
        ["序号", *HEAD],
        [1, 2, 3, 4],
        ["例", "某公司", None, None],
        [1, "甲", code(1), 98],
        ["其中：危化", None, None, 3],
        ["一、工贸", None, None, None],
        ["乙", "乙", "乙", "乙"],
        [2, "丙", code(2), 1],
        ["合计", None, None, 98],
        ["平均", None, None, 98],
        ["序号", *HEAD],
        ["填表人：某某", None, None, None],
    ]
    reading = read(*rows, struck=(9,))
    assert [str(problem) for problem in reading.problems] == []
    assert [(row.row, row.why) for row in reading.report.skipped] == [
        (1, "表头以上的标题或说明"),
        (3, "栏号"),
        (4, "示例"),
        (6, "“其中”行，已包含在上一行里"),
        (7, "分组标题或说明"),
        (8, "合并的标题"),
        (9, "整行带删除线，视为已作废"),
        (10, "合计行，只用来核对：计划家次 98，与明细相符"),
        (11, "平均、占比等，不是数据"),
        (12, "重复的表头"),
        (13, "说明或落款"),
    ]
    assert {row.reason for row in reading.report.skipped} == set(Reason) - {Reason.EMPTY, Reason.OUTLINE, Reason.BELOW}
