"""The limits (家次限制) at work: a plan that keeps to them, or which of them cannot be kept together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from enforce.planning.months.allocate import Allocation, allocate
from enforce.planning.months.exact import Span
from enforce.planning.months.position import Position, open_plan
from enforce.planning.why.ways import conflict
from enforce.words.months import month_runs
from enforce.words.problems import Impossible, Problem, refuse


def within(tasks: pd.DataFrame, capacity: pd.DataFrame, position: Position, file: str = "limits.csv") -> Allocation:
    """Return the plan within the limits on these tasks; InputError names limits that no plan keeps together."""
    limits = position.limits[position.limits["task_id"].isin(["", *tasks["task_id"]])].reset_index(drop=True)
    position = replace(position, limits=limits)
    try:
        return allocate(tasks, capacity, position)
    except Impossible:
        given = open_plan(tasks, capacity, position)
        refuse(_problems(conflict(given.lines, given.spans), file, "（已完成的除外）" if given.done else ""))
        raise


def _problems(held: Sequence[Span], file: str, besides: str) -> Iterator[Problem]:
    """Tell each of the limits that cannot be kept: what it asks for beyond what is done, and against which others."""
    for span in held:
        others = "、".join(f"{_place(other)} {_asked(other)}" for other in held if other is not span)
        expected = f"与 {others} 能同时满足的家次" if others else "排得出的家次"
        yield Problem(file, _place(span), f"{_asked(span)}{besides}", expected)


def _asked(span: Span) -> str:
    return "，".join([f"最少 {span.least}"] * (span.least > 0) + [f"最多 {span.most}"] * (span.most is not None))


def _place(span: Span) -> str:
    task = min(span.tasks) if len(span.tasks) == 1 else "全部事项"
    return f"{task} {month_runs(sorted(span.months), ',')} 月"
