"""The bed under one stream: it makes room for words, begins softly, ends with the session.

How far it is down depends on the frame and on what sounds around it, and on nothing else: not on
the blocks that are asked for, and not on when it was known what comes. It is down before a word
begins, stays down between words that belong together, and comes back slowly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.sound.clip import db_to_gain, rising_edge, seconds_to_frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.sound.music.bed import Bed

DUCKED_DB = -11.0
"""Gain of the bed while something sounds."""

ATTACK_SECONDS = 0.3
"""The bed begins to go down this long before a word, and is down when the word begins."""
HOLD_SECONDS = 0.7
"""The bed stays down this long after a word. A gap of a second before the next one is bridged,
and the words of a countdown lie in one valley."""
RELEASE_SECONDS = 1.2

FADE_IN_SECONDS = 2.5
"""Longer than a word keeps the bed down, so that no start of a stream shows after it."""
FADE_OUT_SECONDS = 5.0

CEILING_DB = -1.5
"""dBFS; where words and a tone come near it, the bed gives way: with it, nothing is louder than
that. Half a dB is left for what lies between two samples."""


class Accompaniment:
    """The bed under a stream that is asked for piece after piece, from its beginning to its end."""

    def __init__(self, bed: Bed, start_frame: int) -> None:
        """Begin a stream at a frame; before the session begins there is no music."""
        self._bed = bed
        self._start_frame = max(0, start_frame)
        self._end_frame: int | None = None
        self._sounds: list[tuple[int, int]] = []
        rate = bed.sample_rate
        self._attack = _valley(ATTACK_SECONDS, rate)[::-1]
        self._hold_frames = seconds_to_frames(HOLD_SECONDS, rate)
        self._release = _valley(RELEASE_SECONDS, rate)
        self._ducked = np.float32(db_to_gain(DUCKED_DB))
        self._fade_in = _wide(rising_edge(seconds_to_frames(FADE_IN_SECONDS, rate))[:, 0])
        self._fade_out = self._fade_in[:0]

    def make_room(self, start_frame: int, end_frame: int) -> None:
        """Be down for a sound, which may be told twice, but before its attack is rendered."""
        self._sounds.append((start_frame, end_frame))

    def end(self, last_start_frame: int, end_frame: int) -> None:
        """End with the session; the end became known where its last part begins."""
        seconds = min(FADE_OUT_SECONDS, (end_frame - last_start_frame) / self._bed.sample_rate)
        frames = seconds_to_frames(seconds, self._bed.sample_rate)
        self._fade_out = _wide(rising_edge(frames)[::-1, 0])
        self._end_frame = end_frame

    def under(
        self, first: int, after: int, words: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Return the bed from a frame up to, not including, another, under `words`."""
        begin = max(first, self._start_frame)
        if begin >= after:
            return np.zeros((after - first, self._bed.channels), np.float32)
        music = self._bed.samples(begin, after)
        self._duck(music, begin)
        _apply(self._fade_in, self._start_frame, np.multiply, music, begin)
        if self._end_frame is not None:
            fade_frame = self._end_frame - len(self._fade_out)
            _apply(self._fade_out, fade_frame, np.multiply, music, begin)
        if begin > first:
            music = np.concatenate([np.zeros((begin - first, music.shape[1]), np.float32), music])
        if words is not None:
            # Sample by sample, so that no gain and no music file can make a session clip.
            room = np.float32(db_to_gain(CEILING_DB)) - np.abs(words)
            np.maximum(room, np.float32(0.0), out=room)
            np.clip(music, -room, room, out=music)
        return music

    def _duck(self, music: NDArray[np.float32], first: int) -> None:
        after = first + len(music)
        tail_frames = self._hold_frames + len(self._release)
        self._sounds = [sound for sound in self._sounds if sound[1] + tail_frames > first]
        gains: NDArray[np.float32] | None = None
        for start, end in self._sounds:
            valley = start - len(self._attack)
            if valley >= after:
                continue
            if gains is None:
                gains = np.ones_like(music)
            held = end + self._hold_frames
            _apply(self._attack, valley, np.minimum, gains, first)
            gains[max(start - first, 0) : max(held - first, 0)] = self._ducked
            _apply(self._release, held, np.minimum, gains, first)
        if gains is not None:
            music *= gains


def _valley(seconds: float, sample_rate: int) -> NDArray[np.float32]:
    """Return the gains of a bed that comes up from where it is ducked, evenly to the ear."""
    edge = rising_edge(seconds_to_frames(seconds, sample_rate)).astype(np.float64)[:, 0]
    return _wide((10.0 ** (DUCKED_DB / 20.0 * (1.0 - edge))).astype(np.float32))


def _wide(gains: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a gain for each sample, two in a frame: numpy is slow with narrow rows."""
    return np.repeat(gains.reshape(-1, 1), 2, axis=1)


def _apply(
    curve: NDArray[np.float32], start: int, how: np.ufunc, to: NDArray[np.float32], first: int
) -> None:
    """Combine a curve that begins at frame `start` in place with `to`, which begins at `first`."""
    begin, end = max(start, first), min(start + len(curve), first + len(to))
    if begin < end:
        there = to[begin - first : end - first]
        how(there, curve[begin - start : end - start], out=there)
