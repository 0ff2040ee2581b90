"""Months by name: sums kept, wishes in their order and proved, the same answer with rows shuffled, names that stay."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.months.exact import Work
from enforce.planning.names.choice import COLUMNS
from enforce.planning.names.monthly import Gaps, name_moves, named_months
from enforce.planning.names.wishes import VisitKind, settle_months
from enforce.words.terms import Wish
from tests.work import trials

NO_GAP = Gaps(2024)


def table(*rows: tuple) -> pd.DataFrame:
    """Named visits: task, unit, and perhaps month done in and months drawn for."""
    numbers: Counter = Counter()
    full = []
    for task_id, unit_id, *more in rows:
        numbers[task_id] += 1
        month, wanted = (*more, *(0, ())[len(more) :])
        full.append((task_id, numbers[task_id], unit_id, "all", numbers[task_id], "", month, month > 0, wanted))
    return pd.DataFrame(full, columns=list(COLUMNS)).astype({"month": "int64", "done": bool})


def streets(visits: pd.DataFrame) -> dict[str, str]:
    return {unit_id: f"街道{unit_id[-1]}" for unit_id in visits["unit_id"] if unit_id}


def months(visits, plan, gaps=NO_GAP, **more) -> dict[tuple[str, str], list[int]]:
    made = named_months(visits, plan, streets(visits), gaps, **more).visits
    by_unit: dict = defaultdict(list)
    for row in made.itertuples():
        by_unit[row.task_id, row.unit_id].append(row.month)
    return {key: sorted(each) for key, each in by_unit.items()}


def values(made) -> dict[str, int]:
    return dict(zip(made.wishes["wish"], made.wishes["value"], strict=True))


def test_visits_of_one_unit_come_in_one_month_where_the_plan_allows_it():
    visits = table(("P1", "A1"), ("P1", "B2"), ("P2", "A1"), ("P2", "C3"))
    plan = {("P1", 3): 1, ("P1", 4): 1, ("P2", 4): 1, ("P2", 5): 1}
    assert months(visits, plan)["P1", "A1"] == months(visits, plan)["P2", "A1"] == [4]


def test_a_gap_outweighs_a_common_month_of_streets_and_last_visits_count():
    visits = table(("P1", "A1"), ("P1", "B1"))
    plan = {("P1", 2): 1, ("P1", 6): 1}
    gaps = Gaps(2024, 120, {"A1": "2023-12-20", "B1": "2022-01-01"})
    assert months(visits, plan, gaps) == {("P1", "A1"): [6], ("P1", "B1"): [2]}


def test_two_visits_of_a_unit_are_together_or_as_far_apart_as_the_gap():
    visits = table(("P1", "A1"), ("P1", "B2"), ("P2", "A1"))
    plan = {("P1", 3): 1, ("P1", 7): 1, ("P2", 4): 1}
    made = months(visits, plan, Gaps(2024, 90))
    assert made["P1", "A1"] == [7]
    assert months(visits, plan)["P1", "A1"] in ([3], [7])


def test_two_visits_of_one_line_to_one_unit_are_in_two_months():
    visits = table(("P1", "A1"), ("P1", "A1"), ("P1", "B2"), ("P1", "B2"))
    made = months(visits, {("P1", 3): 2, ("P1", 9): 2})
    assert made == {("P1", "A1"): [3, 9], ("P1", "B2"): [3, 9]}


def test_a_unit_drawn_for_a_month_is_visited_in_it():
    visits = table(("P1", "A1", 0, (9,)), ("P1", "B2", 0, (3,)), ("P1", "C3", 0, (6, 7, 8, 9)))
    made = months(visits, {("P1", 3): 1, ("P1", 6): 1, ("P1", 9): 1})
    assert made == {("P1", "A1"): [9], ("P1", "B2"): [3], ("P1", "C3"): [6]}


def test_units_of_a_street_are_near_each_other_in_time():
    visits = table(*(("P1", f"{name}{n % 3}") for n, name in enumerate("ABCDEFGHI")))
    made = named_months(visits, {("P1", 2): 3, ("P1", 5): 3, ("P1", 8): 3}, streets(visits), NO_GAP).visits
    by_street = made.groupby(made["unit_id"].str[-1])["month"].agg(set)
    assert [len(each) for each in by_street] == [1, 1, 1]


def test_what_is_done_stays_in_its_month_and_what_has_no_month_is_last():
    visits = table(("P1", "A1", 2), ("P1", "B2"), ("P1", "C3"))
    made = months(visits, {("P1", 2): 1, ("P1", 4): 1, ("P1", 0): 1})
    assert made == {("P1", "A1"): [2], ("P1", "B2"): [4], ("P1", "C3"): [0]}


def test_a_changed_plan_moves_as_few_names_as_it_must_and_says_who_moved():
    visits = table(*(("P1", f"{name}1") for name in "ABCD"))
    before = named_months(visits, {("P1", 3): 2, ("P1", 6): 2}, streets(visits), NO_GAP)
    after = named_months(
        visits, {("P1", 3): 1, ("P1", 6): 2, ("P1", 9): 1}, streets(visits), NO_GAP, earlier=before.visits
    )
    moves = name_moves(before.visits, after.visits)
    assert moves[["before_month", "month"]].values.tolist() == [[3, 9]]
    assert values(after)["stays"] == 1


def test_a_name_that_comes_and_one_that_goes_are_told():
    before = table(("P1", "A1"), ("P1", "B2")).assign(month=[3, 4])
    after = table(("P1", "A1", 5), ("P1", "C3", 0)).assign(month=[5, 4])
    moves = name_moves(before, after)
    assert moves.values.tolist() == [["P1", "A1", 3, 5, True], ["P1", "B2", 4, 0, False], ["P1", "C3", 0, 4, False]]


def test_a_plan_without_visits_has_no_names_and_nobody_moved():
    empty = named_months(table(), {}, {}, NO_GAP)
    assert empty.visits.empty
    assert name_moves(empty.visits, empty.visits).empty


def test_a_search_cut_short_has_an_answer_with_its_bound_or_says_that_there_is_none():
    kinds = {VisitKind(f"P{n}", f"街{k}", f"U{k}" if k < 4 else ""): 1 for n in range(4) for k in range(6)}
    plan = {(f"P{n}", month): 1 for n in range(4) for month in range(1 + n, 7 + n)}
    counts, settled = settle_months(kinds, plan, 2, Work(8.0))
    assert all(wish.bound <= wish.value for wish in settled)
    assert sum(counts.values()) == 24


VISITS = st.lists(st.tuples(st.sampled_from("PQR"), st.sampled_from("ABCDEF"), st.sampled_from("123")), max_size=12)


@st.composite
def plans(draw):
    """Named visits and a plan by months with as many of each line."""
    chosen = draw(VISITS)
    rows = sorted({(task_id, unit + street) for task_id, unit, street in chosen})
    plan: Counter = Counter()
    for task_id, _ in rows:
        plan[task_id, draw(st.integers(0, 12))] += 1
    last = {f"{unit}{street}": f"2023-{draw(st.integers(1, 12)):02}-10" for _, unit, street in chosen}
    return table(*rows), dict(plan), Gaps(2024, draw(st.sampled_from([0, 30, 90, 180])), last)


@trials(40)
@given(plans(), st.integers(0, 99))
def test_sums_are_those_of_the_plan_and_shuffled_rows_give_the_same_answer(given_plan, chance):
    visits, plan, gaps = given_plan
    made = named_months(visits, plan, streets(visits), gaps)
    assert dict(Counter(zip(made.visits["task_id"], made.visits["month"], strict=True))) == plan
    assert made.wishes["proved"].all()
    assert made.visits[["task_id", "number", "unit_id"]].equals(visits[["task_id", "number", "unit_id"]])
    shuffled = visits.sample(frac=1, random_state=chance)
    turned = dict(reversed(plan.items()))
    again = named_months(shuffled, turned, streets(shuffled), gaps).visits.sort_index()
    pd.testing.assert_frame_equal(again, made.visits)
    same = named_months(visits, plan, streets(visits), gaps, earlier=made.visits)
    assert name_moves(made.visits, same.visits).empty


def slow_least(visits: pd.DataFrame, plan: dict, gap: int, first: dict[str, int]) -> tuple[int, int]:
    """The least breaches of gaps and then entries, by trying every order of months of every line."""
    lines = [(task_id, part.index) for task_id, part in visits.groupby("task_id")]
    best = (10**6, 10**6)

    def walk(n: int, months: dict[int, int]) -> None:
        nonlocal best
        if n == len(lines):
            best = min(best, cost(months))
            return
        task_id, rows = lines[n]
        slots = [month for (code, month), count in plan.items() if code == task_id for _ in range(count)]
        for order in set(permutations(slots)):
            walk(n + 1, {**months, **dict(zip(rows, order, strict=True))})

    def cost(months: dict[int, int]) -> tuple[int, int]:
        entered: dict[str, set[int]] = defaultdict(set)
        often, breaches = visits["unit_id"].value_counts(), 0
        for row, month in months.items():
            unit_id = visits.loc[row, "unit_id"]
            breaches += 0 < month < first.get(unit_id, 0)
            if often[unit_id] > 1:
                entered[unit_id].add(month)
        pairs = sum(0 < b - a < gap for each in entered.values() for a in each for b in each)
        return breaches + pairs, sum(map(len, entered.values()))

    walk(0, {})
    return best


@trials(25)
@given(st.data())
def test_gaps_and_entries_are_as_few_as_by_trying_everything(data):
    drawn = data.draw(st.lists(st.tuples(st.sampled_from("PQ"), st.sampled_from("ABC")), min_size=2, max_size=6))
    rows = sorted(set(drawn))
    visits = table(*((task_id, f"{unit}1") for task_id, unit in rows))
    plan: Counter = Counter()
    for task_id, _ in rows:
        plan[task_id, data.draw(st.integers(1, 6))] += 1
    gaps = Gaps(2024, data.draw(st.sampled_from([0, 60, 90])), {"A1": "2024-01-05", "B1": "2023-11-30"})
    made = named_months(visits, dict(plan), streets(visits), gaps)
    first = {unit: gaps.first(unit) for unit in ("A1", "B1", "C1")}
    least = values(made)
    assert (least.get(Wish.GAP, 0), least.get(Wish.TOGETHER, 0)) == slow_least(visits, plan, gaps.months, first)


@pytest.mark.parametrize("month", [5, 9])
def test_the_demo_keeps_its_plan_and_its_names_from_month_to_month(year, month):
    from enforce.desk.standing import month as month_of

    plan = month_of(year, month)
    planned = plan.allocation.visits[plan.allocation.visits["visits"] > 0].set_index(["task_id", "month"])["visits"]
    placed = plan.named.visits[plan.named.visits["month"] > 0].groupby(["task_id", "month"]).size()
    assert placed.to_dict() == planned.to_dict()
    assert plan.named.wishes["proved"].all()
    assert len(plan.month_list) == plan.lines["visits"].sum()
