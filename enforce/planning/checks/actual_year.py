"""Checks of the year as it was done (执行): each doubt with its figures. No number changes because of one."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from enforce.planning.checks.case import Case, Finding, Findings, doubt, error, note
from enforce.planning.through import focus, same_period
from enforce.planning.through.hazards import overdue
from enforce.planning.through.indicators import above_whole, rates_of
from enforce.words.measures import MEASURE_NAMES
from enforce.words.numbers import number_text, percent, rounded
from enforce.words.terms import Kind


def check_plan_in_force(case: Case) -> Findings:
    """What is judged is the version in force; where today's tables plan another number, it is told (现行计划)."""
    if case.actuals is None:
        return
    judged = dict(zip(case.actuals.tasks["task_id"], case.actuals.tasks["planned_visits"], strict=True))
    for task in case.tasks.itertuples():
        if judged[task.task_id] != task.planned_visits:
            message = "事项表的计划家次与现行版本不同；完成率按现行版本，要改请重排、报批后再定版"
            figures = f"事项表 {task.planned_visits} 家次", f"现行版本 {judged[task.task_id]} 家次"
            yield doubt(f"{task.task_id} {task.name}", message, *figures)


def check_above_whole(case: Case) -> Findings:
    """A share above 100 % says what it is of (超过 100%): more was done than planned, or two kinds are mixed."""
    if case.actuals is None:
        return
    for measure, part in above_whole(rates_of(case.actuals)).groupby("measure", sort=False):
        yield _above(MEASURE_NAMES[measure], zip(part["scope"], part["numerator"], part["denominator"], strict=True))
    for title, (table, words, done, due) in case.completions.items():
        part = table[table[done] > table[due].where(table[due] > 0)]
        yield from [_above(title, zip(part[words], part[done], part[due], strict=True))] if len(part) else ()


def _above(where: str, rows: Iterable[tuple[object, float, float]]) -> Finding:
    figures = "；".join(
        f"{scope} {_number_written(part)}/{_number_written(whole)} = {percent(part / whole)}"
        for scope, part, whole in rows
    )
    return note(where, "超过 100%：多做的不抵别处少做的，检查次数不宜作为指标", figures, "100%")


def _number_written(number: float) -> str:
    return number_text(rounded(float(number), 2))


def check_done_before_approval(case: Case) -> Findings:
    """Visits made before the plan was approved count as done, and are told (批准前的检查)."""
    before = case.records[(case.records["task_id"] != "") & (case.records["date"] < case.approved_on)]
    if len(before):
        message = "批准以前做的计划内检查，照样计入完成家次"
        yield note("批准前的检查", message, f"{len(before)} 家次", f"{case.approved_on} 批准")


def check_key_period_visits(case: Case) -> Findings:
    """Visits of a key-period line lie inside the dates of a key period (重点时段以内)."""
    periods = case.key_periods if case.actuals is None else case.actuals.key_periods
    for task in case.tasks[case.tasks["kind"] == Kind.KEY_PERIOD].itertuples():
        dates = case.records.loc[case.records["task_id"] == task.task_id, "date"]
        inside = int(focus.inside_periods(dates, periods).sum())
        if inside < len(dates):
            message = "重点时段事项有检查不在重点时段的日期以内；照样计入完成家次"
            yield doubt(f"{task.task_id} {task.name}", message, f"时段以内 {inside} 家次", f"完成 {len(dates)} 家次")


def check_overdue(case: Case) -> Findings:
    """Hazards are rectified by their date (整改逾期)."""
    late = overdue(case.records, case.as_of) if case.as_of else case.records.iloc[:0]
    for row in late[late["open_visits"] > 0].itertuples() if len(late) else ():
        figure = f"隐患 {row.hazards_found} 项，整改 {row.hazards_fixed} 项"
        yield doubt(f"检查记录 {row.record_id}", "整改到期日已过，没有全部整改", figure, f"{row.rectify_due} 到期")


def check_themes(case: Case) -> Findings:
    """Records name themes that their line has, and by the end of the year each was looked at (专题)."""
    if not focus.filled(case.records, "themes"):
        return
    for (code, name), rows in focus.theme_counts(case.tasks, case.records).groupby(["task_id", "task"], sort=False):
        others = rows[~rows["listed"]]
        missing = rows[rows["listed"] & (rows["done_visits"] == 0)]
        if len(others):
            message = f"检查记录里的专题不在本事项列出的专题里：{'、'.join(others['theme'])}"
            yield doubt(f"{code} {name}", message, f"{len(others)} 个", f"列出 {int(rows['listed'].sum())} 个")
        if len(missing) and not case.under_way:
            message = f"列出的专题没有查过：{'、'.join(missing['theme'])}"
            yield doubt(f"{code} {name}", message, f"{len(missing)} 个", f"列出 {int(rows['listed'].sum())} 个")


def check_sections_came(case: Case) -> Findings:
    """A section that a line invites comes along to its visits (邀请科室参加)."""
    for row in focus.invited_rates(case.tasks, case.records).itertuples():
        if row.numerator < row.denominator:
            message = "有检查没有写明邀请的科室参加；它的人日是按每家次都参加安排的"
            yield note(row.scope, message, f"参加 {row.numerator} 家次", f"完成 {row.denominator} 家次")


def check_record_schemes(case: Case) -> Findings:
    """The scheme of a visit is approved before it is made (现场检查方案)."""
    approved = case.records["scheme_approved_on"]
    for row in case.records[(approved != "") & (approved > case.records["date"])].itertuples():
        where = f"检查记录 {row.record_id}"
        yield doubt(where, "方案审批晚于检查", f"审批 {row.scheme_approved_on}", f"检查 {row.date}")


def check_arrangements(case: Case) -> Findings:
    """One arrangement is one visit: two records of the same number are told (安排编号)."""
    for number, rows in case.records[case.records["visit_id"] != ""].groupby("visit_id", sort=False):
        if len(rows) > 1:
            message = f"几条记录写同一个安排编号 {number}；是同一次检查的只留一条"
            yield error(f"检查记录 {'、'.join(rows['record_id'])}", message, f"{len(rows)} 条记录", "1 条记录")


def check_last_year(case: Case) -> Findings:
    """Last year's figures that nothing stands beside, and its lines that are none of this year's, are told (同比)."""
    if case.actuals is None:
        return
    yield from _figures_alone(case.actuals.last_year)
    before = case.actuals.last_records
    if before is None or before.empty:
        return
    lines = sorted(set(before["task_id"]) - {""} - set(case.tasks["task_id"]))
    if lines:
        message = f"上年的检查记录有今年没有的事项：{'、'.join(lines)}；同比只比合计，不按事项比"
        count = int(before["task_id"].isin(lines).sum())
        yield note("上年的检查记录", message, f"{count} 家次", f"上年共 {len(before)} 家次")
    if (case.decisions is None) != (case.actuals.last_decisions is None):
        yield note("上年的处罚", "两年里只有一年有处罚决定，同比的处罚都按检查记录里的处罚数")


def _figures_alone(figures: pd.DataFrame | None) -> Findings:
    if figures is None:
        return
    for row in same_period.incomparable(figures).itertuples():
        where = f"{row.indicator}：{row.period or same_period.WHOLE_YEAR}"
        yield note(where, "上年数里的这一项，今年没有同样的指标或期间，没有同比", f"上年 {row.figure}")


ACTUAL_CHECKS = (
    check_plan_in_force,
    check_above_whole,
    check_done_before_approval,
    check_key_period_visits,
    check_overdue,
    check_themes,
    check_sections_came,
    check_record_schemes,
    check_arrangements,
    check_last_year,
)
