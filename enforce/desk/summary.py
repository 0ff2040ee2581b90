"""The summary (年终总结): the year as it stood at the end of a day, against its plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from enforce.desk import street_tables
from enforce.desk.evidence import facts_of
from enforce.desk.moment import Moment
from enforce.desk.year import Year
from enforce.inputs.draws import units_to_visit
from enforce.planning import checks
from enforce.planning.through import progress, promise_ledger, street_progress
from enforce.planning.through.hit_rates import hit_rates
from enforce.planning.through.other_work import closure_rates, days_against_account, work_by_kind
from enforce.planning.through.promise_measures import Facts
from enforce.planning.through.removals import removed_visits
from enforce.planning.through.staffing import short_staffed
from enforce.words.problems import InputError, NoRecords, Place, Problem
from enforce.words.terms import OtherKind, Selection
from enforce.words.texts import real_date


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
    def decisions(self) -> pd.DataFrame | None:
        """The decisions of penalty up to the day; None where there is no table of them."""
        decisions = self.year.tables.decisions
        return None if decisions is None else progress.until(decisions, self.as_of, "decided_on")

    @cached_property
    def expected(self) -> pd.DataFrame:
        """What was expected to the day (应完成): one row per task and month."""
        return progress.expected_by_month(self.year.approved, self.year.calendar.days, self.as_of)

    @cached_property
    def by_task(self) -> pd.DataFrame:
        """Completion by line, judged by what was expected to the day: one row per task."""
        by_task = progress.completion_by_task(self.year.tasks, self.records, self.removed)
        return progress.against_expected(by_task, self.expected, self._over)

    @property
    def _month(self) -> int:
        """The last month begun by the day; 0 before the year."""
        return Moment(self.year.calendar, self.as_of).day_month

    @property
    def _over(self) -> bool:
        """Whether no workday of the year comes after the day."""
        days = self.year.calendar.days
        return not (days["workday"] & (days["date"] > self.as_of)).any()

    @cached_property
    def by_tier(self) -> pd.DataFrame:
        """Completion by tier, and 合计."""
        return progress.completion_by(self.by_task, "tier")

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """Plan against actual through the year: one row per month; no rate after the day's month."""
        return progress.completion_by_month(self.year.approved, self.records, self.expected, self._month)

    @property
    def begun(self) -> pd.DataFrame:
        """The months begun by the day, which a line of what was done is drawn through: rows of `by_month`."""
        return self.by_month[self.by_month["month"] <= self._month]

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Planned and unplanned shares, and the triggers of the unplanned."""
        return progress.sources_of_visits(self.records)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Coverage of the frozen key list, and beside it of today's."""
        units, words = self.year.counted(self.records), self.year.plan.vocabulary
        return progress.key_unit_coverage(units, self.records, words.key_units, self.year.key_list)

    @cached_property
    def not_covered(self) -> pd.DataFrame:
        """Key units of the frozen list nobody visited: one row per unit."""
        return progress.units_not_covered(self.year.units, self.records, self.year.key_list)

    @cached_property
    def joint(self) -> pd.DataFrame:
        """The joint share of what was done, by each denominator."""
        return progress.joint_done(self.year.tasks, self.records)

    @cached_property
    def counts(self) -> pd.DataFrame:
        """The same work by each way of counting: one row per count."""
        case = self.case
        full_record, penalised = case.rules["statistics_needs_full_record"], case.rules["statistics_excludes_penalised"]
        short = set(short_staffed(case.records, case.roster, case.rule_on)["record_id"])
        return progress.ways_of_counting(self.records, full_record, penalised, self.decisions, short)

    @cached_property
    def hazards(self) -> pd.DataFrame:
        """Rectification rates."""
        return progress.hazards_fixed(self.records)

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
    def other_work(self) -> pd.DataFrame:
        """Other work to the day (其他监管执法工作): one row per kind, 件 and 人日; work off the spot among it."""
        return work_by_kind(self.year.tables.other_work, self.as_of)

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
        return closure_rates(self.other_work)

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
        return facts_of(self.year, self.records, self.expected, self.as_of)

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
        return street_progress.street_rates(self.streets)

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
    def case(self) -> checks.Case:
        """What the checks look at: the records to the day, and what was expected by then."""
        expected = dict(zip(self.by_task["task_id"], self.by_task["expected_visits"], strict=True))
        case = self.year.case(self.records, self.year.allocation, as_of=self.as_of, expected=expected)
        acts = dict(zip(self.other_work["work_kind"], self.other_work["acts"], strict=True))
        strangers = tuple(promise_ledger.unknown_names(self._facts, self._promises)) if self.year.promises else ()
        return replace(case, off_site=acts.get(OtherKind.OFF_SITE.value, 0), unknown_names=strangers, work=self._work)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the checks doubt in the year: one row per finding."""
        return checks.findings(self.case, checks.YEAR_CHECKS)
