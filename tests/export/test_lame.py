"""The MP3 encoder that does not encode the same silence twice: nothing that is heard may tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lameenc
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from tests.support.tracks import decode_with_miniaudio, speech_like
from voicecoach.export.formats import FORMATS, Quality
from voicecoach.export.lame import _Encoder, encode
from voicecoach.export.track import TrackPlan, TrackTags
from voicecoach.sound.clip import to_pcm16

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 24_000


def spoken(
    silences_seconds: Sequence[float], channels: int = 1, rate: int = RATE
) -> NDArray[np.int16]:
    """Return sounds of about a second, each behind a silence; the last silence ends the session."""
    parts = []
    for number, seconds in enumerate(silences_seconds):
        if number:
            parts.append(to_pcm16(speech_like(number % 5, rate, channels).samples))
        parts.append(np.zeros((round(seconds * rate), channels), np.int16))
    return np.concatenate(parts)


def plan_of(
    samples: NDArray[np.int16], rate: int = RATE, quality: Quality = Quality.PHONE
) -> TrackPlan:
    """Return what the encoder is told."""
    return TrackPlan(FORMATS["mp3"], rate, samples.shape[1], len(samples), TrackTags("x"), quality)


def in_blocks(samples: NDArray[np.int16], frames: int = 65_536) -> Iterator[NDArray[np.int16]]:
    """Yield the samples block by block."""
    for first in range(0, len(samples), frames):
        yield samples[first : first + frames]


def plainly(samples: NDArray[np.int16], plan: TrackPlan) -> bytes:
    """Return what LAME makes of all samples."""
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_in_sample_rate(plan.sample_rate)
    lame.set_out_sample_rate(plan.sample_rate)
    lame.set_channels(plan.channels)
    lame.set_bit_rate(plan.bitrate_kbps)
    lame.set_quality(4)
    return bytes(lame.encode(samples.tobytes())) + bytes(lame.flush())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("quality", list(Quality))
def test_repeated_silence_changes_nothing_that_is_heard(quality: Quality, tmp_path: Path) -> None:
    """The decoded track has each sound in its place, and is as near to the original as without it."""
    samples = spoken([3.0, 6.0, 0.4, 30.0, 1.1, 2.0, 61.7, 0.01])
    plan = plan_of(samples, quality=quality)
    decoded = decode_with_miniaudio(encode(in_blocks(samples), plan, tmp_path), RATE, 1)
    assert len(decoded) == len(samples)
    wanted = samples.astype(np.float32) / 32_768
    sounding = np.flatnonzero(samples.any(axis=1))
    error = decoded[sounding] - wanted[sounding]
    (tmp_path / "plain").mkdir()
    plain_path = encode(in_blocks(noisy(samples)), plan, tmp_path / "plain")
    plain = decode_with_miniaudio(plain_path, RATE, 1)
    plain_error = plain[sounding] - wanted[sounding]
    assert np.sqrt(np.mean(error**2)) < 1.05 * np.sqrt(np.mean(plain_error**2))
    # What an MP3 has around its sounds is no more than it was.
    around, plain_around = np.delete(decoded, sounding), np.delete(plain, sounding)
    assert np.abs(around).max() < 1.3 * np.abs(plain_around).max()
    long_silence = decoded[round(14.0 * RATE) : round(38.0 * RATE)]
    assert np.abs(long_silence).max() == 0.0


def noisy(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the samples without digital silence: the smallest number there is, here and there."""
    changed = samples.copy()
    changed[::500] |= 1
    return changed


def test_four_fifths_of_a_silence_are_not_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of silence is a second for LAME."""
    samples = spoken([1.0, 60.0, 1.0])
    encoder = _Encoder(plan_of(samples))
    given_samples = []
    give = encoder._give
    monkeypatch.setattr(
        encoder, "_give", lambda part: given_samples.append(len(part)) or give(part)
    )
    for block in in_blocks(samples):
        encoder.take(block)
    encoder.finish()
    assert sum(given_samples) < len(samples) - 58 * RATE


@tries(25)
@given(
    silences=st.lists(st.floats(0.0, 5.0), min_size=1, max_size=5),
    block_frames=st.integers(100, 200_000),
)
def test_the_bytes_do_not_depend_on_the_blocks(silences: list[float], block_frames: int) -> None:
    """However the session is cut, it is the same track, with as many frames as LAME would give."""
    samples = spoken([0.3, *silences])
    plan = plan_of(samples)
    whole, cut = _Encoder(plan), _Encoder(plan)
    expected = whole.take(samples) + whole.finish()
    parts = [cut.take(block) for block in in_blocks(samples, block_frames)]
    assert b"".join(parts) + cut.finish() == expected
    assert len(expected) == len(plainly(samples, plan))


def test_where_frames_differ_in_length_none_is_repeated() -> None:
    """At 44.1 kHz every frame is LAME's own."""
    samples = spoken([0.5, 20.0, 1.0], 2, 44_100)
    plan = plan_of(samples, 44_100)
    encoder = _Encoder(plan)
    encoded = b"".join(encoder.take(block) for block in in_blocks(samples)) + encoder.finish()
    assert encoded == plainly(samples, plan)


def test_short_silences_are_lames_own() -> None:
    """Where nothing is repeated the bytes are those of LAME alone."""
    samples = spoken([0.2, 0.9, 0.5, 0.3])
    plan = plan_of(samples)
    encoder = _Encoder(plan)
    assert encoder.take(samples) + encoder.finish() == plainly(samples, plan)
