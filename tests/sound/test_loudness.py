"""Loudness by BS.1770, held against ffmpeg's meter and against what the standard says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.ebur128 import measure_clip
from tests.support.lufs import integrated_lufs
from tests.support.needs import requires_program
from voicecoach.routine.model import Audience
from voicecoach.sound.clip import Clip, db_to_gain, with_channels
from voicecoach.sound.loudness import block_powers, k_weighted
from voicecoach.speech import open_narrator

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 24_000


def clip_of(samples: NDArray[np.floating], sample_rate: int = RATE) -> Clip:
    """Return one channel as a clip."""
    return Clip(samples.astype(np.float32).reshape(-1, 1), sample_rate)


def tone(frequency_hz: float, seconds: float, sample_rate: int = RATE) -> Clip:
    """Return a sine with its peak at full scale."""
    moments = np.arange(round(seconds * sample_rate)) / sample_rate
    return clip_of(np.sin(2 * np.pi * frequency_hz * moments), sample_rate)


def noise(seconds: float, level_db: float, sample_rate: int = RATE, seed: int = 1) -> Clip:
    """Return white noise of an RMS in dBFS."""
    rng = np.random.default_rng(seed)
    frames = rng.standard_normal(round(seconds * sample_rate))
    return clip_of(frames * db_to_gain(level_db), sample_rate)


def joined(*clips: Clip) -> Clip:
    """Return clips one after the other."""
    return Clip(np.concatenate([clip.samples for clip in clips]), clips[0].sample_rate)


def silence(seconds: float) -> Clip:
    """Return digital silence."""
    return clip_of(np.zeros(round(seconds * RATE)))


SOUNDS = {
    "white noise": noise(5.0, -20.0),
    "white noise at 22.05 kHz": noise(5.0, -20.0, 22_050),
    "white noise at 44.1 kHz": noise(5.0, -20.0, 44_100),
    "white noise at 48 kHz": noise(5.0, -20.0, 48_000),
    "40 Hz": tone(40.0, 3.0),
    "100 Hz": tone(100.0, 3.0),
    "997 Hz": tone(997.0, 3.0),
    "2 kHz": tone(2_000.0, 3.0),
    "8 kHz": tone(8_000.0, 3.0),
    "loud, silent, soft, far too soft": joined(
        noise(2.0, -20.0), silence(3.0), noise(2.0, -27.0), noise(6.0, -45.0), noise(1.0, -22.0)
    ),
}


@requires_program("ffmpeg")
@pytest.mark.parametrize("name", SOUNDS)
def test_the_numbers_are_those_of_ffmpeg(name: str) -> None:
    """Noise, tones and pauses, at every rate that a session has, within 0.1 LU."""
    assert integrated_lufs(SOUNDS[name]) == pytest.approx(measure_clip(SOUNDS[name]).lufs, abs=0.1)


@pytest.mark.sampled(1)
@requires_program("ffmpeg")
@pytest.mark.parametrize("voice", ["natural", "natural:bright", "pyttsx3"])
def test_speech_measures_as_with_ffmpeg(voice: str) -> None:
    """Sentences with pauses between them, as in a session."""
    sentences = ("Straighten your right leg and lift it.", "Halfway.", "Keep breathing calmly.")
    with open_narrator(voice, audience=Audience.ADULT) as narrator:
        clips = [narrator.clip(sentence) for sentence in sentences]
    speech = joined(*(part for clip in clips for part in (clip, silence(1.3))))
    assert integrated_lufs(speech) == pytest.approx(measure_clip(speech).lufs, abs=0.1)


@requires_program("ffmpeg")
def test_the_same_in_two_channels_is_3_lu_louder() -> None:
    """So -19 LUFS in mono are the -16 LUFS in stereo that apps ask for."""
    mono = SOUNDS["loud, silent, soft, far too soft"]
    stereo = with_channels(mono, 2)
    assert integrated_lufs(stereo) - integrated_lufs(mono) == pytest.approx(3.01, abs=0.001)
    assert measure_clip(stereo).lufs - measure_clip(mono).lufs == pytest.approx(3.01, abs=0.01)


def test_the_reference_tone_has_the_loudness_that_the_standard_says() -> None:
    """A sine of 997 Hz at full scale in one channel has -3.01 LUFS, at any length of 400 ms or more."""
    for seconds in (0.4, 1.0, 3.07):
        assert integrated_lufs(tone(997.0, seconds)) == pytest.approx(-3.01, abs=0.02)


@given(gain_db=st.floats(-40.0, 12.0), seconds=st.floats(0.05, 2.0))
def test_a_gain_in_db_is_a_gain_in_lu(gain_db: float, seconds: float) -> None:
    """Gates follow the sound, so that levelling by the difference is exact."""
    soft = noise(seconds, -22.0)
    loud = Clip(soft.samples * np.float32(db_to_gain(gain_db)), RATE)
    assert integrated_lufs(loud) - integrated_lufs(soft) == pytest.approx(gain_db, abs=0.001)


@given(length=st.integers(1, 30_000), place=st.integers(0, 30_000))
def test_weighting_moves_and_loses_nothing(length: int, place: int) -> None:
    """A click stays where it is, and a sound next to the ends is weighted as in the middle."""
    place %= length
    click = np.zeros(length, np.float32)
    click[place] = 1.0
    weighted = k_weighted(click, RATE)
    assert weighted.shape == click.shape
    assert int(np.argmax(weighted)) == place
    alone = k_weighted(np.eye(1, 20_001, 10_000, dtype=np.float32)[0], RATE)
    reach = slice(max(0, place - 200), place + 200)
    expected = alone[reach.start + 10_000 - place : min(length, reach.stop) + 10_000 - place]
    assert np.abs(weighted[reach] - expected).max() < 1e-4


@given(frames=st.integers(1, 20_000))
def test_weighting_does_not_depend_on_where_a_sound_begins(frames: int) -> None:
    """A rumble is weighted alike at the middle of what is worked on at a time and at its seams."""
    rumble = np.cumsum(noise(1.0, -60.0).samples[:, 0], dtype=np.float32)
    later = k_weighted(np.concatenate([np.zeros(frames, np.float32), rumble]), RATE)
    assert np.abs(later[frames:] - k_weighted(rumble, RATE)).max() < 1e-3


def test_a_short_sound_is_measured_with_the_silence_after_it() -> None:
    """Half as long is 3 LU softer below 400 ms, as ears have it."""
    whole, half = tone(997.0, 0.4), tone(997.0, 0.2)
    assert integrated_lufs(half) - integrated_lufs(whole) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(RATE), np.full(RATE, 1e-6)])
def test_silence_has_no_loudness(samples: NDArray[np.float64]) -> None:
    """Nothing, silence and what is softer than -70 LUFS are left out, and then nothing is there."""
    assert integrated_lufs(clip_of(samples)) == -math.inf
    assert len(block_powers(k_weighted(samples.astype(np.float32), RATE), RATE)) >= 1


@pytest.mark.parametrize("sample_rate", [0, 48_001, 96_000])
def test_rates_that_cannot_be_measured_are_refused(sample_rate: int) -> None:
    """Rather than measured wrong."""
    with pytest.raises(ValueError, match="loudness is measured at"):
        k_weighted(np.zeros(100, np.float32), sample_rate)
