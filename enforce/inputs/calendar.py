"""The calendar: statutory workdays (法定工作日) of one year, day by day, and how sure we are of them.

Order: the project's own dated file, else the chinesecalendar package, else an estimate (预估) that says so.
Plans are drawn up before the State Council's holiday notice is out, so the estimate is an ordinary path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from enforce.inputs.tables.reading import setting_of, table_header
from enforce.inputs.tables.table_folder import ENDINGS
from enforce.sheets.columns import Column
from enforce.sheets.extract import read_rows
from enforce.sheets.form import Form
from enforce.sheets.grids import read_grids
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse, row_words
from enforce.words.texts import cut, one_line, real_date, shown, shown_path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "calendar"
ESTIMATE_MARK = "预估：国务院节假日安排尚未发布"

OFF, MAKE_UP = "放假", "上班"
DAY_KINDS = {"放假": OFF, "补休": OFF, "调休放假": OFF, "上班": MAKE_UP, "调休上班": MAKE_UP, "补班": MAKE_UP}
#: A national file has days off for each of these; one that stops in May would otherwise pass unseen.
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
#: Lunar dates are known to the packages up to 2099; chinesecalendar begins in 2004.
FIRST_YEAR, LAST_YEAR = 2004, 2099


#: Row, column and form expected: a fault of one cell.
Fault = tuple[int, str, str]


def day_kind(text: str) -> str:
    """Return 放假 or 上班 for a word that means one of them; ValueError tells the form expected.

    >>> day_kind("补班")
    '上班'
    """
    if text in DAY_KINDS:
        return DAY_KINDS[text]
    raise ValueError(f"{OFF} 或 {MAKE_UP}")


CALENDAR = Form(
    kind="calendar",
    title="日历",
    table="calendar",
    ours=(
        Column("date", real_date, header="日期", nature="date"),
        Column("kind", day_kind, header="类型", nature="word"),
        Column("festival", one_line, blank="", header="节日"),
        Column("source", one_line, blank="", header="来源"),
    ),
    extras=(),
    minimum=frozenset({"date", "kind", "festival", "source"}),
    words={},
    key="date",
)


class SpecialDay(NamedTuple):
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
    """Read the workdays of a year: `<folder>/<year>.csv` or .xlsx, else chinesecalendar, else an estimate.

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
    national = year_file(folder, year)
    special, status, source = _national(year, national)
    if status == "estimated" and require_official:
        expected = "已公布的节假日安排：请补一个日历文件"
        raise InputError([Problem(shown_path(national), Place(f"{year} 年日历"), "只有预估", expected, Flaw.MISSING)])
    if local:
        regional = _read_special_days(folder / local, year, local=True)
        special, source = special | regional, _sources([source, *(each.source for each in regional.values())])
    return Calendar(year, _day_table(year, special), status, source)


def year_file(folder: Path, year: int) -> Path:
    """Return the calendar file of a year, the .csv to be made where there is none; InputError when there are two."""
    files = [path for ending in ENDINGS if (path := folder / f"{year}{ending}").exists()]
    if len(files) > 1:
        names, expected = "、".join(path.name for path in files), "只留一个文件（其余移到别的文件夹）"
        refuse([Problem(shown_path(folder), Place(f"{year} 年日历"), names, expected, Flaw.REPEATED)])
    return files[0] if files else folder / f"{year}.csv"


def _national(year: int, path: Path) -> tuple[dict[date, SpecialDay], str, str]:
    """Return the special days of a year in the whole country, how they are known, and their source."""
    if path.exists():
        special = _read_special_days(path, year)
        return special, "own", _sources(each.source for each in special.values())
    try:
        special = _packaged(year)
    except NotImplementedError:
        source = f"按《全国年节及纪念日放假办法》估算，农历日期取自 holidays {version('holidays')}"
        return _estimated(year), "estimated", source
    return special, "official", f"chinesecalendar {version('chinesecalendar')}"


def _packaged(year: int) -> dict[date, SpecialDay]:
    """Return the special days chinesecalendar knows; NotImplementedError for a year not announced."""
    from chinese_calendar import is_workday

    source = f"chinesecalendar {version('chinesecalendar')}"
    differ = [day for day in _dates(year) if is_workday(day) != (day.weekday() < 5)]
    return {day: SpecialDay(day, MAKE_UP if is_workday(day) else OFF, source) for day in differ}


