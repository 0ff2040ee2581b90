"""The reports (总结、通报、月报、年报): the values of the papers that look back, out of the tables of a summary.

Nothing is counted here that the summary has not counted: a paper and the notebook cannot disagree.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from enforce.desk.paperwork import report_tables
from enforce.desk.paperwork.wording import date_text, days_text
from enforce.desk.summary import Summary
from enforce.papers.documents.leaves import Rows
from enforce.planning.account import our_officers
from enforce.planning.through import indicators
from enforce.planning.through.actuals import Actuals
from enforce.planning.through.indicators import rates_of
from enforce.planning.through.progress import entry_count, penalties
from enforce.planning.through.same_period import TO_DATE, WHOLE_YEAR
from enforce.planning.through.statistics import entry_numbers, sanctions
from enforce.words.months import QUARTERS
from enforce.words.numbers import percent, rounded
from enforce.words.terms import Basis, PlanState, PromiseState, Severity, Tier, Trigger, Variance, names_of

THOUSAND = 1000  # visits, of which hazards are counted
MOST_FINDINGS, MOST_NAMES = 3, 20  # on one page, in one sentence
#: What is looked at besides the counts of a bulletin.
_RATES = ("sources", "joint", "evidence", "manners", "hazards", "frequencies")
_YEARS = ["this_year", "last_year"]


# --- the year -------------------------------------------------------------------------------------------------------


def summary_values(summary: Summary, annex: str = "") -> dict[str, object]:
    """Return the values of the yearly summary (年度执法工作总结); `annex` is what it is called as an annex."""
    plan = summary.year.plan
    return {
        "附件": annex,
        "机关": plan.bureau,
        "年度": plan.year,
        "截至": "" if summary.over else date_text(summary.as_of),
        "称呼": plan.vocabulary.key_units,
        **_plan(summary),
        **_carried_out(summary),
        **_to_date(summary),
        **_counts(summary.actuals),
        **_beside_last_year(summary, WHOLE_YEAR if summary.over else TO_DATE),
        **_promises(summary),
        **_variance(summary),
        **_burden(summary),
        **_days_and_proposal(summary),
    }


def _plan(summary: Summary) -> dict[str, object]:
    """What was approved and who was to do it (基本情况)."""
    plan, version = summary.year.plan, summary.version
    approved = plan.step(PlanState.APPROVED)
    officers = our_officers(summary.year.tables.roster)
    teams = officers.groupby("team", sort=False)["officer_id"].nunique()
    whole = summary.by_tier.iloc[-1]
    return {
        "批准日期": date_text(plan.approval_day) if summary.year.version or approved else "",
        "文号": plan.approval_number,
        "批准家次": int(whole["approved_visits"]),
        "现行家次": int(whole["planned_visits"]),
        "调整次数": version.number - 1 if version else 0,
        "人数": int(officers["officer_id"].nunique()),
        "科队": "、".join(f"{team}{count}人" for team, count in teams.items()),
    }


def _carried_out(summary: Summary) -> dict[str, object]:
    """How far the plan was carried out, by tier and by line, and who was not visited (计划完成情况)."""
    tiers, missing = summary.by_tier, summary.not_covered
    whole = tiers.iloc[-1]
    parts = [
        f"{Tier(row.tier).label}完成{row.done_visits}家次，完成率{percent(row.completion)}"
        for row in tiers.iloc[:-1].itertuples()
    ]
    return {
        "扣除": int(whole["planned_visits"] - whole["denominator"]),
        "按批准": percent(whole["approved_completion"]),
        "分类": f"{'；'.join(parts)}。",
        "事项表": report_tables.lines_done(summary),
        "未到": len(missing),
        "未到单位": "、".join(missing["name"].head(MOST_NAMES)) + "等" * (len(missing) > MOST_NAMES),
        "区外": int((~summary.records["in_district"].astype(bool)).sum()),
        "其他工作": len(summary.other_work),
        "其他工作表": report_tables.table_as_is(summary.other_work),
        "处罚表": report_tables.table_as_is(summary.penalties),
    }


def _promises(summary: Summary) -> dict[str, object]:
    """How the promises of the plan stand (承诺兑现), by their states; 0 where the plan has no file of them."""
    table = summary.promises
    counts = table["promise_state"].value_counts()
    states = [f"{state.label}{counts[state.value]}项" for state in reversed(PromiseState) if state.value in counts]
    return {"承诺": len(table), "承诺状态": "、".join(states), "承诺表": report_tables.promise_table(table)}


def _variance(summary: Summary) -> dict[str, object]:
    """Why what was done is not what was approved (差异和原因)."""
    bridge, table = summary.bridge, summary.variance
    return {
        "相差": more_or_less(int(bridge["visits"].iloc[-1] - bridge["visits"].iloc[0])),
        "差异表": report_tables.bridge_table(bridge),
        "差异行": len(table),
        "差异明细": report_tables.variance_table(table),
        "未完成": int(table.loc[table["variance"] == Variance.UNDONE.value, "less_visits"].sum()),
    }


def more_or_less(visits: int) -> str:
    """Return a difference in words.

    >>> more_or_less(-7), more_or_less(3), more_or_less(0)
    ('少7家次', '多3家次', '家次相同')
    """
    return f"{'多' if visits > 0 else '少'}{abs(visits)}家次" if visits else "家次相同"


def _burden(summary: Summary) -> dict[str, object]:
    """How often firms were entered (减轻企业负担)."""
    here = summary.records[summary.records["in_district"].astype(bool)]
    entries, joint = entry_count(here), summary.joint.iloc[0]
    return {
        "区内": len(here),
        "入企": entries,
        "被查": int(here.loc[here["unit_id"] != "", "unit_id"].nunique()),
        "每次": f"{rounded(len(here) / entries, 2)}" if entries else "—",
        "联合": int(joint["numerator"]),
        "联合占比": percent(joint["rate"]),
    }


def _days_and_proposal(summary: Summary) -> dict[str, object]:
    """What it cost in officer-days, and what next year should assume (人日使用)."""
    used = summary.days_by_task
    measured = used[used["counted_records"] > 0]
    texts = [f"{row.task}{rounded(row.weighed_days_per_visit, 2)}人日" for row in measured.itertuples()]
    proposal = f"下一年每家次人日建议：{'、'.join(texts)}{'，其余按标准' * (len(texts) < len(used))}。"
    return {
        "计划人日": days_text(used["planned_days"].sum()),
        "已做人日": days_text(used["used_days"].sum() + used["assumed_days"].sum()),
        "写明人日": days_text(used["used_days"].sum()),
        "补足人日": days_text(used["assumed_days"].sum()),
        "其他人日": days_text(summary.other_work["used_days"].sum()),
        "人日表": report_tables.days_table(used),
        "人日打算": proposal if texts else "检查记录没有写明人日，下一年每家次人日仍按标准。",
    }


# --- a part of the year ---------------------------------------------------------------------------------------------


def bulletin_values(summary: Summary, quarter: int) -> dict[str, object]:
    """Return the values of the bulletin (季度通报) of a quarter (1 to 4) at whose end the summary stands."""
    part = actuals_of(summary, range(3 * quarter - 2, 3 * quarter + 1))
    rows, streets = rates_of(part, _RATES), indicators.streets(summary.actuals)
    return {
        "季度": QUARTERS[quarter - 1],
        "街镇": summary.year.plan.vocabulary.street,
        **_to_date(summary),
        **_counts(part),
        **_beside_last_year(summary, QUARTERS[quarter - 1]),
        "指标表": report_tables.rate_table(rows),
        "街镇行": len(streets),
        "街镇表": report_tables.street_table(streets),
    }


def month_values(summary: Summary) -> dict[str, object]:
    """Return the values of the report of a month (执法月报) at whose end the summary stands: one page."""
    month = int(summary.as_of[5:7])
    table = summary.findings[summary.findings["severity"] != Severity.NOTE.value].head(MOST_FINDINGS)
    texts = [f"{row.where}：{row.message}" for row in table.itertuples()]
    return {
        "月份": month,
        **_to_date(summary),
        **_counts(actuals_of(summary, [month])),
        "事项表": report_tables.to_date_table(summary),
        "问题": Rows(({"序": n, "说明": text} for n, text in enumerate(texts, 1)), ("序", "说明")),
    }


def actuals_of(summary: Summary, months: Collection[int]) -> Actuals:
    """Return what is known of some months alone: their visits and their decisions, each by its own date."""
    actuals = summary.actuals
    in_months = [f"{summary.year.plan.year}-{month:02}" for month in months]
    visits = actuals.records["date"].str[:7].isin(in_months)
    decisions = actuals.decisions
    if decisions is not None:
        decisions = decisions[decisions["decided_on"].str[:7].isin(in_months)].reset_index(drop=True)
    return replace(actuals, records=actuals.records[visits].reset_index(drop=True), decisions=decisions)


def _counts(part: Actuals) -> dict[str, object]:
    """What the visits and decisions of the year, or of a part of it, come to (检查、隐患、处罚)."""
    records, sources, hazards = part.records, indicators.sources(part), indicators.hazards(part)
    planned, unplanned = (sources.iloc[n] for n in (0, 1))
    fixed, major = (hazards.iloc[n] for n in (0, 1))
    causes = records.loc[records["task_id"] == "", "trigger"].value_counts()
    return {
        "家次": len(records),
        "计划内": int(planned["numerator"]),
        "计划内占比": percent(planned["rate"]),
        "非计划": int(unplanned["numerator"]),
        "非计划占比": percent(unplanned["rate"]),
        "起因": "、".join(f"{cause.label}{causes[cause]}家次" for cause in Trigger if causes.get(cause, 0)),
        "隐患": int(fixed["denominator"]),
        "整改": int(fixed["numerator"]),
        "整改率": percent(fixed["rate"]),
        "重大": int(major["numerator"]),
        "折算": f"每千家次检查查出隐患{per_thousand(fixed['denominator'], len(records))}项、重大隐患"
        f"{per_thousand(major['numerator'], len(records))}项",
        **_penalty_counts(penalties(records, part.decisions).set_index("penalty_basis")),
    }


def _beside_last_year(summary: Summary, period: str) -> dict[str, object]:
    """The figures of a period beside those of the same one last year (同比); no row where last year's are not known."""
    table = summary.growth[summary.growth["period"] == period].drop(columns="period")
    return {"同比行": len(table), "同比": growth_text(table), "同比表": report_tables.table_as_is(table, "—")}


