"""A track before its first sample: how it is written, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.export.format import Format, Quality
    from voicecoach.script.captions import Caption
    from voicecoach.script.model import Chapter, Script


@dataclass(frozen=True)
class TrackTags:
    """What a music player shows about a track; what is empty is left out."""

    title: str
    artist: str = "voicecoach"
    album: str = ""
    """The programme that the track belongs to."""
    comment: str = ""
    genre: str = ""
    language: str = ""
    """Language tag of the words, such as `en`."""
    date: str = ""
    """Day of making, as `2026-11-25`."""
    number: int = 0
    """Its place in the album, from 1; 0 for none."""
    album_tracks: int = 0
    """How many tracks the album has; 0 where that is not known."""
    chapters: tuple[Chapter, ...] = ()
    captions: tuple[Caption, ...] = ()
    cover: bytes = b""
    """A square picture, PNG or JPEG."""
    made_from: str = ""
    """A fingerprint of all that the track is made from; the same again needs no new track."""
    script: Script | None = None
    """The whole session, for a page that shows all of it."""

    @property
    def cover_mime_type(self) -> str:
        """The MIME type of the cover."""
        return "image/png" if self.cover.startswith(b"\x89PNG") else "image/jpeg"


@dataclass(frozen=True)
class TrackPlan:
    """What an encoder is told about the track it writes."""

    format: Format
    sample_rate: int
    """Hz."""
    channels: int
    total_frames: int
    """How many frames will come; about, where `settle` is to tell."""
    tags: TrackTags
    """What the track says; about, where `settle` is to tell."""
    quality: Quality
    settle: Callable[[], tuple[int, TrackTags]] | None = None
    """Returns, after the last sample, the length and the tags that have come out, for a session
    that is spoken while it is written; None where both are known before."""

    def settled(self) -> TrackPlan:
        """Return the plan as it has come out; asked when all samples have been taken."""
        if self.settle is None:
            return self
        total_frames, tags = self.settle()
        return replace(self, total_frames=total_frames, tags=tags, settle=None)

    @property
    def pcm_bytes(self) -> int:
        """Return the size of the samples."""
        return 2 * self.channels * self.total_frames

    @property
    def duration_seconds(self) -> float:
        """Return the length of the track."""
        return self.total_frames / self.sample_rate

    @property
    def bitrate_kbps(self) -> int:
        """Return the constant or mean bitrate; 0 for a format that has none."""
        rates = self.format.bitrates_kbps.get(self.quality)
        return rates[self.channels > 1] if rates else 0
