"""The plan of a scenario: plan and tables as if they had been written that way, and untouched where nothing changes."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.parameters.scenario import Scenario
from enforce.inputs.parameters.under_scenario import applied, mark, scenario_problems
from enforce.inputs.tables.of_plan import read_tables
from enforce.words.problems import InputError

PLAN = read_plan("params/putuo-2024.yaml")
TABLES = read_tables(PLAN)


def under(**changes):
    return applied(PLAN, TABLES, Scenario.model_validate(changes))


def serving(roster, team="执法大队"):
    crew = roster[(roster["team"] == team) & roster["licensed"]]
    return [int(((crew["from_month"] <= m) & (crew["to_month"] >= m)).sum()) for m in range(1, 13)]


def line(tables, task_id):
    return tables.tasks.set_index("task_id").loc[task_id]


def faults(**changes):
    return {p.where: p.expected for p in scenario_problems(Scenario.model_validate(changes), PLAN, TABLES)}


def test_a_scenario_that_says_nothing_changes_no_table_and_no_number():
    plan, tables = under()
    assert tables is TABLES
    approved = {name: getattr(PLAN, name) for name in ("approval", "approved_on", "document", "disclaimer")}
    assert plan.model_copy(update=approved) == PLAN
    assert plan.approval_day == PLAN.approval_day


def test_a_scenario_never_bears_the_number_of_the_approved_plan():
    plan, _ = under(reserve_share=0.2)
    assert plan.document == ""
    assert plan.disclaimer.startswith("情景测算，未经批准；人员")
    assert mark(Scenario().called("甲")) == "情景测算「甲」，未经批准"
    assert plan.path == PLAN.path


def test_two_officers_who_leave_in_july_are_gone_from_july_on():
    _, tables = under(officers=[{"team": "执法大队", "from_month": 7, "change": -2}])
    assert serving(TABLES.roster) == [8] * 6 + [9] * 6
    assert serving(tables.roster) == [8] * 6 + [7] * 6
    assert serving(tables.roster, "危化科") == [4] * 12
    assert len(TABLES.roster) == 16


def test_one_who_leaves_in_april_leaves_one_fewer_in_every_month_to_come():
    _, tables = under(officers=[{"team": "执法大队", "from_month": 4, "change": -1}])
    assert serving(tables.roster) == [8, 8, 8, 7, 7, 7, 8, 8, 8, 8, 8, 8]


def test_three_who_come_in_march_are_licensed_and_named_as_a_scenarios():
    plan, tables = under(officers=[{"team": "基础科", "from_month": 3, "change": 3}])
    assert serving(tables.roster, "基础科") == [3, 3, *[6] * 10]
    new = tables.roster[tables.roster["source"] == "情景测算"]
    assert new["officer_id"].is_unique
    assert len(new) == 3
    assert tables.roster.dtypes.equals(TABLES.roster.dtypes)
    assert {team.team: team.headcount for team in plan.teams} == {"执法大队": 10, "危化科": 5, "基础科": 6}


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)).map(sorted), max_size=6),
    st.integers(1, 12),
    st.integers(-4, 4),
)
def test_any_change_moves_every_later_month_by_itself_and_no_earlier_one(spans, month, change):
    crew = pd.DataFrame(
        [(f"A-{n}", "执法大队", True, (), first, last, 1.0, "", "") for n, (first, last) in enumerate(spans)],
        columns=TABLES.roster.columns,
    ).astype(TABLES.roster.dtypes.to_dict())
    tables = type(TABLES)(TABLES.tasks, crew, TABLES.units, TABLES.records)
    scenario = Scenario(officers=[{"team": "执法大队", "from_month": month, "change": change}])
    before = serving(crew)
    wanted = [count + change * (m >= month) for m, count in enumerate(before, 1)]
    if min(wanted) < 0:
        with pytest.raises(InputError, match="调出人数不超过在岗人数"):
            applied(PLAN, tables, scenario)
    else:
        assert serving(applied(PLAN, tables, scenario)[1].roster) == wanted


def test_more_visits_take_their_units_along_where_each_unit_is_visited_once():
    _, tables = under(lines=[{"task_id": "P06", "planned_visits": 16}, {"task_id": "P05", "planned_visits": 6}])
    assert (line(tables, "P06")["planned_visits"], line(tables, "P06")["planned_units"]) == (16, 16)
    assert (line(tables, "P05")["planned_visits"], line(tables, "P05")["planned_units"]) == (6, 6)
    assert line(TABLES, "P06")["planned_visits"] == 10
    assert tables.tasks.dtypes.equals(TABLES.tasks.dtypes)


def test_days_and_months_of_a_line_are_changed_and_the_rest_of_it_stays():
    _, tables = under(lines=[{"task_id": "P08", "visit_days": 1.5, "months": "4-6|10"}])
    changed = line(tables, "P08")
    assert (changed["visit_days"], changed["periods"]) == (1.5, ((4, 5, 6), (10,)))
    assert changed.drop(["visit_days", "periods"]).equals(line(TABLES, "P08").drop(["visit_days", "periods"]))


def test_the_two_sessions_take_five_more_days():
    plan, _ = under(key_periods=[{"name": "全国两会", "reserved_days": [{"team": "执法大队", "days": 9.0}]}])
    two_sessions = plan.key_periods[1]
    assert {entry.team: entry.days for entry in two_sessions.reserved_days} == {"执法大队": 9, "危化科": 1}
    assert (two_sessions.from_date, two_sessions.to_date) == ("2024-03-04", "2024-03-11")
    assert plan.key_periods[0] == PLAN.key_periods[0]


def test_a_new_key_period_stands_after_the_others():
    plan, _ = under(
        key_periods=[
            {
                "name": "汛期",
                "from_date": "2024-06-15",
                "to_date": "2024-07-15",
                "reserved_days": [{"team": "执法大队", "days": 3.0}],
            }
        ]
    )
    assert [period.name for period in plan.key_periods][-2:] == ["元旦前", "汛期"]


def test_unplanned_work_grows_in_its_three_items_and_in_half_days():
    plan, _ = under(unplanned_change=0.07)
    before, after = (p.teams[0].other_enforcement_days.model_dump() for p in (PLAN, plan))
    assert {item: after[item] for item in before if after[item] != before[item]} == {
        "accidents": 192.5,
        "complaints": 278.0,
        "ordered": 214.0,
    }


def test_reserve_and_approval_are_taken_over():
    plan, _ = under(reserve_share=0.15, approved_on="2024-02-01")
    assert (plan.reserve_share, plan.approved_on) == (0.15, "2024-02-01")


def test_everything_the_plan_has_no_place_for_is_told_at_once():
    told = faults(
        officers=[{"team": "执法队", "from_month": 1, "change": 1}, {"team": "危化科", "from_month": 3, "change": -5}],
        approved_on="2027-01-01",
        lines=[{"task_id": "P66"}, {"task_id": "P08", "planned_visits": 3}, {"task_id": "P08"}],
        key_periods=[
            {"name": "全国二会"},
            {"name": "春节前", "from_date": "2024-03-01", "reserved_days": [{"team": "法宣科", "days": 1.0}]},
            {"name": "五一前", "to_date": "2025-05-01"},
        ],
    )
    assert set(told) == {
        "officers[0].team",
        "officers[1].change",
        "approved_on",
        "lines[0].task_id",
        "lines[1].planned_visits",
        "lines[2]",
        "key_periods[0].from_date",
        "key_periods[0].to_date",
        "key_periods[1].to_date",
        "key_periods[1].reserved_days[0].team",
        "key_periods[2].to_date",
    }
    assert "是否想写「执法大队」" in told["officers[0].team"]
    assert told["officers[1].change"] == "调出人数不超过在岗人数（危化科 3 月差 1 人）"
    assert told["lines[1].planned_visits"] == "不少于辖区外家次 4 的整数"


def test_unplanned_work_of_a_team_that_gives_one_number_cannot_be_changed():
    first, *others = PLAN.teams
    plan = PLAN.model_copy(update={"teams": (first.model_copy(update={"other_enforcement_days": 660.0}), *others)})
    (fault,) = scenario_problems(Scenario(unplanned_change=0.2), plan, TABLES)
    assert fault.where == "unplanned_change"
    assert first.team in fault.expected
    assert scenario_problems(Scenario(reserve_share=0.2), plan, TABLES) == []
