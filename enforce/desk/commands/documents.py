"""The papers of a plan (公文) from the command line: made, proof-read, or compared with the plan as it is now."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from enforce.desk.month_schedule import MonthSchedule, schedule_given_out
from enforce.desk.paperwork import dossier
from enforce.desk.paperwork.proofreading import name_of_ours, proofread
from enforce.desk.paperwork.visit_papers import PAPERS, schedule_files, scheme_papers
from enforce.desk.run import batch, handover
from enforce.desk.run.logbook import LOG
from enforce.desk.standing import Standing, change_of_day, month
from enforce.desk.summary import summary
from enforce.desk.year import Year, open_year
from enforce.inputs.tables.visit_sheets import SOURCE
from enforce.papers.documents.fill import Document
from enforce.papers.documents.pdf import NO_OFFICE, proofs
from enforce.words.files import output_errors, write_atomic
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import nearest

#: A plan, of the year or standing on a day, with its papers.
Set = tuple[Year | Standing, list[dossier.PaperText]]


def write_papers(
    plan: Path, *, only: Sequence[str] = (), out: Path | None = None, pdf: bool = False,
    arranged: int | None = None, as_of: str = "",
) -> list[str]:  # fmt: skip
    """Write the papers of a plan into a folder, all of them or those named; return what is to be told.

    `arranged` is the month of the monthly papers, `as_of` the day of a change order. InputError where a paper that was
    named cannot be made; nothing is written before every paper is made.
    """
    LOG.info(f"读入、核对 {plan.name} 和它的表")
    year = open_year(plan)
    recorded = not year.tables.records.empty
    sets = _sets(
        year,
        [arranged or batch.month_of(year, recorded=recorded)],
        [as_of] if as_of else [],
        [_last_day(year)] if recorded else [],
    )
    _check_names([paper.name for _, papers in sets for paper in papers], only)
    LOG.info("填写公文，逐份读回核对")
    made, typed = _made(sets, only)
    target = out or batch.report_place(plan) / handover.FOLDER
    files = {name: document.content for name, document in made.items()}
    extra = proofs(files) if pdf else {}
    with output_errors(target):
        target.mkdir(parents=True, exist_ok=True)
    for name, content in {**files, **extra}.items():
        write_atomic(target / name, content)
    notes = [NO_OFFICE] if pdf and files and not extra else []
    if not year.plan.filing and not only:
        notes.append("计划文件没有写报送单位，没有出备案报告。")
    wrote = f"已写出 {len(files) + len(extra)} 份：{'、'.join([*files, *extra])}"
    return [wrote, *notes, *typed, f"打开：{os.path.relpath(target)}"]


def verify(plan: Path, folder: Path) -> tuple[list[str], bool]:
    """Compare the papers and workbooks in a folder with the plan worked out anew; return what is to be told, and
    whether every figure agrees.

    Which months and which days of a change order are meant, the names of the files say; nothing else is made.
    """
    if not folder.is_dir():
        raise InputError([Problem(folder.name, Place(), "", "有公文的文件夹", Flaw.FILE)])
    year = open_year(plan)
    names = "\n".join(path.name for path in folder.rglob("*"))
    there = {name_of_ours(path) for path in folder.rglob("*")}
    months = sorted({int(month) for of_year, month in _MONTH.findall(names) if int(of_year) == year.plan.year})
    sets = _sets(year, months, sorted(set(_DAY.findall(names))), _summary_days(year, names))
    sets.append((year, _month_reports(year, names)))
    of_days = [schedule_given_out(year, int(month)) for month in sorted(set(_SCHEDULE.findall(names)))]
    with tempfile.TemporaryDirectory() as place:
        books = _books(year, sets) | _schedule_books(of_days)
        written = {name: write(Path(place) / name) for name, write in books.items() if name in there}
        sets += [(one.plan, [*scheme_papers(one), *scheme_papers(one, each=True)]) for one in of_days]
        asked = [(book, [paper for paper in papers if f"{paper.name}.docx" in there]) for book, papers in sets]
        differences = list(proofread(folder, _made(asked)[0], written, filled_in=SOURCE))
    wrong = [one for one in differences if one.figure]
    answer = f"有 {len(wrong)} 处与计划不一致：" if wrong else "数字与计划逐处一致。"
    return [answer, *map(str, wrong), *(str(one) for one in differences if not one.figure)], not wrong


_MONTH = re.compile(r"月[^报\n]*-(\d{4})-(0[1-9]|1[0-2])\.")
_DAY = re.compile(r"-(\d{4}-\d\d-\d\d)\.")


_SCHEDULE = re.compile(rf"(?:{'|'.join(PAPERS)}|[!-~](?=-\d{{4}}-\d\d\.ics))-\d{{4}}-(0[1-9]|1[0-2])\.")
_REPORT = re.compile(r"执法月报-(\d{4}-(?:0[1-9]|1[0-2]))\.")
_TO_DAY = re.compile(r"-截至(\d{4}-\d\d-\d\d)\.")


def _last_day(year: Year) -> str:
    """Return the day to look back from: the year's end ('') once December has a visit, else that of the last visit."""
    last = year.tables.records["date"].max()
    return "" if last[5:7] == "12" else last


