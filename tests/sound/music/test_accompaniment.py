"""The bed under a stream: down before a word, down between words, up after them, and gone at the end."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.script.model import Cue
from voicecoach.sound.clip import Clip, db_to_gain
from voicecoach.sound.mixdown import Span, mix
from voicecoach.sound.music.accompaniment import (
    ATTACK_SECONDS,
    CEILING_DB,
    DUCKED_DB,
    FADE_IN_SECONDS,
    FADE_OUT_SECONDS,
    HOLD_SECONDS,
    RELEASE_SECONDS,
)
from voicecoach.sound.music.bed import Bed
from voicecoach.sound.music.our_beds import SAMPLE_RATE
from voicecoach.sound.timeline import Placement

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECOND = SAMPLE_RATE
CUE = Cue(0.0, 1.0, "speech", "Hold.", "cue")
STEADY = Bed(np.tile(np.repeat([[9_000], [-9_000]], 20, 0), (1_100, 2)).astype(np.int16), "steady")
"""A bed whose every frame is as far from zero, so that whatever is heard of it is its gain."""
LEVEL = abs(float(STEADY.samples(0, 1)[0, 0]))


def at(seconds: float, length_seconds: float, level: float = 0.0) -> Placement:
    """Return something that sounds; silence, unless told otherwise, so that the bed is seen alone."""
    samples = np.full((round(length_seconds * SECOND), 1), level, np.float32)
    return Placement(round(seconds * SECOND), Clip(samples, SAMPLE_RATE), 0.0, CUE, "Hold.")


def frames(seconds: float) -> int:
    """Return a moment in frames."""
    return round(seconds * SECOND)


def mixed(spans: list[Span], block_frames: int = 65_536, bed: Bed = STEADY) -> NDArray[np.float32]:
    """Return the samples of a stream with a bed."""
    blocks = mix(spans, SAMPLE_RATE, 2, block_frames, bed=bed)
    return np.concatenate([block.samples for block in blocks])


def gains_db(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how far the bed is down at each frame."""
    found: NDArray[np.float64] = 20 * np.log10(
        np.abs(samples[:, 0]).astype(np.float64) / LEVEL + 1e-9
    )
    return found


def test_the_bed_is_down_before_the_word_and_comes_back_after_it() -> None:
    """A word of a second at 10 s, in a stream that has long begun and goes on."""
    down = gains_db(
        mixed([Span(0, 0, frames(20), [at(10, 1)]), Span(1, frames(20), None, [at(40, 1)])])
    )
    assert down[frames(10 - ATTACK_SECONDS) - 1] == pytest.approx(0.0, abs=0.001)
    assert np.abs(down[frames(10) - 1 : frames(11 + HOLD_SECONDS)] - DUCKED_DB).max() < 0.001
    up = frames(11 + HOLD_SECONDS + RELEASE_SECONDS)
    assert np.abs(down[up : frames(35)]).max() < 0.001
    falling, rising = down[frames(10 - ATTACK_SECONDS) : frames(10)], down[frames(11.7) : up]
    assert (np.diff(falling) <= 1e-6).all()
    assert (np.diff(rising) >= -1e-6).all()


def test_a_countdown_lies_in_one_valley() -> None:
    """Words of 0.4 s that begin every second do not let the bed come up in between."""
    words = [at(10 + second, 0.4) for second in range(4)]
    down = gains_db(mixed([Span(0, 0, frames(30), words), Span(1, frames(30), None, [at(40, 1)])]))
    assert down[frames(10) : frames(13.4)].max() < DUCKED_DB + 0.001
    counts = [at(10 + 1.4 * number, 0.4) for number in range(4)]  # a second of silence between them
    down = gains_db(mixed([Span(0, 0, frames(30), counts), Span(1, frames(30), None, [at(40, 1)])]))
    assert down[frames(10) : frames(14.6)].max() < DUCKED_DB + 1.5


