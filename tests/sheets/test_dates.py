"""Dates: every form a planner writes reads as the same day; what may mean two days, or none, is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.sheets.dates import iso

DIGITS = "〇一二三四五六七八九"


def in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def year_in_words(year: int, zero: str = "〇") -> str:
    return "".join(DIGITS[int(digit)] for digit in str(year)).replace("〇", zero)


WRITINGS = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "padded dots": lambda d: f"{d:%Y.%m.%d}",
    "Chinese": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "Chinese, 号": lambda d: f"{d.year}年{d.month:02}月{d.day:02}号",
    "Chinese, spaces": lambda d: f" {d.year} 年 {d.month} 月 {d.day} 日 ",
    "full width": lambda d: f"{d.year}年{d.month}月{d.day}日".translate({48 + n: 0xFF10 + n for n in range(10)}),
    "packed": lambda d: f"{d:%Y%m%d}",
    "packed number": lambda d: int(f"{d:%Y%m%d}"),
    "serial": lambda d: (d - date(1899, 12, 30)).days,
    "serial with time": lambda d: (d - date(1899, 12, 30)).days + 0.5,
    "date": lambda d: d,
    "moment": lambda d: datetime(d.year, d.month, d.day, 9, 30),  # noqa: DTZ001
    "text with time": lambda d: f"{d.isoformat()} 09:30:00",
    "ISO with time": lambda d: f"{d.isoformat()}T09:30",
    "half in words": lambda d: f"{d.year}年{in_words(d.month)}月{d.day}日",
    "with the day of the week": lambda d: f"{d.year}年{d.month}月{d.day}日（星期{'一二三四五六日'[d.weekday()]}）",
    "week and time": lambda d: f"{d.isoformat()} 周{'一二三四五六天'[d.weekday()]} 上午9:30",
    "time in words": lambda d: f"{d.year}年{d.month}月{d.day}日14时30分",
    "half a day": lambda d: f"{d.isoformat()} 下午",
    "words": lambda d: f"{year_in_words(d.year)}年{in_words(d.month)}月{in_words(d.day)}日",
    "words with 零": lambda d: f"{year_in_words(d.year, '零')}年{in_words(d.month)}月{in_words(d.day)}日",
    "words with a letter O": lambda d: f"{year_in_words(d.year, 'O')}年{in_words(d.month)}月{in_words(d.day)}日",
}
days = st.dates(date(1950, 1, 1), date(2099, 12, 31))
recent = st.dates(date(2013, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("writing", WRITINGS)
@given(days)
def test_a_day_reads_the_same_in_every_writing(writing, day):
    assert iso(WRITINGS[writing](day)) == day.isoformat()


@given(recent)
def test_two_figures_of_a_year_are_enough_where_they_can_be_no_month(day):
    assert iso(f"{day:%y}.{day.month}.{day.day}") == day.isoformat()
    assert iso(f"{day:%y}年{day.month}月{day.day}日") == day.isoformat()


@given(days)
def test_a_day_without_a_year_is_of_the_plans_year_and_refused_without_a_plan(day):
    text = f"{day.month}月{day.day}日"
    assert iso(text, day.year) == day.isoformat()
    assert iso(f"{in_words(day.month)}月{in_words(day.day)}日", day.year) == day.isoformat()
    with pytest.raises(ValueError, match="写明年份"):
        iso(text)


@pytest.mark.parametrize(
    "text", ["01/02/2024", "13/02/2024", "2/3/24", "24/3/1", "24-3-1", "15-03-24", "1.2.24", "12.3.1", "01.02.2024"]
)
def test_what_may_mean_another_day_is_refused(text):
    with pytest.raises(ValueError, match="分不清哪个是月"):
        iso(text, 2024)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2023年2月29日",
        "20240631",
        20241301,
        "2024.13.1",
        "2024/0/5",
        "二〇二四年十三月一日",
        "24.2.30",
        "四月三十一日",
    ],
)
def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="没有这一天"):
        iso(text, 2024)


@given(days, st.integers(1, 6))
def test_another_day_of_the_week_is_refused(day, off):
    name = "一二三四五六日"[(day.weekday() + off) % 7]
    with pytest.raises(ValueError, match=f"这一天不是星期{name}"):
        iso(f"{day.isoformat()}（周{name}）")


@pytest.mark.parametrize(
    "cell",
    [
        "45352",
        "2024",
        "2024-03",
        "2024年3月",
        "3月",
        "去年",
        "2024-3-1起",
        "2024.3-1",
        "3.1",
        "3/1",
        0,
        1,
        60,
        -5,
        1e300,
        0.25,
        float("nan"),
        float("inf"),
        "²",
        "2024年①月1日",
        "十十月一日",
        "2024-03-01 星期八",
        "2024-03-01T16:00:00Z",
        "2024-03-01 9:00-11:00",
        "1e5",
    ],
)
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(ValueError, match=r"真实存在|写明年份|普通的数字"):
        iso(cell, None)


@pytest.mark.parametrize(
    "cell", ["1948-12-31", "2100-01-01", date(1900, 1, 1), datetime(2200, 1, 1, tzinfo=UTC), "21000101"]
)
def test_a_year_that_is_none_of_ours_is_refused(cell):
    with pytest.raises(ValueError, match="1949 到 2099 年"):
        iso(cell)


def test_a_number_is_no_day_where_the_book_counts_from_1904():
    with pytest.raises(ValueError, match="1904"):
        iso(45352, serials=False)
    assert iso(20240301, serials=False) == "2024-03-01"


@given(st.integers(18_264, 73_050))
def test_serials_run_day_by_day(serial):
    assert iso(serial) == (date(1899, 12, 30) + timedelta(serial)).isoformat()


@pytest.mark.parametrize("serial", [18_263, 73_051, 18_263.99])
def test_serials_end_where_years_do(serial):
    with pytest.raises(ValueError, match="真实存在"):
        iso(serial)


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_refused(text):
    try:
        day = iso(text, 2024)
    except ValueError:
        return
    assert date.fromisoformat(day).isoformat() == day


# --- where one more or less would pass unseen -----------------------------------------------------------------------


def test_the_first_and_the_last_day_of_our_years_are_days():
    assert (iso("1949-01-01"), iso("2099-12-31")) == ("1949-01-01", "2099-12-31")
    assert (iso(date(1949, 1, 1)), iso(20991231)) == ("1949-01-01", "2099-12-31")


def test_two_figures_that_are_no_month_are_a_year_from_13_on():
    assert (iso("13.3.1"), iso("99.12.31"), iso("24.3.1")) == ("2013-03-01", "2099-12-31", "2024-03-01")


@pytest.mark.parametrize(
    "text", ["二〇二四年一二月一日", "二〇二四年三月二一日", "二〇二四年三月十十日", "二〇二四年三月一〇日"]
)
def test_figures_in_words_side_by_side_are_no_day(text):
    with pytest.raises(ValueError, match="真实存在的日期"):
        iso(text)


def test_a_refusal_of_a_date_is_one_whole_sentence():
    told = {}
    for cell in ("3月1日", "2100-01-01", "2024-02-30", "去年", "01/02/2024"):
        with pytest.raises(ValueError, match="日期") as caught:
            iso(cell)
        told[cell] = str(caught.value)
    form = "真实存在的日期，写作 年-月-日，如 2024-03-13"
    assert told == {
        "3月1日": "写明年份的日期，如 2024-03-13",
        "2100-01-01": "1949 到 2099 年之间的日期",
        "2024-02-30": f"{form}（没有这一天）",
        "去年": form,
        "01/02/2024": "写明先后的日期，写作 年-月-日，如 2024-03-13（这里分不清哪个是月、哪个是日）",
    }


def test_every_word_of_a_day_and_month_in_words_is_read():
    days_ = [iso(f"二〇二四年十二月{in_words(n)}日") for n in range(1, 32)]
    assert days_ == [f"2024-12-{n:02}" for n in range(1, 32)]
    assert [iso(f"二〇二四年{in_words(n)}月一日") for n in range(1, 13)] == [f"2024-{n:02}-01" for n in range(1, 13)]


def test_spaces_inside_a_date_do_not_matter():
    assert {iso(text) for text in ("2024 - 3 - 1", "2024 年 3 月 1 日", "2024. 3. 1", "二〇二四年 三月 一日")} == {
        "2024-03-01"
    }
