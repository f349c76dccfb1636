"""MP3 through lameenc: LAME in this process, from left to right, in constant memory.

Four fifths of a session are digital silence, and LAME takes half of its time for it. After half a
second of silence it gives the same frame again and again; so the rest of a silence is that frame,
repeated, which saves a third of the time, and nobody hears it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from voicecoach.errors import EncoderUnavailableError, ExportError
from voicecoach.export.mp3_info_frame import SAMPLE_RATES, Mp3Writer, frame_samples
from voicecoach.export.tags.id3 import id3_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.export.track import TrackPlan

# Of natural speech at 64 kbit/s each band comes out as near to the original as with 3, LAME's usual
# choice (to 0.1 dB), in two thirds of the time; 2, lameenc's choice, takes twice as long.
_QUALITY = 4
_SPARE_BYTES = 2048

_SETTLING_FRAMES = 20
"""LAME encodes this much of a silence, about half a second. Its thresholds sink for four seconds;
measured on a routine, sounds after a silence come out as near to the original without that."""
_ALIKE_FRAMES = 4
"""This many frames in a row must be alike before one is repeated: none of them leans on sound."""
_LEFT_FRAMES = 4
"""This much silence before sound is left to the encoder, which looks ahead."""


def check() -> None:
    """Raise EncoderUnavailableError where lameenc cannot be loaded."""
    try:
        import lameenc  # noqa: F401
    except ImportError as error:
        raise EncoderUnavailableError(
            f"lameenc cannot be loaded ({error}): install it with pip install lameenc"
        ) from error


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples as MP3 into `folder` and return the file."""
    check_mp3_can_hold(plan)
    encoder = _Encoder(plan)
    track = folder / "track.mp3"
    with track.open("wb+") as file:
        expected = len(id3_bytes(plan.tags))
        # Words that are dropped or kept by their true lengths take a little more room or less.
        spare = 0 if plan.settle is None else _SPARE_BYTES + expected // 8
        writer = Mp3Writer(file, expected + spare)
        for samples in pcm:
            writer.write(encoder.take(samples))
        writer.write(encoder.finish())
        final = plan.settled()
        writer.finish(final.total_frames, id3_bytes(final.tags))
    return track


class _Encoder:
    """LAME, which is not asked for the same silence twice."""

    def __init__(self, plan: TrackPlan) -> None:
        import lameenc

        self._lame: Any = lameenc.Encoder()
        self._lame.silence()
        self._lame.set_in_sample_rate(plan.sample_rate)
        self._lame.set_out_sample_rate(plan.sample_rate)
        self._lame.set_channels(plan.channels)
        self._lame.set_bit_rate(plan.bitrate_kbps)
        self._lame.set_quality(_QUALITY)
        self._channels = plan.channels
        self._quiet_samples = 0
        """How much of the present silence LAME has been given."""
        self._owed_samples = 0
        """How much of it has been kept back."""
        self._last_bytes = b""
        """The end of what LAME has given."""
        self._frame_samples = frame_samples(plan.sample_rate)
        # Where that is no whole number, frames differ in length, and none is ever repeated.
        self._frame_bytes = self._frame_samples * plan.bitrate_kbps * 125 // plan.sample_rate
        self._settling_samples = _SETTLING_FRAMES * self._frame_samples

    def take(self, samples: NDArray[np.int16]) -> bytes:
        if not samples.any():
            return self._be_quiet(len(samples))
        encoded: list[bytes] = []
        # A run is worth looking at where it alone makes silence settle.
        for first, after, is_quiet in _runs(samples, self._settling_samples):
            if is_quiet:
                encoded.append(self._be_quiet(after - first))
            else:
                encoded += [self._catch_up(), self._give(samples[first:after])]
                self._quiet_samples = 0
        return b"".join(encoded)

    def finish(self) -> bytes:
        return self._catch_up() + bytes(self._lame.flush())

    def _be_quiet(self, count: int) -> bytes:
        given = min(count, max(0, self._settling_samples - self._quiet_samples))
        self._owed_samples += count - given
        self._quiet_samples += given
        return self._give(np.zeros((given, self._channels), np.int16)) if given else b""

    def _catch_up(self) -> bytes:
        """Return the silence that was kept back: repeated frames, and the rest through LAME."""
        owed, self._owed_samples = self._owed_samples, 0
        if not owed:
            return b""
        repeats = owed // self._frame_samples - _LEFT_FRAMES
        frame = self._last_bytes[-self._frame_bytes :]
        if repeats < 1 or self._last_bytes != frame * _ALIKE_FRAMES:
            repeats = 0
        left = owed - repeats * self._frame_samples
        return frame * repeats + self._give(np.zeros((left, self._channels), np.int16))

    def _give(self, samples: NDArray[np.int16]) -> bytes:
        try:
            encoded = bytes(self._lame.encode(samples.tobytes()))
        except (RuntimeError, ValueError) as error:
            raise ExportError(f"the MP3 encoder lameenc failed: {error}") from error
        self._last_bytes = (self._last_bytes + encoded)[-_ALIKE_FRAMES * self._frame_bytes :]
        return encoded


def _runs(samples: NDArray[np.int16], shortest: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the samples in runs: first, after, and whether it is silence.

    Silence shorter than `shortest` belongs to its surroundings, but not at the edges: it may go on.
    """
    sounding = np.flatnonzero(samples.any(axis=1))
    position = 0
    ends = np.flatnonzero(np.diff(sounding) > shortest)
    starts = [int(sounding[0]), *(int(sounding[end + 1]) for end in ends)]
    afters = [*(int(sounding[end]) + 1 for end in ends), int(sounding[-1]) + 1]
    for start, after in zip(starts, afters, strict=True):
        if start > position:
            yield position, start, True
        yield start, after, False
        position = after
    if position < len(samples):
        yield position, len(samples), True


def check_mp3_can_hold(plan: TrackPlan) -> None:
    """Refuse a sample rate or a number of channels that no MP3 has."""
    if plan.sample_rate not in SAMPLE_RATES or plan.channels not in (1, 2):
        rates = ", ".join(map(str, SAMPLE_RATES))
        raise ExportError(
            f"an MP3 holds one or two channels at one of {rates} Hz, "
            f"not {plan.channels} at {plan.sample_rate} Hz; choose another format"
        )
