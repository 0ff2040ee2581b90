"""The level load."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.months.level import Demand, Room, fillings, level_bound, locked, next_load, rooms, smallest_load
from tests.planning import small
from tests.work import trials

MONTHS = (1, 2, 3)
efforts = st.integers(1, 5)
windows = st.sets(st.sampled_from(MONTHS), min_size=1).map(lambda months: tuple(sorted(months)))
any_demands = st.lists(st.builds(Demand, windows, st.integers(0, 4), efforts), min_size=1, max_size=3)
capacities = st.fixed_dictionaries({month: st.integers(0, 12) for month in MONTHS})


@st.composite
def equal_demands(draw):
    """Lines whose visits all take the same days."""
    effort = draw(efforts)
    return draw(st.lists(st.builds(Demand, windows, st.integers(0, 5), st.just(effort)), min_size=1, max_size=3))


def lowest(demands: list[Demand], capacity: dict[int, int]) -> Fraction:
    """The lowest highest load of all integer plans, by trying them all."""
    return min(
        max(Fraction(sum(row.get(month, 0) for row in plan), max(capacity[month], 1)) for month in capacity)
        for plan in product(*(_plans(demand) for demand in demands))
    )


def _plans(demand: Demand) -> list[dict[int, int]]:
    return [
        {month: visits * demand.effort for month, visits in zip(demand.months, row, strict=True)}
        for row in small.spreads(demand.visits, len(demand.months))
    ]


# --- cuts -----------------------------------------------------------------------------------------------------------


@trials(100)
@given(any_demands, capacities)
def test_a_cut_is_found_exactly_when_some_lines_need_more_than_their_months_hold(demands, room):
    worst = max(
        sum(demand.need for demand in some) - sum(room[m] for m in {m for demand in some for m in demand.months})
        for chosen in product((False, True), repeat=len(demands))
        for some in [[demand for demand, taken in zip(demands, chosen, strict=True) if taken]]
    )
    cut = locked(demands, room)
    assert (cut is None) == (worst <= 0)
    if cut is not None:
        lines = [demands[n] for n in cut.lines]
        assert cut.need == sum(demand.need for demand in lines)
        assert cut.months == tuple(sorted({month for demand in lines for month in demand.months}))
        assert cut.room == sum(room[month] for month in cut.months)
        assert cut.need - cut.room == worst


def test_a_cut_names_the_lines_and_months_that_lock_each_other():
    cut = locked([Demand((1,), 3, 2), Demand((1, 2), 1, 2), Demand((3,), 1, 2)], {1: 4, 2: 9, 3: 9})
    assert (cut.lines, cut.months, cut.need, cut.room) == ((0,), (1,), 6, 4)


# --- what a month can hold ------------------------------------------------------------------------------------------


@trials(100)
@given(st.lists(st.builds(Demand, st.just((1,)), st.integers(0, 4), efforts), min_size=1, max_size=3))
def test_a_month_holds_every_sum_of_whole_visits_and_no_other(demands):
    sums = {
        sum(n * demand.effort for n, demand in zip(counts, demands, strict=True))
        for counts in product(*(range(demand.visits + 1) for demand in demands))
    }
    room = rooms(demands, {1: 10})[1]
    assert {n for n in range(room.sums.bit_length()) if room.sums >> n & 1} == sums
    for held in range(max(sums) + 2):
        load = Fraction(held, 10)
        assert room.fitting(load) == max(n for n in sums if n <= held)
        assert room.more(held) == min((n for n in sums if n > held), default=None)


def test_lines_that_may_not_use_a_month_do_not_count_for_it():
    table = rooms([Demand((1,), 1, 2), Demand((2,), 1, 3)], {1: 8, 2: 8})
    assert (table[1].sums, table[2].sums) == (0b101, 0b1001)


def test_a_month_without_capacity_is_weighed_as_half_a_day():
    assert rooms([Demand((1,), 1, 2)], {1: 0})[1].capacity == 1


# --- the smallest load ----------------------------------------------------------------------------------------------


@trials(100)
@given(st.lists(st.tuples(st.integers(1, 12), efforts, st.integers(1, 6)), min_size=1, max_size=3), st.data())
def test_the_smallest_load_is_that_of_the_naive_search(months, data):
    demands = [Demand((n,), visits, effort) for n, (_, effort, visits) in enumerate(months)]
    table = list(rooms(demands, {n: room for n, (room, _, _) in enumerate(months)}).values())
    need = data.draw(st.integers(1, sum(demand.need for demand in demands)))
    loads = sorted(
        {Fraction(n, room.capacity) for room in table for n in range(room.sums.bit_length()) if room.sums >> n & 1}
        | {Fraction(need, sum(room.capacity for room in table))}
    )
    naive = next(load for load in loads if sum(room.fitting(load) for room in table) >= need)
    assert smallest_load(need, table) == naive


@trials(100)
@given(st.integers(1, 40), st.lists(st.integers(1, 20), min_size=1, max_size=5), efforts)
def test_with_equal_visits_it_is_the_divisor_method_of_jefferson(visits, capacity, effort):
    every = sum(1 << (n * effort) for n in range(visits + 1))
    seats = sorted(Fraction(n * effort, room) for room in capacity for n in range(1, visits + 1))
    months = [Room(room, every) for room in capacity]
    assert smallest_load(visits * effort, months) == seats[visits - 1]


@trials(100)
@given(any_demands, capacities, st.fractions(0, 3, max_denominator=12))
def test_the_next_load_is_the_first_at_which_any_month_holds_more(demands, capacity, load):
    table = list(rooms(demands, capacity).values())
    loads = {Fraction(n, room.capacity) for room in table for n in range(40) if room.sums >> n & 1}
    assert next_load(load, table) == min((other for other in loads if other > load), default=None)


# --- the bound ------------------------------------------------------------------------------------------------------


@trials(200)
@given(any_demands, capacities)
def test_no_plan_is_below_the_bound(demands, capacity):
    assert level_bound(demands, capacity) <= lowest(demands, capacity)


@trials(200)
@given(equal_demands(), capacities)
def test_a_plan_attains_the_bound_when_all_visits_take_the_same_days(demands, capacity):
    assert level_bound(demands, capacity) == lowest(demands, capacity)


@trials(100)
@given(any_demands, capacities)
def test_the_bound_is_never_below_that_of_work_cut_into_half_days(demands, capacity):
    weighed = {month: max(room, 1) for month, room in capacity.items()}
    halves = max(
        Fraction(
            sum(demand.need for demand in demands if set(demand.months) <= set(months)),
            sum(weighed[month] for month in months),
        )
        for bits in product((False, True), repeat=3)
        for months in [[month for month, taken in zip(MONTHS, bits, strict=True) if taken]]
        if months
    )
    assert level_bound(demands, capacity) >= halves


@trials(50)
@given(any_demands, capacities, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(demands, capacity, random):
    mixed = random.sample(demands, len(demands))
    assert level_bound(mixed, capacity) == level_bound(demands, capacity)


def test_no_work_is_no_load():
    assert level_bound([], {1: 4}) == 0
    assert level_bound([Demand((1,), 0, 2)], {1: 4}) == 0


def test_visits_of_different_length_may_need_more_than_the_bound():
    # 3+3+2 half-days in two months of 4: a flow fits at 1, whole visits need 5 in one month
    demands = [Demand((1, 2), 2, 3), Demand((1, 2), 1, 2)]
    assert level_bound(demands, {1: 4, 2: 4}) <= lowest(demands, {1: 4, 2: 4}) == Fraction(5, 4)


def test_visits_locked_into_a_window_are_packed_by_themselves():
    """Three visits of four half-days do not go into two months of seven, though short visits would fill these."""
    long, short = Demand((1, 2), 3, 4), Demand((1, 2, 3), 3, 1)
    assert level_bound([long, short], {1: 7, 2: 7, 3: 7}) == lowest([long, short], {1: 7, 2: 7, 3: 7}) == Fraction(8, 7)


@trials(100)
@given(any_demands, capacities, st.fractions(0, 2, max_denominator=12))
def test_what_a_month_can_have_leaves_no_plan_out(demands, capacity, load):
    """Of every plan, tried one by one, no month of which is above the load or its capacity."""
    most = {month: min(load, 1) * room for month, room in capacity.items()}
    plans = [
        {month: sum(row.get(month, 0) for row in plan) for month in capacity}
        for plan in product(*(_plans(demand) for demand in demands))
    ]
    fitting = [plan for plan in plans if all(plan[month] <= most[month] for month in capacity)]
    sums = fillings(demands, capacity, load)
    assert all(sums is not None and plan[month] in sums[month] for plan in fitting for month in capacity)
