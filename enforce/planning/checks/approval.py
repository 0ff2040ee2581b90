"""Checks of what was approved (批准与定版): states, versions, 试算 beside annex 1, work before approval, key list."""

from __future__ import annotations

from itertools import groupby

from enforce.planning.checks.case import Case, Findings, doubt, error, note
from enforce.planning.through.progress import changed_list
from enforce.words.months import month_runs


def check_approval(case: Case) -> Findings:
    """What is noted as approved is on record as version 1 of that day, whole (批准与定版)."""
    noted, first = case.approval.noted_on, case.approval.first_day
    if noted and not first:
        message = "已写明批准，还没有定版；定版以前，附件1随现在的表变化"
        yield doubt("计划的状态", message, f"{noted} 批准", "批准以后定版（approve）")
    elif noted and noted != first:
        yield error("计划的状态", "写明的批准日期与第 1 版的不同", noted, f"第 1 版 {first}")
    if case.approval.lacks:
        message = f"定版的文件是以前写的，没有记下{'、'.join(case.approval.lacks)}；这些只能按现在的表"
        yield note(f"第 {case.approval.version} 版", message)


def check_trial(case: Case) -> Findings:
    """Annex 1 is the version in force; where today's tables would give another, each line says so (试算与附件1)."""
    rows = case.approval.differences
    for (code, name), months in groupby(rows.itertuples(), key=lambda row: (row.task_id, row.task)):
        steps = "、".join(f"{row.month} 月 {row.approved_visits}→{row.visits}" for row in months)
        message = "按现在的表试算，与附件1不同；附件1没有改，要改请重排、报批后再定版"
        yield doubt(f"{code} {name}", message, steps, f"第 {case.approval.version} 版")


def check_gone_recorded(case: Case) -> Findings:
    """A plan approved within the year takes months gone from the records: where there are none, it says so."""
    work = case.days[case.days["workday"] & (case.days["date"] <= case.approved_on)]
    silent = sorted(set(work["month"]) - case.approval.recorded)
    if silent:
        finding = doubt if silent[0] <= case.closed else note
        message = (
            f"计划 {case.approved_on} 批准，{month_runs(silent)} 月批准前没有一条检查记录，已过的按 0 家次；"
            "做过的请登记，没有做的家次排在以后各月"
        )
        yield finding("批准前的记录", message, "0 条记录", f"已过 {len(work)} 个工作日")


def check_key_list_kept(case: Case) -> Findings:
    """The register's key list is the frozen one with the changes noted since (名单与定版)."""
    frozen = case.approval.key_list
    if frozen is None:
        return
    expected = changed_list(frozen, case.approval.changes)
    listed = case.approval.units[case.approval.units["is_key"]]
    today = dict(zip(listed["unit_id"], listed["covered_by"], strict=True))
    names = dict(zip(case.approval.units["unit_id"], case.approval.units["name"], strict=True))
    kinds = (
        ("名单里少了，没有登记减少的日期和原因", sorted(set(expected) - set(today))),
        ("名单里多了，没有登记增加的日期和原因", sorted(set(today) - set(expected))),
        ("覆盖的事项与定版时不同", sorted(code for code in set(today) & set(frozen) if today[code] != frozen[code])),
    )
    for message, codes in kinds:
        if codes:
            some = "、".join(names.get(code, code) for code in codes[:5]) + ("等" if len(codes) > 5 else "")
            limit = f"定版名单 {len(frozen)} 家"
            yield doubt(f"{case.words.key_units}名单", f"{message}：{some}", f"{len(codes)} 家", limit)


APPROVAL_CHECKS = (check_approval, check_trial, check_gone_recorded, check_key_list_kept)
