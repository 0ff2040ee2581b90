"""Tables of one's own go in as plain pandas tables; wrong ones are refused with row and column, all at once."""

import inspect
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import enforce as e
from enforce.desk import model_forms
from enforce.desk.frames import header_of
from enforce.desk.year import open_year
from enforce.papers.official import account_form

CAPACITY = pd.DataFrame({"team": ["一队"] * 3 + ["二队"] * 3, "month": [1, 2, 3] * 2, "capacity_days": [10, 8, 10] * 2})
TASKS = pd.DataFrame({"task": ["甲", "乙"], "visits": [3, 2], "months": ["1-3", "2,3"], "team": ["一队", "二队"]})
OFFICERS = pd.DataFrame({"team": ["一队", "二队"], "officer_count": [4, 2]})


def refused(call, *arguments, **options):
    """The problems of a refused call, as a planner reads them."""
    with pytest.raises(e.InputError) as error:
        call(*arguments, **options)
    return [f"{problem.file} {problem}" for problem in error.value.problems]


@pytest.fixture(scope="module")
def year():
    return open_year("params/putuo-2024.yaml")


# --- what goes in ---------------------------------------------------------------------------------------------------


def test_the_demo_as_plain_tables_gives_the_plan_and_the_account_of_its_year(year):
    roster = pd.read_csv("data/putuo-2024/roster.csv")
    entries = year.account[year.account["item"].ne("") & year.account["team"].ne("合计")]
    estimates = entries[["team", "item", "days"]]
    key_periods = year.key_period_days.groupby(["team", "month"], as_index=False)["days"].sum()
    result = e.workload(roster, 2024, estimates, reserve_share=0.1, key_periods=key_periods)
    pd.testing.assert_frame_equal(account_form(result.account), account_form(year.account))
    pd.testing.assert_frame_equal(result.capacity, year.capacity)
    plan = e.allocate(pd.read_csv("data/putuo-2024/tasks.csv"), year.capacity)
    pd.testing.assert_frame_equal(plan.visits, year.draft.visits)  # tables of somebody without records: a whole year
    pd.testing.assert_frame_equal(plan.loads, year.draft.loads)
    pd.testing.assert_frame_equal(plan.proof, year.draft.proof)


@pytest.mark.parametrize(
    "months", ["1-3", "1,2,3", "一季度", [1, 2, 3], (1, 2, 3), range(1, 4), np.array([1, 2, 3]), None]
)
def test_months_are_a_text_or_a_list_and_left_out_are_all_months_of_the_capacity(months):
    tasks = TASKS.iloc[:1].assign(months=[months])
    pd.testing.assert_frame_equal(e.allocate(tasks, CAPACITY).visits, e.allocate(TASKS.iloc[:1], CAPACITY).visits)


def test_two_periods_share_the_visits_however_they_are_written():
    capacity = pd.DataFrame({"month": range(1, 13), "capacity_days": 40})
    for months in ("5-6|10-11", [[5, 6], [10, 11]]):
        visits = e.allocate(pd.DataFrame({"task": ["甲"], "visits": [9], "months": [months]}), capacity).visits
        by_month = visits.set_index("month")["visits"]
        assert (by_month[[5, 6]].sum(), by_month[[10, 11]].sum()) == (5, 4)


def test_headings_may_be_chinese_or_english_and_stand_in_any_order():
    chinese = TASKS.set_axis(["检查事项", "计划家次（家次）", "月份", "科室"], axis=1)[
        ["科室", "月份", "检查事项", "计划家次（家次）"]
    ]
    room = CAPACITY.set_axis(["科队", "月份", "可安排（人日）"], axis=1)
    pd.testing.assert_frame_equal(e.allocate(chinese, room).visits, e.allocate(TASKS, CAPACITY).visits)


def test_whole_numbers_that_pandas_made_floats_and_an_odd_index_are_no_fault():
    floats = TASKS.astype({"visits": float}).set_index(pd.Index([7, 7]))
    pd.testing.assert_frame_equal(e.allocate(floats, CAPACITY).visits, e.allocate(TASKS, CAPACITY).visits)


def test_an_invited_team_gives_its_days_and_is_loaded():
    plan = e.allocate(TASKS.iloc[:1].assign(invited="二队=0.5"), CAPACITY)
    assert plan.loads.groupby("team")["needed_days"].sum().to_dict() == {"一队": 6.0, "二队": 1.5}


