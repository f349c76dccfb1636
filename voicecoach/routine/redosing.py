"""A step under another dose: its cues keep their moments, or go.

Pure. Levels and minutes ask for other doses, and so does a routine that extends another. A cue
whose moment the new dose lacks is not said: silence is never false.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.routine.dose import Dose
    from voicecoach.routine.model import AuthorCue, Step


def is_of_one_kind(dose: Dose, other: Dose) -> bool:
    """Return True if words about one dose have a meaning in the other: only the amounts differ."""
    return (dose.kind, dose.sides, dose.first_side) == (other.kind, other.sides, other.first_side)


def with_dose(step: Step, dose: Dose) -> Step:
    """Return the step with another dose of the same kind; its cues keep their meaning, or go."""
    if dose == step.dose:
        return step
    cues = [moved for cue in step.cues if (moved := _moved(cue, step.dose, dose)) is not None]
    return replace(step, dose=dose, cues=tuple(cues))


def _moved(cue: AuthorCue, before: Dose, after: Dose) -> AuthorCue | None:
    limit = cue.anchor.limit_moved(cue.set_number, before, after)
    if limit is None:
        return None
    anchor = cue.anchor.moved(before, after, limit)
    return None if anchor is None else replace(cue, anchor=anchor, set_number=limit)
