"""The standing plan: what is done stays, the rest moves little, and month and re-plan are the same plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import openpyxl
import pandas as pd
import pytest

from enforce.desk.run.handover import replan_books, replan_files
from enforce.desk.standing import Standing, change_of_day, first_version, replan, standing, version_in_force
from enforce.desk.standing import month as month_of
from enforce.desk.year import Year
from enforce.inputs.versions import Version, read_version, related, version_bytes
from enforce.planning import visits
from enforce.planning.account import monthly_reserve
from enforce.planning.changes.order import changes, moved_visits
from enforce.planning.checks import MONTH_CHECKS, STANDING_CHECKS, findings
from enforce.planning.months.allocate import allocate
from enforce.planning.months.position import Position, open_room
from enforce.planning.through import progress
from enforce.words.problems import InputError
from enforce.words.terms import Stage

pytestmark = pytest.mark.slow

JULY = "2024-06-30"
APPROVED = "2024-03-13"


@pytest.fixture(scope="module")
def base(year, tmp_path_factory) -> str:
    """The file of the approved plan."""
    return write(first_version(year), tmp_path_factory.mktemp("versions"))


@pytest.fixture(scope="module")
def late(year) -> Standing:
    """The plan on the day it was approved, 13 March."""
    return replan(year, APPROVED)


@pytest.fixture(scope="module")
def july(year, base) -> Standing:
    return replan(year, JULY, base)


def write(version: Version, folder: Path) -> str:
    path = folder / f"plan-v{version.number}.json"
    path.write_bytes(version_bytes(version))
    return str(path)


def with_tables(year: Year, **tables: pd.DataFrame) -> Year:
    """The same year with other tables; nothing worked out before is kept."""
    return replace(year, tables=replace(year.tables, **tables))


def without_records(year: Year, code: str, month: int, count: int) -> Year:
    """The year with the last so many visits of a task in a month not done."""
    records = year.tables.records
    mine = records[(records["task_id"] == code) & (records["date"].str[5:7].astype(int) == month)]
    assert len(mine) >= count
    return with_tables(year, records=records.drop(mine.index[-count:]).reset_index(drop=True))


def doing_as_planned(year: Year, plan: pd.DataFrame, until: int) -> Year:
    """The year in which the plan was done to the letter up to a month, on the first workday of each."""
    days = year.calendar.days[year.calendar.days["workday"]].groupby("month")["date"].first()
    model = year.tables.records.iloc[0]
    rows = [
        {**model, "record_id": f"T{row.task_id}{row.month:02}{n:03}", "date": days[row.month], "task_id": row.task_id}
        for row in plan.itertuples()
        if row.month <= until
        for n in range(row.visits)
    ]
    return with_tables(year, records=pd.DataFrame(rows, columns=year.tables.records.columns))


def done(found: Standing) -> dict[tuple[str, int], int]:
    rows = found.position.done
    return {(row.task_id, row.month): row.visits for row in rows.itertuples()}


def plan_of(visits: pd.DataFrame) -> dict[tuple[str, int], int]:
    return {(row.task_id, row.month): row.visits for row in visits.itertuples() if row.visits}


def add_up(found: Standing) -> None:
    """Placed and unplaced make the plan, task by task; more than planned only where more was done."""
    placed = found.allocation.visits.groupby("task_id")["visits"].sum()
    left = found.unplaced.set_index("task_id")["unplaced_visits"]
    for task in found.year.tasks.itertuples():
        made = sum(n for (code, _), n in done(found).items() if code == task.task_id)
        whole = int(placed[task.task_id]) + int(left.get(task.task_id, 0))
        assert whole == max(task.planned_visits, made), task.task_id


# --- a plan approved late -------------------------------------------------------------------------------------------


def test_on_13_march_49_of_61_workdays_are_gone_and_12_of_21_remain_of_the_month(late):
    days = late.year.calendar.days[late.year.calendar.days["workday"]]
    quarter = days[days["month"] <= 3]
    assert (int((quarter["date"] <= APPROVED).sum()), len(quarter)) == (49, 61)
    assert (late.moment.workdays_ahead, int((quarter["month"] == 3).sum())) == (12, 21)
    assert (late.moment.day_month, late.closed) == (3, 2)


def test_january_and_february_are_what_was_done_and_nothing_else(late):
    plan = plan_of(late.allocation.visits)
    assert {cell: n for cell, n in plan.items() if cell[1] <= 2} == {c: n for c, n in done(late).items() if c[1] <= 2}
    assert (late.order["month"] > 2).all()


def test_march_holds_what_was_done_and_no_more_than_12_of_its_21_workdays_take(late):
    plan = plan_of(late.allocation.visits)
    march = {code: n for (code, month), n in done(late).items() if month == 3}
    assert march
    assert all(plan[code, 3] >= n for code, n in march.items())
    capacity = late.year.capacity[late.year.capacity["month"] == 3].set_index("team")["capacity_days"]
    left = late.left.set_index("team")["capacity_days"]
    for team in left.index:
        assert left[team] == int(capacity[team] * 2 * 12 / 21) / 2
    need: dict[str, float] = {}
    for task in late.year.tasks.itertuples():
        ahead = plan.get((task.task_id, 3), 0) - march.get(task.task_id, 0)
        assert ahead >= 0
        need[task.team] = need.get(task.team, 0) + ahead * task.visit_days * task.officers_per_visit
        for team, each in task.invited:
            need[team] = need.get(team, 0) + ahead * each
    overload = late.allocation.proof.set_index("stage").loc[Stage.OVERLOAD, "value"]
    excess = sum(max(days - left.get(team, 0), 0) for team, days in need.items())
    assert excess <= overload
    if not overload:
        assert all(days <= left.get(team, 0) for team, days in need.items())


def test_the_late_plan_adds_up_and_is_proved(late):
    add_up(late)
    assert late.allocation.proof["proved"].all()


def test_the_late_approval_is_among_the_findings(late):
    assert "approved_in_time" in set(late.findings["check"])


def test_on_the_last_workday_of_a_month_the_month_is_over(year):
    last = replan(year, "2024-03-29")
    assert (last.moment.workdays_ahead, last.closed, last.left) == (0, 3, None)
    before = replan(year, "2024-03-28")
    assert (before.moment.workdays_ahead, before.closed) == (1, 2)


def approved_on(year: Year, day: str) -> Year:
    """The same plan, nothing on record, expected to be approved on a day."""
    plan = year.plan.model_copy(update={"approval": (), "approved_on": day})
    return replace(year, plan=plan, versions=())


def test_three_days_of_approval_give_three_annexes_and_before_the_year_it_is_the_draft(year):
    days = ("2023-12-20", APPROVED, "2024-05-17")
    early, late, later = (approved_on(year, day).annex.visits for day in days)
    assert not early.equals(late)
    assert not late.equals(later)
    assert not early.equals(later)
    pd.testing.assert_frame_equal(early, year.draft.visits)
    done = progress.done_by_month(progress.until(year.tables.records, "2024-05-17"))
    gone = {cell: n for cell, n in plan_of(done).items() if cell[1] < 5}
    assert {cell: n for cell, n in plan_of(later).items() if cell[1] < 5} == gone


def test_the_first_version_is_the_plan_standing_on_its_day(year, late):
    assert late.differences.empty
    pd.testing.assert_frame_equal(year.annex.visits, late.allocation.visits)


def test_approved_in_mid_year_without_records_nothing_is_planned_into_months_gone_and_the_finding_says_so(year):
    bare = approved_on(with_tables(year, records=year.tables.records.iloc[:0]), "2024-05-17")
    assert {month for _, month in plan_of(bare.annex.visits)} == set(range(5, 13))
    (finding,) = bare.findings[bare.findings["check"] == "gone_recorded"].itertuples()
    assert "1-5 月" in finding.message
    assert finding.severity == "doubt"
    assert "everything_placed" in set(bare.findings["check"])  # the campaign of the first quarter


# --- every version --------------------------------------------------------------------------------------------------


def test_every_version_adds_up_and_keeps_its_ancestors(year, late, tmp_path):
    first, versions, found = late.before, [late.before, late.version], late
    for day in ("2024-04-30", JULY, "2024-09-12", "2024-12-31"):
        found = replan(year, day, write(found.version, tmp_path))
        add_up(found)
        versions.append(found.version)
    assert [version.number for version in versions] == [1, 2, 3, 4, 5, 6]
    for n, newer in enumerate(versions):
        assert newer.ancestors == tuple(version.digest for version in versions[:n])
        assert all(related(older, newer) == [] for older in versions[:n])
        assert related(newer, first) != []
    assert all(int(v.visits["visits"].sum()) >= 261 - 20 for v in versions)


def test_planning_again_on_the_same_day_changes_nothing(july, late, tmp_path):
    for found in (july, late):
        again = replan(found.year, found.as_of, write(found.version, tmp_path))
        assert again.differences.empty
        pd.testing.assert_frame_equal(again.allocation.visits, found.allocation.visits)
        assert moved_visits(again.order) == 0
        assert "总数不变" in again.approver


def test_the_same_day_gives_the_same_bytes(year, july, base):
    other = with_tables(year, records=year.tables.records.iloc[::-1].reset_index(drop=True))
    assert version_bytes(replan(other, JULY, base).version) == version_bytes(july.version)


def test_the_files_of_a_version_read_back_as_written(july, tmp_path):
    assert set(replan_files(july, "")["note"]) == {"本次没有写出"}
    assert list(tmp_path.iterdir()) == []
    replan_files(july, str(tmp_path))
    written = [read_version(tmp_path / f"plan-v{n}.json") for n in (1, 2)]
    assert [version_bytes(version) for version in written] == [version_bytes(v) for v in (july.before, july.version)]
    assert (tmp_path / f"调整单-{JULY}.xlsx").stat().st_size > 0


def test_the_first_sheet_of_the_change_order_says_what_it_is_held_against_and_who_approves(july, tmp_path):
    name = f"调整单-{JULY}.xlsx"
    book = openpyxl.load_workbook(replan_books(july)[name](tmp_path / name))
    above = "".join(str(cell.value) for row in book["调整单"].iter_rows(max_row=3) for cell in row if cell.value)
    assert f"与第 1 版（{APPROVED}，摘要 {july.before.digest[:12]}）比较" in above
    assert july.approver in above
    told = [cell.value for row in book["说明"].iter_rows() for cell in row if cell.value]
    assert "假定：重点检查占比下限 = 未见规定" in told
    assert not [text for text in told if "None" in str(text)]


def test_without_any_change_the_published_plan_stands(year, base):
    calm = replan(doing_as_planned(year, year.allocation.visits, 6), JULY, base)
    assert calm.differences.empty
    assert calm.unplaced.empty
    assert calm.allocation.proof.set_index("stage").loc[Stage.MOVES, "value"] == 0


# --- what had to change and what was chosen --------------------------------------------------------------------------


def test_visits_that_slipped_are_made_up_and_nothing_else_moves(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    months = plan_of(year.allocation.visits)
    count = months["P11", 6]
    slipped = replan(without_records(calm, "P11", 6, count), JULY, base)
    assert slipped.past[["task_id", "month", "changed_visits", "reason", "forced"]].values.tolist() == [
        ["P11", 6, -count, "逾期未做", True]
    ]
    assert set(slipped.order["task_id"]) == {"P11"}
    assert set(slipped.order["reason"]) == {"逾期补排"}
    assert not slipped.order["forced"].any()
    assert slipped.order["changed_visits"].sum() == count
    assert moved_visits(slipped.order, slipped.closed) == 0


def test_visits_done_ahead_are_taken_off_later_months(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    extra = calm.tables.records[calm.tables.records["task_id"] == "P11"].iloc[:2]
    extra = extra.assign(record_id=["X1", "X2"], date="2024-06-03")
    ahead = replan(with_tables(calm, records=pd.concat([calm.tables.records, extra], ignore_index=True)), JULY, base)
    assert ahead.past[["task_id", "changed_visits", "reason"]].values.tolist() == [["P11", 2, "提前完成"]]
    assert ahead.order["changed_visits"].sum() == -2
    assert set(ahead.order["reason"]) == {"已提前完成"}
    assert ahead.order["forced"].all()
    add_up(ahead)


def test_what_is_done_beyond_the_month_already_begun_is_not_called_a_choice(year, base):
    planned = plan_of(year.allocation.visits)
    calm = doing_as_planned(year, year.allocation.visits, 6)
    mine = calm.tables.records[(calm.tables.records["task_id"] == "P11")]
    extra = pd.concat([mine.iloc[:1]] * (planned["P11", 7] + 2)).assign(date="2024-07-02")
    extra = extra.assign(record_id=[f"X{n}" for n in range(len(extra))])
    begun = replan(
        with_tables(calm, records=pd.concat([calm.tables.records, extra], ignore_index=True)), "2024-07-10", base
    )
    july = begun.order[(begun.order["task_id"] == "P11") & (begun.order["month"] == 7)]
    assert july[["reason", "forced"]].values.tolist() == [["提前完成", True]]
    add_up(begun)


def test_closed_units_mean_fewer_visits_and_an_approval(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    fewer = calm.tables.tasks.assign(
        planned_visits=calm.tables.tasks["planned_visits"] - 3 * (calm.tables.tasks["task_id"] == "P01")
    )
    found = replan(with_tables(calm, tasks=fewer), JULY, base)
    assert set(found.order["task_id"]) == {"P01"}
    assert set(found.order["reason"]) == {"家次调减"}
    assert found.order["changed_visits"].sum() == -3
    assert found.order["forced"].all()
    assert "总数有变化" in found.approver
    assert found.effects.set_index("item").loc["全年计划家次"].tolist() == ["261 家次", "258 家次"]
    add_up(found)


def test_a_task_taken_back_still_counts_in_what_was_planned_before(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    tasks = calm.tables.tasks
    found = replan(with_tables(calm, tasks=tasks[tasks["task_id"] != "P06"].reset_index(drop=True)), JULY, base)
    told = found.effects.set_index("item")
    assert told.loc["全年计划家次"].tolist() == ["261 家次", "251 家次"]
    assert told.loc["已取消的事项"].tolist() == ["10 家次（3.8%）", "0 家次"]
    untouched = replan(year, JULY, base).effects.set_index("item")
    assert told.loc["执法大队最高负荷", "before"] == untouched.loc["执法大队最高负荷", "before"]


def test_the_load_of_the_months_ahead_is_told_apart_from_what_is_over(july):
    told = july.effects.set_index("item")
    over = july.allocation.loads.query("team == '执法大队' and month == 6")["load"].iloc[0]
    ahead = july.allocation.loads.query("team == '执法大队' and month > 6")["load"].max()
    assert ahead < 1 < over
    assert told.loc["执法大队最高负荷", "after"] == f"{over:.1%}"
    assert told.loc["执法大队最高负荷（7 月起）", "after"] == f"{ahead:.1%}"
    assert told.loc["超负荷（7 月起）", "after"] == "0 人日"


def test_an_ordered_task_names_the_visits_it_displaces(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    ordered = calm.tables.tasks.iloc[[6]].assign(
        task_id="T01", name="高温专项", planned_visits=20, planned_units=20, periods=[((7, 8),)], visit_days=2.0
    )
    found = replan(with_tables(calm, tasks=pd.concat([calm.tables.tasks, ordered], ignore_index=True)), JULY, base)
    assert found.ordered == ["T01"]
    assert set(found.order.loc[found.order["task_id"] == "T01", "reason"]) == {"临时任务"}
    assert found.order.loc[found.order["task_id"] == "T01", "changed_visits"].sum() == 20
    assert {7, 8} <= set(found.displaced["month"]) <= {7, 8, 9, 10}  # in autumn to make room for what leaves summer
    assert (found.displaced["changed_visits"] < 0).all()
    assert "T01" not in set(found.displaced["task_id"])
    moved = found.order[(found.order["changed_visits"] < 0) & (found.order["task_id"] != "T01")]
    assert -found.displaced["changed_visits"].sum() == -moved["changed_visits"].sum()  # nothing else had to move
    assert "总数有变化" in found.approver
    add_up(found)


def test_visits_that_ordered_work_displaces_give_it_as_their_reason(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    ordered = calm.tables.tasks.iloc[[6]].assign(
        task_id="T01", name="高温专项", planned_visits=20, planned_units=20, periods=[((7, 8),)], visit_days=2.0
    )
    found = replan(with_tables(calm, tasks=pd.concat([calm.tables.tasks, ordered], ignore_index=True)), JULY, base)
    out = found.order[(found.order["changed_visits"] < 0) & (found.order["task_id"] != "T01")]
    assert set(out["reason"]) == {"临时任务挤占"}


def test_a_limit_that_the_older_version_does_not_keep_is_told_and_is_the_reason_of_what_it_moves(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    limits = pd.DataFrame({"task_id": ["P09", "P11"], "months": [(8,), (3,)], "minimum": [6, 60], "maximum": [6, None]})
    found = replan(with_tables(calm, limits=limits), JULY, base)
    assert found.causes.values.tolist() == [["家次限制", "P09 8 月", "3 家次", "最少 6、最多 6 家次"]]
    moves = found.order[["task_id", "month", "changed_visits", "reason", "forced"]].values.tolist()
    assert ["P09", 7, -3, "家次限制", True] in moves
    assert ["P09", 8, 3, "家次限制", True] in moves
    add_up(found)


def test_a_small_ordered_task_displaces_nothing(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 6)
    ordered = calm.tables.tasks.iloc[[8]].assign(
        task_id="T01", name="抽查", planned_visits=1, planned_units=1, periods=[((8, 9, 10),)]
    )
    found = replan(with_tables(calm, tasks=pd.concat([calm.tables.tasks, ordered], ignore_index=True)), JULY, base)
    assert found.displaced.empty
    assert set(found.order["task_id"]) == {"T01"}


def test_without_ordered_work_nothing_is_displaced(july):
    assert july.ordered == []
    assert july.displaced.empty


# --- someone leaves -------------------------------------------------------------------------------------------------


def leaving(year: Year, base: str, count: int, last: int) -> Standing:
    """So many of nine officers leave at the end of a month; until July all is done as planned."""
    calm = doing_as_planned(year, year.allocation.visits, 6)
    team = year.tables.roster["team"] == "执法大队"
    going = year.tables.roster.index.isin(year.tables.roster[team].index[:count])
    roster = year.tables.roster.assign(to_month=[last if gone else 12 for gone in going])
    return replan(with_tables(calm, roster=roster), JULY, base)


@pytest.fixture(scope="module")
def fewer(year, base) -> Standing:
    """One officer leaves at the end of June: the rest of the year is beyond what is left."""
    return leaving(year, base, 1, 6)


def test_who_leaves_in_july_is_missing_from_july_on(fewer, year):
    before, now = (y.statutory.set_index(["team", "month"])["officer_count"] for y in (year, fewer.year))
    assert [int(before["执法大队", m] - now["执法大队", m]) for m in (6, 7, 12)] == [0, 1, 1]
    assert now["危化科"].equals(before["危化科"])


@pytest.mark.parametrize("last", range(1, 12))
def test_who_leaves_lowers_no_month_before_and_the_account_still_balances(year, last):
    roster = year.tables.roster
    gone = with_tables(year, roster=roster.assign(to_month=[last, *roster["to_month"].iloc[1:]]))
    before, now = (y.capacity.set_index(["team", "month"])["capacity_days"] for y in (year, gone))
    assert {month for team, month in before.index if before[team, month] != now[team, month]} == set(
        range(last + 1, 13)
    )
    account = gone.account[(gone.account["line"] == "capacity_days") & (gone.account["team"] == "执法大队")]
    assert now["执法大队"].sum() == account["days"].item()


@pytest.mark.parametrize(("count", "last"), [(1, 6), (1, 10), (2, 10), (3, 11)])
def test_with_officers_gone_only_what_must_move_moves(year, base, count, last):
    found = leaving(year, base, count, last)
    add_up(found)
    plan, published = plan_of(found.allocation.visits), plan_of(found.before.visits)
    assert {c: n for c, n in plan.items() if c[1] <= 6} == {c: n for c, n in published.items() if c[1] <= 6}
    assert (found.order["month"] > 6).all()
    assert set(found.order["reason"]) <= {"人员减少", "移出", "移入"}
    assert set(found.order.loc[found.order["reason"] == "人员减少", "month"]) <= set(range(last + 1, 13))
    assert found.order["changed_visits"].sum() == 0
    proof = found.allocation.proof.set_index("stage")
    assert proof.loc[Stage.MOVES, "proved"]
    assert proof.loc[Stage.OVERLOAD, "proved"]
    out = found.order[found.order["changed_visits"] < 0]
    costs = sum(found.move_costs[row.month] * -row.changed_visits for row in out.itertuples())
    assert proof.loc[Stage.MOVES, "value"] == costs
    assert (costs > 0) == (last > 6)  # from July on every month is beyond its capacity: no move would help
    anew = allocate(found.year.tasks, found.year.capacity, replace(found.position, published=None))
    without_memory = changes(found.before.visits, anew.visits, found.year.tasks, found.closed)
    assert moved_visits(found.order, found.closed) < moved_visits(without_memory, found.closed)


def test_july_and_august_are_dearer_to_change_than_december(fewer):
    costs = fewer.year.plan.move_costs
    assert costs.published > costs.announced > costs.internal
    assert fewer.move_costs[7] == costs.published
    assert fewer.move_costs[12] == costs.internal
    spring = replan(fewer.year, "2024-04-10").move_costs
    assert [spring[month] for month in (4, 5, 6, 7)] == [
        costs.published,
        costs.published,
        costs.announced,
        costs.internal,
    ]


def test_a_month_over_capacity_is_found_with_its_figure_and_its_limit(fewer, year, base):
    over = fewer.allocation.loads[fewer.allocation.loads["overload_days"] > 0]
    told = fewer.findings[fewer.findings["check"] == "month_capacity"]
    assert len(over) > 0
    assert len(told) == len(over)
    by_place = told.set_index("where")
    for row in over.itertuples():
        finding = by_place.loc[f"{row.month} 月 {row.team}"]
        assert finding["severity"] == ("note" if row.month <= fewer.closed else "error")
        assert f"{row.overload_days:g} 人日" in finding["message"]
        assert f"{row.needed_days:g}" in finding["figure"]
        assert f"{row.capacity_days:g}" in finding["limit"]
    assert set(told["severity"]) == {"error"}  # nobody was missing before July, so no month that is over is short
    calm = replan(doing_as_planned(year, year.allocation.visits, 6), JULY, base)
    assert "month_capacity" not in set(calm.findings["check"])


def test_what_does_not_fit_any_more_is_told_of_the_months_ahead(fewer):
    (told,) = fewer.shortage["message"]
    assert "执法大队" in told
    assert "人日" in told
    named = {int(month) for month in re.findall(r"(\d+) ?月", told.split("项任务")[0])}
    assert not named & set(range(1, 7))


def test_a_plan_that_does_not_fit_says_so_wherever_it_stands_by_months(fewer, july, tmp_path):
    assert "超负荷：执法大队 " in fewer.plan_mark
    books = replan_books(fewer)
    for name in (f"调整单-{JULY}.xlsx", f"季度计划-{JULY}.xlsx"):
        book = openpyxl.load_workbook(books[name](tmp_path / name))
        above = {
            page.title: "".join(str(cell.value) for row in page.iter_rows(max_row=3) for cell in row if cell.value)
            for page in book.worksheets
        }
        assert any(fewer.overloaded in text for text in above.values()), (name, above)


def test_ways_out_of_a_new_plan_use_what_is_left_of_the_year(fewer, july):
    found = fewer.ways_out.set_index("way")
    ahead = fewer.allocation.loads[fewer.allocation.loads["month"] > fewer.closed]
    assert found.at["借用人员", "days"] == ahead["overload_days"].sum()
    assert found["days"].is_monotonic_increasing
    assert all(not re.search(r"\b[1-6] 月", message) for message in found["message"])
    assert july.ways_out.empty == july.shortage.empty


def test_the_reserve_of_a_month_begun_is_that_of_its_workdays_left(late):
    whole = open_room(monthly_reserve(late.year.account, late.year.statutory))["执法大队"]
    assert late.year.reserve == late.reserve
    assert sorted(late.reserve["执法大队"]) == list(range(3, 13))
    assert late.reserve["执法大队"][3] == whole[3] * 12 // 21
    assert late.reserve["执法大队"][4] == whole[4]


def test_the_effect_on_the_highest_load_is_that_of_the_two_plans(fewer):
    table = fewer.effects.set_index("item")
    now = fewer.allocation.loads[fewer.allocation.loads["team"] == "执法大队"]["load"].max()
    assert table.loc["执法大队最高负荷", "after"] == f"{now:.1%}"
    assert table.loc["全年计划家次", "before"] == table.loc["全年计划家次", "after"] == "261 家次"


# --- what has no month left -----------------------------------------------------------------------------------------


def test_a_campaign_whose_quarter_is_over_is_told_as_unplaced_and_found(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 3)
    found = replan(without_records(calm, "P05", 3, 4), "2024-03-31", base)
    assert found.unplaced[["task_id", "unplaced_visits"]].values.tolist() == [["P05", 4]]
    told = found.findings[found.findings["check"] == "everything_placed"]
    assert told["where"].tolist() == [f"P05 {year.names['P05']}"]
    assert told["figure"].tolist() == ["4 家次"]
    kept = replan(calm, "2024-03-31", base)
    assert "everything_placed" not in set(kept.findings["check"])
    assert kept.unplaced.empty


def test_what_is_unplaced_is_in_the_change_order_as_slipped(year, base):
    calm = doing_as_planned(year, year.allocation.visits, 3)
    found = replan(without_records(calm, "P05", 3, 4), "2024-03-31", base)
    assert found.past[["task_id", "month", "changed_visits"]].values.tolist() == [["P05", 3, -4]]
    assert found.order.empty


def test_a_plan_not_proved_is_found(july):
    allocation = replace(july.allocation, proof=july.allocation.proof.assign(proved=False))
    case = july.year.case(july.records, allocation)
    assert "proof" in set(findings(case, MONTH_CHECKS)["check"])
    assert "proof" not in set(july.findings["check"])


def test_one_visit_more_is_answered_for_the_months_ahead(july):
    table = july.one_more
    assert table["month"].tolist() == list(range(1, 13))
    assert (table["reason"][:6] == "已完成").all()
    assert not table["reason"][6:].isin({"已完成"}).any()


# --- one standing plan: the month's arrangement is the re-plan of the day before -------------------------------------

EVES = [(date(2024, month, 1) - timedelta(days=1)).isoformat() for month in range(1, 13)]


def random_year(year: Year, seed: int) -> Year:
    """A year of six of the demo's tasks: some work done on other days, some not, officers gone, two versions."""
    draw = Random(seed)
    codes = set(draw.sample(sorted(year.names), 6))
    tasks = year.tasks[year.tasks["task_id"].isin(codes)].reset_index(drop=True)
    roster = year.tables.roster.copy()
    roster.loc[draw.sample(list(roster.index), 2), "to_month"] = draw.randint(4, 11)
    records = year.tables.records[year.tables.records["task_id"].isin({"", *codes})].sample(frac=0.8, random_state=seed)
    days = [f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}" for _ in range(len(records))]
    made = replace(with_tables(year, tasks=tasks, records=records.assign(date=days)), versions=())
    first = replace(first_version(made), as_of=f"2024-{draw.randint(1, 4):02}-15")
    made = replace(with_tables(made, roster=roster), versions=(first,))
    return replace(made, versions=(first, standing(made, f"2024-{draw.randint(6, 10):02}-20").version))


