"""The exact plan, one model at a time."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.months import exact, stages
from enforce.planning.months.exact import (
    MILLI,
    Limits,
    Line,
    Work,
    build,
    closest,
    lateness_weights,
    minimise,
    targets,
    zones_within,
)
from enforce.planning.months.level import level_bound
from enforce.planning.visits import efforts
from enforce.words.problems import Unsolved
from enforce.words.terms import Stage
from tests.planning import milp, small
from tests.work import trials

FEW = trials(30)


def line(code: str = "P01", months: tuple[int, ...] = (1, 2, 3), visits: int = 2, effort: int = 2, **rest) -> Line:
    return Line(code, rest.pop("period", 1), months, visits, "大队", (("大队", effort),), **rest)


ROOM = {"大队": {1: 4, 2: 4, 3: 4}}


@pytest.fixture(scope="module")
def hard(demo):
    """The demo at its lowest loads, where the solver has to search: lines, capacity, limits and the best answer."""
    lines, rooms = small.problem(demo.tasks, demo.capacity)
    limits = Limits({team: level_bound(small.demands(lines, team), rooms[team]) for team in rooms})
    return lines, rooms, limits, closest(lines, rooms, limits)


# --- targets and weights --------------------------------------------------------------------------------------------


@trials(100)
@given(st.integers(0, 80), st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_targets_add_up_to_the_visits_in_thousandths(visits, rooms):
    months = tuple(range(1, len(rooms) + 1))
    parts = targets(line(months=months, visits=visits), dict(zip(months, rooms, strict=True)))
    assert sum(parts) == visits * MILLI
    whole = sum(rooms)
    if whole:
        assert all(abs(part - Fraction(visits * MILLI * n, whole)) < 1 for part, n in zip(parts, rooms, strict=True))


def test_without_any_capacity_the_months_count_the_same():
    assert targets(line(visits=3), {1: 0, 2: 0, 3: 0}) == [1000, 1000, 1000]


def test_an_earlier_month_weighs_less_and_an_earlier_task_more():
    weights = lateness_weights([line("P02"), line("P01")])
    assert weights[0, 1] < weights[0, 2] < weights[0, 3]
    assert weights[1, 2] - weights[1, 1] > weights[0, 2] - weights[0, 1]


@trials(100)
@given(st.permutations(["P01", "P02", "P03"]))
def test_weights_depend_on_the_codes_and_not_on_the_order_of_the_lines(codes):
    mixed = lateness_weights([line(code) for code in codes])
    plain = lateness_weights([line(code) for code in sorted(codes)])
    assert all(
        mixed[codes.index(code), month] == plain[n, month]
        for n, code in enumerate(sorted(codes))
        for month in (1, 2, 3)
    )


# --- the model ------------------------------------------------------------------------------------------------------


@FEW
@given(small.cases(replanned=False))
def test_the_distance_is_the_exact_sum_of_what_each_month_is_off(case):
    lines, rooms = small.problem(*case[:2])
    for members in small.apart(lines):
        answer = closest(members, {team: rooms[team] for team in small.teams_of(members)}, Limits(overload=None))
        best = min(small.distance_of(members, rooms, plan) for plan in small.all_plans(members))
        assert answer.proved
        assert answer.value == answer.bound == small.distance_of(members, rooms, answer.visits) == best


@FEW
@given(small.cases())
def test_overload_and_moves_are_counted_as_they_are(case):
    lines, rooms = small.problem(case[0], case[1], **case[2])
    for members in small.apart(lines):
        own = {team: rooms[team] for team in small.teams_of(members)}
        for what, count in (
            ("overload", lambda plan: small.overload_of(members, rooms, plan)),  # noqa: B023
            ("moves", lambda plan: small.moves_of(members, plan)),  # noqa: B023
        ):
            model = build(members, own, Limits(overload=None))
            answer = minimise(model, getattr(model, what))
            assert answer.value == count(answer.visits) == min(count(plan) for plan in small.all_plans(members))


def test_a_load_that_no_plan_keeps_to_has_no_answer():
    limits = Limits({"大队": Fraction(1, 4)})
    assert closest([line()], ROOM, limits) is None
    assert closest([line()], ROOM, Limits({"大队": Fraction(1, 2)})) is not None


def test_no_overload_means_that_capacity_is_kept():
    assert closest([line(visits=7)], ROOM, Limits()) is None
    assert closest([line(visits=7)], ROOM, Limits(overload=1)) is None
    assert closest([line(visits=7)], ROOM, Limits(overload=2)) is not None


def test_no_more_visits_are_moved_than_the_limit_allows():
    published = line(visits=3, published=(3, 0, 0))
    moved = [closest([published], {"大队": {1: 6, 2: 6, 3: 6}}, Limits(moves=n)).visits[0, 1] for n in (0, 1, 2)]
    assert moved == [3, 2, 1]


@FEW
@given(small.cases(replanned=False), st.data())
def test_the_model_never_says_more_than_a_plan_costs_and_says_where_it_says_less(case, data):
    lines, rooms = small.problem(*case[:2])
    for members in small.apart(lines):
        room = {team: rooms[team] for team in small.teams_of(members)}
        plan = data.draw(st.sampled_from(list(small.all_plans(members))))
        distance, squares = small.distance_of(members, room, plan), exact.squares_of(members, room)
        for zones in ({}, zones_within(members, room, distance)):
            model = build(members, room, Limits(overload=None), zones=zones)
            for cell, visits in plan.items():
                model.solver_model.add(model.visits[cell] == visits)
            cost = (minimise(model, model.deviation).value + model.constant) * MILLI + squares
            assert cost <= distance
            assert cost == distance or model.beyond(plan)
        assert not model.beyond(plan)


def test_one_visit_three_off_costs_as_much_as_nine_one_off():
    even, heap = {(0, 1): 2, (0, 2): 2, (0, 3): 2}, {(0, 1): 5, (0, 2): 1, (0, 3): 0}
    lines = [line(visits=6)]
    assert exact.distance_of(lines, ROOM, even) == 0
    assert exact.distance_of(lines, ROOM, heap) == (9 + 1 + 4) * MILLI**2


def test_a_plan_far_from_its_targets_is_the_best_all_the_same():
    lines = [line("P01", (1, 2, 3), 12, 2), line("P02", (1,), 10, 2)]
    room = {"大队": {1: 20, 2: 20, 3: 4}}
    answer = closest(lines, room, Limits(overload=None, spare={"大队": {}}))
    best = min(
        (plan for plan in small.all_plans(lines) if not small.overload_of(lines, room, plan)),
        key=lambda plan: small.distance_of(lines, room, plan),
    )
    assert answer.proved
    assert answer.value == answer.bound == small.distance_of(lines, room, best)
    assert max(abs(answer.visits[0, month] - 4) for month in (1, 2, 3)) > 3


def test_of_a_very_large_plan_the_objective_stays_a_whole_number_the_solver_can_hold():
    months = tuple(range(1, 13))
    lines = [line(f"P{n:03}", months, 66) for n in range(300)]
    weights = lateness_weights(lines)
    late = sum(max(weights[n, month] for month in months) * 66 for n in range(300))
    assert late * sum(12 * 66**2 * MILLI for _ in lines) < 2**62


# --- one plan and the same ------------------------------------------------------------------------------------------


@trials(25)
@given(st.lists(st.sampled_from([(1, 2), (3, 2), (1, 4), (2, 4), (3, 4), (2, 3)]), min_size=1, max_size=2))
def test_of_equally_good_plans_the_one_with_earlier_visits_in_the_first_lines_is_taken(shapes):
    lines = [line(f"P{n}", tuple(range(1, months + 1)), visits) for n, (visits, months) in enumerate(shapes)]
    room = {"大队": dict.fromkeys(range(1, 5), 40)}  # months alike, so that many plans are as close
    with pytest.MonkeyPatch.context() as patch:  # no tie-break in the objective: every tie is left to `only`
        none = {(n, month): 0 for n, each in enumerate(lines) for month in each.months}
        patch.setattr(exact, "lateness_weights", lambda _: none)
        answer = closest(lines, room, Limits())
    plans = [(small.distance_of(lines, room, plan), plan) for plan in small.all_plans(lines)]
    least = min(distance for distance, _ in plans)
    assert answer.visits == max((plan for distance, plan in plans if distance == least), key=lambda p: [*p.values()])


def test_with_the_tie_break_the_earliest_months_are_taken():
    answer = closest([line(months=(1, 2, 3, 4), visits=2)], {"大队": dict.fromkeys(range(1, 5), 40)}, Limits())
    assert answer.visits == {(0, 1): 1, (0, 2): 1, (0, 3): 0, (0, 4): 0}


@trials(25)
@given(small.cases(replanned=False), st.integers(0, 2**31 - 1), st.integers(1, 2))
def test_seeds_and_workers_of_the_solver_give_the_same_plan(case, seed, workers):
    lines, rooms = small.problem(*case[:2])
    for members in small.apart(lines):
        own = {team: rooms[team] for team in small.teams_of(members)}
        plain = closest(members, own, Limits(overload=None))
        assert closest(members, own, Limits(overload=None), random_seed=seed, num_workers=workers) == plain


@pytest.mark.parametrize("parameters", [{"random_seed": 7}, {"random_seed": 8, "num_workers": 2}])
def test_the_demo_plan_is_the_same_for_every_seed_and_number_of_workers(hard, parameters):
    lines, rooms, limits, best = hard
    assert closest(lines, rooms, limits, **parameters) == best


def test_a_setting_the_solver_does_not_know_is_an_error():
    with pytest.raises((AttributeError, ValueError, TypeError)):
        closest([line()], ROOM, Limits(), no_such_setting=1)


# --- when a search ends without a proof -------------------------------------------------------------------------------


def test_a_plan_found_but_not_proved_says_so_with_its_own_distance_and_a_true_bound(hard):
    lines, rooms, limits, best = hard
    first = closest(lines, rooms, limits, stop_after_first_solution=True)
    assert best.proved
    assert first.proved == (first == best)
    assert first.value == small.distance_of(lines, rooms, first.visits)
    assert first.bound <= best.value <= first.value


def test_the_only_plan_is_not_called_proved_when_the_solver_could_not_prove_it(hard, monkeypatch):
    lines, rooms, limits, best = hard
    monkeypatch.setattr(exact, "minimise", lambda *given, **more: replace(minimise(*given, **more), proved=False))
    answer = closest(lines, rooms, limits)
    assert not answer.proved
    assert answer.bound <= best.value <= answer.value


def test_a_search_that_ends_without_a_plan_is_an_error_and_not_an_answer(hard):
    lines, rooms, limits, _ = hard
    with pytest.raises(Unsolved, match="没有得到方案"):
        closest(lines, rooms, limits, Work(0.0))


@pytest.mark.parametrize("work", [0, 1e-6, 1e-4, 5e-4, 1e-3, 2e-3])
def test_however_short_the_search_nothing_is_called_proved_that_is_not_the_best(hard, work):
    lines, rooms, limits, best = hard
    try:
        answer = closest(lines, rooms, limits, Work(work))
    except Unsolved:
        return
    assert not answer.proved or answer == best
    assert answer.bound <= best.value <= answer.value


def unlucky() -> tuple[list[Line], dict]:
    """A small plan on which the first search runs for minutes without any plan, and the second for a moment."""
    rows = [
        ((2, 3), 9, "乙", (("乙", 2),), (5, 4), None),
        ((1, 2, 3, 4), 8, "乙", (("乙", 5),), (4, 0, 3, 1), (1, 100, 10, 10)),
        ((2, 3, 4, 5), 2, "乙", (("乙", 3), ("甲", 5)), (0, 0, 1, 1), (1, 100, 100, 1)),
        ((1, 2, 3, 4, 5), 7, "甲", (("甲", 2),), (3, 1, 1, 2, 0), (10, 100, 1, 10, 1)),
        ((2, 3), 8, "甲", (("甲", 4),), (6, 2), (1, 10)),
        ((4, 5), 1, "甲", (("甲", 1),), (0, 1), (100, 1)),
    ]
    rooms = {"甲": dict(enumerate((9, 11, 0, 9, 0), 1)), "乙": dict(enumerate((15, 10, 12, 12, 15), 1))}
    return [Line(f"P{n}", 1, *row) for n, row in enumerate(rows)], rooms


def test_an_unlucky_search_is_begun_again_in_another_way_and_ends(monkeypatch):
    monkeypatch.setattr(exact, "PATIENCE", 0.05)
    lines, rooms = unlucky()
    plan, proof = stages.solve(lines, rooms)
    assert proof["proved"].all()
    best = milp.optimum(lines, rooms)
    values = proof.groupby("stage")["value"].sum()
    assert (values[Stage.OVERLOAD] * 2, values[Stage.MOVES]) == (best.overload, best.moves)
    assert values[Stage.DISTANCE] == pytest.approx(best.distance, abs=1e-4)
    assert sum(plan.values()) == sum(line.visits for line in lines)


@pytest.mark.parametrize("patience", [0.0, 1e-4, 1e-3])
def test_a_search_begun_again_from_what_it_had_finds_the_same_plan(hard, monkeypatch, patience):
    lines, rooms, limits, best = hard
    searches = []
    plain = exact._search
    monkeypatch.setattr(exact, "PATIENCE", patience)
    monkeypatch.setattr(exact, "_search", lambda *given: searches.append(given[2]) or plain(*given))
    assert closest(lines, rooms, limits) == best
    assert searches[0] == patience
    assert searches[1] <= exact.WORK


def tight() -> tuple[list[Line], dict]:
    """Lines that just fill the months of three teams: how little overload they need is hard to prove."""
    draw, months = Random(3), tuple(range(1, 13))
    lines = [
        Line(f"P{n}", 1, months, draw.randint(20, 60), lead, ((lead, draw.randint(2, 7)), ("丙", draw.randint(1, 3))))
        for n, lead in enumerate("甲乙" * 6)
    ]
    need = {team: sum(line.visits * dict(line.efforts).get(team, 0) for line in lines) for team in "甲乙丙"}
    return lines, {team: {month: need[team] // 12 + draw.randint(0, 3) for month in months} for team in need}


@pytest.mark.parametrize("patience", [1.0, 1e-3])
def test_a_plan_of_a_limited_search_is_the_same_every_time(monkeypatch, patience):
    monkeypatch.setattr(exact, "PATIENCE", patience)
    lines, rooms = tight()
    models = [build(lines, rooms, Limits(overload=None), aim=False) for _ in range(3)]
    first, *others = [minimise(model, model.overload, Work(0.01)) for model in models]
    assert patience < 1 or not first.proved
    assert others == [first, first]
    assert first.bound <= first.value


def test_infeasible_is_told_from_not_found_in_time():
    model = build([line(visits=7)], ROOM, Limits())
    assert minimise(model, 0) is None


def test_lines_of_the_demo_go_in_with_the_effort_of_every_team(demo):
    lines, _ = small.problem(demo.tasks, demo.capacity)
    assert [(x.task_id, x.period, x.visits) for x in lines if x.task_id == "P08"] == [("P08", 1, 4), ("P08", 2, 4)]
    halves = efforts(demo.tasks).assign(halves=lambda table: table["days_per_visit"] * 2)
    by_task = {code: dict(zip(rows["team"], rows["halves"], strict=True)) for code, rows in halves.groupby("task_id")}
    assert all(dict(x.efforts) == {t: h for t, h in by_task[x.task_id].items() if h} for x in lines)
