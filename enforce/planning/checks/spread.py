"""Checks of time (月份安排): capacity, windows, key periods, approval."""

from __future__ import annotations

from enforce.planning.checks.case import Case, Findings, days, doubt, error, note
from enforce.planning.checks.sources import check_rows_aside
from enforce.planning.checks.triggers import check_reserve_used, check_unplanned_rising
from enforce.words.months import MONTHS, months_text
from enforce.words.numbers import percent
from enforce.words.terms import Kind


def check_month_capacity(case: Case) -> Findings:
    """No team may need more officer-days in a month than it has (超负荷); of a month that is over it is only told."""
    loads = case.allocation.loads
    for row in loads[loads["overload_days"] > 0].itertuples():
        finding, state = (note, "已过，实际") if row.month <= case.closed else (error, "")
        message, limit = f"{state}超负荷 {days(row.overload_days)}", f"可安排 {days(row.capacity_days)}"
        yield finding(f"{row.month} 月 {row.team}", message, f"需 {days(row.needed_days)}", limit)


def check_everything_placed(case: Case) -> Findings:
    """A visit whose window is over has no month left (排不下)."""
    names = case.tasks.set_index("task_id")["name"]
    for row in case.allocation.unplaced.itertuples():
        message = "允许的月份已过，剩余家次排不下；须延长月份或调减"
        yield error(f"{row.task_id} {names[row.task_id]}", message, f"{row.unplaced_visits} 家次")


def check_proof(case: Case) -> Findings:
    """A plan the solver could not prove best is not presented as such (求解证明)."""
    proof = case.allocation.proof
    for row in proof[~proof["proved"].astype(bool)].itertuples():
        yield doubt(row.stage.label, "求解未证明最优，给出下限供参考", f"{row.value:.12g}", f"下限 {row.bound:.12g}")


def check_approved_in_time(case: Case) -> Findings:
    """A line scheduled mostly before the plan was approved is later than its window (批准前的工作).

    The day of approval counts as gone: 49 of the 61 workdays of the first quarter of 2024 up to 13 March.
    """
    work = case.days[case.days["workday"]]
    for task in case.tasks.itertuples():
        months = {month for period in task.periods for month in period}
        span = work[work["month"].isin(months)]
        gone = int((span["date"] <= case.approved_on).sum())
        most = case.alerts["window_gone_share"]
        if gone and gone >= most * len(span):
            share, limit = percent(gone / len(span)), f"共 {len(span)} 个，提示线 {percent(most)}"
            message = f"计划 {case.approved_on} 批准，到当日已过该事项工作日的 {share}；批准前完成的按已完成登记"
            yield doubt(f"{task.task_id} {task.name}", message, f"{gone} 个工作日", limit)


def check_window_in_year(case: Case) -> Findings:
    """A window lies inside the year, in months in which the team has days at all (允许月份)."""
    free = {(row.team, row.month) for row in case.capacity.itertuples() if row.capacity_days > 0}
    for task in case.tasks[case.tasks["planned_visits"] > 0].itertuples():
        months = sorted({month for period in task.periods for month in period})
        where = f"{task.task_id} {task.name}"
        outside = [month for month in months if month not in MONTHS]
        idle = [month for month in months if month not in outside and (task.team, month) not in free]
        if outside:
            yield error(where, "允许月份不在计划年度内", months_text(outside), "1 至 12 月")
        if idle:
            message = f"允许月份里，{task.team}有的月没有可安排人日，家次只能排在其余月份"
            yield doubt(where, message, months_text(idle), f"共 {len(months)} 个月")


def check_key_period_windows(case: Case) -> Findings:
    """A key-period line falls inside key periods (重点时段事项的月份)."""
    months = set()
    for period in case.key_periods.itertuples():
        months |= set(range(int(period.from_date[5:7]), int(period.to_date[5:7]) + 1))
    for task in case.tasks[case.tasks["kind"] == Kind.KEY_PERIOD].itertuples():
        outside = sorted({month for period in task.periods for month in period} - months)
        if outside:
            yield doubt(f"{task.task_id} {task.name}", "允许月份里有的不含任何重点时段", months_text(outside))


MONTH_CHECKS = (
    check_rows_aside,
    check_month_capacity,
    check_everything_placed,
    check_proof,
    check_approved_in_time,
    check_window_in_year,
    check_key_period_windows,
    check_reserve_used,
    check_unplanned_rising,
)
