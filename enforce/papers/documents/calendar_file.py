"""A calendar (日历文件) of one officer: his visits as blocks of half-days, the same bytes for the same visits.

The hours are those that a block of a calendar takes, in local time wherever it is opened; no rule names them, and when
a visit really begins the notice says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from enforce.words.terms import HalfDay

#: When the block of a half-day begins and ends.
HOURS = {HalfDay.MORNING: (time(9), time(12)), HalfDay.AFTERNOON: (time(13), time(17))}


@dataclass(frozen=True)
class Occasion:
    """One event: a name that stays the same when it is moved, first and last day (ISO), title, place, lines of text.

    `halves` are the half-day of the first day on which it begins and that of the last on which it ends; without them it
    takes whole days.
    """

    uid: str
    first: str
    last: str
    title: str
    place: str = ""
    lines: tuple[str, ...] = ()
    halves: tuple[HalfDay, HalfDay] | None = None

    @property
    def span(self) -> tuple[date, date]:
        """When it begins and ends: days, of which the last is the day after; with half-days times."""
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        if self.halves is None:
            return first, last + timedelta(days=1)
        (begin, _), (_, end) = (HOURS[half] for half in self.halves)
        return datetime.combine(first, begin), datetime.combine(last, end)


def calendar_bytes(occasions: Iterable[Occasion], name: str, stamp: str, edition: int) -> bytes:
    """Return a calendar (.ics); `stamp` is the day it says it was made, `edition` the number of the arrangement.

    >>> morning = (HalfDay.MORNING, HalfDay.MORNING)
    >>> visit = Occasion("P01-001", "2024-05-06", "2024-05-06", "上午 甲厂", halves=morning)
    >>> b"DTEND:20240506T120000" in calendar_bytes([visit], "PT-01", "2024-04-30", 1)
    True
    """
    book = Calendar()
    book.add("prodid", "-//enforce//schedule//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", name)
    for one in sorted(occasions, key=lambda one: (str(one.span[0]), one.uid)):
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", datetime.fromisoformat(stamp).replace(tzinfo=UTC))
        event.add("sequence", edition)
        event.add("dtstart", one.span[0])
        event.add("dtend", one.span[1])
        event.add("summary", one.title)
        if one.place:
            event.add("location", one.place)
        event.add("description", "\n".join(one.lines))
        event.add("transp", "OPAQUE")
        book.add_component(event)
    return book.to_ical()


def calendar_texts(content: bytes) -> dict[str, str]:
    """Return what a calendar says of each event, by its name and what it is of; ValueError when it is no calendar.

    >>> visit = Occasion("P01-001", "2024-05-06", "2024-05-06", "上午 甲厂")
    >>> calendar_texts(calendar_bytes([visit], "PT-01", "2024-04-30", 1))["P01-001 开始"]
    '2024-05-06'
    """
    events = Calendar.from_ical(content).walk("VEVENT")
    cells = ((f"{one.get('uid', '')} {word}", one.get(name, "")) for one in events for name, word in _TEXTS.items())
    return {place: str(getattr(cell, "dt", cell)) for place, cell in cells}


_TEXTS = {
    "summary": "标题",
    "dtstart": "开始",
    "dtend": "结束",
    "location": "地点",
    "description": "说明",
    "sequence": "次数",
}
