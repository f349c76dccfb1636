"""Raw speech -> clips that sit well together: cut to the speech and brought to one loudness.

Engines differ by 8 dB in level and by half a second in the silence around a sentence, and one
engine varies by several dB from one sentence to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.sound.clip import Clip, db_to_gain, fade
from voicecoach.sound.loudness import block_powers, gated_lufs, k_weighted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

VERSION = 3
"""Part of what a track is made from; raise it when clips come out otherwise."""

SILENCE_BELOW_LOUDEST_DB = -45.0
"""What lies further under the loudest 10 ms is not speech."""
BEFORE_SECONDS = 0.02
"""Kept before the speech: soft onsets lie under the threshold."""
AFTER_SECONDS = 0.08
"""Kept after it: the end of an "s" or a breath."""
FADE_SECONDS = 0.005

# Not by the session: live play begins before all is spoken, and a track sounds like it.
SPEECH_LUFS = -17.9
"""Of every sentence, however short; a session, with its tones and pauses, then has -19 LUFS."""
PEAK_CEILING_DB = -4.5
"""dBFS; a tone has its peak at -13, so both together stay at -1.7."""

_FRAME_SECONDS = 0.01

# The limiter begins so far ahead of a peak. At 4 ms its gain followed the pulses of eSpeak's voice.
_LIMITER_SECONDS = 0.008
_LIMITER_ROUNDS = 5
_NEAR_ENOUGH_LU = 0.05


def frame_levels_db(
    samples: NDArray[np.float32], sample_rate: int, frame_seconds: float = _FRAME_SECONDS
) -> NDArray[np.float64]:
    """Return the RMS in dBFS of each stretch of `frame_seconds`; the rest counts as one."""
    length = max(1, round(sample_rate * frame_seconds))
    frames = np.pad(samples, (0, -len(samples) % length)).reshape(-1, length)
    power = np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / length
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


def level(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Return the speech at the common loudness, its few highest peaks under the ceiling."""
    weighted, heights = k_weighted(samples, sample_rate), np.abs(samples)
    gain_db, turned_down = 0.0, np.ones(len(samples), np.float32)
    for number in range(_LIMITER_ROUNDS):
        loudness = gated_lufs(block_powers(weighted * turned_down, sample_rate))
        if not np.isfinite(loudness):
            return samples
        # What limiting has taken off the loudness, the next round gives back.
        missing_lu = SPEECH_LUFS - loudness - gain_db
        if number and abs(missing_lu) < _NEAR_ENOUGH_LU:
            break
        gain_db += missing_lu
        turned_down = _limiter_gains(heights, db_to_gain(PEAK_CEILING_DB - gain_db), sample_rate)
    return samples * (turned_down * np.float32(db_to_gain(gain_db)))


def _limiter_gains(
    heights: NDArray[np.float32], ceiling: float, sample_rate: int
) -> NDArray[np.float32]:
    """Return factors that bring samples under a ceiling and change smoothly around each peak."""
    peaks = np.flatnonzero(heights > ceiling)
    if not len(peaks):
        return np.ones(len(heights), np.float32)
    reach = round(_LIMITER_SECONDS * sample_rate)
    # With the room on both sides that the steps below use up.
    roomy = np.pad(heights, 4 * reach)
    gains = np.ones(len(heights) + 4 * reach, np.float32)
    for near in np.split(peaks, np.flatnonzero(np.diff(peaks) > 4 * reach) + 1):
        around = roomy[near[0] : near[-1] + 8 * reach + 1]
        needed = ceiling / np.maximum(around, ceiling)
        # The lowest factor within reach, averaged over as far, is never above what a peak needs.
        smooth = _means(_means(_lowest(needed, 2 * reach + 1), reach + 1), reach + 1)
        gains[near[0] : near[-1] + 4 * reach + 1] = smooth
    return gains[2 * reach : len(heights) + 2 * reach]


def _lowest(values: NDArray[np.floating], length: int) -> NDArray[np.floating]:
    known = 1
    while known < length:
        shift = min(known, length - known)
        values = np.minimum(values[:-shift], values[shift:])
        known += shift
    return values


def _means(values: NDArray[np.floating], length: int) -> NDArray[np.float64]:
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    means: NDArray[np.float64] = (sums[length:] - sums[:-length]) / length
    return means


def with_silence(
    samples: NDArray[np.float32], sample_rate: int, places: Iterable[tuple[int, int]]
) -> NDArray[np.float32]:
    """Return the samples with silence put in: pairs of the frame and how many frames, in order."""
    parts: list[NDArray[np.float32]] = []
    start = 0
    for frame, length_frames in places:
        if not length_frames:
            continue
        silence = np.zeros(length_frames, np.float32)
        parts += [_faded(samples[start:frame], sample_rate), silence]
        start = frame
    return np.concatenate([*parts, _faded(samples[start:], sample_rate) if parts else samples])


def _faded(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    return fade(Clip(samples.reshape(-1, 1), sample_rate), FADE_SECONDS, FADE_SECONDS).samples[:, 0]


def finish(samples: NDArray[np.float32], sample_rate: int) -> Clip:
    """Return the clip that is played: trimmed, levelled, with soft edges."""
    levelled = level(trim(samples, sample_rate), sample_rate)
    return fade(Clip(levelled.reshape(-1, 1), sample_rate), FADE_SECONDS, FADE_SECONDS)
