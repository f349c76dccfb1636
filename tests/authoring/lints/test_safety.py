"""What keeps a person safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step
from voicecoach.errors import Severity

if TYPE_CHECKING:
    from pathlib import Path

STOPS = '[{ block = "SC-Q" }]'
LATE = [
    file(step(dose="hold 200s", slug="one"), step(dose="hold 100s", slug="¶two"), opening=STOPS),
    file(step(dose="hold 250s", slug="¶one")),
    file(
        step(dose="hold 200s", slug="one", stop="STOP-A1"),
        step(dose="hold 200s", slug="¶two"),
        step(dose="hold 20s", slug="three"),
        opening='["Welcome."]',
    ),
]
LATE_IN_ONE_STEP = file(step(dose="hold 300s", slug="¶one", stop="STOP-A1"))
NOT_LATE = [
    file(step(dose="hold 200s"), opening=STOPS),
    file(step(dose="hold 200s"), step(dose="hold 200s", stop="STOP-A1"), opening=STOPS),
    file(
        step("Stand.", "hold 250s", "100s | If it hurts, stop and rest."),
        opening='["Stop if it hurts."]',
    ),
    file(step(dose="hold 30s"), step(dose="hold 100s")),
]


@pytest.mark.parametrize("text", [*LATE, *NOT_LATE])
def test_long_without_a_stop_line(text: str, tmp_path: Path) -> None:
    """More than four minutes without a word about pain are found where a line could stand."""
    for problem in check("stop-late", text, tmp_path):
        assert problem.severity is Severity.ADVICE
        assert 'stop = "STOP-A1"' in problem.fix or problem.fix.startswith("say it in a cue")


def test_long_work_gets_a_cue(tmp_path: Path) -> None:
    """Where a line in the lead-in is not enough, a cue is asked for, and one is enough."""
    (problem,) = check("stop-late", LATE_IN_ONE_STEP, tmp_path)
    assert problem.fix.startswith("say it in a cue")
    cue = 'cues = [{ at = "halfway", say = "If it hurts, stop." }]'
    check("stop-late", f"{LATE_IN_ONE_STEP.replace('¶', '')}\n{cue}", tmp_path)


WEIGHTS = [
    file(step("Lift them.", equipment='["dumbbells"]'), equipment='dumbbells = ¶"your dumbbells"'),
    file(step("Lift the §kettlebell."), step("Lift the kettlebell again.")),
    file(
        step("Lift.", equipment='["bell"]'), equipment='bell = ¶"two light weights"', opening=STOPS
    ),
]
NO_WEIGHTS = [
    file(
        step("Lift them.", equipment='["dumbbells"]'),
        opening='[{ block = "SC-D" }]',
        equipment='dumbbells = "your dumbbells"',
    ),
    file(step("Shift your weight onto your heels, without any weights.")),
    file(step("Pull the band.", equipment='["band"]'), equipment='band = "a band"'),
    file(step("Stand."), closing='["To go on, try the dumbbell set."]'),
]


@pytest.mark.parametrize("text", [*WEIGHTS, *NO_WEIGHTS])
def test_weights_without_reasons(text: str, tmp_path: Path) -> None:
    """Weights that nobody is warned of are an error, at the first place that speaks of them."""
    for problem in check("weights-without-reasons", text, tmp_path):
        assert problem.severity is Severity.ERROR


CHILD = [
    file(step("Hop."), audience="¶child"),
    file(step("Hop."), audience="¶child", adult_nearby=False),
    file(step("Hop."), audience="¶child", opening='[{ block = "SC-C" }]'),
]
NOT_A_CHILD_ALONE = [
    file(step("Hop."), audience="child", adult_nearby=True),
    file(step("Hop.")),
    file(step("Hop."), adult_nearby=True),
]


@pytest.mark.parametrize("text", [*CHILD, *NOT_A_CHILD_ALONE])
def test_children_without_a_grown_up(text: str, tmp_path: Path) -> None:
    """A routine for children that mentions no grown-up gets advice."""
    for problem in check("adult-unmentioned", text, tmp_path):
        assert problem.fix.startswith("write adult_nearby = true")