def growth_text(table: pd.DataFrame) -> str:
    """Return in words how a period's figures stand beside last year's; shares of visits in percentage points.

    >>> rows = [("检查家次", 90, 120, -0.25), ("非计划检查家次", 9, 24, -0.625), ("重大隐患(项)", 2, 0, float("nan"))]
    >>> growth_text(pd.DataFrame(rows, columns=["indicator", "this_year", "last_year", "rate"]))
    '检查家次下降25.0%；非计划检查家次下降62.5%；重大隐患(项)上年同期为0，不作同比；非计划检查占比10.0%，下降10.0个百分点'
    """
    texts = []
    for row in table.itertuples():
        change = f"{_growth_word(row.rate)}{percent(abs(row.rate))}" if row.rate else "持平"
        texts.append(f"{row.indicator}{change if row.last_year else '上年同期为0，不作同比'}")
    known, names = table.set_index("indicator"), names_of("indicator")
    if {names["visits"], names["unplanned"]} <= {*known.index} and (known.loc[names["visits"], _YEARS] > 0).all():
        now, before = known.loc[names["unplanned"], _YEARS] / known.loc[names["visits"], _YEARS]
        points = (
            f"{_growth_word(now - before)}{rounded(abs(now - before) * 100, 1)}个百分点" if now != before else "持平"
        )
        texts.append(f"非计划检查占比{percent(now)}，{points}")
    return "；".join(texts)


