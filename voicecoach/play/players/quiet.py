"""Sound libraries open a device without filling the terminal with driver messages."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STDERR = 2

_one_at_a_time = threading.RLock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Discard what anybody writes to file descriptor 2; keep it short, it holds for all threads.

    ALSA, JACK and their plugins write there in C, past sys.stderr. What another thread writes in
    these milliseconds is lost too, so wrap the opening of a device and nothing else.
    """
    with _one_at_a_time:
        try:
            kept = os.dup(STDERR)
        except OSError:  # no standard error at all: nothing to keep quiet
            yield
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, STDERR)
            os.close(nowhere)
            yield
        finally:
            os.dup2(kept, STDERR)
            os.close(kept)


def hush_alsa() -> None:
    """Let ALSA's own messages go nowhere for the rest of the process; nothing happens elsewhere.

    For libraries whose threads speak to ALSA by themselves: an underrun in the middle of a session
    would write over the screen. ALSA calls back for each message, from any thread; a function of
    the C library that ignores its arguments needs no interpreter there, as one of ours would.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            alsa = ctypes.CDLL("libasound.so.2")
            alsa.snd_lib_error_set_handler(ctypes.CDLL(None).getpid)
