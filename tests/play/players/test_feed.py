"""The feed: blocks in, the same frames out, never far ahead of the device."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.play.players.feed import Feed
from voicecoach.sound.clip import to_pcm16
from voicecoach.sound.mixdown import Block

if TYPE_CHECKING:
    from collections.abc import Iterator


def blocks(lengths: list[int], channels: int = 1) -> list[Block]:
    """Return blocks of those lengths in which every sample is another one."""
    found = []
    at = 0
    for index, length in enumerate(lengths):
        ramp = np.arange(at * channels, (at + length) * channels, dtype=np.float32) / 32_768
        found.append(Block(at, ramp.reshape(length, channels), index // 2))
        at += length
    return found


def feed_of(parts: Iterator[Block] | list[Block], channels: int = 1, ahead: int = 10_000) -> Feed:
    """Return a feed that has begun to pull."""
    feed = Feed(parts, channels=channels, ahead_frames=ahead, wake=lambda: None)
    feed.start()
    return feed


def take(feed: Feed, frames: int) -> np.ndarray:
    """Return the next frames and move on behind them, as a reader does."""
    taken = feed.peek(frames)
    feed.position += len(taken)
    return taken


@tries(40)
@given(
    st.lists(st.integers(0, 400), max_size=6),
    st.lists(st.integers(1, 700), min_size=1, max_size=5),
    st.sampled_from([1, 2]),
)
def test_what_is_taken_is_what_came(lengths: list[int], bites: list[int], channels: int) -> None:
    """Taken in bites of any size, the frames are those of the blocks, in order, all of them."""
    parts = blocks(lengths, channels)
    feed = feed_of(parts, channels)
    feed.join(5.0)
    taken = []
    while not feed.finished:
        taken.extend(take(feed, bite) for bite in bites)
    expected = [to_pcm16(part.samples) for part in parts]
    empty = np.zeros((0, channels), np.int16)
    np.testing.assert_array_equal(
        np.concatenate([empty, *taken]), np.concatenate([empty, *expected])
    )
    assert feed.position == feed.pulled_frames == sum(lengths)


def test_the_feed_stays_a_little_ahead() -> None:
    """Blocks are pulled only while there is room, and again when some were taken."""
    pulled = []

    def endless() -> Iterator[Block]:
        for part in blocks([100] * 1_000):
            pulled.append(part)
            yield part

    feed = feed_of(endless(), ahead=250)
    time.sleep(0.15)
    assert len(pulled) == 3
    take(feed, 200)
    time.sleep(0.15)
    assert len(pulled) == 5
    feed.close()
    feed.join(5.0)
    assert feed.ended


def test_segments_begin_where_their_blocks_do() -> None:
    """Borders of segments behind the next frame are known, those before are not told again."""
    feed = feed_of(blocks([100] * 6))
    feed.join(5.0)
    assert feed.segment_starts() == [200, 400]
    take(feed, 200)
    assert feed.segment_starts() == [400]


def test_the_place_in_the_session_is_that_of_the_first_block() -> None:
    """A stream that begins in the middle of a session says where."""
    feed = feed_of(blocks([300, 100])[1:])
    feed.join(5.0)
    assert feed.first_frame == 300
    assert feed.position == 0


def test_a_failure_is_kept_for_the_player() -> None:
    """What the blocks raise, and blocks of the wrong shape, end the feed behind the last good frame."""

    def failing() -> Iterator[Block]:
        yield blocks([50])[0]
        raise OSError("disk full")

    feed = feed_of(failing())
    feed.join(5.0)
    assert isinstance(feed.failure, OSError)
    assert feed.ended
    assert feed.available_frames == 50

    wrong = feed_of(blocks([50], channels=2), channels=1)
    wrong.join(5.0)
    assert isinstance(wrong.failure, ValueError)


def test_waiting_for_a_sentence_does_not_hold_up_the_end() -> None:
    """A feed that is closed while a block is being made lets go at once."""
    go_on = threading.Event()

    def slow() -> Iterator[Block]:
        go_on.wait(10.0)
        yield from blocks([100])

    feed = feed_of(slow())
    feed.close()
    began_at = time.monotonic()
    feed.join(0.1)
    assert time.monotonic() - began_at < 1.0
    go_on.set()
    feed.join(5.0)
    assert feed.ended