def test_the_bed_is_down_for_the_first_word_of_the_next_span() -> None:
    """The span that comes has not been pulled yet; the one before it tells when it begins to sound."""
    pulled: list[int] = []

    def spans() -> itertools.chain[Span]:
        def one(index: int, span: Span) -> list[Span]:
            pulled.append(index)
            return [span]

        return itertools.chain.from_iterable(
            one(index, span)
            for index, span in enumerate(
                [
                    Span(0, 0, frames(10), [], next_sound_frame=frames(10.1)),
                    Span(1, frames(10), frames(20), [at(10.1, 1)]),
                    Span(2, frames(20), None, [at(30, 1)]),
                ]
            )
        )

    blocks = []
    for block in mix(spans(), SAMPLE_RATE, 2, bed=STEADY):
        if block.end_frame <= frames(10):
            assert pulled == [0]
        blocks.append(block.samples)
    down = gains_db(np.concatenate(blocks))
    assert down[frames(10.1) - 1] == pytest.approx(DUCKED_DB, abs=0.001)
    assert down[frames(10.1 - ATTACK_SECONDS) - 1] == pytest.approx(0.0, abs=0.001)
    # Nothing jumps: no step is larger than the steepest of a fall that is known in time.
    assert np.abs(np.diff(down[frames(5) : frames(15)])).max() < 0.005


def test_the_bed_begins_softly_and_ends_with_the_session() -> None:
    """The first frame and the last are silent; the length is that of the words."""
    samples = mixed(
        [Span(0, 0, frames(20), [], frames(20)), Span(1, frames(20), None, [at(20, 12)])]
    )
    assert len(samples) == frames(32)
    assert samples[0].tolist() == samples[-1].tolist() == [0.0, 0.0]
    down = gains_db(samples)
    assert down[frames(FADE_IN_SECONDS)] == pytest.approx(0.0, abs=0.001)
    assert (np.diff(down[1 : frames(FADE_IN_SECONDS)]) >= -1e-6).all()
    begin = frames(32 - FADE_OUT_SECONDS)
    assert down[begin - 1] == pytest.approx(DUCKED_DB, abs=0.001)
    assert down[begin + frames(0.5)] < DUCKED_DB - 0.1
    assert (np.diff(down[begin:-1]) <= 1e-6).all()
    assert np.abs(np.diff(np.abs(samples[:, 0]))).max() < LEVEL / 1_000


def test_a_last_span_that_is_short_still_ends_in_silence() -> None:
    """What sounds before its end was known cannot fade any more; so the fade is as short as the span."""
    samples = mixed(
        [Span(0, 0, frames(20), [], frames(20)), Span(1, frames(20), None, [at(20, 1.5)])]
    )
    assert len(samples) == frames(21.5)
    assert samples[-1].tolist() == [0.0, 0.0]
    assert np.abs(np.diff(np.abs(samples[frames(15) :, 0]))).max() < LEVEL / 1_000


def test_a_stream_that_begins_before_the_session_has_its_music_from_the_session_on() -> None:
    """A pickup may lead up to the first frame of all."""
    spans = [Span(0, frames(-3), frames(10), []), Span(1, frames(10), None, [at(18, 1)])]
    samples = mixed(spans)
    whole = mixed([Span(0, 0, frames(10), []), spans[1]])
    assert not samples[: frames(3)].any()
    assert np.array_equal(samples[frames(3) :], whole)


def test_a_departure_has_the_music_of_its_place() -> None:
    """From elsewhere on it is the same music, but for the fade-in."""
    tune = Bed(
        np.random.default_rng(3).integers(-9_000, 9_000, (3 * SECOND, 2)).astype(np.int16), "tune"
    )
    spans = [
        Span(0, 0, frames(20), [at(4, 2)], frames(20)),
        Span(1, frames(20), frames(30), [at(20, 1), at(26, 1)], frames(30)),
        Span(2, frames(30), None, [at(30, 9)]),
    ]
    whole, late = mixed(spans, bed=tune), mixed(spans[1:], bed=tune)
    faded = frames(FADE_IN_SECONDS)
    assert np.array_equal(late[faded:], whole[frames(20) + faded :])
    assert not late[0].any()


