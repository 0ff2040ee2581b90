"""The summary (年终总结): the year as it stood at the end of a day, against its plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from enforce.desk.year import Year
from enforce.planning import checks
from enforce.planning.through import progress
from enforce.words.problems import InputError, Place, Problem
from enforce.words.texts import real_date


def summary(year: Year, as_of: str = "") -> Summary:
    """Return the year as it stood at the end of a day; without a day, at the year's end (年终).

    InputError when it is no date: "2024-6-30" would count what was done after it.
    """
    try:
        return Summary(year, real_date(as_of or f"{year.plan.year}-12-31"))
    except ValueError as error:
        raise InputError([Problem("笔记本参数", Place("as_of"), as_of, str(error))]) from None


@dataclass(frozen=True)
class Summary:
    """The year against its plan, up to a day."""

    year: Year
    as_of: str

    @cached_property
    def records(self) -> pd.DataFrame:
        """The records up to the day."""
        return progress.until(self.year.tables.records, self.as_of)

    @cached_property
    def by_task(self) -> pd.DataFrame:
        """Completion by line: one row per task."""
        return progress.completion_by_task(self.year.tasks, self.records)

    @cached_property
    def by_tier(self) -> pd.DataFrame:
        """Completion by tier, and 合计."""
        return progress.completion_by(self.by_task, "tier")

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """Plan against actual through the year: one row per month."""
        return progress.completion_by_month(self.year.approved, self.records)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Planned and unplanned shares, and the triggers of the unplanned."""
        return progress.sources_of_visits(self.records)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Coverage of the frozen key list, and beside it of today's."""
        year = self.year
        return progress.key_unit_coverage(
            year.counted(self.records), self.records, year.plan.vocabulary.key_units, year.key_list
        )

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
        on = self.year.ruled_on
        return progress.ways_of_counting(
            self.records,
            self.year.rules.value("statistics_needs_full_record", on),
            self.year.rules.value("statistics_excludes_penalised", on),
        )

    @cached_property
    def hazards(self) -> pd.DataFrame:
        """Rectification rates."""
        return progress.hazards_fixed(self.records)

    @cached_property
    def penalties(self) -> pd.DataFrame:
        """Penalties after inspections and after accidents, apart."""
        return progress.penalties(self.records)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the checks doubt in the year: one row per finding."""
        return checks.findings(self.year.case(self.records, self.year.allocation), checks.YEAR_CHECKS)
