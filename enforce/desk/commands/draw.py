"""The draw (抽取) of a line in three acts: the list is frozen, a public event gives the seed, the units are drawn.

Each act is written into the record in the folder `draws` of the plan's tables, and none of them twice; the page that
is made public has the commitment alone until the drawn units have been visited.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from enforce.desk.caps import cap_problems
from enforce.desk.commands.explain import task_called
from enforce.desk.commands.record import head_line, now
from enforce.desk.naming import standing_units
from enforce.desk.run import batch
from enforce.desk.year import Year, open_year
from enforce.inputs.draws import (
    ChosenUnit,
    DrawRecord,
    RecusedOfficer,
    StaffMember,
    commitment,
    draw_file,
    draw_problems,
    settle_draws,
    units_to_visit,
    used_event,
    write_draw,
)
from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.plan import read_plan
from enforce.papers.report.draw_page import draw_page
from enforce.planning.names.officers import Pairs, crew, pair_units, possible_pairs
from enforce.planning.names.pool import pool, weights
from enforce.planning.names.tickets import draw_units
from enforce.planning.visits import by_task_and_month, closed
from enforce.words.files import output_errors, write_atomic
from enforce.words.numbers import rounded
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import LeftOut, Selection
from enforce.words.texts import cut, shown, shown_path

Lines = list[str]
VERIFIER = batch.ROOT / "tools" / "verify_draw.py"
_LINE = "命令行"
#: What an entry of a record is given by.
_OPTIONS = {
    "committed_on": "--date", "event": "--event-date", "event.date": "--event-date", "event.kind": "--kind",
    "event.place": "--place", "places": "--places", "strata": "--strata", "seed": "--number", "withdrawn": "--reason",
    "unit_id": "单位", "date": "--date", "why": "--why", "evidence": "--evidence",
}  # fmt: skip


def opened(plan: Path) -> Year:
    """Read a plan for one act of a draw; an act that was broken off is finished before."""
    settle_draws(read_plan(plan))
    return open_year(plan)


def draw_id(year: Year, task_id: str, month: int) -> str:
    """Return the number of a draw: plan and line, the month where it is drawn month by month.

    After a withdrawal it is the next one: a number is not used again.
    """
    number = f"{year.plan.name}-{task_id}" + (f"-{month:02}" if month else "")
    gone = sum(one.withdrawn is not None and (one.task_id, one.month) == (task_id, month) for one in year.draws)
    return f"{number}-v{gone + 1}" if gone else number


def commit(
    plan: Path, task_id: str, month: int = 0, *, date: str, kind: str, place: str, event_date: str,
    places: int | None = None, strata: str = "", weighted: bool = False,
) -> Lines:  # fmt: skip
    """Freeze the list of a line and name the public event to come; return what to tell, the digest among it.

    `places` is how many units are drawn, by default all that the line has yet to draw. InputError where the line draws
    none, its list is frozen, another draw of it is not finished, the event is not later or has served before, or the
    yearly caps of firms leave no room for its visits.
    """
    year = opened(plan)
    task_id = task_called(year, task_id)
    number, task = draw_id(year, task_id, month), task_of(year, task_id)
    path, others = draw_file(year.plan, number), _standing_draws(year, task_id)
    refuse([*_without_weights(year, weighted), *_not_open(year, path, task, others, month)])
    left = _yet_to_draw(year, task, others, month)
    facts = {"draw_id": number, "task_id": task_id, "month": month, "places": left if places is None else places}
    facts |= {"strata": strata, "weighted": weighted, "committed_on": date, "list_sha256": "0" * 64}
    event = {"kind": kind, "place": place, "date": event_date}
    table = _pool(year, task, others, date)
    record, problems = checked(DrawRecord, {**facts, "event": event, **_lists(year, table, strata, weighted)}, _LINE)
    refuse(by_option(problems))
    record = record.model_copy(update={"list_sha256": commitment(record)})
    if record.places > left:
        expected = f"{left} 以下（{'该月' if month else '本事项'}要抽取的家数，减去已抽的）"
        problems = [Problem(_LINE, Place("--places"), str(record.places), expected, Flaw.CONFLICT)]
    problems += [*_out_of_year(year, date, event_date), *cap_problems(year.plan, year.burden, task_id)]
    problems += [*draw_problems(record, _LINE, number), *used_event(_LINE, record, year.draws)]
    refuse(cut(by_option(problems)))
    head = write_draw(year.plan, None, record, "commit", now())
    return [
        f"名单已固定：{shown_path(path)}，{len(record.listed)} 家中抽 {record.places} 家；{_left_out(record)}。",
        f"名单摘要（SHA-256）{record.list_sha256}",
        f"约定的公开事件：{event_date}，{place}，{kind}。请把摘要和这个事件在事件以前公布；名单检查以前不公布。",
        head_line(head),
    ]


def seed(plan: Path, task_id: str, month: int = 0, *, number: str, kind: str, place: str, date: str) -> Lines:
    """Put the seed that a public event gave into the record of a draw; return what to tell.

    InputError where there is a seed already, or the event is not the one named, not later, or has served before.
    """
    year = opened(plan)
    record, file = record_of(year, task_id, month)
    if record.seed is not None:
        refuse([Problem(file, Place("种子"), "已经登记", "一次抽取一个种子，登记后不改", Flaw.REPEATED)])
    given = {"kind": kind, "place": place, "date": date}
    problems = [
        Problem(_LINE, Place(f"event.{name}"), shown(given[name]), f"{named}（固定名单时约定的事件）", Flaw.CONFLICT)
        for name, named in record.event.model_dump().items()
        if given[name] != named
    ]
    if date <= record.committed_on:
        expected = f"晚于名单固定的日期 {record.committed_on}"
        problems.append(Problem(_LINE, Place("--event-date"), shown(date), expected, Flaw.CONFLICT))
    made, more = checked(DrawRecord, {**record.model_dump(exclude_none=True), "seed": number}, _LINE)
    refuse(by_option([*problems, *more, *used_event(_LINE, record, year.draws)]))
    head = write_draw(year.plan, record, made, "seed", now())
    return [f"种子已登记：{number}（{date}，{place}，{kind}）。现在可以抽取。", head_line(head)]


def draw(plan: Path, task_id: str, month: int = 0) -> Lines:
    """Draw the units of a line from its frozen list, and officers for them; return what to tell, the drawn among it.

    InputError where there is no seed, a result already, the register no longer gives the list that was frozen, or too
    few officers may go to a unit.
    """
    year = opened(plan)
    record, file = record_of(year, task_id, month)
    if record.seed is None:
        refuse([Problem(file, Place("种子"), "（没有写）", "先用 seed 登记公开事件给出的种子", Flaw.MISSING)])
    if record.result is not None:
        refuse([Problem(file, Place("抽取结果"), "已经抽取", "一次抽取一个结果，不再抽", Flaw.REPEATED)])
    refuse(cut(_register_changes(year, record, file)))
    drawn, notes = _drawn_officers(year, record.model_copy(update={"result": result(record)}))
    head = write_draw(year.plan, record, drawn, "draw", now())
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    rows = [
        f"  {'候补' if unit.substitute else '抽中'} {unit.stratum} {unit.order} {unit.unit_id} {names[unit.unit_id]}"
        f" {'、'.join(unit.officers or ())}".rstrip()
        for unit in drawn.result
    ]
    title = f"{record.draw_id} 抽中 {record.places} 家，写入 {file}；检查以前不公布："
    return [title, *rows, *notes, head_line(head)]


def result(record: DrawRecord) -> list[ChosenUnit]:
    """Return what follows from the list and the seed of a record: the drawn and their substitutes."""
    listed = pd.DataFrame([unit.model_dump() for unit in record.listed])
    table = draw_units(listed, record.places, record.seed, record.draw_id)
    return [ChosenUnit(**row) for row in table.drop(columns=["draw_id", "weight"]).to_dict("records")]


def _drawn_officers(year: Year, record: DrawRecord) -> tuple[DrawRecord, Lines]:
    """Return a record with the officers of its drawn units, and what to tell; units drawn as a hold-out have none."""
    task = task_of(year, record.task_id)
    if task.selection != Selection.DRAW:
        return record, []
    codes = [unit.unit_id for unit in record.result if not unit.substitute]
    staff, recused = staff_for(year, task, record), recusals_of(year, [unit.unit_id for unit in record.result])
    pairs = officer_pairs(year, record, codes, staff, recused)
    counts = Counter(officer for pair in pairs.by_unit.values() for officer in pair)
    load = [counts[officer] for officer in staff["officer_id"]]
    units = [
        unit.model_copy(update={"officers": None if unit.substitute else list(pairs.by_unit[unit.unit_id])})
        for unit in record.result
    ]
    facts = {"result": units, "staff": [StaffMember(**row) for row in staff.to_dict("records")]}
    record = record.model_copy(update={**facts, "recused": [RecusedOfficer(**row) for row in recused]})
    sure = "已证明最均匀" if pairs.proved else "没有证明最均匀"
    return record, [f"检查人员：{len(staff)} 人可派，每人 {min(load)} 至 {max(load)} 家（{sure}）。"]


def staff_for(year: Year, task: object, record: DrawRecord) -> pd.DataFrame:
    """Return who can be sent to the units of a draw: in service in its month, or in all of the line's left."""
    first = int(record.event.date[5:7])
    months = [month for period in task.periods for month in period if month >= first]
    months = [record.month] if record.month else months or [first]
    return crew(year.tables.roster, task.team, task.partners, task.officer_fields, months)


