"""How months are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.sheets.columns import periods
from enforce.words.months import MONTHS, month_runs, months_text, typed_months


@given(st.sets(st.integers(1, 12), min_size=1), st.integers(0, 12))
def test_typed_months_are_read_back_as_they_were(months, cut):
    ordered = sorted(months)
    windows = tuple(part for part in (tuple(ordered[:cut]), tuple(ordered[cut:])) if part)
    assert periods(typed_months(windows)) == windows


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ((1, 2, 3), "一季度"),
        ((10, 11, 12), "四季度"),
        (MONTHS, "全年"),
        ((3,), "3 月"),
        ((2, 3, 4), "2、3、4 月"),
        ((13,), "13 月"),
    ],
)
def test_months_are_named_as_a_planner_names_them(months, text):
    assert months_text(months) == text


@pytest.mark.parametrize(("shortest", "text"), [(2, "1-3、7-8、12"), (3, "1-3、7、8、12"), (4, "1、2、3、7、8、12")])
def test_only_months_in_a_row_that_are_long_enough_are_a_span(shortest, text):
    assert month_runs((1, 2, 3, 7, 8, 12), shortest=shortest) == text
