"""What a cell shows: scaled, with a unit, hidden; and that a number shown as itself is no other one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.sheets.grids.number_format import display, format_code


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (15000, "0!.0,", "1.5"),
        (15000, "#,##0,", "15"),
        (1, "0%", "100%"),
        (20, '0"家"', "20家"),
        (20, '"约"0"家次"', "约20家次"),
        (7, 'General"家"', "7家"),
        (39, ";;;", ""),
        (12345, '[>=10000]0!.0,"万";0', "1.2万"),
        (12, '[>=10000]0!.0,"万";0', None),
        (12, "00000", "00012"),
        (0.5, "0", "1"),
        (-5, "0;(0)", "(5)"),
        (1234, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', None),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', None),
        (60, "0.00E+00", None),
        (100, "[DBNum1][$-804]General", None),
    ],
)
def test_a_format_shows_a_number_as_another_text_or_as_itself(number, code, text):
    assert display(number, code) == text


@given(st.integers(0, 10**9), st.sampled_from(["0", "#,##0", "0.00", "#,##0.00", "0_);(0)", "[Red]0", "¥0"[1:]]))
def test_a_whole_number_in_a_plain_format_shows_as_itself(number, code):
    assert display(number, code) is None


@given(st.integers(1, 10**9))
def test_a_percent_shows_a_hundred_times_the_number(number):
    assert display(number, "0%") == f"{number * 100}%"


def test_a_format_is_known_by_its_number_or_its_name():
    assert [format_code(9), format_code(0), format_code(49), format_code(0, "Percent")] == ["0%", "", "", "0.00%"]
