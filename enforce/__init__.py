"""The inspection planning workbook (执法计划工作簿): what a notebook calls, `import enforce as e`.

- a plan and its year: `open_year`; what if: `explore`; many of them at once: `sweep`
- the plan as it stands at the end of a day: `standing`; before a month: `month`; planned anew on a day: `replan`
- the visits of its next month on days, with officers: `month_schedule`
- the year against its plan: `summary`
- with tables of your own in place of a plan's files: `workload`, `allocate`
- the first lines of a book: `heading`, `conclusion`; how to make it anew: `command`
- tables as a planner reads them: `show`, `month_matrix`, `account_form`, `load_form`, `quarter_form`, `ways_note`
- charts: `need_against_capacity`, `task_month_heatmap`, `street_month_heatmap`, `plan_against_actual`,
  `completion_bars`, `coverage_bars`, `difference_heatmap`, `unplanned_shares`, `entry_number_bars`,
  `scenario_heatmap`, `officer_week_heatmap`
- files handed over at the end: `annual_files`, `monthly_files`, `summary_files`, `replan_files`, `sweep_files`
- what goes wrong with the input: `InputError`, `Problem`

Names are loaded on first use: a command that only says how it is used needs none of the libraries behind them.
"""

from importlib import import_module

_HOMES = {
    "open_year": "enforce.desk.year",
    "standing": "enforce.desk.standing",
    "month_schedule": "enforce.desk.month_schedule",
    "month": "enforce.desk.standing",
    "replan": "enforce.desk.standing",
    "summary": "enforce.desk.summary",
    "explore": "enforce.desk.explorer",
    "sweep": "enforce.desk.sweep",
    "workload": "enforce.desk.model",
    "allocate": "enforce.desk.model",
    "heading": "enforce.desk.titles",
    "command": "enforce.desk.titles",
    "conclusion": "enforce.desk.conclusion",
    "show": "enforce.papers.screen.display",
    "month_matrix": "enforce.papers.official",
    "account_form": "enforce.papers.official",
    "load_form": "enforce.papers.official",
    "quarter_form": "enforce.papers.official",
    "ways_note": "enforce.planning.why.ways",
    "need_against_capacity": "enforce.papers.screen.charts",
    "task_month_heatmap": "enforce.papers.screen.charts",
    "street_month_heatmap": "enforce.papers.screen.charts",
    "plan_against_actual": "enforce.papers.screen.charts",
    "completion_bars": "enforce.papers.screen.charts",
    "coverage_bars": "enforce.papers.screen.charts",
    "difference_heatmap": "enforce.papers.screen.charts",
    "unplanned_shares": "enforce.papers.screen.charts",
    "entry_number_bars": "enforce.papers.screen.charts",
    "scenario_heatmap": "enforce.papers.screen.charts",
    "officer_week_heatmap": "enforce.papers.screen.charts",
    "text_audit": "enforce.desk.paperwork.dossier",
    "annual_files": "enforce.desk.run.handover",
    "monthly_files": "enforce.desk.run.handover",
    "summary_files": "enforce.desk.run.handover",
    "replan_files": "enforce.desk.run.handover",
    "sweep_files": "enforce.desk.run.handover",
    "InputError": "enforce.words.problems",
    "Problem": "enforce.words.problems",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"enforce 没有 {name}；可用：{'、'.join(_HOMES)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
