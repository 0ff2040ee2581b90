"""The reference (引用): what one row of a table says of other rows, other columns and the plan.

Rows are checked where the columns in question could be read, so that one bad cell hides nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import pandas as pd

from enforce.inputs.parameters.legal_bases import basis_ids, listed_basis
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import TABLES, Tables
from enforce.sheets.codes import SITE
from enforce.sheets.extract import some_rows
from enforce.sheets.form import Form
from enforce.sheets.normal import is_blank, key
from enforce.sheets.part import Part, Parts, unnamed
from enforce.words.months import MONTHS, month_runs
from enforce.words.problems import Flaw, Problem, row_words
from enforce.words.terms import Kind, ListChange, PenaltyOutcome, Sanction, Selection, Tier, Trigger, is_penalty
from enforce.words.texts import shown
from enforce.words.vocabulary import vocabulary

#: A state in brackets, or behind a stroke or a space, in a name.
_CLOSED = re.compile(
    r"[(（\[【〔{ 　\-—－_/](?:已|拟)?"
    "(?:注销|吊销|停业|停产|停工|歇业|关闭|关停|搬迁|搬走|迁出|撤销|拆除|破产|停用|倒闭|筹建)"
)
#: Characters that fonts may lack: pictures, and Chinese characters beyond those of daily use.
_UNDRAWN = re.compile("[\u2600-\u27bf\u3400-\u4dbf\U00010000-\U0010ffff]")
#: What charts are labelled with.
_LABELS = ("name", "group", "team", "subdistrict", "sector")
_UNDRAWN_AS = "字体里可能没有的字，图上画成 □，表里照原样"
#: From where a figure is asked about, never refused: one visit's hazards and fine, one line's visits (assumed).
_SELDOM = {"fine_yuan": 10_000_000, "hazards_found": 1_000, "planned_visits": 100_000, "planned_units": 100_000,
           "visit_days": 20, "officers_per_visit": 20}  # fmt: skip


def disagreements(parts: Parts, plan: Plan | None) -> list[Problem]:
    """Return every disagreement, each with its row; without a plan, those that need none."""
    problems: list[Problem] = []
    for names, check in _CHECKS:
        if all(name in parts for name in names):
            problems += check(*(parts[name] for name in names), plan)
    return list(dict.fromkeys(problems))


def parts_of(tables: Tables, but: str) -> dict[str, Part]:
    """Return tables that were read and checked as the parts another file is compared with."""
    parts = {}
    for name in TABLES:
        if name != but:
            table = getattr(tables, name).astype(object)
            headings = {column.name: column.chinese for column in TABLES[name]}
            parts[name] = Part(tables.files.get(name, name), headings, table, table)
    return parts


def part_problems(part: Part, form: Form, others: Parts, plan: Plan | None, as_of: str) -> list[Problem]:
    """Return what a file says that contradicts itself, the plan, its tables or the day it is read on."""
    between = disagreements({**others, form.table: part}, plan)
    dates = [column.name for column in form.ours if as_of and column.nature == "date"]
    late = (_where(part, name, part.rows(name)[name].gt(as_of), f"不晚于 {as_of} 的日期") for name in dates)
    return [*(problem for problem in between if problem.file == part.file), *chain.from_iterable(late)]


def other_names(part: Part, others: dict[str, Part]) -> list[str]:
    """Return a note of the records whose unit has another name in the register."""
    if "units" not in others or not {"unit_id", "name"} <= set(part.frame):
        return []
    register = dict(zip(others["units"].frame["unit_id"], others["units"].frame["name"], strict=True))
    rows = part.rows("unit_id", "name")
    odd = [
        row
        for row, code, name in zip(rows.index, rows["unit_id"], rows["name"], strict=True)
        if name and code in register and key(register[code]) != key(name)
    ]
    return [f"企业名称与台账不同（代码相同），请核对：第 {some_rows(odd)} 行"] if odd else []


def doubts_of(part: Part) -> Iterator[str]:
    """Yield what is possible and seldom right: one name with two codes, a state in a name, a figure far too large."""
    if {"name", "unit_id"} <= set(part.frame):
        yield from _unit_doubts(part)
    for name in part.frame.columns.intersection(_LABELS):
        texts = [*map(str, part.frame[name].dropna().unique())]
        if _UNDRAWN.search("".join(texts)):
            rare = [*filter(_UNDRAWN.search, texts)]
            rows = part.frame.index[part.frame[name].isin(rare)]
            yield f"「{part.headings[name]}」里有{_UNDRAWN_AS}：第 {some_rows(rows)} 行"
    for name, most in _SELDOM.items():
        if name in part.frame:
            large = part.frame[name].dropna().astype(float).ge(most)
            if large.any():
                numbers = large.index[large]
                figure = f"{part.headings[name]} {part.frame.loc[numbers[0], name]:.12g}"
                yield f"大得少见的数，请核对数和单位：{figure}（第 {some_rows(numbers)} 行）"


def _unit_doubts(part: Part) -> Iterator[str]:
    """Yield of units: one name with several codes, one code with several sites, names that say they are closed."""
    rows = part.rows("name", "unit_id")
    rows = rows[rows["name"].ne("") & rows["unit_id"].ne("")]
    codes = rows["unit_id"].map(lambda code: code.partition(SITE)[0])
    names = rows["name"].map(key)
    alike = names[names.duplicated(keep=False)]
    several = codes[alike.index].groupby(alike).transform("nunique").gt(1)
    if several.any():
        yield f"同名而代码不同，按代码是几家，请核对：第 {some_rows(alike.index[several])} 行"
    sites = rows.index[codes.ne(rows["unit_id"])]
    if len(sites):
        yield f"同一代码有几处场所，各算一家，请核对：第 {some_rows(sites)} 行"
    names = part.frame["name"].fillna("").astype(str)
    if _CLOSED.search("\n".join(names)):
        closed = names.index[names.str.contains(_CLOSED)]
        yield f"名称里写着注销、停业等，仍按在营计入；属实的请填「经营状态」：第 {some_rows(closed)} 行"


def plan_doubts(plan: Plan) -> Iterator[str]:
    """Yield what is possible and seldom right in the choices of a plan: characters that no font may have."""
    if rare := dict.fromkeys(_UNDRAWN.findall(repr(plan))):
        yield f"有{_UNDRAWN_AS}：{'、'.join(rare)}"


def line_notes(tasks: Part) -> Iterator[str]:
    """Yield what lines of a plan say that seldom goes together: more units than visits, a kind of the other tier."""
    rows = tasks.rows("planned_units", "planned_visits")
    more = rows["planned_units"].gt(rows["planned_visits"])
    if more.any():
        yield f"计划家数多于计划家次，查不到每一家，请核对：第 {some_rows(rows.index[more])} 行"
    names = tasks.rows("name")["name"].map(key)
    if (twice := names.index[names.duplicated(keep=False)]).size:
        yield f"检查事项同名，请核对是否重行；不是的请写出区别：第 {some_rows(twice)} 行"
    rows = tasks.rows("kind", "tier")
    swapped = (rows["kind"].eq(Kind.KEY_LIST) & rows["tier"].eq(Tier.GENERAL)) | (
        rows["kind"].eq(Kind.SPOT_CHECK) & rows["tier"].eq(Tier.KEY)
    )
    if swapped.any():
        where = some_rows(rows.index[swapped])
        yield f"检查类型与事项性质少见地不一致（名单检查写一般、抽查写重点），请核对：第 {where} 行"
    alone = tasks.rows("officers_per_visit")["officers_per_visit"].eq(1)
    if alone.any():
        yield f"每次人数只有 1 人，请核对：第 {some_rows(alone.index[alone])} 行"


def record_notes(records: Part) -> Iterator[str]:
    """Yield which records say in words that there was no penalty, which have a type that is no word of ours."""
    words = records.rows("penalty")["penalty"]
    none = words.ne("") & ~words.map(is_penalty).astype(bool)
    if none.any():
        yield f"「{records.headings['penalty']}」写明没有处罚，不计处罚：第 {some_rows(none.index[none])} 行"
    kinds = records.typed["visit_type"].map(lambda cell: "" if is_blank(cell) else str(cell).strip())
    known = kinds.isin([word.label for word in (*Trigger, *Tier)])
    odd = ~known & records.frame["task_id"].fillna("").eq("")
    if kinds.ne("").any() and odd.any():
        heading = records.headings["visit_type"]
        yield f"「{heading}」空着，或写的不是认得的检查类型、触发原因，没有用：第 {some_rows(odd.index[odd])} 行"


def _faults(
    part: Part, column: str, faults: Iterable[tuple[int, object, str]], kind: Flaw = Flaw.CONFLICT
) -> list[Problem]:
    """Make problems of rows, cells and the form expected of each."""
    return [Problem(part.file, part.place(row, column), shown(cell), text, kind) for row, cell, text in faults]


def _where(part: Part, column: str, bad: pd.Series, expected: str, kind: Flaw = Flaw.CONFLICT) -> list[Problem]:
    """Make problems of the rows where `bad` holds."""
    cells = part.typed.loc[bad.index[bad.astype(bool)], column]
    return _faults(part, column, ((row, cell, expected) for row, cell in cells.items()), kind)


def _repeated(part: Part, column: str, advice: str = "") -> list[Problem]:
    """Every value of an identifying column stands once; `advice` says what may be done."""
    values = part.rows(column)[column]
    first = dict(zip(values[::-1], values.index[::-1], strict=True))
    again = values[values.duplicated()]
    faults = (
        (row, value, f"不重复的编号（第 {row_words(first[value])} 行已有{advice}）") for row, value in again.items()
    )
    return _faults(part, column, faults, Flaw.REPEATED)


def _unlisted(part: Part, column: str, known: Iterable[str], expected: str) -> list[Problem]:
    """Every value of a column, where there is one, is among the known ones."""
    values = part.rows(column)[column]
    return _where(part, column, ~values.isin([*known, ""]), expected, Flaw.UNKNOWN)


def _listed_in(column: str, others: str, expected: str) -> Callable[..., list[Problem]]:
    """Make the check that a column names rows of another table, by their `others`; {} is the file of that table."""
    return lambda part, other, plan: _unlisted(part, column, _ids(other, others), expected.format(_named(other)))


def _written_once(columns: list[str], at: str, expected: str) -> Callable[..., list[Problem]]:
    """Make the check that no two rows have the same in some columns; `at` is the column that is named."""
    return lambda part, plan: _where(part, at, part.rows(*columns)[columns].duplicated(), expected, Flaw.REPEATED)


def _order(part: Part, low: str, high: str, expected: str) -> list[Problem]:
    """One whole number is not above another of the same row."""
    rows = part.rows(low, high)
    return _where(part, low, rows[low].astype(int) > rows[high].astype(int), expected)


def _of_year(part: Part, column: str, plan: Plan | None) -> list[Problem]:
    """A date lies within the plan's year, where there is a plan."""
    if plan is None:
        return []
    dates = part.rows(column)[column]
    outside = dates.ne("") & dates.str[:4].ne(str(plan.year))
    return _where(part, column, outside, f"计划年度 {plan.year} 年内的日期")


