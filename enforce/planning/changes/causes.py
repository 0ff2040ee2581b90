"""The causes of a change (变动原因): how tasks, visits, months and officers differ from the tables approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import pandas as pd

from enforce.planning.visits import efforts
from enforce.words.months import MONTHS, month_runs, typed_months

COLUMNS = ["reason", "where", "before", "after"]
NONE = "—"
LIMIT = "家次限制"
#: Key of a task -> reason where it differs.
_FACTS = {"months": "月份变更", "effort": "每家次人日变更"}

Tasks = Mapping[str, Mapping[str, object]]
Officers = Mapping[str, Sequence[float]]


def task_facts(tasks: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Return the facts of each task that a version of the plan stores: visits, months and effort of one visit, as text.

    >>> tasks = pd.DataFrame({"task_id": ["P1"], "planned_visits": [4], "periods": [((1, 2, 3, 9),)],
    ...                       "visit_days": [1.5], "officers_per_visit": [2], "team": ["大队"], "invited": [()]})
    >>> task_facts(tasks)
    {'P1': {'planned_visits': 4, 'months': '1-3,9', 'effort': '大队=3'}}
    """
    days: dict[str, list[str]] = {}
    for row in efforts(tasks).itertuples(index=False):
        days.setdefault(row.task_id, []).append(f"{row.team}={row.days_per_visit:.12g}")
    return {
        task.task_id: {
            "planned_visits": int(task.planned_visits),
            "months": typed_months(task.periods),
            "effort": ";".join(days.get(task.task_id, ())),
        }
        for task in tasks.itertuples(index=False)
    }


def efforts_of(facts: Tasks) -> pd.DataFrame:
    """Return the effort of one visit as a version stores it: one row per task and team, as `visits.efforts`.

    >>> efforts_of({"P1": {"planned_visits": 4, "months": "1-3", "effort": "大队=3;危化科=0.5"}}).values.tolist()
    [['P1', '大队', 3.0], ['P1', '危化科', 0.5]]
    """
    pairs = [(code, pair) for code, fact in facts.items() for pair in str(fact["effort"]).split(";") if "=" in pair]
    rows = [(code, *pair.rsplit("=", 1)) for code, pair in pairs]
    return pd.DataFrame(
        [(code, team, float(days)) for code, team, days in rows], columns=["task_id", "team", "days_per_visit"]
    )


def officers_by_month(statutory: pd.DataFrame) -> dict[str, list[float]]:
    """Return the officers in service by team, January to December; whole where no one serves part of the time."""
    rows = statutory.sort_values("month")
    return {
        team: [int(count) if count == int(count) else float(count) for count in months["officer_count"]]
        for team, months in rows.groupby("team", sort=False)
    }


def causes(
    before: tuple[Tasks, Officers], now: tuple[Tasks, Officers], names: Mapping[str, str], fallen: Mapping[str, int]
) -> pd.DataFrame:
    """Return the differences of the tables (表的变动): one row each, with reason, where, before and after.

    `before` and `now` are `task_facts` and `officers_by_month`; `fallen` has the visits that are not in `now` any more
    because units have closed, by task.
    """
    rows = [*_task_rows(before[0], now[0], names, fallen), *_officer_rows(before[1], now[1])]
    return pd.DataFrame(rows, columns=COLUMNS)


def _task_rows(before: Tasks, now: Tasks, names: Mapping[str, str], fallen: Mapping[str, int]) -> Iterator[tuple]:
    for code in sorted({*before, *now}):
        where, old, new = f"{code} {names[code]}", before.get(code), now.get(code)
        if old is None or new is None:
            yield "临时任务" if old is None else "事项取消", where, _visits(old), _visits(new)
            continue
        yield from _total_rows(where, int(old["planned_visits"]), int(new["planned_visits"]), fallen.get(code, 0))
        for key, reason in _FACTS.items():
            if old[key] != new[key]:
                yield reason, where, str(old[key]), str(new[key])


def _visits(facts: Mapping[str, object] | None) -> str:
    return NONE if facts is None else f"{facts['planned_visits']} 家次"


