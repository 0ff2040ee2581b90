"""The three lines at the end of a command: whether it is enough, the busiest month, what to do next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enforce.desk.conclusion import annual_outcome, replan_outcome
from enforce.desk.standing import replan
from enforce.desk.year import open_year, under
from enforce.inputs.parameters.scenario import Scenario
from tests.bureaus import bare_project, write_county

pytestmark = pytest.mark.slow


def test_a_plan_that_fits_says_so_with_days_busiest_month_and_what_must_be_corrected(year):
    enough, busiest, wrong = annual_outcome(year)
    loads, findings = year.annex.loads, year.findings
    need, room = loads["needed_days"].sum(), loads["capacity_days"].sum()
    assert enough == f"够不够：够，以后各月都不超过可安排人日。全年需要 {need:.12g} 人日，可安排 {room:.12g} 人日"
    top = loads.sort_values("load").iloc[-1]
    assert busiest.startswith(f"最忙的月：{top['month']} 月 {top['team']}，{top['load']:.1%}")
    counts = findings["severity"].value_counts()
    assert wrong == (
        f"须改正：{counts.get('error', 0)} 条；另有请核实 {counts.get('doubt', 0)} 条，"
        f"提示 {counts.get('note', 0)} 条，都在“需要处理的问题”里"
    )


def test_a_plan_that_does_not_fit_says_by_how_much_and_when(tmp_path):
    year = open_year(write_county(bare_project(tmp_path)))
    enough, busiest, _ = annual_outcome(
        under(year, Scenario(officers=[{"team": "执法大队", "from_month": 1, "change": -1}]))
    )
    assert enough.startswith("够不够：不够，超出可安排 125 人日（超负荷：执法大队 ")
    assert busiest.startswith("最忙的月：1 月 执法大队，没有可安排人日（需要 ")


def test_a_replan_says_how_many_visits_moved_and_what_is_over_or_without_a_month(year):
    plan = replan(year, "2024-06-30")
    moved, enough, version = replan_outcome(plan)
    changes = plan.order["changed_visits"]
    assert moved.startswith(
        f"改动：{min(changes.clip(lower=0).sum(), -changes.clip(upper=0).sum())} 家次换了月份，已过的月份"
    )
    assert "全年总数不变（调整单 " in moved
    over = "超出可安排 8.5 人日（超负荷：执法大队 6 月）"
    assert enough == f"够不够：够，以后各月都不超过可安排人日；已过的月份{over}，不再变动"
    assert version == f"新版本：plan-v2.json；{plan.approver}"
    more = year.tasks["planned_visits"].mask(year.tasks["task_id"] == "P05", 25)
    late = replan(
        replace(year, tables=replace(year.tables, tasks=year.tasks.assign(planned_visits=more))), "2024-06-30"
    )
    unplaced = int(late.allocation.unplaced["unplaced_visits"].sum())
    assert unplaced
    assert f"{unplaced} 家次排不下" in replan_outcome(late)[1]
