"""The same period (同比): this year's figures beside last year's, of the same months and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from enforce.planning.through.progress import month_numbers, until, year_figures
from enforce.words.measures import rate, rates
from enforce.words.months import MONTHS, PERIODS, QUARTERS
from enforce.words.terms import names_of

TO_DATE = "累计"
WHOLE_YEAR = "全年"
#: The periods compared where last year's records are given, besides the year to the day.
OF_RECORDS = (*QUARTERS, "上半年", WHOLE_YEAR)
COLUMNS = ["indicator", "period", "this_year", "last_year", "difference", "rate"]


def figures_by_period(
    records: pd.DataFrame, decisions: pd.DataFrame | None, periods: Iterable[str], as_of: str
) -> pd.DataFrame:
    """Return the figures of a year's periods (各期间的数): one row per indicator and period, up to a day.

    A period of months is counted by the date of the visit, penalties by that of the decision; 累计 is the year to the
    day. Columns indicator, period, figure, each in the unit its indicator names.
    """
    records = until(records, as_of)
    decisions = None if decisions is None else until(decisions, as_of, "decided_on")
    parts = []
    for period in periods:
        months = PERIODS.get(period, MONTHS)
        visits = records[month_numbers(records["date"]).isin(months)]
        cases = None if decisions is None else decisions[month_numbers(decisions["decided_on"]).isin(months)]
        parts.append(year_figures(visits, cases).assign(period=period))
    return pd.concat(parts, ignore_index=True) if parts else year_figures(records.iloc[:0], None).iloc[:0]


def ended_periods(periods: Iterable[str], closed: int) -> list[str]:
    """Return the periods whose months are all over, `closed` the last of them, in the order they came.

    >>> ended_periods(["全年", "一季度", "上半年", "某月"], 6)
    ['一季度', '上半年']
    """
    return [period for period in dict.fromkeys(periods) if period in PERIODS and PERIODS[period][-1] <= closed]


def year_on_year(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return this year's figures beside last year's (同比): one row per indicator and period that both have.

    Both have indicator, period, figure. `difference` is this year's less last year's, `rate` its share
    of last year's.

    >>> now = pd.DataFrame({"indicator": ["检查家次"], "period": ["全年"], "figure": [90]})
    >>> year_on_year(now, now.assign(figure=120)).to_dict("records")[0]["rate"]
    -0.25
    """
    table = now.rename(columns={"figure": "this_year"}).merge(
        before.rename(columns={"figure": "last_year"}), on=["indicator", "period"], validate="1:1"
    )
    numbers = table.assign(**{name: pd.to_numeric(table[name].map(float)) for name in ("this_year", "last_year")})
    whole = (numbers[["this_year", "last_year"]] % 1 == 0).all(axis=None)
    numbers = numbers.astype({"this_year": "int64", "last_year": "int64"}) if whole else numbers
    change = numbers["this_year"] - numbers["last_year"]
    growth = change / numbers["last_year"].where(numbers["last_year"] > 0)
    return numbers.assign(difference=change, rate=growth)[COLUMNS]


def growth_rates(table: pd.DataFrame) -> pd.DataFrame:
    """Return the same as rates: one row per indicator and period."""
    rows = zip(table["indicator"], table["period"], table["difference"], table["last_year"], strict=True)
    return rates(rate("growth", f"{name}：{period or WHOLE_YEAR}", part, whole) for name, period, part, whole in rows)


def incomparable(figures: pd.DataFrame) -> pd.DataFrame:
    """Return last year's figures that nothing of this year stands beside (不能比的): rows of `figures`.

    Their indicator is none of names.csv, or their period none of `PERIODS`.
    """
    known = figures["indicator"].isin(names_of("indicator").values()) & figures["period"].isin([*PERIODS])
    return figures[~known].reset_index(drop=True)
