"""The monthly allocation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import inf

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.desk.standing import month as month_of
from enforce.planning.months import exact, ties
from enforce.planning.months import loads as loads_module
from enforce.planning.months import stages as module
from enforce.planning.months.allocate import Allocation, allocate, loads, quarters
from enforce.planning.months.position import Position
from enforce.planning.visits import efforts
from enforce.words.numbers import COMFORTABLE_LOAD
from enforce.words.problems import Unsolved
from enforce.words.terms import Stage
from tests.planning import milp, small
from tests.work import trials

pytestmark = pytest.mark.slow

EQUAL = [5.0] * 12


def text(allocation: Allocation) -> str:
    """All of a plan as one text, tasks in order of code."""
    visits = allocation.visits.sort_values(["task_id", "month"], ignore_index=True)
    tables = (visits, allocation.loads, allocation.unplaced, allocation.proof)
    return "\n".join(table.to_csv(index=False) for table in tables)


def stage(allocation: Allocation, word: Stage, scope: str = "") -> pd.Series:
    """One row of the proof."""
    rows = allocation.proof[allocation.proof["stage"] == word]
    return (rows[rows["team"] == scope] if scope else rows).iloc[0]


def allocated(case: tuple) -> Allocation:
    return allocate(case[0], case[1], Position(**case[2]))


# --- the best plan --------------------------------------------------------------------------------------------------


@trials(120)
@given(small.cases())
def test_no_other_plan_has_less_overload_fewer_moves_lower_loads_a_smaller_distance_or_earlier_visits(case):
    lines, rooms = small.problem(case[0], case[1], **case[2])
    comfortable = small.comfort_of(case[2])
    best, worths = small.best_plan(lines, rooms, comfortable)
    allocation = allocated(case)
    closed, done = case[2].get("closed", 0), case[2].get("done")
    past = {} if done is None else {(r.task_id, r.month): r.visits for r in done.itertuples() if r.month <= closed}
    assert small.plan_of(allocation) == {cell: n for cell, n in (past | best).items() if n}
    assert allocation.proof["proved"].all()
    lowered = allocation.proof["comfortable_load"].isna()
    assert (allocation.proof["value"] == allocation.proof["bound"])[lowered].all()
    assert (allocation.proof["value"] <= float(comfortable))[~lowered].all()
    assert allocation.proof["bound"][~lowered].isna().all()
    for members, worth in zip(small.apart(lines), worths, strict=True):
        scope = "、".join(small.teams_of(members))
        assert stage(allocation, Stage.OVERLOAD, scope)["value"] == worth[0] / 2
        assert stage(allocation, Stage.DISTANCE, scope)["value"] == worth[3] / 1e6
        loads = {team: stage(allocation, Stage.LOAD, team)["value"] for team in small.teams_of(members)}
        assert small.highest_of(loads, float(comfortable)) == tuple(map(float, worth[2]))


@trials(25)
@given(small.cases(), st.randoms(use_true_random=False), st.integers(0, 2**31 - 1), st.integers(1, 2))
def test_the_order_of_the_tasks_and_the_solvers_seed_and_workers_do_not_matter(case, random, seed, workers):
    tasks, capacity, options = case
    plain = text(allocate(tasks, capacity, Position(**options)))
    order = list(tasks.index)
    random.shuffle(order)
    settled = partial(exact.minimise, random_seed=seed, num_workers=workers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "minimise", settled)
        patch.setattr(module, "minimise", settled)
        patch.setattr(loads_module, "minimise", settled)
        assert text(allocate(tasks.iloc[order], capacity, Position(**options))) == plain


@trials(20)
@given(small.limited(300), st.randoms(use_true_random=False), st.integers(0, 2**31 - 1), st.integers(1, 4))
def test_within_limits_too_neither_order_nor_seed_nor_threads_matter(case, random, seed, workers):
    tasks, capacity, options = case
    try:
        plain = text(allocate(tasks, capacity, Position(**options)))
    except Unsolved:
        return
    order = list(tasks.index)
    random.shuffle(order)
    settled = partial(exact.minimise, random_seed=seed, num_workers=workers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "minimise", settled)
        patch.setattr(module, "minimise", settled)
        patch.setattr(loads_module, "minimise", settled)
        assert text(allocate(tasks.iloc[order], capacity, Position(**options))) == plain


@pytest.mark.parametrize(("seed", "workers"), [(0, 1), (1, 2), (7, 4), (2024, 8)])
def test_a_demo_that_does_not_fit_is_the_same_to_the_byte_for_any_order_seed_and_threads(demo, seed, workers):
    scarce = demo.capacity.assign(capacity_days=(demo.capacity["capacity_days"] * 1.6).astype(int) / 2)
    options = {"published": demo.allocation.visits, "move_costs": {month: 13 - month for month in range(1, 13)}}
    plain = text(allocate(demo.tasks, scarce, Position(**options)))
    order = demo.tasks.sample(frac=1, random_state=seed)
    settled = partial(exact.minimise, random_seed=seed, num_workers=workers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "minimise", settled)
        patch.setattr(module, "minimise", settled)
        patch.setattr(loads_module, "minimise", settled)
        assert text(allocate(order, scarce, Position(**options))).encode() == plain.encode()


def test_the_demo_is_the_same_backwards(demo):
    assert text(allocate(demo.tasks.iloc[::-1], demo.capacity)) == text(demo.allocation)


def test_what_is_given_is_not_changed(demo):
    before = demo.tasks.copy(), demo.capacity.copy()
    allocate(
        demo.tasks,
        demo.capacity,
        Position(small.by_month(("P01", 1, 3)), 1, published=demo.allocation.visits),
    )
    pd.testing.assert_frame_equal(demo.tasks, before[0])
    pd.testing.assert_frame_equal(demo.capacity, before[1])


# --- another solver -------------------------------------------------------------------------------------------------


@trials(30)
@given(small.cases())
def test_another_solver_finds_the_same_optimum(case):
    lines, rooms = small.problem(case[0], case[1], **case[2])
    allocation = allocated(case)
    for members in small.apart(lines):
        scope = "、".join(small.teams_of(members))
        comfortable = float(small.comfort_of(case[2]))
        best = milp.optimum(members, rooms, comfortable=comfortable)
        assert stage(allocation, Stage.OVERLOAD, scope)["value"] * 2 == pytest.approx(best.overload, abs=1e-6)
        assert stage(allocation, Stage.DISTANCE, scope)["value"] == pytest.approx(best.distance, abs=1e-4)
        loads = {team: stage(allocation, Stage.LOAD, team)["value"] for team in small.teams_of(members)}
        assert small.highest_of(loads, comfortable) == pytest.approx(best.loads, abs=1e-5)
        if any(line.published is not None for line in members):
            assert stage(allocation, Stage.MOVES, scope)["value"] == pytest.approx(best.moves, abs=1e-6)


def test_another_solver_finds_the_same_optimum_for_the_demo(demo):
    lines, rooms = small.problem(demo.tasks, demo.capacity)
    best = milp.optimum(lines, rooms)
    assert best.overload == pytest.approx(stage(demo.allocation, Stage.OVERLOAD)["value"] * 2)
    assert best.distance == pytest.approx(stage(demo.allocation, Stage.DISTANCE)["value"], abs=1e-4)
    loads = {team: stage(demo.allocation, Stage.LOAD, team)["value"] for team in small.teams_of(lines)}
    assert small.highest_of(loads, COMFORTABLE_LOAD) == pytest.approx(best.loads, abs=1e-6)


# --- totals and windows ---------------------------------------------------------------------------------------------


@trials(40)
@given(small.cases(replanned=False))
def test_months_add_up_to_quarters_to_the_year_to_the_plan(case):
    tasks, capacity, _ = case
    allocation = allocate(tasks, capacity)
    table = quarters(allocation.visits)
    assert len(allocation.visits) == 12 * len(tasks)
    assert len(table) == 4 * len(tasks)
    for n, (code, rows) in enumerate(allocation.visits.groupby("task_id")):
        mine = table[table["task_id"] == code].set_index("quarter")["visits"]
        for quarter in range(1, 5):
            months = range(3 * quarter - 2, 3 * quarter + 1)
            assert mine[quarter] == rows[rows["month"].isin(months)]["visits"].sum()
        assert mine.sum() == rows["visits"].sum() == tasks["planned_visits"].iloc[n]


@trials(40)
@given(small.cases(replanned=False))
def test_no_visit_stands_outside_its_window_and_each_period_holds_its_half(case):
    tasks, capacity, _ = case
    plan = small.plan_of(allocate(tasks, capacity))
    for task in tasks.itertuples():
        months = {month: n for (code, month), n in plan.items() if code == task.task_id}
        assert set(months) <= {month for period in task.periods for month in period}
        held = [sum(months.get(month, 0) for month in period) for period in task.periods]
        assert max(held) - min(held) <= 1


def test_the_demo_year_is_whole_in_every_window(demo):
    plan = small.plan_of(demo.allocation)
    assert sum(plan.values()) == 261
    assert sum(n for (code, month), n in plan.items() if code == "P05" and month <= 3) == 20
    assert sum(n for (code, month), n in plan.items() if code == "P08" and month in {5, 6}) == 4
    assert sum(n for (code, month), n in plan.items() if code == "P08" and month in {10, 11}) == 4


def test_no_team_of_the_demo_is_loaded_above_what_is_proved(demo):
    highest = demo.allocation.loads.groupby("team")["load"].max()
    for team, load in highest.items():
        assert load == pytest.approx(stage(demo.allocation, Stage.LOAD, team)["value"])
    assert highest["执法大队"] == pytest.approx(41 / 47)
    assert demo.allocation.loads["overload_days"].sum() == 0


# --- loads ----------------------------------------------------------------------------------------------------------


def test_loads_are_days_needed_over_capacity_team_by_team():
    tasks = small.tasks({"planned_visits": 3, "periods": ((1,),), "visit_days": 1.0, "invited": (("科", 0.5),)})
    table = allocate(tasks, small.capacity(大队=[8], 科=[1])).loads.set_index(["team", "month"])
    assert table.loc[("大队", 1)].tolist() == [6.0, 8.0, 0.0, 0.75]
    assert table.loc[("科", 1)].tolist() == [1.5, 1.0, 0.5, 1.5]


def test_a_month_without_capacity_has_no_load_ratio_but_shows_its_overload():
    table = small.by_month(("P01", 2, 3)).assign(days_needed=6.0)
    row = loads(table, efforts(small.tasks({})), small.capacity(大队=[4])).iloc[1]
    assert (row["needed_days"], row["overload_days"]) == (6.0, 6.0)
    assert pd.isna(row["load"])


# --- too much work --------------------------------------------------------------------------------------------------


def test_overload_is_shown_as_little_as_can_be_and_proved():
    tasks = small.tasks({"planned_visits": 5, "periods": ((1, 2),)})
    allocation = allocate(tasks, small.capacity(大队=[4, 4, 50]))
    assert sum(small.plan_of(allocation).values()) == 5
    assert allocation.loads["overload_days"].sum() == 2
    assert stage(allocation, Stage.OVERLOAD).tolist()[2:5] == [2.0, 2.0, True]


def test_visits_that_fit_only_when_cut_in_two_are_overload_and_not_an_endless_search():
    # 3+3+2 half-days do not go into two months of 4 half-days, though 8 half-days would
    tasks = small.tasks(
        {"planned_visits": 2, "periods": ((1, 2),), "visit_days": 1.5, "officers_per_visit": 1},
        {"planned_visits": 1, "periods": ((1, 2),), "visit_days": 1.0, "officers_per_visit": 1},
    )
    allocation = allocate(tasks, small.capacity(大队=[2, 2]))
    assert stage(allocation, Stage.OVERLOAD)["value"] == 0.5
    assert stage(allocation, Stage.LOAD)["value"] == 1.25


def test_teams_that_fit_alone_but_not_together_are_overload_too():
    # each team has room in one month only, and not in the same one
    tasks = small.tasks({"planned_visits": 1, "periods": ((1, 2),), "officers_per_visit": 1, "invited": (("科", 1.0),)})
    allocation = allocate(tasks, small.capacity(大队=[1, 0], 科=[0, 1]))
    assert stage(allocation, Stage.OVERLOAD)["value"] == 1.0
    assert allocation.proof["proved"].all()


def test_a_month_without_capacity_stays_empty_while_another_has_room():
    tasks = small.tasks({"planned_visits": 2, "periods": ((1, 2, 3),)})
    assert set(small.plan_of(allocate(tasks, small.capacity(大队=[0, 4, 4])))) == {("P01", 2), ("P01", 3)}


def test_excess_is_not_hidden_in_a_month_without_capacity():
    tasks = small.tasks({"planned_visits": 10, "periods": ((1, 2),)})
    assert small.plan_of(allocate(tasks, small.capacity(大队=[0, 16]))) == {("P01", 2): 10}


def test_a_window_without_any_capacity_is_filled_and_shown_as_overload():
    tasks = small.tasks({"planned_visits": 2, "periods": ((1, 2),)})
    allocation = allocate(tasks, small.capacity(大队=[0, 0, 9]))
    assert small.plan_of(allocation) == {("P01", 1): 1, ("P01", 2): 1}
    assert allocation.loads["overload_days"].sum() == 4


def test_the_team_that_must_be_loaded_highest_is_levelled_first():
    # level for 乙 means 5/8 and 3/10, level for 甲 would mean 1/4 and 3/4
    half = {"visit_days": 0.5, "periods": ((1, 2),), "team": "甲"}
    tasks = small.tasks(
        {**half, "planned_visits": 3, "officers_per_visit": 1, "invited": (("乙", 1.5),)},
        {**half, "planned_visits": 1, "officers_per_visit": 2, "invited": (("乙", 1.0),)},
    )
    allocation = allocate(tasks, small.capacity(甲=[6, 5], 乙=[6, 4]), Position(comfortable_load=0.0))
    assert [stage(allocation, Stage.LOAD, team)["value"] for team in ("乙", "甲")] == [0.625, 0.3]


def test_teams_that_share_no_task_do_not_disturb_each_other():
    one = {"planned_visits": 5, "periods": ((1, 2, 3),), "team": "甲"}
    other = {"planned_visits": 9, "periods": ((1,),), "team": "乙"}
    together = allocate(small.tasks(one, other), small.capacity(甲=[4, 4, 4], 乙=[2]))
    alone = allocate(small.tasks(one), small.capacity(甲=[4, 4, 4]))
    assert {c: n for c, n in small.plan_of(together).items() if c[0] == "P01"} == small.plan_of(alone)


def test_no_task_is_an_empty_plan():
    allocation = allocate(small.tasks(), small.capacity(大队=EQUAL))
    assert (len(allocation.visits), len(allocation.proof), len(allocation.unplaced)) == (0, 0, 0)
    assert allocation.loads["needed_days"].sum() == 0


def test_a_line_of_no_visits_has_twelve_empty_months():
    allocation = allocate(small.tasks({"planned_visits": 0}), small.capacity(大队=EQUAL))
    assert allocation.visits["visits"].tolist() == [0] * 12


# --- re-planning ----------------------------------------------------------------------------------------------------


@trials(40)
@given(small.cases())
def test_what_is_done_stays_and_what_is_left_is_planned_or_named(case):
    tasks, _, options = case
    allocation = allocated(case)
    closed, done = options.get("closed", 0), options.get("done", small.by_month())
    past = done[done["month"] <= closed].groupby(["task_id", "month"])["visits"].sum()
    plan = small.plan_of(allocation)
    missed = allocation.unplaced.set_index("task_id")["unplaced_visits"]
    for task in tasks.itertuples():
        mine = {month: n for (code, month), n in plan.items() if code == task.task_id}
        before = {month: n for (code, month), n in past.items() if code == task.task_id and n}
        assert {month: n for month, n in mine.items() if month <= closed} == before
        whole = sum(mine.values()) + int(missed.get(task.task_id, 0))
        assert whole == max(task.planned_visits, sum(before.values()))


def test_a_closed_month_takes_no_new_visit_even_when_nothing_was_done_in_it():
    tasks = small.tasks({"planned_visits": 6, "periods": ((1, 2, 3),)})
    plan = small.plan_of(allocate(tasks, small.capacity(大队=[20, 20, 20]), Position(done=small.by_month(), closed=1)))
    assert plan == {("P01", 2): 3, ("P01", 3): 3}


def test_work_done_is_not_counted_before_its_month_is_closed():
    tasks = small.tasks({"planned_visits": 2, "periods": ((1, 2),)})
    done = small.by_month(("P01", 2, 2))
    plan = small.plan_of(allocate(tasks, small.capacity(大队=[9, 9]), Position(done=done, closed=1)))
    assert plan == {("P01", 2): 2}
    assert small.plan_of(allocate(tasks, small.capacity(大队=[9, 9]), Position(done=done))) == {
        ("P01", 1): 1,
        ("P01", 2): 1,
    }


def test_visits_missed_in_the_first_period_go_to_the_next():
    tasks = small.tasks({"planned_visits": 8, "periods": ((1, 2), (5, 6))})
    done = small.by_month(("P01", 1, 1))
    plan = small.plan_of(allocate(tasks, small.capacity(大队=[40] * 12), Position(done=done, closed=3)))
    assert plan[("P01", 1)] == 1
    assert plan[("P01", 5)] + plan[("P01", 6)] == 7


def test_visits_done_ahead_are_taken_off_the_last_period():
    tasks = small.tasks({"planned_visits": 9, "periods": ((2, 3), (5, 6), (8, 9))})
    done = small.by_month(("P01", 1, 4))
    plan = small.plan_of(allocate(tasks, small.capacity(大队=[40] * 12), Position(done=done, closed=1)))
    held = [sum(plan.get(("P01", month), 0) for month in period) for period in ((2, 3), (5, 6), (8, 9))]
    assert held == [3, 2, 0]


def test_more_done_than_planned_leaves_nothing_to_do():
    tasks = small.tasks({"planned_visits": 2, "periods": ((1, 2, 3),)})
    allocation = allocate(tasks, small.capacity(大队=EQUAL), Position(small.by_month(("P01", 1, 3)), 1))
    assert small.plan_of(allocation) == {("P01", 1): 3}
    assert allocation.unplaced.empty


def test_visits_whose_window_is_over_are_named_and_not_placed():
    tasks = small.tasks({"planned_visits": 5, "periods": ((1, 2),)}, {"planned_visits": 1})
    allocation = allocate(tasks, small.capacity(大队=EQUAL), Position(small.by_month(("P01", 2, 3)), 2))
    assert allocation.unplaced.values.tolist() == [["P01", 2]]
    assert allocation.visits[allocation.visits["task_id"] == "P01"]["visits"].sum() == 3


def test_a_published_plan_that_still_works_is_kept_though_another_would_be_more_level():
    tasks = small.tasks({"planned_visits": 4, "periods": ((1, 2),)})
    published = small.by_month(("P01", 1, 4), ("P01", 2, 0))
    allocation = allocate(tasks, small.capacity(大队=[8, 8]), Position(published=published))
    assert small.plan_of(allocation) == {("P01", 1): 4}
    assert stage(allocation, Stage.MOVES)["value"] == 0
    assert stage(allocation, Stage.LOAD)["value"] == 1


def test_only_as_many_visits_move_as_must():
    tasks = small.tasks({"planned_visits": 4, "periods": ((1, 2),)})
    published = small.by_month(("P01", 1, 4), ("P01", 2, 0))
    allocation = allocate(tasks, small.capacity(大队=[6, 6]), Position(published=published))
    assert small.plan_of(allocation) == {("P01", 1): 3, ("P01", 2): 1}
    assert stage(allocation, Stage.MOVES)["value"] == 1


def test_the_demo_planned_anew_before_april_keeps_what_was_done_and_adds_up(demo):
    month = month_of(demo, 4)
    plan = small.plan_of(month.allocation)
    done = {(r.task_id, r.month): r.visits for r in module_done(month.records).itertuples()}
    assert {cell: n for cell, n in plan.items() if cell[1] <= 3} == done
    totals = month.allocation.visits.groupby("task_id")["visits"].sum() + month.allocation.unplaced.set_index(
        "task_id"
    )["unplaced_visits"].reindex(demo.tasks["task_id"], fill_value=0)
    assert totals.to_dict() == dict(zip(demo.tasks["task_id"], demo.tasks["planned_visits"], strict=True))
    assert month.allocation.proof["proved"].all()


def module_done(records: pd.DataFrame) -> pd.DataFrame:
    rows = records[records["task_id"] != ""]
    month = rows["date"].str.slice(5, 7).astype(int).rename("month")
    return rows.groupby(["task_id", month]).size().rename("visits").reset_index()


# --- when a search ends without a proof -------------------------------------------------------------------------------


def impatient(patch: pytest.MonkeyPatch, **parameters: object) -> None:
    """Let the solver stop before it has finished."""
    hasty = partial(exact.minimise, **parameters)
    patch.setattr(exact, "minimise", hasty)
    patch.setattr(module, "minimise", hasty)
    patch.setattr(loads_module, "minimise", hasty)


def test_a_plan_not_proved_is_not_called_proved(demo, monkeypatch):
    plain = exact.minimise
    monkeypatch.setattr(exact, "minimise", lambda *given, **more: replace(plain(*given, **more), proved=False))
    monkeypatch.setattr(ties._Program, "least", lambda *_: (None, -inf))  # nor does the second solver
    allocation = allocate(demo.tasks, demo.capacity)
    distance, alone = stage(allocation, Stage.DISTANCE), stage(allocation, Stage.ONLY)
    assert not alone["proved"]
    assert distance["proved"] == (distance["bound"] == distance["value"])
    assert distance["bound"] <= stage(demo.allocation, Stage.DISTANCE)["value"] <= distance["value"]
    assert sum(small.plan_of(allocation).values()) == 261


def test_no_plan_at_the_end_of_the_search_stops_the_run(demo, monkeypatch):
    monkeypatch.setattr(exact, "WORK", 0.0)
    with pytest.raises(Unsolved):
        allocate(demo.tasks, demo.capacity)


@pytest.mark.parametrize("work", [1e-5, 1e-4, 1e-3, 2e-3])
def test_a_short_search_never_makes_another_plan_a_proved_one(demo, monkeypatch, work):
    monkeypatch.setattr(exact, "WORK", work)
    try:
        allocation = allocate(demo.tasks, demo.capacity)
    except Unsolved:
        return
    if allocation.proof["proved"].all():
        assert text(allocation) == text(demo.allocation)


@trials(30)
@given(small.cases())
def test_a_hasty_solver_never_proves_what_is_not_least(case):
    lines, rooms = small.problem(case[0], case[1], **case[2])
    with pytest.MonkeyPatch.context() as patch:
        impatient(patch, stop_after_first_solution=True)
        allocation = allocated(case)
    bounds = allocation.proof.dropna(subset="bound")
    assert (bounds["bound"] <= bounds["value"] + 1e-9).all()
    for members in small.apart(lines):
        scope = "、".join(small.teams_of(members))
        least = min(small.overload_of(members, rooms, plan) for plan in small.all_plans(members)) / 2
        row = stage(allocation, Stage.OVERLOAD, scope)
        assert row["bound"] <= least <= row["value"]
        assert not row["proved"] or row["value"] == least
