"""The column (列): what one column of a table may hold, and cells turned into values.

A parse function takes the text of a cell and returns its value, or raises ValueError(form expected).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from enforce.sheets.normal import key
from enforce.words.personal import KINDS, personal
from enforce.words.problems import Flaw, Unfit, flaw_of
from enforce.words.terms import Term, label
from enforce.words.texts import nearest, one_line, real_date

Parse = Callable[[str], Any]
FULL = object()
_SEPARATORS = str.maketrans("；，｜－", ";,|-")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_INTEGER = re.compile(r"0|[1-9][0-9]{0,14}")
_HALVES = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?")
_PART = re.compile(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_BESIDE = " ,，;；:：、()（）起"
_NAME = re.compile(r"(?![EeNnUuDdIiLlSs错正同如见上])[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff（）]{1,59}")
_SPAN = re.compile(r"(1[0-2]|[1-9])(?:-(1[0-2]|[1-9]))?")


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its name, how a cell is read, the value of an empty cell, the header when not the label.

    `blank` is FULL where a cell must be filled in. A column that is not `required` may be left out. `nature` says
    in which ways its cells may be written (values.py), `units` what may stand behind a count. Numbers that are
    `additive` are compared with total rows; what is `private` is never shown in a message. `aliases` are
    other writings of the words of a closed list, `certificate` the reader where the heading says 证号: its digits are
    none of a telephone.
    """

    name: str
    parse: Parse
    blank: Any = FULL
    header: str = ""
    required: bool = True
    dtype: str = "str"
    nature: str = "text"
    units: tuple[str, ...] = ()
    additive: bool = False
    private: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    certificate: Parse | None = None

    @property
    def chinese(self) -> str:
        """What the planner reads at the head of the column."""
        return self.header or label(self.name)

    def value(self, cell: str) -> Any:
        """Return the value of a cell; ValueError tells the form expected."""
        if cell:
            return self.parse(cell)
        if self.blank is FULL:
            raise Unfit("有内容的单元格", Flaw.MISSING)
        return self.blank


def impersonal(parse: Parse, *kinds: str) -> Parse:
    """Make a reader that takes no personal number: what enters a table may come out in a report.

    >>> impersonal(one_line)("甲店 138 0013 8000")
    Traceback (most recent call last):
    enforce.words.problems.Unfit: 不含手机号的文字（请删去号码；报告里不出现个人信息）
    """

    def read(text: str) -> Any:
        if kind := personal(text, kinds or KINDS):
            raise Unfit(f"不含{kind}的文字（请删去号码；报告里不出现个人信息）", Flaw.PERSONAL)
        return parse(text)

    read.sound = _sound_names
    return read


def _sound_names(texts: Iterable[str]) -> set[str]:
    """Return the texts that are plainly names as they stand: characters, letters, digits, no personal number."""
    return {text for text in texts if _NAME.fullmatch(text) and not personal(text)}


one_line.sound = _sound_names


def identifier(text: str) -> str:
    """Read a number or code given by the bureau, such as P01 or PT-01."""
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError("英文字母、数字、- 和 _ 组成的编号，如 P01")
    return text


def integer(low: int, high: int = 10**9) -> Parse:
    """Make the reader of a whole number between two bounds.

    >>> integer(0)("178.0")
    Traceback (most recent call last):
    ValueError: 0 以上的整数，只写半角数字（不带单位、小数点、正负号和前导零）
    """
    bounds = f"{low} 以上的整数" if high >= 100_000 else f"{low} 到 {high} 的整数"

    def read(text: str) -> int:
        if _INTEGER.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        raise ValueError(f"{bounds}，只写半角数字（不带单位、小数点、正负号和前导零）")

    return read


def half_days(low: float, grain: float = 0.5) -> Parse:
    """Make the reader of days (天、人日) in halves, or in another part of a day.

    >>> half_days(0.5)("1.50"), half_days(0)("0"), half_days(0.25, 0.25)("0.75")
    (1.5, 0.0, 0.75)
    """

    def read(text: str) -> float:
        if _HALVES.fullmatch(text) and float(text) >= low and not float(text) % grain:
            return float(text)
        raise ValueError(f"{low:.12g} 以上、{grain} 的倍数的数，如 0.5、1、1.5")

    return read


def part_of_time(text: str) -> float:
    """Read a share of the working time (在岗比例).

    >>> part_of_time("0.5"), part_of_time("1")
    (0.5, 1.0)
    """
    if _PART.fullmatch(text):
        return float(text)
    raise ValueError("0 到 1 的数，至多四位小数，如 0.5；全职写 1 或空着")


def yes_no(text: str) -> bool:
    """Read 是 or 否."""
    if text in ("是", "否"):
        return text == "是"
    raise ValueError("是 或 否")


yes_no.words = {"是": "是", "否": "否"}


