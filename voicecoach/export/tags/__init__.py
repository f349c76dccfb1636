"""Tags: what players show about a track, and the mark that says that the track is ours.

Each system of tags is one module; which format has which stands in `formats`. A file that carries
the mark may be replaced without asking. The mark is the name of this program with its version;
nothing in a tag depends on the moment of writing, so the same session with the same date gives the
same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.export.track import TrackPlan


class TagSystem(Protocol):
    """A module that knows one system of tags."""

    def mark(self, path: Path) -> str | None:
        """Return the text of our mark in a file, empty for a mark alone; None without one."""
        ...


class FinishingTags(TagSystem, Protocol):
    """One whose tags come last, into what ffmpeg has written."""

    def finish(self, exported: Path, plan: TrackPlan) -> Path:
        """Write the tags of a settled plan into a file or a copy beside it; return that file."""
        ...
