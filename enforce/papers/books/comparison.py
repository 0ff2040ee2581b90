"""The comparison (计划执行对比): a plan beside what was done, as a workbook. No target and no ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.public import PROGRESS_COLUMNS
from enforce.papers.books.writer import write_book
from enforce.papers.formulas import Address, difference_of, ratio_of, sum_of
from enforce.papers.screen.cells import cell_text, is_missing, is_total

_GAP = "差额(家次)"


def comparison_book(path: str | Path, tables: Mapping[str, pd.DataFrame], meta: Meta) -> Path:
    """Write the comparison of a plan with what was done (计划执行对比): one sheet per table, named by its key.

    A table with planned_visits and done_visits gets the difference and the rate as formulas, with numerator and
    denominator beside them (done and planned where it has none); a last row 合计 becomes sums of the rows above
    that are not totals themselves. Other tables (口径说明) are written as they are.
    """
    sheets = [
        _progress_sheet(name, table) if _is_progress(table) else Sheet(name, table) for name, table in tables.items()
    ]
    return write_book(path, sheets, meta)


def _is_progress(table: pd.DataFrame) -> bool:
    return {"planned_visits", "done_visits"} <= set(table.columns)


def _progress_sheet(name: str, table: pd.DataFrame) -> Sheet:
    words = [column for column in table.columns if column not in PROGRESS_COLUMNS]
    rows = [_whole(row) for row in table.to_dict("records")]
    totals = [is_total(cell_text(word, row[word]) for word in words) for row in rows]
    parts = [n for n, total in enumerate(totals) if not total]
    cells = [_progress_cells((n, len(words)), row, []) for n, row in enumerate(rows)]
    if totals and totals[-1] and parts:
        cells[-1] = _progress_cells((len(rows) - 1, len(words)), rows[-1], parts)
    full = [[*(row[word] for word in words), *numbers] for row, numbers in zip(rows, cells, strict=True)]
    return Sheet(
        name=name,
        table=pd.DataFrame(full, columns=[*words, *PROGRESS_COLUMNS], dtype=object),
        title=f"计划执行对比（{name}）",
        unit="家次",
        strong=tuple(n for n, total in enumerate(totals) if total),
        fixed=1,
    )


def _whole(row: dict) -> dict:
    """Return the row with numerator and denominator, done and planned where the table has none."""
    return {"numerator": row["done_visits"], "denominator": row["planned_visits"], **row}


def _progress_cells(place: Address, row: dict, parts: Sequence[int]) -> list:
    """Return the numbers of a row; sums of the rows `parts` where there are any. `place` is that of the first."""
    n, first = place
    at = {name: (n, first + column) for column, name in enumerate(PROGRESS_COLUMNS)}
    cells = {name: row[name] for name in ("planned_visits", "done_visits", "numerator", "denominator")}
    share = ratio_of(at["numerator"], at["denominator"], (row["numerator"], row["denominator"]))
    rate = row.get("completion")
    if parts:
        cells = {name: sum_of([(part, at[name][1]) for part in parts], count) for name, count in cells.items()}
    cells[_GAP] = difference_of(at["done_visits"], [at["planned_visits"]], row["done_visits"] - row["planned_visits"])
    cells["completion"] = share if is_missing(rate) else replace(share, value=rate)
    return [cells[name] for name in PROGRESS_COLUMNS]
