"""The draw (抽取) of a line in three acts: the list is frozen, a public event gives the seed, the units are drawn.

Each act is written into the record in the folder `draws` of the plan's tables, and none of them twice; the page that
is made public has the commitment alone until the drawn units have been visited.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from enforce.desk.caps import cap_problems
from enforce.desk.run import batch
from enforce.desk.year import Year, open_year
from enforce.inputs.draws import ChosenUnit, DrawRecord, commitment, draw_bytes, draw_file, draw_problems, used_event
from enforce.inputs.parameters.entries import checked
from enforce.papers.report.draw_page import draw_page
from enforce.planning.names.pool import pool, weights
from enforce.planning.names.tickets import draw_units
from enforce.planning.visits import closed
from enforce.words.files import output_errors, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import LeftOut, Selection
from enforce.words.texts import cut, shown, shown_path

Lines = list[str]
VERIFIER = batch.ROOT / "tools" / "verify_draw.py"
_LINE = "命令行"


def draw_id(year: Year, task_id: str, month: int) -> str:
    """Return the number of a draw: plan and line, and the month where it is drawn month by month."""
    return f"{year.plan.name}-{task_id}" + (f"-{month:02}" if month else "")


def commit(
    plan: Path, task_id: str, month: int = 0, *, date: str, kind: str, place: str, event_date: str,
    places: int | None = None, strata: str = "", weighted: bool = False,
) -> Lines:  # fmt: skip
    """Freeze the list of a line and name the public event to come; return what to tell, the digest among it.

    `places` is how many units are drawn, by default all that the line has yet to draw. InputError where the line draws
    none, its list is frozen, another draw of it is not finished, the event is not later or has served before, or the
    yearly caps of firms leave no room for its visits.
    """
    year = open_year(plan)
    number, task = draw_id(year, task_id, month), _task(year, task_id)
    path, others = draw_file(year.plan, number), [one for one in year.draws if one.task_id == task_id]
    refuse(_not_open(year, path, task, others))
    left = _yet_to_draw(task, others)
    facts = {"draw_id": number, "task_id": task_id, "month": month, "places": left if places is None else places}
    facts |= {"strata": strata, "weighted": weighted, "committed_on": date, "list_sha256": "0" * 64}
    event = {"kind": kind, "place": place, "date": event_date}
    table = _pool(year, task, others, date)
    record, problems = checked(DrawRecord, {**facts, "event": event, **_lists(year, table, strata, weighted)}, _LINE)
    refuse(problems)
    record = record.model_copy(update={"list_sha256": commitment(record)})
    if record.places > left:
        expected = f"{left} 以下（本事项计划在辖区内抽取的家数，减去已抽的）"
        problems = [Problem(_LINE, Place("--places"), str(record.places), expected, Flaw.CONFLICT)]
    problems += cap_problems(year.plan, year.burden, task_id)
    refuse(cut([*problems, *draw_problems(record, _LINE, number), *used_event(_LINE, record, year.draws)]))
    with output_errors(path):
        path.parent.mkdir(exist_ok=True)
    write_atomic(path, draw_bytes(record), new=True)
    return [
        f"名单已固定：{shown_path(path)}，{len(record.listed)} 家中抽 {record.places} 家；{_left_out(record)}。",
        f"名单摘要（SHA-256）{record.list_sha256}",
        f"约定的公开事件：{event_date}，{place}，{kind}。请把摘要和这个事件在事件以前公布；名单检查以前不公布。",
    ]


def seed(plan: Path, task_id: str, month: int = 0, *, number: str, kind: str, place: str, date: str) -> Lines:
    """Put the seed that a public event gave into the record of a draw; return what to tell.

    InputError where there is a seed already, or the event is not the one named, not later, or has served before.
    """
    year = open_year(plan)
    record, file = _record_of(year, task_id, month)
    if record.seed is not None:
        refuse([Problem(file, Place("seed"), "已经登记", "一次抽取一个种子，登记后不改", Flaw.REPEATED)])
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
    refuse([*problems, *more, *used_event(_LINE, record, year.draws)])
    write_atomic(draw_file(year.plan, record.draw_id), draw_bytes(made))
    return [f"种子已登记：{number}（{date}，{place}，{kind}）。现在可以抽取。"]


def draw(plan: Path, task_id: str, month: int = 0) -> Lines:
    """Draw the units of a line from its frozen list; return what to tell, the drawn among it.

    InputError where there is no seed, a result already, or the register no longer gives the list that was frozen.
    """
    year = open_year(plan)
    record, file = _record_of(year, task_id, month)
    if record.seed is None:
        refuse([Problem(file, Place("seed"), "（没有写）", "先用 seed 登记公开事件给出的种子", Flaw.MISSING)])
    if record.result is not None:
        refuse([Problem(file, Place("result"), "已经抽取", "一次抽取一个结果，不再抽", Flaw.REPEATED)])
    refuse(cut(_list_changes(year, record, file)))
    made = record.model_copy(update={"result": result(record)})
    write_atomic(draw_file(year.plan, record.draw_id), draw_bytes(made))
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    rows = [
        f"  {'候补' if unit.substitute else '抽中'} {unit.stratum} {unit.order} {unit.unit_id} {names[unit.unit_id]}"
        for unit in made.result
    ]
    return [f"{record.draw_id} 抽中 {record.places} 家，写入 {file}；检查以前不公布：", *rows]


def result(record: DrawRecord) -> list[ChosenUnit]:
    """Return what follows from the list and the seed of a record: the drawn and their substitutes."""
    listed = pd.DataFrame([unit.model_dump() for unit in record.listed])
    table = draw_units(listed, record.places, record.seed, record.draw_id)
    return [ChosenUnit(**row) for row in table.drop(columns=["draw_id", "weight"]).to_dict("records")]


def write_page(plan: Path, task_id: str, month: int = 0, *, publish: bool = False, out: Path | None = None) -> Lines:
    """Write the public page of a draw and the verifier beside it; return what to tell.

    The page has the commitment alone; with `publish` the whole record. InputError where that has no result yet, where
    the result is not what follows from list and seed, and while a drawn unit is neither visited nor closed.
    """
    year = open_year(plan)
    record, file = _record_of(year, task_id, month)
    refuse(_unpublishable(year, record, file) if publish else ())
    target = out or batch.ROOT / "reports" / plan.stem / "公示"
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    heading = f"{year.plan.bureau} {year.plan.year}年 {year.names[task_id]}"
    page = draw_page(heading, record.model_dump(mode="json", exclude_none=True), names if publish else None)
    files = {f"公示-{record.draw_id}.html": page, VERIFIER.name: VERIFIER.read_bytes()}
    with output_errors(target):
        target.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomic(target / name, content)
    state = "抽取结果和全部名单" if publish else "名单摘要和约定的事件，没有名单"
    return [f"已写出 {'、'.join(files)}（{shown_path(target)}）；公示的是{state}。"]


# --- what refuses an act --------------------------------------------------------------------------------------------


def _task(year: Year, task_id: str) -> object:
    """Return the row of a line that is drawn."""
    task = next((row for row in year.tasks.itertuples(index=False) if row.task_id == task_id), None)
    if task is None:
        refuse([Problem(_LINE, Place("--task"), shown(task_id), f"{'、'.join(year.names)} 之一", Flaw.UNKNOWN)])
    if task.selection != Selection.DRAW:
        expected = f"选取方式为{Selection.DRAW.label}的事项"
        refuse([Problem(_LINE, Place("--task"), f"{task_id} {task.name}", expected, Flaw.CONFLICT)])
    return task


def _not_open(year: Year, path: Path, task: object, others: Sequence[DrawRecord]) -> Iterator[Problem]:
    if os.path.lexists(path):
        expected = "没有固定过名单的抽取（名单固定以后不改）"
        yield Problem(shown_path(path), Place("抽取记录"), "已有这个文件", expected, Flaw.REPEATED)
        return
    for record in others:
        if record.result is None:
            where = shown_path(draw_file(year.plan, record.draw_id))
            yield Problem(where, Place("result"), "还没有抽取", "先抽取，再固定下一次的名单", Flaw.CONFLICT)
    if _yet_to_draw(task, others) < 1:
        done = f"计划在辖区内抽取 {_yet_to_draw(task, ())} 家，已抽 {sum(one.places for one in others)} 家"
        yield Problem(_LINE, Place("--task"), done, "还有要抽的事项", Flaw.REPEATED)


def _record_of(year: Year, task_id: str, month: int) -> tuple[DrawRecord, str]:
    """Return the record of a draw and its file as messages name it."""
    number = draw_id(year, task_id, month)
    file = shown_path(draw_file(year.plan, number))
    record = next((one for one in year.draws if one.draw_id == number), None)
    if record is None:
        refuse([Problem(file, Place("抽取记录"), "没有这个文件", "先用 commit 固定名单", Flaw.MISSING)])
    return record, file


def _unpublishable(year: Year, record: DrawRecord, file: str) -> Iterator[Problem]:
    if record.result is None:
        yield Problem(file, Place("result"), "（没有写）", "先抽取、检查，再公布", Flaw.MISSING)
        return
    if record.result != result(record):
        yield Problem(file, Place("result"), "与名单和种子对不上", "抽取时写下的结果", Flaw.CHANGED)
    visits, gone = year.tables.records, year.units.loc[closed(year.units), "unit_id"]
    since = visits[(visits["task_id"] == record.task_id) & (visits["date"] >= record.event.date)]
    drawn = {unit.unit_id for unit in record.result if not unit.substitute}
    if waiting := drawn - {*since["unit_id"], *gone}:
        expected = "抽中的单位都检查过（或已停业、注销），检查以前不公布"
        yield Problem(file, Place("result"), f"还有 {len(waiting)} 家没有检查", expected, Flaw.CONFLICT)


# --- the list -------------------------------------------------------------------------------------------------------


def _yet_to_draw(task: object, others: Sequence[DrawRecord]) -> int:
    """Return how many units of the area a line has yet to draw."""
    return int(task.planned_units - task.out_of_district_visits) - sum(one.places for one in others)


def _pool(year: Year, task: object, others: Sequence[DrawRecord], day: str) -> pd.DataFrame:
    before = [unit.unit_id for one in others for unit in one.result or () if not unit.substitute]
    return pool(task, year.units, year.plan.vocabulary.our_level, before, elsewhere=year.naming.elsewhere, as_of=day)


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


def _list_changes(year: Year, record: DrawRecord, file: str) -> Iterator[Problem]:
    """Yield every unit that today's register would list otherwise than the frozen list does."""
    others = [one for one in year.draws if one.task_id == record.task_id and one.draw_id != record.draw_id]
    table = _pool(year, _task(year, record.task_id), others, record.committed_on)
    now, before = _lists(year, table, record.strata, record.weighted), record.model_dump()
    for name, words in (("listed", "参加"), ("left_out", "不参加")):
        old, new = ({row["unit_id"]: row for row in lists[name]} for lists in (before, now))
        for code in sorted({*old, *new}):
            if old.get(code) != new.get(code):
                value = "现在没有" if code not in new else "现在多出" if code not in old else "内容有变"
                expected = "与固定的名单相同的台账、事项和权重（请恢复，变化以后由候补处理）"
                yield Problem(file, Place(f"{words} {shown(code)}"), value, expected, Flaw.CHANGED)
