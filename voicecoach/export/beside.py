"""Files that lie beside tracks: captions and playlists. Texts, complete or absent, with our mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.captions import CAPTION_FILES, MARK
from voicecoach.errors import ExportError
from voicecoach.export.replacing import check_place, explained, move, target_file, workshop
from voicecoach.plain_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voicecoach.export.track import TrackTags

_SEARCHED_BYTES = 4096
"""How much of a file's beginning and end is searched for our mark."""

_FORBIDDEN_IN_NAMES = '<>:"/\\|?*'
"""What Windows, and so a memory card, has in no file name."""
_LONGEST_NAME = 80


def check_text_target(path: Path, *, force: bool) -> None:
    """Raise ExportError where a text cannot be put, or where somebody else's file is."""
    target = target_file(path)
    check_place(target)
    if target.exists() and not force and not _is_ours(target):
        raise ExportError(
            f"{path}: is there already and was not made by voicecoach; "
            "use --force to replace it, or move it away"
        )


def _is_ours(path: Path) -> bool:
    """Return whether a text carries our mark, at its beginning or, as SubRip has it, at its end."""
    with path.open("rb") as file:
        head = file.read(_SEARCHED_BYTES)
        file.seek(max(0, path.stat().st_size - _SEARCHED_BYTES))
        return MARK.encode() in head or MARK.encode() in file.read()


def write_text(path: Path, text: str, *, force: bool) -> Path:
    """Put a text that carries our mark in its place; return `path`."""
    check_text_target(path, force=force)
    target = target_file(path)
    try:
        with workshop(target.parent) as folder:
            written = folder / "text"
            written.write_text(text, "utf-8", newline="\n")
            move(written, target)
    except OSError as error:
        raise explained(error, path) from error
    return path


def caption_path(track: Path, kind: str) -> Path:
    """Return where the captions of a track lie: beside it, under its name, where players look."""
    return track.with_suffix(f".{kind}")


def write_captions(
    track: Path, kinds: Iterable[str], tags: TrackTags, *, force: bool
) -> list[Path]:
    """Write the captions of a track beside it, in each kind of CAPTION_FILES that is wanted."""
    return [
        write_text(
            caption_path(track, kind), CAPTION_FILES[kind](tags.captions, tags.title), force=force
        )
        for kind in kinds
    ]


def playlist(title: str, entries: Iterable[tuple[str, str, float]]) -> str:
    """Return an extended M3U of entries: file name, title and length in seconds."""
    lines = ["#EXTM3U", f"#PLAYLIST:{printable(title)}", f"# {MARK}"]
    for file_name, entry_title, duration_seconds in entries:
        lines += [f"#EXTINF:{duration_seconds:.3f},{printable(entry_title)}", file_name]
    return "\n".join(lines) + "\n"


def file_name(number: int, title: str, extension: str) -> str:
    """Return a name for one track of several that every file system takes: `03 Plank.mp3`."""
    kept = "".join(" " if letter in _FORBIDDEN_IN_NAMES else letter for letter in printable(title))
    name = " ".join(kept.split())[:_LONGEST_NAME].strip(" .")
    return f"{number:02} {name}".strip() + extension
