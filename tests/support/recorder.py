"""Speakers that need no real time and keep what they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tests.support.quick_play import QuickPlayer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from voicecoach.sound.mixdown import Block

_SENT: list[NDArray[np.float32]] = []


class Recorder(QuickPlayer):
    """Keeps the stream."""

    name = "recorder"

    def play(self, blocks: Iterable[Block], **how: Any) -> None:
        """Play a stream."""

        def kept() -> Iterator[Block]:
            for block in blocks:
                _SENT.append(block.samples[:, 0].copy())
                yield block

        super().play(kept(), **how)


def open_here(device: str | None) -> Recorder:
    """Return the player."""
    return Recorder(device)


def take() -> NDArray[np.float32]:
    """Return all that was sent since the last time."""
    samples = np.concatenate([*_SENT, np.zeros(0, np.float32)])
    _SENT.clear()
    return samples
