"""The subject of lints: a routine, its script, and all heard texts of it with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from voicecoach.errors import Problem, Severity
from voicecoach.messages import quoted
from voicecoach.routine.anchors import Occasion, Offset
from voicecoach.routine.model import Spoken
from voicecoach.script.compiler import nominal_minutes
from voicecoach.script.model import segment_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voicecoach.language.phrases import Phrases
    from voicecoach.language.vocabulary import Vocabulary
    from voicecoach.routine.model import AuthorCue, Location, Routine, Step
    from voicecoach.script.durations import Durations
    from voicecoach.script.model import Script, Segment

WORD: Final = re.compile(r"\$?[^\W_]+(?:['’_-][^\W_]+)*")
"""A word as people count them, with its hyphens, or a variable with its dollar sign."""


@dataclass(frozen=True)
class Text:
    """Words that somebody hears, and their place."""

    written: str
    """With `$variables`."""
    step: Step | None = None
    """None for the opening and the closing."""
    keys: tuple[str | int, ...] = ()
    """Their path in the step."""
    cue: AuthorCue | None = None
    part: Literal["opening", "closing"] = "opening"
    """Where they are said, outside steps."""
    words: Spoken | None = None
    """What they are said in, outside steps."""

    @property
    def is_in_work(self) -> bool:
        """True if they are said while the clock runs."""
        return self.cue is not None and self.cue.anchor.occasion is Occasion.WORK


@dataclass(frozen=True)
class Exercise:
    """A step as it is written and as it is heard."""

    index: int
    """Of the segment in the session."""
    step: Step
    """As the author has it."""
    heard: Step
    """As the script has it: dose and words may have been fitted to somebody."""
    segment: Segment


@dataclass(frozen=True)
class Finding:
    """What a lint has found, before its code and severity are added."""

    message: str
    fix: str
    place: Location
    step: str = ""
    """As a person would call it; empty outside steps."""
    slug: str = ""


@dataclass(frozen=True)
class Subject:
    """A routine and all that is known of it."""

    routine: Routine
    script: Script
    phrases: Phrases
    durations: Durations
    """The lengths that the script was made with."""
    vocabulary: Vocabulary | None
    """The words of the routine's language, if somebody wrote them down."""

    @property
    def words(self) -> Vocabulary:
        """Return the words of the language, for lints that only run where they are known."""
        assert self.vocabulary is not None  # noqa: S101  (seen to by `findings_of`)
        return self.vocabulary

    @cached_property
    def minutes(self) -> int:
        """The value of `$minutes` in the script."""
        routine, phrases = self.script.routine, self.phrases
        return nominal_minutes(routine, phrases, self.durations.word_seconds)

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """Return each exercise of the script that is of the routine."""
        return tuple(self.exercises_of(self.script))

    def exercises_of(self, script: Script) -> Iterator[Exercise]:
        """Yield the exercises of a script of the routine, perhaps fitted to somebody."""
        written = {step.slug: step for step in self.routine.steps}
        for index, step in enumerate(segment_steps(script.routine)):
            if step is not None and step.slug in written:
                yield Exercise(index, written[step.slug], step, script.segments[index])

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Return every text of the author's that is heard, in the order of the session."""
        steps = (text for step in self.routine.steps for text in self.texts_of(step))
        return (*self._around("opening"), *steps, *self._around("closing"))

    def _around(self, part: Literal["opening", "closing"]) -> Iterator[Text]:
        items = self.routine.opening if part == "opening" else self.routine.closing
        for item in items:
            if isinstance(item, Spoken):
                yield Text(item.text, part=part, words=item)

    def texts_of(self, step: Step) -> Iterator[Text]:
        """Yield the texts of a step: its instruction, its short form and its cues."""
        yield Text(step.instruction, step, ("say",))
        if step.brief:
            yield Text(step.brief, step, ("brief",))
        for index, cue in enumerate(step.cues):
            if not cue.stop:  # the coach's own
                yield Text(cue.text, step, ("cues", index, "say"), cue)

    def text_of_cue(self, step: Step, cue: AuthorCue) -> Text:
        """Return the text of one of a step's cues, which may have been fitted to somebody."""
        same = [index for index, own in enumerate(step.cues) if own == cue]
        alike = [index for index, own in enumerate(step.cues) if own.text == cue.text]
        keys = ("cues", (same or alike)[0], "say") if same or alike else ("cues",)
        return Text(cue.text, step, keys, cue)

    def said_before_work(self, step: Step) -> str:
        """Return the words of a step before its clock runs, its name included."""
        timed = ((cue, cue.anchor) for cue in step.cues)
        at_start = [cue.text for cue, at in timed if isinstance(at, Offset) and at.seconds < 1]
        return " . ".join([step.spoken_name, step.instruction, *at_start])

    def key_of_name(self, step: Step) -> str:
        """Return the key that the spoken name of a step is written under."""
        return "name" if step.spoken_name.casefold() == step.name.casefold() else "spoken"

    # Findings

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {step.slug: number for number, step in enumerate(self.routine.steps, 1)}

    def label(self, step: Step) -> str:
        """Return the step as messages call it: `step 3 "Plank"`."""
        return f"step {self._numbers.get(step.slug, 0)} {quoted(step.name)}"

    def at_step(
        self, step: Step, message: str, fix: str, *keys: str | int, index: int | None = None
    ) -> Finding:
        """Return a finding at a value of a step, or at a character of a text there."""
        place = self.routine.locations.of_step(step.slug, *keys, index=index)
        return Finding(message, fix, place, self.label(step), step.slug)

    def at_routine(
        self, message: str, fix: str, *keys: str | int, index: int | None = None
    ) -> Finding:
        """Return a finding at a value of the routine itself."""
        return Finding(message, fix, self.routine.locations.of_routine(*keys, index=index))

    def at_text(self, text: Text, message: str, fix: str, index: int = 0) -> Finding:
        """Return a finding at a character of a text."""
        if text.step is not None:
            return self.at_step(text.step, message, fix, *text.keys, index=index)
        place = self.routine.locations.of_routine(text.part)
        if text.words is not None:
            place = self.routine.locations.of_words(text.part, text.words, index)
        block = text.words.block if text.words else ""
        return Finding(f"block {quoted(block)}: {message}" if block else message, fix, place)


@dataclass(frozen=True)
class Lint:
    """A kind of finding that no reader of files can make, because it depends on what is heard."""

    code: str
    """In lower-case words with hyphens."""
    severity: Severity
    reason: str
    """Why it matters to somebody on a mat with closed eyes; one or two sentences."""
    find: Callable[[Subject], Iterator[Finding]] = field(repr=False)
    source: str = ""
    """Where its numbers come from, if from guidance."""
    needs_words: bool = False
    """Whether it has to understand the language (`vocabulary`)."""

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """Yield the findings in a routine."""
        for found in self.find(subject):
            at = found.place
            path = at.path if at.path != subject.routine.path else None
            told = (found.step, found.message, found.fix)
            yield Problem(at.line, at.column, *told, self.code, self.severity, path, found.slug)


def count_words(text: str) -> int:
    """Return the number of words in a text, as people count them."""
    return len(WORD.findall(text))
