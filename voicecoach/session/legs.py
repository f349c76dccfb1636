"""Legs: the parts of a stream, from the thread that renders it to those that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from voicecoach.script.model import Segment


@dataclass(frozen=True)
class Leg:
    """A segment as it is played, with its place in the session."""

    start_frame: int
    """May be negative: a pickup lies before the place that it leads to."""
    index: int
    """Of the segment in the session."""
    segment: Segment
    """All of it: a whole one, or a tail with its pickup."""
    stands_at_seconds: float | None = None
    """Where in the segment the session waits for the person; None: nowhere."""


class Legs(Sequence[Leg]):
    """The legs of one stream, in order, as far as it has been rendered."""

    def __init__(self) -> None:
        # The stream's thread replaces the whole tuple, so the player's never sees half a change.
        self._legs: tuple[Leg, ...] = ()

    def put(self, position: int, leg: Leg) -> None:
        """Put a leg last, in place of all from a position on."""
        self._legs = (*self._legs[:position], leg)

    def at(self, frame: int) -> Leg | None:
        """Return the leg that a frame of the session belongs to; None before the first."""
        return next((leg for leg in reversed(self._legs) if leg.start_frame <= frame), None)

    def __len__(self) -> int:
        return len(self._legs)

    @overload
    def __getitem__(self, position: int) -> Leg: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Leg]: ...
    def __getitem__(self, position: int | slice) -> Leg | Sequence[Leg]:
        return self._legs[position]
