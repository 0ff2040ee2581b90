"""The year a run opened, in its notebooks: the same, unless another plan is asked for or a file was changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from enforce.desk.parcel import PARCEL, read_parcel, write_parcel
from enforce.desk.year import open_year

pytestmark = pytest.mark.slow


@pytest.fixture
def plan(tmp_path, root) -> Path:
    for name in ("params", "data"):
        shutil.copytree(root / name, tmp_path / name)
    return tmp_path / "params" / "putuo-2024.yaml"


@pytest.fixture
def given(plan, tmp_path, monkeypatch):
    """A year as the run read it, in the environment of its notebooks."""
    (tmp_path / "staged").mkdir()
    year = open_year(plan)
    assert not year.findings.empty
    with write_parcel(tmp_path / "staged", year, quarantine=False, scenario="") as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield year


def test_a_notebook_of_the_run_has_the_year_that_the_run_worked_out(given, plan):
    year = open_year(plan)
    assert "findings" in vars(year)
    assert year.findings.equals(given.findings)
    assert year.annex.visits.equals(given.annex.visits)
    assert open_year(str(plan.parent / ".." / "params" / plan.name)).ledger_head == given.ledger_head


@pytest.mark.parametrize("options", [{"quarantine": True}, {"scenario": "七月调出一人"}, {"require_official": True}])
def test_with_other_options_it_reads_for_itself(given, plan, options):
    assert "findings" not in vars(open_year(plan, **options))


def test_a_plan_of_which_a_file_was_changed_or_lost_is_read_anew(given, plan):
    tasks = plan.parent.parent / "data" / plan.stem / "tasks.csv"
    tasks.write_text(
        tasks.read_text(encoding="utf-8-sig").replace("安全生产培训机构专项", "培训机构专项"), encoding="utf-8"
    )
    assert "培训机构专项" in set(open_year(plan).tasks["name"])
    tasks.rename(tasks.with_name("任务.csv"))
    assert "培训机构专项" in set(open_year(plan).tasks["name"])


def test_what_the_run_did_not_write_is_not_opened(given, plan, monkeypatch):
    parcel = Path(os.environ[PARCEL])
    parcel.write_bytes(parcel.read_bytes() + b".")
    assert "findings" not in vars(open_year(plan))


def test_another_plan_is_another(given, plan):
    copy = shutil.copy(plan, plan.with_name("putuo-2024b.yaml"))
    assert read_parcel(copy, quarantine=False, scenario="") is None


def test_nothing_is_left_of_it_when_the_notebooks_are_through(plan, tmp_path, monkeypatch):
    monkeypatch.delenv(PARCEL, raising=False)
    (tmp_path / "staged").mkdir()
    with pytest.raises(ZeroDivisionError), write_parcel(tmp_path / "staged", open_year(plan), scenario=""):
        raise ZeroDivisionError
    assert list((tmp_path / "staged").iterdir()) == []
    assert read_parcel(plan, scenario="") is None
