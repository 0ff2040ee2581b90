"""The days: what a scenario does not touch is the plan's own, and what is shared is what would have been worked out."""

from __future__ import annotations

import pandas as pd
import pytest

from enforce.desk.year import under
from enforce.inputs.parameters.scenario import Scenario

OFFICERS = {"officers": [{"team": "危化科", "from_month": 7, "change": 1}]}
CHANGES = [
    {"lines": [{"task_id": "P06", "planned_visits": 16}]},
    {"reserve_share": 0.3},
    {"unplanned_change": 0.05, "approved_on": "2025-01-05"},
    {"key_periods": [{"name": "全国两会", "reserved_days": [{"team": "执法大队", "days": 9.0}]}]},
    OFFICERS,
    {"reserve_share": 0.3, **OFFICERS},
]
TABLES = ("workdays", "statutory", "reserved", "key_period_days", "account", "capacity", "need", "rules_in_force")


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids="、".join)
def test_what_is_shared_is_what_would_have_been_worked_out(year, change, monkeypatch):
    scenario = Scenario.model_validate(change)
    quick = under(year, scenario)
    assert (quick.days.service is year.days.service) == ("officers" not in change)
    monkeypatch.setattr("enforce.desk.year.shared", lambda result, earlier: result)
    alone = under(year, scenario)
    assert alone.days.service is not year.days.service
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(alone, table), getattr(quick, table))
    pd.testing.assert_frame_equal(alone.allocation.visits, quick.allocation.visits)


def test_a_scenario_has_the_days_of_its_plan_as_far_as_they_rest_on_the_same(year):
    lines, reserve, unplanned, periods, officers, both = (
        under(year, Scenario.model_validate(change)).days for change in CHANGES
    )
    days = year.days
    assert lines is days
    assert reserve.service is unplanned.service is periods.service is days.service
    assert reserve.key_periods is unplanned.key_periods is officers.key_periods is days.key_periods
    assert reserve.capacity is not days.capacity
    assert periods.key_periods is not days.key_periods
    assert officers.service is not days.service
    assert both.key_periods is days.key_periods


def test_who_comes_in_july_is_seen_in_the_statutory_days_from_july_on(year):
    counts = under(year, Scenario.model_validate(OFFICERS)).statutory.query("team == '危化科'")["officer_count"]
    before = year.statutory.query("team == '危化科'")["officer_count"]
    assert (counts - before).tolist() == [0] * 6 + [1] * 6
