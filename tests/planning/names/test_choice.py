"""The choice: who is named by each way of choosing, and why a visit has no unit."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.names.choice import Register, named_visits, pool_counts, ranking
from enforce.words.terms import Kind, LeftOut, Selection
from tests.planning import small

DRAWN = pd.DataFrame(columns=["task_id", "unit_id", "order", "wanted"])
CLUES = pd.DataFrame(columns=["task_id", "unit_id", "date"])


def register(units, records=None, **facts) -> Register:
    given_facts = {"drawn": DRAWN, "clues": CLUES, "our_level": "区级", "seed": "s", "plan": "p", "as_of": "2024-03-31"}
    records = small.records() if records is None else records
    return Register(units=units, records=records, **{**given_facts, **facts})


def units(*rows: dict) -> pd.DataFrame:
    return small.units(*({"unit_id": f"U{n:02}", "is_key": False, "hazards": (), **row} for n, row in enumerate(rows)))


def task(**facts) -> pd.DataFrame:
    facts = {"kind": Kind.SPOT_CHECK, **facts}
    facts.setdefault("planned_units", facts["planned_visits"])
    return small.tasks(facts)


def named(tasks, reg, plan=None, closed=0) -> pd.DataFrame:
    plan = plan or {("P01", 6): int(tasks["planned_visits"].iloc[0])}
    return named_visits(tasks, plan, reg, closed)


def names(table) -> list[str]:
    return table["unit_id"].tolist()


def test_a_line_of_all_names_the_units_of_its_list_and_not_those_that_another_covers():
    listed = units(*({"is_key": True, "covered_by": "P02" if n == 1 else "P01"} for n in range(3)), {})
    line = task(planned_visits=2, kind=Kind.KEY_LIST, exclude="others")
    assert sorted(names(named(line, register(listed)))) == ["U00", "U02"]
    counts = pool_counts(line, listed, "区级").iloc[0]
    assert (counts["needed_units"], counts["eligible_units"], counts["left_out"]) == (
        2, 2, {LeftOut.COVERED: 1, LeftOut.LINE: 1},
    )  # fmt: skip


def test_the_demo_names_its_whole_key_list_sixty_by_one_line_and_ten_by_another(year):
    table = year.named.visits
    key = year.units[year.units["is_key"]].set_index("unit_id")["covered_by"]
    for task_id, count in (("P01", 60), ("P02", 10)):
        there = set(table.loc[table["task_id"] == task_id, "unit_id"])
        assert there == set(key.index[key == task_id])
        assert len(there) == count
    assert len(key) == 70


def test_ranks_go_by_debt_warning_credit_and_risk_and_a_warning_of_later_is_not_known():
    rows = units(
        {"credit_grade": "A", "risk_grade": "蓝"},
        {"credit_grade": "D", "risk_grade": "蓝"},
        {"credit_grade": "D", "risk_grade": "红"},
        {"credit_grade": "A", "risk_grade": "红", "warned": ("2024-03-01", "某平台")},
        {"credit_grade": "B", "risk_grade": "红", "warned": ("2024-05-01", "某平台")},
        {"is_key": True, "covered_by": "P01", "credit_grade": "", "risk_grade": ""},
        {"credit_grade": "", "risk_grade": "红"},
    )
    (line,) = task(planned_visits=4, selection=Selection.RANKED).itertuples(index=False)
    order = ranking(line, register(rows))
    assert names(order) == ["U05", "U03", "U02", "U01", "U04", "U00", "U06"]
    assert order["warned_on"].tolist() == ["", "2024-03-01", "", "", "", "", ""]


def test_ties_go_by_ticket_and_the_seed_and_not_by_row():
    rows = units(*({} for _ in range(30)))
    (line,) = task(planned_visits=5, selection=Selection.RANKED).itertuples(index=False)
    order = names(ranking(line, register(rows)))
    shuffled = rows.sample(frac=1, random_state=1).reset_index(drop=True)
    assert names(ranking(line, register(shuffled))) == order != sorted(order)
    assert names(ranking(line, register(rows, seed="t"))) != order


def test_names_of_before_go_first_among_those_a_line_chooses():
    rows = units({"credit_grade": "D"}, {"credit_grade": "A"}, {"credit_grade": "C"})
    earlier = pd.DataFrame({"task_id": ["P01"], "unit_id": ["U01"]})
    table = named(task(planned_visits=2, selection=Selection.RANKED), register(rows, earlier=earlier))
    assert names(table) == ["U01", "U00"]


def test_before_a_draw_visits_are_unnamed_and_after_it_they_have_the_drawn():
    line, rows = task(planned_visits=3, selection=Selection.DRAW), units(*({} for _ in range(6)))
    assert named(line, register(rows))["reason"].tolist() == ["not_drawn"] * 3
    drawn = pd.DataFrame({"task_id": "P01", "unit_id": ["U04", "U02"], "order": [1, 2], "wanted": [(5, 6), (5, 6)]})
    table = named(line, register(rows, drawn=drawn))
    assert table[["unit_id", "how", "reason", "wanted"]].values.tolist() == [
        ["U04", "draw", "", (5, 6)], ["U02", "draw", "", (5, 6)], ["", "", "not_drawn", ()],
    ]  # fmt: skip


def test_a_drawn_unit_is_named_for_no_month_before_its_draw():
    line, rows = task(planned_visits=3, selection=Selection.DRAW), units(*({} for _ in range(6)))
    drawn = pd.DataFrame(
        {"task_id": "P01", "unit_id": ["U04", "U02", "U01"], "order": [1, 2, 3], "wanted": [(11, 12)] * 3}
    )
    table = named(line, register(rows, drawn=drawn), {("P01", 1): 2, ("P01", 12): 1})
    assert table[["unit_id", "reason"]].values.tolist() == [["U04", ""], ["", "not_drawn"], ["", "not_drawn"]]


@given(st.sets(st.integers(0, 11)), st.integers(1, 11))
def test_the_drawn_units_not_yet_visited_stay_named_however_many_have_been(done, first):
    """A draw of the year, some of its units visited already: whoever was drawn has been visited or is named."""
    line, rows = task(planned_visits=12, selection=Selection.DRAW), units(*({} for _ in range(20)))
    codes = [f"U{n:02}" for n in range(12)]
    wanted = [tuple(range(first, 13))] * 12
    drawn = pd.DataFrame({"task_id": "P01", "unit_id": codes, "order": range(1, 13), "wanted": wanted})
    visited = small.records(*({"unit_id": codes[n], "date": f"2024-{first:02}-10"} for n in sorted(done)))
    plan = {cell: n for cell, n in {("P01", first): len(done), ("P01", 12): 12 - len(done)}.items() if n}
    table = named(line, register(rows, visited, drawn=drawn), plan, first)
    assert sorted(names(table)) == codes


def test_the_visit_of_a_drawn_unit_that_has_closed_waits_for_its_substitute():
    rows = units({}, {"state": "gone"})
    drawn = pd.DataFrame({"task_id": "P01", "unit_id": ["U00", "U01"], "order": [1, 2], "wanted": [(), ()]})
    table = named(task(planned_visits=2, selection=Selection.DRAW), register(rows, drawn=drawn))
    assert table[["unit_id", "reason"]].values.tolist() == [["U00", ""], ["", "substitute"]]


def test_a_drawn_unit_removed_without_a_substitute_is_no_visit_that_waits_for_a_draw():
    drawn = pd.DataFrame({"task_id": "P01", "unit_id": ["U00", ""], "order": [1, 0], "wanted": [(), ()]})
    table = named(task(planned_visits=2, selection=Selection.DRAW), register(units({}, {}), drawn=drawn))
    assert table[["unit_id", "reason"]].values.tolist() == [["U00", ""], ["", "removed"]]


def test_a_ranked_line_visits_its_hold_out_and_then_the_first_of_its_order():
    rows = units({"credit_grade": "D"}, {"credit_grade": "C"}, {"credit_grade": "A"}, {"credit_grade": "B"})
    drawn = pd.DataFrame({"task_id": "P01", "unit_id": ["U02"], "order": [1], "wanted": [(6,)]})
    table = named(task(planned_visits=3, selection=Selection.RANKED), register(rows, drawn=drawn))
    chosen = table[["unit_id", "how"]].values.tolist()
    assert chosen == [["U02", "draw"], ["U00", "ranked"], ["U01", "ranked"]]


def clues(*rows) -> pd.DataFrame:
    return pd.DataFrame([("P01", *row) for row in rows], columns=["task_id", "unit_id", "date"])


def test_clues_name_their_units_once_and_every_visit_that_has_none_says_why():
    line = task(planned_visits=7, selection=Selection.CLUE)
    looked_into = clues(
        ("U01", "2024-02-03"), ("U00", "2024-02-01"), ("", "2024-02-04"), ("U00", "2024-02-05"), ("U02", "2024-02-06")
    )
    rows = units({}, {"no_contact": "2024-01-01"}, {"state": "gone"})
    table = named(line, register(rows, clues=looked_into))
    assert table[["unit_id", "how", "reason"]].values.tolist() == [
        ["U00", "clue", ""], ["U01", "clue", ""], ["", "", "person"], ["", "", "same"], ["", "", "left_out"],
        ["", "", "clue"], ["", "", "clue"],
    ]  # fmt: skip


def test_what_other_counts_add_to_the_units_of_a_line_is_by_clue_and_the_others_are_ranked():
    line = task(planned_visits=5, planned_units=2, counted_items=3, counted_unit="张", selection=Selection.RANKED)
    rows = units({"credit_grade": "D"}, {"credit_grade": "D"}, {"credit_grade": "A"}, {"credit_grade": "A"})
    table = named(line, register(rows, clues=clues(("U00", "2024-02-01"))))
    assert sorted(table["how"]) == ["", "", "clue", "ranked", "ranked"]
    assert table["reason"].tolist().count("clue") == 2
    assert not table.loc[table["unit_id"] != "", "unit_id"].duplicated().any()


def test_visits_outside_the_area_have_no_unit_of_ours():
    line = task(planned_visits=4, out_of_district_visits=2)
    table = named(line, register(units({}, {}, {})))
    assert table["reason"].tolist() == ["", "", "outside", "outside"]


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ({"in_district": False}, LeftOut.OUTSIDE),
        ({"level": "街镇级"}, LeftOut.LEVEL),
        ({"state": "paused"}, LeftOut.CLOSED),
        ({"no_contact": "0001-01-01"}, LeftOut.NO_CONTACT),
        ({"unit_id": "ELSE"}, LeftOut.ELSEWHERE),
    ],
)
def test_a_unit_left_out_by_rule_is_never_named_and_a_pool_too_small_says_so(fact, reason):
    rows = units({}, fact)
    elsewhere = frozenset({"ELSE"})
    for selection in (Selection.ALL, Selection.RANKED):
        line = task(planned_visits=2, selection=selection)
        table = named(line, register(rows, elsewhere=elsewhere))
        assert table[["unit_id", "reason"]].values.tolist() == [["U00", ""], ["", "pool"]]
        counts = pool_counts(line, rows, "区级", elsewhere=elsewhere).iloc[0]
        assert (counts["eligible_units"], counts["left_out"]) == (1, {reason: 1})


def test_a_unit_without_contact_is_left_out_from_its_day_on():
    rows = units({"no_contact": "2024-04-01"})
    assert names(named(task(planned_visits=1), register(rows))) == ["U00"]
    assert names(named(task(planned_visits=1), register(rows, as_of="2024-04-01"))) == [""]


def test_a_line_of_several_visits_a_unit_names_its_units_in_turn_up_to_the_cap():
    rows = units(*({} for _ in range(5)))
    table = named(task(planned_visits=6, planned_units=3), register(rows))
    assert sorted(table["unit_id"].value_counts()) == [2, 2, 2]
    capped = named(task(planned_visits=6, planned_units=3, cap_per_unit=1), register(rows))
    assert capped["reason"].tolist() == ["", "", "", "cap", "cap", "cap"]


def test_visits_done_have_the_units_of_their_records_and_a_month_over_without_one_says_so():
    records = small.records(
        {"record_id": "R1", "task_id": "P01", "unit_id": "U01", "date": "2024-01-05"},
        {"record_id": "R2", "task_id": "P01", "unit_id": "", "date": "2024-03-05", "in_district": False},
    )
    line = task(planned_visits=5, out_of_district_visits=1)
    plan = {("P01", 1): 2, ("P01", 3): 2, ("P01", 4): 1}
    table = named(line, register(units(*({} for _ in range(6))), records), plan, closed=2)
    assert table[["unit_id", "reason", "month", "done"]].values.tolist()[:3] == [
        ["U01", "", 1, True], ["", "unrecorded", 1, False], ["", "outside", 3, True],
    ]  # fmt: skip
    assert (table["month"].iloc[3:] == 0).all()
    assert "U01" not in names(table.iloc[3:])


def test_a_line_that_the_table_no_longer_has_keeps_its_visits_without_a_name():
    table = named(task(planned_visits=1), register(units({})), {("P09", 3): 2, ("P01", 6): 1})
    assert table.loc[table["task_id"] == "P09", ["reason", "month"]].values.tolist() == [["gone", 3]] * 2


@given(
    visits=st.integers(0, 8), planned_units=st.integers(0, 8), other=st.integers(0, 4),
    cap=st.sampled_from([None, 1, 2]),
    selection=st.sampled_from(list(Selection)), outside=st.integers(0, 3), pool_size=st.integers(1, 9),
    done=st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4)), max_size=5), chance=st.integers(0, 9),
)  # fmt: skip
def test_every_visit_has_a_row_and_no_unit_stands_twice_where_each_is_visited_once(
    visits, planned_units, other, cap, selection, outside, pool_size, done, chance
):
    outside = min(outside, visits)
    line = task(
        planned_visits=visits, planned_units=planned_units, counted_items=other, cap_per_unit=cap,
        selection=selection, out_of_district_visits=outside,
    )  # fmt: skip
    rows = units(*({} for _ in range(pool_size)))
    dated = [(f"U{n:02}", f"2024-{month:02}-10") for n, month in done if n < pool_size]
    records = small.records(
        *({"record_id": f"R{n}", "task_id": "P01", "unit_id": u, "date": d} for n, (u, d) in enumerate(dated))
    )
    months = [int(day[5:7]) for _, day in dated]
    plan = {("P01", month): months.count(month) for month in set(months)}
    plan["P01", 8] = max(visits - len(months), 0)
    reg = register(rows, records, clues=clues(("U00", "2024-01-01"), ("U01", "2024-01-02")), as_of="2024-04-30")
    table = named(line, reg, plan, closed=4)
    assert len(table) == sum(plan.values())
    assert table["number"].tolist() == list(range(1, len(table) + 1))
    assert ((table["unit_id"] == "") == (table["reason"] != "")).all()
    own = planned_units - outside
    if own >= visits - outside or own <= 0:
        visited = set(table.loc[table["done"], "unit_id"])
        fresh = table.loc[~table["done"] & (table["unit_id"] != ""), "unit_id"]
        assert not fresh.duplicated().any()
        assert not set(fresh) & visited
    shuffled = register(
        rows.sample(frac=1, random_state=chance).reset_index(drop=True),
        records.sample(frac=1, random_state=chance).reset_index(drop=True),
        clues=reg.clues.iloc[::-1], as_of="2024-04-30",
    )  # fmt: skip
    pd.testing.assert_frame_equal(named(line, shuffled, plan, closed=4), table)
