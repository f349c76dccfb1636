"""Clips of audio in memory, and the one place where seconds become frames and dB become gain.

A clip is float32 with full scale at ±1.0. Everything that sounds is a clip before it is placed on
the timeline; nothing here knows what it is a clip of. WAV files become clips here, and clips are
faded, brought to another sample rate or number of channels, and turned into 16-bit samples for
files and devices.
"""

from __future__ import annotations

import io
import math
import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import SoundError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

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

    def __post_init__(self) -> None:
        """Refuse what would sound wrong much later, far from the code that made it."""
        if self.samples.ndim != 2 or self.samples.dtype != np.float32:
            raise ValueError(
                "a clip holds float32 samples of shape (frames, channels), "
                f"got {self.samples.dtype} of shape {self.samples.shape}"
            )
        if self.sample_rate < 1:
            raise ValueError(f"a clip's sample rate is 1 Hz or more, got {self.sample_rate}")

    @property
    def length_frames(self) -> int:
        """Length in frames."""
        return len(self.samples)

    @property
    def channels(self) -> int:
        """1 for mono, 2 for stereo."""
        return int(self.samples.shape[1])

    @property
    def duration_seconds(self) -> float:
        """Length in seconds."""
        return self.length_frames / self.sample_rate

    @property
    def peak(self) -> float:
        """Return the largest absolute sample; 0.0 for a clip without frames."""
        return float(np.max(np.abs(self.samples), initial=0.0))


def seconds_to_frames(seconds: float, sample_rate: int) -> int:
    """Return the frame nearest to a moment; call it on times from the absolute start only."""
    # Sums of floats are off by some 1e-9 of a frame. Where a moment lies half-way between two
    # frames, that noise must not decide: some 30 s holds would come out one frame short.
    return math.floor(round(seconds * sample_rate, 3) + 0.5)


def db_to_gain(gain_db: float) -> float:
    """Return the factor for samples that `gain_db` means (0 dB is 1.0)."""
    return float(10.0 ** (gain_db / 20.0))


def fade(clip: Clip, fade_in_seconds: float, fade_out_seconds: float) -> Clip:
    """Return the clip with raised-cosine edges, which meet in the middle of a short clip."""
    longest = clip.length_frames // 2
    rise_frames = min(seconds_to_frames(fade_in_seconds, clip.sample_rate), longest)
    fall_frames = min(seconds_to_frames(fade_out_seconds, clip.sample_rate), longest)
    samples = clip.samples.copy()
    samples[:rise_frames] *= rising_edge(rise_frames)
    samples[clip.length_frames - fall_frames :] *= rising_edge(fall_frames)[::-1]
    return Clip(samples, clip.sample_rate)


def rising_edge(length_frames: int) -> NDArray[np.float32]:
    """Return half a raised cosine from 0 towards 1, one column; the frame after it would be 1."""
    angles = np.pi * np.arange(length_frames) / max(length_frames, 1)
    return (0.5 - 0.5 * np.cos(angles)).astype(np.float32).reshape(-1, 1)


def with_channels(clip: Clip, channels: int) -> Clip:
    """Return the clip with that many channels: mixed to one, or one copied to all."""
    if channels < 1:
        raise ValueError(f"a clip has one channel or more, got {channels}")
    if clip.channels == channels:
        return clip
    mono = clip.samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return Clip(np.repeat(mono, channels, axis=1), clip.sample_rate)


# Zero crossings of the sinc on each side of its middle, and the shape of the Kaiser window over
# them. Together they let pass what lies below 0.87 of the lower Nyquist frequency and take more
# than 80 dB off what lies above it, which could otherwise be heard folded back.
_ZERO_CROSSINGS = 48
_KAISER_BETA = 8.6
_CUTOFF = 0.94

# Output frames that one product of matrices gives. More would multiply with more zeros, and make
# the library behind numpy wake its threads, which costs more than they do.
_RESAMPLE_COLUMNS = 32


