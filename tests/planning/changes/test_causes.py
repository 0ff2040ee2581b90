"""What the tables say otherwise than when the plan was approved."""

from __future__ import annotations

import pandas as pd
import pytest

from enforce.planning.changes.causes import causes, officers_by_month, task_facts, why_moved
from tests.planning import small

STAFF = {"大队": [3] * 12}
TASK = small.tasks({"planned_visits": 5, "periods": ((1, 2, 3), (9, 10)), "invited": (("危化科", 0.5),)})


def told(before, now, officers=(STAFF, STAFF), left=None) -> list[list]:
    names = {"P01": "甲", "P02": "乙"}
    return causes((before, officers[0]), (now, officers[1]), names, left or {}).values.tolist()


def test_a_task_is_kept_with_visits_months_and_effort():
    facts = {"planned_visits": 5, "months": "1-3|9-10", "effort": "大队=2;危化科=0.5"}
    assert task_facts(TASK) == {"P01": {**facts, "tier": TASK["tier"][0], "group": TASK["group"][0]}}


def test_the_same_tables_have_no_cause():
    assert told(task_facts(TASK), task_facts(TASK)) == []


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({"planned_visits": 7}, ["家次调增", "P01 甲", "5 家次", "7 家次"]),
        ({"planned_visits": 4}, ["家次调减", "P01 甲", "5 家次", "4 家次"]),
        ({"months": "1-3"}, ["月份变更", "P01 甲", "1-3|9-10", "1-3"]),
        ({"effort": "大队=3"}, ["每家次人日变更", "P01 甲", "大队=2;危化科=0.5", "大队=3"]),
        ({"tier": "general"}, ["检查类型变更", "P01 甲", "重点检查", "一般检查"]),
    ],
)
def test_each_thing_said_otherwise_is_one_row(change, row):
    facts = task_facts(TASK)
    assert told(facts, {"P01": {**facts["P01"], **change}}) == [row]


def test_a_task_more_and_a_task_less_are_named():
    facts = task_facts(TASK)
    assert told({}, facts) == [["临时任务", "P01 甲", "—", "5 家次"]]
    assert told(facts, {}) == [["事项取消", "P01 甲", "5 家次", "—"]]


def test_officers_are_told_by_the_months_that_differ():
    now = {"大队": [3, 3, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4]}
    assert told({}, {}, (STAFF, now)) == [
        ["人员减少", "大队 3-4 月", "3 人", "2 人"],
        ["人员增加", "大队 10-12 月", "3 人", "4 人"],
    ]
    assert told({}, {}, ({}, {"新科": [1] * 12})) == [["人员增加", "新科 1-12 月", "0 人", "1 人"]]


def test_officers_are_counted_from_january_to_december():
    table = pd.DataFrame({"team": "甲", "month": [2, 1], "officer_count": [5, 4]})
    assert officers_by_month(table) == {"甲": [4, 5]}


def test_a_month_gives_a_reason_to_leave_only_where_it_was_taken_away_or_its_team_has_fewer_people():
    facts = task_facts(TASK)
    now = facts, {"大队": [3] * 8 + [2] * 4}
    found = why_moved((facts, STAFF), now, TASK)
    assert {m for (_, m), why in found.items() if why == "人员减少"} == {9, 10}
    assert {m for (_, m), why in found.items() if why == "月份变更"} == {4, 5, 6, 7, 8, 11, 12}
    assert why_moved(({}, STAFF), ({}, STAFF), TASK) == {}
