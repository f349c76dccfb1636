"""Raw speech -> clips: trimmed, at one loudness, under the ceiling, with soft edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.lufs import gain_to_db, integrated_lufs
from voicecoach.sound.clip import Clip, db_to_gain
from voicecoach.speech import levelling

RATE = 24_000


def voice_like(seconds: float, level_db: float, seed: int = 1) -> np.ndarray:
    """Return noise in syllables, five a second, with peaks well above its RMS, as in speech."""
    rng = np.random.default_rng(seed)
    moments = np.arange(round(seconds * RATE)) / RATE
    syllables = 0.55 - 0.45 * np.cos(2 * np.pi * 5 * moments)
    samples = rng.laplace(size=len(moments)) * syllables
    return (samples / np.sqrt(np.mean(samples**2)) * db_to_gain(level_db)).astype(np.float32)


def around(samples: np.ndarray, before: float, after: float, noise_db: float = -90.0) -> np.ndarray:
    """Return the samples between stretches of faint noise."""
    rng = np.random.default_rng(2)
    edges = [rng.standard_normal(round(s * RATE)) * db_to_gain(noise_db) for s in (before, after)]
    return np.concatenate([edges[0], samples, edges[1]]).astype(np.float32)


@given(
    before=st.floats(0.0, 0.6),
    after=st.floats(0.0, 0.6),
    seconds=st.floats(0.15, 3.0),
    level_db=st.floats(-45.0, -12.0),
)
def test_every_clip_has_the_same_room(
    before: float, after: float, seconds: float, level_db: float
) -> None:
    """Whatever silence an engine leaves around the words, 20 ms before and 80 ms after remain."""
    raw = around(voice_like(seconds, level_db), before, after, level_db - 60.0)
    length = len(levelling.trim(raw, RATE)) / RATE
    # Frames of 10 ms decide; the tail of a syllable may lie under the threshold.
    assert seconds + 0.1 - 0.045 <= length <= seconds + 0.1 + 0.025


def coloured(samples: np.ndarray, slope_db: float) -> np.ndarray:
    """Return the samples with a spectrum that rises or falls by so many dB an octave from 200 Hz on."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    octaves = np.log2(np.maximum(hertz, 200.0) / 200.0)
    spectrum *= 10.0 ** (slope_db * octaves / 20.0) * (hertz > 100.0)
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


@given(
    level_db=st.floats(-50.0, -10.0),
    seconds=st.floats(0.3, 3.0),
    slope_db=st.floats(-9.0, -3.0),
    seed=st.integers(0, 9),
)
def test_all_speech_comes_out_equally_loud(
    level_db: float, seconds: float, slope_db: float, seed: int
) -> None:
    """Loud or soft, a word or a sentence, dark or bright: at the common loudness, under the ceiling."""
    speech = coloured(voice_like(seconds, level_db, seed), slope_db)
    speech *= db_to_gain(level_db) / np.sqrt(np.mean(speech**2))
    clip = levelling.finish(around(speech, 0.2, 0.3, level_db - 60.0), RATE)
    assert integrated_lufs(clip) == pytest.approx(levelling.SPEECH_LUFS, abs=0.8)
    assert gain_to_db(clip.peak) <= levelling.PEAK_CEILING_DB + 0.01


def rms_db(samples: np.ndarray) -> float:
    """Return the RMS in dBFS."""
    return 10.0 * float(np.log10(np.mean(samples.astype(np.float64) ** 2)))


def test_a_dark_voice_gets_more_level_than_a_bright_one() -> None:
    """Equal RMS is not equal loudness: ears are keen on the bright one."""
    dark, bright = (
        levelling.level(coloured(voice_like(2.0, -20.0), slope), RATE) for slope in (-9.0, -1.0)
    )
    assert rms_db(dark) - rms_db(bright) > 2.0


def test_a_single_word_does_not_jump_out() -> None:
    """Its loudest 400 ms are no louder than those of a sentence, nor much softer."""
    word, sentence = (
        levelling.finish(coloured(voice_like(seconds, -20.0), -6.0), RATE) for seconds in (0.4, 3.0)
    )
    loudest = [
        max(
            integrated_lufs(Clip(clip.samples[first : first + 9_600], RATE))
            for first in range(0, clip.length_frames, 1_200)
        )
        for clip in (word, sentence)
    ]
    assert -1.5 < loudest[0] - loudest[1] < 0.5


