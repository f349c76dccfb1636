"""The command in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Commanded:
    """A `voicecoach serve` that runs."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address
        """What it printed first."""
        self.url = re.sub(r"(?<=\d)/.*", "", address)
        self.port = int(self.url.rpartition(":")[2])

    def end(self) -> int:
        """Press Ctrl-C and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)


@contextmanager
def commanded(folder: Path, *options: str) -> Iterator[Commanded]:
    """Run `voicecoach serve` in a folder, at a free port, with the silent voice."""
    process = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "serve", "--port", "0", "--voice", "silent", *options],
        cwd=folder,
        env={**os.environ, "VOICECOACH_CACHE": str(folder / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise AssertionError(process.communicate()[1])
        yield Commanded(process, line.strip())
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
