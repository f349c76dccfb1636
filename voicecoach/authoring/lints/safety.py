"""Safety: stop-on-pain lines, reasons not to lift weights, a grown-up near children."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from voicecoach.fitting.stop_lines import MOST_SECONDS
from voicecoach.language.speakable import split_sentences
from voicecoach.library.child_limits import advice_for, has_weights
from voicecoach.messages import quoted
from voicecoach.routine.model import Audience, Spoken
from voicecoach.script.compiler import outline_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.authoring.lints.subject import Finding, Subject
    from voicecoach.routine.model import Equipment, Step
    from voicecoach.script.model import Script


def stop_late(subject: Subject) -> Iterator[Finding]:
    """Find stretches of the author's session in which nobody says to stop at pain."""
    script = _own_script(subject)
    times = [0.0, *_stop_times(subject, script), script.duration_seconds]
    for begin, end in pairwise(times):
        if end - begin <= MOST_SECONDS:
            continue
        message = (
            f"{end - begin:.0f} s go by, from {_clock(begin)} to {_clock(end)}, in which nothing "
            f"says to stop when something hurts; at most {MOST_SECONDS:.0f} are well"
        )
        line = "STOP-C1" if subject.routine.audience is Audience.CHILD else "STOP-A1"
        fix = f'write stop = "{line}" in this step; without it, the coach adds a line of its own'
        early, going_on = _steps_for_a_line(subject, script, begin, end)
        if early is None:
            fix = "say it in a cue of this step; without one, the coach adds a line of its own"
        if step := early or going_on:
            yield subject.at_step(step, message, fix, "slug")


def _own_script(subject: Subject) -> Script:
    """Return the session as its author wrote it, without lines that the coach has added."""
    changed = subject.script.routine
    if changed.steps == subject.routine.steps and changed.opening == subject.routine.opening:
        return subject.script
    return outline_script(subject.routine, subject.phrases, subject.durations)


def _stop_times(subject: Subject, script: Script) -> Iterator[float]:
    marked = {
        item.text for item in script.routine.opening if isinstance(item, Spoken) and item.stop
    }
    for segment, start in zip(script.segments, script.starts_seconds, strict=True):
        for cue in segment.cues:
            if cue.kind == "speech" and (
                cue.role == "stop"
                or (cue.role == "opening" and cue.text in marked)
                or says_stop(subject, cue.text)
            ):
                yield start + cue.start_seconds


def says_stop(subject: Subject, text: str) -> bool:
    """Return True if a sentence of a text says to stop when something hurts."""
    words = subject.vocabulary
    return words is not None and any(
        words.pattern("stop").search(sentence) and words.pattern("hurts").search(sentence)
        for sentence in split_sentences(text)
    )


def _steps_for_a_line(
    subject: Subject, script: Script, begin: float, end: float
) -> tuple[Step | None, Step | None]:
    """Return the last step with a lead-in early enough for a line, and the first at all."""
    early, going_on = None, None
    starts = script.starts_seconds
    for exercise in subject.exercises_of(script):
        step, segment, start = exercise.step, exercise.segment, starts[exercise.index]
        if start >= end:
            break
        if begin < start <= begin + MOST_SECONDS and not step.flow and not step.stop_line:
            early = step
        if start + segment.duration_seconds > begin and going_on is None:
            going_on = step
    return early, going_on


def _clock(seconds: float) -> str:
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes}:{left:02d}"


def is_weight(subject: Subject, thing: Equipment) -> bool:
    """Return True if a thing is lifted to be heavy; its key is usually English in any language."""
    language = subject.routine.language if subject.vocabulary else "en"
    return has_weights(thing.spoken, language) or has_weights(thing.key)


def weights(subject: Subject) -> Iterator[Finding]:
    """Find weights without a word on who should not lift them; one finding is enough."""
    routine = subject.routine
    if routine.contraindications or routine.audience is Audience.CHILD:
        return
    fix = (
        'write { block = "SC-D" } and { silence = 15 } into the opening: it tells the reasons, and '
        "the silence is time to stop"
    )
    untold = "and nothing in the opening tells who had better lift nothing"
    for thing in routine.equipment:
        if is_weight(subject, thing):
            message = f"{quoted(thing.spoken)}, {untold}"
            yield subject.at_routine(message, fix, "equipment", thing.key)
            return
    if (words := subject.vocabulary) is None:
        return
    for text in subject.texts:
        if text.step and (found := next(words.weights_in(text.written), None)):
            yield subject.at_text(text, f"{quoted(found[0])}, {untold}", fix, found.start())
            return


def child_alone(subject: Subject) -> Iterator[Finding]:
    """Find a routine for children that does not say that a grown-up stays near."""
    for message, fix in advice_for(subject.routine):
        yield subject.at_routine(message, fix, "audience")
