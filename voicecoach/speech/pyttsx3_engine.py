"""The voices of the system, through pyttsx3: eSpeak NG on Linux, SAPI 5 on Windows, macOS's own.

On Linux the library comes with the package espeakng-loader, so no system package is needed. Speech
is never played by pyttsx3, only fetched from it. Its usual way of doing so (`save_to_file`, then
`runAndWait`) returns on Linux before the sentence is spoken: half of 300 sentences had the rate of
another one. So there the library underneath is asked directly.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import platform
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voicecoach.errors import EngineUnavailableError, SpeechError, VoicecoachError
from voicecoach.sound.clip import parse_wav, to_pcm16
from voicecoach.speech.engine import Speeds, Voice, package_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from voicecoach.routine.model import Audience

NAME = "pyttsx3"

_WORDS_PER_MINUTE_AT_SPEED_ONE = 150
"""eSpeak's own 200 is hard to follow."""
_SLOWEST_WORDS_PER_MINUTE, _FASTEST_WORDS_PER_MINUTE = 80, 300
_PITCH = 50
_VOLUME = 100

_LINUX_ENGLISH = "gmw/en-us"
"""The American voice was understood best of eSpeak's English voices."""

_DRIVERS = {"darwin": "nsss", "win32": "sapi5"}
_LINUX_DRIVER = "espeak"

# What the direct way needs from pyttsx3's private binding to eSpeak.
_BINDING_NAMES = (
    *("Synchronize", "SetSynthCallback", "SetVoiceByName", "SetParameter", "Synth"),
    *("RATE", "PITCH", "VOLUME", "ENDPAUSE", "CHARS_UTF8"),
)

_ESPEAK_SAMPLE_RATE = 22_050

_UTTERANCE_LIMIT_SECONDS = 60.0


def missing() -> str:
    """Name what is missing; empty where the engine can be opened."""
    if importlib.util.find_spec("pyttsx3") is None:
        return "pyttsx3 is not installed; pip install pyttsx3"
    return ""


def default_voice(language: str, audience: Audience) -> str | None:  # noqa: ARG001
    """Return eSpeak's American voice for English on Linux; elsewhere only the list can tell."""
    if _driver_name() == _LINUX_DRIVER and language.lower() in {"en", "en-us"}:
        return _LINUX_ENGLISH
    return None


def known_voices() -> Sequence[Voice] | None:
    """Return nothing: the system must be asked."""
    return None


def voice_problem(voice: str) -> str:  # noqa: ARG001
    """Return nothing: the list of voices tells."""
    return ""


def identity(voice: str) -> Mapping[str, str]:  # noqa: ARG001
    """Return the versions that the sound depends on."""
    versions = {"pyttsx3": package_version("pyttsx3"), "system": platform.system()}
    if _driver_name() == _LINUX_DRIVER:
        return versions | {"espeakng-loader": package_version("espeakng-loader")}
    return versions | {"release": platform.release()}


def open_engine() -> SystemVoices:
    """Open the system's voices."""
    preload_espeak()
    return SystemVoices()


def _driver_name() -> str:
    """Return pyttsx3's driver for this system; its `avspeech` cannot write files."""
    return _DRIVERS.get(sys.platform, _LINUX_DRIVER)


def preload_espeak() -> None:
    """Map the eSpeak NG library of espeakng-loader, before pyttsx3 looks for one.

    The loader finds a library that is already in the process by its name, so pyttsx3 takes this
    one, whatever the system has. Without its data the library would end the process, so the folder
    is checked first; the variable names it while the library starts.
    """
    if _driver_name() != _LINUX_DRIVER:
        return
    try:
        import espeakng_loader

        library, folder = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    except (ImportError, RuntimeError):
        return
    if not (Path(folder) / "phontab").is_file():
        return
    with contextlib.suppress(OSError):
        ctypes.CDLL(library)
        os.environ["ESPEAK_DATA_PATH"] = folder


