"""The explained plan (可以追问的计划): why a month has what it has, what one more would take, what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Self

import pandas as pd

from enforce.planning.months.allocate import Allocation
from enforce.planning.months.exact import Capacity
from enforce.planning.months.position import OpenPlan, open_plan
from enforce.planning.why import shortage, ways
from enforce.planning.why.cell import Setting, one_more_by_month
from enforce.planning.why.every_cell import reason_months, reason_note, reasons


class Explained:
    """A plan that was solved, approved or planned anew: it says from what (`setting`), and answers the same questions.

    >>> from enforce.desk.year import open_year
    >>> isinstance(open_year("params/putuo-2024.yaml"), Explained)
    True
    """

    @property
    def setting(self) -> Setting:
        """What the plan was solved from: what a question about it needs."""
        raise NotImplementedError

    @property
    def allocation(self) -> Allocation:
        """The plan by months."""
        raise NotImplementedError

    @property
    def mark(self) -> str:
        """What every table and chart says."""
        raise NotImplementedError

    @property
    def overloaded(self) -> str:
        """Which teams are overloaded when (超负荷); '' where none is."""
        return shortage.overload_text(self.allocation.loads)

    @property
    def plan_mark(self) -> str:
        """What the plan by months says of itself: the mark, and which teams are overloaded when."""
        return "；".join(filter(None, (self.mark, self.overloaded)))

    @property
    def names(self) -> Mapping[str, str]:
        """Task ids with what a planner calls them."""
        raise NotImplementedError

    @property
    def reserve(self) -> Capacity:
        """What is held back (留有余地) and a way out may draw on: half-days by team and open month."""
        raise NotImplementedError

    def solved(self) -> Self:
        """Return the same, its plan worked out: InputError now where its limits cannot be kept together."""
        _ = self.setting
        return self

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """Why each month has as many visits as it has: one row per task, the months of each reason side by side."""
        return reason_months(self._reasons)

    @property
    def reason_note(self) -> str:
        """What the reasons mean."""
        return reason_note(self._reasons)

    @cached_property
    def one_more(self) -> pd.DataFrame:
        """What one visit more would cost in each month: one row per month."""
        return one_more_by_month(self.setting)

    @cached_property
    def _reasons(self) -> pd.DataFrame:
        return reasons(self.setting)

    # --- what does not fit ---

    @cached_property
    def shortage(self) -> pd.DataFrame:
        """What does not fit, in a sentence: one row per team that is short; empty when everything fits."""
        return shortage.shortage_table(self._opened.lines, self._opened.room, self._opened.spans)

    @cached_property
    def ways_out(self) -> pd.DataFrame:
        """At most three ways to make it fit, each solved and verified, the cheapest first."""
        tasks, given = self.setting.tasks, self._opened
        officers = dict(zip(tasks["task_id"], tasks["officers_per_visit"], strict=True))
        options = {"reserve": self.reserve, "officers": officers, "names": self.names, "spans": given.spans}
        return ways.ways_out(given.lines, given.room, **options)

    @cached_property
    def _opened(self) -> OpenPlan:
        """What was still to be planned, whatever was published: whether a plan fits does not rest on moves."""
        given = open_plan(self.setting.tasks, self.setting.capacity, self.setting.position)
        return replace(given, lines=[replace(line, published=None, move_costs=None) for line in given.lines])
