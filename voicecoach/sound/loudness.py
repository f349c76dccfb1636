"""How loud sound is to ears, by ITU-R BS.1770: in LUFS, the unit in which apps and stations level.

Ears hardly hear the lowest tones and are keen on those that make speech clear, so a dark and a
bright voice of one level in dBFS are not equally loud. The numbers are those of ffmpeg's `ebur128`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Our own, because pyloudnorm brings scipy, 143 MB, and takes three times as long.
#
# The two filters of K-weighting as the standard prints them, each a numerator and a denominator.
# The first models the head, the second the low tones that ears leave out.
_STANDARD_SAMPLE_RATE = 48_000
_HEAD = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_LOW_CUT = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))

# Takes back what the first filter adds near 1 kHz.
_OFFSET_LU = -0.691

_STEP_SECONDS = 0.1
_STEPS_A_BLOCK = 4
_SILENCE_LUFS = -70.0
_GATE_LU = -10.0

# The spectrum is weighted in pieces of this many frames. This much at both ends of a piece only
# keeps it from running into itself: the low cut rings.
_PIECE_FRAMES = 8192
_RINGING_SECONDS = 0.03


def k_weighted(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Return one channel with each frequency as strong as ears take it to be, and nothing delayed.

    `sample_rate` is up to 48,000 Hz.
    """
    gains = _gains(sample_rate)
    ringing = round(_RINGING_SECONDS * sample_rate)
    hop = _PIECE_FRAMES - 2 * ringing
    padded = np.zeros(-(-len(samples) // hop) * hop + 2 * ringing, np.float32)
    padded[ringing : ringing + len(samples)] = samples
    if len(padded) < _PIECE_FRAMES:
        return np.zeros(0, np.float32)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _PIECE_FRAMES)[::hop]
    # Scaled both ways: only then does numpy stay with float32, which takes half the time.
    spectra = np.fft.rfft(pieces, norm="ortho")
    spectra *= gains
    weighted = np.fft.irfft(spectra, _PIECE_FRAMES, norm="ortho")
    kept: NDArray[np.float32] = weighted[:, ringing : ringing + hop].astype(np.float32, copy=False)
    return kept.reshape(-1)[: len(samples)]


@lru_cache(maxsize=4)
def _gains(sample_rate: int) -> NDArray[np.float32]:
    if not 1 <= sample_rate <= _STANDARD_SAMPLE_RATE:
        raise ValueError(f"loudness is measured at 1 to 48,000 Hz, got {sample_rate} Hz")
    hertz = np.fft.rfftfreq(_PIECE_FRAMES, 1.0 / sample_rate)
    delay = np.exp(-2j * np.pi * hertz / _STANDARD_SAMPLE_RATE)
    gains = np.ones(len(hertz))
    for numerator, denominator in (_HEAD, _LOW_CUT):
        gains *= np.abs(np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay))
    return gains.astype(np.float32)


def block_powers(weighted: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Return the mean square of each block of 400 ms of a K-weighted channel, one every 100 ms.

    What is shorter than a block is one, filled up with silence.
    """
    step = max(1, round(_STEP_SECONDS * sample_rate))
    steps = max(_STEPS_A_BLOCK, len(weighted) // step)
    whole = np.zeros(steps * step, np.float32)
    kept = weighted[: len(whole)]
    whole[: len(kept)] = kept
    parts = whole.reshape(steps, step)
    sums = np.einsum("ij,ij->i", parts, parts, dtype=np.float64)
    blocks = np.convolve(sums, np.ones(_STEPS_A_BLOCK), mode="valid")
    powers: NDArray[np.float64] = blocks / (_STEPS_A_BLOCK * step)
    return powers


def gated_lufs(powers: NDArray[np.float64]) -> float:
    """Return the loudness of the blocks that are neither silent nor far below the others."""
    heard = powers[powers > _power(_SILENCE_LUFS)]
    if not len(heard):
        return -np.inf
    return _lufs(heard[heard > _power(_lufs(heard) + _GATE_LU)])


def _lufs(powers: NDArray[np.float64]) -> float:
    return float(_OFFSET_LU + 10.0 * np.log10(powers.mean()))


def _power(lufs: float) -> float:
    return float(10.0 ** ((lufs - _OFFSET_LU) / 10.0))
