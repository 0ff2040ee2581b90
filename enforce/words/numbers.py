"""Counting without loss: half-days, largest remainder, rounding (计数).

家, 家次, 入企次数, 检查记录 and 人日 are different counts and are never added to each other; see `terms.LABELS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import isnan
from typing import TYPE_CHECKING

from enforce.words.terms import Term

if TYPE_CHECKING:
    import pandas as pd

HALVES = 2  # half-days in a day: the grain of every officer-day (人日)
COMFORTABLE_LOAD = 0.85  # 宽松负荷, unless a plan says otherwise: below it evenness is worth more than a lower peak


def halves(days: float) -> int:
    """Return days as whole half-days (半日); ValueError when it is not a multiple of half a day.

    >>> halves(1.5)
    3
    """
    whole = round(days * HALVES)
    if whole != days * HALVES:
        raise ValueError(f"{days} 不是半日的整数倍")
    return whole


def largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split `total` in proportion to whole or fractional weights, exactly; ties go to the earlier place (最大余数法).

    ValueError when there is something to split and every weight is zero.

    >>> largest_remainder(261, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22])
    [23, 18, 22, 23, 22, 20, 24, 23, 22, 19, 22, 23]
    """
    whole = sum(weights)
    if not whole:
        if total:
            raise ValueError("权重全为零，无法分摊")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def rounded(value: float | Decimal, places: int = 0) -> Decimal:
    """Return a number rounded half up, as a planner does on paper (四舍五入); floats by their shortest decimal form.

    >>> rounded(2.5), rounded(0.285, 2), round(2.5), round(0.285, 2)
    (Decimal('3'), Decimal('0.29'), 2, 0.28)
    """
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number_text(number: Decimal) -> str:
    """Return a number in full: no exponent, no needless zero.

    >>> number_text(Decimal("59.30")), number_text(Decimal(1234567)), number_text(Decimal("-0.5"))
    ('59.3', '1234567', '-0.5')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_percent(share: float) -> float:
    """Return a share in percent to one decimal, halves up.

    >>> in_percent(5 / 80), round(5 / 80 * 100, 1)
    (6.3, 6.2)
    """
    return float(rounded(Decimal(str(float(share))) * 100, 1))


def percent(share: float) -> str:
    """Return a share as a planner reads it; — where nothing is in the denominator.

    >>> percent(178 / 261), percent(0.3335), percent(float("nan"))
    ('68.2%', '33.4%', '—')
    """
    return "—" if isnan(share) else f"{in_percent(share):.1f}%"


def in_order(table: pd.DataFrame, column: str, words: type[Term] | Sequence[str]) -> pd.DataFrame:
    """Return the table with its rows in the order of the words, e.g. key tier before general."""
    place = {str(word): n for n, word in enumerate(words)}
    return table.sort_values(column, key=lambda texts: texts.map(place), kind="stable", ignore_index=True)
