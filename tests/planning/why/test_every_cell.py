"""The reasons of all cells at once are those that cell by cell another plan shows."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from enforce.planning.months.allocate import allocate
from enforce.planning.months.position import Position
from enforce.planning.why import every_cell as module
from enforce.planning.why.cell import REASONS, UNSETTLED, Setting, why
from enforce.planning.why.every_cell import MEANINGS, reason_months, reason_note, reasons
from enforce.words.problems import Unsolved
from tests.planning import small
from tests.planning.small import bounds
from tests.work import trials


def setting(tasks, capacity, **options) -> Setting:
    position = Position(**options)
    return Setting(tasks, capacity, allocate(tasks, capacity, position), position)


@trials(60)
@given(small.limited(300))
def test_each_reason_is_the_one_that_the_plan_solved_anew_shows(case):
    try:
        found = setting(case[0], case[1], **case[2])
    except Unsolved:
        assume(False)
    for row in reasons(found).itertuples():
        told = why(found, row.task_id, row.month)
        assert (row.reason, row.visits) == (told["reason"], told["visits"]), (row, told)


@trials(40)
@given(small.cases(300))
def test_with_a_published_plan_too_each_reason_is_the_one_of_the_plan_solved_anew(case):
    found = setting(case[0], case[1], **case[2])
    for row in reasons(found).itertuples():
        assert row.reason == why(found, row.task_id, row.month)["reason"]


def test_every_reason_can_be_the_one_that_binds():
    tasks = small.tasks(
        {"planned_visits": 2, "periods": ((2,),)},  # one month: no more than it has
        {"planned_visits": 4, "periods": ((3, 4),)},
        {"planned_visits": 6, "periods": ((5, 6, 7),)},
    )
    room = small.capacity(大队=[9, 9, 4, 4, 6, 4, 6, 0])
    published = small.by_month(("P01", 2, 2), ("P02", 3, 2), ("P02", 4, 2), ("P03", 5, 3), ("P03", 6, 0), ("P03", 7, 3))
    table = reasons(setting(tasks, room, closed=1, done=small.by_month(), published=published))
    told = table.set_index(["task_id", "month"])["reason"]
    assert told["P01", 1] == "已完成"
    assert told["P01", 3] == "月份"
    assert told["P01", 2] == "范围"
    assert told["P02", 3] == "可安排"
    assert told["P03", 6] == "已公布"
    free = reasons(setting(tasks, room)).set_index(["task_id", "month"])["reason"]
    assert free["P03", 5] == free["P03", 7] == "比例"
    assert free["P03", 6] == "可安排"


def test_level_and_share_are_told_apart():
    tasks = small.tasks({"planned_visits": 4, "periods": ((1, 2),)}, {"planned_visits": 2, "periods": ((1, 2, 3),)})
    table = reasons(setting(tasks, small.capacity(大队=[6, 6, 8])))
    told = table.set_index(["task_id", "month"])["reason"]
    assert told["P01", 1] == told["P01", 2] == "均衡"
    assert told["P02", 1] == "均衡"
    held = setting(tasks, small.capacity(大队=[6, 6, 8]), limits=bounds(("P01", (1,), 0, 2)))
    assert reasons(held).set_index(["task_id", "month"])["reason"]["P01", 1] == "范围"


def test_the_months_of_each_reason_stand_side_by_side_and_none_is_lost(demo):
    table = reasons(Setting(demo.tasks, demo.capacity, demo.allocation))
    side = reason_months(table)
    assert side["task_id"].tolist() == demo.tasks["task_id"].tolist()
    assert list(side.columns[2:]) == [reason for reason in MEANINGS if reason in set(table["reason"])]
    for row in side.set_index("task_id").drop(columns="task").itertuples():
        runs = [run.split("-") for cell in row[1:] for run in cell.split("、") if run]
        months = sorted(month for run in runs for month in range(int(run[0]), int(run[-1]) + 1))
        assert months == list(range(1, 13))


def test_every_reason_has_its_meaning_and_only_those_told_are_explained(demo):
    assert set(MEANINGS) == {*REASONS.values(), UNSETTLED, "范围", "月份", "已完成"}
    table = reasons(Setting(demo.tasks, demo.capacity, demo.allocation))
    note = reason_note(table)
    assert [word for word in MEANINGS if f"{word}：" in note] == [w for w in MEANINGS if w in set(table["reason"])]
    assert "就会超负荷" not in note


def test_few_questions_answer_for_many_cells(demo, monkeypatch):
    asked = []
    plain = module.minimise
    monkeypatch.setattr(module, "minimise", lambda *given, **more: asked.append(1) or plain(*given, **more))
    table = reasons(Setting(demo.tasks, demo.capacity, demo.allocation))
    assert len(asked) < (table["reason"] != "月份").sum()


@pytest.mark.parametrize("task", ["P01", "P07"])
def test_the_demo_says_the_same_cell_by_cell(demo, task):
    found = Setting(demo.tasks, demo.capacity, demo.allocation)
    told = reasons(found).set_index(["task_id", "month"])["reason"]
    for month in (6, 9):
        assert told[task, month] == why(found, task, month)["reason"]
