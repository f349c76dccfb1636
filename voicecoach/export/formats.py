"""The formats a track can be written in, and the facts an encoder needs about one track.

A further format is one row in FORMATS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class TrackTags:
    """What a music player shows about a track."""

    title: str
    artist: str = "voicecoach"
    album: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Format:
    """A kind of audio file."""

    name: str
    """As in FORMATS."""
    title: str
    """For people."""
    extension: str
    """With its dot, lower case."""
    mime_type: str
    encoders: tuple[str, ...]
    """Names of the encoders that write it, the best first."""
    exact_length: bool = True
    """Whether a decoder gives back exactly as many frames as went in."""
    ffmpeg_format: str = ""
    """What ffmpeg calls the container; empty where ffmpeg is not used."""
    ffmpeg_codec: str = ""
    """What ffmpeg calls the encoder."""
    ffmpeg_parameters: tuple[str, ...] = ()
    """Further arguments for ffmpeg."""
    bitrate_factor: float = 0.0
    """Part of an MP3's bitrate that it needs for the same quality; 0 where there is no bitrate."""


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format(
            "mp3",
            "MP3",
            ".mp3",
            "audio/mpeg",
            ("lameenc", "pydub"),
            ffmpeg_format="mp3",
            ffmpeg_codec="libmp3lame",
            # No ID3 and no Info frame from ffmpeg: ours are the same for both encoders, and its
            # Info frame has a table of contents, which makes players miss chapters by seconds.
            ffmpeg_parameters=(
                "-compression_level",
                "3",
                "-write_xing",
                "0",
                "-id3v2_version",
                "0",
            ),
            bitrate_factor=1.0,
        ),
        Format("wav", "WAV", ".wav", "audio/wav", ("wav",)),
        Format(
            "flac",
            "FLAC",
            ".flac",
            "audio/flac",
            ("pydub",),
            ffmpeg_format="flac",
            ffmpeg_codec="flac",
        ),
        Format(
            "ogg",
            "Ogg Vorbis",
            ".ogg",
            "audio/ogg",
            ("pydub",),
            ffmpeg_format="ogg",
            ffmpeg_codec="libvorbis",
            ffmpeg_parameters=("-q:a", "4"),
        ),
        Format(
            "opus",
            "Opus",
            ".opus",
            "audio/ogg; codecs=opus",
            ("pydub",),
            ffmpeg_format="opus",
            ffmpeg_codec="libopus",
            bitrate_factor=0.5,
        ),
        Format(
            "m4a",
            "M4A (AAC)",
            ".m4a",
            "audio/mp4",
            ("pydub",),
            exact_length=False,
            ffmpeg_format="ipod",
            ffmpeg_codec="aac",
            ffmpeg_parameters=("-movflags", "+faststart"),
            bitrate_factor=1.0,
        ),
    )
}
"""All formats by name."""


@dataclass(frozen=True)
class TrackPlan:
    """What an encoder is told about the track it writes."""

    format: Format
    sample_rate: int
    """Hz."""
    channels: int
    total_frames: int
    """How many frames will come; known before the first."""
    tags: TrackTags

    @property
    def bitrate_kbps(self) -> int:
        """Return the constant bitrate for an MP3: enough that speech sounds as in the WAV."""
        if self.sample_rate < 32_000:
            return 64 if self.channels == 1 else 96
        return 96 if self.channels == 1 else 128


def format_of(path: Path) -> Format:
    """Return the format that the extension of a file name means."""
    for row in FORMATS.values():
        if path.suffix.lower() == row.extension:
            return row
    known = ", ".join(row.extension for row in FORMATS.values())
    if not path.suffix:
        raise ExportError(f"{path}: the name needs an extension, which says the format: {known}")
    raise ExportError(f"{path}: {path.suffix} is not a format written here; there are: {known}")
