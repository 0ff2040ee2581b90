"""Slips (笔误): which printed figures are wrong, found where claims contradict each other; one for one slip.

A figure is blamed that makes most broken claims whole and breaks fewest; what follows from it is not told again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from enforce.words.claims import Claim, ClaimRule, Numeral, ShareClaim, Values, close

_TELLING = 100  # a number of three figures that is printed elsewhere is hardly so by chance
_ORDER = {rule: n for n, rule in enumerate(ClaimRule)}


@dataclass(frozen=True, eq=False)
class Slip:
    """A figure that is wrong, what it should be, and the claim that shows it; `mended` how many claims it mends."""

    figure: Numeral
    value: Decimal
    claim: Claim
    mended: int


def slips(claims: Sequence[Claim], shares: Sequence[ShareClaim] = ()) -> list[Slip]:
    """Return the slips that make the claims contradict each other, the surest first; shares bear out which it is.

    >>> from enforce.words.claims import Block, added
    >>> a, b, c = (Numeral(Decimal(n), "家次", f"{n}家次", Block("", "", ""), "") for n in (60, 38, 99))
    >>> [(one.figure.printed, one.value) for one in slips([Claim(ClaimRule.GROUP, c, added((a, b)))])]
    [('99家次', Decimal('98'))]
    """
    plain = [claim for claim in claims if not any(one.fixed for one in claim.figures)]
    of_figure: dict[Numeral, list[Claim | ShareClaim]] = defaultdict(list)
    for claim in (*claims, *shares):
        for figure in claim.figures:
            of_figure[figure].append(claim)
    values: dict[Numeral, Decimal] = {}
    roots: list[Slip] = []
    broken = [claim for claim in plain if not claim.holds(values)]
    while broken:
        best = max(_possible_slips(broken, of_figure, values), key=lambda one: one[0], default=None)
        if best is None:
            break
        _, slip = best
        roots.append(slip)
        values[slip.figure] = slip.value
        broken = [claim for claim in broken if claim is not slip.claim and not claim.holds(values)]
    return roots + list(_against_known(claims, roots, values))


def _possible_slips(
    broken: Sequence[Claim], of_figure: dict[Numeral, list[Claim | ShareClaim]], values: dict[Numeral, Decimal]
) -> Iterator[tuple[tuple, Slip]]:
    """Yield every figure that could be wrong with what it would have to be, and how well that does."""
    seen: set[tuple[Numeral, Decimal]] = set()
    printed = {one.value for one in of_figure}
    for claim in sorted(broken, key=lambda one: (not one.sure, _ORDER[one.rule])):
        for place, figure, value in _proposals(claim, of_figure, values):
            if value is None or figure in values or (figure, value) in seen:
                continue
            seen.add((figure, value))
            ours = of_figure[figure]
            before = {one: one.holds(values) for one in ours}
            after = {**values, figure: value}
            mended = sum(not before[one] and one.holds(after) for one in ours)
            spoiled = sum(before[one] and not one.holds(after) for one in ours)
            elsewhere = value >= _TELLING and value in printed and close(figure.value, value)
            rank = (mended - spoiled, -spoiled, claim.sure, elsewhere, -_ORDER[claim.rule], -place)
            yield rank, Slip(figure, value, claim, mended)


def _proposals(
    claim: Claim, of_figure: dict[Numeral, list[Claim | ShareClaim]], values: dict[Numeral, Decimal]
) -> Iterator[tuple[int, Numeral, Decimal | None]]:
    """Yield each figure of a claim with what would mend the claim, and what a share printed of it asks for."""
    for place, figure in enumerate(claim.figures):
        yield place, figure, claim.solved(figure, values)
        for share in of_figure[figure]:
            if isinstance(share, ShareClaim) and share.rule is not ClaimRule.GROWTH and not share.holds(values):
                base = values.get(share.base, share.base.value)
                asked = next((percent.value * base / 100 for count, percent in share.parts if count is figure), None)
                yield place, figure, None if asked is None else asked.to_integral_value(ROUND_HALF_UP)


def _against_known(claims: Iterable[Claim], roots: Sequence[Slip], values: Values) -> Iterator[Slip]:
    """Yield figures that differ from what is known (the workdays of a year, a with_unit list), once each."""
    blamed = {slip.figure for slip in roots}
    for claim in claims:
        figure = next((one for one in claim.figures if not one.fixed), None)
        if any(one.fixed for one in claim.figures) and figure and figure not in blamed and not claim.holds(values):
            blamed.add(figure)
            yield Slip(figure, claim.solved(figure, values) or Decimal(0), claim, 1)
