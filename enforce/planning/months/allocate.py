"""The monthly allocation (月度安排): visits by task and month, exact, unique, and proved.

In this order: least overload; fewest moves from a published plan; lowest highest load of each team; closest to each
month's share of capacity; earliest month, tasks in order. Visits done stay where they were done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from enforce.planning.months.position import YEAR_START, Position, open_plan
from enforce.planning.months.stages import solve
from enforce.planning.visits import by_task_and_month, needed_halves, team_efforts
from enforce.words.months import MONTHS
from enforce.words.numbers import HALVES


@dataclass(frozen=True)
class Allocation:
    """A plan by month: `visits` one row per task and month, `loads` one row per team and month, `unplaced` one row per
    task whose window is over before its visits are, `proof` one row per stage with its value and proven bound."""

    visits: pd.DataFrame
    loads: pd.DataFrame
    unplaced: pd.DataFrame
    proof: pd.DataFrame


def allocate(tasks: pd.DataFrame, capacity: pd.DataFrame, position: Position = YEAR_START) -> Allocation:
    """Spread each task's visits over its months so that no team and no month is loaded more than it must be.

    `tasks` as in visits.py, `capacity` as in account.py (team, month, capacity_days). `position` is where the year
    stands: what is done stays, the plan keeps to its limits and moves as little as it can of what is published.
    Overload is shown, never hidden; what has no month left is in `unplaced`. Impossible when no plan keeps to the
    limits; Unsolved when the search ends without a plan.
    """
    given = open_plan(tasks, capacity, position)
    plan, proof = solve(given.lines, given.room, given.spans)
    whole = dict(given.done)
    for (place, month), count in plan.items():
        cell = given.lines[place].task_id, month
        whole[cell] = whole.get(cell, 0) + count
    visits = _visits_table(tasks, whole, given.effort)
    return Allocation(visits, loads(visits, given.effort, capacity), given.unplaced, proof)


def _visits_table(tasks: pd.DataFrame, plan: Mapping[tuple[str, int], int], effort: pd.DataFrame) -> pd.DataFrame:
    rows = [(task_id, month, plan.get((task_id, month), 0)) for task_id in tasks["task_id"] for month in MONTHS]
    table = pd.DataFrame(rows, columns=["task_id", "month", "visits"])
    days = table["task_id"].map(effort.groupby("task_id")["days_per_visit"].sum())
    return table.assign(days_needed=table["visits"] * days.astype(float))


def loads(visits: pd.DataFrame, effort: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the load of each team and month (负荷): needed and capacity in officer-days, overload, and their ratio."""
    need = needed_halves(by_task_and_month(visits), team_efforts(effort))
    table = capacity[["team", "month", "capacity_days"]].reset_index(drop=True)
    cells = zip(table["team"], table["month"], strict=True)
    table.insert(2, "needed_days", [need.get(cell, 0) / HALVES for cell in cells])
    table["overload_days"] = (table["needed_days"] - table["capacity_days"]).clip(lower=0.0)
    table["load"] = table["needed_days"] / table["capacity_days"].where(table["capacity_days"] > 0)
    return table


def quarters(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the allocation by quarter (季度安排): one row per task and quarter, the sum of its months."""
    table = visits.assign(quarter=(visits["month"] - 1) // 3 + 1)
    return table.groupby(["task_id", "quarter"], sort=False, as_index=False)[["visits", "days_needed"]].sum()
