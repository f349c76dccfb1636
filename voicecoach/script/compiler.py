"""The script engine: turns a Routine into segments of timed cues.

Pure: no audio, no files, no clock. It asks for lengths through `Durations`, so nominal lengths (a table)
and measured ones (spoken clips) go through the same code. The rules stand in
docs/design.md (when things sound), their numbers in `timing`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeVar

from voicecoach.errors import Problem, RoutineError, spoken_in
from voicecoach.language.phrases import Heading, names_side
from voicecoach.messages import quoted
from voicecoach.routine.anchors import Occasion
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import Silence, Talk
from voicecoach.script.coach import Coach, Draft, how_it_is_done, sides_of, up_to_tenth
from voicecoach.script.lengths import NominalDurations, about_minutes
from voicecoach.script.model import (
    Note,
    NoteKind,
    Script,
    Segment,
    WorkBlock,
    segment_steps,
)
from voicecoach.script.playful import playful_words
from voicecoach.script.timing import (
    AFTER_TONE_SECONDS,
    BEFORE_COUNTDOWN_SECONDS,
    CLEAR_SECONDS,
    COUNTDOWN_GAP_SECONDS,
    CUE_MOVE_SECONDS,
    FIT_SPEEDS,
    GAP_SECONDS,
    LINE_GAP_SECONDS,
    LONG_REST_SECONDS,
    MOVE_STEP_SECONDS,
    NEXT_BEFORE_END_SECONDS,
    PHRASE_SPACING_SECONDS,
    SECOND_WORDS_SECONDS,
    TOLERANCE_SECONDS,
)
from voicecoach.script.work import WorkWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import AuthorCue, Equipment, Routine, Step
    from voicecoach.script.coach import Said
    from voicecoach.script.lengths import Durations
    from voicecoach.script.model import Cue


T = TypeVar("T")


def compile_script(routine: Routine, phrases: Phrases, durations: Durations) -> Script:
    """Return the timed cues of a routine.

    Raises RoutineError, with every such place, where words that may not be dropped do not fit.
    """
    return Script(routine, tuple(compile_segments(routine, phrases, durations)))


def outline_script(
    routine: Routine, phrases: Phrases, durations: Durations, *, minutes: int | None = None
) -> Script:
    """Return the script as far as it can be told, for estimates made before anything is measured.

    An exercise whose words do not fit with these lengths stands there with its length but no words,
    and a note of those that have no room: with the lengths of the voice they may fit. `minutes` is what
    `$minutes` stands for, where somebody knows it; counting it takes as long as the rest.
    """
    if minutes is None:
        minutes = nominal_minutes(routine, phrases, durations.word_seconds)
    compiler = _Compiler(routine, Coach(routine, phrases, durations, minutes))
    return Script(routine, tuple(compiler.outlined_segments()))


class Outline:
    """The segments of a routine without what is said in work and rests, but with its stop-on-pain sentences.

    They last as long as those of its script, and are made in a fraction of the time. They are kept true
    while steps are changed one at a time: an exercise hangs on the names and the equipment of its
    neighbours alone, so a step that keeps these is compiled anew by itself.
    """

    def __init__(
        self, routine: Routine, phrases: Phrases, durations: Durations, minutes: int
    ) -> None:
        self.routine = routine
        """With all changes."""
        self._phrases, self._durations, self._minutes = phrases, durations, minutes
        compiler = self._compiler()
        self.segments = [*compiler.bare_segments()]

    def change(self, position: int, step: Step) -> int:
        """Put another step, of the same name and equipment, in the place of one; return its segment.

        Both are positions from 0: of the step among the steps, of the segment in the session.
        """
        steps = self.routine.steps
        self.routine = replace(
            self.routine, steps=(*steps[:position], step, *steps[position + 1 :])
        )
        index = position + bool(self.routine.opening)
        self.segments[index] = self._compiler().bare_segment(index)
        return index

    def _compiler(self) -> _Compiler:
        coach = Coach(self.routine, self._phrases, self._durations, self._minutes)
        return _Compiler(self.routine, coach)


def compile_segments(routine: Routine, phrases: Phrases, durations: Durations) -> Iterator[Segment]:
    """Yield the segments of a routine one by one, asking for lengths only as each needs them.

    What a segment says does not depend on lengths that are measured later: `$minutes` is counted from
    the table, so the words are the same in a list, on the speakers and in a track.
    """
    return _compiler(routine, phrases, durations).segments()


def compile_segment(
    routine: Routine,
    phrases: Phrases,
    durations: Durations,
    index: int,
    *,
    heading: Heading = Heading.USUAL,
    in_hand: Sequence[Equipment] | None = None,
    minutes: int | None = None,
) -> Segment:
    """Return one segment of a routine, by its index in the session, for a stream that begins with it.

    An exercise may be introduced in another way, for a person who has other things `in_hand` than those
    of the exercise before. `minutes` is what `$minutes` stands for, where somebody knows it. Raises
    RoutineError where words that may not be dropped do not fit.
    """
    if minutes is None:
        minutes = nominal_minutes(routine, phrases, durations.word_seconds)
    compiler = _Compiler(routine, Coach(routine, phrases, durations, minutes))
    return compiler.segment(index, heading, in_hand)


def opening_cues(routine: Routine, phrases: Phrases, durations: Durations) -> Iterator[Cue]:
    """Yield the cues of the opening one by one, so that the first is heard before the last is spoken.

    They are those of the segment that `compile_segments` yields for it.
    """
    draft = Draft()
    given = 0
    for _ in _compiler(routine, phrases, durations).lines("opening", draft):
        yield from draft.cues[given:]
        given = len(draft.cues)


def _compiler(routine: Routine, phrases: Phrases, durations: Durations) -> _Compiler:
    return _Compiler(routine, coach_of(routine, phrases, durations))


def coach_of(routine: Routine, phrases: Phrases, durations: Durations) -> Coach:
    """Return who speaks a routine."""
    minutes = nominal_minutes(routine, phrases, durations.word_seconds)
    return Coach(routine, phrases, durations, minutes)


@dataclass(frozen=True)
class LeastTimes:
    """What the words of a routine need, however little time its author gives them; all in seconds."""

    opening_seconds: float
    """Length of the opening; 0 without one."""
    closing_seconds: float
    setups_seconds: tuple[float, ...]
    """For each step, the least time from the start of its lead-in to the start of the work."""
    announced_rests_seconds: tuple[float, ...]
    """For each step, the least rest after it that has room to announce the next one."""


def least_times(
    routine: Routine, phrases: Phrases, durations: Durations, *, minutes: int
) -> LeastTimes:
    """Return what the words of a routine need where it lasts `minutes`, the number that it speaks."""
    bare = replace(routine, steps=tuple(replace(step, setup_seconds=0.0) for step in routine.steps))
    compiler = _Compiler(bare, Coach(bare, phrases, durations, minutes))
    ends = {}
    for kind in ("opening", "closing"):
        ends[kind] = max([0.0, *compiler.lines(kind, Draft())])
    steps = range(len(bare.steps))
    return LeastTimes(
        up_to_tenth(ends["opening"]),
        ends["closing"],
        tuple(compiler.lead_in(index, Draft()) for index in steps),
        tuple(compiler.announced_rest_seconds(index) for index in steps),
    )


def nominal_minutes(routine: Routine, phrases: Phrases, seconds_a_word: float) -> int:
    """Return the length of a routine in whole minutes, at least 1, by the table of lengths.

    It is counted once for a routine, though each segment of a stream asks for it.
    """
    return _count_minutes(_Same(routine), _Same(phrases), seconds_a_word)


@dataclass(frozen=True, eq=False)
class _Same(Generic[T]):
    """A value as a key: itself, and no other that happens to be equal."""

    value: T

    def __eq__(self, other: object) -> bool:
        """Return whether the other one is of the very same value."""
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        """Return a number that the value keeps as long as it is there, as it is here."""
        return id(self.value)


@lru_cache(maxsize=16)
def _count_minutes(
    routine_key: _Same[Routine], phrases_key: _Same[Phrases], seconds_a_word: float
) -> int:
    """Return the minutes of `nominal_minutes`."""
    routine, phrases = routine_key.value, phrases_key.value
    nominal = NominalDurations(seconds_a_word)
    minutes = about_minutes(routine)  # near, so that one compilation settles it
    for _ in range(4):  # the number is spoken, so it has a length of its own
        compiler = _Compiler(routine, Coach(routine, phrases, nominal, minutes))
        total = math.fsum(segment.duration_seconds for segment in compiler.bare_segments())
        counted = max(1, math.floor(total / 60 + 0.5))
        if counted == minutes:
            break
        minutes = counted
    return minutes


NO_ROOM_CODE: Final = "no-room"
"""The code of the errors here: words that may not be dropped do not fit."""
_NO_ROOM = "the rest is too short for it"


class _NoRoomError(RoutineError):
    """Words that may not be dropped do not fit."""

    def __init__(self, path: Path | str, problem: Problem, note: Note) -> None:
        super().__init__(path, [problem])
        self.note = note


def _planned(step: Step, note: Note) -> Segment:
    """Return an exercise as long as its author planned it, for words that do not fit."""
    length = step.planned_seconds
    return Segment("exercise", step.name, length, (), step.slug, notes=(note,))


def _with_own_words(routine: Routine) -> Routine:
    """Return the routine with as many of its author's cues as are wanted: in tones, those that say stop."""
    if routine.talk is not Talk.TONES:
        return routine
    steps = [
        replace(step, cues=tuple(cue for cue in step.cues if cue.stop)) for step in routine.steps
    ]
    return replace(routine, steps=tuple(steps))