def _teams(part: Part, plan: Plan | None) -> list[Problem]:
    """Every team is one of the plan's."""
    teams = [team.team for team in plan.teams] if plan else []
    return _unlisted(part, "team", teams, f"计划的科队清单里的科队（{'、'.join(teams)}）") if plan else []


def _tasks(tasks: Part, plan: Plan | None) -> list[Problem]:
    """Lines of the plan: ids, lead team, invited sections, visits outside the district, other counts."""
    uncounted = tasks.rows("counted_items", "counted_unit")
    uncounted = uncounted["counted_items"].gt(0) & uncounted["counted_unit"].eq("")
    return [
        *_repeated(tasks, "task_id"),
        *_teams(tasks, plan),
        *(_faults(tasks, "invited", _uninvited(tasks, plan)) if plan else ()),
        *_faults(tasks, "legal_basis", _uncited(tasks, plan), Flaw.UNKNOWN),
        *_order(tasks, "out_of_district_visits", "planned_visits", "不大于计划家次的整数"),
        *_where(tasks, "visit_days", _no_half_days(tasks), "乘以每次人数得 0.5 人日整数倍的天数（0.25 天要双数人）"),
        *_where(tasks, "counted_unit", uncounted, "其他计数的单位（如 张）", Flaw.MISSING),
        *_dated(tasks, "order_document", "order_date", "文号（有交办日期时）", plan),
        *_ordered_days(tasks, plan),
    ]


