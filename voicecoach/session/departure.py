"""Where a stream of the session begins, and the segment that it begins with.

Pure, as the script engine is. A stream begins with a whole segment, perhaps introduced in another
way than usual, or with a *tail*: a short pickup ("Carrying on. Three. Two. One."), then what is
left of a segment. `transport` decides on departures; this module has the words and their timing.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from voicecoach.language.phrases import Heading
from voicecoach.language.speakable import split_sentences
from voicecoach.routine.dose import Sides
from voicecoach.script.coach import Draft, how_it_is_done, say, sides_of, up_to_tenth
from voicecoach.script.compiler import coach_of, compile_segment
from voicecoach.script.durations import NominalDurations
from voicecoach.script.model import Cue, Segment, SideName, WorkBlock, segment_steps
from voicecoach.script.timing import (
    BEFORE_COUNTDOWN_SECONDS,
    GAP_SECONDS,
    REMINDER_SECONDS,
    TOLERANCE_SECONDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import Equipment, Routine, Step
    from voicecoach.script.coach import Coach
    from voicecoach.script.durations import Durations
    from voicecoach.script.model import Sentence

_Timed = TypeVar("_Timed", Cue, WorkBlock)


class Opener(StrEnum):
    """What is said first, so that the person knows what has happened."""

    NONE = ""
    CARRYING_ON = "carrying on"
    SKIPPING = "skipping"


@dataclass(frozen=True)
class Departure:
    """Where a stream begins, and with which words."""

    index: int
    """Of the segment in the session."""
    segment: Segment | None = None
    """The segment, as played, that is taken up in its middle; None for a new, whole one."""
    from_seconds: float = 0.0
    """Where in that segment; never in mid-word."""
    opener: Opener = Opener.NONE
    repeats_instruction: bool = False
    """Whether the instruction is repeated, for the coming side and set."""
    counts_in: bool = False
    """Whether a countdown (a flow step: a breath) and a start tone begin the work."""
    heading: Heading = Heading.USUAL
    """How a whole exercise names itself."""
    in_hand: tuple[Equipment, ...] | None = None
    """What the person has in hand; None: that of the exercise before. The rest is announced."""
    is_equipped: bool = False
    """Whether the person knows what the exercise needs."""


def take_up(
    departure: Departure,
    routine: Routine,
    phrases: Phrases,
    durations: Durations,
    *,
    minutes: int | None = None,
) -> Segment:
    """Return the segment that a stream begins with; `minutes` fills `$minutes`.

    After its pickup (`Segment.pickup_seconds`) comes the rest of the segment departed into, from
    `from_seconds` to its end. Raises RoutineError if the words of a whole exercise do not fit.
    """
    coach = coach_of(routine, phrases, durations, minutes)
    whole = departure.segment or compile_segment(
        routine,
        phrases,
        durations,
        departure.index,
        heading=departure.heading,
        in_hand=departure.in_hand,
        minutes=coach.minutes,
    )
    left = _cues_from(whole, departure.from_seconds)
    pickup = _pickup(departure, whole, left, coach)
    if not departure.from_seconds and not pickup.cues:
        return whole
    shift = pickup.duration_seconds - departure.from_seconds
    return replace(
        whole,
        duration_seconds=round(whole.duration_seconds + shift, 6),
        cues=(*pickup.cues, *(_shifted(cue, shift) for cue in left)),
        work_blocks=tuple(_shifted(block, shift) for block in whole.work_blocks),
        pickup_seconds=pickup.duration_seconds,
    )


def _pickup(departure: Departure, whole: Segment, left: Sequence[Cue], coach: Coach) -> Segment:
    """Return the words that lead back into a segment, with the silence after them."""
    draft = Draft()
    step = segment_steps(coach.routine)[departure.index]
    block = _block_from(whole, departure.from_seconds)
    end = 0.0
    for role, text in _pickup_words(departure, step, block, left, coach):
        start = end + GAP_SECONDS if draft.cues else 0.0
        end = draft.speak(coach.say(text), start, role)
    if departure.counts_in and step is not None:
        counting = 0 if step.flow else len(coach.phrases.countdown)
        end = up_to_tenth(end + BEFORE_COUNTDOWN_SECONDS) + counting if draft.cues else counting
        if counting:
            coach.count_down(draft, end)
        tones = (cue.start_seconds for cue in left if cue.role == "tone")
        own_tone = any(abs(at - departure.from_seconds) < TOLERANCE_SECONDS for at in tones)
        if block is not None and not own_tone:
            coach.tone("start", draft, end, block)
    elif draft.cues:
        end = up_to_tenth(end + _silence_before(left, departure.from_seconds))
    return Segment(whole.kind, whole.title, end, draft.ordered_cues())


def _pickup_words(
    departure: Departure,
    step: Step | None,
    block: WorkBlock | None,
    left: Sequence[Cue],
    coach: Coach,
) -> Iterator[tuple[str, str]]:
    """Yield the role and text of each utterance of a pickup."""
    phrases = coach.phrases
    if departure.opener is Opener.CARRYING_ON:
        yield "opener", phrases.carrying_on
    elif departure.opener is Opener.SKIPPING:
        yield "opener", phrases.skipping
    if missing := _unannounced(departure, step, left):
        yield "equipment", phrases.need(missing)
    if departure.repeats_instruction and step is not None and block is not None:
        role, text = how_it_is_done(step, coach, set_number=block.set_number, side=block.side)
        yield from [(role, text)] if text else []
    elif departure.counts_in and block is not None and (side := _side_from(block, left)):
        yield "side", phrases.on_side(side)


def _unannounced(departure: Departure, step: Step | None, left: Sequence[Cue]) -> list[str]:
    """Return the things of an exercise that are neither in hand nor still to be announced."""
    if step is None or departure.segment is None or departure.is_equipped:
        return []
    ahead = " ".join(cue.text for cue in left if cue.role == "equipment")
    in_hand = departure.in_hand or ()
    missing = (thing.spoken for thing in step.equipment if thing not in in_hand)
    return [spoken for spoken in missing if spoken not in ahead]


def _side_from(block: WorkBlock, left: Sequence[Cue]) -> SideName:
    """Return the side that work goes on with; where sides alternate, that of the next words."""
    sides = (cue.side for cue in left if cue.role != "tone" and cue.set_number)
    return block.side or next(sides, "")


def _block_from(segment: Segment, from_seconds: float) -> WorkBlock | None:
    """Return the work that goes on at a moment, or the next; None after the last."""
    least = from_seconds + TOLERANCE_SECONDS
    return next((block for block in segment.work_blocks if block.end_seconds > least), None)


def _cues_from(segment: Segment, from_seconds: float) -> list[Cue]:
    """Return the sounds from a moment on: cues, and the sentences not begun of a cue that has."""
    left = []
    for cue in segment.cues:
        begun = from_seconds - TOLERANCE_SECONDS - cue.start_seconds
        if begun <= 0:
            left.append(cue)
            continue
        sentences = [part for part in cue.sentences if part.offset_seconds >= begun]
        if sentences:
            left.append(_from_sentence(cue, sentences))
    return left


def _from_sentence(cue: Cue, sentences: Sequence[Sentence]) -> Cue:
    first = sentences[0].offset_seconds
    return replace(
        cue,
        start_seconds=round(cue.start_seconds + first, 6),
        duration_seconds=cue.duration_seconds - first,
        text=" ".join(sentence.text for sentence in sentences),
        sentences=tuple(
            replace(sentence, offset_seconds=round(sentence.offset_seconds - first, 6))
            for sentence in sentences
        ),
    )


def _shifted(timed: _Timed, seconds: float) -> _Timed:
    return replace(timed, start_seconds=round(timed.start_seconds + seconds, 6))


def _silence_before(left: Sequence[Cue], from_seconds: float) -> float:
    """Return the silence after a pickup: longer before a countdown or a tone."""
    if not left or left[0].role not in {"countdown", "tone"}:
        return GAP_SECONDS
    return max(GAP_SECONDS, BEFORE_COUNTDOWN_SECONDS + from_seconds - left[0].start_seconds)


def may_wait(departure: Departure) -> bool:
    """Return True if an exercise still waits for the person after this departure.

    It does while the words of its lead-in are spoken; beyond them, the person is ready.
    """
    segment = departure.segment
    if segment is None or not segment.work_blocks:
        return segment is None
    return departure.from_seconds <= words_seconds(segment) + TOLERANCE_SECONDS


def ready_seconds(segment: Segment) -> float:
    """Return the end of a lead-in: its countdown or, in a flow step, the work."""
    work = segment.work_blocks[0].start_seconds
    counting = (cue.start_seconds for cue in segment.cues if cue.role == "countdown")
    return min((start for start in counting if start < work), default=work)


def words_seconds(segment: Segment) -> float:
    """Return the end of a lead-in's words and the silence after them; we may wait from there."""
    ready = ready_seconds(segment)
    ends = (cue.end_seconds for cue in segment.cues if cue.start_seconds < ready)
    return min(ready, max(max(ends, default=0.0) + GAP_SECONDS, segment.pickup_seconds))


