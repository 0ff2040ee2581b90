"""Small districts to put on days: lines, units, officers, and what stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from enforce.planning.schedule.appointments import LEAVE, RECUSALS, Circumstances

OFFICERS = ("A", "B", "C", "D")


def working_days(first: str = "2024-01-01", last: str = "2024-12-31") -> list[str]:
    """The days from Monday to Friday."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [day.isoformat() for day in days if day.weekday() < 5]


def tasks(codes: Sequence[str], **facts: dict) -> pd.DataFrame:
    """One line per code; `facts` are columns that differ, by code."""
    usual = {
        "kind": "campaign", "visit_days": 0.5, "officers_per_visit": 2, "team": "大队", "invited": (), "partners": (),
        "officer_fields": (),
    }  # fmt: skip
    rows = [{"task_id": code, **usual, **facts.get(code, {})} for code in sorted(set(codes))]
    return pd.DataFrame(rows)


def roster(*officers: str, **facts: dict) -> pd.DataFrame:
    """One officer per code, licensed and in service all year."""
    usual = {
        "team": "大队", "licensed": True, "fields": (), "from_month": 1, "to_month": 12, "share": 1.0, "department": "",
    }  # fmt: skip
    return pd.DataFrame([{"officer_id": code, **usual, **facts.get(code, {})} for code in officers])


def district(
    lines: Sequence[str],
    units: Sequence[str],
    months: Sequence[int],
    *,
    of_lines: dict[str, dict] | None = None,
    people: pd.DataFrame | None = None,
    leave: Sequence[tuple] = (),
    recusals: Sequence[tuple] = (),
    days: Sequence[str] | None = None,
    **facts,
) -> Circumstances:
    """What a schedule is made from, with one visit per line, unit and month given."""
    numbers: Counter = Counter()
    rows = []
    for line, unit, month in zip(lines, units, months, strict=True):
        numbers[line] += 1
        rows.append((line, numbers[line], unit, month, False))
    return Circumstances(
        pd.DataFrame(rows, columns=["task_id", "number", "unit_id", "month", "done"]),
        tasks(lines, **(of_lines or {})),
        roster(*OFFICERS) if people is None else people,
        working_days() if days is None else days,
        leave=pd.DataFrame(leave, columns=LEAVE),
        recusals=pd.DataFrame(recusals, columns=RECUSALS),
        **facts,
    )
