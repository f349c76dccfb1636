"""The formats that ffmpeg alone writes: one row each."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from voicecoach.export.format import Format, Quality

_PYDUB: Final = {"pydub": "voicecoach.export.through_pydub"}
_MP4: Final = "voicecoach.export.tags.mp4"
_VORBIS: Final = "voicecoach.export.tags.vorbis"

_M4A: Final = Format(
    "m4a",
    "M4A (AAC)",
    ".m4a",
    _MP4,
    _PYDUB,
    exact_length=False,
    ffmpeg_format="ipod",
    ffmpeg_codec="aac",
    ffmpeg_language=True,
    ffmpeg_parameters=("-movflags", "+faststart"),
    bitrates_kbps={Quality.SMALL: (40, 80), Quality.PHONE: (64, 128), Quality.HIFI: (96, 192)},
)

FORMATS: Final = (
    _M4A,
    replace(_M4A, name="m4b", title="M4B (AAC, an audio book)", extension=".m4b"),
    Format(
        "opus",
        "Opus",
        ".opus",
        _VORBIS,
        _PYDUB,
        ffmpeg_format="opus",
        ffmpeg_codec="libopus",
        bitrates_kbps={Quality.SMALL: (20, 48), Quality.PHONE: (32, 64), Quality.HIFI: (64, 128)},
    ),
    Format(
        "ogg",
        "Ogg Vorbis",
        ".ogg",
        _VORBIS,
        _PYDUB,
        ffmpeg_format="ogg",
        ffmpeg_codec="libvorbis",
        ffmpeg_qualities={Quality.SMALL: "0", Quality.PHONE: "4", Quality.HIFI: "7"},
    ),
    Format("flac", "FLAC", ".flac", _VORBIS, _PYDUB, ffmpeg_format="flac", ffmpeg_codec="flac"),
)
