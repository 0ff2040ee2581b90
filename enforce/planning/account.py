"""The workload account (执法工作量核算): from workdays and officers to the days that can be planned, by team and month.

总法定工作日 = 国家法定工作日 × 执法人员; 监督检查工作日 = 总法定 − 其他执法 − 非执法 (as published plans quote
安监总政法〔2017〕150号, e.g. 溪湖 2024, 宽城 2025). The reserve (留有余地) is the principle of its article 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil
from types import MappingProxyType

import pandas as pd

from enforce.words.months import MONTHS
from enforce.words.numbers import HALVES, halves, largest_remainder, rounded
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS


def officers_in_service(roster: pd.DataFrame, teams: Iterable[str] = ()) -> pd.DataFrame:
    """Return the officers in service (在岗执法人员): one row per team and month, `officer_count` in persons.

    Only licensed officers count (持证), a part-time one by the share of the time (在岗比例), in a month served. A team
    of the plan that has none stands there with no officers.
    """
    roster = our_officers(roster)
    roster = roster[roster["licensed"].astype(bool)]
    shares = roster["share"].map(lambda share: Fraction(str(share)))  # 0.3 as written
    rows = [
        (
            team,
            month,
            _plain_number(sum(shares[crew & (roster["from_month"] <= month) & (roster["to_month"] >= month)])),
        )
        for team in dict.fromkeys([*teams, *roster["team"]])
        for crew in [roster["team"] == team]
        for month in MONTHS
    ]
    return pd.DataFrame(rows, columns=["team", "month", "officer_count"])


def our_officers(roster: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the bureau's own officers (本局人员): those of partner departments have no days of ours.

    >>> our_officers(pd.DataFrame({"officer_id": ["A", "B"], "department": ["", "市场监管"]}))["officer_id"].tolist()
    ['A']
    """
    return roster[roster["department"] == ""] if "department" in roster else roster


def team_of(roster: pd.DataFrame, officer: str, month: int) -> str:
    """Return the team an officer serves in a month, else that of the last row; '' for one who is not on our roster.

    >>> roster = pd.DataFrame({"officer_id": "A", "team": ["甲", "乙"], "from_month": [1, 7], "to_month": [6, 12]})
    >>> team_of(roster, "A", 3), team_of(roster, "A", 9), team_of(roster, "B", 1)
    ('甲', '乙', '')
    """
    rows = our_officers(roster[roster["officer_id"] == officer])
    serving = rows[(rows["from_month"] <= month) & (rows["to_month"] >= month)]
    return "".join((rows if serving.empty else serving)["team"].iloc[-1:])


def _plain_number(count: Fraction | int) -> int | float:
    return int(count) if count == int(count) else float(count)


def statutory_days(workdays: pd.DataFrame, officers: pd.DataFrame) -> pd.DataFrame:
    """Return total statutory workdays (总法定工作日): one row per team and month, in officer-days.

    In half-days where officers serve part of the time, rounded as running sums from January: the year is right to half
    a day, and no month feels a later one.

    >>> workdays = pd.DataFrame({"month": [1, 2], "workdays": [19, 19]})
    >>> officers = pd.DataFrame({"team": ["大队", "大队"], "month": [1, 2], "officer_count": [8, 9]})
    >>> statutory_days(workdays, officers)["statutory_days"].tolist()
    [152, 171]
    """
    table = officers.merge(workdays, on="month", validate="m:1")
    days = table["officer_count"] * table["workdays"]
    if not pd.api.types.is_integer_dtype(days):
        days = table.assign(days=days).groupby("team", sort=False)["days"].transform(_running_halves)
    table["statutory_days"] = days
    return table[["team", "month", "officer_count", "workdays", "statutory_days"]]


def _running_halves(days: pd.Series) -> pd.Series:
    """Return days in halves whose running sums are those of the days, rounded half up."""
    sums = [int(rounded(total * HALVES)) for total in days.cumsum().round(6)]
    return pd.Series([(after - before) / HALVES for before, after in pairwise([0, *sums])], index=days.index)


