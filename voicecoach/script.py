"""The script engine: turns a Routine into segments of timed cues.

Pure: no audio, no files, no clock. It asks for lengths through `Durations`, so nominal lengths (tables)
and measured ones (spoken clips) go through the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.phrases import Phrases
    from voicecoach.routine import Routine


class Durations(Protocol):
    """How long things last when they sound."""

    pause_seconds: tuple[float, float]
    """Shortest and usual silence between the sentences of one utterance."""

    def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
        """Return how long one sentence lasts; `speed` 1.0 is the session's own pace."""
        ...

    def sound_seconds(self, name: str) -> float:
        """Return how long the sound of that name lasts (`start`, `end`)."""
        ...


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
    """What it is for: `name`, `equipment`, `instruction`, `stop`, `countdown`, `go`, `count`, `cue`,
    `halfway`, `five-seconds`, `last-two`, `change`, `rest`, `next`, `set`, `opening`, `closing`, `tone`."""
    sentences: tuple[Sentence, ...] = ()
    """The sentences of a spoken cue, in order; empty for a sound."""
    speed: float = 1.0
    """Factor on the session's pace; more than 1 only where the words would not fit otherwise."""
    side: Literal["", "left", "right"] = ""
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
    side: Literal["", "left", "right"] = ""
    """The side, where sides are done one at a time."""
    rep_seconds: float = 0.0
    """Length of one rep; 0 for holds and timed work."""
    reps: int = 0
    """How many; 0 for holds and timed work."""


class NoteKind(StrEnum):
    """What was done to a cue to make it fit."""

    MOVED = "moved"
    SPED_UP = "sped up"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Note:
    """A cue that did not fit as it was written, and what was done about it."""

    kind: NoteKind
    step: str
    """Slug of the step."""
    text: str
    """The words."""
    detail: str
    """By how much or why, for people."""


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


@dataclass(frozen=True)
class Script:
    """A whole routine as timed cues."""

    routine: Routine
    segments: tuple[Segment, ...]

    @property
    def duration_seconds(self) -> float:
        """Return the end of the last sound."""
        raise NotImplementedError
