"""The coach: turns texts into utterances with lengths, and collects them in a segment's draft."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from voicecoach.errors import Problem, RoutineError
from voicecoach.language.phrases import names_side
from voicecoach.language.speakable import split_sentences
from voicecoach.messages import quoted
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import Talk
from voicecoach.script.durations import nominal_seconds
from voicecoach.script.model import Cue, Note, NoteKind, Sentence, SideName, WorkBlock
from voicecoach.script.timing import CLEAR_SECONDS, FIT_SPEEDS, TOLERANCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import AuthorCue, Equipment, Routine, Step
    from voicecoach.script.durations import Durations
    from voicecoach.script.model import WorkBlock


@dataclass(frozen=True)
class Said:
    """An utterance with its length at a speed."""

    text: str
    duration_seconds: float
    sentences: tuple[Sentence, ...]
    speed: float


@dataclass
class Draft:
    """A segment that is being written."""

    step: str = ""
    """Slug of the step."""
    cues: list[Cue] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _spoken: list[tuple[float, float]] = field(default_factory=list)
    """The start and the end of all words, by their start."""
    _longest_seconds: float = 0.0
    """Length of the longest words."""

    def speak(
        self,
        said: Said,
        start: float,
        role: str,
        side: SideName = "",
        set_number: int = 0,
        *,
        own: tuple[AuthorCue, ...] = (),
    ) -> float:
        """Put words at a time and return their end; `own` are the author's cues that they say."""
        cue = Cue(
            start_seconds=round(start, 6),
            duration_seconds=said.duration_seconds,
            kind="speech",
            text=said.text,
            role=role,
            sentences=said.sentences,
            speed=said.speed,
            side=side,
            set_number=set_number,
        )
        self.cues.append(cue)
        insort(self._spoken, (cue.start_seconds, cue.end_seconds))
        self._longest_seconds = max(self._longest_seconds, cue.duration_seconds)
        if said.speed > 1:
            self.note(
                NoteKind.SPED_UP,
                said.text,
                f"to {said.speed:g} times the pace",
                start,
                role,
                own,
                needed=said.duration_seconds * said.speed,
                room=said.duration_seconds,
            )
        return start + said.duration_seconds

    def sound(
        self,
        name: str,
        start: float,
        duration: float,
        role: str,
        side: SideName = "",
        set_number: int = 0,
    ) -> None:
        """Put a sound at a time."""
        cue = Cue(round(start, 6), duration, "sound", name, role, side=side, set_number=set_number)
        self.cues.append(cue)

    def note(
        self,
        kind: NoteKind,
        text: str,
        detail: str,
        start: float,
        role: str,
        own: tuple[AuthorCue, ...] = (),
        *,
        needed: float = 0.0,
        room: float = 0.0,
    ) -> None:
        """Remember what was done to words that did not fit, and when they are or would be said."""
        room = round(max(0.0, room), 6)
        needed, start = round(needed, 6), round(start, 6)
        self.notes.append(Note(kind, self.step, text, detail, role, needed, room, own, start))

    def note_move(
        self, text: str, start: float, moved_seconds: float, role: str, own: tuple[AuthorCue, ...]
    ) -> None:
        """Remember that words were moved to a time, if they were."""
        if abs(moved_seconds) > TOLERANCE_SECONDS:
            self.note(NoteKind.MOVED, text, f"by {moved_seconds:+.1f} s", start, role, own)

    def room(self, start: float, latest: float) -> float:
        """Return the time for words from `start`, up to others or `latest`; 0 within others."""
        for spoken_start, spoken_end in self._spoken_near(start):
            if spoken_end + CLEAR_SECONDS > start + TOLERANCE_SECONDS:
                latest = min(latest, spoken_start - CLEAR_SECONDS)
                break  # what comes later begins later
        return max(0.0, latest - start)

    def _spoken_near(self, start: float) -> Iterator[tuple[float, float]]:
        # The words that may sound then, and all that come later.
        earliest = start - CLEAR_SECONDS - self._longest_seconds - 1.0
        return islice(self._spoken, bisect_left(self._spoken, (earliest,)), None)

    def is_free(self, start: float, end: float) -> bool:
        """Return True if no words sound from `start` to `end`, with some silence on both sides."""
        for spoken_start, spoken_end in self._spoken_near(start):
            if end + CLEAR_SECONDS <= spoken_start + TOLERANCE_SECONDS:
                break  # so are all that come later
            if start + TOLERANCE_SECONDS < spoken_end + CLEAR_SECONDS:
                return False
        return True

    def ordered_cues(self) -> tuple[Cue, ...]:
        """Return the cues by time; a tone comes before the words that start with it."""
        return tuple(sorted(self.cues, key=lambda cue: (cue.start_seconds, cue.kind == "speech")))