class _Compiler:
    """Compiles one routine with one set of lengths."""

    def __init__(self, routine: Routine, coach: Coach) -> None:
        self.routine = _with_own_words(routine)
        self.coach = coach
        self.phrases = coach.phrases
        self.playful = playful_words(coach)

    def segments(self) -> Iterator[Segment]:
        """Yield all segments; problems of all exercises are raised together, after the last."""
        problems: list[Problem] = []
        for index in range(len(segment_steps(self.routine))):
            try:
                segment = self.segment(index)
            except _NoRoomError as error:
                problems.extend(error.problems)
            else:
                if not problems:
                    yield segment
        if problems:
            raise RoutineError(self.routine.path or self.routine.slug, problems)

    def outlined_segments(self) -> Iterator[Segment]:
        """Yield all segments; those whose words do not fit with their length and without any."""
        for index, step in enumerate(segment_steps(self.routine)):
            try:
                yield self.segment(index)
            except _NoRoomError as error:
                if step is None:
                    raise
                yield _planned(step, error.note)

    def bare_segments(self) -> Iterator[Segment]:
        """Yield all segments as `bare_segment` returns them."""
        for index in range(len(segment_steps(self.routine))):
            yield self.bare_segment(index)

    def bare_segment(self, index: int) -> Segment:
        """Return the segment of an index, without what is said in work and rests but to stop on pain."""
        steps = segment_steps(self.routine)
        step, is_last = steps[index], index == len(steps) - 1
        if step is None:
            return self.segment(index)
        position, draft = index - bool(self.routine.opening), Draft(step.slug)
        blocks = []
        for side_index, block in self._blocks(step, self.lead_in(position, draft)):
            work = WorkWords(self.coach, step, draft, block)
            for cue in _cues_in(step, block, side_index):
                if cue.stop:
                    work.stop(cue, counted=False)
            blocks.append(block)
        end = round(blocks[-1].end_seconds, 6)
        segment = Segment(
            "exercise", step.name, round(end + step.rest_after_seconds, 6),
            (), step.slug, tuple(blocks),
        )  # fmt: skip
        if is_last:
            self.coach.tone("end", draft, end, blocks[-1])
            self._rest_after(position, draft, end)
        segment = replace(segment, cues=draft.ordered_cues())
        if is_last and self.playful:
            segment = self.playful.enlivened(segment, position)
        return self._ended(segment) if is_last else segment

    def segment(
        self,
        index: int,
        heading: Heading = Heading.USUAL,
        in_hand: Sequence[Equipment] | None = None,
    ) -> Segment:
        """Return the segment of an index."""
        steps = segment_steps(self.routine)
        step = steps[index]
        if step is not None:
            position = index - bool(self.routine.opening)
            with spoken_in(step.name, step.slug):
                segment = self._exercise(position, heading, in_hand)
                if self.playful:
                    segment = self.playful.enlivened(segment, position)
        else:
            segment = self._words("closing" if index else "opening")
        return segment if index < len(steps) - 1 else self._ended(segment)

    @staticmethod
    def _ended(segment: Segment) -> Segment:
        """Return the last segment: the session ends with its last sound, not with the silence after it."""
        return replace(segment, duration_seconds=max(cue.end_seconds for cue in segment.cues))

    # Words

    def _words(self, kind: Literal["opening", "closing"]) -> Segment:
        draft = Draft()
        end = 0.0
        for end in self.lines(kind, draft):  # noqa: B007  (the last one counts)
            pass
        return Segment(kind, self.phrases.chapter(kind), up_to_tenth(end), draft.ordered_cues())

    def lines(self, kind: Literal["opening", "closing"], draft: Draft) -> Iterator[float]:
        """Speak the opening or the closing into a draft, line by line; yield where each item ends."""
        opening = kind == "opening"
        items = self.routine.opening if opening else self.routine.closing
        if self.playful:
            items = (*items, self.playful.greeting) if opening else (self.playful.farewell, *items)
        after_tone = not opening and not self.routine.steps[-1].rest_after_seconds
        position = end = AFTER_TONE_SECONDS if after_tone else 0.0
        for item in items:
            if isinstance(item, Silence):
                position = end = end + item.seconds
            else:
                with spoken_in(self.phrases.chapter(kind), ""):
                    said = self.coach.say(self.phrases.fill(item.text, self.coach.values()))
                end = draft.speak(said, position, kind)
                position = end + LINE_GAP_SECONDS
            yield position if opening else end

    # One exercise

    def _exercise(
        self, index: int, heading: Heading, in_hand: Sequence[Equipment] | None
    ) -> Segment:
        step = self.routine.steps[index]
        draft = Draft(step.slug)
        position, counted = self.lead_in(index, draft, heading, in_hand), not step.flow
        blocks: list[WorkBlock] = []
        for side_index, block in self._blocks(step, position):
            if blocks:
                gap = step.dose.change_seconds if side_index else step.dose.rest_seconds
                counted = self._gap(step, draft, position, gap, block.set_number, side_index)
            blocks.append(block)
            self._work(step, draft, block, side_index, counted=counted)
            position = round(block.end_seconds, 6)
            self.coach.tone("end", draft, position, block)
        self._rest_after(index, draft, position)
        return Segment(
            "exercise", step.name, round(position + step.rest_after_seconds, 6),
            draft.ordered_cues(), step.slug, tuple(blocks), tuple(draft.notes),
        )  # fmt: skip

    @staticmethod
    def _blocks(step: Step, start: float) -> Iterator[tuple[int, WorkBlock]]:
        """Yield each work block of an exercise whose work starts then, with the index of its side."""
        dose, position = step.dose, start
        for set_number in range(1, dose.sets + 1):
            for side_index, side in enumerate(sides_of(step)):
                if side_index or set_number > 1:
                    gap = dose.change_seconds if side_index else dose.rest_seconds
                    position = round(position + gap, 6)
                block = WorkBlock(
                    position, dose.block_seconds(set_number), set_number, side,
                    dose.rep_seconds, dose.moves(set_number),
                )  # fmt: skip
                yield side_index, block
                position = round(block.end_seconds, 6)

    def _no_room(self, step: Step, key: str, note: Note, *, message: str, fix: str) -> _NoRoomError:
        """Return the error for words that have no room; `key` is where their time is written."""
        number = self.routine.steps.index(step) + 1
        place = self.routine.places.of_step(step.slug, key)
        problem = Problem(
            place.line, place.column, f"step {number} {quoted(step.name)}", message, fix, NO_ROOM_CODE,
            path=place.path if place.path != self.routine.path else None, slug=step.slug,
        )  # fmt: skip
        return _NoRoomError(self.routine.path or self.routine.slug, problem, note)

    def _new_equipment(self, index: int, in_hand: Sequence[Equipment] | None = None) -> str:
        """Return "You need …" for what is not in hand, if any.

        By default that is what the step before did not use, nor the first round of a circuit.
        """
        step = self.routine.steps[index]
        if in_hand is None:
            in_hand = self.routine.steps[index - 1].equipment if index else ()
            if step.round_number > 1:
                circle = [other for other in self.routine.steps if other.circuit == step.circuit]
                in_hand = (*in_hand, *(thing for other in circle for thing in other.equipment))
        missing = [thing.spoken for thing in step.equipment if thing not in in_hand]
        return self.phrases.need(missing) if missing else ""

    def _name(self, index: int, heading: Heading) -> str:
        """Return the sentence that names an exercise in its lead-in; empty where it has none."""
        step = self.routine.steps[index]
        if heading is Heading.USUAL:
            if step.flow:
                return ""
            rested = index > 0 and self.routine.steps[index - 1].rest_after_seconds > 0
            heading = Heading.NAME if rested else Heading.NEXT
        return self.phrases.heading(heading, step.spoken_name)

    def _round(self, index: int) -> str:
        """Return the words that begin a further round of a circuit; empty elsewhere."""
        step = self.routine.steps[index]
        before = self.routine.steps[index - 1] if index else None
        if before is None or step.circuit != before.circuit or step.round_number < 2:
            return ""
        return (
            ""
            if step.round_number == before.round_number
            else self.phrases.round(step.round_number)
        )

    def _values_after(self, step: Step, set_number: int) -> Mapping[str, str | float]:
        """Return what `$variables` stand for when a set is done, on its last side."""
        two_sided = step.dose.sides is not Sides.NONE
        more: dict[str, str | float] = {"side_name": step.dose.second_side} if two_sided else {}
        moves = step.dose.moves(set_number)
        return self.coach.values(
            step, set=set_number, reps_done=moves, reps_left=0, seconds_left=0, **more
        )

    def lead_in(
        self,
        index: int,
        draft: Draft,
        heading: Heading = Heading.USUAL,
        in_hand: Sequence[Equipment] | None = None,
    ) -> float:
        """Speak what comes before the work and return when the work starts."""
        step = self.routine.steps[index]
        utterances = [
            ("round", self._round(index)),
            ("name", self._name(index, heading)),
            ("progress", self.playful.progress(index) if self.playful else ""),
            ("equipment", self._new_equipment(index, in_hand)),
            ("caution", step.caution),
            how_it_is_done(step, self.coach),
            ("stop", step.stop_line),
        ]
        position = end = 0.0
        for role, text in utterances:
            if text:
                end = draft.speak(self.coach.say(text), position, role)
                position = end + GAP_SECONDS
        counting = 0 if step.flow else len(self.phrases.countdown)
        start = max(step.setup_seconds, up_to_tenth(end + BEFORE_COUNTDOWN_SECONDS + counting))
        if counting:
            self.coach.count_down(draft, start)
        return start

    # Between the work blocks of one exercise

    def _gap(
        self, step: Step, draft: Draft, start: float, gap: float, set_number: int, side_index: int
    ) -> bool:
        """Speak what lies between two work blocks; return whether it ended with a countdown."""
        end = start + gap
        counted = gap >= COUNTDOWN_GAP_SECONDS and not step.flow
        if counted:
            self.coach.count_down(draft, end)
            deadline = end - len(self.phrases.countdown) - BEFORE_COUNTDOWN_SECONDS
        else:
            and_go = self._and_go(gap)
            deadline = end - CLEAR_SECONDS
            if and_go:
                go_start = deadline - and_go.duration_seconds
                deadline = go_start - CLEAR_SECONDS
        if side_index:
            if not counted and and_go and not self._change_fits(step, set_number, deadline - start):
                and_go, deadline = None, end - CLEAR_SECONDS
                draft.note(
                    NoteKind.DROPPED,
                    self.phrases.and_go,
                    "the change is too short for it",
                    go_start,
                    "go",
                )
            self._change(step, draft, start, deadline, set_number, gap)
        else:
            self._set_rest(step, draft, start, deadline, gap, set_number)
        if not counted and and_go:
            draft.speak(and_go, go_start, "go")
        return counted

    def _and_go(self, gap: float) -> Said | None:
        """Return what ends a gap that is too short for a countdown; None where it shall have no words."""
        if self.routine.talk is Talk.TONES:
            return None
        return self.coach.within(self.phrases.and_go, gap - 2 * CLEAR_SECONDS)

    def _own_change(self, step: Step, set_number: int) -> list[AuthorCue]:
        if self.routine.talk is Talk.TONES:
            return []
        return _cues(step, Occasion.CHANGE, set_number)

    def _change_text(self, step: Step, set_number: int) -> str:
        if self.routine.talk is Talk.TONES:
            return f"{self.phrases.change} {self.phrases.on_side(sides_of(step)[1])}"
        own = self._own_change(step, set_number)
        if not own:
            return self.phrases.change
        side = sides_of(step)[1]
        values = self.coach.values(step, set=set_number, side_name=side)
        return " ".join(self.phrases.fill(cue.text, values) for cue in own)

    def _change_fits(self, step: Step, set_number: int, seconds: float) -> bool:
        text = self._change_text(step, set_number)
        return self.coach.within(text, seconds - AFTER_TONE_SECONDS) is not None

    def _change(
        self, step: Step, draft: Draft, start: float, deadline: float, set_number: int, gap: float
    ) -> None:
        text, own = self._change_text(step, set_number), tuple(self._own_change(step, set_number))
        words_start = start + AFTER_TONE_SECONDS
        room = deadline - words_start
        said = self.coach.within(text, room)
        if said is None:
            shortest = self.coach.say(text, FIT_SPEEDS[-1], tight=True).duration_seconds
            usual = self.coach.say(text).duration_seconds
            raise self._no_room(
                step, "dose",
                Note(
                    NoteKind.NO_ROOM, step.slug, text, "the change is too short for it", "change",
                    usual, max(0.0, room), own,
                ),
                message=f"change {gap:g}s is too short for the words {quoted(text)}",
                fix=f"write at least {math.ceil(gap + shortest - room)}s, or say it in fewer words",
            )  # fmt: skip
        draft.speak(said, words_start, "change", sides_of(step)[1], set_number, own=own)

    def _set_rest(
        self, step: Step, draft: Draft, start: float, deadline: float, gap: float, set_number: int
    ) -> None:
        """Speak the rest before a further set: the end of the work, own words, which set comes."""
        coming = self.coach.values(step, set=set_number)
        done = self._values_after(step, set_number - 1)
        first = start + AFTER_TONE_SECONDS
        own_set = _cues(step, Occasion.BEFORE_SET, set_number)
        side = self._side_before(step, own_set)
        if own_set or side:
            # The side is never left out: without it nobody knows how to lie or stand.
            texts = [" ".join(self.phrases.fill(cue.text, coming) for cue in own_set), side]
            if not own_set and self.routine.talk is not Talk.TONES:
                texts[0] = self.phrases.set_again(set_number)
            choices = [" ".join(filter(None, texts)), side]
            said = next(
                filter(None, (self.coach.within(t, deadline - first) for t in choices if t)), None
            )
            mine = tuple(own_set)
            if said:
                start_set = deadline - said.duration_seconds
                draft.speak(said, start_set, "set", set_number=set_number, own=mine)
            if said is None or said.text != choices[0]:
                draft.note(
                    NoteKind.DROPPED, texts[0] if said else choices[0], _NO_ROOM, first, "set", mine,
                    needed=self.coach.say(choices[0]).duration_seconds, room=deadline - first,
                )  # fmt: skip
        end_words = self._end_words(step, set_number - 1, gap, done)
        # Own words before the set come before the standard words of the rest, if there is no room for both.
        own_end = tuple(_cues(step, Occasion.END, set_number - 1))
        spoken_end = self._speak_first_that_fits(
            draft, end_words, first, deadline, own_end, may_give_way=bool(own_set)
        )
        for cue in _cues(step, Occasion.REST, set_number - 1):
            text = self.phrases.fill(cue.text, done)
            spoken_end = self._speak_in_rest(draft, text, start, spoken_end, deadline, (cue,))
        if not own_set and not side and self.routine.talk is not Talk.TONES:
            text = self.phrases.set_again(set_number)
            said = self.coach.say(text)
            said_start = deadline - said.duration_seconds
            near = any(
                cue.role == "cue"
                and cue.end_seconds + PHRASE_SPACING_SECONDS > said_start + TOLERANCE_SECONDS
                for cue in draft.cues
                if cue.start_seconds >= start - TOLERANCE_SECONDS
            )
            if near:
                return  # an author's words are enough
            if draft.is_free(said_start, deadline) and said_start >= first:
                draft.speak(said, said_start, "set", set_number=set_number)
            else:
                draft.note(
                    NoteKind.DROPPED, text, _NO_ROOM, max(first, said_start), "set",
                    needed=said.duration_seconds, room=deadline - spoken_end - CLEAR_SECONDS,
                )  # fmt: skip

    def _side_before(self, step: Step, own_words: Sequence[AuthorCue]) -> str:
        """Return the words that name the side a set begins with; empty where no side need be named."""
        if step.dose.sides is not Sides.ONE_AT_A_TIME:
            return ""
        named = any(names_side(cue.text) for cue in own_words)
        return "" if named else self.phrases.on_side(step.dose.first_side)

    def _end_words(
        self, step: Step, set_number: int, gap: float, values: Mapping[str, str | float]
    ) -> list[tuple[str, str]]:
        """Return what may be said when work ends, best first, each with its role."""
        if self.routine.talk is Talk.TONES:
            return []
        own = _cues(step, Occasion.END, set_number)
        if own:
            return [("cue", " ".join(self.phrases.fill(cue.text, values) for cue in own))]
        words = [("rest", self.phrases.rest)]
        return [("rest", self.phrases.long_rest), *words] if gap > LONG_REST_SECONDS else words

    def _speak_first_that_fits(
        self,
        draft: Draft,
        choices: Sequence[tuple[str, str]],
        start: float,
        deadline: float,
        own: tuple[AuthorCue, ...],
        *,
        may_give_way: bool = False,
    ) -> float:
        """Speak the first of some wordings that fits; return when it ends, `start` where none does.

        `own` are the author's cues that the first one may be of.
        """
        for role, text in choices:
            ways = [self.coach.say(text)] if role == "rest" else self.coach.ways(text)
            for said in ways:
                end = start + said.duration_seconds
                if end <= deadline + TOLERANCE_SECONDS and draft.is_free(start, end):
                    return draft.speak(said, start, role, own=own if role == "cue" else ())
            if role == "cue" or ((role, text) == choices[-1] and not may_give_way):
                draft.note(
                    NoteKind.DROPPED, text, _NO_ROOM, start, role, own if role == "cue" else (),
                    needed=self.coach.say(text).duration_seconds, room=draft.room(start, deadline),
                )  # fmt: skip
        return start - CLEAR_SECONDS

    def _speak_in_rest(
        self,
        draft: Draft,
        text: str,
        start: float,
        after: float,
        deadline: float,
        own: tuple[AuthorCue, ...],
    ) -> float:
        """Speak an author's words in a rest, moved where they must be; return when speech ends."""
        second = any(cue.role == "cue" and cue.start_seconds > start for cue in draft.cues)
        usual = start + SECOND_WORDS_SECONDS
        wanted = max(usual, after + CLEAR_SECONDS) if second else usual
        earliest = max(after + CLEAR_SECONDS, wanted - CUE_MOVE_SECONDS)
        steps = range(round(CUE_MOVE_SECONDS / MOVE_STEP_SECONDS) + 1)
        moves = [wanted + sign * step * MOVE_STEP_SECONDS for sign in (-1, 1) for step in steps]
        for said in self.coach.ways(text):
            for position in moves:
                end = position + said.duration_seconds
                fits = (
                    earliest - TOLERANCE_SECONDS <= position and end <= deadline + TOLERANCE_SECONDS
                )
                if fits and draft.is_free(position, end):
                    draft.note_move(text, position, position - wanted, "cue", own)
                    return draft.speak(said, position, "cue", own=own)
        rooms = (draft.room(begin, deadline) for begin in moves if begin >= earliest)
        draft.note(
            NoteKind.DROPPED, text, _NO_ROOM, usual, "cue", own,
            needed=self.coach.say(text).duration_seconds, room=max(rooms, default=0.0),
        )  # fmt: skip
        return after

    # After the work

    def _rest_after(self, index: int, draft: Draft, start: float) -> None:
        step, rest = self.routine.steps[index], self.routine.steps[index].rest_after_seconds
        last_set = step.dose.sets
        values = self._values_after(step, last_set)
        end_words = self._end_words(step, last_set, rest, values)
        own_end = tuple(_cues(step, Occasion.END, last_set))
        if not rest:
            if end_words and end_words[0][0] == "cue":
                draft.note(
                    NoteKind.DROPPED, end_words[0][1], "there is no rest after the step to say it in",
                    start, "cue", own_end, needed=self.coach.say(end_words[0][1]).duration_seconds,
                )  # fmt: skip
            return
        deadline = start + rest - CLEAR_SECONDS
        own = _cues(step, Occasion.REST, last_set)
        following = index + 1 < len(self.routine.steps)
        if following and rest > LONG_REST_SECONDS:
            deadline = start + rest - NEXT_BEFORE_END_SECONDS
            self._announced_rest(index, draft, start, deadline, end_words, own)
            return
        first = start + AFTER_TONE_SECONDS
        end = self._speak_first_that_fits(draft, end_words, first, deadline, own_end)
        for cue in own:
            text = self.phrases.fill(cue.text, values)
            end = self._speak_in_rest(draft, text, start, end, deadline, (cue,))

    def _announcement(self, index: int) -> str:
        """Return the words in a rest that tell what comes after a step."""
        parts = [self.phrases.next(self.routine.steps[index + 1].spoken_name)]
        need = self._new_equipment(index + 1)
        return " ".join([*parts, need] if need else parts)

    def announced_rest_seconds(self, index: int) -> int:
        """Return the least rest after a step in which the next one can be announced; 0 for the last."""
        if index + 1 == len(self.routine.steps):
            return 0
        said = self.coach.say(self._announcement(index))
        return math.ceil(NEXT_BEFORE_END_SECONDS + AFTER_TONE_SECONDS + said.duration_seconds)

    def _announced_rest(
        self,
        index: int,
        draft: Draft,
        start: float,
        deadline: float,
        end_words: Sequence[tuple[str, str]],
        own: Sequence[AuthorCue],
    ) -> None:
        """Speak a rest that ends with what is next; the announcement has the first right to the time."""
        step = self.routine.steps[index]
        values = self._values_after(step, step.dose.sets)
        text = self._announcement(index)
        own_texts = [self.phrases.fill(cue.text, values) for cue in own]
        # Calmest first: all words; without the author's; with shorter end words; the announcement alone.
        plans = [(end_words[:1], own_texts), (end_words[:1], []), (end_words[1:], []), ([], [])]
        for said_next, (ends, texts) in (
            (way, plan) for way in self.coach.ways(text) for plan in plans
        ):
            before = self._in_turn(start, [*ends, *(("cue", own_text) for own_text in texts)])
            begin_next = _announcement_start(start, before, deadline - said_next.duration_seconds)
            if begin_next is None:
                continue
            own_end = tuple(_cues(step, Occasion.END, step.dose.sets))
            for said, begin, role in before:
                draft.speak(said, begin, role)
            end_next = draft.speak(said_next, begin_next, "next")
            first = start + AFTER_TONE_SECONDS
            if not ends and end_words and end_words[0][0] == "cue":
                draft.note(
                    NoteKind.DROPPED, end_words[0][1], _NO_ROOM, first, "cue", own_end,
                    needed=self.coach.say(end_words[0][1]).duration_seconds,
                    room=begin_next - CLEAR_SECONDS - first,
                )  # fmt: skip
            for cue, own_text in zip(own, own_texts, strict=True) if not texts else []:
                rest_end = start + step.rest_after_seconds - CLEAR_SECONDS
                end_next = self._speak_in_rest(draft, own_text, start, end_next, rest_end, (cue,))
            return
        raise self._no_room(
            step, "rest_after",
            Note(
                NoteKind.NO_ROOM, step.slug, text, _NO_ROOM, "next",
                self.coach.say(text).duration_seconds,
                max(0.0, deadline - start - AFTER_TONE_SECONDS),
            ),
            message=f"rest_after = {step.rest_after_seconds:g} leaves no room for {quoted(text)}, which ends "
            f"{NEXT_BEFORE_END_SECONDS:g} s before the rest does",
            fix=f"write at least {self.announced_rest_seconds(index)}, or {LONG_REST_SECONDS:g} or less "
            f"(the name is then said after the rest)",
        )  # fmt: skip

    def _in_turn(
        self, start: float, words: Sequence[tuple[str, str]]
    ) -> list[tuple[Said, float, str]]:
        """Return the words of a rest, each with a role, as they are said one after the other, and when."""
        placed: list[tuple[Said, float, str]] = []
        begin = start + AFTER_TONE_SECONDS
        for role, text in words:
            said = self.coach.say(text)
            placed.append((said, begin, role))
            begin = max(start + SECOND_WORDS_SECONDS, begin + said.duration_seconds + CLEAR_SECONDS)
        return placed

    # Work

    def _work(
        self, step: Step, draft: Draft, block: WorkBlock, side_index: int, *, counted: bool
    ) -> None:
        """Speak what is said while the clock runs."""
        self.coach.tone("start", draft, block.start_seconds, block)
        work = WorkWords(self.coach, step, draft, block)
        own = _cues_in(step, block, side_index)
        for cue in own:
            if cue.stop:
                work.stop(cue)
        if self.routine.talk is Talk.TONES:
            work.tick()
            return
        returns = [cue for cue in own if cue.anchor.in_each_rep]
        wishes = [(cue, work.wish(cue)) for cue in own if cue not in returns]
        at_zero = any(wish and wish.spots[0][0] < TOLERANCE_SECONDS for _, wish in wishes)
        if not at_zero:  # nothing may take the place of "Go." but a cue that is meant to
            work.start(counted=counted)
        for cue, wish in sorted(wishes, key=lambda pair: pair[1].spots[0] if pair[1] else (0.0, 0)):
            if wish is None:
                detail = f"{cue.anchor} lies outside the work"
                draft.note(NoteKind.DROPPED, cue.text, detail, block.start_seconds, "cue", (cue,))
            elif not cue.praise and not cue.stop:
                work.place(wish)
        if at_zero:
            work.start(counted=counted)
        work.standard_phrases()
        for cue in returns:
            work.returns(cue)
        for cue, wish in wishes:
            if wish is not None and cue.praise:
                work.place(wish)
        if last := work.count():
            raise self._no_room(
                step, "dose",
                Note(
                    NoteKind.NO_ROOM, step.slug, last, "the beat is too fast for it", "count",
                    self.coach.say(last).duration_seconds, block.rep_seconds,
                ),
                message=f'the last number, "{last}", does not fit into a rep of {block.rep_seconds:g} s',
                fix="write a slower tempo or fewer reps",
            )  # fmt: skip


