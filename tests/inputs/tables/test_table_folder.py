"""The folder of tables: every file is known by its headings, and what lies there is told where a table is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.forms import FORMS, KINDS
from enforce.inputs.tables.of_plan import read_tables
from enforce.inputs.tables.table_folder import table_files
from enforce.words.problems import Flaw, InputError
from tests.bureaus import bare_project, write_county

NAMES = ("tasks", "roster", "units", "records")


@pytest.fixture
def plan(tmp_path):
    """The county's plan in a project of its own."""
    return read_plan(write_county(bare_project(tmp_path)))


def as_sheet(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def one_workbook(plan, name: str = "2025年各表.xlsx", **titles: str) -> Path:
    """Put the four tables into one workbook, each on a sheet, and take the files away."""
    files = {table: plan.tables_folder / f"{table}.csv" for table in NAMES}
    path = plan.tables_folder / name
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for n, (table, file) in enumerate(files.items(), 1):
            as_sheet(file).to_excel(book, sheet_name=titles.get(table, f"Sheet{n}"), index=False)
    for file in files.values():
        file.unlink()
    return path


def same(tables, others) -> bool:
    return all(getattr(tables, name).equals(getattr(others, name)) for name in NAMES)


def test_files_of_any_name_are_known_by_their_headings(plan):
    before = read_tables(plan)
    for number, name in enumerate(NAMES):
        (plan.tables_folder / f"{name}.csv").rename(plan.tables_folder / f"2025年导出({number}).csv")
    after = read_tables(plan)
    assert same(before, after)
    assert after.files["tasks"].endswith("2025年导出(0).csv")


def test_excel_files_of_any_name_are_known_too(plan):
    before = read_tables(plan)
    for name in NAMES:
        file = plan.tables_folder / f"{name}.csv"
        as_sheet(file).to_excel(plan.tables_folder / f"表{name}（终稿）.xlsx", index=False)
        file.unlink()
    assert same(before, read_tables(plan))


@pytest.mark.parametrize("titles", [{}, {"tasks": "检查事项", "units": "企业台账"}])
def test_sheets_of_one_workbook_are_the_tables(plan, titles):
    before = read_tables(plan)
    one_workbook(plan, **titles)
    after = read_tables(plan)
    assert same(before, after)
    assert len(set(after.files.values())) == 4


def test_a_workbook_called_like_one_table_holds_the_others_too(plan):
    before = read_tables(plan)
    one_workbook(plan, "企业台账.xlsx")
    assert same(before, read_tables(plan))


def test_faults_of_two_sheets_of_one_workbook_are_told_apart(plan):
    path = one_workbook(plan)
    book = openpyxl.load_workbook(path)
    book["Sheet1"]["F3"], book["Sheet2"]["C3"] = "很多", "大概"
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_tables(plan)
    assert {(one.file.rpartition("!")[2], one.where) for one in caught.value.problems} == {
        ("Sheet1", "第 3 行「计划家次」"),
        ("Sheet2", "第 3 行「是否持证」"),
    }
    aside = read_tables(plan, quarantine=True)
    assert {file.rpartition("!")[2]: rows["row"].tolist() for file, rows in aside.bad.items()} == {
        "Sheet1": [3],
        "Sheet2": [3],
    }


def test_a_missing_table_is_told_with_all_that_lies_there(plan):
    (plan.tables_folder / "units.csv").rename(plan.tables_folder / "units.csv.bak")
    (plan.tables_folder / "电话.csv").write_text("姓名,电话\n", encoding="utf-8")
    (plan.tables_folder / "名录2.csv").write_text("企业名称,街镇,行业类别,信用等级\n甲,乙,丙,A\n", encoding="utf-8")
    (plan.tables_folder / "~$tasks.xlsx").write_bytes(b"lock")
    with pytest.raises(InputError) as caught:
        read_tables(plan)
    (problem,) = caught.value.problems
    assert (problem.where, problem.found, problem.kind) == ("企业台账", "（没有）", Flaw.MISSING)
    for text in ("tasks.csv 读作检查事项表", "电话.csv 没有认出表头", "名录2.csv 像企业台账，缺「统一社会信用代码」"):
        assert text in problem.expected
    assert "~$" not in problem.expected


def test_two_that_are_as_good_are_refused_and_a_name_goes_before_headings(plan):
    shutil.copy(plan.tables_folder / "units.csv", plan.tables_folder / "名录（旧）.csv")
    assert table_files(plan)[0]["units"].path.name == "units.csv"
    (plan.tables_folder / "units.csv").rename(plan.tables_folder / "名录（新）.csv")
    with pytest.raises(InputError) as caught:
        read_tables(plan)
    assert [(one.where, one.found) for one in caught.value.problems] == [("企业台账", "名录（新）.csv、名录（旧）.csv")]


def test_an_empty_sheet_of_a_table_that_may_be_absent_is_none(plan):
    path = one_workbook(plan)
    book = openpyxl.load_workbook(path)
    book.create_sheet("处罚").append([column.chinese for column in FORMS[KINDS["penalties"]].ours])
    book.save(path)
    assert read_tables(plan).decisions is None


# --- whose plan it is ---


def test_a_plan_is_called_like_its_file(plan):
    other = plan.path.with_name("danxian-2025.yaml")
    shutil.copy(plan.path, other)
    with pytest.raises(InputError) as caught:
        read_plan(other)
    told = {one.place.entry: one for one in caught.value.problems}
    assert set(told) == {"name", "tables"}
    assert told["name"].where == "第 1 行 计划简称"
    assert "与文件名「danxian-2025.yaml」一致" in told["name"].expected
    assert "另一份计划 yunxi-2025.yaml" in told["tables"].expected


def test_two_plans_of_one_folder_have_each_their_tables(plan):
    other = plan.path.with_name("danxian-2025.yaml")
    text = plan.path.read_text(encoding="utf-8").replace("name: yunxi-2025", "name: danxian-2025")
    other.write_text(text.replace("../data/yunxi-2025", "../data/./yunxi-2025/"), encoding="utf-8")
    for path in (plan.path, other):
        with pytest.raises(InputError, match="本计划自己的文件夹"):
            read_plan(path)
    shutil.copytree(plan.tables_folder, plan.tables_folder.with_name("danxian-2025"))
    other.write_text(text.replace("../data/yunxi-2025", "../data/danxian-2025"), encoding="utf-8")
    assert read_plan(other).name == "danxian-2025"
    assert read_plan(plan.path).name == "yunxi-2025"


def test_another_file_that_cannot_be_read_is_no_other_plan(plan):
    plan.path.with_name("草稿.yaml").write_bytes("tables：../data/yunxi-2025\n".encode("gbk"))
    assert read_plan(plan.path).name == "yunxi-2025"


def test_a_table_over_several_sheets_is_read_whole_in_a_run_too(plan):
    before = read_tables(plan)
    rows = as_sheet(plan.tables_folder / "units.csv")
    with pd.ExcelWriter(plan.tables_folder / "各镇名单.xlsx", engine="openpyxl") as book:
        for name, part in (("东片", rows.iloc[:3]), ("西片", rows.iloc[3:])):
            part.to_excel(book, sheet_name=name, index=False)
    (plan.tables_folder / "units.csv").unlink()
    after = read_tables(plan)
    assert same(before, after)
    assert after.files["units"].endswith("各镇名单.xlsx!东片、西片")


def test_sheets_that_may_be_two_tables_are_refused_by_name_in_a_run_too(plan):
    rows = as_sheet(plan.tables_folder / "units.csv")
    with pd.ExcelWriter(plan.tables_folder / "名单.xlsx", engine="openpyxl") as book:
        for name in ("初稿", "终稿"):
            rows.to_excel(book, sheet_name=name, index=False)
    (plan.tables_folder / "units.csv").unlink()
    with pytest.raises(InputError, match="「初稿」、「终稿」都像企业台账"):
        read_tables(plan)
