"""The ledger of promises of whole plans: the demo's, a bureau without any, and a bureau's own."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from enforce.desk.run.handover import summary_books
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from tests.bureaus import bare_project, write_county

COUNTY = """promises:
  - id: 甲
    clause: 县重点单位每年一次
    kind: coverage
    measures:
      - {name: 到过的, measure: visits_done, visits: [{lines: [A1]}], target: {op: "=", value: 1}}
    judged: both
    due: "2025-12-31"
    measurable: data
  - id: 乙
    clause: 非计划检查不多
    kind: share
    measures:
      - {name: 占比, measure: visits_share, visits: [{planned: false}], of: [{}], target: {op: "<=", value: 0.1}}
    judged: both
    due: "2025-12-31"
    measurable: partly
    confirm: 执法大队确认
"""


@pytest.fixture
def county(tmp_path):
    return write_county(bare_project(tmp_path), approved=True)


def of(table, promise, name):
    rows = table[(table["promise"] == promise) & table["promise_measure"].str.startswith(name)]
    return rows[["part", "numerator", "denominator"]].values.tolist()


def test_the_promises_of_the_demo_are_judged_by_its_approved_plan(year):
    end = summary(year)
    assert end.promises["promise"].nunique() == len(end.promises) == 29
    assert of(end.measures, "K17", "全年完成家次") == [["", 254, 261]]
    assert of(end.measures, "K19", "落在") == [["", 12, 37]]
    assert of(end.measures, "K14", "名单内") == [["", 69, 70]]
    shares = end.measures[(end.measures["promise"] == "K11") & (end.measures["part"] == "按计划")]["rate"]
    assert shares.round(4).tolist() == [0.1807, 0.1351, 0.1304, 0.1261, 0.3488]
    state = end.promises.set_index("promise")["promise_state"]
    assert state[["K11", "K19", "K17", "K24"]].tolist() == ["to_confirm", "to_confirm", "broken", "fulfilled"]
    assert "fulfilled" not in state[end.promises.set_index("promise")["to_confirm"] != ""].tolist()


def test_through_the_year_no_promise_is_broken_before_it_is_due(year):
    half = summary(year, "2024-06-30").promises
    assert half.loc[half["promise_state"] == "broken", "promise"].tolist() == ["K20"]


def test_a_bureau_without_the_file_has_no_ledger_and_no_error(county):
    end = summary(open_year(county))
    assert (len(end.promises), len(end.measures)) == (0, 0)


@pytest.mark.slow
def test_a_bureau_writes_its_promises_in_the_same_form(county, tmp_path):
    file = county.parent.parent / "data" / county.stem / "promises.yaml"
    file.write_text(COUNTY, encoding="utf-8")
    year = open_year(county)
    end = summary(year)
    assert end.measures[["numerator", "denominator"]].values.tolist() == [[12, 40], [1, 13]]
    assert end.promises["promise_state"].tolist() == ["broken", "to_confirm"]
    sheets = load_workbook(summary_books(end)["执行明细.xlsx"](tmp_path / "a.xlsx")).sheetnames
    assert {"承诺兑现", "各量的兑现"} <= {*sheets}
    assert file in year.inputs


def test_what_the_plan_does_not_have_is_missing_data_and_a_finding_each(county):
    file = county.parent.parent / "data" / county.stem / "promises.yaml"
    text = COUNTY.replace("[A1]", "[A1, A9]").replace("2025-12-31", "2024-12-31", 2)
    file.write_text(text, encoding="utf-8")
    end = summary(open_year(county))
    assert end.promises["promise_state"].tolist() == ["no_data", "no_data"]
    told = end.findings[end.findings["check"] == "promises"]
    assert told["where"].tolist() == ["承诺 甲", "承诺 甲", "承诺 乙"]
    assert all(name in text for name, text in zip(("A9", "2024-12-31", "2024-12-31"), told["message"], strict=True))


def test_a_key_period_that_sets_no_days_aside_is_a_key_period_all_the_same(county):
    period = 'key_periods:\n  - {name: 汛期, from_date: "2025-05-01", to_date: "2025-05-31", reserved_days: []}\n'
    county.write_text(county.read_text(encoding="utf-8") + period, encoding="utf-8")
    end = summary(open_year(county))
    assert end.actuals.key_periods["name"].tolist() == ["汛期"]
