"""What speaks against a routine with weights, for whom, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.practice.samples import CHILD, R, day, session
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.practice.consents import Consents
from voicecoach.practice.plan import FreshPain
from voicecoach.practice.refusing import NamedReason, refusal
from voicecoach.routine.model import Audience, Routine

LIBRARY = Library()
NAMED = Consents(one_applies_on={"a,b": "2026-01-02", "z": "2026-02-03"})
PAIN = [session(0, R, pain=True)]
CHILDS_PAIN = [session(0, "children", pain=True)]


def routine(name: str, audience: Audience = Audience.ADULT) -> Routine:
    """Return a bundled routine as one for these people."""
    return replace(load_routine(LIBRARY.find_routine(name), LIBRARY), audience=audience)


@pytest.mark.parametrize("name", ["main", "dumbbells"])
def test_pain_comes_before_reasons(name: str) -> None:
    """An answer takes a reason away, and no pain."""
    weights = routine(name)
    assert refusal(weights, Consents(), [], day(1)) is None
    assert refusal(weights, NAMED, [], day(1)) == NamedReason("2026-02-03")
    for known in (Consents(), NAMED):
        assert isinstance(refusal(weights, known, PAIN, day(1)), FreshPain)


@pytest.mark.parametrize("name", ["relaxation", "preliminary", "desk-break"])
def test_without_weights_nothing_speaks_against_it(name: str) -> None:
    """Neither pain nor a reason."""
    assert refusal(routine(name), NAMED, PAIN, day(1)) is None


def test_pain_belongs_to_those_who_had_it() -> None:
    """A child's pain holds no grown-up back, nor the other way round."""
    assert refusal(routine("main"), Consents(), CHILDS_PAIN, day(1)) is None
    assert refusal(routine("main", CHILD), Consents(), PAIN, day(1)) is None
    assert refusal(routine("main", CHILD), Consents(), CHILDS_PAIN, day(1)) is not None


def test_a_yes_without_a_day_is_a_yes() -> None:
    """Whatever stands in the file."""
    unknown = Consents(one_applies_on={"a": ""})
    assert refusal(routine("main"), unknown, [], day(1)) == NamedReason("")
