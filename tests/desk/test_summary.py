"""The summary: the year against its plan, up to a day."""

from __future__ import annotations

import pytest

from enforce.desk.summary import summary
from enforce.planning.checks import YEAR_CHECKS
from enforce.words.problems import InputError


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
