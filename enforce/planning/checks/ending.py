"""Checks of what was done (执行情况). None of them looks at how many fines there were."""

from __future__ import annotations

from enforce.planning.checks.actual_year import ACTUAL_CHECKS
from enforce.planning.checks.approval import check_key_list_kept
from enforce.planning.checks.case import Case, Findings, doubt, note
from enforce.planning.checks.lines import check_visit_cap
from enforce.planning.checks.other_acts import ACT_CHECKS
from enforce.planning.checks.records import RECORD_CHECKS
from enforce.planning.checks.sources import check_rows_aside
from enforce.planning.checks.triggers import check_reserve_used, check_unplanned_rising
from enforce.planning.through.progress import completion_by_task, units_not_covered
from enforce.planning.visits import counted_units
from enforce.words.numbers import percent


def check_lines_completed(case: Case) -> Findings:
    """A line behind what was expected to the day, or beyond its plan, is named with its figures (完成情况)."""
    by_task = completion_by_task(case.tasks, case.records) if case.actuals is None else case.actuals.by_task
    for row in by_task.itertuples():
        where = f"{row.task_id} {row.task}"
        plan, done = f"计划 {row.planned_visits} 家次", f"完成 {row.done_visits} 家次"
        expected = case.expected.get(row.task_id, row.planned_visits)
        if row.done_visits < expected:
            behind = f"，差 {expected - row.done_visits} 家次，须说明原因"
            if expected == row.planned_visits:
                yield doubt(where, f"未完成{behind}", done, plan)
            else:
                due = f"到当日应完成 {expected} 家次，全年{plan}"
                yield doubt(where, f"落后于计划{behind}", done, due)
        elif row.done_visits > row.planned_visits:
            yield note(where, "超出计划，检查次数不宜作为指标", done, plan)


def check_key_units_visited(case: Case) -> Findings:
    """Every key unit is visited in the year (重点单位全覆盖); before its end those to come are only told."""
    frozen = case.approval.key_list
    units = counted_units(case.units, case.records)
    missing = units_not_covered(units, case.records, frozen)
    if len(missing):
        listed = len(frozen if frozen is not None else units[units["is_key"]])
        finding, state = (note, "还没有到过") if case.under_way else (doubt, "未到过")
        some = "、".join(missing["name"].head(5)) + ("等" if len(missing) > 5 else "")
        where = f"{case.words.key_units}名单"
        yield finding(where, f"{state}：{some}", f"{len(missing)} 家", f"名单 {listed} 家")


def check_off_site(case: Case) -> Findings:
    """Work off the spot uses days and is no visit: how much of it there is, is told (非现场)."""
    if case.off_site:
        message = "检查方式为非现场的，用人日、不计家次，列入其他监管执法工作"
        yield note("检查记录", message, f"{case.off_site} 件")


def check_promises(case: Case) -> Findings:
    """What a promise names and the plan does not have: its measure is not worked out (承诺)."""
    for promise, name in case.unknown_names:
        yield doubt(f"承诺 {promise}", f"写了计划里没有的事项、时段或年度以外的日期：{name}，这个量没有算")


def check_unplanned_share(case: Case) -> Findings:
    """The unplanned share beside the figure published for bureaus of this kind, if there is one (非计划检查占比)."""
    total = len(case.records)
    known = case.rules["unplanned_share_reference"]
    if not total or known is None:
        return
    unplanned = int((case.records["task_id"] == "").sum())
    if unplanned / total > known:
        figure = f"{unplanned}/{total} = {percent(unplanned / total)}"
        yield note("非计划检查占比", "高于公布的平均占比，只作对照", figure, percent(known))


def check_evidence(case: Case) -> Findings:
    """Visits without an inspection code or a complete record (检查码与记录)."""
    total = f"共 {len(case.records)} 条记录"
    without_code = int((case.records["inspection_code"] == "").sum())
    if without_code:
        yield doubt("检查码", "有检查没有检查码", f"{without_code} 条记录", total)
    partial = int((~case.records["full_record"].astype(bool)).sum())
    if partial:
        uncounted = "，统计年报不计次" if case.rules["statistics_needs_full_record"] else ""
        yield doubt("检查记录", f"记录不完整{uncounted}", f"{partial} 条记录", total)


YEAR_CHECKS = (
    check_rows_aside,
    check_lines_completed,
    check_key_units_visited,
    check_key_list_kept,
    check_visit_cap,
    check_off_site,
    check_promises,
    check_unplanned_share,
    check_unplanned_rising,
    check_reserve_used,
    check_evidence,
    *ACT_CHECKS,
    *ACTUAL_CHECKS,
    *RECORD_CHECKS,
)