class SystemVoices:
    """pyttsx3, opened once; one thread."""

    name = NAME
    thread_safe = False
    speeds = Speeds(single_word=0.93, usual=1.0, slow=0.8, slowest=0.8, fastest=1.6)

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        try:
            import pyttsx3

            # pyttsx3 itself keeps only a weak reference.
            self._engine = pyttsx3.init(_driver_name())
            self._voices = [_voice(voice) for voice in self._engine.getProperty("voices")]
        except Exception as error:
            raise EngineUnavailableError(f"{error}; {_what_to_install()}", engine=NAME) from error
        finally:
            # Read when the library starts; another program's eSpeak must not inherit it.
            os.environ.pop("ESPEAK_DATA_PATH", None)
        if not self._voices:
            raise EngineUnavailableError(
                f"the system has no voices; {_what_to_install()}", engine=NAME
            )
        self._binding = _espeak_binding() if _driver_name() == _LINUX_DRIVER else None
        self._failure: Exception | None = None
        self._finished = threading.Event()
        self._engine.connect("finished-utterance", self._note_finished)
        self._engine.connect("error", self._note_failure)

    def voices(self) -> Sequence[Voice]:
        """Return the system's voices."""
        return list(self._voices)

    def synthesise(self, text: str, voice: str, speed: float) -> tuple[NDArray[np.int16], int]:
        """Speak one sentence; the same words come out nearly, not exactly, the same each time."""
        wanted = max(round(_WORDS_PER_MINUTE_AT_SPEED_ONE * speed), _SLOWEST_WORDS_PER_MINUTE)
        words_per_minute = min(wanted, _FASTEST_WORDS_PER_MINUTE)
        with self._one_at_a_time:
            if self._binding is None:
                return self._save(text, voice, words_per_minute)
            samples = self._fetch(self._binding, text, voice, words_per_minute)
            return samples, _ESPEAK_SAMPLE_RATE

    @staticmethod
    def _fetch(espeak: Any, text: str, voice: str, words_per_minute: int) -> NDArray[np.int16]:
        pcm = bytearray()
        has_ended = threading.Event()

        def keep(samples: Any, count: int, events: Any) -> int:  # noqa: ARG001
            if not samples:
                has_ended.set()
            elif count > 0:
                pcm.extend(ctypes.string_at(samples, 2 * count))
            return 0

        # It reports its end more than once; nothing of the sentence before may still come.
        espeak.Synchronize()
        espeak.SetSynthCallback(keep)
        if espeak.SetVoiceByName(voice.encode()):
            raise SpeechError(f"eSpeak NG has no voice {voice}", engine=NAME, text=text)
        espeak.SetParameter(espeak.RATE, words_per_minute, 0)
        espeak.SetParameter(espeak.PITCH, _PITCH, 0)
        espeak.SetParameter(espeak.VOLUME, _VOLUME, 0)
        espeak.Synth(text.encode(), flags=espeak.ENDPAUSE | espeak.CHARS_UTF8)
        # It says when there is no more; `Synchronize` would only look every 10 ms.
        if not has_ended.wait(_UTTERANCE_LIMIT_SECONDS):
            espeak.Synchronize()
        return np.frombuffer(bytes(pcm), "<i2").astype(np.int16)

    def _save(self, text: str, voice: str, words_per_minute: int) -> tuple[NDArray[np.int16], int]:
        self._failure = None
        self._finished.clear()
        with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
            # Absolute, and with the suffix that macOS writes whatever it is asked for.
            ending = "aiff" if sys.platform == "darwin" else "wav"
            path = Path(folder, f"speech.{ending}").resolve()
            self._engine.setProperty("voice", voice)
            self._engine.setProperty("rate", words_per_minute)
            self._synchronise()
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()
            if _driver_name() == _LINUX_DRIVER:
                # Here runAndWait returns before eSpeak's own thread has spoken.
                self._finished.wait(_UTTERANCE_LIMIT_SECONDS)
                self._synchronise()
            if self._failure is not None:
                raise SpeechError(str(self._failure), engine=NAME, text=text)
            if not path.is_file():
                raise SpeechError("the system wrote no speech", engine=NAME, text=text)
            return read_speech_file(path)

    @staticmethod
    def _synchronise() -> None:
        """Wait until eSpeak has taken over the settings, where it can be asked."""
        drivers = sys.modules.get("pyttsx3.drivers._espeak")
        if wait := getattr(drivers, "Synchronize", None):
            wait()

    def _note_finished(self, **_event: object) -> None:
        self._finished.set()

    def _note_failure(self, exception: Exception | None = None, **_event: object) -> None:
        self._failure = exception or RuntimeError("the system's voice failed")


