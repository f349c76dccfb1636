"""Sessions that somebody has practised, for the tests of the plan."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from voicecoach.practice.plan import suggest
from voicecoach.practice.record import Practice
from voicecoach.routine.model import Audience

HERE = timezone(timedelta(hours=2))
MONDAY = date(2026, 3, 2)
R, P, M, D = "relaxation", "preliminary", "main", "dumbbells"
WEIGHTS = {M, D, "kettlebells"}
CHILD = Audience.CHILD


def day(number: int) -> date:
    """Return a day by its number, 0 being a Monday."""
    return MONDAY + timedelta(days=number)


def at(number: int, hour: int = 18) -> datetime:
    """Return an hour of a day."""
    return datetime.combine(day(number), time(hour), HERE)


def session(number: int, routine: str, hour: int = 8, **more: Any) -> Practice:
    """Return a session of a day, complete unless told otherwise."""
    audience = CHILD if routine in {"children", "posture-play"} else Audience.ADULT
    values: dict[str, Any] = {
        "audience": audience, "exercises": 6, "exercises_done": 6, "weights": routine in WEIGHTS,
    }  # fmt: skip
    values |= more
    return Practice(
        session_id=f"{number}-{hour}-{routine}", begun_at=at(number, hour), routine=routine, title=routine.title(),
        seconds=600.0, finished=values["exercises"] == values["exercises_done"], **values,
    )  # fmt: skip


def days_of(routines: str, *numbers: int, **more: Any) -> list[Practice]:
    """Return sessions of one routine on several days."""
    return [session(number, routines, **more) for number in numbers]


def regular(weeks: int, start: int = 0) -> list[Practice]:
    """Return weeks of somebody who does all that the plan has, from the day with that number on."""
    history: list[Practice] = []
    for number in range(start, start + 7 * weeks):
        for hour in (8, 9):
            sessions = suggest(history, at(number, hour)).sessions
            if sessions:
                history.append(session(number, sessions[0].routine, hour, level=sessions[0].level))
        assert suggest(history, at(number)).sessions == ()
    return history
