"""A routine and a person's wishes become the routine that is done: fitted to the person, and safe.

    Routine -> steps -> sides -> level -> pace -> talk -> minutes -> stop-on-pain lines -> Routine

Every step is a pure function of the routine before it, so what is played, exported, shown and
checked with the same wishes is the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.fitting.account import account
from voicecoach.fitting.amounts import at_level
from voicecoach.fitting.minutes import lasting
from voicecoach.fitting.safety import with_checks
from voicecoach.fitting.selection import select_steps
from voicecoach.fitting.stop_lines import with_stop_lines
from voicecoach.fitting.wishes import play_seed
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import DoseBasis, Pace, Talk
from voicecoach.script.durations import NominalDurations

if TYPE_CHECKING:
    from voicecoach.fitting.wishes import Wishes
    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import Routine, Step

__all__ = ["account", "personalise", "select_steps"]

SETUP_FACTORS: Final = {Pace.CALM: 1.25, Pace.NORMAL: 1.0, Pace.BRISK: 0.8}
"""How much time there is to get ready at a pace; never less than the words need."""


def personalise(routine: Routine, wishes: Wishes) -> Routine:
    """Return the routine as it was wished, with what keeps a person safe.

    Raises RoutineError for steps that it does not have, PhraseError where the coach does not speak
    its language, and WishError for minutes that it cannot last.
    """
    phrases = load_phrases(routine.language, routine.audience)
    durations = NominalDurations(phrases.word_seconds / wishes.speech_rate)
    file_steps = {step.slug: step for step in routine.steps}
    routine = select_steps(routine, wishes)
    routine = with_checks(routine)
    routine = replace(routine, talk=wishes.talk or Talk.FULL, play_seed=play_seed(wishes, routine))
    steps = [
        _at_pace(
            _with_caution(at_level(step, wishes.level, routine.audience), step, phrases),
            wishes.pace,
        )
        for step in (_left_first(step) if wishes.left_first else step for step in routine.steps)
    ]
    routine = with_stop_lines(replace(routine, steps=tuple(steps)), phrases, durations)
    if wishes.minutes is None:
        return routine
    for _ in range(3):
        fitted = lasting(routine, wishes.minutes, file_steps, phrases, durations)
        safe = with_stop_lines(fitted, phrases, durations)
        if safe == fitted:
            break
        # Longer work may need a further line, and a further line has its own length.
        routine = _with_lines_of(routine, safe)
    return safe


def _left_first(step: Step) -> Step:
    if step.round_side:
        step = replace(step, round_side="left" if step.round_side == "right" else "right")
    if step.dose.sides is Sides.NONE:
        return step
    doses = {level: replace(dose, first_side="left") for level, dose in step.levels.items()}
    return replace(step, dose=replace(step.dose, first_side="left"), levels=doses)


def _at_pace(step: Step, pace: Pace) -> Step:
    seconds = round(step.setup_seconds * SETUP_FACTORS[pace], 1)
    return step if step.flow else replace(step, setup_seconds=seconds)


def _with_caution(step: Step, before: Step, phrases: Phrases) -> Step:
    """Return the step with a warning where it is less than its source asks for."""
    asked = before.dose_basis is not DoseBasis.DEFAULT
    if asked and step.dose.work_seconds < before.dose.work_seconds:
        return replace(step, caution=phrases.less)
    return step


def _with_lines_of(routine: Routine, safe: Routine) -> Routine:
    """Return the routine with the stop-on-pain lines of another form of it."""
    lines = {step.slug: step.stop_line for step in safe.steps}
    steps = [
        replace(step, stop_line=lines.get(step.slug, step.stop_line)) for step in routine.steps
    ]
    return replace(routine, steps=tuple(steps))
