"""ID3, the tags of MP3: version 2.3, because car radios and Windows know no other."""

# mutagen says that it is typed, and most of it is not.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voicecoach.export.mp3_info_frame import TAG_HEAD_BYTES, Mp3Writer, tag_head
from voicecoach.export.tags.fields import (
    MADE_FROM_NAME,
    MARK_NAME,
    MARK_TEXT,
    SOFTWARE,
    chapter_title,
    language_code,
    texts_of,
)
from voicecoach.script.captions import timed_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.export.track import TrackPlan, TrackTags
    from voicecoach.script.captions import Caption

# In version 2.3 only this and Latin-1 exist.
_UTF16 = 1
_LATIN1 = 0
_UNKNOWN_LANGUAGE = "XXX"
_NO_OFFSET = 0xFFFF_FFFF
"""Says that a chapter is found by its time and not by its bytes."""
_MOST_CHAPTERS = 255
"""A table of contents has one byte for their number."""
_MILLISECONDS = 2
_LYRICS = 1
_FRONT_COVER = 3

_COPY_BYTES = 1 << 20


def id3_bytes(tags: TrackTags) -> bytes:
    """Return the tags as they stand at the start of an MP3, without padding."""
    # mutagen sorts frames by size; many players show chapters as they lie in the file.
    frames = b"".join(_frame_bytes(frame) for frame in _frames(tags))
    return tag_head(len(frames)) + frames


def _frame_bytes(frame: Any) -> bytes:
    from mutagen.id3 import ID3

    tag = ID3()
    tag.add(frame)
    file = io.BytesIO()
    tag.save(file, v2_version=3, padding=lambda _: 0)
    return file.getvalue()[TAG_HEAD_BYTES:]


def _frames(tags: TrackTags) -> Iterator[Any]:
    from mutagen import id3

    texts = texts_of(tags)
    language = language_code(tags)
    for field, frame in (
        ("title", id3.TIT2),
        ("artist", id3.TPE1),
        ("album", id3.TALB),
        ("genre", id3.TCON),
    ):
        if field in texts:
            yield frame(encoding=_UTF16, text=texts[field])
    if tags.number:
        of_all = f"/{tags.album_tracks}" if tags.album_tracks else ""
        yield id3.TRCK(encoding=_LATIN1, text=f"{tags.number}{of_all}")
    if language:
        yield id3.TLAN(encoding=_LATIN1, text=language)
    year, _, day = tags.date.partition("-")
    if year:
        yield id3.TYER(encoding=_LATIN1, text=year)
    if month_and_day := day.replace("-", ""):
        yield id3.TDAT(encoding=_LATIN1, text=month_and_day[2:] + month_and_day[:2])
    if "comment" in texts:
        yield id3.COMM(
            encoding=_UTF16, lang=language or _UNKNOWN_LANGUAGE, desc="", text=texts["comment"]
        )
    yield id3.TSSE(encoding=_LATIN1, text=f"{SOFTWARE} (LAME)")
    yield id3.TXXX(encoding=_LATIN1, desc=MARK_NAME, text=MARK_TEXT)
    if tags.made_from:
        yield id3.TXXX(encoding=_LATIN1, desc=MADE_FROM_NAME, text=tags.made_from)
    yield from _chapters(tags)
    yield from _words(tags.captions, language or _UNKNOWN_LANGUAGE)
    if tags.cover:
        yield id3.APIC(
            encoding=_LATIN1, mime=tags.cover_mime_type, type=_FRONT_COVER, desc="", data=tags.cover
        )


def _chapters(tags: TrackTags) -> Iterator[Any]:
    """Yield the chapters, behind a table of contents, without which many players show none."""
    from mutagen import id3

    if not tags.chapters:
        return
    chapters = list(tags.chapters[:_MOST_CHAPTERS])
    chapters[-1] = replace(chapters[-1], end_seconds=tags.chapters[-1].end_seconds)
    names = [f"chp{index}" for index in range(len(chapters))]
    yield id3.CTOC(
        element_id="toc",
        flags=id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED,
        child_element_ids=names,
        sub_frames=[],
    )
    for name, chapter in zip(names, chapters, strict=True):
        yield id3.CHAP(
            element_id=name,
            start_time=round(chapter.start_seconds * 1000),
            end_time=round(chapter.end_seconds * 1000),
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=[id3.TIT2(encoding=_UTF16, text=chapter_title(chapter.title))],
        )


def _words(captions: tuple[Caption, ...], language: str) -> Iterator[Any]:
    from mutagen import id3

    if not captions:
        return
    yield id3.SYLT(
        encoding=_UTF16,
        lang=language,
        format=_MILLISECONDS,
        type=_LYRICS,
        desc="",
        # The standard (4.10): what begins a line, begins with its line break.
        text=[
            ("\n" * bool(number) + text, round(seconds * 1000))
            for number, (seconds, text) in enumerate(timed_lines(captions))
        ],
    )
    text = "\n".join(caption.text for caption in captions)
    yield id3.USLT(encoding=_UTF16, lang=language, desc="", text=text)


def finish(exported: Path, plan: TrackPlan) -> Path:
    """Write the frames of an MP3 behind their tags and an Info frame, and return the new file."""
    track = exported.with_name("track.mp3")
    tag_bytes = id3_bytes(plan.tags)
    with exported.open("rb") as frames, track.open("wb+") as file:
        writer = Mp3Writer(file, len(tag_bytes))
        while piece_bytes := frames.read(_COPY_BYTES):
            writer.write(piece_bytes)
        writer.finish(plan.total_frames, tag_bytes)
    return track


def mark(path: Path) -> str | None:
    """Return the text of our mark in an MP3; None without one."""
    from mutagen.id3 import ID3

    id3 = ID3(path)
    if f"TXXX:{MARK_NAME}" not in id3:
        return None
    made_from = id3.get(f"TXXX:{MADE_FROM_NAME}")
    return str(made_from) if made_from is not None else ""
