"""The approval: versions on record beside the tables, never written over, and what a re-plan makes of them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from enforce.desk.commands.approve import approve, withdraw_version
from enforce.desk.run.handover import annual_books
from enforce.desk.standing import Standing, first_version, replan, version_in_force
from enforce.desk.standing import month as month_of
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.inputs.versions import Version, read_version, version_bytes, version_name
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

JULY = "2024-06-30"


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, nothing approved yet."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "data/putuo-2024/versions")
    return tmp_path / "params/putuo-2024.yaml"


@pytest.fixture
def approved(root: Path, plan: Path) -> Path:
    """The demo plan as it was approved: what approving writes is on record, and a test holds it against the command."""
    shutil.copytree(root / "data/putuo-2024/versions", tables(plan) / "versions")
    return plan


@pytest.fixture(scope="module")
def second(year) -> Version:
    """The version of the demo's re-plan of July, made once."""
    return replan(year, JULY).version


def tables(plan: Path) -> Path:
    return plan.parents[1] / "data/putuo-2024"


def versions(plan: Path) -> list[str]:
    folder = tables(plan) / "versions"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def write(version: Version, folder: Path) -> Path:
    path = folder / version_name(version.number)
    path.write_bytes(version_bytes(version))
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def leave(plan: Path, last: int) -> None:
    """One officer of the brigade leaves at the end of a month; his later visits are another's."""
    path = tables(plan) / "roster.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    left = [row.replace(",1,12,", f",1,{last},") if row.startswith("PT-01") else row for row in rows]
    path.write_text("".join(left), encoding="utf-8")
    text = (tables(plan) / "records.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in text if "PT-01" not in row or row.split(",")[1] <= f"2024-{last:02}-31"]
    (tables(plan) / "records.csv").write_text("".join(kept), encoding="utf-8")


def refusal(*arguments) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        approve(*arguments)
    return {problem.place.entry or problem.where: problem.found for problem in caught.value.problems}


# --- putting on record ----------------------------------------------------------------------------------------------


def test_the_approved_plan_of_the_demo_is_on_record_and_is_what_its_tables_make(root):
    """Where a number of the demo is meant to change, its record goes with it: remove it, then approve again."""
    year = open_year(root / "params/putuo-2024.yaml")
    made = first_version(replace(year, versions=()))
    assert [version.digest for version in year.versions] == [made.digest]
    assert int(year.versions[0].visits["visits"].sum()) == 261


def test_approving_writes_version_1_with_its_digest_and_tells_where(plan):
    told = approve(plan)
    assert versions(plan) == ["plan-v1.json"]
    kept = read_version(tables(plan) / "versions/plan-v1.json")
    assert kept.digest in told[1]
    assert "261 家次" in told[0]
    assert (kept.number, kept.ancestors, kept.as_of) == (1, (), "2024-03-13")


def test_approving_the_same_plan_again_changes_nothing(plan, root):
    approve(plan)
    before = (tables(plan) / "versions/plan-v1.json").read_bytes()
    assert before == (root / "data/putuo-2024/versions/plan-v1.json").read_bytes()
    assert "没有改动" in approve(plan)[0]
    assert (tables(plan) / "versions/plan-v1.json").read_bytes() == before


def test_a_plan_whose_tables_have_changed_does_not_replace_the_approved_one(approved):
    before = (tables(approved) / "versions/plan-v1.json").read_bytes()
    change(tables(approved) / "tasks.csv", ",28,28,", ",30,30,")
    assert "第 1 版" in refusal(approved)
    assert (tables(approved) / "versions/plan-v1.json").read_bytes() == before


def test_the_version_of_a_replan_becomes_the_next_and_the_one_in_force(approved, tmp_path, second):
    assert "第 2 版已定版" in approve(approved, write(second, tmp_path))[0]
    year = open_year(approved)
    assert versions(approved) == ["plan-v1.json", "plan-v2.json"]
    assert version_in_force(year, JULY).digest == second.digest
    assert year.versions[1].ancestors == (year.versions[0].digest,)
    assert "没有改动" in approve(approved, write(second, tmp_path))[0]


def test_two_changes_of_one_plan_cannot_both_be_approved(approved, tmp_path, year, second):
    approve(approved, write(replan(year, "2024-05-31").version, tmp_path))
    assert set(refusal(approved, write(second, tmp_path))) == {"number"}
    assert versions(approved) == ["plan-v1.json", "plan-v2.json"]


def test_a_version_that_does_not_follow_is_not_approved(approved, tmp_path, second):
    assert set(refusal(approved, write(replace(second, ancestors=("0" * 64,)), tmp_path))) == {"ancestors"}
    assert set(refusal(approved, write(replace(second, plan="jingan-2024"), tmp_path))) == {"plan"}
    third = replace(second, number=3, ancestors=(*second.ancestors, "0" * 64))
    assert set(refusal(approved, write(third, tmp_path))) == {"number"}


def test_the_second_version_cannot_be_approved_before_the_first(plan, tmp_path):
    second = replan(open_year(plan), JULY).version
    assert set(refusal(plan, write(second, tmp_path))) == {"number"}
    assert versions(plan) == []


def test_a_file_somebody_else_put_there_is_not_written_over(approved, tmp_path, monkeypatch, second):
    real = open_year(approved)
    (tables(approved) / "versions/plan-v2.json").write_text("手记", encoding="utf-8")
    monkeypatch.setattr("enforce.desk.commands.approve.open_year", lambda path: real)
    assert "计划版本" in refusal(approved, write(second, tmp_path))
    assert (tables(approved) / "versions/plan-v2.json").read_text(encoding="utf-8") == "手记"


# --- states ---------------------------------------------------------------------------------------------------------


def noting(plan: Path, text: str) -> Path:
    """The plan with other states noted, or with the keys of an old file."""
    whole = plan.read_text(encoding="utf-8")
    start, end = whole.index("approval:"), whole.index("tables:")
    plan.write_text(whole[:start] + text + "\n\n" + whole[end:], encoding="utf-8")
    return plan


def steps(*rows: str) -> str:
    return "\n".join(["approval:", *(f"  - {{state: {row}}}" for row in rows)])


OLD = 'document: 普应急〔2024〕1号\napproved_on: "2024-03-13"'


@pytest.mark.parametrize(
    ("text", "state", "mark", "number"),
    [
        ('approved_on: "2024-03-13"', "草案", "草案：尚未批准", ""),
        (OLD, "草案", "草案：尚未批准", ""),
        (steps('草案, date: "2024-01-05"'), "草案", "草案：尚未批准", ""),
        (
            steps('草案, date: "2024-01-05"', '送审, date: "2024-02-01", number: 请〔2024〕3号'),
            "送审",
            "送审稿：尚未批准",
            "请〔2024〕3号",
        ),
        (steps('批准, date: "2024-03-13", number: 甲〔2024〕1号'), "草案", "已批准，尚未定版", "甲〔2024〕1号"),
    ],
)
def test_until_a_version_is_on_record_everything_says_the_state(plan, tmp_path, text, state, mark, number):
    year = open_year(noting(plan, text))
    assert (year.state.label, year.mark, year.number, year.version_text) == (state, mark, number, "")
    for name, write_one in annual_books(year).items():
        book = openpyxl.load_workbook(write_one(tmp_path / name))
        assert all(mark in str(sheet["A3"].value) for sheet in book if sheet.title != "说明"), name


def test_an_old_file_is_approved_where_a_version_1_is_on_record(plan):
    approve(noting(plan, OLD))
    year = open_year(plan)
    assert (year.state.label, year.mark, year.number) == ("批准", "", "普应急〔2024〕1号")
    assert year.states[["plan_state", "state_date"]].values.tolist() == [
        ["批准", "2024-03-13"],
        ["第 1 版定版", "2024-03-13"],
    ]


def test_a_plan_that_notes_its_states_is_frozen_only_once_its_approval_is_among_them(plan):
    assert set(refusal(noting(plan, steps('送审, date: "2024-02-01"')))) == {"approval"}
    assert set(refusal(noting(plan, ""))) == {"approval"}
    assert versions(plan) == []


def test_what_is_noted_as_approved_and_not_frozen_is_a_finding(plan):
    assert "approval" in set(open_year(plan).findings["check"])


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (['批准, date: "2024-03-13"', '批准, date: "2024-03-14"'], "approval[1].state"),
        (['批准, date: "2024-03-13"', '送审, date: "2024-03-14"'], "approval[0].date"),
        (['备案, date: "2024-03-13"'], "approval[0].date"),
        (['通过, date: "2024-03-13"'], "approval[0].state"),
        (['批准, date: "2021-03-13"'], "approval[0].date"),
    ],
)
def test_states_that_contradict_each_other_are_refused_by_name(plan, rows, where):
    assert set(opening(noting(plan, steps(*rows)))) == {where}


