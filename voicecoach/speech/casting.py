"""Who speaks: from what the user asked for to an engine and one of its voices, and why.

--voice auto           English: the natural voice, else the system's; other languages: the system's
--voice ENGINE         the engine's voice for the routine's language and audience
--voice ENGINE:VOICE   that voice
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from voicecoach.errors import EngineUnavailableError
from voicecoach.messages import nearest
from voicecoach.speech.cache import key
from voicecoach.speech.engine import Voice
from voicecoach.speech.engines import AUTO, ENGINES
from voicecoach.speech.process import EngineProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.routine.model import Audience
    from voicecoach.speech.cache import ClipCache
    from voicecoach.speech.engine import EngineModule

# The system's list of voices is asked for again after this long: people install voices.
_LIST_HOLDS_SECONDS = 86_400.0

# A language tag that speech engines know under another one.
_OTHER_TAGS = {"zh": "cmn", "no": "nb", "zh-cn": "cmn"}

_USUAL_REGIONS = {"en": "en-us", "pt": "pt-br", "sv": "sv-se", "da": "da-dk", "ja": "ja-jp"}

# Of several voices that speak a language equally well, these are understood best. macOS also lists
# novelty voices (bells, bubbles, whispers) as ordinary English ones.
_PREFERRED_VOICES = (
    *("gmw/en-us", "samantha", "ava", "allison", "zira", "jenny", "aria", "david", "daniel"),
    *("kate", "anna", "amelie", "thomas", "monica", "paulina", "alice", "luciana", "milena"),
    *("kyoko", "tingting"),
)

_MOST_VOICES_NAMED = 12


@dataclass(frozen=True)
class Candidate:
    """An engine and a voice that can take the narration."""

    engine: str
    """Name in `ENGINES`."""
    voice: Voice
    why: str = ""
    """Why a better one was skipped; empty for the one that was asked for, or the best."""
    identity: dict[str, str] = field(default_factory=dict)
    """Everything besides text and speed that changes the sound."""

    @property
    def description(self) -> str:
        """The voice, and why no better one speaks, for people."""
        title = ENGINES[self.engine].title
        text = f"{title} {self.voice.name} ({self.voice.description})"
        return f"{text}; {self.why}" if self.why else text


def engine_module(engine: str) -> EngineModule:
    """Return an engine's module, which is light; the engine is not loaded."""
    if engine not in ENGINES:
        raise EngineUnavailableError(
            f"there is no speech engine {engine!r}{_meant(engine, ENGINES)}; "
            f"choose one of {', '.join(ENGINES)}",
            engine=engine,
        )
    return cast("EngineModule", importlib.import_module(ENGINES[engine].module))


def cast_voice(
    spec: str, *, audience: Audience, language: str, cache: ClipCache | None
) -> Candidate:
    """Return the engine and voice for `--voice`; `why` says why a better engine was skipped."""
    engine, _, name = spec.partition(":")
    if engine != "auto":
        return _part(engine, name, audience, language, cache)
    if name:
        raise EngineUnavailableError(
            f"`auto` chooses the voice itself; for the voice {name!r} name its engine: "
            f"ENGINE:{name}"
        )
    part, skipped = _first_of(AUTO, audience, language, cache)
    if part is None:
        raise EngineUnavailableError(
            f"nobody here speaks {language!r}: {skipped}. "
            "`voicecoach voices --language all` lists the voices"
        )
    return replace(part, why=skipped)


def next_part(
    failed: Candidate, reason: str, *, audience: Audience, language: str, cache: ClipCache | None
) -> Candidate | None:
    """Return the part that replaces one whose engine cannot be loaded; None where there is none."""
    later = AUTO[AUTO.index(failed.engine) + 1 :] if failed.engine in AUTO else ()
    part, _ = _first_of(later, audience, language, cache)
    return replace(part, why=reason) if part else None