def test_overload_is_shown_and_not_hidden():
    plan = e.allocate(TASKS.assign(visits=[30, 2]), CAPACITY)
    assert plan.loads["overload_days"].sum() == 32
    assert "超负荷：一队 1月、一队 2月、一队 3月" in repr(plan)


def test_no_visits_at_all_are_a_plan():
    assert e.allocate(TASKS.assign(visits=0), CAPACITY).visits["visits"].sum() == 0


def test_officers_are_counts_by_team_or_by_month_or_a_roster():
    days = [20] * 12
    by_month = pd.DataFrame({"科队": ["一队"] * 12, "月": range(1, 13), "人数": 4})
    roster = pd.DataFrame(
        {"执法人员编号": [f"A-{n}" for n in range(5)], "科队": "一队", "是否持证": ["是"] * 4 + ["否"]}
    )
    tables = [
        pd.DataFrame({"科队": ["一队"], "人数": [4]}),
        by_month,
        roster,
        roster.assign(是否持证=[True] * 4 + [False]),
    ]
    accounts = [e.workload(table, days).account for table in tables]
    assert accounts[0]["days"].iloc[0] == 4 * 20 * 12
    for account in accounts[1:]:
        pd.testing.assert_frame_equal(account, accounts[0])


def test_an_officer_who_comes_in_july_counts_from_july():
    roster = pd.DataFrame({"officer_id": ["A-1", "A-2"], "from_month": [1, 7]})
    assert e.workload(roster, [20] * 12).capacity["capacity_days"].tolist() == [20] * 6 + [40] * 6


def test_workdays_are_a_year_or_twelve_numbers_or_a_table():
    table = pd.DataFrame({"月": range(1, 13), "法定工作日(天)": [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]})
    capacities = [e.workload(OFFICERS, days).capacity for days in (2024, np.int64(2024), list(table.iloc[:, 1]), table)]
    for capacity in capacities[1:]:
        pd.testing.assert_frame_equal(capacity, capacities[0])


