"""The demo's other work (其他监管执法工作): undercover rounds, guidance, joint checks, complaints; all invented.

A complaint is registered a week before the visit it led to, is due in sixty days and closed two weeks after the visit;
one of the nine is closed late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from enforce.words.terms import OtherKind, Trigger

WORK_COLUMNS = ("work_id", "work_kind", "date", "due_on", "closed_on", "unit_id", "officers", "days", "result")
WORK_HEADINGS = {
    **{"work_id": "编号", "work_kind": "类别", "date": "日期", "closed_on": "办结日期", "unit_id": "对象代码"},
    **{"officers": "人员", "days": "人日"},
}
#: What no complaint caused: kind, dates, officers, officer-days of each. One round in every key period.
ACTS = (
    (
        OtherKind.UNDERCOVER,
        ("2024-01-31", "2024-03-06", "2024-04-25", "2024-09-25", "2024-11-06", "2024-12-26"),
        ("PT-01", "PT-05"),
        2.0,
    ),
    (OtherKind.GUIDANCE, ("2024-05-15", "2024-07-17", "2024-10-16"), ("PT-03", "PT-14"), 1.0),
    (OtherKind.JOINT, ("2024-06-19", "2024-08-21"), ("PT-04", "PT-11"), 1.0),
    (OtherKind.PATROL, ("2024-03-20", "2024-10-23"), ("PT-02", "PT-10"), 1.5),
)
COMPLAINT_DAYS, DUE_DAYS, LATE_VISIT = 0.5, 60, "2024-09-23"
RESULT = "虚构：已办结"


def other_work(records: Iterable[Mapping]) -> list[dict]:
    """Return one row per act, by date; complaints are those of the records that one caused."""
    rows = [
        {
            "work_kind": kind.label,
            "date": day,
            "due_on": "",
            "closed_on": day,
            "unit_id": "",
            "officers": who,
            "days": days,
        }
        for kind, dates, who, days in ACTS
        for day in dates
    ]
    rows += [_complaint(record) for record in records if record["trigger"] == Trigger.COMPLAINT]
    rows.sort(key=lambda row: row["date"])
    return [{"work_id": f"DEMO-QT-{n:03d}", **row, "result": RESULT} for n, row in enumerate(rows, 1)]


def _complaint(record: Mapping) -> dict:
    visit = date.fromisoformat(record["date"])
    due = visit + timedelta(DUE_DAYS - 7)
    closed = due + timedelta(9) if record["date"] == LATE_VISIT else visit + timedelta(14)
    dates = {"date": visit - timedelta(7), "due_on": due, "closed_on": closed}
    return {
        "work_kind": OtherKind.COMPLAINT.label,
        **{name: day.isoformat() for name, day in dates.items()},
        **{"unit_id": record["unit_id"], "officers": record["officers"], "days": COMPLAINT_DAYS},
    }
