"""The tags of M4A and M4B; their chapters are tracks of the file, which ffmpeg writes."""

# mutagen says that it is typed, and most of it is not.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.export.tags.fields import (
    MADE_FROM_NAME,
    MARK_NAME,
    MARK_TEXT,
    SOFTWARE,
    language_of,
    lyrics,
    texts_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.export.track import TrackTags

_ATOMS = {
    "title": "©nam",
    "artist": "©ART",
    "album": "©alb",
    "comment": "©cmt",
    "genre": "©gen",
    "date": "©day",
}
_OWN = "----:com.apple.iTunes:"
_AUDIO_BOOK = 2


def write(path: Path, tags: TrackTags) -> None:
    """Write the tags into a finished file."""
    from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm

    mp4 = MP4(path)
    for field, text in texts_of(tags).items():
        mp4[_ATOMS[field]] = text
    if tags.number:
        mp4["trkn"] = [(tags.number, tags.album_tracks)]
    if tags.captions:
        mp4["©lyr"] = lyrics(tags)
    if tags.cover:
        is_png = tags.cover_mime_type == "image/png"
        kind = MP4Cover.FORMAT_PNG if is_png else MP4Cover.FORMAT_JPEG
        mp4["covr"] = [MP4Cover(tags.cover, kind)]
    if path.suffix == ".m4b":
        mp4["stik"] = [_AUDIO_BOOK]
    mp4["©too"] = SOFTWARE
    own = {
        MARK_NAME: MARK_TEXT,
        MADE_FROM_NAME: tags.made_from,
        "LANGUAGE": language_of(tags),
    }
    for name, text in own.items():
        if text:
            mp4[_OWN + name] = MP4FreeForm(text.encode())
    mp4.save()


def mark(path: Path) -> str | None:
    """Return what our mark in a file says."""
    from mutagen.mp4 import MP4

    mp4 = MP4(path)
    if _OWN + MARK_NAME not in mp4:
        return None
    made_from = mp4.get(_OWN + MADE_FROM_NAME)
    return bytes(made_from[0]).decode() if made_from else ""
