"""The base of players that can only start a sound: slices, each started at its moment on one clock.

Every moment is counted from the start of the stream, so that no error adds up, whatever starting a
slice costs. A pause between two slices lies in a silence of the stream; where it has none, as with
music, two slices overlap and fade into each other, which takes a device that mixes. When the stream
comes late, everything behind it moves by as much, and an underrun is counted.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from voicecoach.play.players.fades import FADE_SECONDS, lead_in, rising
from voicecoach.play.players.keep_alive import bed
from voicecoach.play.players.player import (
    STILL_AWAKE_SECONDS,
    TICK_SECONDS,
    WAKE_SECONDS,
    Abilities,
    DeviceLostError,
    Player,
    not_real_speakers,
)
from voicecoach.play.players.slices import LONGEST_SECONDS, first_sound, next_slice
from voicecoach.play.players.volume import at_volume

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.play.players.feed import Feed
    from voicecoach.play.players.slices import Slice

PREPARE_SECONDS = 0.3
# PulseAudio swallowed up to 14 ms where a new sound began; speakers that wake up may need more.
LEAD_SECONDS = 0.1
LATE_SECONDS = 0.02
SEAM_SECONDS = 0.03
# This much of a stream without silence is enough where the next sound cannot wait.
SHORTEST_SECONDS = 3.0
URGENT_SECONDS = LEAD_SECONDS
PATIENCE_SECONDS = 0.25
BUSY_SECONDS = 1.0
BUSY_PAUSE_SECONDS = 0.01
EARLY_SECONDS = 0.25
OVERDUE_SECONDS = 4.0  # an idle PulseAudio sink reports a sound's end up to 2 s late
SWALLOW_SECONDS = 0.3
SWALLOW_RATIO = 0.1


@dataclass(frozen=True)
class _Part:
    """A slice with its place in the stream, and with some silence before its sound."""

    start_frame: int
    """That of the silence; it may lie before the first frame of the stream."""
    samples: NDArray[np.int16]


class SlicedPlayer(Player):
    """Cuts the stream at silences and starts each slice on time; adapters start, watch and stop."""

    abilities = Abilities(
        exact_pause=False, volume=False, device_choice=False, seamless=False, position_seconds=0.5
    )
    ahead_seconds: ClassVar[float] = LONGEST_SECONDS + 4.0

    def __init__(self, device: str | None = None) -> None:
        super().__init__(device)
        self._frame_zero_at = 0.0
        """When, on the monotonic clock, the first frame of the stream was due."""
        self._next_part: _Part | None = None
        """What was cut off already and waits for its moment."""
        self._silent_from_frame = 0
        """The frame after the last sound that was cut off."""
        self._sounding: _Part | None = None
        """The slice that was started last, until it has ended."""
        self._started_at = 0.0
        self._has_sounded = False
        """Whether any slice, in any play, took its time, unlike in a device that swallows sound."""
        self._has_begun = False
        self._seen: tuple[int, int, bool, bool] | None = None
        """What the last search for a slice knew; the same again needs no other search."""
        self._passed_to_frame = -1
        """Up to where the stream was searched for the next sound."""
        self._seam_frames = 0
        """For how long the slice that was cut off last sounds on while the next one fades in."""
        self._enough_since: float | None = None
        """Since when there has been enough of a stream without silence to begin with."""

    # For adapters

    @abstractmethod
    def _start_slice(self, samples: NDArray[np.int16]) -> None:
        """Start a sound and return at once; DeviceLostError where the device refuses."""

    @abstractmethod
    def _is_sounding(self) -> bool:
        """Return True while the slice that started last has not ended."""

    @abstractmethod
    def _stop_slices(self) -> None:
        """Silence all that sounds."""

    # The hooks of Player

    def _begin(self) -> None:
        super()._begin()
        self._next_part = None
        self._silent_from_frame = 0
        self._sounding = None
        self._has_begun = False
        self._seen = None
        self._passed_to_frame = -1
        self._seam_frames = 0
        self._enough_since = None

    def _open(self, feed: Feed) -> None:
        self._frame_zero_at = time.monotonic() + self._lead_frames(feed) / self._sample_rate
        self._push(feed)

    def _close(self) -> None:
        self._stop_slices()
        self._sounding = None

    def _push(self, feed: Feed) -> float:
        self._watch_slice()
        if self._next_part is None:
            pause_seconds = self._prepare(feed)
            if self._next_part is None:
                return pause_seconds
        part = self._next_part
        early_seconds = self._due_at(part.start_frame) - time.monotonic()
        if early_seconds > 0:
            return early_seconds
        started_at = time.monotonic()
        try:
            self._start_slice(part.samples)
        except DeviceLostError:
            # A device without a mixer is busy until the slice before has ended.
            if self._is_sounding() and -early_seconds < BUSY_SECONDS:
                return BUSY_PAUSE_SECONDS
            raise
        self._sounding = part
        self._started_at = started_at
        self._has_begun = True
        self._next_part = None
        return TICK_SECONDS

    def _taken_frames(self, feed: Feed) -> int:
        return max(0, self._sounded_frames(feed))

    def _sounded_frames(self, feed: Feed) -> int:
        by_the_clock = int((time.monotonic() - self._frame_zero_at) * self._sample_rate)
        known = feed.position if self._next_part is None else self._next_part.start_frame
        return min(by_the_clock, known)

    def _is_waiting(self, feed: Feed) -> bool:
        return self._hungry or super()._is_waiting(feed)

    def _is_drained(self, feed: Feed) -> bool:
        ended = time.monotonic() >= self._due_at(feed.pulled_frames)
        return ended and self._next_part is None and self._sounding is None

    # The course of one slice

    def _lead_frames(self, feed: Feed) -> int:
        """Return the length of what comes before the next sound: silence, or a bed that wakes."""
        silent_frames = feed.position - self._silent_from_frame
        if not self._has_begun:
            lead_seconds = max(LEAD_SECONDS, self._wake_seconds)
        elif self.keep_alive and silent_frames >= STILL_AWAKE_SECONDS * self._sample_rate:
            lead_seconds = WAKE_SECONDS
        else:
            lead_seconds = LEAD_SECONDS
        return round(lead_seconds * self._sample_rate)

    def _part(self, feed: Feed, sound: NDArray[np.int16], after: NDArray[np.int16]) -> _Part:
        """Return the slice with its lead; `after` fades out behind it, under the next slice."""
        frames = self._lead_frames(feed)
        start_frame = feed.position - frames
        if self.keep_alive and frames > LEAD_SECONDS * self._sample_rate:
            lead = bed(feed.first_frame + start_frame, frames, self._channels)
        else:
            lead = np.zeros((frames, self._channels), np.int16)
        sound = np.concatenate((sound, after))
        if feed.position == self._silent_from_frame and self._seam_frames:
            rise = rising(self._seam_frames)[: len(sound)]
            sound[: len(rise)] = np.rint(sound[: len(rise)] * rise)
        if len(after):
            sound[-len(after) :] = np.rint(after * rising(len(after))[::-1])
        sound = at_volume(sound, self.volume_db, self.volume_db, 0)
        if not feed.position:
            before = lead_in(sound, round(FADE_SECONDS * self._sample_rate))
            lead[len(lead) - len(before) :] = before
        return _Part(start_frame, np.concatenate((lead, sound)))

    def _due_at(self, frame: int) -> float:
        return self._frame_zero_at + frame / self._sample_rate

    def _watch_slice(self) -> None:
        if self._sounding is None:
            return
        length_seconds = len(self._sounding.samples) / self._sample_rate
        elapsed_seconds = time.monotonic() - self._started_at
        if self._is_sounding():
            if elapsed_seconds > length_seconds + OVERDUE_SECONDS:
                raise DeviceLostError(f"a sound of {length_seconds:.1f} s has not ended in time")
        elif elapsed_seconds < length_seconds - EARLY_SECONDS:
            swallowed = elapsed_seconds < SWALLOW_RATIO * length_seconds + SWALLOW_SECONDS
            if swallowed and not self._has_sounded:
                raise not_real_speakers(length_seconds, elapsed_seconds)
            raise DeviceLostError(
                f"a sound ended {length_seconds - elapsed_seconds:.1f} s too early"
            )
        else:
            self._has_sounded = True
            self._sounding = None

    def _prepare(self, feed: Feed) -> float:
        """Cut off the next slice if it is due soon, or return how many seconds that can wait."""
        ended = feed.ended  # asked first: the feed grows, then ends
        pulled_frames = feed.pulled_frames
        if pulled_frames != self._passed_to_frame:
            self._passed_to_frame = pulled_frames
            self._let_silence_pass(feed, pulled_frames)
        early_seconds = self._due_at(feed.position - self._lead_frames(feed)) - time.monotonic()
        if early_seconds > PREPARE_SECONDS:
            return early_seconds - PREPARE_SECONDS
        samples = feed.peek(pulled_frames - feed.position)
        is_urgent = self._is_urgent(early_seconds, len(samples))
        seen = (feed.position, pulled_frames, ended, is_urgent)
        if seen != self._seen:
            self._seen = seen
            chosen = self._choose(feed, samples, ended=ended, is_urgent=is_urgent)
            if chosen is not None:
                self._stream_came(feed)
                after = samples[chosen.end : chosen.end + round(SEAM_SECONDS * self._sample_rate)]
                if chosen.in_silence:
                    after = after[:0]
                self._next_part = self._part(feed, samples[: chosen.end], after)
                self._seam_frames = len(after)
                feed.position += chosen.end
                self._silent_from_frame = feed.position
                self._passed_to_frame = -1
                return 0.0
        if not feed.finished and early_seconds < -LATE_SECONDS:
            if self._has_begun:
                self._note_hunger(True)
            self._hungry = True  # waiting for the first sound is no underrun, but a wait
        return TICK_SECONDS

    def _is_urgent(self, early_seconds: float, frames: int) -> bool:
        """Return True if the next slice has to do with the `frames` frames that are there."""
        if frames < SHORTEST_SECONDS * self._sample_rate:
            return False
        if self._has_begun:
            return early_seconds <= URGENT_SECONDS
        # A sentence that is there comes as fast as it is read, and is not to be cut.
        now = time.monotonic()
        if self._enough_since is None:
            self._enough_since = now
        return now - self._enough_since >= PATIENCE_SECONDS

    def _choose(
        self, feed: Feed, samples: NDArray[np.int16], *, ended: bool, is_urgent: bool
    ) -> Slice | None:
        """Return the slice that ends in silence or is long enough, or any where that is urgent."""
        starts = [start - feed.position for start in feed.segment_starts()]
        chosen = next_slice(samples, self._sample_rate, ended=ended, segment_starts=starts)
        if chosen is None and is_urgent:
            longest_seconds = len(samples) / self._sample_rate - SEAM_SECONDS
            chosen = next_slice(
                samples, self._sample_rate, ended=ended, longest_seconds=longest_seconds
            )
        return chosen

    def _let_silence_pass(self, feed: Feed, pulled_frames: int) -> None:
        """Move the feed on to the next sound: the clock runs through silence without a player."""
        silence_frames = first_sound(feed.peek(pulled_frames - feed.position))
        if silence_frames:
            self._stream_came(feed)
            feed.position += silence_frames

    def _stream_came(self, feed: Feed) -> None:
        """Set the clock back by as much as the stream was late: what follows moves with it."""
        if self._hungry:
            late_seconds = time.monotonic() - self._due_at(feed.position - self._lead_frames(feed))
            self._frame_zero_at += max(0.0, late_seconds)
        self._note_hunger(False)
