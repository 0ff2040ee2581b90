"""The limits (家次限制) at work: a plan that keeps to them, or which of them cannot be kept together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from enforce.planning.allocate import LIMIT_COLUMNS, Allocation, allocate
from enforce.planning.causes import spans
from enforce.planning.exact import Impossible
from enforce.problems import Problem, refuse


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
        refuse(_problems(own, tasks, capacity, file, options))
        raise


def _problems(
    limits: pd.DataFrame, tasks: pd.DataFrame, capacity: pd.DataFrame, file: str, options: Mapping
) -> Iterator[Problem]:
    """Tell the smallest set of limits that cannot be kept: each is needed for it."""
    kept = limits
    for place in limits.index:
        rest = kept.drop(index=place)
        if not _possible(rest, tasks, capacity, options):
            kept = rest
    together = "、".join(_place(limit) for limit in kept.itertuples())
    for limit in kept.itertuples():
        most = "" if pd.isna(limit.maximum) else f"，最多 {limit.maximum}"
        others = "" if len(kept) == 1 else f"（{together} 不能同时满足）"
        yield Problem(file, _place(limit), f"最少 {limit.minimum}{most}", f"排得出的家次，已完成的不变{others}")


def _place(limit: object) -> str:
    return f"{limit.task_id or '全部事项'} {spans(limit.months)} 月"


def _possible(limits: pd.DataFrame, tasks: pd.DataFrame, capacity: pd.DataFrame, options: Mapping) -> bool:
    try:
        allocate(tasks, capacity, limits=limits[list(LIMIT_COLUMNS)], **options)
    except Impossible:
        return False
    return True
