"""The phases of a segment, and its silences: one answer for the screen, the page and the chart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from voicecoach.script.timing import TOLERANCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicecoach.script.model import Segment, WorkBlock


class Phase(StrEnum):
    """What the person does."""

    OPENING = "opening"
    GET_READY = "get ready"
    """Listens to the lead-in, or to the words that lead back into the work."""
    WORK = "work"
    CHANGE = "change"
    """Changes sides."""
    REST = "rest"
    """Between two sets, and after the last."""
    CLOSING = "closing"


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in which the person does one thing."""

    phase: Phase
    start_seconds: float
    """From the start of the segment."""
    end_seconds: float
    block: WorkBlock | None = None
    """The work that goes on or comes next; None after the last, and in opening and closing."""

    @property
    def work(self) -> WorkBlock | None:
        """The work that goes on; None in other phases."""
        return self.block if self.phase is Phase.WORK else None


def phases(segment: Segment) -> tuple[Stretch, ...]:
    """Return the phases of a segment in order and without gaps; none is empty.

    In a tail the first one lasts until the work that its pickup leads to, or to the end. Where that
    is a change or a rest which began after the tail did, it keeps its own start.
    """
    return tuple(
        stretch
        for stretch in _phases(segment)
        if stretch.end_seconds > stretch.start_seconds + TOLERANCE_SECONDS
    )


def _phases(segment: Segment) -> Iterator[Stretch]:
    if segment.kind != "exercise":
        yield Stretch(Phase(segment.kind), 0.0, segment.duration_seconds)
        return
    pickup = segment.pickup_seconds
    before: WorkBlock | None = None
    for block in segment.work_blocks:
        if block.end_seconds >= pickup + TOLERANCE_SECONDS:  # else done before the tail begins
            # In a tail, work that had begun goes on at the end of the pickup, which leads into it.
            start = max(block.start_seconds, pickup)
            if before is None or block.start_seconds < pickup + TOLERANCE_SECONDS:
                yield Stretch(Phase.GET_READY, 0.0, start, block)
            else:
                same_set = before.set_number == block.set_number
                gap = Phase.CHANGE if same_set else Phase.REST
                yield Stretch(gap, max(0.0, before.end_seconds), start, block)
            yield Stretch(Phase.WORK, start, block.end_seconds, block)
        before = block
    done = pickup if before is None else max(0.0, before.end_seconds)
    yield Stretch(Phase.REST, done, segment.duration_seconds)


def silences(
    sounding: Iterable[tuple[float, float]], end_seconds: float
) -> Iterator[tuple[float, float]]:
    """Yield the start and the end of each silence up to an end, from those of all sounds."""
    silent_from = 0.0
    for start, end in (*sorted(sounding), (end_seconds, end_seconds)):
        if start > silent_from:
            yield silent_from, start
        silent_from = max(silent_from, end)
