"""The silent engine: clips of exactly the nominal length, for tests, previews and dry runs.

It needs neither a worker nor a cache, so it has no `open_engine`: the narrator calls `silence`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.script.durations import nominal_seconds
from voicecoach.sound.clip import SAMPLE_RATE, Clip, seconds_to_frames
from voicecoach.speech.engine import Voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voicecoach.routine.model import Audience

NAME = "silent"


def missing() -> str:
    """Return nothing: this engine is always here."""
    return ""


def default_voice(language: str, audience: Audience) -> str | None:  # noqa: ARG001
    """Return the only voice; it keeps silent in every language."""
    return "nominal"


def known_voices() -> Sequence[Voice]:
    """Return the only voice."""
    return [Voice(NAME, "nominal", "", "silence of the nominal length")]


def voice_problem(voice: str) -> str:  # noqa: ARG001
    """Return nothing: unknown names are found by the list."""
    return ""


def identity(voice: str) -> Mapping[str, str]:  # noqa: ARG001
    """Return a constant: the length depends on the words alone."""
    return {"engine": "1"}


def silence(sentence: str, word_seconds: float, speed: float) -> Clip:
    """Return silence as long as the table says that the sentence lasts."""
    seconds = nominal_seconds(sentence, word_seconds) / speed
    return Clip(np.zeros((seconds_to_frames(seconds, SAMPLE_RATE), 1), np.float32), SAMPLE_RATE)
