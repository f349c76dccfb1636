"""A bed too quiet to be heard keeps speakers awake through the silences of a session.

Wireless speakers and many amplifiers go to sleep, or mute themselves, where they are sent nothing
but zeros, and swallow the beginning of the next word while they wake up. So there is no digital
silence as long as a session plays.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BED_PEAK = 4
"""In steps of 16 bits: 82 dB below full level, some 60 dB below the voice, and yet no zeros."""
PERIOD_FRAMES = 32_768


def bed(first_frame: int, frames: int, channels: int) -> NDArray[np.int16]:
    """Return `frames` frames of the bed from a frame of the session on, the same in all channels.

    It is white noise that repeats, so a recording less the bed is the track, sample for sample.
    """
    places = np.arange(first_frame, first_frame + frames) % PERIOD_FRAMES
    return np.repeat(_noise()[places, None], channels, axis=1)


def bed_in_silence(samples: NDArray[np.int16], first_frame: int) -> NDArray[np.int16]:
    """Return the samples with the bed in every frame that is silent."""
    silent = ~samples.any(axis=1, keepdims=True)
    if not silent.any():
        return samples
    return np.where(silent, bed(first_frame, *samples.shape), samples)


@cache
def _noise() -> NDArray[np.int16]:
    # Unlike those of default_rng, these numbers are the same in every version of numpy.
    random = np.random.RandomState(0)
    noise: NDArray[np.int16] = random.randint(-BED_PEAK, BED_PEAK + 1, PERIOD_FRAMES).astype("<i2")
    return noise
