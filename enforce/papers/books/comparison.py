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
from enforce.papers.screen.cells import cell_text, is_missing, is_total

_GAP = "差额(家次)"
_COUNTS = ("planned_visits", "expected_visits", "done_visits", "numerator", "denominator")


def comparison_book(path: str | Path, tables: Mapping[str, pd.DataFrame], meta: Meta, span: str = "") -> Path:
    """Write the comparison of a plan with what was done (计划执行对比): one sheet per table, named by its key.

    A table with planned_visits and done_visits gets the difference and the rate as formulas, with numerator and
    denominator beside them (done and planned where it has none), and the difference to what was expected where it has
    expected_visits; a last row 合计 becomes sums of the rows above that are not totals themselves. A table by month has
    the rate of the month and that of the year to date, each under its own heading. Other tables (口径说明) are written
    as they are. `span` says on every sheet what its figures count: from when, to when.
    """
    sheets = [replace(_comparison_sheet(name, table), note=span) for name, table in tables.items()]
    return write_book(path, sheets, meta)


def _comparison_sheet(name: str, table: pd.DataFrame) -> Sheet:
    if "running_completion" in table:
        return _monthly_sheet(name, table)
    has_progress = {"planned_visits", "done_visits"} <= set(table.columns)
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
    words = ["month", "unplanned_visits"]
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
