"""The answers: the library's own numbers, the plan's where nothing changes, and a bound that no plan undercuts."""

from __future__ import annotations

import pytest

from enforce.desk.explorer.answers import Answers, with_officer
from enforce.desk.year import under
from enforce.inputs.parameters.scenario import Scenario

CHANGES = [
    {"lines": [{"task_id": "P06", "planned_visits": 16}]},
    {"reserve_share": 0.3},
    {"officers": [{"team": "危化科", "from_month": 7, "change": 1}]},
    {"unplanned_change": 0.05, "approved_on": "2025-01-05"},
    {"key_periods": [{"name": "全国两会", "reserved_days": [{"team": "执法大队", "days": 9.0}]}]},
]


def value(answers, item):
    return answers.figures.set_index("item").at[item, "after"]


def test_a_scenario_without_changes_is_solved_no_second_time(year):
    assert Answers(year, Scenario()).year.allocation is year.allocation
    assert Answers(year, Scenario(note="与计划相同")).year is year


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_no_plan_is_below_the_bound_that_is_told_at_once(year, change):
    answers = Answers(year, Scenario.model_validate(change))
    highest = answers.year.allocation.loads.groupby("team")["load"].max()
    assert all(row.bound <= highest[row.team] + 1e-12 for row in answers.bounds.itertuples())
    assert bool(answers.certain_shortage) <= bool(answers.overload)


def test_figures_stand_beside_the_plans(year):
    answers = Answers(year, Scenario(lines=[{"task_id": "P06", "planned_visits": 16}]))
    table = answers.figures.set_index("item")
    assert table.loc["计划家次", ["before", "after"]].tolist() == [261, 267]
    assert table.at["最高负荷", "before"] == pytest.approx(42 / 45)
    assert table.at["超出人日", "after"] == answers.overload == 0
    assert value(answers, "重点检查占比") == pytest.approx(184 / 267)
    assert value(answers, "联合执法占比") == pytest.approx(15 / 83)


def test_fewer_visits_than_key_units_leave_some_of_the_list_uncovered(year):
    whole = Answers(year, Scenario())
    assert value(whole, "名单覆盖") == 1
    listed = int((year.units["is_key"] & (year.units["covered_by"] == "P01")).sum())
    less = Answers(year, Scenario(lines=[{"task_id": "P01", "planned_visits": listed - 5}]))
    assert value(less, "名单覆盖") == pytest.approx(1 - 5 / int(year.units["is_key"].sum()))


def test_the_months_lines_add_up_to_the_table(year):
    answers = Answers(year, Scenario(lines=[{"task_id": "P06", "planned_visits": 16}]))
    for month in (1, 7, 12):
        table = answers.month(month)
        assert table["visits"].sum() == answers.matrix.query("month == @month")["visits"].sum()
        assert (table["visits"] - table["计划"] == table["changed_visits"]).all()


def test_one_officer_more_is_a_plan_solved_again(year):
    answers = Answers(year, Scenario())
    row = answers.one_officer("执法大队", 7, 1)
    again = under(year, Scenario(officers=[{"team": "执法大队", "from_month": 7, "change": 1}]))
    loads = again.allocation.loads[again.allocation.loads["team"] == "执法大队"]
    assert (row["capacity_days"], row["highest_load"]) == (loads["capacity_days"].sum(), loads["load"].max())
    assert row["highest_load"] < answers.year.allocation.loads.query("team == '执法大队'")["load"].max()


def test_one_fewer_where_nobody_is_left_is_said_and_not_guessed(year):
    answers = Answers(year, Scenario(officers=[{"team": "基础科", "from_month": 1, "change": -3}]))
    assert answers.one_officer("基础科", 1, -1)["message"] == "没有人可减"


def test_one_more_where_one_leaves_already_is_no_change(year):
    scenario = Scenario(officers=[{"team": "危化科", "from_month": 3, "change": -1}])
    assert with_officer(scenario, "危化科", 3, 1).officers[0].change == 0
    assert len(with_officer(scenario, "危化科", 4, 1).officers) == 2


def test_need_without_any_capacity_has_no_highest_load_that_could_be_told(year):
    answers = Answers(year, Scenario(officers=[{"team": "执法大队", "from_month": 1, "change": -8}]))
    assert value(answers, "最高负荷") == float("inf")
    assert value(answers, "超出人日") > 0
