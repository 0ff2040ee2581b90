"""The book of a period (季度计划、月度安排): the plan of four quarters, and of one month, as workbooks of their own.

Every sum is a formula: months make the quarter, quarters the year, tasks the tier.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.writer import write_book
from enforce.papers.formulas import difference_of, ratio_of, sum_of
from enforce.papers.official import part_table, quarter_table, table_of
from enforce.papers.screen.cells import MONTHS
from enforce.words.months import QUARTERS
from enforce.words.terms import ALL_TEAMS


def quarter_book(path: str | Path, visits: pd.DataFrame, tasks: pd.DataFrame, meta: Meta, mark: str = "") -> Path:
    """Write the plan by quarter (季度计划): a sheet of the year by quarters, then one per quarter by its months, 家次.

    `visits`: task_id, month, visits; `tasks`: task_id, group, name, tier, in the order to print; `mark` stands behind
    the titles.
    """
    quarters = visits.assign(quarter=(visits["month"] - 1) // 3 + 1)
    title = f"{meta.year}年执法计划季度安排{mark}"
    sheets = [_tasks_sheet("按季度", quarter_table(quarters, tasks), len(tasks), title)]
    for n, quarter in enumerate(QUARTERS):
        months = {month: MONTHS[month - 1] for month in range(3 * n + 1, 3 * n + 4)}
        table = part_table(visits, tasks, "month", months, quarter)
        sheets.append(_tasks_sheet(quarter, table, len(tasks), f"{meta.year}年{quarter}执法计划{mark}"))
    return write_book(path, sheets, meta)


def _tasks_sheet(name: str, table: pd.DataFrame, tasks: int, title: str) -> Sheet:
    strong = tuple(range(tasks, len(table)))
    return Sheet(name, table, title=title, unit="家次", strong=strong, fixed=3, one_page=True)


def month_sheet(name: str, lines: pd.DataFrame, title: str) -> Sheet:
    """Return the sheet of a month by line (本月安排): what changed is a formula, and so is the foot.

    `lines`: task_id, group, task, tier, team, approved_visits, visits, changed_visits, days_needed.
    """
    columns = [str(column) for column in lines]
    approved, now, changed, days = map(columns.index, ("approved_visits", "visits", "changed_visits", "days_needed"))
    rows = [list(row) for row in lines.itertuples(index=False)]
    for n, row in enumerate(rows):
        row[changed] = difference_of((n, now), [(n, approved)], row[changed])
    if rows:
        foot: list = [ALL_TEAMS, *[None] * (len(columns) - 1)]
        for place, kind in ((approved, ""), (now, ""), (days, "days")):
            foot[place] = sum_of([(n, place) for n in range(len(rows))], sum(row[place] for row in rows), kind)
        foot[changed] = difference_of((len(rows), now), [(len(rows), approved)], foot[now].value - foot[approved].value)
        rows.append(foot)
    return Sheet(name, table_of(rows, columns), title=title, unit="家次", strong=(len(rows) - 1,) if rows else ())


def load_sheet(name: str, loads: pd.DataFrame, title: str) -> Sheet:
    """Return the sheet of a month by team (科队负荷): the load is need divided by capacity, as a formula."""
    columns = [str(column) for column in loads]
    need, capacity, load = map(columns.index, ("needed_days", "capacity_days", "load"))
    rows = [list(row) for row in loads.itertuples(index=False)]
    for n, row in enumerate(rows):
        row[load] = ratio_of((n, need), (n, capacity), (row[need], row[capacity]))
    return Sheet(name, table_of(rows, columns), title=title, unit="人日")
