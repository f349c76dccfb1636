"""Words that do not work for a person who only hears them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from voicecoach.authoring.lints.subject import count_words
from voicecoach.language.speakable import split_sentences
from voicecoach.messages import quoted
from voicecoach.routine.anchors import BeforeEnd, LastReps
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicecoach.authoring.lints.subject import Finding, Subject, Text
    from voicecoach.language.phrases import Phrases

MOST_WORDS: Final = 25
"""In a sentence that is heard once."""
COUNTED: Final = range(1, 61)
"""Numbers that are known in words."""


def needs_eyes(subject: Subject) -> Iterator[Finding]:
    """Find words that only somebody who looks can follow."""
    words = subject.words
    for text in subject.texts:
        for found in words.pattern("needs_eyes").finditer(text.written):
            if not words.is_denied(text.written, found.start()):
                message = f"{quoted(found[0].strip())} needs eyes, and these may be shut"
                fix = "say what moves, where to and how far"
                yield subject.at_text(text, message, fix, found.start())


def long_sentences(subject: Subject) -> Iterator[Finding]:
    """Find sentences that are too long to be kept in mind."""
    for text in subject.texts:
        position = 0
        for sentence in split_sentences(text.written):
            position = text.written.index(sentence, position)
            count = count_words(sentence)
            if count > MOST_WORDS:
                message = f"this sentence has {count} words, more than {MOST_WORDS}"
                yield subject.at_text(text, message, "make two of it", position)
            position += len(sentence)


def held_breath(subject: Subject) -> Iterator[Finding]:
    """Find words that ask adults to hold their breath; for children the reader refuses them."""
    words = subject.words
    if subject.routine.audience is Audience.CHILD:
        return
    for text in subject.texts:
        if text.step is not None and "breathing" in text.step.muscles:
            continue
        for found in words.held_breaths_in(text.written):
            said = quoted(found[0].strip())
            message = f"{said}: a breath held in effort drives the blood pressure up"
            wanted = 'muscles = ["breathing"]'
            fix = f"say when to breathe; where breathing is the exercise, write {wanted}"
            yield subject.at_text(text, message, fix, found.start())


def fixed_numbers(subject: Subject) -> Iterator[Finding]:
    """Find numbers that become false with another dose or length of the session."""
    numbers = _numbers(subject.phrases)
    either = "|".join(map(re.escape, sorted(numbers, key=len, reverse=True)))
    number = rf"\d{{1,3}}|{either}"
    for text in subject.texts:
        if text.step is None:
            yield from _fixed_minutes(subject, text, number, numbers)
        else:
            yield from _fixed_in(subject, text, number, numbers)


def _fixed_minutes(
    subject: Subject, text: Text, number: str, numbers: Mapping[str, int]
) -> Iterator[Finding]:
    """Yield numbers of minutes in the opening that look like the length of the session.

    Others, such as the time since a meal, are far from it or stand in a block of health checks.
    """
    if text.part != "opening" or (text.words is not None and text.words.block):
        return
    lasts = max(1, round(subject.script.duration_seconds / 60))
    for place, written, found in _finds(subject, "minutes", number, text.written):
        if lasts <= 2 * _value(written, numbers) <= 4 * lasts:
            message = f"{quoted(found)} is written out, and the session lasts about {lasts}"
            yield subject.at_text(text, message, "write $minutes in place of the number", place)


def _numbers(phrases: Phrases) -> Mapping[str, int]:
    return {phrases.number(value).lower(): value for value in COUNTED}


def _value(number: str, numbers: Mapping[str, int]) -> int:
    """Return a number in figures or words; 0 for letters that only look like one."""
    return int(number) if number.isdecimal() else numbers.get(number.lower(), 0)


def _fixed_in(
    subject: Subject, text: Text, number: str, numbers: Mapping[str, int]
) -> Iterator[Finding]:
    step = text.step
    if step is None:
        return
    dose, told = step.dose, set()
    if text.is_in_work:
        for found in _finds(subject, "remaining", number, text.written):
            value = _value(found[1], numbers)
            told.add(found[0])  # not once more as an amount
            if not _always_true(text, value):
                variable = "$reps_left" if dose.is_counted else "$seconds_left"
                message = f"{quoted(found[2])} is true for one dose only"
                yield subject.at_text(text, message, f"write {variable} in place of it", found[0])
    moving = (dose.tempo.away_seconds, dose.tempo.back_seconds) if dose.tempo else ()
    for found in _finds(subject, "amount", number, text.written):
        value = _value(found[1], numbers)
        is_seconds = subject.words.pattern("seconds").search(found[2])
        meant = ""
        if is_seconds and value == dose.told_seconds and value not in moving:
            meant = "$seconds, or $duration"
        elif not is_seconds and set(dose.reps) == {value}:
            meant = "$reps"
        if meant and found[0] not in told and not _always_true(text, value):
            message = f'{quoted(found[2])} is true for the dose "{dose}" only'
            yield subject.at_text(text, message, f"write {meant} in place of the number", found[0])


def _finds(subject: Subject, key: str, number: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the place of a number, the number, and all that was found with it."""
    for found in subject.words.pattern(key, number=number).finditer(text):
        groups = found.groupdict()
        value = next(groups[name] for name in groups if groups[name] is not None)
        yield found.start(), value, found[0]


def _always_true(text: Text, value: int) -> bool:
    """Return True if the moment of a cue makes its number true for every dose."""
    if text.cue is None:
        return False
    anchor = text.cue.anchor
    return (isinstance(anchor, LastReps) and anchor.number == value) or (
        isinstance(anchor, BeforeEnd) and anchor.seconds == value
    )


_CAPITALS: Final = re.compile(r"[^\W\d_]{4,}")
_VOWEL: Final = re.compile(r"[aeiouyäöüáéíóúаеёиоуыэюя]", re.IGNORECASE)
_SAID_AS_WORDS: Final = frozenset({"HIIT", "ACSM", "NASA"})


def capitals(subject: Subject) -> Iterator[Finding]:
    """Find words in capitals, which some voices spell."""
    for text in subject.texts:
        for found in _CAPITALS.finditer(text.written):
            word = found[0]
            if word.isupper() and _VOWEL.search(word) and word not in _SAID_AS_WORDS:
                why = "a voice may spell it, and none shouts it"
                message = f"{quoted(word)} is written in capitals: {why}"
                fix = f"write {quoted(word.lower())}"
                yield subject.at_text(text, message, fix, found.start())
                break


def long_brief(subject: Subject) -> Iterator[Finding]:
    """Find short forms that are longer than the instruction."""
    for step in subject.routine.steps:
        short, long = count_words(step.brief), count_words(step.instruction)
        if step.brief and short > long:
            message = f"brief has {short} words, and the instruction {long}"
            fix = "make it a reminder, or leave it out: the first sentence is said then"
            yield subject.at_step(step, message, fix, "brief")
