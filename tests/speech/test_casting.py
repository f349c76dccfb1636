"""Who speaks: from `--voice` and a language to an engine and a voice, and why."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from tests.speech import odd_engine
from voicecoach.errors import EngineUnavailableError
from voicecoach.routine.model import Audience
from voicecoach.speech import list_voices, open_narrator
from voicecoach.speech.casting import best_voice, cast_voice
from voicecoach.speech.engine import Voice
from voicecoach.speech.engines import ENGINES, EngineEntry
from voicecoach.speech.process import EngineProcess

if TYPE_CHECKING:
    from voicecoach.speech.cache import ClipCache


def cast(spec: str, audience: Audience = Audience.ADULT, language: str = "en") -> tuple[str, str]:
    """Return engine and voice."""
    part = cast_voice(spec, audience=audience, language=language, cache=None)
    return part.engine, part.voice.name


@pytest.mark.parametrize("spec", ["auto", "natural"])
def test_english_is_spoken_by_the_natural_voice(spec: str) -> None:
    """Adults get the plain voice, children the brighter one."""
    assert cast(spec) == ("natural", "heart")
    assert cast(spec, Audience.CHILD) == ("natural", "bright")
    assert cast(spec, language="en-GB") == ("natural", "heart")


def test_other_languages_are_spoken_by_the_system() -> None:
    """The natural voice is skipped for German, and the description says why."""
    part = cast_voice("auto", audience=Audience.ADULT, language="de", cache=None)
    assert part.engine == "pyttsx3"
    assert part.voice.language == "de"
    assert "the natural voice does not speak 'de'" in part.description


def test_a_language_nobody_speaks_is_refused() -> None:
    """The message names the language, each engine's reason, and the command that lists voices."""
    with pytest.raises(EngineUnavailableError) as caught:
        cast("auto", language="tlh")
    message = str(caught.value)
    assert "nobody here speaks 'tlh'" in message
    assert "voicecoach voices" in message


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("natural:deep", ("natural", "deep")),
        ("silent", ("silent", "nominal")),
        ("pyttsx3", ("pyttsx3", "gmw/en-us")),
        ("pyttsx3:de", ("pyttsx3", "gmw/de")),
        ("pyttsx3:fr", ("pyttsx3", "roa/fr")),
        ("pyttsx3:GMW/EN-us", ("pyttsx3", "gmw/en-us")),
        ("pyttsx3:en-gb", ("pyttsx3", "gmw/en")),
    ],
)
def test_a_voice_can_be_named(spec: str, expected: tuple[str, str]) -> None:
    """By its name, or by the tag of a language."""
    assert cast(spec) == expected


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("naturel", "no speech engine 'naturel'; did you mean 'natural'"),
        ("natural:hart", "no voice 'hart'; did you mean 'heart'"),
        ("natural:emma", "nothing is downloaded"),
        ("natural:/nowhere/emma.onnx", "there is no file /nowhere/emma.onnx"),
        ("auto:heart", "ENGINE:heart"),
        ("pyttsx3:klingon", "pyttsx3 has no voice 'klingon'"),
    ],
)
def test_a_voice_that_is_not_here_is_refused(spec: str, message: str) -> None:
    """The message says what is wrong and what there is."""
    with pytest.raises(EngineUnavailableError, match=message):
        cast(spec)


def test_piper_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, and without files, the message says what to get."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "piper" else find_spec(name)
    )
    with pytest.raises(EngineUnavailableError, match=r"pip install 'voicecoach\[piper\]'"):
        cast("piper")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: find_spec("json"))
    with pytest.raises(EngineUnavailableError, match="does not speak 'en'"):
        cast("piper")
    with pytest.raises(EngineUnavailableError, match=r"NAME.onnx.json into .*voices"):
        cast("piper:amy")


def test_a_missing_package_is_skipped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without hibari-tts, auto takes the system's voice and says why."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "hibari" else find_spec(name)
    )
    part = cast_voice("auto", audience=Audience.ADULT, language="en", cache=None)
    assert part.engine == "pyttsx3"
    assert "hibari-tts is not installed; pip install hibari-tts" in part.description


