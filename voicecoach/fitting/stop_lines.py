"""No session goes on for long without telling a person to stop when something hurts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voicecoach.routine.anchors import Offset
from voicecoach.routine.model import AuthorCue, Spoken
from voicecoach.script.compiler import Outline
from voicecoach.script.durations import about_minutes
from voicecoach.script.model import running_total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import Routine, Step
    from voicecoach.script.durations import Durations
    from voicecoach.script.model import Script, Segment

MOST_SECONDS: Final = 240.0
"""From the beginning, or from one stop-on-pain sentence, to the next, or to the end."""
PLANNED_SECONDS: Final = 230.0
"""The same by the table of lengths: a voice takes some seconds more here, less there."""


def stop_times(script: Script) -> list[float]:
    """Return the starts of the stop-on-pain sentences, from the start of the session."""
    return [
        start + offset
        for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        for offset in _stops(segment, script.routine)
    ]


def gaps(script: Script) -> Iterator[tuple[float, float]]:
    """Yield each stretch without the start of a stop-on-pain sentence: (begin, end)."""
    yield from pairwise([0.0, *stop_times(script), script.duration_seconds])


def with_stop_lines(
    routine: Routine, phrases: Phrases, durations: Durations, *, most: float = PLANNED_SECONDS
) -> Routine:
    """Return the routine with stop-on-pain sentences wherever it would go on too long without one.

    They come in the lead-in of an exercise where that is enough, not in the middle of a movement;
    else while the clock runs. Those of the routine stay where they are. A rest or a set-up that
    lasts for longer by itself stays silent: nobody works in it.
    """
    # They are placed over the compiled session: only there it shows where too much time goes by.
    minutes = about_minutes(routine)  # a word more or less is nothing here
    outline = Outline(routine, phrases, durations, minutes)
    said = [_stops(segment, routine) for segment in outline.segments]
    while True:
        session = _Session(outline, said)
        long_gaps = (gap for gap in session.gaps() if gap[1] - gap[0] > most)
        tries = (session.with_a_line_in(*gap, most, phrases) for gap in long_gaps)
        found = next((tried for tried in tries if tried is not None), None)
        if found is None:
            return outline.routine
        index = outline.change(*found)
        said[index] = _stops(outline.segments[index], routine)


def _stops(segment: Segment, routine: Routine) -> list[float]:
    marked = {item.text for item in routine.opening if isinstance(item, Spoken) and item.stop}
    return [
        cue.start_seconds
        for cue in segment.cues
        if cue.role == "stop" or (cue.role == "opening" and cue.text in marked)
    ]


class _Session:
    """An outline as it is now, with its times, and where a sentence could be said in it."""

    def __init__(self, outline: Outline, said: Sequence[Sequence[float]]) -> None:
        self.steps = outline.routine.steps
        self.first = int(bool(outline.routine.opening))
        """Index of the first exercise among the segments."""
        self.segments = outline.segments
        self.starts = [*running_total(segment.duration_seconds for segment in outline.segments)]
        """When each segment starts, and the end."""
        self.said = said

    def gaps(self) -> Iterator[tuple[float, float]]:
        pairs = zip(self.starts, self.said, strict=False)
        times = (start + offset for start, offsets in pairs for offset in offsets)
        yield from pairwise([0.0, *times, self.starts[-1]])

    def with_a_line_in(
        self, begin: float, end: float, most: float, phrases: Phrases
    ) -> tuple[int, Step] | None:
        """Return a step, by its position, with a sentence in a gap; None if none can carry one."""
        return (
            self._in_a_lead_in(begin, end, most, phrases)
            or self._in_work(begin, end, most, phrases)
            or self._in_the_first_words(begin, phrases)
        )

    def _exercises(self, begin: float, end: float) -> Iterator[tuple[int, Segment, float]]:
        """Yield the position, segment and start of each exercise between two moments."""
        first = max(self.first, bisect_right(self.starts, begin) - 1)
        for index in range(first, min(bisect_left(self.starts, end), len(self.segments))):
            if self.segments[index].kind == "exercise":
                yield index - self.first, self.segments[index], self.starts[index]

    def _in_a_lead_in(
        self, begin: float, end: float, most: float, phrases: Phrases
    ) -> tuple[int, Step] | None:
        """Add the sentence to the last lead-in that is early enough."""
        reach = begin + most
        found = None
        for position, segment, start in self._exercises(begin, end):
            step = self.steps[position]
            if step.stop_line or step.flow or not segment.work_blocks:
                continue
            work = start + segment.work_blocks[0].start_seconds
            if begin < start and work <= reach and work < end:
                found = position, replace(step, stop_line=phrases.stop)
        return found

    def _in_the_first_words(self, begin: float, phrases: Phrases) -> tuple[int, Step] | None:
        """Add the sentence to the first step, if the session begins with it."""
        first = self.steps[0]
        if begin > 0 or self.first or first.stop_line or first.flow:
            return None
        return 0, replace(first, stop_line=phrases.stop)

    def _in_work(
        self, begin: float, end: float, most: float, phrases: Phrases
    ) -> tuple[int, Step] | None:
        """Add the sentence to the work that goes on when the time is over."""
        # As late as possible, but with room for the sentence and not right after a start tone.
        reach = min(begin + most, end) - 10.0
        found: tuple[int, AuthorCue] | None = None
        for position, segment, start in self._exercises(begin, end):
            sides = len({one.side for one in segment.work_blocks})
            for number, block in enumerate(segment.work_blocks):
                block_start = start + block.start_seconds
                offset = min(reach - block_start, block.duration_seconds - 10.0)
                side = ("first", "second")[number % 2] if sides == 2 else ""
                if offset >= 5.0 and block_start + offset > begin + 10.0:
                    at = Offset(round(offset, 1))
                    found = position, AuthorCue(at, phrases.stop, side, block.set_number, stop=True)
        if found is None:
            return None
        position, cue = found
        step = self.steps[position]
        if cue in step.cues:
            return None
        return position, replace(step, cues=(*step.cues, cue))
