"""Recording (登记): the visits done put into the ledger, the ledger checked, and taken out as a workbook.

The time of recording is the only thing here that comes from the clock; it is written into the ledger alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd

from enforce.desk.commands.visit_return import (
    clash_lines,
    return_of,
    sheet_lines,
    with_visit_ids,
    write_return,
)
from enforce.inputs.arrangements import given_out_visits, read_arrangements
from enforce.inputs.calendar import read_calendar
from enforce.inputs.draws import chain_problems, draw_files
from enforce.inputs.ledger.chain import unpacked
from enforce.inputs.ledger.completing import recordable
from enforce.inputs.ledger.ledger import (
    Ledger,
    Recording,
    check_ledger,
    ledger_file,
    read_ledger,
    write_records,
    write_withdrawal,
)
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.tables.of_plan import read_tables
from enforce.inputs.tables.reading import Reading, read_table
from enforce.inputs.tables.table_folder import ENDINGS
from enforce.inputs.tables.visit_sheets import visit_sheet_header
from enforce.inputs.versions import read_versions, state_mark, state_number
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.writer import write_book
from enforce.papers.screen.cells import cell_text
from enforce.sheets.rows import Reason
from enforce.words.files import digest
from enforce.words.personal import personal
from enforce.words.problems import Flaw, Place, Problem, refuse, row_words
from enforce.words.terms import label
from enforce.words.texts import shown, shown_path

Lines = list[str]
_MOST = 10
#: One time for the whole country, whatever the zone of the computer.
CHINA = timezone(timedelta(hours=8))


def record(
    plan_file: Path, file: Path, *, sheet: str | None = None, restore: bool = False, month: int | None = None
) -> Lines:
    """Record the visits of a file, all or none; return what was done, in Chinese.

    A month's sheet of visits that comes back filled in is read as such: its visits done are recorded, of the others the
    reasons are put beside the arrangement; `month` says of which month it must be. InputError tells every problem of
    the file, of the plan's tables and of the ledger; then nothing was written.
    """
    plan, at = read_plan(plan_file), now()
    ledger, before = ledger_file(plan), digest(file) if file.is_file() else ""
    known = read_ledger(ledger).records if ledger.exists() else unpacked([])
    arranged = given_out_visits(read_arrangements(plan))
    header = visit_sheet_header(file, plan, sheet) if before and file.suffix.lower() in ENDINGS else None
    back = header and return_of(plan, header, arranged, known, at[:10], month=month or 0)
    if back:
        tables = read_tables(plan, records=False)
        records, notes = recordable(back.reading, tables, plan, known)
    else:
        refuse(_no_sheet(file, month if before else None))
        records, notes = read_visits(plan, file, known, sheet, at[:10])
        records, matched = with_visit_ids(records, arranged, known)
        notes += matched
    if digest(file) != before:
        expected = "登记期间不改动的文件（请再登记一次）"
        refuse([Problem(file.name, Place("文件"), "读的时候被改动", expected, Flaw.CHANGED)])
    remarks = sheet_lines(plan, tables.tasks, back, arranged, (records, known)) if back else []
    remarks += clash_lines(file.name, records, known, back.half_days if back else None)
    with write_return(plan, back):
        lines = recording_lines(write_records(ledger, records, at=at, digest=before, restore=restore))
    return [*lines, *notes, *remarks, *([] if back else _records_gone(known, records))]


def _no_sheet(file: Path, month: int | None) -> list[Problem]:
    """Return the problem of a month that is named for a file which is no sheet of visits."""
    expected = "月度执法安排的回填表（有「安排编号」「是否完成」两列）"
    return [Problem(file.name, Place("--month"), f"{month} 月", expected, Flaw.UNKNOWN)] if month else []


def withdraw_records(plan_file: Path, record_ids: Sequence[str], reason: str) -> Lines:
    """Withdraw records from what counts; return what was done, in Chinese."""
    if kind := personal(reason):
        expected = f"不含{kind}的原因（写进台账就删不掉）"
        refuse([Problem("命令行", Place("--reason"), shown(reason), expected, Flaw.PERSONAL)])
    _, ledger = _recorded(plan_file)
    check_ledger(ledger)
    head = write_withdrawal(ledger, record_ids, at=now(), reason=reason)
    return [f"撤回 {len(set(record_ids))} 条（原记录仍留在台账里，不再计数）。", head_line(head)]


def verify_ledger(plan_file: Path, head: str = "") -> Lines:
    """Check the whole ledger of a plan, and that a published head is on its chain; return how it is, in Chinese.

    InputError also names every record of a draw that is not as the chain has it.
    """
    plan, file = _recorded(plan_file)
    soundness = check_ledger(file, head)
    refuse(chain_problems(plan, soundness.draws))
    lines = [
        f"台账完好：{soundness.records} 条记录有效，共 {soundness.entries} 笔"
        f"（写入 {soundness.acts} 次，更正 {soundness.corrections} 条，撤回 {soundness.withdrawn} 条）。"
    ]
    if soundness.steps:
        lines.append(f"随机抽取的记录 {len(soundness.draws)} 份（{soundness.steps} 步），draws/ 里的文件与链上相同。")
    if outside := [path.name for path in draw_files(plan) if path.stem not in soundness.draws]:
        lines.append(f"draws/ 里没有登记在链上的 {len(outside)} 份：{'、'.join(map(shown, outside))}。")
    if head:
        lines.append(f"公布的链头在链上，其后又写入 {soundness.later} 笔。")
    return [*lines, head_line(soundness.head)]


def export_ledger(plan_file: Path, out: Path) -> Lines:
    """Write the records that count as a workbook, which recorded again adds nothing; return what was done."""
    if out.suffix.lower() != ".xlsx":
        refuse([Problem("命令行", Place("--out"), shown(out.name), "以 .xlsx 结尾的文件名")])
    plan, file = _recorded(plan_file)
    ledger = read_ledger(file)
    write_book(out, [_sheet(ledger)], _meta(plan, ledger))
    return [f"已导出 {len(ledger.records)} 条记录：{out.name}", head_line(ledger.head)]


def head_line(head: str) -> str:
    """Return the line that tells the head of the ledger's chain, and what it is for."""
    return f"链头 {head} （台账最后一笔的指纹：记下来，以后拿它核对台账没有改动）"


