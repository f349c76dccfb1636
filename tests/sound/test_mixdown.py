"""The stream of blocks: lazy, gapless, exact, and the same whatever the size of its blocks."""

from __future__ import annotations

import itertools
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.script.model import Cue
from voicecoach.sound.clip import Clip, db_to_gain
from voicecoach.sound.mixdown import Block, Span, mix
from voicecoach.sound.timeline import Placement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RATE = 24_000
CUE = Cue(0.0, 1.0, "speech", "Hold.", "cue")


def noise(length_frames: int, seed: int, channels: int = 1, level: float = 0.2) -> Clip:
    """Return noise, another one for each seed."""
    samples = np.random.default_rng(seed).uniform(-level, level, (length_frames, channels))
    return Clip(samples.astype(np.float32), RATE)


def at(start_frame: int, clip: Clip, gain_db: float = 0.0) -> Placement:
    """Return a placement."""
    return Placement(start_frame, clip, gain_db, CUE, "Hold.")


def rendered(blocks: list[Block]) -> NDArray[np.float32]:
    """Return the samples of all blocks."""
    return np.concatenate([block.samples for block in blocks])


def whole_buffer_mix(spans: list[Span], channels: int) -> NDArray[np.float32]:
    """Return the mix made in the plainest way: one long buffer, one addition for each placement."""
    placements = sorted(
        (placement for span in spans for placement in span.placements),
        key=lambda placement: placement.start_frame,
    )
    first = spans[0].start_frame
    after = max(
        [span.end_frame or 0 for span in spans] + [placement.end_frame for placement in placements]
    )
    samples = np.zeros((max(after - first, 0), channels), np.float32)
    for placement in placements:
        gain = np.float32(db_to_gain(placement.gain_db))
        start = placement.start_frame - first
        samples[start : placement.end_frame - first] += placement.clip.samples * gain
    return np.clip(samples, -1.0, 1.0)


