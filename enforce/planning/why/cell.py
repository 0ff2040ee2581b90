"""Why this month has this many (安排的理由): the plan solved again with one visit more or fewer, and what that costs.

Nothing is estimated: each answer is another plan, solved to its own proven optimum and compared stage by stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from enforce.planning.months import exact
from enforce.planning.months.allocate import Allocation, allocate
from enforce.planning.months.exact import Cell, Work
from enforce.planning.months.position import LIMIT_COLUMNS, YEAR_START, OpenPlan, Position
from enforce.words.months import MONTHS, months_text
from enforce.words.problems import Impossible
from enforce.words.terms import Stage

#: Stage of the proof -> what a planner calls the reason, in the order of the stages; the last is the order of months.
REASONS = {
    Stage.OVERLOAD: "可安排",
    Stage.MOVES: "已公布",
    Stage.LOAD: "均衡",
    Stage.DISTANCE: "比例",
    Stage.ONLY: "早月",
}

#: The reason where the computing ended before it was proved that something has to give.
UNSETTLED = "未查明"
QUESTIONS = 12  # how many questions may take as much computing as the plan: one a month


@dataclass(frozen=True)
class Setting:
    """A plan and what it was solved from: tasks, capacity, and the position of the year."""

    tasks: pd.DataFrame
    capacity: pd.DataFrame
    allocation: Allocation
    position: Position = YEAR_START

    @property
    def closed(self) -> int:
        """The last month that is over."""
        return self.position.closed

    def visits(self, task_id: str, month: int) -> int:
        """Return the visits planned for a task and month."""
        rows = self.allocation.visits
        return int(rows.loc[(rows["task_id"] == task_id) & (rows["month"] == month), "visits"].sum())

    def done(self, task_id: str, month: int) -> int:
        """Return the visits already done in a month that has begun: these stay."""
        return self.position.done_visits().get((task_id, month), 0) if month > self.closed else 0

    def open_visits(self, given: OpenPlan) -> dict[Cell, int]:
        """Return the visits still to be made, by line and month of the plan that was to be solved."""
        visits = self.allocation.visits.set_index(["task_id", "month"])["visits"].to_dict()
        return {
            (place, month): visits[line.task_id, month] - given.done.get((line.task_id, month), 0)
            for place, line in enumerate(given.lines)
            for month in line.months
        }

    def again(self, task_id: str, month: int, minimum: int, maximum: float) -> Allocation | None:
        """Return the plan solved again with one bound more; None when it is proved that no plan keeps to it."""
        limits, columns = self.position.limits, list(LIMIT_COLUMNS)
        bound = pd.DataFrame([(task_id, (month,), minimum, maximum)], columns=columns)
        limits = bound if limits is None else pd.concat([limits[columns], bound], ignore_index=True)
        try:
            work = Work(exact.WORK / QUESTIONS)
            return allocate(self.tasks, self.capacity, replace(self.position, limits=limits), work)
        except Impossible:
            return None


def why(setting: Setting, task_id: str, month: int) -> dict:
    """Return the reason of one cell (为什么是这个数): task_id, task, month, visits, reason, message.

    The reason is the first stage that would be worse with one visit more.
    """
    task = setting.tasks.set_index("task_id").loc[task_id]
    visits = setting.visits(task_id, month)
    row = {"task_id": task_id, "task": task["name"], "month": month, "visits": visits}
    allowed = {m for months in task["periods"] for m in months}
    if month <= setting.closed:
        return {**row, "reason": "已完成", "message": f"{month} 月已过，按检查记录为 {visits} 家次，不再变动。"}
    if month not in allowed:
        window = months_text(sorted(allowed))
        return {**row, "reason": "月份", "message": f"该事项允许的月份是 {window}，不含 {month} 月。"}
    done = setting.done(task_id, month)
    reason, more = _answer(setting, setting.again(task_id, month, visits + 1, float("nan")))
    fewer = _answer(setting, setting.again(task_id, month, 0, visits - 1))[1] if visits > done else ""
    planned = f"安排 {visits} 家次" + (f"（其中 {done} 家次已完成）" if done else "")
    parts = [planned, f"再多 1 家次，{more}"] + ([f"再少 1 家次，{fewer}"] if fewer else [])
    return {**row, "reason": reason, "message": "；".join(parts) + "。"}


def one_more(setting: Setting, month: int) -> dict:
    """Return what would have to give for one visit more in a month (再加 1 家次): month, visits, reason, message."""
    rows = setting.allocation.visits
    total = int(rows.loc[rows["month"] == month, "visits"].sum())
    row = {"month": month, "visits": total}
    if month <= setting.closed:
        return {**row, "reason": "已完成", "message": f"{month} 月已过。"}
    other = setting.again("", month, total + 1, float("nan"))
    reason, cost = _answer(setting, other)
    moved = _moved(setting, other) if other is not None else ""
    return {**row, "reason": reason, "message": f"{month} 月再加 1 家次，{moved}{cost}。"}


def one_more_by_month(setting: Setting) -> pd.DataFrame:
    """Return what one visit more would cost in each month: one row per month."""
    return pd.DataFrame([one_more(setting, month) for month in MONTHS])


def _moved(setting: Setting, other: Allocation) -> str:
    both = setting.allocation.visits.merge(other.visits, on=["task_id", "month"], suffixes=("", "_other"))
    change = both["visits_other"] - both["visits"]
    names = setting.tasks.set_index("task_id")["name"]
    steps = [
        f"{names[row.task_id]} {row.month} 月 {step:+d}"
        for row, step in zip(both.itertuples(), change, strict=True)
        if step
    ]
    return f"要改 {'、'.join(steps[:6])}{'等' if len(steps) > 6 else ''}；" if steps else ""


def _answer(setting: Setting, other: Allocation | None) -> tuple[str, str]:
    """Return the first stage at which another plan is worse, and what it costs."""
    if other is None:
        return "范围", "没有任何安排做得到"
    for stage, reason in REASONS.items():
        before, after = (_rows(plan, stage) for plan in (setting.allocation, other))
        if stage == Stage.LOAD:
            team = _busier(before["value"], after["value"], setting.position.comfortable_load)
            worse, cost = bool(team), team and _load_cost(team, before["value"], after["value"])
        else:
            was, now = before["value"].sum(), after["value"].sum()
            worse, cost = now > was + 1e-9, _cost(stage, was, now)
        if worse:
            return (reason, cost) if after["proved"].all() else (UNSETTLED, "在限定的计算量内没有查明要付出什么")
    return REASONS[Stage.ONLY], "同样好，只是家次排得更晚"


def _rows(allocation: Allocation, stage: Stage) -> pd.DataFrame:
    """Return the rows of a stage by scope; of the last one nothing, since it has no cost.

    Teams solved apart in one plan may be tied by the question in the other, so that only sums compare.
    """
    rows = allocation.proof[allocation.proof["stage"] == stage].set_index("team")
    return rows.iloc[:0] if stage == Stage.ONLY else rows


def _busier(before: pd.Series, after: pd.Series, comfortable: float) -> str:
    """Return a team whose load is why the highest loads, in order, are worse; '' where they are not worse."""
    was, now = (loads.clip(lower=comfortable).sort_values(ascending=False).tolist() for loads in (before, after))
    worse = next((n for n, (old, new) in enumerate(zip(was, now, strict=True)) if abs(new - old) > 1e-9), None)
    if worse is None or now[worse] < was[worse]:
        return ""
    return min(team for team in after.index if after[team] > now[worse] - 1e-9 and before[team] < now[worse] - 1e-9)


def _load_cost(team: str, before: pd.Series, after: pd.Series) -> str:
    was, now = float(before[team]), float(after[team])
    return f"{team}最高负荷由 {_share_note(was, now)} 升到 {_share_note(now, was)}"


def _cost(stage: Stage, was: float, now: float) -> str:
    match stage:
        case Stage.OVERLOAD:
            return f"超负荷由 {was:.12g} 人日增到 {now:.12g} 人日"
        case Stage.MOVES:
            return "要再改动已公布的月份"
    return f"离各月可安排人日的比例更远，平方和多 {_squares(now - was)}"


def _share_note(share: float, other: float) -> str:
    """Return a share in percent, with as many digits as set it apart from another."""
    digits = next((n for n in range(1, 9) if f"{share:.{n}%}" != f"{other:.{n}%}"), 1)
    return f"{share:.{digits}%}"


def _squares(number: float) -> str:
    """Return squares of visits to a tenth, or with the digits that tell them from nothing.

    >>> _squares(1.26), _squares(0.014)
    ('1.3', '0.014')
    """
    return next((text for n in (1, 3, 6) if float(text := f"{number:.{n}f}")), f"{number:g}")
