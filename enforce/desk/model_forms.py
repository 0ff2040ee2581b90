"""The columns of the tables that `workload` and `allocate` take (自备表格): headings, form of a cell, default.

They are those of a plan's own tables wherever there is one; what a plan's file gives beside its tables has a default.
"""

from __future__ import annotations

from dataclasses import replace

from enforce.desk.frames import frame_form
from enforce.inputs.tables.forms import FORMS
from enforce.sheets.columns import Column, half_days, integer
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT

_PLAN, _CREW = FORMS["tasks"], FORMS["roster"]
_ITEMS = {"other_enforcement_days": OTHER_ENFORCEMENT, "non_enforcement_days": NON_ENFORCEMENT}
#: A line of the account or an item of it, in either language -> (line, item); the item of a whole line is empty.
_ENTRIES = {
    word: (line, item)
    for line, items in _ITEMS.items()
    for item, text in {"": ACCOUNT_LINES[line], **items}.items()
    for word in (item or line, text)
}


def _subject(text: str) -> str:
    """Read the name of a task or a team; a row of sums would count everything twice."""
    if text in (ALL_TEAMS, "小计", "总计"):
        raise ValueError("一个事项或科队，不带合计行")
    return _PLAN.columns["team"].parse(text)


def _entry(text: str) -> tuple[str, str]:
    """Read a line of the account, or an item of it."""
    if text not in _ENTRIES:
        raise ValueError("其他执法工作日、非执法工作日，或核算表上它们的一个细目，如 机关值班")
    return _ENTRIES[text]


_TEAM = Column("team", _subject, "")
_MONTH = Column("month", integer(1, 12), dtype="int64", nature="count", units=("月", "月份"))
_DAYS = Column("days", half_days(0), dtype="float64", nature="days")
_WORDS = {"team": f"{_PLAN.words['team']} {_CREW.words['team']}", "month": "月份"}

TASKS = frame_form(
    "tasks",
    (
        Column("task_id", _subject),
        replace(_PLAN.columns["planned_visits"], parse=integer(0, 99_999)),
        replace(_PLAN.columns["periods"], blank=()),
        replace(_PLAN.columns["visit_days"], blank=1.0),
        replace(_PLAN.columns["officers_per_visit"], blank=2),
        _TEAM,
        _PLAN.columns["invited"],
    ),
    {
        **{name: _PLAN.words[name] for name in ("visit_days", "officers_per_visit", "invited", "team")},
        "task_id": f"task name 检查事项 {_PLAN.words['name']}",
        "planned_visits": f"visits {_PLAN.words['planned_visits']}",
        "periods": f"months {_PLAN.words['periods']}",
    },
)
CAPACITY = frame_form(
    "capacity",
    (_TEAM, _MONTH, replace(_DAYS, name="capacity_days")),
    {**_WORDS, "capacity_days": "可安排 可安排人日 可安排工作日 可安排工作日(人日) 人日 days"},
)
COUNTS = frame_form(
    "officers",
    (_TEAM, replace(_MONTH, blank=0), Column("officer_count", integer(0, 9_999), nature="count", units=("人",))),
    {**_WORDS, "officer_count": "人数 在岗人数 执法人员 执法人数 执法人员数 officers"},
)
ROSTER = frame_form(
    "officers",
    (
        _CREW.columns["officer_id"],
        _TEAM,
        replace(_CREW.columns["licensed"], blank=True),
        replace(_CREW.columns["from_month"], blank=1),
        replace(_CREW.columns["to_month"], blank=12),
    ),
    {name: _CREW.words[name] for name in ("officer_id", "team", "licensed", "from_month", "to_month")},
)
WORKDAYS = frame_form(
    "workdays",
    (_MONTH, Column("workdays", integer(0, 31), dtype="int64", nature="count", units=("天",))),
    {**_WORDS, "workdays": "法定工作日 工作日 天数 days"},
)
ESTIMATES = frame_form(
    "estimates",
    (_TEAM, Column("item", _entry, dtype="object", nature="word"), _DAYS),
    {**_WORDS, "item": "项目 line 工作项目", "days": "工作日 天数"},
)
KEY_PERIODS = frame_form("key_periods", (_TEAM, _MONTH, _DAYS), {**_WORDS, "days": "预留 重点时段预留 天数"})
