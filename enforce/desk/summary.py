"""The summary (年终总结): the year as it stood at the end of a day, against its plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import pandas as pd

from enforce.desk import street_tables
from enforce.desk.evidence import facts_of
from enforce.desk.moment import Moment
from enforce.desk.visit_deviations import deviations
from enforce.desk.year import Year
from enforce.inputs.draws import units_to_visit
from enforce.inputs.versions import Version
from enforce.planning import checks
from enforce.planning.changes.causes import task_facts
from enforce.planning.through import indicators, progress, promise_ledger, street_progress
from enforce.planning.through.actuals import Actuals
from enforce.planning.through.hazards import hazard_counts
from enforce.planning.through.hit_rates import hit_rates
from enforce.planning.through.indicators import rates_of
from enforce.planning.through.other_work import days_against_account
from enforce.planning.through.progress import Statistics
from enforce.planning.through.promise_measures import Facts
from enforce.planning.through.removals import removed_visits
from enforce.planning.through.staffing import short_staffed
from enforce.planning.through.used_days import days_by_team, hours_on_site
from enforce.planning.through.variance import Reasons, bridge, replan_reasons, variances
from enforce.words.months import QUARTERS
from enforce.words.problems import InputError, NoRecords, Place, Problem
from enforce.words.terms import OtherKind, Selection
from enforce.words.texts import real_date

THOUSAND = 1000  # visits that a frequency is told of


def summary(year: Year, as_of: str = "") -> Summary:
    """Return the year as it stood at the end of a day; without a day, at the year's end (年终).

    InputError when it is no date: "2024-6-30" would count what was done after it. NoRecords, in one line, for a year
    nothing is recorded of: a plan of which no visit is known has no summary.

    >>> from enforce.desk.year import open_year
    >>> half = summary(open_year("params/putuo-2024.yaml"), "2024-06-30")
    >>> half.by_task.set_index("task_id").loc["P05", ["expected_visits", "done_visits", "pace"]].astype(str).tolist()
    ['20', '20', 'on_track']
    """
    try:
        day = real_date(as_of or f"{year.plan.year}-12-31")
    except ValueError as error:
        raise InputError([Problem("笔记本参数", Place("as_of"), as_of, str(error))]) from None
    if year.tables.records.empty:
        raise NoRecords(f"{year.plan.name}：{NoRecords.WHY}")
    return Summary(year, day)


@dataclass(frozen=True)
class Summary:
    """The year against its plan, up to a day."""

    year: Year
    as_of: str

    @property
    def title(self) -> str:
        """What its book is called."""
        return f"{self.year.plan.year}年度计划执行对比（截至{self.as_of}）"

    @property
    def state_mark(self) -> str:
        """The state of the plan until it is approved; '' from then on."""
        return self.year.state_mark

    @property
    def span(self) -> str:
        """What every rate of the summary counts (累计), but the one that says it is the month's."""
        return f"累计：{self.year.plan.year}-01-01 至 {self.as_of}"

    @cached_property
    def records(self) -> pd.DataFrame:
        """The records up to the day."""
        return progress.until(self.year.tables.records, self.as_of)

    @cached_property
    def deviations(self) -> pd.DataFrame:
        """The visits given out that were late, moved, not made or made by others, and why: one row per visit."""
        return deviations(self.year, self.records, self.as_of)

    @cached_property
    def decisions(self) -> pd.DataFrame | None:
        """The decisions of penalty up to the day; None where there is no table of them."""
        decisions = self.year.tables.decisions
        return None if decisions is None else progress.until(decisions, self.as_of, "decided_on")

    @cached_property
    def expected(self) -> pd.DataFrame:
        """What was expected to the day (应完成): one row per task and month."""
        return progress.expected_by_month(self.year.approved, self.year.calendar.days, self.as_of)

    @property
    def version(self) -> Version | None:
        """The version in force on the day; None where none is approved by then, and under a scenario."""
        approved = [] if self.year.scenario else [one for one in self.year.versions if one.as_of <= self.as_of]
        return approved[-1] if approved else None

    @cached_property
    def in_force(self) -> pd.DataFrame:
        """The plan in force on the day (现行计划) by month: one row per task and month."""
        return self.version.visits if self.version else self.year.approved

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """The lines with the visits of the plan in force on the day: one row per task."""
        tasks, facts = self.year.tasks, self.version.tasks if self.version else {}
        planned = {code: int(fact["planned_visits"]) for code, fact in facts.items()}
        visits = tasks["task_id"].map(planned).fillna(0 if planned else tasks["planned_visits"])
        return tasks.assign(planned_visits=visits.astype("int64"))

    @cached_property
    def _approved_lines(self) -> dict[str, dict]:
        """The facts of each line as it was approved, of today's tables where none is frozen."""
        first = self.year.versions[0] if self.year.versions else None
        facts = first.tasks if first and first.tasks else task_facts(self.year.tasks)
        names = {**self.year.names, **(first.names if first else {})}
        return {code: {**fact, "task": names.get(code, code)} for code, fact in facts.items()}

    @property
    def _closed(self) -> pd.DataFrame:
        """What closed units take from the plan in force, without what its re-plan has taken off already."""
        lost = self.year.lost(self.records)
        left = (lost["lost_visits"] - lost["task_id"].map(self._taken_off).fillna(0).astype("int64")).clip(lower=0)
        return lost.assign(lost_visits=left)[left > 0]

    @property
    def _taken_off(self) -> dict[str, int]:
        """What the plan in force is without because units had closed, by task; the plan approved first is whole.

        Of a re-plan whose file does not say so, as much as its lines are shorter than those of the tables.
        """
        replanned = self.version.tasks if self.version and self.version.number > 1 else {}
        tables = dict(zip(self.year.tasks["task_id"], self.year.tasks["planned_visits"], strict=True))
        shorter = {code: max(tables.get(code, 0) - int(fact["planned_visits"]), 0) for code, fact in replanned.items()}
        return {code: fact.get("lost_visits", shorter[code]) for code, fact in replanned.items()}

    @cached_property
    def actuals(self) -> Actuals:
        """What every count through the year is of: plan, records and events by the end of the day."""
        case, year = self._case, self.year
        short = frozenset(short_staffed(case.records, case.roster, case.rule_on)["record_id"])
        rules = (case.rules["statistics_needs_full_record"], case.rules["statistics_excludes_penalised"])
        return Actuals(
            self.as_of,
            self.tasks,
            case.units,
            self.records,
            year.approved,
            self.in_force,
            self.expected,
            self.removed,
            self._closed,
            self._approved_lines,
            year.key_periods,
            year.tables.other_work,
            self.decisions,
            year.key_list,
            year.plan.vocabulary.key_units,
            Statistics(*rules, short),
            self.over,
            year.last_year,
            year.tables.before.get("records"),
            year.tables.before.get("penalties"),
            Moment(year.calendar, self.as_of).closed,
        )

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Every rate of the year to the day (指标): one row per measure and scope, with unit and definition."""
        return rates_of(self.actuals)

    @property
    def by_task(self) -> pd.DataFrame:
        """Completion by line against the plan in force and the approved one, judged by what was expected to the day."""
        return self.actuals.by_task

    @property
    def _month(self) -> int:
        """The last month begun by the day; 0 before the year."""
        return Moment(self.year.calendar, self.as_of).day_month

    @property
    def over(self) -> bool:
        """Whether no workday of the year comes after the day."""
        days = self.year.calendar.days
        return not (days["workday"] & (days["date"] > self.as_of)).any()

    @cached_property
    def by_tier(self) -> pd.DataFrame:
        """Completion by tier, and 合计."""
        return progress.completion_by(self.by_task, "tier")

    @cached_property
    def by_group(self) -> pd.DataFrame:
        """Completion by group (按类别), and 合计."""
        return progress.completion_by(self.by_task, "group")

    @cached_property
    def by_team(self) -> pd.DataFrame:
        """Completion by the team that leads the line (按科队), and 合计."""
        return progress.completion_by(self.by_task, "team")

    @cached_property
    def denominators(self) -> pd.DataFrame:
        """How the denominator of each line comes about (分母的由来): one row per line."""
        return progress.denominators(self.by_task, self.removed)

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """Plan against actual through the year: one row per month; no rate after the day's month."""
        plans = (self.in_force, self.records, self.expected)
        return progress.completion_by_month(*plans, self._month, self.year.approved)

    @cached_property
    def by_quarter(self) -> pd.DataFrame:
        """Plan against actual by quarter (按季度): one row per quarter, and 合计."""
        quarters = [QUARTERS[(month - 1) // 3] for month in self.by_month["month"]]
        return progress.completion_by(self.by_month.assign(quarter=quarters), "quarter")

    @cached_property
    def by_street(self) -> pd.DataFrame:
        """Visits by street (各街镇进度): one row per street, those without one, and 合计; planned by name."""
        return progress.completion_by_street(self.year.named.visits, self.expected, self.records, self.year.units)

    @cached_property
    def shares_by_month(self) -> pd.DataFrame:
        """Planned, unplanned and triggered by month and to date, beside last year and the published share."""
        reference = self._case.rules["unplanned_share_reference"]
        return progress.shares_by_month(self.records, self._month, self.actuals.last_records, reference)

    @cached_property
    def growth(self) -> pd.DataFrame:
        """This year beside last year (同比): one row per indicator and period that both have."""
        return self.actuals.growth

    @cached_property
    def themes(self) -> pd.DataFrame:
        """How often each theme was looked at (专题): one row per line and theme."""
        return self.actuals.themes

    @cached_property
    def statistics_bridge(self) -> pd.DataFrame:
        """How 家次 becomes the statistics' own count: one row per step; empty where no rule says what they count."""
        rule = self.actuals.statistics
        table = progress.statistics_bridge(self.records, rule, self.decisions)
        return table.iloc[:0] if rule.silent else table

    @cached_property
    def hazard_counts(self) -> pd.DataFrame:
        """Hazards found, major, rectified, overdue: one row per count."""
        return hazard_counts(self.records, self.as_of)

    @cached_property
    def frequencies(self) -> pd.DataFrame:
        """Hazards by a thousand visits (每千家次): one row per measure."""
        table = indicators.frequencies(self.actuals)
        return table.assign(per_thousand=table["rate"] * THOUSAND).drop(columns="rate")

    @cached_property
    def penalty_parts(self) -> pd.DataFrame:
        """Penalties by source, party and procedure: one row each; none without a table of decisions."""
        return progress.penalty_parts(self.year.tables.penalties.iloc[:0] if self.decisions is None else self.decisions)

    @cached_property
    def without_code(self) -> pd.DataFrame:
        """The visits without an inspection code (没有检查码): one row per record."""
        return progress.without_code(self.records)

    @cached_property
    def days_by_task(self) -> pd.DataFrame:
        """Officer-days planned against used, and measured days of a visit: one row per line."""
        return self.actuals.days

    @cached_property
    def days_by_team(self) -> pd.DataFrame:
        """Officer-days planned against used: one row per team, and 合计."""
        return days_by_team(self.tasks, self.days_by_task)

    @cached_property
    def hours_by_task(self) -> pd.DataFrame:
        """How long visits took, by begin and end: one row per line with a record of both."""
        return hours_on_site(self.tasks, self.records)

    @property
    def begun(self) -> pd.DataFrame:
        """The months begun by the day, which a line of what was done is drawn through: rows of `by_month`."""
        return self.by_month[self.by_month["month"] <= self._month]

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Planned and unplanned shares, and the triggers of the unplanned."""
        return indicators.sources(self.actuals)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Coverage of the frozen key list, and beside it of today's."""
        return indicators.coverage(self.actuals)

    @cached_property
    def not_covered(self) -> pd.DataFrame:
        """Key units of the frozen list nobody visited: one row per unit."""
        return progress.units_not_covered(self.actuals.units, self.records, self.year.key_list)

    @cached_property
    def joint(self) -> pd.DataFrame:
        """The joint share of what was done, by each denominator."""
        return indicators.joint(self.actuals)

    @cached_property
    def counts(self) -> pd.DataFrame:
        """The same work by each way of counting: one row per count."""
        return progress.ways_of_counting(self.records, self.actuals.statistics, self.decisions)

    @cached_property
    def hazards(self) -> pd.DataFrame:
        """Rectification rates, and what is overdue."""
        return indicators.hazards(self.actuals)

    @cached_property
    def penalties(self) -> pd.DataFrame:
        """Penalties after inspections and after accidents, apart."""
        return progress.penalties(self.records, self.decisions)

    @cached_property
    def penalties_by_month(self) -> pd.DataFrame:
        """The same by the month of the decision: one row per month and what it follows."""
        return progress.penalties_by_month(self.records, self.decisions)

    @cached_property
    def removed(self) -> pd.DataFrame:
        """Visits of drawn units removed to the day (不再检查的家次): one row per visit, with its substitute."""
        return removed_visits(self.year.draws, self.as_of)

    @cached_property
    def task_months(self) -> pd.DataFrame:
        """The plans and the work by line and month (各事项各月), 家次: one row per task and month that has any.

        approved_visits; of the plan in force visits and, to the day, expected_visits; done_visits.
        """
        due = progress.expected_by_month(self.in_force, self.year.calendar.days, self.as_of)
        tables = {"approved_visits": self.year.approved, "visits": self.in_force, "expected_visits": due}
        tables["done_visits"] = progress.done_by_month(self.records)
        columns = [table.set_index(["task_id", "month"])["visits"].rename(name) for name, table in tables.items()]
        return (
            pd.concat(columns, axis=1)
            .rename_axis(["task_id", "month"])
            .fillna(0)
            .astype(int)
            .sort_index()
            .reset_index()
        )

    @cached_property
    def variance(self) -> pd.DataFrame:
        """Why what was done is not what was approved (差异): one row per line, kind and reason, in 家次."""
        sums = self.task_months.groupby("task_id")[["visits", "expected_visits"]].sum()
        later = (sums["visits"] - sums["expected_visits"]) * (not self.over)
        ahead = self.by_task["task_id"].map(later).fillna(0).astype(int)
        lines = self.by_task.assign(closed_visits=self.by_task.get("closed_visits", 0), later_visits=ahead)
        return variances(lines, self.task_months, self.removed, self._replan_reasons)

    @property
    def _replan_reasons(self) -> Reasons:
        """Why re-plans up to the day moved visits, by task and month; a later one goes before an older one."""
        versions = [one for one in self.year.versions if one.as_of <= self.as_of] if self.version else []
        pairs = ((*pair, Moment(self.year.calendar, pair[1].as_of).closed) for pair in pairwise(versions))
        steps = [replan_reasons(before, after, self.year.tasks, closed) for before, after, closed in pairs]
        return {cell: reason for step in steps for cell, reason in step.items()}

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """The way from the approved plan to the work done (从计划到完成): one row per kind of difference."""
        return bridge(self.variance, int(self.by_task["approved_visits"].sum()))

    @cached_property
    def street_coverage(self) -> pd.DataFrame:
        """How far the key list is covered in each street (街镇覆盖), 家: one row per street, without sum and mean."""
        return indicators.streets(self.actuals).iloc[:-2]

    @property
    def replans(self) -> dict[str, float]:
        """The versions after the first (调整), each with its place among the months: 6.5 is mid-July."""
        later = self.year.versions[1:] if self.version else ()
        days = self.year.calendar.days.groupby("month")["date"].size()
        places = [(int(one.as_of[5:7]), int(one.as_of[8:])) for one in later]
        return {
            f"第 {one.number} 版": month - 1 + day / int(days[month])
            for one, (month, day) in zip(later, places, strict=True)
            if one.as_of <= self.as_of
        }

    @cached_property
    def other_work(self) -> pd.DataFrame:
        """Other work to the day (其他监管执法工作): one row per kind, 件 and 人日; work off the spot among it."""
        return self.actuals.work

    @cached_property
    def work_days(self) -> pd.DataFrame:
        """The days of other work beside those of the account (人日与核算): one row per item that has any work."""
        return days_against_account(self.other_work, self.year.account)

    @property
    def _work(self) -> pd.DataFrame | None:
        """Other work up to the day; None where there is no table of it."""
        tables = self.year.tables
        return progress.until(tables.other_work, self.as_of) if "other_work" in tables.files else None

    @cached_property
    def closures(self) -> pd.DataFrame:
        """How much of the other work due was closed in time."""
        return indicators.closures(self.actuals)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """How every measure of what the plan promises stands on the day (各量的兑现): one row per measure and part."""
        return promise_ledger.measure_rows(self._facts, self._promises)

    @cached_property
    def promises(self) -> pd.DataFrame:
        """The ledger of promises (承诺—兑现): one row per promise, none where the plan has no file of them."""
        return promise_ledger.promise_rows(self._facts, self._promises, self.measures)

    @cached_property
    def _facts(self) -> Facts:
        return facts_of(self.year, self.actuals)

    @property
    def _promises(self) -> list[dict]:
        return [promise.model_dump() for promise in self.year.promises]

    @cached_property
    def streets(self) -> pd.DataFrame:
        """What the streets planned and have done by the day (各街镇进展): one row per street, those missing too."""
        return street_tables.progress_of(self.year, self.as_of)

    @property
    def street_rates(self) -> pd.DataFrame:
        """The streets' rates, pooled and as a mean of theirs: two rows per rate."""
        return street_progress.rates_of_streets(self.streets)

    @cached_property
    def street_overlaps(self) -> pd.DataFrame:
        """The units that a street and the bureau visit within less than the least gap: one row per pair of visits."""
        return street_tables.overlaps_of(self.year, self.records, self.year.plan.min_gap_days)

    @cached_property
    def hits(self) -> pd.DataFrame:
        """Hit rates of ranked lines against their hold-outs, with intervals: two rows per line that drew one."""
        ranked = set(self.year.tasks.loc[self.year.tasks["selection"] == Selection.RANKED, "task_id"])
        hold_outs: dict[str, set[str]] = {}
        for draw in self.year.draws:
            if draw.task_id in ranked and draw.result:
                hold_outs.setdefault(draw.task_id, set()).update(units_to_visit(draw))
        return hit_rates(self.records, hold_outs)

    @cached_property
    def _case(self) -> checks.Case:
        """The records to the day as the checks see them."""
        return self.year.case(self.records, self.year.allocation, as_of=self.as_of)

    @cached_property
    def case(self) -> checks.Case:
        """What the checks look at: the records to the day, what was expected by then, and every rate."""
        expected = dict(zip(self.by_task["task_id"], self.by_task["expected_visits"], strict=True))
        acts = dict(zip(self.other_work["work_kind"], self.other_work["acts"], strict=True))
        off_site = acts.get(OtherKind.OFF_SITE.value, 0)
        counts, months = ("numerator", "denominator"), self.begun.assign(month=[f"{n}月" for n in self.begun["month"]])
        completions = {
            "按类别": (self.by_group, "group", *counts),
            "按科队": (self.by_team, "team", *counts),
            "按季度": (self.by_quarter, "quarter", *counts),
            "按月": (months, "month", "done_visits", "expected_visits"),
            "按月累计": (months, "month", "done_to_date", "expected_to_date"),
        }
        strangers = tuple(promise_ledger.unknown_names(self._facts, self._promises)) if self.year.promises else ()
        known = {"expected": expected, "off_site": off_site, "completions": completions}
        known |= {"unknown_names": strangers, "work": self._work}
        return replace(self._case, actuals=self.actuals, **known)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the checks doubt in the year: one row per finding."""
        return checks.findings(self.case, checks.YEAR_CHECKS)
