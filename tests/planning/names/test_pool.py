"""The pool of a draw: every unit left out has one reason, and a unit without the line's flag is in no row."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from enforce.planning.names.pool import pool, weights
from enforce.planning.visits import choosable, closed

UNITS = pd.DataFrame(
    [
        ("G", True, "区级", ("甲",), False, ""),
        ("A", True, "区级", ("甲", "乙"), False, ""),
        ("F", True, "区级", ("乙",), False, ""),
        ("B", False, "市级", ("甲",), True, "gone"),
        ("C", True, "市级", ("甲",), True, "gone"),
        ("D", True, "区级", ("甲",), True, "paused"),
        ("E", True, "区级", ("甲",), True, "open"),
    ],
    columns=["unit_id", "in_district", "level", "hazards", "is_key", "state"],
)
TASK = SimpleNamespace(task_id="P10", kind="spot_check", hazards=("甲",), exclude="key_list")


def reasons(task, before=()) -> dict[str, str]:
    table = pool(task, UNITS.assign(covered_by="", no_contact=""), "区级", before)
    assert table["unit_id"].is_monotonic_increasing
    return dict(zip(table["unit_id"], table["reason"], strict=True))


def test_each_unit_left_out_has_the_first_reason_that_holds():
    expected = {"A": "", "B": "outside", "C": "level", "D": "closed", "E": "line", "G": ""}
    assert reasons(TASK) == expected
    assert reasons(TASK, ["G"]) == {**expected, "G": "before"}


def test_who_may_be_drawn_is_who_the_plan_counts_on_but_the_closed(year):
    for task in year.tasks.itertuples(index=False):
        table = pool(task, year.units, year.plan.vocabulary.our_level)
        units = year.units[choosable(task, year.units, year.plan.vocabulary.our_level) & ~closed(year.units)]
        assert table.loc[table["reason"] == "", "unit_id"].tolist() == sorted(units["unit_id"])


def test_weights_multiply_and_a_grade_without_weight_weighs_1():
    units = pd.DataFrame({"risk_grade": ["红", "蓝", ""], "credit_grade": ["D", "D", "A"]})
    assert weights(units, {"risk_grade": {"红": 4}, "credit_grade": {"D": 3}}) == [12, 3, 1]
    assert weights(units, {}) == [1, 1, 1]
