"""Our own sounds, made by code, and sound files of any kind as clips.

The start tone glides up, the end tone steps down: told apart with eyes shut, by somebody who hears
one of them alone. They are some 4 LU softer than speech, which is well above anybody's breathing. And
they are low enough for a sentence over them: speech at its peak (-4.5 dBFS) and a tone at its peak
come to -1.7 dBFS together. Music under both is cut to what they leave below -1.5.

The files in audio/sounds/ are what `write_sounds` writes:
python -c "from voicecoach.sound.sounds import write_sounds; write_sounds('audio/sounds')"
"""

from __future__ import annotations

import tempfile
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import SoundError, VoicecoachError
from voicecoach.sound.clip import (
    CHANNELS,
    SAMPLE_RATE,
    Clip,
    db_to_gain,
    fade,
    parse_wav,
    read_wav,
    resample,
    to_pcm16,
    with_channels,
)
from voicecoach.sound.pydub_gate import INSTALL_FFMPEG, find_ffmpeg, pydub_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PEAK_DB = -13.0
"""dBFS; the peak of our sounds."""

# Shorter edges click; longer ones make the moment of the start hard to hear.
_EDGE_SECONDS = 0.005

# The partials, against the first. The speaker of a phone has little below 1 kHz: what is heard there
# are the upper ones. The third makes the wave flatter, so that they cost no loudness under the peak.
_PARTIALS = (1.0, 0.3, 0.2, 0.08)


def _note(frequencies_hz: NDArray[np.float64], decay_seconds: float) -> NDArray[np.float64]:
    """Return a soft note that follows the frequencies, one for each frame, and dies away."""
    turns = np.cumsum(frequencies_hz) / SAMPLE_RATE
    wave_form = sum(
        level * np.sin(2.0 * np.pi * partial * turns)
        for partial, level in enumerate(_PARTIALS, start=1)
    )
    dying = np.exp(-np.arange(len(turns)) / (decay_seconds * SAMPLE_RATE))
    note: NDArray[np.float64] = wave_form * dying
    return note


def _finished(wave_form: NDArray[np.float64]) -> Clip:
    """Return a wave form as clip: edges rounded, peak at PEAK_DB."""
    faded = fade(
        Clip(wave_form.astype(np.float32).reshape(-1, 1), SAMPLE_RATE), _EDGE_SECONDS, _EDGE_SECONDS
    )
    return Clip(faded.samples * np.float32(db_to_gain(PEAK_DB) / faded.peak), SAMPLE_RATE)


def _start() -> Clip:
    """Return the start tone: 0.30 s, gliding up a fifth from D to A."""
    frames = round(0.30 * SAMPLE_RATE)
    rise = np.clip(np.arange(frames) / (0.18 * SAMPLE_RATE), 0.0, 1.0)
    smooth = 0.5 - 0.5 * np.cos(np.pi * rise)
    return _finished(_note(587.33 * 1.5**smooth, decay_seconds=0.25))


def _end() -> Clip:
    """Return the end tone: 0.45 s, two notes, from G down a fifth to C."""
    first = _finished(_note(np.full(round(0.15 * SAMPLE_RATE), 783.99), decay_seconds=0.12))
    second = _finished(_note(np.full(round(0.30 * SAMPLE_RATE), 523.25), decay_seconds=0.14))
    return Clip(np.concatenate([first.samples, second.samples]), SAMPLE_RATE)


def _tick() -> Clip:
    """Return the tick: 0.1 s, too short to be taken for a tone that starts or ends something."""
    return _finished(_note(np.full(round(0.1 * SAMPLE_RATE), 880.0), decay_seconds=0.03))


SOUNDS: dict[str, Callable[[], Clip]] = {
    "start": _start,
    "end": _end,
    "tick": _tick,
}
"""Our sounds by name, and what makes them."""


def write_sounds(folder: Path | str) -> list[Path]:
    """Write each of our sounds as `NAME.wav` (16 bits) into a folder that exists."""
    written = []
    for name, make in SOUNDS.items():
        path = Path(folder) / f"{name}.wav"
        clip = make()
        with wave.open(str(path), "wb") as file:
            file.setnchannels(clip.channels)
            file.setsampwidth(2)
            file.setframerate(clip.sample_rate)
            file.writeframes(to_pcm16(clip.samples).tobytes())
        written.append(path)
    return written


def load_sound(path: Path, sample_rate: int = SAMPLE_RATE, channels: int = CHANNELS) -> Clip:
    """Return the sound of a file at the session's sample rate and number of channels.

    WAV is read here; anything else goes through pydub and ffmpeg.
    """
    clip = read_wav(path) if path.suffix.lower() == ".wav" else _load_through_pydub(path)
    if not clip.length_frames:
        raise SoundError(f"{path}: holds no sound at all")
    return with_channels(resample(clip, sample_rate), channels)


def _load_through_pydub(path: Path) -> Clip:
    """Return the sound of a file that ffmpeg can read."""
    if not path.is_file():
        raise SoundError(f"{path}: there is no such sound file")
    if find_ffmpeg() is None:
        raise SoundError(
            f"{path}: only .wav files are read without ffmpeg; save it as WAV, or {INSTALL_FFMPEG}"
        )
    with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
        try:
            with pydub_in(Path(folder)) as audio_segment:
                # The reader with the long name needs no ffprobe, which packages of ffmpeg for
                # Python do not carry.
                segment = audio_segment.from_file_using_temporary_files(str(path))
                wav = segment.export(Path(folder) / "sound.wav", format="wav")
                with wav:
                    return parse_wav(wav.read(), str(path))
        except VoicecoachError:
            raise
        except Exception as error:
            raise SoundError(
                f"{path}: ffmpeg cannot read it as a sound; save it as WAV and try again"
            ) from error
