"""Saves are noticed, however an editor saves, once each, and never a half of one."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from voicecoach.authoring.watching import GONE_SECONDS, LOOK_SECONDS, Watch, Watcher
from voicecoach.library.extending import files_of
from voicecoach.library.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Clock:
    """A clock that stands until it is moved."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


def looks_until_changed(watch: Watch, clock: Clock, *, seconds: float = 3.0) -> float:
    """Return after how long a change is told; -1 where none is."""
    began = clock.seconds
    while clock.seconds < began + seconds:
        if watch.has_changed():
            return clock.seconds - began
        clock.seconds += LOOK_SECONDS
    return -1.0


def in_place(path: Path, text: str) -> None:
    """Save as simple editors do."""
    path.write_text(text, "utf-8")


def by_rename(path: Path, text: str) -> None:
    """Save as vim and most others do: a new file takes the name."""
    new = path.with_name(f"{path.name}~new")
    new.write_text(text, "utf-8")
    new.replace(path)


def by_removal(path: Path, text: str) -> None:
    """Save as some do: the old file goes, then the new one is written."""
    path.unlink()
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("save", [in_place, by_rename, by_removal])
def test_a_save_is_told_once(save: Callable[[Path, str], None], tmp_path: Path) -> None:
    """Within half a second, and then there is quiet."""
    path, clock = tmp_path / "routine.toml", Clock()
    path.write_text("one", "utf-8")
    watch = Watch(lambda: [path], now=clock)
    assert looks_until_changed(watch, clock) == -1.0
    save(path, "two")
    assert 0 <= looks_until_changed(watch, clock) < 0.5
    assert looks_until_changed(watch, clock) == -1.0
    save(path, "thr")  # as long as before
    assert 0 <= looks_until_changed(watch, clock) < 0.5


def test_a_save_of_the_same_is_none(tmp_path: Path) -> None:
    """Whoever saves without a change hears nothing anew."""
    path, clock = tmp_path / "routine.toml", Clock()
    path.write_text("one", "utf-8")
    watch = Watch(lambda: [path], now=clock)
    by_rename(path, "one")
    assert looks_until_changed(watch, clock) == -1.0


def test_half_a_file_is_not_told(tmp_path: Path) -> None:
    """A file that is emptied, then written in pieces, is told when the last piece is there."""
    path, clock = tmp_path / "routine.toml", Clock()
    path.write_text("one two", "utf-8")
    watch = Watch(lambda: [path], now=clock)
    path.write_text("", "utf-8")
    for text in ("", "th", "three", "three f"):
        if text:
            path.write_text(text, "utf-8")
        assert not watch.has_changed()
        clock.seconds += LOOK_SECONDS
    path.write_text("three four", "utf-8")
    assert 0 <= looks_until_changed(watch, clock) < 0.5


def test_a_file_that_is_gone_is_told_after_a_while_and_so_is_its_return(tmp_path: Path) -> None:
    """It may be only on its way to being saved."""
    path, clock = tmp_path / "routine.toml", Clock()
    path.write_text("one", "utf-8")
    watch = Watch(lambda: [path], now=clock)
    path.unlink()
    assert GONE_SECONDS <= looks_until_changed(watch, clock) < GONE_SECONDS + 0.5
    path.write_text("one", "utf-8")
    assert 0 <= looks_until_changed(watch, clock) < 0.5


def test_what_is_no_plain_file_is_never_read(tmp_path: Path) -> None:
    """A pipe would let the watch wait for ever."""
    path, clock = tmp_path / "routine.toml", Clock()
    os.mkfifo(path)
    watch = Watch(lambda: [path], now=clock)
    assert looks_until_changed(watch, clock) == -1.0


def test_shared_files_and_the_lexicon_belong_to_a_routine(tmp_path: Path) -> None:
    """A new one is noticed as a changed one is; other files in the folder are none of it."""
    scripts = tmp_path / "scripts"
    (scripts / "shared").mkdir(parents=True)
    path, clock = scripts / "routine.toml", Clock()
    path.write_text("one", "utf-8")
    watch = Watch(lambda: files_of(path, Library(tmp_path)), now=clock)
    (scripts / "shared" / "mine.toml").write_text("voicecoach_shared = 1", "utf-8")
    assert 0 <= looks_until_changed(watch, clock) < 0.5
    (scripts / "lexicon.toml").write_text('plie = "plee-ay"', "utf-8")
    assert 0 <= looks_until_changed(watch, clock) < 0.5
    (scripts / "other.toml").write_text("voicecoach = 1", "utf-8")
    assert looks_until_changed(watch, clock) == -1.0


def test_the_watcher_calls_within_a_second_and_costs_little(tmp_path: Path) -> None:
    """On real time; looking takes less than a hundredth of a core."""
    path = tmp_path / "routine.toml"
    path.write_text("one", "utf-8")
    told: list[float] = []
    watch = Watch(lambda: files_of(path, Library(tmp_path)))
    with Watcher(watch, lambda: told.append(time.monotonic())):
        used = time.process_time()
        time.sleep(1.0)
        used = time.process_time() - used
        saved = time.monotonic()
        by_rename(path, "two")
        while not told and time.monotonic() < saved + 5:
            time.sleep(0.01)
    assert told
    assert told[0] - saved < 1.0
    assert used < 0.05
