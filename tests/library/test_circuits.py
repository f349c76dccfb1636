"""Circuits: steps that are done round after round, as a file has them and as they are heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.building import compiled, spoken
from tests.support.checkout import CHECKOUT
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.selection import select_steps
from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import Routine, Talk

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
voicecoach = 1
title = "Test"
audience = "adult"

[equipment]
mat = "a mat"
"""
STEPS = """
[[steps]]
slug = "squats"
name = "Squats"
circuit = "legs"
say = "Stand with your feet apart. Sit back and stand up."
brief = "Feet apart."
dose = "for 20s"
setup = 10
stop = "STOP-A1"

[[steps]]
slug = "lunges"
name = "Lunges"
circuit = "legs"
say = "Take a long step."
dose = "for 20s"
setup = 10
rest_after = 5
equipment = ["mat"]

[[steps]]
slug = "walk"
name = "Walk"
say = "Walk slowly."
dose = "for 30s"
"""


def read(tmp_path: Path, text: str) -> tuple[Routine | None, list[str]]:
    """Return the routine in a text, and what is wrong with it."""
    path = tmp_path / "test.toml"
    path.write_text(HEAD + text, "utf-8")
    routine, problems = check_routine(path, Library(CHECKOUT))
    return routine, [problem.describe("").split(": ", 1)[1] for problem in problems]


def good(tmp_path: Path, text: str) -> Routine:
    """Return the routine in a text that has no mistakes."""
    routine, problems = read(tmp_path, text)
    assert not problems
    assert routine is not None
    return routine


def test_the_steps_of_a_circuit_are_done_round_after_round(tmp_path: Path) -> None:
    """All of them, then all of them again; what is outside is done once. Slugs are unique."""
    routine = good(tmp_path, "[circuits.legs]\nrounds = 3\n" + STEPS)
    assert [step.slug for step in routine.steps] == [
        "squats", "lunges", "squats-round-2", "lunges-round-2", "squats-round-3", "lunges-round-3", "walk",
    ]  # fmt: skip
    names = [step.name for step in routine.steps]
    assert names[::2] == ["Squats (1/3)", "Squats (2/3)", "Squats (3/3)", "Walk"]
    line = {step.slug: routine.locations.of_step(step.slug).line for step in routine.steps}
    lines = {line[f"squats{ending}"] for ending in ("", "-round-2", "-round-3")}
    assert lines == {HEAD.count("\n") + 4}
    assert line["walk"] > line["lunges-round-3"] > line["squats"]


def test_a_further_round_is_announced_once_and_needs_few_words(tmp_path: Path) -> None:
    """It says which round it is, the short form, no STOP line and nothing that lies there already."""
    script = compiled(good(tmp_path, "[circuits.legs]\nrounds = 3\n" + STEPS))
    assert [cue.text for cue in spoken(script, "round")] == ["Round two.", "Round three."]
    first, second, again, once_more = script.segments[:4]
    said = [cue.text for cue in again.cues if cue.kind == "speech"]
    assert said[:3] == ["Round two.", "Squats.", "Feet apart."]
    assert [cue.text for cue in once_more.cues if cue.role == "instruction"] == [
        "Take a long step."
    ]
    assert [segment.slug for segment in script.segments if "stop" in roles(segment)] == ["squats"]
    assert [segment.slug for segment in script.segments if "equipment" in roles(segment)] == [
        "lunges"
    ]
    assert first.duration_seconds > again.duration_seconds == 30.0
    assert second.work_blocks[0].duration_seconds == once_more.work_blocks[0].duration_seconds == 20


def roles(segment: object) -> set[str]:
    """Return what the cues of a segment are for."""
    return {cue.role for cue in segment.cues}  # type: ignore[attr-defined]


def test_rest_between_rounds_is_exact_and_not_after_the_last(tmp_path: Path) -> None:
    """It takes the place of the last step's own rest, which stays where the circuit ends."""
    routine = good(tmp_path, "[circuits.legs]\nrounds = 2\nrest = 45\n" + STEPS)
    assert [step.rest_after_seconds for step in routine.steps] == [0, 45, 0, 5, 0]
    script = compiled(routine)
    ends = [segment.work_blocks[-1].end_seconds for segment in script.segments]
    assert script.segments[1].duration_seconds - ends[1] == pytest.approx(45)
    assert [cue.text for cue in spoken(script, "next")] == ["Next: squats."]


