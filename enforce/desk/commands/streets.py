"""The streets (乡镇、街道): the workbook they fill in, and their plans and progress put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from enforce.desk.imprint import book_meta
from enforce.desk.plan_pages import table_area
from enforce.desk.street_tables import overlaps_of, progress_of, street_names
from enforce.desk.year import Year, open_year
from enforce.inputs.tables.street_sheets import read_streets, street_files, street_form
from enforce.papers.books.book import Sheet
from enforce.papers.books.entry_book import Area, EntryPage, entry_book_bytes
from enforce.papers.books.writer import write_book
from enforce.planning.through.street_progress import TOTAL, rates_of_streets
from enforce.words.files import write_atomic
from enforce.words.months import MONTHS
from enforce.words.numbers import percent
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import real_date, shown, shown_path

Lines = list[str]
_HELP = (
    "{street}年度检查计划与进展：怎么填",
    "1. 「计划与进展」一行一次检查：还没有查的写计划月份，查过的写检查日期，两样都有的都写。",
    "2. {street}从下拉里选；统一社会信用代码写 18 位，没有代码的空着，空着的不与区里的计划比对。",
    "3. 隐患数、整改数只写查过的。不写人名、电话。",
    "4. 每次交全年的，以前写过的不要删；交来的文件放进一个文件夹，文件名不限。",
)


def write_template(plan_file: Path, out: Path | None = None) -> Lines:
    """Write the workbook that every street fills in, with lists to choose from; nothing is written over."""
    year = open_year(plan_file)
    words, names = year.plan.vocabulary, street_names(year)
    out = out or year.plan.tables_folder.parent / f"{year.plan.name}-{words.street}计划与进展.xlsx"
    expected = "还没有的文件（已有的不覆盖；换一个 --out，或先移走）"
    refuse([Problem("命令行", Place("--out"), shown_path(out), expected, Flaw.REPEATED)] if out.exists() else [])
    listed = "名单"
    pages = [
        EntryPage("说明", lines=tuple(text.format(street=words.street) for text in _HELP)),
        EntryPage("计划与进展", (_entry_area(year, f"='{listed}'!$A$2:$A${len(names) + 1}"),)),
        EntryPage(listed, lines=(listed, *names)),
    ]
    write_atomic(out, entry_book_bytes(pages, f"{words.street}计划与进展 {year.plan.year}", year.plan.year), new=True)
    return [
        f"已写出：{shown_path(out)}（{len(names)} 个{words.street}）",
        f"填好以后放进一个文件夹：enforce streets 文件夹 --plan {shown_path(plan_file)}",
    ]


def _entry_area(year: Year, streets: str) -> Area:
    """The table to fill in: streets and months are chosen from lists."""
    area = table_area(street_form(year.plan.vocabulary), "", year.plan.year, ())
    choices = {0: {"source": streets}, 4: {"words": tuple(map(str, MONTHS))}}
    boxes = tuple(replace(box, **choices.get(place, {})) for place, box in enumerate(area.boxes))
    return replace(area, boxes=boxes, note="　一行一次检查；带 * 的列必填，计划月份、检查日期至少写一个")


def roll_up(
    folder: Path, plan_file: Path, *, as_of: str = "", days: int | None = None, out: Path | None = None
) -> Lines:
    """Put together what the streets handed in; return who is missing, progress and the units of both plans, in Chinese.

    `days` is the gap below which two visits to a unit are told, else that of the plan. InputError tells every problem
    of every file.
    """
    if not folder.is_dir():
        refuse([Problem("命令行", Place("文件夹"), shown_path(folder), "有各街镇文件的文件夹", Flaw.MISSING)])
    year = open_year(plan_file)
    rows = read_streets(folder, year.plan, street_names(year))
    year = replace(year, streets=rows)
    day = _end_of(as_of, rows, year.plan.year)
    days = days or year.plan.min_gap_days
    records = year.tables.records
    progress, pairs = progress_of(year, day), overlaps_of(year, records[records["date"] <= day], days)
    lines = [*_sentences(year, progress, pairs, day, days)]
    if out:
        meta = book_meta(year, f"{year.plan.year}年度各{year.plan.vocabulary.street}计划与进展")
        write_book(out, list(_sheets(progress, pairs, day, days)), meta)
        lines.append(f"已写出：{shown_path(out)}")
    return [f"读了 {len(street_files(folder))} 个文件。", *lines]


def _end_of(as_of: str, rows: pd.DataFrame, year: int) -> str:
    """The day asked for, else the last day of any visit handed in, else the end of the year."""
    try:
        return real_date(as_of or max(rows["date"], default="") or f"{year}-12-31")
    except ValueError as error:
        raise InputError([Problem("命令行", Place("--as-of"), shown(as_of), str(error))]) from None


def _sheets(progress: pd.DataFrame, pairs: pd.DataFrame, day: str, days: int | None) -> Iterator[Sheet]:
    yield Sheet("各街镇进展", progress, f"各街镇计划与进展（截至 {day}）", "家次")
    yield Sheet("比率", rates_of_streets(progress), "各街镇比率：合并计算与各家平均")
    yield Sheet("同一单位", pairs, f"街镇与本局相隔不足 {days} 天的同一单位" if days else "没有定最短间隔，没有比对")


def _sentences(year: Year, progress: pd.DataFrame, pairs: pd.DataFrame, day: str, days: int | None) -> Iterator[str]:
    street, streets = year.plan.vocabulary.street, progress[progress["subdistrict"] != TOTAL]
    missing = streets.loc[~streets["reported"], "subdistrict"].tolist()
    yield f"{len(streets)} 个{street}交来 {len(streets) - len(missing)} 个，截至 {day}。"
    if missing:
        yield f"没有交来：{'、'.join(missing)}（不计入合计，也不当作零）。"
    for row in progress[progress["reported"]].itertuples():
        share = "" if pd.isna(row.completion) else f"（{percent(float(row.completion))}）"
        done = f"完成 {row.done_visits}{share}，计划外 {row.unplanned_visits}"
        yield f"{row.subdistrict}：计划 {row.planned_visits} 家次，到 {day} 应完成 {row.expected_visits}，{done}。"
    if not days:
        yield "没有定最短间隔（计划的 min_gap_days，或 --days），没有比对同一单位。"
        return
    sure = int(pairs["certain"].sum())
    yield f"与本局相隔不足 {days} 天的同一单位：{len(pairs)} 对检查，确定的 {sure} 对，其余只知道月份，可能。"
    for row in pairs.head(20).itertuples():
        maybe = "" if row.certain else "（可能）"
        yield f"  {row.name}：{row.subdistrict} {row.street_when}，本局 {row.our_when} {row.task}{maybe}"
