"""What changed between two versions: every cell, why, and whether it had to."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.changes.order import approver, changes, displaced, effects, moved_visits
from enforce.words.terms import Tier
from tests.planning import small
from tests.work import trials

YEARS = st.lists(st.integers(0, 3), min_size=12, max_size=12)


def version(**rows: list[int]) -> pd.DataFrame:
    """One row per task and month; months not given have no visit."""
    return small.by_month(
        *((code, m, (*counts, *[0] * 12)[m - 1]) for code, counts in rows.items() for m in small.YEAR)
    )


def reasons(before: pd.DataFrame, after: pd.DataFrame, closed: int = 0, **more) -> list[list]:
    tasks = small.tasks(*[{}] * 3)
    return changes(before, after, tasks, closed, **more)[
        ["month", "changed_visits", "reason", "forced"]
    ].values.tolist()


@trials(150)
@given(st.tuples(YEARS, YEARS), st.tuples(YEARS, YEARS), st.integers(0, 12), st.integers(0, 3))
def test_every_cell_that_differs_is_told_once_with_before_and_after(old, new, closed, begun):
    before, after = version(P01=old[0], P02=old[1]), version(P01=new[0], P02=new[1])
    order = changes(before, after, small.tasks({}, {}), closed, begun={"P01": begun})
    told = {(r.task_id, r.month): (r.approved_visits, r.visits) for r in order.itertuples()}
    assert len(told) == len(order)
    assert told == {
        (code, m): (old[n][m - 1], new[n][m - 1])
        for n, code in enumerate(("P01", "P02"))
        for m in small.YEAR
        if old[n][m - 1] != new[n][m - 1]
    }
    assert (order["changed_visits"] == order["visits"] - order["approved_visits"]).all()
    assert order.loc[order["month"] <= closed, "forced"].all()
    words = order.loc[order["month"] <= closed, "reason"].str.split("、").explode()
    assert words.isin({"逾期未做", "逾期补做", "提前完成", "已提前完成"}).all()


def test_what_slipped_and_was_made_up_since_is_not_called_done_ahead():
    late = reasons(version(P01=[5, 3]), version(P01=[3, 4, 4]), closed=3)
    assert late == [
        [1, -2, "逾期未做", True],
        [2, 1, "逾期补做", True],
        [3, 4, "逾期补做、提前完成", True],
    ]
    soon = reasons(version(P01=[2, 4, 3]), version(P01=[4, 1, 3]), closed=3)
    assert soon == [[1, 2, "提前完成", True], [2, -3, "已提前完成、逾期未做", True]]


def test_what_is_made_up_in_the_month_begun_is_not_called_done_ahead():
    told = reasons(version(P01=[3, 1, 2]), version(P01=[1, 4, 1]), closed=1, begun={"P01": 4})
    assert told == [
        [1, -2, "逾期未做", True],
        [2, 3, "提前完成、逾期补排", True],
        [3, -1, "已提前完成", True],
    ]


@trials(150)
@given(YEARS, st.permutations(range(12)), st.integers(0, 6))
def test_where_the_total_stays_what_is_made_up_is_what_slipped_and_the_rest_has_moved(old, order, closed):
    new = [old[place] for place in order]
    told = changes(version(P01=old), version(P01=new), small.tasks({}), closed)
    later = told[told["month"] > closed]
    slipped = -int(told.loc[told["month"] <= closed, "changed_visits"].sum())
    assert not later["reason"].str.contains("家次").any()
    made_up = later[later["reason"].str.contains("补排")]["changed_visits"]
    taken_off = later[later["reason"].str.contains("已提前完成")]["changed_visits"]
    if slipped >= 0:
        assert taken_off.empty
        assert made_up.sum() >= slipped
        assert made_up.iloc[:-1].sum() < slipped or made_up.empty
    else:
        assert made_up.empty
        assert -taken_off.sum() >= -slipped
    assert set(later.loc[later["reason"] == "移入", "forced"]) <= {False}


def test_what_slipped_had_to_change_and_where_it_goes_was_chosen():
    assert reasons(version(P01=[2, 2, 2]), version(P01=[2, 0, 2, 1, 1]), closed=2) == [
        [2, -2, "逾期未做", True],
        [4, 1, "逾期补排", False],
        [5, 1, "逾期补排", False],
    ]


def test_what_was_done_ahead_is_taken_off_later():
    assert reasons(version(P01=[1, 0, 0, 2]), version(P01=[3, 0, 0, 0]), closed=1) == [
        [1, 2, "提前完成", True],
        [4, -2, "已提前完成", True],
    ]


def test_what_was_done_beyond_the_plan_in_the_month_begun_was_not_chosen():
    told = reasons(version(P01=[0, 0, 1, 3]), version(P01=[0, 0, 3, 1]), closed=2, begun={"P01": 3})
    assert told == [[3, 2, "提前完成", True], [4, -2, "已提前完成", True]]
    assert reasons(version(P01=[0, 0, 1, 3]), version(P01=[0, 0, 3, 1]), closed=2, begun={"P01": 1}) == [
        [3, 2, "移入", False],
        [4, -2, "移出", True],
    ]


def test_a_cell_that_makes_up_and_adds_leaves_nothing_for_a_later_one():
    told = reasons(version(P01=[2, 0, 0, 2]), version(P01=[1, 3, 1, 1]), closed=1)
    assert told == [
        [1, -1, "逾期未做", True],
        [2, 3, "逾期补排、家次调增", True],  # one made up, two of a greater total
        [3, 1, "移入", False],
        [4, -1, "移出", True],
    ]


def test_what_falls_away_with_closed_units_is_told_apart_from_what_the_planner_took_off():
    told = reasons(version(P01=[2, 2, 3]), version(P01=[2, 1, 1]), fallen={"P01": 1})
    assert told == [[2, -1, "单位停业", True], [3, -2, "家次调减", True]]
    told = reasons(version(P01=[0, 4]), version(P01=[1, 0]), fallen={"P01": 2}, moved={("P01", 2): "人员减少"})
    assert told == [[1, 1, "移入", False], [2, -4, "单位停业、家次调减、人员减少", True]]


@pytest.mark.parametrize(
    ("new", "more", "changed"),
    [
        ([1, 3], {}, [False, False]),
        ([2, 3], {}, [True]),
        ([3, 1], {"moved": {("P01", 2): "人员减少"}}, [False, False]),
        ([2, 0], {"fallen": {"P01": 1}}, [True]),
    ],
)
def test_a_changed_total_is_marked_where_one_of_several_reasons_is_that(new, more, changed):
    order = changes(version(P01=[2, 2]), version(P01=new), small.tasks({}), **more)
    assert order["total_changed"].tolist() == changed


def test_a_moved_visit_leaves_one_month_and_comes_to_another():
    assert reasons(version(P01=[2, 2]), version(P01=[1, 3])) == [[1, -1, "移出", True], [2, 1, "移入", False]]


def test_a_smaller_total_is_told_as_fewer_visits_and_a_greater_as_more():
    assert [row[2] for row in reasons(version(P01=[2, 2]), version(P01=[2, 1]))] == ["家次调减"]
    assert [row[2] for row in reasons(version(P01=[2, 2]), version(P01=[2, 4]))] == ["家次调增"]


def test_a_task_the_older_version_does_not_know_is_ordered_work():
    told = reasons(version(P01=[1]), version(P01=[1], P02=[0, 0, 4, 1]))
    assert told == [[3, 4, "临时任务", True], [4, 1, "临时任务", True]]


def test_a_task_that_is_gone_keeps_its_old_name():
    order = changes(version(P01=[1], P09=[0, 2]), version(P01=[1]), small.tasks({}), dropped={"P09": "旧事项"})
    assert order[["task_id", "task", "changed_visits", "reason"]].values.tolist() == [["P09", "旧事项", -2, "事项取消"]]


def test_two_equal_versions_differ_in_nothing():
    assert changes(version(P01=[1, 2]), version(P01=[1, 2]), small.tasks({})).empty


def test_visits_moved_are_those_that_left_an_open_month():
    order = changes(version(P01=[2, 2, 2]), version(P01=[0, 1, 5]), small.tasks({}), closed=1)
    assert moved_visits(order, closed=1) == 1
    assert moved_visits(order) == 3


def test_what_ordered_work_displaces_is_named_with_its_month():
    without, within = version(P01=[3, 1]), version(P01=[1, 3], P02=[4])
    table = displaced(without, within, small.tasks({"name": "查甲"}, {"name": "临时"}))
    assert table.values.tolist() == [["P01", "查甲", 1, -2]]


def test_the_effects_stand_side_by_side():
    tasks = small.tasks({"planned_visits": 3}, {"planned_visits": 1, "tier": Tier.GENERAL})
    loads = pd.DataFrame({"team": ["大队", "大队"], "load": [0.5, 1.25], "overload_days": [0.0, 2.5]})
    less = loads.assign(load=[0.5, 0.75], overload_days=0.0)
    table = effects({"tasks": tasks, "loads": less}, {"tasks": tasks.iloc[:1], "loads": loads}).set_index("item")
    assert table.loc["全年计划家次"].tolist() == ["4 家次", "3 家次"]
    assert table.loc["重点检查"].tolist() == ["3 家次（75.0%）", "3 家次（100.0%）"]
    assert table.loc["超负荷"].tolist() == ["0 人日", "2.5 人日"]
    assert table.loc["大队最高负荷"].tolist() == ["75.0%", "125.0%"]


@pytest.mark.parametrize(
    ("total_changed", "rule", "text"),
    [
        (False, True, "总数不变"),
        (True, True, "报原批准机关批准"),
        (True, False, "由本局审定并备案"),
        (True, None, "请请示"),
    ],
)
def test_who_approves_depends_on_whether_a_total_changes(total_changed, rule, text):
    assert text in approver(total_changed, rule)
