"""Spoken sentences on disk: shared, healed, bounded."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.files.folders import cache_folder
from voicecoach.sound.clip import Clip, from_pcm16, to_pcm16
from voicecoach.speech.cache import ClipCache, key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def clip(seed: int = 0, frames: int = 1_000) -> Clip:
    """Return some sound of 16 bits."""
    samples = np.random.default_rng(seed).integers(-30_000, 30_000, (frames, 1)).astype(np.int16)
    return Clip(from_pcm16(samples), 24_000)


def same(one: Clip | None, other: Clip) -> bool:
    """Return whether two clips are the same."""
    return (
        one is not None
        and np.array_equal(one.samples, other.samples)
        and one.sample_rate == other.sample_rate
    )


def entry_path(cache: ClipCache) -> Path:
    """Return the only entry's file."""
    (path,) = cache.folder.glob("clips/*/*.wav")
    return path


def test_what_is_put_in_comes_out(cache: ClipCache) -> None:
    """Samples and rate survive; an unknown key is a miss."""
    cache.put(key({"text": "Go."}), clip())
    assert same(cache.get(key({"text": "Go."})), clip())
    assert cache.get(key({"text": "Stop."})) is None


def test_entries_are_ordinary_sound_files(cache: ClipCache) -> None:
    """Anybody can listen to an entry: it is 16-bit mono WAV at its own rate."""
    cache.put(key({"text": "Go."}), clip())
    with wave.open(str(entry_path(cache))) as file:
        assert file.getparams()[:4] == (1, 2, 24_000, 1_000)
        assert file.readframes(1_000) == to_pcm16(clip().samples).tobytes()


@given(st.dictionaries(st.text(max_size=8), st.integers() | st.text(), min_size=1))
def test_everything_in_a_key_counts(parts: dict[str, object]) -> None:
    """The order of the parts does not matter; any change of one does."""
    turned = dict(reversed(parts.items()))
    assert key(parts) == key(turned)
    for name, value in parts.items():
        assert key(parts | {name: f"{value}!"}) != key(parts)


@tries(40)
@given(st.data())
def test_a_damaged_entry_is_a_miss_and_is_healed(cache: ClipCache, data: st.DataObject) -> None:
    """Whatever byte is changed or however the file is cut, its sound is not played."""
    name = key({"text": "Go."})
    cache.put(name, clip())
    path = entry_path(cache)
    whole = path.read_bytes()
    if data.draw(st.booleans()):
        damaged = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        # The rate and the samples are what is heard; a change to the other header fields is not.
        place = data.draw(st.integers(44, len(whole) - 1))
        damaged = whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
    path.write_bytes(damaged)
    found = cache.get(name)
    assert found is None or same(found, clip()) or np.array_equal(found.samples, clip().samples)
    if found is None:
        assert not path.exists()
    cache.put(name, clip())
    assert same(cache.get(name), clip())


WRITER = """
import sys, numpy as np
from voicecoach.speech.cache import ClipCache, key
from voicecoach.sound.clip import Clip
from pathlib import Path
cache = ClipCache(Path(sys.argv[1]))
for turn in range(40):
    for text in range(10):
        name = key({"text": text})
        found = cache.get(name)
        assert found is None or (found.samples * 32_768 == text).all() and len(found.samples) == 20_000
        cache.put(name, Clip(np.full((20_000, 1), text / 32_768, np.float32), 24_000))
"""