def _total_rows(where: str, old: int, new: int, fallen: int) -> Iterator[tuple]:
    """Yield why a total differs: what the planner changed, then what fell away with closed units."""
    planned = new + min(fallen, max(old - new, 0))
    if planned != old:
        yield "家次调增" if planned > old else "家次调减", where, f"{old} 家次", f"{planned} 家次"
    if planned != new:
        yield "单位停业", where, f"{planned} 家次", f"{new} 家次"


def _officer_rows(before: Officers, now: Officers) -> Iterator[tuple]:
    for team in dict.fromkeys([*before, *now]):
        pairs = list(zip(before.get(team, [0] * 12), now.get(team, [0] * 12), MONTHS, strict=True))
        for (old, new), months in groupby(pairs, key=lambda pair: pair[:2]):
            if old != new:
                period = month_runs([month for _, _, month in months], ",")
                yield ("人员减少" if new < old else "人员增加", f"{team} {period} 月", f"{old:g} 人", f"{new:g} 人")


def why_moved(
    before: tuple[Tasks, Officers], now: tuple[Tasks, Officers], tasks: pd.DataFrame
) -> dict[tuple[str, int], str]:
    """Return why visits had to leave a month, by task and month: the task's months changed, or its team shrank."""
    fewer = {
        (team, month)
        for team, counts in before[1].items()
        for old, new, month in zip(counts, now[1].get(team, [0] * 12), MONTHS, strict=True)
        if new < old
    }
    teams = efforts(tasks).groupby("task_id")["team"].agg(list)
    reasons = {}
    for task in tasks.itertuples(index=False):
        allowed = {month for period in task.periods for month in period}
        for month in MONTHS:
            if month not in allowed and task.task_id in before[0]:
                reasons[task.task_id, month] = "月份变更"
            elif any((team, month) in fewer for team in teams[task.task_id]):
                reasons[task.task_id, month] = "人员减少"
    return reasons


def limited(limits: pd.DataFrame, visits: pd.DataFrame, closed: int) -> pd.DataFrame:
    """Return the limits (家次限制) a plan does not keep, of those with a month still open: one row each.

    `visits` is the plan (task_id, month, visits); `planned` what it has where the limit bounds it.

    >>> plan = pd.DataFrame({"task_id": ["P1", "P1"], "month": [8, 9], "visits": [3, 2]})
    >>> asked = pd.DataFrame({"task_id": ["P1"], "months": [(8,)], "minimum": [5], "maximum": [None]})
    >>> limited(asked, plan, 6)[["task_id", "months", "planned"]].values.tolist()
    [['P1', (8,), 3]]
    """
    rows = []
    for task_id, months, least, most in limits[["task_id", "months", "minimum", "maximum"]].itertuples(index=False):
        bound = visits[visits["month"].isin(months) & ((visits["task_id"] == task_id) | (task_id == ""))]
        planned, above = int(bound["visits"].sum()), pd.notna(most)
        if max(months) > closed and (planned < least or (above and planned > most)):
            rows.append((task_id, months, int(least), int(most) if above else None, planned))
    return pd.DataFrame(rows, columns=["task_id", "months", "minimum", "maximum", "planned"], dtype=object)


def limit_rows(broken: pd.DataFrame) -> pd.DataFrame:
    """Return the limits an older plan does not keep as rows of the differences of the tables (表的变动)."""
    rows = [
        (
            LIMIT,
            f"{row.task_id or '全部事项'} {month_runs(row.months, ',')} 月",
            f"{row.planned} 家次",
            "、".join([f"最少 {row.minimum}"] * (row.minimum > 0) + [f"最多 {row.maximum}"] * (row.maximum is not None))
            + " 家次",
        )
        for row in broken.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def why_limited(broken: pd.DataFrame, codes: Sequence[str], step: int) -> dict[tuple[str, int], str]:
    """Return where a limit makes visits leave a month (`step` -1) or come to it (+1), by task and month.

    A maximum takes from its own months; a minimum brings to its own and takes from the task's other months.
    """
    reasons = {}
    for row in broken.itertuples(index=False):
        short = row.planned < row.minimum
        inside = short == (step > 0)
        months = row.months if inside else () if not short else [month for month in MONTHS if month not in row.months]
        reasons |= {(code, month): LIMIT for code in ([row.task_id] if row.task_id else codes) for month in months}
    return reasons
