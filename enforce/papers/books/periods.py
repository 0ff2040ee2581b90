"""The book of a period (季度计划、月度安排): the plan of four quarters, and of one month, as workbooks of their own.

Every sum is a formula: months make the quarter, quarters the year, tasks the tier.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from enforce.papers.books.annexes import sums_down, table_of, tier_rows
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.formulas import difference, ratio, sum_of
from enforce.papers.books.writer import write_book
from enforce.papers.screen.cells import MONTHS, YEAR
from enforce.words.months import QUARTERS
from enforce.words.terms import ALL_TEAMS

_HEADS = ["序号", "group", "task", "tier"]


# --- four quarters ------------------------------------------------------------------------------------------------


def quarter_book(path: str | Path, visits: pd.DataFrame, tasks: pd.DataFrame, meta: Meta) -> Path:
    """Write the plan by quarter (季度计划): a sheet of the year by quarters, then one per quarter by its months, 家次.

    `visits`: task_id, month, visits; `tasks`: task_id, group, name, tier, in the order to print.
    """
    grid = [_months(visits, code) for code in tasks["task_id"]]
    sums = [[sum(row[3 * n : 3 * n + 3]) for n in range(len(QUARTERS))] for row in grid]
    sheets = [_sheet("按季度", sums, tasks, parts=QUARTERS, whole=YEAR, title=f"{meta.year}年执法计划季度安排")]
    for n, quarter in enumerate(QUARTERS):
        months = slice(3 * n, 3 * n + 3)
        title, own = f"{meta.year}年{quarter}执法计划", [row[months] for row in grid]
        sheets.append(_sheet(quarter, own, tasks, parts=MONTHS[months], whole=quarter, title=title))
    return write_book(path, sheets, meta)


def _months(visits: pd.DataFrame, code: str) -> list[int]:
    own = visits[visits["task_id"] == code].groupby("month")["visits"].sum()
    return [int(own.get(month, 0)) for month in range(1, 13)]


def _sheet(
    name: str, grid: Sequence[Sequence[int]], tasks: pd.DataFrame, *, parts: Sequence[str], whole: str, title: str
) -> Sheet:
    """Return a sheet of the tasks by some parts of the year, their sum at the end, tiers and all tasks at the foot."""
    first, width = len(_HEADS), len(parts)
    heads = zip(range(1, len(tasks) + 1), tasks["group"], tasks["name"], tasks["tier"], strict=True)
    full = [[*row, sum(row)] for row in grid]
    rows = [
        [*head, *row, sum_of([(n, first + part) for part in range(width)], sum(row))]
        for n, (head, row) in enumerate(zip(heads, grid, strict=True))
    ]
    rows += [[None, told, None, None, *sums_down(first, members, full)] for told, members in tier_rows(tasks)]
    strong = tuple(range(len(tasks), len(rows)))
    table = table_of(rows, [*_HEADS, *parts, whole])
    return Sheet(name, table, title=title, unit="家次", strong=strong, fixed=3, one_page=True)


# --- one month ----------------------------------------------------------------------------------------------------


def month_sheet(name: str, lines: pd.DataFrame, title: str) -> Sheet:
    """Return the sheet of a month by line (本月安排): what changed is a formula, and so is the foot.

    `lines`: task_id, group, task, tier, team, approved_visits, visits, changed_visits, days_needed.
    """
    columns = [str(column) for column in lines]
    places = {column: n for n, column in enumerate(columns)}
    approved, now, changed, days = (
        places[column] for column in ("approved_visits", "visits", "changed_visits", "days_needed")
    )
    rows = [list(row) for row in lines.itertuples(index=False)]
    for n, row in enumerate(rows):
        row[changed] = difference((n, now), [(n, approved)], row[changed])
    if rows:
        foot: list = [ALL_TEAMS, *[None] * (len(columns) - 1)]
        for place, kind in ((approved, ""), (now, ""), (days, "days")):
            foot[place] = sum_of([(n, place) for n in range(len(rows))], sum(row[place] for row in rows), kind)
        foot[changed] = difference((len(rows), now), [(len(rows), approved)], foot[now].value - foot[approved].value)
        rows.append(foot)
    return Sheet(name, table_of(rows, columns), title=title, unit="家次", strong=(len(rows) - 1,) if rows else ())


def load_sheet(name: str, loads: pd.DataFrame, title: str) -> Sheet:
    """Return the sheet of a month by team (科队负荷): the load is need divided by capacity, as a formula."""
    columns = [str(column) for column in loads]
    need, room, load = (columns.index(column) for column in ("needed_days", "capacity_days", "load"))
    rows = [list(row) for row in loads.itertuples(index=False)]
    for n, row in enumerate(rows):
        row[load] = ratio((n, need), (n, room), (row[need], row[room]))
    return Sheet(name, table_of(rows, columns), title=title, unit="人日")