# --- what is frozen, and what annex 1 is then ------------------------------------------------------------------------


def test_the_key_list_is_frozen_with_the_line_that_covers_each_unit(approved):
    year = open_year(approved)
    (version,) = year.versions
    listed = year.units[year.units["is_key"]]
    assert version.key_list == dict(zip(listed["unit_id"], listed["covered_by"], strict=True))
    assert version.lacks == ()
    assert version.capacity.keys() == set(year.capacity["team"])


def test_after_approval_annex_1_is_the_version_in_force_whatever_the_tables_say(approved, tmp_path):
    before = open_year(approved)
    change(tables(approved) / "tasks.csv", ",68,68,", ",74,74,")
    year = open_year(approved)
    pd.testing.assert_frame_equal(year.annex.visits, before.annex.visits)
    assert int(year.annex.visits["visits"].sum()) == 261
    assert int(year.trial.visits["visits"].sum()) == 267
    assert (year.trial_differences["month"] > 2).all()  # no month gone
    assert before.other_plan == ""
    assert "与附件1有" in year.other_plan
    assert year.other_plan in year.proof_note
    assert year.other_plan in year.reason_note
    assert year.annex.proof.empty  # what is proved of today's tables is not proved of a version
    told_of = year.findings[year.findings["check"] == "trial"]["where"]
    assert set(told_of.str[:3]) == set(year.trial_differences["task_id"])
    for name, write_one in annual_books(year).items():
        write_one(tmp_path / name)
    head = str(openpyxl.load_workbook(tmp_path / "附件1-执法计划安排表.xlsx")["执法计划安排表"]["A3"].value)
    assert f"第 1 版（2024-03-13，摘要 {year.versions[0].digest[:12]}）" in head
    trial = openpyxl.load_workbook(tmp_path / "试算-与附件1不同之处.xlsx")
    assert all("未经批准" in str(trial[name]["A3"].value) for name in ("不同之处", "试算"))


