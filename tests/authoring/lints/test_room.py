"""Speech that does not fit its gap, and the shorter words that would."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, read, step
from voicecoach.authoring.lints.room import shortened
from voicecoach.errors import RoutineError, Severity
from voicecoach.language.phrases import load_phrases
from voicecoach.language.vocabulary import vocabulary_of
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations

if TYPE_CHECKING:
    from pathlib import Path

PLANK = (
    "Let it go slowly now, then roll all the way over to the other side of your mat. Be careful."
)
DROPPED = [
    # Ten words of four seconds before a beat that comes every five.
    file(
        step(
            "Lift.",
            "6 reps",
            "rep 2 | §And breathe out slowly as you lift it up high, then lower it all the way",
        )
    ),
    file(
        step(
            "Lift.",
            "3 x 5 reps, rest 7s",
            "rest | §Put it down if you like, and then shake both of your arms out well.",
        )
    ),
    file(step("Hold.", "hold 20s", "halfway | Halfway, good.", "10s | §Keep on breathing.")),
    file(step("Hold.", "hold 10s", "end | §And let it go.")),
]
NOT_DROPPED = [
    file(step("Lift.", "6 reps, tempo 3-2-3", "rep 2 | Breathe out.", "rep 4 | Lower slowly.")),
    file(step("Lift.", "2 x 5 reps, rest 20s", "rest | Put it down if you like.")),
    file(step("Hold.", "hold 10s", "end | And let it go.", rest_after=5)),
]


@pytest.mark.parametrize("text", [*DROPPED, *NOT_DROPPED])
def test_cues_that_are_not_said(text: str, tmp_path: Path) -> None:
    """A cue that has no room is found where its words stand."""
    for problem in check("speech-dropped", text, tmp_path):
        assert problem.severity is Severity.WARNING


def test_seconds_words_and_shorter_forms_are_told(tmp_path: Path) -> None:
    """The finding tells what is needed and there, how much is too much, and what fits instead."""
    cue = "rep 2 | §And breathe out slowly as you lift it up high, then lower it all the way"
    text = file(step("Lift.", "6 reps", cue))
    (problem,) = check("speech-dropped", text, tmp_path)
    # The count of rep 3 comes 5 s after rep 2, and 0.2 s are silent before it.
    assert "it needs 6.4 s and has 4.8 s, about 4 words too many" in problem.message
    assert problem.fix == (
        'these fit: "And breathe out slowly as you lift it up high." or '
        '"Breathe out slowly as you lift it up high."'
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (DROPPED[0], "speech-dropped"),
        (DROPPED[1], "speech-dropped"),
        (
            file(step("Lift.", "hold 30s each side, change 6s", f"change | §{PLANK}")),
            "no-room",
        ),
    ],
)
def test_shorter_forms_fit_when_they_are_written(text: str, code: str, tmp_path: Path) -> None:
    """Written into the file, each form that is offered leaves nothing to find."""
    (problem,) = check(code, text, tmp_path)
    assert problem.fix.startswith("these fit: ")
    forms = [form.strip('"') for form in problem.fix.removeprefix("these fit: ").split('" or "')]
    routine = read(text.replace("§", ""), tmp_path)
    (own,) = routine.steps[0].cues
    for form in forms:
        assert len(form) < len(own.text)
        other = replace(routine.steps[0], cues=(replace(own, text=form),))
        script = compile_script(
            replace(routine, steps=(other,)), load_phrases(), NominalDurations()
        )
        assert [note for note in script.notes if note.cues] == []


NO_ROOM = [
    file(step("Lift.", "hold 30s each side, change 6s", f"change | §{PLANK}")),
    file(
        step("Lift.", rest_after=11),
        step("Sit.", name="¶Slow roll-down, then a long, slow roll-up"),
    ),
    file(step("Lift.", dose="¶101 reps, tempo 1-0-0")),
    file(step("Lift.", rest_after="¶11"), step("Sit.", name="Up and down and up and down")),
]
ROOM = [
    file(step("Lift.", "hold 30s each side, change 20s", f"change | {PLANK}")),
    file(
        step("Lift.", rest_after=20), step("Sit.", name="Slow roll-down, then a long, slow roll-up")
    ),
    file(
        step("Lift.", rest_after=10), step("Sit.", name="Slow roll-down, then a long, slow roll-up")
    ),
    file(step("Lift.", "30 reps, tempo 1-1-1")),
]


@pytest.mark.parametrize("text", [*NO_ROOM, *ROOM])
def test_words_that_may_not_be_dropped(text: str, tmp_path: Path) -> None:
    """A change, an announcement or a last number without room is an error, at what would mend it."""
    for problem in check("no-room", text, tmp_path):
        assert problem.severity is Severity.ERROR


def test_a_name_that_is_too_long_for_the_rest_gets_a_shorter_one(tmp_path: Path) -> None:
    """The words that are offered as `spoken` fit into the rest."""
    (problem,) = check("no-room", NO_ROOM[1], tmp_path)
    assert problem.step.startswith("step 2 ")
    assert problem.fix.startswith('write spoken = "slow roll-down" in step 2 ')


def test_a_compiler_error_stands_where_its_time_is_written(tmp_path: Path) -> None:
    """Who compiles strictly gets line and column of the rest or the dose."""
    text = file(step("Lift.", "hold 30s each side, change 2s", f"change | {PLANK}"))
    routine = read(text, tmp_path)
    with pytest.raises(RoutineError) as error:
        compile_script(routine, load_phrases(), NominalDurations())
    (problem,) = error.value.problems
    line = text.splitlines()[problem.line - 1]
    assert (line[: problem.column - 1], problem.code) == ("dose = ", "no-room")


SPED_UP = [
    file(
        step(
            "Lift.", "6 reps", "rep 2 | §Breathe out as you lift it all up high and then lower it."
        )
    ),
    file(
        step(
            "Lift.",
            "hold 30s each side, change 5s",
            "change | §Let it go, and now take the other one.",
        )
    ),
    file(
        step(
            "Lift.",
            "hold 30s each side, change 8s",
            "change | §Let go and then take your $side one now.",
        )
    ),
]
NOT_SPED_UP = [
    file(step("Lift.", "6 reps", "rep 2 | Breathe out as you lift.")),
    file(
        step(
            "Lift.", "hold 30s each side, change 14s", "change | Let it go, and now the other one."
        )
    ),
    file(step("Lift.", "hold 30s each side, change 8s", "change | Let it go.")),
]


@pytest.mark.parametrize("text", [*SPED_UP, *NOT_SPED_UP])
def test_words_that_are_sped_up(text: str, tmp_path: Path) -> None:
    """Words that fit only faster are found."""
    check("speech-sped-up", text, tmp_path)


MOVED = [
    file(step("Hold.", "hold 30s", "10s | Keep on.", "14s | §Breathe.")),
    file(step("Lift.", "8 reps", "5.3s | §Elbows close.")),
    file(step("Hold.", "hold 40s", "12s | Keep on.", "16s | §Breathe out slowly.")),
]
NOT_MOVED = [
    file(step("Hold.", "hold 30s", "5s | Keep on.", "14s | Breathe.")),
    file(step("Lift.", "8 reps", "rep 2 | Elbows close.")),
    file(step("Hold.", "hold 40s", "10s | Breathe out slowly.")),
]


@pytest.mark.parametrize("text", [*MOVED, *NOT_MOVED])
def test_cues_that_are_moved(text: str, tmp_path: Path) -> None:
    """A cue that comes at another moment than written is told, as advice."""
    for problem in check("speech-moved", text, tmp_path):
        assert problem.severity is Severity.ADVICE
        assert "is moved (by " in problem.message


PHRASES_DROPPED = [
    file(step("Lift.", dose="¶3 x 8 reps, rest 3s")),
    file(step("Lift.", dose="¶2 x hold 8s, rest 3s")),
    file(step("Lift.", dose="¶2 x for 25s, rest 3s")),
]
NO_PHRASES_DROPPED = [
    file(step("Lift.", dose="3 x 8 reps, rest 20s")),
    file(step("Lift.", dose="hold 30s")),
    file(step("Lift.", dose="20 reps, tempo 2-1-2")),
]


@pytest.mark.parametrize("text", [*PHRASES_DROPPED, *NO_PHRASES_DROPPED])
def test_the_coachs_own_words_that_are_not_said(text: str, tmp_path: Path) -> None:
    """What happens in every set is told once, at the dose that leaves no room."""
    check("phrase-dropped", text, tmp_path)


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("Now lift, slowly, both arms.", ["Lift, slowly, both arms.", "Now lift.", "Lift."]),
        (
            "And lift. Then lower. Breathe!",
            ["And lift. Then lower.", "And lift.", "Lift."],
        ),
        ("Lift.", []),
        ("Now.", []),
        ("Hold $seconds seconds, then rest", ["Hold $seconds seconds."]),
    ],
)
def test_shorter_forms(text: str, shorter: list[str]) -> None:
    """They are made of the author's own words: fewer sentences, up to a comma, no filler."""
    assert list(shortened(text, vocabulary_of("en"))) == shorter


def test_shorter_names() -> None:
    """A name loses what stands in brackets or after a comma, and gets no full stop."""
    assert list(shortened("roll-down (slow), then up", None, is_name=True)) == ["roll-down"]
