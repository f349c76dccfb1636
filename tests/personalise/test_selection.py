"""Choosing steps of a routine."""

from __future__ import annotations

import pytest

from tests.building import routine, step
from voicecoach.errors import RoutineError
from voicecoach.personalise import select_steps

PLAN = routine(
    step("stand"),
    step("roll-down", together="roll"),
    step("hang", together="roll"),
    step("roll-up", together="roll"),
    step("sit"),
    opening="Welcome.",
    closing="Goodbye.",
)


def slugs(**wishes: object) -> list[str]:
    """Return the slugs of the steps that are left."""
    return [one.slug for one in select_steps(PLAN, **wishes).steps]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wishes", "left"),
    [
        ({}, ["stand", "roll-down", "hang", "roll-up", "sit"]),
        ({"start": "sit"}, ["sit"]),
        ({"start": "5"}, ["sit"]),
        ({"start": "hang"}, ["roll-down", "hang", "roll-up", "sit"]),
        ({"only": ["sit", "1"]}, ["stand", "sit"]),
        ({"only": ["roll-up"]}, ["roll-down", "hang", "roll-up"]),
        ({"only": ["sit"], "start": "2"}, ["sit"]),
    ],
)
def test_steps_are_chosen_by_name_and_number_and_groups_stay_whole(
    wishes: dict[str, object], left: list[str]
) -> None:
    """Steps keep their order, and steps that belong together are never torn apart."""
    assert slugs(**wishes) == left


def test_opening_and_closing_stay() -> None:
    """The checks are spoken whatever part of the routine is done."""
    chosen = select_steps(PLAN, only=["sit"])
    assert (chosen.opening, chosen.closing) == (PLAN.opening, PLAN.closing)


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"start": "hag"}, r'no step "hag"; did you mean "hang"\?.* 1 stand, 2 roll-down, 3 hang'),
        ({"only": ["6"]}, r'no step "6"\. Its steps are'),
        ({"only": ["0"]}, r'no step "0"\. Its steps are'),
        ({"only": ["stand"], "start": "sit"}, "none of stand comes at or after sit"),
    ],
)
def test_unknown_steps_are_named_with_those_there_are(
    wishes: dict[str, object], message: str
) -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(RoutineError, match=message):
        slugs(**wishes)
