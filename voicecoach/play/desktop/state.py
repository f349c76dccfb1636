"""What a desktop is shown of a session, without any bus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.play.transport import Mode

if TYPE_CHECKING:
    from voicecoach.play.now_playing import NowPlaying

STATUSES: Final = {
    Mode.STARTING: "Playing",
    Mode.PLAYING: "Playing",
    Mode.PAUSED: "Paused",
    Mode.WAITING: "Paused",
    Mode.NO_SPEAKERS: "Paused",
    Mode.ENDED: "Stopped",
}
"""Whatever waits for the person shows the button to go on."""

_JUMP_SECONDS: Final = 1.0
"""Less than this is no jump: positions come in steps."""


@dataclass(frozen=True)
class Shown:
    """All that changes now and then, and is announced when it does."""

    status: str = "Stopped"
    title: str = ""
    """The exercise."""
    routine: str = ""
    exercise_number: int = 0
    """0 outside the exercises."""
    total_seconds: int = 0
    """To the second: estimates change by less all the time."""
    volume: float = 1.0


@dataclass(frozen=True)
class _Playhead:
    """A position that moves by itself."""

    seconds: float
    at_seconds: float
    """When it was there, on the monotonic clock."""
    moves: bool

    def position_seconds(self, clock_seconds: float) -> float:
        return self.seconds + (clock_seconds - self.at_seconds if self.moves else 0.0)


class PlaybackState:
    """How things stand; written by one thread, read by another."""

    def __init__(self) -> None:
        self.shown: Shown | None = None
        """None before there is anything to show."""
        self.jumps = 0
        """How often the position did not simply move on."""
        self._playhead = _Playhead(0.0, 0.0, moves=False)

    def show(self, now: NowPlaying, clock_seconds: float) -> bool:
        """Take in how things stand; return whether a desktop should be told."""
        shown = Shown(
            status=STATUSES[now.mode],
            title=_plain(now.moment.title if now.moment else now.title),
            routine=_plain(now.title),
            exercise_number=now.moment.exercise_number if now.moment else 0,
            total_seconds=round(now.total_seconds),
            volume=now.volume_percent / 100,
        )
        expected_seconds = self._playhead.position_seconds(clock_seconds)
        jumped = abs(now.position_seconds - expected_seconds) > _JUMP_SECONDS
        self._playhead = _Playhead(now.position_seconds, clock_seconds, now.mode is Mode.PLAYING)
        changed = shown != self.shown
        if jumped and self.shown:
            self.jumps += 1
        self.shown = shown
        return changed or jumped

    def position_seconds(self, clock_seconds: float) -> float:
        """Return the position now, even if it was last shown a while ago."""
        total_seconds = self.shown.total_seconds if self.shown else 0
        return min(self._playhead.position_seconds(clock_seconds), float(total_seconds))


def _plain(text: str) -> str:
    """Drop control characters: strangers write the titles, and any program may read them."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