def _announcement_start(
    start: float, before: Sequence[tuple[Said, float, str]], latest: float
) -> float | None:
    """Return when the next exercise is announced after the words before that; None without room."""
    if not before:
        wanted = earliest = start + AFTER_TONE_SECONDS
    else:
        said, begin, _ = before[-1]
        end = begin + said.duration_seconds
        calm = 2 * GAP_SECONDS if len(before) > 1 else CLEAR_SECONDS
        wanted = max(start + SECOND_WORDS_SECONDS, end + calm)
        earliest = end + CLEAR_SECONDS
    announced = min(wanted, latest)
    return announced if announced + TOLERANCE_SECONDS >= earliest else None


def _cues(step: Step, occasion: Occasion, set_number: int) -> list[AuthorCue]:
    """Return the author's cues for an occasion of a set."""
    sets = step.dose.sets
    return [
        cue
        for cue in step.cues
        if cue.anchor.occasion is occasion and cue.anchor.is_for(set_number, sets, cue.set_number)
    ]


def _cues_in(step: Step, block: WorkBlock, side_index: int) -> list[AuthorCue]:
    """Return the author's cues that belong to a work block, by the index of its side."""
    return [
        cue
        for cue in step.cues
        if cue.anchor.occasion is Occasion.WORK
        and cue.set_number in (0, block.set_number)
        and cue.side in ("", ("first", "second")[side_index])
    ]
