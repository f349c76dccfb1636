"""The tracks that export and preview make: an account of them, and the files they are made from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach.fitting.wishes import Wishes

if TYPE_CHECKING:
    from voicecoach.export.making import Made
    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine
    from voicecoach.session.session import Session


def inputs_of(routine: Routine, library: Library, wishes: Wishes) -> list[Path]:
    """Return the files that a session is made from, which no track may replace."""
    from voicecoach.sound.music import music_file
    from voicecoach.sound.sounds import SOUNDS

    music = music_file(wishes.music) if wishes.music else None
    sounds = [library.find_sound(name) for name in SOUNDS]
    return [path for path in (routine.path, *sounds, music) if path]


def account_of(made: Made, path: Path, session: Session) -> dict[str, Any]:
    """Return what `--json` tells of a track that was made; `path` is its place."""
    return {
        "path": str(path),
        "files": [str(file) for file in made.files],
        "removed": [str(file) for file in made.removed],
        "up_to_date": made.up_to_date,
        "duration_seconds": made.duration_seconds,
        "bytes": sum(file.stat().st_size for file in made.files),
        "voice": session.narrator.description,
    }


def summary_of(track: dict[str, Any]) -> str:
    """Return a line about a track that was made, from its `account_of`."""
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
