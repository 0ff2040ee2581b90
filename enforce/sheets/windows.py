"""The window (时段) in the words of published plans: quarters, halves, months in words, from day to day, 底前.

Read where it is certain; what says how often and not when is refused with the form for that very case.
"""

from __future__ import annotations

import calendar
import re

from enforce.sheets.quantities import in_words
from enforce.words.months import typed_months

_NUMBERS = "[一二三四五六七八九十两]+"
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY = r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]"
_DAYS = re.compile(f"{_DAY}-{_DAY}")
_YEAR = re.compile(r"(\d{4})年度?")
_QUARTERS = re.compile(
    r"(?:第?([1-4])季?度?([,-]))?(?:第?([1-4])季?度?([,-]))?(?:第?([1-4])季?度?([,-]))?第?([1-4])(?:个?季度|季(?!度))"
)
_HALVES = {"上半年": "1-6", "下半年": "7-12", "全年": "1-12", "全年度": "1-12", "年底前": "1-12", "年内": "1-12",
           "单月": "1,3,5,7,9,11", "双月": "2,4,6,8,10,12"}  # fmt: skip
_BEFORE = "(?:之?前|以前)"
_UNTIL = re.compile(rf"(\d{{1,2}})月(?:底|末){_BEFORE}")
_UNTIL_DAY = re.compile(
    rf"(?<![-\d])(?=(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}[日号]{_BEFORE})(\d{{4}}年)?(.*?[日号]){_BEFORE}"
)
_OPEN = re.compile(rf"(1[0-2]|[2-9])月{_BEFORE}")
_SINCE = re.compile(r"(\d{1,2})月(?:份?起|开始)")
_MONTH = re.compile(r"(20\d{2})[-/.](0?[1-9]|1[0-2])(?!\d)")
_EXPLAINED = re.compile(r"([^()]*)\(([^()]*[0-9][^()]*)\)")
_EACH = re.compile("(.*[月季度])各(?:检?查)?[1-9]次")
_TIMES = re.compile("([1-9])次")
_SPAN = re.compile(r"(1[0-2]|[1-9])(?:-(1[0-2]|[1-9]))?")
#: How often -> the windows of it.
_OFTEN = (
    (re.compile(r"每(?:个)?季度?.*|按季度?.*|1?季度?[1-9]次"), "1-3|4-6|7-9|10-12"),
    (re.compile(r"每半年.*|半年[1-9]次"), "1-6|7-12"),
    (re.compile(r"每(?:个)?月.*|按月.*|逐月.*|月度.*"), "1|2|3|4|5|6|7|8|9|10|11|12"),
    (re.compile(r"每(?:2个|两个?)月.*"), "1-2|3-4|5-6|7-8|9-10|11-12"),
    (re.compile(r"每年.*|(?:年度|全年|[1一]年|年)[1-9]次"), "1-12"),
)


def window_months(text: str, year: int | None = None) -> str:
    """Return windows of months as 1-3,9-11 or 5-6|10-11; the text itself where they cannot be read.

    ValueError where another year is written, days that are no whole months, or only how often.

    >>> [window_months(text) for text in ("1季度", "二、三季度", "11-12月,1-2月", "10 月底前", "5-6月|10月")]
    ['1-3', '4-6,7-9', '1-2,11-12', '1-10', '5-6|10']
    >>> window_months("每季度1次")
    Traceback (most recent call last):
    ValueError: 写明月份的时段（这里写的是多久一次，每家一年 4 次；每个时段都要安排的写 1-3|4-6|7-9|10-12）
    """
    plain = _one_writing(text)
    for form, windows in _OFTEN:
        if form.fullmatch(plain):
            times = _TIMES.search(plain)
            count = f"，每家一年 {int(times[1]) * (windows.count('|') + 1)} 次" if times else ""
            raise ValueError(f"写明月份的时段（这里写的是多久一次{count}；每个时段都要安排的写 {windows}）")
    if each := _EACH.fullmatch(plain):
        windows = _listed_months(each[1], year).replace(",", "|")
        raise ValueError(f"写明月份的时段（这里写的是各查几次；每个时段都要安排的写 {windows or '5-6|10-11 这样'}）")
    if "旬" in plain:
        raise ValueError("整月的时段，如 1-3（这里写的是旬，不是整月）")
    if explained := _EXPLAINED.fullmatch(plain):
        word, months = (_listed_months(part, year) for part in explained.groups())
        return months if months and word in ("", months) else text
    return "|".join(_listed_months(part, year) or part for part in plain.split("|"))


