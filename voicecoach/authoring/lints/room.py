"""Speech that does not fit its gap: its fate, and shorter words of the author's that would fit."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.errors import RoutineError
from voicecoach.language.phrases import capitalise
from voicecoach.language.speakable import split_sentences
from voicecoach.language.vocabulary import OPENER
from voicecoach.messages import quoted
from voicecoach.script.compiler import compile_segment
from voicecoach.script.model import NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.authoring.lints.subject import Exercise, Finding, Subject
    from voicecoach.language.vocabulary import Vocabulary
    from voicecoach.routine.model import AuthorCue, Routine, Step
    from voicecoach.script.model import Note

MOST_TRIED: Final = 12
"""The most notes of a routine to find shorter words for: each try compiles an exercise."""
MOST_FORMS: Final = 6
"""The most forms of one text that are tried."""
MOST_CUTS: Final = 60
"""The most forms of one text that are made."""
_PART_END: Final = re.compile(r"\s*(?:[,;:–—]|\s-\s|\()")
_ENDING: Final = re.compile(r"[.!?…]+$")


def noted(subject: Subject, kind: NoteKind, *, own: bool | None = None) -> Iterator[Finding]:
    """Yield a finding for each note of a kind, without its repeats in other sets or on other sides.

    `own` limits them to the author's cues, or to the coach's own words.
    """
    tried = 0
    for exercise in subject.exercises:
        told: set[tuple[str, tuple[AuthorCue, ...]]] = set()
        for note in exercise.segment.notes:
            about = (note.role, note.cues)
            if note.kind is not kind or about in told or own not in (None, bool(note.cues)):
                continue
            told.add(about)
            tried += 1
            shorter = list(_that_fit(subject, exercise, note)) if tried <= MOST_TRIED else []
            yield _finding(subject, exercise.step, note, shorter)


def _finding(subject: Subject, step: Step, note: Note, shorter: list[str]) -> Finding:
    message = f"{quoted(note.text)} {_WHAT_HAPPENS[note.kind]} ({note.detail})"
    excess = note.needed_seconds - note.room_seconds
    if note.needed_seconds and excess > 0:
        words = math.ceil(excess / subject.durations.word_seconds - 1e-6)
        about = f"about {words} {'word' if words == 1 else 'words'} too many"
        message += (
            f": it needs {note.needed_seconds:.1f} s and has {note.room_seconds:.1f} s, {about}"
        )
    if shorter:
        fix = f"these fit: {' or '.join(_in_quotes(text) for text in shorter)}"
    elif not note.cues:
        is_needed = note.kind is NoteKind.NO_ROOM
        fix = "give it more time" if is_needed else "give it more time, or leave it as it is"
    elif note.kind is NoteKind.MOVED:
        fix = "move it there yourself, or say it in fewer words"
    else:
        fix = "say it in fewer words, or give it more time"
    if note.cues:
        return subject.at_text(subject.text_of_cue(step, note.cues[0]), message, fix)
    if note.role == "next":
        following = _step_after(subject.routine, step)
        if following is not None and shorter:
            there = f"{_in_quotes(shorter[0])} in {subject.label(following)}"
            fix = f"write spoken = {there}, or a longer rest"
            return subject.at_step(following, message, fix, subject.key_of_name(following))
        return subject.at_step(step, message, f"{fix}: a longer rest_after", "rest_after")
    return subject.at_step(step, message, fix, "dose")


_WHAT_HAPPENS: Final = {
    NoteKind.NO_ROOM: "has no room",
    NoteKind.DROPPED: "is not said",
    NoteKind.SPED_UP: "is sped up",
    NoteKind.MOVED: "is moved",
}


def _in_quotes(text: str) -> str:
    """Return an author's text in quotes, ready to copy; it has passed the reader."""
    return f'"{text}"'


def _step_after(routine: Routine, step: Step) -> Step | None:
    slugs = [one.slug for one in routine.steps]
    index = slugs.index(step.slug) + 1
    return routine.steps[index] if index < len(slugs) else None


def _that_fit(subject: Subject, exercise: Exercise, note: Note) -> Iterator[str]:
    """Yield at most two shorter forms of the words that fit, as compiling with them proves."""
    if note.role == "next":
        following = _step_after(subject.script.routine, exercise.step)
        written = following.spoken_name if following else ""
    elif len(note.cues) == 1:
        written = note.cues[0].text
    else:
        return
    words, excess = written.split(), note.needed_seconds - note.room_seconds
    most = len(words) - excess / subject.durations.word_seconds + 2
    forms = shortened(written, subject.vocabulary, is_name=note.role == "next")
    hopeful = (form for form in forms if not note.needed_seconds or len(form.split()) <= most)
    tried = itertools.islice(hopeful, MOST_FORMS)
    fitting = (shorter for shorter in tried if _fits(subject, exercise, note, shorter))
    yield from itertools.islice(fitting, 2)


def _with_words(heard: Routine, step: Step, note: Note, shorter: str) -> Routine:
    steps = list(heard.steps)
    at = steps.index(step)
    if note.role == "next":
        steps[at + 1] = replace(steps[at + 1], spoken_name=shorter)
    else:
        cues = [replace(cue, text=shorter) if cue == note.cues[0] else cue for cue in step.cues]
        steps[at] = replace(step, cues=tuple(cues))
    return replace(heard, steps=tuple(steps))


def _fits(subject: Subject, exercise: Exercise, note: Note, shorter: str) -> bool:
    phrases, durations = subject.phrases, subject.durations
    routine = _with_words(subject.script.routine, exercise.heard, note, shorter)
    try:
        segment = compile_segment(
            routine, phrases, durations, exercise.index, minutes=subject.minutes
        )
    except RoutineError:
        return False
    if note.role == "next":
        return not any(other.role == "next" for other in segment.notes)
    fits = all(cue.text != shorter for other in segment.notes for cue in other.cues)
    # Nor may other words have to give way now that did not before.
    return fits and len(segment.notes) <= len(exercise.segment.notes)


def shortened(text: str, vocabulary: Vocabulary | None, *, is_name: bool = False) -> Iterator[str]:
    """Yield shorter forms of a text, in the author's own words, the longest first."""
    forms = {text: None}
    todo = [text]
    while todo and len(forms) < MOST_CUTS:
        one = todo.pop()
        for shorter in _steps_shorter(one, vocabulary, is_name=is_name):
            if shorter not in forms and any(char.isalpha() for char in shorter):
                forms[shorter] = None
                todo.append(shorter)
    del forms[text]
    yield from sorted(forms, key=len, reverse=True)


def _steps_shorter(text: str, vocabulary: Vocabulary | None, *, is_name: bool) -> Iterator[str]:
    sentences = split_sentences(text)
    if len(sentences) > 1:
        yield " ".join(sentences[:-1])
        yield sentences[0]
        return
    if end := _PART_END.search(text):
        ending = _ENDING.search(text)
        kept = text[: end.start()].rstrip()
        if kept and not kept.endswith(("“", '"')):
            yield kept + ("" if is_name else ending[0] if ending else ".")
    if vocabulary is not None and not is_name:
        opener = vocabulary.pattern("openers", form=OPENER).match(text)
        if opener and opener.end() < len(text):
            yield capitalise(text[opener.end() :])
