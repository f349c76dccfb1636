"""Anchors: the written forms, and what is said about others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.routine.anchors import FORMS, AnchorError, parse_anchor
from voicecoach.routine.model import Anchor, AnchorKind

numbers = st.integers(1, 500)
seconds = st.integers(0, 72000).map(lambda tenths: tenths / 10)
anchors = st.one_of(
    st.builds(Anchor, st.sampled_from([AnchorKind.OFFSET, AnchorKind.BEFORE_END]), seconds=seconds),
    st.builds(
        Anchor,
        st.sampled_from(
            [AnchorKind.REP, AnchorKind.AFTER_REP, AnchorKind.LAST_REPS, AnchorKind.BEFORE_SET]
        ),
        number=numbers,
    ),
    st.builds(
        Anchor,
        st.sampled_from(
            [
                AnchorKind.HALFWAY,
                AnchorKind.CHANGE,
                AnchorKind.END,
                AnchorKind.REST,
                AnchorKind.BEFORE_LAST_SET,
            ]
        ),
    ),
)


@given(anchors)
def test_what_is_written_is_read_again(anchor: Anchor) -> None:
    """Every anchor is read back from its own written form."""
    assert parse_anchor(str(anchor)) == anchor


def test_every_kind_has_a_form_that_is_read() -> None:
    """The forms that messages offer are all there are, and each is read as its kind."""
    assert {kind for _, kind, _ in FORMS} == set(AnchorKind)
    assert all(parse_anchor(written).kind is kind for written, kind, _ in FORMS)


@pytest.mark.parametrize(
    ("written", "anchor"),
    [
        ("0s", Anchor(AnchorKind.OFFSET, 0.0)),
        ("1.5s", Anchor(AnchorKind.OFFSET, 1.5)),
        ("5 s before end", Anchor(AnchorKind.BEFORE_END, 5.0)),
        ("last 1 rep", Anchor(AnchorKind.LAST_REPS, number=1)),
        ("last rep", Anchor(AnchorKind.LAST_REPS, number=1)),
        (" change ", Anchor(AnchorKind.CHANGE)),
    ],
)
def test_other_ways_to_write_the_same(written: str, anchor: Anchor) -> None:
    """Blanks and the singular are understood."""
    assert parse_anchor(written) == anchor


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("half way", "halfway"),
        ("Halfway", "halfway"),
        ("after rp 6", "after rep 6"),
        ("before set2", "before set 2"),
        ("before the last set", "before last set"),
        ("30", "30s"),
        ("30 sec", "30s"),
        ("12s before the end", "12s before end"),
        ("last 3 repps", "last 3 reps"),
    ],
)
def test_near_misses_are_understood(written: str, meant: str) -> None:
    """The message offers the form that was meant, with the author's own number."""
    with pytest.raises(AnchorError, match="is no moment") as caught:
        parse_anchor(written)
    assert str(caught.value).endswith(f': did you mean "{meant}"?')


@given(st.text(max_size=30))
def test_any_text_is_an_anchor_or_a_message(text: str) -> None:
    """Other texts are refused in words that are fit for a terminal."""
    try:
        assert parse_anchor(text).kind in AnchorKind
    except AnchorError as error:
        assert str(error).isprintable()  # noqa: PT017
