"""Other words for children: the coach's own sentences, put differently each day and exercise.

Pure. The script engine writes an exercise in plain words; where the routine has a seed, some of
them give way to words that begin at the same moment and end before anything else sounds. So no seed
can move, drop or speed up anything. Only "Two of seven." has a place of its own, in the lead-in.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from voicecoach.language.phrases import as_sentence
from voicecoach.routine.model import Spoken, Talk
from voicecoach.script.timing import (
    BEFORE_COUNTDOWN_SECONDS,
    CLEAR_SECONDS,
    NEXT_BEFORE_END_SECONDS,
    TOLERANCE_SECONDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicecoach.script.coach import Coach
    from voicecoach.script.model import Cue, Segment


def playful_words(coach: Coach) -> PlayfulWords | None:
    """Return the words that a routine's seed chooses; None without a seed, and for adults."""
    seed = coach.routine.play_seed
    return None if seed is None or not coach.phrases.playful else PlayfulWords(coach, seed)


def choose(variants: Sequence[str], seed: int, number: int, turn: int = 0) -> str:
    """Return one of some wordings: the same for the same numbers, everywhere.

    It goes round: another one for the next `number` and the next `seed`, and, from four wordings
    on, for the next `turn`. The order is shuffled whenever seeds have come round.
    """
    size = len(variants)

    # By a hash: every machine gets the same order, which random.shuffle does not promise.
    def shuffled(variant: str) -> bytes:
        return hashlib.sha256(f"{seed // size} {variant}".encode()).digest()

    return sorted(variants, key=shuffled)[(seed + number + turn * (size // 2)) % size]


class PlayfulWords:
    """The playful words of one routine and seed."""

    def __init__(self, coach: Coach, seed: int) -> None:
        self.coach = coach
        self.phrases = coach.phrases
        self.words = coach.phrases.playful
        self.seed = seed
        self.count = len(coach.routine.steps)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        doses = [step.dose for step in self.coach.routine.steps]
        most = max(dose.moves(number) for dose in doses for number in range(1, dose.sets + 1))
        return {self.phrases.count(rep): rep for rep in range(1, most + 1)}

    @property
    def greeting(self) -> Spoken:
        """The end of the opening: how many exercises there will be."""
        if self.count == 1:
            return Spoken(self.words["greeting_of_one"])
        return Spoken(self.phrases.fill(self._choice("greeting", 0), {"count": self.count}))

    @property
    def farewell(self) -> Spoken:
        """The beginning of the closing."""
        return Spoken(self._choice("farewell", 0))

    def progress(self, position: int) -> str:
        """Return the words for an exercise among all, by its position from 0."""
        number = position + 1
        key = "progress"
        if number == self.count:
            key = "progress_at_last" if number > 1 else "progress_of_one"
        return self.phrases.fill(self.words[key], {"number": number, "count": self.count})

    def enlivened(self, segment: Segment, position: int) -> Segment:
        """Return an exercise with playful words in place of plain ones, where they fit."""
        if self.coach.routine.talk is Talk.TONES:
            return segment
        cues = list(segment.cues)
        turns: Counter[str] = Counter()
        for at, cue in enumerate(cues):
            if cue.kind != "speech" or cue.speed > 1:
                continue
            room = _latest_end(segment, at) - cue.start_seconds
            for text in self._wordings(cue, segment, position, turns[cue.role]):
                said = self.coach.say(text)
                if said.duration_seconds <= room + TOLERANCE_SECONDS:
                    seconds, sentences = said.duration_seconds, said.sentences
                    cues[at] = replace(
                        cue, duration_seconds=seconds, text=text, sentences=sentences
                    )
                    break
            turns[cue.role] += 1
        return replace(segment, cues=tuple(cues))

    def _wordings(self, cue: Cue, segment: Segment, position: int, turn: int) -> Iterator[str]:
        """Yield wordings in place of plain ones, best first."""
        phrases = self.phrases
        match cue.role:
            case "go" if cue.text == phrases.go:
                yield self._choice("go", position, turn)
            case "halfway" | "five-seconds" | "last-two":
                yield self._choice(cue.role.replace("-", "_"), position, turn)
            case "count":
                yield from self._counted(cue, segment, position)
            case "rest":
                praise = self._choice("praise", position, turn)
                patterns = self.words["rest"][0 if cue.text == phrases.long_rest else 1 :]
                yield from (pattern.replace("$praise", praise) for pattern in patterns)
            case "next":
                name = self.coach.routine.steps[position + 1].spoken_name
                pattern = self._choice("next", position)
                more = cue.text.removeprefix(phrases.next(name))
                yield as_sentence(pattern.replace("$name", name)) + more

    def _counted(self, cue: Cue, segment: Segment, position: int) -> Iterator[str]:
        for turn, block in enumerate(segment.work_blocks):
            begin = block.start_seconds - TOLERANCE_SECONDS
            if begin <= cue.start_seconds < block.end_seconds:
                rep = self._numbers[cue.text]
                if rep == block.reps:
                    last = self._choice("last_count", position, turn)
                    yield self.phrases.fill(last, {"number": rep})
                yield self.phrases.fill(self.words["count"], {"number": rep})
                return

    def _choice(self, moment: str, position: int, turn: int = 0) -> str:
        return choose(self.words[moment], self.seed, position, turn)


def _latest_end(segment: Segment, at: int) -> float:
    """Return the latest end of words in place of a cue: before words, a countdown or a tone."""
    cue = segment.cues[at]
    silence = NEXT_BEFORE_END_SECONDS if cue.role == "next" else CLEAR_SECONDS
    latest = segment.duration_seconds - silence
    edges = [
        edge
        for block in segment.work_blocks
        for edge in (block.start_seconds, block.end_seconds)
        if edge > cue.start_seconds + TOLERANCE_SECONDS
    ]
    if edges:
        latest = min(latest, edges[0] - CLEAR_SECONDS)
    following = next((one for one in segment.cues[at + 1 :] if one.kind == "speech"), None)
    if following is None:
        return latest
    silence = BEFORE_COUNTDOWN_SECONDS if following.role == "countdown" else CLEAR_SECONDS
    return min(latest, following.start_seconds - silence)