def waiting(
    segment: Segment, phrases: Phrases, durations: Durations
) -> tuple[Segment, Segment, Segment]:
    """Return the parts until the person is ready: the lead-in's words, a hold, a reminder.

    The hold begins with "Press space when you are ready."; the reminder follows it as often as need
    be. `segment` may be a tail that begins in the lead-in.
    """
    ready = ready_seconds(segment)
    words = replace(
        segment,
        duration_seconds=words_seconds(segment),
        cues=tuple(cue for cue in segment.cues if cue.start_seconds < ready),
    )
    hold = _hold(segment, phrases.ready, durations)
    return words, hold, _hold(segment, phrases.ready_reminder, durations)


def _hold(segment: Segment, text: str, durations: Durations) -> Segment:
    draft = Draft()
    draft.speak(say(text, durations), 0.0, "ready")
    cues = draft.ordered_cues()
    return Segment(segment.kind, segment.title, REMINDER_SECONDS, cues, segment.slug)


def pickup_sentences(
    routine: Routine, phrases: Phrases, *, minutes: int | None = None
) -> list[str]:
    """Return every sentence that departures and waiting may add, the commonest first."""
    coach = coach_of(routine, phrases, NominalDurations(phrases.word_seconds), minutes)
    texts = [phrases.carrying_on, *phrases.countdown, phrases.skipping]
    texts += [phrases.ready, phrases.ready_reminder]
    if any(step.dose.sides is not Sides.NONE for step in routine.steps):
        texts += [phrases.on_side("right"), phrases.on_side("left")]
    for heading in (Heading.NEXT, Heading.AGAIN, Heading.BACK, Heading.NAME):
        texts += [phrases.heading(heading, step.spoken_name) for step in routine.steps]
    kits = list(dict.fromkeys(step.equipment for step in routine.steps))
    for kit, in_hand in itertools.product(kits, [(), *kits]):
        missing = [thing.spoken for thing in kit if thing not in in_hand]
        texts += [phrases.need(missing)] if missing else []
    for step in routine.steps:
        blocks = itertools.product(range(1, step.dose.sets + 1), sides_of(step))
        for set_number, side in blocks:
            texts.append(how_it_is_done(step, coach, set_number=set_number, side=side)[1])
    return list(dict.fromkeys(part for text in texts for part in split_sentences(text)))
