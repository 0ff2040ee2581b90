from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.papers.books.formulas import difference, name_of, ratio, sum_of, worked_out

CELLS = st.tuples(st.integers(0, 40), st.integers(0, 60))


def grid(name: str) -> int:
    """Return a number for every cell, another for each."""
    return sum(ord(letter) * 31**n for n, letter in enumerate(name))


@given(st.lists(CELLS, min_size=1, max_size=30, unique=True))
def test_a_sum_names_each_of_its_cells_once(cells):
    assert worked_out(sum_of(cells, 0).text, grid) == sum(grid(name_of(cell)) for cell in cells)


@given(CELLS, st.lists(CELLS, min_size=1, max_size=5))
def test_a_difference_takes_each_cell_off_the_first(first, others):
    text = difference(first, others, 0).text
    assert worked_out(text, grid) == grid(name_of(first)) - sum(grid(name_of(cell)) for cell in others)


def test_a_ratio_has_no_value_where_nothing_is_divided_by():
    assert ratio((0, 0), (0, 1), (5, 0)).value == ""
    assert worked_out(ratio((0, 0), (0, 1), (5, 0)).text, {"A5": 5, "B5": 0}.get) == ""
    assert worked_out(ratio((0, 0), (0, 1), (5, 4)).text, {"A5": 5, "B5": 4}.get) == 1.25


@pytest.mark.parametrize(
    "text",
    ["=A1", "=SUM()", "=SUM(A1:B2)+1", "=HYPERLINK(A1)", '=IF(A1=0,"",B1/C1)', "=A1+B1", "SUM(A1)", "=SUM(A1:B2:C3)"],
)
def test_any_other_formula_is_refused(text):
    with pytest.raises(ValueError, match=r"A1|SUM"):
        worked_out(text, grid)
