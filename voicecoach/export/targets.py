"""Where tracks and the files beside them may be put, and the folders that are made for them."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError
from voicecoach.files.replacing import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ExportedFile(FileKind):
    """A kind of file that an export makes; it may be put into ./audio before that is there."""

    def __init__(self, is_ours: Callable[[Path], bool]) -> None:
        super().__init__("the session", is_ours)

    def _explained(self, error: OSError, path: Path) -> ExportError:
        return explained(error, path)

    def _unusable(self, reason: str, path: Path) -> ExportError:
        return ExportError(f"{path}: cannot be written ({reason}); choose another name")

    def _other_than_folder(self, path: Path) -> str:
        return f"add a file name, such as {path / 'track.mp3'}"

    def _check_folder(self, path: Path, folder: Path) -> None:
        _check_folder_of(path, folder)


def check_folder(folder: Path) -> None:
    """Refuse a folder for several files that cannot be made or written in, before any work."""
    _check_is_folder(folder)
    path = folder / "track" if folder.exists() else folder
    _check_folder_of(path, path.parent)


def _check_is_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder}: is not a folder; move it away, or name another with -o")


def _check_folder_of(path: Path, folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{path}: {folder} is not a folder; choose another place")
    if not folder.exists() and not _is_audio_folder(folder):
        raise ExportError(
            f"{path}: the folder {folder} does not exist; make it first (mkdir {folder}), "
            "or choose another place"
        )
    standing = folder if folder.exists() else folder.parent
    if not os.access(standing, os.W_OK | os.X_OK):
        raise ExportError(_unwritable(path, standing, os.strerror(errno.EACCES)))


def _unwritable(path: Path, folder: Path, reason: str) -> str:
    return f"{path}: nothing may be written in {folder} ({reason}); choose another place with -o"


def explained(error: OSError, path: Path) -> ExportError:
    """Return an error of the file system in words that say what to do."""
    folder = path.parent
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ExportError(
            f"{path}: there is no room left in {folder} ({error.strerror}); "
            "make room, or choose another place with -o"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ExportError(_unwritable(path, folder, error.strerror or str(error)))
    return ExportError(f"{path}: could not be written: {error.strerror or error}")


def _is_audio_folder(folder: Path) -> bool:
    """Return True for ./audio, the one folder that we make ourselves."""
    return folder.resolve() == Path.cwd().resolve() / "audio"


@contextmanager
def folder_made(folder: Path) -> Iterator[None]:
    """Make sure that a folder is there, with all above it.

    Those that were made here and are empty in the end go away again.
    """
    _check_is_folder(folder)
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explained(error, folder) from error
        yield
    finally:
        with suppress(OSError):
            for each in missing:
                each.rmdir()
