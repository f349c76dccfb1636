"""Files that lie beside tracks: captions, playlists, pages. Complete or absent, with our mark."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from voicecoach.errors import ExportError
from voicecoach.export import FORMATS, is_our_track
from voicecoach.export.targets import ExportedFile
from voicecoach.files.replacing import MARK
from voicecoach.messages import printable
from voicecoach.script.captions import CAPTION_FILES

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
    _TEXTS.target(path, force=force)


def is_our_text(path: Path) -> bool:
    """Return True if a text carries our mark, at its start or, as SubRip has it, at its end."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_SEARCHED_BYTES)
        file.seek(max(0, path.stat().st_size - _SEARCHED_BYTES))
        return MARK.encode() in head or MARK.encode() in file.read()


_TEXTS: Final = ExportedFile(is_our_text)


def write_text(path: Path, text: str, *, force: bool) -> bool:
    """Put a text that carries our mark in its place; True if it was not there already."""
    return _TEXTS.write(path, text.encode("utf-8"), force=force)


def caption_path(track: Path, kind: str) -> Path:
    """Return the path of a track's captions: beside it, under its name, where players look."""
    return track.with_suffix(f".{kind}")


def write_captions(track: Path, kinds: Iterable[str], tags: TrackTags, *, force: bool) -> bool:
    """Write the captions of a track beside it, in each of these kinds; True if any is new."""
    new = [
        write_text(
            caption_path(track, kind), CAPTION_FILES[kind](tags.captions, tags.title), force=force
        )
        for kind in kinds
    ]
    return any(new)


_PAGES: Final = ExportedFile(is_our_track)


def page_path(track: Path) -> Path:
    """Return the path of the page that plays a track: beside it, under its name."""
    return track.with_suffix(FORMATS["html"].extension)


def check_page_target(path: Path, *, force: bool, inputs: Iterable[Path] = ()) -> None:
    """Raise ExportError where a page cannot be put, or where somebody else's file is."""
    _PAGES.target(path, force=force, inputs=inputs)


def write_page(track: Path, tags: TrackTags, *, force: bool) -> bool:
    """Write the page that plays a track beside it; True if it was not there already.

    Like captions it is made by itself: neither page nor track needs the other to be made again.
    """
    from voicecoach.export.page.as_html import render
    from voicecoach.export.page.model import page_of

    if tags.script is None:
        raise ExportError(f"{track}: a page shows a whole session, and this is none")
    # A name such as "a:b" would be an address of another kind without the dot.
    document = render(
        page_of(tags.script), audio=f"./{quote(track.name)}", made_from=tags.made_from
    )
    return _PAGES.write(page_path(track), document, force=force)


def playlist(title: str, entries: Iterable[tuple[str, str, float]]) -> str:
    """Return an extended M3U of entries: file name, title and length in seconds."""
    lines = ["#EXTM3U", f"#PLAYLIST:{printable(title)}", f"# {MARK}"]
    for file_name, entry_title, duration_seconds in entries:
        lines += [f"#EXTINF:{duration_seconds:.3f},{printable(entry_title)}", file_name]
    return "\n".join(lines) + "\n"


def listed_in(path: Path) -> list[Path]:
    """Return the files that a playlist of ours names in its own folder; none for any other file."""
    try:
        if not is_our_text(path):
            return []
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []
    names = [line for line in lines if line and not line.startswith("#")]
    return [path.parent / name for name in names if name == PurePath(name).name]


def file_name(number: int, title: str, extension: str) -> str:
    """Return a name for one track of several that every file system takes: `03 Plank.mp3`."""
    kept = "".join(" " if letter in _FORBIDDEN_IN_NAMES else letter for letter in printable(title))
    name = " ".join(kept.split())[:_LONGEST_NAME].strip(" .")
    return f"{number:02} {name}".strip() + extension
