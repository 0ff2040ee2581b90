"""Annex 1 (附件1): the version in force as a plan by months; what today's tables would give (试算) stands beside it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from enforce.inputs.versions import Version
from enforce.planning.changes import causes
from enforce.planning.months.allocate import Allocation, loads
from enforce.planning.months.stages import PROOF
from enforce.planning.visits import by_task_and_month, efforts

DIFFERENCES = ["task_id", "task", "month", "approved_visits", "visits", "changed_visits"]


def annex_tasks(version: Version, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of a version: one row per task, in the order of today's table, those gone from it last.

    Columns task_id, group, name, tier, planned_visits as frozen; what an older file lacks is today's.
    """
    today = tasks.set_index("task_id")
    codes = [code for code in today.index if code in version.names]
    codes += sorted(set(version.names) - set(codes))
    rows = []
    for code in codes:
        facts = version.tasks.get(code, {})
        known = today.loc[code] if code in today.index else {}
        group, tier = (facts.get(name, known.get(name, "")) for name in ("group", "tier"))
        total = int(version.visits.loc[version.visits["task_id"] == code, "visits"].sum())
        rows.append((code, group, version.names[code], tier, int(facts.get("planned_visits", total))))
    return pd.DataFrame(rows, columns=["task_id", "group", "name", "tier", "planned_visits"])


def annex_plan(version: Version, tasks: pd.DataFrame, capacity: pd.DataFrame) -> Allocation:
    """Return a version as a plan by months, its loads by the effort and capacity it was frozen with.

    `tasks` are today's, `capacity` today's (team, month, capacity_days) for files that froze none. Its proof is empty:
    what is proved of the plan that today's tables give says nothing of a version.
    """
    lines, effort = annex_tasks(version, tasks), annex_effort(version, tasks)
    each = effort.groupby("task_id")["days_per_visit"].sum()
    order = {code: n for n, code in enumerate(lines["task_id"])}
    visits = version.visits.sort_values("task_id", key=lambda codes: codes.map(order), kind="stable", ignore_index=True)
    visits["days_needed"] = visits["visits"] * visits["task_id"].map(each).fillna(0.0)
    placed = visits.groupby("task_id")["visits"].sum()
    short = lines.assign(unplaced_visits=lines["planned_visits"] - lines["task_id"].map(placed))
    short = short.loc[short["unplaced_visits"] > 0, ["task_id", "unplaced_visits"]].reset_index(drop=True)
    return Allocation(
        visits, loads(visits, effort, annex_capacity(version, capacity)), short, pd.DataFrame(columns=PROOF)
    )


def annex_effort(version: Version, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the effort of one visit a version froze, today's where it froze none: one row per task and team."""
    return causes.efforts_of(version.tasks) if version.tasks else efforts(tasks)


def annex_capacity(version: Version, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the capacity a version was frozen with (team, month, capacity_days); today's where it froze none."""
    if version.capacity is None:
        return capacity
    rows = [(team, month, days) for team, year in version.capacity.items() for month, days in enumerate(year, 1)]
    return pd.DataFrame(rows, columns=["team", "month", "capacity_days"])


def annex_differences(before: pd.DataFrame, after: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return where today's tables give another plan (试算与附件1不同): one row per task and month, in 家次.

    >>> plan = pd.DataFrame({"task_id": ["P1", "P1"], "month": [3, 4], "visits": [2, 1]})
    >>> annex_differences(plan, plan.assign(visits=[2, 3]), {"P1": "甲"}).values.tolist()
    [['P1', '甲', 4, 1, 3, 2]]
    """
    old, new = by_task_and_month(before), by_task_and_month(after)
    pairs = [(cell, old.get(cell, 0), new.get(cell, 0)) for cell in sorted({*old, *new})]
    rows = [(code, names.get(code, ""), month, was, now, now - was) for (code, month), was, now in pairs if was != now]
    return pd.DataFrame(rows, columns=DIFFERENCES)
