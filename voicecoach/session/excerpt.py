"""One segment of a session, heard alone: its name and what sounds of it.

Pure. An excerpt is the segment as it stands in the whole session: with what is in hand from the
exercise before, and with the announcement of the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from voicecoach.errors import Problem, RoutineError
from voicecoach.routine.anchors import Occasion
from voicecoach.script.model import segment_steps
from voicecoach.script.timing import TOLERANCE_SECONDS
from voicecoach.session.waypoints import Bearings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.anchors import Anchor
    from voicecoach.routine.model import Routine, Step
    from voicecoach.script.model import Segment, WorkBlock
    from voicecoach.session.departure import Departure

OPENING: Final = "opening"
CLOSING: Final = "closing"

BEFORE_MOMENT_SECONDS: Final = 2.0
"""An excerpt begins this long before its moment, so that no first word surprises."""
BEFORE_SET_SECONDS: Final = 10.0
"""The same before the start of a set, whose words come before its countdown."""


@dataclass(frozen=True)
class Excerpt:
    """A segment that is heard alone, or its lead-in."""

    index: int
    """Of the segment in the session."""
    lead_in_only: bool = False
    """Whether it ends with the start of the work."""

    def of(self, segment: Segment) -> Segment:
        """Return the part of the segment that is heard: it ends with its last sound."""
        cues = segment.cues
        if self.lead_in_only and segment.work_blocks:
            start = segment.work_blocks[0].start_seconds
            cues = tuple(cue for cue in cues if cue.start_seconds <= start + TOLERANCE_SECONDS)
        return replace(segment, cues=cues, duration_seconds=max(cue.end_seconds for cue in cues))


@dataclass(frozen=True)
class NamedSegment:
    """A segment of a routine by what it is called."""

    index: int
    """In the session."""
    slug: str
    """Of the step; `opening` or `closing`."""
    title: str
    number: int = 0
    """Of the step, from 1; 0 for the opening and the closing."""

    def __str__(self) -> str:
        return f'step {self.number} "{self.title}"' if self.number else f"the {self.slug}"


def named_segments(routine: Routine) -> tuple[NamedSegment, ...]:
    """Return all segments of a routine, in order."""

    def listed() -> Iterator[NamedSegment]:
        number = 0
        for index, step in enumerate(segment_steps(routine)):
            if step is not None:
                number += 1
                yield NamedSegment(index, step.slug, step.name, number)
            elif index == 0:
                yield NamedSegment(index, OPENING, "Opening")
            else:
                yield NamedSegment(index, CLOSING, "Closing")

    return tuple(listed())


def find_place(routine: Routine, called: str) -> NamedSegment:
    """Return the segment with a slug, number or name, or `opening` or `closing`.

    Raises RoutineError, with all that there are, where none is called so.
    """
    wanted = called.strip()
    there = named_segments(routine)
    steps = [place for place in there if place.number]
    for candidates, name_of in (
        (steps, lambda place: place.slug),
        (steps, lambda place: str(place.number)),
        (there, lambda place: place.slug),
        (steps, lambda place: place.title.casefold()),
    ):
        for place in candidates:
            if name_of(place) in (wanted, wanted.casefold()):
                return place
    near = get_close_matches(wanted, [place.slug for place in there], n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    names = ", ".join(f"{place.number or ''} {place.slug}".strip() for place in there)
    message = f'there is no step "{called}"{hint}. Its steps are: {names}'
    raise RoutineError(routine.path or routine.slug, [Problem(0, 0, "", message)])


def place_after_change(place: NamedSegment, old: Routine, new: Routine) -> NamedSegment | None:
    """Return the place of a segment after a change of its file; None where it is gone.

    A step that is called otherwise now is the new one in its place.
    """
    there = named_segments(new)
    alike = [one for one in there if bool(one.number) == bool(place.number)]
    same = [one for one in alike if one.slug == place.slug]
    if not same and place.number:
        known = {one.slug for one in named_segments(old)}
        same = [one for one in alike if one.title == place.title]
        same += [one for one in alike if one.number == place.number and one.slug not in known]
    return same[0] if same else None


def changed_places(old: Routine, new: Routine) -> list[NamedSegment]:
    """Return the segments of a routine that a change of its file has changed or added, in order."""
    before = {step.slug: step for step in old.steps}
    steps = {step.slug: step for step in new.steps}
    words = {OPENING: old.opening != new.opening, CLOSING: old.closing != new.closing}
    return [
        place
        for place in named_segments(new)
        if (before.get(place.slug) != steps[place.slug] if place.number else words[place.slug])
    ]


def departure_at(
    routine: Routine, index: int, segment: Segment, anchor: Anchor
) -> Departure | None:
    """Return the departure for an excerpt from a moment on; None if it has no such moment.

    It begins a little before, never in mid-word. The first work with such a moment decides.
    """
    step, blocks = segment_steps(routine)[index], segment.work_blocks
    if step is None:
        return None
    followers = (*blocks[1:], None)
    moments = (_moment(step, anchor, *pair) for pair in zip(blocks, followers, strict=True))
    seconds = next((found for found in moments if found is not None), None)
    if seconds is None:
        return None
    bearings = Bearings(index, step, segment, max(0.0, seconds), step.equipment, is_equipped=True)
    return bearings.depart(bearings.word_start())


def _moment(
    step: Step, anchor: Anchor, block: WorkBlock, following: WorkBlock | None
) -> float | None:
    """Return the start for hearing a moment of a block or of the time after it, if it has one."""
    dose, at = step.dose, block.end_seconds
    is_change = following is not None and following.set_number == block.set_number
    # A block is followed by the other side, by another set, or by nothing of its step.
    coming = 0 if following is None or is_change else following.set_number
    match anchor.occasion:
        case Occasion.WORK if moment := anchor.moment(dose, block.set_number):
            at = block.start_seconds + moment.seconds
        case Occasion.CHANGE if is_change:
            pass
        case Occasion.END | Occasion.REST if not is_change and anchor.is_for(
            block.set_number, dose.sets, 0
        ):
            pass
        case Occasion.BEFORE_SET if following and coming and anchor.is_for(coming, dose.sets, 0):
            return max(at, following.start_seconds - BEFORE_SET_SECONDS)
        case _:
            return None
    return at - BEFORE_MOMENT_SECONDS
