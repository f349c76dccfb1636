"""The words while the clock runs: numbers on the beat, the author's cues, the standard phrases."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, insort
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from voicecoach.language.phrases import names_side, variables_in
from voicecoach.script.model import NoteKind
from voicecoach.script.timing import (
    CLEAR_SECONDS,
    CUE_MOVE_SECONDS,
    HALFWAY_MOVE_SECONDS,
    LONG_WORK_SECONDS,
    MANY_REPS,
    MOVE_STEP_SECONDS,
    PHRASE_SPACING_SECONDS,
    TOLERANCE_SECONDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.model import AuthorCue, Step
    from voicecoach.script.coach import Coach, Draft, Said
    from voicecoach.script.model import SideName, WorkBlock


@dataclass(frozen=True)
class _Wish:
    """Words that are wanted at a moment of a work block (times from its start)."""

    text: str
    role: str
    spots: tuple[tuple[float, int], ...]
    """Their possible starts, best first, with the rep whose number they replace (0 for none)."""
    move_seconds: float
    """They may move as far from the first spot."""
    keeps_rep: bool = False
    """They are true in their own rep only, and may not move out of it."""
    is_praise: bool = False
    """They keep as far from a standard phrase as it would keep from an author's cue."""
    own: tuple[AuthorCue, ...] = ()
    """The author's cue with these words; none for the coach's own."""