def arranged(year: Year, month: int) -> dict[tuple[str, int], int]:
    """The plan a month begins with, written out once more: visits done, version in force, what a move costs."""
    records = year.tables.records[year.tables.records["date"] < f"2024-{month:02}-01"]
    approved = [version.visits for version in year.versions if version.as_of < f"2024-{month:02}-01"]
    costs = year.plan.move_costs
    announced = [m for m in range(1, 13) if (m + 2) // 3 == (month + 1) // 3]
    plan = allocate(
        visits.without_lost(year.tasks, year.lost(records)),
        year.capacity,
        Position(
            done=progress.done_by_month(records),
            closed=month - 1,
            published=[year.draft.visits, *approved][-1],
            move_costs={
                m: costs.published if m <= month else costs.announced if m in announced else costs.internal
                for m in range(1, 13)
            },
            limits=year.tables.limits,
        ),
    )
    return plan_of(plan.visits)


def agree(year: Year, month: int) -> None:
    """Month, re-plan of the day before and the plan written out are one; lines, notice and order are its tables."""
    plan, expected = month_of(year, month), arranged(year, month)
    assert (plan.next_month, plan.closed) == (month, month - 1)
    assert plan_of(plan.allocation.visits) == expected
    assert plan_of(replan(year, EVES[month - 1]).allocation.visits) == expected
    lines = plan.lines.set_index("task_id")
    assert lines["visits"].to_dict() == {code: expected.get((code, month), 0) for code in lines.index}
    assert plan.notice["visits"].sum() == sum(count for (_, m), count in expected.items() if m == month)
    changed = plan.order[plan.order["month"] == month].set_index("task_id")["changed_visits"]
    assert changed.to_dict() == lines.loc[lines["changed_visits"] != 0, "changed_visits"].to_dict()


@pytest.mark.parametrize("month", range(1, 13))
def test_the_month_of_the_demo_is_the_replan_of_the_day_before_cell_by_cell(year, month):
    agree(year, month)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_month_of_a_random_year_is_the_replan_of_the_day_before(year, seed):
    random = random_year(year, seed)
    for month in range(1, 13):
        agree(random, month)


# --- which version a day departs from -------------------------------------------------------------------------------


def test_before_its_approval_the_plan_is_a_draft_and_says_so(year):
    before, after = standing(year, "2024-03-12"), standing(year, APPROVED)
    assert (before.draft, after.draft) == (True, False)
    assert before.basis["frozen"].tolist() == ["草案"]
    assert "草案" in before.mark
    assert "草案" in before.plan_mark
    assert "草案" not in after.mark
    assert after.basis["frozen"].tolist() == ["已定版"]


def test_the_day_before_the_year_is_a_day_on_which_nothing_is_done_and_all_is_open(year):
    eve = replan(year, "2023-12-31")
    assert (eve.moment.day_month, eve.closed, eve.next_month, eve.left) == (0, 0, 1, None)
    assert eve.records.empty
    assert eve.order.empty
    assert eve.move_costs == {1: 100, **dict.fromkeys(range(2, 13), 1)}
    assert plan_of(eve.allocation.visits) == plan_of(year.draft.visits)


def test_a_day_departs_from_the_newest_version_approved_by_then(year):
    second = standing(year, JULY).version
    later = replace(year, versions=(*year.versions, second))
    assert version_in_force(later, "2024-06-29").number == 1
    assert version_in_force(later, JULY).number == 2
    assert standing(later, "2024-12-31").before.digest == second.digest
    assert version_in_force(later, "2024-03-12").visits.equals(year.draft.visits)


def test_the_change_order_of_a_day_departs_from_the_version_before_the_one_it_became(year):
    order = change_of_day(year, JULY)
    later = replace(year, versions=(*year.versions, order.version))
    assert (change_of_day(later, JULY).before.number, replan(later, JULY).before.number) == (1, 2)
    assert change_of_day(later, JULY).version.digest == order.version.digest


def test_nothing_is_left_to_arrange_on_the_last_day_of_the_year(year):
    end = standing(year, "2024-12-31")
    assert end.next_month == 13
    assert end.lines.empty
    assert end.notice.empty
    assert end.order.empty


# --- refused --------------------------------------------------------------------------------------------------------


def refusal(year: Year, day: str, base: str = "") -> set[str]:
    with pytest.raises(InputError) as caught:
        replan(year, day, base)
    return {problem.where for problem in caught.value.problems}


@pytest.mark.parametrize("day", ["2023-06-30", "2025-01-01", "2024-02-30", "2024-6-30", "", "六月", "2024-"])
def test_a_day_that_is_none_of_the_year_is_refused(year, day):
    assert refusal(year, day) == {"as_of"}


def test_a_version_of_another_plan_or_another_year_is_refused(year, july, tmp_path):
    assert refusal(year, JULY, write(replace(july.before, plan="jingan-2024"), tmp_path)) == {"plan"}
    assert refusal(year, JULY, write(replace(july.before, year=2023), tmp_path)) == {"plan"}


def test_a_version_younger_than_the_day_is_refused(year, july, tmp_path):
    assert refusal(year, "2024-05-31", write(july.version, tmp_path)) == {"as_of"}


def test_an_edited_version_is_refused(year, july, tmp_path):
    path = Path(write(july.version, tmp_path))
    path.write_text(path.read_text(encoding="utf-8").replace(JULY, "2024-06-28", 1), encoding="utf-8")
    assert refusal(year, JULY, str(path)) == {"digest"}


def test_a_version_that_is_not_there_is_refused(year, tmp_path):
    assert refusal(year, JULY, str(tmp_path / "plan-v7.json")) == {"计划版本"}


def test_fewer_visits_move_than_without_memory(july):
    forgetful = allocate(july.year.tasks, july.year.capacity, replace(july.position, published=None))
    order = changes(july.before.visits, forgetful.visits, july.year.tasks, july.closed)
    assert moved_visits(july.order, july.closed) < moved_visits(order, july.closed)


def test_an_overload_of_a_month_that_is_over_is_told_and_not_asked_to_be_mended(july):
    table = july.findings[july.findings["check"] == "month_capacity"]
    assert table["where"].tolist() == ["6 月 执法大队"]
    assert table["severity"].tolist() == ["note"]


# --- one month ------------------------------------------------------------------------------------------------------


def test_before_january_nothing_is_done_and_nothing_moves(year):
    month = month_of(year, 1)
    assert month.records.empty
    assert month.order.empty
    pd.testing.assert_frame_equal(month.allocation.visits, year.draft.visits)


@pytest.mark.parametrize("number", [2, 4, 7, 12])
def test_only_records_of_months_that_are_over_count(year, number):
    dates = month_of(year, number).records["date"]
    assert dates.max() < f"2024-{number:02}-01"
    everything = year.tables.records["date"]
    assert len(dates) == (everything < f"2024-{number:02}-01").sum()


@pytest.mark.parametrize("number", [4, 10])
def test_the_month_shows_what_was_approved_and_what_it_is_now(year, number):
    month = month_of(year, number)
    lines = month.lines.set_index("task_id")
    assert (lines["visits"] - lines["approved_visits"]).to_dict() == lines["changed_visits"].to_dict()
    approved = year.allocation.visits.query("month == @number").set_index("task_id")["visits"]
    now = month.allocation.visits.query("month == @number").set_index("task_id")["visits"]
    assert lines["approved_visits"].to_dict() == approved[lines.index].to_dict()
    assert lines["visits"].to_dict() == now[lines.index].to_dict()
    assert not set(approved[approved > 0].index) - set(lines.index)
    assert not set(now[now > 0].index) - set(lines.index)


def test_what_changed_is_told_for_the_months_still_open_and_only_there(year):
    month = month_of(year, 4)
    changes = month.order
    assert (changes["month"] >= 4).all()
    assert (changes["changed_visits"] != 0).all()
    before, after = (
        plan.visits.query("month >= 4").set_index(["task_id", "month"])["visits"]
        for plan in (year.allocation, month.allocation)
    )
    assert (after - before)[lambda gap: gap != 0].to_dict() == changes.set_index(["task_id", "month"])[
        "changed_visits"
    ].to_dict()


def test_a_position_adds_up_to_the_plan(year):
    position = month_of(year, 7).by_task
    over = position["done_visits"] > position["planned_visits"]
    assert not over.any()
    assert (position["done_visits"] + position["left_visits"]).tolist() == position["planned_visits"].tolist()


def test_the_public_notice_names_targets_and_items_and_only_units_that_may_be_announced(year):
    month = month_of(year, 4)
    notice = month.notice
    assert list(notice.columns) == [
        *("group", "task", "tier", "visits", "selection", "content", "objects", "commitments", "lead", "partners"),
    ]
    assert (notice["visits"] > 0).all()
    text = notice.to_csv()
    announced = set(month.announced["name"])
    assert {name for name in year.units["name"] if name in text} == announced
    assert set(month.announced["how"]) <= {"all", "ranked"}
    assert notice["visits"].sum() == month.allocation.visits.query("month == 4")["visits"].sum()


def test_the_loads_of_the_month_are_one_row_per_team(year):
    loads = month_of(year, 4).loads
    assert loads["team"].tolist() == ["执法大队", "危化科", "基础科"]
    assert "month" not in loads.columns


@pytest.mark.parametrize("number", [1, 4, 12])
def test_findings_of_a_month_come_from_the_checks_of_a_standing_plan(year, number):
    names = {check.__name__.removeprefix("check_") for check in STANDING_CHECKS}
    assert set(month_of(year, number).findings["check"]) <= names


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_month_that_is_none_is_refused(year, month):
    with pytest.raises(InputError, match="month"):
        month_of(year, month)
