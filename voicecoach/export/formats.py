"""The formats a track can be written in; a further one is one row in FORMATS."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Quality(StrEnum):
    """How good and how large a track is, by what it is for."""

    SMALL = "small"
    """To be mailed, or where room is dear; speech is understood as well."""
    PHONE = "phone"
    """The usual one: nobody hears a difference on a phone, headphones or a loudspeaker."""
    HIFI = "hi-fi"
    """For music under the voice on good speakers."""


@dataclass(frozen=True)
class Format:
    """A kind of audio file."""

    name: str
    """As in FORMATS."""
    title: str
    """For people."""
    extension: str
    """With its dot, lower case."""
    tags: str
    """Which module of `export.tags` knows its system of tags."""
    encoders: tuple[str, ...]
    """Names of the encoders that write it, the best first."""
    exact_length: bool = True
    """Whether a decoder gives back exactly as many frames as went in."""
    chapters: bool = True
    """Whether it holds places to jump to."""
    captions: bool = True
    """Whether it holds the words."""
    cover: bool = True
    """Whether it holds a picture."""
    ffmpeg_format: str = ""
    """What ffmpeg calls the container; empty where ffmpeg is not used."""
    ffmpeg_codec: str = ""
    """What ffmpeg calls the encoder."""
    ffmpeg_parameters: tuple[str, ...] = ()
    """Further arguments for ffmpeg."""
    bitrates_kbps: Mapping[Quality, tuple[int, int]] = field(default_factory=dict)
    """In mono and in stereo; empty where the samples alone say how large it gets."""
    ffmpeg_qualities: Mapping[Quality, str] = field(default_factory=dict)
    """In place of bitrates: what ffmpeg's `-q:a` is."""

    @property
    def lost(self) -> tuple[str, ...]:
        """Return what a track in this format cannot hold, in words for people."""
        holds = {"chapters": self.chapters, "captions": self.captions, "cover": self.cover}
        return tuple(what for what, held in holds.items() if not held)


def _rates(
    small: tuple[int, int], phone: tuple[int, int], hi_fi: tuple[int, int]
) -> dict[Quality, tuple[int, int]]:
    return {Quality.SMALL: small, Quality.PHONE: phone, Quality.HIFI: hi_fi}


_MP3_RATES = _rates((32, 80), (64, 128), (96, 160))

FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format(
            "mp3",
            "MP3",
            ".mp3",
            "id3",
            ("lameenc", "pydub"),
            ffmpeg_format="mp3",
            ffmpeg_codec="libmp3lame",
            # No ID3 and no Info frame from ffmpeg: ours are the same for both encoders, and its
            # Info frame has a table of contents, which makes players miss chapters by seconds.
            ffmpeg_parameters=(
                "-compression_level",
                "4",
                "-write_xing",
                "0",
                "-id3v2_version",
                "0",
            ),
            bitrates_kbps=_MP3_RATES,
        ),
        Format(
            "m4a",
            "M4A (AAC)",
            ".m4a",
            "mp4",
            ("pydub",),
            exact_length=False,
            ffmpeg_format="ipod",
            ffmpeg_codec="aac",
            ffmpeg_parameters=("-movflags", "+faststart"),
            bitrates_kbps=_rates((40, 80), (64, 128), (96, 192)),
        ),
        Format(
            "m4b",
            "M4B (AAC, an audio book)",
            ".m4b",
            "mp4",
            ("pydub",),
            exact_length=False,
            ffmpeg_format="ipod",
            ffmpeg_codec="aac",
            ffmpeg_parameters=("-movflags", "+faststart"),
            bitrates_kbps=_rates((40, 80), (64, 128), (96, 192)),
        ),
        Format(
            "opus",
            "Opus",
            ".opus",
            "vorbis",
            ("pydub",),
            ffmpeg_format="opus",
            ffmpeg_codec="libopus",
            bitrates_kbps=_rates((20, 48), (32, 64), (64, 128)),
        ),
        Format(
            "ogg",
            "Ogg Vorbis",
            ".ogg",
            "vorbis",
            ("pydub",),
            ffmpeg_format="ogg",
            ffmpeg_codec="libvorbis",
            ffmpeg_qualities={Quality.SMALL: "0", Quality.PHONE: "4", Quality.HIFI: "7"},
        ),
        Format(
            "flac",
            "FLAC",
            ".flac",
            "vorbis",
            ("pydub",),
            ffmpeg_format="flac",
            ffmpeg_codec="flac",
        ),
        Format(
            "wav",
            "WAV",
            ".wav",
            "riff",
            ("wav",),
            chapters=False,
            captions=False,
            cover=False,
        ),
        Format(
            "html",
            "HTML (a page that plays)",
            ".html",
            "html",
            ("page",),
            bitrates_kbps=_MP3_RATES,
        ),
    )
}
"""All formats by name."""


def format_of(path: Path) -> Format:
    """Return the format that the extension of a file name means."""
    for row in FORMATS.values():
        if path.suffix.lower() == row.extension:
            return row
    known = ", ".join(row.extension for row in FORMATS.values())
    if not path.suffix:
        raise ExportError(f"{path}: the name needs an extension, which says the format: {known}")
    raise ExportError(f"{path}: {path.suffix} is not a format written here; there are: {known}")
