"""WAV: 16-bit samples, with the tags behind them; the sizes in its header are written last.

The tags are one LIST chunk, without chapters, words or pictures.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Final

from voicecoach.errors import ExportError
from voicecoach.export.format import Format
from voicecoach.export.tags.fields import MARK_NAME, SOFTWARE, language_code, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.track import TrackPlan, TrackTags

FORMATS: Final = (
    Format(
        "wav",
        "WAV",
        ".wav",
        __name__,
        {"wav": __name__},
        chapters=False,
        captions=False,
        cover=False,
    ),
)

_LARGEST_BYTES = 0xFFFF_FFFF
_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")

_IDS = {
    "title": b"INAM",
    "artist": b"IART",
    "album": b"IPRD",
    "comment": b"ICMT",
    "genre": b"IGNR",
    "date": b"ICRD",
}
_LARGEST_LIST_BYTES = 1 << 20


def check() -> None:
    """Do nothing: a WAV needs nothing."""


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples as WAV into `folder` and return the file."""
    head = _head(plan, len(_list_chunk(plan.tags)))
    track = folder / "track.wav"
    with track.open("wb") as file:
        file.write(head)
        for samples in pcm:
            file.write(samples.tobytes())
        final = plan.settled()
        list_chunk = _list_chunk(final.tags)
        file.write(list_chunk)
        file.seek(0)
        file.write(_head(final, len(list_chunk)))
    return track


def _head(plan: TrackPlan, list_bytes: int) -> bytes:
    """Return the header before the samples, or refuse what its sizes cannot say."""
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


def _list_chunk(tags: TrackTags) -> bytes:
    fields = [(_IDS[field], text) for field, text in texts_of(tags).items()]
    if tags.number:
        fields.append((b"ITRK", str(tags.number)))
    if language := language_code(tags):
        fields.append((b"ILNG", language))
    made_from = f" {tags.made_from}" if tags.made_from else ""
    fields.append((b"ISFT", f"{SOFTWARE}{made_from}"))
    body = b"INFO" + b"".join(_chunk(name, text.encode() + b"\0") for name, text in fields)
    return _chunk(b"LIST", body)


def _chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk, padded to an even length."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def mark(path: Path) -> str | None:
    """Return the text of our mark in a WAV file; None without one."""
    with path.open("rb") as file:
        for software in _software(file):
            name, _, rest = software.rstrip(b"\0").decode("utf-8", "replace").partition(" ")
            if name == MARK_NAME and rest:
                return rest.partition(" ")[2]
    return None


def _software(file: BinaryIO) -> Iterator[bytes]:
    """Yield the names of the programs that wrote a WAV file, from its LIST chunks."""
    start = file.read(12)
    if start[:4] != b"RIFF" or start[8:] != b"WAVE":
        return
    while len(head := file.read(8)) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        # The tags of one file are short; a larger chunk is not read into memory.
        if name == b"LIST" and size < _LARGEST_LIST_BYTES:
            fields = io.BytesIO(file.read(size + size % 2)[4:])
            while len(field := fields.read(8)) == 8:
                length = int.from_bytes(field[4:], "little")
                text = fields.read(length + length % 2)[:length]
                if field[:4] == b"ISFT":
                    yield text
        else:
            file.seek(size + size % 2, io.SEEK_CUR)
