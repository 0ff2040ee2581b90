"""Progress."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.through import progress
from enforce.planning.through.hazards import hazard_rates
from enforce.planning.through.progress import Statistics
from enforce.words.terms import Basis, Kind, Selection, Tier, Trigger
from tests.planning import small
from tests.work import trials


def rows(*counts: tuple[int, dict]) -> pd.DataFrame:
    """Records, so many of each kind."""
    return small.records(*(row for count, row in counts for _ in range(count)))


def by_month(plan: pd.DataFrame, records: pd.DataFrame, last: int = 12) -> pd.DataFrame:
    """The year by month, all of the plan expected."""
    return progress.completion_by_month(plan, records, plan, last)


def calendar(*months: int) -> pd.DataFrame:
    """Days of a year: of each month so many workdays, then one day off."""
    days = [
        (f"2024-{month:02}-{n:02}", month, n <= count)
        for month, count in enumerate(months, 1)
        for n in range(1, count + 2)
    ]
    return pd.DataFrame(days, columns=["date", "month", "workday"])


@pytest.fixture(scope="module")
def nankai():
    """Nankai 2023: 246 key visits and 186 general ones planned, 253 and 204 made."""
    tasks = small.tasks(
        {"tier": Tier.KEY, "planned_visits": 246}, {"tier": Tier.GENERAL, "planned_visits": 186, "group": "一般检查"}
    )
    return tasks, rows((253, {"task_id": "P01"}), (204, {"task_id": "P02"}))


# --- until and done -------------------------------------------------------------------------------------------------


def test_records_of_the_day_itself_are_in():
    table = small.records({"date": "2024-06-30"}, {"date": "2024-07-01"})
    assert progress.until(table, "2024-06-30")["record_id"].tolist() == ["R01"]


def test_done_counts_planned_visits_only_by_task_and_month():
    table = small.records(
        {"task_id": "P02", "date": "2024-03-05"},
        {"task_id": "P01", "date": "2024-03-05"},
        {"task_id": "P01", "date": "2024-03-29"},
        {"task_id": "", "date": "2024-03-29"},
        {"task_id": "P01", "date": "2024-12-01"},
    )
    assert progress.done_by_month(table).values.tolist() == [["P01", 3, 2], ["P01", 12, 1], ["P02", 3, 1]]


def test_no_records_are_no_work_and_no_error():
    empty = small.records()
    assert progress.done_by_month(empty).empty
    assert progress.completion_by_task(small.tasks({}), empty)["done_visits"].tolist() == [0]
    assert by_month(small.by_month(("P01", 1, 2)), empty)["done_visits"].sum() == 0
    assert progress.sources_of_visits(empty)["rate"].isna().all()
    assert hazard_rates(empty, "2024-12-31")["rate"].isna().all()


# --- completion -----------------------------------------------------------------------------------------------------


def test_nankai_completed_102_8_and_109_7_per_cent_of_its_plan(nankai):
    by_task = progress.completion_by_task(*nankai)
    table = progress.completion_by(by_task, "tier")
    assert table["tier"].tolist() == [Tier.KEY, Tier.GENERAL, "合计"]
    assert table["completion"].round(3).tolist() == [1.028, 1.097, 1.058]
    assert table[["numerator", "denominator"]].values.tolist() == [[253, 246], [204, 186], [457, 432]]


def test_done_beyond_the_plan_leaves_nothing_rather_than_less(nankai):
    assert progress.completion_by_task(*nankai)["left_visits"].tolist() == [0, 0]


def test_visits_removed_leave_the_denominator_and_stand_beside_it():
    removed = pd.DataFrame({"task_id": ["P01", "P01"], "removed_visits": [1, 0]})
    table = progress.completion_by_task(small.tasks({"planned_visits": 5}), rows((2, {})), removed)
    columns = ["planned_visits", "removed_visits", "numerator", "denominator", "completion", "left_visits"]
    assert table[columns].iloc[0].tolist() == [5, 1, 2, 4, 0.5, 2]
    assert "removed_visits" not in progress.completion_by_task(small.tasks({}), rows((2, {})), removed.head(0))


def test_what_is_left_is_the_plan_less_what_is_done():
    table = progress.completion_by_task(small.tasks({"planned_visits": 5}), rows((2, {})))
    assert table[["planned_visits", "done_visits", "left_visits", "completion"]].values.tolist() == [[5, 2, 3, 0.4]]


def test_a_line_without_planned_visits_has_no_completion():
    assert progress.completion_by_task(small.tasks({"planned_visits": 0}), rows((1, {})))["completion"].isna().all()


def test_a_visit_after_the_last_month_of_its_line_is_late_and_one_between_two_periods_is_not():
    tasks = small.tasks({"planned_visits": 4, "periods": ((5, 6), (10, 11))}, {"planned_visits": 1})
    table = small.records(
        {"date": "2024-08-01"}, {"date": "2024-11-29"}, {"date": "2024-12-02"}, {"date": "2024-12-31", "task_id": "P02"}
    )
    assert progress.completion_by_task(tasks, table)["late_visits"].tolist() == [1, 0]


def test_groups_keep_the_order_of_the_plan_and_end_with_the_total():
    tasks = small.tasks({"group": "乙"}, {"group": "甲"}, {"group": "乙"})
    table = progress.completion_by(progress.completion_by_task(tasks, rows((1, {"task_id": "P03"}))), "group")
    assert table["group"].tolist() == ["乙", "甲", "合计"]
    assert table["done_visits"].tolist() == [1, 0, 1]


def test_the_year_by_month_counts_planned_and_unplanned_apart_and_runs_on():
    plan = small.by_month(("P01", 1, 2), ("P01", 2, 2), ("P02", 2, 1))
    table = by_month(
        plan,
        small.records({"date": "2024-01-05"}, {"date": "2024-02-05"}, {"date": "2024-02-06", "task_id": ""}),
    ).set_index("month")
    assert table.index.tolist() == list(range(1, 13))
    assert table.loc[2, ["planned_visits", "done_visits", "unplanned_visits"]].tolist() == [3, 1, 1]
    assert table.loc[2, ["planned_to_date", "done_to_date", "running_completion"]].tolist() == [5, 2, 0.4]
    assert table.loc[2, "month_completion"] == 1 / 3
    assert table.loc[12, "running_completion"] == 0.4


def test_before_anything_is_planned_there_is_no_completion():
    table = by_month(small.by_month(("P01", 3, 1)), small.records({"date": "2024-03-01"}))
    assert table["running_completion"].isna().tolist() == [True, True] + [False] * 10
    assert table["month_completion"].isna().tolist() == [True, True, False] + [True] * 9


def test_after_the_day_no_rate_is_known():
    table = by_month(small.by_month(("P01", 1, 1), ("P01", 2, 1)), small.records({"date": "2024-01-02"}), last=1)
    assert table["running_completion"].notna().sum() == table["month_completion"].notna().sum() == 1


# --- expected to the day --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "visits"),
    [
        ("2023-12-31", [0, 0]),
        ("2024-01-01", [3, 0]),  # 10 × 1 ÷ 4 = 2.5
        ("2024-01-02", [5, 0]),
        ("2024-01-04", [10, 0]),  # its last workday
        ("2024-01-05", [10, 0]),
        ("2024-02-01", [10, 1]),  # 3 × 1 ÷ 5 = 0.6
        ("2025-01-01", [10, 3]),
    ],
)
def test_months_gone_count_in_full_and_the_running_one_by_its_workdays_half_up(day, visits):
    plan = small.by_month(("P01", 1, 10), ("P01", 2, 3))
    assert progress.expected_by_month(plan, calendar(4, 5), day)["visits"].tolist() == visits


def test_a_month_without_workdays_is_expected_when_it_is_over():
    plan, days = small.by_month(("P01", 1, 2)), calendar(0, 3)
    assert progress.expected_by_month(plan, days, "2023-12-31")["visits"].tolist() == [0]
    assert progress.expected_by_month(plan, days, "2024-01-01")["visits"].tolist() == [2]


@trials(30)
@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.lists(st.integers(0, 8), min_size=3, max_size=3),
)
def test_what_is_expected_never_falls_and_ends_with_the_plan(visits, workdays):
    plan, days = small.by_month(*(("P01", month, count) for month, count in enumerate(visits, 1))), calendar(*workdays)
    sums = [progress.expected_by_month(plan, days, day)["visits"].sum() for day in days["date"]]
    assert sums == sorted(sums)
    assert sums[-1] == sum(visits)


def test_a_line_is_ahead_on_track_or_behind_by_so_many_visits():
    tasks = small.tasks(*({"planned_visits": 8} for _ in range(3)))
    done = rows((3, {"task_id": "P01"}), (2, {"task_id": "P02"}))
    plan = small.by_month(*((f"P0{n}", 1, 2) for n in (1, 2, 3)), ("P03", 2, 6))
    by_task = progress.against_expected(progress.completion_by_task(tasks, done), plan.head(3), over=False)
    assert by_task[["pace", "pace_visits"]].values.tolist() == [["ahead", 1], ["on_track", 0], ["behind", -2]]
    total = progress.completion_by(by_task, "tier").iloc[-1]
    assert total[["expected_visits", "pace", "pace_visits"]].tolist() == [6, "behind", -1]


def test_once_the_year_is_over_the_whole_total_of_today_is_expected():
    by_task = progress.completion_by_task(small.tasks({"planned_visits": 5}), rows((4, {})))
    plan = small.by_month(("P01", 1, 4), ("P01", 2, 3))
    assert progress.against_expected(by_task, plan, over=False)["expected_visits"].tolist() == [5]
    assert progress.against_expected(by_task, plan.head(1), over=True)["pace_visits"].tolist() == [-1]


# --- sources and coverage -------------------------------------------------------------------------------------------


def test_planned_and_unplanned_are_shares_of_all_and_triggers_of_the_unplanned():
    table = progress.sources_of_visits(
        rows(
            (6, {}),
            (3, {"task_id": "", "trigger": Trigger.COMPLAINT}),
            (1, {"task_id": "", "trigger": Trigger.ORDER}),
        )
    )
    assert table[["numerator", "denominator"]].values.tolist() == [[6, 10], [4, 10], [3, 4], [1, 4]]
    assert [Trigger.COMPLAINT.label in table["scope"][2], Trigger.ORDER.label in table["scope"][3]] == [True, True]


def test_coverage_counts_each_key_unit_once_and_no_other_unit():
    units = small.units({"is_key": True}, {"is_key": True}, {"is_key": True}, {})
    table = progress.key_unit_coverage(
        units,
        small.records(
            {"unit_id": "U01"},
            {"unit_id": "U01"},
            {"unit_id": "U02", "task_id": ""},
            {"unit_id": "U04"},
            {"unit_id": "", "in_district": False},
        ),
        "县重点单位",
    )
    assert table[["numerator", "denominator"]].values.tolist() == [[2, 3], [1, 3]]
    assert table["scope"].str.contains("县重点单位名单").all()


def test_units_nobody_visited_are_named_in_order_of_code():
    units = small.units({"unit_id": "U3", "is_key": True}, {"unit_id": "U2"}, {"unit_id": "U1", "is_key": True})
    assert progress.units_not_covered(units, small.records())["unit_id"].tolist() == ["U1", "U3"]
    assert progress.units_not_covered(units, small.records({"unit_id": "U1"}))["unit_id"].tolist() == ["U3"]


def test_the_joint_share_of_what_was_done_is_given_by_every_denominator_of_the_plan():
    tasks = small.tasks(
        {"tier": Tier.GENERAL},
        {"tier": Tier.GENERAL, "kind": Kind.JOINT, "selection": Selection.DRAW},
        {"tier": Tier.KEY, "selection": Selection.DRAW},
        {"tier": Tier.KEY, "selection": Selection.DRAW, "kind": Kind.EXCHANGE},
    )
    table = progress.joint_done(
        tasks,
        rows(
            (6, {"task_id": "P01"}),
            (2, {"task_id": "P02"}),
            (4, {"task_id": "P03"}),
            (1, {"task_id": "P04"}),
            (3, {"task_id": "P04", "in_district": False, "unit_id": ""}),
            (9, {"task_id": ""}),
        ),
    )
    assert table[["numerator", "denominator"]].values.tolist() == [[2, 8], [2, 12], [2, 13], [2, 16], [2, 6]]


# --- ways of counting -----------------------------------------------------------------------------------------------

MIXED = (
    {"unit_id": "U01", "date": "2024-03-05", "task_id": "P01"},
    {"unit_id": "U01", "date": "2024-03-05", "task_id": "P02"},  # the same walk through the gate
    {"unit_id": "U01", "date": "2024-03-06", "full_record": False},
    {"unit_id": "U02", "date": "2024-03-06", "penalty": "罚款", "penalty_basis": Basis.INSPECTION},
    {"unit_id": "", "in_district": False},
)


def counts(**flags: bool) -> list[int]:
    return progress.ways_of_counting(small.records(*MIXED), Statistics(**flags))["count"].tolist()


def test_visits_entries_units_and_statistics_are_four_different_counts():
    table = progress.ways_of_counting(small.records(*MIXED), Statistics(True, True))
    assert table["count"].tolist() == [5, 4, 4, 3, 2, 2]
    assert table["count_unit"].tolist() == ["家次", "家次", "次", "次", "家", "次"]


def test_entries_say_their_scope():
    table = progress.ways_of_counting(small.records(*MIXED), Statistics(True, True))
    entries = table[table["item"].str.contains("入企")].set_index("item")["count"]
    assert entries.to_dict() == {"入企次数（含辖区外）": 4, "辖区内入企次数": 3}


def test_the_statistics_follow_the_rules_that_are_in_force():
    assert counts(full_record=True, excludes_penalised=False)[-1] == 3
    assert counts(full_record=False, excludes_penalised=True)[-1] == 3
    assert counts(full_record=False, excludes_penalised=False)[-1] == 4


def test_a_visit_without_the_officers_it_needs_is_done_and_not_in_the_statistics():
    table = progress.ways_of_counting(small.records(*MIXED), Statistics(True, True, frozenset({"R01"})))
    assert table["count"].tolist() == [5, 4, 4, 3, 2, 1]


@pytest.mark.parametrize("word", ["不予处罚", "免予处罚", "未处罚", "否", "不予处罚（首违）", "不予处罚(首违)"])
def test_a_word_for_no_penalty_is_none(word):
    spared = small.records({"penalty": word, "penalty_basis": Basis.INSPECTION})
    assert progress.ways_of_counting(spared, Statistics(True, True))["count"].tolist()[-1] == 1
    assert progress.penalties(spared)["cases"].tolist() == [0, 0]


def test_where_decisions_stand_they_are_counted_and_the_columns_of_the_records_are_not():
    records = small.records({"penalty": "罚款", "penalty_basis": Basis.INSPECTION, "fine_yuan": 900_000}, {})
    decisions = small.decisions(
        {"record_id": "R02", "fine_yuan": 20_000, "confiscated_yuan": 5_000},
        {"record_id": "", "party": "person", "fine_yuan": 1_000},
        {"record_id": "R01", "outcome": "none", "penalty": (), "fine_yuan": 0},
        {"record_id": "", "penalty_basis": Basis.ACCIDENT, "fine_yuan": 300_000, "outcome": "mitigated"},
    )
    assert progress.penalties(records, decisions).values.tolist() == [
        [Basis.INSPECTION, 2, 2.1, 0.5, 1],
        [Basis.ACCIDENT, 1, 30.0, 0.0, 0],
    ]
    assert progress.penalised(records, decisions).tolist() == [False, True]


def test_the_date_of_the_decision_says_its_month():
    months = progress.penalties_by_month(small.records({}), small.decisions({"decided_on": "2024-07-01"}))
    assert months.loc[months["cases"] > 0, ["month", "penalty_basis"]].values.tolist() == [[7, Basis.INSPECTION]]
    assert len(months) == 24


# --- hazards and penalties ------------------------------------------------------------------------------------------


def test_hazards_fixed_are_a_share_of_those_found():
    rows = (
        {"hazards_found": 300, "hazards_fixed": 299, "major_hazards": 3},
        {"hazards_found": 75, "hazards_fixed": 75},
    )
    table = hazard_rates(small.records(*rows, {}), "2024-12-31")
    assert table[["numerator", "denominator"]].values.tolist()[:3] == [[374, 375], [3, 375], [2, 3]]


def test_fines_after_inspections_and_after_accidents_are_never_added():
    fined = {"penalty": "罚款"}
    table = progress.penalties(
        small.records(
            {**fined, "penalty_basis": Basis.INSPECTION, "fine_yuan": 239_000},
            {**fined, "penalty_basis": Basis.INSPECTION, "fine_yuan": 70_000},
            {**fined, "penalty_basis": Basis.ACCIDENT, "fine_yuan": 82_560},
            {"penalty": "警告", "penalty_basis": Basis.INSPECTION},
            {},
        )
    )
    assert table.values.tolist() == [[Basis.INSPECTION, 3, 30.9], [Basis.ACCIDENT, 1, 8.256]]
    assert 39.156 not in table["fine_wan_yuan"].tolist()


def test_no_penalty_at_all_is_two_rows_of_nothing():
    assert progress.penalties(small.records({}))[["cases", "fine_wan_yuan"]].values.tolist() == [[0, 0], [0, 0]]
