"""What a planner asks on the command line: answered in Chinese, with the figures of the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforce import __main__ as command
from enforce.desk.commands.explain import answer
from enforce.desk.year import open_year
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

PLAN = "params/putuo-2024.yaml"


@pytest.fixture(scope="module")
def visits(root: Path):
    return open_year(root / PLAN).allocation.visits.set_index(["task_id", "month"])["visits"]


def test_a_cell_is_answered_in_a_sentence_with_its_visits_and_what_one_more_would_cost(visits):
    (told,) = answer(PLAN, "P01", 5)
    assert told.startswith(f"P01 区重点单位执法检查 5 月：安排 {visits['P01', 5]} 家次；再多 1 家次，")
    assert "再少 1 家次" in told


def test_a_task_without_a_month_is_answered_for_all_twelve(visits):
    told = answer(PLAN, "P09")
    assert len(told) == 12
    assert [f"安排 {visits['P09', n]} 家次" in text for n, text in enumerate(told, 1)] == [
        n in (7, 8) for n in range(1, 13)
    ]


def test_one_visit_more_is_answered_for_a_month():
    (told,) = answer(PLAN, month=10, one_more=True)
    assert told.startswith("10 月再加 1 家次，要改 ")


def test_without_a_task_the_reasons_of_all_are_one_table():
    (table,) = answer(PLAN)
    (july,) = answer(PLAN, month=7)
    for told in (table, july):
        assert all(f"P{n:02}" in told for n in range(1, 13))
        assert "注：" in told


def test_after_a_day_the_plan_asked_about_is_the_one_planned_anew():
    assert answer(PLAN, "P01", 3, as_of="2024-06-30") != answer(PLAN, "P01", 3)
    assert "3 月已过" in answer(PLAN, "P01", 3, as_of="2024-06-30")[0]


def test_a_task_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="--task = P99：应为 P01、P02") as caught:
        answer(PLAN, "P99", 5)
    assert len(caught.value.problems) == 1


def test_a_task_is_known_by_its_name_and_a_slip_of_the_pen_gets_the_nearest():
    assert answer(PLAN, "安全生产培训机构专项", 3) == answer(PLAN, "P09", 3)
    for word, near in (
        ("安全生产培训专项", "安全生产培训机构专项"),
        ("部门联合双随机", "“双随机、一公开”跨部门联合执法"),
        ("p09", "P09"),
    ):
        with pytest.raises(InputError, match=f"之一；是否想写「{near}」？"):
            answer(PLAN, word, 3)


def test_the_command_answers_and_refuses_what_cannot_be_asked_together(capsys):
    assert command._run(["why", PLAN, "--task", "P09", "--month", "3"]) == 0
    assert capsys.readouterr().out == "P09 安全生产培训机构专项 3 月：该事项允许的月份是 7、8 月，不含 3 月。\n"
    for wrong in (["--one-more", "--task", "P01"], ["--from", "plan-v1.json"], ["--month", "13"]):
        assert command._run(["why", PLAN, *wrong]) == 2
    assert "--as-of" in capsys.readouterr().err
