"""Wishes: what resuming a session takes from the command line, and what from then."""

from __future__ import annotations

import pytest

from voicecoach.fitting.wishes import WISHES, Wishes, wished_anew
from voicecoach.routine.model import Talk

THEN = Wishes(
    talk=Talk.BRIEF, language="de", language_roughly=True, music="/calm.mp3", music_gain=-3.0
)
NOW = Wishes(language="es", music="pad", rate=1.1)


@pytest.mark.parametrize(
    ("names", "changed"),
    [
        (set(), {}),
        ({"rate"}, {"rate": 1.1}),
        ({"music"}, {"music": "pad", "music_gain": 0.0}),  # a level is one of a piece of music
        ({"music_gain"}, {"music_gain": 0.0}),
        ({"language"}, {"language": "es", "language_roughly": False}),
        ({"name", "wait"}, {}),  # options of the command itself
    ],
    ids=lambda value: " ".join(sorted(value)),
)
def test_what_is_named_is_as_it_is_now(names: set[str], changed: dict[str, object]) -> None:
    """With what goes with it; all else is as it was then."""
    found = wished_anew(NOW, names, THEN)
    assert {name: getattr(found, name) for name in changed} == changed
    kept = vars(found).keys() - changed
    assert {name: getattr(found, name) for name in kept} == {
        name: getattr(THEN, name) for name in kept
    }


def test_a_wish_goes_with_one_that_there_is() -> None:
    """Each wish has an option of its own, too."""
    assert {wish.goes_with for wish in WISHES.values()} - WISHES.keys() == {""}
    assert len({wish.option for wish in WISHES.values()}) == len(WISHES)
