"""The voice engines that can be chosen: the one table of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EngineEntry:
    """An engine that can be chosen."""

    title: str
    """For people, in the middle of a sentence."""
    module: str
    """Import path of the module that fills `engine.EngineModule`."""


ENGINES = {
    "natural": EngineEntry("natural voice", "voicecoach.speech.natural"),
    "pyttsx3": EngineEntry("system voice", "voicecoach.speech.pyttsx3_engine"),
    "piper": EngineEntry("Piper voice", "voicecoach.speech.piper_engine"),
    "silent": EngineEntry("silence", "voicecoach.speech.silent"),
}
"""All engines, by the name in `--voice NAME`."""

AUTO = ("natural", "pyttsx3")
"""The engines that `--voice auto` takes, the best first."""
