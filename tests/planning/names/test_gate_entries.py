"""Entries: one walk through the gate for several lines, with the proof that nothing was dropped or moved."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.names.gate_entries import (
    entries_of,
    fewest_entries,
    proof_of_merging,
    savings_of_merging,
    unmerged,
)

TASKS = pd.DataFrame(
    {
        "task_id": ["A", "B", "C"],
        "periods": [((1, 2, 3),), ((3,), (4,)), ((5, 6),)],
        "team": ["甲队", "甲队", "乙队"],
        "visit_days": [1.0, 0.5, 1.0],
        "officers_per_visit": [2, 2, 2],
        "invited": [(), (), ()],
    }
)


def visits(*rows: tuple) -> pd.DataFrame:
    """Named visits: task, unit, month, and whether they are done."""
    table = pd.DataFrame(rows, columns=["task_id", "unit_id", "month", "done"][: len(rows[0])])
    return table if "done" in table else table.assign(done=False)


def test_visits_of_two_lines_in_one_month_are_one_entry_and_those_without_name_or_month_are_none():
    table = entries_of(visits(("A", "u1", 3), ("B", "u1", 3), ("A", "u2", 3), ("A", "", 3), ("A", "u3", 0)))
    assert table[["unit_id", "lines", "visits"]].values.tolist() == [["u1", ("A", "B"), 2], ["u2", ("A",), 1]]


def test_a_second_visit_for_a_line_in_a_month_is_another_entry_and_takes_no_second_of_the_others():
    table = entries_of(visits(("A", "u1", 3), ("A", "u1", 3), ("B", "u1", 3)))
    assert table["lines"].tolist() == [("A", "B"), ("A",)]


def test_visits_done_are_entries_of_their_own():
    table = entries_of(visits(("A", "u1", 3, True), ("B", "u1", 3, True), ("C", "u1", 3, False)))
    assert sorted(table["lines"]) == [("A",), ("B",), ("C",)]
    assert table["done"].sum() == 2


ROWS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "u1", "u2", "u3"]), st.integers(0, 6), st.booleans()),
    min_size=1,
    max_size=14,
)


@given(ROWS)
def test_every_named_visit_is_in_one_entry_and_the_proof_counts_it(rows):
    table = visits(*rows)
    entered = entries_of(table)
    served = Counter((task, row.unit_id, row.month) for row in entered.itertuples() for task in row.lines)
    assert served == Counter((task, unit, month) for task, unit, month, _ in rows if unit and month)
    proof = proof_of_merging(table, entered, TASKS).set_index("statement")["holds"].tolist()
    windows = {"A": (1, 2, 3), "B": (3, 4), "C": (5, 6)}
    inside = all(month in windows[task] for task, _, month in served)
    assert proof == [True, True, inside, True]


@given(ROWS, st.randoms())
def test_the_order_of_the_visits_does_not_matter(rows, order):
    shuffled = list(rows)
    order.shuffle(shuffled)
    pd.testing.assert_frame_equal(entries_of(visits(*rows)), entries_of(visits(*shuffled)))


def test_a_visit_taken_out_of_an_entry_or_moved_falsifies_the_proof():
    table = visits(("A", "u1", 3), ("B", "u1", 3))
    entered = entries_of(table)
    dropped = entered.assign(lines=[("A",)], visits=1)
    moved = entered.assign(month=4)
    twice = entered.assign(lines=[("A", "A", "B")])
    assert proof_of_merging(table, entered, TASKS)["holds"].tolist() == [True] * 4
    assert proof_of_merging(table, dropped, TASKS)["holds"].tolist() == [False, False, True, True]
    assert proof_of_merging(table, moved, TASKS)["holds"].tolist() == [True, False, False, True]
    assert proof_of_merging(table, twice, TASKS)["holds"].tolist() == [False, False, True, False]


def test_a_team_saves_part_of_its_further_visits_and_two_teams_at_one_gate_save_none_of_their_days():
    entered = entries_of(visits(("A", "u1", 3), ("B", "u1", 3), ("A", "u2", 1)))
    row = savings_of_merging(entered, TASKS, 0.5).iloc[0].to_dict()
    assert row == {
        "visits": 3, "entries": 2, "merged_entries": 1, "saved_entries": 1,
        "days_apart": 5.0, "days_merged": 4.5, "saved_days": 0.5,
    }  # fmt: skip
    two_teams = TASKS.assign(periods=[((1, 2, 3),)] * 3)
    row = savings_of_merging(entries_of(visits(("A", "u1", 3), ("C", "u1", 3))), two_teams, 0.5).iloc[0]
    assert (row["saved_entries"], row["saved_days"]) == (1, 0)


def test_what_was_not_merged_is_told_with_its_reason():
    table = visits(
        ("A", "same", 1), ("A", "same", 2),
        ("A", "apart", 1), ("C", "apart", 5),
        ("A", "plan", 1), ("B", "plan", 4),
        ("A", "one", 3), ("B", "one", 3),
    )  # fmt: skip
    rows = unmerged(table, entries_of(table), TASKS).set_index("unit_id")
    assert rows["apart"].to_dict() == {"apart": "window", "plan": "plan", "same": "line"}
    assert rows.loc["plan", ["entries", "fewest"]].tolist() == [2, 1]


WINDOW = st.sets(st.integers(1, 3), min_size=1)


@given(st.dictionaries(st.sampled_from("ABC"), st.tuples(st.integers(1, 2), WINDOW), min_size=1))
def test_the_fewest_entries_are_those_of_trying_every_choice_of_months(lines):
    counts = {line: visits for line, (visits, _) in lines.items()}
    windows = {line: sorted(window) for line, (_, window) in lines.items()}
    names = [line for line in counts for _ in range(counts[line])]
    choices = product(*(windows[line] for line in names))
    assert fewest_entries(counts, windows) == min(gates(Counter(zip(months, names, strict=True))) for months in choices)


def gates(cells: Counter) -> int:
    """Entries of one unit, from its visits by month and line: in a month as many as its most visited line has."""
    return sum(
        max(count for (month, _), count in cells.items() if month == one) for one in {month for month, _ in cells}
    )
