"""What every speech engine is: the protocol that its module fills, and the words around it.

Import-light on purpose: the playing process asks an engine's module what it would need and what its
cache entries are called, without loading the engine itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.routine.model import Audience


@dataclass(frozen=True)
class Voice:
    """One voice of an engine."""

    engine: str
    """In `ENGINES`."""
    name: str
    """What stands after the colon in `--voice ENGINE:VOICE`."""
    language: str
    """Language tag, such as `en-us`; lower case, with a hyphen."""
    description: str
    """For people, such as `American English, female`."""


@dataclass(frozen=True)
class Speeds:
    """How fast an engine speaks well; 1.0 is its own pace."""

    single_word: float
    """For counts and countdowns, where a listener has nothing else to go by."""
    usual: float
    slow: float
    """As slow as a sentence is spoken before its pauses are lengthened instead."""
    slowest: float
    """The slowest at which sentences stay natural; used where pauses do not suffice."""
    fastest: float
    """The fastest of all."""


class SpeechEngine(Protocol):
    """A loaded synthesiser; it lives in the speech worker."""

    name: str
    """In `ENGINES`."""
    thread_safe: bool
    """Whether several threads may synthesise at once; else the main thread does."""
    speeds: Speeds

    def voices(self) -> Sequence[Voice]:
        """Return the voices that can be used now, without any download."""

    def synthesise(
        self, text: str, voice: str, speed: float
    ) -> tuple[NDArray[np.int16] | NDArray[np.float32], int]:
        """Return mono samples and their rate in Hz for one speakable sentence."""


class EngineModule(Protocol):
    """The functions of an engine's module; all but `open_engine` are cheap and load nothing."""

    def missing(self) -> str:
        """Name what is missing and how to get it; empty where the engine can be opened."""

    def default_voice(self, language: str, audience: Audience) -> str | None:
        """Return the voice for a language and audience, or None where only the voice list tells."""

    def known_voices(self) -> Sequence[Voice] | None:
        """Return the voices, or None where only the loaded engine can list them."""

    def voice_problem(self, voice: str) -> str:
        """Say why a voice cannot be used; empty where it can, as far as known."""

    def identity(self, voice: str) -> Mapping[str, str]:
        """Return everything besides text and speed that changes how a voice sounds."""

    def open_engine(self) -> SpeechEngine:
        """Load the engine; raise EngineUnavailableError where it cannot be."""


def package_version(name: str) -> str:
    """Return the installed version of a package without importing it; empty where it is absent."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, remembered for as long as its size and date stay."""
    status = path.stat()
    return _file_hash(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=16)
def _file_hash(path: Path, size: int, changed: int) -> str:  # noqa: ARG001  (they are the key)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
