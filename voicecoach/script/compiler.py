"""The script engine: turns a Routine into segments of timed cues.

Pure: no audio, no files, no clock. It asks for lengths through `Durations`. docs/design.md has the
rules (when things sound), `timing` their numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from voicecoach.errors import Problem, RoutineError, spoken_in
from voicecoach.language.phrases import Heading
from voicecoach.routine.anchors import Occasion
from voicecoach.routine.model import Silence, Talk
from voicecoach.script.coach import Coach, Draft, NoRoomError, how_it_is_done, sides_of, up_to_tenth
from voicecoach.script.durations import NominalDurations, about_minutes
from voicecoach.script.model import NoteKind, Script, Segment, WorkBlock, segment_steps
from voicecoach.script.playful import playful_words
from voicecoach.script.rests import RestWords
from voicecoach.script.timing import (
    AFTER_TONE_SECONDS,
    BEFORE_COUNTDOWN_SECONDS,
    GAP_SECONDS,
    LINE_GAP_SECONDS,
    TOLERANCE_SECONDS,
)
from voicecoach.script.work import WorkWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import AuthorCue, Equipment, Routine, Step
    from voicecoach.script.durations import Durations
    from voicecoach.script.model import Cue


def compile_script(
    routine: Routine, phrases: Phrases, durations: Durations, *, minutes: int | None = None
) -> Script:
    """Return the timed cues of a routine.

    `minutes`, here and below, is the value of `$minutes`, where the caller knows it: counting it
    takes as long as the rest. Raises RoutineError, with every such place, where words that may not
    be dropped do not fit.
    """
    segments = compile_segments(routine, phrases, durations, minutes=minutes)
    return Script(routine, tuple(segments))


def outline_script(
    routine: Routine, phrases: Phrases, durations: Durations, *, minutes: int | None = None
) -> Script:
    """Return the script for estimates that are made before anything is measured.

    An exercise whose words do not fit has its planned length, no words, and a note of those without
    room: with the lengths of the voice they may fit.
    """
    compiler = _Compiler(coach_of(routine, phrases, durations, minutes))
    return Script(routine, tuple(compiler.outlined_segments()))


class Outline:
    """The segments of a routine without the words in work and rests, but for those that say stop.

    They last as long as those of its script, and are made in a fraction of the time. They are kept
    true while steps are changed one at a time: an exercise hangs on the names and the equipment of
    its neighbours alone, so a step that keeps these is compiled again by itself.
    """

    def __init__(
        self, routine: Routine, phrases: Phrases, durations: Durations, minutes: int
    ) -> None:
        self.routine = routine
        self._phrases, self._durations, self._minutes = phrases, durations, minutes
        self.segments = [*self._compiler().bare_segments()]

    def change(self, position: int, step: Step) -> int:
        """Put another step of that name and equipment at a position; return its segment's index."""
        steps = self.routine.steps
        self.routine = replace(
            self.routine, steps=(*steps[:position], step, *steps[position + 1 :])
        )
        index = position + bool(self.routine.opening)
        self.segments[index] = self._compiler().bare_segment(index)
        return index

    def _compiler(self) -> _Compiler:
        return _Compiler(coach_of(self.routine, self._phrases, self._durations, self._minutes))


def compile_segments(
    routine: Routine, phrases: Phrases, durations: Durations, *, minutes: int | None = None
) -> Iterator[Segment]:
    """Yield the segments of a routine one by one, asking for lengths only as each needs them.

    What a segment says does not depend on lengths that are measured later: `$minutes` is counted
    from the table, so the words are the same in a list, on the speakers and in a track.
    """
    return _Compiler(coach_of(routine, phrases, durations, minutes)).segments()


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
    """Return one segment, by its index in the session, for a stream that begins with it.

    An exercise may have another heading, for a person who has other things `in_hand` than those of
    the exercise before. Raises RoutineError where words that may not be dropped do not fit.
    """
    compiler = _Compiler(coach_of(routine, phrases, durations, minutes))
    return compiler.segment(index, heading, in_hand)


