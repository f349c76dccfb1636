"""Lints: what a patient would hear as a mistake, and no reader of files can see.

They look at a routine together with its script: what is said when, with which lengths. `LINTS` is
all of them, each with the reason for it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from voicecoach.authoring.lints import (
    audibility,
    doses,
    equipment,
    positions,
    room,
    safety,
    sides,
    wording,
)
from voicecoach.authoring.lints.subject import Finding, Lint, Subject
from voicecoach.errors import Problem, Severity
from voicecoach.language.vocabulary import known_vocabularies, vocabulary_of
from voicecoach.messages import alternatives, quoted
from voicecoach.script.coach import NO_ROOM_CODE
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.script.model import NoteKind, Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import Routine
    from voicecoach.script.durations import Durations
    from voicecoach.session.session import Session

__all__ = ["LINTS", "NOTE_CODES", "Lint", "findings_in", "findings_in_segment", "findings_of"]

NOTE_CODES: Final = frozenset(
    {NO_ROOM_CODE, "speech-dropped", "phrase-dropped", "speech-sped-up", "speech-moved"}
)
"""Codes of findings that repeat the notes of the script engine."""


def findings_of(
    routine: Routine, script: Script, phrases: Phrases, durations: Durations | None = None
) -> tuple[Problem, ...]:
    """Return the findings in a routine without mistakes, in the order of its file.

    `script` is the routine as it is heard; an outline of it will do, and then words that have no
    room are among the findings. `durations` are the lengths that it was made with, by which shorter
    words are tried; without them those of the table are taken.
    """
    lengths = durations or NominalDurations(word_seconds(routine.audience))
    subject = Subject(routine, script, phrases, lengths, vocabulary_of(routine.language))
    found = {
        problem
        for lint in LINTS
        if subject.vocabulary is not None or not lint.needs_words
        for problem in lint.problems(subject)
    }
    return tuple(sorted(found, key=lambda problem: (problem.order, problem.code)))


def findings_in(session: Session, written: Routine | None = None) -> tuple[Problem, ...]:
    """Return the findings in what is heard of a session, by measured lengths.

    `written` is the routine as its author has it, where the session was fitted to somebody. Words
    that have no room are among the findings. Raises SpeechError where a sentence cannot be spoken.
    """
    script = session.measured_outline()
    return findings_of(written or session.routine, script, session.phrases, session.clips)


def findings_in_segment(session: Session, index: int) -> tuple[Problem, ...]:
    """Return the same, where only what is said in one segment is measured."""
    segments = [replace(segment, notes=()) for segment in session.outline.segments]
    segments[index] = session.segment(index)
    script = Script(session.routine, tuple(segments))
    return findings_of(session.routine, script, session.phrases, session.clips)


def _unknown_language(subject: Subject) -> Iterator[Finding]:
    if subject.vocabulary is None:
        known = alternatives([quoted(tag) for tag in known_vocabularies()])
        skipped = sum(lint.needs_words for lint in LINTS)
        message = (
            f"{skipped} of {len(LINTS)} kinds of findings need to understand the words, and those "
            f"of {quoted(subject.routine.language)} are not known"
        )
        fix = f"have somebody listen to it; known are {known}"
        yield subject.at_routine(message, fix, "language")


LINTS: Final[tuple[Lint, ...]] = (
    # Speech and its gaps.
    Lint(
        NO_ROOM_CODE,
        Severity.ERROR,
        "A name, a change of sides or the last number is never left out. Where it does not fit, "
        "the clock would have to wait or the person would not know what to do.",
        partial(room.noted, kind=NoteKind.NO_ROOM),
    ),
    Lint(
        "speech-dropped",
        Severity.WARNING,
        "Words that overlap are understood by nobody, so a cue that does not fit is not said at "
        "all.",
        partial(room.noted, kind=NoteKind.DROPPED, own=True),
    ),
    Lint(
        "phrase-dropped",
        Severity.ADVICE,
        'The coach\'s own words, such as "Halfway.", give way first; a person misses them in work '
        "that is long or comes in sets.",
        partial(room.noted, kind=NoteKind.DROPPED, own=False),
    ),
    Lint(
        "speech-sped-up",
        Severity.WARNING,
        "Faster speech is harder to follow, most of all for people who are out of breath or hard "
        "of hearing.",
        partial(room.noted, kind=NoteKind.SPED_UP),
    ),
    Lint(
        "speech-moved",
        Severity.ADVICE,
        "A cue that comes up to 2 s before or after its moment may speak of what is over, or is "
        "not yet.",
        partial(room.noted, kind=NoteKind.MOVED),
    ),
    Lint(
        "setup-short",
        Severity.ADVICE,
        "The clock waits for the words before the work. Nothing is lost, but the session is "
        "longer than its author planned.",
        audibility.setup_short,
    ),
    # Sides.
    Lint(
        "sides-unequal",
        Severity.WARNING,
        "Both sides get the same, unless somebody means otherwise; a dose that was changed in "
        "one step only trains a difference into a body.",
        sides.unequal,
        needs_words=True,
    ),
    Lint(
        "side-alone",
        Severity.WARNING,
        "A leg or an arm that is worked without the other one is nearly always a step that was "
        "forgotten.",
        sides.alone,
        needs_words=True,
    ),
    Lint(
        "side-unsaid",
        Severity.WARNING,
        "With one side at a time a person has to know which one begins; without the word "
        "everybody takes the one they like, and the words after the change are wrong for half of "
        "them.",
        sides.unsaid,
        needs_words=True,
    ),
    Lint(
        "side-contradicted",
        Severity.WARNING,
        "The dose says which side begins, and the coach names it at the change and before every "
        "set; words that name the other one leave a person on the wrong side.",
        sides.contradicted,
        needs_words=True,
    ),
    Lint(
        "side-fixed",
        Severity.ADVICE,
        "A side that is written out becomes false when the other one begins, as with "
        "--left-first, when the instruction is repeated on the second side, or in another round; "
        "$side never does.",
        sides.fixed,
        needs_words=True,
    ),
    # Positions.
    Lint(
        "position-unexplained",
        Severity.WARNING,
        "Who does not look cannot guess that the next exercise is done lying down. The way from "
        "one position to the next is also where people fall.",
        positions.unexplained,
        needs_words=True,
    ),
    Lint(
        "position-missing",
        Severity.ADVICE,
        "The position stands on the screen and on the printed sheet; and only where it is known "
        "can be checked that the next change of it is explained.",
        positions.missing,
        needs_words=True,
    ),
    # Words.
    Lint(
        "needs-eyes",
        Severity.WARNING,
        'People follow with closed eyes, or with their face on the mat. "Like this" and "as '
        'shown" tell them nothing.',
        wording.needs_eyes,
        needs_words=True,
    ),
    Lint(
        "long-sentence",
        Severity.WARNING,
        "What is heard once cannot be read again: the beginning of a long sentence is forgotten "
        "before its end.",
        wording.long_sentences,
        "GOV.UK content guidance: split sentences of more than 25 words.",
    ),
    Lint(
        "fixed-number",
        Severity.ADVICE,
        "A number that is written out becomes false when the dose or the length changes, as with "
        "--level or --minutes; a variable never does.",
        wording.fixed_numbers,
        needs_words=True,
    ),
    Lint(
        "capitals",
        Severity.ADVICE,
        "Voices spell words in capitals, or say them like any other; none of them shouts.",
        wording.capitals,
    ),
    Lint(
        "brief-long",
        Severity.ADVICE,
        "The short form is for people who know the exercise, and is said in place of the "
        "instruction.",
        wording.long_brief,
    ),
    # Names and cues.
    Lint(
        "names-alike",
        Severity.ADVICE,
        "A name is all that a person hears of an exercise before it begins, and what they say to "
        "skip or repeat it.",
        audibility.names_alike,
    ),
    Lint(
        "name-unspeakable",
        Severity.WARNING,
        "The name is spoken as it stands: brackets, slashes and abbreviations are for the eye.",
        audibility.name_unspeakable,
    ),
    Lint(
        "name-long",
        Severity.ADVICE,
        "The name is said in the rest before and in the lead-in; a long one leaves no room for "
        "other words, or for the announcement itself.",
        audibility.name_long,
    ),
    Lint(
        "cues-at-once",
        Severity.WARNING,
        "Two cues cannot be said at one moment: the second is moved, or is not said.",
        audibility.cues_collide,
    ),
    # Safety.
    Lint(
        "stop-late",
        Severity.ADVICE,
        "A person who works through pain is hurt by the session; they are told at least every "
        "four minutes to stop. The coach adds a line where the author has none, but not where "
        "the author would.",
        safety.stop_late,
    ),
    Lint(
        "weights-without-reasons",
        Severity.ERROR,
        "Weights raise the blood pressure and load the spine: some people had better not lift "
        "them, and they have to hear it before they begin.",
        safety.weights,
        "Williams et al., AHA scientific statement on resistance exercise, Circulation "
        "2007;116:572–584: how people are evaluated medically for it is a part of the statement.",
    ),
    Lint(
        "adult-unmentioned",
        Severity.ADVICE,
        "Children exercise with a grown-up near; where the file says so, the list and the sheet "
        "tell it before the session does.",
        safety.child_alone,
    ),
    Lint(
        "held-breath",
        Severity.WARNING,
        "Holding the breath in effort drives the blood pressure up steeply. For children it is a "
        "mistake in the file.",
        wording.held_breath,
        "Williams et al., AHA scientific statement on resistance exercise, Circulation "
        "2007;116:572–584: avoid holding the breath, breathe out in the effort.",
        needs_words=True,
    ),
    # Doses.
    Lint(
        "rest-missing",
        Severity.WARNING,
        "Muscles that are tired do the next exercise badly, and the back pays for it: after "
        "weights, long holds and many sets the same muscles get a rest.",
        doses.rest_missing,
        "Garber et al., ACSM position stand 2011: 2 to 3 minutes between sets of strength "
        "training. The limits here, 20 and 30 s, are for light work at home.",
    ),
    Lint(
        "dose-unusual",
        Severity.ADVICE,
        "A dose far from what guidance gives is more often a slip of the hand than a decision.",
        doses.unusual,
        doses.SOURCE,
    ),
    # What a routine says of itself.
    Lint(
        "equipment-unlisted",
        Severity.WARNING,
        "People fetch what they need before they lie down. A thing that is not listed is neither "
        'shown nor spoken of in "You need".',
        equipment.unlisted,
        needs_words=True,
    ),
    Lint(
        "equipment-unused",
        Severity.ADVICE,
        "People are told to fetch what no exercise needs.",
        equipment.unused,
    ),
    Lint(
        "muscle-untrained",
        Severity.WARNING,
        "The weekly plan and `log --balance` believe what a routine claims; what no step trains "
        "is missing from somebody's week.",
        equipment.untrained,
    ),
    Lint(
        "language-unchecked",
        Severity.ADVICE,
        "Lints that have to understand the words know some languages only; it is told, so that "
        "silence is not taken for praise.",
        _unknown_language,
    ),
)
"""Every lint; the order is that of the guide."""
