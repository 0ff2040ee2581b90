"""The outcome (结论): the three lines a director asks for, of a year's plan and of a re-plan."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from enforce.desk.standing import Standing
from enforce.desk.year import Year
from enforce.planning.months.allocate import Allocation
from enforce.planning.visits import highest_load
from enforce.planning.why.shortage import overload_text
from enforce.words.numbers import percent
from enforce.words.terms import Severity


def annual_outcome(year: Year) -> list[str]:
    """Return whether the year's officer-days are enough, the busiest month and team, how much must be corrected."""
    loads = year.annex.loads
    days = f"需要 {loads['needed_days'].sum():.12g} 人日，可安排 {loads['capacity_days'].sum():.12g} 人日"
    return [
        f"够不够：{_enough(year.annex, year.moment.closed)}。全年{days}",
        f"最忙的月：{_busiest(loads)}",
        f"须改正：{_severities(year.findings)}",
    ]


def replan_outcome(plan: Standing) -> list[str]:
    """Return how many visits change their month, whether the rest of the year fits, and the version to approve."""
    past, ahead = (int(rows["changed_visits"].sum()) for rows in (plan.past, plan.order))
    moved = int(plan.order["changed_visits"].clip(lower=0).sum()) - max(ahead, 0)
    done = f"，已过的月份{_more(past, '多做', '少做')}" if past else ""
    left = f"，以后{_more(ahead, '多排', '少排')}" if ahead else ""
    whole = f"，全年{_more(past + ahead, '增加', '减少')}" if past + ahead else "，全年总数不变"
    return [
        f"改动：{moved} 家次换了月份{done}{left}{whole}（调整单 {len(plan.order)} 行）",
        f"够不够：{_enough(plan.allocation, plan.closed)}",
        f"新版本：plan-v{plan.version.number}.json；{plan.approver}",
    ]


def _more(visits: int, more: str, less: str) -> str:
    return f"{more if visits > 0 else less} {abs(visits)} 家次"


def _enough(plan: Allocation, closed: int) -> str:
    """Whether everything has a month within the days there are; what is over or without a month where it has not.

    What the months gone were over, up to `closed`, is said and decides nothing: nothing changes it any more.
    """
    gone = plan.loads["month"] <= closed
    over, past = (_over(plan.loads[months]) for months in (~gone, gone))
    unplaced = int(plan.unplaced["unplaced_visits"].sum())
    parts = [*over, *([f"{unplaced} 家次排不下（没有月份可排）"] if unplaced else [])]
    text = "不够，" + "，".join(parts) if parts else f"够，{'以后' if closed else ''}各月都不超过可安排人日"
    return text + "".join(f"；已过的月份{each}，不再变动" for each in past)


def _over(loads: pd.DataFrame) -> list[str]:
    days = loads["overload_days"].sum()
    return [f"超出可安排 {days:.12g} 人日（{overload_text(loads)}）"] if days else []


def _busiest(loads: pd.DataFrame) -> str:
    """The month and team of the highest load; a team with visits and no days at all comes first."""
    busy = loads[loads["needed_days"] > 0]
    if busy.empty:
        return "没有要排的家次"
    idle = busy[busy["capacity_days"] <= 0]
    row = (busy.loc[[busy["load"].idxmax()]] if idle.empty else idle.head(1)).iloc[0]
    load = percent(highest_load(loads)) if idle.empty else "没有可安排人日"
    days = f"需要 {row['needed_days']:.12g}、可安排 {row['capacity_days']:.12g} 人日"
    return f"{row['month']} 月 {row['team']}，{load}（{days}）"


def _severities(findings: pd.DataFrame) -> str:
    counts = Counter(findings["severity"])
    others = "，".join(f"{kind.label} {counts[kind.value]} 条" for kind in (Severity.DOUBT, Severity.NOTE))
    return f"{counts[Severity.ERROR.value]} 条；另有{others}，都在“需要处理的问题”里"
