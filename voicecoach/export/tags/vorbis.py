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
    language_code,
    lyrics,
    texts_of,
)
from voicecoach.script.captions import clock

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.export.track import TrackPlan, TrackTags

_FRONT_COVER = 3


def finish(exported: Path, plan: TrackPlan) -> Path:
    """Write the tags into a file that is complete without them, and return it."""
    file, tags = _open(exported), plan.tags
    file.update(texts_of(tags))
    own = {
        "tracknumber": str(tags.number or ""),
        "tracktotal": str(tags.album_tracks or ""),
        "language": language_code(tags),
        "lyrics": lyrics(tags),
        MARK_NAME: MARK_TEXT,
        MADE_FROM_NAME: tags.made_from,
    }
    file.update({name: text for name, text in own.items() if text})
    for number, chapter in enumerate(tags.chapters, 1):
        file[f"chapter{number:03}"] = clock(chapter.start_seconds)
        file[f"chapter{number:03}name"] = chapter_title(chapter.title)
    if tags.cover:
        _add_cover(file, tags)
    file.save()
    return exported


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


def _open(path: Path) -> Any:
    from mutagen import File
    from mutagen.flac import FLAC
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

    file = File(path, options=[FLAC, OggOpus, OggVorbis])
    if file is None:
        raise ExportError(f"{path}: is neither FLAC nor Ogg")
    return file


def mark(path: Path) -> str | None:
    """Return the text of our mark in a file; None without one."""
    file = _open(path)
    if MARK_NAME not in file:
        return None
    return str(file.get(MADE_FROM_NAME, [""])[0])
