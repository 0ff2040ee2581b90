"""The audit (文本审核): a visible tuple of functions, a plan as printed -> findings; one finding for one slip.

Arithmetic is judged once for all (slips.py): each check of it tells the slips of its rule, and what follows from a slip
is not told again. The others judge what a text mentions, by the figures as they should be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from enforce.planning.audit.arithmetic import ARITHMETIC_CHECKS
from enforce.planning.audit.sense import SENSE_CHECKS
from enforce.planning.audit.view import Remark, View
from enforce.words.claims import TextCase
from enforce.words.terms import Severity

__all__ = ["TEXT_CHECKS", "Remark", "remarks"]

TEXT_CHECKS: tuple[Callable[[View], Iterator[Remark]], ...] = ARITHMETIC_CHECKS + SENSE_CHECKS


def remarks(case: TextCase) -> list[Remark]:
    """Return what the checks have to say of a plan as printed, what must be put right first."""
    view = View.of(case)
    every = [remark for check in TEXT_CHECKS for remark in check(view)]
    place = {severity: n for n, severity in enumerate(Severity)}
    return sorted(dict.fromkeys(every), key=lambda one: place[one.severity])
