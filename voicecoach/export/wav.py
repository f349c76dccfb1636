"""WAV: 16-bit samples, with the tags behind them; the sizes in its header are written last."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError
from voicecoach.export.tags.riff import riff_list_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.track import TrackPlan

_LARGEST_BYTES = 0xFFFF_FFFF
_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")


def check() -> None:
    """Do nothing: a WAV needs nothing."""


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples as WAV into `folder` and return the file."""
    head = _head(plan, len(riff_list_chunk(plan.tags)))
    track = folder / "track.wav"
    with track.open("wb") as file:
        file.write(head)
        for samples in pcm:
            file.write(samples.tobytes())
        final = plan.settled()
        list_chunk = riff_list_chunk(final.tags)
        file.write(list_chunk)
        file.seek(0)
        file.write(_head(final, len(list_chunk)))
    return track


def _head(plan: TrackPlan, list_bytes: int) -> bytes:
    """Return what stands before the samples, or refuse what its sizes cannot say."""
    frame_bytes = 2 * plan.channels
    riff_bytes = _HEAD.size - 8 + plan.pcm_bytes + list_bytes
    if riff_bytes > _LARGEST_BYTES:
        raise ExportError(
            f"a WAV file holds 4 GB and this session needs {plan.pcm_bytes / 1e9:.1f} GB; "
            "choose .mp3 or .flac"
        )
    return _HEAD.pack(
        b"RIFF",
        riff_bytes,
        b"WAVE",
        b"fmt ",
        16,
        1,
        plan.channels,
        plan.sample_rate,
        plan.sample_rate * frame_bytes,
        frame_bytes,
        16,
        b"data",
        plan.pcm_bytes,
    )
