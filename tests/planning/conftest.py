"""Shared by the planning tests: the demo plan, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforce.desk.year import Year, open_year


@pytest.fixture(scope="session")
def demo(root: Path) -> Year:
    """The demo plan of Putuo 2024."""
    return open_year(root / "params/putuo-2024.yaml")
