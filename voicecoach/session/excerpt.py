"""One segment of a session, heard alone: from what an author calls it to what of it sounds.

Pure. An excerpt is the segment as it stands in the whole session: with what is in hand from the exercise
before, and with the announcement of the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from voicecoach.errors import Problem, RoutineError
from voicecoach.routine.anchors import Occasion
from voicecoach.script.model import segment_steps
from voicecoach.script.timing import TOLERANCE_SECONDS
from voicecoach.session.bearings import Bearings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.anchors import Anchor
    from voicecoach.routine.model import Routine, Step
    from voicecoach.script.model import Segment, WorkBlock
    from voicecoach.session.departure import Departure

OPENING: Final = "opening"
CLOSING: Final = "closing"

BEFORE_MOMENT_SECONDS: Final = 2.0
"""How much is heard before a moment that an excerpt begins at, so that its first word is no surprise."""
BEFORE_SET_SECONDS: Final = 10.0
"""The same before the start of a set, whose words come before its countdown."""


@dataclass(frozen=True)
class Excerpt:
    """Which segment is heard, and how much of it."""

    index: int
    """Which segment of the session, from 0."""
    lead_in_only: bool = False
    """Whether it ends with the start of the work."""

    def of(self, segment: Segment) -> Segment:
        """Return what of the segment is heard: it ends with its last sound, as a session does."""
        cues = segment.cues
        if self.lead_in_only and segment.work_blocks:
            start = segment.work_blocks[0].start_seconds
            cues = tuple(cue for cue in cues if cue.start_seconds <= start + TOLERANCE_SECONDS)
        return replace(segment, cues=cues, duration_seconds=max(cue.end_seconds for cue in cues))


@dataclass(frozen=True)
class NamedSegment:
    """A segment of a routine by what it is called."""

    index: int
    """Which segment of the session, from 0."""
    slug: str
    """Of the step; `opening` or `closing`."""
    title: str
    number: int = 0
    """Of the step, from 1; 0 for the opening and the closing."""

    def __str__(self) -> str:
        """Return it as messages call it."""
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
    """Return the segment that a person calls so: by slug, number or name, `opening` or `closing`.

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
    """Return where a segment of a routine is after a change of its file; None where it is gone.

    A step that is called otherwise now is the new one in its place.
    """
    there = named_segments(new)
    same = [
        one for one in there if one.slug == place.slug and bool(one.number) == bool(place.number)
    ]
    if same:
        return same[0]
    if not place.number:
        return None
    if named := [one for one in there if one.number and one.title == place.title]:
        return named[0]
    known = {one.slug for one in named_segments(old)}
    at_its_place = [one for one in there if one.number == place.number and one.slug not in known]
    return at_its_place[0] if at_its_place else None


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
    """Return where an excerpt begins that is to be heard from a moment on; None where it has no such moment.

    It begins a little before, and never in mid-word. The moment is that of the first work that has it.
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
    """Return when to begin in order to hear a moment of a work block, or of the time after it.

    None where it has none such.
    """
    dose, at = step.dose, block.end_seconds
    is_change = following is not None and following.set_number == block.set_number
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
