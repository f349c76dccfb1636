"""Statistics of a practice log: how regular and how long, and how well a routine is known.

Pure: the history and the day come in. Nothing here urges anybody on. A *streak* is the days on
which there was practice, as long as not more than `REST_DAYS` lie between two of them: plans have
days of rest, those for children two in a row. After pain rest is right, so up to `HEALING_DAYS` end
no streak then.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from voicecoach.practice.record import monday_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.practice.record import Practice

REST_DAYS: Final = 2
"""The most days without practice inside a streak, as between Friday and Monday."""
HEALING_DAYS: Final = 14
"""The same after a day on which something hurt."""
DAYS_OF_A_WEEK: Final = 2
"""The least days of practice in a week of a streak."""

FAMILIAR_SESSIONS: Final = 3
FAMILIAR_DAYS: Final = 42
AWAY_DAYS: Final = 14


@dataclass(frozen=True)
class Streak:
    """Regular practice so far."""

    days: int
    """Days with practice, those of rest between them not counted."""
    weeks: int
    """Weeks in a row, Monday to Sunday, with practice on two days or more; the present one as soon
    as it has them."""


@dataclass(frozen=True)
class Week:
    """What was practised in one week."""

    monday: date
    minutes: float
    sessions: int


def practised(history: Sequence[Practice]) -> list[Practice]:
    """Return the sessions in which something was done, in the order of the history."""
    return [one for one in history if one.exercises_done]


def streak(history: Sequence[Practice], today: date) -> Streak:
    """Return the streak that goes on today, or no days and no weeks."""
    done = [one for one in practised(history) if one.day <= today]
    days = sorted({one.day for one in done})
    hurt = {one.day for one in done if one.pain}

    def goes_on(before: date, after: date) -> bool:
        rest = HEALING_DAYS if before in hurt else REST_DAYS
        return (after - before).days - 1 <= rest

    count = 0
    # Today is not over: it is no day of rest yet.
    if days and goes_on(days[-1], today):
        steps = reversed(list(pairwise(days)))
        count = 1 + sum(1 for _ in takewhile(lambda step: goes_on(*step), steps))
    return Streak(days=count, weeks=_weeks(days, hurt, today))


def _weeks(days: Sequence[date], hurt: set[date], today: date) -> int:
    """Count weeks in a row; a week of rest after pain neither counts nor ends it."""
    days_of = Counter(monday_of(day) for day in days)
    healing = {
        monday_of(day + timedelta(days=more)) for day in hurt for more in range(HEALING_DAYS + 1)
    }
    monday, count = monday_of(today), 0
    while days and monday >= monday_of(days[0]):
        if days_of[monday] >= DAYS_OF_A_WEEK:
            count += 1
        elif monday not in healing and monday != monday_of(today):
            break
        monday -= timedelta(days=7)
    return count


def weeks_of_practice(history: Sequence[Practice], today: date, count: int) -> list[Week]:
    """Return `count` weeks up to the present one, oldest first; those without practice too."""
    last = monday_of(today)
    weeks = []
    for ago in range(count - 1, -1, -1):
        monday = last - timedelta(days=7 * ago)
        sessions = [one for one in practised(history) if monday_of(one.day) == monday]
        weeks.append(Week(monday, sum(one.seconds for one in sessions) / 60, len(sessions)))
    return weeks


def sessions_by_routine(history: Sequence[Practice]) -> dict[str, int]:
    """Return the number of sessions of each routine, the most frequent first."""
    return dict(Counter(one.routine for one in practised(history)).most_common())


def knows_well(
    history: Sequence[Practice], routine_slug: str, now: datetime, *, exercises: int = 1
) -> bool:
    """Return True if a person knows a routine well enough for short instructions.

    So it is when the latest three sessions of it lie within six weeks, the last of them less than
    two weeks ago. Those count that were finished, or in which at least half of the exercises were
    done; with `exercises`, how many it has now, also only those in which half of that many were
    done: a session of one exercise makes nobody know eight.
    """
    known = sorted(
        one.begun_at
        for one in history
        if one.routine == routine_slug
        and one.begun_at <= now
        and (one.finished or 2 * one.exercises_done >= one.exercises)
        and 2 * one.exercises_done >= exercises
    )
    return (
        len(known) >= FAMILIAR_SESSIONS
        and now - known[-1] < timedelta(days=AWAY_DAYS)
        and now - known[-FAMILIAR_SESSIONS] <= timedelta(days=FAMILIAR_DAYS)
    )
