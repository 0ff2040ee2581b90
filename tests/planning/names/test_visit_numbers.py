"""Numbers of visits last: whatever is planned anew, a visit keeps the number it was given out under."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.names.visit_numbers import with_lasting_numbers

NONE = pd.DataFrame(columns=["task_id", "unit_id", "date"])


def named(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["task_id", "unit_id", "month", "done"])
    return table.assign(number=table.groupby("task_id").cumcount() + 1)


def issued(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["visit_id", "unit_id", "month"])
    return table.assign(task_id=[code.partition("-")[0] for code in table["visit_id"]], date="", since="2024-04-30")


def numbers(visits: pd.DataFrame) -> dict[str, int]:
    return dict(zip(visits["unit_id"], visits["number"], strict=True))


def test_without_an_arrangement_visits_are_numbered_as_they_stand():
    visits = named(("P1", "A", 3, False), ("P1", "B", 4, False))
    assert with_lasting_numbers(visits, issued(), NONE) is visits


def test_a_visit_keeps_its_number_and_a_new_one_gets_one_that_nobody_had():
    visits = named(("P1", "C", 3, False), ("P1", "B", 4, False), ("P1", "A", 5, False))
    table = with_lasting_numbers(visits, issued(("P1-001", "A", 3), ("P1-002", "B", 4), ("P1-003", "Z", 5)), NONE)
    assert numbers(table) == {"A": 1, "B": 2, "C": 4}


def test_a_visit_that_has_got_a_unit_keeps_the_number_it_had_without_one():
    table = with_lasting_numbers(named(("P1", "A", 5, False)), issued(("P1-007", "", 5)), NONE)
    assert numbers(table) == {"A": 7}


def test_a_visit_done_before_anything_was_given_out_takes_no_number_from_the_second_one():
    visits = named(("P1", "A", 1, True), ("P1", "A", 8, False))
    records = pd.DataFrame({"task_id": ["P1"], "unit_id": "A", "date": "2024-01-10"})
    table = with_lasting_numbers(visits, issued(("P1-002", "A", 8)), records)
    assert table.loc[table["done"], "number"].tolist() == [1]
    assert table.loc[~table["done"], "number"].tolist() == [2]


def test_a_visit_done_as_given_out_has_its_number_and_leaves_the_next_its_own():
    visits = named(("P1", "A", 5, True), ("P1", "A", 8, False))
    records = pd.DataFrame({"task_id": ["P1"], "unit_id": "A", "date": "2024-05-10"})
    table = with_lasting_numbers(visits, issued(("P1-005", "A", 5), ("P1-003", "A", 8)), records)
    assert table["number"].tolist() == [5, 3]


UNITS = st.sampled_from(["", "A", "B", "C"])
ROWS = st.lists(st.tuples(st.sampled_from(["P1", "P2"]), UNITS, st.integers(0, 12), st.booleans()), max_size=12)


@given(ROWS, ROWS)
def test_numbers_are_never_shared_and_only_a_visit_of_the_line_and_unit_or_of_no_unit_has_an_old_one(now, before):
    old = named(*before)
    codes = [f"{row.task_id}-{row.number:03}" for row in old.itertuples()]
    known = issued(*zip(codes, old["unit_id"], old["month"], strict=True))
    table = with_lasting_numbers(named(*now), known, NONE)
    keys = list(zip(table["task_id"], table["number"], strict=True))
    assert len(keys) == len(set(keys)) == len(now)
    homes = {(row.task_id, int(row.visit_id[-3:])): row.unit_id for row in known.itertuples()}
    assert all(homes.get(key, unit) in (unit, "") for key, unit in zip(keys, table["unit_id"], strict=True))
