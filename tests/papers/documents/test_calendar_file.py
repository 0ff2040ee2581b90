"""A calendar is one event per visit, of half-days, and the same bytes every time."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar

from enforce.papers.documents.calendar_file import Occasion, calendar_bytes
from enforce.words.terms import HalfDay

MORNING, AFTERNOON = HalfDay.MORNING, HalfDay.AFTERNOON
VISITS = [
    Occasion("P01-003", "2024-05-09", "2024-05-10", "上午 乙厂；库房,二号", "甲街道", ("安排编号：P01-003", "第二行")),
    Occasion("P01-001", "2024-05-06", "2024-05-06", "下午 甲厂", halves=(AFTERNOON, AFTERNOON)),
    Occasion("P01-002", "2024-05-06", "2024-05-07", "上午 丙厂", halves=(MORNING, MORNING)),
]


def shown(moment) -> str:
    return str(moment.dt)


def test_a_calendar_read_back_has_each_visit_on_its_days_with_its_words():
    book = Calendar.from_ical(calendar_bytes(VISITS, "PT-01", "2024-04-30", 3))
    *_, last = book.walk("VEVENT")
    assert (last["dtstart"].dt, last["dtend"].dt) == (date(2024, 5, 9), date(2024, 5, 11))
    assert str(last["summary"]) == "上午 乙厂；库房,二号"
    assert str(last["description"]) == "安排编号：P01-003\n第二行"
    assert int(last["sequence"]) == 3


def test_half_days_are_blocks_of_local_time_in_order_of_the_day():
    content = calendar_bytes(VISITS, "PT-01", "2024-04-30", 3)
    morning, afternoon, _ = Calendar.from_ical(content).walk("VEVENT")
    assert [morning["uid"], *map(shown, (morning["dtstart"], morning["dtend"]))] == [
        "P01-002", "2024-05-06 09:00:00", "2024-05-07 12:00:00",
    ]  # fmt: skip
    assert [afternoon["uid"], *map(shown, (afternoon["dtstart"], afternoon["dtend"]))] == [
        "P01-001", "2024-05-06 13:00:00", "2024-05-06 17:00:00",
    ]  # fmt: skip
    assert b"TZID" not in content


def test_the_same_visits_in_another_order_are_the_same_bytes():
    assert calendar_bytes(VISITS, "PT-01", "2024-04-30", 1) == calendar_bytes(VISITS[::-1], "PT-01", "2024-04-30", 1)
