"""The re-plan: what is done never moves, what is left moves as little as it can, versions keep their ancestors."""

from dataclasses import replace

import pytest

from enforce.desk.replan import compared
from enforce.desk.replan import replan as rearrange
from enforce.desk.year import open_year
from enforce.inputs.versions import read_version, successor, version_bytes
from enforce.planning import progress
from enforce.planning.changes import moved_visits
from enforce.problems import InputError

PLAN = "params/putuo-2024.yaml"


@pytest.fixture(scope="module")
def demo(root):
    return open_year(root / PLAN)


@pytest.fixture(scope="module")
def july(demo):
    return rearrange(demo, "2024-06-30")


def by_cell(visits):
    return {(row.task_id, row.month): row.visits for row in visits.itertuples() if row.visits}


def test_what_is_done_stays_where_it_was_done(july):
    planned = by_cell(july.allocation.visits)
    done = by_cell(progress.done_by_month(july.records))
    assert {cell: count for cell, count in planned.items() if cell[1] <= 6} == done


def test_every_line_keeps_its_total(demo, july):
    totals = july.allocation.visits.groupby("task_id")["visits"].sum()
    assert totals.to_dict() == demo.tasks.set_index("task_id")["planned_visits"].to_dict()


def test_a_month_without_a_workday_left_is_over(july):
    assert july.closed == 6
    assert july.left is None
    assert july.order["month"].min() > 6
    assert july.past["month"].max() <= 6


def test_a_late_approval_leaves_january_and_february_alone_and_march_its_12_workdays(demo):
    late = rearrange(demo, "2024-03-13")
    assert (late.closed, late.workdays_ahead) == (2, 9) or late.workdays_ahead == 12
    days = demo.calendar.days
    ahead = days[(days["month"] == 3) & days["workday"] & (days["date"] > "2024-03-13")]
    assert late.workdays_ahead == len(ahead) == 12
    march = demo.capacity[(demo.capacity["month"] == 3) & (demo.capacity["team"] == "执法大队")]
    assert late.left.set_index("team").loc["执法大队", "capacity_days"] <= march["capacity_days"].item() * 12 / 21
    done = by_cell(progress.done_by_month(late.records))
    planned = by_cell(late.allocation.visits)
    assert all(planned[cell] == count for cell, count in done.items() if cell[1] < 3)
    assert all(planned[cell] >= count for cell, count in done.items() if cell[1] == 3)


def test_the_public_months_move_less_than_the_others(demo, july):
    dear = july.move_costs
    assert dear[7] == 100
    assert dear[9] == dear[12] == 1
    assert july.move_costs[8] in (10, 1)


def test_planning_again_on_the_same_day_changes_nothing(demo, july, tmp_path):
    path = tmp_path / "plan-v2.json"
    path.write_bytes(version_bytes(july.version))
    again = rearrange(demo, "2024-06-30", str(path))
    assert again.order.empty
    assert again.past.empty
    assert again.version.number == 3
    assert again.version.ancestors == (july.before.digest, july.version.digest)


def test_fewer_visits_move_than_without_memory(demo, july):
    forgetful = replace(july, before=replace(july.before, visits=july.before.visits.assign(visits=0)))
    fresh = {**july.options, "published": None}
    from enforce.planning.allocate import allocate
    from enforce.planning.changes import changes

    plain = allocate(demo.tasks, demo.capacity, **fresh)
    order = changes(july.before.visits, plain.visits, demo.tasks, july.closed)
    assert moved_visits(july.order, july.closed) < moved_visits(order, july.closed)
    assert forgetful.before.number == 1


def test_ordered_work_names_what_it_displaces(demo):
    extra = demo.tasks.iloc[[2]].assign(
        task_id="P13", name="上级交办的临时专项", planned_visits=30, planned_units=30, periods=[((8,),)], invited=[()]
    )
    import pandas as pd

    busy = replace(demo, tables=replace(demo.tables, tasks=pd.concat([demo.tasks, extra], ignore_index=True)))
    july = rearrange(busy, "2024-06-30")
    known = replace(july, before=replace(july.before, visits=demo.allocation.visits, names=demo.names))
    assert known.ordered == ["P13"]
    assert set(known.order.loc[known.order["task_id"] == "P13", "reason"]) == {"临时任务"}
    assert len(known.displaced)
    assert (known.displaced["month"] == 8).any()
    assert "请示" in known.approver


def test_who_approves_depends_on_the_totals(july):
    assert "总数不变" in july.approver


def test_a_version_reads_back_as_it_was_written(july, tmp_path):
    path = tmp_path / "plan-v2.json"
    path.write_bytes(version_bytes(july.version))
    read = read_version(path)
    assert version_bytes(read) == path.read_bytes()
    assert read.digest == july.version.digest


def test_two_versions_are_compared_cell_by_cell(july, tmp_path):
    older, newer = tmp_path / "plan-v1.json", tmp_path / "plan-v2.json"
    older.write_bytes(version_bytes(july.before))
    newer.write_bytes(version_bytes(july.version))
    told = compared(older, newer)
    assert len(told.rows) == len(july.differences)


def test_a_version_that_is_not_an_ancestor_is_refused(july, tmp_path):
    older, newer = tmp_path / "plan-v1.json", tmp_path / "plan-v2.json"
    older.write_bytes(version_bytes(replace(july.before, as_of="2024-01-02")))
    newer.write_bytes(version_bytes(july.version))
    with pytest.raises(InputError, match="ancestors"):
        compared(older, newer)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"plan": "other"}, "plan"),
        ({"as_of": "2024-12-01"}, "as_of"),
    ],
)
def test_a_version_of_another_plan_or_day_is_refused(demo, july, tmp_path, change, where):
    path = tmp_path / "plan-v2.json"
    path.write_bytes(version_bytes(replace(july.version, **change)))
    with pytest.raises(InputError) as told:
        rearrange(demo, "2024-06-30", str(path))
    assert [problem.where for problem in told.value.problems] == [where]


@pytest.mark.parametrize("as_of", ["2024-02-30", "2023-06-30", "六月"])
def test_a_day_outside_the_year_is_refused(demo, as_of):
    with pytest.raises(InputError, match="as_of"):
        rearrange(demo, as_of)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "计划版本"),
        ("{}", "计划版本"),
        ("[]", "计划版本"),
    ],
)
def test_a_file_that_is_no_version_is_refused(tmp_path, text, where):
    path = tmp_path / "plan-v9.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_version(path)
    assert told.value.problems[0].where == where


def test_a_version_with_negative_visits_is_refused(july, tmp_path):
    path = tmp_path / "plan-v2.json"
    text = version_bytes(july.version).decode("utf-8").replace('"P01": [\n   3,', '"P01": [\n   -3,')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"visits\.P01"):
        read_version(path)


def test_the_next_version_knows_all_its_ancestors(july):
    third = successor(july.version, "2024-08-31", july.version.visits, july.version.names)
    assert third.ancestors == (july.before.digest, july.version.digest)
    assert third.number == 3


def test_an_overload_of_a_month_that_is_over_is_told_and_not_asked_to_be_mended(july):
    table = july.findings[july.findings["check"] == "month_capacity"]
    assert table["where"].tolist() == ["6 月 执法大队"]
    assert table["severity"].tolist() == ["note"]
