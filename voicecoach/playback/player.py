"""The base of all players: a stream of blocks becomes sound on one device, from start to stop.

The base owns the state, the thread that pulls the blocks, the watch over the device and the way out;
an adapter fills the hooks that begin with an underscore, and all of them run on the thread that called
play(). Nobody sleeps by the wall clock between cues: the device's own clock moves the stream on, and
the wall clock only tells when the device has gone.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, ClassVar

from voicecoach.errors import PlaybackError, PlayerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voicecoach.mixdown import Block
    from voicecoach.playback.feed import Feed

TICK_SECONDS = 0.05
SILENT_DEVICE_SECONDS = 2.5  # an idle PulseAudio sink asks for up to 2 s of sound at once
REOPEN_SECONDS = 6.0
REOPEN_PAUSE_SECONDS = 0.4
FASTEST_RATIO = 3.0
FASTEST_HEAD_START_SECONDS = 2.5
FEED_JOIN_SECONDS = 0.2

EXPORT_INSTEAD = "`voicecoach export` makes a track that plays anywhere"


@dataclass(frozen=True)
class Abilities:
    """What a player can do beyond playing a stream from its start to its end."""

    exact_pause: bool
    """Whether it knows to some 30 ms which frame sounds, so that it could halt there and lose nothing."""
    volume: bool
    """Whether a change of loudness would be heard at once."""
    device_choice: bool
    """Whether it can play on another device than the default one."""
    position_seconds: float
    """By how much a stream that goes on at `position_frames` may lose or repeat what was heard."""


class DeviceLostError(PlaybackError):
    """The device has gone in the middle of a stream; `position_frames` is where to go on."""


class SleptError(DeviceLostError):
    """The computer slept, or this process was stopped, in the middle of a stream."""


class Player(ABC):
    """Plays one stream at a time; use it again for the next one."""

    name: ClassVar[str]
    """Its key in PLAYERS."""
    abilities: Abilities

    ahead_seconds: ClassVar[float] = 3.0
    """How much rendered sound waits for the device."""
    kept_seconds: ClassVar[float] = 2.0
    """How much of what the device took is kept, to go back to when the device is lost."""

    def __init__(self, device: str | None = None) -> None:
        self._device_name = device
        self.keep_alive = False
        """Whether sound too quiet to be heard keeps the speakers awake; read when a play begins."""
        self.volume_db = 0.0
        """From 0 (the stream as it is) down to -40; may be set while playing, from any thread."""
        self._one_play = threading.Lock()
        # A signal may interrupt play() anywhere and call stop(): unlike an Event, a SimpleQueue can be
        # put to while the same thread is inside its get().
        self._wakes: SimpleQueue[None] = SimpleQueue()
        self._stopping = False
        self._feed: Feed | None = None
        self._sample_rate = 0
        self._channels = 0
        self._silence_frames = 0
        self._hungry = False
        self._underruns = 0

    # For callers

    @property
    def position_frames(self) -> int:
        """Return the frame of the session that the device takes next."""
        feed = self._feed
        return 0 if feed is None else feed.first_frame + self._taken_frames(feed)

    @property
    def underruns(self) -> int:
        """Return how often, in the last or present play, the device had to wait for the stream."""
        return self._underruns

    @property
    def device_description(self) -> str:
        """Return where the sound goes, as a person would say it."""
        return self._device_name or "the default speakers"

    def play(
        self,
        blocks: Iterable[Block],
        *,
        sample_rate: int,
        channels: int,
        on_position: Callable[[int], None] | None = None,
    ) -> None:
        """Play `blocks` and return when the device has taken the last frame, or after stop().

        Sound begins as soon as the first block is there. Whatever the blocks raise is raised here,
        after the frames before it have been played. `on_position` is called with `position_frames`
        about twenty times a second, from this thread.
        """
        from voicecoach.playback.feed import Feed

        if not self._one_play.acquire(blocking=False):
            raise PlaybackError(f"the player {self.name} is playing already; stop it first")
        try:
            self._sample_rate = sample_rate
            self._channels = channels
            self._begin()
            feed = self._feed = Feed(
                blocks,
                channels=channels,
                ahead_frames=round(self.ahead_seconds * sample_rate),
                kept_frames=round(self.kept_seconds * sample_rate),
                wake=self._wake,
            )
            feed.start()
            try:
                self._follow(feed, on_position)
            finally:
                self._close()
                feed.close()
                feed.join(FEED_JOIN_SECONDS)
            if feed.failure is not None and not self._stopping:
                raise feed.failure
        finally:
            self._one_play.release()

    def stop(self) -> None:
        """Silence the device and let play() return; from any thread, from a signal, any number of times."""
        self._stopping = True
        self._wake()

    # For adapters

    @abstractmethod
    def _open(self, feed: Feed) -> None:
        """Open the device and let the sound begin; PlaybackError where that fails."""

    @abstractmethod
    def _close(self) -> None:
        """Silence and release the device at once; nothing happens when it is closed already."""

    @abstractmethod
    def _taken_frames(self, feed: Feed) -> int:
        """Return how many frames of the stream the device has taken; it may fall only in _step_back."""

    @abstractmethod
    def _is_drained(self, feed: Feed) -> bool:
        """Return whether the device has nothing left to sound; asked when the stream is finished."""

    @abstractmethod
    def _step_back(self, feed: Feed) -> None:
        """Move the feed back to what the device had taken but not sounded when it was lost."""

    def _begin(self) -> None:
        """Forget the play before; called before anything else of a new one."""
        self._stopping = False
        self._silence_frames = 0
        self._underruns = 0
        self._hungry = False

    def _push(self, feed: Feed) -> float:  # noqa: ARG002  (for the adapters)
        """Hand the device what it can take now and return how many seconds this may wait next time.

        Adapters whose device pulls by itself leave it. DeviceLostError lets play() try to reopen the
        device, any other error ends the play.
        """
        return TICK_SECONDS

    def _is_waiting(self, feed: Feed) -> bool:
        """Return whether the device rightly takes nothing, because the stream is not there yet."""
        return not feed.available_frames and not feed.ended

    def _note_hunger(self, hungry: bool) -> None:
        """Count an underrun each time the device begins to wait for the stream."""
        if hungry and not self._hungry:
            self._underruns += 1
        self._hungry = hungry

    # The course of one play

    def _wake(self) -> None:
        self._wakes.put(None)

    def _wait(self, seconds: float) -> None:
        try:
            self._wakes.get(timeout=max(0.0, seconds))
        except Empty:
            return
        while not self._wakes.empty():
            self._wakes.get()

    def _follow(self, feed: Feed, on_position: Callable[[int], None] | None) -> None:
        while not feed.available_frames and not feed.ended and not self._stopping:
            self._wait(TICK_SECONDS)
        if self._stopping or feed.finished:
            return
        self._open(feed)
        watch = _Watch(self._sample_rate)
        while not self._stopping:
            try:
                pause_seconds = self._push(feed)
                frames = self._taken_frames(feed) + self._silence_frames
                watch.check_moving(frames, excused=self._is_waiting(feed))
                watch.check_speed(frames)
            except DeviceLostError as lost:
                self._reopen(feed, watch, lost)
                continue
            if on_position is not None:
                on_position(self.position_frames)
            if feed.finished and self._is_drained(feed):
                return
            self._wait(min(pause_seconds, TICK_SECONDS))

    def _reopen(self, feed: Feed, watch: _Watch, lost: DeviceLostError) -> None:
        """Try for a few seconds to get the device back and to go on from the place where it was lost."""
        self._step_back(feed)
        self._close()
        until = watch.lost_since() + REOPEN_SECONDS
        reason: PlaybackError = lost
        while not self._stopping:
            if time.monotonic() >= until:
                minutes, seconds = divmod(self.position_frames / self._sample_rate, 60)
                raise PlaybackError(
                    f"the speakers went away at {minutes:.0f}:{seconds:04.1f} of the session and did not"
                    f" come back ({reason}); connect them and play again ({EXPORT_INSTEAD})"
                ) from lost
            try:
                self._open(feed)
            except PlaybackError as error:
                reason = error
                self._close()
                self._wait(REOPEN_PAUSE_SECONDS)
            else:
                watch.reopened(self._taken_frames(feed) + self._silence_frames)
                return


class _Watch:
    """Tells by the wall clock when a device has stopped taking frames, or takes them absurdly fast."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._opened_at = self._moved_at = time.monotonic()
        self._opened_frames = self._last_frames = 0
        self._lost_at: float | None = None

    def check_moving(self, frames: int, *, excused: bool) -> None:
        """Raise DeviceLostError when nothing was taken for too long without an excuse."""
        now = time.monotonic()
        # A device takes its first buffer even when it then stands still.
        if frames - self._opened_frames > self._sample_rate:
            self._lost_at = None
        if frames != self._last_frames or excused:
            self._moved_at = now
            self._last_frames = frames
        if now - self._moved_at > SILENT_DEVICE_SECONDS:
            raise DeviceLostError(f"the device took no sound for {SILENT_DEVICE_SECONDS:g} s")

    def check_speed(self, frames: int) -> None:
        """Raise PlaybackError when sound was taken far faster than it could be heard."""
        taken_seconds = (frames - self._opened_frames) / self._sample_rate
        elapsed_seconds = time.monotonic() - self._opened_at
        if taken_seconds > FASTEST_RATIO * elapsed_seconds + FASTEST_HEAD_START_SECONDS:
            raise not_real_speakers(taken_seconds, elapsed_seconds)

    def lost_since(self) -> float:
        """Return when the device was lost first, if it has not been heard properly since."""
        if self._lost_at is None:
            self._lost_at = time.monotonic()
        return self._lost_at

    def reopened(self, frames: int) -> None:
        """Begin again with a device that was opened just now."""
        self._opened_at = self._moved_at = time.monotonic()
        self._opened_frames = self._last_frames = frames


def not_real_speakers(taken_seconds: float, elapsed_seconds: float) -> PlaybackError:
    """Return the error of a device that swallows sound instead of sounding it."""
    return PlaybackError(
        f"no real speakers here: {taken_seconds:.1f} s of sound were gone in {elapsed_seconds:.1f} s, so"
        f" nobody heard them (is the default device a null device?); choose another device or player"
        f" ({EXPORT_INSTEAD})"
    )


def unavailable(player: str, reason: str) -> PlayerUnavailableError:
    """Return the error of a player that cannot be used here, with its reason in one short line."""
    return PlayerUnavailableError(f"{player}: {' '.join(reason.split())}")
