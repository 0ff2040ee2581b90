"""The year: what a plan gives when it is opened."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from enforce.desk.standing import month as month_of
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.planning.checks import PLAN_CHECKS
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, free to be changed."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path / "params/putuo-2024.yaml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- opening --------------------------------------------------------------------------------------------------------


def test_the_plan_of_putuo_has_12_lines_650_units_16_officers_and_251_workdays(year):
    assert (len(year.tasks), len(year.units), len(year.tables.roster)) == (12, 650, 16)
    assert int(year.workdays["workdays"].sum()) == 251
    assert year.mark == ""


def test_every_problem_of_every_file_is_told_at_once(copy):
    change(copy.parent / "rules/visits.yaml", "status: assumed", "status: certain")
    change(copy.parents[1] / "data/putuo-2024/tasks.csv", ",60,60,", ",-60,60,")
    change(copy.parents[1] / "data/calendar/2024.csv", "2024-01-01", "2024-13-01")
    with pytest.raises(InputError) as caught:
        open_year(copy)
    files = {Path(problem.file).name for problem in caught.value.problems}
    assert {"visits.yaml", "tasks.csv", "2024.csv"} <= files


def test_a_plan_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError):
        open_year(tmp_path / "no-such-plan.yaml")


def test_the_files_read_are_listed_for_the_manifest(year):
    names = [path.name for path in year.inputs]
    assert names[0] == "putuo-2024.yaml"
    assert set(names[1:]) == {
        "account.yaml", "account_items.yaml", "chance.yaml", "statistics.yaml", "visits.yaml",
        "bases.yaml", "caps.yaml", "code_request.yaml",
        "2024.csv", "tasks.csv", "roster.csv", "units.csv", "records.csv", "other_work.csv", "promises.yaml",
        "plan-v1.json",
    }  # fmt: skip
    assert len(names) == len(set(names))


def test_a_year_without_a_published_calendar_is_estimated_and_marked(copy):
    (copy.parents[1] / "data/putuo-2024/records.csv").write_text(
        (copy.parents[1] / "data/putuo-2024/records.csv").read_text(encoding="utf-8-sig").splitlines()[0] + "\n",
        encoding="utf-8-sig",
    )
    (copy.parents[1] / "data/putuo-2024/other_work.csv").unlink()
    shutil.rmtree(copy.parents[1] / "data/putuo-2024/versions")
    text = copy.read_text(encoding="utf-8").replace("2024-", "2035-").replace("year: 2024", "year: 2035")
    copy.write_text(text.replace("../data/putuo-2035", "../data/putuo-2024"), encoding="utf-8")
    estimated = open_year(copy)
    assert "预估" in estimated.mark
    assert "calendar" in set(estimated.findings["check"])
    with pytest.raises(InputError):
        open_year(copy, require_official=True)


def test_a_year_cannot_be_changed_and_is_worked_out_once(year):
    assert year.allocation is year.allocation
    assert year.account is year.account
    with pytest.raises(dataclasses.FrozenInstanceError):
        year.plan = None


def test_the_plan_file_itself_is_not_written_to(copy):
    before = copy.read_bytes()
    opened = open_year(copy)
    assert not opened.findings.empty
    assert copy.read_bytes() == before


# --- the plan -------------------------------------------------------------------------------------------------------


def test_every_printed_figure_agrees_and_none_hides_another(year):
    assert len(year.printed) == 5 + 4
    assert year.printed["item"].is_unique
    assert year.printed["agrees"].all()
    assert year.printed["printed"].tolist() == [261, 178, 83, 68.2, 31.8, 60, 38, 80, 83]


def test_a_figure_printed_wrongly_is_found(copy):
    change(copy, "total_visits: 261", "total_visits: 216")
    wrong = open_year(copy)
    assert wrong.printed["agrees"].tolist() == [False] + [True] * 8
    found = wrong.findings[wrong.findings["check"] == "printed_figures"]
    assert found[["figure", "limit"]].values.tolist() == [["216", "261"]]


def test_a_workday_constant_of_another_year_is_found_in_the_plans_findings(copy):
    change(copy, "  total_visits: 261", "  workdays: 250\n  total_visits: 261")
    year = open_year(copy)
    told = year.findings.set_index("check").loc["workday_constant"]
    assert (told["severity"], told["figure"], told["limit"]) == ("error", "日历 251 天", "印作 250 天")
    assert "printed_figures" not in set(year.findings["check"])
    assert year.printed.set_index("item").loc["法定工作日（天）", "agrees"] == False  # noqa: E712


def test_lines_the_district_draws_itself_reach_the_findings_of_plan_month_and_year(copy):
    change(copy, "printed:", "alerts: {window_gone_share: 0.9, unplanned_rise: 0, reserve_used_share: 0.01}\nprinted:")
    year = open_year(copy)
    assert "approved_in_time" not in set(year.findings["check"])
    rising = year.tables.records.assign(
        task_id=year.tables.records["task_id"].where(year.tables.records["date"] < "2024-07", "")
    )
    busy = dataclasses.replace(year, tables=dataclasses.replace(year.tables, records=rising))
    for seen in (month_of(busy, 9).findings, summary(busy, "2024-08-31").findings):
        assert {"unplanned_rising", "reserve_used"} <= set(seen["check"])
    assert not {"unplanned_rising", "reserve_used"} & set(year.findings["check"])


def test_a_plan_that_does_not_fit_is_shown_and_says_where_and_how_to_mend_it(copy):
    roster = copy.parents[1] / "data/putuo-2024/roster.csv"
    change(roster, "PT-08,执法大队,是,危化;工贸,1,12", "PT-08,执法大队,是,危化;工贸,1,2")
    records = copy.parents[1] / "data/putuo-2024/records.csv"
    records.write_text(records.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    shutil.rmtree(copy.parents[1] / "data/putuo-2024/versions")
    change(copy, 'date: "2024-03-13"', 'date: "2023-12-20"')
    year = open_year(copy)
    over = year.allocation.loads.query("overload_days > 0")
    assert set(over["team"]) == {"执法大队"}
    assert "超负荷：执法大队" in year.plan_mark
    assert int(year.allocation.visits["visits"].sum()) == 261
    (message,) = year.shortage["message"]
    assert f"该队全部事项至少超出 {over['overload_days'].sum():g} 人日" in message
    assert 1 <= len(year.ways_out) <= 3
    assert (year.findings["check"] == "month_capacity").sum() == len(over)


def test_a_plan_that_fits_has_no_mark_of_overload(year):
    assert year.plan_mark == ""


def test_a_plan_that_prints_nothing_is_checked_all_the_same(copy):
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text[: text.index("\nprinted:")] + "\n", encoding="utf-8")
    plain = open_year(copy)
    assert plain.printed.empty
    assert list(plain.printed.columns) == ["item", "printed", "computed", "agrees"]
    assert "joint_share" in set(plain.findings["check"])


def test_a_plan_without_key_periods_sets_no_days_aside(copy):
    text = copy.read_text(encoding="utf-8")
    start, end = text.index("\nkey_periods:"), text.index("\nprinted:")
    copy.write_text(text[:start] + "\nkey_periods: []\n" + text[end:], encoding="utf-8")
    plain = open_year(copy)
    assert plain.key_period_days.empty
    assert plain.capacity["capacity_days"].sum() == 632 + 36


def test_the_reserve_is_the_plans_own_choice(copy):
    change(copy, "reserve_share: 0.10", "reserve_share: 0.0")
    assert open_year(copy).capacity["capacity_days"].sum() == 632 + 75


def test_a_team_that_has_nobody_on_the_roster_is_a_finding_and_not_a_fault(copy):
    folder = copy.parents[1] / "data/putuo-2024"
    records = (folder / "records.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    (folder / "records.csv").write_text(records + "\n", encoding="utf-8-sig")
    roster = (folder / "roster.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [row for row in roster if "基础科" not in row.split(",")]
    (folder / "roster.csv").write_text("\n".join(kept) + "\n", encoding="utf-8-sig")
    bare = open_year(copy)
    errors = bare.findings[bare.findings["severity"] == "error"]
    assert "基础科" in set(errors[errors["check"] == "account_balances"]["where"])
    assert bare.allocation.visits["visits"].sum() == 261


def test_the_quarters_hold_the_whole_plan(year):
    by_quarter = year.quarters.groupby("quarter")["visits"].sum()
    assert by_quarter.sum() == 261
    by_month = year.allocation.visits.groupby("month")["visits"].sum()
    assert by_quarter.tolist() == [by_month.loc[first : first + 2].sum() for first in (1, 4, 7, 10)]


def test_need_and_capacity_of_the_year_are_those_of_the_months(year):
    loads = year.allocation.loads.groupby("team")[["needed_days", "capacity_days"]].sum()
    need = year.need.set_index("team")
    assert loads["needed_days"].to_dict() == need["needed_days"].to_dict()
    assert loads["capacity_days"].to_dict() == need["capacity_days"].to_dict()


def test_rules_are_those_in_force_for_the_plan_and_what_no_rule_says_is_assumed(year):
    rules = year.rules_in_force.set_index("rule")["value"]
    assert rules["joint_share_min"] == 0.15
    silent = year.assumptions["value"].isna()
    unsaid, assumed = year.assumptions[silent], year.assumptions[~silent]
    assert "visit_cap_per_year" in set(unsaid["rule"])
    assert not set(unsaid["rule"]) & set(rules.index)
    assert {"team_balance_ratio"} < set(assumed["rule"]) <= set(rules.index)
    assert set(assumed["status"]) == {"assumed"}


def test_findings_of_the_plan_come_from_the_checks_of_the_plan(year):
    names = {check.__name__.removeprefix("check_") for check in PLAN_CHECKS}
    assert set(year.findings["check"]) <= names
    assert {"units_not_mixed", "joint_share", "approved_in_time", "overlap", "outside_district"} <= set(
        year.findings["check"]
    )
    assert "error" not in set(year.findings["severity"])
