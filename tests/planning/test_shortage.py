"""What does not fit: the smallest locked set in one sentence, and ways out that were solved and fit."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforce.planning.exact import Line
from enforce.planning.shortage import months_text, sentence, shortage_table, shortages, ways_out

NAMES = {code: code for code in ("P01", "P02", "P03", "P04")}


def line(code, months, visits, effort=2):
    return Line(code, 1, tuple(months), visits, "甲", (("甲", effort),))


def room(*halves):
    return {"甲": dict(enumerate(halves, 1))}


def out(lines, capacity, **more):
    given = {"reserve": {"甲": {}}, "officers": dict.fromkeys(NAMES, 1), "names": NAMES, "most": 5, **more}
    return ways_out(lines, capacity, **given)


def test_the_sentence_tells_need_room_and_difference():
    lines = [line("P01", (1, 2, 3), 10), line("P02", (1, 2, 3), 9), line("P03", range(1, 13), 5)]
    found = shortages(lines, room(*[10] * 12))
    assert [sentence(one) for one in found] == ["一季度 2 项任务（P01、P02）需 19 人日，甲可用 15 人日，差 4 人日"]


def test_a_plan_that_fits_has_no_shortage_and_no_way_out():
    lines = [line("P01", (1, 2), 2)]
    assert shortage_table(lines, room(4, 4)).empty
    assert out(lines, room(4, 4)).empty


def test_what_fits_in_half_days_and_not_in_whole_visits_is_told_as_such():
    table = shortage_table([line("P01", (1, 2), 2, effort=4)], room(5, 3))
    assert "整家次放不下" in table["message"][0]
    assert table["overload_days"].tolist() == [0.5]


LINES = st.lists(
    st.tuples(st.sets(st.integers(1, 4), min_size=1), st.integers(1, 5), st.sampled_from((2, 4))),
    min_size=1,
    max_size=4,
)


def made(drawn):
    return [line(f"P0{n}", sorted(months), visits, effort) for n, (months, visits, effort) in enumerate(drawn, 1)]


@settings(max_examples=300, deadline=None)
@given(LINES, st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_the_locked_set_is_a_proof_and_none_of_its_lines_can_be_left_out(drawn, halves):
    lines, capacity = made(drawn), room(*halves)

    def violates(members):
        months = {month for member in members for month in member.months}
        need = sum(member.visits * effort for member in members for _, effort in member.efforts)
        return need > sum(capacity["甲"][month] for month in months)

    sets = [group for size in range(1, len(lines) + 1) for group in combinations(lines, size) if violates(group)]
    found = shortages(lines, capacity)
    assert bool(found) == bool(sets)
    for one in found:
        assert violates(one.lines)
        assert not any(violates(group) for size in range(1, len(one.lines)) for group in combinations(one.lines, size))


@settings(max_examples=80, deadline=None)
@given(LINES, st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_a_plan_that_does_not_fit_is_never_without_a_sentence(drawn, halves):
    lines = made(drawn)
    table, ways = shortage_table(lines, room(*halves)), out(lines, room(*halves))
    assert table.empty == ways.empty
    assert ways["days"].is_monotonic_increasing


def test_visits_move_beyond_the_window_where_there_is_room():
    ways = out([line("P01", (1,), 5)], room(6, 20)).set_index("way")
    assert ways.loc["移到允许月份之后", ["visits", "days"]].tolist() == [2, 2.0]
    assert "P01 2 家次移到 2 月" in ways.loc["移到允许月份之后", "message"]


def test_fewer_visits_and_borrowed_days_have_their_least_price():
    ways = out([line("P01", (1,), 5)], room(6)).set_index("way")
    assert ways.loc["调减家次", ["visits", "days"]].tolist() == [2, 2.0]
    assert ways.loc["借用人员", ["visits", "days"]].tolist() == [0, 2.0]
    assert "移到允许月份之后" not in ways.index


def test_the_reserve_is_offered_only_where_it_is_enough():
    lines = [line("P01", (1,), 5)]
    assert "动用留有余地" in set(out(lines, room(6), reserve={"甲": {1: 4}})["way"])
    assert "动用留有余地" not in set(out(lines, room(6), reserve={"甲": {1: 3}})["way"])


def test_shorter_visits_are_offered_where_they_fit():
    ways = out([line("P01", (1,), 5)], room(6)).set_index("way")
    assert ways.loc["缩短每次时间", ["visits", "days"]].tolist() == [5, 2.5]


def test_at_most_three_ways_are_told_the_cheapest_first():
    ways = out([line("P01", (1,), 5)], room(6, 20), reserve={"甲": {1: 4}}, most=3)
    assert len(ways) == 3
    assert ways["days"].is_monotonic_increasing


@pytest.mark.parametrize(("months", "text"), [((1, 2, 3), "一季度"), ((3, 4), "3、4 月"), (range(1, 13), "全年")])
def test_months_are_named_as_planners_do(months, text):
    assert months_text(months) == text