def _summary_days(year: Year, names: str) -> list[str]:
    """Return the days of the summaries that names of files say, the year's end among them; none without records."""
    return [] if year.tables.records.empty else ["", *sorted(set(_TO_DAY.findall(names)))]


def _month_reports(year: Year, names: str) -> list[dossier.PaperText]:
    """Return the reports of the months that names of files say; none without records."""
    days = year.calendar.days["date"]
    ends = [days[days.str.startswith(month)].max() for month in sorted(set(_REPORT.findall(names)))]
    known = [day for day in ends if isinstance(day, str)] if len(year.tables.records) else []
    return [dossier.month_report(summary(year, day)) for day in known]


def _sets(year: Year, months: Sequence[int], days: Sequence[str], ends: Sequence[str]) -> list[Set]:
    """Return the papers by the plan they are of: the year's, those of months, change orders of days, and those that
    look back from a day.
    """
    arranged = [month(year, one) for one in months]
    orders = [change_of_day(year, day) for day in days]
    return [
        (year, dossier.annual_papers(year)),
        *((plan, dossier.month_papers(plan)) for plan in arranged),
        *((year, dossier.summary_papers(summary(year, day))) for day in ends),
        *((plan, dossier.change_papers(plan)) for plan in orders),
    ]


def _made(sets: Sequence[Set], only: Sequence[str] = ()) -> tuple[dict[str, Document], list[str]]:
    """Return the papers filled, by name of file, and the figures that templates type themselves."""
    results = [dossier.made(book, [one for one in papers if _is_asked(one.name, only)]) for book, papers in sets]
    documents = {name: filled for result in results for name, filled in result.documents.items()}
    return documents, [note for result in results for note in result.typed]


def _books(year: Year, sets: Sequence[Set]) -> dict[str, handover.Write]:
    """Return what writes the workbooks of the same plans anew, by name."""
    books = handover.annual_books(year)
    if not year.tables.records.empty:
        books |= handover.summary_books(summary(year))
    for plan, _ in sets[1:]:
        if isinstance(plan, Year):
            continue
        books |= (handover.replan_books if plan.proposal else handover.monthly_books)(plan)
    return books


def _schedule_books(of_days: Sequence[MonthSchedule]) -> dict[str, handover.Write]:
    """Return what writes the workbooks and calendars of some months' schedules anew, by name."""
    files = {Path(name).name: write for one in of_days for name, write in schedule_files(one).items()}
    return {name: write for name, write in files.items() if name.endswith((".xlsx", ".ics"))}


def _is_asked(name: str, only: Sequence[str]) -> bool:
    return not only or any(name.startswith(word) for word in only)


def _check_names(names: Sequence[str], only: Sequence[str]) -> None:
    """Refuse a paper that the plan does not have; a word names every paper that begins with it."""
    expected = f"{'、'.join(names)} 之一或其开头"
    refuse(
        Problem("--only", Place(), word, f"{expected}{nearest(word, names)}", Flaw.UNKNOWN)
        for word in only
        if not any(_is_asked(name, [word]) for name in names)
    )
