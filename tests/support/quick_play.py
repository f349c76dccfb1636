"""The command line with speakers that need no real time: `python -m tests.support.quick_play play … --player quick`.

`--device 20` is how many times as fast as real speakers they are; without it, as fast as they can.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from voicecoach.cli import main
from voicecoach.play.players import PLAYERS, Abilities, Player, PlayerChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voicecoach.play.players.feed import Feed
    from voicecoach.sound.mixdown import Block

TICKS_A_SECOND = 20


class QuickPlayer(Player):
    """Takes a stream and tells where it is twenty times in each second of it."""

    name = "quick"
    abilities = Abilities(
        exact_pause=True, volume=True, device_choice=True, seamless=True, position_seconds=0.1
    )

    def play(
        self,
        blocks: Iterable[Block],
        *,
        sample_rate: int,
        channels: int,
        on_position: Callable[[int], None] | None = None,
    ) -> None:
        """Play a stream."""
        self._stopping = False
        pause_seconds = 1 / TICKS_A_SECOND / float(self._device_name) if self._device_name else 0.0
        for block in blocks:
            for start in range(block.start_frame, block.end_frame, sample_rate // TICKS_A_SECOND):
                if self._stopping:
                    return
                self.position_frames = start
                if on_position is not None:
                    on_position(start)
                if pause_seconds:
                    time.sleep(pause_seconds)

    def _open(self, feed: Feed) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError

    def _taken_frames(self, feed: Feed) -> int:
        raise NotImplementedError

    def _sounded_frames(self, feed: Feed) -> int:
        raise NotImplementedError

    def _is_drained(self, feed: Feed) -> bool:
        raise NotImplementedError


def open_here(device: str | None) -> Player:
    """Return the player."""
    return QuickPlayer(device)


if __name__ == "__main__":
    PLAYERS["quick"] = PlayerChoice("tests.support.quick_play", "")
    main()
