"""Counting without loss."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enforce.words.numbers import halves, in_order, in_percent, largest_remainder
from enforce.words.terms import Tier
from tests.work import trials

weights = st.lists(st.integers(0, 60), min_size=1, max_size=12).filter(any)


@trials(2000)
@given(st.integers(0, 3000), weights)
@example(261, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22])
def test_shares_add_up_exactly_and_none_is_off_by_a_whole_one(total, weights):
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@trials(100)
@given(st.integers(0, 500), weights)
def test_who_gets_one_more_had_the_larger_remainder_and_of_equals_the_earlier(total, weights):
    parts, whole = largest_remainder(total, weights), sum(weights)
    order = [(-(total * weight % whole), place) for place, weight in enumerate(weights)]
    raised = [order[n] for n in range(len(parts)) if parts[n] > total * weights[n] // whole]
    kept = [order[n] for n in range(len(parts)) if parts[n] == total * weights[n] // whole]
    assert all(up < down for up in raised for down in kept)


def test_ties_go_to_the_earlier_month():
    assert largest_remainder(1, [1, 1, 1]) == [1, 0, 0]
    assert largest_remainder(5, [2, 2, 2, 2]) == [2, 1, 1, 1]
    assert largest_remainder(2, [0, 1, 1, 1]) == [0, 1, 1, 0]


@trials(100)
@given(st.integers(0, 500), weights, st.integers(2, 9))
def test_only_the_proportions_of_the_weights_matter(total, weights, times):
    assert largest_remainder(total, weights) == largest_remainder(total, [weight * times for weight in weights])


def test_a_month_without_weight_gets_nothing():
    assert largest_remainder(7, [0, 3, 0]) == [0, 7, 0]


def test_nothing_can_be_split_over_no_weight_at_all():
    assert largest_remainder(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="权重全为零"):
        largest_remainder(1, [0, 0])


@trials(100)
@given(st.integers(0, 20_000))
def test_half_days_go_there_and_back(count):
    assert halves(count / 2) == count


@pytest.mark.parametrize("days", [0.25, 1.75, 0.1, 1 / 3])
def test_a_quarter_of_a_day_is_refused(days):
    with pytest.raises(ValueError, match="不是半日的整数倍"):
        halves(days)


@trials(100)
@given(st.integers(0, 400), st.integers(1, 400))
def test_percentages_are_rounded_half_up_as_on_paper(part, whole):
    tenths = Fraction(part * 1000, whole)
    assert in_percent(part / whole) == int(tenths + Fraction(1, 2)) / 10


@pytest.mark.parametrize(("share", "shown"), [(1 / 16, 6.3), (57 / 2000, 2.9), (0.285, 28.5), (178 / 261, 68.2)])
def test_five_at_the_second_decimal_is_rounded_up(share, shown):
    assert in_percent(share) == shown


def test_rows_are_put_in_the_order_of_the_words_whatever_order_they_came_in():
    table = pd.DataFrame({"tier": [Tier.GENERAL, Tier.KEY, Tier.GENERAL], "n": [1, 2, 3]})
    assert in_order(table, "tier", Tier)["n"].tolist() == [2, 1, 3]
    assert table["n"].tolist() == [1, 2, 3]
