"""Streets: the workbook they fill in is read as it was written, every fault is told, and the summary shows them."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from enforce.desk.commands.streets import roll_up, write_template
from enforce.desk.run.handover import summary_books
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.inputs.tables.street_sheets import FOLDER
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_county


@pytest.fixture
def county(tmp_path):
    """A county whose units lie in ten towns, and the folder of what these hand in."""
    plan = write_county(bare_project(tmp_path), approved=True)
    tables = plan.parent.parent / "data" / plan.stem
    text = (tables / "units.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.replace("云溪乡", f"云溪{n % 10}镇") for n, line in enumerate(text)]
    (tables / "units.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tables / FOLDER).mkdir()
    return plan


def codes(plan):
    return open_year(plan).units["unit_id"].tolist()


def folder(plan):
    return plan.parent.parent / "data" / plan.stem / FOLDER


def fill(plan, name, *rows):
    """Fill in the template as a town does: street, code, name, task, month, date, hazards, rectified."""
    template = folder(plan).parent.parent / "template.xlsx"
    if not template.exists():
        write_template(plan, template)
    book = load_workbook(template)
    for place, row in enumerate(rows, 3):
        for column, value in enumerate(row, 2):
            book["计划与进展"].cell(place, column, value)
    book.save(folder(plan) / name)


def test_the_template_offers_the_streets_and_the_months(county, tmp_path):
    lines = write_template(county, tmp_path / "a.xlsx")
    assert "10 个乡镇" in lines[0]
    book = load_workbook(tmp_path / "a.xlsx")
    lists = [one.formula1 for one in book["计划与进展"].data_validations.dataValidation]
    assert lists == ["'名单'!$A$2:$A$11", '"1,2,3,4,5,6,7,8,9,10,11,12"']
    with pytest.raises(InputError, match="已有的不覆盖"):
        write_template(county, tmp_path / "a.xlsx")


@pytest.mark.slow
def test_three_streets_of_ten_are_rolled_up_and_the_missing_are_named(county, tmp_path):
    units = codes(county)
    for n in range(3):
        fill(county, f"{n}.xlsx", (f"云溪{n}镇", units[n], None, "普查", 3, "2025-03-05", 4, 2),
             (f"云溪{n}镇", "", "小店", "普查", 9, None, None, None))  # fmt: skip
    lines = roll_up(folder(county), county, as_of="2025-06-30", days=60, out=tmp_path / "o.xlsx")
    assert lines[1] == "10 个乡镇交来 3 个，截至 2025-06-30。"
    assert "云溪9镇" in lines[2]
    assert "云溪0镇：计划 2 家次，到 2025-06-30 应完成 1，完成 1（50.0%），计划外 0。" in lines
    assert any(line.startswith("与本局相隔不足 60 天的同一单位：") for line in lines)
    assert {"各街镇进展", "比率", "同一单位"} <= {*load_workbook(tmp_path / "o.xlsx").sheetnames}


@pytest.mark.slow
def test_units_in_both_plans_are_matched_by_code_with_what_was_done_and_what_is_to_come(county):
    year = open_year(county)
    done = year.tables.records.iloc[0]
    fill(county, "a.xlsx", ("云溪1镇", done["unit_id"], None, None, None, "2025-01-09", None, None))
    pairs = summary(open_year(county)).street_overlaps
    assert len(pairs) == 0  # no gap is chosen
    lines = roll_up(folder(county), county, days=5)
    assert any("确定的 1 对" in line for line in lines)
    assert any(f"本局 {done['date']}" in line for line in lines)


@pytest.mark.slow
def test_the_summary_shows_the_streets_and_a_plan_without_them_has_no_row(county, tmp_path):
    assert len(summary(open_year(county)).streets) == 11
    fill(county, "a.xlsx", ("云溪1镇", codes(county)[0], None, None, 2, "2025-02-10", 3, 1))
    year = open_year(county)
    end = summary(year)
    write = summary_books(end)["执行明细.xlsx"]
    assert "街镇交来的" in load_workbook(write(tmp_path / "b.xlsx")).sheetnames
    table = end.streets.set_index("subdistrict")
    assert table.loc["云溪1镇", ["planned_visits", "done_visits"]].tolist() == [1, 1]
    assert folder(county) / "a.xlsx" in year.inputs
    (folder(county) / "a.xlsx").unlink()
    folder(county).rmdir()
    assert len(summary(open_year(county)).streets) == 0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("云溪11镇", "", None, None, 3, None, None, None), "是否想写"),
        (("云溪1镇", "", "小店", "普查", None, None, None, None), "有计划月份或检查日期"),
        (("云溪1镇", "", None, None, 13, None, None, None), "1 到 12"),
        (("云溪1镇", "", None, None, None, "2024-03-05", None, None), "2025 年的日期"),
        (("云溪1镇", "91310107TEXT00017X", None, None, 3, None, None, None), "校验"),
        (("云溪1镇", "", "王某 13800138000", None, 3, None, None, None), "不含手机号"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_what_is_expected(county, row, expected):
    fill(county, "a.xlsx", row)
    with pytest.raises(InputError) as caught:
        roll_up(folder(county), county)
    assert any(expected in problem.expected for problem in caught.value.problems), caught.value.problems


def test_one_row_handed_in_twice_is_told_with_where_it_stands(county):
    row = ("云溪1镇", codes(county)[0], None, None, 3, None, None, None)
    fill(county, "a.xlsx", row)
    fill(county, "b.xlsx", row)
    with pytest.raises(InputError, match="不重复的一行"):
        roll_up(folder(county), county)


def test_a_file_that_is_none_of_theirs_and_a_missing_folder_are_told(county, tmp_path):
    (folder(county) / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="没有认出"):
        roll_up(folder(county), county)
    with pytest.raises(InputError, match="有各街镇文件的文件夹"):
        roll_up(tmp_path / "none", county)
