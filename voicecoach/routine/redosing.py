"""A step under another dose: its cues keep their moments, or go.

Pure. Levels and minutes ask for other doses, and so does a routine that extends another.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.routine.model import AnchorKind

if TYPE_CHECKING:
    from voicecoach.routine.dose import Dose
    from voicecoach.routine.model import AuthorCue, Step


def is_of_one_kind(dose: Dose, other: Dose) -> bool:
    """Return whether words about one dose have a meaning in the other: only how much differs."""
    return (dose.kind, dose.sides, dose.first_side) == (other.kind, other.sides, other.first_side)


def with_dose(step: Step, dose: Dose) -> Step:
    """Return the step with another dose of the same kind; its cues keep their meaning, or go."""
    if dose == step.dose:
        return step
    cues = [moved for cue in step.cues if (moved := _moved(cue, step.dose, dose)) is not None]
    return replace(step, dose=dose, cues=tuple(cues))


def _moved(cue: AuthorCue, before: Dose, after: Dose) -> AuthorCue | None:
    """Return a cue as it is in another dose; None where that has no such moment."""
    kind, number = cue.anchor.kind, cue.anchor.number
    if kind in {AnchorKind.END, AnchorKind.REST} and before.sets == 1 < after.sets:
        return replace(cue, set_number=after.sets)  # it tells what comes after the exercise
    is_of_last = cue.set_number == before.sets
    if kind is AnchorKind.REST and after.sets == 1 < before.sets and not is_of_last:
        return None  # it is true between sets alone
    if cue.set_number:
        if is_of_last:
            cue = replace(cue, set_number=after.sets if after.sets > 1 else 0)
        elif cue.set_number > after.sets:
            return None
    sets = [cue.set_number] if cue.set_number else range(1, after.sets + 1)
    match kind:
        case AnchorKind.OFFSET:
            ratio = after.block_seconds(1) / before.block_seconds(1)
            at = math.floor(2 * cue.anchor.seconds * ratio + 0.5) / 2
            return replace(cue, anchor=replace(cue.anchor, seconds=at))
        case AnchorKind.BEFORE_END:
            return cue if cue.anchor.seconds <= max(map(after.block_seconds, sets)) else None
        case AnchorKind.REP | AnchorKind.AFTER_REP | AnchorKind.LAST_REPS:
            return cue if number <= max(map(after.moves, sets)) else None
        case AnchorKind.BEFORE_SET:
            return cue if number <= after.sets else None
        case AnchorKind.BEFORE_LAST_SET:
            return cue if after.sets > 1 else None
    return cue
