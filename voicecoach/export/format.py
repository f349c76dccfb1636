"""What there is to know of a format that a track can be written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Quality(StrEnum):
    """How good and how large a track is, by what it is for."""

    SMALL = "small"
    """To be mailed, or where room is dear; speech is understood as well."""
    PHONE = "phone"
    """The usual one: nobody hears a difference on a phone, headphones or a loudspeaker."""
    HIFI = "hi-fi"
    """For music under the voice on good speakers."""


@dataclass(frozen=True)
class Format:
    """A kind of file that a session becomes."""

    name: str
    """As in FORMATS."""
    title: str
    """For people."""
    extension: str
    """With its dot, lower case."""
    tags: str
    """The module that knows its tags: a `TagSystem`, for ffmpeg's formats a `FinishingTags`."""
    encoders: Mapping[str, str]
    """The encoders that write it, the best first: what `--encoder` calls each, and its module.

    Modules are named here and loaded when a track is written: numpy and the encoders take long."""
    is_page: bool = False
    """Whether it is played in a browser, as a whole, and may have its sound beside it."""
    exact_length: bool = True
    """Whether a decoder gives back exactly as many frames as went in."""
    chapters: bool = True
    captions: bool = True
    cover: bool = True
    ffmpeg_format: str = ""
    """What ffmpeg calls the container; empty where ffmpeg is not used."""
    ffmpeg_codec: str = ""
    ffmpeg_language: bool = False
    """Whether ffmpeg names the language of the words."""
    ffmpeg_parameters: tuple[str, ...] = ()
    bitrates_kbps: Mapping[Quality, tuple[int, int]] = field(default_factory=dict)
    """In mono and in stereo; empty where the samples alone say how large it gets."""
    ffmpeg_qualities: Mapping[Quality, str] = field(default_factory=dict)
    """In place of bitrates: what ffmpeg's `-q:a` is."""

    @property
    def lost(self) -> tuple[str, ...]:
        """Return the parts that a track in this format cannot hold, in words for people."""
        holds = {"chapters": self.chapters, "captions": self.captions, "cover": self.cover}
        return tuple(what for what, held in holds.items() if not held)
