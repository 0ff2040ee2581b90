"""The opening (开卷核对): what the plan, its calendar and its tables say together that no work can be planned from."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from enforce.inputs.calendar import Calendar
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import Tables
from enforce.inputs.tables.of_plan import table_files
from enforce.planning.changes.causes import spans
from enforce.words.problems import Flaw, Place, Problem
from enforce.words.texts import shown, shown_path


def unworkable(plan: Plan, calendar: Calendar, tables: Tables) -> Iterator[Problem]:
    """Yield key periods and tasks that have no workday, and tasks whose team has nobody in any of their months."""
    yield from _idle_periods(plan, calendar)
    file = shown_path(table_files(plan)[0]["tasks"])
    yield from _idle_tasks(file, tables.tasks, calendar)
    yield from _nobody(file, tables)


def _idle_periods(plan: Plan, calendar: Calendar) -> Iterator[Problem]:
    for n, period in enumerate(plan.key_periods):
        days = sum(reserved.days for reserved in period.reserved_days)
        if days and not calendar.between(period.from_date, period.to_date):
            found = f"{period.name}：{period.from_date} 至 {period.to_date}"
            expected = f"有工作日的时段（这几天都不上班，预留不了 {days:g} 人日）"
            yield Problem(shown_path(plan.path), Place(f"key_periods[{n}]"), found, expected, Flaw.CONFLICT)


def _idle_tasks(file: str, tasks: pd.DataFrame, calendar: Calendar) -> Iterator[Problem]:
    workdays = calendar.workdays().set_index("month")["workdays"]
    for task in tasks.itertuples():
        months = [month for period in task.periods for month in period]
        if not workdays[months].any():
            yield Problem(
                file, Place(task.task_id, column="月份"), spans(months), "至少有一个工作日的月份", Flaw.CONFLICT
            )


def _nobody(file: str, tables: Tables) -> Iterator[Problem]:
    licensed = tables.roster[tables.roster["licensed"].astype(bool)]
    for task in tables.tasks.itertuples():
        months = [month for period in task.periods for month in period]
        own = licensed[licensed["team"] == task.team]
        if not any(((own["from_month"] <= month) & (month <= own["to_month"])).any() for month in months):
            expected = f"{spans(months)} 月里有持证人员在岗的科队（名册里没有）"
            yield Problem(file, Place(task.task_id, column="科队"), shown(task.team), expected, Flaw.CONFLICT)
