"""The record of a session that somebody has practised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from datetime import date, datetime

    from voicecoach.routine.model import Routine


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Practice:
    """One session, whole or in part."""

    session_id: str
    """From `place.new_session_id`."""
    begun_at: datetime
    """The start of its first exercise; aware, in the time zone of that day's clock."""
    routine: str
    """The slug of the routine."""
    title: str
    audience: Audience
    seconds: float
    """Time with sound, without pauses; 0 or more."""
    exercises_done: int
    """How many exercises were reached and not skipped, 0 to `exercises`."""
    exercises: int
    """At least 1."""
    finished: bool
    level: Level = Level.STANDARD
    effort: int | None = None
    """0 (nothing) to 10 (the utmost); None where nobody said."""
    pain: bool | None = None
    """Whether anything hurt; None where nobody said."""
    muscles: tuple[str, ...] = ()
    """What the routine develops, by its tags, such as `trapezius`."""
    weights: bool = False
    """Whether it had contraindications, as routines with dumbbells have."""

    @classmethod
    def of(cls, routine: Routine, **more: Any) -> Practice:
        """Return a session of a routine; `more` is all that the routine does not tell."""
        return cls(
            routine=routine.slug,
            title=routine.title,
            audience=routine.audience,
            exercises=len(routine.steps),
            muscles=routine.muscles,
            weights=bool(routine.contraindications),
            **more,
        )

    @property
    def day(self) -> date:
        """Return the day on which it was begun, by the clock of that place."""
        return self.begun_at.date()
