"""The tables of the reports (总结、通报、月报、年报的表), ruled as they are printed."""

from __future__ import annotations

import pandas as pd

from enforce.desk.paperwork.paper_tables import ruled
from enforce.desk.summary import Summary
from enforce.inputs.parameters.plan import Licensing
from enforce.papers.books.comparison import with_tiers
from enforce.papers.documents.ruled_table import Ruled
from enforce.words.measures import SHARES
from enforce.words.numbers import percent, rounded

MOST_ROWS = 16  # of a table that shares one page with other things
_DONE = ("approved_visits", "planned_visits", "done_visits", "completion", "approved_completion")
_TO_DATE = ("planned_visits", "expected_visits", "done_visits", "pace_visits", "completion")


def table_as_is(table: pd.DataFrame, empty: str = "") -> Ruled:
    """Return a table as it stands, each column as wide as it asks for."""
    return ruled(table, empty=empty)


def lines_done(summary: Summary) -> Ruled:
    """Return how far each line was carried out (完成情况): one row per line, then the tiers and all, 家次."""
    return _progress_table(with_tiers(summary.by_task, summary.by_tier), len(summary.by_task), _DONE)


def to_date_table(summary: Summary) -> Ruled:
    """Return how the plan stands at the day (到当日), on part of a page: its lines and tiers, 家次; where they are too
    many its groups, and where those are its tiers.
    """
    groups = summary.by_group.rename(columns={"group": "task"})
    tiers = with_tiers(summary.by_task.iloc[:0], summary.by_tier)
    choices = [
        (with_tiers(summary.by_task, summary.by_tier), len(summary.by_task)),
        (groups, len(groups) - 1),
        (tiers, len(tiers) - 1),
    ]
    table, parts = next((one for one in choices if len(one[0]) <= MOST_ROWS), choices[-1])
    return _progress_table(table, parts, _TO_DATE)


def _progress_table(table: pd.DataFrame, parts: int, columns: tuple[str, ...]) -> Ruled:
    """Rule a table of progress; its rows from `parts` on are totals. Denominators that are not the plan stand in it."""
    if (table["denominator"] != table["planned_visits"]).any():
        place = columns.index("completion")
        columns = (*columns[:place], "denominator", *columns[place:])
    return ruled(table[["task", *columns]], (7.0, *[2.1] * len(columns)), range(parts, len(table)), empty="—")


def bridge_table(table: pd.DataFrame) -> Ruled:
    """Return the way from the approved plan to the work done: one row per kind of difference, 家次."""
    table = table.assign(moved_visits=table["moved_visits"].astype(object).where(table["moved_visits"] > 0, ""))
    return ruled(table, (3.0, 1.8, 2.6, 8.0), (0, len(table) - 1))


def variance_table(table: pd.DataFrame) -> Ruled:
    """Return the differences line by line (差异明细): one row per line, kind and reason, 家次."""
    columns = ["task", "variance", "reason", "less_visits", "more_visits"]
    return ruled(table[columns], (7.0, 1.8, 3.6, 1.8, 1.8), empty="—")


def days_table(table: pd.DataFrame) -> Ruled:
    """Return officer-days planned and used, and of one visit: one row per line, 人日."""
    columns = ["task", "planned_days", "done_visits", "counted_records", "used_days", "assumed_days"]
    columns += ["standard_days_per_visit", "weighed_days_per_visit"]
    return ruled(table[columns].round(2), (5.0, *[1.8] * 7), empty="—")


def rate_table(table: pd.DataFrame) -> Ruled:
    """Return rates as they are printed: one row each that has a denominator, with what is divided by what."""
    return _rates(table, ["measure", "scope", "numerator", "denominator", "unit", "rate"], (3.4, 6.0, *[1.7] * 4))


def street_table(table: pd.DataFrame) -> Ruled:
    """Return the coverage by street: one row each, 家."""
    return _rates(table, ["scope", "numerator", "denominator", "rate"], (6.0, 2.0, 2.0, 2.0))


def _rates(table: pd.DataFrame, columns: list[str], weights: tuple[float, ...]) -> Ruled:
    """Rule rates; what is no part of its denominator is no percentage."""
    known = table[table["denominator"] > 0].round({"numerator": 4})
    shares = known["measure"].isin(SHARES)
    texts = [
        percent(rate) if share else f"{rounded(rate, 2)}" for rate, share in zip(known["rate"], shares, strict=True)
    ]
    return ruled(known.assign(rate=texts)[columns], weights)


def licensing(numbers: Licensing) -> Ruled:
    """Return the table of licensing (行政许可): one row of the numbers given, empty where those who license fill in."""
    fields = type(numbers).model_fields
    row = ["" if number is None else f"{number}" for number in (getattr(numbers, name) for name in fields)]
    return ruled(pd.DataFrame([row], columns=[field.title for field in fields.values()]), [2.0] * len(row))


def promise_table(table: pd.DataFrame) -> Ruled:
    """Return how each promise stands (承诺兑现): one row per promise, with what a person must confirm."""
    return ruled(table[["promise", "clause", "promise_state", "to_confirm"]], (1.6, 7.0, 2.2, 5.0))
