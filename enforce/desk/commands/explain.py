"""The questions (问理由): why a month has as many visits as it has, and what one visit more would need."""

from __future__ import annotations

from pathlib import Path

from enforce.desk.standing import replan
from enforce.desk.year import Year, open_year
from enforce.papers.screen.display import show
from enforce.planning.why.cell import Setting, why
from enforce.planning.why.cell import one_more as another
from enforce.planning.why.every_cell import reason_months, reason_note, reasons
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.texts import nearest, shown


def answer(
    plan: str | Path,
    task: str = "",
    month: int | None = None,
    *,
    one_more: bool = False,
    as_of: str = "",
    base: str = "",
) -> list[str]:
    """Return the answer, a line each: one cell, the months of one task, one month of all tasks, or the whole plan.

    With `one_more`, what one visit more would need, in one month or in each. With `as_of`, of the plan as it can be
    from the day after it on, departing from the version `base`. InputError when there is no such task.

    >>> answer("params/putuo-2024.yaml", "P05", 7)
    ['P05 清剿特种作业操作证假证专项 7 月：该事项允许的月份是 一季度，不含 7 月。']
    """
    year = open_year(plan)
    task = task and task_called(year, task)
    setting = replan(year, as_of, base).setting if as_of else year.setting
    if one_more:
        return [another(setting, each)["message"] for each in ([month] if month else range(1, 13))]
    if task:
        return [_cell(setting, year, task, each) for each in ([month] if month else range(1, 13))]
    return [_table(setting, month)]


def task_called(year: Year, word: str) -> str:
    """Return the code of a task from its code or its name; InputError with the nearest of them for another word."""
    codes = {**{name: code for code, name in year.names.items()}, **{code: code for code in year.names}}
    if word not in codes:
        expected = f"{'、'.join(year.names)} 之一{nearest(word, codes, cutoff=0.25)}"
        refuse([Problem("命令", Place("--task"), shown(word), expected, Flaw.UNKNOWN)])
    return codes[word]


def _cell(setting: Setting, year: Year, task: str, month: int) -> str:
    return f"{task} {year.names[task]} {month} 月：{why(setting, task, month)['message']}"


def _table(setting: Setting, month: int | None) -> str:
    table = reasons(setting)
    if month:
        table = table[table["month"] == month].drop(columns="month")
        return str(show(table, f"{month} 月为什么是这么多", note=reason_note(table)))
    return str(show(reason_months(table), "各月为什么是这么多（数字是月份）", note=reason_note(table)))
