"""Positions of the body: somebody who does not look needs the way from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.language.vocabulary import Position
from voicecoach.routine.anchors import BeforeEnd, Occasion
from voicecoach.routine.model import Spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.authoring.lints.subject import Finding, Subject
    from voicecoach.language.vocabulary import Vocabulary
    from voicecoach.routine.model import Step


@dataclass(frozen=True)
class _Stay:
    """The positions that a step may begin and end in; none where nobody says."""

    start: frozenset[Position]
    end: frozenset[Position]
    written: bool
    """Whether the step has a `position`, not only words to read one from."""


def _stay(words: Vocabulary, step: Step) -> _Stay:
    if step.position:
        parts = words.pattern("change").split(step.position)
        start, end = (words.positions_in(part) for part in (parts[0], parts[-1]))
        return _Stay(start, end, written=True)
    said = words.positions_in(step.instruction) or words.positions_in(step.spoken_name)
    return _Stay(said, said, written=False)


def unexplained(subject: Subject) -> Iterator[Finding]:
    """Find steps in another position than the one before, where nobody says how to get there."""
    words = subject.words
    before = frozenset({Position.STANDING})
    opening = (item for item in subject.routine.opening if isinstance(item, Spoken))
    said_before = " ".join(item.text for item in opening)
    for step in subject.routine.steps:
        stay = _stay(words, step)
        if stay.start and before and not stay.start & before:
            heard = f"{said_before} . {step.spoken_name} . {step.instruction}"
            ways = (words.pattern("ways", position.key) for position in stay.start)
            if not any(way.search(heard) for way in ways):
                position = _listed(stay.start)
                message = f"nobody says how to get to {position} from {_listed(before)}"
                fix = "begin the instruction with the way there"
                yield subject.at_step(step, message, fix, "say", index=0)
        before = stay.end or (stay.start if stay.written else before)
        said_before = " ".join(_said_at_the_end(step))


def _said_at_the_end(step: Step) -> Iterator[str]:
    for cue in step.cues:
        is_after = cue.anchor.occasion in (Occasion.END, Occasion.REST)
        if is_after or isinstance(cue.anchor, BeforeEnd):
            yield cue.text


def _listed(positions: frozenset[Position]) -> str:
    return " or ".join(position for position in Position if position in positions)


def missing(subject: Subject) -> Iterator[Finding]:
    """Find steps between two positions, whose own position nobody can tell."""
    words = subject.words
    before = frozenset({Position.STANDING})
    unknown: list[Step] = []
    for step in subject.routine.steps:
        stay = _stay(words, step)
        if stay.start and not stay.start & before:
            for one in unknown:
                either = f"{_listed(before)} or {_listed(stay.start)}"
                message = f"nobody can tell whether this is done {either}"
                fix = f'write position = "{_listed(before)}", or what it is'
                yield subject.at_step(one, message, fix, "name")
        if stay.start or stay.written:
            before, unknown = stay.end or stay.start, []
        elif not step.flow:
            unknown.append(step)
