"""The monthly allocation (月度安排): visits by task and month, exact, unique, and proved.

In this order: least overload; fewest moves from a published plan; the highest load of any team as low as can be, then
the highest of the others (not below the comfortable load); closest to each month's share of capacity, in squares;
earliest month, tasks in order. Visits done stay where they were done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from enforce.planning.months.exact import Work
from enforce.planning.months.position import YEAR_START, Position, open_plan
from enforce.planning.months.stages import solve
from enforce.planning.visits import TeamEfforts, by_task_and_month, needed_halves, team_efforts
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


def allocate(
    tasks: pd.DataFrame, capacity: pd.DataFrame, position: Position = YEAR_START, work: Work | None = None
) -> Allocation:
    """Spread each task's visits over its months so that no team and no month is loaded more than it must be.

    `tasks` as in visits.py, `capacity` as in account.py (team, month, capacity_days). `position` is where the year
    stands: what is done stays, the plan keeps to its limits and moves as little as it can of what is published.
    Overload is shown, never hidden; what has no month left is in `unplaced`. Impossible when no plan keeps to the
    limits; Unsolved when the search ends without a plan. `work` is the computing it may take (else exact.WORK).
    """
    given = open_plan(tasks, capacity, position)
    plan, proof = solve(given.lines, given.room, given.spans, given.comfortable, work)
    whole = dict(given.done)
    for (place, month), count in plan.items():
        cell = given.lines[place].task_id, month
        whole[cell] = whole.get(cell, 0) + count
    table = _visits_table(tasks, whole, given.shares)
    return Allocation(table, _loads_table(whole, given.shares, capacity), given.unplaced, proof)


_SQUARES = "离可安排比例最近：各月家次与按可安排人日分的份额，相差的平方和，越小越匀"


def proof_note(proof: pd.DataFrame, mark: str = "") -> str:
    """Return what is squared, and why some loads have no bound, after the mark of every table.

    >>> rows = [("甲队", 0.8, float("nan"), 0.85), ("乙队", 0.9, 0.9, float("nan"))]
    >>> proof_note(pd.DataFrame(rows, columns=["team", "value", "bound", "comfortable_load"])).split("　")[0]
    '甲队的最高负荷不高于宽松负荷 85%，不再压低，不求下限'
    """
    rows = proof.dropna(subset="comfortable_load")
    teams = "、".join(rows["team"])
    low = [f"{teams}的最高负荷不高于宽松负荷 {share:.0%}，不再压低，不求下限" for share in rows["comfortable_load"][:1]]
    return "　".join(filter(None, [mark, *low, _SQUARES]))


def _visits_table(tasks: pd.DataFrame, plan: Mapping[tuple[str, int], int], shares: TeamEfforts) -> pd.DataFrame:
    days = {code: sum(each for _, each in shares.get(code, ())) / HALVES for code in tasks["task_id"]}
    cells = [(code, month, plan.get((code, month), 0)) for code in tasks["task_id"] for month in MONTHS]
    rows = [(code, month, count, count * days[code]) for code, month, count in cells]
    return pd.DataFrame(rows, columns=["task_id", "month", "visits", "days_needed"])


def loads(visits: pd.DataFrame, effort: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the load of each team and month (负荷): needed and capacity in officer-days, overload, and their ratio."""
    return _loads_table(by_task_and_month(visits), team_efforts(effort), capacity)


def _loads_table(plan: Mapping[tuple[str, int], int], shares: TeamEfforts, capacity: pd.DataFrame) -> pd.DataFrame:
    need, rows = needed_halves(plan, shares), []
    for team, month, room in zip(capacity["team"], capacity["month"], capacity["capacity_days"], strict=True):
        needed = need.get((team, month), 0) / HALVES
        rows.append((team, month, needed, room, max(needed - room, 0.0), needed / room if room > 0 else float("nan")))
    return pd.DataFrame(rows, columns=["team", "month", "needed_days", "capacity_days", "overload_days", "load"])


def quarters(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the allocation by quarter (季度安排): one row per task and quarter, the sum of its months."""
    table = visits.assign(quarter=(visits["month"] - 1) // 3 + 1)
    return table.groupby(["task_id", "quarter"], sort=False, as_index=False)[["visits", "days_needed"]].sum()