def dated(text: str) -> tuple[str, str]:
    """Read a day with what stands beside it, such as who says so.

    >>> dated("2024-02-03 某平台"), dated("某平台（2024年2月3日）"), dated("2024-02-03")
    (('2024-02-03', '某平台'), ('2024-02-03', '某平台'), ('2024-02-03', ''))
    """
    day = _DAY.search(text)
    if not day:
        raise ValueError("日期和来源，如 2024-03-13 某平台")
    beside = one_line((text[: day.start()] + text[day.end() :]).strip(_BESIDE))
    return real_date(f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"), beside


def since(text: str) -> str:
    """Read 是、否 or the day since when: '' for 否, the first of days for a 是 without one.

    >>> since("是"), since("否"), since("是，2024-03-01起")
    ('0001-01-01', '', '2024-03-01')
    """
    if text in ("是", "否"):
        return "0001-01-01" if text == "是" else ""
    try:
        day, word = dated(text)
    except ValueError:
        day = word = "?"
    if word.strip(_BESIDE) not in ("", "是"):
        raise ValueError("是 或 否，或从哪一天起，如 2024-03-13")
    return day


def one_of(*words: str) -> Parse:
    """Make the reader of one word of a short list."""

    def read(text: str) -> str:
        if text in words:
            return text
        raise ValueError(f"{'、'.join(words)} 之一")

    read.words = {word: word for word in words}
    return read


def listed(words: Mapping[str, str], entry: str) -> Parse:
    """Make the reader of a word that the plan lists, as what it stands for; a wrong one names the nearest.

    >>> listed({"县重点单位": "key_list", "专项检查": "campaign"}, "事项性质")("县重点企业")
    Traceback (most recent call last):
    ValueError: 县重点单位、专项检查 之一；是否想写「县重点单位」？（本局的用语写在计划的「事项性质」）
    """
    meanings = {key(word): meaning for word, meaning in words.items()}

    def read(text: str) -> str:
        if key(text) in meanings:
            return meanings[key(text)]
        raise ValueError(f"{'、'.join(words)} 之一{nearest(text, words)}（本局的用语写在计划的「{entry}」）")

    read.words = words
    return read


def term(kind: type[Term]) -> Parse:
    """Make the reader of a term, by its label or identifier, as its identifier.

    >>> from enforce.words.terms import Tier
    >>> term(Tier)("重点检查")
    'key'
    """

    def read(text: str) -> str:
        try:
            return kind.of(text).value
        except ValueError:
            raise ValueError(f"{'、'.join(member.label for member in kind)} 之一") from None

    read.words = {member.label: member.value for member in kind}
    return read


def many(read_one: Parse) -> Parse:
    """Make the reader of a list with semicolons, nothing twice.

    >>> many(identifier)("PT-01;PT-02")
    ('PT-01', 'PT-02')
    """

    def read(text: str) -> tuple:
        try:
            values = tuple(read_one(part.strip()) for part in re.split("[;；]", text))
        except ValueError as error:
            raise Unfit(f"用分号隔开的清单，每项是{error}", flaw_of(error)) from None
        if len(set(values)) < len(values):
            raise Unfit("用分号隔开、不重复的清单", Flaw.REPEATED)
        return values

    return read


def short_text(text: str) -> str:
    """Read a name of one line inside a list."""
    if not text:
        raise ValueError("有内容的文字")
    return one_line(text, 60)


def periods(text: str) -> tuple[tuple[int, ...], ...]:
    """Read allowed months: commas join one window, a bar parts periods that share the visits evenly.

    >>> periods("1-3,9-11"), periods("5-6|10-11")
    (((1, 2, 3, 9, 10, 11),), ((5, 6), (10, 11)))
    """
    windows = tuple(_window(part) for part in text.translate(_SEPARATORS).replace(" ", "").split("|"))
    months = [month for window in windows for month in window]
    if not all(windows) or months != sorted(set(months)):
        raise ValueError("由小到大、不重复的月份，如 1-3,9-11，也可写 一季度、上半年、全年；分两个时段写 5-6|10-11")
    return windows


def window(text: str) -> tuple[int, ...]:
    """Read months that are taken together.

    >>> window("1-3"), window("8")
    ((1, 2, 3), (8,))
    """
    windows = periods(text)
    if len(windows) > 1:
        raise ValueError("一个窗口的月份，如 8、1-3 或 一季度；分开的各写一行")
    return windows[0]


def _window(text: str) -> tuple[int, ...]:
    """Read the months of one window; () when they cannot be read."""
    spans = [_SPAN.fullmatch(part) for part in text.split(",")]
    if not all(spans):
        return ()
    ends = [(int(span[1]), int(span[2] or span[1])) for span in spans]
    if any(first > last for first, last in ends):
        return ()
    return tuple(month for first, last in ends for month in range(first, last + 1))
