"""The sentences: tasks by their own names, changes and effects in words and figures a planner reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enforce.desk.explorer import sentences
from enforce.desk.explorer.answers import Answers
from enforce.desk.explorer.state import ExplorerState
from enforce.desk.year import open_year
from enforce.inputs.parameters.scenario import Scenario
from tests.bureaus import bare_project, write_county


@pytest.fixture(scope="module")
def short(year):
    """One officer fewer in every month: it does not fit."""
    return Answers(year, Scenario(officers=[{"team": "执法大队", "from_month": 1, "change": -1}]))


def test_lines_are_told_by_name_and_a_list_ends_with_a_whole_entry(year, short):
    for text in (sentences.bound(short), sentences.headline(short), sentences.ways(short)):
        assert not any(code in text for code in year.names), text
    assert "「区重点单位执法检查」" in sentences.bound(short)
    long = [line for line in sentences.ways(short).splitlines() if line.endswith("等")]
    assert long
    assert all(line[:-1].endswith(("人日", "家次", "天")) for line in long)


def test_of_tasks_p1_and_p10_the_one_that_is_short_is_named(year):
    tasks = year.tasks.assign(task_id=year.tasks["task_id"].replace("P01", "P1"))
    renamed = replace(year, tables=replace(year.tables, tasks=tasks))
    answers = Answers(renamed, Scenario(lines=[{"task_id": "P10", "planned_visits": 900}]))
    assert {"P1", "P10"} <= set(renamed.names)
    for text in (sentences.bound(answers), sentences.headline(answers)):
        assert f"1 项任务（「{renamed.names['P10']}」）需" in text


def test_the_change_sheet_tells_how_many_officers_there_are_and_what_a_new_period_keeps(year):
    state = ExplorerState(year)
    for key, value in {
        "officers/执法大队": -2, "from/执法大队": 7, "officers2/执法大队": 1, "officers/危化科": 1, "unplanned": 20.0,
        "kept/1/执法大队": 9.0, "name/+1": "国庆", "kept/+1/危化科": 4.0,
    }.items():  # fmt: skip
        assert state.put(key, value)
    assert sentences.changes_from_plan(state).to_numpy().tolist() == [
        ["执法大队持证执法人员（7 月起）", "9 人", "7 人（−2）"],
        ["执法大队持证执法人员（10 月起）", "9 人", "8 人（+1）"],
        ["危化科持证执法人员（1 月起）", "4 人", "5 人（+1）"],
        ["非计划工作", "0%", "+20%"],
        ["全国两会：执法大队预留", "4 人日", "9 人日"],
        ["新增重点时段「国庆」", "无", "2024-10-01 至 2024-10-07，预留 危化科 4 人日"],
    ]


def test_the_plan_stands_first_among_scenarios_and_the_chance_of_finishing_last(year, short):
    table = sentences.side_by_side({"少一人": short})
    assert table.columns.tolist() == ["项目", "计划", "少一人"]
    assert table.iloc[0].tolist() == ["计划家次", "261", "261"]
    assert table["项目"].iloc[-1] == "按期完成的可能"
    assert table["少一人"].tolist() == sentences.scenario_effects(short)["情景"].tolist()


def test_a_team_without_days_says_what_takes_them(tmp_path):
    year = open_year(write_county(bare_project(tmp_path)))
    answers = Answers(year, Scenario(officers=[{"team": "执法大队", "from_month": 1, "change": -2}]))
    why = "执法大队 全年没有可安排人日：全年总法定 744，减去其他执法 660、非执法 252，还差 168。"
    assert sentences.headline(answers).endswith(why)
    assert "调减家次" not in sentences.ways(answers)
    rows = [Answers(year, Scenario()).one_officer("执法大队", 1, -1)]
    (cell,) = sentences.officer_table(rows, Answers(year, Scenario()))["最高负荷"]
    why = "执法大队 1、4、6、8 月没有可安排人日：全年总法定 992，减去其他执法 660、非执法 326，余 6，再减余地 1。"
    assert cell == f"84.6% → {why}"
    assert sentences.no_days(year) == []