def recusals_of(year: Year, codes: Sequence[str]) -> list[dict[str, str]]:
    """Return who is recused from which of some units."""
    table = year.tables.recusals
    table = table[table["unit_id"].isin(codes)].sort_values(["unit_id", "officer_id"])
    return table[["officer_id", "unit_id"]].to_dict("records")


def officer_pairs(
    year: Year, record: DrawRecord, codes: Sequence[str], staff: pd.DataFrame, recused: Sequence[dict[str, str]]
) -> Pairs:
    """Return a pair of officers for each unit; InputError where too few may go to one, with the figures."""
    possible = possible_pairs(codes, staff, {(row["officer_id"], row["unit_id"]) for row in recused})
    if short := [code for code, pairs in possible.items() if not pairs]:
        ours, able = int(staff["ours"].sum()), int(staff["able"].sum())
        value = f"持证、在岗的可派 {len(staff)} 人（本局 {ours} 人，业务领域合要求 {able} 人），回避 {len(recused)} 条"
        expected = f"每家至少两人，其中本局一人、业务领域合要求一人；派不出的 {len(short)} 家：{'、'.join(short[:10])}"
        refuse(
            [
                Problem(
                    shown_path(draw_file(year.plan, record.draw_id)), Place("执法人员"), value, expected, Flaw.MISSING
                )
            ]
        )
    others = [one for one in _standing_draws(year, record.task_id) if one.draw_id != record.draw_id]
    before = [tuple(pair) for one in (*others, record) for pair in units_to_visit(one).values() if len(pair) == 2]
    return pair_units(possible, before, record.seed, record.draw_id)


