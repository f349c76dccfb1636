"""How many minutes a routine lasts at a level, without a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.fitting.wishes import Wishes
from voicecoach.routine.model import Level

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine


def minutes_of(routine: Routine, level: Level = Level.STANDARD) -> int:
    """Return the length at a level in whole minutes, from the table: no voice is loaded."""
    from voicecoach.fitting.fit import personalise
    from voicecoach.language.phrases import load_phrases
    from voicecoach.script.compiler import nominal_minutes

    if level is not Level.STANDARD:
        routine = personalise(routine, Wishes(level=level))

    phrases = load_phrases(routine.language, routine.audience)
    return nominal_minutes(routine, phrases, phrases.word_seconds)
