"""Piper: any of its voices whose two files (NAME.onnx, NAME.onnx.json) the user has.

Not part of the base set; `pip install 'voicecoach[piper]'`. Noise is off, so the same words always
come out the same.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voicecoach.errors import EngineUnavailableError
from voicecoach.files.folders import home_folder
from voicecoach.speech.engine import Speeds, Voice, file_hash, package_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from voicecoach.routine.model import Audience

NAME = "piper"


def missing() -> str:
    """Name what is missing; empty where the engine can be opened."""
    if importlib.util.find_spec("piper") is None:
        return "Piper is not installed; pip install 'voicecoach[piper]'"
    return ""


def voices_folder() -> Path:
    """Return the folder where voices are found by name."""
    return (home_folder() or Path("/nowhere")) / "voices"


def default_voice(language: str, audience: Audience) -> str | None:  # noqa: ARG001
    """Return the first voice of the language in the voices folder; empty where there is none."""
    wanted = language.partition("-")[0].lower()
    voices = (voice for voice in known_voices() if voice.language.partition("-")[0] == wanted)
    return next((voice.name for voice in voices), "")


def known_voices() -> Sequence[Voice]:
    """Return the voices in the voices folder."""
    found = []
    for path in sorted(voices_folder().glob("*.onnx")):
        with contextlib.suppress(OSError, ValueError):
            settings = _settings(path)
            language = str(settings.get("language", {}).get("code", "")).replace("_", "-").lower()
            found.append(Voice(NAME, path.stem, language, f"{path.name}, {language}"))
    return found


def voice_problem(voice: str) -> str:
    """Return the reason why a voice cannot be used: a file is missing."""
    path, _ = _files(voice)
    if not path.is_file():
        return f"there is no file {path}; put NAME.onnx and NAME.onnx.json into {voices_folder()}"
    if not _settings_path(path).is_file():
        return f"{path} needs {_settings_path(path).name} beside it"
    return ""


def identity(voice: str) -> Mapping[str, str]:
    """Return the versions and files that the sound depends on."""
    path, speaker = _files(voice)
    return {
        "piper-tts": package_version("piper-tts"),
        "model": file_hash(path),
        "settings": file_hash(_settings_path(path)),
        "speaker": str(speaker),
        "noise": "0",
    }


def open_engine() -> PiperVoices:
    """Load the library; each voice is loaded when it first speaks."""
    return PiperVoices()


def _files(voice: str) -> tuple[Path, int | None]:
    """Return a voice's model file and speaker: `NAME`, a path, either with `#SPEAKER`."""
    name, _, speaker = voice.partition("#")
    path = Path(name) if name.endswith(".onnx") else voices_folder() / f"{name}.onnx"
    return path.resolve(), int(speaker) if speaker.isdecimal() else None


def _settings_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _settings(path: Path) -> dict[str, Any]:
    settings = json.loads(_settings_path(path).read_text(encoding="utf-8"))
    if not isinstance(settings, dict):
        raise ValueError(f"{_settings_path(path)} is not a table")  # noqa: TRY004
    return settings


class PiperVoices:
    """Piper's models, one for each voice; they share one phoneme library, so one thread."""

    name = NAME
    thread_safe = False
    speeds = Speeds(single_word=0.8, usual=0.95, slow=0.75, slowest=0.75, fastest=1.3)

    def __init__(self) -> None:
        try:
            from piper import PiperVoice, SynthesisConfig
        except Exception as error:
            raise EngineUnavailableError(
                f"Piper cannot be loaded ({error}); pip install 'voicecoach[piper]'", engine=NAME
            ) from error
        self._load, self._configure = PiperVoice.load, SynthesisConfig
        self._loaded: dict[Path, Any] = {}

    def voices(self) -> Sequence[Voice]:
        """Return the voices in the voices folder."""
        return known_voices()

    def synthesise(self, text: str, voice: str, speed: float) -> tuple[NDArray[np.int16], int]:
        """Speak one sentence."""
        path, speaker = _files(voice)
        if path not in self._loaded:
            try:
                self._loaded[path] = self._load(path)
            except Exception as error:
                raise EngineUnavailableError(
                    f"the voice {path} cannot be loaded: {error}", engine=NAME
                ) from error
        settings = self._configure(
            speaker_id=speaker,
            length_scale=1.0 / speed,
            noise_scale=0.0,
            noise_w_scale=0.0,
            # It would raise each sentence to full scale, quiet and loud ones alike.
            normalize_audio=False,
        )
        chunks = list(self._loaded[path].synthesize(text, syn_config=settings))
        if not chunks:
            return np.zeros(0, np.int16), 22_050
        pcm = b"".join(chunk.audio_int16_bytes for chunk in chunks)
        return np.frombuffer(pcm, "<i2").astype(np.int16), int(chunks[0].sample_rate)
