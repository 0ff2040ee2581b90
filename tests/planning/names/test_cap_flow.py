"""What caps make impossible: the flow against every choice of units, tried one by one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.names.cap_flow import PoolDemand, cap_shortfalls

UNITS = "甲乙丙"


@st.composite
def demands(draw: st.DrawFn) -> tuple[list[PoolDemand], dict[str, int]]:
    """One to three lines with small pools, some with a cap of their own, and room for some of the units."""
    lines = []
    for n in range(draw(st.integers(1, 3))):
        pool = {unit: draw(st.integers(1, 2)) for unit in sorted(draw(st.sets(st.sampled_from(UNITS))))}
        caps = {unit: draw(st.integers(0, 2)) for unit in pool if draw(st.booleans())}
        lines.append(PoolDemand(f"P{n}", draw(st.integers(0, 5)), pool, caps, shared=draw(st.booleans())))
    rooms = {unit: draw(st.integers(0, 3)) for unit in UNITS if draw(st.booleans())}
    return lines, rooms


def most_visits(lines: list[PoolDemand], rooms: dict[str, int]) -> int:
    """The most visits of any choice, by trying them all."""
    cells = [(n, unit) for n, line in enumerate(lines) for unit in line.pool]
    spans = [range(min(lines[n].most(unit), lines[n].visits) + 1) for n, unit in cells]
    best = 0
    for choice in product(*spans):
        made = dict(zip(cells, choice, strict=True))
        by_line = [sum(count for (n, _), count in made.items() if n == place) for place in range(len(lines))]
        filled = {
            unit: sum(count for (n, each), count in made.items() if each == unit and lines[n].shared) for unit in UNITS
        }
        fits = all(count <= line.visits for count, line in zip(by_line, lines, strict=True))
        if fits and all(filled[unit] <= room for unit, room in rooms.items()):
            best = max(best, sum(by_line))
    return best


@given(demands())
def test_the_missing_visits_are_those_of_the_best_choice_tried_by_hand(case):
    lines, rooms = case
    shortfalls = cap_shortfalls(lines, rooms)
    asked = sum(line.reachable for line in lines)
    assert sum(shortfall.missing_visits for shortfall in shortfalls) == asked - most_visits(lines, rooms)
    assert all(shortfall.missing_visits > 0 for shortfall in shortfalls)


@given(demands())
def test_the_units_named_bind_more_room_for_them_all_and_the_lines_fit(case):
    lines, rooms = case
    for shortfall in cap_shortfalls(lines, rooms):
        named = [line for line in lines if line.task_id in shortfall.task_ids]
        wider = [PoolDemand(line.task_id, line.visits, line.pool, {}, line.shared) for line in named]
        free = {unit: room for unit, room in rooms.items() if unit not in shortfall.unit_ids}
        assert sum(part.missing_visits for part in cap_shortfalls(wider, free)) < shortfall.missing_visits
        assert 0 <= shortfall.merged_missing <= shortfall.missing_visits


def test_a_pool_that_is_too_small_is_no_fault_of_the_caps():
    assert cap_shortfalls([PoolDemand("P01", 9, {"甲": 1})], {"甲": 5}) == ()


def test_a_unit_without_a_cap_takes_whatever_is_planned():
    assert cap_shortfalls([PoolDemand("P01", 2, {"甲": 2}), PoolDemand("P02", 2, {"甲": 2})], {}) == ()


def test_lines_that_share_no_binding_unit_are_told_apart():
    lines = [PoolDemand("P01", 2, {"甲": 2}), PoolDemand("P02", 3, {"乙": 3, "丙": 1})]
    first, second = cap_shortfalls(lines, {"甲": 1, "乙": 0})
    assert (first.task_ids, first.unit_ids, first.missing_visits) == (("P01",), ("甲",), 1)
    assert (second.task_ids, second.unit_ids, second.missing_visits) == (("P02",), ("乙",), 2)


@pytest.mark.parametrize(("room", "merged"), [(1, 0), (0, 2)])
def test_whether_merged_entries_would_do_is_told(room, merged):
    lines = [PoolDemand("P01", 1, {"甲": 1}), PoolDemand("P02", 1, {"甲": 1})]
    (shortfall,) = cap_shortfalls(lines, {"甲": room})
    assert (shortfall.missing_visits, shortfall.merged_missing) == (2 - room, merged)


def test_a_cap_of_the_line_itself_binds_without_room_of_the_units():
    (shortfall,) = cap_shortfalls([PoolDemand("P01", 4, {"甲": 2, "乙": 2}, {"甲": 1}, shared=False)], {})
    assert (shortfall.unit_ids, shortfall.missing_visits) == (("甲",), 1)
