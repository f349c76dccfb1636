"""A routine: the exercise plan that one routine file holds, ready for the script engine.

This module holds the types; the room `library` reads them from TOML.
"""

# ruff: noqa: ARG002  (what `Locations` is asked, `FileLocations` answers)

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voicecoach.routine.anchors import Anchor
    from voicecoach.routine.dose import Dose


class Audience(StrEnum):
    """Who a routine is for; it chooses the phrases, the countdown and the pace of speech."""

    ADULT = "adult"
    CHILD = "child"


class Level(StrEnum):
    """How much of each exercise a person wants."""

    EASY = "easy"
    STANDARD = "standard"
    STRONG = "strong"


class Pace(StrEnum):
    """How fast the coach speaks, and how long it leaves to get ready; the work keeps its time."""

    CALM = "calm"
    NORMAL = "normal"
    BRISK = "brisk"


class Talk(StrEnum):
    """How much the coach says."""

    FULL = "full"
    """Everything."""
    BRIEF = "brief"
    """A reminder instead of the instruction."""
    TONES = "tones"
    """Names, sides and what keeps a person safe; ticks stand for the countdown and the numbers."""


class DoseBasis(StrEnum):
    """What the number in a dose rests on."""

    MINIMUM = "minimum"
    """The source says at least this much."""
    EXACT = "exact"
    """The source says this much."""
    DEFAULT = "default"
    """The author's choice; it may be tuned."""


@dataclass(frozen=True)
class AuthorCue:
    """Something the author wants said at a moment of a step."""

    anchor: Anchor
    text: str
    """May hold `$variables`."""
    side: str = ""
    """`first` or `second` limits the cue to one side of a step done one side at a time."""
    set_number: int = 0
    """Limits the cue to one set, from 1; 0 means every set."""
    praise: bool = False
    """Encouragement, the first to give way where there is no room."""
    stop: bool = False
    """A stop-on-pain sentence, which nothing keeps from being said."""


@dataclass(frozen=True)
class Equipment:
    """A thing that an exercise needs."""

    key: str
    """The name in the file, such as `mat`."""
    spoken: str
    """With its article, as the coach says it after "You need": `a mat`, `your dumbbells`."""


