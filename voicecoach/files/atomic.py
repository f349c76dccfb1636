"""Writes a file that is there whole or not at all, whatever stops the work: bytes become a file.

It is written beside its target, brought to the disk and moved over it, so there is always the old
one or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO


def write_atomically(
    path: Path,
    content: bytes,
    *,
    prepare: Callable[[BinaryIO], object] = lambda _: None,
    durable: bool = True,
) -> BinaryIO:
    """Write a file in a folder that is there; return it open, and on Windows closed.

    `prepare` gets the file while it is empty and has another name. A file that was there is as it
    was where OSError is raised. Unless `durable`, a power cut may leave a file that is not whole.
    """
    with _beside(path) as (stream, temporary):
        prepare(stream)
        stream.write(content)
        stream.flush()
        if durable:
            bring_to_disk(stream.fileno())
        if sys.platform == "win32":
            stream.close()
        temporary.replace(path)
    if durable:
        _bring_name_to_disk(path.parent)
    return stream


def with_modes_of(path: Path) -> Callable[[BinaryIO], None]:
    """Return a `prepare` that gives a new file the modes of the one that it replaces, if any."""

    def prepare(stream: BinaryIO) -> None:
        if sys.platform != "win32" and path.exists():
            os.fchmod(stream.fileno(), path.stat().st_mode & 0o7777)

    return prepare


def write_new(path: Path, content: bytes) -> None:
    """Write a file where there is none, whole or not at all.

    Raises FileExistsError where there is one, which stays as it is, and other errors of the system.
    """
    with _beside(path) as (stream, temporary), stream:
        stream.write(content)
        stream.flush()
        bring_to_disk(stream.fileno())
        if sys.platform != "win32":
            temporary.chmod(0o666 & ~_umask())
        _name_it(stream, temporary, path)
    _bring_name_to_disk(path.parent)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Lend an empty file beside `path`; where the work fails, it is closed and removed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    stream, temporary = os.fdopen(handle, "wb"), Path(name)
    try:
        yield stream, temporary
    except BaseException:
        with contextlib.suppress(OSError):  # on a full disk, closing fails too
            stream.close()
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _name_it(stream: BinaryIO, temporary: Path, path: Path) -> None:
    """Give a file its name, unless another one has it."""
    if sys.platform == "win32":
        stream.close()
        temporary.rename(path)  # which refuses there what is there
        return
    try:
        path.hardlink_to(temporary)
        temporary.unlink()
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists() or path.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.replace(path)


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def bring_to_disk(handle: int) -> None:
    """Flush a file to the disk: afterwards, its content outlives a power cut."""
    if sys.platform == "darwin":
        import fcntl

        # There, fsync leaves it in the memory of the disk, which a power cut empties.
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def _bring_name_to_disk(folder: Path) -> None:
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):  # some file systems have no such thing
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
