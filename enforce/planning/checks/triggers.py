"""Checks of work beside the plan (计划外的工作): how much of it there is, and what it leaves of the reserve."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from enforce.planning.account import line_days, team_of
from enforce.planning.checks.case import Case, Findings, days, doubt
from enforce.words.numbers import percent
from enforce.words.terms import ALL_TEAMS, Trigger

#: What the account already sets days aside for: only what goes beyond them comes out of the reserve.
ESTIMATED = {
    Trigger.COMPLAINT: "complaints",
    Trigger.ACCIDENT: "accidents",
    Trigger.ORDER: "ordered",
    Trigger.PATROL: "supervision",
}


def check_unplanned_rising(case: Case) -> Findings:
    """The unplanned share of the last quarter against that of all quarters before it (非计划检查占比上升)."""
    quarter = (case.records["date"].str[5:7].astype(int) - 1) // 3 + 1
    last = int(quarter.max()) if len(quarter) else 0
    before, now = case.records[quarter < last], case.records[quarter == last]
    if before.empty:
        return
    (was, all_before), (count, total) = ((int((rows["task_id"] == "").sum()), len(rows)) for rows in (before, now))
    most = was / all_before + case.alerts["unplanned_rise"]
    if count / total > most + 1e-12:
        message = "非计划检查占比比以前各季度高，请查明原因，必要时调整计划家次"
        limit = f"以前 {was}/{all_before} = {percent(was / all_before)}，提示线 {percent(most)}"
        yield doubt(f"{last} 季度", message, f"{count}/{total} = {percent(count / total)}", limit)


def check_reserve_used(case: Case) -> Findings:
    """What the reserve of a team has gone into: overload of the plan, and work without an estimate (余地已用)."""
    over = case.allocation.loads.groupby("team")["overload_days"].sum()
    beside = dict(_beside(case))
    share = case.alerts["reserve_used_share"]
    for team, reserve in line_days(case.account, "reserve_days").drop(ALL_TEAMS).items():
        overload, unplanned = float(over.get(team, 0.0)), beside.get(team, 0.0)
        used = overload + unplanned
        if used and used >= share * reserve:
            state = "余地已经用完" if used >= reserve else "余地快要用完"
            message = f"{state}：超负荷 {days(overload)}，核算以外的非计划检查 {days(unplanned)}"
            limit = f"余地 {days(reserve)}，提示线 {percent(share)}"
            yield doubt(f"{team} 留有余地", message, f"用去 {days(used)}", limit)


def _beside(case: Case) -> Iterator[tuple[str, float]]:
    """Yield the officer-days of unplanned visits by team, less what the account estimates for their cause."""
    spent = _officer_days(case)
    days_of = case.account[case.account["line"] == "other_enforcement_days"].set_index(["team", "item"])["days"]
    by_item = {team for team, item in days_of.index if item}
    for team, causes in spent.groupby("team"):
        if team not in by_item:  # one number for all items: what goes beyond it
            yield team, max(float(causes["days"].sum()) - float(days_of.get((team, ""), 0.0)), 0.0)
            continue
        total = 0.0
        for cause, used in causes.groupby("trigger")["days"].sum().items():
            total += max(float(used) - float(days_of.get((team, ESTIMATED.get(cause, "-")), 0.0)), 0.0)
        yield team, total


def _officer_days(case: Case) -> pd.DataFrame:
    """Return one row per officer of an unplanned visit: team, trigger, days."""
    unplanned = case.records[case.records["task_id"] == ""]
    each = case.alerts["unplanned_visit_days"]
    rows = [
        (home, row.trigger, each)
        for row in unplanned.itertuples()
        for officer in row.officers
        if (home := team_of(case.roster, officer, int(row.date[5:7])))
    ]
    return pd.DataFrame(rows, columns=["team", "trigger", "days"])
