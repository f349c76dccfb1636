"""The transport: what a person asks for while a session plays, and where it then goes on.

Pure: no clock, no sound, no keys. A command stops the stream that plays; the transport says where
the next one departs. What a departure sounds like is worked out in `departure`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from voicecoach.language.phrases import Heading
from voicecoach.script.model import Segment, segment_steps
from voicecoach.script.timing import LEAP_SECONDS, SAME_START_SECONDS, TOLERANCE_SECONDS
from voicecoach.session.departure import Departure, Opener, ready_seconds, words_seconds
from voicecoach.session.waypoints import Bearings, rep_start

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.routine.model import Equipment, Routine


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
class PlayPosition:
    """Where in the session we are."""

    index: int
    """Which segment, from 0."""
    segment: Segment | None
    """The segment as it is played, a tail with its pickup (where the exercise waits: all of it, not
    only its words); None: at the very start of `departure`, before its segment is made."""
    offset_seconds: float
    """How much of that segment has been heard."""
    departure: Departure
    """Where the stream began that is heard."""
    waits: bool = False
    """Whether the exercise waits for the person here: the clock stands at the end of its words."""


@dataclass(frozen=True)
class Response:
    """What follows from a command."""

    mode: Mode
    departure: Departure | None = None
    """Where a new stream departs; None: nothing moves."""


class Transport:
    """Decides where a session goes on; all rules of moving about in it stand here.

    - A **pause** goes on with "Carrying on.", counted in, at the rep that was going on, or with a
      hold of up to a minute from its start; longer work where it was; words with the sentence, a
      countdown from its start. In a pickup: the same pickup's place again, however often.
    - **Next** skips what is not done, and says so. **Back** is the start of this exercise, soon
      after its start the one before. Steps that belong together are passed as one.
    - **Repeat** is the instruction, in a rest the next announcement, else what was said last.
    - **Forward** and **rewind** stop at the next countdown and at the next exercise: no work is
      missed. They go into work that is not going on as a pause would go on there.
    - Equipment is announced before it is used, whichever way led there.
    """

    def __init__(self, routine: Routine, segment_of: Callable[[int], Segment]) -> None:
        """`segment_of` gives the segment of an index as the script has it."""
        self.segment_of = segment_of
        self.steps = segment_steps(routine)

    def begin(self, index: int) -> Departure:
        """Return the departure that carries on an earlier session at the start of a segment."""
        if index == 0 and self.steps[0] is None:
            return Departure(0)
        first = self._first_together(index)
        return Departure(first, opener=Opener.CARRYING_ON, heading=Heading.NAME, in_hand=())

    def resume(self, spot: PlayPosition) -> Departure:
        """Return the departure that goes on after a pause, or when speakers have come back."""
        if spot.segment is None:
            return spot.departure  # nothing of it has been heard
        there = spot.departure
        if not _is_in_pickup(spot):
            there = self._bearings(self._whole(spot)).carry_on()
        return replace(there, opener=Opener.CARRYING_ON)

    def command(self, mode: Mode, spot: PlayPosition, command: Command) -> Response:
        """Return the response to a command; where it has no meaning, nothing moves."""
        if mode is Mode.ENDED or command is Command.QUIT:
            return Response(Mode.ENDED)
        if command is Command.REPEAT and _is_unheard(spot):
            return _go(spot.departure)
        if command is Command.PAUSE and mode not in (Mode.PAUSED, Mode.WAITING):
            return Response(Mode.PAUSED)
        here = self._bearings(spot if command is Command.NEXT else self._whole(spot))
        match command, mode:
            case Command.NEXT, _:
                return _go(self._next(here))
            case Command.BACK, _:
                return _go(self._back(here))
            case Command.REPEAT, _:
                return _go(self._repeat(here))
            case Command.FORWARD, _:
                return _go(self._forward(here))
            case Command.REWIND, _:
                return _go(self._rewind(here))
            case ((Command.READY | Command.PLAY | Command.PAUSE), Mode.WAITING):
                return _go(here.depart(ready_seconds(here.segment)))
            case (Command.PLAY, Mode.PAUSED | Mode.NO_SPEAKERS) | (Command.PAUSE, Mode.PAUSED):
                return _go(self.resume(spot))
        return Response(mode)

    # Where we are

    def _whole(self, spot: PlayPosition) -> PlayPosition:
        """Put a spot into the whole opening: one that plays knows only its lines so far."""
        if spot.segment is None or spot.segment.kind != "opening" or spot.departure != Departure(0):
            return spot
        return replace(spot, segment=self.segment_of(spot.index))

    def _bearings(self, spot: PlayPosition) -> Bearings:
        departure, segment, seconds = spot.departure, spot.segment, spot.offset_seconds
        if spot.index != departure.index:
            departure = Departure(spot.index)  # the stream has come here as the script does
        pickup_seconds = segment.pickup_seconds if segment else 0.0
        if departure.segment is not None:
            since_pickup = max(0.0, seconds - pickup_seconds)
            segment, seconds = departure.segment, departure.from_seconds + since_pickup
        else:
            segment = segment or _NOTHING_YET
            seconds = max(seconds, pickup_seconds)
        if spot.waits:
            seconds = min(seconds, words_seconds(segment))
        equipment = [cue.end_seconds for cue in segment.cues if cue.role == "equipment"]
        is_equipped = max(equipment, default=0.0) <= seconds + TOLERANCE_SECONDS
        in_pickup = _is_in_pickup(spot)
        in_hand = departure.in_hand
        if in_hand is None:
            in_hand = self._usually_in_hand(spot.index)
        return Bearings(
            spot.index,
            self.steps[spot.index],
            segment,
            seconds,
            in_hand,
            is_equipped=departure.is_equipped if in_pickup else is_equipped,
            awaits_count=departure.counts_in and in_pickup,
        )

    def _bearings_before(self, here: Bearings, seconds: float) -> Bearings:
        index = here.index - 1
        segment = self.segment_of(index)
        there = max(0.0, segment.duration_seconds - seconds)
        return Bearings(index, self.steps[index], segment, there, here.holds)

    def _usually_in_hand(self, index: int) -> tuple[Equipment, ...]:
        before = self.steps[index - 1] if index else None
        return before.equipment if before else ()

    def _together(self, first: int, last: int) -> bool:
        groups = {step.together if step else "" for step in self.steps[first : last + 1]}
        return first == last or (len(groups) == 1 and "" not in groups)

    def _first_together(self, index: int) -> int:
        return next(first for first in range(index + 1) if self._together(first, index))

    def _last_together(self, index: int) -> int:
        ends = range(len(self.steps) - 1, index - 1, -1)
        return next(last for last in ends if self._together(index, last))

    # Where we go

    def _next(self, here: Bearings) -> Departure | None:
        last = self._last_together(here.index)
        if last + 1 == len(self.steps):
            return None
        done = here.step is None or (here.index == last and here.is_done)
        opener = Opener.NONE if done else Opener.SKIPPING
        return Departure(last + 1, opener=opener, heading=Heading.NEXT, in_hand=here.holds)

    def _back(self, here: Bearings) -> Departure:
        first, heading = self._first_together(here.index), Heading.AGAIN
        if here.index == first > 0 and here.heard_seconds < SAME_START_SECONDS:
            first, heading = self._first_together(first - 1), Heading.BACK
        return Departure(first, heading=heading, in_hand=here.holds)

    def _repeat(self, here: Bearings) -> Departure:
        if here.step is None or here.is_done:
            words = here.said("next") or here.said()
            return here.depart(words.start_seconds if words else here.seconds)
        if not here.has_worked:
            starts = [cue.start_seconds for cue in here.segment.cues if cue.role == "instruction"]
            return here.depart(min([*starts, here.word_start()]))
        if here.block is None and (change := here.said("change")):
            return here.depart(change.start_seconds)
        return replace(here.carry_on(), repeats_instruction=True)

    def _forward(self, here: Bearings) -> Departure | None:
        if here.segment is _NOTHING_YET:
            here = replace(here, segment=self.segment_of(here.index))
        # In work at least to the next rep; out of it to the next countdown, or into what follows.
        seconds, block = here.seconds + LEAP_SECONDS, here.block
        if block is not None and block.reps:
            seconds = max(seconds, rep_start(block, here.seconds) + block.rep_seconds)
        if block is not None and seconds < block.end_seconds - TOLERANCE_SECONDS:
            return here.move(rep_start(block, seconds) if block.reps else here.later(seconds))
        if here.block_ahead is not None:
            return here.depart(min(here.later(seconds), here.entry(here.block_ahead)))
        if seconds < here.segment.duration_seconds:
            return here.depart(here.later(seconds))
        following = here.index + 1
        if following == len(self.steps):
            return None
        heading = Heading.USUAL if self._together(here.index, following) else Heading.NEXT
        return Departure(following, heading=heading, in_hand=here.holds)

    def _rewind(self, here: Bearings) -> Departure:
        seconds, block = here.seconds - LEAP_SECONDS, here.block
        too_far = here.segment.pickup_seconds - seconds
        if too_far > 0:
            if here.index == 0:
                return Departure(0)
            return self._bearings_before(here, too_far).carry_on()
        there = replace(here, seconds=seconds, in_hand=here.holds)
        if block is None or there.block is not block:
            return there.carry_on()
        return here.move(rep_start(block, seconds) if block.reps else there.word_start())


class ExcerptTransport(Transport):
    """Moves about in one segment that is heard alone, and never out of it."""

    def _next(self, _here: Bearings) -> Departure | None:
        return None

    def _back(self, here: Bearings) -> Departure:
        return Departure(here.index)

    def _forward(self, here: Bearings) -> Departure | None:
        there = super()._forward(here)
        return there if there is not None and there.index == here.index else None

    def _rewind(self, here: Bearings) -> Departure:
        if here.heard_seconds < LEAP_SECONDS:
            return Departure(here.index)
        return super()._rewind(here)


_NOTHING_YET = Segment("exercise", "", 0.0, ())
"""A segment that is to be played whole and has not been made: nothing of it has been heard."""


def _go(departure: Departure | None) -> Response:
    """Go on at a departure; without one, the session is over."""
    return Response(Mode.ENDED) if departure is None else Response(Mode.PLAYING, departure)


def _is_unheard(spot: PlayPosition) -> bool:
    """Return True at the very start of a segment that is played whole."""
    return spot.segment is None and spot.departure.segment is None


def _is_in_pickup(spot: PlayPosition) -> bool:
    """Return True within the words that lead back into the segment departed into."""
    return spot.index == spot.departure.index and (
        spot.segment is None or spot.offset_seconds < spot.segment.pickup_seconds
    )
