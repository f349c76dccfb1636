"""WAV: 16-bit samples behind a header that is known before the first of them."""

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


def check() -> None:
    """Do nothing: a WAV needs nothing."""


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples as WAV into `folder` and return the file."""
    frame_bytes = 2 * plan.channels
    payload_bytes = plan.total_frames * frame_bytes
    layout = struct.pack(
        "<HHIIHH",
        1,
        plan.channels,
        plan.sample_rate,
        plan.sample_rate * frame_bytes,
        frame_bytes,
        16,
    )
    chunks = b"WAVE" + b"fmt " + struct.pack("<I", len(layout)) + layout
    chunks += riff_list_chunk(plan.tags) + b"data"
    riff_bytes = len(chunks) + 4 + payload_bytes
    if riff_bytes > _LARGEST_BYTES:
        raise ExportError(
            f"a WAV file holds 4 GB and this session needs {payload_bytes / 1e9:.1f} GB; "
            "choose .mp3 or .flac"
        )
    track = folder / "track.wav"
    with track.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", riff_bytes) + chunks)
        file.write(struct.pack("<I", payload_bytes))
        for samples in pcm:
            file.write(samples.tobytes())
    return track
