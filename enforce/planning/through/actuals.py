"""The actuals (年内实绩): what is known of a plan's year by the end of a day; every count of the year is of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from enforce.planning.through import focus, progress, same_period
from enforce.planning.through.other_work import work_by_kind
from enforce.planning.through.used_days import used_days

FIGURES = ["indicator", "period", "figure"]
#: What is empty of a line that has left the tables since it was approved.
_GONE = {
    **dict.fromkeys(["kind", "selection", "order_document"], ""),
    **dict.fromkeys(["planned_units", "counted_items", "out_of_district_visits"], 0),
    **dict.fromkeys(["themes", "partners", "periods"], ()),
}


@dataclass(frozen=True, eq=False)
class Actuals:
    """A plan's year by the end of a day (`as_of`).

    `tasks` are the lines with the visits of the plan in force, `records` the visits up to the day, one row each.
    `approved`, `in_force` and `expected` have one row per task and month (visits, 家次): the plan as approved, as in
    force on the day, and what of the approved one was due by then. `removed` has one row per visit of a drawn unit that
    is not made, `closed` one per task that lost visits with closed units (lost_visits), `key_periods` one per period
    (name, from_date, to_date), `other_work` one per act, `decisions` one per penalty, None where there is no table.
    `approved_lines` has the facts of each line as approved (planned_visits, task, tier, group). `key_list` is the
    frozen one (code -> covering line), None where none is frozen. `over`: no workday is left, `closed_month` the last
    month that is over. `last_year` has figures of the year before (indicator, period, figure), or `last_records` and
    `last_decisions` its records and decisions; None for what is not given.
    """

    as_of: str
    tasks: pd.DataFrame
    units: pd.DataFrame
    records: pd.DataFrame
    approved: pd.DataFrame
    in_force: pd.DataFrame
    expected: pd.DataFrame
    removed: pd.DataFrame
    closed: pd.DataFrame
    approved_lines: Mapping[str, Mapping]
    key_periods: pd.DataFrame
    other_work: pd.DataFrame
    decisions: pd.DataFrame | None = None
    key_list: Mapping[str, str] | None = None
    key_units: str = "重点单位"
    statistics: progress.Statistics = field(default_factory=progress.Statistics)
    over: bool = False
    last_year: pd.DataFrame | None = None
    last_records: pd.DataFrame | None = None
    last_decisions: pd.DataFrame | None = None
    closed_month: int = 12

    def of(self, lines: Collection[str]) -> Actuals:
        """The same of some lines alone, and of the units that they cover; of all where none is named."""
        if not lines:
            return self
        codes = set(lines)
        tables = ("tasks", "records", "approved", "in_force", "expected", "removed", "closed")
        parts = {name: getattr(self, name)[getattr(self, name)["task_id"].isin(codes)] for name in tables}
        covered = {code: line for code, line in (self.key_list or {}).items() if line in codes}
        units = self.units.assign(is_key=self.units["is_key"] & self.units["covered_by"].isin(codes))
        facts = {code: fact for code, fact in self.approved_lines.items() if code in codes}
        listed = None if self.key_list is None else covered
        return replace(self, **parts, units=units, key_list=listed, approved_lines=facts)

    @cached_property
    def planned(self) -> pd.DataFrame:
        """The visits done for lines of the plan (计划内), with their codes: one row per record."""
        return self.records.loc[self.records["task_id"] != "", ["task_id", "inspection_code"]]

    @cached_property
    def by_task(self) -> pd.DataFrame:
        """Completion by line against the plan in force and the approved one: one row per task."""
        by_task = progress.completion_by_task(self.tasks, self.records, self.removed, self.closed)
        by_task = progress.against_approved(by_task, self.approved_lines)
        return progress.against_expected(by_task, self.expected, self.over)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The lines by task id, with those that have left the plan since it was approved: columns of tasks and of
        `by_task`; of a line that has left, what is not on record is empty.
        """
        counts = self.by_task.set_index("task_id")
        gone = [code for code in counts.index if code not in set(self.tasks["task_id"])]
        lines = self.tasks.set_index("task_id", drop=False)
        lines = pd.concat([lines, pd.DataFrame([_GONE] * len(gone), gone)]) if gone else lines
        columns = ["tier", "planned_visits", "approved_visits", "expected_visits"]
        return lines.assign(name=counts["task"], **counts[columns])

    @cached_property
    def themes(self) -> pd.DataFrame:
        """How often each theme was looked at: one row per line and theme."""
        return focus.theme_counts(self.tasks, self.records)

    @cached_property
    def days(self) -> pd.DataFrame:
        """Officer-days planned against used: one row per line."""
        return used_days(self.tasks, self.records)

    @cached_property
    def work(self) -> pd.DataFrame:
        """Other work to the day: one row per kind."""
        return work_by_kind(self.other_work, self.as_of)

    @cached_property
    def growth(self) -> pd.DataFrame:
        """This year beside last year (同比): one row per indicator and period; none where nothing of it is given.

        Last year's records are compared to the same day and by the periods that are over; figures by their own periods.
        Decisions of penalty are counted where both years have a table of them, else what the records say of penalties.
        """
        now = (self.records, self.decisions if self.last_records is None or self.last_decisions is not None else None)
        if self.last_records is None:
            figures = self.last_year if self.last_year is not None else pd.DataFrame(columns=FIGURES)
            ended = same_period.ended_periods(figures["period"], self.closed_month)
            return same_period.year_on_year(same_period.figures_by_period(*now, ended, self.as_of), figures)
        periods = [same_period.TO_DATE, *same_period.ended_periods(same_period.OF_RECORDS, self.closed_month)]
        same_day = f"{int(self.as_of[:4]) - 1}{self.as_of[4:]}"
        before = (self.last_records, None if self.decisions is None else self.last_decisions)
        return same_period.year_on_year(
            same_period.figures_by_period(*now, periods, self.as_of),
            same_period.figures_by_period(*before, periods, same_day),
        )
