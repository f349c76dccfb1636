"""Terminals to drive: a bare one (a pty) with one program in it, and one with a shell (tmux)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.checkout import CHECKOUT
from tests.support.needs import need_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKE_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
"""


@dataclass
class Pty:
    """A program in a terminal of its own."""

    process: subprocess.Popen[bytes]
    master: int
    """Our end: what is written here has been typed."""
    slave: int
    """The program's end, kept open so that its settings can be read when the program is gone."""
    printed: str = ""

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def read(self, seconds: float) -> str:
        """Return what is printed in that time, and keep it."""
        new = b""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                new += os.read(self.master, 65_536)
        self.printed += new.decode("utf-8", "replace")
        return new.decode("utf-8", "replace")

    def wait_for(self, text: str, seconds: float = 15.0) -> None:
        """Read until a text has been printed."""
        until = time.monotonic() + seconds
        while text not in self.printed:
            assert time.monotonic() < until, f"no {text!r} in {self.printed!r}"
            self.read(0.05)

    def ended(self, seconds: float = 15.0) -> int:
        """Wait for the end of the program, reading on, and return its exit status."""
        until = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < until, self.printed
            self.read(0.05)
        self.read(0.05)
        return self.process.returncode

    def settings(self) -> list[Any]:
        """Return the settings of the terminal."""
        return termios.tcgetattr(self.slave)

    def echoes(self) -> bool:
        """Return whether the terminal prints what is typed."""
        return bool(self.settings()[3] & termios.ECHO)

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does."""
        os.close(self.master)
        self.master = -1

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window."""
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def outside() -> dict[str, str]:
    """Return the environment without the size that readline sets in a process, and so for all below it."""
    return {name: text for name, text in os.environ.items() if name not in ("COLUMNS", "LINES")}


@contextlib.contextmanager
def in_pty(
    *command: str, columns: int = 80, lines: int = 24, cwd: Path = CHECKOUT, **environment: str
) -> Iterator[Pty]:
    """Run a Python module with arguments in a new terminal, in the checkout or in another folder."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_THE_TERMINAL, *command],
        stdin=slave, stdout=slave, stderr=slave, cwd=cwd, start_new_session=True,
        env=outside() | {"TERM": "xterm-256color", "PYTHONPATH": str(CHECKOUT)} | environment,
    )  # fmt: skip
    terminal = Pty(process, master, slave)
    terminal.resize(columns, lines)
    try:
        yield terminal
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if terminal.master >= 0:
            os.close(master)
        os.close(slave)


@dataclass(frozen=True)
class Shell:
    """A shell in tmux."""

    socket: Path

    def tmux(self, *arguments: str) -> str:
        """Call tmux and return what it prints."""
        return subprocess.run(
            ["tmux", "-S", str(self.socket), "-f", os.devnull, *arguments],
            check=True, capture_output=True, text=True,
            env=outside(),
        ).stdout  # fmt: skip

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self.tmux("send-keys", *keys)

    def line(self, command: str) -> None:
        """Type a line and press Enter."""
        self.tmux("send-keys", "-l", command)
        self.type("Enter")

    def screen(self, *options: str) -> str:
        """Return what is seen."""
        return self.tmux("capture-pane", "-p", *options)

    def wait_for(self, text: str, seconds: float = 15.0) -> None:
        """Wait until a text is seen."""
        until = time.monotonic() + seconds
        while text not in self.screen():
            assert time.monotonic() < until, f"no {text!r} in:\n{self.screen()}"
            time.sleep(0.05)


@contextlib.contextmanager
def in_tmux(folder: Path, columns: int = 80, lines: int = 24) -> Iterator[Shell]:
    """Open a bash in a terminal of a size."""
    need_programs("tmux", "bash", "pgrep")
    shell = Shell(folder / "tmux")
    bash = shutil.which("bash") or "bash"
    shell.tmux(
        "new-session", "-d", "-x", str(columns), "-y", str(lines), "-c", str(CHECKOUT),
        f"exec env PS1='$ ' PATH={Path(sys.executable).parent}:$PATH {bash} --norc --noprofile",
    )  # fmt: skip
    try:
        shell.wait_for("$")
        yield shell
    finally:
        shell.tmux("kill-server")
