"""What comes back of a month's arrangement (回填): visits matched, reasons put beside it, and what is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pandas as pd

from enforce.inputs.arrangements import read_returns, return_bytes, return_file
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.visit_sheets import VisitSheet, read_visit_sheet
from enforce.planning.through.visit_outcomes import (
    not_as_arranged,
    officer_clashes,
    visit_outcomes,
    visits_of_records,
    with_numbers,
)
from enforce.sheets.header import Header
from enforce.words.files import write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Kind, NotAsArranged, VisitOutcome
from enforce.words.texts import shown

Lines = list[str]
_MOST = 20
_STILL_OPEN = (
    "单位停业、关闭或迁出（请在企业台账写明经营状态，抽中的用 enforce draw 的 event 登记递补；不写明，以后还会再排）"
)


def return_of(
    plan: Plan, header: Header, arranged: pd.DataFrame, known: pd.DataFrame, as_of: str, *, month: int
) -> VisitSheet:  # fmt: skip
    """Read a month's sheet of visits that came back; InputError also where nothing was given out yet."""
    if arranged.empty:
        expected = "先下发安排：enforce schedule 计划文件 --month 月份"
        refuse([Problem(header.grid.file, Place("安排编号"), "还没有下发过安排", expected, Flaw.MISSING)])
    return read_visit_sheet(header, plan, arranged, known, as_of, match=visits_of_records, month=month)


@contextmanager
def write_return(plan: Plan, back: VisitSheet | None) -> Iterator[None]:
    """Put beside the arrangement what was not as arranged; as it was before where what follows fails.

    Rows of the month that this sheet is silent of stay.
    """
    if back is None:
        yield
        return
    before, path = read_returns(plan), return_file(plan, back.month)
    before = before[(before["month"] == back.month) & ~before["visit_id"].isin(back.codes)]
    old, rows = path.read_bytes() if path.exists() else None, pd.concat([before, back.returns], ignore_index=True)
    if len(rows) or old:
        write_atomic(path, return_bytes(plan, back.month, rows))
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        if old:
            write_atomic(path, old)
        raise


def with_visit_ids(
    records: pd.DataFrame, arranged: pd.DataFrame, known: pd.DataFrame
) -> tuple[pd.DataFrame, Lines]:  # fmt: skip
    """Return records with the numbers of the visits they are of, and what to tell of those that were matched.

    Where a record has no number its line, unit and the nearest day decide, the line and the nearest day where the visit
    has no unit yet; one that another record has is not free.
    """
    if arranged.empty:
        return records, []
    others = known.loc[~known["record_id"].isin(records["record_id"]), "visit_id"]
    matches = visits_of_records(records, arranged[~arranged["visit_id"].isin(others)])
    records = with_numbers(records, matches)
    strange = records.loc[~records["visit_id"].isin([*arranged["visit_id"], ""]), "visit_id"]
    return records, [
        *_match_lines(matches, "{}", "条"),
        *_counted_line("安排编号不在已下发的安排里，请核对", map(shown, strange), "条"),
    ]


def _match_lines(matches: pd.DataFrame, name: str, unit: str) -> Lines:
    """Tell which visits were meant where no number was written; `name` is how a record or row is named."""
    how = {True: "，按事项、单位和最近的日期认作", False: "、单位也没有排过，按事项和最近的日期认作"}
    lines = []
    for named, words in how.items():
        rows = matches[matches["named"] == named].itertuples()
        texts = [f"{name.format(row.record_id)} 作 {row.visit_id}（相差 {row.gap_days} 天）" for row in rows]
        lines += _counted_line(f"没有写安排编号{words}", texts, unit)
    return lines


def _counted_line(what: str, texts: Iterable[str], unit: str) -> Lines:
    """One line for a kind of thing: how many and which, the first of them by name."""
    texts = list(texts)
    more = " 等" if len(texts) > _MOST else ""
    return [f"{what}的 {len(texts)} {unit}：{'、'.join(texts[:_MOST])}{more}。"] if texts else []


