"""The form (表式): the tables the program reads, each with its columns, in our own writing and in planners'.

`required` columns must stand in the tables of a plan. A file that is only checked needs the `minimum` of its form;
columns it lacks are left empty and said so, never filled in.
"""

from __future__ import annotations

from functools import partial

from enforce.inputs.tables.synonyms import (
    LIMIT_WORDS,
    PENALTY_WORDS,
    RECORD_WORDS,
    REGISTER_WORDS,
    ROSTER_WORDS,
    TASK_WORDS,
)
from enforce.sheets.codes import credit_code
from enforce.sheets.columns import (
    FULL,
    Column,
    half_days,
    identifier,
    impersonal,
    integer,
    invited,
    many,
    named,
    number_of_visit,
    officer_id,
    one_of,
    periods,
    term,
    window,
    yes_no,
)
from enforce.sheets.form import Form
from enforce.words.terms import (
    Basis,
    Exclusion,
    Hazard,
    Kind,
    Level,
    Outcome,
    Party,
    Procedure,
    Sanction,
    Selection,
    State,
    Tier,
    Trigger,
    is_penalty,
)
from enforce.words.texts import one_line, real_date

_line, _named = impersonal(one_line), impersonal(named)
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

_yuan = partial(Column, parse=integer(0), blank=0, dtype="int64", nature="money", additive=True)
_day = partial(Column, parse=real_date, blank="", required=False, nature="date")


def outcome(text: str) -> str:
    """Read how a case of penalty ended: every word for no penalty is one outcome.

    >>> outcome("免予处罚"), outcome("减轻处罚")
    ('none', 'mitigated')
    """
    if not is_penalty(text):
        return Outcome.NONE.value
    return term(Outcome)(text if text == Outcome.PENALTY.label else text.removesuffix(Outcome.PENALTY.label))


