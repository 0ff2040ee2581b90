"""Next year's plan (下一年的计划) from this year's: lines, people, days and the key list, to be changed from there.

The standard days stay unless the measured ones are asked for; both stand side by side in a workbook of their own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from enforce.desk.commands.begin import TABLES, files_there, write_plan_files
from enforce.desk.imprint import book_meta
from enforce.desk.summary import Summary
from enforce.desk.year import Year, open_year
from enforce.inputs.calendar import festivals, read_calendar
from enforce.inputs.draws import units_to_visit
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.parameters.plan_book import is_book
from enforce.papers.books.book import Sheet
from enforce.papers.books.writer import write_book
from enforce.planning.through import next_year
from enforce.planning.through.hazards import overdue
from enforce.words.files import output_errors
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import NON_ENFORCEMENT, OTHER_ENFORCEMENT
from enforce.words.texts import shown_path

#: What is not taken over: what was said of this year alone, and where its files lie.
_OF_THE_YEAR = (
    *("approval", "approved_on", "document", "printed", "tie_seed", "local_calendar", "mapping", "licensing"),
)
_ACCOUNT = {"other_enforcement_days": OTHER_ENFORCEMENT, "non_enforcement_days": NON_ENFORCEMENT}
#: Why a unit comes first in next year's ranking.
NOT_SEEN, DRAWN, OVERDUE = "上年没有查到的重点单位", "上年抽中没有查到", "上年整改逾期"
FOLDER, BOOK = "结转", "上年结转.xlsx"
MEASURED = "实测：写明人日的检查记录的平均，向标准靠拢（好比另有十次正好按标准）；没有写明的按标准"
AVERAGE = "各年核算表的数的平均，四舍五入到半日"


def write_next_year(
    plan_file: Path, *, before: Sequence[Path] = (), measured: bool = False, name: str = ""
) -> list[str]:
    """Write next year's plan out of this year's; return what is to be told, in Chinese.

    `before` are the plans of years before this one: with two of them the account's items are the means of three years.
    With `measured` a visit of each line is planned with its measured days. InputError where a file is there already.
    """
    year = open_year(plan_file)
    plan, years = year.plan, [year, *map(open_year, before)]
    refuse(_wrong_years(years))
    name = name or _next_name(plan)
    file = (
        plan.path.parent.parent / name / plan.path.name if is_book(plan.path) else plan.path.with_name(f"{name}.yaml")
    )
    folder = file.parent if is_book(file) else plan.tables_folder.parent / name
    refuse(files_there(file, folder / TABLES, folder / FOLDER / BOOK))
    summary = Summary(year, f"{plan.year}-12-31")
    proposals = next_year.proposed_days(year.tasks, summary.days_by_task)
    means = next_year.average_days([one.account for one in years])
    raw = {**_next_choices(year, name, means if len(years) > 2 else None), **_next_places(plan, file, folder)}
    files = write_plan_files(raw, file, folder / TABLES, _tables(summary, proposals if measured else None))
    with output_errors(folder):
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    files.append(_write_carried(folder / FOLDER / BOOK, summary, proposals, means, years))
    return [f"计划简称：{name}", f"已写出：{'、'.join(map(shown_path, files))}", *_next_notes(raw, measured, years),
            f"看一遍、改好以后：enforce run {shown_path(file)}"]  # fmt: skip


def _wrong_years(years: Sequence[Year]) -> list[Problem]:
    """Return the plans before that are not of the years before, one after the other."""
    first = years[0].plan.year
    return [
        Problem("命令行", Place("--before"), f"{one.plan.year} 年的计划", f"{first - n} 年的计划", Flaw.CONFLICT)
        for n, one in enumerate(years)
        if one.plan.year != first - n
    ]


def _next_name(plan: Plan) -> str:
    """Return the name of next year's plan: with its year in the place of this one's, else behind the name."""
    name = re.sub(rf"{plan.year}$", str(plan.year + 1), plan.name)
    return name if name != plan.name else f"{plan.name}-{plan.year + 1}"


# --- the choices ---


def _next_choices(year: Year, name: str, means: pd.DataFrame | None) -> dict:
    """Return the choices of next year: those of this one without what was said of it alone."""
    raw = {key: value for key, value in year.plan.model_dump(exclude_unset=True).items() if key not in _OF_THE_YEAR}
    raw |= {"name": name, "year": year.plan.year + 1}
    raw["key_periods"] = [_next_period(period, year.plan) for period in raw.get("key_periods", ())]
    raw["letters"] = [{**letter, "number": "", "date": ""} for letter in raw.get("letters", ())]
    raw["filing"] = [{**entry, "by": "", "done_on": ""} for entry in raw.get("filing", ())]
    if means is not None:
        raw["teams"] = [_averaged(team, means[means["team"] == team["team"]]) for team in raw["teams"]]
    return {key: value for key, value in raw.items() if value not in ([], ())}


def _next_places(plan: Plan, file: Path, folder: Path) -> dict[str, str]:
    """Return where next year's tables and this year's plan lie, as seen from the new file."""
    here = file.absolute().parent
    places = {"tables": folder, "last_year": plan.path}
    return {key: Path(os.path.relpath(path.absolute(), here)).as_posix() for key, path in places.items()}


def _next_period(period: Mapping[str, object], plan: Plan) -> dict[str, object]:
    """Return a key period next year, longer by as many days before it as it takes to have a workday."""
    days = tuple(date.fromisoformat(str(period[key])) for key in ("from_date", "to_date"))
    first, last = next_year.moved_period(days, festivals(plan.year), festivals(plan.year + 1))
    after = read_calendar(plan.year + 1, plan.calendar_folder)
    while not after.between(first.isoformat(), last.isoformat()):
        first, last = (first - timedelta(1), last) if first.day > 1 or first.month > 1 else (first, last + timedelta(1))
    return {**period, "from_date": first.isoformat(), "to_date": last.isoformat()}


def _averaged(team: Mapping[str, object], means: pd.DataFrame) -> dict[str, object]:
    """Return a team with the means of its items over the years; a line that some year gives as one number as one."""
    days = {(row.line, row.item): row.average_days for row in means.itertuples()}
    lines = {}
    for line, items in _ACCOUNT.items():
        whole = {line: days[line, ""]} if (line, "") in days else {}
        listed = (
            {line: {item: days[line, item] for item in items}} if all((line, item) in days for item in items) else whole
        )
        lines |= listed
    return {**team, **lines}


# --- the tables ---


def _tables(summary: Summary, proposals: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Return the tables of next year: lines, people, register and recusals; of the records none."""
    year = summary.year
    tasks = year.tasks.assign(order_document="", order_date="", visit_on="", visit_by="")
    if proposals is not None:
        tasks["visit_days"] = tasks["task_id"].map(proposals.set_index("task_id")["proposed_visit_days"])
    units = next_year.carried_units(
        year.units, summary.records, year.tables.key_list_changes, _first_units(summary), summary.as_of
    )
    roster = next_year.carried_roster(year.tables.roster)
    return {"tasks": tasks, "roster": roster, "units": units, "recusals": year.tables.recusals}