def write_page(plan: Path, task_id: str, month: int = 0, *, publish: bool = False, out: Path | None = None) -> Lines:
    """Write the public page of a draw and the verifier beside it; return what to tell.

    The page has the commitment alone; with `publish` the whole record; pages of lists that were withdrawn say so.
    InputError where that has no result yet, where
    the result is not what follows from list and seed, and while a drawn unit is neither visited nor closed.
    """
    year = opened(plan)
    task_id = task_called(year, task_id)
    withdrawn = [one for one in year.draws if one.task_id == task_id and one.withdrawn is not None]
    record, file = record_of(year, task_id, month, withdrawn)
    refuse(_unpublishable(year, record, file) if publish else ())
    target = out or batch.report_place(plan) / "公示"
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True)) if publish else None
    heading = f"{year.plan.bureau} {year.plan.year}年 {year.names[record.task_id]}"
    before = [one for one in withdrawn if one is not record]
    page = draw_page(heading, _public(record), names, [one.model_dump() for one in before])
    files = {_page_file(record): page}
    files |= {_page_file(one): draw_page(heading, _public(one), None) for one in before if one.month == month}
    files[VERIFIER.name] = VERIFIER.read_bytes()
    with output_errors(target):
        target.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomic(target / name, content)
    state = "抽取结果和全部名单" if publish else "名单摘要和约定的事件，没有名单"
    return [f"已写出 {'、'.join(files)}（{shown_path(target)}）；公示的是{state}。"]


