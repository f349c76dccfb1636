"""Left and right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step

if TYPE_CHECKING:
    from pathlib import Path

UNEQUAL = [
    file(
        step("Lift your right leg.", "8 reps", name="Leg lift, right"),
        step("Lift your left leg.", "¶10 reps", name="Leg lift, left"),
    ),
    file(
        step("Stretch your left arm over.", "hold 20s", name="Side bend"),
        step("Stretch your right arm over.", "¶hold 30s", name="Side bend"),
    ),
    file(
        step("Reach to the left.", "2 x hold 10s", name="Left reach"),
        step("Reach to the right.", "¶hold 10s", name="Right reach"),
    ),
]
EQUAL = [
    file(
        step("Lift your right leg.", "8 reps", name="Leg lift, right"),
        step("Lift your left leg.", "8 reps", name="Leg lift, left"),
    ),
    file(
        step("Lift your right leg.", "8 reps", name="Leg lift, right"),
        step("Lift your left arm.", "10 reps", name="Arm lift, left"),
    ),
    file(
        step("Lift your right leg.", "8 reps", name="Leg lift"),
        step("Lift both legs.", "10 reps", name="Leg lifts"),
    ),
    file(
        step("Lift your right leg.", "8 reps", name="Leg lift, right"),
        step("Rest."),
        step("Lift your left leg.", "10 reps", name="Leg lift, left"),
    ),
]


@pytest.mark.parametrize("text", [*UNEQUAL, *EQUAL])
def test_sides_with_different_doses(text: str, tmp_path: Path) -> None:
    """The dose of the second side is pointed at where it is not that of the first."""
    for problem in check("sides-unequal", text, tmp_path):
        assert 'step 1 "' in problem.message


ALONE = [
    file(step("Stand. Lift your §right leg and hold.")),
    file(step("Bend your §left knee.", name="Knee bend"), step("Lift both arms.")),
    file(step("Reach up.", name="Reach with the §right arm", spoken="reach")),
    file(step("Lie on your side.", "8 reps", "rep 2 | Now your §right hip higher.")),
]
NOT_ALONE = [
    file(step("Lift your right leg."), step("Rest."), step("Lift your left leg.")),
    file(step("Lift your $side leg.", "hold 20s each side")),
    file(step("Lift your right leg, then your left leg.")),
    file(step("Roll onto your right side and sit up.")),
    file(step("Hold the chair with your right hand and rise onto your toes.")),
    file(step("Keep it right above your hips. Only two left, right now.")),
    file(step("Turn to the left.", "for 30s", "15s | Now turn to the right.")),
    file(step("Lift each leg, right and left, and keep the right leg straight.")),
]


@pytest.mark.parametrize("text", [*ALONE, *NOT_ALONE])
def test_one_side_alone(text: str, tmp_path: Path) -> None:
    """A limb that is worked on one side only is found where it is first named."""
    check("side-alone", text, tmp_path)


UNSAID = [
    file(step("§Lift one leg and hold.", "hold 20s each side")),
    file(step("§Turn slowly.", "8 reps each side", name="Twist")),
    file(step("Lift your $side leg.", "hold 20s each side", brief="§Leg up.")),
    file(step("§Lift one leg.", "hold 20s each side", "change | Now your $side leg.")),
]
SAID = [
    file(step("Lift your $side leg.", "hold 20s each side", brief="$side leg up.")),
    file(step("Lift your right leg.", "hold 20s each side")),
    file(step("Lift one leg.", "hold 20s each side", "0s | $side leg up.")),
    file(step("Turn from side to side.", "8 reps each side, alternating")),
    file(step("Hold.", "hold 20s each side", name="Twist to the right")),
]


@pytest.mark.parametrize("text", [*UNSAID, *SAID])
def test_side_that_nobody_names(text: str, tmp_path: Path) -> None:
    """Work of one side at a time needs its first side named before the clock runs."""
    for problem in check("side-unsaid", text, tmp_path):
        assert "$side" in problem.fix


CONTRADICTED = [
    file(step("Lift your §left leg.", "hold 20s each side")),
    file(step("Lift your §right knee high.", "8 reps each side, left first")),
    file(step("Stand. Stretch the §left arm.", "8 reps each side, alternating")),
    file(step("Lift your $side leg.", "hold 20s each side", "5s | Keep your §right leg straight.")),
    file(step("Lift your $side leg.", "8 reps each side", "rep 4 | Your §left knee, higher.")),
]
CONSISTENT = [
    file(step("Lift your right leg.", "hold 20s each side")),
    file(step("Lift your left leg.", "hold 20s each side, left first")),
    file(step("Put your left hand on the chair and lift your $side leg.", "hold 20s each side")),
    file(step("Left hand on the chair, lift the leg.", "hold 20s each side")),
    file(
        step(
            "Lift your $side leg.",
            "hold 20s each side",
            '5s | The left leg stays down. | side = "first"',
            "10s | Your $side leg up, the left leg long.",
            "change | Now your left leg.",
        )
    ),
    file(step("Bend your $side knee.", "8 reps each side, alternating", "rep 2 | Left knee high.")),
]


@pytest.mark.parametrize("text", [*CONTRADICTED, *CONSISTENT])
def test_side_that_does_not_begin(text: str, tmp_path: Path) -> None:
    """Words that name another side than the one that is worked then are found."""
    check("side-contradicted", text, tmp_path)


FIXED = [
    file(step("Cross your §right ankle over your left knee.", "hold 20s each side")),
    file(step("Lift your §left leg.", "hold 20s each side, left first")),
    file(step("Turn to the §right.", "8 reps each side, alternating")),
    file(step("Lift your $side leg.", "hold 20s each side", "change | Now your §left leg.")),
    file(
        step("Lift your $side leg.", "hold 20s each side", '5s | §Left leg long. | side = "first"')
    ),
    file(step("Lift your $side leg.", "hold 20s each side", brief="§Right leg up.")),
    file(
        step("Lift your $side leg.", "hold 20s each side", name="Leg lift, §right", spoken="lift")
    ),
    file(
        step("Step your §right foot back.", "for 5s", circuit="salute"),
        circuits="{ salute = { rounds = 4, alternating = true } }",
    ),
]
NOT_FIXED = [
    file(step("Cross your $side ankle over your $other_side knee.", "hold 20s each side")),
    file(step("Lift your $side leg.", "hold 20s each side, left first", "change | Right leg now.")),
    file(step("Lift the $side arm, and look to the right and to the left.", "hold 20s each side")),
    file(step("Bend your $side knee.", "hold 20s each side", "5s | Look right and left, slowly.")),
    file(step("Lift your right leg."), step("Lift your left leg.")),
    file(step("Step your right foot back.", circuit="legs"), circuits="{ legs = { rounds = 2 } }"),
    file(step("Go right down, right now.", "8 reps each side, alternating")),
]


@pytest.mark.parametrize("text", [*FIXED, *NOT_FIXED])
def test_side_that_is_written_out(text: str, tmp_path: Path) -> None:
    """A side that is false on the other one is found, unless it is wrong on the first already."""
    for problem in check("side-fixed", text, tmp_path):
        assert "$side" in problem.fix


def test_a_side_is_found_wrong_once(tmp_path: Path) -> None:
    """A side that contradicts the dose is not told a second time."""
    for said in ("Lift your §left leg.", "Stand on your §left foot."):
        text = file(step(said, "hold 20s each side"))
        check("side-contradicted", text, tmp_path)
        check("side-fixed", text.replace("§", ""), tmp_path)


def test_a_written_side_says_when_it_is_wrong(tmp_path: Path) -> None:
    """The message names what brings the other side about."""
    each = "Cross your §right ankle over your left knee."
    for dose, when in (
        ("hold 20s each side", "with --left-first and when it is repeated on the second side"),
        ("hold 20s each side, left first", "when it is repeated on the second side"),
        ("8 reps each side, alternating", "with --left-first"),
    ):
        (problem,) = check("side-fixed", file(step(each, dose)), tmp_path)
        assert problem.message == f'"right ankle" is the wrong side {when}'
