"""The variance table: its rows add up to the difference, whatever a year brought."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.changes.causes import task_facts
from enforce.planning.through.removals import COLUMNS as REMOVED
from enforce.planning.through.variance import bridge, replan_reasons, variances
from enforce.words.terms import Removal
from tests.planning import small

LINES = ["task_id", "task", "approved_visits", "planned_visits", "done_visits", "closed_visits", "later_visits"]
CELLS = ["task_id", "month", "approved_visits", "visits", "done_visits"]


def removals(events: list[tuple[Removal, bool]]) -> pd.DataFrame:
    """Visits of one line that were taken off, some with a substitute."""
    rows = [("P1", f"U{n}", "2026-05-06", why.label, "", "", int(not taken)) for n, (why, taken) in enumerate(events)]
    return pd.DataFrame(rows, columns=REMOVED)


def year(months: list[tuple[int, int, int]], closed: int = 0, later: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One line with the visits approved, in force and done of each month."""
    cells = pd.DataFrame([("P1", n, *counts) for n, counts in enumerate(months, 1)], columns=CELLS)
    sums = [sum(counts) for counts in zip(*months, strict=True)]
    return pd.DataFrame([("P1", "甲", *sums, closed, later)], columns=LINES), cells


def rows_of(table: pd.DataFrame) -> list[tuple[str, str, int]]:
    return [*table[["variance", "reason", "changed_visits"]].itertuples(index=False, name=None)]


counts = st.integers(0, 6)
plans = st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=12)
event = st.tuples(st.sampled_from(list(Removal)), st.booleans())


@given(
    st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=12), st.lists(event, max_size=4), counts, counts
)
def test_the_rows_add_up_to_the_difference(months, events, closed, later):
    lines, cells = year(months, closed, later)
    table = variances(lines, cells, removals(events))
    approved, done = int(lines.loc[0, "approved_visits"]), int(lines.loc[0, "done_visits"])
    assert table["changed_visits"].sum() == done - approved
    assert (table["more_visits"] - table["less_visits"] == table["changed_visits"]).all()
    assert (table[["less_visits", "more_visits"]].max(axis=1) > 0).all()
    assert bridge(table, approved)["visits"].iloc[-1] == done


@given(st.lists(st.tuples(counts, counts), min_size=12, max_size=12))
def test_visits_that_moved_are_those_made_in_months_that_did_not_ask_for_them_and_missing_elsewhere(months):
    lines, cells = year([(approved, approved, done) for approved, done in months])
    moved = variances(lines, cells, removals([])).query("variance == 'moved'")["more_visits"].sum()
    more, less = (sum(max(sign * (done - approved), 0) for approved, done in months) for sign in (1, -1))
    assert moved == min(more, less)


def test_a_year_as_planned_has_no_row():
    assert variances(*year([(3, 3, 3), (2, 2, 2)]), removals([])).empty


def test_a_line_ordered_during_the_year_and_one_dropped_are_called_so():
    assert rows_of(variances(*year([(0, 4, 4)]), removals([]))) == [("added", "临时任务", 4)]
    assert rows_of(variances(*year([(4, 0, 0)]), removals([]))) == [("removed", "事项取消", -4)]


def test_what_closed_units_take_is_no_lowered_plan_whether_the_plan_followed_or_not():
    followed, not_yet = year([(5, 3, 3)], closed=2), year([(5, 5, 3)], closed=2)
    assert rows_of(variances(*followed, removals([]))) == rows_of(variances(*not_yet, removals([]))) == [
        ("closed", "单位停业", -2)
    ]  # fmt: skip


def test_a_substitute_changes_no_sum_and_a_unit_without_one_does():
    table = variances(*year([(4, 4, 3)]), removals([(Removal.REFUSED, True), (Removal.MOVED, False)]))
    assert rows_of(table) == [("replaced", "候补递补", 0), ("removed", "迁出", -1)]


def test_what_is_not_due_yet_is_not_called_undone():
    table = variances(*year([(4, 4, 3), (5, 5, 0)], later=5), removals([]))
    assert rows_of(table) == [("undone", "到期未做", -1), ("not_due", "以后各月", -5)]


def test_visits_moved_by_a_changed_plan_are_told_apart_from_those_made_late():
    table = variances(*year([(4, 2, 1), (0, 2, 3)]), removals([]))
    assert [(row.reason, row.more_visits) for row in table.itertuples()] == [("计划调整", 2), ("推后完成", 1)]


def test_a_move_of_a_replan_says_why_its_change_order_moved_it():
    def version(officers, *visits, **more):
        plan = [("P1", month, count) for month, count in enumerate(visits, 1)]
        facts = {"names": {"P1": "甲"}, "tasks": task_facts(small.tasks({"task_id": "P1", "team": "大队"}))}
        known = {**facts, "limits": None, "officers": {"大队": officers}, "visits": small.by_month(*plan), **more}
        return SimpleNamespace(**known)

    whole, tasks = [3] * 12, small.tasks({"task_id": "P1", "team": "大队"})
    fewer = replan_reasons(version(whole, 4, 4, 0), version([3, 2, *whole[2:]], 4, 2, 2), tasks, 1)
    assert fewer[("P1", 2)] == "人员减少"
    late = replan_reasons(version(whole, 4, 0, 0), version(whole, 2, 2, 0), tasks, 1)
    assert late == {("P1", 1): "逾期未做", ("P1", 2): "逾期补排"}
    ordered = version(whole, 2, 2, 0, names={"P1": "甲", "P2": "乙"})
    assert replan_reasons(version(whole, 4, 0, 0), ordered, tasks, 0)[("P1", 1)] == "同时加入临时任务"
    table = variances(*year([(4, 2, 2), (0, 2, 2)]), removals([]), late)
    assert table["reason"].tolist() == ["计划调整（逾期未做）"]
