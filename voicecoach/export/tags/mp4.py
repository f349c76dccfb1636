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
    chapter_title,
    language_code,
    lyrics,
    texts_of,
)
from voicecoach.sound.pydub_gate import ffmpeg_fed_with

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.export.track import TrackPlan

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


def finish(exported: Path, plan: TrackPlan) -> Path:
    """Write the tags into a file, or with chapters into a copy beside it; return that file."""
    from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm

    tags = plan.tags
    path = _with_chapters(exported, plan) if tags.chapters else exported
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
    own = {MARK_NAME: MARK_TEXT, MADE_FROM_NAME: tags.made_from, "LANGUAGE": language_code(tags)}
    for name, text in own.items():
        if text:
            mp4[_OWN + name] = MP4FreeForm(text.encode())
    mp4.save()
    return path


def _with_chapters(exported: Path, plan: TrackPlan) -> Path:
    """Return a copy of an MP4 file with chapters, both as Apple's players and others want them."""
    listed = exported.with_name("chapters.txt")
    listed.write_text(_ffmetadata(plan), "utf-8")
    track = exported.with_name(f"track{exported.suffix}")
    language = language_code(plan.tags)
    arguments = [
        "-i",
        str(exported),
        "-f",
        "ffmetadata",
        "-i",
        str(listed),
        "-map",
        "0:a",
        # Without naming whose, this would take the chapters' titles away too.
        "-map_metadata:g",
        "-1",
        "-map_chapters",
        "1",
        "-c",
        "copy",
        *(["-metadata:s:a:0", f"language={language}"] if language else []),
        *plan.format.ffmpeg_parameters,
        "-fflags",
        "+bitexact",
        "-f",
        plan.format.ffmpeg_format,
        str(track),
    ]
    with ffmpeg_fed_with(arguments, exported.parent):
        pass
    exported.unlink()
    return track


def _ffmetadata(plan: TrackPlan) -> str:
    """Return the chapters in ffmpeg's own text format, times in milliseconds."""
    blocks = [
        "[CHAPTER]\nTIMEBASE=1/1000\n"
        f"START={round(chapter.start_seconds * 1000)}\nEND={round(chapter.end_seconds * 1000)}\n"
        f"title={_escaped(chapter_title(chapter.title))}\n"
        for chapter in plan.tags.chapters
    ]
    return "".join([";FFMETADATA1\n", *blocks])


def _escaped(text: str) -> str:
    """Put a backslash before what would mean something else in that format."""
    return "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in text)


def mark(path: Path) -> str | None:
    """Return the text of our mark in a file; None without one."""
    from mutagen.mp4 import MP4

    mp4 = MP4(path)
    if _OWN + MARK_NAME not in mp4:
        return None
    made_from = mp4.get(_OWN + MADE_FROM_NAME)
    return bytes(made_from[0]).decode() if made_from else ""
