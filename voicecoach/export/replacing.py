"""A file that is complete or absent, whatever kills the process.

A track is written in a hidden folder beside its target and moved over it when it is complete. The
folder holds everything an encoder makes, and a locked file that says its process is alive; after a
kill or a power cut the lock is gone, and the next export into the same place clears the folder away.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

_PATTERN = ".voicecoach-*.part"
_LOCK = "lock"


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Lend an empty hidden folder inside `folder`; it and all that is in it are removed afterwards."""
    remove_leftovers(folder)
    place, lock = _new_place(folder)
    try:
        yield place
    finally:
        _clear(place, lock)


def _new_place(folder: Path) -> tuple[Path, BinaryIO]:
    """Make a hidden folder and lock it."""
    while True:
        place = folder / _PATTERN.replace("*", secrets.token_hex(4))
        place.mkdir()
        try:
            lock = (place / _LOCK).open("xb")
        except FileNotFoundError:
            # Somebody who clears leftovers away was faster than our lock.
            continue
        except OSError:
            place.rmdir()
            raise
        if _try_lock(lock) and (place / _LOCK).exists():
            return place, lock
        lock.close()


def _try_lock(file: BinaryIO) -> bool:
    """Lock a file as long as this process lives; return whether nobody else holds it."""
    if sys.platform == "win32":
        # An open file cannot be removed there: that is lock enough.
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks. Our own folder is used all the same, and `remove_leftovers`
        # asks separately.
        return True
    return True


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
            lock = (place / _LOCK).open("r+b")
            if _is_dead(lock):
                _clear(place, lock)
            else:
                lock.close()


def _is_dead(lock: BinaryIO) -> bool:
    """Return whether the process that made a lock has ended, as far as can be known."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _clear(place: Path, lock: BinaryIO) -> None:
    """Remove a hidden folder: its files first, the lock last."""
    if sys.platform == "win32":
        lock.close()
        with suppress(OSError):
            # Fails, and so leaves all the rest alone, while another process has it open.
            (place / _LOCK).unlink()
            _remove_files(place)
        return
    with lock:
        _remove_files(place)


def _remove_files(place: Path) -> None:
    """Remove a folder and the files in it."""
    with suppress(OSError):
        for file in sorted(place.iterdir(), key=lambda file: file.name == _LOCK):
            with suppress(OSError):
                file.unlink()
        place.rmdir()


def target_file(path: Path) -> Path:
    """Return the file that a path means: where it is a link, what it leads to."""
    return path.resolve() if path.is_symlink() else path


def checked_target(
    path: Path, *, is_ours: Callable[[Path], bool], force: bool, inputs: Iterable[Path] = ()
) -> Path:
    """Return the file that a path means, through links; raise ExportError where it cannot be written.

    A file that is there and is not ours needs `force`; one of the `inputs` is never replaced.
    """
    try:
        target = target_file(path)
        _check_place(target)
    except (OSError, RuntimeError) as error:  # a name too long, a loop of links, a folder shut
        reason = getattr(error, "strerror", None) or error
        raise ExportError(f"{path}: cannot be written ({reason}); choose another name") from error
    if not target.exists():
        return target
    if any(source.exists() and source.samefile(target) for source in inputs):
        raise ExportError(f"{path}: the session is made from this file; choose another name")
    if not force and not is_ours(target):
        raise ExportError(
            f"{path}: is there already and was not made by voicecoach; "
            "use --force to replace it, or choose another name"
        )
    return target


def _check_place(path: Path) -> None:
    """Refuse a target that cannot be a file here, before any work is done for it."""
    if path.is_dir():
        raise ExportError(f"{path}: is a folder; add a file name, such as {path / 'track.mp3'}")
    if path.exists() and not path.is_file():
        raise ExportError(f"{path}: is not a regular file; choose another name")
    _check_folder_of(path)


def check_folder(folder: Path) -> None:
    """Refuse a folder for several files that cannot be made or written in, before any work is done."""
    _check_is_folder(folder)
    _check_folder_of(folder / "track" if folder.exists() else folder)


def _check_is_folder(folder: Path) -> None:
    """Refuse a file where there should be a folder, or nothing."""
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder}: is not a folder; move it away, or name another with -o")


def _check_folder_of(path: Path) -> None:
    """Refuse a place in a folder that is none, or that is shut."""
    folder = path.parent
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
    """Return the message for a folder that may not be written in."""
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
    """Return whether this is ./audio, the one folder that we make ourselves."""
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


def move(track: Path, target: Path) -> None:
    """Put a complete file in the target's place; there is no moment without one or the other."""
    os.replace(track, target)  # noqa: PTH105  (Path.replace hides that this is the atomic one)
