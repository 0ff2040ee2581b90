"""The outlook of the demo plan: what it rests on is marked, and it is held against what happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enforce.desk.outlook import Outlook
from enforce.desk.year import under
from enforce.inputs.parameters.scenario import Scenario
from enforce.words.terms import ALL_TEAMS
from tests.planning.through.simulation import simulated


@pytest.fixture(scope="module")
def outlook(year):
    return Outlook(year, year)


def end(outlook, team=ALL_TEAMS):
    return outlook.chances.set_index(["team", "month"]).loc[(team, 12), "finish_share"]


def test_what_it_rests_on_is_the_accounts_days_and_marked_as_assumed(outlook):
    table = outlook.inputs
    rows = table[table["team"] == "执法大队"].set_index("event")
    assert rows["days"].to_dict() == {"病假、事假": 30.0, "事故调查": 180.0, "上级临时任务": 200.0}
    assert set(table["note"]) == {"假定"}


def test_many_records_of_ordered_tasks_take_the_place_of_the_assumption(year, outlook):
    records = year.tables.records
    order = records[records["trigger"] == "order"]
    many = replace(year, tables=replace(year.tables, records=records.loc[[*records.index, *[order.index[0]] * 100]]))
    table = Outlook(year, many).inputs.set_index(["team", "event"])
    assert (table["note"] == "按检查记录").sum() == 1
    assert end(Outlook(year, many)) > end(outlook)


def test_the_exact_chance_lies_within_four_standard_errors_of_the_simulated_one(outlook):
    ends = outlook.chances[outlook.chances["month"] == 12].set_index("team")["finish_share"]
    assert len(outlook.queues) == 3
    for team, queue in outlook.queues.items():
        share, error = simulated(queue)
        assert abs(ends[team] - share) < 4 * error


def test_held_to_their_months_visits_are_finished_less_surely(outlook):
    assert (outlook.chances["held_share"] <= outlook.chances["finish_share"] + 1e-12).all()
    assert (outlook.chances["held_share"] < outlook.chances["finish_share"]).any()


def test_more_unplanned_work_and_fewer_officers_make_finishing_less_likely(year, outlook):
    for change in ({"unplanned_change": 0.2}, {"officers": [{"team": "执法大队", "from_month": 7, "change": -1}]}):
        assert end(Outlook(under(year, Scenario.model_validate(change)), year)) < end(outlook)


def test_the_reserve_asked_for_is_told_for_every_team(outlook):
    table = outlook.reserve
    assert table["team"].tolist() == ["执法大队", "危化科", "基础科"]
    assert outlook.wanted == 0.9
    short = table["finish_share"] < 0.9
    assert ((table["needed_reserve_days"] > table["reserve_days"]) == short).all()


def test_it_is_held_against_every_month_over_since_approval_and_none_without_records(year, outlook):
    assert outlook.calibration["month"].tolist() == list(range(3, 13))  # January and February were done, not planned
    empty = replace(year, tables=replace(year.tables, records=year.tables.records.iloc[:0]))
    assert Outlook(year, empty).calibration.empty


def test_what_happened_is_held_against_the_plan_not_against_a_scenario(year, outlook):
    other = Outlook(under(year, Scenario(unplanned_change=0.5)), year)
    assert end(other) < end(outlook)
    assert other.calibration.equals(outlook.calibration)