def clash_lines(file: str, records: pd.DataFrame, known: pd.DataFrame, halves: pd.Series | None = None) -> Lines:
    """Tell officers who are in two places in one half-day; InputError where the times of a new record overlap."""
    others = known[~known["record_id"].isin(records["record_id"]) & known["date"].isin(records["date"])]
    table = pd.concat([records, others], ignore_index=True)
    known_halves = {} if halves is None else halves.to_dict()
    clashes = officer_clashes(table.assign(half_day=[known_halves.get(code, "") for code in table["record_id"]]))
    new = ~clashes[["record_id", "other_record"]].isin({*known["record_id"]}).all(axis=1)
    expected = "不与另一次重叠的时间（同一人不能同时在两处；时间写错的改正，人员写错的换人）"
    twice = clashes[clashes["timed"] & new].itertuples()
    places = [(row.record_id, f"{row.officer_id} {row.date} 同时在 {row.other_record}") for row in twice]
    refuse(Problem(file, Place(f"检查编号 {code}"), words, expected) for code, words in places)
    texts = [f"{row.officer_id} {row.date}（{row.record_id}、{row.other_record}）" for row in clashes.itertuples()]
    return _counted_line("同一人同一时间在两处，请核对", texts, "处")


def sheet_lines(
    plan: Plan, tasks: pd.DataFrame, back: VisitSheet, arranged: pd.DataFrame, made_and_known: tuple
) -> Lines:  # fmt: skip
    """Tell what a sheet that came back says: done and not, what was not as arranged, days out of season."""
    records, known = made_and_known
    here = arranged[arranged["visit_id"].isin(back.codes)]
    here = here.assign(first_day=here["date"])  # why it was arranged anew was told with the sheet of before
    last = max([*records["date"], *here["date"]], default="")
    outcomes = visit_outcomes(here, records, back.returns, last)
    changed = not_as_arranged(outcomes)
    bare = changed[(changed["deviation"] == "")]
    undone = int((~back.returns["done"]).sum())
    gone = back.returns[
        ~back.returns["done"] & back.returns["deviation"].isin([NotAsArranged.CLOSED, NotAsArranged.GONE])
    ]
    return [
        f"{back.month} 月的安排：做了 {len(records)} 家次，没有做 {undone} 家次，还没有填的 {back.silent} 家次。",
        *_match_lines(back.matches, "第 {} 行", "家次"),
        *_counted_line("表里没有、也没有登记过，请核对是否删了行", _unrecorded(back, known), "家次"),
        *_counted_line("与安排不同", (_deviation_text(row) for row in changed.itertuples()), "家次"),
        *_counted_line("与安排不同、没有写原因，请补上", bare["visit_id"], "家次"),
        *_counted_line(_STILL_OPEN, gone["visit_id"], "家次"),
        *_counted_line("日期在事项的时段以外，请核对", _out_of_season(plan, tasks, records), "家次"),
    ]


def _unrecorded(back: VisitSheet, known: pd.DataFrame) -> list[str]:
    """The visits of the month that a sheet has no row for and the ledger no record."""
    return [code for code in back.absent if code not in set(known["visit_id"])]


def _deviation_text(row: object) -> str:
    """One visit that was not as arranged, in words."""
    word = VisitOutcome(row.visit_outcome)
    parts = [] if word is VisitOutcome.AS_ARRANGED else [word.label]
    parts += [f"{row.arranged_date} 改为 {row.done_on}"] if row.done_on not in ("", row.arranged_date) else []
    parts += [f"换人 {'、'.join(row.instead)}"] if row.instead else []
    parts += [f"换单位 {row.instead_unit}"] if row.instead_unit else []
    parts += [NotAsArranged(row.deviation).label] if row.deviation else []
    return f"{row.visit_id}（{'，'.join(parts)}）"


def _out_of_season(plan: Plan, tasks: pd.DataFrame, records: pd.DataFrame) -> list[str]:
    """The visits done on a day that their line does not have: another month, or outside the key periods."""
    lines = {task.task_id: task for task in tasks.itertuples()}
    texts = []
    for row in records[records["task_id"].isin(list(lines))].itertuples():
        task = lines[row.task_id]
        within = any(period.from_date <= row.date <= period.to_date for period in plan.key_periods)
        months = {month for months in task.periods for month in months}
        if int(row.date[5:7]) not in months or (task.kind == Kind.KEY_PERIOD and not within):
            texts.append(f"{row.visit_id} {row.date}")
    return texts
