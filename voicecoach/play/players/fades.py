"""Sound that begins or breaks off in mid-wave is led in and led out, so that no step clicks.

What leads in and out is a mirror image of the sound next to it, faded. It lies beside the stream,
so every frame of the stream still comes once and as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FADE_SECONDS = 0.015
STEP_LEVEL = 32
"""In steps of 16 bits: 60 dB below full level; what begins or ends below that does not click."""


def rising(frames: int) -> NDArray[np.float64]:
    """Return gains from 0 to 1, shape (frames, 1); added to their reverse they give 1."""
    rise: NDArray[np.float64] = np.sin(np.pi / 2 * (np.arange(frames) + 0.5) / frames)[:, None] ** 2
    return rise


def lead_in(coming: NDArray[np.int16], frames: int) -> NDArray[np.int16]:
    """Return at most `frames` frames to sound before `coming`; none where nothing steps."""
    return lead_out(coming[:frames][::-1], frames)[::-1]


def lead_out(gone: NDArray[np.int16], frames: int) -> NDArray[np.int16]:
    """Return at most `frames` frames to sound after `gone`; none where nothing steps."""
    mirrored = gone[::-1][:frames]
    if not len(mirrored) or np.abs(mirrored[0].astype(np.int32)).max() < STEP_LEVEL:
        return gone[:0]
    faded: NDArray[np.int16] = np.rint(mirrored * rising(len(mirrored))[::-1]).astype("<i2")
    return faded
