"""Music as the bed of a session: as loud as a bed is, looped, at any frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.sound.clip import db_to_gain, rising_edge, seconds_to_frames
from voicecoach.sound.loudness import block_powers, gated_lufs, k_weighted
from voicecoach.sound.music.our_beds import CHANNELS, SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

BED_LUFS = -25.0
"""Loudness of a bed in both channels where nothing is said, at a gain of 0 dB: 10 LU below
sentences, which have -14.9 there (3 more than in one, see `speech.levelling`)."""

PEAK_DB = -3.0
"""dBFS; no bed has higher peaks, whatever its gain: from 3 dB below on they are rounded off."""

LOWEST_GAIN_DB, HIGHEST_GAIN_DB = -30.0, 12.0

CROSS_FADE_SECONDS = 4.0
"""How long the end of a file fades into its beginning; in a short file, a third of it."""

_SILENT_LUFS = -60.0
_FULL_SCALE = 32_768.0
_PIECE_FRAMES = 10 * SAMPLE_RATE


class Bed:
    """Endless music at the level of a bed; a frame always has the same samples."""

    sample_rate = SAMPLE_RATE
    """Hz."""
    channels = CHANNELS

    def __init__(
        self,
        samples: NDArray[np.int16],
        name: str,
        *,
        gain_db: float = 0.0,
        cross_fade_seconds: float = 0.0,
    ) -> None:
        """Take 16-bit samples of shape (frames, 2), which may lie on the disk.

        `gain_db` (-30 to 12) is on top of the level of a bed. A loop without a seam needs no
        cross-fade. Raises SoundError, which calls the music by its name, where there is nothing to
        hear in it.
        """
        check_gain(gain_db)
        self.name = name
        self.gain_db = gain_db
        self._samples = samples
        overlap = min(seconds_to_frames(cross_fade_seconds, SAMPLE_RATE), len(samples) // 3)
        self._period_frames = len(samples) - overlap
        rising = np.sqrt(rising_edge(overlap))  # of different sounds the powers add up
        falling = np.sqrt(1.0 - rising**2)
        self._seam = samples[:overlap] * rising + samples[self._period_frames :] * falling
        lufs, peak = _measured(samples)
        if lufs < _SILENT_LUFS:
            raise SoundError(f"{name}: is silent; name music that can be heard")
        gain = db_to_gain(BED_LUFS - lufs + gain_db)
        self._factor = np.float32(gain / _FULL_SCALE)
        # Where the seam is louder than anything else, it is by 3 dB at most.
        self._is_rounded = peak * gain * math.sqrt(2.0) > db_to_gain(PEAK_DB - 3.0)

    def samples(self, first_frame: int, after_frame: int) -> NDArray[np.float32]:
        """Return the frames of the session from one (0 or later) up to, not including, another."""
        samples = np.empty((after_frame - first_frame, CHANNELS), np.float32)
        frame = first_frame
        while frame < after_frame:
            place = frame % self._period_frames
            after_seam = place >= len(self._seam) or frame < self._period_frames  # it begins purely
            source = self._samples if after_seam else self._seam
            end = self._period_frames if after_seam else len(self._seam)
            count = min(end - place, after_frame - frame)
            filled = frame - first_frame
            samples[filled : filled + count] = source[place : place + count]
            frame += count
        samples *= self._factor
        return _rounded(samples) if self._is_rounded else samples


def check_gain(gain_db: float) -> None:
    """Raise ValueError where the gain of music is not -30 to 12 dB."""
    if not LOWEST_GAIN_DB <= gain_db <= HIGHEST_GAIN_DB:
        raise ValueError(f"the gain of music is -30 to 12 dB, got {gain_db}")


def _measured(samples: NDArray[np.int16]) -> tuple[float, float]:
    """Return the loudness in LUFS and the peak, 1.0 being full scale; piece by piece."""
    powers, peak = [], 0.0
    for first in range(0, len(samples), _PIECE_FRAMES):
        piece = samples[first : first + _PIECE_FRAMES].astype(np.float32) / np.float32(_FULL_SCALE)
        peak = max(peak, float(np.max(np.abs(piece))))
        powers.append(
            sum(block_powers(k_weighted(channel, SAMPLE_RATE), SAMPLE_RATE) for channel in piece.T)
        )
    return gated_lufs(np.concatenate(powers)), peak


def _rounded(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the samples with peaks rounded off; what is 3 dB below the highest stays."""
    knee, ceiling = db_to_gain(PEAK_DB - 3.0), db_to_gain(PEAK_DB)
    room = np.float32(ceiling - knee)
    over = np.maximum(np.abs(samples) - np.float32(knee), np.float32(0.0))
    # Plain arithmetic, so that a sample is the same in a block of any size.
    off = over * over / (room + over)
    rounded: NDArray[np.float32] = samples - np.copysign(off, samples)
    return rounded
