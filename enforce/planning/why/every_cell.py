"""The reason of every cell at once (逐格理由): the first stage of the plan that one visit more would make worse.

`cell.why` solves the plan anew for one cell. Here nothing is solved to an optimum: each stage is fixed at its
value, and one asks whether any plan has a visit more somewhere. Each such plan answers for all cells in which it has
more; the proof that there is none answers for all the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from enforce.planning.months.exact import (
    MILLI,
    WHOLE,
    Capacity,
    Cell,
    Limits,
    Line,
    Model,
    Span,
    Work,
    build,
    distance_of,
    minimise,
    need_of,
    squares_of,
    zones_within,
)
from enforce.planning.months.loads import COMFORTABLE, Group, settled
from enforce.planning.months.position import open_plan
from enforce.planning.months.stages import groups, spans_on
from enforce.planning.why.cell import REASONS, UNSETTLED, Setting
from enforce.words.months import MONTHS, month_runs
from enforce.words.problems import Unsolved

DONE, WINDOW, BOUND = "已完成", "月份", "范围"

#: What one visit more in the month would mean, for each reason, in the order of the stages.
MEANINGS = {
    "可安排": "再多 1 家次就会超负荷",
    "已公布": "再多 1 家次就要多改动已公布的月份",
    "均衡": "再多 1 家次，某科队最忙的月份会更忙",
    "比例": "再多 1 家次，离各月可安排人日的比例更远",
    "早月": "再多 1 家次同样好，只是其他家次要排得更晚",
    UNSETTLED: "在限定的计算量内没有查明",
    "范围": "没有任何安排能再多 1 家次",
    "月份": "不在该事项允许的月份里",
    "已完成": "该月已过，不再变动",
}


def reasons(setting: Setting) -> pd.DataFrame:
    """Return the reason of each cell (逐格理由): one row per task and month; task_id, task, month, visits, reason."""
    given = open_plan(setting.tasks, setting.capacity, setting.position)
    visits = setting.allocation.visits.set_index(["task_id", "month"])["visits"].to_dict()
    plan = setting.open_visits(given)
    bound = {
        (given.lines[place].task_id, month): reason
        for (place, month), reason in binding(given.lines, given.room, plan, given.spans, given.comfortable).items()
    }
    rows = [
        (task.task_id, task.name, month, int(visits[task.task_id, month]), _reason(setting, task, month, bound))
        for task in setting.tasks.itertuples(index=False)
        for month in MONTHS
    ]
    return pd.DataFrame(rows, columns=["task_id", "task", "month", "visits", "reason"])


def _reason(setting: Setting, task: tuple, month: int, bound: Mapping[tuple[str, int], str]) -> str:
    if month <= setting.closed:
        return DONE
    if not any(month in months for months in task.periods):
        return WINDOW
    return bound.get((task.task_id, month), BOUND)


def reason_months(table: pd.DataFrame) -> pd.DataFrame:
    """Return the months of each reason, side by side: one row per task, a column per reason that binds anywhere.

    >>> rows = [("P1", "甲", month, 2, "均衡" if month < 4 else "月份") for month in (1, 2, 3, 5, 7, 8)]
    >>> reason_months(pd.DataFrame(rows, columns=["task_id", "task", "month", "visits", "reason"])).iloc[0].tolist()
    ['P1', '甲', '1-3', '5、7、8']
    """
    names = _reasons_in(table)
    rows = [
        (*task, *(month_runs(cells.loc[cells["reason"] == name, "month"], shortest=3) for name in names))
        for task, cells in table.groupby(["task_id", "task"], sort=False)
    ]
    return pd.DataFrame(rows, columns=["task_id", "task", *names])


def _reasons_in(table: pd.DataFrame) -> list[str]:
    return [reason for reason in MEANINGS if reason in set(table["reason"])]


def reason_note(table: pd.DataFrame) -> str:
    """Return what the reasons of a table mean, for the note below it."""
    return "；".join(f"{reason}：{MEANINGS[reason]}" for reason in _reasons_in(table))


def binding(
    lines: Sequence[Line],
    room: Capacity,
    plan: Mapping[Cell, int],
    spans: Sequence[Span] = (),
    comfortable: Fraction = COMFORTABLE,
) -> dict[Cell, str]:
    """Return the reason of each cell of a plan that is the best there is."""
    reason_of: dict[Cell, str] = {}
    work = Work()
    for teams, places in groups(lines, spans):
        members = [lines[place] for place in places]
        part = {(n, month): plan[place, month] for n, place in enumerate(places) for month in lines[place].months}
        group = Group(members, {team: room[team] for team in teams}, comfortable, work)
        answers = _of_group(group, part, spans_on(members, spans))
        reason_of |= {(places[n], month): reason for (n, month), reason in answers.items()}
    return reason_of


def _of_group(group: Group, plan: Mapping[Cell, int], spans: tuple[Span, ...]) -> dict[Cell, str]:
    open_cells, reason_of = sorted(plan), {}
    for reason, model in _stages(group, plan, spans):
        if open_cells:
            try:
                free = _with_more(model, plan, open_cells, group.work)
            except Unsolved:
                return reason_of | dict.fromkeys(open_cells, UNSETTLED)
            reason_of |= dict.fromkeys(free, reason)
            open_cells = [cell for cell in open_cells if cell not in free]
    return reason_of | dict.fromkeys(open_cells, BOUND)


def _stages(group: Group, plan: Mapping[Cell, int], spans: tuple[Span, ...]) -> Iterator[tuple[str, Model]]:
    """Yield the models with all stages settled, then one stage fewer each time, with the reason each would show."""
    lines, room = group.lines, group.capacity
    need, distance = need_of(lines, plan), distance_of(lines, room, plan)
    over = sum(max(halves - room[team][month], 0) for (team, month), halves in need.items())
    free = Limits(None, over, _moves(lines, plan), spans)
    level_limits = settled(free, group.highest(plan), group.bounds, group.comfortable)
    every = build(lines, room, level_limits, zones=zones_within(lines, room, distance))
    every.solver_model.add(every.deviation <= (distance - squares_of(lines, room)) // MILLI - every.constant)
    overload, moves, level, share, early = REASONS.values()
    yield early, every
    yield share, build(lines, room, level_limits, aim=False)
    yield level, build(lines, room, free, aim=False)
    if free.moves is not None:
        yield moves, build(lines, room, replace(free, moves=None), aim=False)
    yield overload, build(lines, room, Limits(overload=None, spans=spans), aim=False)


def _moves(lines: Sequence[Line], plan: Mapping[Cell, int]) -> int | None:
    if all(line.published is None for line in lines):
        return None
    return sum(
        cost * max(before - plan[place, month], 0)
        for place, line in enumerate(lines)
        if line.published is not None
        for month, before, cost in zip(
            line.months, line.published, line.move_costs or (1,) * len(line.months), strict=True
        )
    )


def _with_more(model: Model, plan: Mapping[Cell, int], cells: Sequence[Cell], work: Work) -> set[Cell]:
    """Return those of the cells in which some plan of the model has a visit more."""
    more = {cell: model.solver_model.new_bool_var("") for cell in cells}
    for cell, literal in more.items():
        model.solver_model.add(model.visits[cell] >= plan[cell] + 1).only_enforce_if(literal)
    free: set[Cell] = set()
    while len(free) < len(cells):
        model.solver_model.add_bool_or([more[cell] for cell in cells if cell not in free])
        other = minimise(model, 0, work, **WHOLE)
        if other is None:
            break
        free |= {cell for cell in cells if other.visits[cell] > plan[cell]}
    return free
