"""Samples made quieter, without a click where the volume changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOUDEST_DB = 0.0
RAMP_SECONDS = 0.02


def at_volume(
    samples: NDArray[np.int16], from_db: float, to_db: float, ramp_frames: int
) -> NDArray[np.int16]:
    """Return the samples at the volume `to_db`, reached from `from_db` within `ramp_frames` frames.

    At 0 dB they are what they were, to the bit.
    """
    if from_db == to_db == LOUDEST_DB:
        return samples
    import numpy as np  # which the list of players, that settings look at, must not load

    from voicecoach.sound.clip import db_to_gain

    gains = np.full(len(samples), db_to_gain(to_db), np.float32)
    if from_db != to_db:
        ramp = np.linspace(db_to_gain(from_db), db_to_gain(to_db), ramp_frames, dtype=np.float32)
        gains[:ramp_frames] = ramp[: len(gains)]
    scaled: NDArray[np.int16] = np.rint(samples * gains[:, None]).astype("<i2")
    return scaled
