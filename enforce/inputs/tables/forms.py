"""The forms (表式): the five tables the program reads, each with its columns, and the tables of one plan.

`required` columns must stand in the tables of a plan. A file that is only checked needs the `minimum` of its form;
columns it lacks are left empty and named, never filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from enforce.inputs.tables.synonyms import synonyms
from enforce.sheets.codes import credit_code
from enforce.sheets.columns import (
    FULL,
    Column,
    half_days,
    identifier,
    impersonal,
    integer,
    many,
    one_of,
    part_of_time,
    periods,
    short_text,
    term,
    window,
    yes_no,
)
from enforce.sheets.form import Form
from enforce.words.personal import CARD, personal
from enforce.words.problems import Flaw, Problem, Unfit
from enforce.words.terms import Basis, Exclusion, Hazard, Kind, Level, Selection, State, Tier, Trigger
from enforce.words.texts import one_line, real_date

_SEPARATORS = str.maketrans("；＝", ";=")


def officer_id(text: str) -> str:
    """Read the number a bureau gives to an officer: no name and no personal number, for it goes into the ledger."""
    if kind := personal(text):
        raise Unfit(f"局内的人员编号，如 PT-01（这里是{kind}，请改用编号）", Flaw.PERSONAL)
    if not text.isascii():
        raise ValueError("局内的人员编号，如 PT-01（英文字母、数字、- 和 _ 组成，不填姓名）")
    return identifier(text)


def number_of_visit(text: str) -> str:
    """Read the number a system gives to a visit: eleven digits may be one, an identity card may not."""
    return impersonal(short_text, CARD)(text)


def invited(text: str) -> tuple[tuple[str, float], ...]:
    """Read invited sections with their officer-days per visit (人日/家次).

    >>> invited("危化科=0.5;法宣科=0")
    (('危化科', 0.5), ('法宣科', 0.0))
    """
    pairs = [part.partition("=") for part in text.translate(_SEPARATORS).split(";")]
    try:
        sections = tuple((short_text(team.strip()), half_days(0)(days.strip())) for team, _, days in pairs)
    except ValueError:
        sections = ()
    if not sections or len(dict(sections)) < len(sections):
        raise ValueError("科室=每家次人日，用分号隔开、不重复，如 危化科=0.5;法宣科=0")
    return sections


_line, _name = impersonal(one_line), impersonal(short_text)
_sentence = impersonal(partial(one_line, limit=500))
_visits = partial(Column, parse=integer(0), dtype="int64", nature="count", units=("家次", "次"), additive=True)
_units = partial(Column, parse=integer(0), dtype="int64", nature="count", units=("家", "户", "个"), additive=True)
_hazards = partial(
    Column, parse=integer(0), dtype="int64", nature="count", units=("项", "条", "处", "个"), additive=True
)
_other = ("张", "件", "人", "人次", "项", "个", "起", "处", "条")
_month = partial(Column, parse=integer(1, 12), dtype="int64", nature="count", units=("月", "月份"))
_id = partial(Column, nature="id")
_list = partial(Column, dtype="object", blank=(), nature="list")

_RISK_WORDS = {"重大": "红", "较大": "橙", "一般": "黄", "低": "蓝"}
_LEVEL_WORDS = {"市": "市级", "区": "区级", "街镇": "街镇级", "街道": "街镇级", "街道级": "街镇级", "镇级": "街镇级"}
_STATE_WORDS = {
    **dict.fromkeys(
        ["在业", "存续", "开业", "在册", "正常", "营业", "正常营业", "在产", "正常生产", "存续(在营、开业、在册)"],
        "在营",
    ),
    **dict.fromkeys(["停产", "停产停业", "歇业", "停工"], "停业"),
    **dict.fromkeys(["关停", "破产", "拆除", "拆迁"], "关闭"),
    **dict.fromkeys(["吊销", "吊销,未注销", "吊销,已注销"], "注销"),
}

TASKS = (
    _id("task_id", identifier),
    Column("group", _name),
    Column("name", _line, header="检查事项"),
    Column("tier", term(Tier), nature="word"),
    Column("kind", term(Kind), nature="word"),
    _visits("planned_visits"),
    _units("planned_units"),
    Column("counted_items", integer(0), 0, required=False, dtype="int64", nature="count", units=_other, additive=True),
    Column("counted_unit", _name, "", required=False),
    Column("periods", periods, dtype="object", nature="periods"),
    Column("visit_days", half_days(0.5), dtype="float64", nature="days"),
    Column("officers_per_visit", integer(1, 100), dtype="int64", nature="count", units=("人",)),
    Column("team", _name),
    _list("invited", invited, required=False),
    Column("selection", term(Selection), nature="word"),
    _list("hazards", many(term(Hazard)), required=False, nature="words"),
    Column("exclude", term(Exclusion), "", required=False, nature="word"),
    _visits("out_of_district_visits", blank=0, required=False),
    Column("lead", _name, "", required=False),
    _list("partners", many(_name), required=False),
    _list("themes", many(_name), required=False),
    Column("basis", _sentence, "", required=False),
    Column("source", _line),
)
ROSTER = (
    Column("officer_id", officer_id, nature="id", private=True),
    Column("team", _name),
    Column("licensed", yes_no, dtype="bool", nature="yes_no"),
    _list("fields", many(_name), required=False),
    _month("from_month"),
    _month("to_month"),
    Column("share", part_of_time, 1.0, header="在岗比例", required=False, dtype="float64", nature="share"),
    Column("source", _line),
)
UNITS = (
    Column("unit_id", credit_code, nature="code"),
    Column("name", _line, header="企业名称", nature="name"),
    Column("subdistrict", _name),
    Column("sector", _name),
    _list("hazards", many(term(Hazard)), nature="words"),
    Column("is_key", yes_no, dtype="bool", nature="yes_no"),
    Column("covered_by", identifier, "", nature="reference"),
    Column("credit_grade", one_of("A", "B", "C", "D"), "", nature="grade"),
    Column("risk_grade", one_of("红", "橙", "黄", "蓝"), "", nature="grade", aliases=_RISK_WORDS),
    Column("level", term(Level), nature="grade", aliases=_LEVEL_WORDS),
    Column("in_district", yes_no, dtype="bool", nature="yes_no"),
    Column("last_visit", real_date, "", required=False, nature="date"),
    Column("state", term(State), "", required=False, nature="state", aliases=_STATE_WORDS),
    Column("source", _line),
)
RECORDS = (
    Column("record_id", number_of_visit, nature="id"),
    Column("date", real_date, nature="date"),
    Column("unit_id", credit_code, "", nature="code"),
    Column("task_id", one_line, "", nature="reference"),
    Column("trigger", term(Trigger), "", nature="word"),
    _list("officers", many(_name), private=True, blank=FULL, nature="words"),
    Column("inspection_code", number_of_visit, "", nature="id"),
    Column("full_record", yes_no, dtype="bool", nature="yes_no"),
    _hazards("hazards_found"),
    _hazards("major_hazards"),
    _hazards("hazards_fixed"),
    Column("penalty", _name, "", nature="word"),
    Column("penalty_basis", term(Basis), "", nature="word"),
    Column("fine_yuan", integer(0), 0, dtype="int64", nature="money", additive=True),
    Column("in_district", yes_no, dtype="bool", nature="yes_no"),
    Column("source", _line),
)
LIMITS = (
    Column("task_id", one_line, "", nature="reference"),
    Column("months", window, dtype="object", nature="periods"),
    _visits("minimum", blank=0),
    _visits("maximum", blank=None, dtype="Int64"),
    Column("basis", _sentence, header="依据"),
)
#: What planners keep beside, read as well but in no table of ours.
_SERIAL = Column("serial", one_line, "", header="序号", required=False)
_REGISTER_EXTRAS = (
    _SERIAL,
    _visits("planned_visits", blank=None, required=False, dtype="Int64"),
)
_RECORD_EXTRAS = (
    _SERIAL,
    Column("name", one_line, "", header="企业名称", required=False, nature="name"),
    Column("visit_type", short_text, "", header="检查类型", required=False),
    Column("result", partial(one_line, limit=500), "", header="检查结果", required=False),
)
TABLES = {"tasks": TASKS, "roster": ROSTER, "units": UNITS, "records": RECORDS, "limits": LIMITS}
#: Tables a plan may do without.
OPTIONAL = frozenset({"limits"})


FORMS = {
    form.kind: form
    for form in (
        Form(
            "register",
            "企业台账",
            "units",
            UNITS,
            _REGISTER_EXTRAS,
            frozenset({"unit_id", "name"}),
            synonyms("register"),
            ("units", "register", "企业台账", "台账", "企业", "企业名录", "名录", "企业名单"),
            "unit_id",
            ("name",),
        ),
        Form(
            "roster",
            "执法人员名册",
            "roster",
            ROSTER,
            (_SERIAL,),
            frozenset({"officer_id", "team"}),
            synonyms("roster"),
            ("roster", "人员", "执法人员", "执法人员名册", "花名册"),
            "officer_id",
            ("officer_id",),
        ),
        Form(
            "tasks",
            "检查事项表",
            "tasks",
            TASKS,
            (_SERIAL,),
            frozenset({"name", "planned_visits"}),
            synonyms("tasks"),
            ("tasks", "任务", "任务表", "检查事项", "检查事项表", "事项"),
            "task_id",
            ("name",),
            outlined="planned_visits",
        ),
        Form(
            "records",
            "检查记录",
            "records",
            RECORDS,
            _RECORD_EXTRAS,
            frozenset({"record_id", "date", "unit_id"}),
            synonyms("records"),
            ("records", "检查记录", "记录", "检查台账"),
            "record_id",
            ("name", "record_id"),
        ),
        Form(
            "limits",
            "家次限制表",
            "limits",
            LIMITS,
            (_SERIAL,),
            frozenset({"minimum", "maximum"}),
            synonyms("limits"),
            ("limits", "家次限制", "家次限制表", "限制"),
            "task_id",
            distinct=False,
        ),
    )
}
KINDS = {form.table: form.kind for form in FORMS.values()}


@dataclass(frozen=True, eq=False)
class Tables:
    """The four tables of one plan: one row per task, officer, unit and record of a visit done.

    `limits` are what a plan may add: one row per bound on the visits of a task, or of all, in some months.
    `files` are their files as they are called on disk. `bad` holds the rows set aside, for every file that has some:
    row as Excel shows it, reason, then the cells; `reasons` are the problems of those rows.
    """

    tasks: pd.DataFrame
    roster: pd.DataFrame
    units: pd.DataFrame
    records: pd.DataFrame
    limits: pd.DataFrame = field(default_factory=lambda: no_rows("limits"))
    files: Mapping[str, str] = field(default_factory=dict)
    bad: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    reasons: tuple[Problem, ...] = ()

    @property
    def aside(self) -> pd.DataFrame:
        """The rows set aside (放到一边): one row each, with file, row as Excel shows it and message."""
        rows = [(file, row.row, row.reason) for file, table in self.bad.items() for row in table.itertuples()]
        return pd.DataFrame(rows, columns=["file", "row", "message"])


def no_rows(name: str) -> pd.DataFrame:
    """Return a table of ours that has no row, each column of its type.

    >>> no_rows("limits").columns.tolist()
    ['task_id', 'months', 'minimum', 'maximum', 'basis']
    """
    return pd.DataFrame({column.name: pd.Series([], dtype=column.dtype) for column in TABLES[name]})
