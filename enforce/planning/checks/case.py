"""The case (案卷): everything a check may look at, and the shape of what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from enforce.planning.months.allocate import Allocation
from enforce.words.terms import Severity

COLUMNS = ["check", "severity", "where", "message", "figure", "limit"]


@dataclass(frozen=True)
class Case:
    """The plan as the checks see it: its choices, its tables, what was computed from them, the rules in force.

    `days` has one row per date, `capacity` is the account by months, short ones below zero, `staff` has one row per
    team whose officers changed (team, message), `headcount` is by team, `printed` one row per figure the plan's text
    prints (as `printed_table` has them), `rules` maps names to values (None = no rule found), `alerts` are the
    district's own lines where no rule draws one, `records` may be empty, `closed` is the last month that is over,
    `rows_aside` how many rows of the tables could not be read.
    """

    approved_on: str
    estimated: bool
    reserve_share: float
    days: pd.DataFrame
    key_periods: pd.DataFrame
    headcount: pd.Series
    tasks: pd.DataFrame
    roster: pd.DataFrame
    units: pd.DataFrame
    records: pd.DataFrame
    statutory: pd.DataFrame
    account: pd.DataFrame
    capacity: pd.DataFrame
    staff: pd.DataFrame
    allocation: Allocation
    printed: pd.DataFrame
    rules: Mapping[str, object]
    alerts: Mapping[str, float]
    closed: int = 0
    rows_aside: int = 0


@dataclass(frozen=True)
class Finding:
    """One doubt (存疑): where, a sentence, the figure found and the limit it is held against."""

    severity: Severity
    where: str
    message: str
    figure: str = ""
    limit: str = ""


Findings = Iterator[Finding]


def days(number: float) -> str:
    """Return officer-days without a needless decimal.

    >>> days(12.0), days(12.5)
    ('12 人日', '12.5 人日')
    """
    return f"{number:.12g} 人日"
