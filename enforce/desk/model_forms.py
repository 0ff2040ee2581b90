"""The columns of the tables that `workload` and `allocate` take (自备表格): headings, form of a cell, default.

They are those of a plan's own tables wherever there is one; what a plan's file gives beside its tables has a default.
"""

from __future__ import annotations

from dataclasses import replace

from enforce.desk.frames import frame_form
from enforce.inputs.tables.forms import FORMS
from enforce.papers.official import ITEMS
from enforce.sheets.columns import Column, half_days, integer
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS

_PLANNED, _CREW = FORMS["tasks"], FORMS["roster"]
#: A line of the account or an item of it, in either language -> (line, item); the item of a whole line is empty.
_ACCOUNT_ENTRIES = {
    word: (line, item)
    for line, items in ITEMS.items()
    for item, text in {"": ACCOUNT_LINES[line], **items}.items()
    for word in (item or line, text)
}


def _unsummed(text: str) -> str:
    """Read the name of a task or a team; a row of sums would count everything twice."""
    if text in (ALL_TEAMS, "小计", "总计"):
        raise ValueError("一个事项或科队，不带合计行")
    return _PLANNED.columns["team"].parse(text)


def _account_entry(text: str) -> tuple[str, str]:
    """Read a line of the account, or an item of it."""
    if text not in _ACCOUNT_ENTRIES:
        raise ValueError("其他执法工作日、非执法工作日，或核算表上它们的一个细目，如 机关值班")
    return _ACCOUNT_ENTRIES[text]


_TEAM = Column("team", _unsummed, "")
_MONTH = Column("month", integer(1, 12), dtype="int64", nature="count", units=("月", "月份"))
_DAYS = Column("days", half_days(0), dtype="float64", nature="days")
_SHARED_HEADINGS = {"team": f"{_PLANNED.words['team']} {_CREW.words['team']}", "month": "月份"}

_TASK_FORM = frame_form(
    "tasks",
    (
        Column("task_id", _unsummed),
        replace(_PLANNED.columns["planned_visits"], parse=integer(0, 99_999)),
        replace(_PLANNED.columns["periods"], blank=()),
        replace(_PLANNED.columns["visit_days"], blank=1.0, parse=half_days(0.5)),
        replace(_PLANNED.columns["officers_per_visit"], blank=2),
        _TEAM,
        _PLANNED.columns["invited"],
    ),
    {
        **{name: _PLANNED.words[name] for name in ("visit_days", "officers_per_visit", "invited", "team")},
        "task_id": f"task name 检查事项 {_PLANNED.words['name']}",
        "planned_visits": f"visits {_PLANNED.words['planned_visits']}",
        "periods": f"months {_PLANNED.words['periods']}",
    },
)
TASK_FORM = replace(_TASK_FORM, extras=(_PLANNED.columns["content"],), stand_ins=(("task_id", "content"),))
CAPACITY_FORM = frame_form(
    "capacity",
    (_TEAM, _MONTH, replace(_DAYS, name="capacity_days")),
    {**_SHARED_HEADINGS, "capacity_days": "可安排 可安排人日 可安排工作日 可安排工作日(人日) 人日 days"},
)
COUNT_FORM = frame_form(
    "officers",
    (_TEAM, replace(_MONTH, blank=0), Column("officer_count", integer(0, 9_999), nature="count", units=("人",))),
    {**_SHARED_HEADINGS, "officer_count": "人数 在岗人数 执法人员 执法人数 执法人员数 officers"},
)
ROSTER_FORM = frame_form(
    "officers",
    (
        _CREW.columns["officer_id"],
        _TEAM,
        replace(_CREW.columns["licensed"], blank=True),
        replace(_CREW.columns["from_month"], blank=1),
        replace(_CREW.columns["to_month"], blank=12),
        _CREW.columns["share"],
    ),
    {name: _CREW.words[name] for name in ("officer_id", "team", "licensed", "from_month", "to_month", "share")},
)
WORKDAY_FORM = frame_form(
    "workdays",
    (_MONTH, Column("workdays", integer(0, 31), dtype="int64", nature="count", units=("天",))),
    {**_SHARED_HEADINGS, "workdays": "法定工作日 工作日 天数 days"},
)
ESTIMATE_FORM = frame_form(
    "estimates",
    (_TEAM, Column("item", _account_entry, dtype="object", nature="word"), _DAYS),
    {**_SHARED_HEADINGS, "item": "项目 line 工作项目", "days": "工作日 天数"},
)
KEY_PERIOD_FORM = frame_form(
    "key_periods", (_TEAM, _MONTH, _DAYS), {**_SHARED_HEADINGS, "days": "预留 重点时段预留 天数"}
)