def _ordered_days(tasks: Part, plan: Plan | None) -> list[Problem]:
    """Days ordered (指定日期、截止日期) are of the plan's year, in order, and no month of the line is outside them."""
    rows = tasks.rows("visit_on", "visit_by", "periods")
    months = rows["periods"].map(lambda spans: sorted({f"{month:02}" for span in spans for month in span}))
    year = str(plan.year) if plan else ""
    on, by = (days.str[5:7].where(days.str.startswith(year), "") for days in (rows["visit_on"], rows["visit_by"]))
    other = on.ne("") & months.str.join("").ne(on)
    late = by.ne("") & ~other & months.str[-1].gt(by)
    return [
        *(problem for name in ("visit_on", "visit_by") for problem in _of_year(tasks, name, plan)),
        *_days_in_order(tasks, "visit_on", "visit_by", "不晚于截止日期的日期"),
        *_where(tasks, "periods", other, "只有指定日期所在的月份"),
        *_where(tasks, "periods", late, "不晚于截止日期所在月份的月份"),
    ]


def _no_half_days(tasks: Part) -> pd.Series:
    """Return which lines ask for officer-days a visit that are no whole half-days, by which all work is counted."""
    rows = tasks.rows("visit_days", "officers_per_visit")
    return (rows["visit_days"].astype(float) * rows["officers_per_visit"].astype(float) % 0.5).ne(0)


