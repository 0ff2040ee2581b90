"""The moment (时点): the end of a day of the plan's year: which months are over, and what is left of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from enforce.inputs.calendar import Calendar
from enforce.inputs.parameters.plan import MoveCosts
from enforce.planning.months.exact import Capacity
from enforce.planning.months.position import Position, open_room
from enforce.planning.through import progress
from enforce.words.months import MONTHS, QUARTERS
from enforce.words.numbers import HALVES, halves


@dataclass(frozen=True, eq=False)
class Moment:
    """The end of a day (ISO date), as a plan of the calendar's year sees it; days before the year are its eve."""

    calendar: Calendar
    as_of: str

    @property
    def day_month(self) -> int:
        """The month the day is in; 0 for a day before the year, 12 for one after it."""
        year = f"{self.calendar.year}"
        return 0 if self.as_of < year else int(self.as_of[5:7]) if self.as_of[:4] == year else len(MONTHS)

    @cached_property
    def workdays_ahead(self) -> int:
        """Workdays of the month that come after the day."""
        days = self.calendar.days
        return int(((days["month"] == self.day_month) & days["workday"] & (days["date"] > self.as_of)).sum())

    @property
    def closed(self) -> int:
        """The last month that is over: the day's own when no workday of it is left."""
        return self.day_month - 1 if self.workdays_ahead else self.day_month

    def ahead(self, days: pd.DataFrame) -> pd.DataFrame | None:
        """The part of the month's days (team, month, capacity_days) that its workdays after the day make up."""
        if not self.workdays_ahead:
            return None
        workdays = int(self.calendar.workdays().set_index("month")["workdays"][self.day_month])
        rows = [
            (row.team, row.month, halves(row.capacity_days) * self.workdays_ahead // workdays / HALVES)
            for row in days[days["month"] == self.day_month].itertuples()
        ]
        return pd.DataFrame(rows, columns=["team", "month", "capacity_days"])

    def room(self, days: pd.DataFrame) -> Capacity:
        """The half-days of the months still open, and of what is left of the day's own, by team and month."""
        return open_room(days, self.closed, self.ahead(days))

    def move_costs(self, costs: MoveCosts) -> dict[int, int]:
        """The cost of moving a visit out of a month, by month: published, announced for the quarter, or internal."""
        quarter = (self.day_month - 1) // 3
        later = {month: costs.announced if (month - 1) // 3 == quarter else costs.internal for month in MONTHS}
        return later | {month: costs.published for month in MONTHS if month <= self.day_month + 1}

    def position(
        self,
        start: Position,
        records: pd.DataFrame,
        capacity: pd.DataFrame,
        published: pd.DataFrame | None = None,
        costs: Mapping[int, int] | None = None,
    ) -> Position:
        """Where a year stands that began at `start`: the records up to the day are done; `published` is the plan to
        depart from, if any."""
        done, left = progress.done_by_month(progress.until(records, self.as_of)), self.ahead(capacity)
        changes = {"published": published, "move_costs": costs or {}}
        return replace(start, done=done, closed=self.closed, left=left, **changes)

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Workdays by quarter, gone and left (季度工作日): one row per quarter, and 合计.

        >>> from enforce.inputs.calendar import read_calendar
        >>> Moment(read_calendar(2024), "2024-03-13").quarters.iloc[[0, -1]].values.tolist()
        [['一季度', 61, 49, 12], ['合计', 251, 49, 202]]
        """
        work = self.calendar.days[self.calendar.days["workday"]]
        parts = [work[(work["month"] - 1) // 3 == n] for n in range(len(QUARTERS))]
        gone = [int((part["date"] <= self.as_of).sum()) for part in (*parts, work)]
        rows = [
            (name, len(part), past, len(part) - past)
            for name, part, past in zip((*QUARTERS, "合计"), (*parts, work), gone, strict=True)
        ]
        return pd.DataFrame(rows, columns=["quarter", "workdays", "workdays_gone", "workdays_left"])
