"""The schedule (日程) from the command line: made, kept as the arrangement given out, and its papers written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from enforce.desk.commands.record import now
from enforce.desk.month_schedule import MonthSchedule, month_schedule, schedule_of_month
from enforce.desk.paperwork.visit_papers import schedule_files
from enforce.desk.run import batch
from enforce.desk.run.logbook import LOG
from enforce.desk.standing import standing
from enforce.desk.year import Year, open_year
from enforce.inputs.arrangements import arrangement_bytes, arrangement_file
from enforce.papers.report.folder import discard, publish, stage
from enforce.papers.report.locks import run_lock
from enforce.papers.screen.cells import cell_text
from enforce.words.files import output_errors, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.texts import shown_path

Lines = list[str]
_MOST = 20


def arrange_month(
    plan: Path, *, month: int | None = None, as_of: str = "", trial: bool = False, each: bool = False,
    out: Path | None = None,
) -> Lines:  # fmt: skip
    """Put a month's visits on days and officers, keep that as the arrangement given out, and write its papers.

    `month` is put on days from its first, or from the day after the approval in it; `as_of` plans anew what is left
    after a day, of its month.
    With `trial` nothing is kept. Return what to tell: what changed and who must be told of it. InputError where both
    are named, or the year is over; the arrangement and the papers are each written whole or not at all.
    """
    LOG.info(f"读入、核对 {plan.name} 和它的表")
    year = open_year(plan)
    refuse(_options_at_odds(year, month, as_of))
    recorded = not year.tables.records.empty
    asked = month or batch.month_of(year, recorded=recorded)
    made = month_schedule(standing(year, as_of)) if as_of else schedule_of_month(year, asked)
    refuse(_nothing_ahead(made, as_of, asked))
    LOG.info("把各家次排到日期和人员")
    target = out or batch.report_place(plan) / f"日程-{made.mark}"
    files = schedule_files(made, each=each)
    LOG.info("写出材料，逐份读回核对")
    with run_lock(target, now()):
        _write_both(target, made, files, trial)
    return [*_kept_lines(made, trial), *_month_lines(made), f"打开：{os.path.relpath(target)}（{len(files)} 个文件）"]


def _options_at_odds(year: Year, month: int | None, as_of: str) -> Iterator[Problem]:
    if month and as_of:
        expected = "只写一个：--month 排整月，--as-of 从某一天以后重排"
        yield Problem("命令行", Place("--month"), f"{month}，又写了 --as-of {as_of}", expected, Flaw.CONFLICT)
    later = [one for one in year.arrangements if as_of and one.as_of > as_of]
    if later:
        expected = f"不早于 {later[-1].as_of}（最近一次安排从这一天以后排起）"
        yield Problem("命令行", Place("--as-of"), as_of, expected, Flaw.CONFLICT)


def _nothing_ahead(made: MonthSchedule, as_of: str, month: int) -> Iterator[Problem]:
    if made.month > 12:
        yield Problem("命令行", Place("--as-of"), as_of, "年内还有工作日的一天", Flaw.CONFLICT)
    elif not as_of and made.month > month:
        day = made.plan.as_of
        yield Problem("命令行", Place("--month"), f"{month}", f"{day} 批准以后还有工作日的月份", Flaw.CONFLICT)
    elif made.visits.empty:
        yield Problem("命令行", Place("--month"), f"{made.month} 月没有要排的家次", "有家次的月份", Flaw.MISSING)


def _write_both(target: Path, made: MonthSchedule, files: dict, trial: bool) -> None:
    """Write the papers aside, then the arrangement, then put the papers in their place: each whole or not at all."""
    edition, plan = made.plan.arrangement, made.plan.year.plan
    staged = stage(target)
    try:
        for name, write in files.items():
            (staged / name).parent.mkdir(exist_ok=True)
            write(staged / name)
        path = arrangement_file(plan, edition.number)
        if not trial and edition not in made.plan.editions:
            with output_errors(path):
                path.parent.mkdir(exist_ok=True)
            write_atomic(path, arrangement_bytes(edition), new=True)
        publish(staged, target)
    finally:
        discard(staged)


def _kept_lines(made: MonthSchedule, trial: bool) -> Lines:
    edition, path = made.plan.arrangement, arrangement_file(made.plan.year.plan, made.plan.arrangement.number)
    if edition in made.plan.editions:
        return [f"与{edition.text}相同，没有另存。"]
    return ["试排：没有存安排，不算下发。" if trial else f"已下发并存为{edition.text}：{shown_path(path)}"]


def _month_lines(made: MonthSchedule) -> Iterator[str]:
    """Tell the month: how much on how many days, what changed and who must be told, what is on no day."""
    dated = made.dated
    entries, days = dated["entry"].nunique(), dated["date"].nunique()
    people = made.by_officer["officer_id"].nunique()
    yield f"{made.month} 月 {len(dated)} 家次，入企 {entries} 次，{days} 天，{people} 人。"
    yield from _changed_lines(made.rebooked)
    for row in made.obstacles.itertuples():
        rule, gives = cell_text("obstacle", row.obstacle), "、".join(row.gives)
        way = f"；放宽这一条可排 {row.possible_date}" if row.possible_date else ""
        yield f"排不上：{row.visit_id} {row.task} {row.name}，因为{rule}{way}{f'，要让出 {gives}' if gives else ''}。"
    open_aims = made.proof[~made.proof["proved"].astype(bool)]
    for row in open_aims.itertuples():
        yield f"没有证明最少：{cell_text('aim', row.aim)}现为 {row.value}，下限 {row.bound}。"


def _changed_lines(rebooked: pd.DataFrame) -> Iterator[str]:
    if rebooked.empty:
        return
    people = sorted({code for codes in rebooked["officers_to_tell"] for code in codes})
    yield f"已下发的改了 {len(rebooked)} 家次，要告诉：{'、'.join(people)}。"
    for row in rebooked.head(_MOST).itertuples():
        was, now_is = (_when(row, name) for name in ("before_", ""))
        yield f"  {row.visit_id} {row.task} {row.name}：{was} → {now_is}"
    if len(rebooked) > _MOST:
        yield "  其余见「改期和换人」。"


def _when(row: object, side: str) -> str:
    """When and by whom one side has a visit, in words."""
    day, half, officers = (getattr(row, side + name) for name in ("date", "half_day", "officers"))
    return f"{day} {cell_text('half_day', half)} {'、'.join(officers)}" if day else "没有排"