def test_a_year_without_a_holiday_notice_says_that_it_is_estimated():
    assert "预估" in repr(e.workload(OFFICERS, 2031))
    assert "预估" not in repr(e.workload(OFFICERS, 2024))


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=3),
    st.lists(st.integers(0, 23), min_size=12, max_size=12),
    st.integers(0, 20),
)
def test_the_months_of_every_team_add_up_to_its_account(counts, days, percent):
    officers = pd.DataFrame({"team": [f"{n} 队" for n in range(len(counts))], "officer_count": counts})
    result = e.workload(officers, days, reserve_share=percent / 100)
    account = result.account.query("line == 'capacity_days' and team != '合计'").set_index("team")["days"]
    assert result.capacity.groupby("team")["capacity_days"].sum().to_dict() == account.to_dict()


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("visits", -5, "tasks 第 2 行「visits」 = -5：应为 0 到 99999 的整数"),
        ("visits", 2.5, "tasks 第 2 行「visits」 = 2.5：应为 0 到 99999 的整数"),
        ("visits", float("inf"), "tasks 第 2 行「visits」 = inf：应为 没有错误值的单元格"),
        ("visits", 10**6, "tasks 第 2 行「visits」 = 1000000：应为 0 到 99999 的整数"),
        ("visits", float("nan"), "tasks 第 2 行「visits」 = （空）：应为 有内容的单元格"),
        ("visits", True, "tasks 第 2 行「visits」 = true：应为 文字或数字"),
        ("visits", [2], "tasks 第 2 行「visits」 = list：应为 文字、数字"),
        ("visits", {"a": 2}, "tasks 第 2 行「visits」 = dict：应为 文字、数字"),
        ("visits", "2家", "tasks 第 2 行「visits」 = 2家：应为 以「家次」计的数"),
        ("months", "1-13", "tasks 第 2 行「months」 = 1-13：应为 由小到大、不重复的月份"),
        ("months", [1, 13], "tasks 第 2 行「months」 = 1,13：应为 由小到大、不重复的月份"),
        ("months", [], "tasks 第 2 行「months」 = []：应为 由小到大、不重复的月份"),
        ("months", "1-4", "tasks 第 2 行「months」 = 1-4：应为 capacity 里有的月份（二队 没有 4 月）"),
        ("team", "三队", "tasks 第 2 行「team」 = 三队：应为 capacity 里有的科队（一队、二队）"),
        ("team", None, "tasks 第 2 行「team」 = （空）：应为 capacity 里有的科队（一队、二队）"),
        ("task", "甲", "tasks 第 2 行「task」 = 甲：应为 只写一行（与第 1 行重复）"),
        ("task", "合计", "tasks 第 2 行「task」 = 合计：应为 一个事项或科队，不带合计行"),
        ("visit_days", 0.3, "tasks 第 2 行「visit_days」 = 0.3：应为 0.5 以上、0.5 的倍数的数"),
        ("officers_per_visit", 0, "tasks 第 2 行「officers_per_visit」 = 0：应为 1 到 100 的整数"),
        ("invited", "三队=1", "tasks 第 2 行「invited」 = 三队=1：应为 capacity 里有的科队（一队、二队）"),
    ],
)
def test_a_wrong_cell_of_a_task_is_refused_with_row_and_column(column, cell, message):
    defaults = {"visit_days": 1, "officers_per_visit": 2, "invited": ""}
    tasks = TASKS.assign(**{name: value for name, value in defaults.items() if name == column}).astype(object)
    tasks[column] = pd.Series([tasks[column].iloc[0], cell], dtype=object)
    (problem,) = refused(e.allocate, tasks, CAPACITY)
    assert problem.startswith(message)


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("capacity_days", -5, "capacity 第 2 行「capacity_days」 = -5：应为 0 以上、0.5 的倍数的数"),
        ("capacity_days", 8.3, "capacity 第 2 行「capacity_days」 = 8.3：应为 0 以上、0.5 的倍数的数"),
        ("capacity_days", 10000.04, "capacity 第 2 行「capacity_days」 = 10000.04：应为 0 以上、0.5 的倍数的数"),
        ("month", 13, "capacity 第 2 行「month」 = 13：应为 1 到 12 的整数"),
        ("month", 1, "capacity 第 2 行「month」 = 1：应为 只写一行（与第 1 行重复）"),
        ("team", "合计", "capacity 第 2 行「team」 = 合计：应为 一个事项或科队，不带合计行"),
    ],
)
def test_a_wrong_cell_of_the_capacity_is_refused_with_row_and_column(column, cell, message):
    capacity = CAPACITY.astype(object)
    capacity.loc[1, column] = cell
    assert refused(e.allocate, TASKS, capacity)[0].startswith(message)


def test_every_problem_of_both_tables_is_told_at_once():
    tasks = pd.DataFrame({"task": ["甲", "甲", "乙"], "visits": [40, 20, -5], "team": ["一队", "三队", "一队"]})
    capacity = CAPACITY.assign(capacity_days=[10, 8.2, 10, 10, 8, -1])
    assert [message.partition(" = ")[0] for message in refused(e.allocate, tasks, capacity)] == [
        "capacity 第 2 行「capacity_days」",
        "capacity 第 6 行「capacity_days」",
        "tasks 第 3 行「visits」",
        "tasks 第 2 行「task」",
        "tasks 第 2 行「team」",
    ]


def test_missing_and_doubled_headings_are_told():
    assert refused(e.allocate, TASKS.drop(columns="visits"), CAPACITY.drop(columns="month")) == [
        "capacity 表头 = （缺一列）：应为 有「月」列",
        "tasks 表头 = （缺一列）：应为 有「计划家次」列",
    ]
    doubled = pd.concat([TASKS, TASKS[["visits"]]], axis=1)
    (problem,) = refused(e.allocate, doubled, CAPACITY)
    assert problem.startswith("tasks 表头第 5 列 = visits：应为 每列只有一次：第 2 列「visits」与第 5 列「visits」")
    assert refused(e.allocate, TASKS[["months"]].set_axis(["x"], axis=1), CAPACITY) == [
        "tasks 表头 = x：应为 有「事项编号」、「计划家次」列"
    ]


@pytest.mark.parametrize("table", [None, [1], {"task": ["甲"]}, "tasks.csv", pd.Series([1])])
def test_what_is_no_table_is_refused_by_the_name_of_its_argument(table):
    assert refused(e.allocate, table, CAPACITY)[0].startswith("tasks 全表 = ")
    assert refused(e.allocate, TASKS, table)[0].startswith("capacity 全表 = ")
    assert refused(e.workload, table, 2024)[0].startswith("officers 全表 = ")


