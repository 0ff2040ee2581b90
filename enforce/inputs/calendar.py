"""The calendar: statutory workdays (法定工作日) of one year, day by day, and how sure we are of them.

Order: the project's own dated file, else the chinesecalendar package, else an estimate (预估) that says so.
Plans are drawn up before the State Council's holiday notice is out, so the estimate is an ordinary path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from enforce.inputs.sheets import read_csv_cells
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import shown, shown_path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "calendar"
ESTIMATE_MARK = "预估：国务院节假日安排尚未发布"

OFF, MAKE_UP = "放假", "上班"
KINDS = {"放假": OFF, "补休": OFF, "调休放假": OFF, "上班": MAKE_UP, "调休上班": MAKE_UP, "补班": MAKE_UP}
COLUMNS = {"date": "日期", "kind": "类型", "festival": "节日", "source": "来源"}
#: A national file has days off for each of these; one that stops in May would otherwise pass unseen.
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
#: Lunar dates are known to the packages up to 2099; chinesecalendar begins in 2004.
FIRST_YEAR, LAST_YEAR = 2004, 2099


class Change(NamedTuple):
    """One day that differs from the plain Monday-Friday week: date, kind (放假、上班), source (来源)."""

    day: date
    kind: str
    source: str


@dataclass(frozen=True, eq=False)
class Calendar:
    """The workdays of one year; `days` has one row per date: date, month, workday, holiday_kind, source.

    >>> calendar = read_calendar(2024)
    >>> calendar.workdays()["workdays"].sum(), calendar.status, calendar.mark
    (np.int64(251), 'own', '')
    """

    year: int
    days: pd.DataFrame
    status: str
    source: str

    @property
    def estimated(self) -> bool:
        """Whether the year's holiday notice is not known, so that the months may shift by a day or two."""
        return self.status == "estimated"

    @property
    def mark(self) -> str:
        """Return the words every table, chart and file of an estimated year carries; '' for a known year."""
        return ESTIMATE_MARK if self.estimated else ""

    def workdays(self) -> pd.DataFrame:
        """Count the workdays (天) of the year: one row per month, month and workdays.

        >>> read_calendar(2026).workdays()["workdays"].tolist()
        [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
        """
        return self.days.groupby("month")["workday"].sum().astype("int64").rename("workdays").reset_index()

    def between(self, first: str, last: str) -> int:
        """Count the workdays (天) from `first` to `last`, ISO dates of the year, both ends counted.

        ValueError if a date is impossible or lies outside the year; 0 if `last` is before `first`.

        >>> read_calendar(2024).between("2024-01-01", "2024-03-13")
        49
        """
        ends = [date.fromisoformat(day) for day in (first, last)]
        if any(day.year != self.year for day in ends):
            raise ValueError(f"{first} 至 {last} 不在 {self.year} 年内")
        first, last = (day.isoformat() for day in ends)
        return int(self.days["workday"][self.days["date"].between(first, last)].sum())


