"""The speakers that a person asked for, found, and found again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.play.players import Player

OTHER_SPEAKERS_SECONDS = 10.0
"""The wait for speakers that were asked for by name before others will do."""


@dataclass(frozen=True)
class Speakers:
    """Which speakers were asked for."""

    name: str
    device: str | None
    keep_alive: bool

    def open(self) -> Player:
        """Return a player for them; PlayerUnavailableError where they are not here."""
        from voicecoach.play.players import open_player

        return open_player(self.name, self.device, keep_alive=self.keep_alive)

    def finder(self) -> Callable[[], Player]:
        """Return a function that finds them again, or after a while others that are here."""
        from voicecoach.errors import PlayerUnavailableError
        from voicecoach.play.players import open_player

        others_from = 0.0

        def find() -> Player:
            nonlocal others_from
            now = time.monotonic()
            if now > others_from + 2 * OTHER_SPEAKERS_SECONDS:  # a new search
                others_from = now + OTHER_SPEAKERS_SECONDS
            try:
                return self.open()
            except PlayerUnavailableError:
                if now < others_from or (self.name == "auto" and self.device is None):
                    raise
                return open_player(keep_alive=self.keep_alive)

        return find
