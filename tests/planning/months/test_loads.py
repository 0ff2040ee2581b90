"""The highest load of any team as low as can be, then the highest of the others."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enforce.planning.months import loads as module
from enforce.planning.months import stages
from enforce.planning.months.exact import Limits, Line, closest
from enforce.planning.months.loads import Group, lowest, settled
from enforce.words.terms import Stage
from tests.planning import small
from tests.planning.exactness import bounds_not_met
from tests.work import trials

NONE = Fraction(0)


def issue() -> tuple[list[Line], dict]:
    """The case of two teams whose highest load is 7/12 and was called 3/5."""
    lines = [
        Line("T1", 1, (1, 2, 3, 4), 4, "乙", (("乙", 4), ("甲", 3))),
        Line("T2", 1, (2, 4), 1, "甲", (("甲", 4),)),
    ]
    return lines, {"甲": {1: 16, 2: 12, 3: 10, 4: 10}, "乙": {1: 10, 2: 8, 3: 20, 4: 20}}


def loads_of(proof) -> dict[str, tuple]:
    rows = proof[proof["stage"] == Stage.LOAD]
    return {row.team: (row.value, row.bound, row.proved) for row in rows.itertuples()}


def test_the_highest_load_of_two_teams_together_is_lower_than_of_one_after_the_other():
    lines, rooms = issue()
    _, proof = stages.solve(lines, rooms, comfortable=NONE)
    best = min(small.highest_of(small.levels_of(lines, rooms, plan), NONE) for plan in small.all_plans(lines))
    assert best[0] == Fraction(7, 12)
    told = loads_of(proof)
    assert sorted((value for value, _, _ in told.values()), reverse=True) == [float(load) for load in best]
    assert all(value == bound and proved for value, bound, proved in told.values())


def test_a_load_that_is_comfortable_is_not_lowered_and_has_no_bound():
    lines, rooms = issue()
    _, proof = stages.solve(lines, rooms, comfortable=Fraction(85, 100))
    rows = proof[proof["stage"] == Stage.LOAD]
    assert rows["bound"].isna().all()
    assert (rows["comfortable_load"] == 0.85).all()
    assert (rows["value"] <= 0.85).all()
    assert rows["proved"].all()


@st.composite
def tied(draw: st.DrawFn) -> tuple[list[Line], dict, Fraction]:
    """Lines of two or three teams, most of them shared, some of them published."""
    teams, months = ["甲", "乙", "丙"][: draw(st.integers(2, 3))], (1, 2, 3)
    lines = []
    for n in range(draw(st.integers(2, 4))):
        window = tuple(sorted(draw(st.sets(st.sampled_from(months), min_size=2))))
        efforts = tuple((team, draw(st.integers(1, 5))) for team in teams if draw(st.integers(0, 3)))
        efforts = efforts or ((teams[0], 2),)
        lines.append(Line(f"P{n}", 1, window, draw(st.integers(1, 4)), efforts[0][0], efforts))
    rooms = {team: {month: draw(st.integers(1, 14)) for month in months} for team in teams}
    assume(small.ways(lines) <= 1500)
    return lines, rooms, draw(st.sampled_from([NONE, Fraction(1, 2), Fraction(85, 100)]))


@trials(150)
@given(tied())
def test_no_plan_of_tied_teams_has_lower_loads_from_the_highest_down(case):
    lines, rooms, comfortable = case
    _, proof = stages.solve(lines, rooms, comfortable=comfortable)
    assert proof["proved"].all()
    for members in small.apart(lines):
        worth = small.judge(members, rooms, comfortable)
        best = min(map(worth, small.all_plans(members)))
        told = loads_of(proof)
        loads = {team: told[team][0] for team in small.teams_of(members)}
        assert small.highest_of(loads, float(comfortable)) == tuple(map(float, best[2]))
        assert not list(bounds_not_met(proof, list(loads)))
        scope = "、".join(small.teams_of(members))
        row = proof[(proof["stage"] == Stage.DISTANCE) & (proof["team"] == scope)].iloc[0]
        assert row["value"] == row["bound"] == best[3] / 1e6


@trials(60)
@given(tied())
def test_a_bound_made_too_high_is_seen(case):
    """What the tests above see: a bound above what a plan attains is not the load of the plan."""
    lines, rooms, _ = case
    plain = module.level_bound
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "level_bound", lambda *given: plain(*given) + 1000)
        _, proof = stages.solve(lines, rooms, comfortable=NONE)
    assert list(bounds_not_met(proof, small.teams_of(lines)))


def test_a_search_that_wrongly_says_never_is_seen(monkeypatch):
    lines, rooms = issue()
    monkeypatch.setattr(Group, "plan_at", lambda *given: (None, True))
    monkeypatch.setattr(stages, "closest", lambda *given: None if len(given) == 4 else closest(*given))
    _, proof = stages.solve(lines, rooms, comfortable=NONE)
    best = min(small.highest_of(small.levels_of(lines, rooms, plan), NONE) for plan in small.all_plans(lines))
    assert max(value for value, _, _ in loads_of(proof).values()) > best[0]


@trials(60)
@given(tied())
def test_the_limits_settled_are_those_of_the_plans_whose_loads_are_as_low(case):
    lines, rooms, comfortable = case
    rooms = {team: rooms[team] for team in small.teams_of(lines)}
    plans = list(small.all_plans(lines))
    worths = [(small.highest_of(small.levels_of(lines, rooms, plan), comfortable), plan) for plan in plans]
    best = min(loads for loads, _ in worths)
    group = Group(lines, rooms, comfortable)
    plan = next(plan for loads, plan in worths if loads == best)
    limits = settled(Limits(overload=None), group.highest(plan), group.bounds, comfortable)
    for loads, other in worths:
        levels = small.levels_of(lines, rooms, other)
        within = all(levels[team] <= limits.levels[team] for team in rooms) and all(
            sum(levels[team] > step.load for team in step.teams) <= step.most for step in limits.steps
        )
        assert within == (loads == best)


@trials(100)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_least_load_is_found_and_a_question_left_open_lowers_only_the_floor(least, more, start, random):
    start = min(start, least)

    def ask(load, plan):
        if random.random() < 0.3:
            return None, False
        return ({"load": random.randint(least, int(load))}, False) if load >= least else (None, True)

    plan, floor = lowest(ask, lambda plan: plan["load"], {"load": least + more}, Fraction(start), lambda load: load + 1)
    assert floor <= least <= plan["load"] <= least + more
    sure = lowest(
        lambda load, plan: ({"load": int(load)}, False) if load >= least else (None, True),
        lambda plan: plan["load"],
        {"load": least + more},
        Fraction(start),
        lambda load: load + 1,
    )
    assert (sure[0]["load"], sure[1]) == (least, least)