def _dated(part: Part, what: str, day: str, expected: str, plan: Plan | None) -> list[Problem]:
    """A date stands with what it is the date of, and is not after the plan's year."""
    rows = part.rows(what, day)
    late = rows[day].gt(f"{plan.year}-12-31") if plan else rows[day].isna()
    return [
        *_where(part, what, rows[what].eq("") & rows[day].ne(""), expected, Flaw.MISSING),
        *_where(part, day, late, f"不晚于 {plan.year if plan else ''} 年的日期"),
    ]


def _uncited(tasks: Part, plan: Plan | None) -> Iterator[tuple[int, str, str]]:
    """Yield legal bases that are in no file of bases, where there is a plan to say which those are."""
    cited = tasks.rows("legal_basis")["legal_basis"]
    known = basis_ids(plan.rules_folder) if plan and cited.map(bool).any() else None
    for row, items in cited.items() if known is not None else ():
        for code in (code for code, _ in items if code and code not in known):
            yield row, code, f"{listed_basis(code, known)}；清单里没有的写文件全名"


def _uninvited(tasks: Part, plan: Plan) -> Iterator[tuple[int, str, str]]:
    """Yield invited sections the plan does not know, or does not know with days."""
    teams = [team.team for team in plan.teams]
    for row, pairs in tasks.rows("invited")["invited"].items():
        for section, days in pairs:
            if section not in (*teams, *plan.sections):
                yield row, section, "计划的科队清单或受邀科室里有的科室"
            elif section not in teams and days > 0:
                yield row, f"{section}={days:.12g}", f"{section}=0（计人日的科室须列在计划的科队清单）"


def _roster(roster: Part, plan: Plan | None) -> list[Problem]:
    """Officers: months that do not overlap where one stands in several rows, team, months of service."""
    advice = "不重叠的月份（同一人可以分几行写，各行的在岗月份不能重叠）"
    overlapping = ((row, officer, f"与第 {row_words(above)} 行{advice}") for row, officer, above in overlaps(roster))
    partners = set(roster.frame.index[roster.frame["department"].fillna("").ne("")])
    return [
        *_faults(roster, "officer_id", overlapping, Flaw.REPEATED),
        *(problem for problem in _teams(roster, plan) if problem.place.row not in partners),
        *_order(roster, "from_month", "to_month", "不晚于截止月的月份"),
    ]


