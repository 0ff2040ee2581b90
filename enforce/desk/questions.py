"""The questions (问计划): a plan worked out within its limits, and answers to why it is so and what would not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Self

import pandas as pd

from enforce.planning.months.allocate import Allocation, allocate, proof_note
from enforce.planning.months.exact import Capacity, Span
from enforce.planning.months.position import OpenPlan, Position, open_plan
from enforce.planning.why import shortage, ways
from enforce.planning.why.cell import Setting, one_more_by_month
from enforce.planning.why.evenness import evenness, evenness_months
from enforce.planning.why.every_cell import reason_months, reason_note, reasons
from enforce.words.months import month_runs
from enforce.words.problems import Flaw, Impossible, Place, Problem, refuse


def allocate_within(
    tasks: pd.DataFrame, capacity: pd.DataFrame, position: Position, file: str = "limits.csv"
) -> Allocation:
    """Return the plan by months within the limits (家次限制) on these tasks; InputError where no plan keeps them all.

    The problems name the fewest limits that cannot be kept together, and the `file` they stand in.
    """
    limits = position.limits[position.limits["task_id"].isin(["", *tasks["task_id"]])].reset_index(drop=True)
    position = replace(position, limits=limits)
    try:
        return allocate(tasks, capacity, position)
    except Impossible:
        given = open_plan(tasks, capacity, position)
        refuse(_limit_problems(ways.conflict(given.lines, given.spans), file, "（已完成的除外）" if given.done else ""))
        raise


def _limit_problems(limits: Sequence[Span], file: str, besides: str) -> Iterator[Problem]:
    """Yield each limit that cannot be kept: its visits beyond those done, and the limits it contradicts."""
    for span in limits:
        others = "、".join(f"{_span_place(other)} {_bounds(other)}" for other in limits if other is not span)
        expected = f"与 {others} 能同时满足的家次" if others else "排得出的家次"
        yield Problem(file, Place(_span_place(span)), f"{_bounds(span)}{besides}", expected, Flaw.CONFLICT)


def _bounds(span: Span) -> str:
    return "，".join([f"最少 {span.least}"] * (span.least > 0) + [f"最多 {span.most}"] * (span.most is not None))


def _span_place(span: Span) -> str:
    task = min(span.tasks) if len(span.tasks) == 1 else "全部事项"
    return f"{task} {month_runs(sorted(span.months), ',')} 月"


class Explainable:
    """A plan by months that answers for itself: subclasses say what it was solved from (`setting`).

    >>> from enforce.desk.year import open_year
    >>> isinstance(open_year("params/putuo-2024.yaml"), Explainable)
    True
    """

    setting: Setting  # what the plan was solved from
    allocation: Allocation  # the plan by months
    mark: str  # of every table and chart (情景、预估、草案)
    names: Mapping[str, str]  # task ids with what a planner calls them
    reserve: Capacity  # 留有余地, which a way out may draw on: half-days by team and open month

    @property
    def overloaded(self) -> str:
        """Which teams are overloaded when (超负荷); '' where none is."""
        return shortage.overload_text(self.allocation.loads)

    @property
    def plan_mark(self) -> str:
        """The mark of tables by months: also which teams are overloaded when."""
        return "；".join(filter(None, (self.mark, self.overloaded)))

    @property
    def other_plan(self) -> str:
        """Which plan the answers are of, where that is not the one printed beside them; '' where it is."""
        return ""

    @property
    def about(self) -> str:
        """The mark of answers: also which plan they are of, where it is another."""
        return "；".join(filter(None, (self.mark, self.other_plan)))

    @property
    def proof_note(self) -> str:
        """The mark, and which loads were not lowered because they are comfortable."""
        return proof_note(self.allocation.proof, self.about)

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
        """The words of the reasons, explained."""
        return "；".join(filter(None, (self.other_plan, reason_note(self._reasons))))

    @cached_property
    def evenness(self) -> pd.DataFrame:
        """Which months of each task have its share of capacity, which are levelled, and why: one row per task."""
        return evenness_months(evenness(self.setting))

    @cached_property
    def one_more(self) -> pd.DataFrame:
        """The cost of one visit more in each month: one row per month."""
        return one_more_by_month(self.setting)

    @cached_property
    def _reasons(self) -> pd.DataFrame:
        return reasons(self.setting)

    # --- what does not fit ---

    @cached_property
    def shortage(self) -> pd.DataFrame:
        """Visits that do not fit (排不下), in a sentence: one row per team that is short; empty when all fits."""
        return shortage.shortage_table(self._opened.lines, self._opened.room, self._opened.spans)

    @cached_property
    def ways_out(self) -> pd.DataFrame:
        """At most three ways to make the plan fit (办法), each solved and verified, the cheapest first."""
        tasks, given = self.setting.tasks, self._opened
        officers = dict(zip(tasks["task_id"], tasks["officers_per_visit"], strict=True))
        options = {"reserve": self.reserve, "officers": officers, "names": self.names, "spans": given.spans}
        options["comfortable"] = given.comfortable
        return ways.ways_out(given.lines, given.room, **options)

    @cached_property
    def _opened(self) -> OpenPlan:
        """Visits and capacity still open, without the published plan: whether all fits does not rest on moves."""
        given = open_plan(self.setting.tasks, self.setting.capacity, self.setting.position)
        return replace(given, lines=[replace(line, published=None, move_costs=None) for line in given.lines])
