"""No session begins without a spoken check, and a child's begins with words to the grown-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.building import compiled, routine, step
from voicecoach.fitting.safety import with_checks
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Audience, Silence, Spoken

HELLO = Spoken("Hello, movers!")
FOR_THE_GROWN_UP = Spoken("Grown-up, please stay close.", "SC-C")
FOR_THE_CHILD = Spoken("Young mover, stop if it hurts.", "SC-C", stop=True)
BUNDLED = (
    "relaxation", "preliminary", "main", "dumbbells", "children", "desk-break", "posture-play",
)  # fmt: skip


def checked(*opening: Spoken | Silence, audience: str = "child") -> tuple[Spoken | Silence, ...]:
    """Return the opening of a routine with its checks; a second time changes nothing."""
    what = with_checks(routine(step(), audience=audience, opening=opening))
    assert with_checks(what) == what
    return what.opening


@pytest.mark.parametrize("slug", BUNDLED)
def test_bundled_routines_are_as_they_were(slug: str) -> None:
    """They have their checks, in the right order."""
    library = Library()
    what = load_routine(library.find_routine(slug), library)
    assert with_checks(what) is what or with_checks(what) == what


@pytest.mark.parametrize("opening", [(), (HELLO,), (Silence(2.0), HELLO)])
def test_a_childs_routine_without_a_check_speaks_to_the_grown_up_first(
    opening: tuple[Spoken | Silence, ...],
) -> None:
    """The first words heard are the grown-up's, then the child's; then time, then the routine's own."""
    got = checked(*opening)
    assert got[len(got) - len(opening) :] == opening
    first, second, pause = got[: len(got) - len(opening)]
    assert isinstance(first, Spoken)
    assert first.text.startswith("Grown-up, ")
    assert isinstance(second, Spoken)
    assert second.stop
    assert pause == Silence(4.0)
    script = compiled(routine(step(), audience="child", opening=got))
    assert script.segments[0].cues[0].text == first.text


def test_a_check_of_its_own_is_brought_to_the_front_with_its_silence() -> None:
    """Nothing is said twice, and the silence for the grown-up stays behind the check."""
    assert checked(HELLO, FOR_THE_GROWN_UP, FOR_THE_CHILD, Silence(5.0), Spoken("Off we go.")) == (
        FOR_THE_GROWN_UP, FOR_THE_CHILD, Silence(5.0), HELLO, Spoken("Off we go."),
    )  # fmt: skip
    assert checked(HELLO, FOR_THE_GROWN_UP) == (FOR_THE_GROWN_UP, HELLO)


@pytest.mark.parametrize(
    "text", ["Grown-up, clear the floor.", "Dear grown-ups, stay in the room."]
)
def test_own_words_to_the_grown_up_are_enough(text: str) -> None:
    """Who speaks to the grown-up first needs no words of ours."""
    assert checked(Spoken(text), HELLO) == (Spoken(text), HELLO)


def test_words_about_the_grown_up_are_not_words_to_them() -> None:
    """A child that is to show something to the grown-up: that is no check."""
    got = checked(Spoken("Hello! Show your grown-up a giraffe."))
    assert len(got) == 4


def test_adults_without_a_check_hear_one_line() -> None:
    """One line that says stop, then the routine's own words; a shared block or a stop line is a check."""
    first, *rest = checked(Spoken("Welcome."), audience="adult")
    assert isinstance(first, Spoken)
    assert first.stop
    assert "stop if anything hurts" in first.text
    assert rest == [Spoken("Welcome.")]
    for check in (Spoken("Clear the floor.", "SC-A"), Spoken("If it hurts, stop.", stop=True)):
        assert checked(Spoken("Welcome."), check, audience="adult") == (Spoken("Welcome."), check)


def test_language_of_a_region_has_the_checks_of_its_language() -> None:
    """English of any country hears them."""
    what = replace(routine(step(), audience="child"), language="en-GB")
    assert with_checks(what).audience is Audience.CHILD
    assert len(with_checks(what).opening) == 3
