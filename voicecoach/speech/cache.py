"""Spoken sentences on disk: what an engine once said is not said again.

An entry is a WAV file, named by a hash of everything that changes its sound, with a chunk of our
own after the samples, their checksum. It holds the clip as it is played, trimmed and levelled.
Several processes may share the folder: entries appear whole or not at all, and one that cannot be
read is replaced.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import threading
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from voicecoach.files.atomic import write_atomically
from voicecoach.files.folders import cache_folder
from voicecoach.files.locking import lock
from voicecoach.sound.clip import Clip, from_pcm16, to_pcm16

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


SCHEMA = 2
"""Part of every key; raise it when entries are laid out differently."""

DEFAULT_LIMIT_BYTES = 200_000_000
"""About an hour of distinct sentences; a routine needs 3 to 8 MB."""

# Pruning goes a little further than it must, so that it is not needed again for the next entry.
_KEEP_AFTER_PRUNING = 0.9

# The folder is measured again after this many new entries: other processes write into it too.
_RECOUNT_AFTER_ENTRIES = 64

# Hits renew an entry's date, but not more often than this: writing for every read wears disks out.
_RENEW_AFTER_SECONDS = 86_400.0

_RIFF = struct.Struct("<4sI4s4sIHHIIHH4sI")
_CHUNK = struct.Struct("<4sI")
_OWN_CHUNK = b"vcsp"
_CLIPS = "clips"
_NOTES = "notes"


def key(parts: Mapping[str, Any]) -> str:
    """Return the name of the entry for everything that changes a sound."""
    text = json.dumps(
        {"schema": SCHEMA, **parts}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class CacheStatistics:
    """What is in the cache."""

    folder: Path
    entries: int
    size_bytes: int
    limit_bytes: int
    """The oldest entries go when there is more than this."""


class ClipCache:
    """The folder of spoken sentences; usable from any thread, shared by any number of processes."""

    def __init__(
        self, folder: Path | None = None, *, limit_bytes: int = DEFAULT_LIMIT_BYTES
    ) -> None:
        self.folder = folder or cache_folder()
        self.limit_bytes = limit_bytes
        self._clearing = threading.Lock()
        self._is_cleared = False
        self._counting = threading.Lock()
        self._size_bytes: int | None = None
        self._entries_since_count = 0

    def get(self, entry_key: str) -> Clip | None:
        """Return the clip of that key; None where there is none that can be read."""
        path = self._path(entry_key)
        try:
            clip = _parse(path.read_bytes())
        except OSError:
            return None
        except (ValueError, struct.error, KeyError, TypeError):
            # Left behind by a full or faulty disk; the next `put` replaces it.
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _RENEW_AFTER_SECONDS:
                os.utime(path)
        return clip

    def put(self, entry_key: str, clip: Clip) -> bool:
        """Keep the speech; return False if the cache cannot be written, which is no error."""
        entry = _format(clip)
        try:
            self._write(self._path(entry_key), entry)
        except OSError:
            return False
        with contextlib.suppress(OSError):
            self._count(len(entry))
        return True

    def note(self, note_key: str, not_older_than_seconds: float) -> Any:
        """Return a small thing that was noted; None if it was not, or too long ago."""
        path = self.folder / _NOTES / f"{note_key}.json"
        try:
            if time.time() - path.stat().st_mtime > not_older_than_seconds:
                return None
            return json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None

    def keep_note(self, note_key: str, value: Any) -> None:
        """Note a small thing that takes long to find out."""
        with contextlib.suppress(OSError):
            self._write(self.folder / _NOTES / f"{note_key}.json", json.dumps(value).encode())

    def statistics(self) -> CacheStatistics:
        """Measure the cache."""
        sizes = [size for _, size, _ in self._entries()]
        return CacheStatistics(self.folder, len(sizes), sum(sizes), self.limit_bytes)

    def clear(self) -> int:
        """Remove all entries and return how many; files of others in the folder stay."""
        removed = 0
        for path, _, _ in list(self._entries()):
            with contextlib.suppress(OSError):
                path.unlink()
                removed += 1
        for path in (self.folder / _NOTES).glob("*.json"):
            with contextlib.suppress(OSError):
                path.unlink()
        self._remove_abandoned()
        # Folders go where nothing is left in them.
        clips, notes = self.folder / _CLIPS, self.folder / _NOTES
        for folder in (*clips.glob("??"), clips, notes):
            with contextlib.suppress(OSError):
                folder.rmdir()
        with self._counting:
            self._size_bytes = None
        return removed

    def _path(self, entry_key: str) -> Path:
        """Return the place of an entry; two levels, for file systems that dislike full folders."""
        return self.folder / _CLIPS / entry_key[:2] / f"{entry_key[2:]}.wav"

    def _entries(self) -> Iterator[tuple[Path, int, float]]:
        for path in (self.folder / _CLIPS).glob("??/*.wav"):
            with contextlib.suppress(OSError):
                status = path.stat()
                yield path, status.st_size, status.st_mtime

    def _remove_abandoned(self) -> None:
        """Remove the half-written files of processes that were killed."""
        for pattern in (f"{_CLIPS}/??/.*.part", f"{_NOTES}/.*.part"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):
                    with path.open("r+b") as stream:
                        is_abandoned = lock(stream, if_unknown=False)
                    if is_abandoned:
                        path.unlink()

    def _write(self, path: Path, content: bytes) -> None:
        """Write a file that other processes see whole or not at all."""
        with self._clearing:
            # Nothing is being written here yet. A process that was killed over a file left its clip
            # to be made again, so this is soon enough.
            if not self._is_cleared:
                self._remove_abandoned()
                self._is_cleared = True
        try:
            self._write_once(path, content)
        except FileNotFoundError:
            # Another process was clearing up, and took the file before it was locked.
            self._write_once(path, content)

    @staticmethod
    def _write_once(path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made again where a power cut spoils it: `get` looks at its checksum.
        write_atomically(path, content, prepare=lock, durable=False).close()

    def _count(self, added_bytes: int) -> None:
        """Keep the cache under its limit; the entries unused for longest go first."""
        with self._counting:
            self._entries_since_count += 1
            if self._size_bytes is None or self._entries_since_count >= _RECOUNT_AFTER_ENTRIES:
                self._size_bytes = sum(size for _, size, _ in self._entries())
                self._entries_since_count = 0
            else:
                self._size_bytes += added_bytes
            if self._size_bytes <= self.limit_bytes:
                return
            entries = sorted(self._entries(), key=lambda entry: entry[2])
            size_bytes = sum(size for _, size, _ in entries)
            for path, size, _ in entries:
                if size_bytes <= self.limit_bytes * _KEEP_AFTER_PRUNING:
                    break
                with contextlib.suppress(OSError):
                    path.unlink()
                    size_bytes -= size
            self._size_bytes = size_bytes


def _format(clip: Clip) -> bytes:
    samples = to_pcm16(clip.samples).tobytes()
    own = json.dumps({"checksum": zlib.crc32(samples)}).encode()
    own += b" " * (len(own) % 2)
    rate, frame_bytes = clip.sample_rate, 2 * clip.channels
    size = _RIFF.size - 8 + len(samples) + _CHUNK.size + len(own)
    layout = (16, 1, clip.channels, rate, rate * frame_bytes, frame_bytes, 16)
    head = _RIFF.pack(b"RIFF", size, b"WAVE", b"fmt ", *layout, b"data", len(samples))
    return head + samples + _CHUNK.pack(_OWN_CHUNK, len(own)) + own


def _parse(entry: bytes) -> Clip:
    """Return the clip in an entry; raises ValueError or the like where it is not whole."""
    fields = _RIFF.unpack_from(entry)
    channels, sample_rate, length = fields[6], fields[7], fields[12]
    samples = entry[_RIFF.size : _RIFF.size + length]
    name, own_length = _CHUNK.unpack_from(entry, _RIFF.size + length)
    own_start = _RIFF.size + length + _CHUNK.size
    own_bytes = entry[own_start : own_start + own_length]
    if name != _OWN_CHUNK or len(own_bytes) != own_length or sample_rate < 1:
        raise ValueError("not an entry of ours")
    if zlib.crc32(samples) != json.loads(own_bytes)["checksum"]:
        raise ValueError("the samples have changed")
    return Clip(from_pcm16(np.frombuffer(samples, "<i2").reshape(-1, channels)), sample_rate)
