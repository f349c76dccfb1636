"""What a person's wishes changed in a routine, in lines to read before it plays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from voicecoach.messages import printable
from voicecoach.routine.model import Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.model import Routine, Step

_TALK = {
    Talk.BRIEF: "short reminders instead of the instructions",
    Talk.TONES: "names, sides and safety are spoken; ticks for the countdown and the numbers",
}


def account(before: Routine, after: Routine) -> tuple[str, ...]:
    """Return the differences between a routine and the file that it was made from.

    A stop-on-pain line more is told beside other things alone: nobody has wished for it.
    """
    lines = [printable(line) for line in _lines(before, after)]
    reminded = _reminded(before, after)
    return (*lines, *reminded) if lines else ()


def _lines(before: Routine, after: Routine) -> Iterator[str]:
    there = {step.slug: step for step in after.steps}
    left_out = [step.name for step in before.steps if step.slug not in there]
    kept = [(step, there[step.slug]) for step in before.steps if step.slug in there]
    for old, new in kept:
        # All that was done shows in the two routines: no wish has to keep a list.
        if old.dose != new.dose:
            less = " (less than its source asks for; the coach says so)" if new.caution else ""
            yield f"{old.name}: {new.dose} instead of {old.dose}{less}"
    yield from _total("rests after exercises", kept, "rest_after_seconds")
    yield from _total("time to get ready", kept, "setup_seconds")
    if left_out:
        yield f"left out: {', '.join(left_out)}"
    if after.talk is not before.talk:
        yield _TALK[after.talk]


def _total(what: str, kept: list[tuple[Step, Step]], attribute: str) -> Iterator[str]:
    was, is_ = (math.fsum(getattr(pair[i], attribute) for pair in kept) for i in range(2))
    if abs(is_ - was) >= 1:
        change = "shorter" if is_ < was else "longer"
        yield f"{what}: {abs(is_ - was):.0f} s {change} in all"


def _reminded(before: Routine, after: Routine) -> Iterator[str]:
    stops = {step.slug: _stops(step) for step in before.steps}
    names = [step.name for step in after.steps if _stops(step) > stops[step.slug]]
    if names:
        yield printable(f"also says to stop when something hurts: {', '.join(names)}")


def _stops(step: Step) -> int:
    return bool(step.stop_line) + sum(cue.stop for cue in step.cues)
