"""Raw speech -> clips that sit well together: cut to the speech in them and brought to one loudness.

Engines differ by 8 dB in level and by half a second in the silence around a sentence, and one engine
varies by several dB from one sentence to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.clip import Clip, db_to_gain, fade

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

VERSION = 1

SILENCE_BELOW_LOUDEST_DB = -45.0
"""What lies further under the loudest 10 ms is not speech."""
BEFORE_SECONDS = 0.02
"""Kept before the speech: soft onsets lie under the threshold."""
AFTER_SECONDS = 0.08
"""Kept after it: the end of an "s" or a breath."""
FADE_SECONDS = 0.005

SPEECH_LEVEL_DB = -20.0
"""dBFS RMS of the speech, its pauses left out."""
PEAK_CEILING_DB = -3.0
"""dBFS; leaves room for a tone under the words."""

_FRAME_SECONDS = 0.01

# Frames further under the loudest are pauses and do not count for the level.
_GATE_BELOW_LOUDEST_DB = -25.0

_LIMITER_SECONDS = 0.004


def as_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return 16-bit samples at full scale ±1.0."""
    floats: NDArray[np.float32] = samples.astype(np.float32) / np.float32(32_768.0)
    return floats


def frame_levels_db(
    samples: NDArray[np.float32], sample_rate: int, frame_seconds: float = _FRAME_SECONDS
) -> NDArray[np.float64]:
    """Return the RMS in dBFS of each stretch of `frame_seconds`; what is left over counts as one."""
    length = max(1, round(sample_rate * frame_seconds))
    padded = np.pad(samples.astype(np.float64), (0, -len(samples) % length))
    power = np.mean(padded.reshape(-1, length) ** 2, axis=1)
    levels: NDArray[np.float64] = 10.0 * np.log10(power + 1e-12)
    return levels


def speech_span(samples: NDArray[np.float32], sample_rate: int) -> tuple[int, int]:
    """Return the first frame of the speech and the frame after it; (0, 0) where there is none."""
    if not len(samples):
        return 0, 0
    levels = frame_levels_db(samples, sample_rate)
    # A file of digital silence, or nearly, has no speech to be under the loudest of.
    if levels.max() < -70.0:
        return 0, 0
    loud = np.flatnonzero(levels > levels.max() + SILENCE_BELOW_LOUDEST_DB)
    length = max(1, round(sample_rate * _FRAME_SECONDS))
    return int(loud[0]) * length, min(len(samples), (int(loud[-1]) + 1) * length)


def trim(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Return the speech with a little room around it."""
    first, last = speech_span(samples, sample_rate)
    before, after = round(BEFORE_SECONDS * sample_rate), round(AFTER_SECONDS * sample_rate)
    kept = samples[max(0, first - before) : last + after]
    # The room is part of the clip's length even where the engine left none, so that all clips start
    # their words at the same moment.
    return np.pad(kept, (max(0, before - first), max(0, last + after - len(samples))))


def speech_level_db(samples: NDArray[np.float32], sample_rate: int) -> float:
    """Return the RMS in dBFS of the speech, its pauses left out."""
    levels = frame_levels_db(samples, sample_rate)
    speech = levels[levels > levels.max() + _GATE_BELOW_LOUDEST_DB]
    return float(10.0 * np.log10(np.mean(10.0 ** (speech / 10.0))))


def level(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Return the speech at the common level, its few highest peaks rounded off under the ceiling."""
    levelled = samples
    for _ in range(3):
        # Limiting takes a little off the level; the next round gives it back.
        missing_db = SPEECH_LEVEL_DB - speech_level_db(levelled, sample_rate)
        levelled = _limit(levelled * np.float32(db_to_gain(missing_db)), sample_rate)
    return levelled


def _limit(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Return the samples under the peak ceiling, turned down smoothly around each peak."""
    ceiling = db_to_gain(PEAK_CEILING_DB)
    needed = ceiling / np.maximum(np.abs(samples.astype(np.float64)), ceiling)
    if needed.min() >= 1.0:
        return samples
    reach = round(_LIMITER_SECONDS * sample_rate)
    # The lowest gain within reach, averaged over as far, is never above what a peak needs.
    lowest = np.lib.stride_tricks.sliding_window_view(
        np.pad(needed, reach, constant_values=1.0), 2 * reach + 1
    ).min(axis=1)
    window = np.hanning(2 * reach + 1)
    smooth = np.convolve(np.pad(lowest, reach, mode="edge"), window / window.sum(), mode="valid")
    limited: NDArray[np.float32] = (samples * smooth).astype(np.float32)
    return limited


def with_silence(
    samples: NDArray[np.float32], sample_rate: int, places: Iterable[tuple[int, int]]
) -> NDArray[np.float32]:
    """Return the samples with silence put in: pairs of the frame and how many frames, in order."""
    parts: list[NDArray[np.float32]] = []
    start = 0
    for frame, length_frames in places:
        if not length_frames:
            continue
        parts += [
            _faded(samples[start:frame], sample_rate),
            np.zeros(length_frames, np.float32),
        ]
        start = frame
    return np.concatenate([*parts, _faded(samples[start:], sample_rate) if parts else samples])


def _faded(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Return the samples with soft edges, so that a cut cannot click."""
    return fade(Clip(samples.reshape(-1, 1), sample_rate), FADE_SECONDS, FADE_SECONDS).samples[:, 0]


def finish(samples: NDArray[np.float32], sample_rate: int) -> Clip:
    """Return the clip that is played: trimmed, levelled, with soft edges."""
    levelled = level(trim(samples, sample_rate), sample_rate)
    return fade(Clip(levelled.reshape(-1, 1), sample_rate), FADE_SECONDS, FADE_SECONDS)
