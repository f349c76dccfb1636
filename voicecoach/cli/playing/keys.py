"""Single keys of the terminal, without Enter, mostly as commands to a session that plays.

The terminal gives each key at once and does not print it, only while somebody listens and only
while this process has the terminal to itself; every other setting stays, so Ctrl-C and Ctrl-Z do
what they always do, and a killed program leaves no more behind than a terminal without echo.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from voicecoach.play.transport import Command

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Key:
    """A key, or a pair of keys, as the screen names it."""

    shown: str
    does: str
    """In a word or two."""
    commands: dict[str, Command]
    """By the name of the key: its character, or `left`, `right`, `up`, `down`."""


KEYS: tuple[Key, ...] = (
    Key("space", "pause", {" ": Command.PAUSE}),
    Key("n", "next", {"n": Command.NEXT}),
    Key("b", "back", {"b": Command.BACK}),
    Key("r", "repeat", {"r": Command.REPEAT}),
    Key("q", "quit", {"q": Command.QUIT}),
    Key("← →", "15 s", {"left": Command.REWIND, "right": Command.FORWARD}),
    Key(
        "↑ ↓",
        "volume",
        {
            "up": Command.LOUDER,
            "down": Command.QUIETER,
            "+": Command.LOUDER,
            "-": Command.QUIETER,
            "=": Command.LOUDER,  # the key of + without shift
        },
    ),
    Key("f s", "voice faster, slower", {"f": Command.FASTER, "s": Command.SLOWER}),
    Key("Enter", "ready", {"\n": Command.READY, "\r": Command.READY}),
)
"""All keys, what people need most first; every other key says "ready", too."""

_COMMANDS = {name: command for key in KEYS for name, command in key.commands.items()}
_ARROW_WORDS = str.maketrans({"←": "left", "→": "right", "↑": "up", "↓": "down"})
_ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
_WINDOWS_ARROWS = {"H": "up", "P": "down", "M": "right", "K": "left"}
_ESCAPE_SECONDS = 0.05
"""How long the rest of the characters that an arrow key sends may take to come (over a network)."""
_LOOK_SECONDS = 0.25
"""How often we look whether the terminal is ours."""
_SENT = re.compile(r"\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1bO.|\x1b[^\[O]|.", re.DOTALL)
"""What one key sends: a character, or a sequence that begins with an escape."""


def command_of(key: str) -> Command:
    """Return the command of a key by its name: a character, or `left`, `right`, `up`, `down`."""
    return _COMMANDS.get(key.lower(), Command.READY)


def keys_line(columns: int, *, ascii_only: bool = False) -> str:
    """Return the keys in one line, as many as there is room for, what people need most first."""
    line = ""
    for key in KEYS:
        shown = key.shown.translate(_ARROW_WORDS) if ascii_only else key.shown
        longer = f"{line}   {shown} {key.does}" if line else f"{shown} {key.does}"
        if len(longer) > columns:
            break
        line = longer
    return line


def split_keys(sent: str) -> list[str]:
    """Return the names of the keys in what a terminal sent, arrows among them as sequences."""
    return [
        _ARROWS.get(part[-1], part) if part[:2] in ("\x1b[", "\x1bO") else part
        for part in _SENT.findall(sent)
    ]


class _Terminal(Protocol):
    """A terminal that gives single keys."""

    def read(self, seconds: float) -> list[str] | None:
        """Wait `seconds` for keys and return their names; None when there will be no more."""

    def close(self) -> None:
        """Leave the terminal as it was found."""


class SingleKeys:
    """Listens to the keys of the terminal while it is entered, if there is a terminal."""

    def __init__(self, on_key: Callable[[str], None]) -> None:
        """`on_key` gets the name of each key, as in `Key`, on a thread of its own."""
        self._on_key = on_key
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._terminal: _Terminal | None = None

    @property
    def works(self) -> bool:
        """Whether somebody can press a key here."""
        return sys.stdin is not None and sys.stdin.isatty() and has_terminal(sys.stdin.fileno())

    def __enter__(self) -> Self:
        """Begin to listen."""
        if sys.stdin is not None and sys.stdin.isatty():
            self._thread = threading.Thread(target=self._listen, name="keys", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening, with the terminal as it was found."""
        self._closing.set()
        if self._thread is None:
            return
        try:
            self._thread.join()
        finally:
            # A second Ctrl-C does not wait for that thread, and the process may end before it.
            if self._terminal is not None:
                self._terminal.close()

    def _listen(self) -> None:
        terminal = self._terminal = _open_terminal()
        try:
            while not self._closing.is_set():
                keys = terminal.read(_LOOK_SECONDS)
                if keys is None:
                    return
                for key in keys:
                    self._on_key(key)
        finally:
            terminal.close()


