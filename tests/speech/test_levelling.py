"""Raw speech -> clips: trimmed, at one loudness, under the ceiling, with soft edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.clip import db_to_gain, gain_to_db
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


@given(level_db=st.floats(-50.0, -10.0), seconds=st.floats(0.3, 3.0), seed=st.integers(0, 9))
def test_loud_and_soft_engines_come_out_alike(level_db: float, seconds: float, seed: int) -> None:
    """Speech at any level comes out at the common level, under the ceiling."""
    clip = levelling.finish(around(voice_like(seconds, level_db, seed), 0.2, 0.3), RATE)
    assert levelling.speech_level_db(clip.samples[:, 0], RATE) == pytest.approx(
        levelling.SPEECH_LEVEL_DB, abs=0.5
    )
    assert gain_to_db(clip.peak) <= levelling.PEAK_CEILING_DB + 0.01


def test_the_limiter_leaves_the_rest_alone() -> None:
    """One peak above the ceiling is turned down where it is, and nothing is clipped flat."""
    raw = (0.1 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)).astype(np.float32)
    raw[12_000] = 0.9
    levelled = levelling.level(raw, RATE)
    near = np.abs(np.arange(RATE) - 12_000) < 0.01 * RATE
    gains = levelled[~near & (np.abs(raw) > 0.05)] / raw[~near & (np.abs(raw) > 0.05)]
    assert np.ptp(gains) < 0.01
    assert gains.mean() == pytest.approx(1.41, abs=0.05)
    assert abs(levelled[12_000]) == pytest.approx(db_to_gain(-3.0), rel=0.02)


def test_limiting_does_not_leave_speech_quiet() -> None:
    """Speech with many high peaks is as loud as any other, although they are turned down."""
    rng = np.random.default_rng(3)
    raw = (rng.laplace(size=RATE) * 0.02).astype(np.float32)
    raw[::150] *= 12.0
    levelled = levelling.level(raw, RATE)
    assert gain_to_db(float(np.abs(levelled).max())) <= levelling.PEAK_CEILING_DB + 0.01
    assert levelling.speech_level_db(levelled, RATE) == pytest.approx(-20.0, abs=0.4)


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
    """Nothing, silence and faint noise are not taken for speech."""
    assert levelling.speech_span(samples.astype(np.float32), RATE) == (0, 0)
