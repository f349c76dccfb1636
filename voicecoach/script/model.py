"""A script: a routine as segments of timed cues, made by `compiler` and followed by everything else."""

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
    """As written; the speech front end makes it speakable."""


@dataclass(frozen=True)
class Cue:
    """Something that sounds at a time."""

    start_seconds: float
    """From the start of the segment."""
    duration_seconds: float
    """How long it sounds."""
    kind: Literal["speech", "sound"]
    """Whether it is spoken or a sound of the library."""
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
        """Return when it stops sounding, from the start of the segment."""
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
    """How many; 0 for holds and timed work."""

    @property
    def end_seconds(self) -> float:
        """Return when the work ends, from the start of the segment."""
        return self.start_seconds + self.duration_seconds


class NoteKind(StrEnum):
    """What was done to a cue to make it fit."""

    MOVED = "moved"
    SPED_UP = "sped up"
    DROPPED = "dropped"
    NO_ROOM = "no room"
    """Nothing could be done: they may not be dropped. Only in an outline; elsewhere it is an error."""


@dataclass(frozen=True)
class Note:
    """Words that did not fit as they were written, and what was done about it."""

    kind: NoteKind
    step: str
    """Slug of the step."""
    text: str
    """The words."""
    detail: str
    """By how much or why, for people."""
    role: str = ""
    """What the words are for, as with cues."""
    needed_seconds: float = 0.0
    """How long the words last at the usual pace."""
    room_seconds: float = 0.0
    """How long they could last there at most; 0 where other words leave none, or moving was enough."""
    cues: tuple[AuthorCue, ...] = ()
    """The author's cues that the words are of; none for words of the coach's own."""
    start_seconds: float = 0.0
    """From the start of the segment: when they are said, or would have been."""


@dataclass(frozen=True)
class Segment:
    """One stretch of the session: the opening, one exercise with its rest, or the closing. A chapter."""

    kind: Literal["opening", "exercise", "closing"]
    title: str
    """The chapter's title."""
    duration_seconds: float
    """Exact; the next segment starts here. A tone at the very end may ring on into it."""
    cues: tuple[Cue, ...]
    """In order of their start."""
    slug: str = ""
    """The step's slug; empty for opening and closing."""
    work_blocks: tuple[WorkBlock, ...] = ()
    """In order; empty for opening and closing."""
    notes: tuple[Note, ...] = ()
    """What had to be moved, sped up or dropped."""
    pickup_seconds: float = 0.0
    """Length of the words in front that lead back into a segment ("Carrying on. Three. Two. One.").
    Work that had begun before keeps its true start, which then lies before the end of these
    words."""


@dataclass(frozen=True)
class Chapter:
    """A segment as a place to jump to; chapters are flat and follow without gaps."""

    title: str
    """As a list of chapters shows it."""
    start_seconds: float
    """From the start of the session."""
    end_seconds: float
    """Where the next one starts."""


@dataclass(frozen=True)
class Script:
    """A whole routine as timed cues."""

    routine: Routine
    segments: tuple[Segment, ...]
    """In order, without gaps: each starts where the one before ends."""

    @property
    def starts_seconds(self) -> tuple[float, ...]:
        """Return when each segment starts, from the start of the session."""
        return tuple(running_total(segment.duration_seconds for segment in self.segments))[:-1]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return the opening, each exercise and the closing with their times."""
        return tuple(
            Chapter(segment.title, start, start + segment.duration_seconds)
            for segment, start in zip(self.segments, self.starts_seconds, strict=True)
        )

    @property
    def duration_seconds(self) -> float:
        """Return the end of the last sound."""
        return math.fsum(segment.duration_seconds for segment in self.segments)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return everything that had to be moved, sped up or dropped."""
        return tuple(note for segment in self.segments for note in segment.notes)


def running_total(lengths: Iterable[float]) -> Iterator[float]:
    """Yield 0 and the exact sum after each length, so that rounding never adds up."""
    exact: list[float] = []  # parts that do not overlap, whose sum is that of all lengths
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
    """Return the step of each segment of a session, in order; None for the opening and the closing."""
    opening = (None,) if routine.opening else ()
    # Silence alone would not be heard: a closing has words.
    closing = (None,) if any(isinstance(item, Spoken) for item in routine.closing) else ()
    return (*opening, *routine.steps, *closing)
