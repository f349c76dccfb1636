"""Rendered blocks become 16-bit frames that wait, a few seconds ahead, for a device to take them.

A thread of its own pulls the blocks, because pulling may have to wait for a sentence to be
synthesised. The side of the device takes no lock: the thread publishes what there is as one
immutable tuple, and the device's callback copies slices out of it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.sound.clip import to_pcm16

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from voicecoach.sound.mixdown import Block

ROOM_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class StreamPiece:
    """One block as the device wants it."""

    start_frame: int
    """Counted from the first frame of the stream, without gaps."""
    samples: NDArray[np.int16]
    """Shape (frames, channels)."""
    segment_index: int

    @property
    def end_frame(self) -> int:
        """Return the frame after the last one."""
        return self.start_frame + len(self.samples)


class Feed:
    """A stream of blocks, pulled ahead; one thread fills it, one reader moves its position on."""

    def __init__(
        self,
        blocks: Iterable[Block],
        *,
        channels: int,
        ahead_frames: int,
        wake: Callable[[], None],
    ) -> None:
        self._blocks: Iterator[Block] = iter(blocks)
        self._channels = channels
        self._ahead_frames = ahead_frames
        self._wake = wake
        self._pieces: tuple[StreamPiece, ...] = ()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._pull, name="voicecoach feed", daemon=True)
        self.position = 0
        """The frame that is taken next, counted from the first frame of the stream."""
        self.first_frame = 0
        """The place of the stream's first frame in the session."""
        self.pulled_frames = 0
        self.ended = False
        """Whether nothing more will come, for good or by a failure."""
        self.failure: BaseException | None = None
        """What the blocks raised; the frames before it are still there to be played."""

    def start(self) -> None:
        """Begin to pull."""
        self._thread.start()

    def close(self) -> None:
        """Pull no more; a block that is being rendered now is left to itself."""
        self._closing.set()

    def join(self, timeout: float) -> None:
        """Wait until the thread has ended, `timeout` seconds at most."""
        self._thread.join(timeout)

    @property
    def available_frames(self) -> int:
        """The number of frames that could be taken now."""
        return self.pulled_frames - self.position

    @property
    def finished(self) -> bool:
        """True when every frame has been taken and no more will come."""
        return self.ended and self.position >= self.pulled_frames

    def peek(self, frames: int) -> NDArray[np.int16]:
        """Return the next frames, `frames` at most, and leave them where they are."""
        start, end = self.position, self.position + frames
        parts = [
            piece.samples[max(0, start - piece.start_frame) : end - piece.start_frame]
            for piece in self._pieces
            if piece.start_frame < end and piece.end_frame > start
        ]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros((0, self._channels), np.int16)

    def segment_starts(self) -> list[int]:
        """Return the frames, after the next one, at which another segment of the session begins."""
        return [
            later.start_frame
            for earlier, later in pairwise(self._pieces)
            if later.segment_index != earlier.segment_index and later.start_frame > self.position
        ]

    def _pull(self) -> None:
        try:
            while not self._closing.is_set():
                if self.available_frames >= self._ahead_frames:
                    self._closing.wait(ROOM_POLL_SECONDS)
                    continue
                block = next(self._blocks, None)
                if block is None:
                    break
                self._publish(block)
        except BaseException as failure:  # noqa: BLE001  (play() raises it for its caller)
            self.failure = failure
        finally:
            self.ended = True
            self._wake()

    def _publish(self, block: Block) -> None:
        if not self.pulled_frames:
            self.first_frame = block.start_frame
        if not len(block.samples):
            return
        samples = to_pcm16(np.reshape(block.samples, (len(block.samples), -1)))
        if samples.shape[1] != self._channels:
            raise ValueError(
                f"a block of {samples.shape[1]} channels in a stream of {self._channels}"
            )
        self._pieces = (
            *(piece for piece in self._pieces if piece.end_frame > self.position),
            StreamPiece(self.pulled_frames, samples, block.segment_index),
        )
        self.pulled_frames += len(samples)
        self._wake()
