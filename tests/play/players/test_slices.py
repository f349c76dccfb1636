"""Slices: the whole stream and nothing else, cut in silence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.play.players.slices import Slice, first_sound, next_slice

RATE = 1_000
"""Few frames a second keep the examples small; 0.3 s of silence is 300 frames."""

Runs = list[tuple[int, int]]


def stream(*runs: tuple[int, int]) -> np.ndarray:
    """Return runs of (frames, level) as 16-bit samples of one channel."""
    return np.concatenate([np.full((frames, 1), level, np.int16) for frames, level in runs])


def cut_all(samples: np.ndarray, segment_starts: list[int], longest_seconds: float) -> list[Slice]:
    """Cut a whole stream, slice after slice, and return them with their places in the stream."""
    slices = []
    at = 0
    while True:
        found = next_slice(
            samples[at:],
            RATE,
            ended=True,
            segment_starts=[start - at for start in segment_starts if start > at],
            longest_seconds=longest_seconds,
        )
        if found is None:
            return slices
        slices.append(Slice(at + found.start, at + found.end, found.in_silence))
        at += found.end


runs_of_sound_and_silence = st.lists(
    st.tuples(st.integers(1, 900), st.sampled_from([0, 0, 5, -20_000])), min_size=1, max_size=12
)


@given(runs_of_sound_and_silence, st.lists(st.integers(1, 6_000), max_size=3))
def test_slices_hold_every_sound_once_and_end_in_silence(
    runs: Runs, segment_starts: list[int]
) -> None:
    """All that sounds lies in exactly one slice, and a cut in silence has 0.3 s of it, or the end."""
    samples = stream(*runs)
    slices = cut_all(samples, segment_starts, longest_seconds=2.0)
    sounding = np.flatnonzero(samples.any(axis=1))
    covered = np.zeros(len(samples), int)
    for one in slices:
        covered[one.start : one.end] += 1
        assert one.end - one.start <= 2.05 * RATE
    assert (covered[sounding] == 1).all()
    assert covered.max(initial=0) <= 1
    for one, after in pairwise(slices):
        if one.in_silence:
            silence = samples[one.end : after.start]
            assert not silence.any()
            assert len(silence) >= 0.2 * RATE


@given(runs_of_sound_and_silence)
def test_more_of_the_stream_never_uncuts_a_slice(runs: Runs) -> None:
    """What is cut off from the beginning of a stream is also what the whole stream begins with."""
    samples = stream(*runs)
    for seen in range(0, len(samples), 97):
        found = next_slice(samples[:seen], RATE, ended=False)
        if found is not None:
            assert found.in_silence
            assert not samples[found.end - 50 : found.end + 200][: seen - found.end + 50].any()


def test_the_first_silence_is_enough_to_begin() -> None:
    """With one silence to be seen, all before it is played; with none, more is awaited."""
    begun = stream((200, 9), (250, 0), (100, 9), (300, 0), (500, 9))
    assert next_slice(begun, RATE, ended=False) == Slice(0, 600, in_silence=True)
    assert next_slice(begun[:800], RATE, ended=False) is None
    assert next_slice(begun[:800], RATE, ended=True) == Slice(0, 550, in_silence=True)


def test_a_slice_is_as_long_as_it_may_be() -> None:
    """Silences before the longest length are played through: fewer cuts, fewer starts."""
    three = stream((100, 9), (400, 0), (100, 9), (400, 0), (100, 9), (400, 0))
    found = next_slice(three, RATE, ended=False, longest_seconds=1.2)
    assert found == Slice(0, 1_150, in_silence=True)


def test_another_segment_begins_another_slice() -> None:
    """The silence at the border of a segment is the end of a slice, whatever comes later."""
    two = stream((100, 9), (400, 0), (100, 9), (400, 0), (100, 9), (400, 0))
    assert next_slice(two, RATE, ended=True, segment_starts=[600]) == Slice(0, 650, in_silence=True)
    assert next_slice(two, RATE, ended=True, segment_starts=[450]) == Slice(0, 150, in_silence=True)


def test_a_stream_without_silence_is_cut_where_it_is_quietest() -> None:
    """With music under it, the quietest moment in the second half of the longest slice is taken."""
    music = stream((1_700, 9_000), (60, 40), (1_000, 9_000))
    found = next_slice(music, RATE, ended=False, longest_seconds=2.0)
    assert found is not None
    assert not found.in_silence
    assert 1_700 <= found.end <= 1_760


@pytest.mark.parametrize(
    ("samples", "sound"),
    [
        (stream((0, 0)), 0),
        (stream((50, 0)), 50),
        (stream((50, 0), (10, 3)), 50),
        (stream((10, 3), (300, 0), (40, 3)), 0),
    ],
)
def test_where_sound_begins(samples: np.ndarray, sound: int) -> None:
    """The first sound is found to the frame."""
    assert first_sound(samples) == sound
