"""Checks of other work (其他监管执法工作): complaints all registered, acts closed in time, days within the account."""

from __future__ import annotations

from enforce.planning.checks.case import Case, Findings, days, doubt, note
from enforce.planning.through.other_work import days_against_account, work_by_kind
from enforce.words.terms import OtherKind, Trigger


def check_complaints_registered(case: Case) -> Findings:
    """A visit after a complaint has its complaint in the register of other work (全量登记), where there is one."""
    if case.work is None:
        return
    complaints = case.work[case.work["work_kind"] == OtherKind.COMPLAINT]
    first = complaints[complaints["unit_id"] != ""].groupby("unit_id")["date"].min()
    for row in case.records[case.records["trigger"] == Trigger.COMPLAINT].itertuples():
        if row.unit_id and not first.get(row.unit_id, "9999") <= row.date:
            yield doubt(f"检查 {row.record_id}", "起因是投诉举报，其他工作里没有登记这家单位的投诉举报", row.date)


def check_acts_closed(case: Case) -> Findings:
    """Other work that is due is closed in time (按期闭环); complaints without a due date are in no rate."""
    if case.work is None:
        return
    for row in work_by_kind(case.work, case.as_of).itertuples():
        if row.late_acts:
            late, due = f"{row.late_acts} 件", f"到期 {row.due_acts} 件"
            yield doubt(OtherKind(row.work_kind).label, "到期没有按期办结", late, due)
    open_ended = (case.work["work_kind"] == OtherKind.COMPLAINT) & (case.work["due_on"] == "")
    if open_ended.any():
        complaints = OtherKind.COMPLAINT.label
        yield note(complaints, "没有写到期日，不进按期办结率的分母", f"{int(open_ended.sum())} 件")


def check_other_days(case: Case) -> Findings:
    """The days of other work stay within those of the account (人日与核算)."""
    if case.work is None:
        return
    table = days_against_account(work_by_kind(case.work, case.as_of), case.account)
    for row in table[table["left_days"].fillna(0) < 0].itertuples():
        used, planned = days(float(row.used_days)), days(float(row.account_days))
        yield doubt(row.account_item, f"{'、'.join(row.work_kinds)}用去的人日超过核算", used, planned)


ACT_CHECKS = (check_complaints_registered, check_acts_closed, check_other_days)