def _one_writing(text: str) -> str:
    """Return a text with one sign for each thing: '-' for from-to, ',' for and, digits for words."""
    text = re.sub(r"\([^()0-9]*\)$", "", text.strip().replace("元月", "1月"))
    text = re.sub("([一二三四])([一二三四])(?=季)", r"\1、\2", text)
    text = re.sub("[Qq]([1-4])", r"\1季度", re.sub("前([二三])(?=个?季)", r"一至\1", text))
    text = re.sub(r"\s*([-,;|~～至到–—－、，；｜及和与])\s*", r"\1", text)
    text = re.sub(r"(?<=[0-9一二三四五六七八九十])\s+(?=[月季年])|(?<=[年月第])\s+", "", text)
    text = re.sub(r"(?<=[0-9月度])\s+(?=[0-9一二三四五六七八九十第])", ",", text)
    text = re.sub("[~～至到–—－]", "-", re.sub("[、，；;及和与]", ",", text.replace("｜", "|")))
    text = re.sub(f"{_NUMBERS}(?=个?[月季次,-]|$)", lambda match: str(in_words(match[0]) or match[0]), text)
    return (
        re.sub(r"月份?(?=[0-9](?![0-9]?[日号]))", "月,", _MONTH.sub(_dated_month, _DATE.sub(r"\1年\2月\3日", text)))
        .removeprefix("贯穿")
        .removesuffix("完成")
    )


def _dated_month(match: re.Match[str]) -> str:
    """Return 2025-01 as 2025年1月."""
    return f"{match[1]}年{int(match[2])}月"


def _listed_months(text: str, year: int | None) -> str:
    """Return the months of one window in order; '' where they cannot be read."""
    text = _DAYS.sub(_whole_months, _UNTIL_DAY.sub(r"\g<1>1月1日-\2", text))
    if until := _OPEN.search(text):
        month = int(until[1])
        raise ValueError(f"写明到哪个月为止的时段（含 {month} 月的写 1-{month}，不含的写 1-{month - 1}）")
    years = set(map(int, _YEAR.findall(text)))
    if years - {year or min(years, default=0)}:
        raise ValueError(f"计划年度 {year} 年的月份" if year else "一个年度的月份，如 1-3,9-11")
    text = _QUARTERS.sub(_quarter_months, _YEAR.sub("", text))
    text = re.sub("|".join(sorted(_HALVES, key=len, reverse=True)), lambda match: _HALVES[match[0]], text)
    text = re.sub(r"(?<=[0-9])月份?", "", _SINCE.sub(r"\1-12", _UNTIL.sub(r"1-\1", text)))
    spans = [_SPAN.fullmatch(part) for part in text.split(",")]
    ends = [(int(span[1]), int(span[2] or span[1])) for span in spans if span]
    if any(first > last for first, last in ends) or re.search("[次翌]年", text):
        raise ValueError("一个年度里由小到大的月份，如 1-2,11-12（这里跨到下一年，只写计划年度的月份）")
    listed = [month for first, last in ends for month in range(first, last + 1)]
    sound = all(spans) and len(set(listed)) == len(listed)
    in_order = listed == sorted(listed)
    return (text if in_order else typed_months([sorted(listed)])) if sound else ""


def _whole_months(match: re.Match[str]) -> str:
    """Return from-day-to-day as from-month-to-month; ValueError where a month is not whole."""
    first, last = (int(match[2]), int(match[3])), (int(match[5]), int(match[6]))
    year = int(match[4] or match[1] or 2024)
    if first[1] != 1 or not 1 <= last[0] <= 12 or last[1] != calendar.monthrange(year, last[0])[1]:
        raise ValueError("整月的时段，如 1-3（这里的起止日不是整月）")
    head, tail = (f"{number}年" if number else "" for number in (match[1], match[4]))
    return f"{head}{first[0]}月-{tail}{last[0]}月"


def _quarter_months(match: re.Match[str]) -> str:
    """Return the months of the quarters that share one word: 二、三季度, 1-3季度."""
    parts = "".join(filter(None, match.groups())).split(",")
    return ",".join(f"{3 * int(part[0]) - 2}-{3 * int(part[-1])}" for part in parts)
