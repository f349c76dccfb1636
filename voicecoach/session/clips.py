"""The clips of a session: spoken sentences and tones, at one sample rate, and their lengths."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.sound.clip import CHANNELS, SAMPLE_RATE, Clip, resample
from voicecoach.sound.sounds import SOUNDS, load_sound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voicecoach.library.library import Library
    from voicecoach.speech import Narrator


class ClipsAtRate:
    """Clips brought to the sample rate of a session, each once as long as it is remembered.

    Usable from any thread: after a command the stream before it may still be taking its last clip.
    """

    MEMORY_BYTES = 16_000_000
    """A minute and a half at 44.1 kHz; another takes some milliseconds."""

    def __init__(self, sample_rate: int = SAMPLE_RATE) -> None:
        self.sample_rate = sample_rate
        """Hz."""
        self._lock = threading.Lock()
        self._clips: OrderedDict[object, Clip] = OrderedDict()
        self._clip_bytes = 0

    def of(self, name: object, clip: Clip) -> Clip:
        """Return a clip, always the same for one name, at the sample rate of the session."""
        if clip.sample_rate == self.sample_rate:
            return clip
        with self._lock:
            if name in self._clips:
                self._clips.move_to_end(name)
                return self._clips[name]
        there = resample(clip, self.sample_rate)
        if there.peak > clip.peak:  # what lay between two samples; the room above it is given away
            there = Clip(there.samples * np.float32(clip.peak / there.peak), self.sample_rate)
        with self._lock:
            if name in self._clips:  # somebody else was faster
                return self._clips[name]
            self._clips[name] = there
            self._clip_bytes += there.samples.nbytes
            while self._clip_bytes > self.MEMORY_BYTES and len(self._clips) > 1:
                _, oldest = self._clips.popitem(last=False)
                self._clip_bytes -= oldest.samples.nbytes
        return there

    def forget(self) -> None:
        """Remember no clip any more."""
        with self._lock:
            self._clips.clear()
            self._clip_bytes = 0


class MeasuredClips:
    """The clips of a session, and their lengths for the script engine.

    The lengths are those at the usual sample rate, so that music moves nothing.
    """

    def __init__(
        self,
        narrator: Narrator,
        library: Library,
        seconds_a_word: float,
        rate: float | None = None,
        at_rate: ClipsAtRate | None = None,
    ) -> None:
        self._narrator = narrator
        self._library = library
        self._rate = rate
        self._at_rate = at_rate or ClipsAtRate()
        self._sounds: dict[str, Clip] = {}
        self.word_seconds = seconds_a_word
        """Length of a spoken word, pauses included, that speech is paced to."""

    @property
    def pause_seconds(self) -> tuple[float, float]:
        """Return the shortest and the longest silence between the sentences of one utterance."""
        return self._narrator.pause_seconds

    def sentence(self, text: str, speed: float = 1.0) -> Clip:
        """Return a spoken sentence; waits until it has been synthesised."""
        clip = self._narrator.clip(text, speed, rate=self._rate)
        return self._at_rate.of((text, speed, self._rate), clip)

    def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
        """Return the length of that clip."""
        return self._narrator.seconds(sentence, speed, rate=self._rate)

    def sound(self, name: str) -> Clip:
        """Return the sound of that name, the user's own before the bundled one."""
        return self._at_rate.of(name, self._sound(name))

    def sound_seconds(self, name: str) -> float:
        """Return the length of that sound."""
        return self._sound(name).duration_seconds

    def _sound(self, name: str) -> Clip:
        if name not in self._sounds:
            self._sounds[name] = load_sound(self._library.find_sound(name), SAMPLE_RATE, CHANNELS)
        return self._sounds[name]

    @property
    def sound_files(self) -> tuple[Path, ...]:
        """Return the files of the tones."""
        return tuple(self._library.find_sound(name) for name in SOUNDS)

    def prefetch(self, wanted: Iterable[tuple[str, float]]) -> None:
        """Have sentences spoken ahead at their speeds, in that order; return at once."""
        self._narrator.prefetch(wanted, rate=self._rate)

    def at_rate(self, rate: float, seconds_a_word: float) -> MeasuredClips:
        """Return the clips of the same voice at another pace."""
        return MeasuredClips(self._narrator, self._library, seconds_a_word, rate, self._at_rate)

    def forget(self) -> None:
        """Hold no clip at the sample rate of the session any more, of any pace."""
        self._at_rate.forget()
