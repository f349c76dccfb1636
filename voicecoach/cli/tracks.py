"""What export and preview tell of the tracks that they made, and from which files these came."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach.cli.options import (
    music_files,
)
from voicecoach.fitting.wishes import Wishes

if TYPE_CHECKING:
    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine


def inputs_of(routine: Routine, library: Library, wishes: Wishes) -> list[Path]:
    """Return the files that a session is made from, which no track may replace."""
    from voicecoach.sound.sounds import SOUNDS

    sounds = [library.find_sound(name) for name in SOUNDS]
    sounds += music_files(wishes)
    return [routine.path, *sounds] if routine.path else sounds


def summary_of(track: dict[str, Any]) -> str:
    """Return a line about a track that was made, from what `--json` tells about it."""
    from voicecoach.messages import whole_clock

    size = f"{track['bytes'] / 1e6:.1f} MB"
    if track["up_to_date"]:
        return f"{track['path']}  {size}  up to date; --force makes it anew"
    files = len(track["files"])
    several = f"  {files} files" if files > 1 else ""
    if track["removed"]:
        several += f", {len(track['removed'])} older ones removed"
    length = whole_clock(track["duration_seconds"])
    return f"{track['path']}  {length}  {size}{several}  {track['voice']}"
