"""Clips of audio in memory, and the one place where seconds become frames and dB become gain.

A clip is float32 with full scale at ±1.0. Everything that sounds is a clip before it is placed on the
timeline; nothing here knows what it is a clip of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_RATE = 24_000
"""Hz; the rate of a session that holds speech and our own sounds (that of the natural voice)."""

CHANNELS = 1
"""Channels of a session that holds speech and our own sounds."""


@dataclass(frozen=True)
class Clip:
    """A piece of audio in memory."""

    samples: NDArray[np.float32]
    """Shape (frames, channels), full scale ±1.0."""
    sample_rate: int
    """Hz."""

    @property
    def length_frames(self) -> int:
        """Return how many frames the clip has."""
        return len(self.samples)

    @property
    def channels(self) -> int:
        """Return how many channels the clip has."""
        return int(self.samples.shape[1])

    @property
    def duration_seconds(self) -> float:
        """Return how long the clip sounds."""
        return self.length_frames / self.sample_rate


def seconds_to_frames(seconds: float, sample_rate: int) -> int:
    """Return the frame nearest to a moment; call it on times from the absolute start only."""
    return math.floor(seconds * sample_rate + 0.5)


def db_to_gain(gain_db: float) -> float:
    """Return the factor for samples that `gain_db` means (0 dB is 1.0)."""
    return float(10.0 ** (gain_db / 20.0))


def gain_to_db(gain: float) -> float:
    """Return the dB that a factor means; minus infinity for 0."""
    return 20.0 * math.log10(gain) if gain > 0 else -math.inf
