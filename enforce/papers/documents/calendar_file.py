"""A calendar (日历文件) of one officer: his visits as events of whole days, the same bytes for the same visits.

The half-day stands in the title: at what time a morning begins nobody has written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Occasion:
    """One event: a name that stays the same when it is moved, first and last day (ISO), title, place, lines of text."""

    uid: str
    first: str
    last: str
    title: str
    place: str = ""
    lines: tuple[str, ...] = ()


def calendar_bytes(occasions: Iterable[Occasion], name: str, stamp: str, edition: int) -> bytes:
    """Return a calendar (.ics); `stamp` is the day it says it was made, `edition` the number of the arrangement.

    >>> visit = Occasion("P01-001", "2024-05-06", "2024-05-06", "上午 甲厂")
    >>> b"DTSTART;VALUE=DATE:20240506" in calendar_bytes([visit], "PT-01", "2024-04-30", 1)
    True
    """
    book = Calendar()
    book.add("prodid", "-//enforce//schedule//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", name)
    for one in sorted(occasions, key=lambda one: (one.first, one.uid)):
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", datetime.fromisoformat(stamp).replace(tzinfo=UTC))
        event.add("sequence", edition)
        event.add("dtstart", date.fromisoformat(one.first))
        event.add("dtend", date.fromisoformat(one.last) + timedelta(days=1))
        event.add("summary", one.title)
        if one.place:
            event.add("location", one.place)
        event.add("description", "\n".join(one.lines))
        event.add("transp", "OPAQUE")
        book.add_component(event)
    return book.to_ical()
