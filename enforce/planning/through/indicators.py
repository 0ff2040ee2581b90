"""The indicators (指标): every rate of a year as a row that says of what it is, in which unit, and its definition.

Each is a function of the actuals; `rates_of` puts them together, of the whole plan or of some of its lines. There is no
target and no ranking on visits or fines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import pandas as pd

from enforce.planning.through import focus, progress
from enforce.planning.through.actuals import Actuals
from enforce.planning.through.hazards import hazard_rates, visits_per_hazard
from enforce.planning.through.other_work import closure_rates
from enforce.planning.through.same_period import growth_rates
from enforce.planning.visits import joint_lines
from enforce.words.measures import SHARES, rate, rates
from enforce.words.terms import InspectionClass, Tier


def completion(actuals: Actuals) -> pd.DataFrame:
    """Return how much is done (完成率) by tier and in all: against the plan in force, the approved one, and to date."""
    table, names = progress.completion_by(actuals.by_task, "tier"), {tier.value: tier.label for tier in Tier}
    pairs = (("completion", "denominator"), ("approved_completion", "approved_visits"), ("pace", "expected_visits"))
    return rates(
        rate(measure, names.get(row["tier"], row["tier"]), row["done_visits"], row[whole])
        for measure, whole in pairs
        for row in table.to_dict("records")
    )


def coverage(actuals: Actuals) -> pd.DataFrame:
    """Return the coverage of the frozen key list (重点单位覆盖率), and beside it of today's."""
    return progress.key_unit_coverage(actuals.units, actuals.records, actuals.key_units, actuals.key_list)


def sources(actuals: Actuals) -> pd.DataFrame:
    """Return planned and unplanned shares, and of which causes the unplanned are."""
    rows, records = progress.sources_of_visits(actuals.records), actuals.records
    caused = (records["task_id"] == "") & ~records["trigger"].isin(progress.UNTRIGGERED)
    triggered = rate("triggered", "触发式检查 ÷ 全部检查", int(caused.sum()), len(records))
    return pd.concat([rows, rates([triggered])], ignore_index=True)


def joint(actuals: Actuals) -> pd.DataFrame:
    """Return the joint share of what was done by each reading, and how many of them say who came along."""
    rows = progress.joint_done(actuals.tasks, actuals.records)
    made = actuals.records.loc[actuals.records["task_id"].isin(joint_lines(actuals.tasks)), "partners"]
    whole = len(made) if focus.filled(actuals.records, "partners") else 0
    partners = rate("joint_partners", "部门联合抽查", int(made.map(bool).sum()), whole)
    return pd.concat([rows, rates([partners])], ignore_index=True)


def themes(actuals: Actuals) -> pd.DataFrame:
    """Return how many of its themes each line has looked at (专题覆盖)."""
    return focus.theme_rates(actuals.themes, focus.filled(actuals.records, "themes"))


def invited_sections(actuals: Actuals) -> pd.DataFrame:
    """Return how often the invited sections came along (邀请科室)."""
    return focus.invited_rates(actuals.tasks, actuals.records)


def key_periods(actuals: Actuals) -> pd.DataFrame:
    """Return how many visits of key-period lines lie inside the periods (重点时段以内)."""
    return focus.key_period_rates(actuals.tasks, actuals.records, actuals.key_periods)


def out_of_district(actuals: Actuals) -> pd.DataFrame:
    """Return how much of the work is outside the district (辖区外): effort, and no coverage."""
    outside = int((~actuals.records["in_district"].astype(bool)).sum())
    return rates([rate("out_of_district", "全部检查", outside, len(actuals.records))])


def statistics(actuals: Actuals) -> pd.DataFrame:
    """Return how many of the visits the statistics count (统计年报口径); no rate where no rule says."""
    rule = actuals.statistics
    if rule.silent:
        return rates([])
    reasons = progress.uncounted(actuals.records, rule, actuals.decisions)
    return rates([rate("statistics", "全部检查", int((reasons == "").sum()), len(reasons))])


