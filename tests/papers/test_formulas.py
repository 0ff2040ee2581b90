from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.papers.formulas import cell_name, difference_of, formula_value, ratio_of, sum_of

CELLS = st.tuples(st.integers(0, 40), st.integers(0, 60))


def grid(name: str) -> int:
    """Return a number for every cell, another for each."""
    return sum(ord(letter) * 31**n for n, letter in enumerate(name))


@given(st.lists(CELLS, min_size=1, max_size=30, unique=True))
def test_a_sum_names_each_of_its_cells_once(cells):
    assert formula_value(sum_of(cells, 0).text, grid) == sum(grid(cell_name(cell)) for cell in cells)


@given(CELLS, st.lists(CELLS, min_size=1, max_size=5))
def test_a_difference_takes_each_cell_off_the_first(first, others):
    text = difference_of(first, others, 0).text
    assert formula_value(text, grid) == grid(cell_name(first)) - sum(grid(cell_name(cell)) for cell in others)


def test_a_ratio_has_no_value_where_nothing_is_divided_by():
    assert ratio_of((0, 0), (0, 1), (5, 0)).value is None
    assert formula_value(ratio_of((0, 0), (0, 1), (5, 0)).text, {"A5": 5, "B5": 0}.get) is None
    assert formula_value(ratio_of((0, 0), (0, 1), (5, 4)).text, {"A5": 5, "B5": 4}.get) == 1.25


@pytest.mark.parametrize(
    "text",
    ["=A1", "=SUM()", "=SUM(A1:B2)+1", "=HYPERLINK(A1)", '=IF(A1=0,"",B1/C1)', "=A1+B1", "SUM(A1)", "=SUM(A1:B2:C3)"],
)
def test_any_other_formula_is_refused(text):
    with pytest.raises(ValueError, match=r"A1|SUM"):
        formula_value(text, grid)
