"""The measures (指标): what a rate counts, in which unit, by which definition; a rate is a row that says all of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.words.files import csv_rows

if TYPE_CHECKING:
    import pandas as pd

#: Measure -> its row of measures.csv: name, unit, whether it is a share (a part of its denominator), definition.
MEASURES = {row["measure"]: row for row in csv_rows(Path(__file__).with_name("measures.csv"))}
#: Measure -> what a planner reads for it.
MEASURE_NAMES = {key: row["name"] for key, row in MEASURES.items()}
#: Those that are a part of their denominator: above 100 % something is wrong, or was done beyond the plan.
SHARES = frozenset(key for key, row in MEASURES.items() if row["share"] == "是")
RATE_COLUMNS = ["measure", "scope", "numerator", "denominator", "unit", "rate", "definition"]


def rate(measure: str, scope: str, numerator: float, denominator: float) -> dict:
    """Return a rate as a row; no rate where nothing is in the denominator.

    `measure` is one of measures.csv, which has unit and definition; `scope` says of what.

    >>> row = rate("joint", "÷ 全部一般检查", 15, 83)
    >>> round(row["rate"], 4), row["unit"]
    (0.1807, '家次')
    """
    value = numerator / denominator if denominator else float("nan")
    unit, definition = MEASURES[measure]["unit"], MEASURES[measure]["definition"]
    return dict(zip(RATE_COLUMNS, (measure, scope, numerator, denominator, unit, value, definition), strict=True))


def rates(rows: Iterable[dict]) -> pd.DataFrame:
    """Return rates as a table, one row per rate."""
    import pandas as pd  # those who only round need not load it

    return pd.DataFrame(list(rows), columns=RATE_COLUMNS)
