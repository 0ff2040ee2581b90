"""Changes of a plan (计划调整): what moved between two versions, why, what had to, and what it does to the shares.

A version is a table of visits by task and month. Done visits never move; a change is either forced (work slipped, days
lost, work ordered or taken back) or chosen (where the plan then puts it).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from enforce.words.months import MONTHS
from enforce.words.terms import Tier

COLUMNS = ["task_id", "task", "month", "approved_visits", "visits", "changed_visits", "reason", "forced"]
ORDERED, DROPPED, RAISED, LOWERED, CLOSED = "临时任务", "事项取消", "家次调增", "家次调减", "单位停业"
ARRIVED, LEFT = "移入", "移出"  # where no cause is on record
TOTALS = {ORDERED, DROPPED, RAISED, LOWERED, CLOSED}  # reasons for which a task's total is another one

Reason = tuple[tuple[str, ...], bool]  # why a month differs, and whether it had to


def changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    tasks: pd.DataFrame,
    closed: int = 0,
    *,
    dropped: Mapping[str, str] | None = None,
    begun: Mapping[str, int] | None = None,
    fallen: Mapping[str, int] | None = None,
    moved: Mapping[tuple[str, int], str] | None = None,
    drawn: Mapping[tuple[str, int], str] | None = None,
) -> pd.DataFrame:
    """Return the change order (调整单): one row per task and month that differs, in 家次, with reason and 必须 or 选择;
    `total_changed` where the task's total is another one.

    `before` and `after` have task_id, month, visits; `dropped` names tasks of the older version that are gone;
    `begun` has what is already done, by task, in the month after `closed`; `fallen` what falls away by task because its
    units have closed; `moved` the reason why visits of a task had to leave a month, where the tables give one, `drawn`
    why they had to come to one.

    >>> tasks = pd.DataFrame({"task_id": ["P1"], "name": ["甲"]})
    >>> plan = pd.DataFrame({"task_id": ["P1", "P1"], "month": [3, 5], "visits": [4, 0]})
    >>> new = plan.assign(visits=[3, 1])
    >>> changes(plan, new, tasks, closed=3)[["month", "changed_visits", "reason", "forced"]].values.tolist()
    [[3, -1, '逾期未做', True], [5, 1, '逾期补排', False]]
    """
    names = {**(dropped or {}), **dict(zip(tasks["task_id"], tasks["name"], strict=True))}
    old, new = _cells(before), _cells(after)
    rows = []
    for code in sorted({code for code, _ in (*old, *new)}):
        steps = {m: new.get((code, m), 0) - old.get((code, m), 0) for m in MONTHS}
        known = any(task == code for task, _ in old)
        early = max((begun or {}).get(code, 0) - old.get((code, closed + 1), 0), 0)
        if not known or code in (dropped or {}):
            reasons = dict.fromkeys(steps, ((DROPPED if known else ORDERED,), True))
        else:
            by_month = _months(code, moved), _months(code, drawn)
            reasons = _reasons(steps, closed, early, (fallen or {}).get(code, 0), by_month)
        for month, step in steps.items():
            if step:
                was, (words, forced) = old.get((code, month), 0), reasons[month]
                change = was, was + step, step, "、".join(words), forced, not TOTALS.isdisjoint(words)
                rows.append((code, names[code], month, *change))
    return pd.DataFrame(rows, columns=[*COLUMNS, "total_changed"])


def _cells(visits: pd.DataFrame) -> dict[tuple[str, int], int]:
    rows = zip(visits["task_id"], visits["month"], visits["visits"], strict=True)
    return {(code, int(month)): int(count) for code, month, count in rows}


def _months(code: str, reasons: Mapping[tuple[str, int], str] | None) -> dict[int, str]:
    return {month: reason for (task, month), reason in (reasons or {}).items() if task == code}


def _reasons(
    steps: Mapping[int, int],
    closed: int,
    early: int,
    fallen: int,
    by_month: tuple[Mapping[int, str], Mapping[int, str]],
) -> dict[int, Reason]:
    """Return why each month of one task differs, and whether it had to.

    What was done ahead (`early`: in the month begun) is taken off later months and what slipped is made up in them, in
    order; then what falls away with closed units (`fallen`); a changed total shows next; whatever remains has been
    moved, for the reason a month gives (`by_month`: to leave it, to come to it).
    """
    leaving, coming = by_month
    past = {month: step for month, step in steps.items() if month <= closed}
    ahead = sum(past.values())
    early = max(early + min(ahead, 0), 0)
    total = sum(steps.values())
    more = [["提前完成", True, 0], ["逾期补排", False, max(-ahead, 0)], [RAISED, True, max(total, 0)]]
    less = [
        ["已提前完成", True, max(ahead, 0) + early],
        [CLOSED, True, fallen],
        [LOWERED, True, max(-total - fallen, 0)],
    ]
    reasons = _past_reasons(past)
    for month, step in steps.items():
        if month <= closed:
            continue
        more[0][2] = early if month == closed + 1 else 0
        if step > 0:
            reasons[month] = _share_out(more, step, (coming.get(month, ARRIVED), month in coming))
        else:
            reasons[month] = _share_out(less, -step, (leaving.get(month, LEFT), True))
    return reasons


def _past_reasons(past: Mapping[int, int]) -> dict[int, Reason]:
    """Return why months that are over differ: what slipped and was made up later, what was done ahead and left out."""
    reasons, ahead = {}, 0
    for month, step in past.items():
        if step > 0:
            reasons[month] = _share_out([["逾期补做", True, max(-ahead, 0)]], step, ("提前完成", True))
        else:
            reasons[month] = _share_out([["已提前完成", True, max(ahead, 0)]], -step, ("逾期未做", True))
        ahead += step
    return reasons


def _share_out(causes: list[list], count: int, otherwise: tuple[str, bool]) -> Reason:
    """Return the causes that account for so many visits, and take off each what it accounts for."""
    used = []
    for cause in causes:
        word, forced, visits = cause
        part = min(visits, count)
        cause[2], count = visits - part, count - part
        used += [(word, forced)] if part else []
    used += [otherwise] if count else []
    return tuple(word for word, _ in used), any(forced for _, forced in used)


def moved_visits(order: pd.DataFrame, closed: int = 0) -> int:
    """Return how many visits left a month still open (移动家次): what a reader of the published plan would notice."""
    out = order[(order["month"] > closed) & (order["changed_visits"] < 0)]
    return int(-out["changed_visits"].sum())


def displaced(without: pd.DataFrame, with_orders: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the visits that ordered work displaces (临时任务挤占): one row per task and month of the other tasks.

    `without` is the plan as it would be without the ordered tasks, `with_orders` the plan with them.
    """
    ordered = set(with_orders["task_id"]) - set(without["task_id"])
    others = with_orders[~with_orders["task_id"].isin(ordered)]
    order = changes(without, others, tasks)
    return order[order["changed_visits"] < 0].reset_index(drop=True)[["task_id", "task", "month", "changed_visits"]]