def read_calendar(
    year: int,
    folder: str | Path | None = None,
    local: str | Path | None = None,
    require_official: bool = False,
) -> Calendar:
    """Read the workdays of a year: `<folder>/<year>.csv`, else chinesecalendar, else an estimate.

    `folder` is data/calendar unless given. `local` (a file in `folder`, or a path) holds a province's own
    days off and make-up days (如广西三月三); its rows go over the national ones. InputError tells every
    fault of a file; with `require_official` an estimated year is refused too. Sources: the yearly notice of
    the State Council (国务院办公厅节假日安排通知); for the estimate 《全国年节及纪念日放假办法》.

    >>> read_calendar(2027).status, read_calendar(2020).status
    ('estimated', 'official')
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError([Problem("工作日历", Place("年份"), str(year), f"{FIRST_YEAR} 到 {LAST_YEAR} 之间的年份")])
    folder = FOLDER if folder is None else Path(folder)
    national = folder / f"{year}.csv"
    changes, status, source = _national(year, national)
    if status == "estimated" and require_official:
        expected = "已公布的节假日安排：请补一个日历文件"
        raise InputError([Problem(shown_path(national), Place(f"{year} 年日历"), "只有预估", expected, Flaw.MISSING)])
    if local:
        own = _read_changes(folder / local, year, local=True)
        changes, source = {**changes, **own}, _sources([source, *(change.source for change in own.values())])
    return Calendar(year, _days(year, changes), status, source)


def _national(year: int, path: Path) -> tuple[dict[date, Change], str, str]:
    """Return the national changes of a year, how they are known, and from where."""
    if path.exists():
        changes = _read_changes(path, year)
        return changes, "own", _sources(change.source for change in changes.values())
    try:
        changes = _packaged(year)
    except NotImplementedError:
        source = f"按《全国年节及纪念日放假办法》估算，农历日期取自 holidays {version('holidays')}"
        return _estimated(year), "estimated", source
    return changes, "official", f"chinesecalendar {version('chinesecalendar')}"


def _packaged(year: int) -> dict[date, Change]:
    """Return the changes chinesecalendar knows; NotImplementedError for a year not announced."""
    from chinese_calendar import is_workday

    source = f"chinesecalendar {version('chinesecalendar')}"
    differ = [day for day in _dates(year) if is_workday(day) != (day.weekday() < 5)]
    return {day: Change(day, MAKE_UP if is_workday(day) else OFF, source) for day in differ}


def _estimated(year: int) -> dict[date, Change]:
    """Return the days off of a year not announced: its statutory holidays, 13 from 2025 and 11 before.

    A holiday on a weekend, or on the date of another (中秋 on 1 October), is made up for on the next weekday
    not yet off. So a year has days - weekends - statutory days, as every announced year since 2013 but 2020.
    Exchanged days (调休) are unknown: over 2021-2026 a month is wrong by at most one day for that.
    """
    stated = sorted(_statutory(year))
    moved = [d for i, d in enumerate(stated) if d.weekday() > 4 or d in stated[:i]]
    off = {d for d in stated if d.weekday() < 5}
    for day in moved:
        off.add(_next_plain_day(day, off))
    return {day: Change(day, OFF, ESTIMATE_MARK) for day in sorted(off)}


def _next_plain_day(day: date, off: set[date]) -> date:
    """Return the first weekday from `day` on that is not yet off."""
    while day.weekday() > 4 or day in off:
        day += timedelta(days=1)
    return day


def _statutory(year: int) -> list[date]:
    """Return the statutory holidays themselves, a date twice when two fall on it; no days in lieu."""
    from holidays import country_holidays

    known = country_holidays("CN", years=year, language="zh_CN")
    names = [(day, name) for day, text in known.items() for name in text.split("; ")]
    return [day for day, name in names if day.year == year and "补假" not in name and "调休" not in name]


def _days(year: int, changes: dict[date, Change]) -> pd.DataFrame:
    """Return one row per date: date, month, workday, holiday_kind, source ('' for a plain day)."""
    rows = [_day(day, changes.get(day)) for day in _dates(year)]
    return pd.DataFrame(rows, columns=["date", "month", "workday", "holiday_kind", "source"])


def _day(day: date, change: Change | None) -> tuple[str, int, bool, str, str]:
    """Return the row of one date: the plain week unless a change says otherwise."""
    plain = "工作日" if day.weekday() < 5 else "周末"
    kind, source = (change.kind, change.source) if change else (plain, "")
    return day.isoformat(), day.month, kind in ("工作日", MAKE_UP), kind, source


def _dates(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _sources(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(text for text in texts if text))


def _read_changes(path: Path, year: int, local: bool = False) -> dict[date, Change]:
    """Read a calendar file (own csv form); refuse it with every problem it has."""
    sheet = read_csv_cells(path)
    file, places = sheet.file, _columns(sheet.header, sheet.file)
    lines = [(row.number, {key: row.cells[place] for key, place in places.items()}) for row in sheet.rows]
    found = [_change(n, cells, year, local, file) for n, cells in lines]
    refuse([problem for _, faults in found for problem in faults] + _repeats(lines, file))
    refuse(
        [] if lines else [Problem(file, Place("全表"), "没有一行", f"至少一行 {year} 年的放假或上班日", Flaw.MISSING)]
    )
    missing = [] if local else _missing_festivals(cells for _, cells in lines)
    refuse(Problem(file, Place(column="节日"), name, "七个节日各有放假的行", Flaw.MISSING) for name in missing)
    return {change.day: change for change, _ in found if change}


def _columns(header: tuple[str, ...], file: str) -> dict[str, int]:
    """Return where each column stands; refuse a header that lacks one."""
    missing = [title for title in COLUMNS.values() if title not in header]
    refuse(
        Problem(file, Place("表头", column=title), "没有这一列", "日期、类型、节日、来源四列", Flaw.MISSING)
        for title in missing
    )
    return {key: header.index(title) for key, title in COLUMNS.items()}


def _change(line: int, cells: dict[str, str], year: int, local: bool, file: str) -> tuple[Change | None, list[Problem]]:
    """Return the change a line tells, or None with what is wrong with the line."""
    day, kind = _parse(cells["date"]), KINDS.get(cells["kind"], "")
    wrong = {
        "date": "" if day else "日期，如 2024-02-15",
        "kind": "" if kind else "放假 或 上班",
        "source": "" if cells["source"] else "通知文号，或日期从何处抄来",
    }
    if day and day.year != year:
        wrong["date"] = f"{year} 年的日期"
    elif day and kind == MAKE_UP and day.weekday() < 5 and not local:
        wrong["date"] = "周六或周日（周一到周五本来上班）"
    wrong = {key: text for key, text in wrong.items() if text}
    faults = [Problem(file, _place(line, key), shown(cells[key]), text) for key, text in wrong.items()]
    return (None if faults else Change(day, kind, cells["source"])), faults


def _place(line: int, key: str) -> Place:
    return Place(row=line, column=COLUMNS[key], name=key)


def _parse(text: str) -> date | None:
    """Return the date of 2024-02-15, or 2024/2/15 as a spreadsheet saves it; None if there is no such day."""
    match = re.fullmatch(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", text)
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None


def _repeats(lines: list[tuple[int, dict[str, str]]], file: str) -> list[Problem]:
    """Return a problem for each line whose date stands on an earlier line."""
    first: dict[date, int] = {}
    problems = []
    for line, cells in lines:
        day = _parse(cells["date"])
        if day and first.setdefault(day, line) != line:
            expected = f"不重复的日期（第 {first[day]} 行已有）"
            problems.append(Problem(file, _place(line, "date"), cells["date"], expected, Flaw.REPEATED))
    return problems


def _missing_festivals(rows: Iterable[dict[str, str]]) -> list[str]:
    """Return the statutory festivals no day off is named after."""
    named = "".join(cells["festival"] for cells in rows if KINDS.get(cells["kind"]) == OFF)
    return [f"没有{name}" for name in FESTIVALS if name not in named]