def test_the_limiter_leaves_the_rest_alone() -> None:
    """One peak above the ceiling is turned down where it is, and nothing is clipped flat."""
    raw = (0.1 * np.sin(2 * np.pi * 997 * np.arange(RATE) / RATE)).astype(np.float32)
    raw[12_000] = 0.9
    levelled = levelling.level(raw, RATE)
    near = np.abs(np.arange(RATE) - 12_000) < 0.0161 * RATE
    gains = levelled[~near & (np.abs(raw) > 0.05)] / raw[~near & (np.abs(raw) > 0.05)]
    assert np.ptp(gains) < 1e-5
    # A sine of 997 Hz is as loud as its RMS; the peak adds a little of its own.
    assert gain_to_db(float(gains.mean())) == pytest.approx(levelling.SPEECH_LUFS + 23.01, abs=0.2)
    assert levelled[12_000] == pytest.approx(db_to_gain(levelling.PEAK_CEILING_DB), rel=0.001)
    beside = levelled[near & (np.abs(raw) > 0.05)] / raw[near & (np.abs(raw) > 0.05)]
    assert np.abs(np.diff(beside)).max() < 0.05 * float(gains.mean())


def test_speech_that_has_the_loudness_already_is_limited_all_the_same() -> None:
    """Nothing is left to be made louder, and the peaks are still too high."""
    speech = voice_like(1.0, -20.0)
    as_loud = integrated_lufs(Clip(speech.reshape(-1, 1), RATE))
    speech *= np.float32(db_to_gain(levelling.SPEECH_LUFS - as_loud))
    assert np.abs(speech).max() > 0.65
    assert np.abs(levelling.level(speech, RATE)).max() < 0.6


@given(
    places=st.lists(st.integers(0, 23_999), min_size=1, max_size=8),
    height=st.floats(0.5, 0.95),
)
def test_every_peak_is_turned_down_wherever_it_is(places: list[int], height: float) -> None:
    """At the very ends, alone or in crowds, each one comes out at the ceiling or below."""
    raw = (0.05 * np.sin(2 * np.pi * 997 * np.arange(RATE) / RATE)).astype(np.float32)
    raw[places] = height
    levelled = levelling.level(raw, RATE)
    assert levelled.shape == raw.shape
    assert np.abs(levelled).max() <= db_to_gain(levelling.PEAK_CEILING_DB) * 1.00001
    far = np.ones(RATE, bool)
    for place in places:
        far[max(0, place - 385) : place + 386] = False
    loud = far & (np.abs(raw) > 0.02)
    assert np.ptp(levelled[loud] / raw[loud]) < 1e-4


def test_limiting_does_not_leave_speech_quiet() -> None:
    """Speech with many high peaks is as loud as any other, although they are turned down."""
    rng = np.random.default_rng(3)
    raw = (rng.laplace(size=RATE) * 0.02).astype(np.float32)
    raw[::600] *= 12.0
    levelled = levelling.level(raw, RATE)
    assert gain_to_db(float(np.abs(levelled).max())) <= levelling.PEAK_CEILING_DB + 0.01
    loudness = integrated_lufs(Clip(levelled.reshape(-1, 1), RATE))
    assert loudness == pytest.approx(levelling.SPEECH_LUFS, abs=0.5)


def test_edges_are_soft() -> None:
    """Clips start and end at nothing, so that they cannot click."""
    clip = levelling.finish(voice_like(0.5, -20.0), RATE)
    assert np.abs(clip.samples[[0, -1]]).max() < 0.001


def test_silence_goes_in_where_it_is_wanted() -> None:
    """Pauses are put in at their frames; all samples that are not near one stay as they are."""
    samples = voice_like(1.0, -20.0)
    longer = levelling.with_silence(samples, RATE, [(6_000, 2_400), (12_000, 0), (18_000, 1_200)])
    assert len(longer) == len(samples) + 3_600
    assert not longer[6_000:8_400].any()
    assert not longer[20_400:21_600].any()
    assert np.array_equal(longer[200:5_800], samples[200:5_800])
    assert np.array_equal(longer[8_600:20_000], samples[6_200:17_600])
    assert np.array_equal(longer[22_000:-200], samples[18_400:-200])


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(24_000), np.full(24_000, 1e-6)])
def test_silence_has_no_speech(samples: np.ndarray) -> None:
    """Nothing, silence and faint noise are not taken for speech, nor made louder."""
    raw = samples.astype(np.float32)
    assert levelling.speech_span(raw, RATE) == (0, 0)
    assert np.array_equal(levelling.level(raw, RATE), raw)
