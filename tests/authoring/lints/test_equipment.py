"""Equipment and muscles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step

if TYPE_CHECKING:
    from pathlib import Path

CHAIR = 'chair = "a chair"'
UNLISTED = [
    file(step("Sit on the §chair and lean back.")),
    file(step("Lean on the §wall.", "hold 20s", "5s | Away from the wall."), step("Use the wall.")),
    file(step("Sit on the chair. Take a §towel.", equipment='["chair"]'), equipment=CHAIR),
    file(step("Roll out your §mat.", brief="On the mat.")),
]
LISTED = [
    file(step("Sit on the chair and lean back.", equipment='["chair"]'), equipment=CHAIR),
    file(step("Keep your back flat like a table. Stand as if there were no wall.")),
    file(
        step("Press the balls of your feet down. Stick to it."), opening='["Keep a bottle near."]'
    ),
    file(
        step("Lie back on the stools.", equipment='["ball"]'),
        equipment='ball = "a ball or two stools"',
    ),
    file(step("Curl up. Push an imaginary wall."), closing='["Put the chair away."]'),
]


@pytest.mark.parametrize("text", [*UNLISTED, *LISTED])
def test_things_that_nobody_listed(text: str, tmp_path: Path) -> None:
    """A thing is found where it is first spoken of."""
    check("equipment-unlisted", text, tmp_path)


UNUSED = [
    file(step(), equipment='chair = ¶"a chair"'),
    file(step(equipment='["chair"]'), equipment='chair = "a chair"\nmat = ¶"a mat"'),
    file(
        step("Lie on the mat."), equipment='mat = ¶{ en = "a mat" }'.replace("¶{ en = ", "{ en = ¶")
    ),
]
USED = [
    file(step(equipment='["chair"]'), equipment=CHAIR),
    file(step(), step(equipment='["mat", "chair"]'), equipment='chair = "a chair"\nmat = "a mat"'),
    file(step()),
]


@pytest.mark.parametrize("text", [*UNUSED, *USED])
def test_things_that_no_step_needs(text: str, tmp_path: Path) -> None:
    """A thing is found where it is listed."""
    check("equipment-unused", text, tmp_path)


UNTRAINED = [
    file(step(muscles='["abdominals"]'), muscles='["abdominals", ¶"trapezius"]'),
    file(step(muscles='["assist-trapezius"]'), muscles='[¶"trapezius"]'),
    file(step(), muscles='[¶"mobility"]'),
    file(step(muscles='["stretch-hamstrings"]'), muscles='[¶"hamstrings"]'),
]
TRAINED = [
    file(step(muscles='["trapezius"]'), muscles='["trapezius"]'),
    file(step(muscles='["mobilise-whole-back"]'), muscles='["mobility"]'),
    file(
        step(muscles='["gluteus-medius", "quadriceps"]'), muscles='["gluteus", "legs", "strength"]'
    ),
    file(step(muscles='["stretch-hamstrings"]'), muscles='["flexibility", "stretch-hamstrings"]'),
    file(step(muscles='["abdominals"]'), muscles='["core"]'),
    file(step(muscles='["Trapezius (upper)"]'), muscles='["trapezius-upper", "trapezius"]'),
]


@pytest.mark.parametrize("text", [*UNTRAINED, *TRAINED])
def test_muscles_that_no_step_trains(text: str, tmp_path: Path) -> None:
    """A claim is found where it is made; what only assists trains nothing."""
    for problem in check("muscle-untrained", text, tmp_path):
        assert "no step trains it" in problem.message
