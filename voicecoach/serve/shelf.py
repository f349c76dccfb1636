"""Finished sessions in a folder of limited size: the one that nobody used for longest goes first.

A session is two files of one name, its audio and its page. The page comes last and goes first, so
where there is a page, both are whole. Names are fingerprints of all that a session is made from:
what has changed has another name, and what nobody asks for any more makes room by itself.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.files.replacing import move, workshop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAME: Final = re.compile(r"[0-9a-f]{32}")
"""What `fingerprint` returns."""
_RENEW_AFTER_SECONDS: Final = 60.0
"""Use is noted no more often than this: a page that is played asks many times."""


@dataclass(frozen=True)
class Kept:
    """A finished session."""

    audio: Path
    """MP3."""
    page: Path
    """HTML, which refers to its audio by an address of the server."""


class Shelf:
    """The folder of finished sessions; usable from any thread."""

    def __init__(self, folder: Path, *, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes

    def find(self, name: str) -> Kept | None:
        """Return the session of a name, and note that it is used; None where there is none."""
        if not _NAME.fullmatch(name):
            return None
        kept = self._kept(name)
        try:
            unused_seconds = time.time() - kept.page.stat().st_mtime
            if not kept.audio.is_file():
                return None
            if unused_seconds > _RENEW_AFTER_SECONDS:
                os.utime(kept.page)
        except OSError:
            return None
        return kept

    def put(self, name: str, make: Callable[[Kept], None]) -> None:
        """Keep a session, whose files `make` writes; then make room if need be.

        Raises OSError as the file system does; what was there before is then as it was.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no fingerprint")
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self._kept(name)
        with workshop(self.folder) as place:
            made = Kept(place / kept.audio.name, place / kept.page.name)
            make(made)
            move(made.audio, kept.audio)
            move(made.page, kept.page)
        self._make_room(but=name)

    def _kept(self, name: str) -> Kept:
        return Kept(self.folder / f"{name}.mp3", self.folder / f"{name}.html")

    def _make_room(self, *, but: str) -> None:
        """Remove the sessions unused for longest until the rest is small enough; `but` stays."""
        sizes: dict[str, int] = {}
        used: dict[str, float] = {}
        for path in self.folder.iterdir():
            if _NAME.fullmatch(path.stem):
                with suppress(OSError):
                    about = path.stat()
                    sizes[path.stem] = sizes.get(path.stem, 0) + about.st_size
                    used[path.stem] = max(used.get(path.stem, 0.0), about.st_mtime)
        total = sum(sizes.values())
        for name in sorted(sizes.keys() - {but}, key=lambda name: used[name]):
            if total <= self.limit_bytes:
                break
            kept = self._kept(name)
            with suppress(OSError):  # on Windows, what is being read stays until the next time
                kept.page.unlink(missing_ok=True)
                kept.audio.unlink(missing_ok=True)
                total -= sizes[name]
