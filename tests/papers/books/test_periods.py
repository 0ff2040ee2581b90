"""The plan by quarter and the plan of a month as workbooks: every sum a formula that comes out right."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook

from enforce.papers.books.periods import load_sheet, month_sheet, quarter_book
from enforce.papers.books.readback import BookError, check_book
from enforce.papers.books.writer import write_book
from enforce.papers.screen.cells import MONTHS
from enforce.words.months import QUARTERS
from tests.papers import year_2024 as year


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return quarter_book(tmp_path_factory.mktemp("quarters") / "季度计划.xlsx", year.visits(), year.tasks(), year.meta())


def rows(path, sheet, data_only=True):
    cells = load_workbook(path, data_only=data_only)[sheet]
    head = [cell.value for cell in cells[4]]
    return [dict(zip(head, (cell.value for cell in row), strict=True)) for row in cells.iter_rows(min_row=5)]


def test_there_is_a_sheet_for_the_year_and_one_for_every_quarter(book):
    assert load_workbook(book).sheetnames == ["按季度", *QUARTERS, "说明"]


def test_months_make_the_quarter_and_quarters_the_year_line_by_line(book):
    whole = rows(book, "按季度")
    for n, quarter in enumerate(QUARTERS):
        for line, of_year in zip(rows(book, quarter), whole, strict=True):
            assert sum(line[month] for month in MONTHS[3 * n : 3 * n + 3]) == line[quarter] == of_year[quarter]
    for of_year in whole:
        assert sum(of_year[quarter] for quarter in QUARTERS) == of_year["全年"]
    assert whole[-1]["全年"] == 261
    assert [line["全年"] for line in whole[:12]] == year.tasks()["planned_visits"].tolist()


def test_the_cells_are_those_of_the_plan(book):
    visits = year.visits().set_index(["task_id", "month"])["visits"]
    for n, quarter in enumerate(QUARTERS):
        for line, task in zip(rows(book, quarter), year.tasks().itertuples(), strict=False):
            assert line["检查事项"] == task.name
            assert [line[f"{m}月"] for m in range(3 * n + 1, 3 * n + 4)] == [
                visits[task.task_id, m] for m in range(3 * n + 1, 3 * n + 4)
            ]


def test_every_sum_is_a_live_formula(book):
    for sheet, whole in (("按季度", "全年"), *((quarter, quarter) for quarter in QUARTERS)):
        formulas = rows(book, sheet, data_only=False)
        assert formulas[0][whole].startswith("=SUM(E5:")
        assert all(line[whole].startswith("=SUM(") for line in formulas)
        assert [line["类别"] for line in formulas[12:]] == ["重点检查小计", "一般检查小计", "合计"]


def test_a_book_whose_sum_is_wrong_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr("enforce.papers.official.sum", lambda numbers: 7, raising=False)
    with pytest.raises(BookError, match="复算"):
        quarter_book(tmp_path / "季度计划.xlsx", year.visits(), year.tasks(), year.meta())
    assert list(tmp_path.iterdir()) == []


def lines() -> pd.DataFrame:
    table = {
        "task_id": ["P01", "P02"],
        "group": ["专项", "专项"],
        "task": ["甲", "乙"],
        "tier": ["key", "general"],
        "team": ["大队", "大队"],
        "approved_visits": [5, 3],
        "visits": [4, 3],
        "changed_visits": [-1, 0],
        "days_needed": [8.0, 1.5],
    }
    return pd.DataFrame(table)


def test_the_month_adds_up_at_its_foot_and_what_changed_is_a_formula(tmp_path):
    path = write_book(tmp_path / "月.xlsx", [month_sheet("本月安排", lines(), "五月")], year.meta())
    values, formulas = (rows(path, "本月安排", data_only) for data_only in (True, False))
    foot = values[-1]
    assert [foot[name] for name in ("事项编号", "批准计划(家次)", "家次", "调整(家次)", "需要(人日)")] == [
        *("合计", 8, 7, -1, 9.5),
    ]
    assert formulas[0]["调整(家次)"] == "=G5-F5"
    assert formulas[-1]["家次"] == "=SUM(G5:G6)"
    assert formulas[-1]["调整(家次)"] == "=G7-F7"


def test_a_month_without_visits_has_no_sheet_and_the_notes_say_so(tmp_path):
    path = write_book(tmp_path / "月.xlsx", [month_sheet("本月安排", lines().iloc[:0], "五月")], year.meta())
    assert load_workbook(path).sheetnames == ["说明"]
    assert ["没有内容、不印的表", "本月安排"] in [list(row.values()) for row in rows(path, "说明")]


def test_the_load_of_a_month_is_a_formula_and_empty_where_there_is_no_capacity(tmp_path):
    loads = pd.DataFrame(
        {
            "team": ["大队", "空"],
            "needed_days": [9.0, 0.0],
            "capacity_days": [12.0, 0.0],
            "overload_days": [0.0, 0.0],
            "load": [0.75, float("nan")],
        }
    )
    path = write_book(tmp_path / "月.xlsx", [load_sheet("科队负荷", loads, "五月")], year.meta())
    assert [line["负荷"] for line in rows(path, "科队负荷", data_only=False)] == [
        *('=IF(C5=0,"",B5/C5)', '=IF(C6=0,"",B6/C6)'),
    ]
    assert rows(path, "科队负荷")[0]["负荷"] == 0.75


def test_what_was_written_is_what_is_read_back(book):
    with pytest.raises(BookError, match="工作表为"):
        check_book("季度计划.xlsx", book.read_bytes(), {"别的": []})
