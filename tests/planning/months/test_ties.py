"""Teams tied by joint lines: both solvers come to the same plan, and what is called proved is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf
from random import Random

import pytest

from enforce.planning.months import exact, stages, ties
from enforce.planning.months.exact import Answer, Limits, Line, Span, Step, Work
from enforce.planning.months.loads import COMFORTABLE, Group, lowered, settled
from enforce.words.problems import Impossible
from tests.planning import small

SEEDS = range(12)


def drawn(seed: int) -> ties.Tied:
    """Two or three teams that share lines, at their least overload and lowest loads; some with spans."""
    draw = Random(seed)
    teams = "甲乙丙"[: draw.randint(2, 3)]
    lines = []
    for n in range(draw.randint(4, 6)):
        months = tuple(sorted(draw.sample(range(1, 7), draw.randint(2, 5))))
        pair = draw.sample(teams, 2)
        efforts = ((pair[0], draw.randint(1, 5)), (pair[1], draw.randint(1, 4)))[: draw.randint(1, 2)]
        lines.append(Line(f"P{n}", 1, months, draw.randint(2, 9), pair[0], efforts))
    need = {team: sum(x.visits * dict(x.efforts).get(team, 0) for x in lines) for team in teams}
    room = {
        team: {m: max(need[team] // draw.choice((3, 5, 6)), 1) + draw.randint(0, 3) for m in range(1, 7)}
        for team in teams
    }
    spans = (Span(frozenset({"P0"}), frozenset(lines[0].months[:1]), most=1),) if seed % 2 else ()
    group, limits = Group(lines, room), Limits(spans=spans)
    try:
        overload, plan = stages.least_overload(group, limits)
    except Impossible:
        return drawn(seed + 1000)
    limits = replace(limits, overload=overload["value"])
    plan, _ = lowered(group, limits, plan)
    return ties.Tied(lines, room, settled(limits, group.highest(plan), group.bounds, COMFORTABLE))


def begun(tied: ties.Tied) -> Answer:
    """Any plan, with no bound yet."""
    plan, _ = Group(tied.lines, tied.capacity).plan_at(tied.limits)
    return Answer(dict(plan), tied.distance(plan), 0, False)


def other(tied: ties.Tied) -> Answer:
    """The answer of the second solver alone."""
    return ties.earliest(tied, ties.nearest(tied, begun(tied), Work()), Work())


def test_some_of_the_plans_drawn_are_short_of_days_and_some_are_not():
    assert 2 < sum(drawn(seed).limits.overload > 0 for seed in SEEDS) < len(SEEDS) - 2


@pytest.mark.parametrize("seed", SEEDS)
def test_both_solvers_come_to_the_same_nearest_earliest_and_only_plan(seed):
    tied = drawn(seed)
    answer = exact.closest(tied.lines, tied.capacity, tied.limits)
    assert answer.proved
    assert other(tied) == ties.closest(tied.lines, tied.capacity, tied.limits) == answer


@pytest.mark.parametrize("seed", SEEDS)
def test_a_search_that_ends_at_once_calls_nothing_proved_that_is_not_and_is_the_same_twice(seed):
    tied = drawn(seed)
    best, plan = other(tied), begun(tied).visits
    short = [ties.closest(tied.lines, tied.capacity, tied.limits, Work(1e-4), plan) for _ in range(2)]
    assert short[0] == short[1]
    assert short[0].bound <= best.value <= short[0].value
    assert not short[0].proved or short[0] == best


@pytest.mark.parametrize("easy", [1e-4, 1e-3])
def test_what_the_first_solver_leaves_the_second_ends(easy, monkeypatch):
    monkeypatch.setattr(ties, "EASY", easy)
    tied = drawn(3)
    assert ties.closest(tied.lines, tied.capacity, tied.limits, Work(1.0), begun(tied).visits) == other(tied)


def test_where_no_plan_keeps_to_the_limits_there_is_none():
    tied = drawn(0)
    assert ties.closest(tied.lines, tied.capacity, Limits(dict.fromkeys(tied.capacity, COMFORTABLE / 9))) is None


def test_steps_bind_the_second_solver_too():
    lines = [Line(f"P{n}", 1, (1, 2), 4, team, ((team, 2), ("丙", 1))) for n, team in enumerate("甲乙")]
    room = {"甲": {1: 12, 2: 4}, "乙": {1: 12, 2: 4}, "丙": {1: 20, 2: 20}}
    levels = dict.fromkeys(room, Fraction(1))
    tied = ties.Tied(lines, room, Limits(levels, steps=(Step(Fraction(1, 2), 1, ("甲", "乙")),)))
    plans = [each for each in small.all_plans(lines) if tied.keeps(each)]
    assert other(tied).value == min(map(tied.distance, plans))
    assert other(tied) == exact.closest(lines, room, tied.limits)


@pytest.mark.parametrize(("wrong", "bound"), [(-1e-5, 1), (1e-5, 1), (-1.4e-3, 1), (-1.6e-3, 0), (-inf, 0)])
def test_of_a_bound_in_decimals_only_what_its_error_leaves_is_taken(wrong, bound, monkeypatch):
    tied = drawn(0)
    best = other(tied)
    monkeypatch.setattr(ties._Program, "least", lambda *_: (None, wrong))  # "no plan is nearer than yours", about
    answer = ties.nearest(tied, Answer(best.visits, best.value, 0, False), Work())
    assert (answer.bound == answer.value) == bool(bound)
    assert answer.bound <= best.value


def test_a_plan_that_does_not_keep_to_the_limits_is_not_taken(monkeypatch):
    tied = drawn(0)
    plan = begun(tied)
    monkeypatch.setattr(ties.Tied, "keeps", lambda *_: False)
    assert ties.nearest(tied, plan, Work()).visits == plan.visits
