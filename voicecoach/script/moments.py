"""What a screen, a page or a desktop shows, by the segment and the time of it that was heard."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicecoach.script.model import segment_steps
from voicecoach.script.phases import Phase, Stretch, phases
from voicecoach.script.timing import TOLERANCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.routine.model import Routine, Step
    from voicecoach.script.model import Cue, Segment, SideName, WorkBlock

CAPTION_STAYS_SECONDS = 4.0
"""Words stay to be read for as long, unless others follow or the phase ends."""

_SHOWN_AS_NUMBERS = {"count", "countdown"}


@dataclass(frozen=True)
class Moment:
    """The moment of a session, in an exercise, the opening or the closing."""

    phase: Phase
    title: str
    """Of the exercise, as it is written; "Opening" or "Closing" in the routine's language."""
    heading: str
    """The same as the coach says it, which is shorter, for big letters."""
    slug: str
    """Of the step; empty in opening and closing."""
    segment_index: int
    """From 0."""
    exercise_number: int
    """From 1; 0 in opening and closing."""
    exercise_count: int
    """In the whole routine."""
    remaining_seconds: float
    """Until the phase ends; in the lead-in, until the work starts."""
    phase_seconds: float
    """Length of the phase: from 0 on, as much of it as is played."""
    rep: int = 0
    """The rep that is going on, from 1; 0 outside work that is counted."""
    reps: int = 0
    """How many there are in this set, or in the one that comes; 0 for holds and timed work."""
    set_number: int = 0
    """The set that is going on or comes, from 1; 0 when all are done and in opening and closing."""
    sets: int = 0
    """How many the exercise has; 0 in opening and closing."""
    side: SideName = ""
    """The side that works now, or first when we get ready."""
    next_side: SideName = ""
    """The side that comes after this work or this gap, where it is another one."""
    next_title: str = ""
    """Of the exercise after this one; empty after the last."""
    next_heading: str = ""
    """The same as the coach says it."""
    position: str = ""
    """The start position of the exercise, as it is written."""
    caption: str = ""
    """The sentence that is being said, or was just now; empty for counts and countdowns."""
    countdown: int = 0
    """3, 2, 1 while the work is counted in; else 0."""


def moment_at(segment: Segment, offset_seconds: float, *, index: int, routine: Routine) -> Moment:
    """Return the moment at an offset in a segment, which may be a tail.

    `index` is that of the segment in the session, from 0.
    """
    offset = max(0.0, min(offset_seconds, segment.duration_seconds))
    steps = segment_steps(routine)
    step = steps[index]
    following = steps[index + 1] if index + 1 < len(steps) else None
    outline = Moment(
        phase=Phase.OPENING if segment.kind == "opening" else Phase.CLOSING,
        title=segment.title,
        heading=as_heading(step.spoken_name) if step else segment.title,
        slug=segment.slug,
        segment_index=index,
        exercise_number=index + 1 - bool(routine.opening) if step else 0,
        exercise_count=len(routine.steps),
        remaining_seconds=segment.duration_seconds - offset,
        phase_seconds=segment.duration_seconds,
        next_title=following.name if following else "",
        next_heading=as_heading(following.spoken_name) if following else "",
    )
    if step is None:
        return replace(outline, caption=_caption(segment.cues, offset, 0.0))
    return _moment_of_exercise(outline, step, segment, offset)


def as_heading(spoken_name: str) -> str:
    """Return the spoken name of an exercise as a heading."""
    return spoken_name[:1].upper() + spoken_name[1:]


def _moment_of_exercise(outline: Moment, step: Step, segment: Segment, offset: float) -> Moment:
    stretches = phases(segment)
    if not stretches or stretches[-1].phase is not Phase.REST:  # the last rest has no length
        end = segment.duration_seconds
        stretches = (*stretches, Stretch(Phase.REST, end, end))
    last = len(stretches) - 1
    place = next(
        (at for at, one in enumerate(stretches) if offset < one.end_seconds - TOLERANCE_SECONDS),
        last,
    )
    stretch = stretches[place]
    block = stretch.block
    rep = 0
    side: SideName = ""
    next_side: SideName = ""
    if block is not None and stretch.phase is Phase.WORK:
        following = stretches[place + 1].block
        rep = _rep_at(block, offset)
        side = step.dose.side_of_rep(rep) or block.side
        next_side = following.side if following and following.side != block.side else ""
    elif block is not None:
        first = step.dose.side_of_rep(_rep_at(block, stretch.end_seconds)) or block.side
        side, next_side = (first, "") if stretch.phase is Phase.GET_READY else ("", first)
    moment = replace(
        outline,
        phase=stretch.phase,
        remaining_seconds=stretch.end_seconds - offset,
        phase_seconds=stretch.end_seconds - stretch.start_seconds,
        rep=rep,
        reps=block.reps if block else 0,
        set_number=block.set_number if block else 0,
        sets=step.dose.sets,
        side=side,
        next_side=next_side,
        position=step.position,
    )
    return _with_words(moment, segment.cues, offset, stretch.start_seconds)


def _rep_at(block: WorkBlock, offset: float) -> int:
    if not block.reps:
        return 0
    done = math.floor((offset - block.start_seconds) / block.rep_seconds + TOLERANCE_SECONDS)
    return max(0, min(done, block.reps - 1)) + 1


def _with_words(moment: Moment, cues: Sequence[Cue], offset: float, phase_start: float) -> Moment:
    counting = any(
        cue.role == "countdown" and cue.start_seconds <= offset + TOLERANCE_SECONDS
        for cue in cues
        if cue.start_seconds > offset - 4
    )
    left = math.ceil(moment.remaining_seconds - TOLERANCE_SECONDS)
    return replace(
        moment,
        caption=_caption(cues, offset, phase_start),
        countdown=left if counting and moment.phase is not Phase.WORK and left <= 3 else 0,
    )


def _caption(cues: Sequence[Cue], offset: float, phase_start: float) -> str:
    """Return the sentence that is being said, or was said last in this phase, not long ago."""
    caption = ""
    for cue in cues:
        if cue.start_seconds > offset + TOLERANCE_SECONDS:
            break
        if cue.kind != "speech" or cue.start_seconds < phase_start - TOLERANCE_SECONDS:
            continue
        if offset > cue.end_seconds + CAPTION_STAYS_SECONDS or cue.role in _SHOWN_AS_NUMBERS:
            caption = ""
            continue
        begun = offset - cue.start_seconds + TOLERANCE_SECONDS
        said = [part.text for part in cue.sentences if part.offset_seconds <= begun]
        caption = said[-1] if said else cue.text
    return caption
