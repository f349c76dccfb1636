"""Speech: sentences -> clips, spoken by one of several engines.

    with open_narrator("auto", audience=Audience.ADULT) as narrator:
        clip = narrator.clip("Breathe in, and lift both arms.")

Engines run in a worker process and are loaded only when a sentence is not in the cache. Another
engine is one module that fills `engine.EngineModule`, and one line in `ENGINES`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from voicecoach.speech.engine import SpeechEngine, Voice
from voicecoach.speech.engines import AUTO, ENGINES, EngineEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.routine.model import Audience
    from voicecoach.speech.cache import ClipCache
    from voicecoach.speech.narrator import Narrator


__all__ = [
    "AUTO",
    "ENGINES",
    "EngineEntry",
    "Narrator",
    "SpeechEngine",
    "Voice",
    "list_voices",
    "open_narrator",
]


def open_narrator(
    voice: str = "auto",
    *,
    audience: Audience,
    language: str = "en",
    rate: float = 1.0,
    cache: ClipCache | None = None,
    use_cache: bool = True,
    lexicon: Mapping[str, str] | None = None,
) -> Narrator:
    """Return the narrator for `auto`, `ENGINE` or `ENGINE:VOICE`; `cache` replaces the user's own.

    `rate` (0.8 to 1.2) multiplies the pace of speech. `lexicon` holds words with what is read in
    their place (see `Library.lexicon`). Raises EngineUnavailableError where the engine or the voice
    is not here, or none speaks the language. Nothing is loaded before a sentence is asked for,
    except to find the voice of a language among those of the system.
    """
    from voicecoach.speech.cache import ClipCache
    from voicecoach.speech.casting import cast_voice
    from voicecoach.speech.narrator import Narrator

    if not 0.5 <= rate <= 2.0:
        raise ValueError(f"rate is a factor near 1, 0.8 to 1.2, got {rate}")
    if not use_cache:
        cache = None
    elif cache is None:
        with suppress(RuntimeError):  # a user without a home has no cache folder
            cache = ClipCache()
    return Narrator(
        cast_voice(voice, audience=audience, language=language, cache=cache),
        may_change=voice == "auto",
        audience=audience,
        language=language,
        rate=rate,
        cache=cache,
        lexicon=lexicon,
    )


def list_voices(engine: str) -> list[Voice]:
    """Return the voices of an engine that can be used here, without any download.

    Raises EngineUnavailableError where the engine is not here; loads it where only it knows.
    """
    from voicecoach.speech.casting import voices_of

    return voices_of(engine, cache=None)


def __getattr__(name: str) -> object:
    if name == "Narrator":  # it brings numpy along
        from voicecoach.speech.narrator import Narrator

        return Narrator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