def overlaps(roster: Part) -> Iterator[tuple[int, str, int]]:
    """Yield rows of an officer whose months overlap those of a row above: two spells, or two teams, one after another.

    The row, its officer and the row above.
    """
    served: dict[str, dict[int, int]] = {}
    columns = ["officer_id", "from_month", "to_month"]
    for row, officer, first, last in roster.rows(*columns)[columns].itertuples():
        months, known = range(int(first), int(last) + 1), served.setdefault(officer, {})
        above = next((known[month] for month in months if month in known), None)
        if above is not None:
            yield row, officer, above
        known.update(dict.fromkeys(months, row))


def _units(units: Part, plan: Plan | None) -> list[Problem]:
    """Units: credit codes, a code for a name, last visit not after the plan year."""
    visits = units.rows("last_visit")["last_visit"]
    late = _where(units, "last_visit", visits.gt(f"{plan.year}-12-31"), f"不晚于 {plan.year} 年的日期") if plan else []
    graded = _dated(units, "standard_grade", "standard_graded_on", "标准化等级（有定级日期时）", plan)
    sites = "；同一单位的另一处场所，加「场所编号」一列，各填 1、2"
    return [*_repeated(units, "unit_id", sites), *late, *graded]


def _area(plan: Plan | None) -> str:
    """Return what the plan calls its area."""
    return plan.vocabulary.area if plan else vocabulary().area


def _records(records: Part, plan: Plan | None) -> list[Problem]:
    """Records by themselves: ids, dates in the year, cause, unit, hazards and penalties."""
    cause = records.rows("task_id", "trigger")
    planned, caused = cause["task_id"].ne(""), cause["trigger"].ne("")
    unit, area = records.rows("unit_id"), _area(plan)
    coded = f"{area}内企业的代码（{area}外企业没有代码的，「{records.headings['in_district']}」填 否）"
    uncoded = unit["unit_id"].eq("") & unit["in_district"].ne(False)
    return [
        *_repeated(records, "record_id"),
        *_of_year(records, "date", plan),
        *_where(records, "trigger", ~planned & ~caused, "触发原因（没有事项编号的是非计划检查）", Flaw.MISSING),
        *_where(records, "trigger", planned & caused, "不写触发原因（有事项编号的是计划检查）"),
        *_where(records, "unit_id", uncoded, coded, Flaw.MISSING),
        *_order(records, "major_hazards", "hazards_found", "不大于隐患数的整数"),
        *_order(records, "hazards_fixed", "hazards_found", "不大于隐患数的整数"),
        *_penalties(records),
    ]


def _penalties(records: Part) -> list[Problem]:
    """A fine names its penalty, and a penalty its basis; a basis stands with a penalty or a word for none."""
    rows = records.rows("penalty", "penalty_basis", "fine_yuan")
    none, fined = ~rows["penalty"].map(is_penalty).astype(bool), rows["fine_yuan"].gt(0)
    based, silent = rows["penalty_basis"].ne(""), rows["penalty"].eq("")
    return [
        *_where(records, "penalty", (none & fined) | (silent & based), "处罚（有罚款或处罚来源时须写明）"),
        *_where(records, "penalty_basis", ~based & (fined | ~none), "监督检查 或 事故调查"),
    ]


def _visited(records: Part, units: Part, plan: Plan | None) -> list[Problem]:
    """A unit visited inside the district is in the register."""
    rows = records.rows("unit_id")
    unlisted = rows["in_district"].ne(False) & ~rows["unit_id"].isin([*_ids(units, "unit_id"), ""])
    expected = f"{_named(units)} 里有的代码（{_area(plan)}外企业「{records.headings['in_district']}」填 否）"
    return _where(records, "unit_id", unlisted, expected, Flaw.UNKNOWN)