def test_where_no_table_has_changed_the_trial_is_annex_1(approved, tmp_path):
    year = open_year(approved)
    assert year.trial_differences.empty
    assert not {"trial", "approval", "key_list_kept"} & set(year.findings["check"])
    assert "试算-与附件1不同之处.xlsx" not in annual_books(year)


def test_taking_the_flag_off_the_unit_not_visited_changes_no_coverage_of_the_frozen_list(approved):
    missed = summary(open_year(approved)).not_covered["unit_id"].item()
    register = tables(approved) / "units.csv"
    rows = register.read_text(encoding="utf-8").splitlines(keepends=True)
    row = next(row for row in rows if missed in row)
    change(register, row, row.replace(",是,P01,", ",否,,", 1))
    end = summary(open_year(approved))
    assert end.coverage[["numerator", "denominator"]].values.tolist()[::2] == [[69, 70], [69, 69]]
    assert end.not_covered["unit_id"].tolist() == [missed]
    assert {"key_units_visited", "key_list_kept"} <= set(end.findings["check"])
    (tables(approved) / "key_list_changes.csv").write_text(
        f"统一社会信用代码,增或减,日期,原因\n{missed},减,2024-11-05,停产\n", encoding="utf-8"
    )
    assert "key_list_kept" not in set(summary(open_year(approved)).findings["check"])


# --- over capacity, and taken back -----------------------------------------------------------------------------------


def test_a_plan_over_capacity_is_frozen_only_when_that_is_accepted(plan):
    change(tables(plan) / "tasks.csv", ",68,68,", ",368,368,")
    over = refusal(plan)
    assert over
    assert all("超负荷" in text for text in over.values())
    assert versions(plan) == []
    lines = approve(plan, accept_overload=True)
    assert versions(plan) == ["plan-v1.json"]
    assert sum(line.startswith("已确认") for line in lines) == len(over)


