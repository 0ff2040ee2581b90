"""Units that have closed: neither drawn nor counted, and what falls away is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from enforce.desk.standing import month as month_of
from enforce.desk.standing import replan
from enforce.desk.summary import summary
from enforce.desk.year import Year, open_year
from enforce.inputs.versions import version_bytes
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

JULY = "2024-06-30"


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, free to be changed."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path / "params/putuo-2024.yaml"


@pytest.fixture(scope="module")
def before(root: Path) -> Year:
    return open_year(root / "params/putuo-2024.yaml")


def close(plan: Path, states: dict[str, str], heading: str = "经营状态") -> None:
    """Write the state of some units into the register, 在营 for all others."""
    path = plan.parents[1] / "data/putuo-2024/units.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    told = [f"{row},{states.get(row.split(',')[0], '在营')}" for row in rows]
    path.write_text("\n".join([f"{head},{heading}", *told]) + "\n", encoding="utf-8-sig")


def not_visited(year: Year, task: str, count: int, until: str = JULY) -> list[str]:
    """So many key units of a task that were not visited up to a day."""
    records = year.tables.records
    seen = set(records.loc[records["date"] <= until, "unit_id"])
    mine = year.units[year.units["is_key"] & (year.units["covered_by"] == task)]
    return sorted(set(mine["unit_id"]) - seen)[:count]


def of(year: Year, hazard: str) -> list[str]:
    return year.units.loc[year.units["hazards"].map(lambda flags: hazard in flags), "unit_id"].tolist()


# --- reading --------------------------------------------------------------------------------------------------------


def test_a_register_without_the_column_is_as_before(before):
    assert set(before.units["state"]) == {""}
    assert before.lost(before.tables.records).empty


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("停业", "paused"),
        ("已停产", "paused"),
        ("注销", "gone"),
        ("吊销，未注销", "gone"),
        ("迁出", "moved"),
        ("关停", "shut"),
    ],
)
def test_a_state_is_read_in_planners_words(plan, before, written, state):
    unit = before.units["unit_id"].iloc[0]
    close(plan, {unit: f'"{written}"'}, "登记状态")
    assert open_year(plan).units.set_index("unit_id")["state"].value_counts().to_dict() == {"open": 649, state: 1}


@pytest.mark.parametrize("word", ["未注销", "不正常", "非正常", "筹建", "清算中"])
def test_a_state_nobody_knows_is_refused_with_row_and_column(plan, before, word):
    close(plan, {before.units["unit_id"].iloc[2]: word})
    with pytest.raises(InputError) as caught:
        open_year(plan)
    (problem,) = caught.value.problems
    assert problem.where == "第 4 行「经营状态」"
    assert problem.found == word
    assert "停业" in problem.expected


# --- counting -------------------------------------------------------------------------------------------------------


def test_closed_units_are_in_no_pool_and_on_no_list(plan, before):
    gone = not_visited(before, "P01", 3, "2024-12-31") + not_visited(before, "P01", 2)
    close(plan, dict.fromkeys(gone, "注销"))
    year = open_year(plan)
    key = len(set(gone))
    assert year.key_coverage.set_index("task_id")["units"].to_dict() == {"P01": 60 - key, "P02": 10}
    was, now = (y.pools.set_index("task_id")["eligible_units"] for y in (before, year))
    assert now["P01"] == was["P01"] - key
    assert now["P09"] == was["P09"]


def test_a_task_whose_units_have_closed_is_found(plan, before):
    close(plan, dict.fromkeys(of(before, "安全培训机构")[:2], "停业"))
    year = open_year(plan)
    found = year.findings[(year.findings["check"] == "pools") & (year.findings["severity"] == "error")]
    assert found[["where", "figure", "limit"]].values.tolist() == [["P09 安全生产培训机构专项", "4 家", "6 家"]]


def test_a_key_unit_that_closed_unvisited_is_off_todays_list_alone_and_one_visited_before_still_counts(plan, before):
    missed = summary(before).not_covered["unit_id"].tolist()
    seen = before.units.loc[before.units["is_key"] & ~before.units["unit_id"].isin(missed), "unit_id"].iloc[0]
    close(plan, {missed[0]: "注销", seen: "停业"})
    end = summary(open_year(plan))
    assert len(missed) == 1
    assert end.not_covered["unit_id"].tolist() == missed  # of the list as it was frozen
    shares = end.coverage.set_index("scope")[["numerator", "denominator"]]
    assert shares.loc["到过的区重点单位 ÷ 定版的名单"].tolist() == [69, 70]
    assert shares.loc["到过的区重点单位 ÷ 现在的名单"].tolist() == [69, 69]


# --- planning on ----------------------------------------------------------------------------------------------------


def test_visits_of_closed_key_units_fall_away_as_forced_changes(plan, before):
    gone = not_visited(before, "P01", 3)
    close(plan, dict.fromkeys(gone, "注销"))
    found = replan(open_year(plan), JULY)
    lost = found.lost.set_index("task_id")
    assert lost.loc["P01", ["closed_units", "eligible_units", "lost_visits"]].tolist() == [3, 57, 3]
    assert set(lost["lost_visits"].drop("P01")) == {0}  # lines that choose units have others to choose
    assert found.causes.values.tolist() == [["单位停业", "P01 区重点单位执法检查", "60 家次", "57 家次"]]
    fallen = found.order[found.order["reason"].str.contains("单位停业")]
    assert set(fallen["task_id"]) == {"P01"}
    assert fallen["forced"].all()
    assert fallen["changed_visits"].sum() <= -3
    assert found.allocation.visits.groupby("task_id")["visits"].sum()["P01"] == 57
    assert "总数有变化" in found.approver
    assert found.effects.set_index("item").loc["全年计划家次", "after"] == "258 家次"


def test_units_visited_before_they_closed_cost_nothing(plan, before):
    seen = before.tables.records
    done = seen.loc[(seen["task_id"] == "P01") & (seen["date"] <= JULY), "unit_id"].unique()[:3]
    close(plan, dict.fromkeys(done, "停业"))
    found = replan(open_year(plan), JULY)
    assert "P01" not in set(found.lost["task_id"])
    assert set(found.lost["lost_visits"]) <= {0}
    assert found.causes.empty


def test_a_task_that_can_choose_others_loses_nothing(plan, before):
    close(plan, dict.fromkeys(of(before, "使用危化品")[:5], "停业"))
    found = replan(open_year(plan), JULY)
    assert found.lost.loc[found.lost["task_id"] == "P10", "lost_visits"].tolist() == [0]
    assert "P10" not in set(found.causes["where"].str[:3])


def test_a_small_pool_loses_what_it_cannot_fill(plan, before):
    close(plan, dict.fromkeys(of(before, "安全培训机构")[:2], "停业"))
    found = replan(open_year(plan), JULY)
    assert found.lost.set_index("task_id").loc["P09", ["closed_units", "eligible_units", "lost_visits"]].tolist() == [
        2,
        4,
        2,
    ]
    assert found.causes.values.tolist() == [["单位停业", "P09 安全生产培训机构专项", "6 家次", "4 家次"]]


def test_visits_the_planner_has_taken_off_himself_do_not_fall_away_twice(plan, before):
    close(plan, dict.fromkeys(not_visited(before, "P01", 3), "注销"))
    path = plan.parents[1] / "data/putuo-2024/tasks.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",60,60,", ",58,58,"), encoding="utf-8")
    found = replan(open_year(plan), JULY)
    assert found.causes[["reason", "before", "after"]].values.tolist() == [
        ["家次调减", "60 家次", "58 家次"],
        ["单位停业", "58 家次", "57 家次"],
    ]
    assert found.allocation.visits.groupby("task_id")["visits"].sum()["P01"] == 57


def test_what_fell_away_in_one_version_is_not_told_again_in_the_next(plan, before, tmp_path):
    close(plan, dict.fromkeys(not_visited(before, "P01", 3), "注销"))
    year = open_year(plan)
    first = replan(year, JULY)
    path = tmp_path / "plan-v2.json"
    path.write_bytes(version_bytes(first.version))
    again = replan(year, JULY, str(path))
    assert again.causes.empty
    assert again.differences.empty


def test_the_month_does_not_plan_what_fell_away(plan, before):
    close(plan, dict.fromkeys(not_visited(before, "P01", 3), "注销"))
    month = month_of(open_year(plan), 7)
    assert month.allocation.visits.groupby("task_id")["visits"].sum()["P01"] == 57
