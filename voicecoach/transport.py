"""The transport: what a person asks for while a session plays, and where it then goes on.

Pure: no clock, no sound, no keys. A command stops the stream that plays; the transport says where the next
one departs. What a departure sounds like is worked out in `departure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.departure import Departure
    from voicecoach.routine import Routine
    from voicecoach.script import Segment


class Command(StrEnum):
    """What a person may ask for."""

    PAUSE = "pause"
    """Pause; go on where it is paused or waits."""
    PLAY = "play"
    """Go on; nothing where it plays."""
    NEXT = "next"
    BACK = "back"
    """The start of this exercise; at its start, the one before."""
    REPEAT = "repeat"
    """What was said, again."""
    FORWARD = "forward"
    REWIND = "rewind"
    READY = "ready"
    """The person is in position."""
    QUIT = "quit"
    LOUDER = "louder"
    QUIETER = "quieter"
    FASTER = "faster"
    """The voice, for what comes."""
    SLOWER = "slower"


class Mode(StrEnum):
    """What the player is doing."""

    STARTING = "starting"
    PLAYING = "playing"
    PAUSED = "paused"
    WAITING = "waiting"
    """For the person to be ready."""
    NO_SPEAKERS = "no speakers"
    ENDED = "ended"


@dataclass(frozen=True)
class Spot:
    """Where in the session we are."""

    index: int
    """Which segment, from 0."""
    segment: Segment | None
    """The segment as it is played, a tail with its pickup (where the exercise waits: all of it, not only its
    words); None: at the very start of `departure`, before its segment is made."""
    offset_seconds: float
    """How much of that segment has been heard."""
    departure: Departure
    """Where the stream began that is heard."""
    waits: bool = False
    """Whether the exercise waits for the person here: the clock stands at the end of its words."""


@dataclass(frozen=True)
class Step:
    """What follows from a command."""

    mode: Mode
    """What the player does then."""
    departure: Departure | None = None
    """Where a new stream departs; None: nothing moves."""


class Transport:
    """Decides where a session goes on."""

    def __init__(self, routine: Routine, segment_of: Callable[[int], Segment]) -> None:
        """`segment_of` gives the segment of an index as the script has it."""
        self.routine = routine
        self.segment_of = segment_of

    def begin(self, index: int) -> Departure:
        """Return the departure that carries on an earlier session at the start of a segment."""
        raise NotImplementedError

    def resume(self, spot: Spot) -> Departure:
        """Return the departure that goes on after a pause, or when speakers have come back."""
        raise NotImplementedError

    def command(self, mode: Mode, spot: Spot, command: Command) -> Step:
        """Return what follows from a command."""
        raise NotImplementedError
