"""The recipe of our own sounds: `python -m tests.support.tones` writes the files in audio/sounds/."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import numpy as np

from tests.support.checkout import CHECKOUT
from voicecoach.sound.clip import SAMPLE_RATE, Clip, db_to_gain, fade, to_pcm16

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


TONES: dict[str, Callable[[], Clip]] = {
    "start": _start,
    "end": _end,
    "tick": _tick,
}
"""Our sounds by name, and what makes them."""


def wav_of(clip: Clip) -> bytes:
    """Return a clip as a WAV file of 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(clip.channels)
        writer.setsampwidth(2)
        writer.setframerate(clip.sample_rate)
        writer.writeframes(to_pcm16(clip.samples).tobytes())
    return file.getvalue()


if __name__ == "__main__":
    for name, make in TONES.items():
        (CHECKOUT / "audio" / "sounds" / f"{name}.wav").write_bytes(wav_of(make()))
