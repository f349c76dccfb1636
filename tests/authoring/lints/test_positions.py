"""Changes of position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step

if TYPE_CHECKING:
    from pathlib import Path

UNEXPLAINED = [
    file(
        step("Stand tall.", position="standing"),
        step("§Press your back into the floor.", position="lying on back, knees bent"),
    ),
    file(
        step("Lie down on your back.", position="lying on back"),
        step("§Lift your heels.", position="standing"),
        step("§Press your chest up.", position="lying on stomach"),
    ),
    file(step("§Lift both knees.", position="supine")),
    file(step("Sit on the chair."), step("§Reach one arm forwards.", position="hands and knees")),
]
EXPLAINED = [
    file(
        step("Stand tall.", position="standing"),
        step("Lie down on your back.", position="lying on back, knees bent"),
        step("Roll to your side and sit up.", position="sitting, legs in front"),
        step("Go onto hands and knees.", position="hands and knees"),
        step("Come up slowly.", position="standing"),
    ),
    file(
        step("Bend.", "hold 10s", "5s before end | Now we lie down.", position="standing"),
        step("Press.", position="lying on back"),
    ),
    file(
        step("Lean.", position="standing, hands on lower back"),
        step("Push.", position="standing, back against wall"),
    ),
    file(
        step("Stand up and sit down.", position="sitting to standing"),
        step("March.", position="standing"),
        opening='["Sit on a chair."]',
    ),
    file(
        step("Step back into plank.", position="plank"),
        step("Bend your elbows and lower yourself to the floor.", position="lying on stomach"),
        step("Push your hips up and back.", position="downward dog"),
        step("Sit back on your heels.", position="kneeling"),
    ),
    file(step("Breathe.", position="lying on back"), opening='["Lie on your back."]'),
    file(
        step("Sit on a chair.", position="sitting, hands on knees"),
        step("Nod.", position="standing or sitting"),
    ),
    file(step("Sit down."), step("Turn.", spoken="seated twist"), step("Stand up.")),
    file(step("Sit down.", position="sitting"), step("Turn.", name="Seated twist")),
]


@pytest.mark.parametrize("text", [*UNEXPLAINED, *EXPLAINED])
def test_changes_that_nobody_explains(text: str, tmp_path: Path) -> None:
    """Whoever has to lie down, sit or stand up is told so."""
    check("position-unexplained", text, tmp_path)


MISSING = [
    file(
        step("Stand tall."),
        step("Lie down on your back."),
        step("Lift both knees.", name="¶Knees up"),
        step("Sit up."),
    ),
    file(step("Nod.", name="¶Nods"), step("Sit down."), step("Stand up.")),
    file(
        step("Sit."),
        step("Breathe.", name="¶Breath"),
        step("Nod.", name="¶Nods"),
        step("Stand up."),
    ),
]
NOT_MISSING = [
    file(step("Stand tall."), step("Lift your arms."), step("March.")),
    file(step("Lift your arms."), step("Nod.")),
    file(step("Sit."), step("Breathe."), step("Sit tall."), step("Stand up."), step("Nod.")),
    file(step("Stand."), step("Lie down on your back."), step("Nod.", position="lying on back")),
    file(step("Stand."), step("Lie on your back."), step("And breathe.", flow=True)),
]


@pytest.mark.parametrize("text", [*MISSING, *NOT_MISSING])
def test_positions_that_are_not_known(text: str, tmp_path: Path) -> None:
    """In a routine that changes the position, each is written or told."""
    check("position-missing", text, tmp_path)