def test_a_version_that_lost_visits_is_approved_only_when_that_is_accepted(approved, tmp_path):
    path = tables(approved) / "records.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    late = [row for row in rows if ",P05," in row and ",2024-04-" in row]
    path.write_text("".join(row for row in rows if row not in late), encoding="utf-8")
    lost = replan(open_year(approved), JULY)
    count = int(lost.unplaced["unplaced_visits"].sum())
    assert count == len(late) == 2
    assert "总数有变化" in lost.approver
    effects = lost.effects.set_index("item").loc["全年计划家次"].tolist()
    assert effects == ["261 家次", f"{int(lost.allocation.visits['visits'].sum())} 家次"]
    file = write(lost.version, tmp_path)
    assert f"排不下 {count} 家次" in refusal(approved, file).values()
    assert "第 2 版已定版" in approve(approved, file, accept_overload=True)[0]


def without_records_after(plan: Path, day: str) -> None:
    path = tables(plan) / "records.csv"
    first, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([first, *(row for row in rows if row.split(",")[1] <= day)]), encoding="utf-8")


def test_the_newest_version_is_taken_back_and_stays_on_file(approved):
    without_records_after(approved, "2024-03-13")
    assert "已撤回" in withdraw_version(approved, "定早了")[0]
    assert versions(approved) == ["plan-v1-withdrawn-1.json"]
    assert open_year(approved).mark == "已批准，尚未定版"
    approve(approved)
    assert versions(approved) == ["plan-v1-withdrawn-1.json", "plan-v1.json"]


def withdrawal(plan: Path, reason: str = "定错了") -> set[str]:
    with pytest.raises(InputError) as caught:
        withdraw_version(plan, reason)
    return {problem.place.entry or problem.where for problem in caught.value.problems}


def test_a_version_with_work_after_it_or_filed_or_without_a_reason_stays(approved):
    assert withdrawal(approved) == {"第 1 版"}
    without_records_after(approved, "2024-03-13")
    assert withdrawal(approved, " ") == withdrawal(approved, "王某 13800138000") == {"--withdraw"}
    noting(approved, steps('批准, date: "2024-03-13"', '备案, date: "2024-03-20"'))
    assert open_year(approved).state.label == "备案"
    assert withdrawal(approved) == {"第 1 版"}
    assert versions(approved) == ["plan-v1.json"]


def test_where_nothing_is_on_record_nothing_is_taken_back(plan):
    assert withdrawal(plan) == {"计划版本"}


# --- what is on record is read with the plan ------------------------------------------------------------------------


def opening(plan: Path) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        open_year(plan)
    return {problem.place.entry or problem.where: problem.expected for problem in caught.value.problems}


def test_an_edited_record_stops_everything(approved):
    change(tables(approved) / "versions/plan-v1.json", '"as_of": "2024-03-13"', '"as_of": "2024-03-14"')
    assert "没有改动过" in opening(approved)["digest"]


def test_a_missing_version_is_missed(approved, tmp_path, second):
    approve(approved, write(second, tmp_path))
    (tables(approved) / "versions/plan-v1.json").unlink()
    assert "一版不缺" in opening(approved)["计划版本"]


def test_a_version_under_another_name_is_seen(approved):
    folder = tables(approved) / "versions"
    shutil.copy(folder / "plan-v1.json", folder / "plan-v2.json")
    assert "number" in opening(approved)


def test_a_folder_copied_from_another_plan_is_told_to_go(approved):
    text = approved.read_text(encoding="utf-8").replace("name: putuo-2024", "name: jingan-2024")
    approved.unlink()
    copied = approved.with_name("jingan-2024.yaml")
    copied.write_text(text, encoding="utf-8")
    assert "不要带过来" in opening(copied)["plan"]


# --- what a re-plan tells of changed tables -------------------------------------------------------------------------


def told(found: Standing) -> list[list]:
    return found.causes[["reason", "where", "before", "after"]].values.tolist()


def test_nothing_has_changed_where_no_table_was_touched(approved):
    found = replan(open_year(approved), JULY)
    assert found.causes.empty
    assert found.basis[["version", "frozen"]].values.tolist() == [["第 1 版", "已定版"]]


def test_without_an_approved_version_the_replan_says_so(plan):
    assert replan(open_year(plan), JULY).basis["frozen"].tolist() == ["尚未定版"]


