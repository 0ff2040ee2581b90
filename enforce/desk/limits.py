"""The limits (家次限制) at work: a plan that keeps to them, or which of them cannot be kept together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from enforce.planning.changes.causes import spans
from enforce.planning.months.allocate import Allocation, allocate, opened
from enforce.planning.months.exact import Span
from enforce.planning.why.ways import conflict
from enforce.words.problems import Flaw, Impossible, Place, Problem, refuse


def within(
    tasks: pd.DataFrame, capacity: pd.DataFrame, *, limits: pd.DataFrame, file: str = "limits.csv", **options: object
) -> Allocation:
    """Return the plan within the limits on these tasks; InputError names limits that no plan keeps together.

    `options` are those of `allocate`.
    """
    own = limits[limits["task_id"].isin(["", *tasks["task_id"]])].reset_index(drop=True)
    try:
        return allocate(tasks, capacity, limits=own, **options)
    except Impossible:
        given = opened(tasks, capacity, limits=own, **options)
        refuse(_problems(conflict(given.lines, given.spans), file, "（已完成的除外）" if given.fixed else ""))
        raise


def _problems(held: Sequence[Span], file: str, besides: str) -> Iterator[Problem]:
    """Tell each of the limits that cannot be kept: what it asks for beyond what is done, and against which others."""
    for span in held:
        others = "、".join(f"{_place(other)} {_asked(other)}" for other in held if other is not span)
        expected = f"与 {others} 能同时满足的家次" if others else "排得出的家次"
        yield Problem(file, Place(_place(span)), f"{_asked(span)}{besides}", expected, Flaw.CONFLICT)


def _asked(span: Span) -> str:
    return "，".join([f"最少 {span.least}"] * (span.least > 0) + [f"最多 {span.most}"] * (span.most is not None))


def _place(span: Span) -> str:
    task = min(span.tasks) if len(span.tasks) == 1 else "全部事项"
    return f"{task} {spans(sorted(span.months))} 月"
