"""Vorbis comments: the tags of FLAC, Ogg Vorbis and Opus."""

# mutagen says that it is typed, and most of it is not.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from voicecoach.errors import ExportError
from voicecoach.export.tags.fields import (
    MADE_FROM_NAME,
    MARK_NAME,
    MARK_TEXT,
    chapter_title,
    language_of,
    lyrics,
    texts_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.export.track import TrackTags

_FRONT_COVER = 3


def write(path: Path, tags: TrackTags) -> None:
    """Write the tags into a finished file."""
    file = _open(path)
    file.update(texts_of(tags))
    own = {
        "tracknumber": str(tags.number or ""),
        "tracktotal": str(tags.album_tracks or ""),
        "language": language_of(tags),
        "lyrics": lyrics(tags),
        MARK_NAME: MARK_TEXT,
        MADE_FROM_NAME: tags.made_from,
    }
    file.update({name: text for name, text in own.items() if text})
    for number, chapter in enumerate(tags.chapters, 1):
        file[f"chapter{number:03}"] = _clock(chapter.start_seconds)
        file[f"chapter{number:03}name"] = chapter_title(chapter.title)
    if tags.cover:
        _add_cover(file, tags)
    file.save()


def _add_cover(file: Any, tags: TrackTags) -> None:
    """Add the picture: FLAC has a block for it, Ogg a comment that holds the same."""
    from mutagen.flac import Picture

    picture = Picture()
    picture.type = _FRONT_COVER
    picture.mime = tags.cover_mime_type
    picture.data = tags.cover
    if hasattr(file, "add_picture"):
        file.add_picture(picture)
    else:
        file["metadata_block_picture"] = base64.b64encode(picture.write()).decode("ascii")


def _clock(seconds: float) -> str:
    """Return a time as `hh:mm:ss.mmm`, the way of the chapter comments."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, whole = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{whole:02}.{milliseconds:03}"


def _open(path: Path) -> Any:
    """Return a file whose tags are Vorbis comments."""
    match path.suffix.lower():
        case ".flac":
            from mutagen.flac import FLAC

            return FLAC(path)
        case ".ogg":
            from mutagen.oggvorbis import OggVorbis

            return OggVorbis(path)
        case ".opus":
            from mutagen.oggopus import OggOpus

            return OggOpus(path)
        case _:
            raise ExportError(f"{path}: no way is known to tag this")


def mark(path: Path) -> str | None:
    """Return what our mark in a file says."""
    file = _open(path)
    if MARK_NAME not in file:
        return None
    return str(file.get(MADE_FROM_NAME, [""])[0])
