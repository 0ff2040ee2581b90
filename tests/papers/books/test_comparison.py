from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook

from enforce.papers.books.comparison import comparison_book, penalty_matrix, with_tiers
from enforce.papers.books.readback import BookError
from tests.papers import year_2024 as year


def by_task(**changes):
    table = year.progress().rename(columns={"name": "task"})
    total = {name: table[name].sum() for name in ("planned_visits", "done_visits", "numerator", "denominator")}
    last = {"task": "合计", **total, "completion": total["numerator"] / total["denominator"], **changes}
    return pd.concat([table, pd.DataFrame([last])], ignore_index=True)


def written(path, tables):
    return load_workbook(comparison_book(path, tables, year.meta()), data_only=False)


def values(path, sheet):
    return [[cell.value for cell in row] for row in load_workbook(path, data_only=True)[sheet].iter_rows(min_row=4)]


def test_difference_and_rate_are_formulas_beside_numerator_and_denominator(tmp_path):
    sheet = written(tmp_path / "a.xlsx", {"按事项": by_task()})["按事项"]
    assert [cell.value for cell in sheet[4]] == [
        "检查事项", "计划家次", "完成家次", "差额(家次)", "分子", "分母", "累计完成率(占全年)",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[5]][3:] == ["=C5-B5", 58, 60, '=IF(F5=0,"",E5/F5)']
    assert values(tmp_path / "a.xlsx", "按事项")[1] == [
        "区重点单位执法检查",
        60,
        58,
        -2,
        58,
        60,
        pytest.approx(58 / 60),
    ]


def test_the_last_row_of_totals_is_the_sum_of_the_rows(tmp_path):
    sheet = written(tmp_path / "a.xlsx", {"按事项": by_task()})["按事项"]
    assert sheet["B17"].value == "=SUM(B5:B16)"
    assert values(tmp_path / "a.xlsx", "按事项")[-1] == ["合计", 261, 246, -15, 246, 261, pytest.approx(246 / 261)]
    assert sheet.auto_filter.ref == "A4:G16"


@pytest.mark.parametrize("changes", [{"done_visits": 247}, {"completion": 0.95}, {"denominator": 260}])
def test_a_total_or_rate_that_does_not_follow_is_refused(tmp_path, changes):
    with pytest.raises(BookError, match="复算得"):
        comparison_book(tmp_path / "a.xlsx", {"按事项": by_task(**changes)}, year.meta())


def test_subtotals_are_not_added_to_the_total(tmp_path):
    table = pd.DataFrame({
        "tier": ["key", "general", "重点检查小计", "合计"],
        "planned_visits": [178, 83, 178, 261],
        "done_visits": [160, 86, 160, 246],
    })  # fmt: skip
    sheet = written(tmp_path / "a.xlsx", {"按类型": table})["按类型"]
    assert sheet["B8"].value == "=SUM(B5:B6)"
    assert values(tmp_path / "a.xlsx", "按类型")[1][0] == "重点检查"


def test_done_and_planned_stand_for_numerator_and_denominator_where_there_are_none(tmp_path):
    table = pd.DataFrame({"month": [1, 2], "planned_visits": [24, 0], "done_visits": [18, 3]})
    comparison_book(tmp_path / "a.xlsx", {"各月": table}, year.meta())
    assert values(tmp_path / "a.xlsx", "各月")[1:] == [[1, 24, 18, -6, 18, 24, 0.75], [2, 0, 3, 3, 3, 0, None]]


def test_the_rate_of_the_month_and_that_of_the_year_to_date_stand_under_their_own_headings(tmp_path):
    table = pd.DataFrame({
        "month": [1, 2, 3],
        "planned_visits": [26, 19, 20],
        "expected_visits": [26, 19, 0],
        "done_visits": [16, 16, 0],
        "unplanned_visits": [1, 1, 0],
        "expected_to_date": [26, 45, 45],
        "done_to_date": [16, 32, 32],
        "month_completion": [16 / 26, 16 / 19, None],
        "running_completion": [16 / 26, 32 / 45, None],
    })  # fmt: skip
    sheet = written(tmp_path / "a.xlsx", {"按月": table})["按月"]
    heads = [cell.value for cell in sheet[4]]
    assert [head for head in heads if "率" in head] == ["当月完成率", "累计完成率(占应完成)"]
    row = dict(zip(heads, values(tmp_path / "a.xlsx", "按月")[2], strict=True))
    assert (round(row["当月完成率"], 3), round(row["累计完成率(占应完成)"], 3)) == (0.842, 0.711)
    assert sheet["I6"].value == "=SUM(E5:E6)"
    assert values(tmp_path / "a.xlsx", "按月")[3][-1] is None


def test_what_was_expected_is_a_sum_and_the_difference_to_it_a_formula(tmp_path):
    table = pd.DataFrame({
        "tier": ["key", "general", "合计"],
        "planned_visits": [178, 83, 261],
        "expected_visits": [91, 33, 124],
        "done_visits": [92, 30, 122],
        "pace": ["ahead", "behind", "behind"],
        "pace_visits": [1, -3, -2],
    })  # fmt: skip
    sheet = written(tmp_path / "a.xlsx", {"按类型": table})["按类型"]
    assert [sheet["I7"].value, sheet["J7"].value, sheet["B6"].value] == ["=SUM(I5:I6)", "=D7-I7", "落后"]
    assert values(tmp_path / "a.xlsx", "按类型")[-1][-2:] == [124, -2]


def test_other_tables_are_written_as_they_are(tmp_path):
    note = pd.DataFrame({"item": ["完成率"], "note": ["完成家次除以计划家次"]})
    workbook = written(tmp_path / "a.xlsx", {"按事项": by_task(), "口径说明": note})
    assert workbook.sheetnames == ["按事项", "口径说明", "说明"]
    assert [cell.value for cell in workbook["口径说明"][5]] == ["完成率", "完成家次除以计划家次"]


def test_penalties_stand_by_month_with_the_year_as_a_sum():
    rows = [(month, basis, month, 0.5) for month in (1, 3) for basis in ("inspection", "accident")]
    table = penalty_matrix(pd.DataFrame(rows, columns=["month", "penalty_basis", "cases", "fine_wan_yuan"]))
    assert table["penalty_basis"].tolist() == [
        "监督检查：处罚(起)", "监督检查：罚款(万元)", "事故调查：处罚(起)", "事故调查：罚款(万元)",
    ]  # fmt: skip
    assert table[["1月", "2月", "3月"]].iloc[0].tolist() == [1, 0, 3]
    assert [cell.value for cell in table["全年"]] == [4, 1.0, 4, 1.0]


def test_the_tiers_stand_at_the_foot_of_the_lines(tmp_path):
    tiers = pd.DataFrame({
        "tier": ["key", "general", "合计"], "planned_visits": [178, 83, 261], "done_visits": [160, 86, 246],
        "numerator": [160, 86, 246], "denominator": [178, 83, 261], "completion": [160 / 178, 86 / 83, 246 / 261],
    })  # fmt: skip
    lines = by_task().iloc[:-1].assign(tier="key")
    foot = with_tiers(lines, tiers).tail(3)
    assert foot["task"].tolist() == ["重点检查小计", "一般检查小计", "合计"]
    assert written(tmp_path / "a.xlsx", {"按事项": with_tiers(lines, tiers)})["按事项"]["C19"].value == "=SUM(C5:C16)"
