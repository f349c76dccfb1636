"""Where a stream of the session begins, and the segment that it begins with.

Pure, as the script engine is. A stream begins with a whole segment, perhaps introduced in another way than
usual, or with a *tail*: a short pickup ("Carrying on. Three. Two. One."), then what is left of a segment.
`transport` decides on departures; the words and the timing of a pickup stand here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from voicecoach.script import Heading

if TYPE_CHECKING:
    from voicecoach.lengths import Durations
    from voicecoach.phrases import Phrases
    from voicecoach.routine import Equipment, Routine
    from voicecoach.script import Segment


class Opener(StrEnum):
    """What is said first, so that the person knows what has happened."""

    NONE = ""
    CARRYING_ON = "carrying on"
    SKIPPING = "skipping"


@dataclass(frozen=True)
class Departure:
    """Where a stream begins, and with which words."""

    index: int
    """Which segment of the session, from 0."""
    segment: Segment | None = None
    """The segment that is taken up in its middle, as it was played; None: made anew and played whole."""
    from_seconds: float = 0.0
    """Where in that segment; never in mid-word."""
    opener: Opener = Opener.NONE
    """What is said first."""
    instruction: bool = False
    """Whether the instruction is said again, for the side and the set that come."""
    countdown: bool = False
    """Whether the work is counted in; it begins or goes on with a start tone."""
    heading: Heading = Heading.USUAL
    """How a whole exercise names itself."""
    in_hand: tuple[Equipment, ...] | None = None
    """What the person has at hand; the rest of the equipment is announced. None: that of the step before."""


def take_up(
    departure: Departure, routine: Routine, phrases: Phrases, durations: Durations
) -> Segment:
    """Return the segment that a stream begins with.

    After its pickup (`Segment.pickup_seconds`) it is the segment departed into, from `from_seconds` on; so
    it ends where that one ends. Raises RoutineError where the words of a whole exercise do not fit.
    """
    raise NotImplementedError


def may_wait(departure: Departure) -> bool:
    """Return whether an exercise that waits for the person still does so after this departure.

    It does while its lead-in is spoken, and no longer once the countdown had begun.
    """
    raise NotImplementedError


def waiting(
    segment: Segment, phrases: Phrases, durations: Durations
) -> tuple[Segment, Segment, Segment]:
    """Return what is heard until the person is ready: the words of the lead-in, a hold, a reminder.

    The words end with the lead-in's last ones; the hold begins with "Press a key when you are ready.", and
    the reminder follows it as often as need be. `segment` may be a tail that begins in the lead-in.
    """
    raise NotImplementedError


def pickup_sentences(routine: Routine, phrases: Phrases) -> list[str]:
    """Return every sentence that departures may say and the script does not, the commonest first."""
    raise NotImplementedError
