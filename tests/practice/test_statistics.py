"""What a log says: streaks that know rest and pain, minutes a week, and how well a routine is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.practice.log_here import a_session
from voicecoach.practice.statistics import (
    Streak,
    Week,
    knows_well,
    sessions_by_routine,
    streak,
    weeks_of_practice,
)

if TYPE_CHECKING:
    from voicecoach.practice.record import Practice

MONDAY = date(2026, 3, 2)
NOON = time(12, tzinfo=UTC)


def on(*days: int, pain: tuple[int, ...] = (), **other: object) -> list[Practice]:
    """Return a session on each of these days, counted from a Monday on; on some something hurt."""
    return [
        a_session(
            number,
            begun_at=datetime.combine(MONDAY + timedelta(days=day), NOON),
            pain=day in pain,
            **other,
        )
        for number, day in enumerate(days)
    ]


def streak_on(day: int, history: list[Practice]) -> tuple[int, int]:
    """Return days and weeks of the streak on a day, counted from that Monday on."""
    found = streak(history, MONDAY + timedelta(days=day))
    return found.days, found.weeks


# ----------------------------------------------------------------------------------------- streaks


def test_nobody_has_a_streak_before_the_first_day() -> None:
    """Nothing, and what lies in the future or was no practice."""
    assert streak([], MONDAY) == Streak(0, 0)
    assert streak_on(0, on(1, 2)) == (0, 0)
    assert streak_on(1, on(0, 1, exercises_done=0)) == (0, 0)


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        ((0,), 0, 1),
        ((0,), 1, 1),  # today is not over
        ((0,), 3, 1),  # Tuesday and Wednesday were days of rest
        ((0,), 4, 0),
        ((0, 0, 0), 0, 1),  # days, not sessions
        ((0, 1, 2, 3, 4, 5, 6), 6, 7),
        ((0, 2, 4, 7, 9, 11), 11, 6),  # Monday, Wednesday, Friday
        ((0, 4, 5), 5, 2),  # three days of rest begin anew
        ((0, 1, 8), 8, 1),
    ],
)
def test_days_of_rest_belong_to_a_streak(days: tuple[int, ...], today: int, expected: int) -> None:
    """Two in a row do, three do not; rest is not counted."""
    assert streak_on(today, on(*days))[0] == expected


@pytest.mark.parametrize(
    ("days", "pain", "today", "expected"),
    [
        ((0, 2, 4), (4,), 19, 3),  # two weeks of rest after pain
        ((0, 2, 4), (4,), 20, 0),
        ((0, 2, 4, 19), (4,), 19, 4),
        ((0, 2, 4, 19), (2,), 19, 1),  # it did not hurt any more
    ],
)
def test_rest_after_pain_ends_no_streak(
    days: tuple[int, ...], pain: tuple[int, ...], today: int, expected: int
) -> None:
    """Nobody has to choose between rest and a number."""
    assert streak_on(today, on(*days, pain=pain))[0] == expected


@pytest.mark.parametrize(
    ("days", "pain", "today", "expected"),
    [
        ((0, 2), (), 2, 1),
        ((0,), (), 6, 0),  # one day is no week
        ((0, 2, 7, 9, 14, 16), (), 16, 3),
        ((0, 2, 7, 9), (), 14, 2),  # the third week has only begun
        ((0, 2, 7, 9), (), 21, 0),  # the third week had nothing
        ((0, 2, 7, 9), (9,), 21, 2),  # it was for healing
        ((0, 2, 7, 9, 21, 23), (9,), 23, 3),
        ((0, 2, 7, 9), (9,), 35, 0),
        ((0, 2, 7, 14, 16), (), 16, 1),
    ],
)
def test_weeks_with_practice_on_two_days(
    days: tuple[int, ...], pain: tuple[int, ...], today: int, expected: int
) -> None:
    """Monday to Sunday; the week that is not over breaks nothing."""
    assert streak_on(today, on(*days, pain=pain))[1] == expected


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.integers(0, 70))
def test_pain_never_shortens_a_streak(days: set[int], hurt: set[int], today: int) -> None:
    """Who says that it hurt loses nothing by saying it."""
    without = streak_on(today, on(*days))
    honest = streak_on(today, on(*days, pain=tuple(hurt)))
    assert honest[0] >= without[0]
    assert honest[1] >= without[1]


def test_a_day_is_that_of_its_place() -> None:
    """Late in the evening far in the west is that evening, not the next morning in London."""
    far_west = timezone(timedelta(hours=-10))
    late = datetime(2026, 3, 2, 23, 0, tzinfo=far_west)
    assert streak([a_session(1, begun_at=late)], date(2026, 3, 2)) == Streak(1, 0)


# ------------------------------------------------------------------------------------- how much


def test_minutes_of_each_week() -> None:
    """Monday to Sunday, weeks without practice too; an opening alone is none."""
    history = on(0, 6, 7, 21, seconds=90.0) + on(22, exercises_done=0, seconds=600.0)
    weeks = weeks_of_practice(history, MONDAY + timedelta(days=23), 4)
    assert weeks == [
        Week(MONDAY, 3.0, 2),
        Week(MONDAY + timedelta(days=7), 1.5, 1),
        Week(MONDAY + timedelta(days=14), 0.0, 0),
        Week(MONDAY + timedelta(days=21), 1.5, 1),
    ]
    assert [week.sessions for week in weeks_of_practice(history, MONDAY, 2)] == [0, 2]


def test_sessions_of_each_routine() -> None:
    """The most frequent first."""
    history = on(0, 1, routine="main") + on(0, 1, 2, routine="relaxation")
    assert list(sessions_by_routine(history).items()) == [("relaxation", 3), ("main", 2)]


# ------------------------------------------------------------------------------------ familiarity

NOW = datetime.combine(MONDAY + timedelta(days=100), NOON)


def ago(*days: float, **other: object) -> list[Practice]:
    """Return a session of all exercises so many days ago each."""
    return [
        a_session(number, **{"begun_at": NOW - timedelta(days=day), "exercises_done": 8, "finished": True} | other)
        for number, day in enumerate(days)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "known"),
    [
        ((), False),
        ((1, 2), False),
        ((1, 2, 3), True),
        ((0, 0, 0), True),
        ((3, 1, 2), True),
        ((13.9, 20, 42), True),
        ((14, 15, 16), False),  # two weeks away: everything is said again
        ((0, 15, 16), True),  # and once that was heard, it is known again
        ((1, 2, 42.1), False),  # too long ago
        ((1, 40, 41, 300), True),
        ((-1, 1, 2), False),  # a clock that was wrong
    ],
)
def test_three_recent_sessions_make_a_routine_known(days: tuple[float, ...], known: bool) -> None:
    """Within six weeks, the last less than two weeks ago."""
    assert knows_well(ago(*days), "main", NOW) is known


def test_sessions_of_other_routines_say_nothing() -> None:
    """Who knows one exercise does not know another."""
    assert not knows_well(ago(1, 2, 3, 4), "relaxation", NOW)
    mixed = ago(1, 2) + ago(3, 4, 5, routine="relaxation")
    assert not knows_well(mixed, "main", NOW)
    assert knows_well(mixed, "relaxation", NOW)


@pytest.mark.parametrize(
    ("done", "finished", "known"),
    [(8, True, True), (4, False, True), (3, False, False), (0, False, False), (5, True, True)],
)
def test_half_of_a_session_is_enough(done: int, finished: bool, known: bool) -> None:
    """Who stopped early has not heard the rest."""
    history = ago(1, 2) + [replace(one, exercises_done=done, finished=finished) for one in ago(3)]
    assert knows_well(history, "main", NOW) is known
    assert knows_well(history, "main", NOW, exercises=8) is known


def test_some_exercises_make_nobody_know_all() -> None:
    """`--only 1` three times is one exercise of eight; four of eight are half."""
    one = ago(1, 2, 3, exercises=1, exercises_done=1)
    assert knows_well(one, "main", NOW, exercises=1)
    assert not knows_well(one, "main", NOW, exercises=8)
    assert knows_well(ago(1, 2, 3, exercises=4, exercises_done=4), "main", NOW, exercises=8)
    # A session that was resumed for its last two exercises has come to its end.
    rest = ago(1, 2, 3, exercises_done=2, finished=True)
    assert not knows_well(rest, "main", NOW, exercises=8)


def test_time_zones_are_compared_by_the_sun() -> None:
    """A session of yesterday evening elsewhere is not in the future."""
    far_east = timezone(timedelta(hours=14))
    history = [replace(one, begun_at=one.begun_at.astimezone(far_east)) for one in ago(0.1, 1, 2)]
    assert knows_well(history, "main", NOW)
