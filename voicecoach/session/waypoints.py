"""Bearings: a moment of a segment, what lies around it, and where one can go on from it sensibly.

Pure. `transport` chooses between these places; here stand the rules of what a sensible place is: a
rep is done from its start, a hold from its start, a countdown is heard whole, and no word is cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicecoach.script.timing import REPEATED_HOLD_SECONDS, TOLERANCE_SECONDS
from voicecoach.session.departure import Departure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.model import Equipment, Step
    from voicecoach.script.model import Cue, Segment, WorkBlock


@dataclass(frozen=True)
class Bearings:
    """A moment of a segment, and what the person has in hand there."""

    index: int
    """Of the segment in the session."""
    step: Step | None
    """None in the opening and the closing."""
    segment: Segment
    """A whole one, or the tail that is played."""
    seconds: float
    """From the start of the segment."""
    in_hand: tuple[Equipment, ...] = ()
    """What the person had in hand before this exercise."""
    is_equipped: bool = False
    """Whether the person knows what this exercise needs."""
    awaits_count: bool = False
    """Whether the work here has yet to be counted in."""

    # What lies around

    @property
    def heard_seconds(self) -> float:
        """Return the time since the start of the exercise, without the pickup before it."""
        return self.seconds - self.segment.pickup_seconds

    @property
    def has_worked(self) -> bool:
        """True if work of this exercise has begun."""
        return any(self._is_past(block.start_seconds) for block in self.segment.work_blocks)

    @property
    def is_done(self) -> bool:
        """True if the work of this exercise is over."""
        blocks = self.segment.work_blocks
        return bool(blocks) and self._is_past(blocks[-1].end_seconds)

    @property
    def holds(self) -> tuple[Equipment, ...]:
        """Return the things in hand: those of the last exercise whose work has begun."""
        taken = self.step is not None and self.has_worked and self.is_equipped
        return self.step.equipment if self.step and taken else self.in_hand

    @property
    def block(self) -> WorkBlock | None:
        """Return the work that goes on."""
        blocks = (block for block in self.segment.work_blocks if self._is_past(block.start_seconds))
        return next((block for block in blocks if not self._is_past(block.end_seconds)), None)

    @property
    def block_ahead(self) -> WorkBlock | None:
        """Return the next work that has not begun."""
        blocks = self.segment.work_blocks
        return next((block for block in blocks if not self._is_past(block.start_seconds)), None)

    def said(self, role: str = "") -> Cue | None:
        """Return the last words since the last work; of a role, if one is given."""
        since = self._work_end_before(self.seconds)
        words = [
            cue
            for cue in self._words()
            if since - TOLERANCE_SECONDS <= cue.start_seconds and self._is_past(cue.start_seconds)
        ]
        return next((cue for cue in reversed(words) if role in ("", cue.role)), None)

    # Where to go

    def depart(self, seconds: float) -> Departure:
        """Return the departure at a moment of this segment, without a word."""
        there = Departure(self.index, self.segment, round(seconds, 6))
        return replace(there, in_hand=self.in_hand, is_equipped=self.is_equipped)

    def move(self, seconds: float) -> Departure:
        """Return the departure at another moment of the work; straight on, if one is in it."""
        return replace(self.depart(seconds), counts_in=self.awaits_count)

    def carry_on(self) -> Departure:
        """Return the departure that goes on here after a break."""
        block = self.block
        if block is None:
            return self.depart(self.word_start())
        if block.reps:
            start = rep_start(block, self.seconds)
        elif block.duration_seconds <= REPEATED_HOLD_SECONDS:
            start = block.start_seconds
        else:
            start = self.word_start()
        # Without a countdown, only its words tell what a flow step goes on with.
        flows = self.step is not None and self.step.flow
        return replace(self.depart(start), counts_in=True, repeats_instruction=flows)

    def word_start(self) -> float:
        """Return this moment, or the start of the words or countdown that it would cut."""
        ahead = self.block_ahead
        counting = self._countdown_start(ahead) if ahead else None
        if counting is not None and self._is_past(counting):
            return counting
        for cue in self._words():
            if cue.start_seconds < self.seconds < cue.end_seconds - TOLERANCE_SECONDS:
                # The lines of an opening are long; elsewhere an utterance is understood as a whole.
                starts = _sentence_starts(cue) if self.step is None else [cue.start_seconds]
                return max(start for start in starts if self._is_past(start))
        return self.seconds

    def later(self, seconds: float) -> float:
        """Return a later moment, or the start of the sentence that it would cut; never this one."""
        for cue in self._words():
            if cue.start_seconds < seconds < cue.end_seconds - TOLERANCE_SECONDS:
                starts = (start for start in _sentence_starts(cue) if start <= seconds)
                ahead = (start for start in starts if not self._is_past(start))
                return max(ahead, default=cue.end_seconds)
        return seconds

    def entry(self, block: WorkBlock) -> float:
        """Return the moment to get ready for work that lies ahead; once past it, the work itself.

        That is the words to change sides, then the countdown; all of a gap that has none.
        """
        since = self._work_end_before(block.start_seconds)
        change = (cue.start_seconds for cue in self._words() if cue.role == "change")
        ways = [start for start in change if since <= start < block.start_seconds]
        counting = self._countdown_start(block)
        ways.append(since if counting is None else counting)
        return next((way for way in ways if not self._is_past(way)), block.start_seconds)

    def _countdown_start(self, block: WorkBlock) -> float | None:
        since = self._work_end_before(block.start_seconds)
        starts = (cue.start_seconds for cue in self.segment.cues if cue.role == "countdown")
        own = (start for start in starts if since <= start < block.start_seconds)
        return min(own, default=None)

    def _work_end_before(self, seconds: float) -> float:
        """Return the end of the last work before a moment; without one, the start."""
        ends = (block.end_seconds for block in self.segment.work_blocks)
        over = (end for end in ends if end <= seconds + TOLERANCE_SECONDS)
        return max(over, default=self.segment.pickup_seconds)

    def _words(self) -> Iterator[Cue]:
        """Yield the segment's own words: no pickup, no countdown."""
        for cue in self.segment.cues:
            if cue.kind == "speech" and cue.role not in {"opener", "countdown"}:
                yield cue

    def _is_past(self, seconds: float) -> bool:
        return self.seconds >= seconds - TOLERANCE_SECONDS


def rep_start(block: WorkBlock, seconds: float) -> float:
    """Return the start of the rep that goes on at a moment of the work."""
    done = math.floor((seconds - block.start_seconds) / block.rep_seconds + TOLERANCE_SECONDS)
    return block.start_seconds + done * block.rep_seconds


def _sentence_starts(cue: Cue) -> list[float]:
    return [cue.start_seconds + sentence.offset_seconds for sentence in cue.sentences]
