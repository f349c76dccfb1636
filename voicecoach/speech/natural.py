"""The natural voice: hibari-tts, a small neural model whose American voice comes with the package.

Nothing is ever downloaded: a voice is offered where its model lies in the package, or where the
user has its file (in hibari's own folder, or named by its path).
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach.errors import EngineUnavailableError
from voicecoach.routine.model import Audience
from voicecoach.speech.engine import Speeds, Voice, file_hash, package_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

NAME = "natural"

_COLOURS = {"heart": 1.0, "bright": 1.06, "deep": 0.94}
"""Voices made from the one in the package by playing it faster or slower, which moves its pitch and
timbre together. Beyond 0.92 to 1.10 it stops sounding like a person."""

_COLOUR_DESCRIPTIONS = {
    "heart": "American English, female, warm",
    "bright": "American English, female, a little higher",
    "deep": "American English, female, a little lower",
}

# Said on its own this is heard as "study", the more the faster; as two syllables, each with its own
# d, it is understood at every speed and in every colour. The notation is the engine's own.
_RESPELLED = {"steady": "[Steady](/stˈɛd.di/)"}


def missing() -> str:
    """Name what is missing; empty where the engine can be opened."""
    for package, module in (("hibari-tts", "hibari"), ("onnxruntime", "onnxruntime")):
        if importlib.util.find_spec(module) is None:
            return f"{package} is not installed; pip install {package}"
    return ""


def default_voice(language: str, audience: Audience) -> str | None:
    """Return the voice in the package, in the children's colour for children; English only."""
    if language.partition("-")[0].lower() != "en":
        return ""
    return "bright" if audience is Audience.CHILD else "heart"


def known_voices() -> Sequence[Voice]:
    """Return the package's voice in its colours, and the models that the user has."""
    voices = [Voice(NAME, name, "en-us", text) for name, text in _COLOUR_DESCRIPTIONS.items()]
    for name, entry in _registry().items():
        if not entry.get("bundled") and (_model_folder() / entry["file"]).is_file():
            description = f"{entry['accent']} English, {entry['gender']}"
            voices.append(Voice(NAME, name, entry["language"].lower(), description))
    return voices


def voice_problem(voice: str) -> str:
    """Return the reason why a voice cannot be used; empty where it can."""
    if voice.endswith(".onnx"):
        return "" if Path(voice).is_file() else f"there is no file {voice}"
    if any(known.name == voice for known in known_voices()):
        return ""
    if voice in _registry():
        file, folder = _registry()[voice]["file"], _model_folder()
        return f"its model is not here, and nothing is downloaded; put {file} into {folder}"
    return ""


def identity(voice: str) -> Mapping[str, str]:
    """Return the versions and the model that the sound depends on."""
    return {
        "hibari-tts": package_version("hibari-tts"),
        "onnxruntime": package_version("onnxruntime"),
        "model": file_hash(_model(voice)[0]),
        "colour": str(_COLOURS.get(voice, 1.0)),
        "seed": "0",
        "respelled": json.dumps(_RESPELLED, ensure_ascii=False),
    }


def open_engine() -> NaturalEngine:
    """Load the library; each model is loaded when its voice first speaks."""
    return NaturalEngine()


class NaturalEngine:
    """hibari's models, one for each voice in use."""

    name = NAME
    thread_safe = True
    # Measured with a recogniser: single words are misheard at 0.8 and below, sentences are not;
    # those for children had 1.6 % word errors at 0.8, 0.7 % at 0.7 and none at 0.66 and 0.62.
    speeds = Speeds(single_word=0.88, usual=0.85, slow=0.8, slowest=0.64, fastest=1.2)

    def __init__(self) -> None:
        try:
            from hibari import Hibari
        except Exception as error:
            raise EngineUnavailableError(
                f"the natural voice cannot be loaded ({error}); "
                "reinstall hibari-tts and onnxruntime, or use --voice pyttsx3",
                engine=NAME,
            ) from error
        self._open_model = Hibari
        self._models: dict[tuple[Path, str], Any] = {}
        self._loading = threading.Lock()

    def voices(self) -> Sequence[Voice]:
        """Return the voices whose models are here."""
        return known_voices()

    def synthesise(self, text: str, voice: str, speed: float) -> tuple[NDArray[np.float32], int]:
        """Speak one sentence; always the same samples for the same words."""
        model = self._load(*_model(voice))
        text = _RESPELLED.get(text.strip(" .!?").lower(), text)
        samples: NDArray[np.float32] = model(text, speed=speed, seed=0)
        # Samples that claim another rate are a colour: resampling applies it.
        return samples, round(model.sample_rate * _COLOURS.get(voice, 1.0))

    def _load(self, path: Path, accent: str) -> Any:
        """Return a model, loaded once; one thread each, so that its bits repeat."""
        with self._loading:
            if (path, accent) not in self._models:
                try:
                    model = self._open_model(voice=accent, model=str(path), threads=1)
                    model.g2p  # noqa: B018  (loads the dictionaries now, not in two threads at once)
                except Exception as error:
                    raise EngineUnavailableError(
                        f"the voice model {path} cannot be loaded: {error}", engine=NAME
                    ) from error
                self._models[path, accent] = model
            return self._models[path, accent]


def _model(voice: str) -> tuple[Path, str]:
    """Return the file of a voice's model and the registered voice whose accent it has."""
    registry = _registry()
    if voice.endswith(".onnx"):
        path = Path(voice).resolve()
        same = (name for name, entry in registry.items() if entry["file"] == path.name)
        return path, next(same, "heart")
    name = "heart" if voice in _COLOURS else voice
    entry = registry[name]
    folder = _assets() if entry.get("bundled") else _model_folder()
    return folder / entry["file"], name


def _assets() -> Path:
    """Return the folder of the package's own files, without importing it."""
    spec = importlib.util.find_spec("hibari")
    if spec is None or spec.origin is None:
        raise EngineUnavailableError(f"the natural voice: {missing()}", engine=NAME)
    return Path(spec.origin).parent / "assets"


@lru_cache(maxsize=1)
def _registry() -> dict[str, dict[str, Any]]:
    """Return the package's voices by name; empty where it is not installed."""
    if missing():
        return {}
    listed = (_assets() / "voices.json").read_text(encoding="utf-8")
    registry: dict[str, dict[str, Any]] = json.loads(listed)
    return registry


def _model_folder() -> Path:
    """Return the folder where hibari's own tools put further models."""
    if chosen := os.environ.get("HIBARI_HOME"):
        return Path(chosen)
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  (unlike Path.home, no error without a home)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home) / "hibari"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "hibari"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "hibari"
