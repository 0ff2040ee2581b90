"""Hit rates with their intervals, and the visits removed."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from enforce.planning.through.hit_rates import hit_rates, wilson
from enforce.planning.through.removals import removed_visits


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(0, 7, 0, 0.3543), (1, 7, 0.0257, 0.5131), (7, 7, 0.6457, 1), (81, 263, 0.2554, 0.3663)],
)
def test_the_interval_is_that_of_wilsons_formula(hits, count, low, high):
    assert wilson(hits, count) == pytest.approx((low, high), abs=5e-4)


def test_only_visits_of_the_line_count_and_without_a_visit_there_is_no_rate():
    records = pd.DataFrame({"task_id": ["P11", "P11", "P10"], "unit_id": ["A", "B", "C"], "hazards_found": [1, 0, 3]})
    table = hit_rates(records, {"P11": {"C"}, "P02": set()})
    assert table[["task_id", "numerator", "denominator"]].values.tolist() == [
        ["P11", 1, 2], ["P11", 0, 0], ["P02", 0, 0], ["P02", 0, 0]
    ]  # fmt: skip
    assert table["rate"].isna().tolist() == [False, True, True, True]


def test_a_plan_without_hold_outs_or_removals_has_empty_tables():
    assert hit_rates(pd.DataFrame({"task_id": [], "unit_id": [], "hazards_found": []}), {}).empty
    assert removed_visits([SimpleNamespace(task_id="P10", events=None)], "2024-12-31").empty


def test_removals_are_those_up_to_the_day():
    event = {"unit_id": "A", "why": "moved", "evidence": "笔录", "substitute": "B"}
    draw = SimpleNamespace(task_id="P10", events=[SimpleNamespace(date=f"2024-0{n}-01", **event) for n in (5, 9)])
    assert removed_visits([draw], "2024-06-30")[["removed_on", "removal", "removed_visits"]].values.tolist() == [
        ["2024-05-01", "迁出", 0]
    ]
