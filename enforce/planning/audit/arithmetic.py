"""Checks of a text's arithmetic (文本算术): sums, products, tables, shares; each tells the slips of its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from enforce.planning.audit.slips import Slip
from enforce.planning.audit.view import Remark, View, remark, with_unit
from enforce.words.claims import Claim, ClaimRule, Numeral, ShareClaim
from enforce.words.numbers import number_text
from enforce.words.terms import Severity, Sureness

_MOST = 12


def _slip_remarks(view: View, check: str, *rules: ClaimRule) -> Iterator[Remark]:
    for slip in view.slips:
        if slip.claim.rule in rules:
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
        return "名单列出的家数"
    if len(claim.terms) > _MOST:
        return f"{len(claim.terms)} 个数相加"
    text = ""
    for number, factors in claim.terms:
        shown = " × ".join(number_text(view.value(one)) for one in factors)
        if abs(number) != 1:
            shown = f"{number_text(abs(number))} × {shown}"
        text += (" − " if number < 0 else " + ") + shown if text else shown
    sign = {0: "=", 1: "≤", -1: "≥"}[claim.bound]
    return f"{text} {sign} {number_text(view.value(claim.result))}"


def check_text_workings(view: View) -> Iterator[Remark]:
    """A working printed in the text must give the result printed beside it (印出的算式)."""
    return _slip_remarks(view, "text_workings", ClaimRule.WORKING)


def check_text_products(view: View) -> Iterator[Remark]:
    """N 家, each M times, make N × M 家次 (家数乘次数)."""
    return _slip_remarks(view, "text_products", ClaimRule.PRODUCT)


def check_text_groups(view: View) -> Iterator[Remark]:
    """What 其中, 分别 and 合计 list must add up (其中与合计)."""
    return _slip_remarks(view, "text_groups", ClaimRule.GROUP)


def check_text_headings(view: View) -> Iterator[Remark]:
    """The count of a heading is the sum of those one level below (标题与下级)."""
    return _slip_remarks(view, "text_headings", ClaimRule.HEADINGS)


def check_text_tables(view: View) -> Iterator[Remark]:
    """小计 and 合计 of a table, by row and by column, and the line below it (表内合计)."""
    return _slip_remarks(view, "text_tables", ClaimRule.TABLE)


def check_text_balance(view: View) -> Iterator[Remark]:
    """All statutory days less other enforcement and non-enforcement are the inspection days (核算平衡)."""
    return _slip_remarks(view, "text_balance", ClaimRule.BALANCE)


def check_text_same(view: View) -> Iterator[Remark]:
    """One number printed in several places, annexes among them, is the same everywhere (前后一致)."""
    return _slip_remarks(view, "text_same", ClaimRule.SAME)


def check_text_ratios(view: View) -> Iterator[Remark]:
    """A base and a ratio give the number drawn, rounded up or down (基数乘比例)."""
    return _slip_remarks(view, "text_ratios", ClaimRule.RATIO)


def check_text_parts(view: View) -> Iterator[Remark]:
    """A part is no more than its whole (部分与整体)."""
    return _slip_remarks(view, "text_parts", ClaimRule.PART)


def check_text_workdays(view: View) -> Iterator[Remark]:
    """Statutory workdays are those of the year's calendar (法定工作日)."""
    return _slip_remarks(view, "text_workdays", ClaimRule.WORKDAYS)


def check_text_lists(view: View) -> Iterator[Remark]:
    """A list has as many rows as the text says (名单与家数)."""
    return _slip_remarks(view, "text_lists", ClaimRule.LISTED)


def check_text_growth(view: View) -> Iterator[Remark]:
    """A change against last year is that of the two counts (同比)."""
    yield from _slip_remarks(view, "text_growth", ClaimRule.GROWTH)
    yield from _share_remarks(view, "text_growth", ClaimRule.GROWTH)


def check_text_shares(view: View) -> Iterator[Remark]:
    """A share is its count in its base; rounding passes, cutting off is noted, any other is wrong (占比)."""
    return _share_remarks(view, "text_shares", ClaimRule.SHARE)


def check_text_rates(view: View) -> Iterator[Remark]:
    """A rate is what was done in what was to be done (率)."""
    return _share_remarks(view, "text_rates", ClaimRule.RATE)


def _share_remarks(view: View, check: str, rule: ClaimRule) -> Iterator[Remark]:
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
    return share.quantize(Decimal(1).scaleb(min(int(printed.value.as_tuple().exponent), 0)), rounding)


def _right_shares(view: View, claim: ShareClaim, wrong: list[int], shares: list[Decimal], severity: Severity) -> str:
    """Return the right percentages, and what may have happened."""
    base = number_text(view.value(claim.base))
    right = "、".join(
        f"{_rounded(shares[n], claim.parts[n][1])}%（{number_text(view.value(claim.parts[n][0]))}/{base}）"
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


ARITHMETIC_CHECKS: tuple[Callable[[View], Iterator[Remark]], ...] = (
    check_text_workings,
    check_text_products,
    check_text_groups,
    check_text_headings,
    check_text_tables,
    check_text_balance,
    check_text_same,
    check_text_ratios,
    check_text_parts,
    check_text_workdays,
    check_text_lists,
    check_text_growth,
    check_text_shares,
    check_text_rates,
)