def say(text: str, durations: Durations, speed: float = 1.0, *, tight: bool = False) -> Said:
    """Return a text as an utterance, with pauses between its sentences that keep the pace."""
    sentences = split_sentences(text)
    lengths = [durations.sentence_seconds(sentence, speed) for sentence in sentences]
    pause, longest = durations.pause_seconds
    if not tight and len(sentences) > 1:
        paced = nominal_seconds(text, durations.word_seconds) - math.fsum(lengths)
        pause = min(longest, max(pause, paced / (len(sentences) - 1)))
    placed, offset = [], 0.0
    for sentence, length in zip(sentences, lengths, strict=True):
        placed.append(Sentence(round(offset, 6), sentence))
        offset += length + pause
    return Said(text, offset - pause, tuple(placed), speed)


NO_ROOM_CODE: Final = "no-room"
"""The code of a NoRoomError."""


class NoRoomError(RoutineError):
    """Words that may not be dropped do not fit."""

    def __init__(self, path: Path | str, problem: Problem, note: Note) -> None:
        super().__init__(path, [problem])
        self.note = note


class Coach:
    """Says things: knows the phrases, the lengths of words and the values of `$variables`."""

    def __init__(
        self, routine: Routine, phrases: Phrases, durations: Durations, minutes: int
    ) -> None:
        self.routine = _with_wanted_cues(routine)
        self.phrases = phrases
        self.durations = durations
        self.minutes = minutes

    def say(self, text: str, speed: float = 1.0, *, tight: bool = False) -> Said:
        """Return the text as an utterance, with pauses between its sentences that keep the pace."""
        return say(text, self.durations, speed, tight=tight)

    def ways(self, text: str) -> Iterator[Said]:
        """Yield the text as it is, with short pauses, then faster and faster."""
        yield self.say(text)
        yield self.say(text, tight=True)
        for speed in FIT_SPEEDS:
            yield self.say(text, speed, tight=True)

    def within(self, text: str, seconds: float) -> Said | None:
        """Return the text in the calmest way that lasts at most a time; None where no way does."""
        most = seconds + TOLERANCE_SECONDS
        return next((said for said in self.ways(text) if said.duration_seconds <= most), None)

    def count_down(self, draft: Draft, start: float) -> None:
        """Speak the countdown to a moment, one word a second; in tones, tick it."""
        words = self.phrases.countdown
        for second, word in enumerate(words, -len(words)):
            if self.routine.talk is Talk.TONES:
                self.tick(draft, start + second, "countdown")
            else:
                said = self.within(word, 1.0) or self.say(word)
                draft.speak(said, start + second, "countdown")

    def tone(self, name: str, draft: Draft, start: float, block: WorkBlock) -> None:
        """Put a tone of a work block at a time."""
        seconds = self.durations.sound_seconds(name)
        draft.sound(name, start, seconds, "tone", block.side, block.set_number)

    def tick(
        self, draft: Draft, start: float, role: str, side: SideName = "", set_number: int = 0
    ) -> None:
        """Put a tick in the place of a word, for somebody who wants none."""
        seconds = self.durations.sound_seconds("tick")
        draft.sound("tick", start, seconds, role, side, set_number)

    def values(self, step: Step | None = None, **more: str | float) -> Mapping[str, str | float]:
        """Return the values of `$variables`, at a moment of a step or outside steps."""
        equipment = step.equipment if step else self.routine.equipment
        values: dict[str, str | float] = {
            "minutes": self.minutes,
            "equipment": self.phrases.listing([thing.spoken for thing in equipment]),
        }
        if step is not None:
            dose, set_number = step.dose, int(more.get("set", 1))
            seconds, reps = dose.told_seconds, dose.moves(set_number)
            side = str(more.pop("side_name", "") or _first_side(step))
            values |= {
                "reps": reps,
                "reps_done": 0,
                "reps_left": reps,
                "set": set_number,
                "sets": dose.sets,
                "side": self.phrases.side(side),
                "other_side": self.phrases.side(other_side(side)),
                "seconds": seconds,
                "seconds_left": dose.block_seconds(set_number),
                "duration": self.phrases.duration(seconds),
            }
        return values | more

    def new_equipment(self, index: int, in_hand: Sequence[Equipment] | None = None) -> str:
        """Return "You need …" for the equipment of a step that is not in hand, if any.

        By default the equipment of the step before is, and in further rounds that of the circuit.
        """
        steps = self.routine.steps
        step = steps[index]
        if in_hand is None:
            in_hand = steps[index - 1].equipment if index else ()
            if step.round_number > 1:
                circle = [other for other in steps if other.circuit == step.circuit]
                in_hand = (*in_hand, *(thing for other in circle for thing in other.equipment))
        missing = [thing.spoken for thing in step.equipment if thing not in in_hand]
        return self.phrases.need(missing) if missing else ""

    def no_room(
        self,
        index: int,
        key: str,
        text: str,
        role: str,
        *,
        detail: str,
        room: float,
        own: tuple[AuthorCue, ...] = (),
        message: str,
        fix: str,
    ) -> NoRoomError:
        """Return the error for words of a step that have no room and may not be dropped.

        The value of `key` sets their time, `room` seconds, which is too short for the reason in
        `detail`. `message` and `fix` are for the author.
        """
        step, routine = self.routine.steps[index], self.routine
        place = routine.locations.of_step(step.slug, key)
        problem = Problem(
            place.line,
            place.column,
            f"step {index + 1} {quoted(step.name)}",
            message,
            fix,
            NO_ROOM_CODE,
            path=place.path if place.path != routine.path else None,
            slug=step.slug,
        )
        note = Note(
            kind=NoteKind.NO_ROOM,
            step=step.slug,
            text=text,
            detail=detail,
            role=role,
            needed_seconds=self.say(text).duration_seconds,
            room_seconds=max(0.0, room),
            cues=own,
        )
        return NoRoomError(routine.path or routine.slug, problem, note)


