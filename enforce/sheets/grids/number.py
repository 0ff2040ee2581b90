"""Stored values (存储值): a number as a workbook stores it -> int, float, a ruined code, a date."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta

from enforce.sheets.grids.grid import Ruined

#: Excel keeps 15 digits of a number.
_RUINED = 10**15
#: Built-in formats that show dates: 14-17 and 22 everywhere, 27-31, 36 and 50-58 in the Chinese edition.
_DATE_FORMATS = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})
#: What stands in a format code without being a date part: quoted text, escapes, fills, colours, conditions.
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DAY_BEFORE_1900 = datetime(1899, 12, 31)  # noqa: DTZ001 - days of a calendar have no zone
_DAY_OF_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
#: The last day of the year 9999 in either count.
_LAST = 2_957_003


def shows_date(number: int, code: str = "") -> bool:
    """Tell whether a number format shows a day; one that shows a time alone does not.

    >>> shows_date(14), shows_date(31), shows_date(164, 'yyyy"年"m"月"d"日";@'), shows_date(165, "mm:ss")
    (True, True, True, False)
    >>> shows_date(168, "[h]:mm"), shows_date(169, "[mm]:ss")
    (False, False)
    >>> shows_date(166, '[Red]#,##0"d"'), shows_date(0, "General"), shows_date(167, 'm"月"')
    (False, False, True)
    """
    if not code:
        return number in _DATE_FORMATS
    section = code.split(";", maxsplit=1)[0].lower()
    if _ELAPSED.search(section):
        return False
    parts = _LITERAL.sub("", section).replace("am/pm", "").replace("general", "")
    return bool(set("yd") & set(parts)) or ("m" in parts and not set("hs") & set(parts)) or "aaa" in parts


def number(text: str) -> int | float:
    """Return a stored number, whole ones as int; ValueError if it is none.

    >>> number("60"), number("0.5"), number("3E2"), type(number("9.1310107000000123E+17")).__name__
    (60, 0.5, 300, 'Ruined')
    """
    value = float(text)
    if not math.isfinite(value) or "_" in text:
        raise ValueError(text)
    return whole(value) if not text.lstrip("-").isdigit() else _marked(int(text))


def whole(value: float) -> int | float:
    """Return a number of the file as int when it is whole.

    >>> whole(60.0), whole(0.5), whole(1e15)
    (60, 0.5, 1000000000000000)
    """
    return _marked(int(value)) if value.is_integer() else value


def _marked(value: int) -> int:
    return Ruined(value) if abs(value) >= _RUINED else value


def day(serial: float, from_1904: bool = False) -> date | datetime | int | float:
    """Return the day of a serial number, with its time if it has one; the number itself when it is no day.

    Excel counts a 29 February 1900 that never was (serial 60) and shows a serial below 1 as a time.

    >>> day(45352), day(45352.5), day(43890, from_1904=True)
    (datetime.date(2024, 3, 1), datetime.datetime(2024, 3, 1, 12, 0), datetime.date(2024, 3, 1))
    >>> day(60), day(-1), day(0.5)
    (60, -1, 0.5)
    """
    if not 1 <= serial < _LAST or (60 <= serial < 61 and not from_1904):
        return serial
    start = _DAY_OF_1904 if from_1904 else _DAY_BEFORE_1900 - timedelta(days=serial >= 61)
    days, part = divmod(serial, 1)
    return _day_or_moment(start + timedelta(days=days, milliseconds=round(part * 86_400_000)))


def iso_day(text: str) -> date | datetime:
    """Return a day written in ISO form, with its time if it has one; ValueError if it is none.

    >>> iso_day("2024-03-01T00:00:00.000"), iso_day("2024-03-01T08:30:00")
    (datetime.date(2024, 3, 1), datetime.datetime(2024, 3, 1, 8, 30))
    """
    return _day_or_moment(datetime.fromisoformat(text).replace(tzinfo=None))


def _day_or_moment(moment: datetime) -> date | datetime:
    return moment if moment.time() != datetime.min.time() else moment.date()