def _estimated(year: int) -> dict[date, SpecialDay]:
    """Return the days off of a year not announced: its statutory holidays, 13 from 2025 and 11 before.

    A holiday on a weekend, or on the date of another (中秋 on 1 October), is made up for on the next weekday
    not yet off. So a year has days - weekends - statutory days, as every announced year since 2013 but 2020.
    Exchanged days (调休) are unknown: over 2021-2026 a month is wrong by at most one day for that.
    """
    # a date twice where two holidays fall on it; no days in lieu
    stated = sorted(day for day, _ in _named_holidays(year))
    moved = [d for i, d in enumerate(stated) if d.weekday() > 4 or d in stated[:i]]
    off = {d for d in stated if d.weekday() < 5}
    for day in moved:
        off.add(_next_plain_day(day, off))
    return {day: SpecialDay(day, OFF, ESTIMATE_MARK) for day in sorted(off)}


def _next_plain_day(day: date, off: set[date]) -> date:
    """Return the first weekday from `day` on that is not yet off."""
    while day.weekday() > 4 or day in off:
        day += timedelta(days=1)
    return day


def festivals(year: int) -> dict[str, date]:
    """Return the first day of each statutory holiday (节日) by its name: with the moon the dates of some move.

    >>> festivals(2024)["春节"].isoformat(), festivals(2025)["春节"].isoformat()
    ('2024-02-10', '2025-01-29')
    """
    return {name: day for day, name in sorted(_named_holidays(year), reverse=True)}


def _named_holidays(year: int) -> list[tuple[date, str]]:
    """Return the statutory holidays themselves, each with its name; no days in lieu."""
    from holidays import country_holidays

    known = country_holidays("CN", years=year, language="zh_CN")
    names = [(day, name) for day, text in known.items() for name in text.split("; ")]
    return [(day, name) for day, name in names if day.year == year and "补假" not in name and "调休" not in name]


def _day_table(year: int, special: dict[date, SpecialDay]) -> pd.DataFrame:
    """Return one row per date: date, month, workday, holiday_kind, source ('' for a plain day)."""
    rows = [_day_row(day, special.get(day)) for day in _dates(year)]
    return pd.DataFrame(rows, columns=["date", "month", "workday", "holiday_kind", "source"])


def _day_row(day: date, special: SpecialDay | None) -> tuple[str, int, bool, str, str]:
    """Return the row of one date: the plain week unless it is a special day."""
    plain = "工作日" if day.weekday() < 5 else "周末"
    kind, source = (special.kind, special.source) if special else (plain, "")
    return day.isoformat(), day.month, kind in ("工作日", MAKE_UP), kind, source


def _dates(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _sources(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(text for text in texts if text))


def _read_special_days(path: Path, year: int, local: bool = False) -> dict[date, SpecialDay]:
    """Read the special days of a calendar file of any form; InputError tells every problem of the file."""
    header = table_header(read_grids(path), [CALENDAR])
    sheet = read_rows(header, setting_of(header, None, None), strict=True)
    file, days = header.grid.file, sheet.part.frame
    faults = [fault for day in days.itertuples() for fault in _faults(day, year, local)] + _repeats(days["date"])
    problems = [
        Problem(file, sheet.part.place(row, name), shown(sheet.part.typed[name][row]), expected)
        for row, name, expected in faults
    ]
    refuse(sorted(cut([*sheet.problems, *problems]), key=lambda problem: problem.place.row))
    if days.empty:
        expected = f"至少一行 {year} 年的放假或上班日"
        refuse([Problem(file, Place("全表"), "没有一行", expected, Flaw.MISSING)])
    named = "".join(days["festival"][days["kind"] == OFF])
    missing = [] if local else [f"没有{name}" for name in FESTIVALS if name not in named]
    refuse(Problem(file, Place(column="节日"), name, "七个节日各有放假的行", Flaw.MISSING) for name in missing)
    special = (SpecialDay(date.fromisoformat(row.date), row.kind, row.source) for row in days.itertuples())
    return {each.day: each for each in special}


def _faults(row: Any, year: int, local: bool) -> Iterator[Fault]:
    """Yield the faults of one row: a date of another year, a make-up day that is a workday anyway, no source."""
    if row.date and row.date[:4] != str(year):
        yield row.Index, "date", f"{year} 年的日期"
    elif row.date and row.kind == MAKE_UP and date.fromisoformat(row.date).weekday() < 5 and not local:
        yield row.Index, "date", "周六或周日（周一到周五本来上班）"
    if row.source == "":
        yield row.Index, "source", "通知文号，或日期从何处抄来"


def _repeats(days: pd.Series) -> list[Fault]:
    """Return a fault for each row whose date stands in an earlier row."""
    first = days.dropna().reset_index().groupby("date")["index"].transform("first")
    rows = zip(days.dropna().index, first, strict=True)
    return [(row, "date", f"不重复的日期（第 {row_words(before)} 行已有）") for row, before in rows if row != before]