def _present(records: Part, roster: Part, plan: Plan | None) -> list[Problem]:
    """The officers of a record are on the roster and in service that month."""
    months: dict[str, set[int]] = {}
    columns = ["officer_id", "from_month", "to_month"]
    for officer, first, last in roster.rows(*columns)[columns].itertuples(index=False):
        months.setdefault(officer, set()).update(range(int(first), int(last) + 1))
    return _faults(records, "officers", _absent(records, roster, months))


def _absent(records: Part, roster: Part, months: dict[str, set[int]]) -> Iterator[tuple[int, str, str]]:
    """Yield officers who are not known or not in service in the month of the visit."""
    rows, known = records.rows("date", "officers"), set(_ids(roster, "officer_id"))
    for row, day, officers in zip(rows.index, rows["date"], rows["officers"], strict=True):
        for officer in officers:
            served = months.get(officer, {*MONTHS})
            if officer not in known:
                yield row, unnamed(officer), f"{_named(roster)} 里有的执法人员编号"
            elif int(day[5:7]) not in served:
                spells = month_runs(sorted(served))
                yield row, unnamed(officer), f"{int(day[5:7])} 月在岗的人员（此人 {spells} 月在岗）"


def _decisions(penalties: Part, plan: Plan | None) -> list[Problem]:
    """Decisions of penalty by themselves: ids, the year, the order of dates, kinds and money that go together."""
    return [
        *_repeated(penalties, "penalty_id"),
        *_of_year(penalties, "decided_on", plan),
        *_days_in_order(penalties, "filed_on", "decided_on", "不晚于决定日期的日期"),
        *_days_in_order(penalties, "decided_on", "closed_on", "不晚于结案日期的日期"),
        *_sanctions(penalties),
    ]


def _days_in_order(part: Part, early: str, late: str, expected: str) -> list[Problem]:
    """One date is not after another of the same row, where both are there."""
    rows = part.rows(early, late)
    both = rows[early].ne("") & rows[late].ne("")
    return _where(part, early, both & rows[early].gt(rows[late]), expected)


def _sanctions(penalties: Part) -> list[Problem]:
    """A case ends with kinds of penalty or 不予处罚; money stands with its kind."""
    rows = penalties.rows("penalty", "outcome", "fine_yuan", "confiscated_yuan")
    kinds, none = rows["penalty"].map(set), rows["outcome"].eq(PenaltyOutcome.NONE)
    fine = kinds.map(lambda words: Sanction.FINE in words).astype(bool)
    taken = kinds.map(lambda words: not words.isdisjoint({Sanction.GAINS, Sanction.GOODS})).astype(bool)
    fined, emptied = rows["fine_yuan"].gt(0), rows["confiscated_yuan"].gt(0)
    bare = ~kinds.astype(bool)
    return [
        *_where(penalties, "penalty", none & ~bare, "不写种类（结果是不予处罚）"),
        *_where(penalties, "penalty", ~none & bare, "处罚种类（结果是处罚或减轻）", Flaw.MISSING),
        *_where(penalties, "fine_yuan", fined & (none | (~bare & ~fine)), "0（种类里没有罚款）"),
        *_where(penalties, "fine_yuan", fine & ~none & ~fined, "罚款的金额（种类里有罚款）"),
        *_where(penalties, "confiscated_yuan", emptied & (none | (~bare & ~taken)), "0（种类里没有没收）"),
    ]


def _limits(limits: Part, plan: Plan | None) -> list[Problem]:
    """A limit says something, and its least is not above its most."""
    rows = limits.frame
    silent = rows["minimum"].eq(0) & rows["maximum"].isna() & limits.typed["maximum"].fillna("").map(is_blank)
    return [
        *_where(limits, "minimum", silent, "最少、最多至少写一个"),
        *_order(limits, "minimum", "maximum", "不大于最多家次的整数"),
    ]


def _limited(limits: Part, tasks: Part, plan: Plan | None) -> list[Problem]:
    """A limit is on a line of the plan, in months that line may use, and asks for no more than its visits."""
    known = tasks.rows("task_id", "periods", "planned_visits").set_index("task_id")
    return [
        *_unlisted(limits, "task_id", _ids(tasks, "task_id"), f"{_named(tasks)} 里有的事项编号或名称，全部事项留空"),
        *_faults(limits, "months", _closed_months(limits, known)),
        *_faults(limits, "minimum", _too_many(limits, known)),
    ]


