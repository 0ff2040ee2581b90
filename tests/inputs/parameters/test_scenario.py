"""The scenario: a small override file, read as strictly as a plan, every problem at once in Chinese."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.plan import ReservedDays, read_plan
from enforce.inputs.parameters.scenario import (
    LineChange,
    OfficerChange,
    PeriodChange,
    Scenario,
    entries,
    read_scenario,
    scenario_file,
    scenario_folder,
    scenario_name,
    scenario_names,
    scenario_text,
)
from enforce.inputs.parameters.yaml_file import parse_yaml
from enforce.words.problems import InputError

FULL = {
    "note": "两会: 多 5 天 # 不是备注",
    "officers": [{"team": "执法大队", "from_month": 7, "change": -2}],
    "reserve_share": 0.15,
    "unplanned_change": 0.2,
    "approved_on": "2024-02-01",
    "lines": [{"task_id": "P06", "planned_visits": 16, "visit_days": 1.0, "months": "5-9"}, {"task_id": "P07"}],
    "key_periods": [
        {
            "name": "全国两会",
            "from_date": "2024-03-01",
            "to_date": "2024-03-15",
            "reserved_days": [{"team": "执法大队", "days": 9.0}],
        }
    ],
}


@pytest.fixture
def plan(tmp_path):
    """The demo plan as if its file stood in an empty folder."""
    found = read_plan("params/putuo-2024.yaml").model_copy()
    found._path = tmp_path / "putuo-2024.yaml"
    return found


def put(plan, name, text):
    path = scenario_file(plan, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_scenario_is_kept_beside_its_plan_under_the_plans_name(plan, tmp_path):
    assert scenario_folder(plan) == tmp_path / "scenarios" / "putuo-2024"
    assert scenario_names(plan) == []


def test_what_is_written_is_read_back_the_same(plan):
    scenario = Scenario.model_validate(FULL)
    put(plan, "七月调出两人", scenario_text(scenario, "情景：七月调出两人"))
    back = read_scenario(plan, "七月调出两人")
    assert back.called("") == scenario
    assert (back.name, back.path) == ("七月调出两人", scenario_file(plan, "七月调出两人"))
    assert scenario_names(plan) == ["七月调出两人"]


def test_only_what_is_changed_is_written():
    text = scenario_text(Scenario(reserve_share=0.15), "情景：余地 15%")
    assert text == "# 情景：余地 15%\nreserve_share: 0.15\n"
    assert entries(Scenario()) == {}


@given(st.text(min_size=1, max_size=40))
@example("INFINITY")
@example("0405")
@example("no")
@example('"\\ # ')
def test_any_note_is_read_back_or_refused(note):
    scenario, problems = checked(Scenario, {"note": note}, "a.yaml")
    if problems:
        return
    back, _ = checked(Scenario, parse_yaml(scenario_text(scenario, "情景"), "a.yaml"), "a.yaml")
    assert back == scenario


@pytest.mark.parametrize("name", ["七月调出两人", "A-1_余地", "2025草案", "x" * 30])
def test_a_plain_name_is_a_file_name(name):
    assert scenario_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " 甲",
        "甲 ",
        "../甲",
        "a/b",
        "a\\b",
        "甲.yaml",
        "CON",
        "nul",
        "-甲",
        "_a",
        "甲" * 31,
        "a{b}",
        "甲\u202e乙",
        "<b>",
        "é",
    ],
)
def test_a_name_that_may_be_no_file_is_refused(plan, name):
    with pytest.raises(InputError) as caught:
        scenario_file(plan, name)
    assert caught.value.problems[0].where == "名称"


def test_a_scenario_that_is_not_there_names_those_that_are(plan):
    put(plan, "七月调出两人", "reserve_share: 0.2\n")
    with pytest.raises(InputError, match="七月调出两人"):
        read_scenario(plan, "七月调出二人")
    with pytest.raises(InputError, match="是否想写「七月调出两人」"):
        read_scenario(plan, "七月调出两个")


def test_every_problem_of_a_file_is_told_at_once_with_its_form(plan):
    text = """
reserve_share: 15
unplanned_change: 多
aproved_on: 2024-13-01
officers:
  - {team: 执法大队, from_month: 13, change: -2.5}
lines:
  - {task_id: P06, planned_visits: -1, visit_days: 0.3, months: 9-5}
key_periods:
  - {name: 全国两会, from_date: 2024-02-30}
"""
    put(plan, "甲", text)
    with pytest.raises(InputError) as caught:
        read_scenario(plan, "甲")
    told = {problem.place.entry: problem.expected for problem in caught.value.problems}
    assert set(told) == {
        "reserve_share",
        "unplanned_change",
        "aproved_on",
        "officers[0].from_month",
        "officers[0].change",
        "lines[0].planned_visits",
        "lines[0].visit_days",
        "lines[0].months",
        "key_periods[0].from_date",
    }
    assert "是否想写「approved_on」" in told["aproved_on"]
    assert "由小到大" in told["lines[0].months"]
    assert all(word[0] >= "\u4e00" or word[0].isdigit() or word[0] == "-" for word in told.values())


@pytest.mark.parametrize(
    "text", ["a: &x 1\nb: *x\n", "reserve_share: !!float 1\n", "reserve_share: 0.1\nreserve_share: 0.2\n"]
)
def test_what_yaml_would_let_a_file_do_is_refused(plan, text):
    put(plan, "甲", text)
    with pytest.raises(InputError):
        read_scenario(plan, "甲")


def test_every_entry_has_its_manual_and_stands_in_the_readme():
    models = (Scenario, OfficerChange, LineChange, PeriodChange, ReservedDays)
    fields = {name: field for model in models for name, field in model.model_fields.items()}
    assert [name for name, field in fields.items() if not field.description] == []
    with open("params/README.md", encoding="utf-8") as file:
        manual = file.read().partition("### 情景")[2].partition("\n## ")[0]
    assert [name for name in fields if f"`{name}`" not in manual] == []
