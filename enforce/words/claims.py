"""Claims (文中的算式): what a text prints as figures, and what these figures have to do with each other.

A figure is one printed number at its place. A claim ties figures together: a result that is the sum of products of
others, a share of a base, a part that is no more than its whole. Nothing here knows a file or judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import prod

PERCENT = "%"


@dataclass(frozen=True)
class Block:
    """A paragraph or a cell: its file and place in words, its text as it stands.

    `level` is that of a heading by its style or mark (0: none); `table` counts the tables of a file from 1 (0: none),
    `row` and `column` the cell in it from 0; `number` counts the paragraphs of a Word file from 1 (0: none).
    """

    file: str
    place: str
    text: str
    level: int = 0
    table: int = 0
    row: int = -1
    column: int = -1
    number: int = 0


@dataclass(frozen=True, eq=False)
class Numeral:
    """One printed number: value, unit ('' without one), as printed, the passage and the sentence it stands in.

    `start` and `end` are its place in the plain text of the passage, `exact` whether it stands without 约, 不少于 and
    the like; a `fixed` one is not printed but known, such as the workdays of a year.
    """

    value: Decimal
    unit: str
    printed: str
    passage: Block
    sentence: str
    start: int = 0
    end: int = 0
    exact: bool = True
    fixed: bool = False


#: What a term is made of: a number before it and the figures that are multiplied.
Term = tuple[Decimal, tuple[Numeral, ...]]
Values = Mapping[Numeral, Decimal]


class ClaimRule(StrEnum):
    """The rules of arithmetic a text is held to; in this order where several name one slip."""

    WORKING = "working"  # 印出的算式
    PRODUCT = "product"  # N 家，每家 M 次，合计 K 家次
    GROUP = "group"  # 其中、合计
    HEADINGS = "headings"  # 标题括号里的数与下一级
    TABLE = "table"  # 表里的小计、合计
    BALANCE = "balance"  # 总 − 其他 − 非执法
    SAME = "same"  # 同一个数印了几处
    GROWTH = "growth"  # 同比
    RATIO = "ratio"  # 基数 × 比例 × 频次
    SHARE = "share"  # 占比
    RATE = "rate"  # 率
    WORKDAYS = "workdays"  # 法定工作日
    PART = "part"  # 部分不大于整体
    LISTED = "listed"  # 名单与家数


@dataclass(frozen=True, eq=False)
class Claim:
    """A result and the terms that give it: a sum of products.

    `bound` is -1 where the result may be less and 1 where it may be more; `slack` how far off it may be (rounding of
    the printed terms); `by` what the terms are divided by; `sure` False where the text may mean something else.
    """

    rule: ClaimRule
    result: Numeral
    terms: tuple[Term, ...]
    bound: int = 0
    slack: Decimal = Decimal(0)
    sure: bool = True
    by: Numeral | None = None

    @property
    def figures(self) -> tuple[Numeral, ...]:
        """Every figure of the claim, the result first."""
        terms = (figure for _, factors in self.terms for figure in factors)
        return (self.result, *terms, *((self.by,) if self.by else ()))

    def value(self, values: Values) -> Decimal:
        """Return what the terms give."""
        whole = sum((_product(term, values) for term in self.terms), start=Decimal(0))
        return whole / (values.get(self.by, self.by.value) or Decimal("NaN")) if self.by else whole

    def holds(self, values: Values) -> bool:
        """Whether the result is what the terms give."""
        gap = values.get(self.result, self.result.value) - self.value(values)
        return abs(gap) <= self.slack or gap * self.bound > 0

    def solved(self, figure: Numeral, values: Values) -> Decimal | None:
        """Return what one figure would have to be; None where nothing or no whole number would do."""
        if figure is self.result:
            answer = self.value(values)
            if self.by:
                return answer.quantize(last_place(figure.value), ROUND_HALF_UP)
            return answer.quantize(Decimal(1), ROUND_HALF_UP) if self.slack >= Decimal("0.9") else answer
        result = values.get(self.result, self.result.value)
        if self.slack >= Decimal("0.9") or figure is self.by:
            return None
        if self.by:
            whole = result * values.get(self.by, self.by.value) / self.terms[0][0]
            return whole if whole == whole.to_integral_value() else None
        others, factor = result, Decimal(0)
        for number, factors in self.terms:
            if figure in factors:
                factor += _product((number, tuple(one for one in factors if one is not figure)), values)
            else:
                others -= _product((number, factors), values)
        if not factor or (answer := others / factor) < 0:
            return None
        places = min(figure.value.as_tuple().exponent, result.as_tuple().exponent, 0)
        return answer if answer == answer.quantize(Decimal(1).scaleb(places)) else None


def _product(term: Term, values: Values) -> Decimal:
    return prod((values.get(one, one.value) for one in term[1]), start=term[0])


def added(figures: Iterable[Numeral]) -> tuple[Term, ...]:
    """Return the terms of a plain sum."""
    return tuple((Decimal(1), (figure,)) for figure in figures)


def last_place(value: Decimal) -> Decimal:
    """Return one in the last place a number is printed with; a fraction in words (三分之一) is as good as a whole one.

    >>> [f"{last_place(Decimal(one))}" for one in ("68.2", "33", "4E1")], f"{last_place(Decimal(100) / 3)}"
    (['0.1', '1', '1E+1'], '1')
    """
    places = int(value.as_tuple().exponent)
    return Decimal(1).scaleb(places) if places > -9 else Decimal(1)


def mean_claim(
    mean: Numeral, whole: Numeral, by: Numeral, scale: Decimal = Decimal(1), rule: ClaimRule = ClaimRule.PRODUCT
) -> Claim:
    """Return that a rounded mean is a whole divided by a count."""
    return Claim(rule, mean, ((scale, (whole,)),), slack=last_place(mean.value) / 2, by=by)


def close(printed: Decimal, value: Decimal) -> bool:
    """Whether a number is another with one digit wrong, missing, too many, or two exchanged.

    >>> [close(Decimal(a), Decimal(b)) for a, b in ((2649, 2469), (24, 248), (178, 168), (60, 140))]
    [True, True, True, False]
    """
    places = max(-int(one.normalize().as_tuple().exponent) for one in (printed, value, Decimal(1)))
    a, b = (f"{one.scaleb(max(places, 0)).normalize():f}" for one in (printed, value))
    if len(a) > len(b):
        a, b = b, a
    if len(a) == len(b):
        wrong = [n for n, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
        return len(wrong) == 1 or (
            len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
        )
    return len(b) == len(a) + 1 and any(b[:n] + b[n + 1 :] == a for n in range(len(b)))


@dataclass(frozen=True, eq=False)
class ShareClaim:
    """Percentages of counts in one base: 178家次（占比68.2%）; a change against last year has the rule GROWTH.

    `parts` are counts with their percent, `others` what else the base may have been taken for; `down` says that the
    printed change is a fall; under the name 增减 the parts are the changes themselves, and where the base is this
    year's count, `change` is what it has gained; with a `bound` of 1 the percentages are only not to be below.
    """

    rule: ClaimRule
    base: Numeral
    parts: tuple[tuple[Numeral, Numeral], ...]
    name: str = ""
    down: bool = False
    others: tuple[Numeral, ...] = ()
    bound: int = 0
    change: Decimal = Decimal(0)

    @property
    def figures(self) -> tuple[Numeral, ...]:
        """Every count of the claim, the base first; percentages follow from them."""
        return (self.base, *(count for count, _ in self.parts))

    def shares(self, values: Values) -> list[Decimal]:
        """Return the percentages as they should be; none where nothing is in the base."""
        base = values.get(self.base, self.base.value) - self.change
        if not base:
            return []
        shares = [values.get(count, count.value) * 100 / base for count, _ in self.parts]
        if self.rule is ClaimRule.GROWTH and not self.name:
            return [100 - share if self.down else share - 100 for share in shares]
        return shares

    def wrong(self, values: Values) -> list[int]:
        """Return which of the percentages are wrong: not rounded, nor put up or down so that all add up to 100."""
        shares, printed = self.shares(values), [percent.value for _, percent in self.parts]
        units = [*map(last_place, printed)]
        gaps = [abs(share - one) for share, one in zip(shares, printed, strict=False)]
        whole = sum(values.get(count, count.value) for count, _ in self.parts) == values.get(self.base, self.base.value)
        if sum(printed) == 100 and whole and all(gap < unit for gap, unit in zip(gaps, units, strict=False)):
            return []
        wrong = [n for n, (gap, unit) in enumerate(zip(gaps, units, strict=False)) if gap > unit / 2]
        return [n for n in wrong if not self.bound or shares[n] < printed[n]]

    def holds(self, values: Values) -> bool:
        """Whether every percentage is right."""
        return not self.wrong(values)


@dataclass(frozen=True, eq=False)
class Mention:
    """Something a text says that is no sum: its kind, the sentence, the figures and words it is judged by."""

    kind: str
    passage: Block
    sentence: str
    figures: tuple[Numeral, ...] = ()
    words: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    printed: str = ""


@dataclass(frozen=True, eq=False)
class TextCase:
    """One plan as it is printed, in one file or several: claims, shares, mentions, and what is known from elsewhere.

    `year` is that of the plan (0: not printed), `dated` the ISO day of the document ('': none); `workdays` are ISO days
    of the year that are workdays, empty where the calendar is not known; `bases` are known legal bases by title.
    """

    claims: Sequence[Claim] = ()
    shares: Sequence[ShareClaim] = ()
    mentions: Sequence[Mention] = ()
    year: int = 0
    dated: str = ""
    workdays: Sequence[str] = ()
    bases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
