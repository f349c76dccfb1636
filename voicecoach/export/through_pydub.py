"""Any format that ffmpeg writes, through pydub; and the session as an AudioSegment."""

from __future__ import annotations

import contextlib
import mmap
from typing import TYPE_CHECKING, Any

from voicecoach.clip import to_pcm16
from voicecoach.errors import EncoderUnavailableError, ExportError
from voicecoach.export.info_frame import Mp3Writer
from voicecoach.export.lame import check_mp3_can_hold
from voicecoach.export.tags import id3_bytes, tag_file
from voicecoach.pydub_gate import INSTALL_FFMPEG, find_ffmpeg, import_audio_segment, pydub_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.formats import TrackPlan
    from voicecoach.mixdown import Block

# The same input gives the same bytes: no dates, no random stream numbers, no versions.
_REPEATABLE = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")

_COPY_BYTES = 1 << 20


def check() -> None:
    """Raise EncoderUnavailableError where pydub or the ffmpeg that it calls is missing."""
    import_audio_segment()
    if find_ffmpeg() is None:
        raise EncoderUnavailableError(
            f"pydub writes this through ffmpeg, which was not found: {INSTALL_FFMPEG}"
        )


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples through pydub into `folder` and return the file."""
    if plan.format.name == "mp3":
        check_mp3_can_hold(plan)
    with (folder / "samples").open("w+b") as samples:
        for piece in pcm:
            samples.write(piece.tobytes())
        samples.flush()
        exported = _export(samples.fileno(), plan, folder)
    if plan.format.name != "mp3":
        tag_file(exported, plan.format.name, plan.tags)
        return exported
    track = folder / "track.mp3"
    with exported.open("rb") as frames, track.open("wb") as file:
        writer = Mp3Writer(file, id3_bytes(plan.tags))
        while piece_bytes := frames.read(_COPY_BYTES):
            writer.write(piece_bytes)
        writer.finish(plan.total_frames)
    return track


def _export(samples: int, plan: TrackPlan, folder: Path) -> Path:
    """Have pydub write the samples of an open file in the plan's format."""
    exported = folder / f"exported{plan.format.extension}"
    kbps = round(plan.bitrate_kbps * plan.format.bitrate_factor)
    with contextlib.ExitStack() as stack:
        # pydub wants a whole session in memory; mapped from the file it takes none of ours. While
        # an error is on its way up, frames that still point into the map keep it from closing.
        mapped = mmap.mmap(samples, 0, access=mmap.ACCESS_READ)
        stack.callback(_close_quietly, mapped)
        audio_segment = stack.enter_context(pydub_in(folder))
        try:
            segment = audio_segment(
                mapped, sample_width=2, frame_rate=plan.sample_rate, channels=plan.channels
            )
            with exported.open("wb+") as file:
                segment.export(
                    file,
                    format=plan.format.ffmpeg_format,
                    codec=plan.format.ffmpeg_codec,
                    bitrate=f"{kbps}k" if kbps else None,
                    parameters=[*plan.format.ffmpeg_parameters, *_REPEATABLE],
                )
        except OSError:
            raise
        except Exception as error:
            raise ExportError(
                f"ffmpeg could not write {plan.format.title}: {_last_line(error)}; "
                f"try another --encoder or another format"
            ) from error
    return exported


def _close_quietly(mapped: mmap.mmap) -> None:
    """Close a map if nothing points into it any more."""
    with contextlib.suppress(BufferError):
        mapped.close()


def _last_line(error: Exception) -> str:
    """Return the line in which ffmpeg says what went wrong; it comes last, after a page of others."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


def to_audio_segment(blocks: Iterable[Block], *, sample_rate: int, channels: int) -> Any:
    """Return a session as pydub AudioSegment; its samples are those of the exported WAV."""
    audio_segment = import_audio_segment()
    pieces = [to_pcm16(block.samples).tobytes() for block in blocks]
    return audio_segment(
        b"".join(pieces), sample_width=2, frame_rate=sample_rate, channels=channels
    )
