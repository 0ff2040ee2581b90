"""Checks of a text's arithmetic (文本算术): sums, products, tables, shares; each tells the slips of its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import partial

from enforce.planning.audit.slips import Slip
from enforce.planning.audit.view import Remark, View, remark, with_unit
from enforce.words.claims import Claim, ClaimRule, Numeral, ShareClaim, last_place
from enforce.words.numbers import number_text
from enforce.words.terms import Severity, Sureness

_MOST = 12


def check_slips(view: View, check: str, rule: ClaimRule) -> Iterator[Remark]:
    """Figures that contradict others by one rule: one finding for one slip, at its root."""
    wrong = {claim.parts[n][1] for claim in view.case.shares for n in claim.wrong(view.values)}
    for slip in view.slips:
        if slip.claim.rule is rule and not wrong & {*slip.claim.figures}:
            severity = Severity.ERROR if slip.claim.sure or slip.mended > 1 else Severity.DOUBT
            sure = Sureness.CERTAIN if slip.mended > 1 else Sureness.LIKELY
            yield remark(check, severity, slip.figure, (slip.figure.printed, _right_number(view, slip)), sure)


def _right_number(view: View, slip: Slip) -> str:
    """Return the right number with what gives it."""
    claim, figure = slip.claim, slip.figure
    bound = ("不大于 " if claim.bound < 0 else "不小于 ") if claim.bound and figure is claim.result else ""
    scale = "（少写或多写了“万”）" if slip.value and figure.value / slip.value in (10_000, Decimal("0.0001")) else ""
    return f"{bound}{with_unit(slip.value, figure)}（{_working(claim, view)}）{scale}"


def _working(claim: Claim, view: View) -> str:
    """Return the terms of a claim as they should be, with their result."""
    if claim.rule is ClaimRule.WORKDAYS:
        return "当年日历的工作日"
    if claim.rule is ClaimRule.LISTED:
        return "所列的个数"
    if len(claim.terms) > _MOST:
        return f"{len(claim.terms)} 个数相加"
    text = ""
    for number, factors in claim.terms:
        shown = " × ".join(number_text(view.value(one)) for one in factors)
        if abs(number) != 1:
            shown = f"{number_text(abs(number))} × {shown}"
        text += (" − " if number < 0 else " + ") + shown if text else shown
    if claim.rule is ClaimRule.SAME:
        return f"另一处印作 {claim.terms[0][1][0].printed}"
    text += f" ÷ {number_text(view.value(claim.by))}" if claim.by else ""
    return f"各部分 {text}" if claim.bound else f"{text} = {number_text(view.value(claim.result))}"


def check_percentages(view: View, check: str, rule: ClaimRule) -> Iterator[Remark]:
    """Percentages that are not their count in their base: rounding passes, cutting off is noted, any other is wrong."""
    for claim in view.case.shares:
        if claim.rule is rule and (wrong := claim.wrong(view.values)):
            shares = claim.shares(view.values)
            cut_off = [
                n for n in wrong if _rounded(shares[n], claim.parts[n][1], ROUND_DOWN) == claim.parts[n][1].value
            ]
            severity = Severity.NOTE if cut_off == wrong else Severity.ERROR
            first = claim.parts[wrong[0]][1]
            printed = "、".join(claim.parts[n][1].printed for n in wrong)
            yield remark(check, severity, first, (printed, _right_shares(view, claim, wrong, shares, severity)))


def _rounded(share: Decimal, printed: Numeral, rounding: str = ROUND_HALF_UP) -> Decimal:
    return share.quantize(last_place(printed.value), rounding)


def _right_shares(view: View, claim: ShareClaim, wrong: list[int], shares: list[Decimal], severity: Severity) -> str:
    """Return the right percentages, and what may have happened."""
    base = number_text(view.value(claim.base) - claim.change)
    right = "、".join(
        f"{_rounded(shares[n], claim.parts[n][1]):f}%（{number_text(view.value(claim.parts[n][0]))}/{base}）"
        for n in wrong
    )
    if severity is Severity.NOTE:
        return f"{right}；印的是截去尾数，不是四舍五入"
    whole = len(claim.parts) > 1 and sum(percent.value for _, percent in claim.parts) == 100
    count, percent = claim.parts[wrong[0]]
    other = next(
        (
            one
            for one in claim.others
            if one.value and _rounded(count.value * 100 / one.value, percent) == percent.value
        ),
        None,
    )
    return right + ("；各项相加仍为100%" if whole else "") + (f"；像是以{other.printed}为分母" if other else "")


#: Each check of arithmetic: the function, its name for planners (AUDIT_NAMES), the rule it holds a text to.
ARITHMETIC_CHECKS: tuple[Callable[[View], Iterator[Remark]], ...] = (
    partial(check_slips, check="text_workings", rule=ClaimRule.WORKING),
    partial(check_slips, check="text_products", rule=ClaimRule.PRODUCT),
    partial(check_slips, check="text_groups", rule=ClaimRule.GROUP),
    partial(check_slips, check="text_headings", rule=ClaimRule.HEADINGS),
    partial(check_slips, check="text_tables", rule=ClaimRule.TABLE),
    partial(check_slips, check="text_balance", rule=ClaimRule.BALANCE),
    partial(check_slips, check="text_same", rule=ClaimRule.SAME),
    partial(check_slips, check="text_ratios", rule=ClaimRule.RATIO),
    partial(check_slips, check="text_parts", rule=ClaimRule.PART),
    partial(check_slips, check="text_workdays", rule=ClaimRule.WORKDAYS),
    partial(check_slips, check="text_lists", rule=ClaimRule.LISTED),
    partial(check_slips, check="text_growth", rule=ClaimRule.GROWTH),
    partial(check_percentages, check="text_growth", rule=ClaimRule.GROWTH),
    partial(check_percentages, check="text_shares", rule=ClaimRule.SHARE),
    partial(check_percentages, check="text_rates", rule=ClaimRule.RATE),
)
