from __future__ import annotations

import pytest
from openpyxl import load_workbook

from enforce.papers.books.annexes import annex_1, annex_3
from enforce.papers.books.readback import BookError
from enforce.papers.screen.cells import MONTHS, MONTHS_AND_QUARTERS
from tests.papers import year_2024 as year

HEADER = ["序号", "类别", "检查事项", "检查类型", *MONTHS_AND_QUARTERS, "全年"]


@pytest.fixture(scope="module")
def schedule(tmp_path_factory):
    path = tmp_path_factory.mktemp("annex") / "附件1.xlsx"
    return annex_1(path, year.visits(), year.tasks(), year.meta(), year.loads())


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    path = tmp_path_factory.mktemp("annex") / "附件3.xlsx"
    return annex_3(path, year.account(), year.capacity(), year.meta())


def rows(path, sheet, data_only=True):
    cells = load_workbook(path, data_only=data_only)[sheet]
    head = [cell.value for cell in cells[4]]
    return [dict(zip(head, (cell.value for cell in row), strict=True)) for row in cells.iter_rows(min_row=5)]


def test_annex_1_has_the_columns_of_the_year_in_order_and_fits_one_page(schedule):
    cells = load_workbook(schedule)["执法计划安排表"]
    assert [cell.value for cell in cells[4]] == HEADER
    assert cells["A1"].value == "附件1"
    assert cells.page_setup.orientation == "landscape"
    assert cells.sheet_properties.pageSetUpPr.fitToPage
    assert (cells.page_setup.fitToWidth or 1, cells.page_setup.fitToHeight or 1) == (1, 1)
    assert cells.auto_filter.ref == "A4:D16"


def test_annex_1_equals_the_allocation_cell_for_cell(schedule):
    lines = rows(schedule, "执法计划安排表")[:12]
    visits = year.visits().set_index(["task_id", "month"])["visits"]
    for line, task in zip(lines, year.tasks().itertuples(), strict=False):
        assert (line["检查事项"], line["全年"]) == (task.name, task.planned_visits)
        assert [line[month] for month in MONTHS] == [visits[task.task_id, n] for n in range(1, 13)]


def test_annex_1_totals_are_formulas_with_the_published_values(schedule):
    values, formulas = (rows(schedule, "执法计划安排表", data_only) for data_only in (True, False))
    assert {line["类别"]: line["全年"] for line in values[12:]} == {
        "重点检查小计": 178,
        "一般检查小计": 83,
        "合计": 261,
    }
    assert formulas[0]["一季度"] == "=SUM(E5:G5)"
    assert formulas[0]["全年"] == "=SUM(H5,L5,P5,T5)"
    assert formulas[14]["1月"] == "=SUM(E5:E16)"
    assert formulas[12]["全年"] == "=SUM(U5:U14)"
    sums = [
        value
        for line in formulas
        for name, value in line.items()
        if name in ("一季度", "二季度", "三季度", "四季度", "全年")
    ]
    assert len(sums) == 15 * 5
    assert all(str(value).startswith("=SUM(") for value in sums)


def test_annex_1_says_how_much_found_no_month(tmp_path):
    visits = year.visits()
    visits.loc[(visits["task_id"] == "P09") & (visits["month"] == 8), "visits"] = 1
    path = annex_1(tmp_path / "a.xlsx", visits, year.tasks(), year.meta())
    lines = {line["检查事项"] or line["类别"]: line for line in rows(path, "执法计划安排表")}
    nine = lines["安全生产培训机构专项"]
    assert (nine["全年"], nine["计划家次"], nine["排不下(家次)"]) == (4, 6, 2)
    assert (lines["合计"]["全年"], lines["合计"]["计划家次"], lines["合计"]["排不下(家次)"]) == (259, 261, 2)


def test_annex_1_refuses_visits_of_an_unknown_task(tmp_path):
    with pytest.raises(ValueError, match="not among the tasks"):
        annex_1(tmp_path / "a.xlsx", year.visits(), year.tasks().iloc[:-1], year.meta())


def test_annex_1_tells_the_load_of_every_team_and_month(schedule):
    lines = {(line["科队"], line["项目"]): line for line in rows(schedule, "月度负荷")}
    for row in year.loads().itertuples():
        month = f"{row.month}月"
        assert lines[row.team, "需要"][month] == row.needed_days
        assert lines[row.team, "可安排"][month] == row.capacity_days
        assert lines[row.team, "负荷"][month] == pytest.approx(row.load, abs=1e-12)
    need, capacity = (year.loads()[column].sum() for column in ("needed_days", "capacity_days"))
    assert lines["合计", "需要"]["全年"] == need
    assert lines["合计", "负荷"]["全年"] == pytest.approx(need / capacity, abs=1e-12)
    assert [team for team, item in lines if item == "需要"] == ["执法大队", "危化科", "基础科", "合计"]


