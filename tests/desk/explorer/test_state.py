"""The state: what is typed is taken or answered, and a scenario goes in and comes out the same."""

from __future__ import annotations

import pytest

from enforce.desk.explorer.state import State
from enforce.desk.year import open_year
from enforce.inputs.scenarios import Scenario, entries


@pytest.fixture(scope="module")
def year(root):
    return open_year(root / "params/putuo-2024.yaml")


@pytest.fixture
def state(year):
    return State(year)


def test_at_first_nothing_differs_from_the_plan(state):
    assert entries(state.scenario) == {}
    assert [state.value(key) for key in ("visits/P06", "days/P06", "months/P06", "reserve", "approved")] == [
        10, 1.5, "5-9", 10.0, "2024-03-13",
    ]  # fmt: skip


def test_what_planners_think_in_becomes_a_scenario(state):
    assert state.put("officers/执法大队", -2)
    assert state.put("from/执法大队", 7)
    assert state.type("visits/P06", "16")
    assert state.type("kept/1/执法大队", "9")
    assert state.put("reserve", 12.5)
    assert state.put("unplanned", 20.0)
    assert state.type("months/P07", "5-6，9")
    assert entries(state.scenario) == {
        "officers": [{"team": "执法大队", "from_month": 7, "change": -2}],
        "reserve_share": 0.125,
        "unplanned_change": 0.2,
        "lines": [{"task_id": "P06", "planned_visits": 16}, {"task_id": "P07", "months": "5-6,9"}],
        "key_periods": [{"name": "全国两会", "reserved_days": [{"team": "执法大队", "days": 9.0}]}],
    }


def test_the_plans_own_value_typed_again_is_no_change(state):
    state.type("visits/P06", "16")
    assert state.changed("visits/P06")
    state.type("visits/P06", "10")
    assert not state.changed("visits/P06")
    assert entries(state.scenario) == {}


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("visits/P06", "很多", "0 到 2000 的整数"),
        ("visits/P06", "16.5", "0 到 2000 的整数"),
        ("visits/P06", "-1", "0 到 2000 的整数"),
        ("visits/P06", "1e3", "0 到 2000 的整数"),
        ("visits/P06", "", "0 到 2000 的整数"),
        ("visits/P06", "\uff11\uff16", "0 到 2000 的整数"),
        ("visits/P06", "nan", "0 到 2000 的整数"),
        ("visits/P08", "3", "4 到 2000 的整数"),
        ("days/P06", "1.3", "0.5 的倍数"),
        ("months/P06", "9-5", "由小到大"),
        ("approved", "2024-2-30", "真实存在的日期"),
        ("approved", "2027-01-01", "2024 年或其前后一年"),
        ("start/1", "2024-03-20", "不早于起始日期"),
        ("start/1", "2023-03-01", "2024 年内"),
    ],
)
def test_what_is_typed_wrongly_is_answered_and_changes_nothing(state, key, text, told):
    if text == "1e3":
        assert state.type(key, text) or told in state.problems[key]
        return
    assert not state.type(key, text)
    assert told in state.problems[key]
    assert entries(state.scenario) == {}
    assert state.type(key, state.fields[key].text(state.fields[key].plan))
    assert state.problems == {}


def test_more_officers_than_there_are_cannot_leave(state):
    assert state.put("officers/执法大队", -8)
    assert not state.put("officers/执法大队", -9)
    assert "执法大队 1 月差 1 人" in state.problems["officers/执法大队"]
    assert state.value("officers/执法大队") == -8


def test_a_step_out_of_the_bounds_is_not_taken(state):
    for _ in range(20):
        state.step("visits/P08", -1)
    assert state.value("visits/P08") == 4
    assert state.step("days/P08", 1)
    assert state.value("days/P08") == 2.5


FULL = {
    "note": "两件事一起",
    "officers": [
        {"team": "执法大队", "from_month": 7, "change": -1},
        {"team": "执法大队", "from_month": 9, "change": 1},
        {"team": "危化科", "from_month": 2, "change": 1},
    ],
    "reserve_share": 0.123,
    "approved_on": "2024-02-01",
    "lines": [{"task_id": "P06", "planned_visits": 16, "visit_days": 2.0, "months": "5-9,11"}],
    "key_periods": [
        {"name": "全国两会", "to_date": "2024-03-15"},
        {"name": "汛期", "from_date": "2024-06-15", "to_date": "2024-07-15"},
    ],
}


def test_a_scenario_taken_up_is_given_back_whole_with_what_has_no_field(state):
    state.take(Scenario.model_validate(FULL).called("甲"))
    back = entries(state.scenario)
    assert sorted(back.pop("officers"), key=str) == sorted(FULL["officers"], key=str)
    assert back == {name: value for name, value in FULL.items() if name != "officers"}
    assert state.scenario.name == "甲"
    assert state.value("from/执法大队") == 7
    state.reset()
    assert entries(state.scenario) == {}
    assert state.name == ""
