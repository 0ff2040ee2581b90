"""The date (日期) in every form planners write, as ISO text; ambiguous and impossible ones are refused.

Forms are tried from a list, never guessed: 01/02/2024 may be January or February, so it is no date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from enforce.sheets.normal import half
from enforce.sheets.quantities import in_words

FORM = "真实存在的日期，写作 年-月-日，如 2024-03-13"
FIRST_YEAR, LAST_YEAR = 1949, 2099
#: Excel's day numbers for these years: nothing else in a date column looks like them.
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050
_EPOCH = date(1899, 12, 30)

_WORDS = str.maketrans("〇零○Oo０", "000000") | str.maketrans("一二三四五六七八九", "123456789")
#: Spaces that part no digits.
_SPACES = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_CLOCK = r"[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?|[时点](?:[0-9]{1,2}分)?)"
_TIME = re.compile(rf"(?:[T ]|(?<=[日号)])) *(?:(?:上午|下午|早上|晚上)? *{_CLOCK}|上午|下午)$")
_WEEKDAY = re.compile(r" *\(?(?:星期|周)(?P<day>[一二三四五六日天])\)?$")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_CHINESE = re.compile(
    r"(?:(?P<year>[0-9]{4}|[0-9]{2}|[〇零○Oo一二三四五六七八九]{4})年)?"
    r"(?P<month>[0-9]{1,2}|[一二三四五六七八九十]{1,3})月(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]"
)
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT = re.compile(r"([0-9]{2})\.([0-9]{1,2})\.([0-9]{1,2})")
_YEAR_LAST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})|[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}")


def iso(cell: object, year: int | None = None, serials: bool = True) -> str:
    """Return the ISO date of a cell; `year` completes 3月1日, `serials` lets numbers be Excel's days since 1900.

    >>> [iso(text) for text in ("2024年3月1日", "2024.3.1", "20240301", "24.3.1", "二〇二四年三月一日")]
    ['2024-03-01', '2024-03-01', '2024-03-01', '2024-03-01', '2024-03-01']
    >>> iso("3月1日", 2024), iso(45352)
    ('2024-03-01', '2024-03-01')
    >>> iso("01/02/2024")
    Traceback (most recent call last):
    ValueError: 写明先后的日期，写作 年-月-日，如 2024-03-13（这里分不清哪个是月、哪个是日）
    """
    if isinstance(cell, datetime):
        return _inside_span(cell.date())
    if isinstance(cell, date):
        return _inside_span(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _numbered(cell, serials)
    return _written(half(str(cell)), year)


def _inside_span(day: date) -> str:
    """Return a date of our time as ISO text."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{FIRST_YEAR} 到 {LAST_YEAR} 年之间的日期")
    return day.isoformat()


def _numbered(number: float, serials: bool) -> str:
    """Return the date of a number in a date column: 20240301 or Excel's day number."""
    if packed := _PACKED.fullmatch(str(number)):
        return _real(packed[1], packed[2], packed[3])
    if not _FIRST_SERIAL <= number < _LAST_SERIAL + 1:
        raise ValueError(FORM)
    if not serials:
        raise ValueError("写作 年-月-日 的日期（本文件用 1904 年起算的日期，不能确定这个数字是哪一天）")
    return (_EPOCH + timedelta(days=int(number))).isoformat()


def _written(text: str, year: int | None) -> str:
    """Return the date of a text of half width; a time of day and the right day of the week may stand behind it."""
    text = _TIME.sub("", text)
    match = _WEEKDAY.search(text)
    day = _spelt(_SPACES.sub("", text[: match.start()] if match else text), year)
    if match and "一二三四五六日".index(match["day"].replace("天", "日")) != date.fromisoformat(day).weekday():
        raise ValueError(f"{FORM}（这一天不是星期{match['day']}）")
    return day


def _spelt(text: str, year: int | None) -> str:
    """Return the date of a text that holds nothing else."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _real(match[1], match[3], match[4])
    if match := _PACKED.fullmatch(text):
        return _real(*match.groups())
    if match := _CHINESE.fullmatch(text):
        return _real(_whole_year(match["year"], year), _tens(match["month"]), _tens(match["day"]))
    match = _SHORT.fullmatch(text)
    # 12.3.1 may begin with a month or a year, 24.3.1 with a year only
    if match and 13 <= int(match[1]) <= LAST_YEAR - 2000:
        return _real(f"20{match[1]}", match[2], match[3])
    if _YEAR_LAST.fullmatch(text):
        raise ValueError("写明先后的日期，写作 年-月-日，如 2024-03-13（这里分不清哪个是月、哪个是日）")
    raise ValueError(FORM)


def _whole_year(spelt: str | None, year: int | None) -> str:
    """Return a year in four digits; the plan's where none is written."""
    if spelt:
        return spelt.translate(_WORDS) if len(spelt) == 4 else f"20{spelt}"
    if year is None:
        raise ValueError("写明年份的日期，如 2024-03-13")
    return str(year)


def _tens(words: str) -> str:
    """Return a day or month, written in words perhaps, as digits; '0', which is none, where it is not one."""
    if words.isdecimal():
        return words
    return str(in_words(words) or 0)


def _real(year: str, month: str, day: str) -> str:
    """Return the ISO text of a date that exists."""
    try:
        day = date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"{FORM}（没有这一天）") from None
    return _inside_span(day)
