"""The officer-days used (已用人日): what the records state, and what one visit of a line costs by them.

A few records say little: the measured days of a line are drawn toward its standard, as if so many visits more
(`WEIGHT`) had been made in exactly the standard days. With how many records a figure stands is said beside it.
"""

from __future__ import annotations

import pandas as pd

from enforce.planning.visits import efforts
from enforce.words.terms import ALL_TEAMS

WEIGHT = 10  # visits at the standard that the measured ones are mixed with: a choice of method, no rule


def days_by_team(tasks: pd.DataFrame, by_task: pd.DataFrame) -> pd.DataFrame:
    """Return officer-days by team (各科队人日): one row per team that goes, and 合计.

    `by_task` is as of `used_days`; what the records of a line state is split among its teams as the standard is.
    """
    counts, effort = ["planned_days", "used_days", "assumed_days"], efforts(tasks)
    share = effort["days_per_visit"] / effort.groupby("task_id")["days_per_visit"].transform("sum")
    parts = effort.assign(share=share.fillna(0)).merge(by_task[["task_id", *counts]], on="task_id")
    parts[counts] = parts[counts].mul(parts["share"], axis=0)
    table = parts.groupby("team", sort=False)[counts].sum().reset_index()
    return pd.concat([table, pd.DataFrame([{"team": ALL_TEAMS, **table[counts].sum()}])], ignore_index=True)


def used_days(tasks: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return officer-days planned against used (人日): one row per line.

    `planned_days` is the plan in force at its standard, `used_days` what `counted_records` state, `assumed_days` the
    standard of the visits done that state none. `measured_days_per_visit` is the mean of those that do,
    `weighed_days_per_visit` the same drawn toward the standard.

    >>> tasks = pd.DataFrame({"task_id": ["P01"], "name": ["某"], "planned_visits": [9], "visit_days": [1.0],
    ...                       "officers_per_visit": [2], "team": ["大队"], "invited": [()]})
    >>> records = pd.DataFrame({"task_id": "P01", "days": [3.0, 4.0, None]})
    >>> used_days(tasks, records).iloc[0, 2:].astype(float).tolist()
    [18.0, 3.0, 2.0, 7.0, 2.0, 2.0, 3.5, 2.25]
    """
    effort = efforts(tasks).groupby("task_id")["days_per_visit"].sum()
    by_task = (
        records.assign(days=records["days"].astype("Float64")).groupby("task_id")["days"].agg(["size", "count", "sum"])
    )
    stated = by_task.reindex(tasks["task_id"]).fillna(0).reset_index(drop=True).astype("float64")
    standard = tasks["task_id"].map(effort).reset_index(drop=True)
    table = tasks[["task_id", "name"]].rename(columns={"name": "task"}).reset_index(drop=True)
    return table.assign(
        planned_days=tasks["planned_visits"].reset_index(drop=True) * standard,
        done_visits=stated["size"].astype("int64"),
        counted_records=stated["count"].astype("int64"),
        used_days=stated["sum"],
        assumed_days=(stated["size"] - stated["count"]) * standard,
        standard_days_per_visit=standard,
        measured_days_per_visit=stated["sum"] / stated["count"].where(stated["count"] > 0),
        weighed_days_per_visit=(stated["sum"] + WEIGHT * standard) / (stated["count"] + WEIGHT),
    )


def hours_on_site(tasks: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return how long visits took (现场用时), in hours: one row per line with a record that states begin and end.

    They are no officer-days: how many officers stayed, and the way there, are in no record.

    >>> tasks = pd.DataFrame({"task_id": ["P01"], "name": ["某"]})
    >>> records = pd.DataFrame({"task_id": "P01", "start": ["09:00", "13:30", ""], "end": ["11:00", "14:30", ""]})
    >>> hours_on_site(tasks, records).values.tolist()
    [['P01', '某', 2, 1.5]]
    """
    timed = records[(records["start"] != "") & (records["end"] > records["start"])]
    spans = pd.to_timedelta(timed["end"] + ":00") - pd.to_timedelta(timed["start"] + ":00")
    hours = (spans.dt.total_seconds() / 3600).groupby(timed["task_id"]).agg(["size", "mean"])
    table = (
        tasks[["task_id", "name"]].rename(columns={"name": "task"}).merge(hours, left_on="task_id", right_index=True)
    )
    return table.rename(columns={"size": "timed_records", "mean": "hours_per_visit"}).reset_index(drop=True)
