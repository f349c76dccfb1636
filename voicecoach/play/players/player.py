"""The base of all players: a stream of blocks becomes sound on one device, from start to stop.

The base owns the state, the thread that pulls the blocks, the watch over the device and the way
out; an adapter fills the hooks that begin with an underscore, and all of them run on the thread
that called play(). Nobody sleeps by the wall clock between cues, which drifts by 1.6 s a minute:
one stream with 200 ms or more of buffer stays within 0.01 ms on the device's own clock, and the
wall clock only tells when the device has gone.

A play ends where its stream, its caller or its device ends it. It never opens a device twice: the
caller decides whether to go on, and from where.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, ClassVar

from voicecoach.errors import PlaybackError, PlayerUnavailableError
from voicecoach.play.players.volume import LOUDEST_DB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voicecoach.play.players.feed import Feed
    from voicecoach.play.players.outflow import Outflow
    from voicecoach.sound.mixdown import Block


TICK_SECONDS = 0.05
SILENT_DEVICE_SECONDS = 2.5  # an idle PulseAudio sink asks for up to 2 s of sound at once
SLEPT_SECONDS = 3.0

QUIETEST_DB = -40.0
# Bluetooth speakers swallow 0.1 to 0.3 s as they wake up; other players came to 0.5 to 1.5 s.
WAKE_SECONDS = 0.8
STILL_AWAKE_SECONDS = 2.0
STILL_AWAKE_WAKE_SECONDS = 0.1
FASTEST_RATIO = 3.0
FASTEST_HEAD_START_SECONDS = 2.5
FEED_JOIN_SECONDS = 0.2

EXPORT_INSTEAD = "`voicecoach export` makes a track that plays anywhere"


@dataclass(frozen=True)
class Abilities:
    """What a player can do beyond playing a stream from its start to its end."""

    exact_pause: bool
    """Whether it can be stopped and go on so that nobody hears where."""
    volume: bool
    """Whether a change of `volume_db` is heard within a second, or else from the next sound on."""
    device_choice: bool
    seamless: bool
    """Whether sound that is never silent, as music, has no seams on any device."""
    position_seconds: float
    """The most that a stream loses or repeats if it goes on at `position_frames` after stop()."""


class DeviceLostError(PlaybackError):
    """The device has gone in the middle of a stream; `position_frames` is a place before that.

    It may be as long before as the device can be gone unnoticed, mostly 0.3 s; nothing is lost.
    """


class SleptError(DeviceLostError):
    """The computer slept, or this process was stopped, in the middle of a stream."""


class Player(ABC):
    """Plays one stream at a time; use it again for the next one."""

    name: ClassVar[str]
    """Its key in PLAYERS."""
    abilities: Abilities

    ahead_seconds: ClassVar[float] = 3.0
    """How much rendered sound waits for the device."""

    def __init__(self, device: str | None = None) -> None:
        self._device_name = device
        self.keep_alive = False
        """Whether sound too quiet to be heard keeps the speakers awake; read when a play begins."""
        self._volume_db = LOUDEST_DB
        self._one_play = threading.Lock()
        # A signal may interrupt play() anywhere and call stop(): unlike an Event, a SimpleQueue can
        # be put to while the same thread is inside its get().
        self._wakes: SimpleQueue[None] = SimpleQueue()
        self._stopping = False
        self._sample_rate = 0
        self._channels = 0
        self._wake_seconds = 0.0
        """How much of the bed this play begins with."""
        self._sounded_at = -math.inf
        """When a play ended last, on the monotonic clock."""
        self._heard_frames = 0
        self.position_frames = 0
        """The first frame of the session that has not been heard, as of some 50 ms ago.

        It never falls while a stream is playing. After a play it is the place to go on from. Before
        a play has its first block it is what it was.
        """
        self._hungry = False
        self.underruns = 0
        """How often, in the last or present play, the device had to wait for the stream."""

    # For callers

    @property
    def volume_db(self) -> float:
        """The volume, from -40 to 0, the stream as it is; set it at any time, from any thread."""
        return self._volume_db

    @volume_db.setter
    def volume_db(self, volume_db: float) -> None:
        self._volume_db = max(QUIETEST_DB, min(volume_db, LOUDEST_DB))

    @property
    def device_description(self) -> str:
        """The device, as a person would call it."""
        return self._device_name or "the default speakers"

    def play(
        self,
        blocks: Iterable[Block],
        *,
        sample_rate: int,
        channels: int,
        on_position: Callable[[int], None] | None = None,
    ) -> None:
        """Play `blocks` and return when the device has sounded the last frame, or after stop().

        Sound begins as soon as the first block is there. Whatever the blocks raise is raised here,
        after the frames before it have been played. DeviceLostError says that the device has gone.
        `on_position` gets `position_frames` about twenty times a second, from this thread.
        """
        from voicecoach.play.players.feed import Feed

        if not self._one_play.acquire(blocking=False):
            raise PlaybackError(f"the player {self.name} is playing already; stop it first")
        try:
            self._sample_rate = sample_rate
            self._channels = channels
            self._begin()
            feed = Feed(
                blocks,
                channels=channels,
                ahead_frames=round(self.ahead_seconds * sample_rate),
                wake=self._wake,
            )
            feed.start()
            try:
                self._follow(feed, on_position)
            except DeviceLostError as lost:
                self._heard_frames = min(self._heard_frames, self._surely_heard(feed))
                self._publish_position(feed)
                raise self._lost_at_place(lost) from lost
            finally:
                # After stop() this cuts off the 0.3 to 0.9 s that lie with the device: it offers
                # no way to fade them, and sound that goes on so long after a key is worse.
                self._close()
                self._sounded_at = time.monotonic()
                feed.close()
                feed.join(FEED_JOIN_SECONDS)
            if feed.failure is not None and not self._stopping:
                raise feed.failure
        finally:
            self._one_play.release()

    def stop(self) -> None:
        """Silence the device and let play() return; from any thread or signal, again and again."""
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
        """Return the number of frames that the device has taken, of the stream or not."""

    @abstractmethod
    def _sounded_frames(self, feed: Feed) -> int:
        """Return the number of frames of the stream heard so far; a guess may be high or fall."""

    @abstractmethod
    def _is_drained(self, feed: Feed) -> bool:
        """Return True if the device has nothing left to sound, once the stream is finished."""

    def _begin(self) -> None:
        """Forget the play before; a new one calls this first."""
        self._stopping = False
        self._heard_frames = 0
        self.underruns = 0
        self._hungry = False
        self._wake_seconds = 0.0
        if self.keep_alive:
            awake = time.monotonic() - self._sounded_at < STILL_AWAKE_SECONDS
            self._wake_seconds = STILL_AWAKE_WAKE_SECONDS if awake else WAKE_SECONDS

    def _push(self, feed: Feed) -> float:  # noqa: ARG002  (for the adapters)
        """Hand the device what it can take; return how many seconds this may wait next time.

        Adapters whose device pulls leave it as it is. DeviceLostError: the device has gone.
        """
        return TICK_SECONDS

    def _is_waiting(self, feed: Feed) -> bool:  # noqa: ARG002  (for the adapters)
        """Return True if the device rightly takes nothing, because the stream is not there yet."""
        return False

    def _surely_heard(self, feed: Feed) -> int:  # noqa: ARG002  (for the adapters)
        """Return the frames of the stream heard by the last sign of life of a lost device."""
        return self._heard_frames

    def _new_outflow(self, feed: Feed) -> Outflow:
        from voicecoach.play.players.outflow import Outflow

        return Outflow(
            feed,
            sample_rate=self._sample_rate,
            channels=self._channels,
            wake_frames=round(self._wake_seconds * self._sample_rate),
            keep_alive=self.keep_alive,
            volume_db=lambda: self._volume_db,
        )

    def _note_hunger(self, hungry: bool) -> None:
        """Count an underrun each time the device begins to wait for the stream."""
        if hungry and not self._hungry:
            self.underruns += 1
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
        if not self.keep_alive:
            while not feed.available_frames and not feed.ended and not self._stopping:
                self._wait(TICK_SECONDS)
        if self._stopping or feed.finished:
            return
        self._open(feed)
        watch = _Watch(self._sample_rate)
        while not self._stopping:
            pause_seconds = self._push(feed)
            taken_frames = self._taken_frames(feed)
            watch.check_moving(taken_frames, excused=self._is_waiting(feed))
            watch.check_speed(taken_frames)
            drained = feed.finished and self._is_drained(feed)
            self._hear(feed, feed.position if drained else self._sounded_frames(feed))
            if on_position is not None and feed.pulled_frames:
                on_position(self.position_frames)
            if drained:
                return
            watch.begin_nap()
            self._wait(min(pause_seconds, TICK_SECONDS))
            watch.check_awake(self._taken_frames(feed))
        self._hear(feed, self._sounded_frames(feed))

    def _hear(self, feed: Feed, frames: int) -> None:
        # Heard, not taken: a device takes up to a second ahead, and closing it throws that away.
        self._heard_frames = max(self._heard_frames, min(frames, feed.position))
        self._publish_position(feed)

    def _publish_position(self, feed: Feed) -> None:
        if feed.pulled_frames:
            self.position_frames = feed.first_frame + self._heard_frames

    def _lost_at_place(self, lost: DeviceLostError) -> DeviceLostError:
        minutes, seconds = divmod(int(self.position_frames / self._sample_rate), 60)
        place = f"at {minutes}:{seconds:02} of the session"
        if isinstance(lost, SleptError):
            return SleptError(f"{lost} {place}; go on from there")
        return DeviceLostError(
            f"the speakers went away {place} ({lost}); connect them, or others, and go on from"
            f" there ({EXPORT_INSTEAD})"
        )


class _Watch:
    """Tells by the wall clock that a device takes no frames, or far too many, or that we slept."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._opened_at = self._moved_at = self._looked_at = time.monotonic()
        self._last_frames = 0
        self._nap_began_at = 0.0
        self._slept_seconds = _slept_seconds()

    def check_moving(self, frames: int, *, excused: bool) -> None:
        """Raise DeviceLostError when nothing was taken for too long without an excuse."""
        now = self._looked_at = time.monotonic()
        if frames != self._last_frames or excused:
            self._moved_at = now
            self._last_frames = frames
        if now - self._moved_at > SILENT_DEVICE_SECONDS:
            raise DeviceLostError(f"the device took no sound for {SILENT_DEVICE_SECONDS:g} s")

    def check_speed(self, frames: int) -> None:
        """Raise PlaybackError when sound was taken far faster than it could be heard."""
        taken_seconds = frames / self._sample_rate
        elapsed_seconds = time.monotonic() - self._opened_at
        if taken_seconds > FASTEST_RATIO * elapsed_seconds + FASTEST_HEAD_START_SECONDS:
            raise not_real_speakers(taken_seconds, elapsed_seconds)

    def begin_nap(self) -> None:
        self._nap_began_at = time.monotonic()

    def check_awake(self, frames: int) -> None:
        """Raise SleptError when the nap was long, by a clock that stops or one that does not."""
        now = time.monotonic()
        seconds = now - self._looked_at
        # Before the nap a terminal may have taken no text for long; the device goes on meanwhile.
        stood_still = frames - self._last_frames < seconds / 2 * self._sample_rate
        if now - self._nap_began_at > SLEPT_SECONDS or (seconds > SLEPT_SECONDS and stood_still):
            raise SleptError("voicecoach was stopped")
        slept_seconds = _slept_seconds()
        if slept_seconds - self._slept_seconds > SLEPT_SECONDS:
            raise SleptError("this computer slept")
        self._slept_seconds = slept_seconds


def _slept_seconds() -> float:
    """Return how long this computer has slept, give or take a constant.

    The monotonic clock of Linux and macOS stands still in the meantime.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.time() - time.monotonic()


def not_real_speakers(taken_seconds: float, elapsed_seconds: float) -> PlaybackError:
    """Return the error of a device that swallows sound instead of sounding it."""
    return PlaybackError(
        f"no real speakers here: {taken_seconds:.1f} s of sound were gone in {elapsed_seconds:.1f}"
        " s, so nobody heard them (is the default device a null device?); choose another device or"
        f" player ({EXPORT_INSTEAD})"
    )


def unavailable(player: str, reason: str) -> PlayerUnavailableError:
    """Return the error of a player that cannot be used here, with its reason in one short line."""
    short = " ".join(reason.split())
    return PlayerUnavailableError(f"{player}: {short}", reason=short)
