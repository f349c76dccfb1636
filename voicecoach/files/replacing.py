"""A file that somebody asked for, complete or absent, whatever kills the process.

It is written in a hidden folder beside its target and moved over it when it is complete. The folder
holds all that is made on the way, and a locked file that says its process is alive; after a kill or
a power cut the lock is gone, and the next file written into the same place clears the folder away.
Somebody else's file only gives way where that is asked for.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError
from voicecoach.files.locking import lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

MARK = "Made by voicecoach"
"""Is in every caption file that is ours; one that carries it may be replaced."""

_PATTERN = ".voicecoach-*.part"
_LOCK = "lock"


class FileKind:
    """A kind of file that somebody asks for, such as a sheet: where it may be, how it is written.

    A subclass with rules or words of its own replaces methods that begin with an underscore.
    """

    def __init__(self, content: str, is_ours: Callable[[Path], bool]) -> None:
        """`content` is the word of messages: `the sheet`. `is_ours` looks for our mark in a file.

        A new file may take the place of one that carries the mark unasked.
        """
        self._content = content
        self._is_ours = is_ours

    def target(self, path: Path, *, force: bool, inputs: Iterable[Path] = ()) -> Path:
        """Return the file that a path means, through links; raise ExportError where none can be.

        A file that is there and is not ours needs `force`; one of the `inputs` is never replaced.
        """
        try:
            target = path.resolve() if path.is_symlink() else path
            self._check_place(path, target)
            if not target.exists():
                return target
            if any(source.exists() and source.samefile(target) for source in inputs):
                raise ExportError(
                    f"{path}: {self._content} is made from this file; choose another name"
                )
            if not force and not self._is_ours(target):
                raise ExportError(
                    f"{path}: is there already and was not made by voicecoach; "
                    "use --force to replace it, or choose another name"
                )
        except (OSError, RuntimeError) as error:  # a name too long, a loop of links, a folder shut
            reason = getattr(error, "strerror", None) or str(error)
            raise self._unusable(reason, path) from error
        return target

    def write(
        self, path: Path, content: bytes, *, force: bool, inputs: Iterable[Path] = ()
    ) -> bool:
        """Put a whole file where a path means; return False if the same file is there already.

        Raises ExportError as `target` does, and where the writing fails; the old file then stays.
        """
        target = self.target(path, force=force, inputs=inputs)
        try:
            if target.exists() and target.read_bytes() == content:
                return False
            with workshop(target.parent) as folder:
                written = folder / "whole"
                written.write_bytes(content)
                move(written, target)
        except OSError as error:
            raise self._explained(error, path) from error
        return True

    def _explained(self, error: OSError, path: Path) -> ExportError:
        """Return the error for a write that the file system refuses."""
        return self._unusable(error.strerror or str(error), path)

    def _unusable(self, reason: str, path: Path) -> ExportError:
        """Return the error for a path that the file system cannot use."""
        return ExportError(f"{path}: could not be written ({reason}); choose another name or place")

    def _check_place(self, path: Path, target: Path) -> None:
        """Refuse a target that cannot be a file, before any work is done for it."""
        if target.is_dir():
            raise ExportError(f"{path}: is a folder; {self._other_than_folder(path)}")
        if target.exists() and not target.is_file():
            raise ExportError(f"{path}: is not a regular file; choose another name")
        self._check_folder(path, target.parent)

    def _other_than_folder(self, path: Path) -> str:  # noqa: ARG002  (for subclasses)
        return "choose another name"

    def _check_folder(self, path: Path, folder: Path) -> None:
        if not folder.is_dir():
            raise ExportError(
                f"{path}: there is no folder {folder}; make it first (mkdir {folder}), "
                "or choose another place"
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ExportError(f"{path}: nothing may be written in {folder}; choose another place")


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Lend an empty hidden folder inside `folder`, which is removed with all that is in it."""
    remove_leftovers(folder)
    place, file = _new_place(folder)
    try:
        yield place
    finally:
        _clear(place, file)


def _new_place(folder: Path) -> tuple[Path, BinaryIO]:
    while True:
        place = folder / _PATTERN.replace("*", secrets.token_hex(4))
        place.mkdir()
        try:
            file = (place / _LOCK).open("xb")
        except FileNotFoundError:
            continue  # somebody who clears leftovers away was faster than our lock
        except OSError:
            place.rmdir()
            raise
        if lock(file) and (place / _LOCK).exists():
            return place, file
        file.close()


def remove_leftovers(folder: Path) -> None:
    """Clear away what dead runs left here; what cannot be cleared is left, and is no error."""
    for place in folder.glob(_PATTERN):
        with suppress(OSError):
            if place.is_symlink():
                continue
            if not (place / _LOCK).exists():
                # Killed before its lock was made, so it is empty; or somebody else's, and stays.
                place.rmdir()
                continue
            file = (place / _LOCK).open("r+b")
            if lock(file, if_unknown=False):  # its process has ended
                _clear(place, file)
            else:
                file.close()


def _clear(place: Path, file: BinaryIO) -> None:
    """Remove a hidden folder: its files first, the lock last."""
    if sys.platform == "win32":
        file.close()
        with suppress(OSError):
            # Fails, and so leaves all the rest alone, while another process has it open.
            (place / _LOCK).unlink()
            _remove_files(place)
        return
    with file:
        _remove_files(place)


def _remove_files(place: Path) -> None:
    with suppress(OSError):
        for file in sorted(place.iterdir(), key=lambda file: file.name == _LOCK):
            with suppress(OSError):
                file.unlink()
        place.rmdir()


def move(written: Path, target: Path) -> None:
    """Put a complete file in the target's place; there is no moment without one or the other."""
    os.replace(written, target)  # noqa: PTH105  (Path.replace hides that this is the atomic one)
