"""Legs: what a stream consists of, told by the thread that renders it to those that follow it."""

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
    """Where it begins; a pickup lies before the place that it leads to, so this may be negative."""
    index: int
    """Which segment of the session, from 0."""
    segment: Segment
    """All of it: a whole one, or a tail with its pickup."""
    stands_at_seconds: float | None = None
    """Where in the segment the session stands until the person is ready; None: it goes on."""


class Legs(Sequence[Leg]):
    """The legs of one stream, in order, as far as it has been rendered."""

    def __init__(self) -> None:
        # The stream's thread replaces the tuple as a whole, so the player's never sees half a change.
        self._legs: tuple[Leg, ...] = ()

    def put(self, position: int, leg: Leg) -> None:
        """Let a leg be the last one, in the place of all from a position on."""
        self._legs = (*self._legs[:position], leg)

    def at(self, frame: int) -> Leg | None:
        """Return which leg a frame of the session belongs to; None before the first."""
        return next((leg for leg in reversed(self._legs) if leg.start_frame <= frame), None)

    def __len__(self) -> int:
        return len(self._legs)

    @overload
    def __getitem__(self, position: int) -> Leg: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Leg]: ...
    def __getitem__(self, position: int | slice) -> Leg | Sequence[Leg]:
        return self._legs[position]
