"""The streets (乡镇、街道): their plans and progress beside ours, and the units that both visit within few days.

What a street has not handed in is not known: its row says so and holds no figure, and no sum counts it as 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from enforce.words.measures import rate, rates

_COUNTS = ["planned_visits", "expected_visits", "done_visits", "unplanned_visits", "hazards_found", "hazards_fixed"]
_SHARES = (
    ("street_completion", "done_visits", "planned_visits"),
    ("street_fixed", "hazards_fixed", "hazards_found"),
)
TOTAL = "合计"
OVERLAPS = ["unit_id", "subdistrict", "street_task", "street_when", "task_id", "our_when", "gap_days", "certain"]


def progress_by_street(rows: pd.DataFrame, streets: Sequence[str], as_of: str) -> pd.DataFrame:
    """Return the streets' progress to a day (各街镇进展): one row per street, and 合计 of those that reported (家次).

    `expected_visits` are planned in months that are over, `done_visits` planned ones done by the day, and
    `unplanned_visits` others done. A street that handed nothing in has `reported` False and no figure.

    >>> rows = pd.DataFrame({"subdistrict": "甲镇", "month": [1, 6], "date": ["2024-01-09", ""], "hazards_found": 1,
    ...                      "hazards_fixed": 0})
    >>> progress_by_street(rows, ["甲镇", "乙镇"], "2024-03-31")[["subdistrict", "reported", "done_visits"]].values
    array([['甲镇', True, 1],
           ['乙镇', False, <NA>],
           ['合计', True, 1]], dtype=object)
    """
    planned, done = rows["month"].notna(), rows["date"].ne("") & rows["date"].le(as_of)
    over = f"{as_of[:4]}-" + rows["month"].fillna(13).astype(int).astype(str).str.zfill(2) + "-31" <= _month_end(as_of)
    flags = {
        "planned_visits": planned,
        "expected_visits": planned & over,
        "done_visits": planned & done,
        "unplanned_visits": ~planned & done,
        "hazards_found": rows["hazards_found"].where(done, 0),
        "hazards_fixed": rows["hazards_fixed"].where(done, 0),
    }
    counts = pd.DataFrame(flags).astype("Int64").groupby(rows["subdistrict"]).sum()
    table = counts.reindex(list(streets)).rename_axis("subdistrict").reset_index()
    table.insert(1, "reported", table["subdistrict"].isin(set(rows["subdistrict"])))
    total = {"subdistrict": TOTAL, "reported": bool(table["reported"].any()), **table[_COUNTS].sum(min_count=1)}
    table = pd.concat([table, pd.DataFrame([total])], ignore_index=True).astype(dict.fromkeys(_COUNTS, "Int64"))
    shares = {"numerator": table["done_visits"], "denominator": table["planned_visits"]}
    some = table["planned_visits"].where(table["planned_visits"] > 0)
    return table.assign(**shares, completion=(table["done_visits"] / some).astype("Float64"))


def _month_end(as_of: str) -> str:
    """The last month that is over by the day, as an end that months can be compared with."""
    last = pd.Timestamp(as_of)
    month = last.month if last.is_month_end else last.month - 1
    return f"{as_of[:4]}-{month:02}-31"


def rates_of_streets(progress: pd.DataFrame) -> pd.DataFrame:
    """Return the streets' completion and rectification (各街镇比率): pooled, and the mean of their rates, side by side.

    A mean of rates weighs a street with one visit like one with a hundred; published shares are often such means.
    """
    streets = progress[(progress["subdistrict"] != TOTAL) & progress["reported"]]
    rows = []
    for measure, part, whole in _SHARES:
        some = streets[streets[whole] > 0]
        rows += [
            rate(measure, "各街镇合并计算", int(some[part].sum()), int(some[whole].sum())),
            rate(measure, "各街镇比率的平均", float((some[part] / some[whole]).sum()), len(some)),
        ]
    return rates(rows)


def street_overlaps(rows: pd.DataFrame, ours: pd.DataFrame, days: int, year: int) -> pd.DataFrame:
    """Return the units a street and the bureau visit within less than `days` (同一单位): one row per pair of visits.

    Both have unit_id, month and date ('' where only the month is known, which then stands for all of its days); ours
    has task_id. `gap_days` is the least number of days between the two, `certain` whether no day of the months puts
    them farther apart; visits of units without a code cannot be compared.
    """
    left, right = (_possible_days(table[table["unit_id"] != ""], year) for table in (rows, ours))
    pairs = left.merge(right, on="unit_id", suffixes=("", "_ours"))
    before, after = pairs["first_ours"] - pairs["last"], pairs["first"] - pairs["last_ours"]
    gap = np.maximum(np.maximum(before, after), 0)
    far = np.maximum(pairs["last_ours"] - pairs["first"], pairs["last"] - pairs["first_ours"])
    near = pairs.assign(gap_days=gap, certain=far < days)[gap < days]
    near = near.rename(columns={"when": "street_when", "when_ours": "our_when"})[OVERLAPS]
    return near.sort_values(["certain", "gap_days", "unit_id"], ascending=[False, True, True], ignore_index=True)


def _possible_days(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Visits with the first and the last day they may be on, as numbers of days, and how a planner reads it."""
    month = table["month"].fillna(1).astype(int)
    known = table["date"] != ""
    begins = pd.to_datetime(table["date"].where(known, f"{year}-" + month.astype(str).str.zfill(2) + "-01"))
    ends = begins.where(known, begins + pd.offsets.MonthEnd(0))
    first, last = (days.to_numpy("datetime64[D]").astype("int64") for days in (begins, ends))
    return table.assign(first=first, last=last, when=table["date"].where(known, month.astype(str) + "月"))
