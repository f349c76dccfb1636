"""Words that do not work for a person who only hears them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step

if TYPE_CHECKING:
    from pathlib import Path

NEEDS_EYES = [
    file(step("Lift your arms §like this.")),
    file(
        step("Bend your knees §as shown and lift."),
        closing='["Well done. §Watch the video again."]',
    ),
    file(step("Lift.", "hold 20s", "halfway | Now §follow me.", "5s | §Look at the picture.")),
    file(step("Turn §over here and §mirror me.")),
    file(step("§Turn your head this way."), opening='["§Look at the screen."]'),
    file(step("Lift, §as you can see."), step("Lift.", brief="§See the figure.")),
]
NO_EYES = [
    file(step("Watch your step and look straight ahead. Fly like a bird.")),
    file(step("Hold it this way and that, and look at the ceiling in your mind.")),
    file(step("There is no need to look at the screen. Picture a calm lake.")),
    file(step("Follow my voice. Keep your posture tall, as if a thread pulled you up.")),
    file(step("See how far your arm goes. This way you protect your back.")),
]


@pytest.mark.parametrize("text", [*NEEDS_EYES, *NO_EYES])
def test_words_for_people_who_look(text: str, tmp_path: Path) -> None:
    """What needs eyes is found at its first word; what only sounds like it is not."""
    check("needs-eyes", text, tmp_path)


LONG = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
LONG_SENTENCES = [
    file(step(f"§{LONG} one two three four five six seven eight nine ten.")),
    file(step(f"Stand. §{LONG} one two three four five six seven eight nine ten.")),
    file(step(), opening=f'["Hello. §{LONG}, one two three four five six seven eight nine ten."]'),
    file(step(brief=f"§{LONG} one two three four five six seven eight nine $seconds.")),
]
SHORT_SENTENCES = [
    file(step(f"{LONG} one two three four five six seven eight nine.")),
    file(step(f"{LONG}. One two three four five six seven eight nine ten.")),
    file(step(), about=f"{LONG} {LONG}"),
    file(step(safety=f"{LONG} {LONG}")),
]


@pytest.mark.parametrize("text", [*LONG_SENTENCES, *SHORT_SENTENCES])
def test_long_sentences(text: str, tmp_path: Path) -> None:
    """A sentence of more than 25 words is found at its start; written texts may be long."""
    check("long-sentence", text, tmp_path)


HELD = [
    file(step("Lift and §hold your breath.")),
    file(step("§Don't breathe until I say so.")),
    file(
        step("§Breathe in and hold. Then lower."),
        step("Lift.", "hold 20s", "5s | §Stop breathing."),
    ),
]
NOT_HELD = [
    file(step("Do not hold your breath. Breathe in and out.")),
    file(step("Never hold your breath, and don't breathe too fast.")),
    file(step("Hold the position and keep breathing. No breath-holding.")),
    file(step("Breathe in and hold your breath gently.", muscles='["breathing"]')),
    file(step("Hold it, breathing slowly. Hold your arms up.")),
]


@pytest.mark.parametrize("text", [*HELD, *NOT_HELD])
def test_held_breath_of_adults(text: str, tmp_path: Path) -> None:
    """A breath held in effort is found; one that is denied, or is the exercise, is not."""
    for problem in check("held-breath", text, tmp_path):
        assert "blood pressure" in problem.message


FIXED = [
    file(step("Lift.", "8 reps", "rep 5 | §Three more.")),
    file(step("Hold.", "hold 30s", "20s | §Ten more seconds, well done.")),
    file(step("Hold it for §30 seconds.", "hold 30s")),
    file(step("Do §eight reps.", "2 x 8 reps", "halfway | §four to go.")),
    file(step("Lift.", "10 reps", "rep 6 | The §last five now.")),
    file(step(dose="for 5 min"), opening='["Hello. This takes §five minutes."]'),
    file(step(dose="for 5 min"), opening='["You need a mat and about §10 minutes."]'),
]
NOT_FIXED = [
    file(step("Lift.", "8 reps", "rep 5 | $reps_left more.", "last 2 reps | Two more.")),
    file(
        step(
            "Hold.", "hold 30s", "5s before end | Five more seconds.", "halfway | Two more breaths."
        )
    ),
    file(step("Hold it for $duration. Take two slow breaths, ten centimetres apart.", "hold 30s")),
    file(step("Breathe in for four seconds.", "5 reps, tempo 4-4-4")),
    file(step("Lift it ten times higher.", "8 reps", "end | Ten more tomorrow.", rest_after=5)),
    file(
        step("Hold for a few minutes.", "for 5 min"),
        opening='["This takes $minutes minutes. Wait 60 minutes after a meal, and sit for two minutes first."]',
        closing='["Lie still for five minutes."]',
    ),
]


@pytest.mark.parametrize("text", [*FIXED, *NOT_FIXED])
def test_fixed_numbers(text: str, tmp_path: Path) -> None:
    """A number that a change of the dose makes false is found, and a variable is offered."""
    for problem in check("fixed-number", text, tmp_path):
        assert "$" in problem.fix


def test_the_length_of_the_session_is_told(tmp_path: Path) -> None:
    """Somebody who wrote down a length reads how long it really is; a block is left alone."""
    text = file(step(dose="for 5 min"), opening='["It takes §nine minutes.", { block = "MINE" }]')
    text += '\n[blocks.MINE]\nsay = ["Five minutes."]\n'
    (problem,) = check("fixed-number", text, tmp_path)
    assert problem.message == '"nine minutes" is written out, and the session lasts about 5'
    assert problem.fix == "write $minutes in place of the number"


def test_letters_of_other_languages_are_no_numbers(tmp_path: Path) -> None:
    """A long s or a Turkish i, which match without regard to case, break nothing."""
    text = file(step("Do ſeven reps, fİve seconds.", "8 reps", "rep 2 | §Sıx more. §٣ more."))
    check("fixed-number", text, tmp_path)


CAPITALS = [
    file(step("§STOP when it hurts.")),
    file(step("Lift §VERY slowly, VERY high.")),
    file(step("Lift.", "hold 20s", "5s | Keep §BREATHING.")),
]
NO_CAPITALS = [
    file(step("Take the TRX and do HIIT. I say so.")),
    file(step("Lie down. Then rest.", name="DB row", spoken="dumbbell row")),
    file(step("Say XYZ and BCDF.")),
]


@pytest.mark.parametrize("text", [*CAPITALS, *NO_CAPITALS])
def test_capitals(text: str, tmp_path: Path) -> None:
    """The first word in capitals of a text is found; names that are said letter by letter are not."""
    check("capitals", text, tmp_path)


BRIEFS = [
    file(step("Lift it.", brief="¶Lift it slowly.")),
    file(step("Lift your arms.", brief="¶Lift both your arms up.")),
    file(step("Sit.", brief="¶Sit down.")),
]
GOOD_BRIEFS = [
    file(step("Lift your arms slowly.", brief="Arms up.")),
    file(step("Lift it.", brief="Lift up.")),
    file(step("Lift it.")),
]


@pytest.mark.parametrize("text", [*BRIEFS, *GOOD_BRIEFS])
def test_long_briefs(text: str, tmp_path: Path) -> None:
    """A short form that is longer than the instruction is found."""
    check("brief-long", text, tmp_path)