def test_changed_visits_new_tasks_and_tasks_gone_are_told_as_causes_and_in_the_order(approved):
    path = tables(approved) / "tasks.csv"
    change(path, ",28,28,", ",30,30,")
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    p07 = next(row for row in rows if row.startswith("P07"))
    new = p07.replace("P07,", "T01,", 1).replace("工贸综合性专项", "高温专项", 1)
    gone = [row for row in rows if not row.startswith("P12")]
    path.write_text("".join([*gone, new]), encoding="utf-8")
    records = tables(approved) / "records.csv"
    kept = [row for row in records.read_text(encoding="utf-8").splitlines(keepends=True) if ",P12," not in row]
    records.write_text("".join(kept), encoding="utf-8")
    found = replan(open_year(approved), JULY)
    assert told(found) == [
        ["家次调增", "P10 危险化学品使用企业执法抽查", "28 家次", "30 家次"],
        ["事项取消", "P12 “双随机、一公开”跨部门联合执法", "15 家次", "—"],
        ["临时任务", "T01 高温专项", "—", "8 家次"],
    ]
    assert set(found.order.loc[found.order["task_id"] == "P12", "reason"]) == {"事项取消"}
    assert set(found.order.loc[found.order["task_id"] == "T01", "reason"]) == {"临时任务"}
    assert found.ordered == ["T01"]
    assert "总数有变化" in found.approver


def test_changed_months_and_efforts_are_told_as_causes(approved):
    path = tables(approved) / "tasks.csv"
    change(path, ",5-9,1.5,2,", ",5-8,2,2,")
    assert told(replan(open_year(approved), JULY)) == [
        ["月份变更", "P06 危险化学品综合性专项", "5-9", "5-8"],
        ["每家次人日变更", "P06 危险化学品综合性专项", "执法大队=3;危化科=1", "执法大队=4;危化科=1"],
    ]


def test_visits_leave_a_month_that_is_no_longer_allowed_for_that_reason(approved):
    change(tables(approved) / "tasks.csv", ",5-9,1.5,2,", ",5-8,1.5,2,")
    order = replan(open_year(approved), JULY).order
    september = order[(order["task_id"] == "P06") & (order["month"] == 9)]
    assert september[["changed_visits", "reason", "forced"]].values.tolist() == [[-2, "已提前完成、月份变更", True]]


def test_an_officer_who_leaves_is_told_and_lowers_no_month_before(approved):
    before = open_year(approved)
    leave(approved, 9)
    found = replan(open_year(approved), JULY)
    assert told(found) == [["人员减少", "执法大队 10-12 月", "9 人", "8 人"]]
    both = before.capacity.merge(found.year.capacity, on=["team", "month"], suffixes=("", "_now"))
    assert set(both.loc[both["capacity_days"] != both["capacity_days_now"], "month"]) == {10, 11, 12}


def test_an_officer_who_joins_raises_no_month_before(approved):
    before = open_year(approved)
    path = tables(approved) / "roster.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    new = next(row for row in rows if row.startswith("PT-01")).replace("PT-01", "PT-77").replace(",1,12,", ",9,12,")
    path.write_text("".join([*rows, new]), encoding="utf-8")
    found = replan(open_year(approved), JULY)
    assert told(found) == [["人员增加", "执法大队 9-12 月", "9 人", "10 人"]]
    both = before.capacity.merge(found.year.capacity, on=["team", "month"], suffixes=("", "_now"))
    assert set(both.loc[both["capacity_days"] < both["capacity_days_now"], "month"]) == {9, 10, 11, 12}
    assert set(both.loc[both["capacity_days"] > both["capacity_days_now"], "month"]) == set()


# --- the file a re-plan is asked to start from ----------------------------------------------------------------------


def test_a_version_that_is_not_after_the_newest_approved_one_is_refused(approved, tmp_path):
    year = open_year(approved)
    second = replan(year, "2024-05-31").version
    first = write(year.versions[0], tmp_path)
    approve(approved, write(second, tmp_path))
    now = open_year(approved)
    with pytest.raises(InputError, match="ancestors"):
        replan(now, JULY, str(first))
    assert replan(now, JULY, str(write(replan(now, JULY).version, tmp_path))).before.number == 3


def test_the_month_is_held_against_the_plan_in_force_and_the_year_against_the_one_approved(approved, tmp_path, second):
    approve(approved, write(second, tmp_path))
    change(tables(approved) / "tasks.csv", ",28,28,", ",30,30,")
    year = open_year(approved)
    planned = year.versions[1].visits
    august = planned[(planned["month"] == 8) & (planned["task_id"] == "P11")]["visits"].item()
    lines = month_of(year, 8).lines.set_index("task_id")
    assert lines.loc["P11", "approved_visits"] == august
    assert summary(year).by_month["planned_visits"].sum() == 261