def key_period_days(reserved: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Return days set aside for key periods (重点时段预留): one row per period, team and month, in officer-days.

    `reserved` has one row per period and team (name, from_date, to_date, team, days), `days` one row per date.
    A period over two months is split by its workdays in each, in half-days.
    """
    rows = []
    for period in reserved.itertuples(index=False):
        inside = days[(days["date"] >= period.from_date) & (days["date"] <= period.to_date) & days["workday"]]
        by_month = inside.groupby("month").size()
        if by_month.empty:
            by_month = pd.Series({int(period.from_date[5:7]): 1})
        parts = largest_remainder(halves(period.days), by_month.tolist())
        rows += [
            (period.name, period.team, int(month), part / HALVES)
            for month, part in zip(by_month.index, parts, strict=True)
        ]
    return pd.DataFrame(rows, columns=["period", "team", "month", "days"])


def workload_account(
    statutory: pd.DataFrame, estimates: pd.DataFrame, reserve_share: float, key_periods: pd.DataFrame
) -> pd.DataFrame:
    """Return the account (核算表): one row per team and line or item, 合计 last; days, share of total statutory days.

    `estimates` has one row per team, line (other_enforcement_days, non_enforcement_days) and item, in officer-days.
    The reserve is rounded up to half a day. Items carry their key in `item`, lines have it empty.

    >>> statutory = pd.DataFrame({"team": ["科"], "statutory_days": [744]})
    >>> estimates = pd.DataFrame({"team": ["科", "科"], "item": ["", ""], "days": [375.0, 135.0],
    ...                           "line": ["other_enforcement_days", "non_enforcement_days"]})
    >>> account = workload_account(statutory, estimates, 0.1, pd.DataFrame(columns=["team", "days"]))
    >>> account.query("team == '科' and line == 'inspection_days'")["days"].item()
    234.0
    """
    teams = list(dict.fromkeys(statutory["team"]))
    rows = []
    for team in teams:
        items = estimates[estimates["team"] == team]
        days = _lines(
            float(statutory.loc[statutory["team"] == team, "statutory_days"].sum()),
            items,
            reserve_share,
            float(key_periods.loc[key_periods["team"] == team, "days"].sum()),
        )
        rows += [(team, line, "", days[line]) for line in ACCOUNT_LINES]
        rows += [(team, row.line, row.item, float(row.days)) for row in items.itertuples() if row.item]
    account = pd.DataFrame(rows, columns=["team", "line", "item", "days"])
    return _with_shares(pd.concat([account, _total(account)], ignore_index=True), [*teams, ALL_TEAMS])


def _lines(total: float, estimates: pd.DataFrame, reserve_share: float, key_days: float) -> dict[str, float]:
    sums = estimates.groupby("line")["days"].sum()
    other, non_enforcement = (float(sums.get(line, 0.0)) for line in ("other_enforcement_days", "non_enforcement_days"))
    inspection = total - other - non_enforcement
    share = Fraction(str(reserve_share))  # 0.07 as written: in floats 7 % of 100 days is more than 7
    reserve = _reserve_halves(Fraction(inspection) * HALVES, share) / HALVES
    return {
        "total_statutory_days": total,
        "other_enforcement_days": other,
        "non_enforcement_days": non_enforcement,
        "inspection_days": inspection,
        "reserve_days": reserve,
        "key_period_days": key_days,
        "capacity_days": inspection - reserve - key_days,
    }


def _reserve_halves(inspection: int | Fraction, share: Fraction) -> int:
    """Return the reserve of inspection days in half-days, rounded up; where there are none there is no reserve."""
    return ceil(max(inspection, 0) * share)


def _total(account: pd.DataFrame) -> pd.DataFrame:
    total = account.groupby(["line", "item"], sort=False, as_index=False)["days"].sum()
    return total.assign(team=ALL_TEAMS)[["team", "line", "item", "days"]]


def _with_shares(account: pd.DataFrame, teams: list[str]) -> pd.DataFrame:
    """Sort by team, line and item as the form prints them, and set each beside the team's total statutory days."""
    total = account[account["line"] == "total_statutory_days"].set_index("team")["days"]
    place = {line: n for n, line in enumerate(ACCOUNT_LINES)}
    table = account.assign(
        share=account["days"] / account["team"].map(total.where(total > 0)),
        _team=account["team"].map({team: n for n, team in enumerate(teams)}),
        _line=account["line"].map(place),
    )
    return table.sort_values(["_team", "_line"], kind="stable", ignore_index=True)[
        ["team", "line", "item", "days", "share"]
    ]


def line_days(account: pd.DataFrame, line: str) -> pd.Series:
    """Return one line of the account, by team (合计 last), in officer-days."""
    rows = account[(account["line"] == line) & (account["item"] == "")]
    return rows.set_index("team")["days"]


def monthly_account(
    account: pd.DataFrame,
    statutory: pd.DataFrame,
    key_periods: pd.DataFrame,
    approved: pd.DataFrame | None = None,
    reserve_share: float = 0.0,
    *,
    won: Mapping[tuple[str, int], int] = MappingProxyType({}),
    closed: int = 0,
) -> pd.DataFrame:
    """Return the account by months (各月核算): one row per team and month, capacity_days in officer-days.

    Inspection days less the reserve go to the months in proportion to their statutory days (largest remainder, in
    half-days). Where the plan was `approved` with other statutory days (same shape as `statutory`), they go to the
    months in proportion to those, and who has left or joined since changes just the months not served or served: by
    `won`, half-days of inspection by team and month, less the reserve (`reserve_share`). What key periods set aside is
    then taken off. A month below zero is carried to the months after `closed`: those behind it first, then those before
    it. What they cannot carry stays below zero, so that the months always add up to the account.
    """
    inspection, capacity = (line_days(account, line) for line in ("inspection_days", "capacity_days"))
    rows = []
    for team in dict.fromkeys(statutory["team"]):
        months, now = _half_days_served(statutory, team)
        was = now if approved is None else _half_days_served(approved, team)[1]
        taken = key_periods[key_periods["team"] == team].groupby("month")["days"].sum()
        changes = [won.get((team, month), 0) for month in months]
        if any(changes) and any(was):
            parts = _with_changes(halves(inspection[team]), was, changes, Fraction(str(reserve_share)))
        else:
            parts = spread_days(halves(capacity[team]) + halves(float(taken.sum())), now)
        free = [part - halves(taken.get(month, 0.0)) for part, month in zip(parts, months, strict=True)]
        free = carried(free, sum(month <= closed for month in months))
        rows += [(team, month, part / HALVES) for month, part in zip(months, free, strict=True)]
    return pd.DataFrame(rows, columns=["team", "month", "capacity_days"])


def monthly_capacity(months: pd.DataFrame) -> pd.DataFrame:
    """Return inspection capacity (可安排工作日): one row per team and month of `monthly_account`, in officer-days.

    A month that is short of days has none to allocate: the shortage stays in the account, and is told.

    >>> monthly_capacity(pd.DataFrame({"team": "科", "month": [1, 2], "capacity_days": [3.5, -2.0]})).values.tolist()
    [['科', 1, 3.5], ['科', 2, 0.0]]
    """
    return months.assign(capacity_days=months["capacity_days"].where(months["capacity_days"] > 0, 0.0))


def _half_days_served(statutory: pd.DataFrame, team: str) -> tuple[list[int], list[int]]:
    """Return the months of a team in their order, and its statutory days in them, in half-days."""
    rows = statutory[statutory["team"] == team].sort_values("month")
    return rows["month"].tolist(), [halves(days) for days in rows["statutory_days"]]


def _with_changes(inspection: int, was: list[int], changes: Sequence[int], share: Fraction) -> list[int]:
    """Return half-days by month: those of the plan as approved, and what staff won or lost since, less the reserve.

    Each month takes what the reserve leaves of the account so far, so that the months add up to the account and none
    feels a later change.
    """
    total = inspection - sum(changes)
    parts = spread_days(total - _reserve_halves(total, share), was)
    for month, change in enumerate(changes):
        reserves = (_reserve_halves(days, share) for days in (total, total + change))
        parts[month] += change + next(reserves) - next(reserves)
        total += change
    return parts


def carried(parts: Sequence[int], closed: int) -> list[int]:
    """Return half-days by month, those below zero carried to open months: behind them first, then before them.

    The first `closed` months are over and carry nothing. What no month can carry stays where it arose.

    >>> carried([5, 2, -4, 3], 0), carried([5, 2, -4, 1], 1), carried([5, 2, -4, 1], 2)
    ([5, 1, 0, 0], [5, 0, -1, 0], [5, 2, -3, 0])
    """
    parts = list(parts)
    for short in range(len(parts)):
        for month in (*range(short + 1, len(parts)), *reversed(range(short))):
            if month >= closed:
                moved = min(max(-parts[short], 0), max(parts[month], 0))
                parts[short], parts[month] = parts[short] + moved, parts[month] - moved
    return parts


def spread_days(total: int, weights: list[int]) -> list[int]:
    """Return half-days spread over the months by weight, all alike where every weight is zero; they add up."""
    return largest_remainder(total, weights if any(weights) else [1] * len(weights))


def days_per_officer(account: pd.DataFrame, statutory: pd.DataFrame, workdays: int) -> pd.DataFrame:
    """Return inspection days per full-year officer (人均监督检查工作日): one row per team.

    An officer in service for part of the year counts in proportion to the workdays served.
    """
    served = statutory.groupby("team", sort=False)["statutory_days"].sum() / workdays
    table = served.rename("officer_count").reset_index()
    table["inspection_days"] = table["team"].map(line_days(account, "inspection_days"))
    table["inspection_days_per_officer"] = table["inspection_days"] / served.where(served > 0).to_numpy()
    return table


def monthly_reserve(account: pd.DataFrame, statutory: pd.DataFrame) -> pd.DataFrame:
    """Spread the reserve (留有余地) over the months as the statutory days lie, down to half days.

    One row per team and month, columns team, month, capacity_days: officer-days a way out may draw on.
    """
    months = statutory[["team", "month"]].copy()
    shares = statutory.groupby("team")["statutory_days"].transform("sum")
    reserve = statutory["team"].map(line_days(account, "reserve_days"))
    days = reserve * statutory["statutory_days"] / shares.where(shares > 0, 1)
    return months.assign(capacity_days=(days * 2) // 1 / 2)
