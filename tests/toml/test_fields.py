"""Words about values: what messages quote and offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.library.texts import text
from voicecoach.messages import choose_from, instead, quoted
from voicecoach.toml.document import Document, Refused, Spot

if TYPE_CHECKING:
    from pathlib import Path


def test_a_huge_number_is_named_not_written() -> None:
    """A number of many digits does not flood the message."""
    assert quoted(16**10_000) == "a huge number"


@given(st.text())
def test_quoted_values_are_short_and_printable(text: str) -> None:
    """Nothing that acts on a terminal passes, and nothing that fills a screen."""
    shown = quoted(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert not set(shown) & set("\u202e\u2066\u2028\u2029")
    assert len(shown) <= 40 * 10 + 3


def test_a_name_that_is_not_found() -> None:
    """A near name is offered, and all there are."""
    assert choose_from("x", []) == '"x"; there are: none'
    assert choose_from("zzz", ["morning"]) == '"zzz"; there is: morning'
    assert (
        choose_from("Morming", ["morning", "evening"])
        == '"Morming"; did you mean "morning"? There are: morning, evening'
    )


def test_so_many_names_are_offered_and_no_more() -> None:
    """A file with hundreds of names does not flood a message."""
    assert instead("zzz", [f"a{number}" for number in range(500)]).endswith("a38, a39, …")
    assert instead("a1", ["a12", "bb"]) == 'did you mean "a12"? There are a12, bb'


CONTROLS = [
    *("\x00", "\x1b", "\x7f", "\x9b", "\u2028", "\u2029", "\u061c", "\u200e", "\u200f"),
    *("\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\u2060", "\ufffe", "\U000e0041"),
]


@pytest.mark.parametrize("char", CONTROLS)
def test_characters_that_do_something_are_refused_at_their_place(char: str, tmp_path: Path) -> None:
    """To the screen, to the order of letters, or unseen: the message says which, and where."""
    document = Document(tmp_path / "x.toml", "x = 1")
    spot = Spot(document, ("x",), f"ab{char}c")
    with pytest.raises(Refused):
        text()(spot)
    (problem,) = document.problems()
    assert problem.code == "control-character"
    assert f"U+{ord(char):04X}" in problem.message
    assert problem.what_to_do.isprintable()


@pytest.mark.parametrize("char", ["\u00ad", "\u200b", "\u200c", "\u200d", "é", "汉", "😀", "ש"])
def test_characters_that_writing_needs_are_read(char: str, tmp_path: Path) -> None:
    """Where a word may break, how letters join, and letters of every script."""
    spot = Spot(Document(tmp_path / "x.toml", "x = 1"), ("x",), f"ab{char}c")
    assert text()(spot) == f"ab{char}c"
