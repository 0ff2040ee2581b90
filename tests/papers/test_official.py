"""The forms: the account and the load as the official papers print them."""

import pandas as pd
from openpyxl import load_workbook

from enforce.papers.books.annexes import annex_1, annex_3
from enforce.papers.books.periods import quarter_book
from enforce.papers.formulas import number_of
from enforce.papers.official import account_form, account_table, load_form, month_matrix, quarter_form
from enforce.papers.screen.cells import MONTHS, cell_text
from enforce.papers.screen.display import show
from enforce.words.months import QUARTERS
from enforce.words.terms import ACCOUNT_LINES, NON_ENFORCEMENT, OTHER_ENFORCEMENT
from tests.papers import year_2024 as year

_ACCOUNT = ["team", "line", "item", "days"]


def test_the_account_has_a_row_for_every_line_and_item_in_the_order_of_the_form():
    form = account_form(year.account())
    titles = [name.removeprefix("　") for name in form["line"]]
    expected = []
    for line, title in ACCOUNT_LINES.items():
        items = {"other_enforcement_days": OTHER_ENFORCEMENT, "non_enforcement_days": NON_ENFORCEMENT}.get(line, {})
        expected += [title, *items.values()]
    assert titles == expected


def test_the_teams_of_the_account_add_up_to_its_total():
    form = account_form(year.account())
    teams = [name for name in form.columns if name not in ("line", "合计", "share")]
    assert (form[teams].sum(axis=1) == form["合计"]).all()


def test_part_time_officers_times_workdays_are_the_statutory_days():
    days = {"total_statutory_days": 2604.0, "other_enforcement_days": 0.0, "non_enforcement_days": 0.0}
    account = pd.DataFrame([("甲", line, "", days.get(line, 0.0)) for line in ACCOUNT_LINES], columns=_ACCOUNT)
    workdays = pd.DataFrame({"team": "甲", "month": [1, 2], "officer_count": [10.5] * 2, "workdays": [100, 148]})
    table = account_table(account, statutory=workdays).set_index("line")["甲"]
    assert table["在岗执法人员(人)"] == 10.5
    assert number_of(table["total_statutory_days"]) == 2604
    workdays["officer_count"] = [10.5, 9]
    assert account_table(account, statutory=workdays)["甲"][0] == "10.5（1月）、9（2月）"


def test_items_add_up_to_their_line_also_where_a_team_gives_the_line_alone():
    rows = [("甲", "other_enforcement_days", "supervision", 20.0), ("甲", "other_enforcement_days", "", 20.0)]
    rows += [("乙", "other_enforcement_days", "", 30.0), ("合计", "other_enforcement_days", "", 50.0)]
    rows += [(team, line, "", 99.0) for team in ("甲", "乙") for line in ACCOUNT_LINES if line != rows[0][1]]
    table = account_table(pd.DataFrame(rows, columns=_ACCOUNT)).map(number_of)
    other = table[table["line"] == "other_enforcement_days"].set_index("细目")
    assert other["合计"].to_dict() == {"综合监管": 20, "没有分细目": 30, "小计": 50}
    assert other.loc["没有分细目", "乙"] == 30


def test_the_load_is_need_over_capacity_and_stands_to_the_right():
    loads = pd.DataFrame(
        {
            "team": ["大队"] * 12,
            "month": range(1, 13),
            "needed_days": [10.0] * 12,
            "capacity_days": [20.0] * 11 + [0.0],
        }
    )
    form = load_form(loads).iloc[:3]
    assert form["item"].tolist() == ["需要(人日)", "可安排(人日)", "负荷"]
    assert form.iloc[2][["1月", "12月", "全年"]].tolist() == ["50.0%", "—", "54.5%"]
    assert show(form).numeric[2:] == (True,) * 13


def test_a_team_that_is_overloaded_has_a_row_that_says_so_and_no_other_has():
    months = {"month": [*range(1, 13)] * 2, "team": ["甲"] * 12 + ["乙"] * 12}
    loads = pd.DataFrame({**months, "needed_days": [3.0] * 24, "capacity_days": [3.0, 2.5, 1.0, *[9.0] * 21]})
    form = load_form(loads).set_index(["team", "item"])
    over = form.loc[("甲", "超负荷(人日)")]
    assert over[["1月", "2月", "3月", "4月", "全年"]].tolist() == ["·", "0.5", "2", "·", "2.5"]
    assert [item for team, item in form.index if team == "乙"] == ["需要(人日)", "可安排(人日)", "负荷"]


