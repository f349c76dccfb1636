"""MP3, which every phone and player reads."""

from __future__ import annotations

from typing import Final

from voicecoach.export.format import Format, Quality

RATES_KBPS: Final = {Quality.SMALL: (32, 80), Quality.PHONE: (64, 128), Quality.HIFI: (96, 160)}
"""In mono and in stereo."""

FORMATS: Final = (
    Format(
        "mp3",
        "MP3",
        ".mp3",
        "voicecoach.export.tags.id3",
        {"lameenc": "voicecoach.export.lame", "pydub": "voicecoach.export.through_pydub"},
        ffmpeg_format="mp3",
        ffmpeg_codec="libmp3lame",
        # No ID3 and no Info frame from ffmpeg: ours are the same for both encoders, and its
        # Info frame has a table of contents, which makes players miss chapters by seconds.
        ffmpeg_parameters=("-compression_level", "4", "-write_xing", "0", "-id3v2_version", "0"),
        bitrates_kbps=RATES_KBPS,
    ),
)