@pytest.mark.parametrize("table", [TASKS.iloc[:0], pd.DataFrame()])
def test_a_table_without_rows_is_refused(table):
    assert len(refused(e.allocate, table, CAPACITY)) == 1


@pytest.mark.parametrize(
    ("officers", "message"),
    [
        ({"team": ["一队"], "officer_count": [-1]}, "officers 第 1 行「officer_count」 = -1：应为 0 到 9999 的整数"),
        ({"team": ["一队"] * 2, "officer_count": [1, 2]}, "officers 第 2 行"),
        ({"team": ["一队"], "month": [1], "officer_count": [2]}, "officers 科队 一队 = 缺 2-12 月"),
        ({"team": ["一队"] * 2, "month": [1, None], "officer_count": [2, 2]}, "officers 科队 一队 = 有一行没有写月份"),
        ({"team": ["一队"]}, "officers 表头 = （缺一列）：应为 有「人数(人)」列"),
        ({"officer_id": ["张三"], "team": ["一队"]}, "officers 第 1 行「officer_id」 = ＊＊：应为 局内的人员编号"),
        ({"officer_id": ["A-1", "A-1"]}, "officers 第 2 行「officer_id」 = A-1：应为 与第 1 行不重叠的月份"),
        (
            {"officer_id": ["A-1"], "from_month": [9], "to_month": [3]},
            "officers 第 1 行「from_month」 = 9：应为 不晚于截止月",
        ),
    ],
)
def test_wrong_officers_are_refused(officers, message):
    assert refused(e.workload, pd.DataFrame(officers), 2024)[0].startswith(message)


@pytest.mark.parametrize(
    ("workdays", "message"),
    [
        (1999, "工作日历 年份 = 1999：应为 2004 到 2099 之间的年份"),
        ([20] * 11, "workdays 清单 = 11 项：应为 十二项，每月一项"),
        ([20] * 11 + [40], "workdays 第 12 行「workdays」 = 40：应为 0 到 31 的整数"),
        ([20] * 11 + [2.5], "workdays 第 12 行「workdays」 = 2.5：应为 0 到 31 的整数"),
        (True, "workdays 全表 = bool：应为 pandas 的表"),
        (
            pd.DataFrame({"月": [1, 1], "工作日": [20, 20]}),
            "workdays 第 2 行「月」 = 1：应为 只写一行（与第 1 行重复）",
        ),
    ],
)
def test_wrong_workdays_are_refused(workdays, message):
    assert refused(e.workload, OFFICERS, workdays)[0].startswith(message)


def test_officers_of_a_month_without_workdays_are_refused():
    officers = pd.DataFrame({"month": [1, 2], "officer_count": [3, 3]})
    days = pd.DataFrame({"month": [1], "workdays": [20]})
    assert refused(e.workload, officers, days) == ["officers 第 2 行「month」 = 2：应为 workdays 里有的月份（1）"]


@pytest.mark.parametrize(
    ("estimates", "message"),
    [
        (
            {"team": ["三队"], "item": ["duty"], "days": [5]},
            "estimates 第 1 行「team」 = 三队：应为 officers 里有的科队",
        ),
        ({"team": ["一队"], "item": ["喝茶"], "days": [5]}, "estimates 第 1 行「item」 = 喝茶：应为 其他执法工作日、"),
        (
            {"team": ["一队"], "item": ["duty"], "days": [5.2]},
            "estimates 第 1 行「days」 = 5.2：应为 0 以上、0.5 的倍数的数",
        ),
        (
            {"team": ["一队"] * 2, "item": ["duty", "机关值班"], "days": [5, 5]},
            "estimates 第 2 行「item」 = 机关值班：应为 只写一行",
        ),
        (
            {"team": ["一队"] * 2, "item": ["非执法工作日", "机关值班"], "days": [9, 5]},
            "estimates 第 1 行「item」 = 非执法工作日：应为 合计数和细目只写一种",
        ),
        ({"team": ["一队"], "item": ["duty"], "days": [5000]}, "estimates 科队 一队 = 可安排 -3996 人日：应为 "),
        ({"item": ["duty"], "days": [5]}, "estimates 第 1 行「科队」 = （空）：应为 officers 里有的科队（一队、二队）"),
    ],
)
def test_wrong_estimates_are_refused(estimates, message):
    (problem,) = refused(e.workload, OFFICERS, 2024, pd.DataFrame(estimates))
    assert problem.startswith(message)


