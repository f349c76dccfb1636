"""A session becomes its files: a track or one for each exercise, captions, a playlist.

What has not changed since it was made is left as it is: each track carries a fingerprint of all
that it was made from, so nobody has to keep a list.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from voicecoach import __version__
from voicecoach.drawing.cover import draw_cover
from voicecoach.export import check_target, encoder_for, export_track, made_from
from voicecoach.export.labels import track_tags
from voicecoach.export.sidecars import (
    caption_path,
    check_page_target,
    check_text_target,
    page_path,
    write_captions,
    write_page,
)
from voicecoach.export.split import (
    check_split_targets,
    export_split,
    playlist_path,
    tags_of_tracks,
    track_paths,
)
from voicecoach.export.targets import check_folder, folder_made
from voicecoach.files.fingerprint import fingerprint
from voicecoach.files.replacing import remove_leftovers
from voicecoach.sound.clip import seconds_to_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voicecoach.export.formats import Format, Quality
    from voicecoach.export.track import TrackTags
    from voicecoach.script.model import Script
    from voicecoach.session.session import Session

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Making:
    """How a session is made into files."""

    track_format: Format
    quality: Quality
    encoder: str = "auto"
    caption_kinds: tuple[str, ...] = ()
    """Which files of captions, as in CAPTION_FILES."""
    page_beside: bool = False
    """Whether a page that plays the track lies beside it; one that holds it is a format."""
    split: bool = False
    """Whether each exercise is a track of its own, in a folder with a playlist."""
    force: bool = False
    """Whether files of others are replaced, and tracks made again that have not changed."""
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
    removed: tuple[Path, ...] = ()
    """Tracks and captions of an earlier time that are no part of it any more."""


def check_place_for(target: Path, making: Making, inputs: Sequence[Path] = ()) -> None:
    """Raise ExportError where the files cannot be written, as far as one can know beforehand."""
    if making.split:
        encoder_for(making.track_format, making.encoder)
        check_folder(target)
        return
    check_target(target, encoder=making.encoder, force=making.force, inputs=inputs)
    for kind in making.caption_kinds:
        check_text_target(caption_path(target, kind), force=making.force)
    if making.page_beside:
        check_page_target(page_path(target), force=making.force, inputs=inputs)


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
    extension, kinds, is_split = making.track_format.extension, making.caption_kinds, making.split
    tracks = track_paths(session.nominal.chapters, target, extension) if is_split else [target]
    files = tuple(
        path for track in tracks for path in (track, *(caption_path(track, kind) for kind in kinds))
    )
    if is_split:
        files = (*files, playlist_path(target))
    if making.page_beside:
        files = (*files, page_path(target))
    label = _Label(session, making, number, album_tracks)
    # A mark tells of the track alone; captions and a page may be missing or old beside it.
    up_to_date = (
        not making.force
        and all(made_from(track) == label.expected_mark for track in tracks)
        and (not is_split or playlist_path(target).exists())
    )
    if up_to_date:
        remove_leftovers(tracks[0].parent)
        page_is_new = making.page_beside and made_from(page_path(target)) != label.expected_mark
        if not kinds and not page_is_new:
            return Made(files, None, up_to_date=True)
    session.speak_ahead()
    removed: list[Path] = []
    with folder_made(target) if is_split else nullcontext():
        if is_split:
            check_split_targets(
                tracks,
                encoder=making.encoder,
                caption_kinds=kinds,
                force=making.force,
                inputs=inputs,
            )
        # A single track is spoken while it is written; all else needs the lengths before.
        if is_split or up_to_date:
            session.measure(begin("speaking"))
        if not up_to_date:
            removed = _write(session, tracks, making, label, inputs, begin)
        tags = label.settled_tags()
        of_tracks = tags_of_tracks(tags) if is_split else [tags]
        new = [
            write_captions(track, kinds, of_track, force=making.force)
            for track, of_track in zip(tracks, of_tracks, strict=True)
        ]
        if making.page_beside:
            new.append(write_page(target, tags, force=making.force))
    return Made(
        files,
        session.duration_seconds,
        up_to_date=up_to_date and not any(new),
        removed=tuple(removed),
    )


def _write(
    session: Session,
    tracks: Sequence[Path],
    making: Making,
    label: _Label,
    inputs: Sequence[Path],
    begin: Callable[[str], Progress],
) -> list[Path]:
    """Write the track or the tracks; return the files of an earlier time that were removed."""
    how: dict[str, Any] = {
        "sample_rate": session.sample_rate,
        "channels": session.channels,
        "quality": making.quality,
        "encoder": making.encoder,
        "force": making.force,
        "inputs": inputs,
    }
    if making.split:
        return export_split(
            session.blocks(),
            tracks,
            total_frames=session.total_frames,
            tags=label.settled_tags(),
            progress=begin("writing"),
            **how,
        )
    # What is spoken next is spoken while what was spoken is written.
    export_track(
        session.blocks(),
        tracks[0],
        total_frames=seconds_to_frames(session.about_seconds, session.sample_rate),
        tags=label.expected_tags(),
        settle=lambda: (session.total_frames, label.settled_tags()),
        progress=begin("speaking and writing"),
        **how,
    )
    return []


class _Label:
    """What the tracks of a session say of themselves, before it is spoken and when it has been."""

    def __init__(self, session: Session, making: Making, number: int, album_tracks: int) -> None:
        self._session = session
        self._making = making
        self._number = number
        self._album_tracks = album_tracks
        self.expected_mark = self._mark()
        """The fingerprint that the tracks have, if the voice that is expected speaks."""

    def expected_tags(self) -> TrackTags:
        return self._tags(self._session.nominal, self.expected_mark)

    def settled_tags(self) -> TrackTags:
        """Return the tags by the spoken lengths, with the mark of the voice that spoke."""
        return self._tags(self._session.script, self._mark())

    def _mark(self) -> str:
        making = self._making
        return fingerprint(
            __version__,
            self._session.made_from,
            (making.track_format.name, making.quality, making.encoder, making.split),
            (self._number, self._album_tracks),
        )

    def _tags(self, script: Script, mark: str) -> TrackTags:
        return track_tags(
            script,
            cover=self._cover,
            date=self._making.date,
            number=self._number,
            album_tracks=self._album_tracks,
            made_from=mark,
        )

    @cached_property
    def _cover(self) -> bytes:
        routine = self._session.routine
        return draw_cover(
            routine.title,
            routine.audience,
            self._session.minutes,
            routine.language,
            slug=routine.slug,
        )
