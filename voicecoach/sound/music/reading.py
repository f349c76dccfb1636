"""A music file of any kind and length into samples that lie on the disk, not in memory.

An hour of music is 640 MB: it is decoded piece by piece into a file of ours, which is gone with the
session. WAV is read here; anything else goes through ffmpeg.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import SoundError
from voicecoach.files.folders import cache_folder
from voicecoach.sound.clip import WavReader, resample, to_pcm16, with_channels
from voicecoach.sound.music.our_beds import CHANNELS, SAMPLE_RATE
from voicecoach.sound.pydub_gate import decode_pcm16

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from numpy.typing import NDArray

SHORTEST_SECONDS = 1.0
"""What is shorter is a sound, not music."""

LONGEST_SECONDS = 3 * 3600
"""What comes later in a file is not heard; such a session does not exist."""

_FRAME_BYTES = 2 * CHANNELS
_PIECE_SECONDS = 10


def read_music(path: Path) -> NDArray[np.int16]:
    """Return the sound of a file at the rate of all music, shape (frames, 2), read from the disk.

    Raises SoundError where it is not here, cannot be read, or is shorter than a second.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        raise SoundError(f"{path}: cannot be read: {error.strerror}") from error
    remove_left_behind()
    if path.suffix.lower() == ".wav":
        pieces = _wav_pieces(path)
    else:
        pieces = decode_pcm16(path, SAMPLE_RATE, CHANNELS, longest_seconds=LONGEST_SECONDS)
    folder = _folder()
    try:
        with _own_file(folder) as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            frames = file.tell() // _FRAME_BYTES
            if frames < SHORTEST_SECONDS * SAMPLE_RATE:
                raise SoundError(
                    f"{path}: lasts {frames / SAMPLE_RATE:.1f} s; music lasts a second or more"
                )
            return np.memmap(file, np.int16, "r", shape=(frames, CHANNELS))
    except OSError as error:
        room = "make room there, or " if error.errno == errno.ENOSPC else ""
        raise SoundError(
            f"{path}: cannot be decoded into {folder}: {error.strerror or error}; "
            f"{room}name another folder with VOICECOACH_CACHE"
        ) from error


def _wav_pieces(path: Path) -> Iterator[bytes]:
    """Yield a WAV file in pieces that are the same as if all were resampled at once."""
    with path.open("rb") as file:
        wav = WavReader(file, str(path))
        divisor = math.gcd(wav.sample_rate, SAMPLE_RATE)
        up, down = SAMPLE_RATE // divisor, wav.sample_rate // divisor
        # A piece begins where a frame of the one lies on a frame of the other, and has as much of
        # its neighbours around it as resampling looks at.
        step = down * math.ceil(_PIECE_SECONDS * wav.sample_rate / down)
        around = down * math.ceil(64 * max(1.0, down / up) / down)
        length_frames = min(wav.length_frames, LONGEST_SECONDS * wav.sample_rate)
        for first in range(0, length_frames, step):
            after = min(first + step, length_frames)
            begin, end = max(0, first - around), min(length_frames, after + around)
            clip = resample(with_channels(wav.clip(begin, end), CHANNELS), SAMPLE_RATE)
            start = (first - begin) // down * up
            kept = clip.samples[start : start + -(-(after - first) * up // down)]
            yield to_pcm16(kept).tobytes()


# Files of our own
#
# On POSIX a file that is open needs no name: it loses it at once, and its space comes back when the
# process ends, however it ends. On Windows it stays until the next session with music: what is in
# use cannot be removed there. So nothing is ever opened by its name again, and any process may
# remove a file of such a name.

_PREFIX, _SUFFIX = ".voicecoach-music-", ".pcm"


def _folder() -> Path:
    """Return the folder for decoded music: the cache, which is on a disk, or a temporary one."""
    try:
        folder = cache_folder() / "music"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return Path(tempfile.gettempdir())
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())


@contextlib.contextmanager
def _own_file(folder: Path) -> Iterator[BinaryIO]:
    """Lend an empty file that is gone when nobody reads it any more."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX, suffix=_SUFFIX)
    try:
        with os.fdopen(handle, "w+b") as file:
            _remove(Path(name))
            yield file
    finally:
        # On Windows only now, where it has not been mapped.
        _remove(Path(name))


def remove_left_behind() -> None:
    """Remove files that are not in use: a killed process leaves them, and on Windows any."""
    for path in _folder().glob(f"{_PREFIX}*{_SUFFIX}"):
        _remove(path)


def _remove(path: Path) -> None:
    """Remove a file, unless it is gone or, on Windows, in use."""
    with contextlib.suppress(OSError):
        path.unlink()
