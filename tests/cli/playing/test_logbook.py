"""What of a playing session comes into the practice log: played for real, on speakers without real time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.play.test_live import Stage, _no_waiting, plan, stage  # noqa: F401  (fixtures)
from tests.support.building import routine, step
from voicecoach.cli.playing.logbook import Logbook
from voicecoach.library.library import Library
from voicecoach.play.transport import Command
from voicecoach.practice.log import forget, load_history
from voicecoach.routine.model import Audience, Level, Silence, Spoken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voicecoach.practice.record import Practice


def play_logged(on: Stage, library: Library, level: Level = Level.STANDARD) -> list[Practice]:
    """Play what is on the stage with a logbook beside it, and return what is in the log then."""
    with Logbook(on.session.routine, level, library) as logbook:
        logbook.live = on.live

        def show(now: object) -> None:
            on.shown.append(now)  # type: ignore[arg-type]
            logbook.show(now)  # type: ignore[arg-type]

        on.live._show = show
        on.run()
    return list(load_history())


def start_of(on: Stage, exercise: int) -> float:
    """Return when an exercise begins, in seconds of the session left alone; from 1."""
    return on.starts[exercise]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library without routines of its own."""
    return Library(tmp_path)


def test_a_session_left_alone_is_one_row(stage: Callable[..., Stage], library: Library) -> None:  # noqa: F811
    """With its routine, its exercises and its end."""
    on = stage(plan())
    (one,) = play_logged(on, library, Level.STRONG)
    what = on.session.routine
    assert (one.routine, one.title, one.audience) == (what.slug, what.title, Audience.ADULT)
    assert (one.exercises_done, one.exercises, one.finished) == (4, 4, True)
    assert one.level is Level.STRONG
    assert (one.effort, one.pain) == (None, None)
    assert one.begun_at.tzinfo is not None


def test_it_is_there_from_the_first_exercise_on(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
) -> None:
    """Whatever ends it then, it has been; what is written in between is that it was stopped."""
    on = stage(plan())
    seen: list[list[tuple[int, bool]]] = []

    def look() -> None:
        time.sleep(0.2)  # the log is written beside the playing
        seen.append([(one.exercises_done, one.finished) for one in load_history()])

    first = start_of(on, 1)
    for seconds in (first - 1, first + 1, first + 30, start_of(on, 2) + 1, start_of(on, 4) + 30):
        on.speakers.events[seconds] = look
    play_logged(on, library)
    assert seen == [[], [(0, False)], [(1, False)], [(1, False)], [(4, False)]]


def test_an_opening_alone_is_no_practice(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
) -> None:
    """Who looked in has not exercised."""
    on = stage(plan())
    on.at(1.0, Command.QUIT)
    assert play_logged(on, library) == []


@pytest.mark.parametrize(
    ("exercise", "after", "commands", "done", "finished"),
    [
        (3, 10.0, [Command.QUIT], 2, False),  # in the lead-in
        (3, 30.0, [Command.QUIT], 3, False),  # in the work
        (2, 10.0, [Command.NEXT], 3, True),  # skipped before it began
        (2, 30.0, [Command.NEXT], 3, True),  # in mid-work
        (2, 55.0, [Command.NEXT], 4, True),  # only its rest
        (2, 10.0, [Command.NEXT, Command.NEXT], 2, True),
        (2, 10.0, [Command.FORWARD, Command.FORWARD, Command.FORWARD], 4, True),
        (2, 30.0, [Command.FORWARD], 4, True),
        (2, 30.0, [Command.REPEAT], 4, True),
        (2, 30.0, [Command.PAUSE, Command.PLAY], 4, True),
        (3, 30.0, [Command.BACK], 4, True),
        (
            2,
            30.0,
            [Command.NEXT, Command.BACK, Command.BACK],
            4,
            True,
        ),  # skipped, and done all the same
        (4, 30.0, [Command.NEXT], 3, True),
        (4, 30.0, [Command.NEXT, Command.NEXT], 3, True),  # and the closing
        (4, 30.0, [Command.NEXT, Command.QUIT], 3, False),
    ],
)
def test_exercises_that_were_skipped_are_not_done(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
    exercise: int,
    after: float,
    commands: list[Command],
    done: int,
    finished: bool,
) -> None:
    """An exercise counts from its first moment of work on, unless it is skipped before its end."""
    on = stage(plan())
    on.at(start_of(on, exercise) + after, *commands)
    (one,) = play_logged(on, library)
    assert (one.exercises_done, one.finished) == (done, finished)


def test_the_last_exercise_may_be_skipped_where_no_words_follow(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
) -> None:
    """The session is at its end then, and the exercise is not done."""
    on = stage(routine(step("one", "hold 30s"), step("two", "hold 30s")))
    on.at(on.starts[1] + 10.0, Command.NEXT)
    (one,) = play_logged(on, library)
    assert (one.exercises_done, one.exercises, one.finished) == (1, 2, True)


def test_of_steps_that_belong_together_those_that_were_over_are_done(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
) -> None:
    """In the rest after the first of two, "next" skips the second alone."""
    rests: dict[str, object] = {"setup_seconds": 20.0, "rest_after_seconds": 15.0}
    pair = [step(name, "hold 30s", together="pair", **rests) for name in ("left", "right")]
    on = stage(routine(*pair, step("last", "hold 30s"), opening="Welcome.", closing="Goodbye."))
    on.at(on.starts[1] + 60.0, Command.NEXT)
    (one,) = play_logged(on, library)
    assert (one.exercises_done, one.finished) == (2, True)


def test_what_was_skipped_and_then_begun_is_done(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
) -> None:
    """Who comes back for it has done it, also where the session ends there."""
    for seconds, done in ((10.0, 1), (40.0, 2)):
        on = stage(plan())
        there = start_of(on, 2) + 5.0
        on.at(there, Command.NEXT, Command.BACK)
        on.at(there + seconds, Command.QUIT)
        (one,) = play_logged(on, library)
        forget()
        assert one.exercises_done == done


def test_silences_of_the_opening_are_no_exercise(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
) -> None:
    """However long."""
    on = stage(routine(step("one", "hold 30s"), opening=(Spoken("Hello."), Silence(60.0))))
    on.at(50.0, Command.QUIT)
    assert play_logged(on, library) == []


def test_a_log_that_cannot_be_written_stops_nothing_and_is_told_once(
    stage: Callable[..., Stage],  # noqa: F811
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At the end, with the command that adds the session later."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "file"))
    on = stage(plan())
    on.at(start_of(on, 3) + 30.0, Command.QUIT)
    assert play_logged(on, library) == []
    assert on.exercises[-1] == "step-3"
    told = capsys.readouterr().err
    assert told.count("practice.sqlite") == 1
    assert f"voicecoach log --add {on.session.routine.slug} --on 20" in told
    assert "--minutes 1 --done 3\n" in told
