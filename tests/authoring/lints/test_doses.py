"""Rests after hard work, and amounts that guidance would not give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step
from voicecoach.errors import Severity

if TYPE_CHECKING:
    from pathlib import Path

BELLS = {"equipment": 'dumbbells = "your dumbbells"', "opening": '[{ block = "SC-D" }]'}
LOADED = {"equipment": '["dumbbells"]', "muscles": '["trapezius"]'}
CORE = {"muscles": '["abdominals"]'}

MISSING = [
    file(
        step("Lift.", "8 reps", **LOADED, rest_after="¶5"),
        step("Row.", "8 reps", **LOADED),
        **BELLS,
    ),
    file(step("Hold.", "hold 60s", **CORE, mark="¶"), step("Curl.", "8 reps", **CORE)),
    file(step("Curl.", "3 x 8 reps, rest 20s", **CORE, rest_after="¶2"), step("Hold.", **CORE)),
    file(step("Lift.", "¶2 x 8 reps, rest 10s", **LOADED), **BELLS),
]
THERE = [
    file(
        step("Stretch.", "hold 60s", muscles='["stretch-hamstrings"]'),
        step("Reach.", "hold 60s", muscles='["stretch-hamstrings"]'),
    ),
    file(
        step("Lift.", "8 reps", **LOADED, rest_after=45), step("Row.", "8 reps", **LOADED), **BELLS
    ),
    file(step("Hold.", "hold 60s", **CORE), step("Curl.", "8 reps", muscles='["trapezius"]')),
    file(step("Hold.", "hold 60s", **CORE), step("Stretch.", muscles='["stretch-abdominals"]')),
    file(step("Hold.", "hold 30s", **CORE), step("Curl.", "8 reps", **CORE)),
    file(step("Hold.", "hold 60s", **CORE, rest_after=20), step("Curl.", "8 reps", **CORE)),
    file(
        step("Hold.", "hold 60s", **CORE, together="a"),
        step("Curl.", "8 reps", **CORE, together="a"),
    ),
    file(step("Hold.", "hold 60s", **CORE), step("And curl.", "8 reps", **CORE, flow=True)),
    file(step("Lift.", "2 x 8 reps, rest 30s", **LOADED), **BELLS),
    file(step("Hold.", "hold 60s", **CORE), step("Curl.", "8 reps", **CORE, setup=25)),
]


@pytest.mark.parametrize("text", [*MISSING, *THERE])
def test_rests_after_hard_work(text: str, tmp_path: Path) -> None:
    """Weights, long holds and many sets are followed by a rest of their muscles."""
    for problem in check("rest-missing", text, tmp_path):
        assert problem.severity is Severity.WARNING


def test_the_rest_that_is_asked_for_is_enough(tmp_path: Path) -> None:
    """Written as the finding says, the rest leaves nothing to find."""
    (problem,) = check("rest-missing", MISSING[0], tmp_path)
    seconds = problem.fix.removeprefix("write rest_after = ").removesuffix(" or more")
    check("rest-missing", MISSING[0].replace("¶5", seconds), tmp_path)
    assert float(seconds) > 5
    shorter = f"¶{float(seconds) - 1:g}"
    check("rest-missing", MISSING[0].replace("¶5", shorter), tmp_path)


STRETCH = {"muscles": '["stretch-hamstrings"]'}
UNUSUAL = [
    file(step("Stretch.", "¶hold 5s", **STRETCH)),
    file(step("Stretch.", "¶hold 180s", **STRETCH)),
    file(step("Lift.", "¶3 reps", **LOADED), **BELLS),
    file(step("Lift.", "¶2 x 40 reps, rest 60s", **LOADED), **BELLS),
    file(step("Lift.", "¶8 x 10 reps, rest 60s", **LOADED), **BELLS),
    file(step("Lift.", "¶10 reps, tempo 1-0-0.5", **LOADED), **BELLS),
    file(step("Hold the plank.", "¶hold 150s", **CORE)),
]
USUAL = [
    file(step("Stretch.", "2 x hold 30s each side", **STRETCH)),
    file(step("Stretch.", "hold 60s", **STRETCH)),
    file(step("Lift.", "3 x 12 reps, rest 60s", **LOADED), **BELLS),
    file(step("Lift.", "20 reps", **LOADED), **BELLS),
    file(step("Curl up.", "6-4-2 reps, hold 10s, rest 20s", **CORE)),
    file(step("Squat.", "8 x for 20s, rest 10s", muscles='["thighs"]')),
    file(step("Rest.", "hold 180s", muscles='["release-whole-back"]')),
    file(step("Hold the plank.", "hold 60s", **CORE)),
    file(step("Lift.", "hold 5s", muscles='["stretch-chest", "trapezius"]')),
]


@pytest.mark.parametrize("text", [*UNUSUAL, *USUAL])
def test_unusual_doses(text: str, tmp_path: Path) -> None:
    """What is far from guidance is found at the dose, and the source is named."""
    for problem in check("dose-unusual", text, tmp_path):
        assert "ACSM" in problem.message or "McGill" in problem.message
