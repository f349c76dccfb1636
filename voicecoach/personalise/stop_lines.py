"""No session goes on for long without telling a person to stop when something hurts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voicecoach.compiler import about_minutes, outline_script
from voicecoach.routine import Anchor, AnchorKind, AuthorCue, Spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.lengths import Durations
    from voicecoach.phrases import Phrases
    from voicecoach.routine import Routine, Step
    from voicecoach.script import Script, Segment

MOST_SECONDS: Final = 240.0
"""From the beginning, or from one stop-on-pain sentence, to the next, or to the end."""
PLANNED_SECONDS: Final = 230.0
"""The same where lengths are those of the table: a voice takes some seconds more here, less there."""


def stop_times(script: Script) -> list[float]:
    """Return when each stop-on-pain sentence begins, from the start of the session."""
    marked = {
        item.text for item in script.routine.opening if isinstance(item, Spoken) and item.stop
    }
    return [
        start + cue.start_seconds
        for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        for cue in segment.cues
        if cue.role == "stop" or (cue.role == "opening" and cue.text in marked)
    ]


def gaps(script: Script) -> Iterator[tuple[float, float]]:
    """Yield from when to when no stop-on-pain sentence begins, in order."""
    yield from pairwise([0.0, *stop_times(script), script.duration_seconds])


def with_stop_lines(
    routine: Routine, phrases: Phrases, durations: Durations, *, most: float = PLANNED_SECONDS
) -> Routine:
    """Return the routine with stop-on-pain sentences wherever it would go on too long without one.

    They come in the lead-in of an exercise where that is enough, not in the middle of a movement; else
    while the clock runs. Those of the routine stay where they are. A rest or a set-up that lasts for
    longer by itself stays silent: nobody works in it.
    """
    minutes = about_minutes(routine)  # a word more or less is nothing here
    changed: Routine | None = routine
    while changed is not None:
        routine = changed
        script = outline_script(routine, phrases, durations, minutes=minutes)
        long_gaps = (gap for gap in gaps(script) if gap[1] - gap[0] > most)
        tries = (_with_a_line_in(routine, script, *gap, most, phrases) for gap in long_gaps)
        changed = next((tried for tried in tries if tried is not None), None)
    return routine


def _with_a_line_in(
    routine: Routine, script: Script, begin: float, end: float, most: float, phrases: Phrases
) -> Routine | None:
    """Return the routine with a sentence in a gap; None where nothing in it can carry one."""
    return _in_a_lead_in(routine, script, begin, end, most, phrases) or _in_work(
        routine, script, begin, end, most, phrases
    )


def _exercises(script: Script) -> Iterator[tuple[int, Segment, float]]:
    """Yield each exercise with the index of its step, and when it starts."""
    index = 0
    for segment, start in zip(script.segments, script.starts_seconds, strict=True):
        if segment.kind == "exercise":
            yield index, segment, start
            index += 1


def _in_a_lead_in(
    routine: Routine, script: Script, begin: float, end: float, most: float, phrases: Phrases
) -> Routine | None:
    """Return the routine with a sentence in the last lead-in that is early enough; None without one."""
    reach = begin + most
    found = None
    for index, segment, start in _exercises(script):
        step = routine.steps[index]
        if step.stop_line or step.flow or not segment.work_blocks:
            continue
        work = start + segment.work_blocks[0].start_seconds
        if begin < start and work <= reach and work < end:
            found = index
    if found is None:
        return None
    step = replace(routine.steps[found], stop_line=phrases.stop)
    return _with_step(routine, found, step)


def _in_work(
    routine: Routine, script: Script, begin: float, end: float, most: float, phrases: Phrases
) -> Routine | None:
    """Return the routine with a sentence in the work that lies where the time is over."""
    reach = min(begin + most, end) - 10.0
    found: tuple[int, AuthorCue] | None = None
    for index, segment, start in _exercises(script):
        for number, block in enumerate(segment.work_blocks):
            block_start = start + block.start_seconds
            offset = min(reach - block_start, block.duration_seconds - 10.0)
            sides = len({one.side for one in segment.work_blocks})
            side = ("first", "second")[number % 2] if sides == 2 else ""
            if offset >= 5.0 and block_start + offset > begin + 10.0:
                at = Anchor(AnchorKind.OFFSET, round(offset, 1))
                found = index, AuthorCue(at, phrases.stop, side, block.set_number, stop=True)
    if found is None:
        return None
    index, cue = found
    step = routine.steps[index]
    if cue in step.cues:
        return None
    return _with_step(routine, index, replace(step, cues=(*step.cues, cue)))


def _with_step(routine: Routine, index: int, step: Step) -> Routine:
    return replace(routine, steps=(*routine.steps[:index], step, *routine.steps[index + 1 :]))