def resample(clip: Clip, sample_rate: int) -> Clip:
    """Return the same sound at another sample rate, band-limited, each frame at its exact moment.

    A clip that claims another rate than it has comes out higher or lower, and shorter or longer:
    that is how a voice is given a brighter or a deeper colour.
    """
    if sample_rate < 1:
        raise ValueError(f"a sample rate is 1 Hz or more, got {sample_rate}")
    if sample_rate == clip.sample_rate:
        return clip
    divisor = math.gcd(sample_rate, clip.sample_rate)
    up, down = sample_rate // divisor, clip.sample_rate // divisor
    # Output frame n sounds at the input's frame n * down / up: a whole number of frames and one of
    # `up` phases. Each phase has its own row of weights for the frames around it.
    weights = _phase_weights(up, down)
    taps = weights.shape[1]
    length_frames = -(-clip.length_frames * up // down)
    # After so many frames everything repeats, further on in the input. A few frames of each round
    # are one product: the input around them, with the weights of each moved to its place.
    rounds = max(1, _RESAMPLE_COLUMNS // up)
    period, stride = up * rounds, down * rounds
    repeats = -(-length_frames // period)
    around = (taps // 2 - 1, stride + taps)
    padded = np.pad(clip.samples.T.astype(np.float64), ((0, 0), around))
    resampled = np.empty((clip.channels, repeats, period), np.float32)
    for first in range(0, min(period, length_frames), _RESAMPLE_COLUMNS):
        columns = np.arange(first, min(first + _RESAMPLE_COLUMNS, period))
        starts = columns * down // up
        reach = int(starts[-1] - starts[0]) + taps
        placed = np.zeros((len(columns), reach))
        rows = np.arange(len(columns)).reshape(-1, 1)
        placed[rows, (starts - starts[0]).reshape(-1, 1) + np.arange(taps)] = weights[
            columns * down % up
        ]
        windows = np.lib.stride_tricks.sliding_window_view(padded[:, starts[0] :], reach, axis=1)
        products = windows[:, ::stride][:, :repeats, np.newaxis] @ placed.T
        resampled[:, :, columns] = products[:, :, 0]
    frames = resampled.reshape(clip.channels, -1)[:, :length_frames].T
    return Clip(np.ascontiguousarray(frames), sample_rate)


@lru_cache(maxsize=4)
def _phase_weights(up: int, down: int) -> NDArray[np.float64]:
    """Return the weights of the input frames around an output frame, one row for each phase."""
    band = _CUTOFF * min(1.0, up / down)
    half_taps = math.ceil(_ZERO_CROSSINGS / min(1.0, up / down))
    offsets = np.arange(1 - half_taps, half_taps + 1) - (np.arange(up) / up).reshape(-1, 1)
    inside = np.clip(1.0 - (offsets / half_taps) ** 2, 0.0, None)
    weights = np.sinc(band * offsets) * np.i0(_KAISER_BETA * np.sqrt(inside))
    # Rows that sum to one keep a constant level constant: no hum at the frequency of the phases.
    normalised: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return normalised


def to_pcm16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return little-endian 16-bit samples of the same shape, rounded to the nearest.

    Without dither: its hiss would fill the silence that makes up four fifths of a session, cost
    bits in every compressed format, and speech at full level hides the rounding 80 dB below it.
    The factor is 32,768 so that 16-bit clips come out as they went in.
    """
    if not samples.any():  # found out in a tenth of the time
        return np.zeros(samples.shape, "<i2")
    scaled = np.rint(samples * np.float32(32_768.0))
    pcm: NDArray[np.int16] = np.clip(scaled, -32_768, 32_767).astype("<i2")
    return pcm


def from_pcm16(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return 16-bit samples at full scale ±1.0; `to_pcm16` gives them back."""
    floats: NDArray[np.float32] = samples.astype(np.float32) / np.float32(32_768.0)
    return floats


# Formats of the `fmt ` chunk.
_WAV_PCM = 0x0001
_WAV_FLOAT = 0x0003
_WAV_EXTENSIBLE = 0xFFFE

# A writer into a pipe cannot come back to fill in the size; it leaves something near 2 or 4 GB.
_UNKNOWN_SIZE = 0x7FFF_0000


def read_wav(path: Path) -> Clip:
    """Return the sound of a WAV file, at its own rate and channels."""
    try:
        with path.open("rb") as file:
            return WavReader(file, str(path)).clip()
    except OSError as error:
        raise SoundError(f"{path}: cannot be read: {error.strerror}") from error


def parse_wav(wav_bytes: bytes, origin: str) -> Clip:
    """Return the sound in the bytes of a WAV file; `origin` names it in errors."""
    return WavReader(io.BytesIO(wav_bytes), origin).clip()


class WavReader:
    """The sound of an open WAV file, as clips of any part of it.

    Takes 8, 16, 24 and 32-bit integers and 32 and 64-bit floats, also in the extensible form, which
    the standard library's reader refuses.
    """

    def __init__(self, file: BinaryIO, origin: str) -> None:
        """Find the samples; raises SoundError, which names `origin`, where none can be read."""
        self._file = file
        self._origin = origin
        file_bytes = file.seek(0, os.SEEK_END)
        head = self._bytes(0, 12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
            raise SoundError(f"{origin}: is not a WAV file")
        layout: tuple[int, int, int, int] | None = None
        position = 12
        while position + 8 <= file_bytes:
            name, size = struct.unpack("<4sI", self._bytes(position, 8))
            position += 8
            if name == b"fmt ":
                layout = _wav_layout(self._bytes(position, size), origin)
            elif name == b"data":
                break
            position += size + size % 2
        else:
            raise SoundError(f"{origin}: is a WAV file without samples")
        if layout is None:
            raise SoundError(f"{origin}: is a broken WAV file (samples before their format)")
        there = file_bytes - position
        if size > there and size < _UNKNOWN_SIZE:
            raise SoundError(
                f"{origin}: is cut short: it promises {size} bytes of samples and has {there}"
            )
        self._first_byte = position
        self._layout = layout
        _, self.channels, self.sample_rate, width = layout
        self._frame_bytes = width * self.channels
        self.length_frames = min(size, there) // self._frame_bytes

    def clip(self, first_frame: int = 0, after_frame: int | None = None) -> Clip:
        """Return the frames from one up to, not including, another (all there are, for None)."""
        after_frame = self.length_frames if after_frame is None else after_frame
        start = self._first_byte + first_frame * self._frame_bytes
        payload = self._bytes(start, (after_frame - first_frame) * self._frame_bytes)
        return _wav_clip(payload, self._layout, self._origin)

    def _bytes(self, position: int, count: int) -> bytes:
        self._file.seek(position)
        return self._file.read(count)


def _wav_layout(chunk: bytes, origin: str) -> tuple[int, int, int, int]:
    """Return kind of number, channels, sample rate and bytes per sample from a `fmt ` chunk."""
    if len(chunk) < 16:
        raise SoundError(f"{origin}: is a broken WAV file (its format is cut short)")
    kind, channels, sample_rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == _WAV_EXTENSIBLE and len(chunk) >= 26:
        kind = struct.unpack_from("<H", chunk, 24)[0]
    known = {_WAV_PCM: (8, 16, 24, 32), _WAV_FLOAT: (32, 64)}
    if bits not in known.get(kind, ()) or channels < 1 or sample_rate < 1:
        raise SoundError(
            f"{origin}: is a WAV file of a kind that is not read here (kind {kind}, {bits} bits, "
            f"{channels} channels, {sample_rate} Hz); save it as 16-bit PCM"
        )
    return kind, channels, sample_rate, bits // 8


def _wav_clip(payload: bytes, layout: tuple[int, int, int, int], origin: str) -> Clip:
    kind, channels, sample_rate, width = layout
    if kind == _WAV_FLOAT:
        values = np.frombuffer(payload, f"<f{width}").astype(np.float32)
        if not np.isfinite(values).all():
            raise SoundError(f"{origin}: holds samples that are not numbers; save it as 16-bit PCM")
    elif width == 1:  # 8-bit WAV alone is unsigned
        values = (np.frombuffer(payload, np.uint8).astype(np.float32) - 128.0) / 128.0
    elif width == 3:
        # Put the three bytes on top of a 32-bit number, so that the sign comes out by itself.
        wide = np.zeros((len(payload) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(payload, np.uint8).reshape(-1, 3)
        values = (wide.view("<i4").ravel() / 2.0**31).astype(np.float32)
    else:
        values = (np.frombuffer(payload, f"<i{width}") / 2.0 ** (8 * width - 1)).astype(np.float32)
    return Clip(values.reshape(-1, channels), sample_rate)
