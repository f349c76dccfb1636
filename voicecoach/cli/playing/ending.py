"""How a command that plays comes to its end when it is told to."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def terminated_gently() -> Iterator[None]:
    """Let a session end in order when it is told to end, or when its terminal is closed."""
    hang_up = None if sys.platform == "win32" else signal.SIGHUP
    terminals = [descriptor for descriptor in (1, 2) if os.isatty(descriptor)]

    def leave(number: int, _frame: FrameType | None) -> None:
        if number == hang_up:
            # Nobody reads the rest, and writing to a terminal that was closed is an error.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for descriptor in terminals:
                os.dup2(nowhere, descriptor)
        raise SystemExit(128 + number)

    numbers = [signal.SIGTERM]
    if hang_up and signal.getsignal(hang_up) is not signal.SIG_IGN:  # nohup: it is to play on
        numbers.append(hang_up)
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