def _recorded(plan_file: Path) -> tuple[Plan, Path]:
    """Return a plan and its ledger; InputError where nothing was recorded yet."""
    plan = read_plan(plan_file)
    ledger = ledger_file(plan)
    if not ledger.exists():
        expected = f"先登记一次：enforce record 记录文件 --plan {shown(plan_file)}"
        refuse([Problem(shown_path(ledger), Place("台账"), "还没有建立", expected, Flaw.MISSING)])
    return plan, ledger


def now() -> str:
    """Return the time that is written into the ledger."""
    return datetime.now(CHINA).isoformat(timespec="seconds")


def _records_gone(known: pd.DataFrame, records: pd.DataFrame) -> Lines:
    """Tell the records of the ledger that a file lacks although it has others of before, and days before and after."""
    again = known["record_id"].isin(records["record_id"])
    inside = known["date"].between(records["date"].min(), records["date"].max()) if len(records) else again
    gone = known.loc[inside & ~again, "record_id"].tolist() if again.any() else []
    if not gone:
        return []
    names = "、".join(map(shown, gone[:_MOST])) + (" 等" if len(gone) > _MOST else "")
    return [f"台账里有、这个文件里没有的记录 {len(gone)} 条（日期在文件的起止之内），请核对是否漏了：{names}。"]


# --- reading the file ---


def read_visits(
    plan: Plan, file: Path, known: pd.DataFrame, sheet: str | None, as_of: str
) -> tuple[pd.DataFrame, Lines]:
    """Return the complete records of a file, checked against the plan's tables, and what to know of how it was read.

    What the file does not say of a record already `known` stays. No record may be dated after `as_of`. InputError
    tells every problem of the tables, or else of the file.
    """
    tables = read_tables(plan, records=False)
    reading = read_table(file, "records", sheet=sheet, plan=plan, tables=tables, as_of=as_of)
    records, filled = recordable(reading, tables, plan, known)
    return records, [*filled, *_read_notes(reading)]


def _read_notes(reading: Reading) -> Lines:
    """Return what was passed over, changed and left out of the ledger."""
    report = reading.report
    beside = {name: heading for heading, name in report.columns.items()}
    left_out = [shown(beside.get(name, name)) for name in reading.extra.columns]
    skipped = [skipped for skipped in report.skipped if skipped.reason is not Reason.TITLE]
    lines = [f"第 {row_words(row.row)} 行没有登记：{row.why}。" for row in skipped]
    lines += [f"改写了 {len(report.changes)} 个单元格的写法（明细见 check 命令）。"] if report.changes else []
    lines += [f"没有登记的列：{'、'.join(left_out)}。"] if left_out else []
    return [*lines, *(f"{note}。" for note in report.notes)]


# --- the report ---


def recording_lines(outcome: Recording) -> Lines:
    """Return what an act of recording did: counts, the head, corrections field by field, what was not taken."""
    if not outcome.head:
        return ["文件里没有记录，台账还没有建立。"]
    lines = [
        f"新增 {outcome.added} 条，已有 {outcome.known} 条，更正 {outcome.corrected} 条。",
        head_line(outcome.head),
    ]
    if not outcome.added + outcome.corrected:
        lines.insert(1, "没有新的内容，台账没有变动。")
    return [*lines, *_corrections(outcome.changes), *_not_taken(outcome.stale)]


def _corrections(changes: pd.DataFrame) -> Lines:
    lines = [
        f"  {row.record_id}「{label(row.column)}」："
        f"{_word_in(row.column, row.before)} → {_word_in(row.column, row.after)}"
        for row in changes.itertuples()
    ]
    return ["更正（原记录仍留在台账里）：", *lines] if lines else []


def _word_in(column: str, value: object) -> str:
    return shown(cell_text(column, value))


def _not_taken(stale: Sequence[str]) -> Lines:
    if not stale:
        return []
    names = "、".join(map(shown, stale))
    return [f"{len(stale)} 条已经撤回，或是更正以前的旧内容，没有采用：{names}。确要恢复，请加 --restore。"]


# --- the workbook ---


def _sheet(ledger: Ledger) -> Sheet:
    table = ledger.records.assign(officers=ledger.records["officers"].map(";".join))
    return Sheet("检查记录", table, title="检查记录", fixed=1)


def _meta(plan: Plan, ledger: Ledger) -> Meta:
    calendar = read_calendar(plan.year, plan.calendar_folder, plan.local_calendar or None)
    versions = read_versions(plan)
    return Meta(
        title=f"{plan.year}年度检查记录",
        bureau=plan.bureau,
        document=state_number(plan, versions),
        approved_on=plan.approval_day if versions else "",
        state=state_mark(plan, versions),
        year=plan.year,
        disclaimer=plan.disclaimer,
        mark=calendar.mark,
        notes=(f"检查台账，共 {ledger.entries} 笔，链头 {ledger.head}",),
    )
