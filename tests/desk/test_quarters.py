"""Months, quarters and the year: in every version the one adds up to the other, in the tables and in the books."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from enforce.desk.run.handover import annual_books, monthly_books, replan_books
from enforce.desk.standing import Standing, replan
from enforce.desk.standing import month as month_of
from enforce.inputs.versions import version_bytes
from enforce.papers.official import month_matrix, quarter_form
from enforce.papers.screen.cells import MONTHS
from enforce.words.months import QUARTERS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def versions(year, tmp_path_factory) -> list[Standing]:
    """A re-plan every quarter, each from the version before."""
    folder, found = tmp_path_factory.mktemp("versions"), []
    for day in ("2024-03-13", "2024-06-30", "2024-09-12"):
        base = str(folder / f"plan-v{found[-1].version.number}.json") if found else ""
        found.append(replan(year, day, base))
        (folder / f"plan-v{found[-1].version.number}.json").write_bytes(version_bytes(found[-1].version))
    return found


def cells(path: Path, sheet: str) -> list[dict]:
    found = load_workbook(path, data_only=True)[sheet]
    head = [cell.value for cell in found[4]]
    return [dict(zip(head, (cell.value for cell in row), strict=True)) for row in found.iter_rows(min_row=5)]


def test_months_quarters_and_the_year_agree_for_each_line_in_every_version(year, versions):
    plans = [(year.allocation.visits, year.quarters), *((v.allocation.visits, v.quarters) for v in versions)]
    for visits, quarters in plans:
        by_month = visits.set_index(["task_id", "month"])["visits"]
        by_quarter = quarters.set_index(["task_id", "quarter"])["visits"]
        form = quarter_form(quarters, year.names)
        wide = month_matrix(visits, year.names)
        for n, code in enumerate(year.names):
            parts = [sum(by_month[code, 3 * q + m] for m in (1, 2, 3)) for q in range(4)]
            assert [by_quarter[code, q] for q in (1, 2, 3, 4)] == parts
            assert form.iloc[n][list(QUARTERS)].tolist() == wide.iloc[n][list(QUARTERS)].tolist() == parts
            assert form.iloc[n]["全年"] == by_month[code].sum()
        assert form.iloc[-1]["全年"] == visits["visits"].sum()


def test_the_versions_on_file_hold_what_the_quarters_hold(versions):
    for found in versions:
        kept = found.version.visits
        totals = kept.groupby((kept["month"] - 1) // 3 + 1)["visits"].sum()
        assert totals.to_dict() == found.quarters.groupby("quarter")["visits"].sum().to_dict()


def test_the_run_leaves_the_quarters_as_a_book_with_a_sheet_each(year, tmp_path):
    annual_books(year)["季度计划.xlsx"](tmp_path / "季度计划.xlsx")
    months = year.allocation.visits.set_index(["task_id", "month"])["visits"]
    for n, quarter in enumerate(QUARTERS):
        for line, code in zip(cells(tmp_path / "季度计划.xlsx", quarter), year.names, strict=False):
            assert [line[month] for month in MONTHS[3 * n : 3 * n + 3]] == [months[code, 3 * n + m] for m in (1, 2, 3)]
    assert cells(tmp_path / "季度计划.xlsx", "按季度")[-1]["全年"] == 261


def test_a_replan_leaves_its_own_quarters(versions, tmp_path):
    july = versions[1]
    name = "季度计划-2024-06-30.xlsx"
    foot = cells(replan_books(july)[name](tmp_path / name), "按季度")[-1]
    assert foot["全年"] == july.allocation.visits["visits"].sum()
    assert [foot[quarter] for quarter in QUARTERS] == july.quarters.groupby("quarter")["visits"].sum().tolist()


def test_the_book_of_a_month_adds_up_to_the_month_of_the_plan(year, tmp_path):
    month = month_of(year, 7)
    name = "月度执法安排-2024-07.xlsx"
    foot = cells(monthly_books(month)[name](tmp_path / name), "本月安排")[-1]
    visits = month.allocation.visits
    assert foot["家次"] == visits.loc[visits["month"] == 7, "visits"].sum()
    assert foot["批准计划(家次)"] + foot["调整(家次)"] == foot["家次"]
