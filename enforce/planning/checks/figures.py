"""Printed figures (公布数): what a plan's text says, beside the same figure computed again."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from enforce.planning.checks.case import Finding, Findings
from enforce.words.numbers import percent
from enforce.words.terms import Severity

WORKDAYS = "法定工作日（天）"  # a printed figure with a check of its own


def printed_table(printed: Mapping[str, float], computed: Mapping[str, float]) -> pd.DataFrame:
    """Return printed beside computed: one row per printed figure, with whether they agree.

    >>> printed_table({"全年家次": 261}, {"全年家次": 261})["agrees"].tolist()
    [True]
    """
    rows = [(item, figure, computed[item], figure == computed[item]) for item, figure in printed.items()]
    return pd.DataFrame(rows, columns=["item", "printed", "computed", "agrees"])


def check_product(where: str, factors: tuple[int, ...], product: int) -> Findings:
    """A printed product must be the product of its printed factors (乘式).

    >>> [finding.figure for finding in check_product("总法定工作日", (24, 8), 1984)]
    ['24 × 8 = 192']
    """
    value = 1
    for factor in factors:
        value *= factor
    if value != product:
        text = " × ".join(map(str, factors))
        yield Finding(Severity.ERROR, where, "印出的乘式与结果不符", f"{text} = {value}", f"印作 {product}")


def check_difference(where: str, total: int, parts: tuple[int, ...], printed: int) -> Findings:
    """A printed difference must be what is left of its printed terms (减式).

    >>> [finding.figure for finding in check_difference("监督检查工作日", 5434, (2649, 1994), 971)]
    ['5434 − 2649 − 1994 = 791']
    """
    left = total - sum(parts)
    if left != printed:
        text = " − ".join(map(str, (total, *parts)))
        yield Finding(Severity.ERROR, where, "印出的减式与结果不符", f"{text} = {left}", f"印作 {printed}")


def check_sum(where: str, parts: tuple[float, ...], total: float) -> Findings:
    """A printed total must be the sum of its printed parts (合计)."""
    if sum(parts) != total:
        yield Finding(Severity.ERROR, where, "印出的合计与各项之和不符", f"{sum(parts):g}", f"印作 {total:g}")


def check_shares(where: str, printed_percent: Mapping[str, float], days: Mapping[str, float]) -> Findings:
    """Printed shares must be those of the printed days, also where they add up to 100 % (占比).

    >>> findings = check_shares("占比", {"检查": 8, "其他": 92}, {"检查": 20, "其他": 80})
    >>> [finding.figure for finding in findings]
    ['20.0%', '80.0%']
    """
    whole = sum(days.values())
    for name, figure in printed_percent.items():
        share = days[name] / whole
        decimals = len(str(figure).partition(".")[2])
        if abs(share * 100 - figure) > 10**-decimals / 2 + 1e-9:
            note = "（各项相加仍为 100%）" if sum(printed_percent.values()) == 100 else ""
            yield Finding(
                Severity.ERROR, f"{where} {name}", f"印出的占比与人日不符{note}", percent(share), f"印作 {figure:g}%"
            )


def check_stock_formula(where: str, workdays: int, printed: int) -> Findings:
    """A workday constant must be that year's calendar, not 365 − 104 − 11 (工作日常数)."""
    if workdays != printed:
        yield Finding(
            Severity.ERROR, where, "印出的法定工作日不是当年日历的工作日", f"日历 {workdays} 天", f"印作 {printed} 天"
        )
