"""The month's sheet of visits (执法安排回填): given out with the arrangement, read when it comes back filled in.

One row per visit given out. A visit done becomes a record of the ledger; of one not done, moved or made by others the
reason is written down. A row that says neither is not due yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from enforce.inputs.arrangements import RETURNS
from enforce.inputs.ledger.chain import FIELDS
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import TABLES
from enforce.inputs.tables.reading import ImportReport, Reading, typed_table
from enforce.sheets.columns import Column, identifier, impersonal, integer, one_of, short_text, term
from enforce.sheets.extract import read_rows
from enforce.sheets.form import Form
from enforce.sheets.grids import read_grids
from enforce.sheets.header import Header, sheet_header
from enforce.sheets.part import Part
from enforce.sheets.values import Setting
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import HalfDay, NotAsArranged
from enforce.words.texts import nearest, one_line, shown
from enforce.words.vocabulary import Vocabulary

#: Records and visits given out -> which records without a number are of which visit.
Match = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
KIND, SOURCE = "visit_return", "月度执法安排回填"
_RECORD = {column.name: column for column in TABLES["records"]}
#: What is written on the sheet before it is given out, and what comes back, in the order of its columns.
_GIVEN = ("visit_id", "name", "date", "half_day", "officers", "task_id", "task", "unit_id", "subdistrict", "month")
_BACK = (
    *("done", "deviation", "note", "inspection_code", "full_record", "hazards_found", "major_hazards"),
    *("hazards_fixed", "penalty", "penalty_basis", "fine_yuan", "start", "end", "scheme_id", "scheme_approved_on"),
    *("in_district", "record_id"),
)
_EMPTY = {"officers": (), "fine_yuan": 0}
_HEADINGS = {
    "visit_id": "编号",
    "done": "完成情况 是否做了 完成",
    "deviation": "未完成原因 没有做的原因",
    "month": "月",
}


def return_form(words: Vocabulary) -> Form:
    """Return the form of the sheet, in the words of a bureau: one row per visit given out."""
    text = impersonal(short_text)
    new = {
        "visit_id": Column("visit_id", identifier, "", nature="id"),
        "month": Column("month", integer(1, 12), header="月份", dtype="int64", nature="count", units=("月", "月份")),
        "half_day": Column("half_day", term(HalfDay), "", required=False, nature="word"),
        "task": Column("task", one_line, "", required=False, nature="name"),
        "name": Column("name", one_line, "", header="企业名称", required=False, nature="name"),
        "subdistrict": Column("subdistrict", text, "", header=words.street, required=False),
        "done": Column("done", one_of("是", "否"), "", header="是否完成", nature="yes_no"),
        "deviation": Column("deviation", term(NotAsArranged), "", required=False, nature="word"),
        "note": Column("note", impersonal(one_line), "", required=False),
        "in_district": replace(_optional(_RECORD["in_district"]), header=f"是否{words.area}内"),
    }
    columns = [new.get(name) or _optional(_RECORD[name]) for name in (*_GIVEN, *_BACK)]
    return Form(KIND, SOURCE, "", tuple(columns), (), frozenset({"visit_id", "done"}), _HEADINGS, key="visit_id")


def _optional(column: Column) -> Column:
    """A column of records that the row of a visit not done may leave empty."""
    empty = _EMPTY.get(column.name, None if column.dtype in ("int64", "bool") else "")
    return replace(column, blank=empty, required=False)


@dataclass(frozen=True, eq=False)
class VisitSheet:
    """A sheet that came back: its month, the visits done as records, what was not as arranged (RETURNS), and how many
    rows said nothing yet.

    `half_days` has morning or afternoon by record, `matches` the rows whose number was not written (record_id is the
    row), `absent` are the visits given out for the month that have no row.
    """

    file: str
    month: int
    reading: Reading
    returns: pd.DataFrame
    codes: tuple[str, ...]
    silent: int
    half_days: pd.Series
    matches: pd.DataFrame
    absent: tuple[str, ...]


def visit_sheet_header(path: Path, plan: Plan, sheet: str | None = None) -> Header | None:
    """Return the header of the sheet in a file that is a month's sheet of visits; None where none is."""
    form = return_form(plan.vocabulary)
    headers = [header for grid in read_grids(path, sheet) if grid.visible and (header := sheet_header(grid, form))]
    return next((header for header in headers if not header.missing), None)