def _first_of(
    engines: Iterable[str], audience: Audience, language: str, cache: ClipCache | None
) -> tuple[Candidate | None, str]:
    """Return the part for the first engine that can take it, and why those before it cannot."""
    skipped: list[str] = []
    for engine in engines:
        try:
            return _part(engine, "", audience, language, cache), "; ".join(skipped)
        except EngineUnavailableError as error:
            skipped.append(str(error))
    return None, "; ".join(skipped)


def voices_of(engine: str, cache: ClipCache | None) -> list[Voice]:
    """Return the voices of an engine; loads it where only it knows and nobody has asked lately."""
    module = engine_module(engine)
    if problem := module.missing():
        raise EngineUnavailableError(problem, engine=engine)
    if (known := module.known_voices()) is not None:
        return list(known)
    note_key = key({"voices": engine, **module.identity("")})
    noted = cache.note(note_key, _LIST_HOLDS_SECONDS) if cache else None
    if noted:
        return [Voice(**voice) for voice in noted]
    process = EngineProcess(engine, ENGINES[engine].module)
    try:
        voices = process.voices()
    finally:
        process.close()
    if cache:
        cache.keep_note(note_key, [vars(voice) for voice in voices])
    return voices


def _part(
    engine: str, name: str, audience: Audience, language: str, cache: ClipCache | None
) -> Candidate:
    module = engine_module(engine)
    if problem := module.missing():
        raise EngineUnavailableError(problem, engine=engine)
    if not name:
        usual = module.default_voice(language, audience)
        if usual is None:  # only the list of voices can tell
            best = best_voice(voices_of(engine, cache), language)
            usual = best.name if best else ""
        if not usual:
            title = ENGINES[engine].title
            raise EngineUnavailableError(f"the {title} does not speak {language!r}", engine=engine)
        name = usual
    if problem := module.voice_problem(name):
        raise EngineUnavailableError(f"the {engine} voice {name}: {problem}", engine=engine)
    voice = _named_voice(engine, module, name, audience, cache)
    return Candidate(engine, voice, identity=dict(module.identity(name)))


def _named_voice(
    engine: str, module: EngineModule, name: str, audience: Audience, cache: ClipCache | None
) -> Voice:
    if name == module.default_voice("en", audience) and module.known_voices() is None:
        # The usual voice needs no look at the list, which would mean loading the engine.
        return Voice(engine, name, "en-us", "American English, robotic")
    voices = voices_of(engine, cache)
    for voice in voices:
        if voice.name.lower() == name.lower():
            return voice
    file = name.partition("#")[0]
    if file.endswith(".onnx") or any(voice.name == file for voice in voices):
        return Voice(engine, name, "", "your own file")
    if (by_language := best_voice(voices, name)) is not None:
        return by_language
    named = [voice.name for voice in voices]
    more = len(named) - _MOST_VOICES_NAMED
    raise EngineUnavailableError(
        f"{engine} has no voice {name!r}{_meant(name, named)}; it has "
        f"{', '.join(named[:_MOST_VOICES_NAMED])}{f' and {more} more' if more > 0 else ''}; "
        "`voicecoach voices --language all` lists them",
        engine=engine,
    )


def best_voice(voices: Sequence[Voice], language: str) -> Voice | None:
    """Return the voice for a language tag: of that very tag, else of the same language."""
    tag = language.replace("_", "-").lower()
    tag = _OTHER_TAGS.get(tag, tag)
    # Without a region, that of the country which the language is called after; for English, the
    # accent of our own voice.
    wanted = _USUAL_REGIONS.get(tag, f"{tag}-{tag}")

    def rank(voice: Voice) -> tuple[bool, bool, int]:
        names = f"{voice.name} {voice.description}".lower()
        preferred = [place for place, name in enumerate(_PREFERRED_VOICES) if name in names]
        place = min(preferred, default=len(_PREFERRED_VOICES))
        return (voice.language != wanted, voice.language != tag, place)

    same = [voice for voice in voices if voice.language.partition("-")[0] == tag.partition("-")[0]]
    # The language serves a tag with an unknown region; of equals, the first of the list wins.
    return min(same, key=rank, default=None)


def _meant(name: str, names: Iterable[str]) -> str:
    near = nearest(name, names)
    return f"; did you mean {near!r}?" if near else ""
