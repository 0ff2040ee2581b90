"""The district (一份计划的主要数字): what a superior asks of each plan, as plain data; and many of them side by side.

Districts stand in the order they were given; nothing ranks them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import isfinite

import pandas as pd

from enforce.desk.annex import annex_effort
from enforce.desk.paperwork.wording import key_list
from enforce.desk.year import Year
from enforce.planning.months.allocate import loads
from enforce.planning.through.progress import sources_of_visits
from enforce.planning.visits import efforts, highest_load, joint_shares, key_list_share, visits_by
from enforce.words.months import MONTHS
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
    """Return the figures of a plan, as `plan_figures` has them.

    >>> from enforce.desk.year import open_year
    >>> figures = district_figures(open_year("params/putuo-2024.yaml"))
    >>> figures["key_visits"], figures["general_visits"], figures["rates"]["joint"], figures["rates"]["unplanned"]
    (178, 83, [15, 83], [22, 276])
    """
    return plan_figures(filing_tables(year))


def filing_tables(year: Year) -> dict[str, pd.DataFrame]:
    """Return the tables that the figures of a plan are worked out from, as they go into its pack, by name.

    Those of `annex_sources`; `plan` one row; `capacity` one row per team and month, `units` per unit of the key list
    or named: 家次, without their months.
    """
    return {
        **annex_sources(year),
        "plan": _filed_plan(year),
        "capacity": year.annex.loads[["team", "month", "capacity_days"]],
        "units": _filed_units(year),
    }


def annex_sources(year: Year) -> dict[str, pd.DataFrame]:
    """Return the tables that annexes 1, 2 and 3 are printed from, by name.

    `lines` one row per line of annex 1, `effort` per line and team, `months` per line and month, `account` per team and
    line or item, 人日, `key_list` per unit of the key list.
    """
    account, units = year.account, key_list(year).astype(object)
    units = units.where(units.notna(), "").assign(covered_by=units["covered"].fillna(""))
    return {
        "lines": _filed_lines(year),
        "effort": annex_effort(year.version, year.tasks) if year.version else efforts(year.tasks),
        "months": year.annex.visits[["task_id", "month", "visits"]],
        "account": account.assign(follows=account["item"].map(year.follows).fillna("")),
        "key_list": units.assign(hazards=["、".join(flags) for flags in units["hazards"]]),
    }


def plan_figures(tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """Return the figures of a plan: visits by tier and month, days, load, rates, findings to correct, units by name.

    Rates are pairs of numerator and denominator; a highest load is None where there is need and no capacity. The state
    and the findings to correct are as the bureau says: they follow from what does not leave it.
    """
    plan, lines, units = tables["plan"].iloc[0], tables["lines"], tables["units"]
    by_month = loads(tables["months"], tables["effort"], tables["capacity"])
    tiers = dict(visits_by(lines, "tier").set_index("tier")["planned_visits"])
    load, joint, listed = highest_load(by_month), joint_shares(lines).iloc[0], key_list_share(lines, units)
    key, general = (int(tiers.get(tier, 0)) for tier in (Tier.KEY, Tier.GENERAL))
    named = units[units["visits"] > 0]
    monthly = tables["months"].groupby("month")["visits"].sum().reindex(MONTHS, fill_value=0)
    days = by_month.groupby("month")[["needed_days", "capacity_days"]].sum().reindex(MONTHS, fill_value=0.0)
    return {
        **{column: str(plan[column]) for column in ("bureau", "level", "plan_state")},
        **{column: int(plan[column]) for column in ("year", "faults")},
        "key_visits": key,
        "general_visits": general,
        "needed_days": float(by_month["needed_days"].sum()),
        "capacity_days": float(by_month["capacity_days"].sum()),
        "highest_load": load if isfinite(load) else None,
        "visits_by_month": [int(count) for count in monthly],
        "days_by_month": [[float(need), float(room)] for need, room in days.itertuples(index=False)],
        "rates": {
            "key": [key, key + general],
            "coverage": [int(listed["numerator"]), int(listed["denominator"])],
            "joint": [int(joint["numerator"]), int(joint["denominator"])],
            "unplanned": [int(plan["unplanned_visits"]), int(plan["recorded_visits"])],
        },
        "units": {row.unit_id: [row.name, int(row.visits)] for row in named.itertuples(index=False)},
    }


def _filed_plan(year: Year) -> pd.DataFrame:
    """Return what a plan says of itself; visits outside the plan, of all that are recorded."""
    source = sources_of_visits(year.tables.records).iloc[1]
    row = {
        "plan": year.plan.name,
        "bureau": year.plan.bureau,
        "year": year.plan.year,
        "level": year.plan.vocabulary.our_level,
        "plan_state": year.state.label,
        "version": year.version_text,
        "faults": int((year.findings["severity"] == Severity.ERROR).sum()),
        "unplanned_visits": int(source["numerator"]),
        "recorded_visits": int(source["denominator"]),
    }
    return pd.DataFrame([row])


def _filed_lines(year: Year) -> pd.DataFrame:
    """Return the lines of annex 1, each with what today's table says of it besides."""
    today, lines = year.tasks.set_index("task_id"), year.annex_tasks
    more = {"kind": "", "selection": "", "out_of_district_visits": 0}
    added = {name: lines["task_id"].map(today[name]).fillna(blank) for name, blank in more.items()}
    return lines[["task_id", "group", "name", "tier", "planned_visits"]].assign(**added)


def _filed_units(year: Year) -> pd.DataFrame:
    """Return the units of the key list that count, and those that the plan names, by code."""
    counted = year.counted(year.tables.records.iloc[:0])
    covered = dict(counted.loc[counted["is_key"], ["unit_id", "covered_by"]].itertuples(index=False))
    named = year.named.visits["unit_id"]
    visits = named[named.astype(bool)].value_counts()
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    rows = [
        (str(unit), names.get(unit, ""), unit in covered, covered.get(unit, ""), int(visits.get(unit, 0)))
        for unit in sorted({*covered, *visits.index})
    ]
    return pd.DataFrame(rows, columns=["unit_id", "name", "is_key", "covered_by", "visits"])


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
