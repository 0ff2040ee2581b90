"""Measures and rates."""

from __future__ import annotations

from math import isnan

import pytest

from enforce.words.measures import MEASURES, RATE_COLUMNS, rate, rates


def test_a_rate_keeps_its_numerator_and_denominator_and_says_what_it_is():
    row = rate("joint", "口径", 15, 83)
    assert list(row) == RATE_COLUMNS
    assert (row["scope"], row["numerator"], row["denominator"], row["rate"]) == ("口径", 15, 83, 15 / 83)
    assert (row["unit"], row["definition"]) == ("家次", MEASURES["joint"]["definition"])


def test_a_rate_of_nothing_is_empty_and_not_nought():
    row = rate("coverage", "口径", 0, 0)
    assert isnan(row["rate"])
    assert (row["numerator"], row["denominator"]) == (0, 0)


def test_a_rate_of_no_measure_is_none():
    with pytest.raises(KeyError):
        rate("popularity", "口径", 1, 2)


def test_rates_are_a_table_with_the_same_columns_also_when_empty():
    assert list(rates([]).columns) == RATE_COLUMNS
    assert rates([rate("fixed", "甲", 1, 2), rate("fixed", "乙", 1, 4)])["rate"].tolist() == [0.5, 0.25]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_name_unit_and_definition(measure):
    row = MEASURES[measure]
    assert row["name"]
    assert row["unit"]
    assert "÷" in row["definition"]
    assert row["share"] in ("是", "否")
