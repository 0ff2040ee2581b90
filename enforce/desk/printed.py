"""The printed figures (公布数): what the plan's text prints, computed again from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from enforce.planning import checks
from enforce.planning.counts import in_percent

if TYPE_CHECKING:
    from enforce.desk.year import Year


def printed_figures(year: Year) -> pd.DataFrame:
    """Return every figure the plan's text prints beside the one computed: one row per figure; none printed, no row.

    >>> from enforce.desk.year import open_year
    >>> printed_figures(open_year("params/putuo-2024.yaml"))[["printed", "computed"]].head(2).to_numpy().tolist()
    [[261.0, 261.0], [178.0, 178.0]]
    """
    printed = year.plan.printed
    if printed is None:
        return checks.printed_table({}, {})
    tiers = year.visits_by("tier").set_index("tier")
    groups = year.visits_by("group").set_index("group")["planned_visits"]
    told = {
        "全年计划检查（家次）": printed.total_visits,
        "重点检查（家次）": printed.key_visits,
        "一般检查（家次）": printed.general_visits,
        "重点检查占比（%）": printed.key_share_percent,
        "一般检查占比（%）": printed.general_share_percent,
        **{f"类别 {entry.group}（家次）": entry.visits for entry in printed.groups},
    }
    found = [
        int(tiers["planned_visits"].sum()),
        *(int(tiers["planned_visits"].get(tier, 0)) for tier in ("key", "general")),
        *(in_percent(float(tiers["rate"].get(tier, 0))) for tier in ("key", "general")),
        *(int(groups.get(entry.group, 0)) for entry in printed.groups),
    ]
    if printed.workdays is not None:
        told[checks.WORKDAYS] = printed.workdays
        found.append(int(year.workdays["workdays"].sum()))
    return checks.printed_table(told, dict(zip(told, found, strict=True)))