def test_an_engine_that_cannot_be_loaded_is_replaced(
    monkeypatch: pytest.MonkeyPatch, cache: ClipCache, odd: str
) -> None:
    """Where the natural voice turns out broken, auto goes on with the next one and says why."""
    broken = EngineEntry("natural voice", odd_engine.MODULE)
    monkeypatch.setitem(ENGINES, "natural", broken)
    monkeypatch.setenv(odd_engine.OPENING, "refuse")
    with open_narrator("auto", audience=Audience.ADULT, cache=cache) as narrator:
        assert narrator.clip("Breathe in.").duration_seconds > 0.3
        assert narrator.description.startswith("system voice")
        assert "its library is broken; install it again" in narrator.why
    with (
        open_narrator("natural", audience=Audience.ADULT, cache=cache) as chosen,
        pytest.raises(EngineUnavailableError, match="install it again"),
    ):
        chosen.clip("Breathe in.")


def test_a_voice_that_was_heard_is_not_replaced(
    monkeypatch: pytest.MonkeyPatch, cache: ClipCache, odd: str
) -> None:
    """In the middle of a session a new voice would be worse than an error."""
    monkeypatch.setitem(ENGINES, "natural", EngineEntry("natural voice", odd_engine.MODULE))
    with open_narrator("auto", audience=Audience.ADULT, cache=cache) as narrator:
        narrator.clip("Breathe in.")
        narrator._process.close()
        monkeypatch.setenv(odd_engine.OPENING, "refuse")
        narrator._process = EngineProcess("natural", odd_engine.MODULE)
        with pytest.raises(EngineUnavailableError):
            narrator.clip("Breathe out.")


def test_a_broken_voice_that_was_kept_names_another(
    monkeypatch: pytest.MonkeyPatch, cache: ClipCache, odd: str
) -> None:
    """Where kept sentences were heard before the engine proved broken, the error says what to do."""
    monkeypatch.setitem(ENGINES, "natural", EngineEntry("natural voice", odd_engine.MODULE))
    with open_narrator("auto", audience=Audience.ADULT, cache=cache) as narrator:
        narrator.clip("Breathe in.")
    monkeypatch.setenv(odd_engine.OPENING, "refuse")
    with open_narrator("auto", audience=Audience.ADULT, cache=cache) as narrator:
        narrator.clip("Breathe in.")
        with pytest.raises(EngineUnavailableError) as caught:
            narrator.clip("Breathe out.")
    assert "install it again" in str(caught.value)
    assert str(caught.value).endswith("; choose another: --voice pyttsx3 (see voicecoach doctor)")
    assert caught.value.text == "Breathe out."


def test_the_best_voice_for_a_language() -> None:
    """The very tag wins, then the language; well understood voices come before novelties."""

    def voice(name: str, language: str) -> Voice:
        return Voice("pyttsx3", name, language, name)

    mac = [voice("Bahh", "en-us"), voice("Bells", "en-us"), voice("Samantha", "en-us")]
    mac += [voice("Daniel", "en-gb"), voice("Luciana", "pt-br"), voice("Joana", "pt-pt")]
    expected = {"en": "Samantha", "en-GB": "Daniel", "en_AU": "Samantha", "pt": "Luciana"}
    expected |= {"pt-PT": "Joana"}
    for tag, name in expected.items():
        found = best_voice(mac, tag)
        assert found is not None
        assert found.name == name, tag
    assert best_voice(mac, "fi") is None


def test_the_list_of_voices_is_remembered(
    cache: ClipCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second session in another language finds its voice without starting the engine."""
    cast_voice("auto", audience=Audience.ADULT, language="de", cache=cache)
    monkeypatch.setattr(EngineProcess, "voices", lambda self: pytest.fail("asked again"))
    part = cast_voice("auto", audience=Audience.ADULT, language="de", cache=cache)
    assert part.voice.name == "gmw/de"


@pytest.mark.parametrize("engine", ["natural", "pyttsx3", "silent"])
def test_voices_can_be_listed(engine: str) -> None:
    """Each voice of the list can be chosen by its name."""
    voices = list_voices(engine)
    assert all(voice.engine == engine for voice in voices)
    assert cast(f"{engine}:{voices[0].name}") == (engine, voices[0].name)
    if engine == "pyttsx3":
        assert len({voice.language for voice in voices}) > 100


def test_files_of_other_natural_voices_are_offered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """A model in hibari's own folder is listed and can be chosen by name."""
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    assert "emma" not in [voice.name for voice in list_voices("natural")]
    with open(f"{tmp_path}/bf_emma.int8.onnx", "wb") as file:  # noqa: PTH123
        file.write(b"a model")
    emma = next(voice for voice in list_voices("natural") if voice.name == "emma")
    assert emma.language == "en-gb"
    assert cast("natural:emma") == ("natural", "emma")
