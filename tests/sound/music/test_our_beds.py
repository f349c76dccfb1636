"""Our beds: calm, dark where words are clear, and loops that nobody can tell from endless sound."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.sound.music.our_beds import BEDS, CHANNELS, LOOP_FRAMES, SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECOND = SAMPLE_RATE


@cache
def loop(name: str) -> NDArray[np.float64]:
    """Return a bed at full scale 1.0, made once."""
    return BEDS[name]().astype(np.float64) / 32_768.0


def band_db(samples: NDArray[np.float64], low_hz: float, high_hz: float) -> float:
    """Return how much of the power lies in a band."""
    powers = (np.abs(np.fft.rfft(samples, axis=0)) ** 2).sum(axis=1)
    hertz = np.fft.rfftfreq(len(samples), 1.0 / SAMPLE_RATE)
    return float(
        10 * np.log10(powers[(hertz >= low_hz) & (hertz < high_hz)].sum() / powers.sum() + 1e-15)
    )


def levels_db(samples: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Return the level of each stretch."""
    length = round(seconds * SAMPLE_RATE)
    parts = samples[: len(samples) // length * length].reshape(-1, length * CHANNELS)
    levels: NDArray[np.float64] = 10 * np.log10((parts**2).mean(axis=1) + 1e-12)
    return levels


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_is_one_loop_and_never_another(name: str) -> None:
    """Its shape and kind are those of all beds; made again it is the same."""
    made = BEDS[name]()
    assert made.shape == (LOOP_FRAMES, CHANNELS)
    assert made.dtype == np.int16
    assert made.flags.c_contiguous
    assert np.array_equal(made, np.rint(loop(name) * 32_768.0))
    assert 0.85 < np.abs(loop(name)).max() < 0.95


@pytest.mark.parametrize("name", BEDS)
def test_words_are_left_alone(name: str) -> None:
    """Where consonants lie there is next to nothing, and small speakers have something to play."""
    assert band_db(loop(name), 1_000, 4_000) < -16
    assert band_db(loop(name), 4_000, 22_050) < -45
    assert band_db(loop(name), 150, 1_000) > -4


@pytest.mark.parametrize("name", BEDS)
def test_the_seam_cannot_be_told(name: str) -> None:
    """From the last frame to the first the sound moves on as it does anywhere else."""
    whole = loop(name)
    around = np.concatenate([whole[-SECOND // 2 :], whole[: SECOND // 2]])
    middle = len(around) // 2
    for order in (1, 2, 3):
        steps = np.abs(np.diff(around, order, axis=0)).max(axis=1)
        usual = np.percentile(steps, 99)
        assert steps[middle - 4 : middle + 2].max() < 1.5 * usual
    # What a loop that is cut anywhere has: the next waves are not those of before.
    levels = levels_db(around, 0.05)
    assert abs(levels[9] - levels[10]) < 6


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_is_calm(name: str) -> None:
    """It neither clicks nor knocks, and swells by so much a second that nobody looks up."""
    whole = loop(name)
    levels = levels_db(whole, 0.1)
    assert np.percentile(levels, 99) - np.percentile(levels, 1) < 16
    assert np.abs(np.diff(levels_db(whole, 1.0))).max() < 6
    steps = np.abs(np.diff(whole, 2, axis=0)).max(axis=1).reshape(-1)
    # A click is a step that stands out of all others near it.
    near = steps[: len(steps) // 4410 * 4410].reshape(-1, 4410)
    assert (near.max(axis=1) / near.std(axis=1)).max() < 12


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_is_wide_and_still_there_in_mono(name: str) -> None:
    """The channels differ, and do not cancel on the one speaker of a phone."""
    left, right = loop(name).T
    both = (left + right) / 2
    assert np.corrcoef(left, right)[0, 1] < 0.8
    assert 10 * np.log10((both**2).mean() / (left**2).mean()) > -4


def test_beds_do_not_sound_like_each_other() -> None:
    """Three names, three sounds."""
    shares = {name: round(band_db(loop(name), 500, 1_000)) for name in BEDS}
    assert len(set(shares.values())) == len(BEDS) == 3
