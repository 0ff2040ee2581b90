"""The printed figures of a plan (公布数): what its text says, each beside the same figure computed again."""

from __future__ import annotations

import pandas as pd

from enforce.inputs.parameters.plan import Printed
from enforce.planning import checks
from enforce.words.numbers import in_percent
from enforce.words.terms import Tier


def printed_figures(printed: Printed | None, tiers: pd.Series, groups: pd.Series, workdays: int) -> pd.DataFrame:
    """Return the figures the plan's text prints, computed again: one row per figure; none where it prints none.

    `tiers` and `groups` are planned visits (家次) by tier and by group, `workdays` those of the year's calendar.
    """
    if printed is None:
        return checks.printed_table({}, {})
    total = int(tiers.sum())
    key, general = (int(tiers.get(tier, 0)) for tier in (Tier.KEY, Tier.GENERAL))
    figures = {
        "全年计划检查（家次）": (printed.total_visits, total),
        "重点检查（家次）": (printed.key_visits, key),
        "一般检查（家次）": (printed.general_visits, general),
        "重点检查占比（%）": (printed.key_share_percent, _percent(key, total)),
        "一般检查占比（%）": (printed.general_share_percent, _percent(general, total)),
        **{f"类别 {entry.group}（家次）": (entry.visits, int(groups.get(entry.group, 0))) for entry in printed.groups},
    }
    if printed.workdays is not None:
        figures[checks.WORKDAYS] = (printed.workdays, workdays)
    told, found = ({item: pair[n] for item, pair in figures.items()} for n in (0, 1))
    return checks.printed_table(told, found)


def _percent(visits: int, total: int) -> float:
    return in_percent(visits / total) if total else 0.0