def _growth_word(change: float) -> str:
    return "上升" if change > 0 else "下降"


def _penalty_counts(cases: pd.DataFrame) -> dict[str, object]:
    """Penalties after inspections and after accidents, in 起 and 万元: never one sum of both."""
    return {
        f"{word}{what}": text
        for basis, word in ((Basis.INSPECTION, "检查"), (Basis.ACCIDENT, "事故"))
        for what, text in (
            ("处罚", int(cases.loc[basis.value, "cases"])),
            ("罚款", f"{days_text(cases.loc[basis.value, 'fine_wan_yuan'])}万元"),
        )
    }


def per_thousand(count: float, visits: int) -> str:
    """Return how many of something a thousand visits bring, to one decimal; — where there is no visit.

    >>> per_thousand(86, 1732), per_thousand(1, 0)
    ('49.7', '—')
    """
    return f"{rounded(THOUSAND * int(count) / visits, 1)}" if visits else "—"


def _to_date(summary: Summary) -> dict[str, object]:
    """How the year stands at the end of the day: of the plan, and of the key list."""
    whole, units = summary.by_tier.iloc[-1], summary.coverage.iloc[0]
    return {
        "完成": int(whole["done_visits"]),
        "应完成": int(whole["expected_visits"]),
        "分母": int(whole["denominator"]),
        "完成率": percent(whole["completion"]),
        "名单家数": int(units["denominator"]),
        "到过": int(units["numerator"]),
        "覆盖率": percent(units["rate"]),
    }


# --- the statistics -------------------------------------------------------------------------------------------------


def statistics_values(summary: Summary) -> dict[str, object]:
    """Return the values of the yearly statistics (行政执法统计年报)."""
    decisions = summary.decisions
    return {
        "截至": "" if summary.over else date_text(summary.as_of),
        "检查表": report_tables.table_as_is(summary.counts),
        "频次表": report_tables.table_as_is(entry_numbers(summary.records)),
        "有决定": decisions is not None,
        "处罚表": report_tables.table_as_is(sanctions(decisions)) if decisions is not None else "",
        "来源表": report_tables.table_as_is(summary.penalties),
        "许可表": report_tables.licensing(summary.year.plan.licensing),
    }