def test_where_words_and_a_tone_are_loud_the_bed_gives_way() -> None:
    """With the bed nothing comes nearer to full scale than the ceiling, or than what sounds alone."""
    loud = Bed(np.random.default_rng(3).integers(-9_000, 9_000, (SECOND, 2)).astype(np.int16), "loud",
               gain_db=12.0)  # fmt: skip
    ceiling = db_to_gain(CEILING_DB)
    for level in (0.5, 0.6, 0.8, 0.84, 0.95, -0.95):
        span = Span(0, 0, frames(20), [at(10, 2, level)])
        samples = mixed([span, Span(1, frames(20), None, [at(30, 1)])], bed=loud)
        heard = samples[frames(10) : frames(12)]
        assert np.abs(heard).max() <= max(ceiling, abs(level)) + 1e-6
        if abs(level) < 0.6:  # usually it does not have to
            alone = Span(0, 0, frames(20), [at(10, 2)])
            bed = mixed([alone, Span(1, frames(20), None, [at(30, 1)])], bed=loud)
            assert np.allclose(heard - np.float32(level), bed[frames(10) : frames(12)], atol=1e-6)


@st.composite
def streams(draw: st.DrawFn) -> list[Span]:
    """Draw a stream of some seconds with sounds anywhere in it."""
    frame = draw(st.sampled_from([-20_000, 0, 100_000]))
    spans = []
    count = draw(st.integers(1, 4))
    for index in range(count):
        length = draw(st.integers(0, 2 * SECOND))
        placements = [
            at((frame + draw(st.integers(0, length + 1))) / SECOND, draw(st.floats(0.01, 1.0)), 0.3)
            for _ in range(draw(st.integers(0, 3)))
        ]
        is_last = index == count - 1 and bool(placements)
        after = frame + length
        spans.append(
            Span(index, frame, None if is_last else after, placements,
                 draw(st.one_of(st.none(), st.integers(after, after + SECOND))))
        )  # fmt: skip
        frame = after
    return spans


@tries(60)
@given(spans=streams(), block_frames=st.sampled_from([333, 1_024, 4_410, 9_999]))
def test_samples_do_not_depend_on_the_size_of_the_blocks(
    spans: list[Span], block_frames: int
) -> None:
    """Any stream, cut into blocks of any size, is the same sound bit for bit."""
    bed = Bed(np.random.default_rng(3).integers(-9_000, 9_000, (SECOND, 2)).astype(np.int16), "n",
              gain_db=12.0, cross_fade_seconds=0.2)  # fmt: skip
    blocks = [b.samples for b in mix(spans, SAMPLE_RATE, 2, 1 << 20, bed=bed)]
    if not blocks:
        return
    assert np.array_equal(mixed(spans, block_frames, bed), np.concatenate(blocks))


def test_memory_does_not_grow_with_the_session() -> None:
    """An hour of words every ten seconds takes less than 12 MB at any time."""
    import tracemalloc

    word = at(0, 2)
    spans = (
        Span(index, frames(60 * index), frames(60 * index + 60),
             [Placement(frames(60 * index + second), word.clip, 0.0, CUE, "Hold.")
              for second in range(0, 60, 10)], frames(60 * index + 60))
        for index in range(60)
    )  # fmt: skip
    tracemalloc.start()
    try:
        count = sum(block.length_frames for block in mix(spans, SAMPLE_RATE, 2, bed=STEADY))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == frames(3_600)
    assert peak_bytes < 12_000_000


def test_a_bed_of_another_rate_is_refused() -> None:
    """It would sound too high or too low."""
    with pytest.raises(ValueError, match="44100 Hz and 2 channels in a session of 24000 Hz and 1"):
        list(mix([Span(0, 0, 9, [])], 24_000, 1, bed=STEADY))
