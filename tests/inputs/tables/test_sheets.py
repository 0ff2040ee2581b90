"""One table over several sheets: read as one where that is certain, else refused with every sheet named."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.tables.reading import read_sheets
from enforce.words.problems import PAGE, InputError
from tests.sheets.one_grid import code, grid

HEAD = ["企业名称", "统一社会信用代码", "计划家次"]


def firm(n: int, visits: object = 2) -> list:
    return [f"企业{n}", code(n), visits]


def split(rows: list, *ends: int) -> list:
    """Sheets of one table that end behind these rows, each with its header."""
    return [grid(HEAD, *rows[a:b], sheet=f"{b}") for a, b in pairwise([0, *ends, len(rows)])]


@given(st.lists(st.integers(1, 11), unique=True, max_size=4))
def test_a_table_reads_the_same_over_any_number_of_sheets(ends):
    rows = [firm(n, visits=n % 3) for n in range(12)]
    whole, parts = (read_sheets(split(rows, *sorted(some))) for some in ([], ends))
    assert parts.table.equals(whole.table)
    assert not parts.problems
    assert parts.report.sums == whole.report.sums
    assert any("合成一张表读" in note for note in parts.report.notes) == bool(ends)


def test_every_row_is_told_with_its_sheet():
    sheets = [
        grid(["某区"], HEAD, firm(1), firm(2, "x"), ["以下空白"], sheet="东片"),
        grid(HEAD, firm(3, "3家次"), firm(4, ""), ["小计", None, 3], [], ["填表人：张"], sheet="西片"),
        grid(HEAD, firm(5, "y"), sheet="北片"),
    ]  # fmt: skip
    reading = read_sheets(sheets)
    assert reading.sheet == "东片、西片、北片"
    assert [str(one) for one in reading.problems if "y" in one.found or "x" in one.found] == [
        "工作表「东片」第 4 行「计划家次」 = x：应为 0 以上的整数，只写半角数字（不带单位、小数点、正负号和前导零）",
        "工作表「北片」第 2 行「计划家次」 = y：应为 0 以上的整数，只写半角数字（不带单位、小数点、正负号和前导零）",
    ]
    assert (
        reading.report.notes[0] == "3 张工作表的列名相同，合成一张表读：「东片」「西片」（第 2 张）「北片」（第 3 张）"
    )
    assert reading.report.empty["计划家次"] == (PAGE + 3,)
    assert [change.row for change in reading.report.changes] == [PAGE + 2]
    assert [skipped.row for skipped in reading.report.skipped] == [1, 5, PAGE + 4, PAGE + 6]
    assert reading.bad_rows["row"].tolist() == [4, 2 * PAGE + 2]
    assert reading.table["name"].tolist() == ["企业1", "企业3", "企业4"]


def test_sums_are_of_a_sheet_or_of_all():
    pages = [
        [HEAD, firm(1), firm(2), ["合计", None, 4]],
        [HEAD, firm(3), ["合计", None, 2], ["总计", None, 6]],
    ]
    sheets = [grid(*rows, sheet=f"{n}") for n, rows in enumerate(pages)]
    assert not read_sheets(sheets).problems
    sheets[1] = grid(HEAD, firm(3), ["合计", None, 3], ["总计：3家", None, 7], sheet="1")
    assert [str(one.place) for one in read_sheets(sheets).problems] == [
        "工作表「1」第 3 行「计划家次」",
        "工作表「1」第 4 行「计划家次」",
    ]


UNCLEAR = {
    "a row on both": [grid(HEAD, firm(1), firm(2), sheet="初稿"), grid(HEAD, firm(2), firm(3), sheet="终稿")],
    "other headings": [grid(HEAD, firm(1), sheet="甲"), grid([*HEAD, "街镇"], [*firm(2), "甲镇"], sheet="乙")],
    "another order": [grid(HEAD, firm(1), sheet="甲"), grid(HEAD[::-1], firm(2)[::-1], sheet="乙")],
    "years by name": [grid(HEAD, firm(1), sheet="2023年"), grid(HEAD, firm(2), sheet="2024年")],
    "years by title": [
        grid(["2023年度名单"], HEAD, firm(1), sheet="甲"),
        grid(["2024年度名单"], HEAD, firm(2), sheet="乙"),
    ],
}


@pytest.mark.parametrize("kind", UNCLEAR)
def test_sheets_that_may_be_two_tables_are_refused_by_name(kind):
    sheets = UNCLEAR[kind]
    with pytest.raises(InputError) as caught:
        read_sheets(sheets)
    (problem,) = caught.value.problems
    assert all(f"「{one.sheet}」" in problem.found for one in sheets)
    assert "隐藏" in problem.expected
    assert "--sheet" in problem.expected


def test_money_in_two_units_is_of_two_tables():
    head = ["检查编号", "统一社会信用代码", "检查日期", "处罚", "罚款"]
    rows = [[f"R{n}", code(n), "2024-03-01", "警告", 1] for n in range(2)]
    sheets = [grid([f"单位：{unit}"], head, rows[n], sheet=unit) for n, unit in enumerate(("元", "万元"))]
    with pytest.raises(InputError, match="「元」、「万元」都像检查记录"):
        read_sheets(sheets)


def test_a_page_without_a_header_is_told():
    sheets = [grid(HEAD, firm(1), sheet="1"), grid(firm(2), firm(3), sheet="2"), grid(["说明"], sheet="3")]
    assert [note for note in read_sheets(sheets).report.notes if "没有读" in note] == [
        "工作表「2」没有认出表头，没有读；是这张表接着的一页，请在它上面写上同样的列名"
    ]


def test_a_sum_that_agrees_with_a_struck_row_of_its_sheet_says_so():
    sheets = [
        grid(HEAD, firm(1), firm(2), sheet="1"),
        grid(HEAD, firm(3), firm(4), ["合计", None, 4], sheet="2", struck=(3,)),
    ]
    (problem,) = read_sheets(sheets).problems
    assert "算上带删除线的第 3 行才相符" in problem.expected


def test_sheets_of_other_widths_are_one_table():
    sheets = [grid(HEAD, [*firm(1), None, "x"], sheet="1"), grid(HEAD, firm(2, "y"), sheet="2")]
    reading = read_sheets(sheets)
    assert reading.table["name"].tolist() == ["企业1"]
    assert reading.bad_rows.iloc[0].tolist()[2:5] == firm(2, "y")