def evidence(actuals: Actuals) -> pd.DataFrame:
    """Return the shares with a full record, with an inspection code, with a rating by the firm (记录、检查码、评议)."""
    records, planned = actuals.records, actuals.planned
    coded, codes = (rows["inspection_code"] != "" for rows in (records, planned))
    rows = [
        rate("full_record", "全部检查", int(records["full_record"].sum()), len(records)),
        rate("code", "计划内检查", int(codes.sum()), len(planned)),
        rate("code", "非计划检查", int(coded.sum() - codes.sum()), len(records) - len(planned)),
        rate("code", "其中补扫的 ÷ 全部检查", int((records["code_late"] == "是").sum()), len(records)),
    ]
    with_rating = coded & (records["rating"] != "")
    rated = progress.entry_count(records.loc[with_rating, ["unit_id", "date"]])
    in_use = focus.filled(records, "rating")
    entries = progress.entry_count(records.loc[coded, ["unit_id", "date"]]) if in_use else 0
    return rates([*rows, rate("rating", "有检查码的入企", rated, entries)])


def manners(actuals: Actuals) -> pd.DataFrame:
    """Return what class the visits are of and how they were joint (检查类别、联合方式), of those that say so, and how
    many visits one walk through the gate serves (合并入企).
    """
    rows, records = [], actuals.records
    for measure in ("inspection_class", "joint_mode"):
        counts = records.loc[records[measure] != "", measure].value_counts().sort_index()
        rows += [
            rate(
                measure,
                InspectionClass(name).label if measure == "inspection_class" else name,
                int(n),
                int(counts.sum()),
            )
            for name, n in counts.items()
        ]
    merged = rate("visits_per_entry", "全部检查 ÷ 入企次数", len(records), progress.entry_count(records))
    return rates([*rows, merged])


def hazards(actuals: Actuals) -> pd.DataFrame:
    """Return rectification, major and overdue hazards, and how many visits find any (隐患)."""
    return hazard_rates(actuals.records, actuals.as_of)


def frequencies(actuals: Actuals) -> pd.DataFrame:
    """Return hazards and major ones per visit (每千家次是它的一千倍)."""
    return visits_per_hazard(actuals.records)


def closures(actuals: Actuals) -> pd.DataFrame:
    """Return how much of the other work due was closed in time (按期办结)."""
    return closure_rates(actuals.work)


def days_used(actuals: Actuals) -> pd.DataFrame:
    """Return the officer-days the records state, against the standard of the same visits (人日使用)."""
    table = actuals.days
    standard = (table["counted_records"] * table["standard_days_per_visit"]).sum()
    return rates([rate("days_used", "写明人日的计划内检查", float(table["used_days"].sum()), float(standard))])


def growth(actuals: Actuals) -> pd.DataFrame:
    """Return this year's figures against last year's (同比); none where nothing of last year is given."""
    return growth_rates(actuals.growth)


def streets(actuals: Actuals) -> pd.DataFrame:
    """Return the coverage of the key list by street (街镇覆盖率): pooled, and beside it the mean of the streets."""
    return progress.street_rates(actuals.units, actuals.records, actuals.key_list)


#: Every indicator by its name, in the order of a summary.
INDICATORS: dict[str, Callable[[Actuals], pd.DataFrame]] = {
    each.__name__: each
    for each in (
        *(completion, coverage, streets, sources, joint, themes, invited_sections, key_periods, out_of_district),
        *(statistics, evidence, manners, hazards, frequencies, closures, days_used, growth),
    )
}


def rates_of(actuals: Actuals, names: Collection[str] = (), lines: Collection[str] = ()) -> pd.DataFrame:
    """Return the rates of a year (指标): one row per measure and scope; of some indicators and lines alone."""
    part = actuals.of(lines)
    tables = [INDICATORS[name](part) for name in names or INDICATORS]
    whole = [table for table in tables if len(table)]
    return pd.concat(whole, ignore_index=True) if whole else rates([])


def above_whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the shares above 100 % (超过 100%): rows of the rates."""
    return rows[rows["measure"].isin(SHARES) & (rows["rate"] > 1)]
