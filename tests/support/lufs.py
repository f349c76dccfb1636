"""How loud a clip is by the measure of ours, which is held against ffmpeg's (see test_loudness)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.sound.loudness import block_powers, gated_lufs, k_weighted

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip


def integrated_lufs(clip: Clip) -> float:
    """Return the loudness of all that is not silence or a pause; minus infinity for silence.

    The clip has up to 48,000 Hz; all channels count alike. One shorter than 400 ms counts as that
    long, so that a short sound is as loud as it is in a session, where silence follows.
    """
    powers = sum(
        block_powers(k_weighted(channel, clip.sample_rate), clip.sample_rate)
        for channel in clip.samples.T
    )
    return gated_lufs(np.asarray(powers))


def gain_to_db(gain: float) -> float:
    """Return the dB that a factor for samples means; minus infinity for 0."""
    return 20.0 * math.log10(gain) if gain > 0 else -math.inf