def _with_wanted_cues(routine: Routine) -> Routine:
    """Return the routine with the cues that are wanted: in tones only those that say stop."""
    if routine.talk is not Talk.TONES:
        return routine
    steps = [
        replace(step, cues=tuple(cue for cue in step.cues if cue.stop)) for step in routine.steps
    ]
    return replace(routine, steps=tuple(steps))


def up_to_tenth(seconds: float) -> float:
    """Return the time, or the next whole tenth of a second after it."""
    return math.ceil(round(seconds * 10, 6)) / 10


def other_side(side: str) -> SideName:
    """Return the other side; nothing for no side."""
    return {"left": "right", "right": "left"}.get(side, "")  # type: ignore[return-value]


def _first_side(step: Step) -> SideName:
    """Return the side that begins, or that has its turn in this round; nothing without sides."""
    return step.dose.first_side if step.dose.sides is not Sides.NONE else step.round_side


def how_it_is_done(
    step: Step, coach: Coach, *, set_number: int = 1, side: SideName = ""
) -> tuple[str, str]:
    """Return the role and the words of the instruction, as much of it as is wanted.

    It is for a set, from 1, and for a side, by default the first.
    """
    # In tones nothing is left but the side. A flow step has no name, though, and nobody could tell
    # by a tone alone what it is.
    if coach.routine.talk is Talk.TONES and not step.flow:
        side = side or _first_side(step)
        return "side", coach.phrases.on_side(side) if side else ""
    text = step.instruction if coach.routine.talk is Talk.FULL else reminder(step)
    values = coach.values(step, set=set_number, side_name=side)
    return "instruction", coach.phrases.fill(text, values)


def reminder(step: Step) -> str:
    """Return the words for somebody who knows the exercise: by default the first sentence."""
    if step.brief:
        return step.brief
    first = split_sentences(step.instruction)[0]
    # The whole instruction where only another sentence of it names the side.
    return step.instruction if names_side(step.instruction) and not names_side(first) else first


def sides_of(step: Step) -> tuple[SideName, ...]:
    """Return the side of each work block of a set."""
    if step.dose.sides is not Sides.ONE_AT_A_TIME:
        return ("",)
    return (step.dose.first_side, step.dose.second_side)
