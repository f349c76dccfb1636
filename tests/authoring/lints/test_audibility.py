"""What only shows when it is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step

if TYPE_CHECKING:
    from pathlib import Path

ALIKE = [
    file(step("Bend.", name="Cat stretch"), step("Sit.", name="¶Calf stretch")),
    file(step("Bend.", name="Squat"), step("Sit.", name="¶Squats")),
    file(step("Bend."), step("Sit.", name="Knee hug"), step("Lie.", name="¶Knee hugs")),
    file(step("Bend.", spoken="rolls"), step("Sit.", spoken="¶Rolls")),
]
NOT_ALIKE = [
    file(
        step("Bend.", name="Straight-leg lift and slow hold, right"),
        step("Sit.", name="Straight-leg lift and slow hold, left"),
    ),
    file(
        step("Bend.", name="Warm-up and stretch one"), step("Sit.", name="Warm-up and stretch two")
    ),
    file(step("Bend.", name="Leg lift, right"), step("Sit.", name="Leg lift, left")),
    file(step("Bend.", name="Push-ups"), step("Bend.", name="Push-ups")),
    file(step("Bend.", name="Squats one"), step("Sit.", name="Squats two")),
    file(step("Bend.", name="Slow roll-down"), step("Sit.", name="Slow roll-up")),
    file(step("Bend.", name="Round 1"), step("Sit.", name="Round 2")),
]


@pytest.mark.parametrize("text", [*ALIKE, *NOT_ALIKE])
def test_names_that_sound_alike(text: str, tmp_path: Path) -> None:
    """The second of two names is found; sides, numbers and directions tell names apart."""
    check("names-alike", text, tmp_path)


UNSPEAKABLE = [
    file(step(name="¶Bridge (glutes)")),
    file(step(name="Bridge", spoken="§(Bridge")),
    file(step(name="¶Curl/press")),
    file(step(name="Alternating curls", spoken="§alt. curls")),
    file(step(name="¶Side plank L")),
]
SPEAKABLE = [
    file(step(name="Bridge (glutes)", spoken="bridge")),
    file(step(name="TRX row")),
    file(step(name="Roll up. And down")),
    file(step(name="Airplane!"), step(name="Sit-to-stand, slowly")),
    file(step(name="Warm-up: march on the spot")),
]


@pytest.mark.parametrize("text", [*UNSPEAKABLE, *SPEAKABLE])
def test_names_for_the_eye(text: str, tmp_path: Path) -> None:
    """Brackets, slashes and abbreviations are found where the spoken name is written."""
    check("name-unspeakable", text, tmp_path)


LONG_NAMES = [
    file(step(name="¶Now we all slowly roll up and down again")),
    file(step(spoken="¶one two three four five six seven eight nine")),
    file(step(), step(name="¶A name of nine words, which is too much")),
]
SHORT_NAMES = [
    file(step(name="Now we roll up and down again slowly", spoken="roll")),
    file(step(name="One two three four five six seven eight")),
    file(step(name="Slow roll-down, straight-leg lift")),
]


@pytest.mark.parametrize("text", [*LONG_NAMES, *SHORT_NAMES])
def test_names_that_take_long(text: str, tmp_path: Path) -> None:
    """A name of more than eight words is found where it is written."""
    check("name-long", text, tmp_path)


AT_ONCE = [
    file(step("Hold.", "hold 30s", "halfway | Halfway.", "¶15s | Breathe.")),
    file(step("Lift.", "8 reps", "rep 2 | Breathe.", "¶rep 2 | Higher.")),
    file(step("Lift.", "8 reps, tempo 2-1-2", "after rep 4 | Breathe.", "¶halfway | Halfway.")),
    file(step("Lift.", "9 reps, tempo 6-1-2", "halfway | Halfway.", "¶43s | Breathe.")),
    file(step("Hold.", "hold 30s", "5s before end | Yes.", "3s | No.", "¶25s | Higher.")),
    file(step("Lift.", "8 reps", "last 2 reps | Yes.", "¶rep 7 | Higher.")),
]
NOT_AT_ONCE = [
    file(step("Hold.", "hold 30s", "halfway | Halfway.", "20s | Breathe.")),
    file(
        step(
            "Hold $side.",
            "hold 30s each side",
            '5s | A. | side = "first"',
            '5s | B. | side = "second"',
        )
    ),
    file(step("Lift.", "2 x 8 reps", "rep 2 | Breathe. | set = 1", "rep 2 | Higher. | set = 2")),
    file(step("Hold.", "hold 30s", "15s | Breathe.", "halfway | Lovely. | praise = true")),
    file(step("Hold.", "2 x hold 30s", "rest | Breathe.", "rest | Lovely.")),
]


@pytest.mark.parametrize("text", [*AT_ONCE, *NOT_AT_ONCE])
def test_cues_at_one_moment(text: str, tmp_path: Path) -> None:
    """The moment of the second cue is pointed at, however the two are written."""
    check("cues-at-once", text, tmp_path)


SAY = "Lie down on your back with your knees bent, your feet flat, and your arms beside your body."
SHORT = [
    file(step(SAY, setup="¶8")),
    file(step(f"{SAY} {SAY}", setup="¶15")),
    file(step("Lie.", stop="STOP-A1", setup="¶5")),
]
NOT_SHORT = [
    file(step(SAY, setup=20)),
    file(step(SAY)),
    file(step(SAY, setup=12)),
    file(step("Lie.", setup=5)),
]


@pytest.mark.parametrize("text", [*SHORT, *NOT_SHORT])
def test_set_ups_that_the_words_do_not_fit_into(text: str, tmp_path: Path) -> None:
    """A clock that waits for more than 2 s is told, with the set-up that there really is."""
    for problem in check("setup-short", text, tmp_path):
        seconds = problem.fix.removeprefix("write setup = ").partition(",")[0]
        plain = text.replace("¶8", seconds).replace("¶15", seconds).replace("¶5", seconds)
        check("setup-short", plain, tmp_path)
