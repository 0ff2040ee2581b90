"""Shared by the planning tests: the demo plan, read once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enforce.desk.year import Year


@pytest.fixture(scope="session")
def demo(year: Year) -> Year:
    """The demo plan of Putuo 2024 as if it had been approved before its year: all of it is to be planned."""
    return replace(year, plan=year.plan.model_copy(update={"approval": (), "approved_on": "2023-12-31"}), versions=())