def opening_cues(
    routine: Routine, phrases: Phrases, durations: Durations, *, minutes: int | None = None
) -> Iterator[Cue]:
    """Yield the cues of the opening one by one: the first is heard before the last is spoken."""
    compiler = _Compiler(coach_of(routine, phrases, durations, minutes))
    draft = Draft()
    given = 0
    for _ in compiler.lines("opening", draft):
        yield from draft.cues[given:]
        given = len(draft.cues)


def coach_of(
    routine: Routine, phrases: Phrases, durations: Durations, minutes: int | None = None
) -> Coach:
    """Return the coach for a routine, who says its `minutes`; None counts them."""
    if minutes is None:
        minutes = nominal_minutes(routine, phrases, durations.word_seconds)
    return Coach(routine, phrases, durations, minutes)


@dataclass(frozen=True)
class LeastTimes:
    """The times that the words of a routine need, however little its author gives them."""

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
    """Return the times that the words of a routine need; `minutes` is the number that they say."""
    bare = replace(routine, steps=tuple(replace(step, setup_seconds=0.0) for step in routine.steps))
    compiler = _Compiler(Coach(bare, phrases, durations, minutes))
    ends = {}
    for kind in ("opening", "closing"):
        ends[kind] = max([0.0, *compiler.lines(kind, Draft())])
    steps = range(len(bare.steps))
    return LeastTimes(
        up_to_tenth(ends["opening"]),
        ends["closing"],
        tuple(compiler.lead_in(index, Draft()) for index in steps),
        tuple(RestWords(compiler.coach, Draft(), index).announced_seconds for index in steps),
    )


def nominal_minutes(routine: Routine, phrases: Phrases, seconds_a_word: float) -> int:
    """Return the length of a routine in whole minutes, at least 1, by the table of lengths."""
    nominal = NominalDurations(seconds_a_word)
    minutes = about_minutes(routine)  # near, so that one compilation settles it
    for _ in range(4):  # the number is spoken, so it has a length of its own
        compiler = _Compiler(Coach(routine, phrases, nominal, minutes))
        total = math.fsum(segment.duration_seconds for segment in compiler.bare_segments())
        counted = max(1, math.floor(total / 60 + 0.5))
        if counted == minutes:
            break
        minutes = counted
    return minutes