@dataclass(frozen=True)
class Step:
    """One entry of a routine: an exercise and how much of it."""

    slug: str
    """Short name for commands and files; lower-case words with hyphens, unique in the routine."""
    name: str
    """For the screen."""
    spoken_name: str
    """As it is said inside a sentence, without a full stop: `soft-knee row`, `Airplane!`."""
    instruction: str
    """What the coach says before the work; may hold `$variables`."""
    dose: Dose
    brief: str = ""
    """Said instead of the instruction to somebody who knows the exercise; may hold `$variables`.
    Empty for the instruction's first sentence."""
    caution: str = ""
    """Said before the instruction where the dose is less than its source asks for."""
    dose_basis: DoseBasis = DoseBasis.DEFAULT
    position: str = ""
    """The start position, for the screen and the sheet."""
    setup_seconds: float = 0.0
    """Least time from the start of the lead-in to the start of the work."""
    rest_after_seconds: float = 0.0
    """Exact time from the last end tone to the next lead-in."""
    flow: bool = False
    """The body is in place already: no name, no countdown, the words are spoken straight on."""
    effort_on_return: bool = False
    """The effort is the way back (`effort = "back"`): numbers are spoken there."""
    cues: tuple[AuthorCue, ...] = ()
    stop_line: str = ""
    """The stop-on-pain sentence spoken in the lead-in; empty for none."""
    muscles: tuple[str, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    safety_note: str = ""
    """Written advice, not spoken."""
    together: str = ""
    """Steps that share this name belong together: they are skipped and repeated as one."""
    optional: bool = False
    """The step may be left out without harm."""
    wait: bool = False
    """Live play holds before this step until a key is pressed, if somebody is there to press it."""
    levels: Mapping[Level, Dose] = field(default_factory=dict)
    """Doses of this step at other levels, where its author gives them."""
    source: tuple[str, ...] = ()
    """What the step rests on, such as requirement numbers of an article."""
    circuit: str = ""
    """Neighbours that share this name are done round after round; empty outside circuits."""
    round_of: str = ""
    """Slug that the step has in its file; empty outside circuits."""
    round_number: int = 0
    """The round that this is, from 1; 0 outside circuits."""
    round_side: Literal["", "left", "right"] = ""
    """The side that its texts speak of, where the sides of a circuit take turns by rounds."""

    @property
    def planned_seconds(self) -> float:
        """The length that its author meant, from its lead-in to the end of its rest."""
        return self.setup_seconds + self.dose.total_seconds + self.rest_after_seconds


@dataclass(frozen=True)
class Spoken:
    """Words of the opening or the closing."""

    text: str
    """One or more sentences; may hold `$variables`."""
    block: str = ""
    """The shared block they come from, such as `SC-A`; empty for the routine's own words."""
    stop: bool = False
    """They tell a person to stop when something hurts."""
    steps: tuple[str, ...] = ()
    """They speak of these steps, by slug, and are said only where all of them are done."""


@dataclass(frozen=True)
class Silence:
    """Time without words in the opening or the closing."""

    seconds: float
    """More than 0."""


@dataclass(frozen=True)
class Contraindication:
    """A reason not to do a routine."""

    key: str
    """Stable name, such as `high-blood-pressure`."""
    name: str
    """What it is called in the source."""
    strength: str
    """The source's strength of wording: `contraindicated`, `undesirable` or `not recommended`."""
    spoken: str
    """The sentence that the coach says."""


@dataclass(frozen=True)
class Location:
    """The place of something in a file."""

    path: Path | None = None
    """None for what is in no file."""
    line: int = 0
    """From 1; 0 where it is not known."""
    column: int = 0
    """From 1; 0 where it is not known."""


class Locations:
    """The places of everything in a routine; this one has none, for a routine made in Python."""

    def of_step(self, slug: str, *keys: str | int, index: int | None = None) -> Location:
        """Return the place of a step, of a value in it, or of a character of a text there.

        `keys` lead to the value, as in `"cues", 2, "say"`; where there is none, the nearest value
        around it counts. `index` counts the characters of a text, from 0, as the routine has it.
        """
        return Location()

    def of_routine(self, *keys: str | int, index: int | None = None) -> Location:
        """Return the place of a value of the routine itself, or of a character of a text there."""
        return Location()

    def of_words(
        self, part: Literal["opening", "closing"], words: Spoken, index: int | None = None
    ) -> Location:
        """Return the place of words of a part: those of a block are where it is named."""
        return Location()


@dataclass(frozen=True)
class Routine:
    """An exercise plan."""

    slug: str
    """The name it is called by: the file's name without its ending."""
    title: str
    """For the screen, tags and chapters."""
    audience: Audience
    steps: tuple[Step, ...]
    """What is done, in order; at least one."""
    language: str = "en"
    """Language tag of all its texts."""
    languages: tuple[str, ...] = ()
    """All that its file has texts in, the file's own first; empty for a routine made in Python."""
    summary: str = ""
    """One sentence for lists."""
    about: str = ""
    """Some sentences of background, written, not spoken."""
    adult_nearby: bool = False
    """A grown-up has to stay close."""
    level: str = ""
    """Such as `beginner`."""
    equipment: tuple[Equipment, ...] = ()
    """All that the routine names, in the order of the file."""
    muscles: tuple[str, ...] = ()
    """What the routine develops, as tags."""
    opening: tuple[Spoken | Silence, ...] = ()
    """Welcome, checks and silences before the first step, in order."""
    closing: tuple[Spoken | Silence, ...] = ()
    """The words after the last step."""
    contraindications: tuple[Contraindication, ...] = ()
    """The reasons not to do it that its opening speaks."""
    talk: Talk = Talk.FULL
    play_seed: int | None = None
    """For children: chooses among the coach's playful words; None for the plain words."""
    path: Path | None = None
    """Where it was read from; None for a routine made in Python."""
    extended: tuple[Path, ...] = ()
    """The files of the routines that it extends, the nearest first."""
    locations: Locations = field(default_factory=Locations, compare=False, repr=False)
    """The places of everything in its file, for messages of later stages."""

    @property
    def safety_lines(self) -> tuple[str, ...]:
        """The checks that the opening speaks and the STOP lines, each once, to be read."""
        checks = [
            item.text
            for item in self.opening
            if isinstance(item, Spoken) and item.block and "$" not in item.text
        ]
        stops = [step.stop_line for step in self.steps if step.stop_line]
        return tuple(dict.fromkeys([*checks, *stops]))
