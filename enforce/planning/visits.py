"""Planned visits (计划家次): what each line of the plan asks for, in visits and in officer-days, and its shares."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import inf

import pandas as pd

from enforce.words.measures import rate, rates
from enforce.words.numbers import halves, in_order, largest_remainder, percent
from enforce.words.terms import Exclusion, Kind, Selection, State, Tier

#: What a director asks of a plan first (总体数字): item, kind of number (visits, days, share), what is too much.
FIGURES = (
    ("计划家次", "visits", inf),
    ("需要人日", "days", inf),
    ("可安排人日", "days", inf),
    ("最高负荷", "share", 1.0),
    ("超出人日", "days", 0.0),
    ("重点检查占比", "share", inf),
    ("一般检查占比", "share", inf),
    ("联合执法占比", "share", inf),
    ("名单覆盖", "share", inf),
)
#: Task (or place of a line) -> the teams that go on a visit, each with its half-days.
TeamEfforts = Mapping[Hashable, Sequence[tuple[str, int]]]


def windows(tasks: pd.DataFrame) -> list[tuple[str, int, tuple[int, ...], int]]:
    """Return the windows (时段), one row per task and period: task, period, months, visits.

    Several periods share the visits evenly; what does not divide goes to the earlier ones.

    >>> windows(pd.DataFrame({"task_id": ["P08"], "planned_visits": [9], "periods": [((5, 6), (10, 11))]}))
    [('P08', 1, (5, 6), 5), ('P08', 2, (10, 11), 4)]
    """
    columns = zip(*(tasks[name] for name in ("task_id", "planned_visits", "periods")), strict=True)
    return [
        (task_id, n, months, part)
        for task_id, planned, periods in columns
        for n, (months, part) in enumerate(zip(periods, largest_remainder(planned, [1] * len(periods)), strict=True), 1)
    ]


def efforts(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the effort of one visit (每家次人日): one row per task and team that goes, in officer-days.

    The lead team gives days × officers; an invited section gives what the plan says, which may be zero.

    >>> tasks = pd.DataFrame({"task_id": ["P06"], "visit_days": [1.5], "officers_per_visit": [2], "team": ["大队"],
    ...                       "invited": [(("危化科", 1.0),)]})
    >>> efforts(tasks).values.tolist()
    [['P06', '大队', 3.0], ['P06', '危化科', 1.0]]
    """
    rows = []
    columns = ("task_id", "team", "visit_days", "officers_per_visit", "invited")
    for task_id, lead, visit_days, officers, invited in zip(*(tasks[name] for name in columns), strict=True):
        days = {lead: visit_days * officers}
        for team, extra in invited:
            days[team] = days.get(team, 0.0) + extra
        rows += [(task_id, team, effort) for team, effort in days.items()]
    return pd.DataFrame(rows, columns=["task_id", "team", "days_per_visit"])


