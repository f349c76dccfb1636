"""A session becomes its files: a track or one for each exercise, captions, a playlist.

What has not changed since it was made is left as it is: each track carries a fingerprint of all that
it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicecoach.clip import seconds_to_frames
from voicecoach.cover import draw_cover
from voicecoach.errors import ExportError
from voicecoach.export import check_target, encoder_for, export_track, made_from
from voicecoach.export.beside import (
    caption_path,
    check_text_target,
    write_captions,
)
from voicecoach.export.labels import track_tags
from voicecoach.export.replacing import folder_made
from voicecoach.export.split import export_split, playlist_path, track_paths
from voicecoach.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voicecoach.export.formats import Format, Quality
    from voicecoach.export.track import TrackTags
    from voicecoach.script import Script
    from voicecoach.session import Session

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Making:
    """How a session is made into files."""

    track_format: Format
    quality: Quality
    encoder: str = "auto"
    caption_kinds: tuple[str, ...] = ()
    """Which files of captions, as in CAPTION_FILES."""
    split: bool = False
    """Whether each exercise is a track of its own, in a folder with a playlist."""
    force: bool = False
    """Whether files of others are replaced, and tracks made anew that have not changed."""
    date: str = ""
    """Day of making, as `2026-11-25`."""


@dataclass(frozen=True)
class Made:
    """What has been made."""

    files: tuple[Path, ...]
    """The track, or all tracks, with what lies beside them."""
    duration_seconds: float | None
    """The length of the session; None where it was not needed, because nothing has changed."""
    up_to_date: bool
    """Whether what was there before is still right."""


def check_place_for(target: Path, making: Making, inputs: Sequence[Path] = ()) -> None:
    """Raise ExportError where the files cannot be written, as far as that is known before the work."""
    if making.split:
        encoder_for(making.track_format, making.encoder)
        if target.exists() and not target.is_dir():
            raise ExportError(f"{target}: is not a folder; move it away, or name another with -o")
        return
    check_target(target, encoder=making.encoder, force=making.force, inputs=inputs)
    for kind in making.caption_kinds:
        check_text_target(caption_path(target, kind), force=making.force)


def make(
    session: Session,
    target: Path,
    making: Making,
    *,
    number: int = 0,
    album_tracks: int = 0,
    inputs: Sequence[Path] = (),
    begin: Callable[[str], Progress] = lambda _what: lambda _done, _total: None,
) -> Made:
    """Make the files of a session; `target` is the track, or with `split` the folder of its tracks.

    `number` and `album_tracks` are its place among the tracks of its album. `begin` hears what is
    being done, and returns what hears how far it is.
    """
    mark = fingerprint(
        session.made_from, making.track_format.name, making.quality, making.encoder, making.split
    )
    chapters = session.nominal.chapters
    extension = making.track_format.extension
    tracks = track_paths(chapters, target, extension) if making.split else [target]
    beside = [playlist_path(target)] if making.split else []
    up_to_date = (
        not making.force
        and all(made_from(track) == mark for track in tracks)
        and all(path.exists() for path in beside)
    )
    if up_to_date and not making.caption_kinds:
        return Made((*tracks, *beside), None, up_to_date=True)
    session.speak_ahead()
    routine = session.routine
    cover = draw_cover(
        routine.title, routine.audience, session.minutes, routine.language, slug=routine.slug
    )

    def tags_of(script: Script) -> TrackTags:
        return track_tags(
            script,
            cover=cover,
            date=making.date,
            number=number,
            album_tracks=album_tracks,
            made_from=mark,
        )

    how: dict[str, Any] = {
        "sample_rate": session.sample_rate,
        "channels": session.channels,
        "quality": making.quality,
        "encoder": making.encoder,
        "force": making.force,
    }
    if making.split:
        script = session.measure(begin("speaking"))
        with folder_made(target.parent), folder_made(target):
            files = export_split(
                session.blocks(),
                target,
                total_frames=session.total_frames,
                tags=tags_of(script),
                extension=extension,
                caption_kinds=making.caption_kinds,
                progress=begin("writing"),
                **how,
            )
        return Made(tuple(files), session.duration_seconds, up_to_date=False)
    if up_to_date:
        session.measure(begin("speaking"))
    else:
        # What is spoken next is spoken while what was spoken is written.
        export_track(
            session.blocks(),
            target,
            total_frames=seconds_to_frames(session.about_seconds, session.sample_rate),
            tags=tags_of(session.nominal),
            settle=lambda: (session.total_frames, tags_of(session.script)),
            inputs=inputs,
            progress=begin("speaking and writing"),
            **how,
        )
    captions = write_captions(
        target, making.caption_kinds, tags_of(session.script), force=making.force
    )
    return Made((target, *captions), session.duration_seconds, up_to_date=up_to_date)
