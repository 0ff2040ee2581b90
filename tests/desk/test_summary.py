"""The summary: the year against its plan, up to a day."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook

from enforce.desk.run import batch
from enforce.desk.run.handover import summary_books
from enforce.desk.standing import month
from enforce.desk.summary import summary
from enforce.planning.checks import YEAR_CHECKS
from enforce.planning.through.indicators import INDICATORS
from enforce.words.measures import MEASURES, RATE_COLUMNS
from enforce.words.problems import InputError, NoRecords
from tests.planning import small


@pytest.mark.parametrize("day", ["2024-6-30", "2024-02-30", "六月底", "20240630"])
def test_a_day_that_is_none_is_refused_rather_than_compared_as_text(year, day):
    with pytest.raises(InputError, match="as_of"):
        summary(year, day)


def test_without_a_day_the_year_ends_with_december(year):
    assert summary(year).as_of == "2024-12-31"
    assert len(summary(year).records) == len(year.tables.records)


def test_a_day_in_the_year_counts_what_was_done_up_to_it(year):
    half = summary(year, "2024-06-30")
    assert half.records["date"].max() <= "2024-06-30"
    assert half.by_task["done_visits"].sum() < summary(year).by_task["done_visits"].sum()


def test_the_ways_of_telling_the_year_agree_with_each_other(year):
    end = summary(year)
    planned = end.by_task["done_visits"].sum()
    total = end.by_tier.set_index("tier").loc["合计"]
    assert planned == total["done_visits"] == end.by_month["done_visits"].sum() == end.sources["numerator"][0]
    assert total["planned_visits"] == 261
    everything = planned + end.by_month["unplanned_visits"].sum()
    assert everything == len(end.records) == end.counts["count"][0] == end.sources["denominator"][0]
    assert end.by_month["done_to_date"].iloc[-1] == planned
    assert len(end.not_covered) == end.coverage["denominator"][0] - end.coverage["numerator"][0]


def test_fines_stand_in_two_rows(year):
    end = summary(year)
    assert end.penalties["penalty_basis"].tolist() == ["inspection", "accident"]
    fined = end.records[end.records["penalty"] != ""]
    assert end.penalties["cases"].sum() == len(fined)


def test_findings_of_the_year_come_from_the_checks_of_the_year(year):
    end = summary(year)
    names = {check.__name__.removeprefix("check_") for check in YEAR_CHECKS}
    assert set(end.findings["check"]) <= names
    short = end.by_task[end.by_task["left_visits"] > 0]["task_id"]
    told = end.findings[end.findings["message"].str.startswith("未完成")]["where"]
    assert [text.split()[0] for text in told] == short.tolist()


# --- before the year is over ----------------------------------------------------------------------------------------


def test_in_the_middle_of_the_year_a_line_is_judged_by_what_was_expected_to_the_day(year):
    half = summary(year, "2024-06-30")
    months = year.approved[year.approved["month"] <= 6].groupby("task_id")["visits"].sum()
    lines = half.by_task.set_index("task_id")
    assert lines["expected_visits"].tolist() == [
        min(months[code], lines["planned_visits"][code]) for code in lines.index
    ]
    behind = lines.index[lines["done_visits"] < lines["expected_visits"]].tolist()
    table = half.findings[half.findings["check"] == "lines_completed"]
    assert [where.split()[0] for where in table["where"]] == behind


def test_the_running_month_counts_by_its_workdays(year):
    days = year.calendar.days
    gone, whole = (
        int((days["workday"] & (days["month"] == 6) & (days["date"] <= last)).sum())
        for last in ("2024-06-14", "2024-06-30")
    )
    table = summary(year, "2024-06-14").expected
    june = year.approved[year.approved["month"] == 6]["visits"].tolist()
    assert table[table["month"] == 6]["visits"].tolist() == [(2 * n * gone + whole) // (2 * whole) for n in june]
    assert summary(year, "2024-06-14").begun["month"].tolist() == [1, 2, 3, 4, 5, 6]


def test_at_the_end_of_the_year_the_whole_plan_is_expected(year):
    assert summary(year).by_task["expected_visits"].tolist() == year.tasks["planned_visits"].tolist()
    assert summary(year).by_month["running_completion"].notna().all()


@pytest.mark.slow
def test_every_sheet_says_what_its_figures_count(year, tmp_path):
    write = summary_books(summary(year, "2024-02-29"))["计划执行对比.xlsx"]
    book = load_workbook(write(tmp_path / "计划执行对比.xlsx"), data_only=True)
    assert all("累计：2024-01-01 至 2024-02-29" in sheet["A3"].value for sheet in book if sheet.title != "说明")


def test_a_year_nothing_is_recorded_of_has_no_summary_and_one_line_says_why(year):
    bare = replace(year, tables=replace(year.tables, records=year.tables.records.iloc[:0]))
    with pytest.raises(NoRecords) as caught:
        summary(bare)
    assert caught.value._render_traceback_() == [f"{year.plan.name}：{NoRecords.WHY}"]
    assert batch.first_month(bare) == 1


# --- records by the rules -------------------------------------------------------------------------------------------


def with_records(year, *rows: dict):
    """The year with the fields of its first records changed, one dict each."""
    table = year.tables.records.astype(object)
    for n, row in enumerate(rows):
        for name, value in row.items():
            table.at[n, name] = value
    kinds = year.tables.records.dtypes.to_dict()
    return replace(year, tables=replace(year.tables, records=table.astype(kinds)))


@pytest.mark.slow
def test_a_street_level_unit_under_the_key_line_is_told_with_its_record(year):
    street = year.units[(year.units["level"] == "街镇级") & year.units["in_district"]]["unit_id"].iloc[0]
    end = summary(with_records(year, {"unit_id": street}))
    assert year.tables.records["task_id"][0] == "P01"
    told = end.findings[end.findings["check"] == "record_units"]
    assert told[["severity", "where"]].values.tolist() == [["error", "检查记录 DEMO-2024-0001"]]


@pytest.mark.slow
def test_a_visit_of_one_officer_is_done_and_not_in_the_statistics(year):
    n = int(year.tables.records.index[year.tables.records["penalty"].eq("") & year.tables.records["full_record"]][0])
    alone = with_records(year, *({} for _ in range(n)), {"officers": ("PT-05",)})
    before, after = (summary(one) for one in (year, alone))
    assert (before.by_task["done_visits"] == after.by_task["done_visits"]).all()
    assert before.counts["count"].iloc[-1] - after.counts["count"].iloc[-1] == 1
    told = after.findings[after.findings["check"] == "record_officers"]
    assert told[["severity", "where"]].values.tolist() == [
        ["error", f"检查记录 {alone.tables.records['record_id'][n]}"]
    ]


def test_with_decisions_the_columns_of_the_records_do_not_count_and_each_that_differs_is_told(year):
    first = year.tables.records.iloc[0]
    decision = {"record_id": first["record_id"], "decided_on": "2024-07-02", "fine_yuan": int(first["fine_yuan"])}
    tables = replace(
        year.tables, penalties=small.decisions(decision), files={**year.tables.files, "penalties": "penalties.csv"}
    )
    end = summary(replace(year, tables=tables))
    assert end.penalties[["cases", "fine_wan_yuan"]].values.tolist() == [[1, 0.8], [0, 0.0]]
    fined = year.tables.records["penalty"].ne("").sum()
    assert (end.findings["check"] == "penalties").sum() == fined - 1
    assert summary(replace(year, tables=tables), "2024-06-30").penalties["cases"].sum() == 0


@pytest.mark.slow
def test_a_plan_of_itself_is_not_held_against_decisions_whose_visits_come_later(year):
    decision = {"record_id": year.tables.records["record_id"].iloc[-1], "decided_on": "2024-12-31"}
    files = {**year.tables.files, "penalties": "penalties.csv"}
    fined = replace(year, tables=replace(year.tables, penalties=small.decisions(decision), files=files))
    for table in (fined.findings, month(fined, 5).findings):
        assert not table["where"].str.startswith("处罚 ").any()


# --- every rate, on any day -------------------------------------------------------------------------------------------


def test_every_rate_of_the_year_says_of_what_it_is(year):
    table = summary(year).rates
    assert table.columns.tolist() == RATE_COLUMNS
    assert (table[["measure", "unit", "definition"]] != "").all(axis=None)
    known = table[table["denominator"] > 0]
    assert (known["rate"] == known["numerator"] / known["denominator"]).all()
    assert set(table["measure"]) <= set(MEASURES)


def test_visits_of_key_period_lines_outside_the_periods_are_a_finding_and_stay_done(year):
    end = summary(year)
    total = INDICATORS["key_periods"](end.actuals).iloc[-1]
    lines = end.findings[end.findings["check"] == "key_period_visits"]
    done = end.by_task.set_index("task_id")["done_visits"]
    assert total["numerator"] < total["denominator"] == done[[where.split()[0] for where in lines["where"]]].sum()


@pytest.mark.parametrize("day", ["2024-02-29", "2024-05-20", "2024-12-31"])
def test_the_tables_of_a_day_agree_whatever_they_are_by(year, day):
    now = summary(year, day)
    totals = [table.iloc[-1] for table in (now.by_tier, now.by_group, now.by_team, now.by_quarter, now.by_street)]
    for name in ("planned_visits", "expected_visits", "done_visits"):
        assert {row[name] for row in totals} == {now.by_task[name].sum()}
    assert now.by_street["street_visits"].iloc[-1] == now.by_task["done_visits"].sum()
    assert now.shares_by_month["visits"].sum() == len(now.records) == now.statistics_bridge["count"][0]
    assert now.statistics_bridge["count"].iloc[:-1].sum() == now.statistics_bridge["count"].iloc[-1]
    steps = now.denominators[["approved_visits", "changed_visits"]].sum(axis=1)
    steps -= now.denominators[["closed_visits", "removed_visits"]].sum(axis=1)
    assert steps.tolist() == now.denominators["denominator"].tolist()


def test_another_number_in_the_tables_than_in_the_version_in_force_is_told_and_changes_no_rate(year):
    tasks = year.tasks.assign(planned_visits=year.tasks["planned_visits"] + 1)
    changed = summary(replace(year, tables=replace(year.tables, tasks=tasks)))
    assert changed.by_task["planned_visits"].tolist() == year.tasks["planned_visits"].tolist()
    assert (changed.findings["check"] == "plan_in_force").sum() == len(tasks)


@pytest.mark.slow
def test_the_book_has_every_rate_and_how_each_denominator_comes_about(year, tmp_path):
    now = summary(year, "2024-02-29")
    book = load_workbook(summary_books(now)["执行明细.xlsx"](tmp_path / "执行明细.xlsx"), data_only=True)
    assert {"指标", "分母", "按类别", "按季度", "按科队", "按街镇", "各月计划内外", "人日"} <= set(book.sheetnames)
    assert book["指标"].max_row == 4 + len(now.rates)


@pytest.mark.parametrize(
    ("number", "said", "shorter", "left"),
    [
        (1, {}, 0, 2),
        (1, {}, 1, 2),  # the tables have been made longer since: nobody has closed for it
        (2, {"lost_visits": 0}, 1, 2),
        (2, {"lost_visits": 1}, 1, 1),
        (2, {"lost_visits": 2}, 3, 0),  # shorter by one more, for want of a month or by the planner's hand
        (2, {}, 1, 1),  # an older file
        (2, {}, 2, 0),
    ],
)
def test_what_a_replan_has_taken_off_for_closed_units_is_not_taken_off_again(
    year, monkeypatch, number, said, shorter, left
):
    lost = pd.DataFrame(
        [["P01", "某", 2, 58, 2]], columns=["task_id", "task", "closed_units", "eligible_units", "lost_visits"]
    )
    monkeypatch.setattr(type(year), "lost", lambda self, records: lost)
    now = summary(year, "2024-12-31")
    facts = now.version.tasks["P01"]
    facts = {**facts, "planned_visits": facts["planned_visits"] - shorter, **said}
    in_force = replace(now.version, number=number, tasks={**now.version.tasks, "P01": facts})
    monkeypatch.setattr(type(now), "version", in_force)
    assert now.actuals.closed["lost_visits"].tolist() == [left] * bool(left)


def test_a_line_taken_out_of_the_tables_after_the_approval_has_no_rate_and_the_books_are_written(year, tmp_path):
    tables = year.tables
    tasks, records = (
        table[table["task_id"] != "P07"].reset_index(drop=True) for table in (tables.tasks, tables.records)
    )
    end = summary(replace(year, tables=replace(tables, tasks=tasks, records=records)))
    row = end.by_task.set_index("task_id").loc["P07"]
    assert (row["planned_visits"], row["approved_visits"], row["approved_completion"]) == (0, 8, 0)
    assert pd.isna(row["completion"])
    for name, write in summary_books(end).items():
        assert write(tmp_path / name)
