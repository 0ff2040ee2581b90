"""A calendar is one event per visit, of whole days, and the same bytes every time."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar

from enforce.papers.documents.calendar_file import Occasion, calendar_bytes

VISITS = [
    Occasion("P01-002", "2024-05-09", "2024-05-10", "上午 乙厂；库房,二号", "甲街道", ("安排编号：P01-002", "第二行")),
    Occasion("P01-001", "2024-05-06", "2024-05-06", "下午 甲厂"),
]


def test_a_calendar_read_back_has_each_visit_on_its_days_with_its_words():
    book = Calendar.from_ical(calendar_bytes(VISITS, "PT-01", "2024-04-30", 3))
    first, second = book.walk("VEVENT")
    assert (first["uid"], str(first["summary"]), first["dtstart"].dt) == ("P01-001", "下午 甲厂", date(2024, 5, 6))
    assert (second["dtstart"].dt, second["dtend"].dt) == (date(2024, 5, 9), date(2024, 5, 11))
    assert str(second["summary"]) == "上午 乙厂；库房,二号"
    assert str(second["description"]) == "安排编号：P01-002\n第二行"
    assert int(second["sequence"]) == 3


def test_the_same_visits_in_another_order_are_the_same_bytes():
    assert calendar_bytes(VISITS, "PT-01", "2024-04-30", 1) == calendar_bytes(VISITS[::-1], "PT-01", "2024-04-30", 1)
