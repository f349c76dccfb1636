"""The spoken checks that no session goes without: a Routine becomes one that has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.language.phrases import load_phrases
from voicecoach.routine.model import Audience, Silence, Spoken

if TYPE_CHECKING:
    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import Routine

CHILDRENS_BLOCK: Final = "SC-C"
"""The shared block that speaks to the grown-up, then to the child."""
AFTER_CHECKS_SECONDS: Final = 4.0
"""Silence after the check that a child's routine was given, for the grown-up to clear the floor."""


def with_checks(routine: Routine) -> Routine:
    """Return the routine with a spoken check before its own words, if it has none.

    Adults without any check hear one line. A child's session speaks to the grown-up before all
    else: a check of its own is brought to the front, or the usual one is put there.
    """
    phrases = load_phrases(routine.language, routine.audience)
    if routine.audience is Audience.CHILD:
        return replace(routine, opening=_grown_up_first(routine.opening, phrases))
    if any(isinstance(item, Spoken) and (item.block or item.stop) for item in routine.opening):
        return routine
    return replace(routine, opening=(*phrases.checks, *routine.opening))


def _grown_up_first(
    opening: tuple[Spoken | Silence, ...], phrases: Phrases
) -> tuple[Spoken | Silence, ...]:
    spoken = [(at, item) for at, item in enumerate(opening) if isinstance(item, Spoken)]
    if spoken and phrases.grown_up in " ".join(spoken[0][1].text.casefold().split()[:2]):
        return opening  # "Grown-up, …", "Dear grown-up, …"
    own = [at for at, item in spoken if item.block == CHILDRENS_BLOCK]
    if not own:
        return (*phrases.checks, Silence(AFTER_CHECKS_SECONDS), *opening)
    end = own[-1] + 1
    if end < len(opening) and isinstance(opening[end], Silence):
        end += 1  # it belongs to the check
    return (*opening[own[0] : end], *opening[: own[0]], *opening[end:])
