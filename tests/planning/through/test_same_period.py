"""This year beside last year."""

from __future__ import annotations

import pandas as pd
import pytest

from enforce.planning.through import same_period
from tests.planning import small

TASKS, UNITS = small.tasks({}), small.units({})


def growth(year, indicator: str = "检查家次") -> dict[str, tuple]:
    """This year's figure and last year's by period."""
    rows = year.growth[year.growth["indicator"] == indicator]
    return {row.period: (row.this_year, row.last_year) for row in rows.itertuples()}


def test_without_anything_of_last_year_there_is_no_comparison():
    assert small.actuals(small.records({}), TASKS, UNITS).growth.empty


def test_last_years_records_are_compared_to_the_same_day_and_by_the_periods_that_are_over():
    now = small.records({"date": "2024-02-05"}, {"date": "2024-05-10"})
    before = small.records({"date": "2023-05-11"}, {"date": "2023-01-05"}, {"date": "2023-02-03"})
    year = small.actuals(now, TASKS, UNITS, as_of="2024-05-10", closed_month=4, last_records=before)
    assert growth(year) == {"累计": (2, 2), "一季度": (1, 2)}
    assert year.growth.iloc[0][["difference", "rate"]].tolist() == [0, 0.0]


def test_figures_of_last_year_are_compared_by_their_own_periods_once_these_are_over():
    figures = [("检查家次", "一季度", 4), ("检查家次", "全年", 9), ("检查家次", "汛期", 3), ("整改率", "一季度", 98)]
    last_year = pd.DataFrame(figures, columns=["indicator", "period", "figure"])
    now = small.records({"date": "2024-02-05"}, {"date": "2024-03-10"}, {"date": "2024-04-02"})
    year = small.actuals(now, TASKS, UNITS, as_of="2024-04-30", closed_month=4, last_year=last_year)
    assert growth(year) == {"一季度": (2, 4)}
    assert same_period.incomparable(last_year).values.tolist() == [["检查家次", "汛期", 3], ["整改率", "一季度", 98]]


def test_nothing_last_year_is_no_growth_without_end():
    before = small.records({"date": "2023-01-05"})
    year = small.actuals(small.records({"hazards_found": 3}), TASKS, UNITS, last_records=before)
    assert growth(year, "隐患(项)")["全年"] == (3, 0)
    assert year.growth["rate"].dropna().abs().max() < float("inf")


@pytest.mark.parametrize("with_table", ["now", "before"])
def test_decisions_of_one_year_alone_are_not_held_against_the_words_of_the_other(with_table):
    fined = {"penalty": "罚款", "penalty_basis": "inspection", "fine_yuan": 5000}
    cases = small.decisions({}, {}, {})
    given = {"decisions": cases} if with_table == "now" else {"last_decisions": cases}
    before = small.records({"date": "2023-06-01", **fined})
    year = small.actuals(small.records(fined), TASKS, UNITS, last_records=before, **given)
    assert growth(year, "处罚(起)")["全年"] == (1, 1)
