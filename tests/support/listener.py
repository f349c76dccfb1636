"""A person who listens to a session and presses keys: an account of their own of what must then hold.

They know the script, and hear what the streams of segments would sound like; they do not know how the
transport decides. Their clock counts to the end of the segment they are in, which no pickup moves.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import pytest

from voicecoach.language.phrases import load_phrases
from voicecoach.play.transport import Command, Mode, PlayPosition, Transport
from voicecoach.script.compiler import compile_script, nominal_minutes
from voicecoach.script.model import Segment, WorkBlock, segment_steps
from voicecoach.session.departure import Departure, may_wait, take_up, words_seconds

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine
    from voicecoach.script.durations import Durations

NEAR = 1e-4
LEAP = 15.0
LONG_HOLD = 60.0


class Listener:
    """Hears a session, and holds every departure to what it must be."""

    def __init__(self, what: Routine, durations: Durations, *, waits: bool = False) -> None:
        self.routine, self.durations, self.waits = what, durations, waits
        self.phrases = load_phrases(what.language, what.audience)
        self.minutes = nominal_minutes(what, self.phrases, durations.word_seconds)
        self.script = compile_script(what, self.phrases, durations, minutes=self.minutes)
        self.steps = segment_steps(what)
        self.transport = Transport(what, lambda index: self.script.segments[index])
        self.mode = Mode.PLAYING
        self.in_hand: set[str] = set()
        self.told: set[str] = set()
        self.heard: list[str] = []
        self._depart(Departure(0))

    # Listening

    def _depart(self, departure: Departure) -> None:
        self.departure, self.index, self.offset = departure, departure.index, 0.0
        self.made: Segment | None = None
        self.stands = self.waits and self.steps[self.index] is not None and may_wait(departure)

    @property
    def segment(self) -> Segment:
        """The segment that is heard; made when it is needed, as a burst of keys does not need it."""
        if self.made is None:
            self.made = take_up(
                self.departure, self.routine, self.phrases, self.durations, minutes=self.minutes
            )
            self._check_made(self.made)
        return self.made

    @property
    def clock(self) -> float:
        """The end of the segment is 0; in a pickup it stands."""
        segment = self.segment
        return max(self.offset, segment.pickup_seconds) - segment.duration_seconds

    def work(self) -> list[tuple[float, float, WorkBlock]]:
        """From when to when the script has work in this segment, on this clock."""
        whole = self.script.segments[self.index]
        return [
            (block.start_seconds - whole.duration_seconds, block.end_seconds - whole.duration_seconds, block)
            for block in whole.work_blocks
        ]  # fmt: skip

    def hear(self, seconds: float) -> None:
        """Listen for a while."""
        while seconds > 0 and self.mode is Mode.PLAYING:
            end = words_seconds(self.segment) if self.stands else self.segment.duration_seconds
            until = min(end, self.offset + seconds)
            self._listen(self.offset, until)
            seconds -= until - self.offset
            self.offset = until
            if until < end:
                return
            if self.stands:
                self.mode = Mode.WAITING
            elif self.index + 1 == len(self.steps):
                self.mode = Mode.ENDED
            else:
                self.index, self.offset = self.index + 1, 0.0
                self.made = self.script.segments[self.index]
                self.stands = self.waits and self.steps[self.index] is not None

    def _listen(self, start: float, end: float) -> None:
        segment, step = self.segment, self.steps[self.index]
        spoken = [cue for cue in segment.cues if cue.kind == "speech"]
        self.heard += [cue.text for cue in spoken if start < cue.end_seconds <= end]
        for cue in spoken:
            if cue.role == "equipment" and start < cue.end_seconds <= end and step is not None:
                self.told |= {thing.spoken for thing in step.equipment if thing.spoken in cue.text}
        for block in segment.work_blocks:
            begun = max(start, segment.pickup_seconds, block.start_seconds)
            if step is not None and begun < min(end, block.end_seconds) - NEAR:
                needed = {thing.spoken for thing in step.equipment}
                assert needed <= self.in_hand | self.told, f"{step.slug} begins without {needed}"
                self.in_hand, self.told = needed, set()

    # Pressing keys

    def press(self, command: Command) -> None:
        """Give a command, and check where it leads."""
        mode, index = self.mode, self.index
        spot = PlayPosition(index, self.made, self.offset, self.departure, mode is Mode.WAITING)
        group, was_working = self._group(), self._is_working()
        clock = self.clock if self.made else None
        in_pickup = self.made is not None and self.offset < self.made.pickup_seconds
        outcome = self.transport.command(mode, spot, command)
        self.mode = outcome.mode
        if outcome.departure is None:
            moves_on = mode is not Mode.ENDED and command in {Command.NEXT, Command.FORWARD}
            over = mode is Mode.ENDED or command is Command.QUIT
            assert (outcome.mode is Mode.ENDED) == (moves_on or over)
            assert not moves_on or group[-1] == len(self.steps) - 1
            return
        assert outcome.mode is Mode.PLAYING
        self._depart(outcome.departure)
        if command is Command.NEXT:
            assert self.index == group[-1] + 1
            assert (self.segment.cues[0].text == self.phrases.skipping) == was_working
        elif command is Command.BACK:
            self._check_back(index, group)
        elif mode is Mode.WAITING and command in {Command.READY, Command.PLAY, Command.PAUSE}:
            assert not self.stands
            assert self.segment.cues[0].role in {"countdown", "tone"}
        elif command is Command.FORWARD and self.index != index:
            assert self.index == index + 1
            assert self.departure.segment is None, "an exercise is never begun in its middle"
            assert clock is None or clock >= -LEAP - NEAR
        elif command is Command.REWIND and self.index != index:
            assert self.index == index - 1
        else:
            assert self.index == index
            if clock is not None:
                self._check_place(command, clock)
                if command in {Command.PLAY, Command.PAUSE}:
                    self._check_carried_on(clock, in_pickup=in_pickup)

    def _group(self) -> list[int]:
        """Return the segments that this one moves with."""
        names = [step.together if step else "" for step in self.steps]
        runs = itertools.groupby(range(len(names)), key=lambda at: names[at] or f"alone {at}")
        return next(found for _, run in runs if self.index in (found := list(run)))

    def _is_working(self) -> bool:
        """Whether work of this exercise, or of one that belongs to it, lies ahead."""
        if self.steps[self.index] is None:
            return False
        return self.index != self._group()[-1] or self.clock < self.work()[-1][1] - 1e-5

    def _check_back(self, index: int, group: list[int]) -> None:
        assert self.departure.segment is None, "an exercise is gone back to as a whole"
        assert self.index == self._group()[0]
        if self.index != group[0]:
            assert index == group[0] == self._group()[-1] + 1

    def _check_place(self, command: Command, clock: float) -> None:
        """Hold a command that stays in its segment to where it must lead."""
        back = clock - self.clock
        if command is Command.FORWARD:
            assert back < 0
        elif command is Command.REWIND:
            assert back >= LEAP - NEAR or self.departure == Departure(0)
        else:
            assert back >= -NEAR, "something is lost"

    def _check_carried_on(self, clock: float, *, in_pickup: bool) -> None:
        """Only what is done again from its start is repeated; from a pickup one goes to the same place."""
        assert self.segment.cues[0].text == self.phrases.carrying_on
        if in_pickup:
            assert abs(self.clock - clock) < NEAR
            return
        for start, end, block in self.work():
            if start - 1e-5 <= clock < end - 1e-5:
                done = math.floor((clock - start) / (block.rep_seconds or math.inf) + 1e-5)
                if block.reps:
                    assert abs(self.clock - start - done * block.rep_seconds) < NEAR
                    return
                if block.duration_seconds <= LONG_HOLD:
                    assert abs(self.clock - start) < NEAR
                    return
        words = [cue.duration_seconds for cue in self.segment.cues if cue.kind == "speech"]
        assert clock - self.clock <= max(3.0, *words) + NEAR

    def _check_made(self, made: Segment) -> None:
        """No word is cut or overlaps, all that is left of the script is there, and its work keeps its time."""
        speech = [cue for cue in made.cues if cue.kind == "speech"]
        for before, after in itertools.pairwise(speech):
            assert before.end_seconds <= after.start_seconds + NEAR, (before.text, after.text)
        for start, end, block in self.work():
            inside = made.pickup_seconds - made.duration_seconds
            if start + NEAR < inside < end - NEAR and block.reps:
                reps = (inside - start) / block.rep_seconds
                assert abs(reps - round(reps)) < NEAR, "a rep begins at its start"
        if self.steps[self.index] is None:
            return
        clock = max(made.pickup_seconds - made.duration_seconds, self.work()[0][0])
        whole = self.script.segments[self.index]
        made_starts, made_texts = self._from(made, clock)
        starts, texts = self._from(whole, clock)
        assert made_texts == texts
        assert made_starts == pytest.approx(starts, abs=NEAR)

    @staticmethod
    def _from(segment: Segment, clock: float) -> tuple[list[float], list[str]]:
        """Return when each sentence and tone begins from a moment on, and what it is."""
        begins = [
            (cue.start_seconds + offset - segment.duration_seconds, text)
            for cue in segment.cues
            for text, offset in [
                *((part.text, part.offset_seconds) for part in cue.sentences),
                *([(cue.text, 0.0)] if cue.kind == "sound" else []),
            ]
        ]
        # A start tone of its own is what a pickup adds.
        left = [
            (start, text)
            for start, text in begins
            if start >= clock - NEAR and not (text == "start" and start < clock + NEAR)
        ]
        return [start for start, _ in left], [text for _, text in left]
