"""Anchors: the written forms, and what is said about others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.routine.anchors import (
    ANCHORS,
    AfterRep,
    Anchor,
    AnchorError,
    AtChange,
    AtEnd,
    AtRep,
    BeforeEnd,
    BeforeLastSet,
    BeforeSet,
    EveryReturn,
    Halfway,
    InRest,
    LastReps,
    Offset,
    parse_anchor,
)
from voicecoach.routine.dose_line import parse_dose

numbers = st.integers(1, 500)
seconds = st.integers(0, 72000).map(lambda tenths: tenths / 10)
anchors = st.one_of(
    st.builds(Offset, seconds),
    st.builds(BeforeEnd, seconds),
    *(st.builds(kind, numbers) for kind in (AtRep, AfterRep, LastReps, BeforeSet)),
    *(st.builds(kind) for kind in (Halfway, EveryReturn, AtChange, AtEnd, InRest, BeforeLastSet)),
)


@given(anchors)
def test_what_is_written_is_read_again(anchor: Anchor) -> None:
    """Every anchor is read back from its own written form."""
    assert parse_anchor(str(anchor)) == anchor


def test_every_kind_has_a_form_that_is_read() -> None:
    """The forms that messages offer are all there are, and each is read as its kind."""
    assert all(type(parse_anchor(kind.example)) is kind for kind in ANCHORS)
    assert len({kind.example for kind in ANCHORS}) == len(ANCHORS) == 12


@pytest.mark.parametrize(
    ("written", "anchor"),
    [
        ("0s", Offset(0.0)),
        ("1.5s", Offset(1.5)),
        ("5 s before end", BeforeEnd(5.0)),
        ("last 1 rep", LastReps(1)),
        ("last rep", LastReps(1)),
        (" change ", AtChange()),
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
        assert type(parse_anchor(text)) in ANCHORS
    except AnchorError as error:
        assert str(error).isprintable()  # noqa: PT017


@pytest.mark.parametrize(
    ("written", "dose", "message"),
    [
        ("every return", "8 reps, tempo 2-1-0.5", "needs a way back of 1 s or more"),
        ("every return", "8 reps, tempo 2-1-1", ""),
        ("every return", "hold 30s", "needs a dose in reps"),
        ("last 9 reps", "8-10 reps, rest 30s", "lies beyond the 8 reps of a set"),
        ("halfway", "hold 30s", ""),
    ],
)
def test_a_dose_that_has_no_such_moment_is_a_mistake(written: str, dose: str, message: str) -> None:
    """The message says what the dose lacks; a dose that has the moment is none."""
    mistake = parse_anchor(written).mistake(parse_dose(dose), 0, 0.0)
    assert bool(mistake) == bool(message)
    assert (mistake or ("", ""))[0].startswith(message)
