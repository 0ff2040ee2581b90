"""Stored values: numbers, ruined codes, days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from enforce.sheets.grids.grid import Ruined
from enforce.sheets.grids.number import day, iso_day, number, shows_date, whole


@given(st.dates(dt.date(1904, 1, 2), dt.date(9000, 1, 1)))
def test_a_serial_is_the_day_another_program_wrote(date):
    assert day(to_excel(date, CALENDAR_WINDOWS_1900)) == date
    assert day(to_excel(date, CALENDAR_MAC_1904), from_1904=True) == date


@given(st.datetimes(dt.datetime.fromisoformat("1905-01-01"), dt.datetime.fromisoformat("2100-01-01")))
def test_a_moment_is_read_to_the_second(moment):
    moment = moment.replace(microsecond=0)
    found = day(float(to_excel(moment)))
    assert found == (moment.date() if moment.time() == dt.time() else moment)


@pytest.mark.parametrize(
    ("serial", "date"),
    [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (45352, "2024-03-01"), (2_957_002, "9995-12-29")],
)
def test_days_around_the_29_february_1900_that_never_was(serial, date):
    assert day(serial) == dt.date.fromisoformat(date)


@pytest.mark.parametrize("serial", [0, 0.5, -3, 60, 60.5, 2_957_003, 1e20, 20_240_301])
def test_what_is_no_day_stays_a_number(serial):
    assert day(serial) == serial
    assert type(day(serial)) is type(serial)


def test_counted_from_1904_day_60_is_a_day():
    assert day(60, from_1904=True) == dt.date(1904, 3, 1)
    assert day(2_957_002, from_1904=True) == dt.date(9999, 12, 30)
    assert day(2_957_002.9999999999, from_1904=True) is not None


def test_a_moment_that_rounds_up_to_midnight_is_the_next_day():
    assert day(45351.9999999999) == dt.date(2024, 3, 1)


@pytest.mark.parametrize(
    ("code", "dated"),
    [
        ("yyyy-mm-dd", True),
        ("yyyy/m/d h:mm;@", True),
        ('[$-804]yyyy"年"m"月"d"日";@', True),
        ("[DBNum1][$-804]yyyy年m月", True),
        ('m"月"d"日"', True),
        ("mmm", True),
        ("[$-804]aaaa", True),
        ("h:mm AM/PM", False),
        ("[h]:mm:ss", False),
        ("mm:ss.0", False),
        ("General", False),
        ("G/通用格式", False),
        ("0.00E+00", False),
        ('#,##0"家次";[Red]-#,##0', False),
        ('0"yd"', False),
        (r"0\d", False),
        ("_d0_y", False),
        ("*d0", False),
        ("@", False),
        ("0;yyyy", False),
    ],
)
def test_a_format_shows_a_day_or_not(code, dated):
    assert shows_date(164, code) is dated


@pytest.mark.parametrize("builtin", [14, 22, 27, 31, 36, 50, 57, 58])
def test_built_in_dates_need_no_code(builtin):
    assert shows_date(builtin)


@pytest.mark.parametrize("builtin", [0, 1, 10, 18, 20, 21, 32, 33, 45, 46, 47, 49, 55])
def test_built_in_numbers_and_times_are_no_dates(builtin):
    assert not shows_date(builtin)


@pytest.mark.parametrize("text", ["", "甲", "nan", "inf", "1_0", "--1", "²", "0x1"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        number(text)


@given(st.integers(-(10**18), 10**18))
def test_from_16_digits_a_whole_number_is_ruined(value):
    assert number(str(value)) == value
    assert isinstance(number(str(value)), Ruined) is (abs(value) >= 10**15)
    assert isinstance(whole(float(value)), Ruined) is (abs(value) >= 10**15)


def test_iso_days_lose_their_zone():
    assert iso_day("2024-03-01T08:30:00+08:00") == dt.datetime.fromisoformat("2024-03-01T08:30")


@pytest.mark.parametrize("text", ["1000000000000000", "-1000000000000000", "1E15", "9.1310107000000123E+17"])
def test_a_number_of_sixteen_figures_is_ruined(text):
    assert type(number(text)).__name__ == "Ruined"


@pytest.mark.parametrize("text", ["999999999999999", "-999999999999999", "9.99999999999999E+14", "0"])
def test_a_number_of_fifteen_figures_is_whole(text):
    assert type(number(text)) is int