def test_two_processes_share_a_folder(cache: ClipCache) -> None:
    """Two processes that write and read the same entries never see half of one."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(cache.folder)], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for writer in writers:
        _, complaint = writer.communicate(timeout=50)
        assert writer.returncode == 0, complaint.decode()
    assert cache.statistics().entries == 10
    assert not list(cache.folder.rglob("*.part"))


def test_the_oldest_entries_go_first(tmp_path: Path) -> None:
    """A full cache loses what nobody has used for longest, and stays under its limit."""
    cache = ClipCache(tmp_path, limit_bytes=50_000)
    names = [key({"text": number}) for number in range(40)]
    for number, name in enumerate(names):
        cache.put(name, clip(number))
        for path in cache.folder.glob(f"clips/{name[:2]}/{name[2:]}.wav"):
            os.utime(path, (1_000_000 + number, 1_000_000 + number))
    kept = [name for name in names if cache.get(name)]
    assert cache.statistics().size_bytes <= 50_000
    assert kept == names[-len(kept) :]
    assert len(kept) > 15


def test_use_renews_an_entry(cache: ClipCache) -> None:
    """An old entry that is used counts as new."""
    name = key({"text": "Go."})
    cache.put(name, clip())
    os.utime(entry_path(cache), (1_000_000, 1_000_000))
    cache.get(name)
    assert time.time() - entry_path(cache).stat().st_mtime < 60


def test_clearing_takes_only_what_is_ours(cache: ClipCache) -> None:
    """`clear` says how many sentences went, and leaves other files in the folder alone."""
    for number in range(5):
        cache.put(key({"text": number}), clip(number))
    cache.keep_note("voices", ["x"])
    (cache.folder / "notes.txt").write_text("mine")
    (cache.folder / "clips" / "mine.wav").write_text("mine")
    assert cache.clear() == 5
    assert cache.statistics().entries == 0
    assert cache.note("voices", 60.0) is None
    assert sorted(path.name for path in cache.folder.rglob("*.*")) == ["mine.wav", "notes.txt"]
    assert cache.clear() == 0


@pytest.fixture
def half_written(cache: ClipCache) -> list[Path]:
    """Leave what processes leave that are killed while they write, a moment ago."""
    paths = [cache.folder / "clips" / "00" / ".1.part", cache.folder / "notes" / ".2.part"]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
    return paths


def test_the_next_process_that_writes_takes_what_was_left_half_written(
    cache: ClipCache, half_written: list[Path]
) -> None:
    """Files that nobody will finish go with the first file that is kept, be it as small as a note."""
    assert cache.get(key({"text": "Go."})) is None
    assert all(path.exists() for path in half_written)
    cache.put(key({"text": "Go."}), clip())
    assert not any(path.exists() for path in half_written)
    half_written[0].write_bytes(b"half")
    ClipCache(cache.folder).keep_note("voices", [])
    assert not half_written[0].exists()
    assert same(cache.get(key({"text": "Go."})), clip())


def test_clearing_takes_what_was_left_half_written(
    cache: ClipCache, half_written: list[Path]
) -> None:
    """`clear` leaves no empty folders because of them."""
    assert cache.clear() == 0
    assert not any(path.exists() for path in half_written)
    assert list(cache.folder.iterdir()) == []


def test_what_is_being_written_now_stays(cache: ClipCache) -> None:
    """Another process that writes at the same time is not disturbed."""
    fcntl = pytest.importorskip("fcntl")
    note = cache.folder / "notes" / ".now.part"
    note.parent.mkdir(parents=True)
    with note.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        cache.keep_note("voices", [])
        cache.clear()
        assert note.exists()
    ClipCache(cache.folder).keep_note("voices", [])
    assert not note.exists()


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """A read-only home makes speech slower, not impossible."""
    (tmp_path / "file").write_text("in the way")
    cache = ClipCache(tmp_path / "file" / "cache")
    cache.put(key({"text": "Go."}), clip())
    cache.keep_note("voices", [])
    assert cache.get(key({"text": "Go."})) is None
    assert cache.statistics().entries == 0


def test_notes_grow_old(cache: ClipCache) -> None:
    """A note is kept for as long as the reader trusts it, and a broken one is none."""
    cache.keep_note("voices", {"a": 1})
    assert cache.note("voices", 60.0) == {"a": 1}
    assert cache.note("voices", -1.0) is None
    (cache.folder / "notes" / "voices.json").write_text("{")
    assert cache.note("voices", 60.0) is None


def test_many_threads_may_use_it(cache: ClipCache) -> None:
    """Threads that put and get at once lose nothing."""

    def work(start: int) -> None:
        for number in range(start, start + 25):
            cache.put(key({"text": number}), clip(number))
            assert same(cache.get(key({"text": number})), clip(number))

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(cache.get(key({"text": number})), clip(number)) for number in range(55))


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """VOICECOACH_CACHE names the folder; without it the system's own place is taken."""
    monkeypatch.setenv("VOICECOACH_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("VOICECOACH_CACHE")
    assert cache_folder().name == "voicecoach"


@pytest.mark.parametrize("clear_up", [ClipCache._remove_abandoned, ClipCache.clear])
def test_who_clears_up_takes_no_entry_from_who_begins(
    cache: ClipCache, monkeypatch: pytest.MonkeyPatch, clear_up: Callable[[ClipCache], object]
) -> None:
    """Another process may clear up in the very moment in which a file has been made."""
    make = tempfile.mkstemp
    begun = []

    def then_clear_up(**how: object) -> object:
        made = make(**how)  # type: ignore[call-overload]
        if not begun:
            clear_up(ClipCache(cache.folder))
        begun.append(made)
        return made

    monkeypatch.setattr(tempfile, "mkstemp", then_clear_up)
    cache.put(key({"text": "Go."}), clip())
    assert same(cache.get(key({"text": "Go."})), clip())
    assert not list(cache.folder.rglob("*.part"))
