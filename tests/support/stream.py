"""A stream of distinct sounds with silences between them, and where to find them in a recording."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.support.null_sink import SAMPLE_RATE
from voicecoach.sound.clip import to_pcm16
from voicecoach.sound.mixdown import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BLOCK_FRAMES = 20_000


@dataclass(frozen=True)
class Burst:
    """One sound of the stream."""

    start_frame: int
    length_frames: int

    @property
    def start_seconds(self) -> float:
        """Return when it begins in the render."""
        return self.start_frame / SAMPLE_RATE

    def sound_in(self, render: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return its part of the render."""
        return render[self.start_frame : self.start_frame + self.length_frames]


def bursts_and_render(
    seconds: float, *, seed: int = 7, mean_gap_seconds: float = 0.6
) -> tuple[list[Burst], NDArray[np.float32]]:
    """Return chirps and noises, no two alike, with 0.35 s of silence or more between them.

    The render ends with the last of them, after `seconds` at most: a player that does not wait for
    the device loses the end.
    """
    random = np.random.default_rng(seed)
    render = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    bursts: list[Burst] = []
    start = round(0.25 * SAMPLE_RATE)
    while True:
        length = int(random.integers(round(0.15 * SAMPLE_RATE), round(0.9 * SAMPLE_RATE)))
        if start + length > len(render) - SAMPLE_RATE // 4:
            return bursts, render[: bursts[-1].start_frame + bursts[-1].length_frames]
        if len(bursts) % 2:
            sound = random.uniform(-1.0, 1.0, length)
        else:
            low, high = sorted(random.uniform(150.0, 5_000.0, 2))
            clock = np.arange(length) / SAMPLE_RATE
            sweep = (high - low) * clock**2 / (2 * length / SAMPLE_RATE)
            sound = np.sin(2 * np.pi * (low * clock + sweep))
        fade = np.minimum(1.0, np.minimum(np.arange(length), np.arange(length)[::-1]) / 120 + 0.05)
        render[start : start + length] = 0.5 * sound * fade
        bursts.append(Burst(start, length))
        gap_seconds = 0.35 + float(random.exponential(mean_gap_seconds - 0.35))
        start += length + round(gap_seconds * SAMPLE_RATE)


def blocks_of(
    render: NDArray[np.float32],
    *,
    from_frame: int = 0,
    segment_seconds: float = 4.0,
    late_seconds: float = 0.0,
) -> Iterator[Block]:
    """Yield the render as blocks in segments, each block `late_seconds` after it was asked for."""
    segment_frames = round(segment_seconds * SAMPLE_RATE)
    for start in range(from_frame, len(render), BLOCK_FRAMES):
        if late_seconds:
            time.sleep(late_seconds)
        yield Block(start, render[start : start + BLOCK_FRAMES, None], start // segment_frames)


def sounding_samples(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the samples that are not silent: what must be the same however long the silences are."""
    return samples[samples != 0]


def where(
    sound: NDArray[np.float32], recording: NDArray[np.int16], near: int | None = None
) -> tuple[int, float]:
    """Return where in the recording a sound lies best, and how like it that place is (1.0: the same).

    `near` is where it is looked for first of all; half a second on both sides belongs to that.
    """
    first = 0 if near is None else max(0, near - SAMPLE_RATE // 2)
    last = len(recording) if near is None else near + len(sound) + SAMPLE_RATE // 2
    heard = recording[first:last].astype(np.float64)
    wanted = sound.astype(np.float64)
    if len(heard) < len(wanted):
        return first, 0.0
    size = 1 << (len(heard) + len(wanted)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)
    product = product[: len(heard) - len(wanted) + 1]
    lag = int(np.argmax(product))
    energy = np.linalg.norm(heard[lag : lag + len(wanted)]) * np.linalg.norm(wanted)
    return first + lag, float(product[lag] / energy) if energy else 0.0


def where_even_torn(
    sound: NDArray[np.float32], recording: NDArray[np.int16], near: int
) -> tuple[int, float]:
    """Return where a sound lies, and how like it that is, by the better half of it if need be.

    A computer that is too busy for a moment tears one sound apart; that it was played is still heard.
    """
    half = len(sound) // 2
    parts = [(0, sound), (0, sound[:half]), (half, sound[half:])]
    found = [(offset, *where(part, recording, near + offset)) for offset, part in parts]
    offset, at, likeness = max(found, key=lambda one: one[2])
    return at - offset, likeness


@dataclass(frozen=True)
class Heard:
    """How a recording lies against the render, burst by burst."""

    offsets_ms: NDArray[np.float64]
    """How late each burst began, less the median of all: a constant delay is no error."""
    likenesses: NDArray[np.float64]
    """How like the render each burst sounded; 1.0 is the same, a gap inside lowers it."""
    first_frame: int
    """Where in the recording the render begins, judged by the first burst."""

    @property
    def worst_ms(self) -> float:
        """Return the largest offset."""
        return float(np.abs(self.offsets_ms).max())

    @property
    def drift_ms(self) -> float:
        """Return by how much the end is later than the beginning, by the line that fits best."""
        if len(self.offsets_ms) < 3:
            return 0.0
        along = np.linspace(0.0, 1.0, len(self.offsets_ms))
        return float(np.polyfit(along, self.offsets_ms, 1)[0])


def compare(
    bursts: list[Burst], render: NDArray[np.float32], recording: NDArray[np.int16]
) -> Heard:
    """Find every burst in the recording."""
    first = bursts[0]
    at, _ = where(first.sound_in(render), recording)
    begin = at - first.start_frame
    late, likenesses = [], []
    for burst in bursts:
        at, likeness = where(burst.sound_in(render), recording, begin + burst.start_frame)
        late.append((at - begin - burst.start_frame) / SAMPLE_RATE * 1000)
        likenesses.append(likeness)
    offsets = np.array(late)
    return Heard(offsets - np.median(offsets), np.array(likenesses), begin)


def largest_difference(
    render: NDArray[np.float32], recording: NDArray[np.int16], first_frame: int
) -> int:
    """Return the largest difference between render and recording when they are laid frame on frame."""
    expected = to_pcm16(render).astype(np.int32)
    heard = recording[first_frame : first_frame + len(expected)].astype(np.int32)
    assert len(heard) == len(expected), "the recording ends before the render does"
    return int(np.abs(heard - expected).max())
