"""The figures: one for each position, drawn alike, and found from texts in every language."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.support.building import step
from voicecoach.export.page.figures import VIEW_BOX, name_of, symbols
from voicecoach.language.language import available_languages
from voicecoach.language.phrases import load_phrases
from voicecoach.language.vocabulary import Position, known_vocabularies, position_of


def test_every_position_has_a_figure_and_words_for_it() -> None:
    """Nobody who does not see the picture misses what it says."""
    assert list(symbols()) == [name_of(position) for position in Position]
    for language in available_languages():
        words = load_phrases(language).printed("page_figure_")
        assert {key.replace("_", "-") for key in words} == set(symbols())
        assert len(set(words.values())) == len(words)


@pytest.mark.parametrize("name", list(symbols()))
def test_a_figure_is_lines_of_one_colour_within_its_box(name: str) -> None:
    """Well-formed, in the colour of the text, without a style of its own, and nowhere cut off."""
    figure = ET.fromstring(symbols()[name])  # noqa: S314
    assert {each.tag for each in figure.iter()} == {"g", "circle", "path"}
    colours = [each.get(key) for each in figure.iter() for key in ("stroke", "fill")]
    assert {colour for colour in colours if colour} == {"currentColor", "none"}
    assert not any(each.get("style") or each.get("class") for each in figure.iter())
    assert VIEW_BOX == "0 0 64 64"
    for path in figure.iter("path"):
        assert all(2 <= number <= 62 for number in numbers(path.get("d", "")))


def numbers(path: str) -> list[float]:
    """Return the coordinates in a path."""
    return [float(one) for one in "".join(c if c.isdigit() else " " for c in path).split()]


def test_no_two_figures_are_the_same() -> None:
    """A glance tells them apart only if they are apart."""
    assert len(set(symbols().values())) == len(Position)


@pytest.mark.parametrize(
    ("language", "position", "wanted"),
    [
        ("en", "lying on back, knees bent", Position.BACK),
        ("en", "sitting to standing", Position.SITTING),
        ("de", "Rückenlage, Knie gebeugt", Position.BACK),
        ("es", "tumbado boca arriba", Position.BACK),
        ("ru", "лёжа на спине", Position.BACK),
        ("de-AT", "im Stehen", Position.STANDING),
        ("en", "somewhere", None),
        ("tlh", "standing", None),
    ],
)
def test_the_position_is_read_from_the_text(
    language: str, position: str, wanted: Position | None
) -> None:
    """In every language that the words are known in, the one that a step begins in."""
    assert position_of(step(say="Go.", position=position, name="X", spoken="x"), language) is wanted


def test_where_no_position_is_written_the_words_tell_it() -> None:
    """The name first, then the instruction, and there what is said first."""
    said = step(say="Lie on your back. Then stand up.", spoken="curl", name="Curl")
    assert position_of(said, "en") is Position.BACK
    named = step(say="Lift one leg.", spoken="side plank", name="Side plank")
    assert position_of(named, "en") is Position.SIDE
    assert known_vocabularies() == available_languages()
