"""Faults that only hearing shows: names that sound alike, words at once, a clock that waits."""

from __future__ import annotations

import math
import re
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Final

from voicecoach.authoring.lints.subject import count_words
from voicecoach.messages import quoted
from voicecoach.script.timing import GAP_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.authoring.lints.subject import Finding, Subject
    from voicecoach.routine.model import Step

ALIKE: Final = 0.85
"""Of the letters of two names, from 0 to 1."""
MOST_NAMES: Final = 120
"""The most different names that are compared."""
MOST_NAME_WORDS: Final = 8
UNNOTICED_SECONDS: Final = 2.0
"""Voices differ by so much, so a clock may wait as long."""


def names_alike(subject: Subject) -> Iterator[Finding]:
    """Find two exercises that a listener could take for each other by their names."""
    first: dict[str, Step] = {}
    for step in subject.routine.steps:
        name = _plain(step.spoken_name)
        other = first.setdefault(name, step)
        if other.round_of and other.round_of == step.round_of:
            continue  # the same exercise in another round
        if other is not step and other.instruction != step.instruction and not step.flow:
            yield _alike(subject, step, other)
    names = [name for name, step in first.items() if not step.flow][:MOST_NAMES]
    for early, late in combinations(names, 2):
        differ = first[early].instruction != first[late].instruction
        if differ and _sound_alike(subject, early, late):
            yield _alike(subject, first[late], first[early])


def _alike(subject: Subject, step: Step, other: Step) -> Finding:
    one, another = quoted(step.spoken_name), quoted(other.spoken_name)
    message = f"{one} sounds like {another}, {subject.label(other)}"
    fix = "give one of them a name that nobody can take for the other"
    return subject.at_step(step, message, fix, subject.key_of_name(step))


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _sound_alike(subject: Subject, one: str, other: str) -> bool:
    """Return True if names are nearly the same, and no number or side tells them apart."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # the cheapest first
    if any(ratio() < ALIKE for ratio in ratios):
        return False
    differ = set(one.split()) ^ set(other.split())
    return not any(word.isdigit() or _is_side_or_number(subject, word) for word in differ)


def _is_side_or_number(subject: Subject, word: str) -> bool:
    words = subject.vocabulary
    if words and any(words.pattern(key).search(word) for key in ("left", "right")):
        return True
    numbers = {_plain(subject.phrases.number(value)) for value in range(1, 21)}
    return word in numbers or (words is not None and word in words.words("tell_apart"))


_NOT_SPOKEN: Final = re.compile(
    r"[()\[\]{}/&+=*#|<>~_@^]|\b[LR]\b(?=$|\s*[,)])"
    r"|\b(?:alt|appr|approx|db|dec|ext|etc|excl|flex|hor|inc|incl|kb|lat|max|min|no|rep|reps|sec"
    r"|secs|vert|vs)\.",
    re.IGNORECASE,
)
"""Signs and abbreviations."""


def name_unspeakable(subject: Subject) -> Iterator[Finding]:
    """Find names that are read aloud as they are, and cannot be."""
    for step in subject.routine.steps:
        if found := _NOT_SPOKEN.search(step.spoken_name):
            key = subject.key_of_name(step)
            name, sign = quoted(step.spoken_name), quoted(found[0])
            message = f"{name} is read aloud, and {sign} is for the eye"
            what = "it" if key == "spoken" else "spoken = the name"
            fix = f"write {what} as you would say it"
            index = found.start() if key == "spoken" else None
            yield subject.at_step(step, message, fix, key, index=index)


def name_long(subject: Subject) -> Iterator[Finding]:
    """Find names that take long to say, every time that they are said."""
    for step in subject.routine.steps:
        if (words := count_words(step.spoken_name)) > MOST_NAME_WORDS:
            message = (
                f"the spoken name has {words} words, and is said in the rest and in the lead-in"
            )
            fix = f"write spoken in at most {MOST_NAME_WORDS} words"
            yield subject.at_step(step, message, fix, subject.key_of_name(step))


def cues_collide(subject: Subject) -> Iterator[Finding]:
    """Find cues that are wanted at the same moment of the work as one before them."""
    for step in subject.routine.steps:
        told: set[int] = set()
        for number in range(1, step.dose.sets + 1):
            first: dict[tuple[float, str], int] = {}
            for index, cue in enumerate(step.cues):
                moment = cue.anchor.moment(step.dose, number)
                if moment is None or cue.praise or cue.stop or cue.set_number not in (0, number):
                    continue
                at = round(moment.seconds, 6)
                sides = (cue.side,) if cue.side else ("first", "second")
                earlier = [first[at, side] for side in sides if (at, side) in first]
                for side in sides:
                    first.setdefault((at, side), index)
                if earlier and index not in told:
                    told.add(index)
                    one = step.cues[earlier[0]]
                    there = f'"{one.anchor}" of cue {earlier[0] + 1}'
                    message = f'"{cue.anchor}" is the same moment as {there}'
                    fix = "move one of them by 5 s or more, or say both in one cue"
                    yield subject.at_step(step, message, fix, "cues", index, "at")


def setup_short(subject: Subject) -> Iterator[Finding]:
    """Find set-ups that are too short for the words of the lead-in.

    The first round of a circuit explains what the others only call to mind; its set-up is theirs.
    What the coach tells children of the way that is left is no words of the author's.
    """
    for exercise in subject.exercises:
        step, blocks = exercise.step, exercise.segment.work_blocks
        if not blocks or not step.setup_seconds or step.round_number == 1:
            continue
        progress = [cue for cue in exercise.segment.cues if cue.role == "progress"]
        own = math.fsum(cue.duration_seconds + GAP_SECONDS for cue in progress)
        needed = blocks[0].start_seconds - own
        if needed > max(step.setup_seconds, exercise.heard.setup_seconds) + UNNOTICED_SECONDS:
            message = (
                f"the words before the work last until {needed:.1f} s, so the clock waits for "
                "them and the session is longer than planned"
            )
            fix = f"write setup = {math.ceil(needed)}, or a shorter instruction"
            yield subject.at_step(step, message, fix, "setup")
