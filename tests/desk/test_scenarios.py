"""The scenario book: saved whole, never over another in silence, and the same numbers by library and batch."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from enforce.desk.scenarios import load, load_all, save
from enforce.desk.year import open_year, under
from enforce.inputs.parameters.scenario import Scenario, scenario_names
from enforce.papers.report import folder as report_folder
from enforce.words.files import NameTaken, OutputError
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

LEAVING = Scenario(
    note="七月调出一人，危化专项增到 16 家次",
    officers=[{"team": "执法大队", "from_month": 7, "change": -1}],
    lines=[{"task_id": "P06", "planned_visits": 12}],
    reserve_share=0.05,
)


@pytest.fixture
def year(root, tmp_path):
    """The demo plan with its files, free to be changed."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "params/scenarios")
    return open_year(tmp_path / "params/putuo-2024.yaml")


def test_a_scenario_saved_is_opened_with_the_plan(year):
    path = save(year, LEAVING, "七月调出一人")
    opened = open_year(year.plan.path, scenario="七月调出一人")
    assert path == year.plan.folder / "scenarios/putuo-2024/七月调出一人.yaml"
    assert path in opened.inputs
    assert opened.scenario.name == "七月调出一人"
    assert opened.need.equals(under(year, LEAVING).need)
    assert not opened.need.equals(year.need)
    assert opened.mark == "情景测算「七月调出一人」，未经批准"
    assert year.mark == ""


def by_month(year, team):
    rows = year.capacity[year.capacity["team"] == team].sort_values("month")
    return rows["capacity_days"].tolist()


def test_officers_who_leave_in_july_take_no_day_from_the_months_before(year):
    leaving = Scenario(officers=[{"team": "执法大队", "from_month": 7, "change": -1}])
    before, after = by_month(year, "执法大队"), by_month(under(year, leaving), "执法大队")
    assert after[:6] == before[:6]
    assert all(now < was for now, was in zip(after[6:], before[6:], strict=True))
    account = under(year, leaving).account
    days = account.query("team == '执法大队' and line == 'capacity_days' and item == ''")["days"].item()
    assert sum(after) == days


def test_officers_who_come_in_july_give_no_day_to_the_months_before(year):
    coming = Scenario(officers=[{"team": "危化科", "from_month": 7, "change": 1}])
    assert by_month(under(year, coming), "危化科")[:6] == by_month(year, "危化科")[:6]
    assert by_month(under(year, coming), "执法大队") == by_month(year, "执法大队")


def test_the_file_says_what_it_is_and_only_what_differs(year):
    text = save(year, LEAVING, "七月调出一人").read_text(encoding="utf-8")
    assert text.startswith("# 情景：七月调出一人\n# 计划：putuo-2024")
    assert "approved_on" not in text


def test_the_problems_of_a_scenario_are_told_with_those_of_the_other_files(year):
    path = save(year, LEAVING, "甲")
    path.write_text("reserve_share: 15\n", encoding="utf-8")
    rules = year.plan.rules_folder / "visits.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("status: assumed", "status: certain", 1), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        open_year(year.plan.path, scenario="甲")
    assert {Path(problem.file).name for problem in caught.value.problems} == {"visits.yaml", "甲.yaml"}


def test_a_name_is_never_taken_in_silence_whatever_its_case(year):
    path = save(year, LEAVING, "A1")
    before = path.read_bytes()
    for name in ("A1", "a1"):
        with pytest.raises(NameTaken, match="已有情景「A1」"):
            save(year, Scenario(reserve_share=0.3), name)
    assert path.read_bytes() == before
    with pytest.raises(NameTaken):
        save(year, Scenario(reserve_share=0.3), "a1", instead=True)
    save(year, Scenario(reserve_share=0.3), "A1", instead=True)
    assert load(year, "A1").reserve_share == 0.3
    assert scenario_names(year.plan) == ["A1"]


def test_a_name_that_another_tab_takes_meanwhile_is_not_taken_again(year, monkeypatch):
    save(year, LEAVING, "甲")
    monkeypatch.setattr("enforce.desk.scenarios.scenario_names", lambda plan: [])
    with pytest.raises(NameTaken):
        save(year, Scenario(), "甲")
    assert load(year, "甲").reserve_share == LEAVING.reserve_share


def test_what_cannot_be_written_leaves_no_file_behind(year, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="磁盘已满"):
        save(year, LEAVING, "甲")
    assert report_folder.listing(year.plan.folder / "scenarios") == []


def test_a_scenario_the_plan_has_no_place_for_is_not_saved(year):
    with pytest.raises(InputError, match="P99"):
        save(year, Scenario(lines=[{"task_id": "P99"}]), "甲")
    assert scenario_names(year.plan) == []


def test_at_most_six_are_compared_and_the_plan_itself_is_left_alone(year):
    for n in range(7):
        save(year, Scenario(reserve_share=n / 100), f"余地{n}")
    scenarios = load_all(year, [f"余地{n}" for n in range(6)])
    assert [scenario.reserve_share for scenario in scenarios.values()] == [n / 100 for n in range(6)]
    with pytest.raises(InputError, match="至多 6 个"):
        load_all(year, scenario_names(year.plan))
    assert year.plan.reserve_share == 0.1
