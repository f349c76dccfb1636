"""What only shows when it is heard: names that sound alike, words at one moment, a clock that waits."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Final

from voicecoach.lints.subject import count_words
from voicecoach.lints.vocabulary import pattern
from voicecoach.routine import AnchorKind
from voicecoach.toml_fields import quoted
from voicecoach.work import IN_WORK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.lints.subject import Finding, Subject
    from voicecoach.routine import AuthorCue, Step

ALIKE: Final = 0.85
"""Of the letters of two names, from 0 to 1."""
MOST_NAMES: Final = 120
"""So many different names are compared with each other."""
MOST_NAME_WORDS: Final = 8
UNNOTICED_SECONDS: Final = 2.0
"""Voices differ by so much; a clock that waits no longer is no matter."""


def names_alike(subject: Subject) -> Iterator[Finding]:
    """Find two exercises that a listener could take for each other by their names."""
    first: dict[str, Step] = {}
    for step in subject.routine.steps:
        name = _plain(step.spoken_name)
        other = first.setdefault(name, step)
        if other is not step and other.instruction != step.instruction and not step.flow:
            yield _alike(subject, step, other)
    names = [name for name, step in first.items() if not step.flow][:MOST_NAMES]
    for early, late in combinations(names, 2):
        differ = first[early].instruction != first[late].instruction
        if differ and _sound_alike(subject, early, late):
            yield _alike(subject, first[late], first[early])


def _alike(subject: Subject, step: Step, other: Step) -> Finding:
    message = f"{quoted(step.spoken_name)} sounds like {quoted(other.spoken_name)}, {subject.label(other)}"
    fix = "give one of them a name that nobody can take for the other"
    return subject.at_step(step, message, fix, subject.key_of_name(step))


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _sound_alike(subject: Subject, one: str, other: str) -> bool:
    """Return whether two names are nearly the same, and it is no number or side that tells them apart."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return False
    if matcher.ratio() < ALIKE:
        return False
    only_here, only_there = (
        set(here.split()) - set(there.split()) for here, there in ((one, other), (other, one))
    )
    differ = only_here | only_there
    return not any(word.isdigit() or _is_side_or_number(subject, word) for word in differ)


def _is_side_or_number(subject: Subject, word: str) -> bool:
    words = subject.vocabulary
    if words and any(pattern(side).search(word) for side in (words.left, words.right)):
        return True
    numbers = {_plain(subject.phrases.number(value)) for value in range(1, 21)}
    return word in numbers or word in _TELL_APART


_TELL_APART: Final = frozenset(
    [
        *(
            "first",
            "second",
            "third",
            "fourth",
            "last",
            "again",
            "once",
            "twice",
            "up",
            "down",
            "in",
            "out",
        ),
        *(
            "forward",
            "back",
            "forwards",
            "backwards",
            "high",
            "low",
            "front",
            "side",
            "inner",
            "outer",
        ),
        *("upper", "lower", "open", "closed", "easy", "hard"),
    ]
)
"""Words that a listener does not mistake for one another."""

_NOT_SPOKEN: Final = re.compile(
    r"[()\[\]{}/&+=*#|<>~_@^]|\b\w{1,4}\.(?=\s|\w)|\bw/|\b[LR]\b(?=$|\s*[/)])"
)


def name_unspeakable(subject: Subject) -> Iterator[Finding]:
    """Find names that are read aloud as they are, and cannot be."""
    for step in subject.routine.steps:
        if found := _NOT_SPOKEN.search(step.spoken_name):
            key = subject.key_of_name(step)
            message = (
                f"{quoted(step.spoken_name)} is read aloud, and {quoted(found[0])} is for the eye"
            )
            fix = "write spoken = the name as you would say it"
            if key == "spoken":
                fix = "write it as you would say it"
            index = found.start() if key == "spoken" else None
            yield subject.at_step(step, message, fix, key, index=index)


def name_long(subject: Subject) -> Iterator[Finding]:
    """Find names that take long to say, every time that they are said."""
    for step in subject.routine.steps:
        if (words := count_words(step.spoken_name)) > MOST_NAME_WORDS:
            message = (
                f"the spoken name has {words} words, and is said in the rest and in the lead-in"
            )
            yield subject.at_step(
                step,
                message,
                f"write spoken in at most {MOST_NAME_WORDS} words",
                subject.key_of_name(step),
            )


def cues_collide(subject: Subject) -> Iterator[Finding]:
    """Find two cues that are wanted at the same moment of the work."""
    for step in subject.routine.steps:
        for (first, one), (second, other) in combinations(enumerate(step.cues), 2):
            if one.praise or other.praise or one.stop or other.stop:
                continue
            if not ({one.anchor.kind, other.anchor.kind} <= IN_WORK) or not _may_meet(one, other):
                continue
            moments = [
                (moment(step, one, number), moment(step, other, number))
                for number in _sets(step, one) & _sets(step, other)
            ]
            if any(here is not None and here == there for here, there in moments):
                message = (
                    f'"{other.anchor}" is the same moment as "{one.anchor}" of cue {first + 1}'
                )
                fix = "move one of them by 5 s or more, or say both in one cue"
                yield subject.at_step(step, message, fix, "cues", second, "at")


def _may_meet(one: AuthorCue, other: AuthorCue) -> bool:
    return not one.side or not other.side or one.side == other.side


def _sets(step: Step, cue: AuthorCue) -> set[int]:
    return {cue.set_number} if cue.set_number else set(range(1, step.dose.sets + 1))


def moment(step: Step, cue: AuthorCue, set_number: int) -> float | None:
    """Return when a cue is wanted in a set, in seconds from its start; None where it has no moment."""
    dose, anchor = step.dose, cue.anchor
    if set_number > dose.sets:
        return None
    duration, reps = dose.block_seconds(set_number), dose.moves(set_number)
    rep = dose.tempo.rep_seconds if dose.tempo else 0.0
    back = dose.tempo.away_seconds + dose.tempo.pause_seconds if dose.tempo else 0.0
    at: float | None = None
    match anchor.kind:
        case AnchorKind.OFFSET:
            at = anchor.seconds
        case AnchorKind.BEFORE_END:
            at = duration - anchor.seconds
        case AnchorKind.HALFWAY:
            at = ((reps + 1) // 2 - 1) * rep + back if reps else duration / 2
        case AnchorKind.REP:
            at = (anchor.number - 1) * rep
        case AnchorKind.AFTER_REP:
            at = (anchor.number - 1) * rep + back
        case AnchorKind.LAST_REPS:
            at = (reps - anchor.number) * rep
    return None if at is None else round(at, 6)


def setup_short(subject: Subject) -> Iterator[Finding]:
    """Find set-ups that the words of the lead-in do not fit into."""
    for _, step, segment in subject.segments:
        if not segment.work_blocks or not step.setup_seconds:
            continue
        needed = segment.work_blocks[0].start_seconds
        if needed > step.setup_seconds + UNNOTICED_SECONDS:
            message = (
                f"the words before the work last until {needed:.1f} s, so the clock waits for them and "
                f"the session is longer than planned"
            )
            fix = f"write setup = {_up(needed)}, or a shorter instruction"
            yield subject.at_step(step, message, fix, "setup")


def _up(seconds: float) -> int:
    return -int(-seconds // 1)