def _espeak_binding() -> Any:
    """Return pyttsx3's binding to eSpeak; None if it lacks what the direct way needs."""
    try:
        from pyttsx3.drivers import _espeak
    except Exception:  # noqa: BLE001  (a private module may go, or fail, in any way)
        return None
    return _espeak if all(hasattr(_espeak, name) for name in _BINDING_NAMES) else None


def _voice(listed: Any) -> Voice:
    languages = [str(language) for language in listed.languages or () if language]
    language = languages[0].replace("_", "-").lower() if languages else ""
    gender = f", {listed.gender.lower()}" if isinstance(listed.gender, str) else ""
    return Voice(NAME, str(listed.id), language, f"{listed.name}{gender}")


def _what_to_install() -> str:
    if _driver_name() == _LINUX_DRIVER:
        return "pip install espeakng-loader, or install espeak-ng with the system's package manager"
    return "add a voice in the system's speech settings"


def read_speech_file(path: Path) -> tuple[NDArray[np.int16], int]:
    """Return samples and rate of a file from a system's voice: WAV or AIFF, whatever its name."""
    content = path.read_bytes()
    if content[:4] == b"FORM":
        return _parse_aiff(content)
    try:
        clip = parse_wav(content, "the system's speech")
    except VoicecoachError as error:
        raise SpeechError(str(error), engine=NAME) from error
    return to_pcm16(clip.samples.mean(axis=1, dtype=np.float32)), clip.sample_rate


_AIFF_NUMBERS = {
    b"NONE": {8: ">i1", 16: ">i2", 32: ">i4"},
    b"twos": {16: ">i2"},
    b"sowt": {16: "<i2"},
    b"fl32": {32: ">f4"},
    b"FL32": {32: ">f4"},
}
"""How numpy calls the numbers of an AIFF file, by its compression and bits."""


def _parse_aiff(content: bytes) -> tuple[NDArray[np.int16], int]:
    kind, common, sound = content[8:12], b"", b""
    position = 12
    while position + 8 <= len(content):
        name = content[position : position + 4]
        size = int.from_bytes(content[position + 4 : position + 8], "big")
        body = content[position + 8 : position + 8 + size]
        if name == b"COMM":
            common = body
        elif name == b"SSND":
            # The samples start after an offset and a block size.
            sound = body[8 + int.from_bytes(body[:4], "big") :]
        position += 8 + size + size % 2
    if len(common) < 18:
        raise SpeechError("the system's speech is a broken AIFF file", engine=NAME)
    channels, bits = int.from_bytes(common[:2], "big"), int.from_bytes(common[6:8], "big")
    # The rate is an 80-bit float: sign and exponent in two bytes, then 64 bits, the highest first.
    exponent = int.from_bytes(common[8:10], "big") & 0x7FFF
    sample_rate = round(int.from_bytes(common[10:18], "big") * 2.0 ** (exponent - 16_383 - 63))
    compression = common[18:22] if kind == b"AIFC" else b"NONE"
    number = _AIFF_NUMBERS.get(compression, {}).get(bits)
    if number is None or channels < 1 or sample_rate < 1:
        raise SpeechError(
            f"the system's speech is an AIFF file of a kind that is not read here "
            f"({compression.decode('latin-1')}, {bits} bits)",
            engine=NAME,
        )
    width = int(number[2]) * channels
    values = np.frombuffer(sound[: len(sound) // width * width], number).astype(np.float64)
    if "i" in number:
        values /= 2.0 ** (8 * int(number[2]) - 1)
    mono = values.reshape(-1, channels).mean(axis=1)
    return to_pcm16(mono.astype(np.float32)), sample_rate