def _closed_months(limits: Part, known: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield limits in months none of which the line may use."""
    for row, limit in limits.rows("task_id", "months").iterrows():
        if limit["task_id"] in known.index:
            allowed = {month for months in known.loc[limit["task_id"], "periods"] for month in months}
            if not allowed & set(limit["months"]):
                months = "、".join(map(str, sorted(allowed)))
                yield row, "、".join(map(str, limit["months"])), f"该事项允许的月份（{months}）"


def _too_many(limits: Part, known: pd.DataFrame) -> Iterator[tuple[int, int, str]]:
    """Yield limits that ask for more than the line's visits, with those above that are of other months."""
    asked: dict[str, dict[int, int]] = {}
    columns = ["task_id", "months", "minimum"]
    for row, task, months, least in limits.rows(*columns)[columns].itertuples():
        planned, before = known["planned_visits"].get(task), asked.setdefault(task, {})
        total = least + (0 if set(months) & set(before) else sum(before.values()))
        if planned is not None and total > planned:
            yield (
                row,
                least,
                f"不大于计划家次（{planned}）的整数{f'（同一事项各月合计 {total}）' if total > least else ''}",
            )
        before |= dict.fromkeys(months, 0) | {min(months): least}


def _clued(clues: Part, tasks: Part, plan: Plan | None) -> list[Problem]:
    """A clue names its line, one that has visits by clue; it need not where there is one such line."""
    rows = tasks.rows("task_id", "selection", "counted_items")
    lines = rows.loc[clue_lines(rows), "task_id"].tolist()
    known = [*lines, ""] if len(lines) == 1 else lines
    expected = f"{'、'.join(lines) or '（检查事项表里没有）'}，按线索检查的事项"
    named = clues.rows("task_id")["task_id"]
    return _where(clues, "task_id", ~named.isin(known), expected, Flaw.UNKNOWN)


def clue_lines(tasks: pd.DataFrame) -> pd.Series:
    """Return which lines have visits by clue (按线索): one flag per row of the tasks."""
    return tasks["selection"].eq(Selection.CLUE) | tasks["counted_items"].gt(0)


def _clue_days(clues: Part, plan: Plan | None) -> list[Problem]:
    """A clue is of the plan's year or the one before, whose clues are looked into."""
    dates, year = clues.rows("date")["date"], plan.year if plan else 0
    far = ~dates.str[:4].isin([str(year), str(year - 1)]) & bool(plan)
    return _where(clues, "date", far, f"计划年度 {year} 或上一年的日期")


def _listed(changes: Part, units: Part, plan: Plan | None) -> list[Problem]:
    """A unit added to the key list is in the register; one taken off may have left it."""
    rows = changes.rows("unit_id", "change")
    unlisted = rows["change"].eq(ListChange.ADDED) & ~rows["unit_id"].isin(_ids(units, "unit_id"))
    return _where(changes, "unit_id", unlisted, f"{_named(units)} 里有的代码", Flaw.UNKNOWN)


def _known_elsewhere(visits: Part, plan: Plan | None) -> list[Problem]:
    """A visit known of another authority has a date or a month, in the plan's year, and stands once."""
    rows = visits.rows("unit_id", "who", "date")
    months = visits.typed["month"].fillna("").reindex(rows.index)
    dated, monthly = rows["date"].ne(""), ~months.map(is_blank).astype(bool)
    late = dated & rows["date"].str[:4].ne(str(plan.year)) if plan else ~dated & dated
    again = rows.assign(month=months.astype(str)).duplicated(["unit_id", "who", "date", "month"])
    return [
        *_where(visits, "date", ~dated & ~monthly, "日期或月份，写一个", Flaw.MISSING),
        *_where(visits, "month", dated & monthly, "不写（已经写了日期；日期、月份只写一个）"),
        *_where(visits, "date", late, f"计划年度 {plan.year if plan else ''} 年内的日期或月份"),
        *_where(visits, "unit_id", again, "一次检查一行（同一企业、同一单位、同一时间已有一行）", Flaw.REPEATED),
    ]


def _known_officers(table: Part, roster: Part, plan: Plan | None) -> list[Problem]:
    """An officer recused or on leave is on the roster."""
    rows, known = table.rows("officer_id")["officer_id"], set(_ids(roster, "officer_id"))
    faults = [(row, each, f"{_named(roster)} 里有的人员编号") for row, each in rows.items() if each not in known]
    return _faults(table, "officer_id", ((row, unnamed(each), text) for row, each, text in faults), Flaw.UNKNOWN)


def _leave(leave: Part, plan: Plan | None) -> list[Problem]:
    """An absence has a day in the plan's year, does not end before it begins and overlaps no other of the officer."""
    rows = leave.rows("officer_id", "from_date", "to_date")
    rows = rows[rows["from_date"] <= rows["to_date"]].sort_values(["officer_id", "from_date"], kind="stable")
    before = rows.groupby("officer_id")["to_date"].transform(lambda days: days.shift(fill_value="").cummax())
    problems = _days_in_order(leave, "from_date", "to_date", "不晚于止的日期")
    problems += _where(
        leave, "from_date", rows["from_date"] <= before, "晚于同一人上一次请假止日的日期（重叠的并成一行）"
    )
    if plan is not None:
        outside = rows["from_date"].str[:4].gt(str(plan.year)) | rows["to_date"].str[:4].lt(str(plan.year))
        problems += _where(leave, "from_date", outside, f"至少有一天在计划年度 {plan.year} 年内的请假")
    return problems


def _other_work(work: Part, plan: Plan | None) -> list[Problem]:
    """Other work has a number of its own and begins in the plan's year; it is not closed before it began."""
    return [
        *_repeated(work, "work_id"),
        *_of_year(work, "date", plan),
        *_days_in_order(work, "date", "due_on", "不晚于到期日的日期"),
        *_days_in_order(work, "date", "closed_on", "不晚于办结日期的日期"),
    ]


def _named(part: Part) -> str:
    """Return the name of a table's file."""
    return part.file.rpartition("/")[2]


def _ids(part: Part, column: str) -> list[str]:
    """Return the identifiers of a table that could be read."""
    return part.rows(column)[column].tolist()


_CHECKS: tuple[tuple[tuple[str, ...], Callable[..., list[Problem]]], ...] = (
    (("tasks",), _tasks),
    (("roster",), _roster),
    (("units",), _units),
    (("records",), _records),
    (("units", "tasks"), _listed_in("covered_by", "task_id", "{} 里有的事项编号")),
    (("records", "tasks"), _listed_in("task_id", "task_id", "{} 里有的事项编号，非计划检查留空")),
    (("records", "units"), _visited),
    (("records", "roster"), _present),
    (("limits",), _limits),
    (("limits", "tasks"), _limited),
    (("key_list_changes",), lambda changes, plan: _of_year(changes, "date", plan)),
    (("key_list_changes", "units"), _listed),
    (("clues",), _clue_days),
    (("clues", "tasks"), _clued),
    (("clues", "units"), _listed_in("unit_id", "unit_id", "{} 里有的代码，或 个人")),
    (("penalties",), _decisions),
    (("elsewhere",), _known_elsewhere),
    (("elsewhere", "units"), _listed_in("unit_id", "unit_id", "{} 里有的代码")),
    (("last_year",), _written_once(["indicator", "period"], "indicator", "每个指标每个期间只写一次")),
    (("other_work",), _other_work),
    (("other_work", "units"), _listed_in("unit_id", "unit_id", "{} 里有的代码，或空着")),
    (("recusals",), _written_once(["officer_id", "unit_id"], "unit_id", "一人一家只写一次")),
    (("recusals", "roster"), _known_officers),
    (("leave",), _leave),
    (("leave", "roster"), _known_officers),
    (("recusals", "units"), _listed_in("unit_id", "unit_id", "{} 里有的代码")),
)