def effects(before: Mapping[str, object], after: Mapping[str, object], closed: int = 0) -> pd.DataFrame:
    """Return what a change does (调整的影响): one row per figure, printed before and after.

    Each side has `tasks` (tier, planned_visits; tier '' where it is not known any more) and `loads` (team, month, load,
    overload_days). With months `closed`, overload and loads are also given for the months after them alone.
    """
    rows = [(item, figure(before), figure(after)) for item, figure in _FIGURES.items()]
    gone = int(before["tasks"].loc[before["tasks"]["tier"] == "", "planned_visits"].sum())
    if gone:
        rows.insert(-1, ("已取消的事项", _share(gone, before["tasks"]), "0 家次"))
    rows += _highest_rows(before["loads"], after["loads"], "")
    if 0 < closed < 12:
        was, now = (side["loads"][side["loads"]["month"] > closed] for side in (before, after))
        since = f"（{closed + 1} 月起）"
        rows += [(f"超负荷{since}", _overload(was), _overload(now)), *_highest_rows(was, now, since)]
    return pd.DataFrame(rows, columns=["item", "before", "after"])


def _highest_rows(was: pd.DataFrame, now: pd.DataFrame, since: str) -> list[tuple[str, str, str]]:
    teams = dict.fromkeys([*was["team"], *now["team"]])
    return [(f"{team}最高负荷{since}", _highest(was, team), _highest(now, team)) for team in teams]


def _overload(loads: pd.DataFrame) -> str:
    return f"{loads['overload_days'].sum():.12g} 人日"


def _highest(loads: pd.DataFrame, team: str) -> str:
    months = loads[loads["team"] == team]["load"].dropna()
    return f"{months.max():.1%}" if len(months) else "—"


def _tier_share(side: Mapping, tier: Tier) -> str:
    tasks = side["tasks"]
    return _share(int(tasks.loc[tasks["tier"] == tier, "planned_visits"].sum()), tasks)


def _share(visits: int, tasks: pd.DataFrame) -> str:
    total = int(tasks["planned_visits"].sum())
    return f"{visits} 家次（{visits / total:.1%}）" if total else f"{visits} 家次"


_FIGURES = {
    "全年计划家次": lambda side: f"{int(side['tasks']['planned_visits'].sum())} 家次",
    "重点检查": lambda side: _tier_share(side, Tier.KEY),
    "一般检查": lambda side: _tier_share(side, Tier.GENERAL),
    "超负荷": lambda side: _overload(side["loads"]),
}


def approver(totals_changed: bool, total_needs_approval: bool | None) -> str:
    """Return who must approve a change (由谁批准), by whether totals change; the rule may be unknown (None).

    >>> approver(False, None)
    '各月之间调整，总数不变：由本局审定，月度安排照此执行'
    """
    if not totals_changed:
        return "各月之间调整，总数不变：由本局审定，月度安排照此执行"
    if total_needs_approval is None:
        return "家次总数有变化：是否须报原批准机关批准、重新备案未见规定，请请示"
    return "家次总数有变化：报原批准机关批准并备案" if total_needs_approval else "家次总数有变化：由本局审定并备案"
