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

#: Name -> its module, in the order in which they are offered.
_HOMES = {
    name: f"enforce.{module}"
    for module, names in (
        ("desk.year", "open_year"),
        ("desk.standing", "standing"),
        ("desk.month_schedule", "month_schedule"),
        ("desk.standing", "month replan"),
        ("desk.summary", "summary"),
        ("desk.explorer", "explore"),
        ("desk.sweep", "sweep"),
        ("desk.model", "workload allocate"),
        ("desk.titles", "heading command"),
        ("desk.conclusion", "conclusion"),
        ("papers.screen.display", "show"),
        ("papers.official", "month_matrix account_form load_form quarter_form"),
        ("planning.why.ways", "ways_note"),
        ("papers.screen.charts", "need_against_capacity task_month_heatmap street_month_heatmap plan_against_actual"),
        ("papers.screen.charts", "completion_bars coverage_bars difference_heatmap unplanned_shares"),
        ("papers.screen.charts", "entry_number_bars scenario_heatmap officer_week_heatmap"),
        ("desk.paperwork.dossier", "text_audit"),
        ("desk.run.handover", "annual_files monthly_files summary_files replan_files sweep_files"),
        ("words.problems", "InputError Problem"),
    )
    for name in names.split()
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"enforce 没有 {name}；可用：{'、'.join(_HOMES)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