def test_the_month_matrix_adds_up_along_and_down():
    wide = month_matrix(year.visits(), year.names())
    numbers = wide.set_index("task")
    assert numbers.loc["合计", "全年"] == 261
    assert numbers["全年"].tolist() == [*year.tasks()["planned_visits"], 261]
    quarters = numbers[["一季度", "二季度", "三季度", "四季度"]].sum(axis=1)
    assert quarters.tolist() == numbers["全年"].tolist()
    assert numbers.loc["合计", "3月"] == year.visits()[lambda rows: rows["month"] == 3]["visits"].sum()


def test_the_month_matrix_keeps_the_order_of_the_names_and_loses_no_task():
    names = {"P12": "联合", "P01": "重点"}
    wide = month_matrix(year.visits(), names, quarters=False)
    assert wide["task"].tolist()[:3] == ["联合", "重点", "P02"]
    assert len(wide) == 13
    assert wide["全年"].iloc[-1] == 261


def test_the_month_matrix_does_not_count_a_total_of_the_table_twice():
    total = year.loads().groupby("month", as_index=False)["needed_days"].sum().assign(team="合计")
    both = pd.concat([year.loads(), total])
    assert month_matrix(both, by="team", value="needed_days").equals(
        month_matrix(year.loads(), by="team", value="needed_days")
    )


def test_the_month_matrix_shows_a_month_without_visits_as_a_dot():
    text = repr(show(month_matrix(year.visits(), year.names())))
    assert text.splitlines()[0].split()[:5] == ["检查事项", "1月", "2月", "3月", "一季度"]
    line = next(line for line in text.splitlines() if line.startswith("安全生产培训机构专项"))
    assert line.split()[1:] == [*"········", "3", "3", "·", "6", *"····", "6"]


# --- the notebook and the annex are one table -------------------------------------------------------------------


def tight() -> pd.DataFrame:
    """Loads with months of more need than capacity."""
    return year.loads().assign(capacity_days=lambda table: table["capacity_days"] - 4)


def written(sheet: str, path) -> list[dict]:
    """The rows of a sheet as Excel shows them, by header."""
    cells = load_workbook(path, data_only=True)[sheet]
    head = [cell.value for cell in cells[4]]
    return [dict(zip(head, (cell.value for cell in row), strict=True)) for row in cells.iter_rows(min_row=5)]


def test_the_account_of_the_notebook_is_that_of_annex_3(tmp_path):
    path = annex_3(tmp_path / "附件3.xlsx", year.account(), year.capacity(), year.meta())
    annex = {
        "　" + line["细目"] if line["细目"] not in (None, "小计") else line["项目"]: [
            *(line[team] for team in ("执法大队", "危化科", "基础科", "合计", "占总法定"))
        ]
        for line in written("执法工作量核算", path)[:-2]
    }
    form = account_form(year.account())
    assert {line: row for line, *row in form.itertuples(index=False)} == annex


def test_the_load_of_the_notebook_is_that_of_annex_1(tmp_path):
    path = annex_1(tmp_path / "附件1.xlsx", year.visits(), year.tasks(), year.meta(), tight())
    annex = {(line["科队"], line["项目"]): line for line in written("月度负荷", path) if line["科队"] != "合计"}
    form = load_form(tight())
    assert "超负荷" in {line for _, line in annex}
    assert {(row.team, row.item.removesuffix("(人日)")) for row in form.itertuples()} == set(annex)
    for row in form.to_dict("records"):
        line = row["item"].removesuffix("(人日)")
        numbers = [annex[row["team"], line][month] for month in (*MONTHS, "全年")]
        texts = [cell_text("share" if line == "负荷" else "days", number) for number in numbers]
        assert [row[month].replace("·", "0") for month in (*MONTHS, "全年")] == texts


def test_the_quarters_of_the_notebook_are_those_of_the_book(tmp_path):
    path = quarter_book(tmp_path / "季度计划.xlsx", year.visits(), year.tasks(), year.meta())
    annex = {line["检查事项"] or line["类别"]: line for line in written("按季度", path)}
    visits = year.visits().assign(quarter=lambda table: (table["month"] + 2) // 3)
    for row in quarter_form(visits, year.names()).to_dict("records"):
        assert [row[name] for name in (*QUARTERS, "全年")] == [annex[row["task"]][name] for name in (*QUARTERS, "全年")]


def test_a_team_that_gives_a_line_as_one_number_has_no_items_in_annex_3(tmp_path):
    account = year.account()
    part = account[~account["team"].isin(["危化科", "合计"]) | (account["item"] == "")]
    annex_3(tmp_path / "附件3.xlsx", part, year.capacity(), year.meta())  # read back, every sum worked out again
    form, full = (account_form(table).set_index("line")["危化科"] for table in (part, account))
    assert form["其他执法工作日"] == full["其他执法工作日"]
    assert pd.isna(form["　综合监管"])
    bare = account_form(account[account["item"] == ""])
    assert bare["line"].tolist() == list(ACCOUNT_LINES.values())
