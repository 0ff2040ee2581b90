"""What a plan is read with for its papers: last year's figures, the contact, the bases it cites."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from enforce.desk.opening import last_year_tables
from enforce.desk.year import open_year
from enforce.inputs.parameters.plan import read_plan
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, free to be changed."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    return tmp_path / "params/putuo-2024.yaml"


def named(plan: Path, text: str) -> Path:
    plan.write_text(plan.read_text(encoding="utf-8").replace("\nbases:", f"\n{text}\nbases:", 1), encoding="utf-8")
    return plan


def test_a_plan_that_names_none_has_no_figures_of_last_year(year):
    assert year.last_year.columns.tolist() == ["indicator", "period", "figure"]
    assert len(year.last_year) == 0


def test_a_table_of_figures_is_read_as_it_is_printed(copy):
    text = '指标,期间,数\n检查家次,全年,"1,250"\n整改率,一季度,98.5\n检查家次,一季度,300\n'
    (copy.parent / "2023.csv").write_text(text, encoding="utf-8-sig")
    figures = last_year_tables(read_plan(named(copy, "last_year: 2023.csv")))[0]["last_year"]
    assert figures.values.tolist() == [
        ["检查家次", "全年", Decimal("1250")],
        ["整改率", "一季度", Decimal("98.5")],
        ["检查家次", "一季度", Decimal("300")],
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [("检查家次,一季度,约 30", "数字"), ("检查家次,全年,5", "只写一次"), ("电话 13800138000,,5", "不含手机号")],
)
def test_a_figure_that_is_none_or_stands_twice_is_told(copy, row, expected):
    (copy.parent / "2023.csv").write_text(f"指标,期间,数\n检查家次,全年,1250\n{row}\n", encoding="utf-8-sig")
    with pytest.raises(InputError) as caught:
        last_year_tables(read_plan(named(copy, "last_year: 2023.csv")))
    (problem,) = caught.value.problems
    assert (problem.place.row, expected in problem.expected) == (3, True)


def test_the_records_of_a_folder_are_added_up(copy, year):
    folder = copy.parents[1] / "data/before"
    folder.mkdir()
    text = (copy.parents[1] / "data/putuo-2024/records.csv").read_text(encoding="utf-8-sig")
    text = text.replace(",2024-02-29", ",2023-02-28").replace(",2024-", ",2023-")
    (folder / "records.csv").write_text(text, encoding="utf-8-sig")
    opened = open_year(named(copy, "last_year: ../data/before"))
    records = year.tables.records
    fines = records[records["penalty_basis"] == "inspection"]
    assert dict(zip(opened.last_year["indicator"], map(int, opened.last_year["figure"]), strict=True)) == {
        "检查家次": len(records),
        "计划内检查家次": (records["task_id"] != "").sum(),
        "非计划检查家次": (records["task_id"] == "").sum(),
        "到过的企业(家)": records.loc[records["unit_id"] != "", "unit_id"].nunique(),
        "隐患(项)": records["hazards_found"].sum(),
        "整改(项)": records["hazards_fixed"].sum(),
        "重大隐患(项)": records["major_hazards"].sum(),
        "处罚(起)": len(fines),
        "罚款(元)": fines["fine_yuan"].sum(),
    }
    assert [path.name for path in opened.inputs][-1] == "records.csv"


def test_what_may_be_wrong_in_last_years_records_is_among_the_doubts(copy):
    folder = copy.parents[1] / "data/before"
    folder.mkdir()
    rows = pd.read_csv(copy.parents[1] / "data/putuo-2024/records.csv", dtype=str, encoding="utf-8-sig").head(3)
    rows["检查日期"] = "2023-03-01"
    rows.loc[0, "隐患数"] = rows.loc[0, "整改数"] = "99999"
    rows.to_csv(folder / "records.csv", index=False, encoding="utf-8-sig")
    findings = open_year(named(copy, "last_year: ../data/before")).findings
    (row,) = findings[findings["message"].str.contains("大得少见的数") & findings["where"].str.contains("before")].index
    assert findings.loc[row, "check"] == "sources"


def test_records_of_another_year_are_not_those_of_last_year(copy):
    with pytest.raises(InputError) as caught:
        last_year_tables(read_plan(named(copy, "last_year: ../data/putuo-2024")))
    assert "计划年度 2023 年内的日期" in caught.value.problems[0].expected


def test_the_contact_is_read_and_its_file_is_among_the_inputs(copy):
    (copy.parent / "contact.yaml").write_text('name: 李某\nphone: "13800138000"\n', encoding="utf-8")
    year = open_year(named(copy, "contact: contact.yaml"))
    assert year.contact.name == "李某"
    assert "contact.yaml" in [path.name for path in year.inputs]


def test_the_demo_lists_nine_bases_in_order_and_one_of_its_request_has_a_successor(year):
    assert year.bases["basis_id"].tolist() == [f"B{n:02}" for n in range(1, 10)]
    assert set(year.bases["state"]) == {"施行中", "施行日期未见", "不查施行期"}
    doubts = year.findings[(year.findings["check"] == "bases") & (year.findings["severity"] != "note")]
    assert doubts[["severity", "where"]].values.tolist() == [["doubt", "请示"]]
    assert "B10" in doubts["message"].iloc[0]
    assert "《应急管理行政执法人员依法履职管理规定》" in doubts["message"].iloc[0]


def test_a_plan_of_2026_with_the_list_of_2024_is_told_of_the_programme_that_is_over(copy):
    text = copy.read_text(encoding="utf-8").replace("2024-", "2026-").replace("year: 2024", "year: 2026")
    copy.write_text(text, encoding="utf-8")
    shutil.rmtree(copy.parents[1] / "data/putuo-2024/versions")
    (copy.parents[1] / "data/putuo-2024/other_work.csv").unlink()
    table = copy.parents[1] / "data/putuo-2024/records.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8-sig")
    bases = open_year(copy).bases.set_index("basis_id")
    assert bases["state"]["B03"] == "标题写的年份已过"