def read_visit_sheet(
    header: Header, plan: Plan, arranged: pd.DataFrame, known: pd.DataFrame, as_of: str, *, match: Match, month: int = 0
) -> VisitSheet:
    """Read a month's sheet that came back (`month`: which it must be of; 0: that of its rows).

    `arranged` are the visits given out, `known` the records of the ledger; `match` says which of them rows without a
    number are of. InputError with every problem: a number nobody gave out, a sheet of another month, a day outside it
    or after `as_of`, a visit not done without a reason.
    """
    extract = read_rows(header, Setting(year=plan.year), strict=True)
    part, matches = _rows_numbered(extract.part, arranged, match)
    table = typed_table(part.frame, header.form) if not extract.problems else part.frame
    unread = {(one.place.row, one.place.column) for one in extract.problems}
    problems = _problems(part, arranged.set_index("visit_id"), as_of, plan.year, month)
    refuse([*extract.problems, *(one for one in problems if (one.place.row, one.place.column) not in unread)])
    made = table[table["done"] == "是"]
    changed = table[(table["done"] == "否") | (table["deviation"] != "")]
    returns = changed.assign(done=changed["done"] == "是")[RETURNS].reset_index(drop=True)
    reading = Reading(
        "records", part.file, part.sheet, "", 0, _records_of_sheet(made, known), pd.DataFrame(), ImportReport()
    )
    halves = pd.Series(made["half_day"].tolist(), reading.table["record_id"].tolist(), dtype=object)
    spoken, its_month = table.loc[table["done"] != "", "visit_id"], int(table["month"].iloc[0])
    of_month = arranged.loc[arranged["months"].map(lambda months: its_month in months), "visit_id"]
    absent = tuple(of_month[~of_month.isin(table["visit_id"])])
    counts = tuple(spoken), len(table) - len(spoken)
    return VisitSheet(part.file, its_month, reading, returns, *counts, halves, matches, absent)


def _rows_numbered(part: Part, arranged: pd.DataFrame, match: Match) -> tuple[Part, pd.DataFrame]:
    """A sheet with the numbers of rows that have none, by line, unit and nearest day; and which rows those are."""
    rows = part.rows("visit_id", "month", "task_id", "unit_id", "date")
    months = set(rows["month"])
    of_month = arranged[arranged["months"].map(lambda given: not months.isdisjoint(given))]
    matches = match(rows.assign(record_id=rows.index), of_month)
    numbers = dict(zip(matches["record_id"], matches["visit_id"], strict=True))
    codes = [numbers.get(row, code) for row, code in part.frame["visit_id"].items()]
    return part._replace(frame=part.frame.assign(visit_id=codes)), matches


