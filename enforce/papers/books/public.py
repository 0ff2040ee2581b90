"""The public output (公开件): the sheets that are published, and the only columns each may hold.

An allow-list: whatever is not listed here does not leave the bureau. The one writer of workbooks asks it, and refuses a
book whole rather than leave a column out without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from enforce.papers.books.book import Sheet
from enforce.papers.screen.cells import MONTHS, MONTHS_AND_QUARTERS, YEAR
from enforce.words.personal import personal
from enforce.words.problems import Flaw, Place, Problem
from enforce.words.terms import ALL_TEAMS, label

#: Stands for one column per team of the plan: the names in `Sheet.teams`.
TEAMS = "（各科队）"

_MONTH_COLUMNS = (*MONTHS_AND_QUARTERS, YEAR)
#: What a comparison of plan and done holds besides the words of its rows.
PROGRESS_COLUMNS = ("planned_visits", "done_visits", "差额(家次)", "numerator", "denominator", "completion")
#: What it holds besides of what was expected to the day.
PACE_COLUMNS = ("expected_visits", "pace_visits")
#: The numbers of a comparison by month: of the month, and of the year to date.
MONTHLY_COLUMNS = (
    *("planned_visits", "expected_visits", "done_visits", "差额(家次)", "month_completion"),
    *("expected_to_date", "done_to_date", "running_completion"),
)

#: Published sheet -> its columns. 附件1 and 附件3 go with the annual plan, 月公示 is the month's public list, the
#: others are the year-end summary. No officer and no remark stands in any of them, no unit but in the notices of the
#: month: those that may be announced (planning/names/lists.py), the drawn after their visit.
PUBLIC = {
    "执法计划安排表": ("序号", "group", "task", "tier", *_MONTH_COLUMNS, "planned_visits", "unplaced_visits"),
    "月度负荷": ("team", "line", *_MONTH_COLUMNS),
    "执法工作量核算": ("line", "细目", TEAMS, ALL_TEAMS, "占总法定", "follows"),
    "月度可安排": ("team", *_MONTH_COLUMNS),
    "月公示": (
        *("group", "task", "tier", "visits", "selection", "content", "objects", "commitments", "lead", "partners"),
    ),
    "检查后公布": ("task", "month", "objects"),
    "按事项": (
        *("task_id", "group", "task", "tier", "removed_visits", "closed_visits", "late_visits", "pace"),
        *(*PROGRESS_COLUMNS, *PACE_COLUMNS),
    ),
    "按月": ("month", "approved_visits", "unplanned_visits", "carried_visits", *MONTHLY_COLUMNS),
    "计划内外": ("scope", "numerator", "denominator", "rate"),
    "重点单位覆盖": ("scope", "numerator", "denominator", "rate"),
    "指标": ("measure", "scope", "numerator", "denominator", "unit", "rate", "definition"),
    "分母": (
        *("task_id", "task", "approved_visits", "changed_visits", "closed_visits", "removed_visits", "denominator"),
        *("done_visits", "completion", "approved_completion", "substituted_visits", "late_visits", "left_visits"),
    ),
    "各月处罚": ("penalty_basis", *MONTHS, YEAR),
    "不再检查": ("task_id", "removed_on", "removal", "removed_visits"),
    "差异": ("step", "visits", "moved_visits", "reason"),
    "各事项的差异": ("task", "variance", "reason", "less_visits", "more_visits", "changed_visits"),
    "口径说明": ("item", "count", "count_unit", "note"),
}


def public_problems(file: str, sheet: Sheet, rows: list[list]) -> Iterator[Problem]:
    """Yield what a published sheet holds that may not be published: columns not listed, personal numbers.

    >>> import pandas as pd
    >>> sheet = Sheet("月公示", pd.DataFrame({"task": ["甲"], "unit_id": ["91110000600037341L"]}))
    >>> print(*public_problems("a.xlsx", sheet, sheet.rows))
    工作表「月公示」「统一社会信用代码」：应为 公开清单里的列（enforce/papers/books/public.py）
    """
    if sheet.name not in PUBLIC:
        return
    listed = {name for entry in PUBLIC[sheet.name] for name in (sheet.teams if entry == TEAMS else (entry,))}
    for name in sheet.columns:
        if name not in listed:
            expected = "公开清单里的列（enforce/papers/books/public.py）"
            yield Problem(file, Place(sheet=sheet.name, column=label(name)), "", expected)
    head = [(Place("表头", sheet.name), text) for text in (*sheet.columns, sheet.title, sheet.unit, sheet.label)]
    cells = (
        (Place(sheet=sheet.name, row=n, column=label(name)), cell)
        for n, row in enumerate(rows, 1)
        for name, cell in zip(sheet.columns, row, strict=True)
    )
    for place, cell in (*head, *cells):
        if isinstance(cell, str) and (kind := personal(cell)):
            yield Problem(file, place, kind, "不含个人号码的文字（公开件）", Flaw.PERSONAL)
