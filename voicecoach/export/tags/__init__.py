"""Tags: what players show about a track, and the mark that says that the track is ours.

Each system of tags is one module, with the same few functions; which format has which stands here. A
file that carries the mark may be replaced without asking. The mark is the name of this program with
its version; nothing in a tag depends on the moment of writing, so the same session with the same date
gives the same bytes.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

from voicecoach.export.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voicecoach.export.formats import Format
    from voicecoach.export.track import TrackTags


class TagSystem(Protocol):
    """A module that knows one system of tags."""

    mark: Callable[[Path], str | None]
    """Returns what our mark in a file says, empty for a mark alone; None where there is none."""


def read_mark(path: Path) -> str | None:
    """Return the fingerprint of what a track of ours was made from, empty where it says none.

    None for a file that is not ours, and for anything that cannot be read as a track.
    """
    row = next((row for row in FORMATS.values() if row.extension == path.suffix.lower()), None)
    if row is None or not path.is_file():
        return None
    module = importlib.import_module(f"{__name__}.{row.tags}")
    try:
        return cast("TagSystem", module).mark(path)
    except Exception:  # noqa: BLE001
        # mutagen's readers stumble over broken files in many ways of their own. Whatever the reason,
        # a file in which no mark can be read is not ours.
        return None


def tag_file(path: Path, track_format: Format, tags: TrackTags) -> None:
    """Write the tags into a finished file of one of the formats whose tags come last."""
    from voicecoach.export.tags import mp4, vorbis

    {"mp4": mp4, "vorbis": vorbis}[track_format.tags].write(path, tags)