@st.composite
def sessions(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Draw spans of up to 400 frames with overlapping, ringing and late placements."""
    channels = draw(st.integers(1, 2))
    frame = draw(st.integers(0, 50))
    spans = []
    count = draw(st.integers(1, 4))
    for index in range(count):
        length = draw(st.integers(0, 400))
        placements = [
            at(
                frame + draw(st.integers(0, length + 30)),
                noise(
                    draw(st.integers(0, 300)),
                    draw(st.integers(0, 9)),
                    draw(st.sampled_from([1, channels])),
                    level=0.7,
                ),
                draw(st.sampled_from([0.0, -6.0, 3.0])),
            )
            for _ in range(draw(st.integers(0, 5)))
        ]
        is_last = index == count - 1
        end = None if is_last and draw(st.booleans()) else frame + length
        spans.append(Span(index, frame, end, placements))
        frame += length
    return spans, channels


@given(session=sessions(), block_frames=st.sampled_from([1, 2, 7, 64, 333, 65_536]))
def test_the_stream_equals_the_plainest_mix_bit_for_bit(
    session: tuple[list[Span], int], block_frames: int
) -> None:
    """Any session, cut into blocks of any size, has the samples of one long buffer."""
    spans, channels = session
    blocks = list(mix(spans, RATE, channels, block_frames))
    expected = whole_buffer_mix(spans, channels)
    actual = rendered(blocks) if blocks else np.zeros((0, channels), np.float32)
    assert actual.dtype == np.float32
    assert np.array_equal(actual, expected)
    frame = spans[0].start_frame
    for block in blocks:
        assert block.start_frame == frame
        assert 1 <= block.length_frames <= block_frames
        frame = block.end_frame


def test_blocks_carry_their_segment_and_never_cross_a_border() -> None:
    """A sound that rings on belongs to the segment in which it is heard."""
    spans = [
        Span(4, 0, 100, [at(90, noise(30, 1))]),
        Span(7, 100, 150, [at(140, noise(100, 2))]),
    ]
    blocks = list(mix(spans, RATE, 1, 64))
    assert [(b.segment_index, b.start_frame, b.end_frame) for b in blocks] == [
        (4, 0, 64), (4, 64, 100), (7, 100, 150), (7, 150, 214), (7, 214, 240),
    ]  # fmt: skip


def test_the_last_span_may_end_with_its_last_sound() -> None:
    """A last span without an end has no silence after its last sound, and none gives no frame."""
    spans = [Span(0, 0, 50, []), Span(1, 50, None, [at(60, noise(10, 1))])]
    assert rendered(list(mix(spans, RATE, 1))).shape == (70, 1)
    assert rendered(list(mix([Span(0, 0, 50, []), Span(1, 50, None, [])], RATE, 1))).shape == (
        50,
        1,
    )
    assert list(mix([], RATE, 1)) == []


def test_spans_are_pulled_one_at_a_time() -> None:
    """The second span is asked for only after every block of the first has been taken."""
    pulled: list[int] = []

    def spans() -> Iterator[Span]:
        for index in range(3):
            pulled.append(index)
            yield Span(index, index * 100, index * 100 + 100, [])

    stream = mix(spans(), RATE, 1, 50)
    assert pulled == []
    seen = [(block.segment_index, list(pulled)) for block in stream]
    assert seen == [
        (0, [0]), (0, [0]), (1, [0, 1]), (1, [0, 1]), (2, [0, 1, 2]), (2, [0, 1, 2]),
    ]  # fmt: skip


def test_samples_beyond_full_scale_are_cut() -> None:
    """Two loud clips at once give full scale, and one alone what it is."""
    loud = Clip(np.full((10, 1), 0.8, np.float32), RATE)
    (block,) = mix([Span(0, 0, 30, [at(0, loud), at(5, loud)])], RATE, 1)
    assert block.samples.max() == 1.0
    (quiet,) = mix([Span(0, 0, 30, [at(0, loud)])], RATE, 1)
    assert quiet.samples.max() == np.float32(0.8)


def test_silence_is_shared_and_nobody_can_write_into_a_block() -> None:
    """All silent blocks are one piece of memory; writing into a block is an error."""
    blocks = list(mix([Span(0, 0, 300, [at(250, noise(10, 1))])], RATE, 1, 100))
    assert np.shares_memory(blocks[0].samples, blocks[1].samples)
    for block in blocks:
        with pytest.raises(ValueError, match="read-only"):
            block.samples[0] = 1.0


def test_memory_does_not_grow_with_the_session() -> None:
    """Three hours of cues every ten seconds take less than 4 MB at any time."""
    clip = noise(2 * RATE, 1)
    spans = (
        Span(index, index * RATE * 60, (index + 1) * RATE * 60,
             [at((index * 60 + second) * RATE, clip) for second in range(0, 60, 10)])
        for index in range(180)
    )  # fmt: skip
    tracemalloc.start()
    try:
        frames = sum(block.length_frames for block in mix(spans, RATE, 1))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert frames == 3 * 3600 * RATE
    assert peak_bytes < 4_000_000


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([Span(0, 0, 10, []), Span(1, 11, 20, [])], "span 1 starts at frame 11, .* ended at 10"),
        ([Span(0, 5, 4, [])], "ends before it starts"),
        ([Span(0, 5, 10, [at(4, noise(3, 1))])], "starts at frame 4, before its span 0"),
        ([Span(0, 0, None, []), Span(1, 0, 9, [])], "without an end is followed"),
        ([Span(0, 0, 9, [at(0, Clip(np.zeros((3, 1), np.float32), 8_000))])], "8000 Hz in a sess"),
        ([Span(0, 0, 9, [at(0, noise(3, 1, channels=3))])], "3 channels in a session of 2"),
    ],
)
def test_spans_that_cannot_be_mixed_exactly_are_refused(spans: list[Span], message: str) -> None:
    """A gap, an early placement or a wrong rate is a mistake of the caller."""
    with pytest.raises(ValueError, match=message):
        list(mix(spans, RATE, 2))


def test_a_block_size_of_nothing_is_refused() -> None:
    """It would never end."""
    with pytest.raises(ValueError, match="one frame or more"):
        next(itertools.islice(mix([Span(0, 0, 9, [])], RATE, 1, 0), 1))
