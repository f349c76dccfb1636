"""Files that somebody edits: however an editor saves, a change counts once they are whole.

We look at the files ourselves, some times a second. There are a handful, so a look costs
microseconds. A system (and with it watchfiles) reports neither what another computer changes on a
network drive nor a file that was moved over the one it watched.
"""

from __future__ import annotations

import stat
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

LOOK_SECONDS: Final = 0.15
"""From one look to the next."""
SETTLED_SECONDS: Final = 0.1
"""Files have to stay unchanged for this long before they are read."""
GONE_SECONDS: Final = 1.0
"""The same if one is gone or empty: some editors remove a file before they write it."""

MOST_BYTES: Final = 2_000_000
"""No file of ours is larger."""

_Looks = tuple[int, int, int, int]


class Watch:
    """Detects whether files have other contents than at the last change that it reported."""

    def __init__(
        self, files: Callable[[], Iterable[Path]], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Ask `files` at every look: files may come and go. `now` is a clock in seconds."""
        self._files = files
        self._now = now
        self._looks = self._look()
        self._contents = self._read()
        self._moved_at: float | None = None
        """The last time that the files looked otherwise; None if read since."""

    def has_changed(self) -> bool:
        """Look once; return True if a change is complete."""
        looks, now = self._look(), self._now()
        if looks != self._looks:
            self._looks, self._moved_at = looks, now
            return False
        if self._moved_at is None:
            return False
        is_gone = any(looks.get(path) is None for path in self._contents)
        is_empty = any(look is not None and look[0] == 0 for look in looks.values())
        if now - self._moved_at < (GONE_SECONDS if is_gone or is_empty else SETTLED_SECONDS):
            return False
        self._moved_at = None
        before, self._contents = self._contents, self._read()
        return self._contents != before

    def wait(self) -> None:
        """Block until a change is complete."""
        while not self.has_changed():
            time.sleep(LOOK_SECONDS)

    def _look(self) -> dict[Path, _Looks | None]:
        """Return each file's size, date and number; None for one that is not there."""
        looks: dict[Path, _Looks | None] = {}
        for path in self._files():
            looks[path] = None
            with suppress(OSError):
                seen = path.stat()
                if stat.S_ISREG(seen.st_mode):
                    looks[path] = (seen.st_size, seen.st_mtime_ns, seen.st_ino, seen.st_ctime_ns)
        return looks

    def _read(self) -> dict[Path, bytes]:
        contents = {}
        for path, look in self._looks.items():
            if look is not None:
                with suppress(OSError), path.open("rb") as file:
                    contents[path] = file.read(MOST_BYTES)
        return contents


class Watcher:
    """Watches on a thread of its own while it is entered."""

    def __init__(self, watch: Watch, on_change: Callable[[], None]) -> None:
        """Call `on_change` on that thread."""
        self._watch = watch
        self._on_change = on_change
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._leaving.wait(LOOK_SECONDS):
            if self._watch.has_changed():
                self._on_change()
