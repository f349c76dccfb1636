"""Exports that are killed at random moments: what is there is whole, and the next run clears up.

The same session gives the same bytes each time, so whole means: equal to a track that nobody killed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.figures import SOAK
from tests.support.needs import requires_program
from tests.support.tracks import decode_page, decode_with_miniaudio
from voicecoach.export import is_our_track

if TYPE_CHECKING:
    from tests.support.figures import RecordFigure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
    pytest.mark.timeout(3600 if SOAK else 300),
]

SEED = 11

ROUTINE = """
voicecoach = 1
title = "{title}"
audience = "adult"

[[steps]]
slug = "march"
name = "March"
say = "March on the spot. Let your arms swing easily. Look straight ahead."
dose = "for {seconds}s"
setup = 20
cues = [
  {{ at = "20s", say = "Now roll your shoulders back as you march." }},
  {{ at = "40s", say = "Now roll them forward." }},
]
"""


@dataclass(frozen=True)
class Place:
    """Where the exports of a test run, with folders that nobody else uses."""

    folder: Path
    cache: Path
    temporary: Path
    """What TMPDIR names."""
    target: Path
    arguments: tuple[str, ...]

    def write_routine(self, title: str, minutes: float) -> None:
        """Write the routine that is exported."""
        text = ROUTINE.format(title=title, seconds=round(60 * minutes))
        (self.folder / "walk.toml").write_text(text, encoding="utf-8")

    def start(self) -> subprocess.Popen[bytes]:
        """Begin an export, in a process group of its own."""
        command = [sys.executable, "-m", "voicecoach", "export", "walk.toml", *self.arguments]
        return subprocess.Popen(
            [*command, "-o", self.target.name], cwd=self.folder, start_new_session=True,
            env=os.environ | {"TMPDIR": str(self.temporary), "VOICECOACH_CACHE": str(self.cache)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def finish(self) -> tuple[bytes, float]:
        """Run an export to its end; return the track, and how many seconds it took."""
        began = time.monotonic()
        assert self.start().wait(120) == 0
        return self.target.read_bytes(), time.monotonic() - began

    def forget_speech(self) -> None:
        """Empty the cache."""
        shutil.rmtree(self.cache)
        self.cache.mkdir()

    def remains(self) -> list[str]:
        """Return what lies about that is neither the routine, the track nor a spoken sentence."""
        wanted = {self.folder / "walk.toml", self.target}
        about = [path for path in self.folder.iterdir() if path not in wanted]
        about += self.temporary.rglob("*")
        about += self.cache.rglob(".*")
        return sorted(map(str, about))

    def processes(self) -> list[str]:
        """Return the processes that still run for these exports, as far as the system tells."""
        mark = f"TMPDIR={self.temporary}".encode()
        running = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in environment.read_bytes().split(b"\0"):
                    running.append((environment.parent / "cmdline").read_text().replace("\0", " "))
            except OSError:  # another user's, or gone meanwhile
                continue
        return running

    def await_quiet(self) -> None:
        """Wait until nothing runs any more that a kill has left."""
        last = time.monotonic() + 30
        while running := self.processes():
            assert time.monotonic() < last, running
            time.sleep(0.05)


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """Return folders with nothing in them; the parameter names the track and more arguments."""
    name, *arguments = request.param.split()
    folders = [tmp_path / each for each in ("here", "cache", "temporary")]
    for folder in folders:
        folder.mkdir()
    return Place(*folders, folders[0] / name, tuple(arguments))


@pytest.mark.parametrize(
    ("place", "minutes", "is_cold", "kills"),
    [
        ("track.mp3 --voice silent", 20, False, 100 if SOAK else 3),
        pytest.param(
            "track.mp3 --voice silent --encoder pydub", 20, False, 100 if SOAK else 1,
            marks=requires_program("ffmpeg"),
        ),
        ("track.html --voice silent", 20, False, 100 if SOAK else 1),
        ("track.wav --voice natural", 2, True, 100 if SOAK else 1),
    ],
    indirect=["place"],
    ids=["mp3", "through pydub", "page", "speaking"],
)  # fmt: skip
def test_a_kill_leaves_the_old_track_or_the_new_one(
    place: Place, minutes: int, is_cold: bool, kills: int, record_figure: RecordFigure
) -> None:
    """Never a part of one; and after the next run, which may come at once, no file or folder more."""
    chance = random.Random(SEED)
    place.write_routine("Old", 1)
    old, _ = place.finish()
    place.write_routine("New", minutes)
    if is_cold:
        place.forget_speech()
    new, seconds = place.finish()
    assert is_our_track(place.target)
    decode = decode_page if place.target.suffix == ".html" else decode_with_miniaudio
    assert len(decode(place.target, 24_000, 1)) > minutes * 60 * 24_000
    ends: Counter[str] = Counter()
    for kill in range(kills):
        before = None if kill % 2 else old
        place.target.unlink()
        if before is not None:
            place.target.write_bytes(before)
        if is_cold:
            place.forget_speech()
        export = place.start()
        moment = (kill + chance.random()) / kills * seconds
        try:
            export.wait(moment)
        except subprocess.TimeoutExpired:
            # Alone, or together with what it has started; which of them is chance too.
            send = os.kill if chance.random() < 0.7 else os.killpg
            send(export.pid, signal.SIGKILL)
            export.wait()
        there = place.target.read_bytes() if place.target.exists() else None
        assert there in (before, new), f"killed after {moment:.3f} s of {seconds:.3f} s"
        ends["new" if there == new else "old" if there else "none"] += 1
        ends["with leftovers"] += bool(place.remains())
        assert place.finish()[0] == new
        place.await_quiet()
        assert place.remains() == [], f"killed after {moment:.3f} s of {seconds:.3f} s"
    outcome = ", ".join(f"{count} {end}" for end, count in ends.items())
    record_figure(f"{kills} kills over {seconds:.1f} s", outcome, "")
