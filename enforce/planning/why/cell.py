"""Why this month has this many (安排的理由): the plan solved again with one visit more or fewer, and what that costs.

Nothing is estimated: each answer is another plan, solved to its own proven optimum and compared stage by stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from enforce.planning.months.allocate import Allocation, allocate
from enforce.planning.months.position import LIMIT_COLUMNS, YEAR_START, Position
from enforce.words.months import MONTHS, months_text
from enforce.words.problems import Impossible
from enforce.words.terms import Stage

#: Stage of the proof -> what a planner calls the reason, in the order of the stages; the last is the order of months.
REASONS = {
    Stage.OVERLOAD: "产能",
    Stage.MOVES: "已公布",
    Stage.LOAD: "均衡",
    Stage.DISTANCE: "比例",
    Stage.ONLY: "早月",
}


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

    def again(self, task_id: str, month: int, minimum: int, maximum: float) -> Allocation | None:
        """Return the plan solved again with one bound more; None when it is proved that no plan keeps to it."""
        limits, columns = self.position.limits, list(LIMIT_COLUMNS)
        bound = pd.DataFrame([(task_id, (month,), minimum, maximum)], columns=columns)
        limits = bound if limits is None else pd.concat([limits[columns], bound], ignore_index=True)
        try:
            return allocate(self.tasks, self.capacity, replace(self.position, limits=limits))
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
    before, after = (_values(plan) for plan in (setting.allocation, other))
    for (stage, team), value in sorted(before.items(), key=lambda item: _place(*item)):
        new = after.get((stage, team), value)
        if new > value + 1e-9:
            return REASONS[stage], _cost(stage, team, value, new)
    return REASONS[Stage.ONLY], "同样好，只是家次排得更晚"


def _values(allocation: Allocation) -> dict[tuple[Stage, str], float]:
    """Return the value of each stage: loads by team, everything else for all teams together.

    Teams solved apart in one plan may be tied by the question in the other, so that only sums compare.
    """
    values: dict[tuple[Stage, str], float] = {}
    for row in allocation.proof.itertuples(index=False):
        if row.stage != Stage.ONLY:
            stage = row.stage, row.scope if row.stage == Stage.LOAD else ""
            values[stage] = values.get(stage, 0.0) + float(row.value)
    return values


def _place(stage: tuple[Stage, str], value: float) -> tuple:
    """Return where a stage stands in the order in which they are settled: the team loaded highest first."""
    kind, team = stage
    return [*Stage].index(kind), -value if team else 0, team


def _cost(stage: Stage, team: str, value: float, new: float) -> str:
    match stage:
        case Stage.LOAD:
            return f"{team}最高负荷由 {_share_note(value, new)} 升到 {_share_note(new, value)}"
        case Stage.OVERLOAD:
            return f"超负荷由 {value:.12g} 人日增到 {new:.12g} 人日"
        case Stage.MOVES:
            return "要再改动已公布的月份"
    return f"离各月可安排人日的比例再远 {_visits(new - value)} 家次"


def _share_note(share: float, other: float) -> str:
    """Return a share in percent, with as many digits as set it apart from another."""
    digits = next((n for n in range(1, 9) if f"{share:.{n}%}" != f"{other:.{n}%}"), 1)
    return f"{share:.{digits}%}"


def _visits(number: float) -> str:
    """Return visits to a tenth, or to the thousandth where that would be nothing.

    >>> _visits(1.26), _visits(0.014)
    ('1.3', '0.014')
    """
    return f"{number:.1f}" if number >= 0.05 else f"{number:.3f}"
