"""Clips: moments and frames, fades, resampling, channels, 16-bit samples, WAV files."""

from __future__ import annotations

import io
import math
import struct
import wave
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.examples import tries
from tests.support.lufs import gain_to_db
from voicecoach.errors import SoundError
from voicecoach.sound.clip import (
    Clip,
    _phase_weights,
    db_to_gain,
    fade,
    parse_wav,
    read_wav,
    resample,
    seconds_to_frames,
    to_pcm16,
    with_channels,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def tone(frequency_hz: float, sample_rate: int, seconds: float = 1.0) -> Clip:
    """Return a sine at full scale, as mono clip."""
    moments = np.arange(round(seconds * sample_rate)) / sample_rate
    return Clip(
        np.sin(2 * np.pi * frequency_hz * moments).astype(np.float32).reshape(-1, 1), sample_rate
    )


def rms_db(samples: NDArray[np.float32]) -> float:
    """Return the level against a full-scale sine, leaving out both edges."""
    inner = samples[len(samples) // 10 : -len(samples) // 10].astype(np.float64)
    return gain_to_db(float(np.sqrt(2.0 * np.mean(inner**2))))


def test_a_clip_of_the_wrong_shape_or_type_is_refused() -> None:
    """A mistake shows where the clip is made, not where it would sound wrong."""
    with pytest.raises(ValueError, match="float32"):
        Clip(np.zeros((3, 1)), 24_000)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="shape"):
        Clip(np.zeros(3, np.float32), 24_000)
    with pytest.raises(ValueError, match="sample rate"):
        Clip(np.zeros((3, 1), np.float32), 0)


@given(
    lead_in=st.lists(st.integers(1, 10**6), max_size=30),
    halves=st.integers(0, 1),
    work_seconds=st.integers(1, 600),
)
def test_a_work_block_is_exact_to_the_frame_after_any_lead_in(
    lead_in: list[int], halves: int, work_seconds: int
) -> None:
    """Noise of float sums never moves the end of a work block by a frame, not even half-way."""
    start = sum(frames / 24_000 for frames in lead_in) + halves / 48_000
    first = seconds_to_frames(start, 24_000)
    assert first == sum(lead_in) + halves
    assert seconds_to_frames(start + work_seconds, 24_000) - first == work_seconds * 24_000


@given(frames=st.integers(0, 12 * 3600 * 48_000), rate=st.sampled_from([22_050, 24_000, 44_100]))
def test_frames_survive_the_way_through_seconds(frames: int, rate: int) -> None:
    """A whole number of frames written in seconds comes back unchanged for half a day."""
    assert seconds_to_frames(float(Fraction(frames, rate)), rate) == frames


def test_db_and_gain_are_each_others_inverse() -> None:
    """-6.02 dB is half, 0 dB is one, silence has no dB."""
    assert db_to_gain(0.0) == 1.0
    assert db_to_gain(-6.0206) == pytest.approx(0.5, abs=1e-6)
    assert gain_to_db(db_to_gain(-12.0)) == pytest.approx(-12.0)
    assert gain_to_db(0.0) == float("-inf")


def test_a_fade_starts_and_ends_in_silence_and_leaves_the_middle_alone() -> None:
    """5 ms edges rise from 0 and mirror each other; what lies between is untouched."""
    steady = Clip(np.ones((2400, 2), np.float32), 24_000)
    faded = fade(steady, 0.005, 0.005)
    assert faded.samples[0].tolist() == [0.0, 0.0]
    assert faded.samples[60, 0] == pytest.approx(0.5)
    assert np.all(np.diff(faded.samples[:120, 0]) > 0)
    assert np.array_equal(faded.samples[:120], faded.samples[::-1][:120])
    assert np.all(faded.samples[120:-120] == 1.0)
    assert np.all(steady.samples == 1.0)


@pytest.mark.parametrize("length_frames", [0, 1, 2, 5])
def test_a_clip_shorter_than_its_fades_is_still_faded(length_frames: int) -> None:
    """Edges meet in the middle instead of overlapping."""
    faded = fade(Clip(np.ones((length_frames, 1), np.float32), 24_000), 0.005, 0.005)
    assert faded.length_frames == length_frames
    assert not length_frames // 2 or faded.samples[0, 0] == 0.0


@pytest.mark.parametrize(
    ("from_rate", "to_rate"),
    [(22_050, 24_000), (44_100, 24_000), (48_000, 24_000), (24_000, 44_100), (25_200, 24_000)],
)
def test_resampling_keeps_every_tone_where_it_is(from_rate: int, to_rate: int) -> None:
    """Tones up to 0.85 of the band come out as the same tones, 90 dB clean, in time."""
    for frequency_hz in (100.0, 1000.0, 0.85 * min(from_rate, to_rate) / 2):
        resampled = resample(tone(frequency_hz, from_rate), to_rate)
        expected = tone(frequency_hz, to_rate)
        assert resampled.sample_rate == to_rate
        assert resampled.length_frames == to_rate
        assert rms_db(resampled.samples - expected.samples) < -90


def test_resampling_folds_nothing_back() -> None:
    """A tone that the lower rate cannot carry disappears instead of coming back as another tone."""
    assert rms_db(resample(tone(13_000, 44_100), 24_000).samples) < -80


def test_resampling_treats_channels_alike_and_steady_levels_as_steady() -> None:
    """Two channels stay two, and a constant stays constant away from the edges."""
    both = Clip(np.tile(np.float32([[0.5, -0.25]]), (4000, 1)), 22_050)
    inner = resample(both, 24_000).samples[200:-200]
    assert np.allclose(inner, [0.5, -0.25], atol=1e-6)


@given(length=st.integers(0, 3000), rate=st.sampled_from([8_000, 22_050, 24_000, 44_100]))
def test_resampling_keeps_the_duration(length: int, rate: int) -> None:
    """Nothing is cut off: the duration grows by less than one frame, whatever the rates."""
    clip = Clip(np.ones((length, 1), np.float32), rate)
    grown = resample(clip, 24_000).duration_seconds - clip.duration_seconds
    assert -1e-9 <= grown < 1 / 24_000


@tries(50)
@given(
    length=st.integers(0, 400),
    rates=st.sampled_from(
        [(22_050, 24_000), (25_440, 24_000), (44_100, 24_000), (24_000, 48_000), (192_000, 8_000)]
    )
    | st.tuples(st.integers(700, 900), st.integers(700, 900)),
    channels=st.integers(1, 2),
)
@example(length=1, rates=(887, 883), channels=2)
def test_every_resampled_frame_is_the_weighted_sum_of_its_neighbours(
    length: int, rates: tuple[int, int], channels: int
) -> None:
    """Whatever the rates, as the definition says it."""
    from_rate, to_rate = rates
    samples = np.random.default_rng(length).normal(0, 0.3, (length, channels)).astype(np.float32)
    resampled = resample(Clip(samples, from_rate), to_rate).samples
    if from_rate == to_rate:
        assert np.array_equal(resampled, samples)
        return
    divisor = math.gcd(from_rate, to_rate)
    up, down = to_rate // divisor, from_rate // divisor
    weights = _phase_weights(up, down)
    taps = weights.shape[1]
    padded = np.pad(samples.astype(np.float64), ((taps, taps), (0, 0)))
    assert len(resampled) == math.ceil(Fraction(length * up, down))
    for frame, values in enumerate(resampled):
        middle, phase = divmod(frame * down, up)
        around = padded[taps + middle + 1 - taps // 2 :][:taps]
        assert values == pytest.approx(weights[phase] @ around, abs=1e-7)


def test_channels_are_mixed_to_one_and_copied_to_many() -> None:
    """Stereo becomes its mean; mono becomes the same in every channel."""
    stereo = Clip(np.float32([[1.0, 0.0], [0.5, 0.5]]), 24_000)
    assert with_channels(stereo, 1).samples.tolist() == [[0.5], [0.5]]
    assert with_channels(with_channels(stereo, 1), 2).samples.tolist() == [[0.5, 0.5]] * 2
    assert with_channels(stereo, 2) is stereo


def test_every_16_bit_sample_survives_the_way_through_float() -> None:
    """All 65,536 values come out as they went in, and full scale does not wrap around."""
    every = np.arange(-32_768, 32_768, dtype=np.int16)
    as_float = (every / np.float32(32_768)).astype(np.float32)
    assert np.array_equal(to_pcm16(as_float), every)
    assert to_pcm16(np.float32([1.0, -1.0, 1.5, -1.5, 0.4 / 32_768, -0.6 / 32_768])).tolist() == [
        32_767, -32_768, 32_767, -32_768, 0, -1,
    ]  # fmt: skip


def wav_bytes(kind: int, bits: int, payload: bytes, *, channels: int = 1, rate: int = 24_000,
              extensible: bool = False, size: int | None = None) -> bytes:  # fmt: skip
    """Return a WAV file with an odd-sized chunk before its samples, as some editors write it."""
    width = bits // 8
    layout = struct.pack(
        "<HHIIHH", 0xFFFE if extensible else kind, channels, rate, rate * channels * width,
        channels * width, bits,
    )  # fmt: skip
    if extensible:
        layout += struct.pack("<HHIH14s", 22, bits, 4, kind, bytes(14))
    chunks = b"fmt " + struct.pack("<I", len(layout)) + layout
    chunks += b"junk" + struct.pack("<I", 3) + b"abc\0"
    chunks += b"data" + struct.pack("<I", len(payload) if size is None else size) + payload
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


@pytest.mark.parametrize(
    ("kind", "bits", "payload"),
    [
        (1, 8, bytes([128, 192, 64])),
        (1, 16, struct.pack("<3h", 0, 16_384, -16_384)),
        (1, 24, bytes([0, 0, 0, 0, 0, 0x40, 0, 0, 0xC0])),
        (1, 32, struct.pack("<3i", 0, 2**30, -(2**30))),
        (3, 32, struct.pack("<3f", 0, 0.5, -0.5)),
        (3, 64, struct.pack("<3d", 0, 0.5, -0.5)),
    ],
)
@pytest.mark.parametrize("extensible", [False, True])
def test_every_kind_of_wav_is_read(
    kind: int, bits: int, payload: bytes, extensible: bool, tmp_path: Path
) -> None:
    """Integers of 8 to 32 bits and floats give the same three samples."""
    path = tmp_path / "sound.wav"
    path.write_bytes(wav_bytes(kind, bits, payload, extensible=extensible))
    clip = read_wav(path)
    assert clip.sample_rate == 24_000
    assert clip.samples.tolist() == [[0.0], [0.5], [-0.5]]


def test_the_standard_librarys_wav_is_read_the_same() -> None:
    """A stereo file of the `wave` module comes back with its frames and rate."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((2, 2, 44_100, 0, "NONE", ""))
        writer.writeframes(struct.pack("<4h", 1, 2, 3, 4))
    clip = parse_wav(file.getvalue(), "it")
    assert (clip.channels, clip.sample_rate) == (2, 44_100)
    assert to_pcm16(clip.samples).tolist() == [[1, 2], [3, 4]]


def test_a_wav_written_into_a_pipe_is_read_to_its_end() -> None:
    """A size that its writer could not know is taken as `all there is`."""
    for size in (0xFFFF_FFFF, 0x7FFF_F000):
        streamed = wav_bytes(1, 16, struct.pack("<2h", 1, 2), size=size)
        assert parse_wav(streamed, "it").length_frames == 2


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b"", "not a WAV"),
        (b"ID3" + bytes(40), "not a WAV"),
        (b"RIFF\0\0\0\0WAVE", "without samples"),
        (b"RIFF\0\0\0\0WAVEdata\2\0\0\0\0\0", "before their format"),
        (b"RIFF\0\0\0\0WAVEfmt \4\0\0\0\0\0\0\0", "format is cut short"),
        (wav_bytes(1, 16, bytes(10), size=20), "cut short: it promises 20 bytes .* has 10"),
        (wav_bytes(85, 16, bytes(10)), "kind 85"),
        (wav_bytes(1, 16, bytes(10), channels=0), "0 channels"),
        (wav_bytes(3, 32, struct.pack("<f", float("nan"))), "not numbers"),
    ],
)
def test_a_broken_wav_is_refused_by_name(broken: bytes, message: str) -> None:
    """Each way of being broken has its own message, which begins with the file."""
    with pytest.raises(SoundError, match=f"^bell.wav: .*{message}"):
        parse_wav(broken, "bell.wav")


def test_a_missing_wav_is_named(tmp_path: Path) -> None:
    """The message holds the path and the system's reason."""
    with pytest.raises(SoundError, match=r"none\.wav: cannot be read: No such file"):
        read_wav(tmp_path / "none.wav")
