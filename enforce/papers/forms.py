"""The forms (表式): a tidy table turned the way the official paper prints it."""

from __future__ import annotations

import pandas as pd

from enforce.papers.cells import MONTHS, YEAR, ZERO, cell_text
from enforce.terms import ACCOUNT_LINES, ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT

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
