"""The district (一份计划的主要数字): what a superior asks of each plan, as plain data; and many of them side by side.

Districts stand in the order they were given; nothing ranks them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import isfinite

import pandas as pd

from enforce.desk.year import Year
from enforce.planning.through.progress import sources_of_visits
from enforce.planning.visits import highest_load, key_list_share, visits_by
from enforce.words.terms import Severity, Tier

#: The rates of a district, with what they are to a planner.
RATES = {
    "key": "重点检查占比",
    "coverage": "名单覆盖",
    "joint": "联合检查占比（÷ 全部一般检查）",
    "unplanned": "非计划检查占比",
}
COLUMNS = (
    *("bureau", "plan_state", "key_visits", "general_visits", "needed_days", "capacity_days", "highest_load"),
    *(column for name in RATES for column in (f"{name}_rate", f"{name}_of")),
    "faults",
)


def district_figures(year: Year) -> dict[str, object]:
    """Return the figures of a plan: visits by tier, days, highest load, rates, findings to correct, units by name.

    Rates are pairs of numerator and denominator; a highest load is None where there is need and no capacity.

    >>> from enforce.desk.year import open_year
    >>> figures = district_figures(open_year("params/putuo-2024.yaml"))
    >>> figures["key_visits"], figures["general_visits"], figures["rates"]["joint"], figures["rates"]["unplanned"]
    (178, 83, [15, 83], [22, 276])
    """
    tasks, loads = year.annex_tasks, year.annex.loads
    tiers = dict(visits_by(tasks, "tier").set_index("tier")["planned_visits"])
    load, joint = highest_load(loads), year.joint_shares.iloc[0]
    listed = key_list_share(tasks, year.counted(year.tables.records.iloc[:0]))
    key, general = (int(tiers.get(tier, 0)) for tier in (Tier.KEY, Tier.GENERAL))
    pairs = {
        "key": [key, key + general],
        "coverage": [listed["numerator"], listed["denominator"]],
        "joint": [int(joint["numerator"]), int(joint["denominator"])],
        "unplanned": _unplanned_visits(year),
    }
    return {
        "bureau": year.plan.bureau,
        "level": year.plan.vocabulary.our_level,
        "year": year.plan.year,
        "plan_state": year.state.label,
        "key_visits": key,
        "general_visits": general,
        "needed_days": float(loads["needed_days"].sum()),
        "capacity_days": float(loads["capacity_days"].sum()),
        "highest_load": load if isfinite(load) else None,
        "rates": pairs,
        "faults": int((year.findings["severity"] == Severity.ERROR).sum()),
        "units": _units_by_name(year),
    }


def _unplanned_visits(year: Year) -> list[int]:
    """Visits outside the plan of all that are recorded; nothing of nothing where none is."""
    if year.tables.records.empty:
        return [0, 0]
    row = sources_of_visits(year.tables.records).iloc[1]
    return [int(row["numerator"]), int(row["denominator"])]


def _units_by_name(year: Year) -> dict[str, list]:
    """The units that the plan names: code -> name and 家次."""
    named = year.named.visits["unit_id"]
    counts = named[named.astype(bool)].value_counts().sort_index()
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    return {str(unit): [names.get(unit, ""), int(count)] for unit, count in counts.items()}


# --- many of them -----------------------------------------------------------------------------------------------


def district_table(figures: Iterable[Mapping]) -> pd.DataFrame:
    """Return districts side by side (各区并列): one row per plan, rates with numerator and denominator."""
    rows = []
    for one in figures:
        row = {column: one.get(column) for column in COLUMNS}
        for name in RATES:
            above, below = one["rates"][name]
            row |= {f"{name}_rate": above / below if below else None, f"{name}_of": f"{above} ÷ {below}"}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def pooled_rates(figures: Iterable[Mapping]) -> pd.DataFrame:
    """Return each rate of all plans together, and the mean of theirs (合并、平均): one row per rate.

    A plan without denominator is in neither.

    >>> plans = [{"rates": dict.fromkeys(RATES, pair)} for pair in ([1, 2], [9, 10], [0, 0])]
    >>> pooled_rates(plans).iloc[0, 1:].astype(float).round(2).to_list()
    [10.0, 12.0, 0.83, 0.7, 2.0]
    """
    sums: dict[str, list[float]] = {name: [0, 0, 0.0, 0] for name in RATES}
    for one in figures:
        for name, (above, below) in one["rates"].items():
            if below:
                sums[name] = [a + b for a, b in zip(sums[name], (above, below, above / below, 1), strict=True)]
    rows = [
        (scope, above, below, above / below if below else None, mean / plans if plans else None, plans)
        for scope, (above, below, mean, plans) in ((RATES[name], sums[name]) for name in RATES)
    ]
    return pd.DataFrame(rows, columns=["scope", "numerator", "denominator", "pooled_rate", "mean_rate", "plans"])


def shared_units(figures: Iterable[Mapping]) -> pd.DataFrame:
    """Return the units that stand in two plans or more (几份计划都有的单位): one row per unit and plan, 家次."""
    plans: dict[str, list[tuple]] = defaultdict(list)
    for one in figures:
        for unit, (name, visits) in one["units"].items():
            plans[unit].append((unit, name, one["bureau"], one["level"], visits))
    rows = [row for unit in sorted(plans) if len(plans[unit]) > 1 for row in plans[unit]]
    return pd.DataFrame(rows, columns=["unit_id", "name", "bureau", "level", "visits"])
