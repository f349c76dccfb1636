"""How much of an exercise: another dose for a step, with everything that hangs on the dose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.library.child_limits import MAX_HOLD_SECONDS
from voicecoach.routine.dose import MAX_REPS, Dose, Sides
from voicecoach.routine.model import Audience, DoseBasis, Level
from voicecoach.routine.redosing import with_dose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.model import Step

SHORT_SECONDS: Final = 12.0
"""A hold or timed work of at most this length leads on to something else, and stays as it is."""
LEAST_REPS: Final = 3
LEAST_HOLD_SECONDS: Final = 10.0
ADDED_REST_SECONDS: Final = 30.0
"""Rest before a set that the routine file does not have."""
MOST_SETS: Final = 4
"""More sets than this come from a routine file alone."""


@dataclass(frozen=True)
class _Most:
    """The most that one set has, unless a routine file asks for more."""

    reps: int
    hold_seconds: float
    timed_seconds: float


_MOST: Final = {
    Audience.ADULT: _Most(reps=15, hold_seconds=60.0, timed_seconds=120.0),
    Audience.CHILD: _Most(reps=12, hold_seconds=MAX_HOLD_SECONDS, timed_seconds=90.0),
}

_EASY_FACTOR: Final = 0.7
_STRONG_FACTOR: Final = 1.4


def is_on_the_way(step: Step) -> bool:
    """Return True if a step leads from one exercise to another: more of it is no exercise."""
    if step.dose.is_counted:
        return False
    short = step.dose.sets == 1 and step.dose.seconds <= SHORT_SECONDS
    return short or step.flow or bool(step.together)


def at_level(step: Step, level: Level, audience: Audience) -> Step:
    """Return the step with its dose at a level: the author's, or a sensible one.

    Easy is two thirds of the reps or of the time, and a set less; strong is nearly half as much
    again. What a source asks for exactly stays, unless the author gives a dose.
    """
    if level is Level.STANDARD:
        return step
    if level in step.levels:
        return with_dose(step, step.levels[level])
    if step.dose_basis is DoseBasis.EXACT or is_on_the_way(step):
        return step
    factor = _EASY_FACTOR if level is Level.EASY else _STRONG_FACTOR
    sets = max(1, step.dose.sets - 1) if level is Level.EASY else step.dose.sets
    return with_dose(step, _with_amount(step.dose, factor, audience, sets))


def _with_amount(dose: Dose, factor: float, audience: Audience, sets: int) -> Dose:
    most = _MOST[audience]
    highest = most.hold_seconds if dose.is_still else most.timed_seconds
    return dose.with_amounts(
        seconds=lambda seconds: _seconds(seconds, factor, highest),
        reps=lambda count: _reps(count, factor, most.reps),
    ).with_sets(sets, ADDED_REST_SECONDS)


def _reps(count: int, factor: float, most: int) -> int:
    wanted = math.floor(count * factor + 0.5)
    return min(MAX_REPS, max(min(count, LEAST_REPS), min(wanted, max(count, most))))


def _seconds(seconds: float, factor: float, most: float) -> float:
    """Return a length in whole seconds; long ones in steps of five, as people say them."""
    unit = 5.0 if seconds >= 15 and seconds % 5 == 0 else 1.0
    wanted = unit * math.floor(seconds * factor / unit + 0.5)
    return max(min(seconds, LEAST_HOLD_SECONDS), min(wanted, max(seconds, most)))


def doses_between(step: Step, least: Step, audience: Audience) -> list[Dose]:
    """Return the doses that a step may have, its own among them, the shortest first.

    `least` is the step as its file has it: below what its source asks for nothing goes, unless the
    step's own dose, for which somebody has asked, is below that already.
    """
    dose = step.dose
    if step.dose_basis is DoseBasis.EXACT or is_on_the_way(step):
        return [dose]
    floor_seconds = 0.0
    floor_sets = 1
    if step.dose_basis is DoseBasis.MINIMUM:
        floor_seconds = min(dose.block_seconds(1), least.dose.block_seconds(1))
        floor_sets = min(dose.sets, least.dose.sets)
    found = {
        (other.total_seconds, other.sets): other
        for other in _variants(dose, audience, may_add_sets=not step.together)
        if other.block_seconds(1) >= floor_seconds - 1e-9 and other.sets >= floor_sets
    }
    found[(dose.total_seconds, dose.sets)] = dose
    return [found[key] for key in sorted(found)]


def _variants(dose: Dose, audience: Audience, *, may_add_sets: bool) -> Iterator[Dose]:
    """Yield shorter and longer doses; the sets change where more reps would not do."""
    factors = [n / 20 for n in range(10, 41)]  # half as much to twice as much
    for factor in factors:
        yield _with_amount(dose, factor, audience, dose.sets)
    for sets in range(1, dose.sets):
        for factor in factors[:11]:
            yield _with_amount(dose, factor, audience, sets)
    repeatable = dose.is_counted or dose.sets > 1 or dose.sides is not Sides.NONE
    if repeatable and may_add_sets:
        for sets in range(dose.sets + 1, max(dose.sets, MOST_SETS) + 1):
            for factor in factors[10:]:
                yield _with_amount(dose, factor, audience, sets)
