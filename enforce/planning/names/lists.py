"""The lists (名单): whom a month visits, what of it may be announced, and how far each street is covered."""

from __future__ import annotations

import pandas as pd

from enforce.words.months import MONTHS
from enforce.words.terms import Selection

LIST = ["task_id", "task", "unit_id", "name", "subdistrict", "how", "order", "done", "unnamed"]


def month_list(visits: pd.DataFrame, tasks: pd.DataFrame, units: pd.DataFrame, month: int) -> pd.DataFrame:
    """Return whom a month visits (本月名单), for inside use: one row per planned visit, those without a name last.

    `visits` are named visits, `tasks` and `units` the lines and the register. `unnamed` says why one has no unit.
    """
    rows = visits[visits["month"] == month].merge(tasks[["task_id", "name"]], on="task_id", how="left")
    rows = rows.rename(columns={"name": "task", "reason": "unnamed"})
    rows = rows.merge(units[["unit_id", "name", "subdistrict"]], on="unit_id", how="left")
    rows = rows.fillna({"task": "", "name": "", "subdistrict": ""})
    place = {task_id: n for n, task_id in enumerate(tasks["task_id"])}
    rows = rows.assign(place=rows["task_id"].map(place).fillna(len(place)), bare=rows["unit_id"] == "")
    return rows.sort_values(["place", "bare", "subdistrict", "order", "number"])[LIST].reset_index(drop=True)


def announceable(listed: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a month's list whose unit may be announced (可以公示).

    Of lines that are published, the units of the key list and of a rank, and those visited already; never a drawn one
    or one of a clue before its visit.

    >>> tasks = pd.DataFrame({"task_id": ["P1", "P2"], "unpublished": ["", "突击"]})
    >>> rows = [("P1", "91", "all", 0), ("P1", "92", "draw", 0), ("P1", "93", "draw", 1), ("P2", "94", "all", 1)]
    >>> listed = pd.DataFrame(rows, columns=["task_id", "unit_id", "how", "done"]).astype({"done": bool})
    >>> announceable(listed, tasks)["unit_id"].tolist()
    ['91', '93']
    """
    public = listed["task_id"].isin(tasks.loc[tasks["unpublished"] == "", "task_id"])
    open_way = listed["how"].isin([Selection.ALL, Selection.RANKED]) | listed["done"]
    return listed[public & open_way & (listed["unit_id"] != "")]


def street_months(visits: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the visits of each street and month (各街镇各月), 家次: one row per street and month, named ones alone."""
    streets = dict(zip(units["unit_id"], units["subdistrict"], strict=True))
    rows = visits.assign(subdistrict=visits["unit_id"].map(streets))
    counts = rows.groupby(["subdistrict", "month"]).size()
    cells = [(street, month, int(counts.get((street, month), 0))) for street in _streets(units) for month in MONTHS]
    return pd.DataFrame(cells, columns=["subdistrict", "month", "visits"])


def street_coverage(visits: pd.DataFrame, units: pd.DataFrame, our_level: str) -> pd.DataFrame:
    """Return how far each street is covered (街镇覆盖): one row per street, 家 named of 家 that our level inspects.

    The denominator are the units of the register inside the area and of our level, the numerator those of them with a
    named visit in the year.
    """
    ours = units[units["in_district"] & (units["level"] == our_level)]
    named = ours["unit_id"].isin(visits.loc[visits["month"] > 0, "unit_id"])
    rows = []
    for street in _streets(units):
        here = ours["subdistrict"] == street
        part, whole = int((here & named).sum()), int(here.sum())
        rows.append((street, part, whole, part / whole if whole else float("nan")))
    return pd.DataFrame(rows, columns=["subdistrict", "numerator", "denominator", "rate"])


def _streets(units: pd.DataFrame) -> list[str]:
    return sorted(set(units["subdistrict"]))