def test_a_month_without_capacity_has_no_load(tmp_path):
    loads = year.loads().assign(capacity_days=0.0)
    path = annex_1(tmp_path / "a.xlsx", year.visits(), year.tasks(), year.meta(), loads)
    assert {line["全年"] for line in rows(path, "月度负荷") if line["项目"] == "负荷"} == {None}


def test_an_overloaded_team_is_marked_on_both_sheets_with_sums_that_are_formulas(tmp_path):
    loads = year.loads()
    loads = loads.assign(capacity_days=loads[["capacity_days", "needed_days"]].max(axis=1))
    short = (loads["team"] == "执法大队") & loads["month"].isin([2, 3, 11])
    tight = loads.assign(capacity_days=loads["capacity_days"].where(~short, loads["needed_days"] - 1.5))
    path = annex_1(tmp_path / "a.xlsx", year.visits(), year.tasks(), year.meta(), tight)
    over = [line for line in rows(path, "月度负荷") if line["项目"] == "超负荷"]
    assert [line["科队"] for line in over] == ["执法大队"]
    expected = {"1月": 0, "2月": 1.5, "3月": 1.5, "一季度": 3, "二季度": 0, "四季度": 1.5, "全年": 4.5}
    assert {name: over[0][name] for name in expected} == expected
    sheets = load_workbook(path)
    assert "2、3、11 月超负荷" in "".join(str(cell.value) for cell in sheets["执法计划安排表"][3])
    foot = next(row for row in sheets["月度负荷"].iter_rows() if row[1].value == "超负荷")
    assert [str(cell.value)[0] for cell in foot[3:6]] == ["=", "=", "="]
    plain = annex_1(tmp_path / "b.xlsx", year.visits(), year.tasks(), year.meta(), loads)
    assert "超负荷" not in {line["项目"] for line in rows(plain, "月度负荷")}
    assert "超负荷" not in "".join(str(cell.value) for cell in load_workbook(plain)["执法计划安排表"][3])


def test_annex_3_has_the_lines_of_the_official_form(account):
    lines = rows(account, "执法工作量核算")
    assert [line["项目"] for line in lines] == [
        "总法定工作日", *["其他执法工作日"] * 11, *["非执法工作日"] * 8, "监督检查工作日", "留有余地",
        "重点时段预留", "可安排工作日", "监督检查占总法定", "可安排占总法定",
    ]  # fmt: skip
    assert [line["细目"] for line in lines][11:13] == ["小计", "机关值班"]


def test_annex_3_works_the_inspection_days_out_by_formula(account):
    values, formulas = (rows(account, "执法工作量核算", data_only) for data_only in (True, False))
    place = {(line["项目"], line["细目"]): n for n, line in enumerate(values)}
    inspection = place["监督检查工作日", None]
    assert formulas[inspection]["执法大队"] == "=C5-C16-C24"
    assert formulas[place["其他执法工作日", "小计"]]["执法大队"] == "=SUM(C6:C15)"
    assert formulas[place["可安排工作日", None]]["基础科"] == "=E25-E26-E27"
    assert values[inspection]["执法大队"] == 2510 - 950 - 420
    assert values[inspection]["合计"] == 2394
    assert values[inspection]["占总法定"] == pytest.approx(2394 / 5271, abs=1e-12)
    assert values[-2]["危化科"] == pytest.approx(798 / 1757, abs=1e-12)


@pytest.mark.parametrize(
    ("team", "line", "item"),
    [
        ("执法大队", "inspection_days", ""),
        ("危化科", "other_enforcement_days", "complaints"),
        ("合计", "reserve_days", ""),
        ("合计", "non_enforcement_days", "duty"),
    ],
)
def test_an_account_that_does_not_balance_is_refused(tmp_path, team, line, item):
    table = year.account()
    table.loc[(table["team"] == team) & (table["line"] == line) & (table["item"] == item), "days"] += 0.5
    with pytest.raises(BookError, match="复算得"):
        annex_3(tmp_path / "a.xlsx", table, year.capacity(), year.meta())
    assert list(tmp_path.iterdir()) == []


def test_annex_3_tells_the_capacity_by_month(account):
    lines = {line["科队"]: line for line in rows(account, "月度可安排")}
    for row in year.capacity().itertuples():
        assert lines[row.team][f"{row.month}月"] == row.capacity_days
    assert lines["合计"]["全年"] == year.capacity()["capacity_days"].sum()


def test_annexes_have_the_same_bytes_on_every_run(schedule, account, tmp_path):
    again = annex_1(tmp_path / "附件1.xlsx", year.visits(), year.tasks(), year.meta(), year.loads())
    assert again.read_bytes() == schedule.read_bytes()
    again = annex_3(tmp_path / "附件3.xlsx", year.account(), year.capacity(), year.meta())
    assert again.read_bytes() == account.read_bytes()
