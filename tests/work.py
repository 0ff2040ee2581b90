"""How much work: examples drawn and calls made, counted, so the same on a busy machine and on a quiet one."""

from __future__ import annotations

import sys
from collections.abc import Callable

from hypothesis import HealthCheck, settings


def calls(function: Callable[[], object]) -> int:
    """How many functions, Python's and C's, are called until this one returns."""
    count = 0

    def count_one(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_one)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def trials(count: int, *checks: HealthCheck) -> settings:
    """So many examples in a thorough run, on a machine however slow; as many fewer in others as their profile has."""
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, *checks]
    return settings(max_examples=max(count * settings.default.max_examples // 100, 1), suppress_health_check=slow)
