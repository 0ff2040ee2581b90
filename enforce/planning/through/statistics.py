"""The yearly statistics (行政执法统计年报): penalties by kind, and how often each unit was entered."""

from __future__ import annotations

import pandas as pd

from enforce.planning.through.progress import imposed
from enforce.words.terms import Basis, Sanction


def sanctions(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return penalties by kind (处罚种类): one row per kind, 起, after inspections and after accidents; then 合计.

    A decision with several kinds counts in the heaviest, a named kind before 其他; 不予处罚 is none.

    >>> facts = {"penalty": [("warning", "fine"), ("fine",)], "penalty_basis": ["inspection", "accident"]}
    >>> table = sanctions(pd.DataFrame({**facts, "outcome": "penalty"}))
    >>> table[table["inspection_cases"] + table["accident_cases"] > 0].values.tolist()
    [['罚款', 1, 1], ['合计', 1, 1]]
    """
    kinds, cases = sorted(Sanction, key=lambda kind: kind is Sanction.OTHER), imposed(decisions)
    weight = {kind.value: n for n, kind in enumerate(Sanction)}
    heaviest = cases["penalty"].map(lambda words: max(words, key=weight.__getitem__) if words else Sanction.OTHER.value)
    counts = pd.crosstab(heaviest, cases["penalty_basis"])
    counts = counts.reindex(index=[kind.value for kind in kinds], columns=[one.value for one in Basis], fill_value=0)
    rows = [(kind.label, *map(int, counts.loc[kind.value])) for kind in kinds]
    rows.append(("合计", *map(int, counts.sum())))
    return pd.DataFrame(rows, columns=["sanction", *(f"{basis.value}_cases" for basis in Basis)])


def entry_numbers(records: pd.DataFrame) -> pd.DataFrame:
    """Return how often units were entered (年内被检查的次数): one row per number of entries, 家.

    Visits of one unit on one day are one entry; records without a unit's code are of none.

    >>> records = pd.DataFrame({"unit_id": ["A", "A", "A", "B", ""], "date": ["1", "1", "2", "1", "1"]})
    >>> entry_numbers(records).values.tolist()
    [[1, 1], [2, 1]]
    """
    entries = records.loc[records["unit_id"] != "", ["unit_id", "date"]].drop_duplicates()
    counts = entries["unit_id"].value_counts().value_counts().sort_index()
    return pd.DataFrame({"entry_number": counts.index.astype("int64"), "units": counts.to_numpy()})
