"""The state of live play: the moment of the session, and how the player stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.play.transport import Mode
    from voicecoach.script.moments import Moment


@dataclass(frozen=True)
class NowPlaying:
    """All that is shown of a session that plays."""

    title: str
    """Of the routine."""
    mode: Mode
    moment: Moment | None
    """None as long as nothing has been heard."""
    position_seconds: float
    """On the timeline of the session."""
    total_seconds: float
    total_is_exact: bool
    """Whether that length is measured; else it is "about"."""
    volume_percent: int
    """100: as loud as the speakers are set."""
    rate: float
    """Factor on the pace of the voice."""
    speakers: str
    """What it plays on, for people."""
    message: str = ""
    """One line for the person; empty for none."""
