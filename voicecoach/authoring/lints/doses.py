"""Doses: rests that are missing after hard work, and amounts that guidance would not give."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voicecoach.authoring.lints.safety import is_weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.authoring.lints.subject import Finding, Subject
    from voicecoach.routine.model import Step

LONG_HOLD_SECONDS: Final = 45.0
"""A hold from here on is hard, whatever is held."""
MANY_SETS: Final = 3
LEAST_REST_SECONDS: Final = 20.0
"""From hard work to the next work of the same muscles."""
LEAST_LOADED_REST_SECONDS: Final = 30.0
"""The same after weights."""

LEAST_STRETCH_SECONDS: Final = 10.0
MOST_STRETCH_SECONDS: Final = 120.0
"""Twice the longest of the guidance."""
LEAST_LOADED_REPS: Final = 5
MOST_LOADED_REPS: Final = 25
MOST_LOADED_SETS: Final = 5
LEAST_LOADED_REP_SECONDS: Final = 2.0
"""1 s each way, the fastest that Ratamess et al. call moderate."""
MOST_TRUNK_HOLD_SECONDS: Final = 120.0
_TRUNK: Final = frozenset(
    {"abdominals", "obliques", "core", "erector-spinae", "transverse-abdominis"}
)

_NOT_WORKED: Final = ("assist-", "stretch-", "mobilise-", "release-")
_NO_MUSCLES: Final = frozenset({"whole-body", "breathing", "relaxation", "balance", "mobility"})


def worked(step: Step) -> frozenset[str]:
    """Return the muscles that a step trains, by their tags."""
    return frozenset(
        tag for tag in step.muscles if not tag.startswith(_NOT_WORKED) and tag not in _NO_MUSCLES
    )


def is_loaded(subject: Subject, step: Step) -> bool:
    """Return True if a step lifts weights a number of times."""
    return step.dose.is_counted and any(is_weight(subject, thing) for thing in step.equipment)


def rest_missing(subject: Subject) -> Iterator[Finding]:
    """Find hard work that is followed by more for the same muscles, without a rest."""
    for step in subject.routine.steps:
        rest = step.dose.rest_seconds
        if is_loaded(subject, step) and step.dose.sets > 1 and rest < LEAST_REST_SECONDS:
            message = f"{rest:g} s between two sets with weights is hardly a rest"
            fix = f"write rest {LEAST_LOADED_REST_SECONDS:g}s or more"
            yield subject.at_step(step, message, fix, "dose")
    for one, following in pairwise(subject.exercises):
        step, other = one.step, following.step
        shared = worked(step) & worked(other)
        if not shared or other.flow or (step.together and step.together == other.together):
            continue
        loaded = is_loaded(subject, step)
        least = LEAST_LOADED_REST_SECONDS if loaded else LEAST_REST_SECONDS
        blocks = following.segment.work_blocks
        lead_in = blocks[0].start_seconds if blocks else other.setup_seconds
        rest = step.rest_after_seconds + lead_in
        dose = step.dose
        is_long = dose.is_still and dose.held_seconds >= LONG_HOLD_SECONDS
        if (loaded or is_long or dose.sets >= MANY_SETS) and rest < least:
            message = (
                f'{rest:g} s after "{step.dose}" comes {subject.label(other)}, which works '
                f"{' and '.join(sorted(shared))}, too"
            )
            fix = f"write rest_after = {step.rest_after_seconds + least - rest:g} or more"
            yield subject.at_step(step, message, fix, "rest_after")


def unusual(subject: Subject) -> Iterator[Finding]:
    """Find doses outside of what guidance commonly gives; each finding names its source."""
    for step in subject.routine.steps:
        for message, fix in _unusual(subject, step):
            yield subject.at_step(step, message, fix, "dose")


def _unusual(subject: Subject, step: Step) -> Iterator[tuple[str, str]]:
    dose, held = step.dose, step.dose.held_seconds
    stretches = any(tag.startswith("stretch-") for tag in step.muscles)
    if dose.is_still and stretches and not worked(step):
        if held < LEAST_STRETCH_SECONDS:
            yield (
                f"a stretch of {held:g} s is over before it does much: {_STRETCHES}",
                f"hold it for {LEAST_STRETCH_SECONDS:g} s or more",
            )
        elif held > MOST_STRETCH_SECONDS:
            yield (
                f"a stretch of {held:g} s is long: {_STRETCHES}",
                "several shorter ones do as much",
            )
    elif dose.is_still and worked(step) & _TRUNK and held > MOST_TRUNK_HOLD_SECONDS:
        yield (
            f"a hold of {held:g} s for the trunk is long: {_TRUNK_HOLDS}",
            'write more and shorter ones, such as "6 reps, hold 10s"',
        )
    if is_loaded(subject, step):
        yield from _unusual_load(step)


def _unusual_load(step: Step) -> Iterator[tuple[str, str]]:
    dose = step.dose
    if min(dose.reps) < LEAST_LOADED_REPS or max(dose.reps) > MOST_LOADED_REPS:
        yield (
            f'"{dose}" with weights is unusual: {_REPS}',
            "write 8 to 15, with a weight that would let you do a few more",
        )
    if dose.sets > MOST_LOADED_SETS:
        yield f"{dose.sets} sets with weights are many: {_REPS}", "write two to four"
    if dose.rep_seconds < LEAST_LOADED_REP_SECONDS:
        yield (
            f"{dose.rep_seconds:g} s for a rep with weights is fast: {_SPEED}",
            "write a tempo such as 2-1-3",
        )


_STRETCHES: Final = "ACSM (Garber et al. 2011) gives 10 to 30 s, and 30 to 60 s for older people"
_REPS: Final = (
    "ACSM (Garber et al. 2011) gives 8 to 12 reps in two to four sets for strength, 10 to 15 "
    "reps for beginners from middle age on, 15 to 20 for endurance"
)
_SPEED: Final = "beginners lift at slow and moderate speeds (ACSM, Ratamess et al. 2009)"
_TRUNK_HOLDS: Final = (
    "McGill (Low Back Disorders) builds endurance by more holds of about 10 s, not by longer ones"
)
SOURCE: Final = (
    "Stretches, reps and sets: Garber et al., ACSM position stand, Med Sci Sports Exerc "
    "2011;43(7):1334–1359. Speed: Ratamess et al., ACSM position stand, Med Sci Sports Exerc "
    "2009;41(3):687–708. Holds of the trunk: McGill, Low Back Disorders. The limits are wider "
    "than these."
)