class Keyboard(SingleKeys):
    """Turns the keys of the terminal into commands to a session that plays."""

    def __init__(self, on_command: Callable[[Command], None]) -> None:
        """`on_command` is called on a thread of its own."""
        super().__init__(lambda key: on_command(command_of(key)))


if sys.platform == "win32":
    import _thread
    import msvcrt

    def has_terminal(_descriptor: int) -> bool:
        """Return True: nothing takes the terminal away from a process here."""
        return True

    class _Console:
        """The console of Windows, which gives single keys without being asked."""

        def read(self, seconds: float) -> list[str]:
            deadline = time.monotonic() + seconds
            keys: list[str] = []
            while not keys and time.monotonic() < deadline:
                time.sleep(0.02)
                while msvcrt.kbhit():
                    key = msvcrt.getwch()
                    if key in ("\x00", "\xe0"):
                        key = _WINDOWS_ARROWS.get(msvcrt.getwch(), key)
                    if key == "\x03":
                        _thread.interrupt_main()
                    else:
                        keys.append(key)
            return keys

        def close(self) -> None:
            """Do nothing: nothing was changed."""

    def _open_terminal() -> _Terminal:
        return _Console()

else:
    import select
    import signal
    import termios

    def has_terminal(descriptor: int) -> bool:
        """Return True if this process is in the foreground of its terminal, and so may use it."""
        try:
            return os.tcgetpgrp(descriptor) == os.getpgrp()
        except OSError:
            return False

    class _Tty:
        """A terminal of Linux and macOS."""

        def __init__(self) -> None:
            self._descriptor = sys.stdin.fileno()
            self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
            self._found: list[int | list[bytes | int]] | None = None
            """The settings to leave behind."""
            # These signals stop a process that uses the terminal from the background; in this
            # thread they are errors instead, so that a session in the background plays on.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN, signal.SIGTTOU})

        def read(self, seconds: float) -> list[str] | None:
            if not has_terminal(self._descriptor):
                if not os.isatty(self._descriptor):
                    return None
                time.sleep(seconds)
                return []
            self._give_single_keys()
            try:
                sent = self._sent_within(seconds)
                while sent and _is_cut(sent) and (more := self._sent_within(_ESCAPE_SECONDS)):
                    sent += more
            except EOFError:
                return None
            except OSError:  # sent to the background just now, or the terminal has gone
                return []
            return split_keys(sent)

        def _sent_within(self, seconds: float) -> str:
            if not select.select([self._descriptor], [], [], seconds)[0]:
                return ""
            if not (sent := os.read(self._descriptor, 1024)):
                raise EOFError
            return self._decoder.decode(sent)

        def _give_single_keys(self) -> None:
            """Ask for single keys again: a shell may have changed the terminal (Ctrl-Z)."""
            with suppress(termios.error):
                settings = termios.tcgetattr(self._descriptor)
                if not settings[3] & (termios.ECHO | termios.ICANON):
                    return
                if self._found is None:
                    self._found = [*settings[:6], list(settings[6])]
                settings[3] &= ~(termios.ECHO | termios.ICANON)
                settings[6][termios.VMIN], settings[6][termios.VTIME] = 1, 0
                termios.tcsetattr(self._descriptor, termios.TCSANOW, settings)

        def close(self) -> None:
            if self._found is None or not has_terminal(self._descriptor):
                return  # in the background, the settings are those of somebody else
            with suppress(termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSANOW, self._found)

    def _is_cut(sent: str) -> bool:
        """Return True if the last key has not come whole."""
        return re.search(r"\x1b(\[[0-9;:<=>?]*[ -/]*|O)?\Z", sent) is not None

    def _open_terminal() -> _Terminal:
        return _Tty()
