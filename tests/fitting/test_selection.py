"""Choosing steps of a routine."""

from __future__ import annotations

import pytest

from tests.support.building import compiled, routine, spoken, step
from voicecoach.errors import RoutineError
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.selection import select_steps, with_steps
from voicecoach.fitting.wishes import Wishes
from voicecoach.routine.model import Silence, Spoken

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
    return [one.slug for one in select_steps(PLAN, Wishes(**wishes)).steps]  # type: ignore[arg-type]


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
        ({"skip": ["sit"]}, ["stand", "roll-down", "hang", "roll-up"]),
        ({"skip": ["1", "5"]}, ["roll-down", "hang", "roll-up"]),
        ({"skip": ["hang"]}, ["stand", "sit"]),  # all of a group
        ({"skip": ["3"], "start": "2"}, ["sit"]),  # numbers are those of the whole routine
        ({"skip": ["sit"], "only": ["stand", "sit"]}, ["stand"]),
        ({"skip": ["stand"], "start": "sit"}, ["sit"]),
    ],
)
def test_steps_are_chosen_by_name_and_number_and_groups_stay_whole(
    wishes: dict[str, object], left: list[str]
) -> None:
    """Steps keep their order, and steps that belong together are never torn apart."""
    assert slugs(**wishes) == left


def test_opening_and_closing_stay() -> None:
    """The checks are spoken whatever part of the routine is done."""
    chosen = select_steps(PLAN, Wishes(only=("sit",)))
    assert (chosen.opening, chosen.closing) == (PLAN.opening, PLAN.closing)


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"start": "hag"}, r'no step "hag": did you mean "hang"\?.* 1 stand, 2 roll-down, 3 hang'),
        ({"only": ["6"]}, r'no step "6": its steps are'),
        ({"only": ["0"]}, r'no step "0": its steps are'),
        ({"only": ["stand"], "start": "sit"}, 'none of "stand" comes at or after "sit"'),
        ({"skip": ["stan"]}, r'no step "stan": did you mean "stand"\?'),
        (
            {"skip": ["stand", "hang", "sit"]},
            'without "stand", "hang", "sit" nothing is left to do',
        ),
        ({"only": ["hang"], "skip": ["roll-up"]}, 'without "roll-up" nothing is left to do'),
    ],
)
def test_unknown_steps_are_named_with_those_there_are(
    wishes: dict[str, object], message: str
) -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(RoutineError, match=message):
        slugs(**wishes)


def test_nothing_is_said_about_what_is_not_done() -> None:
    """Words that speak of steps are said where all of these are done; silences and other words stay."""
    opening = (
        Spoken("Welcome."),
        Spoken("You will stand and sit.", steps=("stand", "sit")),
        Silence(3.0),
        Spoken("You will sit.", steps=("sit",)),
    )
    closing = (Spoken("You have stood.", steps=("stand",)), Spoken("Goodbye."))
    what = routine(*PLAN.steps, opening=opening, closing=closing)
    left = with_steps(what, what.steps[1:])
    assert left.opening == (opening[0], opening[2], opening[3])
    assert left.closing == (closing[1],)
    assert with_steps(what, what.steps) == what


def test_what_is_skipped_is_not_announced_or_needed() -> None:
    """The rest before it tells of the one that comes then."""
    steps = [
        step("stand", "hold 20s", rest_after_seconds=20.0),
        step("row", "8 reps", rest_after_seconds=20.0),
        step("sit", "hold 20s"),
    ]
    script = compiled(personalise(routine(*steps), Wishes(skip=("row",))))
    assert [item.text for item in spoken(script, "next")] == ["Next: sit."]
    assert "row" not in " ".join(cue.text for one in script.segments for cue in one.cues).lower()
