"""Why a month has as many visits as it has: the reason, and the figures, are those of the two plans."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enforce.planning.months import exact
from enforce.planning.months.allocate import allocate
from enforce.planning.months.position import Position
from enforce.planning.why.cell import REASONS, Setting, one_more, one_more_by_month, why
from enforce.words.months import MONTHS
from enforce.words.problems import Unsolved
from tests.planning import small
from tests.planning.small import bounds
from tests.work import trials

ORDER = [*REASONS.values()]


def setting(tasks: pd.DataFrame, capacity: pd.DataFrame, **options) -> Setting:
    position = Position(**options)
    return Setting(tasks, capacity, allocate(tasks, capacity, position), position)


def asked(options: dict, *row: object) -> dict:
    """The same question to the slow way: one bound more."""
    known = options.get("limits", bounds())
    return {**options, "limits": pd.concat([known, bounds(row)], ignore_index=True)}


def expected(case: tuple, *row: object) -> tuple[str, tuple | None, tuple | None]:
    """The reason by trying every plan: the first stage that is worse, and what both plans are worth."""
    tasks, capacity, options = case
    _, before = small.best_kept(tasks, capacity, options)
    _, after = small.best_kept(tasks, capacity, asked(options, *row))
    if after is None:
        return "范围", before, None
    worse = next(place for place in range(5) if after[place] != before[place])
    assert after[worse] > before[worse]
    return ORDER[worse], before, after


def figures(case: tuple, reason: str, before: tuple, after: tuple, message: str) -> None:
    """The figures in the sentence are those of the two plans."""
    if reason == "可安排":
        assert f"超负荷由 {before[0] / 2:g} 人日增到 {after[0] / 2:g} 人日" in message
    elif reason == "均衡":
        was, now = re.search(r"最高负荷由 ([\d.]+)% 升到 ([\d.]+)%", message).groups()
        place = next(n for n in range(len(before[2])) if before[2][n] != after[2][n])
        assert float(was) < float(now)
        assert float(was) / 100 <= float(before[2][place]) + 5.1e-4
        assert float(now) / 100 >= float(after[2][place]) - 5.1e-4
    elif reason == "比例":
        told = float(re.search(r"平方和多 ([\d.e-]+)", message).group(1))
        assert told > 0
        assert told == pytest.approx((after[3] - before[3]) / 1e6, abs=0.0501)


def solvable(case: tuple) -> Setting:
    try:
        return setting(case[0], case[1], **case[2])
    except Unsolved:
        assume(False)
        raise


# --- one cell -------------------------------------------------------------------------------------------------------


@trials(100)
@given(small.limited(300), st.data())
def test_the_reason_is_the_first_stage_that_one_visit_more_makes_worse(case, data):
    found = solvable(case)
    task = data.draw(st.sampled_from(list(case[0].itertuples())))
    month = data.draw(st.sampled_from(sorted(m for months in task.periods for m in months)))
    row = why(found, task.task_id, month)
    assert row["visits"] == small.plan_of(found.allocation).get((task.task_id, month), 0)
    if month <= found.closed:
        assert row["reason"] == "已完成"
        return
    reason, before, after = expected(case, task.task_id, (month,), row["visits"] + 1, None)
    assert row["reason"] == reason
    more = re.search("再多 1 家次，(.*?)[；。]", row["message"]).group(1)
    if reason == "范围":
        assert more == "没有任何安排做得到"
    else:
        figures(case, reason, before, after, more)
    if "再少" in row["message"]:
        reason, before, after = expected(case, task.task_id, (month,), 0, row["visits"] - 1)
        fewer = re.search("再少 1 家次，(.*?)。$", row["message"]).group(1)
        assert (fewer == "没有任何安排做得到") == (after is None)
        if after is not None:
            figures(case, reason, before, after, fewer)
    else:
        begun = found.closed + ("left" in case[2])
        done = small.past_of(case[2].get("done"), begun if begun == month else 0)
        assert row["visits"] == done.get((task.task_id, month), 0)


def test_a_month_that_is_over_is_explained_by_its_records():
    tasks = small.tasks({"planned_visits": 6, "periods": ((1, 2, 3),)})
    found = setting(tasks, small.capacity(大队=[20.0] * 3), done=small.by_month(("P01", 1, 4)), closed=1)
    row = why(found, "P01", 1)
    assert (row["visits"], row["reason"]) == (4, "已完成")
    assert "4 家次" in row["message"]


def test_a_month_outside_the_window_is_explained_by_the_window():
    tasks = small.tasks({"planned_visits": 6, "periods": ((5, 6), (10, 11))})
    row = why(setting(tasks, small.capacity(大队=[20.0] * 12)), "P01", 7)
    assert (row["visits"], row["reason"]) == (0, "月份")
    assert "5、6、10、11 月" in row["message"]
    assert "7 月" in row["message"]


def test_a_cell_that_cannot_have_more_says_so():
    tasks = small.tasks({"planned_visits": 3, "periods": ((2,),)})
    row = why(setting(tasks, small.capacity(大队=[20.0] * 12)), "P01", 2)
    assert (row["visits"], row["reason"]) == (3, "范围")
    assert row["message"].count("没有任何安排做得到") == 2


def test_a_full_month_is_explained_by_its_capacity():
    tasks = small.tasks({"planned_visits": 5, "periods": ((1, 2),)})
    row = why(setting(tasks, small.capacity(大队=[4.0, 6.0])), "P01", 1)
    assert (row["visits"], row["reason"]) == (2, "可安排")
    assert "超负荷由 0 人日增到 2 人日" in row["message"]


def test_a_published_visit_is_explained_by_its_publication():
    tasks = small.tasks({"planned_visits": 4, "periods": ((1, 2),)})
    published = small.by_month(("P01", 1, 1), ("P01", 2, 3))
    row = why(setting(tasks, small.capacity(大队=[20.0, 20.0]), published=published), "P01", 1)
    assert (row["visits"], row["reason"]) == (1, "已公布")
    assert "再改动已公布的月份" in row["message"]


def test_a_level_month_is_explained_by_the_load_of_its_team():
    tasks = small.tasks({"planned_visits": 4, "periods": ((1, 2),)})
    row = why(setting(tasks, small.capacity(大队=[8.0, 8.0]), comfortable_load=0.0), "P01", 1)
    assert (row["visits"], row["reason"]) == (2, "均衡")
    assert "大队最高负荷由 50.0% 升到 75.0%" in row["message"]


def test_two_loads_that_round_alike_are_told_with_more_digits():
    tasks = small.tasks(
        {"planned_visits": 1, "periods": ((1, 2),), "visit_days": 0.5, "officers_per_visit": 1},
        {"planned_visits": 1, "periods": ((1,),), "visit_days": 500.0, "officers_per_visit": 1},
    )
    row = why(setting(tasks, small.capacity(大队=[1000.0, 1000.0]), comfortable_load=0.0), "P01", 1)
    assert "由 50.00% 升到 50.05%" in row["message"]


def test_visits_done_in_the_month_begun_are_not_offered_to_be_fewer():
    tasks = small.tasks({"planned_visits": 4, "periods": ((3, 4),)})
    left = small.capacity(大队=[0, 0, 0.0]).query("month == 3")
    options = {"closed": 2, "left": left, "done": small.by_month(("P01", 3, 2))}
    row = why(setting(tasks, small.capacity(大队=[0, 0, 8.0, 8.0]), **options), "P01", 3)
    assert "再少" not in row["message"]
    assert "其中 2 家次已完成" in row["message"]


def test_a_line_is_explained_month_by_month(demo):
    given = Setting(demo.tasks, demo.capacity, demo.allocation)
    table = pd.DataFrame([why(given, "P05", month) for month in MONTHS])
    assert table["month"].tolist() == list(range(1, 13))
    assert table["visits"].sum() == 20
    assert set(table["reason"][3:]) == {"月份"}
    assert "月份" not in set(table["reason"][:3])


# --- one visit more in a month --------------------------------------------------------------------------------------


@trials(60)
@given(small.limited(300), st.integers(1, 4))
def test_one_visit_more_costs_what_the_best_plan_with_it_costs(case, month):
    found = solvable(case)
    row = one_more(found, month)
    plan = small.plan_of(found.allocation)
    assert row["visits"] == sum(visits for (_, m), visits in plan.items() if m == month)
    if month <= found.closed:
        assert row["reason"] == "已完成"
        return
    reason, before, after = expected(case, "", (month,), row["visits"] + 1, None)
    assert row["reason"] == reason
    if after is not None:
        figures(case, reason, before, after, row["message"])


def test_one_visit_more_tells_which_cells_change():
    tasks = small.tasks({"planned_visits": 4, "periods": ((1, 2),), "name": "查仓库"})
    row = one_more(setting(tasks, small.capacity(大队=[8.0, 8.0]), comfortable_load=0.0), 1)
    assert "查仓库 1 月 +1、查仓库 2 月 -1" in row["message"]
    assert row["reason"] == "均衡"


def test_teams_that_share_nothing_are_compared_though_the_question_ties_them():
    one, other = ({"planned_visits": 2, "periods": ((1, 2),), "team": team} for team in "甲乙")
    row = one_more(setting(small.tasks(one, other), small.capacity(甲=[2.0, 4.0], 乙=[2.0, 4.0])), 1)
    assert row["reason"] == "可安排"
    assert "超负荷由 0 人日增到 2 人日" in row["message"]


def test_a_month_no_task_may_use_takes_no_visit_more():
    tasks = small.tasks({"planned_visits": 2, "periods": ((1, 2),)})
    assert one_more(setting(tasks, small.capacity(大队=[9.0] * 12)), 7)["reason"] == "范围"


def test_each_month_has_its_row(demo):
    table = one_more_by_month(Setting(demo.tasks, demo.capacity, demo.allocation))
    assert table["visits"].sum() == 261
    assert table["month"].tolist() == list(range(1, 13))
    assert set(table["reason"]) <= set(REASONS.values()) | {"范围"}
    assert table["message"].str.len().min() > 10


def test_a_solver_that_runs_out_of_time_does_not_say_that_nothing_can_be_done(demo, monkeypatch):
    found = Setting(demo.tasks, demo.capacity, demo.allocation)
    monkeypatch.setattr(exact, "WORK", 0.0)
    with pytest.raises(Unsolved, match="没有得到方案"):
        why(found, "P01", 5)
