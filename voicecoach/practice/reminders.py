"""The days of a plan as a file that calendars import (RFC 5545), with a reminder for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from voicecoach import __version__
from voicecoach.files.replacing import MARK
from voicecoach.messages import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from voicecoach.routine.model import Audience

AHEAD: Final = timedelta(minutes=10)
"""How long before a session the calendar reminds of it."""


@dataclass(frozen=True)
class Reminder:
    """A day with something to practise."""

    begins_at: datetime
    """By the clock on the wall, without a time zone."""
    minutes: int
    """How long its sessions take, at least 1."""
    audience: Audience
    titles: tuple[str, ...]
    """The sessions, in order."""
    notes: tuple[str, ...] = ()
    """What else stands in the event, line by line."""

    @property
    def uid(self) -> str:
        """The event's name in every calendar: one a day, so that a new plan replaces it."""
        return f"{self.begins_at.date().isoformat()}-{self.audience}@voicecoach"


def calendar_text(reminders: Iterable[Reminder], written_at: datetime) -> str:
    """Return an iCalendar file with an event for each reminder.

    The times are *floating*: six in the evening stays six in the evening, in summer and in winter
    and on journeys, and no time zone has to be described. `written_at` is aware; of two files, a
    calendar takes the event of the later one.
    """
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//voicecoach//{MARK} {__version__}//EN")
    for one in reminders:
        summary = printable(" + ".join(one.titles))
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", written_at)
        event.add("dtstart", one.begins_at)
        event.add("duration", timedelta(minutes=one.minutes))
        event.add("summary", summary)
        event.add("description", _lines(one.notes))
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", -AHEAD)
        event.add_component(alarm)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode("utf-8")


def _lines(notes: Sequence[str]) -> str:
    return "\n".join(printable(line) for line in notes)
