"""Answers that speak against weights: a routine with weights does not begin after them.

Pain comes before reasons: no answer takes it away. There is no clock here and no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.practice.plan import FreshPain, fresh_pain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from voicecoach.practice.consents import Consents
    from voicecoach.practice.record import Practice
    from voicecoach.routine.model import Routine


@dataclass(frozen=True)
class NamedReason:
    """The person named a reason against weights as true for them."""

    said_on: str
    """The last day on which they did (ISO)."""


def refusal(
    routine: Routine, consents: Consents, history: Iterable[Practice], today: date
) -> FreshPain | NamedReason | None:
    """Return the reason why a routine must not begin today; None where it may."""
    if not routine.contraindications:
        return None
    if pain := fresh_pain(history, today, routine.audience):
        return pain
    if not consents.allows_weights:
        return NamedReason(max(consents.one_applies_on.values()))
    return None
