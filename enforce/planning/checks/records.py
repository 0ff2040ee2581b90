"""Checks of the records (检查记录) one by one: each finding names its record. All of them count as done.

What is doubtful here is for the bureau to put right in its records; nothing is left out of a number because of it but
the visits that the statistics do not count.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from enforce.planning.checks.case import Case, Finding, Findings, doubt, error
from enforce.planning.through.progress import imposed
from enforce.planning.through.staffing import short_staffed
from enforce.planning.visits import choosable
from enforce.words.months import month_runs
from enforce.words.terms import Basis, Sanction, is_penalty


def check_record_officers(case: Case) -> Findings:
    """A visit has the officers that the rules of its day ask for: so many, each with a licence (检查人员)."""
    for row in short_staffed(case.records, case.roster, case.rule_on).itertuples():
        few = row.officer_count < row.least
        faults = ["检查人员不足"] * few + ["有人没有执法证"] * (row.unlicensed > 0)
        figures = [f"{row.officer_count} 人"] + [f"{row.unlicensed} 人无证"] * (row.unlicensed > 0)
        message = f"{'、'.join(faults)}；计入完成家次，不计入统计年报的检查次数"
        limit = f"不少于 {row.least} 人" * few or "每人持证"
        yield error(_record_place(row.record_id), message, "，".join(figures), limit)


def check_record_units(case: Case) -> Findings:
    """A visit for a line is to a unit that the line can have: level, flags, key list (记录的单位)."""
    units = {unit.unit_id: unit for unit in case.units.itertuples()}
    fit = {
        task.task_id: set(case.units.loc[choosable(task, case.units, case.words.our_level), "unit_id"])
        for task in case.tasks.itertuples()
    }
    for row, task in _planned_records(case):
        unit = units.get(row.unit_id)
        if unit and bool(unit.in_district) != bool(row.in_district):
            continue  # told of the district
        if not row.in_district and not task.out_of_district_visits:
            yield _no_unit_of(row, task, "本事项没有辖区外家次，记录却在辖区外", row.unit_id or "辖区外单位")
        elif unit and row.in_district and row.unit_id not in fit[row.task_id]:
            message = "单位不在本事项可查的对象里（层级、标签、名单或覆盖事项不符）"
            yield _no_unit_of(row, task, message, f"{unit.name}（{unit.level}）")


def _no_unit_of(row: object, task: object, message: str, figure: str) -> Finding:
    sentence = f"{message}；完成数里有这 1 家次，请改正单位或事项"
    return error(_record_place(row.record_id), sentence, figure, f"{task.task_id} {task.name}")


def check_record_months(case: Case) -> Findings:
    """A visit for a line is in a month of its windows (记录的月份)."""
    for row, task in _planned_records(case):
        months = sorted({month for period in task.periods for month in period})
        month = int(row.date[5:7])
        if month not in months:
            late = "（允许的月份已过）" if month > months[-1] else ""
            message = f"检查不在「{task.task_id} {task.name}」允许的月份里{late}"
            yield doubt(_record_place(row.record_id), message, row.date, f"{month_runs(months)} 月")


def check_record_removals(case: Case) -> Findings:
    """A unit that an event says is not visited any more has no visit for that line from that day on (不再检查)."""
    removed = () if case.removed is None else case.removed.itertuples()
    gone = {(row.task_id, row.unit_id): row for row in removed}
    for row, task in _planned_records(case):
        event = gone.get((row.task_id, row.unit_id))
        if event and row.date >= event.removed_on:
            message = f"这家单位登记为不再检查（{event.removal}），以后又有「{task.task_id} {task.name}」的记录"
            yield doubt(_record_place(row.record_id), message, row.date, f"{event.removed_on} 起不再检查")


def check_record_days(case: Case) -> Findings:
    """A visit on a day off is worth a look: a slip of the date, or work at a weekend (休息日检查)."""
    off = dict(zip(case.days["date"], zip(case.days["workday"], case.days["holiday_kind"], strict=True), strict=True))
    for row in case.records.itertuples():
        workday, kind = off.get(row.date, (True, ""))
        if not workday:
            where, message = _record_place(row.record_id), "检查日期不是工作日，请核对日期"
            yield doubt(where, message, f"{row.date}（{kind}）", "工作日")


def check_record_times(case: Case) -> Findings:
    """A visit ends after it begins (起止时间); one that does not has no time on site."""
    for row in case.records[(case.records["start"] != "") & (case.records["end"] != "")].itertuples():
        if row.end <= row.start:
            where, message = _record_place(row.record_id), "结束时间不晚于开始时间，不计现场用时"
            yield doubt(where, message, f"{row.start} 至 {row.end}", "结束晚于开始")


def check_record_twins(case: Case) -> Findings:
    """One visit stands under one number: the same unit, line (or cause) and day under two is told once (重复的记录)."""
    named = case.records[case.records["unit_id"] != ""]
    for _, rows in named.groupby(["unit_id", "task_id", "trigger", "date"], sort=False):
        if len(rows) > 1:
            finding = error if rows["task_id"].iloc[0] else doubt
            message = "同一单位、同一事项、同一天记了不止一次；是同一次检查的只留一条"
            yield finding(_record_place("、".join(rows["record_id"])), message, f"{len(rows)} 条记录", "1 条记录")


def check_record_districts(case: Case) -> Findings:
    """A record says of its unit what the register says: inside the district or not (记录的辖区内外)."""
    within = dict(zip(case.units["unit_id"], case.units["in_district"], strict=True))
    for row in case.records.itertuples():
        listed = within.get(row.unit_id)
        if listed is not None and bool(listed) != bool(row.in_district):
            sides = ("记录：辖区内", "台账：辖区外") if row.in_district else ("记录：辖区外", "台账：辖区内")
            yield error(_record_place(row.record_id), "记录写的辖区内外与企业台账不一致", *sides)


def check_penalties(case: Case) -> Findings:
    """Decisions and records agree: where decisions stand they count, and a record that says otherwise is told."""
    if case.decisions is None:
        return
    records = case.records.set_index("record_id")
    for row in case.decisions[case.decisions["record_id"] != ""].itertuples():
        yield from _of_no_visit(row, records, case.as_of)
    by_record = dict(iter(imposed(case.decisions).groupby("record_id")))
    for row in case.records[case.records["penalty"] != ""].itertuples():
        yield from _otherwise(row, by_record.get(row.record_id, case.decisions.iloc[:0]))


def _of_no_visit(row: object, records: pd.DataFrame, as_of: str) -> Findings:
    """Yield what a decision says of its visit that the record does not."""
    where = f"处罚 {row.penalty_id}"
    if row.record_id not in records.index:
        if not as_of or row.decided_on <= as_of:
            yield error(where, "检查记录里没有决定写的检查编号", row.record_id, "有的检查编号或留空")
        return
    visit = records.loc[row.record_id]
    if row.decided_on < visit["date"]:
        yield error(where, "决定早于检查", f"决定 {row.decided_on}", f"检查 {visit['date']}")
    if row.unit_id and visit["unit_id"] and row.unit_id != visit["unit_id"]:
        yield error(where, "决定和检查记录的单位不同", row.unit_id, visit["unit_id"])


def _otherwise(row: object, decisions: pd.DataFrame) -> Findings:
    """Yield one finding where the columns of a record say another thing of its penalty than the decisions do."""
    pairs = list(_otherwise_pairs(row, decisions))
    if pairs:
        here, there = map("、".join, zip(*pairs, strict=True))
        message = "记录里的处罚与处罚决定不一致，以处罚决定计数，请改正其一"
        yield doubt(_record_place(row.record_id), message, f"记录：{here}", f"决定：{there}")


def _otherwise_pairs(row: object, decisions: pd.DataFrame) -> Iterator[tuple[str, str]]:
    if decisions.empty or not is_penalty(row.penalty):
        if is_penalty(row.penalty) or len(decisions):
            yield row.penalty, f"{len(decisions)} 件处罚" if len(decisions) else "没有处罚"
        return
    kinds = {Sanction(kind).label for each in decisions["penalty"] for kind in each}
    if row.penalty in {kind.label for kind in Sanction} - kinds:
        yield row.penalty, "、".join(sorted(kinds))
    if row.fine_yuan != (fines := int(decisions["fine_yuan"].sum())):
        yield f"罚款 {row.fine_yuan} 元", f"罚款 {fines} 元"
    if row.penalty_basis not in (bases := set(decisions["penalty_basis"])):
        yield Basis(row.penalty_basis).label, "、".join(sorted(Basis(basis).label for basis in bases))


def _planned_records(case: Case) -> Iterator[tuple]:
    """Yield the records of lines of the plan, each with its line."""
    tasks = {task.task_id: task for task in case.tasks.itertuples()}
    yield from ((row, tasks[row.task_id]) for row in case.records.itertuples() if row.task_id in tasks)


def _record_place(record_id: str) -> str:
    return f"检查记录 {record_id}"


RECORD_CHECKS = (
    check_record_officers,
    check_record_units,
    check_record_months,
    check_record_removals,
    check_record_days,
    check_record_times,
    check_record_twins,
    check_record_districts,
    check_penalties,
)
