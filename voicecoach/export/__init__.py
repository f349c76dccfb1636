"""A stream of rendered blocks becomes a track: an audio file with tags, complete or absent.

`export_track` is the one way to write one. Importing this package is cheap; numpy, the encoders and
the tag library are loaded when a track is written.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from voicecoach.errors import EncoderUnavailableError, ExportError
from voicecoach.export.formats import FORMATS, Format, Quality, format_of
from voicecoach.export.targets import ExportedFile, explained, folder_made
from voicecoach.export.track import TrackPlan, TrackTags
from voicecoach.files.replacing import move, workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.tags import TagSystem
    from voicecoach.session.session import Session
    from voicecoach.sound.mixdown import Block

__all__ = [
    "FORMATS",
    "Format",
    "Quality",
    "TrackTags",
    "check_target",
    "encoder_for",
    "export_track",
    "format_of",
    "is_our_track",
    "made_from",
    "to_audio_segment",
]


class Encoder(Protocol):
    """A module that turns samples into a file of some format."""

    def check(self) -> None:
        """Raise EncoderUnavailableError, which says what to install, if it does not work here."""
        ...

    def encode(self, pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
        """Write the samples into a file in `folder`, complete with tags, and return it."""
        ...


def _encoder(track_format: Format, name: str) -> Encoder:
    return cast("Encoder", importlib.import_module(track_format.encoders[name]))


def encoder_for(track_format: Format, encoder: str = "auto") -> str:
    """Return the name of the encoder for a format here; `auto` takes the first that works."""
    if encoder == "auto":
        reasons = []
        for name in track_format.encoders:
            try:
                _encoder(track_format, name).check()
            except EncoderUnavailableError as error:
                reasons.append(str(error))
            else:
                return name
        raise EncoderUnavailableError(
            f"{track_format.title} cannot be written here: {'; or '.join(reasons)}"
        )
    known = dict.fromkeys(name for row in FORMATS.values() for name in row.encoders)
    if encoder not in known:
        choices = ", ".join(["auto", *known])
        raise ExportError(f'there is no encoder "{encoder}"; choose one of: {choices}')
    if encoder not in track_format.encoders:
        raise ExportError(
            f"{encoder} does not write {track_format.extension} files; "
            f"choose {' or '.join(track_format.encoders)}, or leave --encoder away"
        )
    _encoder(track_format, encoder).check()
    return encoder


def check_target(
    path: Path, *, encoder: str = "auto", force: bool = False, inputs: Iterable[Path] = ()
) -> None:
    """Raise what `export_track` would raise before its first block; call it before long work."""
    track_format = format_of(path)
    _TRACKS.target(path, force=force, inputs=inputs)
    encoder_for(track_format, encoder)


def export_track(
    blocks: Iterable[Block],
    path: Path,
    *,
    total_frames: int,
    sample_rate: int,
    channels: int,
    tags: TrackTags,
    quality: Quality = Quality.PHONE,
    encoder: str = "auto",
    force: bool = False,
    inputs: Iterable[Path] = (),
    progress: Callable[[int, int], None] | None = None,
    settle: Callable[[], tuple[int, TrackTags]] | None = None,
) -> Path:
    """Write a session as a track, in the format that the extension of `path` says; return `path`.

    The target is replaced only when the track is complete; whatever fails, it stays as it was and
    nothing is left beside it. A file that is there and does not carry our mark needs `force`; one
    of the `inputs` of the session is never replaced. `progress` hears, after each block, how many
    frames of how many were taken.

    A session can be spoken while it is written: then `total_frames` and `tags` are what is
    expected, and `settle`, asked behind the last block, tells what has become of them.
    """
    path = Path(path)
    track_format = format_of(path)
    target = _TRACKS.target(path, force=force, inputs=inputs)
    encoder_name = encoder_for(track_format, encoder)
    if total_frames < 1:
        raise ExportError(f"{path}: there is nothing to export, the session has no length")
    plan = TrackPlan(track_format, sample_rate, channels, total_frames, tags, quality, settle)
    source = _Source(blocks, plan, progress)
    try:
        # Complete or absent: in a hidden folder a kill leaves nothing that looks like a track.
        with folder_made(target.parent), workshop(target.parent) as folder:
            try:
                track = _encoder(track_format, encoder_name).encode(source.pcm(), plan, folder)
            except ExportError as error:
                if error is source.failure:
                    raise
                raise ExportError(f"{path}: {error}") from error
            # The first check may have been long ago.
            _TRACKS.target(path, force=force, inputs=inputs)
            move(track, target)
    except OSError as error:
        if error is source.failure:
            # Not the file: the source of the blocks failed, and its error says so.
            raise
        raise explained(error, path) from error
    return path


class _Source:
    """The blocks of a session as 16-bit samples, checked and counted as they pass."""

    def __init__(
        self, blocks: Iterable[Block], plan: TrackPlan, progress: Callable[[int, int], None] | None
    ) -> None:
        self._blocks = iter(blocks)
        self._plan = plan
        self._progress = progress
        self.failure: BaseException | None = None

    def pcm(self) -> Iterator[NDArray[np.int16]]:
        """Yield the samples of each block; remember an error of the blocks themselves."""
        from voicecoach.sound.clip import to_pcm16

        plan = self._plan
        frame = 0
        while (block := self._next()) is not None:
            frame += len(block.samples)
            if block.samples.shape[1] != plan.channels:
                break
            if plan.settle is None and frame > plan.total_frames:
                break
            yield to_pcm16(block.samples)
            if self._progress is not None:
                self._progress(frame, max(frame, plan.total_frames))
        total = plan.settled().total_frames
        if frame != total:
            raise ExportError(
                f"the session did not come out as announced ({frame} frames instead of {total}); "
                "please report this as a bug"
            )

    def _next(self) -> Block | None:
        try:
            return next(self._blocks, None)
        except BaseException as error:
            self.failure = error
            raise


def is_our_track(path: Path) -> bool:
    """Return True if a file carries our mark, so that a new track may replace it unasked."""
    return _mark(path) is not None


_TRACKS: Final = ExportedFile(is_our_track)


def made_from(path: Path) -> str:
    """Return the fingerprint of all that a track of ours was made from; empty without one."""
    return _mark(path) or ""


def _mark(path: Path) -> str | None:
    """Return the text of our mark in a file; None without a mark, or where no track is."""
    row = next((row for row in FORMATS.values() if row.extension == path.suffix.lower()), None)
    if row is None or not path.is_file():
        return None
    tags = cast("TagSystem", importlib.import_module(row.tags))
    try:
        return tags.mark(path)
    except Exception:  # noqa: BLE001
        # mutagen's readers stumble over broken files in many ways of their own. Whatever the
        # reason, a file in which no mark can be read is not ours.
        return None


def to_audio_segment(session: Session) -> Any:
    """Return a session as a `pydub.AudioSegment`; its samples are those of the exported WAV."""
    from voicecoach.sound.clip import to_pcm16
    from voicecoach.sound.pydub_gate import import_audio_segment

    audio_segment = import_audio_segment()
    pcm = b"".join(to_pcm16(block.samples).tobytes() for block in session.blocks())
    return audio_segment(
        pcm, sample_width=2, frame_rate=session.sample_rate, channels=session.channels
    )
