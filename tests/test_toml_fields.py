"""Words about values: what messages quote and offer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.toml_fields import choose_from, quoted


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
