"""Shared by the tests of runs: the report of a county that nothing else ran beside."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from enforce.desk.run import batch
from enforce.papers.report.folder import listing
from tests.bureaus import bare_project, write_county


@pytest.fixture(scope="session")
def county(once) -> SimpleNamespace:
    """The plan of a county, which nobody changes, and every file of its report when it runs alone, two folders deep in
    the project."""

    def make(place: Path) -> None:
        place.mkdir()
        batch.run(write_county(bare_project(place)), out=place / "单/yunxi-2025")

    project = once("county", make)
    return SimpleNamespace(plan=project / "params/yunxi-2025.yaml", files=content(project / "单/yunxi-2025"))


def content(report: Path) -> dict[str, bytes]:
    """Every file of a report."""
    return {name: (report / name).read_bytes() for name in listing(report)}
