"""Even or levelled (均匀与调匀): which months of a task have its share of capacity, which have not, and why.

A month is even when its visits are less than one visit from its share. Where they are not, the months that should have
more are looked at: those in which a team of the task could not make one more visit without passing its load.
"""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from enforce.planning.months.exact import MILLI, most_at, need_of, targets
from enforce.planning.months.loads import Group
from enforce.planning.months.position import open_plan
from enforce.planning.why.cell import Setting
from enforce.words.months import month_runs

COLUMNS = ["task_id", "task", "month", "visits", "share_visits", "even", "full_teams"]


def evenness(setting: Setting) -> pd.DataFrame:
    """Return how each open month stands to its share of capacity (各月份额): one row per task and open month; visits
    still to be made, share_visits, whether it is even, and the teams that could not make one visit more (full_teams).

    A team is full where one visit more would load the month above the team's highest load or the comfortable one,
    whichever is higher; where a team is overloaded anywhere, above its capacity.
    """
    given = open_plan(setting.tasks, setting.capacity, setting.position)
    plan, names = setting.open_visits(given), dict(zip(setting.tasks["task_id"], setting.tasks["name"], strict=True))
    need = need_of(given.lines, plan)
    loads = Group(given.lines, given.room).highest(plan)
    levels = {team: max(load, given.comfortable) if load <= 1 else Fraction(1) for team, load in loads.items()}
    rows = []
    for place, line in enumerate(given.lines):
        for month, target in zip(line.months, targets(line, given.room[line.lead]), strict=True):
            visits = plan[place, month]
            full = tuple(
                team
                for team, effort in line.efforts
                if need.get((team, month), 0) + effort > most_at(levels[team], given.room[team][month])
            )
            even = abs(visits * MILLI - target) < MILLI
            rows.append((line.task_id, names[line.task_id], month, visits, target / MILLI, even, full))
    return pd.DataFrame(rows, columns=COLUMNS)


def evenness_months(table: pd.DataFrame) -> pd.DataFrame:
    """Return the months of each task that are even and that are levelled, and why: one row per task.

    >>> rows = [("P1", "甲", 1, 2, 3.5, False, ("大队",)), ("P1", "甲", 2, 5, 3.5, False, ())]
    >>> evenness_months(pd.DataFrame(rows, columns=COLUMNS))["reason"].tolist()
    ['1 月大队已满']
    """
    rows = []
    for (task_id, task), cells in table.groupby(["task_id", "task"], sort=False):
        even = cells["even"]
        uneven = cells[~even]
        why = _why(cells) if len(uneven) else ""
        fewer, more = (uneven.loc[sign * (uneven["visits"] - uneven["share_visits"]) > 0, "month"] for sign in (-1, 1))
        rows.append((task_id, task, month_runs(cells.loc[even, "month"]), month_runs(fewer), month_runs(more), why))
    return pd.DataFrame(rows, columns=["task_id", "task", "even_months", "fewer_months", "more_months", "reason"])


def _why(cells: pd.DataFrame) -> str:
    """Return the teams that are full in the months that have less than their share, each with these months."""
    short = cells[cells["visits"] < cells["share_visits"]]
    months: dict[str, list[int]] = {}
    for month, teams in zip(short["month"], short["full_teams"], strict=True):
        for team in teams:
            months.setdefault(team, []).append(month)
    full = "，".join(f"{month_runs(sorted(each))} 月{team}已满" for team, each in months.items())
    return full or "与其他事项合起来取整，或按已公布、已限定的月份"
