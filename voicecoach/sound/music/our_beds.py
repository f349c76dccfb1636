"""Calm beds made by code: each is a loop without a seam, the same on every computer and every day.

A loop is a sum of waves that each fit into it a whole number of times, or of sounds that ring on
from its end into its beginning, so that its last frame is followed by its first as by any other.
Nearly all of it lies below 1 kHz, where it leaves the words alone, and nothing in it sounds like a
tone of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SAMPLE_RATE = 44_100
"""Hz; the rate of all music."""

CHANNELS = 2
"""Left and right."""

LOOP_SECONDS = 60
LOOP_FRAMES = LOOP_SECONDS * SAMPLE_RATE

_PEAK = 0.9
"""Of full scale; how loud a bed is played is decided by its loudness, not here."""


def make_waves() -> NDArray[np.int16]:
    """Return surf: a wave every nine seconds or so that swells, breaks softly and runs out."""
    # Unlike those of default_rng, these numbers are the same in every version of numpy.
    random = np.random.RandomState(1)
    far = _noise(random, low_hz=60.0, high_hz=260.0, shared=0.6)
    near = _noise(random, low_hz=180.0, high_hz=620.0, shared=0.4)
    spray = _noise(random, low_hz=500.0, high_hz=1400.0, shared=0.2)
    swell = np.zeros(LOOP_FRAMES, np.float32)
    start_seconds = 0.0
    for apart_seconds in (8.5, 9.5, 7.5, 9.0, 10.0, 7.0, 8.5):  # one loop in all
        height = 0.75 + 0.25 * random.uniform()
        _add_round(swell, round(start_seconds * SAMPLE_RATE), height * _wave())
        start_seconds += apart_seconds
    foam = swell * swell
    samples = far * (0.35 + 0.4 * swell[:, None]) + near * (0.06 + 0.7 * swell[:, None])
    return _finished(samples + 0.25 * spray * foam[:, None])


def _wave() -> NDArray[np.float32]:
    """Swell in four seconds and run out in eight."""
    rising = np.sin(np.linspace(0.0, np.pi / 2, 4 * SAMPLE_RATE, endpoint=False)) ** 2
    falling = np.cos(np.linspace(0.0, np.pi / 2, 8 * SAMPLE_RATE, endpoint=False)) ** 3
    return np.concatenate([rising, falling]).astype(np.float32)


def _noise(
    random: np.random.RandomState, *, low_hz: float, high_hz: float, shared: float
) -> NDArray[np.float32]:
    """Return two-channel noise around a band; `shared` of it is the same in both channels."""
    hertz = np.fft.rfftfreq(LOOP_FRAMES, 1.0 / SAMPLE_RATE)
    # Beyond the band it falls by 12 dB an octave below and by 24 dB above.
    shape = (hertz / low_hz) ** 2 / (1.0 + (hertz / low_hz) ** 2) / (1.0 + (hertz / high_hz) ** 4)
    cut = hertz < 6_000.0
    count = int(np.count_nonzero(cut))
    both, left, right = (
        random.standard_normal(count) + 1j * random.standard_normal(count) for _ in range(3)
    )
    spectra = np.zeros((CHANNELS, len(hertz)), np.complex64)
    for channel, own in enumerate((left, right)):
        spectra[channel, cut] = shape[cut] * (np.sqrt(shared) * both + np.sqrt(1 - shared) * own)
    noise = np.fft.irfft(spectra, LOOP_FRAMES).T
    return np.ascontiguousarray(noise / np.sqrt(np.mean(noise**2)), np.float32)


_CHORDS_HZ = (
    (65.41, 130.81, 196.00, 246.94, 329.63),  # C E G B
    (55.00, 110.00, 164.81, 261.63, 329.63),  # A C E
    (87.31, 130.81, 174.61, 220.00, 329.63),  # F A C E
    (49.00, 98.00, 196.00, 293.66, 440.00),  # G D A
)
_CHORD_SHAPE = 5
"""How long a chord is alone: it swells as the raised cosine of a round, to this power."""
_DETUNED_HZ = (-0.35, 0.0, 0.3)


def make_pad() -> NDArray[np.int16]:
    """Return four warm chords in a round, each melting into the next."""
    random = np.random.RandomState(2)
    spectra = np.zeros((CHANNELS, LOOP_FRAMES // 2 + 1), np.complex64)
    # The swelling of a chord is itself a sum of a few slow waves, so each note is a few lines of
    # the spectrum and the loop is one transform.
    round_ = np.fft.fft((0.5 + 0.5 * np.cos(2 * np.pi * np.arange(64) / 64)) ** _CHORD_SHAPE) / 64
    slow = np.arange(-_CHORD_SHAPE, _CHORD_SHAPE + 1)
    for place, chord in enumerate(_CHORDS_HZ):
        turned = round_[slow] * np.exp(-2j * np.pi * slow * place / len(_CHORDS_HZ))
        for note_hz in chord:
            for partial in range(1, 5):
                level = 0.5 ** (partial - 1) / (1.0 + (partial * note_hz / 500.0) ** 2)
                level *= min(1.0, note_hz / 130.0)  # small speakers have nothing so low
                for detuned_hz, channel in np.ndindex(len(_DETUNED_HZ), CHANNELS):
                    hertz = partial * (note_hz + _DETUNED_HZ[detuned_hz])
                    line = round(hertz * LOOP_SECONDS)
                    turn = np.exp(2j * np.pi * random.uniform())
                    spectra[channel, line + slow] += level * turn * turned
    return _finished(np.ascontiguousarray(np.fft.irfft(spectra, LOOP_FRAMES).T))


_BOWLS_HZ = (110.0, 130.81, 164.81, 196.0)
_BOWL_PARTIALS = ((1.0, 1.0, 9.0), (2.71, 0.22, 5.0), (4.9, 0.03, 2.5))
"""Of a bowl: frequency and level against the lowest, and in how many seconds each dies away."""
_STROKES_SECONDS = (0.0, 7.5, 14.0, 22.0, 29.5, 37.0, 44.0, 52.5)
_BOWL_SECONDS = 22
_BOWL_RISES_SECONDS, _BOWL_FALLS_SECONDS = 2.5, 4.0


def make_bowls() -> NDArray[np.int16]:
    """Return singing bowls, each stroked rather than struck, that beat slowly and ring for long."""
    random = np.random.RandomState(3)
    bowls = [[_bowl(lowest_hz, random) for _ in range(CHANNELS)] for lowest_hz in _BOWLS_HZ]
    samples = np.zeros((CHANNELS, LOOP_FRAMES), np.float32)
    for start_seconds, bowl in zip(_STROKES_SECONDS, (0, 2, 1, 3, 0, 3, 2, 1), strict=True):
        for channel, sound in enumerate(bowls[bowl]):
            _add_round(samples[channel], round(start_seconds * SAMPLE_RATE), sound)
    return _finished(np.ascontiguousarray(samples.T))


def _bowl(lowest_hz: float, random: np.random.RandomState) -> NDArray[np.float32]:
    seconds = np.arange(_BOWL_SECONDS * SAMPLE_RATE, dtype=np.float32) / np.float32(SAMPLE_RATE)
    sound = np.zeros_like(seconds)
    for factor, level, dying_seconds in _BOWL_PARTIALS:
        hertz, beat_hz = factor * lowest_hz, 0.25 + 0.2 * random.uniform()
        one, other = random.uniform(size=2)
        pair = np.sin(_turns(hertz, one)) + 0.6 * np.sin(_turns(hertz + beat_hz, other))
        sound += np.float32(level) * pair * np.exp(-seconds / np.float32(dying_seconds))
    rising = np.minimum(seconds / np.float32(_BOWL_RISES_SECONDS), 1.0)
    falling = np.minimum((_BOWL_SECONDS - seconds) / np.float32(_BOWL_FALLS_SECONDS), 1.0)
    rounded: NDArray[np.float32] = sound * np.sin(np.float32(np.pi / 2) * rising * falling) ** 2
    return rounded


def _turns(hertz: float, turn: float) -> NDArray[np.float32]:
    """Return the angles of a wave in a bowl; it begins a fraction `turn` into its period."""
    turns = np.arange(_BOWL_SECONDS * SAMPLE_RATE) * (hertz / SAMPLE_RATE) + turn
    # A large angle in 32 bits would be a coarse one: that is a hiss.
    angles: NDArray[np.float32] = ((turns % 1.0) * (2.0 * np.pi)).astype(np.float32)
    return angles


def _add_round(loop: NDArray[np.float32], start_frame: int, sound: NDArray[np.float32]) -> None:
    """Add a sound to a loop; its end wraps around to the beginning."""
    there = min(len(sound), len(loop) - start_frame)
    loop[start_frame : start_frame + there] += sound[:there]
    loop[: len(sound) - there] += sound[there:]


def _finished(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    scale = _PEAK * 32_767.0 / float(np.max(np.abs(samples)))
    loop: NDArray[np.int16] = np.rint(samples * np.float32(scale)).astype(np.int16)
    return loop


BEDS: dict[str, Callable[[], NDArray[np.int16]]] = {
    "waves": make_waves,
    "pad": make_pad,
    "bowls": make_bowls,
}
"""Our beds by name, and what makes them: one loop, shape (frames, 2)."""
