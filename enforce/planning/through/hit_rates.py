"""Hit rates (隐患发现率): whether ranking finds more than chance, by the visits of a line drawn at random beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import sqrt

import pandas as pd

COLUMNS = ["task_id", "scope", "numerator", "denominator", "rate", "low_rate", "high_rate"]
_Z = 1.959963984540054  # of the normal distribution, for 95 %


def hit_rates(records: pd.DataFrame, hold_outs: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return how often visits find hazards (隐患发现率): two rows per line with a hold-out, ranked and drawn.

    Numerator: visits (家次) that found hazards, denominator: visits done; the interval is Wilson's of 95 %. `hold_outs`
    are the codes of the units drawn at random, by line. Without a visit there is no rate.

    >>> records = pd.DataFrame({"task_id": "P11", "unit_id": ["A", "B", "C", "D"], "hazards_found": [2, 1, 0, 0]})
    >>> hit_rates(records, {"P11": {"D"}})[["scope", "numerator", "denominator"]].values.tolist()
    [['按排序选取', 2, 3], ['随机抽取（对照）', 0, 1]]
    """
    rows = []
    for task_id, codes in hold_outs.items():
        visits = records[records["task_id"] == task_id]
        drawn = visits["unit_id"].isin(list(codes))
        for scope, part in (("按排序选取", visits[~drawn]), ("随机抽取（对照）", visits[drawn])):
            hits, count = int((part["hazards_found"] > 0).sum()), len(part)
            rows.append((task_id, scope, hits, count, hits / count if count else None, *wilson(hits, count)))
    return pd.DataFrame(rows, columns=COLUMNS)


def wilson(hits: int, count: int) -> tuple[float | None, float | None]:
    """Return Wilson's interval of 95 % of a rate; None for both where nothing was counted.

    >>> [round(bound, 4) for bound in wilson(5, 10)], wilson(0, 0)
    ([0.2366, 0.7634], (None, None))
    """
    if not count:
        return None, None
    share, weight = hits / count, _Z**2 / count
    middle = (share + weight / 2) / (1 + weight)
    half = sqrt(share * (1 - share) * weight + weight**2 / 4) / (1 + weight)
    return max(middle - half, 0.0), min(middle + half, 1.0)
