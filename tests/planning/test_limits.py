"""Limits, move costs and a month already begun: kept, and still the best plan there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.months.allocate import allocate
from enforce.planning.months.position import Position
from enforce.planning.months.stages import groups
from enforce.words.problems import Impossible, Unsolved
from enforce.words.terms import Stage
from tests.planning import small
from tests.planning.small import bounds
from tests.work import trials

ROOMY = small.capacity(大队=[40.0] * 12)
HALF_YEAR = {"periods": ((1, 2, 3, 4, 5, 6),)}
PUBLISHED, ANNOUNCED, INTERNAL = 100, 10, 1


def planned(*rows: dict, capacity=ROOMY, **options) -> dict:
    """The visits of a plan by task and month."""
    return small.plan_of(allocate(small.tasks(*rows), capacity, Position(**options)))


def in_months(plan: dict, months, code: str = "") -> int:
    return sum(visits for (task, month), visits in plan.items() if month in months and code in ("", task))


# --- against trying every plan --------------------------------------------------------------------------------------


@trials(120)
@given(small.limited())
def test_no_other_plan_within_the_limits_is_better_and_where_there_is_none_it_is_said(case):
    tasks, capacity, options = case
    best, worth = small.best_kept(tasks, capacity, options)
    if best is None:
        with pytest.raises(Impossible, match="没有任何安排"):
            allocate(tasks, capacity, Position(**options))
        return
    allocation = allocate(tasks, capacity, Position(**options))
    assert small.plan_of(allocation) == best
    assert allocation.proof["proved"].all()
    values = allocation.proof.groupby("stage")["value"].sum()
    assert values.get(Stage.OVERLOAD, 0) == worth[0] / 2
    assert values.get(Stage.MOVES, 0) == worth[1]
    assert values.get(Stage.DISTANCE, 0) == pytest.approx(worth[3] / 1e6)


@trials(60)
@given(small.limited(), st.randoms(use_true_random=False))
def test_with_limits_too_the_order_of_tasks_and_limits_does_not_matter(case, random):
    tasks, capacity, options = case
    order, rows = list(tasks.index), list(options["limits"].index)
    random.shuffle(order)
    random.shuffle(rows)
    try:
        plain = small.plan_of(allocate(tasks, capacity, Position(**options)))
    except Unsolved:
        plain = None
    turned = {**options, "limits": options["limits"].loc[rows]}
    if plain is None:
        with pytest.raises(Impossible):
            allocate(tasks.iloc[order], capacity, Position(**turned))
    else:
        assert small.plan_of(allocate(tasks.iloc[order], capacity, Position(**turned))) == plain


# --- limits one by one ----------------------------------------------------------------------------------------------


def test_a_minimum_lifts_one_month_and_a_maximum_lowers_another():
    free = planned({**HALF_YEAR, "planned_visits": 12})
    assert free == {("P01", month): 2 for month in range(1, 7)}
    held = planned({**HALF_YEAR, "planned_visits": 12}, limits=bounds(("P01", (5,), 4, None), ("P01", (2,), 0, 1)))
    assert (held[("P01", 5)], held[("P01", 2)]) == (4, 1)
    assert sum(held.values()) == 12


def test_a_quarter_holds_its_minimum_and_its_maximum():
    held = planned(
        {**HALF_YEAR, "planned_visits": 12}, limits=bounds(("P01", (1, 2, 3), 0, 3), ("P01", (4, 5, 6), 9, None))
    )
    assert (in_months(held, {1, 2, 3}), in_months(held, {4, 5, 6})) == (3, 9)


def test_a_task_pinned_to_a_month_is_there_with_all_its_visits():
    held = planned({**HALF_YEAR, "planned_visits": 5}, limits=bounds(("P01", (4,), 5, 5)))
    assert held == {("P01", 4): 5}


def test_a_pin_is_kept_even_where_it_overloads_the_month_and_the_overload_is_shown():
    tasks = small.tasks({**HALF_YEAR, "planned_visits": 5})
    allocation = allocate(tasks, small.capacity(大队=[6.0] * 6), Position(limits=bounds(("P01", (4,), 5, 5))))
    assert small.plan_of(allocation) == {("P01", 4): 5}
    assert allocation.loads["overload_days"].sum() == 4


def test_no_task_named_means_all_tasks_together():
    rows = {**HALF_YEAR, "planned_visits": 6}, {**HALF_YEAR, "planned_visits": 6}
    held = planned(*rows, limits=bounds(("", (1,), 0, 1), ("", (6,), 5, None)))
    assert in_months(held, {1}) == 1
    assert in_months(held, {6}) == 5
    alone = planned(*rows, limits=bounds(("P01", (6,), 5, None)))
    assert alone[("P01", 6)] == 5
    assert alone.get(("P02", 6), 0) <= 1


def test_a_limit_on_all_tasks_ties_teams_that_share_none():
    rows = {**HALF_YEAR, "planned_visits": 3, "team": "甲"}, {**HALF_YEAR, "planned_visits": 3, "team": "乙"}
    room = small.capacity(甲=[9.0] * 6, 乙=[9.0] * 6)
    lines, _ = small.problem(small.tasks(*rows), room)
    assert [sorted(teams) for teams, _ in groups(lines)] == [["甲"], ["乙"]]
    limits = bounds(("", (1,), 0, 0), ("", (6,), 4, None))
    allocation = allocate(small.tasks(*rows), room, Position(limits=limits))
    held = small.plan_of(allocation)
    assert (in_months(held, {1}), in_months(held, {6})) == (0, 4)
    assert set(allocation.proof[allocation.proof["stage"] == Stage.OVERLOAD]["team"]) == {"乙、甲"}


def test_what_is_done_counts_towards_the_limits():
    done = small.by_month(("P01", 1, 4))
    rows = {**HALF_YEAR, "planned_visits": 12}
    held = planned(rows, done=done, closed=1, limits=bounds(("P01", (1, 2), 5, 6)))
    assert held[("P01", 1)] == 4
    assert 5 <= in_months(held, {1, 2}) <= 6
    none = planned(rows, done=done, closed=1, limits=bounds(("P01", (1, 2), 0, 4)))
    assert ("P01", 2) not in none


def test_more_done_than_a_maximum_allows_is_not_undone_and_leaves_room_for_none():
    held = planned(
        {**HALF_YEAR, "planned_visits": 8},
        done=small.by_month(("P01", 1, 4)),
        closed=1,
        limits=bounds(("P01", (1, 2), 0, 3)),
    )
    assert (held[("P01", 1)], held.get(("P01", 2), 0)) == (4, 0)


def test_a_limit_on_months_that_are_over_asks_nothing_more():
    held = planned(
        {**HALF_YEAR, "planned_visits": 3}, done=small.by_month(), closed=2, limits=bounds(("P01", (1, 2), 3, 3))
    )
    assert in_months(held, {3, 4, 5, 6}) == 3


@pytest.mark.parametrize(
    "limit",
    [
        ("P01", (7,), 1, None),  # outside its months
        ("P01", (1,), 4, None),  # more than it has
        ("P01", (1, 2, 3, 4, 5, 6), 0, 2),  # fewer than it has
        ("", (1, 2, 3, 4, 5, 6), 0, 2),
        ("P01", (1,), 2, 1),  # at least two, at most one
        ("P02", (1,), 1, None),  # a task without visits
        ("P09", (1,), 1, None),  # a task that is not there
        ("", (9,), 1, None),  # a month nobody may use
    ],
)
def test_an_impossible_limit_is_refused_and_not_bent(limit):
    with pytest.raises(Impossible, match="没有任何安排"):
        planned({**HALF_YEAR, "planned_visits": 3}, {**HALF_YEAR, "planned_visits": 0}, limits=bounds(limit))


def test_a_minimum_of_a_plan_without_any_visit_is_refused():
    with pytest.raises(Impossible):
        planned({"planned_visits": 0}, limits=bounds(("", (1,), 1, None)))


def test_a_minimum_of_a_task_whose_visits_are_all_done_is_refused():
    with pytest.raises(Impossible):
        planned(
            {**HALF_YEAR, "planned_visits": 2},
            done=small.by_month(("P01", 1, 2)),
            closed=1,
            limits=bounds(("P01", (4,), 1, None)),
        )


def test_limits_that_can_both_be_kept_only_by_other_tasks_are_kept_by_them():
    rows = {"periods": ((1,),), "planned_visits": 2}, {"periods": ((1, 2),), "planned_visits": 2}
    held = planned(*rows, limits=bounds(("", (2,), 2, None), ("", (1,), 0, 2)))
    assert held == {("P01", 1): 2, ("P02", 2): 2}


# --- the cost of a move ---------------------------------------------------------------------------------------------


def test_the_cheaper_of_two_moves_is_made():
    published = small.by_month(("P01", 1, 3), ("P01", 2, 3), ("P01", 3, 0))
    room = small.capacity(大队=[5.0, 5.0, 40.0])  # five visits' worth over two months: each holds two
    for costs in ({1: PUBLISHED, 2: ANNOUNCED, 3: INTERNAL}, {1: INTERNAL, 2: PUBLISHED, 3: PUBLISHED}):
        held = planned(
            {"periods": ((1, 2, 3),), "planned_visits": 6}, capacity=room, published=published, move_costs=costs
        )
        assert held == {("P01", 1): 2, ("P01", 2): 2, ("P01", 3): 2}
    tight = small.capacity(大队=[6.0, 40.0, 40.0])
    rows = [{"periods": ((1, 2, 3),), "planned_visits": n} for n in (2, 2)]
    plan = small.by_month(("P01", 1, 2), ("P01", 2, 0), ("P01", 3, 0), ("P02", 1, 2), ("P02", 2, 0), ("P02", 3, 0))
    held = planned(*rows, capacity=tight, published=plan, move_costs={1: PUBLISHED})
    assert in_months(held, {1}) == 3  # one visit leaves and no more


def test_ten_internal_moves_are_rather_made_than_one_published_one():
    # what is published in month 1 stays while ten visits of month 6 make room for a fixed task there
    rows = (
        {"periods": ((1, 6),), "planned_visits": 10},
        {"periods": ((6,),), "planned_visits": 10},
        {"periods": ((6, 7),), "planned_visits": 10},
    )
    published = small.by_month(("P01", 1, 10), ("P01", 6, 0), ("P02", 6, 10), ("P03", 6, 10), ("P03", 7, 0))
    room = small.capacity(大队=[20, 0, 0, 0, 0, 20, 20])
    costs = {1: PUBLISHED, 6: INTERNAL, 7: INTERNAL}
    allocation = allocate(small.tasks(*rows), room, Position(published=published, move_costs=costs))
    assert small.plan_of(allocation) == {("P01", 1): 10, ("P02", 6): 10, ("P03", 7): 10}
    assert allocation.proof.set_index("stage").loc[Stage.MOVES, "value"] == 10 * INTERNAL


@trials(100)
@given(st.data())
def test_never_a_dearer_move_where_a_cheaper_one_would_do(data):
    tasks, capacity, options = data.draw(small.cases(400))
    published = options.get("published")
    if published is None:
        published = small.by_month(*((code, month, 1) for code in tasks["task_id"] for month in (1, 2, 3)))
    costs = {month: data.draw(st.sampled_from([PUBLISHED, ANNOUNCED, INTERNAL])) for month in range(1, 5)}
    options = {**options, "published": published, "move_costs": costs}
    lines, rooms = small.problem(tasks, capacity, **options)
    allocation = allocate(tasks, capacity, Position(**options))
    for members in small.apart(lines):
        least = min(small.overload_of(members, rooms, plan) for plan in small.all_plans(members))
        as_little = [p for p in small.all_plans(members) if small.overload_of(members, rooms, p) == least]
        cost = allocation.proof[
            (allocation.proof["stage"] == Stage.MOVES)
            & (allocation.proof["team"] == "、".join(small.teams_of(members)))
        ]
        assert cost["value"].item() == min(small.moves_of(members, plan) for plan in as_little)


# --- a month already begun ------------------------------------------------------------------------------------------


def test_half_a_month_holds_half_the_work():
    row = {"periods": ((3, 4),), "planned_visits": 9}
    room = small.capacity(大队=[0, 0, 12.0, 12.0])
    left = small.capacity(大队=[0, 0, 6.0]).query("month == 3")
    held = planned(row, capacity=room, closed=2, left=left)
    assert held == {("P01", 3): 3, ("P01", 4): 6}


def test_what_was_done_in_the_month_begun_stays_and_the_rest_of_it_is_planned_anew():
    row = {"periods": ((3, 4),), "planned_visits": 9}
    room = small.capacity(大队=[0, 0, 12.0, 12.0])
    left = small.capacity(大队=[0, 0, 6.0]).query("month == 3")
    held = planned(row, capacity=room, closed=2, left=left, done=small.by_month(("P01", 3, 4)))
    assert sum(held.values()) == 9
    assert 4 < held[("P01", 3)] <= 4 + 3
    without = planned(row, capacity=room, closed=2, done=small.by_month(("P01", 3, 4)))
    assert without == {("P01", 3): 5, ("P01", 4): 4}  # a month not begun: what is dated in it does not count yet


def test_a_month_begun_with_nothing_left_takes_no_new_visit():
    row = {"periods": ((3, 4),), "planned_visits": 5}
    left = small.capacity(大队=[0, 0, 0.0]).query("month == 3")
    held = planned(row, closed=2, left=left, done=small.by_month(("P01", 3, 2)))
    assert held == {("P01", 3): 2, ("P01", 4): 3}


@trials(80)
@given(small.limited())
def test_done_visits_stay_whatever_the_limits_and_costs(case):
    tasks, capacity, options = case
    begun = options.get("closed", 0) + ("left" in options)
    past = small.past_of(options.get("done"), begun if options.get("closed", 0) else 0)
    try:
        held = small.plan_of(allocate(tasks, capacity, Position(**options)))
    except Unsolved:
        return
    for cell, visits in past.items():
        assert held[cell] >= visits
        assert held[cell] == visits or cell[1] > options["closed"]
