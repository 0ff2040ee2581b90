"""Two versions of a plan, compared by the command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from enforce.desk.commands.compare import compare
from enforce.desk.standing import Standing, replan
from enforce.desk.year import open_year
from enforce.inputs.versions import Version, version_bytes
from enforce.words.problems import InputError


@pytest.fixture(scope="module")
def july(root: Path) -> Standing:
    return replan(open_year(root / "params/putuo-2024.yaml"), "2024-06-30")


def write(version: Version, folder: Path) -> str:
    path = folder / f"plan-v{version.number}.json"
    path.write_bytes(version_bytes(version))
    return str(path)


def test_two_versions_are_compared_cell_by_cell(july, tmp_path):
    table = compare(write(july.before, tmp_path), write(july.version, tmp_path))
    assert len(table.rows) == len(july.differences) > 0


def test_versions_that_are_not_related_are_not_compare(july, tmp_path):
    older, newer = write(replace(july.before, as_of="2024-01-02"), tmp_path), write(july.version, tmp_path)
    with pytest.raises(InputError, match="ancestors"):
        compare(older, newer)
    with pytest.raises(InputError, match="ancestors"):
        compare(newer, older)