def _records_of_sheet(made: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The visits done as records that are still to be completed; one known by its number keeps its record."""
    before = known[known["visit_id"] != ""].drop_duplicates("visit_id").set_index("visit_id")["record_id"]
    pairs = zip(made["record_id"], made["visit_id"], strict=True)
    ids = [record_id or before.get(code, code) for record_id, code in pairs]
    table = made.assign(record_id=ids, source=SOURCE)
    table = table.reindex(columns=list(FIELDS)).astype(object)
    return table.where(table.notna(), None).reset_index(drop=True)


def _problems(part: Part, arranged: pd.DataFrame, as_of: str, year: int, month: int) -> Iterator[Problem]:
    rows = part.rows("visit_id", "month")
    if rows.empty:
        yield Problem(part.file, Place("全文"), "没有一行", "至少一行安排编号", Flaw.MISSING)
        return
    sheet_month = month or int(rows["month"].mode().iloc[0])
    if other := _other_month(rows, arranged, sheet_month):
        expected = f"{sheet_month} 月的安排表（各行都是 {other} 月的；几月的表写几月）"
        yield Problem(part.file, Place("全文"), f"{other} 月的表", expected, Flaw.CONFLICT)
        return
    yield from _misplaced_rows(part, rows, arranged, sheet_month)
    for row in rows[rows["visit_id"].ne("") & rows["visit_id"].duplicated()].itertuples():
        yield Problem(part.file, part.place(row.Index, "visit_id"), row.visit_id, "每个编号只有一行", Flaw.REPEATED)
    for row in rows[rows["done"] == "否"].itertuples():
        if row.deviation == "":
            expected = f"{'、'.join(word.label for word in NotAsArranged)} 之一（没有做的写原因）"
            yield Problem(part.file, part.place(row.Index, "deviation"), "（空）", expected, Flaw.MISSING)
    for row in rows[rows["done"] == "是"].itertuples():
        yield from _wrong_visit(part, row, as_of, year, sheet_month)


def _other_month(rows: pd.DataFrame, arranged: pd.DataFrame, month: int) -> int:
    """The month that all rows are of, as written or by their numbers, where that is another; 0 otherwise."""
    given = [arranged["months"].get(code, ()) for code in rows["visit_id"]]
    numbers = [months[-1] for months in given if months and month not in months]
    for months in (rows["month"].tolist(), numbers):
        if len(months) == len(rows) and set(months) == {months[0]} != {month}:
            return int(months[0])
    return 0


def _misplaced_rows(part: Part, rows: pd.DataFrame, arranged: pd.DataFrame, month: int) -> Iterator[Problem]:
    """Yield rows of another month, and numbers that were never given out or are of another line."""
    for row in rows.itertuples():
        if row.month != month:
            expected = f"{month} 月的安排表（一张表一个月；{row.month} 月的另交）"
            yield Problem(part.file, part.place(row.Index, "month"), f"{row.month} 月", expected, Flaw.CONFLICT)
        elif row.visit_id == "":
            expected = "安排编号（空着的按事项、单位和最近的日期认，这一行认不出；计划外加做的，另用检查记录登记）"
            yield Problem(part.file, part.place(row.Index, "visit_id"), "（空）", expected, Flaw.MISSING)
        elif row.visit_id not in arranged.index:
            expected = f"已下发的安排编号{nearest(row.visit_id, arranged.index)}"
            yield Problem(part.file, part.place(row.Index, "visit_id"), row.visit_id, expected, Flaw.UNKNOWN)
        elif month not in arranged.loc[row.visit_id, "months"]:
            given = "、".join(f"{one} 月" for one in arranged.loc[row.visit_id, "months"])
            expected = f"{month} 月下发的安排编号（这一家次是 {given}的）"
            yield Problem(part.file, part.place(row.Index, "visit_id"), row.visit_id, expected, Flaw.CONFLICT)
        elif row.task_id not in ("", arranged.loc[row.visit_id, "task_id"]):
            expected = f"{arranged.loc[row.visit_id, 'task_id']}（安排的事项）"
            yield Problem(part.file, part.place(row.Index, "task_id"), shown(row.task_id), expected, Flaw.CONFLICT)


def _wrong_visit(part: Part, row: object, as_of: str, year: int, month: int) -> Iterator[Problem]:
    """Yield the unit of a visit done that is missing; its day that is missing, to come, or of another month."""
    if row.unit_id == "" and row.in_district is not False:
        within = part.headings["in_district"]
        expected = f"实际检查的单位（安排的时候还没有点名；不在辖区、没有代码的，「{within}」填 否）"
        yield Problem(part.file, part.place(row.Index, "unit_id"), "（空）", expected, Flaw.MISSING)
    place = part.place(row.Index, "date")
    if not row.date:
        yield Problem(part.file, place, "（空）", "检查日期", Flaw.MISSING)
    elif row.date > as_of:
        yield Problem(part.file, place, row.date, f"不晚于 {as_of} 的日期", Flaw.CONFLICT)
    elif int(row.date[5:7]) != month or row.date[:4] != f"{year}":
        expected = f"{year} 年 {month} 月内的日期（这是 {month} 月的表；改到别的月份做的，写在那个月的表里）"
        yield Problem(part.file, place, row.date, expected, Flaw.CONFLICT)