class WorkWords:
    """Places words in one work block; all times here are from its start."""

    def __init__(self, coach: Coach, step: Step, draft: Draft, block: WorkBlock) -> None:
        self.coach = coach
        self.step = step
        self.draft = draft
        self.block = block
        tempo = step.dose.tempo
        returns = step.effort_on_return and tempo is not None and tempo.back_seconds >= 1
        effort_offset = step.dose.return_seconds if returns else 0.0
        self.number_starts = {
            rep: (rep - 1) * block.rep_seconds + effort_offset for rep in range(1, block.reps + 1)
        }
        self.phrase_starts: list[float] = []
        """In order."""
        self.own_words: list[tuple[float, float]] = []
        self.standard_words: list[tuple[float, float]] = []
        self.zero_taken = False

    @cached_property
    def numbers(self) -> dict[int, Said]:
        """The numbers that nothing has taken the place of, by their rep."""
        return {rep: self.coach.say(self.coach.phrases.count(rep)) for rep in self.number_starts}

    @cached_property
    def _longest_number_seconds(self) -> float:
        return max((said.duration_seconds for said in self.numbers.values()), default=0.0)

    def _side_at(self, rep: int) -> SideName:
        return self.step.dose.side_of_rep(rep) or self.block.side

    def wish(self, cue: AuthorCue) -> _Wish | None:
        """Return an author's cue with its possible times; None if the work has no such moment."""
        moment = cue.anchor.moment(self.step.dose, self.block.set_number)
        if moment is None:
            return None
        spots, reps = moment.spots, self.block.reps
        seconds_left = self.block.duration_seconds - moment.seconds
        values = self.coach.values(
            self.step,
            set=self.block.set_number,
            side_name=self._side_at(moment.rep),
            reps_done=moment.reps_done,
            reps_left=reps - moment.reps_done,
            seconds_left=round(seconds_left, 1),
        )
        text = self.coach.phrases.fill(cue.text, values)
        # What is said must stay true where it is said.
        names = set(variables_in(cue.text))
        if "seconds_left" in names:
            return _Wish(text, "cue", spots[:1], 0.0, own=(cue,))
        if tells_side := names_side(cue.text):
            spots = spots[:1]
        tells_rep = tells_side or bool(names & {"reps_done", "reps_left"})
        keeps_rep = tells_rep and bool(reps)
        return _Wish(text, "cue", spots, CUE_MOVE_SECONDS, keeps_rep, cue.praise, (cue,))

    def stop(self, cue: AuthorCue, *, counted: bool = True) -> None:
        """Say a stop-on-pain sentence as near to its moment as can be, in place of numbers.

        It comes before all other words, so that only the last number is in its way. Work that is
        shorter than the sentence goes without it. Unless `counted`, no number gives way.
        """
        wish = self.wish(cue)
        if wish is None:
            return
        said = self.coach.say(wish.text)
        # It ends before the work does, or before the last number, which is never dropped.
        limit = self.number_starts.get(self.block.reps, self.block.duration_seconds)
        latest = limit - CLEAR_SECONDS - said.duration_seconds
        if latest < 0:
            return
        at = max(0.0, min(wish.spots[0][0], latest))
        end = at + said.duration_seconds
        for rep, number in list(self.numbers.items()) if counted else ():
            start = self.number_starts[rep]
            if start - CLEAR_SECONDS < end and at - CLEAR_SECONDS < start + number.duration_seconds:
                del self.numbers[rep]
        self._speak(said, at, "stop")
        insort(self.phrase_starts, at)
        self.own_words.append((at, end))

    def tick(self) -> None:
        """Tick on every beat instead of counting, but not into the start tone."""
        for rep, at in self.number_starts.items():
            if at > TOLERANCE_SECONDS:
                start, side = self.block.start_seconds + at, self._side_at(rep)
                self.coach.tick(self.draft, start, "count", side, self.block.set_number)

    def start(self, *, counted: bool) -> None:
        """Say "Go." in holds and timed work that are counted in, unless a cue has its place."""
        if not self.block.reps and counted and not self.zero_taken:
            said, start = self.coach.say(self.coach.phrases.go), self.block.start_seconds
            if self.draft.is_free(start, start + said.duration_seconds):
                self._speak(said, 0.0, "go")

    def standard_phrases(self) -> None:
        """Say the standard phrases that no author's cue is near to, the most important first."""
        phrases, duration = self.coach.phrases, self.block.duration_seconds
        if self.block.reps >= MANY_REPS:
            rep = self.block.reps - 1
            spots = ((self.number_starts[rep], rep),)
            self._standard(_Wish(phrases.last_two, "last-two", spots, 0.0))
        if not self.block.reps and duration >= LONG_WORK_SECONDS:
            self._standard(_Wish(phrases.five_seconds, "five-seconds", ((duration - 5, 0),), 0.0))
            halfway = _Wish(phrases.halfway, "halfway", ((duration / 2, 0),), HALFWAY_MOVE_SECONDS)
            self._standard(halfway)

    def _standard(self, wish: _Wish) -> None:
        at, spacing = wish.spots[0][0], PHRASE_SPACING_SECONDS - TOLERANCE_SECONDS
        if not any(start - spacing < at < end + spacing for start, end in self.own_words):
            self.place(wish)

    def place(self, wish: _Wish) -> None:
        """Say words in the calmest way and at the best time there is, or note the lack of room."""
        target = wish.spots[0][0]
        for way, (at, rep) in self._attempts(wish):
            end = at + way.duration_seconds
            if not self._has_room(at, end, rep) or (wish.is_praise and self._crowds(at, end)):
                continue
            if rep:
                del self.numbers[rep]
            elif (at, rep) not in wish.spots:
                start = self.block.start_seconds + at
                self.draft.note_move(wish.text, start, at - target, wish.role, wish.own)
            self._speak(way, at, wish.role, own=wish.own)
            insort(self.phrase_starts, at)
            words = self.own_words if wish.role == "cue" else self.standard_words
            words.append((at, at + way.duration_seconds))
            self.zero_taken = self.zero_taken or at < TOLERANCE_SECONDS
            return
        wanted = self.block.start_seconds + target
        self.draft.note(
            NoteKind.DROPPED,
            wish.text,
            "there is no room for it in the work",
            wanted,
            wish.role,
            wish.own,
            needed=self.coach.say(wish.text).duration_seconds,
            room=self._room(wish),
        )

    def returns(self, cue: AuthorCue) -> None:
        """Say a cue with the way back of each rep, on the beat as the numbers are.

        An author's words for one of these moments take its place.
        """
        # The last rep has none to come that the words could speak of.
        ahead = {"other_side", "reps_left", "seconds_left"} & set(variables_in(cue.text))
        for rep in range(1, self.block.reps + (0 if ahead else 1)):
            at = (rep - 1) * self.block.rep_seconds + self.step.dose.return_seconds
            end_of_rep = rep * self.block.rep_seconds
            values = self.coach.values(
                self.step,
                set=self.block.set_number,
                side_name=self._side_at(rep),
                reps_done=rep,
                reps_left=self.block.reps - rep,
                seconds_left=self.block.duration_seconds - at,
            )
            text = self.coach.phrases.fill(cue.text, values)
            if any(
                start < end_of_rep and end > at - CLEAR_SECONDS for start, end in self.own_words
            ):
                continue
            offset = self.block.start_seconds
            for said in self.coach.ways(text):
                end = at + said.duration_seconds
                if (
                    end + CLEAR_SECONDS <= end_of_rep + TOLERANCE_SECONDS
                    and self.draft.is_free(at + offset, end + offset)
                    and self._is_clear_of_numbers(at, end)
                ):
                    self._speak(said, at, "cue", rep, own=(cue,))
                    break
            else:
                self.draft.note(
                    NoteKind.DROPPED,
                    text,
                    "the way back is too short for it",
                    offset + at,
                    "cue",
                    (cue,),
                    needed=self.coach.say(text).duration_seconds,
                    room=end_of_rep - at - CLEAR_SECONDS,
                )

    def _crowds(self, start: float, end: float) -> bool:
        spacing = PHRASE_SPACING_SECONDS - TOLERANCE_SECONDS
        return any(
            start - spacing < after and before < end + spacing
            for before, after in self.standard_words
        )

    def _rep_at(self, at: float) -> int:
        """Return the rep of a moment, from 1; 0 in holds and timed work."""
        if not self.block.rep_seconds:
            return 0
        return math.floor(at / self.block.rep_seconds + TOLERANCE_SECONDS) + 1

    def _attempts(self, wish: _Wish) -> Iterator[tuple[Said, tuple[float, int]]]:
        # The calmest first; the lengths of faster speech are asked for where nothing calm fits.
        steps = range(1, round(wish.move_seconds / MOVE_STEP_SECONDS) + 1)
        target = wish.spots[0][0]
        moved = [
            (round(target + sign * step * MOVE_STEP_SECONDS, 6), 0)
            for step in steps
            for sign in (1, -1)
        ]
        if wish.keeps_rep:
            moved = [spot for spot in moved if self._rep_at(spot[0]) == self._rep_at(target)]
        ways = self.coach.ways(wish.text)
        calm = [next(ways), next(ways)]
        for spot in wish.spots:
            yield from ((way, spot) for way in calm)
        yield from itertools.product(calm, moved)
        for faster in ways:
            for spot in (*wish.spots, *moved):
                yield faster, spot

    def _room(self, wish: _Wish) -> float:
        """Return the longest time that there is for words where these may go."""
        longest = 0.0
        for at, rep in dict.fromkeys(spot for _, spot in self._attempts(wish)):
            begin = at + self.block.start_seconds
            end = self.block.end_seconds - CLEAR_SECONDS
            for number in self.numbers.keys() - {rep}:
                start = self.number_starts[number]
                if at < start + self.numbers[number].duration_seconds + CLEAR_SECONDS:
                    end = min(end, start + self.block.start_seconds - CLEAR_SECONDS)
            room = self.draft.room(begin, end)
            if room > longest and self._has_room(at, at + room, rep):
                longest = room
        return longest

    def _has_room(self, start: float, end: float, rep: int) -> bool:
        latest = self.block.duration_seconds - CLEAR_SECONDS + TOLERANCE_SECONDS
        if start < -TOLERANCE_SECONDS or end > latest:
            return False
        if rep and (rep not in self.numbers or rep == self.block.reps):
            return False  # another cue has the place, or the last number, which is never dropped
        following = bisect_left(self.phrase_starts, start)
        spaced = all(
            abs(start - other) >= PHRASE_SPACING_SECONDS - TOLERANCE_SECONDS
            for other in self.phrase_starts[max(0, following - 1) : following + 1]
        )
        offset = self.block.start_seconds
        return (
            spaced
            and self.draft.is_free(start + offset, end + offset)
            and self._is_clear_of_numbers(start, end, rep)
        )

    def _is_clear_of_numbers(self, start: float, end: float, rep: int = 0) -> bool:
        return all(
            number == rep
            or end + CLEAR_SECONDS <= self.number_starts[number] + TOLERANCE_SECONDS
            or start + TOLERANCE_SECONDS
            >= self.number_starts[number] + self.numbers[number].duration_seconds + CLEAR_SECONDS
            for number in self._numbers_near(start, end)
        )

    def _numbers_near(self, start: float, end: float) -> Iterator[int]:
        if not self.block.reps:
            return
        earliest = start - self.step.dose.return_seconds - self._longest_number_seconds - 1.0
        first, last = self._rep_at(earliest), self._rep_at(end + 1.0)
        for rep in range(max(1, first), min(last, self.block.reps) + 1):
            if rep in self.numbers:
                yield rep

    def count(self) -> str:
        """Say the numbers that nothing has taken the place of, each on its beat.

        Returns the last number where it does not fit and may not be dropped, else nothing.
        """
        duration = self.block.duration_seconds
        for rep, said in self.numbers.items():
            start = self.number_starts[rep]
            seconds = self.number_starts.get(rep + 1, duration) - start
            fitting = self.coach.within(said.text, seconds)
            if fitting is not None:
                self._speak(fitting, start, "count", rep)
            elif rep == self.block.reps:
                return said.text
            else:
                beat = self.block.start_seconds + start
                self.draft.note(
                    NoteKind.DROPPED,
                    said.text,
                    "the beat is too fast for it",
                    beat,
                    "count",
                    needed=said.duration_seconds,
                    room=self.block.rep_seconds,
                )
        return ""

    def _speak(
        self, said: Said, at: float, role: str, rep: int = 0, *, own: tuple[AuthorCue, ...] = ()
    ) -> None:
        start = self.block.start_seconds + at
        side = self._side_at(rep or min(self.block.reps, self._rep_at(at)))
        self.draft.speak(said, start, role, side, self.block.set_number, own=own)
