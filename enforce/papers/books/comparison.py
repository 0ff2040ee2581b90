"""The comparison (计划执行对比): a plan beside what was done, as a workbook. No target and no ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.public import MONTHLY_COLUMNS, PACE_COLUMNS, PROGRESS_COLUMNS
from enforce.papers.books.writer import write_book
from enforce.papers.formulas import Address, Formula, difference_of, ratio_of, sum_of
from enforce.papers.official import table_of
from enforce.papers.screen.cells import MONTHS, YEAR, cell_text, is_missing, is_total
from enforce.words.terms import label

_GAP = "差额(家次)"
#: Table -> the table below which it is printed.
_BELOW = {
    "各月处罚": "按事项",
    "计划内外": "按月",
    "重点单位覆盖": "按月",
    "口径说明": "按月",
    "不再检查": "按事项",
    "差异": "按事项",
}
_COUNTS = ("planned_visits", "expected_visits", "done_visits", "numerator", "denominator")


def comparison_book(path: str | Path, tables: Mapping[str, pd.DataFrame], meta: Meta, span: str = "") -> Path:
    """Write the comparison of a plan with what was done (计划执行对比): one table per key, which names it.

    The tables stand on two sheets, by line and by month, where there is room for all of them to be read on two pages.

    A table with planned_visits and done_visits gets the difference and the rate as formulas, with numerator and
    denominator beside them (done and planned where it has none), and the difference to what was expected where it has
    expected_visits; a last row 合计 becomes sums of the rows above that are not totals themselves. A table by month has
    the rate of the month and that of the year to date, each under its own heading. Other tables (口径说明) are written
    as they are. `span` says on every sheet what its figures count: from when, to when.
    """
    sheets = {name: replace(_comparison_sheet(name, table), note=span) for name, table in tables.items()}
    firsts = [name for name in sheets if _BELOW.get(name) not in sheets]
    below = {first: tuple(sheets[name] for name in sheets if _BELOW.get(name) == first) for first in firsts}
    pages = [replace(sheets[first], below=below[first], upright=first == "按月") for first in firsts]
    return write_book(path, pages, meta)


def with_tiers(by_task: pd.DataFrame, by_tier: pd.DataFrame) -> pd.DataFrame:
    """Return the lines, then the tiers and 合计 at their foot: one row each, in the columns of the lines."""
    names = [cell_text("tier", tier) for tier in by_tier["tier"]]
    foot = by_tier.assign(task=[name if is_total([name]) else f"{name}小计" for name in names], tier=None)
    return pd.concat([by_task, foot], ignore_index=True)[by_task.columns]


def penalty_matrix(penalties: pd.DataFrame) -> pd.DataFrame:
    """Return penalties by month (各月处罚) with the months side by side: one row per source and measure, and its year.

    `penalties`: month, penalty_basis, then the measures.
    """
    measures = [column for column in penalties.columns if column not in ("month", "penalty_basis")]
    rows = []
    for basis, block in penalties.groupby("penalty_basis", sort=False):
        by_month = block.set_index("month").reindex(range(1, 13))
        for measure in measures:
            numbers = by_month[measure].fillna(0).tolist()
            cells = [(len(rows), 1 + n) for n in range(12)]
            name = f"{cell_text('penalty_basis', basis)}：{label(measure)}"
            rows.append([name, *numbers, sum_of(cells, sum(numbers), "amount")])
    return table_of(rows, ["penalty_basis", *MONTHS, YEAR])


def _comparison_sheet(name: str, table: pd.DataFrame) -> Sheet:
    if "running_completion" in table:
        return _monthly_sheet(name, table)
    if "penalty_basis" in table:
        return Sheet(name, penalty_matrix(table))
    has_progress = {"planned_visits", "done_visits"} <= set(table.columns) and table["planned_visits"].notna().all()
    return _progress_sheet(name, table) if has_progress else Sheet(name, table)


def _progress_sheet(name: str, table: pd.DataFrame) -> Sheet:
    numbers = [*PROGRESS_COLUMNS, *(PACE_COLUMNS if "expected_visits" in table else ())]
    words = [column for column in table.columns if column not in numbers]
    rows = [_whole(row) for row in table.to_dict("records")]
    totals = [is_total(cell_text(word, row[word]) for word in words) for row in rows]
    parts = [n for n, total in enumerate(totals) if not total]
    last = len(rows) - 1 if totals and totals[-1] and parts else -1
    full = []
    for n, row in enumerate(rows):
        at = {column: (n, len(words) + place) for place, column in enumerate(numbers)}
        cells = _progress_cells(at, row, parts if n == last else [])
        full.append([*(row[word] for word in words), *(cells[column] for column in numbers)])
    strong = tuple(n for n, total in enumerate(totals) if total)
    return _counts_sheet(name, full, [*words, *numbers], strong)


def _whole(row: dict) -> dict:
    """Return the row with numerator and denominator, done and planned where the table has none."""
    return {"numerator": row["done_visits"], "denominator": row["planned_visits"], **row}


def _progress_cells(at: Mapping[str, Address], row: dict, parts: Sequence[int]) -> dict:
    """Return the numbers of a row by column; sums of the rows `parts` where there are any. `at` is where they stand."""
    cells = {name: row[name] for name in _COUNTS if name in row}
    share = ratio_of(at["numerator"], at["denominator"], (row["numerator"], row["denominator"]))
    rate = row.get("completion")
    if parts:
        cells = {name: sum_of([(part, at[name][1]) for part in parts], count) for name, count in cells.items()}
    cells[_GAP] = _less(at, row, "planned_visits")
    cells["completion"] = share if is_missing(rate) else replace(share, value=rate)
    if "expected_visits" in row:
        cells["pace_visits"] = _less(at, row, "expected_visits")
    return cells


def _less(at: Mapping[str, Address], row: dict, name: str) -> Formula:
    return difference_of(at["done_visits"], [at[name]], row["done_visits"] - row[name])


def _monthly_sheet(name: str, table: pd.DataFrame) -> Sheet:
    """The sheet by month: what the month's rate and the running one rest on, each sum to date of the rows above it."""
    words = [name for name in ("month", "approved_visits", "unplanned_visits", "carried_visits") if name in table]
    rows = []
    for n, row in enumerate(table.to_dict("records")):
        at = {column: (n, len(words) + place) for place, column in enumerate(MONTHLY_COLUMNS)}
        cells = {column: row[column] for column in ("planned_visits", "expected_visits", "done_visits")}
        cells[_GAP] = _less(at, row, "planned_visits")
        for column in ("expected", "done"):
            above = [(place, at[f"{column}_visits"][1]) for place in range(n + 1)]
            cells[f"{column}_to_date"] = sum_of(above, row[f"{column}_to_date"])
        for rate, kind in (("month_completion", "visits"), ("running_completion", "to_date")):
            done, due = f"done_{kind}", f"expected_{kind}"
            share = ratio_of(at[done], at[due], (row[done], row[due]))
            cells[rate] = None if is_missing(row[rate]) else replace(share, value=row[rate])
        rows.append([*(row[word] for word in words), *(cells[column] for column in MONTHLY_COLUMNS)])
    return _counts_sheet(name, rows, [*words, *MONTHLY_COLUMNS])


def _counts_sheet(name: str, rows: Sequence[Sequence], columns: Sequence[str], strong: tuple[int, ...] = ()) -> Sheet:
    return Sheet(name, table_of(rows, columns), f"计划执行对比（{name}）", "家次", strong=strong, fixed=1)