def test_more_days_for_a_key_period_than_its_month_has_are_carried_to_the_next_month():
    periods = pd.DataFrame({"team": ["二队"], "month": [2], "days": [40]})
    result = e.workload(OFFICERS, 2024, key_periods=periods)
    assert result.capacity.query("team == '二队'")["capacity_days"].tolist()[:4] == [44, 0, 38, 44]
    account = result.account.query("team == '二队' and line == 'capacity_days'")["days"].item()
    assert result.capacity.query("team == '二队'")["capacity_days"].sum() == account


def test_one_officer_may_stand_in_several_rows_and_serve_part_of_the_time():
    roster = pd.DataFrame(
        {"officer_id": ["A-1", "A-1", "A-2"], "起始月": [1, 9, 1], "截止月": [3, 12, 12], "在岗比例": ["", "", "50%"]}
    )
    assert e.workload(roster, [20] * 12).capacity["capacity_days"].tolist() == [30] * 3 + [10] * 5 + [30] * 4


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), "10%", None, True])
def test_a_reserve_that_is_no_share_is_refused(share):
    (problem,) = refused(e.workload, OFFICERS, 2024, reserve_share=share)
    assert problem.startswith("reserve_share 取值 = ")


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.text(max_size=3), st.one_of(st.integers(-5, 20), st.floats(), st.none(), st.text())), max_size=4
    ),
    st.lists(st.tuples(st.integers(-1, 14), st.one_of(st.integers(-5, 20), st.floats())), max_size=4),
)
def test_any_table_gives_a_whole_plan_or_a_refusal(tasks, capacity):
    lines = pd.DataFrame(tasks, columns=["task", "visits"])
    try:
        plan = e.allocate(lines, pd.DataFrame(capacity, columns=["month", "capacity_days"]))
    except e.InputError:
        return
    assert plan.visits["visits"].sum() == sum(int(str(visits)) for _, visits in tasks)
    assert plan.proof["proved"].all()


# --- help -----------------------------------------------------------------------------------------------------------

FORMS = {
    "allocate": (model_forms.TASK_FORM, model_forms.CAPACITY_FORM),
    "workload": (
        *(model_forms.COUNT_FORM, model_forms.ROSTER_FORM, model_forms.WORKDAY_FORM),
        *(model_forms.ESTIMATE_FORM, model_forms.KEY_PERIOD_FORM),
    ),
}


@pytest.mark.parametrize(("name", "form"), [(name, form) for name, forms in FORMS.items() for form in forms])
def test_help_lists_every_column_with_its_heading_and_default(name, form):
    text = inspect.getdoc(getattr(e, name))
    table = text[text.index(f"\n{form.title}: ") :]
    for column in form.ours:
        line, heading = re.search(
            rf"^ +{column.name} \((.+?)\) +((?:.+\n?)(?: {{20,}}.+\n?)*)", table, re.MULTILINE
        ).groups()[::-1]
        assert ("default" in line or "as above" in line) == (column.name not in form.minimum), column.name
        for word in heading.split(" or "):
            frame = pd.DataFrame(columns=[word])
            assert column.name in header_of(frame, form).places, (column.name, word)


def test_a_notebook_shows_both_results_as_tables():
    for result in (e.workload(OFFICERS, 2024), e.allocate(TASKS, CAPACITY)):
        assert result._repr_html_().count("<table") == len(result.tables())


@pytest.mark.parametrize("headings", [["检查内容"], ["检查事项", "检查内容"]])
def test_a_task_is_called_by_its_content_only_where_it_has_no_other_name(headings):
    capacity = pd.DataFrame({"科队": ["队"] * 12, "月": range(1, 13), "可安排人日": [10] * 12})
    names = {heading: [f"{heading}甲", f"{heading}乙"] for heading in headings}
    tasks = pd.DataFrame({**names, "计划家次": [3, 4], "月份": ["1-12", "1-6"], "科队": ["队", "队"]})
    assert set(e.allocate(tasks, capacity).visits["task_id"]) == {f"{headings[0]}甲", f"{headings[0]}乙"}
