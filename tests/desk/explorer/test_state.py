"""The state: what is typed is taken or answered, and a scenario goes in and comes out the same."""

from __future__ import annotations

import pytest

from enforce.desk.explorer.state import ExplorerState
from enforce.inputs.parameters.scenario import Scenario, entries


@pytest.fixture
def state(year):
    return ExplorerState(year)


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
    ("key", "text", "message"),
    [
        ("visits/P06", "很多", "0 到 2000 的整数"),
        ("visits/P06", "16.5", "0 到 2000 的整数"),
        ("visits/P06", "-1", "0 到 2000 的整数"),
        ("visits/P06", "1e3", "0 到 2000 的整数"),
        ("visits/P06", "", "0 到 2000 的整数"),
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
def test_what_is_typed_wrongly_is_answered_and_changes_nothing(state, key, text, message):
    assert not state.type(key, text)
    assert message in state.problems[key]
    assert entries(state.scenario) == {}
    assert state.type(key, state.fields[key].text(state.fields[key].plan))
    assert state.problems == {}


def test_digits_of_a_chinese_keyboard_are_read(state):
    assert state.type("visits/P06", " \uff11\uff16 ")
    assert state.type("days/P06", "2\uff0e5")
    assert [state.value(key) for key in ("visits/P06", "days/P06")] == [16, 2.5]


def test_a_team_can_change_three_times_in_a_year(state):
    state.put("officers/执法大队", -2)
    state.put("from/执法大队", 4)
    assert state.put("officers2/执法大队", 1)
    assert state.put("officers3/执法大队", 1)
    assert [(one["from_month"], one["change"]) for one in entries(state.scenario)["officers"]] == [
        (4, -2), (10, 1), (12, 1),
    ]  # fmt: skip
    assert not state.put("from2/执法大队", 4)
    assert state.problems["from2/执法大队"] == "应为 每个科队每个月只写一次"


def test_a_key_period_that_the_plan_does_not_have_is_added_and_taken_away(state):
    assert state.put("start/+1", "2024-09-28")  # of no consequence while it has no name
    assert entries(state.scenario) == {}
    assert state.type("name/+1", "国庆 值守")
    assert state.type("kept/+1/危化科", "4")
    assert entries(state.scenario) == {
        "key_periods": [
            {
                "name": "国庆 值守",
                "from_date": "2024-09-28",
                "to_date": "2024-10-07",
                "reserved_days": [{"team": "危化科", "days": 4.0}],
            }
        ]
    }
    state.drop("+1")
    assert entries(state.scenario) == {}
    assert state.values == {}


@pytest.mark.parametrize("name", ["全国两会", "长" * 31, "甲\u202e乙", "电话 13812345678"])
def test_a_new_period_has_a_name_of_its_own_with_nothing_hidden_or_personal_in_it(state, name):
    assert not state.type("name/+1", name)
    assert state.problems["name/+1"].startswith("应为 ")
    assert entries(state.scenario) == {}


def test_two_new_periods_have_two_names(state):
    assert state.type("name/+1", "国庆")
    assert not state.type("name/+2", "国庆")


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
    fields = ("from/执法大队", "from2/执法大队", "officers2/执法大队", "name/+1", "start/+1")
    assert [state.value(key) for key in fields] == [7, 9, 1, "汛期", "2024-06-15"]
    state.reset()
    assert entries(state.scenario) == {}
    assert state.name == ""


def test_what_has_no_field_goes_along(state):
    more = {
        "officers": [{"team": "危化科", "from_month": month, "change": 1} for month in (2, 5, 8, 11)],
        "key_periods": [{"name": f"时段{n}", "from_date": "2024-06-15", "to_date": "2024-07-15"} for n in range(3)],
    }
    state.take(Scenario.model_validate(more))
    assert entries(state.scenario) == more
    assert [len(state.more.officers), len(state.more.key_periods)] == [1, 1]
