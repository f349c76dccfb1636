"""A stream is cut into slices where it is silent, for players that can only start a sound and wait.

A cut lies in exact digital silence of 0.3 s or more, so a pause between two slices is a pause where
the stream has one too. Only a stream that sounds for longer than the longest slice, such as one
with music under it, is cut elsewhere: where it is quietest. There the slices are to overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LONGEST_SECONDS = 30.0
SILENCE_SECONDS = 0.3
TAIL_SECONDS = 0.05
QUIET_WINDOW_SECONDS = 0.05


@dataclass(frozen=True)
class Slice:
    """What to play in one go: a part of the frames that were looked at."""

    start: int
    """Where its sound begins; the frames before are silent."""
    end: int
    """The frame after its last one; later frames belong to later slices."""
    in_silence: bool
    """Whether it ends in silence, so that a pause after it cuts nothing."""


def next_slice(
    samples: NDArray[np.int16],
    sample_rate: int,
    *,
    ended: bool,
    segment_starts: Sequence[int] = (),
    longest_seconds: float = LONGEST_SECONDS,
) -> Slice | None:
    """Return the slice that `samples` begin with; None until more of the stream is there.

    It is as long as the silences in `samples` allow, but no longer than `longest_seconds`, and it
    does not reach beyond the first silence in or after which another segment starts. `ended` means
    that the stream ends with `samples`.
    """
    silent: NDArray[np.bool_] = np.all(samples == 0, axis=1)
    start = first_sound(samples)
    if start == len(samples):
        return None
    longest_frames = round(longest_seconds * sample_rate)
    tail_frames = round(TAIL_SECONDS * sample_rate)
    chosen: int | None = None
    boundary = next((frame for frame in segment_starts if frame > start), None)
    for silence_start, silence_end in _runs(silent[start:], round(SILENCE_SECONDS * sample_rate)):
        cut = start + silence_start + tail_frames
        if cut - start > longest_frames:
            break
        chosen = cut
        if boundary is not None and start + silence_end >= boundary:
            return Slice(start, cut, in_silence=True)
    if ended and len(samples) - start <= longest_frames:
        last = len(samples) - int(np.argmax(~silent[::-1]))
        return Slice(start, last, in_silence=True)
    if chosen is not None:
        return Slice(start, chosen, in_silence=True)
    if len(samples) - start > longest_frames:
        cut = start + _quietest(samples[start : start + longest_frames], sample_rate)
        return Slice(start, cut, in_silence=False)
    return None


def first_sound(samples: NDArray[np.int16]) -> int:
    """Return the first frame that is not silent; the number of frames where all are silent."""
    (sounding,) = np.nonzero(samples.any(axis=1))
    return int(sounding[0]) if len(sounding) else len(samples)


def _runs(silent: NDArray[np.bool_], shortest_frames: int) -> list[tuple[int, int]]:
    """Return the start and the end of every silence of `shortest_frames` or more."""
    edges = np.flatnonzero(np.diff(silent.astype(np.int8), prepend=0, append=0))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(int(a), int(b)) for a, b in pairs if b - a >= shortest_frames]


def _quietest(samples: NDArray[np.int16], sample_rate: int) -> int:
    """Return the middle of the quietest moment in the second half of `samples`."""
    window = round(QUIET_WINDOW_SECONDS * sample_rate)
    half = len(samples) // 2
    loudness = np.abs(samples[half:].astype(np.int32)).max(axis=1)
    count = len(loudness) // window
    peaks = loudness[: count * window].reshape(count, window).max(axis=1)
    return half + int(np.argmin(peaks)) * window + window // 2
