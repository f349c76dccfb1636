"""Any format that ffmpeg writes, through pydub.

pydub is the door to other formats and never mixes: it adds a cue in whole milliseconds and in
quadratic time. It writes a file of its own with all samples and has ffmpeg read that. A session for
which that is too much goes to the same ffmpeg, with the same arguments, sample by sample.
"""

from __future__ import annotations

import contextlib
import importlib
import mmap
import shutil
from typing import TYPE_CHECKING, cast

from voicecoach.errors import EncoderUnavailableError, ExportError
from voicecoach.export.lame import check_mp3_can_hold
from voicecoach.export.tags.fields import language_code
from voicecoach.sound.pydub_gate import (
    INSTALL_FFMPEG,
    FfmpegError,
    ffmpeg_fed_with,
    find_ffmpeg,
    import_audio_segment,
    pydub_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.tags import FinishingTags
    from voicecoach.export.track import TrackPlan

LONGEST_IN_PYDUB_SECONDS = 2 * 3600.0
"""Longer sessions are piped to ffmpeg."""
# Ours, pydub's copy, and room for the track and for others.
_ROOM_FACTOR = 3

# The same input gives the same bytes: no dates, no random stream numbers, no versions.
_REPEATABLE = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")


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
    exported = folder / f"exported{plan.format.extension}"
    try:
        write = _export if _pydub_can_hold(plan, folder) else _pipe
        write(pcm, plan, exported)
        tags = cast("FinishingTags", importlib.import_module(plan.format.tags))
        return tags.finish(exported, plan.settled())
    except FfmpegError as error:
        raise ExportError(
            f"ffmpeg could not write {plan.format.title}: {error}; "
            f"try another --encoder or another format"
        ) from error


def _pydub_can_hold(plan: TrackPlan, folder: Path) -> bool:
    if plan.duration_seconds > LONGEST_IN_PYDUB_SECONDS:
        return False
    return shutil.disk_usage(folder).free > _ROOM_FACTOR * plan.pcm_bytes


def _parameters(plan: TrackPlan) -> list[str]:
    quality = plan.format.ffmpeg_qualities.get(plan.quality)
    language = language_code(plan.tags) if plan.format.ffmpeg_language else ""
    return [
        *(["-q:a", quality] if quality else []),
        *(["-metadata:s:a:0", f"language={language}"] if language else []),
        *plan.format.ffmpeg_parameters,
        *_REPEATABLE,
    ]


def _export(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, exported: Path) -> None:
    folder = exported.parent
    kbps = plan.bitrate_kbps
    with contextlib.ExitStack() as stack:
        samples = stack.enter_context((folder / "samples").open("w+b"))
        for piece in pcm:
            samples.write(piece.tobytes())
        samples.flush()
        # pydub wants a whole session in memory; mapped from the file it takes none of ours. While
        # an error is on its way up, frames that still point into the map keep it from closing.
        mapped = mmap.mmap(samples.fileno(), 0, access=mmap.ACCESS_READ)
        stack.callback(_close_quietly, mapped)
        audio_segment = stack.enter_context(pydub_in(folder))
        segment = audio_segment(
            mapped, sample_width=2, frame_rate=plan.sample_rate, channels=plan.channels
        )
        with exported.open("wb+") as file:
            segment.export(
                file,
                format=plan.format.ffmpeg_format,
                codec=plan.format.ffmpeg_codec,
                bitrate=f"{kbps}k" if kbps else None,
                # Where it fails, its report is then the reason and nothing else.
                parameters=["-v", "error", "-nostats", *_parameters(plan)],
            )
    (folder / "samples").unlink()


def _pipe(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, exported: Path) -> None:
    kbps = plan.bitrate_kbps
    arguments = [
        "-f",
        "s16le",
        "-ar",
        str(plan.sample_rate),
        "-ac",
        str(plan.channels),
        "-i",
        "-",
        "-c:a",
        plan.format.ffmpeg_codec,
        *(["-b:a", f"{kbps}k"] if kbps else []),
        *_parameters(plan),
        "-f",
        plan.format.ffmpeg_format,
        str(exported),
    ]
    with ffmpeg_fed_with(arguments, exported.parent) as feed:
        for piece in pcm:
            feed(piece.tobytes())


def _close_quietly(mapped: mmap.mmap) -> None:
    """Close a map if nothing points into it any more."""
    with contextlib.suppress(BufferError):
        mapped.close()