class _Compiler:
    """Compiles one routine with one set of lengths."""

    def __init__(self, coach: Coach) -> None:
        self.routine = coach.routine
        self.coach = coach
        self.phrases = coach.phrases
        self.playful = playful_words(coach)

    def segments(self) -> Iterator[Segment]:
        """Yield all segments; problems of all exercises are raised together, after the last."""
        problems: list[Problem] = []
        for index in range(len(segment_steps(self.routine))):
            try:
                segment = self.segment(index)
            except NoRoomError as error:
                problems.extend(error.problems)
            else:
                if not problems:
                    yield segment
        if problems:
            raise RoutineError(self.routine.path or self.routine.slug, problems)

    def outlined_segments(self) -> Iterator[Segment]:
        for index, step in enumerate(segment_steps(self.routine)):
            try:
                yield self.segment(index)
            except NoRoomError as error:
                if step is None:
                    raise
                seconds, notes = step.planned_seconds, (error.note,)
                yield Segment("exercise", step.name, seconds, (), step.slug, notes=notes)

    def bare_segments(self) -> Iterator[Segment]:
        for index in range(len(segment_steps(self.routine))):
            yield self.bare_segment(index)

    def bare_segment(self, index: int) -> Segment:
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
        if is_last:  # it ends with its last sound
            end = round(blocks[-1].end_seconds, 6)
            self.coach.tone("end", draft, end, blocks[-1])
            RestWords(self.coach, draft, position).after(end)
        segment = _drafted(step, draft, blocks)
        if is_last and self.playful:
            segment = self.playful.enlivened(segment, position)
        return self._ended(segment) if is_last else segment

    def segment(
        self,
        index: int,
        heading: Heading = Heading.USUAL,
        in_hand: Sequence[Equipment] | None = None,
    ) -> Segment:
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
        # The session ends with its last sound, not with the silence after it.
        return replace(segment, duration_seconds=max(cue.end_seconds for cue in segment.cues))

    # Words

    def _words(self, kind: Literal["opening", "closing"]) -> Segment:
        draft = Draft()
        *_, end = [0.0, *self.lines(kind, draft)]
        return Segment(kind, self.phrases.chapter(kind), up_to_tenth(end), draft.ordered_cues())

    def lines(self, kind: Literal["opening", "closing"], draft: Draft) -> Iterator[float]:
        """Speak the opening or closing into a draft, line by line; yield the end of each item."""
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
        rests = RestWords(self.coach, draft, index)
        position, counted = self.lead_in(index, draft, heading, in_hand), not step.flow
        blocks: list[WorkBlock] = []
        for side_index, block in self._blocks(step, position):
            if blocks:
                counted = rests.between(position, block.set_number, side_index)
            blocks.append(block)
            self._work(index, draft, block, side_index, counted=counted)
            position = round(block.end_seconds, 6)
            self.coach.tone("end", draft, position, block)
        rests.after(position)
        return _drafted(step, draft, blocks)

    @staticmethod
    def _blocks(step: Step, start: float) -> Iterator[tuple[int, WorkBlock]]:
        """Yield each work block of an exercise by its start, with the index of the side."""
        dose, position = step.dose, start
        for set_number in range(1, dose.sets + 1):
            for side_index, side in enumerate(sides_of(step)):
                if side_index or set_number > 1:
                    gap = dose.change_seconds if side_index else dose.rest_seconds
                    position = round(position + gap, 6)
                block = WorkBlock(
                    start_seconds=position,
                    duration_seconds=dose.block_seconds(set_number),
                    set_number=set_number,
                    side=side,
                    rep_seconds=dose.rep_seconds,
                    reps=dose.moves(set_number),
                )
                yield side_index, block
                position = round(block.end_seconds, 6)

    def _name(self, index: int, heading: Heading) -> str:
        step = self.routine.steps[index]
        if heading is Heading.USUAL:
            if step.flow:
                return ""
            rested = index > 0 and self.routine.steps[index - 1].rest_after_seconds > 0
            heading = Heading.NAME if rested else Heading.NEXT
        return self.phrases.heading(heading, step.spoken_name)

    def _round(self, index: int) -> str:
        """Return the words that begin a further round of a circuit; empty elsewhere."""
        step, before = self.routine.steps[index], self.routine.steps[max(index - 1, 0)]
        goes_on = step.circuit == before.circuit and step.round_number != before.round_number
        return self.phrases.round(step.round_number) if goes_on and step.round_number > 1 else ""

    def lead_in(
        self,
        index: int,
        draft: Draft,
        heading: Heading = Heading.USUAL,
        in_hand: Sequence[Equipment] | None = None,
    ) -> float:
        """Speak what comes before the work and return the start of the work."""
        step = self.routine.steps[index]
        utterances = [
            ("round", self._round(index)),
            ("name", self._name(index, heading)),
            ("progress", self.playful.progress(index) if self.playful else ""),
            ("equipment", self.coach.new_equipment(index, in_hand)),
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

    # Work

    def _work(
        self, index: int, draft: Draft, block: WorkBlock, side_index: int, *, counted: bool
    ) -> None:
        step = self.routine.steps[index]
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
            raise self.coach.no_room(
                index,
                "dose",
                last,
                "count",
                detail="the beat is too fast for it",
                room=block.rep_seconds,
                message=f'the last number, "{last}", '
                f"does not fit into a rep of {block.rep_seconds:g} s",
                fix="write a slower tempo or fewer reps",
            )


def _drafted(step: Step, draft: Draft, blocks: Sequence[WorkBlock]) -> Segment:
    """Return a drafted exercise, which lasts until the rest after its last work block is over."""
    end = round(blocks[-1].end_seconds, 6)
    return Segment(
        kind="exercise",
        title=step.name,
        duration_seconds=round(end + step.rest_after_seconds, 6),
        cues=draft.ordered_cues(),
        slug=step.slug,
        work_blocks=tuple(blocks),
        notes=tuple(draft.notes),
    )


def _cues_in(step: Step, block: WorkBlock, side_index: int) -> list[AuthorCue]:
    """Return the author's cues that belong to a work block, by the index of its side."""
    return [
        cue
        for cue in step.cues
        if cue.anchor.occasion is Occasion.WORK
        and cue.set_number in (0, block.set_number)
        and cue.side in ("", ("first", "second")[side_index])
    ]
