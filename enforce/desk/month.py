"""The month (月度): the year as it stands on the first day of a month, and the rest of it planned anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from enforce.desk.limits import within
from enforce.planning import checks, visits
from enforce.planning.months.allocate import Allocation
from enforce.planning.months.position import Position
from enforce.planning.through import progress

if TYPE_CHECKING:
    from enforce.desk.year import Year


@dataclass(frozen=True)
class Month:
    """The year before one month: what is done, what is left, and the months still open planned anew."""

    year: Year
    month: int

    @cached_property
    def records(self) -> pd.DataFrame:
        """Records of the months that are over."""
        return progress.until(self.year.tables.records, f"{self.year.plan.year}-{self.month:02}-00")

    @cached_property
    def position(self) -> pd.DataFrame:
        """Where each line stands: one row per task."""
        return progress.completion_by_task(self.year.tasks, self.records)

    @cached_property
    def allocation(self) -> Allocation:
        """The plan with what was done left where it is, and as few visits moved as can be."""
        return within(
            visits.without_lost(self.year.tasks, self.year.lost(self.records)),
            self.year.capacity,
            Position(
                done=progress.done_by_month(self.records),
                closed=self.month - 1,
                limits=self.year.tables.limits,
                published=self.year.published,
            ),
            self.year.limits_file,
        )

    @cached_property
    def lines(self) -> pd.DataFrame:
        """This month by line: planned for the month in the approved plan, and now; one row per task with any."""
        approved = self._of_month(self.year.published)
        now = self._of_month(self.allocation.visits)
        table = self.year.tasks[["task_id", "group", "name", "tier", "team"]].rename(columns={"name": "task"})
        table["approved_visits"] = table["task_id"].map(approved["visits"])
        table["visits"] = table["task_id"].map(now["visits"])
        table["changed_visits"] = table["visits"] - table["approved_visits"]
        table["days_needed"] = table["task_id"].map(now["days_needed"])
        return table[(table["approved_visits"] > 0) | (table["visits"] > 0)].reset_index(drop=True)

    def _of_month(self, plan: pd.DataFrame) -> pd.DataFrame:
        return plan[plan["month"] == self.month].set_index("task_id")

    @cached_property
    def loads(self) -> pd.DataFrame:
        """This month by team: one row per team."""
        rows = self.allocation.loads
        return rows[rows["month"] == self.month].drop(columns="month").reset_index(drop=True)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """Visits moved against the approved plan from this month on: one row per task and month that differs."""
        before = self.year.published[["task_id", "month", "visits"]]
        after = self.allocation.visits[["task_id", "month", "visits"]]
        both = before.merge(after, on=["task_id", "month"], suffixes=("_before", "_after"), validate="1:1")
        both = both[(both["month"] >= self.month) & (both["visits_before"] != both["visits_after"])]
        table = both.assign(task=both["task_id"].map(self.year.names)).rename(
            columns={"visits_before": "approved_visits", "visits_after": "visits"}
        )
        table["changed_visits"] = table["visits"] - table["approved_visits"]
        return table[["task_id", "task", "month", "approved_visits", "visits", "changed_visits"]].reset_index(drop=True)

    @cached_property
    def notice(self) -> pd.DataFrame:
        """The month's public notice (月公示): targets and items only, no unit and nothing unannounced."""
        lines = self.lines[self.lines["visits"] > 0]
        labels = self.year.tasks.set_index("task_id")
        return pd.DataFrame(
            {
                "group": lines["group"],
                "task": lines["task"],
                "tier": lines["tier"],
                "visits": lines["visits"],
                "selection": lines["task_id"].map(labels["selection"]),
                "lead": lines["task_id"].map(labels["lead"]),
                "partners": lines["task_id"].map(labels["partners"]),
            }
        ).reset_index(drop=True)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the checks doubt before this month: one row per finding."""
        return checks.findings(self.year.case(self.records, self.allocation, self.month - 1), checks.MONTH_CHECKS)
