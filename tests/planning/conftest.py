"""Shared by the planning tests: the demo plan, read once."""

from __future__ import annotations

import pytest

from enforce.desk.year import Year


@pytest.fixture(scope="session")
def demo(year: Year) -> Year:
    """The demo plan of Putuo 2024."""
    return year