def by_task_and_month(visits: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Return a table of visits (task_id, month, visits) as numbers by task and month; rows of one cell are added up."""
    counts: dict[tuple[str, int], int] = {}
    for task_id, month, count in zip(visits["task_id"], visits["month"], visits["visits"], strict=True):
        counts[task_id, int(month)] = counts.get((task_id, int(month)), 0) + int(count)
    return counts


def team_efforts(effort: pd.DataFrame) -> TeamEfforts:
    """Return the half-days each team gives to one visit, by task; `effort` as of `efforts`, nothing for no effort."""
    shares: dict[str, tuple] = {}
    for task_id, team, days in zip(effort["task_id"], effort["team"], effort["days_per_visit"], strict=True):
        if days:
            shares[task_id] = (*shares.get(task_id, ()), (team, halves(days)))
    return shares


def needed_halves(counts: Mapping[tuple[Hashable, int], int], shares: TeamEfforts) -> dict[tuple[str, int], int]:
    """Return half-days needed by team and month, of visits by task (or line) and month.

    >>> needed_halves({("P01", 3): 2, ("P02", 3): 1}, {"P01": (("大队", 4),), "P02": (("大队", 4), ("危化科", 1))})
    {('大队', 3): 12, ('危化科', 3): 1}
    """
    need: dict[tuple[str, int], int] = {}
    for (key, month), visits in counts.items():
        for team, each in shares.get(key, ()):
            need[team, month] = need.get((team, month), 0) + visits * each
    return need


def needed_days(tasks: pd.DataFrame, effort: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return officer-days needed (需要人日): one row per task and team; by `effort` where it is given."""
    effort = efforts(tasks) if effort is None else effort
    table = effort.merge(tasks[["task_id", "planned_visits"]], on="task_id", validate="m:1")
    table["needed_days"] = table["days_per_visit"] * table["planned_visits"]
    return table


def need_by_team(tasks: pd.DataFrame, capacity: pd.DataFrame, effort: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return need against capacity over the year (需要与可安排): one row per team of the account."""
    need = needed_days(tasks, effort).groupby("team")["needed_days"].sum()
    table = capacity.groupby("team", sort=False, as_index=False)["capacity_days"].sum()
    table["needed_days"] = table["team"].map(need).fillna(0.0)
    table["spare_days"] = table["capacity_days"] - table["needed_days"]
    table["load"] = table["needed_days"] / table["capacity_days"].where(table["capacity_days"] > 0)
    return table[["team", "needed_days", "capacity_days", "spare_days", "load"]]


def plan_lines(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with their days (计划事项表): one row per task; days are those of all teams together."""
    days = needed_days(tasks).groupby("task_id")["needed_days"].sum()
    table = tasks.assign(needed_days=tasks["task_id"].map(days))
    table["in_district_visits"] = table["planned_visits"] - table["out_of_district_visits"]
    columns = ["task_id", "group", "name", "tier", "planned_visits", "in_district_visits", "needed_days"]
    return table[columns].rename(columns={"name": "task"})


def visits_by(tasks: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return visits and their share of all visits by group or tier (家次与占比): one row per group or tier.

    >>> tasks = pd.DataFrame({"tier": ["key", "general"], "planned_visits": [178, 83]})
    >>> visits_by(tasks, "tier")["rate"].round(3).tolist()
    [0.682, 0.318]
    """
    total = int(tasks["planned_visits"].sum())
    table = tasks.groupby(column, sort=False, as_index=False)["planned_visits"].sum()
    table = table.assign(numerator=table["planned_visits"], denominator=total, rate=table["planned_visits"] / total)
    return in_order(table, column, Tier) if column == "tier" else table


def joint_lines(tasks: pd.DataFrame) -> pd.Series:
    """Return the lines of joint inspections (部门联合抽查): their codes."""
    return tasks.loc[tasks["kind"] == Kind.JOINT, "task_id"]


def joint_shares(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the joint share by each denominator it may mean (联合执法占比): one row per reading.

    A floor on joint inspections among the random draws does not say which visits those are. The last reading takes it
    by the word: lines whose units are drawn, without those chosen by warning, credit or risk.
    """
    visits = tasks["planned_visits"]
    joint = int(visits[tasks["kind"] == Kind.JOINT].sum())
    general = int(visits[tasks["tier"] == Tier.GENERAL].sum())
    drawn = (tasks["tier"] == Tier.KEY) & (tasks["selection"] == Selection.DRAW)
    cross = tasks["kind"] == Kind.EXCHANGE
    local = int(visits[drawn & ~cross].sum())
    abroad = int(tasks.loc[drawn & cross, "out_of_district_visits"].sum())
    here = int(visits[drawn & cross].sum()) - abroad
    by_draw = (tasks["kind"] == Kind.JOINT) | ((tasks["selection"] == Selection.DRAW) & ~cross)
    readings = {
        "÷ 全部一般检查": general,
        "÷ 一般检查＋重点检查中随机抽取的": general + local,
        "÷ 以上＋交互检查在辖区内抽取的": general + local + here,
        "÷ 以上＋交互检查在辖区外抽查的": general + local + here + abroad,
        "÷ 只数随机抽取的事项（不含交互检查）": int(visits[by_draw].sum()),
    }
    return rates(rate("joint", reading, joint, count) for reading, count in readings.items())


def choosable(task: object, units: pd.DataFrame, our_level: str) -> pd.Series:
    """Return which units a line may be done at (可查的单位): one flag per row of the register.

    Those it may choose from; of a line of key units (重点单位), those of the list that it covers itself.
    """
    chosen = fits(task, units, our_level)
    return chosen & _named(task, units) if task.kind == Kind.KEY_LIST else chosen


def fits(task: object, units: pd.DataFrame, our_level: str) -> pd.Series:
    """Return which units a line may choose (可选对象), one flag per row; `task` is a row of the tasks."""
    chosen = units["in_district"] & (units["level"] == our_level) & flagged(task, units)
    if task.exclude:
        chosen = chosen & (units["is_key"] == (task.exclude == Exclusion.OTHERS))
    return chosen


def flagged(task: object, units: pd.DataFrame) -> pd.Series:
    """Return which units have one of the flags of a line (对象标签); all of them where it names none."""
    if not task.hazards:
        return pd.Series(True, index=units.index)
    return units["hazards"].map(set(task.hazards).intersection).astype(bool)


def key_coverage(tasks: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return which line covers how many key units (重点单位覆盖安排): one row per covering task, uncovered last."""
    names = tasks.set_index("task_id")["name"]
    counts = units.loc[units["is_key"], "covered_by"].value_counts()
    rows = [
        (task_id, names.get(task_id, "未安排"), int(counts[task_id]))
        for task_id in sorted(counts.index, key=lambda code: (code == "", code))
    ]
    return pd.DataFrame(rows, columns=["task_id", "task", "units"])


def key_list_share(tasks: pd.DataFrame, units: pd.DataFrame) -> dict:
    """Return how much of the key list the plan reaches (名单覆盖), as a rate: key units with a visit of their line.

    >>> tasks = pd.DataFrame({"task_id": ["P01", "P02"], "planned_visits": [2, 9]})
    >>> units = pd.DataFrame({"is_key": [True] * 5, "covered_by": ["P01", "P01", "P01", "P02", ""]})
    >>> key_list_share(tasks, units)["numerator"], key_list_share(tasks, units)["denominator"]
    (3, 5)
    """
    listed = units.loc[units["is_key"], "covered_by"].value_counts()
    planned = dict(zip(tasks["task_id"], tasks["planned_visits"], strict=True))
    reached = sum(min(int(count), int(planned.get(task_id, 0))) for task_id, count in listed.items())
    return rate("list_reached", "名单覆盖", reached, int(listed.sum()))


def highest_load(loads: pd.DataFrame) -> float:
    """Return the highest load (最高负荷) among teams and months; infinite where there is need and no capacity.

    >>> highest_load(pd.DataFrame({"needed_days": [9.0], "capacity_days": [10.0], "load": [0.9]}))
    0.9
    >>> highest_load(pd.DataFrame({"needed_days": [9.0], "capacity_days": [0.0], "load": [float("nan")]}))
    inf
    """
    unmanned = (loads["capacity_days"] <= 0) & (loads["needed_days"] > 0)
    return inf if unmanned.any() else float(loads["load"].max())


def headline_figures(tasks: pd.DataFrame, units: pd.DataFrame, loads: pd.DataFrame) -> pd.DataFrame:
    """Return the headline of a plan (总体数字): one row per figure — item, kind, value, limit (more is too much), note.

    The note says what a figure is of: the busiest team and month, numerator and denominator, the other readings.
    `loads` has one row per team and month: needed, capacity and overload in officer-days, and their ratio.
    """
    tiers = visits_by(tasks, "tier").set_index("tier")
    joint, listed = joint_shares(tasks), key_list_share(tasks, units)
    key, general = (tiers.loc[tier] if tier in tiers.index else None for tier in (Tier.KEY, Tier.GENERAL))
    top = busiest(loads)
    values = (
        (tasks["planned_visits"].sum(), ""),
        (loads["needed_days"].sum(), ""),
        (loads["capacity_days"].sum(), ""),
        (highest_load(loads), f"{top['team']} {top['month']} 月"),
        (loads["overload_days"].sum(), ""),
        _share_of(key),
        _share_of(general),
        (joint["rate"].iloc[0], "；".join(f"{row.scope} {percent(row.rate)}" for row in joint.itertuples())),
        _share_of(listed),
    )
    rows = [
        (item, kind, float(value), limit, note)
        for (item, kind, limit), (value, note) in zip(FIGURES, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["item", "kind", "value", "limit", "note"])


def busiest(loads: pd.DataFrame) -> pd.Series:
    """Return the row of the highest load, by team and month; one with need and no capacity comes first."""
    rank = loads["load"].where(loads["capacity_days"] > 0, inf).where(loads["needed_days"] > 0, 0.0)
    return loads.loc[rank.idxmax()]


def _share_of(row: Mapping | None) -> tuple[float, str]:
    """Return a rate with its numerator and denominator."""
    return (0.0, "") if row is None else (row["rate"], f"{int(row['numerator'])} ÷ {int(row['denominator'])}")


def closed(units: pd.DataFrame) -> pd.Series:
    """Return which units have closed (停业、注销): one flag per row; a unit of unknown state has not."""
    return ~units["state"].fillna("").isin(["", State.OPEN])


def counted_units(units: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return the units to be counted: those that have not closed, and those visited before they did."""
    return units[~closed(units) | units["unit_id"].isin(records["unit_id"])].reset_index(drop=True)


def lost_visits(tasks: pd.DataFrame, units: pd.DataFrame, records: pd.DataFrame, our_level: str) -> pd.DataFrame:
    """Return what closed units take from the plan (停业落空): one row per task with any, 家 and 家次.

    A task of the key list (重点单位) loses those of its list; another one, which can choose other units, only what its
    pool is too small for then. Units it has visited are not lost.
    """
    rows = []
    for task in tasks.itertuples(index=False):
        pool = units[_named(task, units) if task.kind == Kind.KEY_LIST else fits(task, units, our_level)]
        visited = pool["unit_id"].isin(records.loc[records["task_id"] == task.task_id, "unit_id"])
        gone = int((closed(pool) & ~visited).sum())
        if gone:
            wanted = max(task.planned_units - task.out_of_district_visits, 0)
            short = min(gone, max(wanted - (len(pool) - gone), 0))
            times = max(task.planned_visits // task.planned_units, 1) if task.planned_units else 1
            rows.append((task.task_id, task.name, gone, len(pool) - gone, min(short * times, task.planned_visits)))
    return pd.DataFrame(rows, columns=["task_id", "task", "closed_units", "eligible_units", "lost_visits"])


def _named(task: object, units: pd.DataFrame) -> pd.Series:
    return units["is_key"] & (units["covered_by"] == task.task_id)


def without_lost(tasks: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks without the visits that closed units take from them."""
    fallen = tasks["task_id"].map(lost.set_index("task_id")["lost_visits"]).fillna(0).astype("int64")
    return tasks.assign(planned_visits=tasks["planned_visits"] - fallen)
