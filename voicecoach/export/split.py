"""A session as one track for each exercise, with a playlist: for players that know no chapters."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.export import check_target, export_track, is_our_track
from voicecoach.export.sidecars import (
    caption_path,
    check_text_target,
    file_name,
    is_our_text,
    listed_in,
    playlist,
    write_text,
)
from voicecoach.script.captions import CAPTION_FILES, Caption
from voicecoach.sound.clip import seconds_to_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from voicecoach.export.formats import Quality
    from voicecoach.export.track import TrackTags
    from voicecoach.script.model import Chapter
    from voicecoach.sound.mixdown import Block


def playlist_path(folder: Path) -> Path:
    """Return the path of the playlist of a folder of tracks."""
    return folder / f"{folder.resolve().name}.m3u8"


def track_paths(chapters: Sequence[Chapter], folder: Path, extension: str) -> list[Path]:
    """Return the tracks that a session with these chapters is split into, in order."""
    return [
        folder / file_name(number, chapter.title, extension)
        for number, chapter in enumerate(chapters, 1)
    ]


def check_split_targets(
    tracks: Sequence[Path],
    *,
    encoder: str,
    caption_kinds: Sequence[str],
    force: bool,
    inputs: Sequence[Path],
) -> None:
    """Raise what would be raised when the files of a split session are written."""
    check_text_target(playlist_path(tracks[0].parent), force=force)
    for track in tracks:
        check_target(track, encoder=encoder, force=force, inputs=inputs)
        for kind in caption_kinds:
            check_text_target(caption_path(track, kind), force=force)


def export_split(
    blocks: Iterable[Block],
    tracks: Sequence[Path],
    *,
    total_frames: int,
    sample_rate: int,
    channels: int,
    tags: TrackTags,
    quality: Quality,
    encoder: str,
    force: bool,
    inputs: Sequence[Path],
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write each chapter of a session as a track into a folder, and a playlist of them.

    `tags` are those of the whole session, which is the album. Each file is complete or as it was
    before; the playlist comes when all tracks are there. Tracks of ours that an earlier playlist
    names and this one does not are removed, and returned.
    """
    listed = playlist_path(tracks[0].parent)
    starts = [seconds_to_frames(chapter.start_seconds, sample_rate) for chapter in tags.chapters]
    ends = [*starts[1:], total_frames]
    segments = itertools.groupby(blocks, lambda block: block.segment_index)
    for track, of_track, start, end in zip(tracks, tags_of_tracks(tags), starts, ends, strict=True):
        _, of_chapter = next(segments, (None, ()))
        export_track(
            of_chapter,
            track,
            total_frames=end - start,
            sample_rate=sample_rate,
            channels=channels,
            tags=of_track,
            quality=quality,
            encoder=encoder,
            force=force,
            inputs=inputs,
            progress=_from(start, total_frames, progress),
        )
    entries = [
        (track.name, chapter.title, (end - start) / sample_rate)
        for track, chapter, start, end in zip(tracks, tags.chapters, starts, ends, strict=True)
    ]
    earlier = listed_in(listed)
    write_text(listed, playlist(tags.title, entries), force=force)
    return _removed(track for track in earlier if track not in tracks)


def _removed(tracks: Iterable[Path]) -> list[Path]:
    """Remove those tracks that are ours, with their captions; return all that is gone."""
    removed = []
    for track in tracks:
        if is_our_track(track):
            beside = [caption_path(track, kind) for kind in CAPTION_FILES]
            for path in (track, *(path for path in beside if is_our_text(path))):
                with contextlib.suppress(OSError):
                    path.unlink()
                    removed.append(path)
    return removed


def tags_of_tracks(tags: TrackTags) -> list[TrackTags]:
    """Return the tags of a track for each chapter; the session is their album."""
    return [
        replace(
            tags,
            title=chapter.title,
            album=tags.title,
            number=number,
            album_tracks=len(tags.chapters),
            chapters=(),
            captions=tuple(
                Caption(
                    caption.start_seconds - chapter.start_seconds,
                    caption.end_seconds - chapter.start_seconds,
                    caption.text,
                )
                for caption in tags.captions
                if chapter.start_seconds <= caption.start_seconds < chapter.end_seconds
            ),
        )
        for number, chapter in enumerate(tags.chapters, 1)
    ]


def _from(
    start_frame: int, total_frames: int, progress: Callable[[int, int], None] | None
) -> Callable[[int, int], None] | None:
    """Turn the progress of one track into that of the session."""
    if progress is None:
        return None
    return lambda done, _total: progress(start_frame + done, total_frames)
