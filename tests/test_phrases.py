"""The coach's own sentences: numbers and lengths in words, variables, and every language complete."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach import phrases as package
from voicecoach.errors import PhraseError
from voicecoach.phrases import (
    as_sentence,
    available_languages,
    capitalise,
    load_phrases,
    variables_in,
)
from voicecoach.routine import Audience

COACH = load_phrases("en", Audience.ADULT)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"), (7, "seven"), (13, "thirteen"), (20, "twenty"), (21, "twenty-one"), (90, "ninety"),
        (100, "one hundred"), (105, "one hundred and five"), (342, "three hundred and forty-two"), (1000, "one thousand"), (7200, "seven thousand, two hundred"),
        (7.5, "seven point five"), (12.25, "twelve point two five"),
    ],
)  # fmt: skip
def test_numbers_in_words(number: float, words: str) -> None:
    """Numbers are spoken as people say them."""
    assert COACH.number(number) == words


@given(st.integers(0, 9_999))
def test_every_number_has_words_of_its_own(number: int) -> None:
    """No two neighbours sound alike, and no digit is left over."""
    words = COACH.number(number)
    assert words != COACH.number(number + 1)
    assert not any(character.isdigit() for character in words)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "half a minute"), (60, "one minute"), (90, "a minute and a half"), (20, "twenty seconds"),
        (1, "one second"), (120, "two minutes"), (7200, "two hours"), (75, "one minute and fifteen seconds"),
        (61, "one minute and one second"), (12.5, "twelve point five seconds"),
    ],
)  # fmt: skip
def test_lengths_in_words(seconds: float, words: str) -> None:
    """Lengths are said in people's own words, with the right plural."""
    assert COACH.duration(seconds) == words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It takes $minutes minutes.", "It takes one minute."),
        ("$reps_left more. Go on.", "Twelve more. Go on."),
        ("Good. $reps_left more.", "Good. Twelve more."),
        ("$side foot, then the $other_side one.", "Right foot, then the left one."),
        ("$$5 and $reps_left", "$5 and twelve"),
        ("No variable at all.", "No variable at all."),
    ],
)
def test_variables_are_filled_in_words(text: str, said: str) -> None:
    """Sentences begin with a capital and one is one."""
    values = {"minutes": 1, "reps_left": 12, "side": "right", "other_side": "left"}
    assert COACH.fill(text, values) == said


def test_printed_words_hold_figures_and_are_not_filled_twice() -> None:
    """What is filled in stands there as it is, even where it looks like a variable."""
    assert COACH.print("tempo_without_pause", away=2, back="$away") == "2 s there, $away s back"


def test_unknown_variable_names_those_there_are() -> None:
    """A variable without a value here is an error, not a hole in a sentence."""
    with pytest.raises(
        PhraseError, match=r"\$secs has no value here; it may use \$minutes, \$side"
    ):
        COACH.fill("Wait $secs.", {"minutes": 1, "side": "left"})
    assert variables_in("$minutes $$ $secs $Upper") == ("minutes", "secs")


def test_lists_and_names() -> None:
    """Things are joined as one speaks, and names keep their own punctuation."""
    assert COACH.need(["a mat"]) == "You need a mat."
    assert (
        COACH.need(["a mat", "a wall", "your dumbbells"])
        == "You need a mat, a wall and your dumbbells."
    )
    assert COACH.next("soft-knee row") == "Next: soft-knee row."
    assert COACH.next("Airplane!") == "Next: Airplane!"
    assert (as_sentence("shrug"), as_sentence("Airplane!")) == ("Shrug.", "Airplane!")
    assert capitalise("“hello”") == "“Hello”"
    assert (COACH.set_again(2), COACH.set_again(12)) == (
        "Second set, same again.",
        "Set twelve, same again.",
    )


def test_children_are_counted_in_with_energy() -> None:
    """Adults hear three, two, one; children ready, steady."""
    assert (COACH.countdown, COACH.go) == (("Three.", "Two.", "One."), "Go.")
    children = load_phrases("en", Audience.CHILD)
    assert (children.countdown, children.go) == (("Ready.", "Steady."), "Go!")


def test_regional_tags_find_their_language_and_others_are_refused() -> None:
    """`en-GB` is English; a language without phrases says which there are."""
    assert load_phrases("en-GB", Audience.ADULT).language == "en"
    with pytest.raises(PhraseError, match='no phrases in the language "xx"; there are: en'):
        load_phrases("xx", Audience.ADULT)


@pytest.mark.parametrize("language", available_languages())
def test_every_language_has_every_phrase(language: str) -> None:
    """A new language file has the keys of the English one."""

    def keys(name: str) -> set[tuple[str, str]]:
        table = tomllib.loads((resources.files(package) / f"{name}.toml").read_text("utf-8"))
        needed = ("adult", "child", "coach", "print", "words", "numbers")
        return {(section, key) for section in needed for key in table[section]}

    assert keys(language) == keys("en")
