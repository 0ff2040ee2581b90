"""The annexes (附件): annex 1, the year by months, and annex 3, the workload account, as workbooks.

The columns of the annexes are our own: the published plan names its annexes and does not print them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from enforce.papers import official
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.writer import write_book
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, Follows

_LOADS = "月度负荷"
_DAYS = {"unit": "人日", "numbers": "days", "one_page": True}
_STRONG_LINES = frozenset(ACCOUNT_LINES) - {"reserve_days", "key_period_days"}


def annex_1(
    path: str | Path, visits: pd.DataFrame, tasks: pd.DataFrame, meta: Meta, loads: pd.DataFrame | None = None
) -> Path:
    """Write annex 1 (附件1 执法计划安排表): one row per line of the plan, 家次 by month; return the path.

    `visits`: task_id, month, visits; `tasks`: task_id, group, name, tier, planned_visits, in the order to print.
    With `loads` (team, month, needed_days, capacity_days) a second sheet has need, capacity and load, 人日.
    Where the months hold less than the plan, two more columns say how much found no month; where a team is overloaded
    both sheets say so (超负荷).
    """
    sheets = [_schedule_sheet(official.schedule_table(visits, tasks), len(tasks), meta, _overloaded_months(loads))]
    if loads is not None:
        sheets.append(_load_sheet(official.load_table(loads), meta))
    return write_book(path, sheets, meta)


def _overloaded_months(loads: pd.DataFrame | None) -> str:
    """Return the months in which some team is overloaded, as the first sheet says it; nothing where none is."""
    months = [] if loads is None else sorted(set(loads["month"][loads["needed_days"] > loads["capacity_days"]]))
    return f"；{'、'.join(map(str, months))} 月超负荷，见“{_LOADS}”" if months else ""


def _schedule_sheet(table: pd.DataFrame, tasks: int, meta: Meta, overloaded: str) -> Sheet:
    title, strong = f"{meta.year}年执法计划安排表", tuple(range(tasks, len(table)))
    unit = f"家次{overloaded}"
    return Sheet("执法计划安排表", table, title, unit, label="附件1", strong=strong, fixed=3, one_page=True)


def _load_sheet(table: pd.DataFrame, meta: Meta) -> Sheet:
    title, strong = f"{meta.year}年各科队月度负荷", tuple(range(table["team"].tolist().index(ALL_TEAMS), len(table)))
    return Sheet(_LOADS, table, title, label="附件1（续）", strong=strong, fixed=2, **_DAYS)


def annex_3(
    path: str | Path,
    account: pd.DataFrame,
    months: pd.DataFrame,
    meta: Meta,
    *,
    follows: Mapping[str, Follows] | None = None,
    statutory: pd.DataFrame | None = None,
) -> Path:
    """Write annex 3 (附件3 执法工作量核算): one row per line and item of the account, a column per team, 人日.

    `account`: team (with 合计), line, item, days; `months`: team, month, capacity_days, below zero where a month is
    short; `follows` by item; with `statutory` (team, month, officer_count, workdays) officers and workdays stand above
    the days they make. Sub-totals, the inspection days and the capacity are formulas; a table that does not
    balance is refused (BookError).
    """
    sheets = [_account_sheet(official.account_table(account, follows, statutory), meta), _capacity_sheet(months, meta)]
    return write_book(path, sheets, meta)


def _account_sheet(table: pd.DataFrame, meta: Meta) -> Sheet:
    lines = enumerate(zip(table["line"], table["细目"], strict=True))
    strong = tuple(n for n, (line, item) in lines if line in _STRONG_LINES and not official.is_account_item(item))
    columns = table.columns.tolist()
    title, teams = f"{meta.year}年执法工作量核算", tuple(columns[2 : columns.index(ALL_TEAMS)])
    return Sheet("执法工作量核算", table, title, label="附件3", strong=strong, fixed=2, teams=teams, **_DAYS)


def _capacity_sheet(months: pd.DataFrame, meta: Meta) -> Sheet:
    table = official.capacity_table(months)
    title, strong, note = f"{meta.year}年各科队月度可安排工作日", (len(table) - 1,), official.shortage_note(months)
    return Sheet("月度可安排", table, title, note=note, label="附件3（续）", strong=strong, fixed=1, **_DAYS)