TASKS = (
    _id("task_id", identifier),
    Column("group", _named),
    Column("name", _line, header="检查事项"),
    Column("tier", term(Tier), nature="word"),
    Column("kind", term(Kind), nature="word"),
    _visits("planned_visits"),
    _units("planned_units"),
    Column("counted_items", integer(0), 0, required=False, dtype="int64", nature="count", units=_other, additive=True),
    Column("counted_unit", _named, "", required=False),
    Column("periods", periods, dtype="object", nature="periods"),
    Column("visit_days", half_days(0.5), dtype="float64", nature="days"),
    Column("officers_per_visit", integer(1, 100), dtype="int64", nature="count", units=("人",)),
    Column("team", _named),
    _list("invited", invited, required=False),
    Column("selection", term(Selection), nature="word"),
    _list("hazards", many(term(Hazard)), required=False, nature="words"),
    Column("exclude", term(Exclusion), "", required=False, nature="word"),
    _visits("out_of_district_visits", blank=0, required=False),
    Column("lead", _named, "", required=False),
    _list("partners", many(_named), required=False),
    _list("themes", many(_named), required=False),
    Column("basis", _sentence, "", required=False),
    Column("source", _line),
)
ROSTER = (
    Column("officer_id", officer_id, nature="id", private=True),
    Column("team", _named),
    Column("licensed", yes_no, dtype="bool", nature="yes_no"),
    _list("fields", many(_named), required=False),
    _month("from_month"),
    _month("to_month"),
    Column("source", _line),
)
UNITS = (
    Column("unit_id", credit_code, nature="code"),
    Column("name", _line, header="企业名称", nature="name"),
    Column("subdistrict", _named),
    Column("sector", _named),
    _list("hazards", many(term(Hazard)), nature="words"),
    Column("is_key", yes_no, dtype="bool", nature="yes_no"),
    Column("covered_by", identifier, "", nature="task"),
    Column("credit_grade", one_of("A", "B", "C", "D"), "", nature="grade"),
    Column("risk_grade", one_of("红", "橙", "黄", "蓝"), "", nature="grade"),
    Column("level", term(Level), nature="grade"),
    Column("in_district", yes_no, dtype="bool", nature="yes_no"),
    Column("last_visit", real_date, "", required=False, nature="date"),
    Column("state", term(State), "", required=False, nature="state"),
    Column("source", _line),
)
RECORDS = (
    Column("record_id", number_of_visit, nature="id"),
    Column("date", real_date, nature="date"),
    Column("unit_id", credit_code, "", nature="code"),
    Column("task_id", one_line, "", nature="task"),
    Column("trigger", term(Trigger), "", nature="word"),
    _list("officers", many(_named), private=True, blank=FULL, nature="words"),
    Column("inspection_code", number_of_visit, "", nature="id"),
    Column("full_record", yes_no, dtype="bool", nature="yes_no"),
    _hazards("hazards_found"),
    _hazards("major_hazards"),
    _hazards("hazards_fixed"),
    Column("penalty", _named, "", nature="word"),
    Column("penalty_basis", term(Basis), "", nature="word"),
    Column("fine_yuan", integer(0), 0, dtype="int64", nature="money", additive=True),
    Column("in_district", yes_no, dtype="bool", nature="yes_no"),
    Column("source", _line),
)
LIMITS = (
    Column("task_id", one_line, "", nature="task"),
    Column("months", window, dtype="object", nature="periods"),
    _visits("minimum", blank=0),
    _visits("maximum", blank=None, dtype="Int64"),
    Column("basis", _sentence, header="依据"),
)
PENALTIES = (
    Column("penalty_id", number_of_visit, nature="id"),
    Column("record_id", number_of_visit, "", required=False, nature="id"),
    Column("party", term(Party), "", required=False, nature="word"),
    Column("unit_id", credit_code, "", header="单位代码", required=False, nature="code"),
    Column("procedure", term(Procedure), "", required=False, nature="word"),
    _list("penalty", many(term(Sanction)), header="种类", nature="words"),
    _yuan("fine_yuan"),
    _yuan("confiscated_yuan", required=False),
    _day("filed_on"),
    Column("decided_on", real_date, nature="date"),
    _day("closed_on"),
    Column("penalty_basis", term(Basis), header="来源", nature="word"),
    Column("outcome", outcome, nature="word"),
    Column("legal_review", one_of("是", "否"), "", required=False, nature="yes_no"),
    Column("review", _sentence, "", required=False),
    Column("transferred", _sentence, "", required=False),
    Column("by_street", _named, "", required=False),
    Column("source", _line),
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
    Column("visit_type", named, "", header="检查类型", required=False),
    Column("result", partial(one_line, limit=500), "", header="检查结果", required=False),
)
TABLES = {"tasks": TASKS, "roster": ROSTER, "units": UNITS, "records": RECORDS}
TABLES |= {"limits": LIMITS, "penalties": PENALTIES}
#: Tables a plan may do without.
OPTIONAL = frozenset({"limits", "penalties"})


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
            REGISTER_WORDS,
            ("units", "register", "企业台账", "台账", "企业", "企业名录", "名录", "企业名单"),
            "unit_id",
        ),
        Form(
            "roster",
            "执法人员名册",
            "roster",
            ROSTER,
            (_SERIAL,),
            frozenset({"officer_id", "team"}),
            ROSTER_WORDS,
            ("roster", "人员", "执法人员", "执法人员名册", "花名册"),
            "officer_id",
        ),
        Form(
            "tasks",
            "检查事项表",
            "tasks",
            TASKS,
            (_SERIAL,),
            frozenset({"name", "planned_visits"}),
            TASK_WORDS,
            ("tasks", "任务", "任务表", "检查事项", "检查事项表", "事项"),
            "task_id",
        ),
        Form(
            "records",
            "检查记录",
            "records",
            RECORDS,
            _RECORD_EXTRAS,
            frozenset({"record_id", "date", "unit_id"}),
            RECORD_WORDS,
            ("records", "检查记录", "记录", "检查台账"),
            "record_id",
        ),
        Form(
            "limits",
            "家次限制表",
            "limits",
            LIMITS,
            (_SERIAL,),
            frozenset({"minimum", "maximum"}),
            LIMIT_WORDS,
            ("limits", "家次限制", "家次限制表", "限制"),
            "task_id",
        ),
        Form(
            "penalties",
            "处罚决定表",
            "penalties",
            PENALTIES,
            (_SERIAL,),
            frozenset({"penalty_id", "decided_on"}),
            PENALTY_WORDS,
            ("penalties", "处罚", "行政处罚", "处罚决定", "处罚决定表", "处罚台账"),
            "penalty_id",
        ),
    )
}
KINDS = {form.table: form.kind for form in FORMS.values()}
