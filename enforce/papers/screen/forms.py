"""The forms (表式): a tidy table turned the way the official paper prints it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from enforce.papers.screen.cells import MONTHS, YEAR, ZERO, cell_text
from enforce.words.months import QUARTERS
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT

ITEMS = {"other_enforcement_days": OTHER_ENFORCEMENT, "non_enforcement_days": NON_ENFORCEMENT}


def account_form(account: pd.DataFrame) -> pd.DataFrame:
    """Return the account as annex 3 prints it (核算表): one row per line or item, a column per team, 合计, its share.

    Items stand under their line, with an indent; officer-days, and the share of total statutory days of all teams.
    """
    wide = account.pivot_table(index=["line", "item"], columns="team", values="days", sort=False)
    shares = account[account["team"] == ALL_TEAMS].set_index(["line", "item"])["share"]
    rows = []
    for line, title in ACCOUNT_LINES.items():
        items = [item for item in ITEMS.get(line, {}) if (line, item) in wide.index]
        for item in ["", *items]:
            name = f"　{ITEMS[line][item]}" if item else title
            rows.append([name, *wide.loc[(line, item)], shares[line, item]])
    return pd.DataFrame(rows, columns=["line", *wide.columns, "share"])


def load_form(loads: pd.DataFrame) -> pd.DataFrame:
    """Return need against capacity by month (负荷表): three rows per team, a column per month and the year, texts.

    A team that is overloaded has a fourth row: by how much, in the months where it is (超负荷).
    """
    rows = []
    for team, months in loads.groupby("team", sort=False):
        ordered = months.sort_values("month")
        need, room = (_with_year(ordered[column]) for column in ("needed_days", "capacity_days"))
        load = [a / b if b else None for a, b in zip(need, room, strict=True)]
        rows.append([team, "需要(人日)", *(cell_text("days", number) for number in need)])
        rows.append([team, "可安排(人日)", *(cell_text("days", number) for number in room)])
        rows.append([team, "负荷", *(cell_text("load", share) for share in load)])
        over = [max(a - b, 0.0) for a, b in zip(need[:-1], room[:-1], strict=True)]
        if any(over):
            rows.append([team, "超负荷(人日)", *(f"{days:g}" if days else ZERO for days in (*over, sum(over)))])
    return pd.DataFrame(rows, columns=["team", "item", *MONTHS, YEAR])


def _with_year(numbers: pd.Series) -> list[float]:
    return [*numbers.tolist(), float(numbers.sum())]


def quarter_form(quarters: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the plan by quarter (季度安排): one row per task and a last row 合计; the quarters add up to the year.

    `quarters`: task_id, quarter, visits.

    >>> quarters = pd.DataFrame({"task_id": ["P1"] * 2, "quarter": [1, 3], "visits": [2, 5]})
    >>> quarter_form(quarters, {"P1": "甲"}).values.tolist()
    [['甲', 2, 0, 5, 0, 7], ['合计', 2, 0, 5, 0, 7]]
    """
    wide = quarters.pivot_table(index="task_id", columns="quarter", values="visits", aggfunc="sum", fill_value=0)
    wide = wide.reindex(index=list(names), columns=range(1, 5), fill_value=0).set_axis(list(QUARTERS), axis=1)
    wide = wide.assign(**{YEAR: wide.sum(axis=1)})
    wide = pd.concat([wide, wide.sum().to_frame(ALL_TEAMS).T])
    wide.insert(0, "task", [*names.values(), ALL_TEAMS])
    return wide.reset_index(drop=True).rename_axis(columns=None)
