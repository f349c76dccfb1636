"""The lengths of words and sounds: the protocol that the compiler asks, and the nominal table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from voicecoach.language.phrases import load_phrases, speaks

if TYPE_CHECKING:
    from voicecoach.routine.model import Audience, Routine


class Durations(Protocol):
    """The lengths of sounding things.

    They come from outside: nominal ones, for which a list of routines needs no voice, and measured
    ones, with the real times, go through the same rules.
    """

    @property
    def word_seconds(self) -> float:
        """The length of a spoken word, pauses included, that speech is paced to."""
        ...

    @property
    def pause_seconds(self) -> tuple[float, float]:
        """The shortest and the longest silence between the sentences of one utterance."""
        ...

    def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
        """Return the length of a sentence; `speed` 1.0 is the session's own pace."""
        ...

    def sound_seconds(self, name: str) -> float:
        """Return the length of a sound, such as `start` or `end`."""
        ...


ADULT_WORD_SECONDS = 0.40
"""Length of a spoken word for adults in English: 150 words a minute, pauses included."""
SHORTEST_SENTENCE_SECONDS = 0.5
NOMINAL_SOUND_SECONDS = 0.45
"""Length of a sound where nobody has measured it."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def word_seconds(audience: Audience, rate: float = 1.0, language: str = "en") -> float:
    """Return the length of a spoken word for an audience at a rate (1.0 is the coach's own pace).

    Each language has its own, because it puts as much into fewer or more words. One that the coach
    does not speak is paced like English.
    """
    return load_phrases(language if speaks(language) else "en", audience).word_seconds / rate


def nominal_seconds(sentence: str, seconds_a_word: float) -> float:
    """Return the table length of a sentence; the parts of a hyphenated word count as words."""
    return max(SHORTEST_SENTENCE_SECONDS, len(_WORD.findall(sentence)) * seconds_a_word)


@dataclass(frozen=True)
class NominalDurations:
    """Lengths from the table, without any voice: for lists, golden cue sheets and tests."""

    word_seconds: float = ADULT_WORD_SECONDS
    pause_seconds: tuple[float, float] = (0.0, 0.0)

    def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
        """Return the table length at a speed."""
        return nominal_seconds(sentence, self.word_seconds) / speed

    def sound_seconds(self, name: str) -> float:  # noqa: ARG002  (all sounds are alike here)
        """Return the same length for every sound."""
        return NOMINAL_SOUND_SECONDS


def about_minutes(routine: Routine) -> int:
    """Return about how many minutes a routine lasts, at least 1, without compiling it."""
    planned = math.fsum(step.planned_seconds for step in routine.steps)
    return max(1, round(planned / 60 + 0.75))
