"""All that a device takes, frame after frame: the stream, and a filling where that is late.

Where the stream begins, breaks off or ends in mid-wave, what is given beside it leads in and out,
so that nothing clicks. It remembers which of the frames were the stream's, because a device that
takes frames in advance is asked about frames that it was given a while ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.play.players.fades import FADE_SECONDS, lead_in, lead_out
from voicecoach.play.players.keep_alive import bed_in_silence
from voicecoach.play.players.volume import RAMP_SECONDS, at_volume

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.play.players.feed import Feed

# A device takes 2 s in advance at most, and late frames come in runs of 0.1 s or more.
KEPT_RUNS = 50
LOUDEST = 32_767


@dataclass(frozen=True)
class _Run:
    """Frames that were given one after the other, all of the stream or none."""

    given_frame: int
    """The first of them, counted from the first frame that the device was given."""
    stream_frame: int
    """The frame of the stream there, or the one that is to come next."""
    is_stream: bool


class Outflow:
    """The frames for one device, from its opening to its closing; one reader takes them."""

    def __init__(
        self,
        feed: Feed,
        *,
        sample_rate: int,
        channels: int,
        wake_frames: int,
        keep_alive: bool,
        volume_db: Callable[[], float],
    ) -> None:
        self._feed = feed
        self._channels = channels
        self._ramp_frames = round(RAMP_SECONDS * sample_rate)
        self._wake_frames = wake_frames
        """How much of what is not the stream's has still to come before the stream."""
        self._fade_frames = round(FADE_SECONDS * sample_rate)
        self._is_led_in = False
        """Whether what leads in the stream is in `_beside`, or was given."""
        self._beside = self._recent = np.zeros((0, channels), np.int16)
        """What sounds next beside the stream, and the frames of the stream that were given last."""
        self._keep_alive = keep_alive
        self._wanted_volume_db = volume_db
        self._volume_db = volume_db()
        self._runs: tuple[_Run, ...] = (_Run(0, 0, is_stream=False),)
        self.given_frames = 0

    @property
    def has_begun(self) -> bool:
        """True when a frame of the stream has been handed out."""
        return self._feed.position > 0

    def take(self, frames: int) -> NDArray[np.int16]:
        """Return the next frames to play, `frames` at most."""
        if not self._is_led_in:
            self._lead_in()
        wake = self.fill(min(frames, self._wake_frames))
        stream = self._take_stream(frames - len(wake))
        return np.concatenate((wake, stream)) if len(wake) else stream

    def fill(self, frames: int) -> NDArray[np.int16]:
        """Return `frames` frames that are not the stream's."""
        if frames and self._begin_run(is_stream=False):
            self._beside = lead_out(self._recent, self._fade_frames)
            self._is_led_in = False
        first_frame = self.given_frames
        self.given_frames += frames
        self._wake_frames = max(0, self._wake_frames - frames)
        given = np.zeros((frames, self._channels), np.int16)
        beside, self._beside = np.split(self._beside, [frames])
        given[: len(beside)] = beside
        return bed_in_silence(given, first_frame) if self._keep_alive else given

    def stream_frames(self, given_frames: int) -> int:
        """Return the number of frames of the stream among the first `given_frames` frames."""
        runs = self._runs
        run = next((run for run in reversed(runs) if run.given_frame <= given_frames), runs[0])
        return run.stream_frame + (given_frames - run.given_frame if run.is_stream else 0)

    def _lead_in(self) -> None:
        """Have what leads in the stream end where the stream begins, as soon as that is known."""
        coming = self._feed.peek(self._fade_frames)
        if not len(coming):
            return
        self._is_led_in = True
        coming = at_volume(coming, self._volume_db, self._volume_db, 0)
        rise = lead_in(coming, self._fade_frames)
        if len(rise) or len(self._beside):
            self._wake_frames = max(self._wake_frames, len(rise), len(self._beside))
            together = np.zeros((self._wake_frames, self._channels), np.int32)
            together[: len(self._beside)] += self._beside
            together[self._wake_frames - len(rise) :] += rise
            self._beside = np.clip(together, -LOUDEST, LOUDEST).astype("<i2")

    def _take_stream(self, frames: int) -> NDArray[np.int16]:
        volume_db = self._wanted_volume_db()
        samples = self._feed.peek(frames)
        if not len(samples):
            return samples
        first_frame = self._feed.first_frame + self._feed.position
        self._begin_run(is_stream=True)
        self._feed.position += len(samples)
        self.given_frames += len(samples)
        samples = at_volume(samples, self._volume_db, volume_db, self._ramp_frames)
        self._volume_db = volume_db
        self._recent = np.concatenate((self._recent, samples[-self._fade_frames :]))
        self._recent = self._recent[-self._fade_frames :]
        return bed_in_silence(samples, first_frame) if self._keep_alive else samples

    def _begin_run(self, *, is_stream: bool) -> bool:
        """Begin a run unless the one before goes on; True if it begins."""
        if self._runs[-1].is_stream == is_stream:
            return False
        run = _Run(self.given_frames, self._feed.position, is_stream)
        self._runs = (*self._runs[-KEPT_RUNS:], run)
        return True