def _page_file(record: DrawRecord) -> str:
    return f"公示-{record.draw_id}.html"


def _public(record: DrawRecord) -> dict:
    """Return what of a record may be made public: nothing of officers."""
    officers = {
        "result": {"__all__": {"officers"}},
        "events": {"__all__": {"officers"}},
        "staff": True,
        "recused": True,
    }
    return record.model_dump(mode="json", exclude_none=True, exclude=officers)


# --- what refuses an act --------------------------------------------------------------------------------------------


def by_option(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems of the command line at the options that gave what is refused."""
    return [
        replace(problem, place=Place(_OPTIONS[problem.place.entry]))
        if problem.file == _LINE and problem.place.entry in _OPTIONS
        else problem
        for problem in problems
    ]


def task_of(year: Year, task_id: str) -> object:
    """Return the row of a line that is drawn, wholly or for a hold-out of its ranked visits."""
    task = next(row for row in year.tasks.itertuples(index=False) if row.task_id == task_id)
    if not (task.selection == Selection.DRAW or (task.selection == Selection.RANKED and year.plan.holdout)):
        expected = f"选取方式为{Selection.DRAW.label}的事项，或{Selection.RANKED.label}、留有对照的事项"
        refuse([Problem(_LINE, Place("--task"), f"{task_id} {task.name}", expected, Flaw.CONFLICT)])
    return task


def _out_of_year(year: Year, date: str, event_date: str) -> Iterator[Problem]:
    """Yield dates that cannot be of the plan's year; its first draw may be committed to in the year before."""
    of_plan = year.plan.year
    if date[:4] not in (f"{of_plan - 1}", f"{of_plan}"):
        yield Problem(_LINE, Place("--date"), shown(date), f"{of_plan - 1} 或 {of_plan} 年的日期", Flaw.CONFLICT)
    if event_date[:4] != f"{of_plan}":
        yield Problem(_LINE, Place("--event-date"), shown(event_date), f"计划年度 {of_plan} 年内的日期", Flaw.CONFLICT)


def _without_weights(year: Year, weighted: bool) -> Iterator[Problem]:
    if weighted and not any(year.plan.draw_weights.model_dump().values()):
        expected = "计划先写抽取权重（各等级的权重），或不用 --weighted"
        yield Problem(_LINE, Place("--weighted"), "计划没有写抽取权重", expected, Flaw.MISSING)


def _not_open(year: Year, path: Path, task: object, others: Sequence[DrawRecord], month: int) -> Iterator[Problem]:
    if os.path.lexists(path):
        expected = "没有固定过名单的抽取（名单固定以后不改）"
        yield Problem(shown_path(path), Place("抽取记录"), "已有这个文件", expected, Flaw.REPEATED)
        return
    for record in others:
        if record.result is None:
            where = shown_path(draw_file(year.plan, record.draw_id))
            yield Problem(where, Place("抽取结果"), "还没有抽取", "先抽取，再固定下一次的名单", Flaw.CONFLICT)
    for span in dict.fromkeys((0, month)):
        if _yet_to_draw(year, task, others, span) < 1:
            where, words = ("--month", f" {span} 月") if span else ("--task", "")
            drawn = sum(one.places for one in others if span in (0, one.month))
            done = f"计划{words}在辖区内抽取 {_yet_to_draw(year, task, (), span)} 家，已抽 {drawn} 家"
            yield Problem(_LINE, Place(where), done, "还有要抽的", Flaw.REPEATED)
            return


def record_of(year: Year, task_id: str, month: int, otherwise: Sequence[DrawRecord] = ()) -> tuple[DrawRecord, str]:
    """Return the record of a draw that is not withdrawn, else the last of `otherwise`; and its file for messages.

    The task by code or name.
    """
    task_id = task_called(year, task_id)
    choices = [*_standing_draws(year, task_id), *reversed(otherwise)]
    record = next((one for one in choices if one.month == month), None)
    file = shown_path(draw_file(year.plan, record.draw_id if record else draw_id(year, task_id, month)))
    if record is None:
        refuse([Problem(file, Place("抽取记录"), "没有这个文件", "先用 commit 固定名单", Flaw.MISSING)])
    return record, file


def _unpublishable(year: Year, record: DrawRecord, file: str) -> Iterator[Problem]:
    if record.result is None:
        yield Problem(file, Place("抽取结果"), "（没有写）", "先抽取、检查，再公布", Flaw.MISSING)
        return
    if [unit.model_copy(update={"officers": None}) for unit in record.result] != result(record):
        yield Problem(file, Place("抽取结果"), "与名单和种子对不上", "抽取时写下的结果", Flaw.CHANGED)
    visits, gone = year.tables.records, year.units.loc[closed(year.units), "unit_id"]
    since = visits[(visits["task_id"] == record.task_id) & (visits["date"] >= record.event.date)]
    if waiting := units_to_visit(record).keys() - {*since["unit_id"], *gone}:
        expected = "抽中的单位都检查过（或已停业、注销），检查以前不公布"
        yield Problem(file, Place("抽取结果"), f"还有 {len(waiting)} 家没有检查", expected, Flaw.CONFLICT)


# --- the list -------------------------------------------------------------------------------------------------------


def _standing_draws(year: Year, task_id: str) -> list[DrawRecord]:
    """Return the draws of a line, without those withdrawn."""
    return [one for one in year.draws if one.task_id == task_id and one.withdrawn is None]


def _yet_to_draw(year: Year, task: object, others: Sequence[DrawRecord], month: int = 0) -> int:
    """Return how many units of the area a line has yet to draw, in a month no more than its visits there.

    Of a ranked line that is its hold-out (对照) alone.
    """
    wanted = int(task.planned_units - task.out_of_district_visits)
    if task.selection == Selection.RANKED:
        wanted = int(rounded(Decimal(str(year.plan.holdout)) * wanted))
    left = wanted - sum(one.places for one in others)
    if not month:
        return left
    visits = by_task_and_month(year.annex.visits).get((task.task_id, month), 0)
    return min(left, visits - sum(one.places for one in others if one.month == month))


def _pool(year: Year, task: object, others: Sequence[DrawRecord], day: str) -> pd.DataFrame:
    before = {unit.unit_id for one in others for unit in one.result or () if not unit.substitute}
    before |= {event.substitute for one in others for event in one.events or ()}
    units, level = standing_units(year.units, year.draws, day), year.plan.vocabulary.our_level
    return pool(task, units, level, before, elsewhere=year.naming.elsewhere, as_of=day)


def _lists(year: Year, table: pd.DataFrame, strata: str, weighted: bool) -> dict[str, list[dict]]:
    """Return the pool as the two lists of a record."""
    listed, left = table[table["reason"] == ""], table[table["reason"] != ""]
    each = weights(listed, year.plan.draw_weights.model_dump() if weighted else {})
    parts = listed[strata] if strata in listed else [""] * len(listed)
    rows = zip(listed["unit_id"], parts, each, strict=True)
    return {
        "listed": [dict(zip(("unit_id", "stratum", "weight"), row, strict=True)) for row in rows],
        "left_out": left[["unit_id", "reason"]].to_dict("records"),
    }


def _left_out(record: DrawRecord) -> str:
    counts = Counter(unit.reason for unit in record.left_out)
    reasons = "、".join(f"{reason.label} {counts[reason]} 家" for reason in LeftOut if counts[reason])
    return f"不参加 {len(record.left_out)} 家" + (f"（{reasons}）" if reasons else "")


def _register_changes(year: Year, record: DrawRecord, file: str) -> Iterator[Problem]:
    """Yield every unit that today's register would list otherwise than the frozen list does."""
    others = [one for one in _standing_draws(year, record.task_id) if one.draw_id != record.draw_id]
    table = _pool(year, task_of(year, record.task_id), others, record.committed_on)
    now, before = _lists(year, table, record.strata, record.weighted), record.model_dump()
    for name, words in (("listed", "参加"), ("left_out", "不参加")):
        old, new = ({row["unit_id"]: row for row in lists[name]} for lists in (before, now))
        for code in sorted({*old, *new}):
            if old.get(code) != new.get(code):
                value = "现在没有" if code not in new else "现在多出" if code not in old else "内容有变"
                expected = "与固定的名单相同的台账、事项和权重（请恢复，变化以后由候补处理）"
                yield Problem(file, Place(f"{words} {shown(code)}"), value, expected, Flaw.CHANGED)
