"""A name or a file becomes the music bed of a session.

    bed = open_bed("waves", gain_db=-3.0)

Our own beds are made by code, in about a second; a file may be of any kind that ffmpeg reads. It is
read and measured once for all sessions that have it at the same time.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from voicecoach.errors import SoundError, SoundNotFoundError
from voicecoach.messages import choose_from
from voicecoach.sound.music.bed import CROSS_FADE_SECONDS, Bed
from voicecoach.sound.music.our_beds import BEDS
from voicecoach.sound.music.reading import read_music

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def music_file(name_or_path: str) -> Path | None:
    """Return the file that is meant; None for a bed of ours.

    Raises SoundNotFoundError for a name that is neither, and SoundError for a missing file.
    """
    if name_or_path in BEDS:
        return None
    path = Path(name_or_path)
    with suppress(OSError):  # a name that is too long
        if path.is_file():
            return path
    if path.suffix or {"/", os.sep, os.altsep} & set(name_or_path):
        raise SoundError(
            f"{path}: there is no such music file; name another, or one of ours "
            f"({', '.join(BEDS)}), or none"
        )
    raise SoundNotFoundError(
        f"no music {choose_from(name_or_path, list(BEDS))}; or name a file, such as calm.mp3"
    )


def lasting_name(name_or_path: str) -> str:
    """Return a name or an absolute path for the same music; raises as `music_file` does."""
    path = music_file(name_or_path)
    return name_or_path if path is None else str(path.resolve())


def open_bed(name_or_path: str, gain_db: float = 0.0) -> Bed:
    """Return the bed of a name (see BEDS) or of a music file; one for all who use it at a time.

    `gain_db` (-30 to 12) is on top of the level of a bed. Raises SoundNotFoundError or SoundError
    if it is missing, unreadable, silent, or shorter than a second. Usable from any thread.
    """
    path = music_file(name_or_path)
    kind: tuple[object, ...] = (name_or_path, gain_db)
    if path is not None:
        status = path.stat()
        kind = (*kind, path.resolve(), status.st_mtime_ns, status.st_size)
    with _opening:
        bed = _open_beds.get(kind)
        if bed is None:
            samples = _our_bed(name_or_path) if path is None else read_music(path)
            seam_seconds = 0.0 if path is None else CROSS_FADE_SECONDS
            name = name_or_path if path is None else str(path)
            bed = Bed(samples, name, gain_db=gain_db, cross_fade_seconds=seam_seconds)
            _open_beds[kind] = bed
        return bed


_opening = threading.Lock()
_open_beds: WeakValueDictionary[tuple[object, ...], Bed] = WeakValueDictionary()


@lru_cache(maxsize=1)
def _our_bed(name: str) -> NDArray[np.int16]:
    """Return the loop of one of our beds; several routines in a row have the same."""
    loop = BEDS[name]()
    loop.setflags(write=False)
    return loop
