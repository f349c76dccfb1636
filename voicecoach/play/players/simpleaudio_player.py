"""Slices through simpleaudio, which can start a sound, stop it, and nothing else.

Its list of sounds is not safe to ask while one of them ends, so the end of a slice is seen in
another way: simpleaudio lets go of the memory it was given, and a weak reference tells.
"""

from __future__ import annotations

import atexit
import importlib.util
import sys
import time
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from voicecoach.errors import PlaybackError
from voicecoach.play.players.player import DeviceLostError, Player, unavailable
from voicecoach.play.players.quiet import hush_alsa, quiet_stderr
from voicecoach.play.players.sliced_player import SlicedPlayer
from voicecoach.speech.engine import package_version

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "simpleaudio"
INSTALL = 'pip install "voicecoach[simpleaudio]"'
CRASHING_DISTRIBUTION = "simpleaudio"
CRASHES_FROM = (3, 12)
SAMPLE_RATES = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000)
MOST_CHANNELS = 2
BYTES_PER_SAMPLE = 2
STOP_SECONDS = 1.0
EXIT_SECONDS = 3.0  # an idle PulseAudio sink takes up to 2 s to end a sound
PROBE_FRAMES = 240
PROBE_SAMPLE_RATE = 24_000


@dataclass(frozen=True)
class _Started:
    """A sound that simpleaudio was given."""

    sound: Any
    memory: weakref.ref[NDArray[np.int16]]

    @property
    def is_over(self) -> bool:
        return self.memory() is None


class SimpleaudioPlayer(SlicedPlayer):
    """Plays slice by slice on the default device; exact to some tens of milliseconds."""

    name: ClassVar[str] = NAME

    def __init__(self) -> None:
        super().__init__(None)
        self._started: list[_Started] = []

    def probe(self) -> None:
        """Sound 10 ms of silence; PlayerUnavailableError where there is no device."""
        import numpy as np

        hush_alsa()
        try:
            self._start(np.zeros((PROBE_FRAMES, 1), np.int16), PROBE_SAMPLE_RATE)
        except DeviceLostError as error:
            raise unavailable(self.name, f"no playback device ({error})") from error
        # Its threads are not Python's: one that lets go of its memory while the interpreter is
        # being taken down crashes it. Speakers that are looked for all night must not pile up here.
        atexit.register(self._end_sounds, EXIT_SECONDS)

    def _begin(self) -> None:
        super()._begin()
        if self._sample_rate not in SAMPLE_RATES or self._channels > MOST_CHANNELS:
            raise PlaybackError(
                f"simpleaudio cannot play {self._channels} channels at {self._sample_rate} Hz;"
                f" it plays one or two channels at {', '.join(map(str, SAMPLE_RATES))} Hz:"
                " choose another player"
            )

    def _start_slice(self, samples: NDArray[np.int16]) -> None:
        self._start(samples, self._sample_rate)

    def _start(self, samples: NDArray[np.int16], sample_rate: int) -> None:
        import simpleaudio

        self._started = [one for one in self._started if not one.is_over]
        # Only simpleaudio holds this view once we return, so it dies when the sound has ended.
        handed = samples.view()
        try:
            with quiet_stderr():
                sound = simpleaudio.play_buffer(
                    handed, samples.shape[1], BYTES_PER_SAMPLE, sample_rate
                )
        except Exception as error:  # its own error class is private
            raise DeviceLostError(_reason(error)) from error
        self._started.append(_Started(sound, weakref.ref(handed)))

    def _is_sounding(self) -> bool:
        return bool(self._started) and not self._started[-1].is_over

    def _stop_slices(self) -> None:
        self._end_sounds(STOP_SECONDS)

    def _end_sounds(self, patience_seconds: float) -> None:
        for started in self._started:
            if not started.is_over:
                started.sound.stop()
        until = time.monotonic() + patience_seconds
        while self._started and time.monotonic() < until:
            self._started = [one for one in self._started if not one.is_over]
            time.sleep(0.01)  # also after the last: its thread has a few steps to go


def open_here(device: str | None) -> Player:
    """Return a player that has sounded just now; PlayerUnavailableError where that fails."""
    refuse_crashing_build()
    if device is not None:
        raise unavailable(NAME, "it plays on the default device only, and a device was asked for")
    player = SimpleaudioPlayer()
    player.probe()
    return player


def refuse_crashing_build(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raise PlayerUnavailableError where simpleaudio is missing, or would crash this Python.

    Plain simpleaudio frees memory without the interpreter's lock: from Python 3.12 on that ends the
    process after the first sound. Its patched builds carry other names.
    """
    if version >= CRASHES_FROM and package_version(CRASHING_DISTRIBUTION):
        raise unavailable(
            NAME,
            f"the plain simpleaudio crashes Python {version[0]}.{version[1]}; run `pip uninstall"
            f" simpleaudio`, then `{INSTALL}`",
        )
    if importlib.util.find_spec("simpleaudio") is None:
        raise unavailable(NAME, f"not installed ({INSTALL})")


def _reason(error: Exception) -> str:
    """Return the last part of "what failed -- CODE: n -- MSG: why", or the message as it is."""
    return str(error).rpartition("MSG: ")[2].strip() or type(error).__name__
