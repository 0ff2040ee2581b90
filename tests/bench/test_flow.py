"""The exact plan by flow."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.months import exact
from enforce.planning.months.exact import Limits, Line, Span
from enforce.planning.months.level import level_bound
from tests.bench import flow
from tests.planning import small
from tests.work import trials

TEAM = "大队"
MONTHS = (1, 2, 3, 4)
windows = st.sets(st.sampled_from(MONTHS), min_size=1).map(lambda months: tuple(sorted(months)))


def line(code: str, months: tuple[int, ...], visits: int, effort: int = 2, **rest) -> Line:
    return Line(code, 1, months, visits, TEAM, ((TEAM, effort),), **rest)


@st.composite
def plans(draw, most: int = 12, lines: int = 5):
    """Lines whose visits all take the same half-days, and what the months of their team hold."""
    effort = draw(st.integers(1, 4))
    shapes = draw(st.lists(st.tuples(windows, st.integers(1, most)), min_size=1, max_size=lines))
    room = draw(st.fixed_dictionaries({month: st.integers(0, 60) for month in MONTHS}))
    return [line(f"P{n:02}", months, visits, effort) for n, (months, visits) in enumerate(shapes)], {TEAM: room}


def at_lowest(lines: list[Line], room: dict) -> Limits:
    return Limits({TEAM: level_bound(small.demands(lines, TEAM), room[TEAM])})


@trials(200)
@given(plans(), st.booleans())
def test_the_flow_finds_the_plan_the_search_finds(plan, level):
    lines, room = plan
    limits = at_lowest(lines, room) if level else Limits()
    found, searched = flow.closest(lines, room, limits), exact.closest(lines, room, limits)
    assert found is None or found == searched
    assert found is not None or searched is None or _ties(lines, room, limits) > 1


def _ties(lines: list[Line], room: dict, limits: Limits) -> int:
    """How many plans are as close as the closest, and as early."""
    level = Fraction(1) if limits.levels is None else min(limits.levels[TEAM], Fraction(1))
    weights, scores = flow.lateness_weights(lines), []
    for plan in small.all_plans(lines):
        loads = {m: sum(n * lines[p].efforts[0][1] for (p, at), n in plan.items() if at == m) for m in MONTHS}
        if all(loads[m] <= min(room[TEAM][m], level * max(room[TEAM][m], 1)) for m in MONTHS):
            scores.append((small.distance_of(lines, room, plan), sum(weights[c] * n for c, n in plan.items())))
    return scores.count(min(scores))


@trials(100)
@given(plans(most=3, lines=3))
def test_a_plan_is_taken_exactly_when_no_other_is_as_good(plan):
    lines, room = plan
    with pytest.MonkeyPatch.context() as patch:  # without a tie-break there are many ties
        patch.setattr(flow, "lateness_weights", lambda _: {(n, m): 0 for n, each in enumerate(lines) for m in MONTHS})
        found, limits = flow.closest(lines, room, Limits()), Limits()
        possible = exact.closest(lines, room, limits) is not None
        assert (found is not None) == (possible and _ties(lines, room, limits) == 1)


def test_changes_round_a_ring_of_months_that_cost_nothing_are_another_plan():
    ring = [(0, 2, 0), (2, 1, 0), (1, 3, 0), (3, 0, 0)]
    assert not flow._only(ring, 4)
    assert flow._only([*ring[:-1], (3, 0, 1)], 4)
    assert not flow._only([(0, 1, 0), (1, 0, 0), (1, 2, 0), (2, 1, 0), (0, 2, 0)], 3)
    assert not flow._only([(0, 1, 0), (1, 0, 0), (1, 2, 0), (2, 1, 0), (0, 2, 0), (2, 0, 0)], 3)


def test_a_ring_that_costs_less_than_nothing_is_never_called_the_best():
    assert not flow._only([(0, 1, -3), (1, 2, 1), (2, 0, 1)], 3)


# --- where it applies -----------------------------------------------------------------------------------------------

LINES = [line("P01", (1, 2), 3), line("P02", (2, 3), 2)]
ROOM = {TEAM: dict.fromkeys(MONTHS, 8)}


@pytest.mark.parametrize(
    ("lines", "room", "limits"),
    [
        ([*LINES, line("P03", (1,), 1, effort=4)], ROOM, Limits()),
        ([*LINES, Line("P03", 1, (1,), 1, TEAM, ())], ROOM, Limits()),
        ([*LINES, Line("P03", 1, (1,), 1, "科", (("科", 2),))], {**ROOM, "科": ROOM[TEAM]}, Limits()),
        ([Line("P03", 1, (1,), 1, TEAM, ((TEAM, 2), ("科", 2)))], {**ROOM, "科": ROOM[TEAM]}, Limits()),
        ([replace(LINES[0], lead="科")], ROOM, Limits()),
        (LINES, ROOM, Limits(overload=None)),
        (LINES, ROOM, Limits(overload=2)),
        (LINES, ROOM, Limits(moves=1)),
        (LINES, ROOM, Limits(spans=(Span(frozenset({"P01"}), frozenset({1})),))),
    ],
    ids=[
        "two lengths",
        "no effort",
        "two teams",
        "shared",
        "led elsewhere",
        "any overload",
        "overload",
        "moves",
        "span",
    ],
)
def test_what_is_no_flow_is_left_to_the_search(lines, room, limits):
    assert flow.applies(LINES, ROOM, Limits())
    assert not flow.applies(lines, room, limits)


def test_numbers_too_great_for_the_flow_are_left_to_the_search(monkeypatch):
    monkeypatch.setattr(flow, "GREATEST", 1000)
    assert flow.closest(LINES, ROOM, Limits()) is None
