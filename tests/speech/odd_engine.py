"""An engine that misbehaves on command: what it does depends on the words it is given.

It runs in the real worker. Words it does not know are spoken as a tone, 0.3 s a word.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import EngineUnavailableError
from voicecoach.speech.engine import Speeds, Voice

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "odd"
SAMPLE_RATE = 16_000
MODULE = __name__

# Where the engine notes that something has happened once, and what it does when it is opened; both
# are set by the tests, and the worker inherits them.
FOLDER = "VOICECOACH_ODD_FOLDER"
OPENING = "VOICECOACH_ODD_OPENING"


def missing() -> str:
    """Return nothing: it is always here."""
    return ""


def default_voice(language: str, audience: object) -> str:
    """Return the only voice."""
    return "tone"


def known_voices() -> list[Voice]:
    """Return the only voice."""
    return [Voice(NAME, "tone", "en-us", "a tone")]


def voice_problem(voice: str) -> str:
    """Return nothing."""
    return ""


def identity(voice: str) -> dict[str, str]:
    """Return nothing that matters."""
    return {"version": "1"}


def open_engine() -> OddEngine:
    """Open the engine, or not."""
    opening = os.environ.get(OPENING, "")
    if opening == "refuse":
        raise EngineUnavailableError("its library is broken; install it again", engine=NAME)
    if opening == "raise":
        raise ZeroDivisionError("in some library")
    if opening == "exit":
        os.write(2, b"fatal: no such file\n")
        os._exit(7)
    if opening == "hang":
        time.sleep(600)
    return OddEngine()


def _first_time(what: str) -> bool:
    """Return whether this has not happened before, in any worker."""
    flag = Path(os.environ[FOLDER]) / what
    if flag.exists():
        return False
    flag.touch()
    return True


class OddEngine:
    """Obeys single words, and speaks all others."""

    name = NAME
    thread_safe = False
    speeds = Speeds(single_word=1.0, usual=1.0, slow=1.0, slowest=1.0, fastest=1.2)

    def voices(self) -> list[Voice]:
        """Return the only voice."""
        return known_voices()

    def synthesise(self, text: str, voice: str, speed: float) -> tuple[NDArray[np.float32], int]:
        """Do what the words say."""
        words = text.lower().strip(".!?").split()
        once = "once" in words
        if "print" in words:
            print("from Python")  # noqa: T201
            os.write(1, b"from a library\n")
            sys.stdout.flush()
        if "hang" in words and (not once or _first_time("hang")):
            time.sleep(600)
        if "crash" in words and (not once or _first_time("crash")):
            os.write(2, b"assertion failed: 1 == 2\n")
            os._exit(3)
        if "raise" in words:
            raise ValueError("no such phoneme")
        if "empty" in words and (not once or _first_time("empty")):
            return np.zeros(0, np.float32), SAMPLE_RATE
        if "hush" in words:
            return np.zeros(SAMPLE_RATE, np.float32), SAMPLE_RATE
        if "endless" in words:
            return tone(30.0), SAMPLE_RATE
        return tone(0.3 * len(words) / speed), SAMPLE_RATE


def tone(seconds: float) -> NDArray[np.float32]:
    """Return a tone."""
    moments = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.2 * np.sin(2 * np.pi * 220.0 * moments)).astype(np.float32)
