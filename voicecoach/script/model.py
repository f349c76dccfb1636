"""A script: a routine as segments of timed cues, which `compiler` makes and all else follows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from voicecoach.routine.model import Spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicecoach.routine.model import AuthorCue, Routine, Step

SideName = Literal["", "left", "right"]
"""A side of the body; empty where there is none."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of an utterance: what is synthesised as one clip."""

    offset_seconds: float
    """From the start of its cue."""
    text: str
    """As it is written; the speech front end makes it speakable."""


@dataclass(frozen=True)
class Cue:
    """Something that sounds at a time."""

    start_seconds: float
    """From the start of the segment."""
    duration_seconds: float
    kind: Literal["speech", "sound"]
    text: str
    """The words, or the sound's name (`start`, `end`)."""
    role: str
    """What it is for: `round`, `name`, `progress`, `equipment`, `instruction`, `stop`, `countdown`,
    `go`, `count`, `cue`, `halfway`, `five-seconds`, `last-two`, `change`, `rest`, `next`, `set`,
    `opening`, `closing`, `tone`."""
    sentences: tuple[Sentence, ...] = ()
    """The sentences of a spoken cue, in order; empty for a sound."""
    speed: float = 1.0
    """Factor on the session's pace; more than 1 only where the words would not fit otherwise."""
    side: SideName = ""
    """The side that is worked, where there is one."""
    set_number: int = 0
    """The set it belongs to, from 1; 0 outside sets."""

    @property
    def end_seconds(self) -> float:
        """The end of its sound, from the start of the segment."""
        return self.start_seconds + self.duration_seconds


@dataclass(frozen=True)
class WorkBlock:
    """One set of one side (or one alternating set): the clock runs."""

    start_seconds: float
    """From the start of the segment; the start tone begins here."""
    duration_seconds: float
    """Exact."""
    set_number: int
    """From 1."""
    side: SideName = ""
    """The side, where sides are done one at a time."""
    rep_seconds: float = 0.0
    """Length of one rep; 0 for holds and timed work."""
    reps: int = 0
    """0 for holds and timed work."""

    @property
    def end_seconds(self) -> float:
        """The end of the work, from the start of the segment."""
        return self.start_seconds + self.duration_seconds


class NoteKind(StrEnum):
    """The change that made a cue fit."""

    MOVED = "moved"
    SPED_UP = "sped up"
    DROPPED = "dropped"
    NO_ROOM = "no room"
    """Words that may not be dropped do not fit. Only in an outline; elsewhere it is an error."""


@dataclass(frozen=True)
class Note:
    """Words that did not fit as they were written, and what was done about it."""

    kind: NoteKind
    step: str
    """Slug of the step."""
    text: str
    detail: str
    """By how much or why, for people."""
    role: str = ""
    """As of cues."""
    needed_seconds: float = 0.0
    """The length of the words at the usual pace."""
    room_seconds: float = 0.0
    """The greatest length that they could have there; 0 where moving was enough, too."""
    cues: tuple[AuthorCue, ...] = ()
    """The author's cues with these words; none for words of the coach's own."""
    start_seconds: float = 0.0
    """When they are said, or would have been, from the start of the segment."""


@dataclass(frozen=True)
class Segment:
    """A chapter of the session: the opening, one exercise with its rest, or the closing."""

    kind: Literal["opening", "exercise", "closing"]
    title: str
    duration_seconds: float
    """Exact; the next segment starts here. A tone at the very end may ring on into it."""
    cues: tuple[Cue, ...]
    """In order of their start."""
    slug: str = ""
    """The step's slug; empty for opening and closing."""
    work_blocks: tuple[WorkBlock, ...] = ()
    """In order; empty for opening and closing."""
    notes: tuple[Note, ...] = ()
    pickup_seconds: float = 0.0
    """Length of the words in front that lead back into a segment ("Carrying on. Three. Two. One.").
    Work that had begun before keeps its true start, which then lies before the end of these
    words."""


@dataclass(frozen=True)
class Chapter:
    """A segment as a place to jump to; chapters are flat and follow without gaps."""

    title: str
    start_seconds: float
    """From the start of the session."""
    end_seconds: float
    """The start of the next one."""


@dataclass(frozen=True)
class Script:
    """A whole routine as timed cues."""

    routine: Routine
    segments: tuple[Segment, ...]
    """In order, without gaps: each starts where the one before ends."""

    @property
    def starts_seconds(self) -> tuple[float, ...]:
        """The start of each segment, from the start of the session."""
        return tuple(running_total(segment.duration_seconds for segment in self.segments))[:-1]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The opening, each exercise and the closing with their times."""
        return tuple(
            Chapter(segment.title, start, start + segment.duration_seconds)
            for segment, start in zip(self.segments, self.starts_seconds, strict=True)
        )

    @property
    def duration_seconds(self) -> float:
        """The end of the last sound."""
        return math.fsum(segment.duration_seconds for segment in self.segments)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes of all segments."""
        return tuple(note for segment in self.segments for note in segment.notes)


def running_total(lengths: Iterable[float]) -> Iterator[float]:
    """Yield 0 and the exact sum after each length, so that rounding never adds up."""
    exact: list[float] = []  # parts that do not overlap, with the sum of all lengths
    yield 0.0
    for length in lengths:
        carried, parts = length, []
        for part in exact:
            total = carried + part
            large, small = (carried, part) if abs(carried) > abs(part) else (part, carried)
            if rest := small - (total - large):
                parts.append(rest)
            carried = total
        exact = [*parts, carried]
        yield math.fsum(exact)


def segment_steps(routine: Routine) -> tuple[Step | None, ...]:
    """Return the step of each segment, in order; None for the opening and the closing."""
    opening = (None,) if routine.opening else ()
    # Silence alone would not be heard: a closing has words.
    closing = (None,) if any(isinstance(item, Spoken) for item in routine.closing) else ()
    return (*opening, *routine.steps, *closing)
