"""A cell (单元格): one value of a table in Chinese, on the screen and in a workbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from numbers import Number

import pandas as pd

from enforce.words import terms
from enforce.words.measures import MEASURE_NAMES
from enforce.words.months import QUARTERS, month_runs
from enforce.words.numbers import largest_remainder, percent, rounded

MISSING = "—"
ZERO = "·"

MONTHS = tuple(f"{month}月" for month in range(1, 13))
YEAR = "全年"

#: Months with their quarters, in the order of annex 1 (附件1): 1月 2月 3月 一季度 4月 ...
MONTHS_AND_QUARTERS = tuple(
    name for quarter, title in enumerate(QUARTERS) for name in (*MONTHS[3 * quarter : 3 * quarter + 3], title)
)

#: Column -> words of its values. A value that is not among them is shown as it stands.
WORDS = {
    "tier": terms.Tier,
    "kind": terms.Kind,
    "selection": terms.Selection,
    "how": terms.Selection,
    "unnamed": terms.Unnamed,
    "apart": terms.Apart,
    "trigger": terms.Trigger,
    "severity": terms.Severity,
    "stage": terms.Stage,
    "status": terms.Status,
    "penalty_basis": terms.Basis,
    "pace": terms.Pace,
    "line": terms.ACCOUNT_LINES,
    "check": terms.CHECK_NAMES | terms.AUDIT_NAMES,
    "inspection_class": terms.InspectionClass,
    "work_kind": terms.OtherKind,
    "filing_state": terms.FilingState,
    "promise_kind": terms.PromiseKind,
    "promise_state": terms.PromiseState,
    "judged_on": terms.JudgedOn,
    "item_type": terms.ItemType,
    "variance": terms.Variance,
    "verdict": terms.CapVerdict,
    "measure": MEASURE_NAMES,
    "half_day": terms.HalfDay,
    "before_half_day": terms.HalfDay,
    "aim": terms.Aim,
    "obstacle": terms.Obstacle,
    "deviation": terms.NotAsArranged,
    "visit_outcome": terms.VisitOutcome,
    "item": terms.OTHER_ENFORCEMENT | terms.NON_ENFORCEMENT,
}

_SHARE_ENDINGS = ("share", "rate", "load", "completion")
_TOTAL_ENDINGS = ("合计", "小计", "总计")
# Control characters but TAB and LF, marks that turn the direction of text, half surrogates, noncharacters.
_UNSAFE_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def is_share(column: str) -> bool:
    """Whether the numbers of a column are shares or rates, 0-1, shown in percent.

    >>> is_share("key_share"), is_share("load"), is_share("overload_days")
    (True, True, False)
    """
    return column.rsplit("_", 1)[-1] in _SHARE_ENDINGS


def is_days(column: str) -> bool:
    """Whether the numbers of a column are days (人日 or 天).

    >>> is_days("capacity_days"), is_days("days_needed"), is_days("visits")
    (True, True, False)
    """
    return "days" in column.split("_")


def is_number(value: object) -> bool:
    """Whether a value is shown as a number; 是 and 否 are words."""
    return isinstance(value, Number) and not isinstance(value, bool) and type(value).__name__ != "bool"


def is_missing(value: object) -> bool:
    """Whether there is no value: None, NaN, NaT, NA, or a rate without a denominator (∞)."""
    if isinstance(value, (str, tuple, list)):
        return False
    return value is None or value is pd.NA or value is pd.NaT or (is_number(value) and not -1e300 < value < 1e300)


def is_total(texts: Iterable[str]) -> bool:
    """Whether the words of a row say that it is a total.

    >>> is_total(["", "重点检查小计"]), is_total(["综合监管"])
    (True, False)
    """
    return any(text.endswith(_TOTAL_ENDINGS) for text in texts)


def percent_shares(parts: Sequence[float]) -> tuple[Decimal, ...]:
    """Return the shares of parts to one decimal of a percent so that they add to exactly 100.0 %.

    Plain rounding where it adds up already. Else largest remainder (最大余数法): each share is cut to one
    decimal, then the missing tenths go one each to the largest remainders; of equal remainders the larger
    part comes first, then the earlier one. Parts all 0 have shares of 0. ValueError on a negative part.

    >>> percent_shares([178, 83])
    (Decimal('0.682'), Decimal('0.318'))
    >>> [percent(share) for share in percent_shares([1, 1, 1])]
    ['33.4%', '33.3%', '33.3%']
    """
    exact = [Fraction(part) for part in parts]
    if any(part < 0 for part in exact):
        raise ValueError("parts must not be negative")
    whole = sum(exact)
    tenths = [part * 1000 / whole if whole else Fraction(0) for part in exact]
    plain = [int(tenth + Fraction(1, 2)) for tenth in tenths]
    if whole and sum(plain) != 1000:
        order = sorted(range(len(parts)), key=lambda n: -exact[n])
        fair = largest_remainder(1000, [exact[n] for n in order])
        plain = [tenth for _, tenth in sorted(zip(order, fair, strict=True))]
    return tuple(Decimal(tenth).scaleb(-3) for tenth in plain)


def cell_text(column: str, value: object) -> str:
    """Return one value of a column in Chinese.

    >>> cell_text("share", 0.682), cell_text("days", 1.5), cell_text("days", 60.0), cell_text("rate", None)
    ('68.2%', '1.5', '60', '—')
    >>> cell_text("tier", "key"), cell_text("is_key", True), cell_text("partners", ("市场监管", "交通运输"))
    ('重点检查', '是', '市场监管、交通运输')
    >>> cell_text("periods", ((5, 6), (10, 11))), cell_text("invited", (("危化科", 0.5), ("法宣科", 0.0)))
    ('5-6月；10-11月', '危化科 0.5人日、法宣科 0人日')
    """
    if is_missing(value):
        return MISSING
    if is_number(value):
        return _number_text(column, value)
    if isinstance(value, (tuple, list)):
        return _tuple_text(column, value)
    if type(value).__name__ in ("bool", "bool_"):
        return "是" if value else "否"
    return visible_text(word(column, value))


def _number_text(column: str, value: float) -> str:
    if column in (*MONTHS, *QUARTERS) and value == 0:
        return ZERO
    if is_share(column):
        return percent(value)
    number = rounded(value, 1 if is_days(column) else 4)
    return f"{number:f}".rstrip("0").rstrip(".") if "." in str(number) else str(number)


def _tuple_text(column: str, values: Sequence) -> str:
    if column == "periods":
        return "；".join(f"{month_runs(months)}月" for months in values)
    if column == "invited":
        return "、".join(f"{team} {_number_text('days', days)}人日" for team, days in values)
    return "、".join(cell_text(column, value) for value in values)


def word(column: str, value: object) -> str:
    """Return the Chinese word of a value, the value itself as text where the column has no words.

    >>> word("line", "reserve_days"), word("team", "危化科")
    ('留有余地', '危化科')
    """
    words = WORDS.get(column, {})
    if isinstance(value, StrEnum) and hasattr(value, "label"):
        return value.label
    if isinstance(words, dict):
        return words.get(value, str(value))
    return next((word.label for word in words if word.value == value), str(value))


def unsafe_characters(text: str) -> tuple[str, ...]:
    """Return the code points that must not reach a reader: control characters, marks that turn text round.

    >>> unsafe_characters("甲\\u202e厂"), unsafe_characters("甲厂")
    (('U+202E',), ())
    """
    return tuple(f"U+{ord(character):04X}" for character in _UNSAFE_CHARACTERS.findall(text))


def visible_text(text: str) -> str:
    """Return the text on one line, with what must not reach a reader replaced by a visible mark."""
    return _UNSAFE_CHARACTERS.sub("\ufffd", text.replace("\r", " ").replace("\n", " ").replace("\t", " "))


def width(text: str) -> int:
    """Return the columns a text takes where a Chinese character takes two.

    >>> width("执法大队 10")
    11
    """
    return len(text) if text.isascii() and text.isprintable() else _known_width(text)


@lru_cache(maxsize=4096)
def _known_width(text: str) -> int:
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
