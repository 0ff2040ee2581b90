"""The forms (表式): the tables the program reads, each with its columns, and the tables of one plan.

`required` columns must stand in the tables of a plan. A file that is only checked needs the `minimum` of its form;
columns it lacks are left empty and named, never filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path

import pandas as pd

from enforce.inputs.tables.synonyms import aliases, synonyms
from enforce.sheets.codes import credit_code
from enforce.sheets.columns import (
    FULL,
    Column,
    dated,
    half_days,
    identifier,
    impersonal,
    integer,
    listed,
    many,
    one_of,
    part_of_time,
    periods,
    short_text,
    since,
    term,
    window,
    yes_no,
)
from enforce.sheets.form import Form
from enforce.words import terms
from enforce.words.files import csv_rows
from enforce.words.personal import CARD, MOBILE, personal
from enforce.words.problems import Flaw, Problem, Unfit, flaw_of
from enforce.words.texts import one_line, real_date
from enforce.words.vocabulary import FLAGS, Vocabulary, vocabulary

_SEPARATORS = str.maketrans("；＝", ";=")
#: The id of a basis in front of its article: B01:第六十二条. Other texts name the document themselves.
_CITED = re.compile(r"([A-Za-z]{1,3}-?[0-9]{1,4})(?:\s*[:：]\s*(.+)|(第.+))?")
#: What stands in place of a code where a clue led to a person.
A_PERSON = "个人"
_FIGURE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_CLOCK = re.compile(r"(?:[0-9-]{8,10}[ T])?([0-9]{1,2})(?::([0-9]{1,2})(?::[0-9]{1,2})?|[时点](?:([0-9]{1,2})分?)?)")


def officer_id(text: str) -> str:
    """Read the number a bureau gives to an officer: no name and no personal number, for it goes into the ledger."""
    if kind := personal(text):
        raise Unfit(f"局内的人员编号，如 PT-01（这里是{kind}，请改用编号）", Flaw.PERSONAL)
    if not text.isascii():
        raise ValueError("局内的人员编号，如 PT-01（英文字母、数字、- 和 _ 组成，不填姓名）")
    return identifier(text)


def certificate_id(text: str) -> str:
    """Read the number of an officer's certificate (执法证号), eleven digits perhaps that a telephone may have as well.

    >>> certificate_id("13100000001")
    '13100000001'
    """
    if personal(text, (CARD,)):
        raise Unfit("执法证号（这里是身份证号，请改填证号或人员编号）", Flaw.PERSONAL)
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


def citation(text: str) -> tuple[str, str]:
    """Read a legal basis as its id and article; a text without an id is the planner's own, with '' for the id.

    >>> citation("B01:第六十二条"), citation("B05"), citation("《某法》第一条")
    (('B01', '第六十二条'), ('B05', ''), ('', '《某法》第一条'))
    """
    code = _CITED.fullmatch(text)
    return (code[1], code[2] or code[3] or "") if code else ("", _clause(text))


def hidden_reason(text: str) -> str:
    """Read why a line is not published; 否 says that it is."""
    if text == "是":
        raise ValueError("不公布的原因（公布的空着）")
    return "" if text == "否" else _sentence(text)


def warning_day(text: str) -> tuple[str, ...]:
    """Read the day and source of a warning; nothing where there was none.

    >>> warning_day("2024-02-03 某平台"), warning_day("否")
    (('2024-02-03', '某平台'), ())
    """
    return () if text == "否" else dated(text)


def code_or_person(text: str) -> str:
    """Read the unit a clue led to, as its code; '' for a person, of whom neither name nor number is taken.

    >>> code_or_person("91110000600037341L"), code_or_person("个人")
    ('91110000600037341L', '')
    """
    if text == A_PERSON:
        return ""
    try:
        return credit_code(text)
    except ValueError as error:
        expected = f"单位的统一社会信用代码，或 {A_PERSON}（不写姓名、证件号）"
        raise Unfit(expected, flaw_of(error)) from None


def nobody(text: str) -> str:
    """Refuse a cell that says who somebody is or which certificate he has."""
    raise Unfit("空着（不写姓名、证件号、操作证号，请删去这一列）", Flaw.PERSONAL)


def decimal_figure(text: str) -> Decimal:
    """Read a figure as it is printed, thousands parted by commas or not.

    >>> decimal_figure("1,234.5")
    Decimal('1234.5')
    """
    plain = text.replace(",", "")
    if not _FIGURE.fullmatch(plain):
        raise ValueError("数字，至多 6 位小数（不带单位，百分数写百分号前的数）")
    return Decimal(plain)


def _clause(text: str) -> str:
    """Read one item of a list that may be a sentence."""
    if not text:
        raise ValueError("有内容的文字")
    return _sentence(text)


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

_yuan = partial(Column, parse=integer(0), blank=0, dtype="int64", nature="money", additive=True)
_day = partial(Column, parse=real_date, blank="", required=False, nature="date")


def outcome(text: str) -> str:
    """Read how a case of penalty ended: every word for no penalty is one outcome.

    >>> outcome("免予处罚"), outcome("减轻处罚")
    ('none', 'mitigated')
    """
    if not terms.is_penalty(text):
        return terms.PenaltyOutcome.NONE.value
    return term(terms.PenaltyOutcome)(text.removesuffix(terms.PenaltyOutcome.PENALTY.label) or text)


def visit_class(text: str) -> str:
    """Read the class of a visit; another word, as older files have under 检查类别, says nothing of it.

    >>> visit_class("专项"), visit_class("双随机")
    ('special', '')
    """
    with suppress(ValueError):
        return terms.InspectionClass.of(text).value
    return ""


def visit_mode(text: str) -> str:
    """Read how a visit was made; another word, as older files have under 检查方式, says nothing of it.

    >>> visit_mode("现场"), visit_mode("非现场"), visit_mode("双随机")
    ('on_site', 'off_site', '')
    """
    with suppress(ValueError):
        return terms.VisitMode.of(text).value
    return ""


def time_of_day(text: str) -> str:
    """Read a time as hours and minutes.

    >>> time_of_day("9:30"), time_of_day("14时5分"), time_of_day("2024-03-05 09:30:00")
    ('09:30', '14:05', '09:30')
    """
    parts = _CLOCK.fullmatch(text.replace("：", ":"))
    hours, minutes = (int(parts[1]), int(parts[2] or parts[3] or 0)) if parts else (24, 0)
    if hours > 23 or minutes > 59:
        raise ValueError("一天里的时间，如 09:30")
    return f"{hours:02}:{minutes:02}"


def day_or_month(text: str) -> str:
    """Read a day, or a month where no more is known, as ISO text.

    >>> day_or_month("2024-03-05"), day_or_month("2024-03")
    ('2024-03-05', '2024-03')
    """
    return real_date(f"{text}-01")[:7] if len(text) == len("2024-03") else real_date(text)


_CLASSES, _ITEM_TYPES = aliases("inspection_class"), aliases("item_type")
#: Grades of standardised safety management; a firm without one that was never asked has an empty cell.
_STANDARD = ("一级", "二级", "三级", "未定级")
_TASKS = (
    _id("task_id", identifier),
    Column("group", _name),
    Column("name", _line, header="检查事项"),
    Column("tier", term(terms.Tier), nature="word"),
    Column("kind", _name, nature="word"),
    _visits("planned_visits"),
    _units("planned_units"),
    Column("counted_items", integer(0), 0, required=False, dtype="int64", nature="count", units=_other, additive=True),
    Column("counted_unit", _name, "", required=False),
    Column("periods", periods, dtype="object", nature="periods"),
    Column("visit_days", half_days(0.25, 0.25), dtype="float64", nature="days"),
    Column("officers_per_visit", integer(1, 100), dtype="int64", nature="count", units=("人",)),
    Column("team", _name),
    _list("invited", invited, required=False),
    Column("selection", term(terms.Selection), nature="word", aliases=aliases("selection")),
    _list("hazards", many(_name), required=False, nature="words"),
    Column("exclude", _name, "", required=False, nature="word"),
    _visits("out_of_district_visits", blank=0, required=False),
    Column("lead", _name, "", required=False),
    _list("partners", many(_name), required=False),
    _list("themes", many(_name), required=False),
    _list("legal_basis", many(citation), required=False),
    _list("content", many(_clause), required=False),
    _list("mode", many(_name), required=False),
    Column("cap_per_unit", integer(1), None, required=False, dtype="Int64", nature="count", units=("次",)),
    _list("office", many(_name), required=False),
    Column("inspection_class", term(terms.InspectionClass), "", required=False, nature="word", aliases=_CLASSES),
    Column("order_document", _line, "", header="交办文号", required=False),
    _day("order_date", header="交办日期"),
    _day("visit_on", header="指定日期"),
    _day("visit_by", header="截止日期"),
    Column("item_type", term(terms.ItemType), "", required=False, nature="word", aliases=_ITEM_TYPES),
    _list("joint_with", many(_name), required=False),
    Column("unpublished", hidden_reason, "", required=False, nature="name"),
    _list("officer_fields", many(_name), required=False),
    Column("basis", _sentence, "", required=False),
    Column("source", _line),
)
_ROSTER = (
    Column("officer_id", officer_id, nature="id", private=True, certificate=certificate_id),
    Column("team", _name),
    Column("licensed", yes_no, dtype="bool", nature="yes_no"),
    _list("fields", many(_name), required=False),
    _month("from_month"),
    _month("to_month"),
    Column("share", part_of_time, 1.0, header="在岗比例", required=False, dtype="float64", nature="share"),
    Column("department", _name, "", required=False),
    Column("source", _line),
)
_UNITS = (
    Column("unit_id", credit_code, nature="code"),
    Column("name", _line, header="企业名称", nature="name"),
    Column("subdistrict", _name),
    Column("sector", _name),
    _list("hazards", many(_name), nature="words"),
    Column("is_key", yes_no, dtype="bool", nature="yes_no"),
    Column("covered_by", identifier, "", nature="reference"),
    Column("credit_grade", one_of("A", "B", "C", "D"), "", nature="grade"),
    Column("risk_grade", one_of("红", "橙", "黄", "蓝"), "", nature="grade", aliases=aliases("risk_grade")),
    Column("level", _name, nature="grade"),
    Column("in_district", yes_no, dtype="bool", nature="yes_no"),
    Column("last_visit", real_date, "", required=False, nature="date"),
    Column("state", term(terms.State), "", required=False, nature="state", aliases=aliases("state")),
    Column("class", _name, "", required=False, nature="word"),
    Column("standard_grade", one_of(*_STANDARD), "", required=False, nature="word", aliases=aliases("standard_grade")),
    _day("standard_graded_on"),
    Column("supervision_grade", _name, "", required=False),
    Column("mine_class", one_of("A", "B", "C", "D"), "", required=False, nature="grade"),
    Column("warned", impersonal(warning_day), (), required=False, dtype="object", nature="dated"),
    Column("no_contact", since, "", required=False, nature="dated"),
    Column("major_risk", one_of("是", "否"), "", required=False, nature="yes_no"),
    Column("source", _line),
)
_RECORDS = (
    Column("record_id", number_of_visit, nature="id"),
    Column("date", real_date, nature="date"),
    Column("unit_id", credit_code, "", nature="code"),
    Column("task_id", one_line, "", nature="reference"),
    Column("trigger", term(terms.Trigger), "", nature="word", aliases=aliases("trigger")),
    _list("officers", many(_name), private=True, blank=FULL, nature="words"),
    Column("inspection_code", number_of_visit, "", nature="id"),
    Column("full_record", yes_no, dtype="bool", nature="yes_no"),
    _hazards("hazards_found"),
    _hazards("major_hazards"),
    _hazards("hazards_fixed"),
    Column("penalty", _name, "", nature="word"),
    Column("penalty_basis", term(terms.Basis), "", nature="word"),
    Column("fine_yuan", integer(0), 0, dtype="int64", nature="money", additive=True),
    Column("in_district", yes_no, dtype="bool", nature="yes_no"),
    Column("source", _line),
    Column("inspection_class", visit_class, "", required=False, nature="word", aliases=_CLASSES),
    Column("mode", visit_mode, "", required=False, nature="word", aliases=aliases("mode")),
    _list("partners", many(_name), required=False),
    Column("joint_mode", _name, "", required=False, nature="word"),
    _list("attended", many(_name), required=False),
    _list("themes", many(_name), required=False),
    Column("start", time_of_day, "", header="开始时间", required=False),
    Column("end", time_of_day, "", header="结束时间", required=False),
    Column("days", half_days(0, 0.25), None, required=False, dtype="Float64", nature="days", units=("人日",)),
    _day("rectify_due"),
    _day("fixed_on"),
    Column("rating", _name, "", required=False, nature="word"),
    Column("code_late", one_of("是", "否"), "", required=False, nature="yes_no"),
    Column("scheme_id", number_of_visit, "", required=False, nature="id"),
    _day("scheme_approved_on"),
    _list("major_kind", many(_name), required=False),
    Column("visit_id", number_of_visit, "", required=False, nature="id"),
)
_OTHER_WORK = (
    Column("work_id", number_of_visit, header="编号", nature="id"),
    Column("work_kind", term(terms.OtherKind), header="类别", nature="word", aliases=aliases("work_kind")),
    Column("date", real_date, header="日期", nature="date"),
    _day("due_on"),
    _day("closed_on"),
    Column("unit_id", credit_code, "", header="对象代码", required=False, nature="code"),
    _list("officers", many(_name), private=True, header="人员", required=False, nature="words"),
    Column("days", half_days(0, 0.25), None, required=False, dtype="Float64", nature="days", units=("人日",)),
    Column("result", impersonal(partial(one_line, limit=500)), "", header="结果", required=False),
)
_LIMITS = (
    Column("task_id", one_line, "", nature="reference"),
    Column("months", window, dtype="object", nature="periods"),
    _visits("minimum", blank=0),
    _visits("maximum", blank=None, dtype="Int64"),
    Column("basis", _sentence, header="依据"),
)
_KEY_LIST_CHANGES = (
    Column("unit_id", credit_code, nature="code"),
    Column("change", term(terms.ListChange), nature="word"),
    Column("date", real_date, header="日期", nature="date"),
    Column("reason", _sentence),
    Column("evidence", _line, "", required=False),
)
_PENALTIES = (
    Column("penalty_id", number_of_visit, nature="id"),
    Column("record_id", number_of_visit, "", required=False, nature="id"),
    Column("party", term(terms.Party), "", required=False, nature="word"),
    Column("unit_id", credit_code, "", header="单位代码", required=False, nature="code"),
    Column("procedure", term(terms.Procedure), "", required=False, nature="word"),
    _list("penalty", many(term(terms.Sanction)), header="种类", nature="words"),
    _yuan("fine_yuan"),
    _yuan("confiscated_yuan", required=False),
    _day("filed_on"),
    Column("decided_on", real_date, nature="date"),
    _day("closed_on"),
    Column("penalty_basis", term(terms.Basis), header="来源", nature="word"),
    Column("outcome", outcome, nature="word"),
    Column("legal_review", one_of("是", "否"), "", required=False, nature="yes_no"),
    Column("review", _sentence, "", required=False),
    Column("transferred", _sentence, "", required=False),
    Column("by_street", _name, "", required=False),
    Column("source", _line),
)
_CLUES = (
    Column("task_id", one_line, "", required=False, nature="reference"),
    Column("unit_id", code_or_person, header="单位代码或个人", nature="code", private=True),
    Column("date", real_date, header="日期", nature="date"),
    Column("handling", impersonal(one_line), "", required=False),
)
#: What a table of clues may not say.
_SOMEBODY = (
    Column("holder", nobody, "", header="姓名", required=False, private=True),
    Column("certificate", nobody, "", header="证件号", required=False, private=True),
)
_PUBLICATIONS = (
    Column("document", _line, header="文件"),
    Column("period", _name, "", header="期间", required=False),
    Column("date", real_date, header="日期", nature="date"),
    Column("where", impersonal(one_line, CARD, MOBILE), "", header="网址或文号", required=False),
)
_ELSEWHERE = (
    Column("unit_id", credit_code, header="代码", nature="code"),
    Column("who", _name, header="哪个单位"),
    Column("date", day_or_month, "", header="日期", required=False, nature="day_or_month"),
    _month("month", header="月份", blank=None, required=False, dtype="Int64"),
    Column("counts", one_of("是", "否"), "", header="计不计入", required=False, nature="yes_no"),
)
_LAST_YEAR = (
    Column("indicator", _line),
    Column("period", _name, "", header="期间", required=False),
    Column("figure", decimal_figure, header="数", dtype="object", nature="days"),
)
_RECUSALS = (
    Column("officer_id", officer_id, header="人员编号", nature="id", private=True),
    Column("unit_id", credit_code, header="单位代码", nature="code"),
    Column("reason", _sentence, private=True),
)
_LEAVE = (
    Column("officer_id", officer_id, header="人员编号", nature="id", private=True),
    Column("from_date", real_date, nature="date"),
    Column("to_date", real_date, nature="date"),
)
#: What planners keep beside, read as well but in no table of ours.
_SERIAL = Column("serial", one_line, "", header="序号", required=False)
#: Which of several sites of one code a row is of.
_SITE = Column("site", integer(1, 99), None, header="场所编号", required=False, dtype="Int64", nature="count")
_REGISTER_EXTRAS = (
    _SITE,
    _visits("planned_visits", blank=None, required=False, dtype="Int64"),
)
_RECORD_EXTRAS = (
    _SITE,
    Column("name", one_line, "", header="企业名称", required=False, nature="name"),
    Column("visit_type", short_text, "", header="检查类型", required=False),
    Column("result", partial(one_line, limit=500), "", header="检查结果", required=False),
)
#: Kind -> the columns of the form; columns beside them where there are more than the number of the row.
_COLUMNS = {
    "tasks": _TASKS,
    "roster": _ROSTER,
    "register": _UNITS,
    "records": _RECORDS,
    "limits": _LIMITS,
    "key_list_changes": _KEY_LIST_CHANGES,
    "penalties": _PENALTIES,
    "publications": _PUBLICATIONS,
    "elsewhere": _ELSEWHERE,
    "last_year": _LAST_YEAR,
    "clues": _CLUES,
    "recusals": _RECUSALS,
    "leave": _LEAVE,
    "other_work": _OTHER_WORK,
}
_EXTRAS = {"register": _REGISTER_EXTRAS, "records": _RECORD_EXTRAS, "clues": _SOMEBODY}
#: Tables a plan may do without.
OPTIONAL = frozenset(_COLUMNS) - {"tasks", "roster", "register", "records"}


def _form(row: dict[str, str]) -> Form:
    """Return the form that a row of forms.csv describes, with its columns and synonyms."""
    lists = {name: row[name].split() for name in ("stems", "names", "minimum", "row_units")}
    return Form(
        **{name: row[name] for name in ("kind", "title", "sheet", "table", "key", "outlined")},
        ours=_COLUMNS[row["kind"]],
        extras=(_SERIAL, *_EXTRAS.get(row["kind"], ())),
        minimum=frozenset(lists["minimum"]),
        words=synonyms(row["kind"]),
        stems=tuple(lists["stems"]),
        names=tuple(lists["names"]),
        distinct=yes_no(row["distinct"]),
        row_units=tuple(lists["row_units"]),
        stand_ins=tuple((name, other) for name, _, other in (pair.partition("=") for pair in row["stand_ins"].split())),
    )


_FORMS = tuple(map(_form, csv_rows(Path(__file__).with_name("forms.csv"))))
KINDS = {form.table: form.kind for form in _FORMS}
#: What planners call the level below a district's, whatever a plan calls it.
_STREETS = ("街道", "街镇", "乡镇", "镇", "乡", "街道级", "街镇级", "乡镇级", "镇级", "乡级")
#: What tables may call the key list, whatever a plan calls its units, and all others.
_KEY_LIST = (terms.Exclusion.KEY_LIST.value, terms.Exclusion.KEY_LIST.label, "区重点单位")
_OTHERS = terms.Exclusion.OTHERS
#: What older tables call the kinds of task that have another name now.
_OLDER = {"district_key": terms.Kind.KEY_LIST, "cross_district": terms.Kind.EXCHANGE}


@lru_cache(maxsize=16)
def forms(words: Vocabulary) -> dict[str, Form]:
    """Return the forms by kind, in the words of a bureau: its headings, and the words its cells may hold.

    >>> column = forms(vocabulary(area="县", hazards=["有限空间"])).get("register").columns
    >>> column["is_key"].chinese, column["hazards"].value("有限空间"), column["level"].aliases["县"]
    ('是否县重点单位', ('有限空间',), '县级')
    """
    changes = _in_words(words)
    return {
        form.kind: replace(form, ours=tuple(replace(one, **changes.get(one.name, {})) for one in form.ours))
        for form in _FORMS
    }


def _in_words(words: Vocabulary) -> dict[str, dict]:
    """Return what the words of a bureau change in a column: its heading, the words it takes and their aliases."""
    kinds = {kind: word for word, kind in reversed(words.kinds)}
    older = {**{kind.value: kind for kind in terms.Kind}, **_OLDER}
    flags, levels = ({word: word for word in ours} for ours in (words.hazards, words.levels))
    excluded = {words.key_units: terms.Exclusion.KEY_LIST.value, _OTHERS.label: _OTHERS.value}
    return {
        "kind": {
            "parse": listed({word: kind.value for word, kind in words.kinds}, "事项性质"),
            "aliases": {name: kinds[kind] for name, kind in older.items() if kind in kinds},
        },
        "hazards": {
            "parse": many(listed(flags, "对象标签")),
            "aliases": {name: word for name, word in FLAGS.items() if word in flags},
        },
        "level": {"parse": listed(levels, "执法层级"), "aliases": _level_aliases(words)},
        "exclude": {
            "parse": listed(excluded, "重点单位的叫法"),
            "aliases": {**dict.fromkeys(_KEY_LIST, words.key_units), _OTHERS.value: _OTHERS.label},
        },
        "subdistrict": {"header": words.street},
        "is_key": {"header": f"是否{words.key_units}"},
        "in_district": {"header": f"是否{words.area}内"},
        "out_of_district_visits": {"header": f"{words.area}外家次"},
    }


def _level_aliases(words: Vocabulary) -> dict[str, str]:
    """Return how the levels of a bureau may be written: without 级, by older identifiers, 街道 and the like."""
    area, streets = f"{words.area}级", f"{words.street}级"
    others = {"city": "市级", "district": area, "street": streets, **dict.fromkeys(_STREETS, streets)}
    short = {word.removesuffix("级"): word for word in words.levels}
    named = {word: word for word in words.levels}
    return {text: word for text, word in {**others, **short, **named}.items() if word in words.levels}


FORMS = forms(vocabulary())
TABLES = {form.table: form.ours for form in FORMS.values()}


@dataclass(frozen=True, eq=False)
class Tables:
    """The four tables of one plan: one row per task, officer, unit and record of a visit done.

    `key_list_changes` are what was added to the key list or taken off it since it was frozen, one row each.
    `limits` are what a plan may add: one row per bound on the visits of a task, or of all, in some months; `penalties`
    too: one row per decision of penalty, `publications`: one per paper made public, `elsewhere`: one per visit known
    of another authority, `last_year`: one per figure, `before`: what these were made
    of, by table, `clues`: one per thing looked into (查证), with the code of the
    unit it led to, '' for a person, `recusals`: one per officer and a unit he may not be sent to, `leave`: one per
    absence of an officer, both days included.
    `files` are their files as they are called on disk. `bad` holds the rows set aside, for every file that has some:
    row as Excel shows it, reason, then the cells; `reasons` are the problems of those rows. `doubts` are what may be
    wrong in a file and was read: file and sentence.
    """

    tasks: pd.DataFrame
    roster: pd.DataFrame
    units: pd.DataFrame
    records: pd.DataFrame
    limits: pd.DataFrame = field(default_factory=lambda: no_rows("limits"))
    key_list_changes: pd.DataFrame = field(default_factory=lambda: no_rows("key_list_changes"))
    penalties: pd.DataFrame = field(default_factory=lambda: no_rows("penalties"))
    publications: pd.DataFrame = field(default_factory=lambda: no_rows("publications"))
    elsewhere: pd.DataFrame = field(default_factory=lambda: no_rows("elsewhere"))
    last_year: pd.DataFrame = field(default_factory=lambda: no_rows("last_year"))
    clues: pd.DataFrame = field(default_factory=lambda: no_rows("clues"))
    recusals: pd.DataFrame = field(default_factory=lambda: no_rows("recusals"))
    leave: pd.DataFrame = field(default_factory=lambda: no_rows("leave"))
    other_work: pd.DataFrame = field(default_factory=lambda: no_rows("other_work"))
    before: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    bad: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    reasons: tuple[Problem, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()

    @property
    def decisions(self) -> pd.DataFrame | None:
        """The decisions of penalty (处罚决定); None where a plan has no table of them."""
        return self.penalties if "penalties" in self.files else None

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
