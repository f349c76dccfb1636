"""A null sink for each test process, started when the first test wants to hear something."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.null_sink import NullSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def _null_sink_of_this_process() -> Iterator[NullSink]:
    sink = NullSink()
    sink.start()
    yield sink
    sink.close()


@pytest.fixture
def null_sink(_null_sink_of_this_process: NullSink, monkeypatch: pytest.MonkeyPatch) -> NullSink:
    """Return a running null sink that this test's players take for the speakers."""
    for name, value in _null_sink_of_this_process.environment.items():
        monkeypatch.setenv(name, value)
    return _null_sink_of_this_process


@pytest.fixture
def mortal_sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[NullSink]:
    """Return a running null sink that belongs to this test alone, which may kill it."""
    sink = NullSink()
    sink.start()
    for name, value in sink.environment.items():
        monkeypatch.setenv(name, value)
    yield sink
    sink.close()


@pytest.fixture
def keep_busy() -> Iterator[Callable[[int], None]]:
    """Return a function that starts processes which each keep a core busy until the test ends."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(count: int) -> None:
        processes.extend(
            subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)
        )

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def afplay_stand_in(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put a program called afplay on the path that plays a WAV file, as the one of macOS does."""
    folder = tmp_path_factory.mktemp("programs")
    program = folder / "afplay"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("paplay")} "$1"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
