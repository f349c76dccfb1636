"""Placements become one stream of rendered blocks, for the encoder and the speakers alike.

The stream is lazy: a span of the session is pulled when its first block is wanted, so it can be
spoken while the one before it plays, and memory holds one block and the clips of one span,
whatever the length of the session. The samples do not depend on the size of the blocks.
"""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.sound.clip import db_to_gain
from voicecoach.sound.music.accompaniment import Accompaniment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from voicecoach.sound.music.bed import Bed
    from voicecoach.sound.timeline import Placement

BLOCK_FRAMES = 65_536
"""The usual size of a block: 2.7 s at 24 kHz, 256 KiB of mono samples; larger is not faster."""


@dataclass(frozen=True)
class Span:
    """A stretch of the session with all that begins to sound in it; the spans follow gaplessly."""

    segment_index: int
    """Which segment of the script it is, from 0."""
    start_frame: int
    """From the start of the session; the end of the span before."""
    end_frame: int | None
    """Where the next span starts; None for the last one, which ends with its last sound."""
    placements: Sequence[Placement]
    """In any order; each starts in the span or later, and may ring on past the span's end."""
    next_sound_frame: int | None = None
    """Where the first sound of the next span begins, so that music makes room before it. None if it
    comes so late, or so soon after the last sound here, that the music need not know."""


@dataclass(frozen=True)
class Block:
    """A piece of the rendered session; they follow gaplessly and never cross a segment's border."""

    start_frame: int
    """From the start of the session."""
    samples: NDArray[np.float32]
    """Shape (frames, channels), within ±1.0, read-only."""
    segment_index: int
    """Which segment of the script it belongs to, from 0."""

    @property
    def length_frames(self) -> int:
        """Length in frames."""
        return len(self.samples)

    @property
    def end_frame(self) -> int:
        """Return the first frame after the block."""
        return self.start_frame + len(self.samples)


def mix(
    spans: Iterable[Span],
    sample_rate: int,
    channels: int,
    block_frames: int = BLOCK_FRAMES,
    *,
    bed: Bed | None = None,
) -> Iterator[Block]:
    """Yield the rendered session, block after block, with a bed of music under it if there is one.

    Each span is pulled only when all blocks before it have been taken. After the last span blocks
    go on until the last sound has ended, and with it the music.
    """
    if block_frames < 1:
        raise ValueError(f"a block has one frame or more, got {block_frames}")
    if bed is not None and (bed.sample_rate, bed.channels) != (sample_rate, channels):
        raise ValueError(
            f"the bed has {bed.sample_rate} Hz and {bed.channels} channels in a session of "
            f"{sample_rate} Hz and {channels}"
        )
    mixer = _Mixer(sample_rate, channels, block_frames, bed)
    for span in spans:
        mixer.take(span)
        # A span without an end has nothing after it but its sounds, which follow below.
        yield from mixer.blocks_until(span.end_frame or 0)
    yield from mixer.blocks_until(mixer.last_sound_end_frame)


class _Mixer:
    """What has been taken and not yet sounded, and where the stream is."""

    def __init__(self, sample_rate: int, channels: int, block_frames: int, bed: Bed | None) -> None:
        self._bed = bed
        self._accompaniment: Accompaniment | None = None
        self._sample_rate = sample_rate
        self._channels = channels
        self._block_frames = block_frames
        self._waiting: deque[Placement] = deque()
        self._sounding: list[Placement] = []
        self._frame: int | None = None
        self._segment_index = 0
        self._open_ended = False
        # Four fifths of a session are silence: all of it is this one block.
        self._silence = np.zeros((block_frames, channels), np.float32)
        self._silence.setflags(write=False)

    @property
    def last_sound_end_frame(self) -> int:
        """The frame after the last sound taken so far; 0 before any."""
        taken = itertools.chain(self._sounding, self._waiting)
        return max((placement.end_frame for placement in taken), default=0)

    def take(self, span: Span) -> None:
        if self._open_ended:
            raise ValueError("a span without an end is followed by another one")
        if self._frame is None:
            self._frame = span.start_frame
            if self._bed is not None:
                self._accompaniment = Accompaniment(self._bed, span.start_frame)
        if span.start_frame != self._frame:
            raise ValueError(
                f"span {span.segment_index} starts at frame {span.start_frame}, "
                f"the one before ended at {self._frame}"
            )
        if span.end_frame is not None and span.end_frame < span.start_frame:
            raise ValueError(f"span {span.segment_index} ends before it starts")
        for placement in span.placements:
            self._check(placement, span)
        self._open_ended = span.end_frame is None
        self._segment_index = span.segment_index
        # Sums of floats depend on their order. Placements are always added in the order of their
        # start, so that a sample is the same however the stream is cut into blocks.
        self._waiting = deque(
            sorted([*self._waiting, *span.placements], key=lambda placement: placement.start_frame)
        )
        if (music := self._accompaniment) is not None:
            # For tones as for words: they are heard alone, and both together make one valley.
            for placement in span.placements:
                music.make_room(placement.start_frame, placement.end_frame)
            if span.next_sound_frame is not None:
                music.make_room(span.next_sound_frame, span.next_sound_frame)
            if span.end_frame is None:
                music.end(span.start_frame, max(self.last_sound_end_frame, span.start_frame))

    def _check(self, placement: Placement, span: Span) -> None:
        if placement.start_frame < span.start_frame:
            raise ValueError(
                f'"{placement.sentence}" starts at frame {placement.start_frame}, '
                f"before its span {span.segment_index} (frame {span.start_frame})"
            )
        if placement.clip.sample_rate != self._sample_rate:
            raise ValueError(
                f'"{placement.sentence}" has {placement.clip.sample_rate} Hz in a session of '
                f"{self._sample_rate} Hz"
            )
        if placement.clip.channels not in (1, self._channels):
            raise ValueError(
                f'"{placement.sentence}" has {placement.clip.channels} channels in a session of '
                f"{self._channels}"
            )

    def blocks_until(self, end_frame: int) -> Iterator[Block]:
        while self._frame is not None and self._frame < end_frame:
            block = self._block(self._frame, min(self._frame + self._block_frames, end_frame))
            self._frame = block.end_frame
            self._sounding = [one for one in self._sounding if one.end_frame > block.end_frame]
            yield block

    def _block(self, first: int, after: int) -> Block:
        """Mix the frames from `first` up to, not including, `after`."""
        while self._waiting and self._waiting[0].start_frame < after:
            self._sounding.append(self._waiting.popleft())
        music = self._accompaniment
        if not self._sounding:
            silence = self._silence[: after - first]
            samples = silence if music is None else music.under(first, after)
            samples.setflags(write=False)
            return Block(first, samples, self._segment_index)
        samples = np.zeros((after - first, self._channels), np.float32)
        for placement in self._sounding:
            start = placement.start_frame
            begin, end = max(start, first), min(placement.end_frame, after)
            piece = placement.clip.samples[begin - start : end - start]
            if placement.gain_db:
                piece = piece * np.float32(db_to_gain(placement.gain_db))
            samples[begin - first : end - first] += piece
        if music is not None:
            samples += music.under(first, after, samples)
        np.clip(samples, -1.0, 1.0, out=samples)
        samples.setflags(write=False)
        return Block(first, samples, self._segment_index)
