"""The ear that judges the tracks folds spellings only, and counts what is really wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.listening import (
    HOMOPHONES,
    SPELLINGS,
    differences,
    normalise,
    numbers_in,
    word_errors,
)

words = st.lists(
    st.sampled_from(
        ["one", "to", "lift", "dumb", "bell", "dumbbell", "brrrm", "15", "knee", "your"]
    )
).map(" ".join)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Lift it fifteen to twenty centimetres.", "Lift it 15 to 20 centimeters"),
        ("Three. Two. One. Go.", "3, 2, 1, go!"),
        ("Twenty-one.", "21"),
        ("Bare feet, your whole back.", "Bear feet you're hole back"),
        ("Have your fitball or two stools ready.", "Have your fit ball, or two stools, ready."),
        ("Show your grown-up.", "Show your grownup."),
        ("Engines on, brrrm, and take off!", "Engines on, B-R-R-O-M and take off."),
        ("Engines on, brrrm, and take off!", "Engines on and take off."),
        ("Don't bend.", "Dont bend"),
    ],
)
def test_spelling_is_no_error(said: str, heard: str) -> None:
    """Numbers, spellings, homophones and one word or two are heard right."""
    assert differences(said, heard) == []


@pytest.mark.parametrize(
    ("said", "heard", "expected"),
    [
        ("Clasp your left knee.", "Class your left knee.", [("clasp", "class")]),
        ("Three. Two. One. Go.", "Three, two, go.", [("one", "")]),
        ("Nod your head.", "Nod your own head.", [("", "own")]),
        ("Five. Six.", "5 60", [("six", "sixty")]),
        ("Ready. Steady. Go!", "Ready, study, go.", [("steady", "study")]),
        ("Your left knee.", "Your right knee.", [("left", "right")]),
        ("brrrm go now", "go", [("now", "")]),
        ("Breathe in.", "", [("breathe", ""), ("in", "")]),
    ],
)
def test_a_wrong_word_is_counted(said: str, heard: str, expected: list[tuple[str, str]]) -> None:
    """Words heard as others, missed and added are all found, each once."""
    assert differences(said, heard) == expected
    assert word_errors(said, heard)[0] == len(expected)


def test_numbers_are_told_from_words_that_sound_like_them() -> None:
    """A count is a number and so are digits; "to" and "for" are none."""
    assert numbers_in("Three. Go. Lift it to 15 cm for 2.") == ["three", "go", "fifteen", "two"]
    assert numbers_in("Knee to chest.") == []


@given(words, words)
def test_errors_are_bounded(said: str, heard: str) -> None:
    """No text differs from itself, and no more words are wrong than there are in both."""
    assert word_errors(said, said)[0] == 0
    errors, _ = word_errors(said, heard)
    assert errors <= len(normalise(said)) + len(normalise(heard))
    assert (errors == 0) or normalise(said) != normalise(heard)


def test_what_stands_for_a_word_is_final() -> None:
    """No folding leads to a word that is folded again, which would depend on the order."""
    for folded in (*SPELLINGS.values(), *HOMOPHONES.values()):
        assert folded not in SPELLINGS
        assert folded not in HOMOPHONES
