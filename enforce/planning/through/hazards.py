"""The hazards (隐患) of the visits done: how many, how many major, how many rectified and which are overdue."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pandas as pd

from enforce.words.measures import rate, rates

_COUNTS = ("hazards_found", "major_hazards", "hazards_fixed")


def overdue(records: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the visits whose hazards had to be rectified by the day (整改到期): one row per record that is due.

    `open_visits` is 1 where not all is rectified by the day (整改逾期), `late_visits` 1 where all is, after its date.

    >>> facts = {"record_id": ["R1", "R2"], "rectify_due": "2024-03-01", "fixed_on": ["", "2024-04-01"]}
    >>> records = pd.DataFrame({**facts, "hazards_found": 2, "hazards_fixed": [1, 2]})
    >>> overdue(records, "2024-06-30")[["record_id", "open_visits", "late_visits"]].values.tolist()
    [['R1', 1, 0], ['R2', 0, 1]]
    """
    columns = ["record_id", "rectify_due", "fixed_on", "hazards_found", "hazards_fixed"]
    due = records.loc[(records["rectify_due"] != "") & (records["rectify_due"] <= as_of), columns]
    fixed = (due["hazards_fixed"] >= due["hazards_found"]) & (due["fixed_on"] <= as_of)
    late = fixed & (due["fixed_on"] > due["rectify_due"])
    return due.assign(open_visits=(~fixed).astype(int), late_visits=late.astype(int)).reset_index(drop=True)


def hazard_counts(records: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return what was found (隐患): one row per count, each in its own unit; kinds of major hazards by visits.

    A visit that names several kinds stands in the row of each: these rows are not to be added.
    """
    sums = {name: int(records[name].sum()) for name in _COUNTS}
    due, kinds = overdue(records, as_of), Counter(chain.from_iterable(records["major_kind"]))
    rows = [
        ("查出的隐患", sums["hazards_found"], "项"),
        ("其中重大隐患", sums["major_hazards"], "项"),
        ("已整改", sums["hazards_fixed"], "项"),
        ("没有整改", sums["hazards_found"] - sums["hazards_fixed"], "项"),
        ("整改到期的检查", len(due), "家次"),
        ("到期没有整改完的检查", int(due["open_visits"].sum()), "家次"),
        *((f"写明重大隐患类型：{kind}", int(count), "家次") for kind, count in sorted(kinds.items())),
    ]
    return pd.DataFrame(rows, columns=["item", "count", "count_unit"])


def hazard_rates(records: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return rectification rates (整改率): of hazards found, the share of major ones, visits finding any, overdue."""
    due, sums = overdue(records, as_of), {name: int(records[name].sum()) for name in _COUNTS}
    return rates(
        [
            rate("fixed", "整改数 ÷ 隐患数", sums["hazards_fixed"], sums["hazards_found"]),
            rate("major", "重大隐患 ÷ 隐患数", sums["major_hazards"], sums["hazards_found"]),
            rate("hit", "发现隐患的检查 ÷ 全部检查", int((records["hazards_found"] > 0).sum()), len(records)),
            rate("overdue", "到期没有整改完", int(due["open_visits"].sum()), len(due)),
            rate("overdue", "整改完，晚于到期日", int(due["late_visits"].sum()), len(due)),
        ]
    )


def visits_per_hazard(records: pd.DataFrame) -> pd.DataFrame:
    """Return hazards and major ones by visit: one row each; a thousand times the rate is that of a thousand visits."""
    counts = (("hazards_per_visit", "hazards_found"), ("major_per_visit", "major_hazards"))
    return rates(rate(measure, "全部检查", int(records[column].sum()), len(records)) for measure, column in counts)