SIDED = """
[circuits.legs]
rounds = 4
alternating = true

[[steps]]
slug = "kick"
name = "Kick"
circuit = "legs"
say = "Stand on your $other_side leg and swing your $side leg."
dose = "for 20s"
cues = [{ at = "10s", say = "Only the $side leg." }]
"""


def test_sides_take_turns_by_rounds(tmp_path: Path) -> None:
    """Every text names the side of its round, as often right as left; left may come first."""
    routine = good(tmp_path, SIDED)
    said = [cue.text.split()[-2] for cue in spoken(compiled(routine), "cue")]
    assert said == ["right", "left", "right", "left"]
    script = compiled(personalise(routine, Wishes(left_first=True)))
    assert [cue.text.split()[-2] for cue in spoken(script, "instruction")] == [
        "left", "right", "left", "right",
    ]  # fmt: skip
    in_tones = compiled(personalise(routine, Wishes(talk=Talk.TONES)))
    sides = [cue.text for cue in spoken(in_tones, "side")]
    assert sides == ["Right side.", "Left side.", "Right side.", "Left side."]
    assert all(step.dose.sides is Sides.NONE for step in routine.steps)


def test_a_step_is_chosen_in_all_its_rounds_by_its_name(tmp_path: Path) -> None:
    """By the name in the file all rounds, by that of a round this one alone."""
    routine = good(tmp_path, "[circuits.legs]\nrounds = 2\n" + STEPS)
    chosen = [step.slug for step in select_steps(routine, Wishes(only=("squats",))).steps]
    assert chosen == ["squats", "squats-round-2"]
    left = [step.slug for step in select_steps(routine, Wishes(skip=("lunges-round-2",))).steps]
    assert left == ["squats", "lunges", "squats-round-2", "walk"]
    # The round is announced by what is left of it.
    script = compiled(select_steps(routine, Wishes(skip=("squats",))))
    assert [cue.text for cue in spoken(script, "round")] == ["Round two."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            STEPS,
            ['step 1 "Squats": no circuit "legs": write [circuits.legs], and rounds below it',
             'step 2 "Lunges": no circuit "legs": write [circuits.legs], and rounds below it'],
        ),
        (
            "[circuits.arms]\nrounds = 2\n" + STEPS.replace('circuit = "legs"\n', ""),
            ['no step is in this circuit: arms: write circuit = "arms" into each of its steps'],
        ),
        ("[circuits.legs]\nrounds = 1\n" + STEPS, ["rounds is from 2 to 20, got 1: write 2 or more"]),
        (
            "[circuits.legs]\nrounds = 3\nalternating = true\n" + STEPS,
            ["3 rounds with alternating sides leave one side with less: write 2 or 4"],
        ),
        (
            "[circuits.legs]\nrounds = 2\n" + STEPS
            + STEPS.split("[[steps]]")[1].join(["[[steps]]", ""]).replace("squats", "more"),
            [
                (
                    'step 4 "Squats": circuit = "legs": the steps of a circuit have to be neighbours: '
                    "put them one after the other, or name another circuit"
                )
            ],
        ),
        (
            "[circuits.legs]\nrounds = 2\n" + STEPS.replace('"walk"', '"lunges-round-2"'),
            ['step 3 "Walk": slug "lunges-round-2" is that of round 2 of "lunges": choose another'],
        ),
        (
            "[circuits.legs]\nrounds = 2\n" + STEPS.replace("Take a long step", "To the $side"),
            [
                (
                    'step 2 "Lunges": $side has no meaning here, the dose "for 20s" has no sides: '
                    "leave it out, or change the dose"
                )
            ],
        ),
    ],
)  # fmt: skip
def test_mistakes_are_told(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Each with what to write instead, and no other is told beside it."""
    routine, problems = read(tmp_path, text)
    assert routine is None
    assert problems == expected


def test_rounds_count_where_lengths_are_limited(tmp_path: Path) -> None:
    """Twenty rounds of forty minutes are too long, and so are many steps."""
    long = STEPS.replace('"for 20s"', '"for 40 min"')
    _, problems = read(tmp_path, "[circuits.legs]\nrounds = 20\n" + long)
    assert len(problems) == 1
    assert "hours together" in problems[0]
    steps = "".join(
        f'[[steps]]\nslug = "s{number}"\nname = "S"\ncircuit = "legs"\nsay = "Go on."\ndose = "for 1s"\n'
        for number in range(60)
    )
    _, problems = read(tmp_path, "[circuits.legs]\nrounds = 20\n" + steps)
    assert problems[0].startswith("the rounds come to 1200 steps")
