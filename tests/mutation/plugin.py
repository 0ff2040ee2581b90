"""The tests of one mutant: quick ones first, hypothesis with fixed examples and without looking for smaller ones."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings

settings.register_profile("mutation", derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile("mutation")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by the time each took when no fault was in; as they stand where that is not known yet."""
    from mutmut.state import state  # only the environment of the mutants has it

    items.sort(key=lambda item: state().duration_by_test.get(item.nodeid, 0))