def _first_units(summary: Summary) -> dict[str, str]:
    """Return the units that come first in next year's ranking, each with the reason (未查到、逾期优先)."""
    visited = set(summary.records["unit_id"])
    drawn = {code for draw in summary.year.draws if draw.result for code in units_to_visit(draw)} - visited
    late = overdue(summary.records, summary.as_of).query("open_visits == 1")["record_id"]
    due = summary.records.loc[summary.records["record_id"].isin(late), "unit_id"]
    return {
        **dict.fromkeys(drawn, DRAWN),
        **dict.fromkeys(summary.not_covered["unit_id"], NOT_SEEN),
        **dict.fromkeys(due[due != ""], OVERDUE),
    }


def _write_carried(
    path: Path, summary: Summary, proposals: pd.DataFrame, means: pd.DataFrame, years: Sequence[Year]
) -> Path:
    """Write what the new plan was made from (上年结转): days of a visit, means, work not done, first units."""
    year = summary.year
    title = f"{year.plan.year}年度结转"
    first = _first_units(summary)
    listed = year.units[year.units["unit_id"].isin(first)][["unit_id", "name", "subdistrict"]]
    called = {f"days_{n}": f"{one.plan.year} 年(人日)" for n, one in enumerate(years)}
    undone = summary.variance[summary.variance["variance"] == "undone"]
    sheets = [
        Sheet("每次天数", proposals, f"{title}：每次天数，标准与实测", note=MEASURED),
        Sheet("历年平均", means.rename(columns=called), f"{title}：核算细目", unit="人日", note=AVERAGE),
        Sheet("没有完成", undone[["task", "reason", "less_visits"]], f"{title}：没有完成的家次", unit="家次"),
        Sheet("优先单位", listed.assign(reason=listed["unit_id"].map(first)), f"{title}：下一年排序在前的单位"),
    ]
    return write_book(path, sheets, replace(book_meta(year, title)))


def _next_notes(raw: Mapping, measured: bool, years: Sequence[Year]) -> list[str]:
    """Return what a planner must know of the new plan."""
    days = "实测人日（每次天数建议）" if measured else "标准人日；实测的在“上年结转”里，用它加 --measured"
    calendar = read_calendar(raw["year"], years[0].plan.calendar_folder)
    notes = [f"每家次按{days}", f"工作日历：{calendar.mark or calendar.source}"]
    notes += [f"核算细目取 {len(years)} 年平均"] if len(years) > 2 else []
    periods = "、".join(f"{one['name']} {one['from_date']} 至 {one['to_date']}" for one in raw.get("key_periods", ()))
    return notes + ([f"重点时段移到下一年，请核对：{periods}"] if periods else [])
