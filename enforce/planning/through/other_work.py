"""Other work (其他监管执法工作): what the plan's last part asks for and no planned visit is; it uses days.

Undercover rounds, guidance, joint actions, complaints, and work off the spot (非现场), which is never a visit (家次).
"""

from __future__ import annotations

import pandas as pd

from enforce.words.measures import rate, rates
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, ITEM_NAMES, OtherKind, VisitMode

#: Which line or item of the account the days of a kind of work come from: an assumption that its table says; what is
#: done off the spot has none of its own.
ACCOUNT_ITEM = {
    OtherKind.UNDERCOVER: "key_period_days",
    OtherKind.GUIDANCE: "supervision",
    OtherKind.JOINT: "joint",
    OtherKind.COMPLAINT: "complaints",
    OtherKind.CASE_REVIEW: "ordered",
    OtherKind.CROSS_CHECK: "ordered",
    OtherKind.PATROL: "ordered",
}
_NO_ITEM = "没有单独一项"


def off_site(records: pd.DataFrame) -> pd.Series:
    """Return which records were made off the spot (非现场): one flag per row; they are no visits.

    >>> off_site(pd.DataFrame({"mode": ["on_site", "off_site", ""]})).tolist()
    [False, True, False]
    """
    return records["mode"].eq(VisitMode.OFF_SITE.value)


def as_other_work(records: pd.DataFrame) -> pd.DataFrame:
    """Return records made off the spot as other work: one row per record, closed on its own day."""
    table = records.rename(columns={"record_id": "work_id"}).assign(due_on="", closed_on=records["date"], result="")
    return table.assign(work_kind=OtherKind.OFF_SITE.value)


def work_by_kind(work: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return other work up to a day by kind (其他工作): one row per kind that has any.

    `acts` in 件, `used_days` in 人日, of `counted_acts` that give theirs; `due_acts` are due by the day, `closed_acts`
    closed by then, `late_acts` those due and not closed in time.

    >>> facts = {"work_kind": "complaint", "date": "2024-03-01", "due_on": "2024-04-01", "days": [1.5, None]}
    >>> work = pd.DataFrame({**facts, "closed_on": ["2024-03-20", ""]})
    >>> work_by_kind(work, "2024-06-30").values.tolist()
    [['complaint', 2, 1.5, 1, 2, 1, 1]]
    """
    rows = []
    for kind in OtherKind:
        part = work[(work["work_kind"] == kind.value) & (work["date"] <= as_of)]
        closed = part["closed_on"].ne("") & part["closed_on"].le(as_of)
        due = part["due_on"].ne("") & part["due_on"].le(as_of)
        late = due & ~(closed & part["closed_on"].le(part["due_on"]))
        counts = [int(flags.sum()) for flags in (due, closed, late)]
        if len(part):
            rows.append((kind.value, len(part), float(part["days"].sum()), int(part["days"].notna().sum()), *counts))
    columns = ["work_kind", "acts", "used_days", "counted_acts", "due_acts", "closed_acts", "late_acts"]
    return pd.DataFrame(rows, columns=columns)


def closure_rates(by_kind: pd.DataFrame) -> pd.DataFrame:
    """Return how much of what was due was closed in time (按期办结率): one row per kind with anything due."""
    rows = [
        rate("closure", f"{OtherKind(row.work_kind).label}按期办结 ÷ 到期", row.due_acts - row.late_acts, row.due_acts)
        for row in by_kind.itertuples()
        if row.due_acts
    ]
    return rates(rows)


def days_against_account(by_kind: pd.DataFrame, account: pd.DataFrame) -> pd.DataFrame:
    """Return the days of other work beside those of the account (人日与核算): one row per item that has any work.

    `by_kind` is as of `work_by_kind`, `account` has one row per team and line or item for the whole year, 人日. What
    the account does not list has no `account_days`; `counted_acts` of the `acts` give their days, the others none.

    >>> by_kind = pd.DataFrame({"work_kind": ["complaint"], "acts": [3], "used_days": [2.5], "counted_acts": [2]})
    >>> account = pd.DataFrame({"team": ["甲", "乙"], "line": "", "item": "complaints", "days": [10.0, 5.0]})
    >>> days_against_account(by_kind, account).values.tolist()
    [['核实投诉举报', ('投诉举报',), 15.0, 3, 2, 2.5, 12.5]]
    """
    kinds = [OtherKind(kind) for kind in by_kind["work_kind"]]
    items = by_kind.assign(item=[ACCOUNT_ITEM.get(kind, "") for kind in kinds], label=[kind.label for kind in kinds])
    account = account[account["team"] != ALL_TEAMS]
    listed = account["item"].where(account["item"] != "", account["line"])
    days = account.groupby(listed)["days"].sum()
    rows = []
    for item, part in items.groupby("item", sort=False):
        used, planned = float(part["used_days"].sum()), days.get(item) if item else None
        counts = (int(part["acts"].sum()), int(part["counted_acts"].sum()))
        name = {**ACCOUNT_LINES, **ITEM_NAMES}.get(item, _NO_ITEM)
        rows.append((name, tuple(part["label"]), planned, *counts, used, None if planned is None else planned - used))
    columns = ["account_item", "work_kinds", "account_days", "acts", "counted_acts", "used_days", "left_days"]
    return pd.DataFrame(rows, columns=columns).astype({"account_days": "Float64", "left_days": "Float64"})
