"""`voicecoach log`: what it shows, what it gives to programs, and how it is changed by hand."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from tests.cli import conftest
from tests.practice.log_here import a_session
from voicecoach.cli import app
from voicecoach.cli.commands.log import cell, chart_lines
from voicecoach.cli.playing.logbook import command_to_add, name_to_call
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.practice.log import load_history, log_path, save_practice
from voicecoach.practice.statistics import Week
from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from voicecoach.practice.record import Practice


def run(*arguments: str, expect: int = 0, typed: str | None = None) -> tuple[str, str]:
    """Run `voicecoach log` in this process and return what it printed: (stdout, stderr)."""
    return conftest.run("log", *arguments, expect=expect, typed=typed)


def now() -> datetime:
    """Return the time of this moment: a run of all tests may begin on another day."""
    return datetime.now(UTC).astimezone()


def logged(number: int, days_ago: float, **other: object) -> Practice:
    """Put a session into the log that was so many days ago."""
    begun_at = (now() - timedelta(days=days_ago)).replace(microsecond=0)
    session = a_session(number, **{"begun_at": begun_at, "pain": None, "effort": None} | other)
    save_practice(session)
    return session


# --------------------------------------------------------------------------------------- what it shows


def test_an_empty_log_says_how_to_begin() -> None:
    """On stderr, with status 0; programs get an empty document."""
    out, err = run()
    assert out == ""
    assert "voicecoach play" in err
    assert json.loads(run("--json")[0])["sessions"] == []
    assert len(run("--csv")[0].splitlines()) == 1
    assert not Path(str(log_path())).exists()


def test_table_has_the_latest_session_first() -> None:
    """Plain lines in a pipe: date, routine, minutes, how, level, effort, pain."""
    logged(
        1,
        2,
        seconds=560.0,
        exercises_done=8,
        finished=True,
        level=Level.STRONG,
        effort=10,
        pain=False,
    )
    newest = logged(2, 1, seconds=90.0, routine="desk-break", effort=0)
    logged(3, 3, seconds=29.0, exercises_done=7, finished=True)
    out, err = run()
    rows = [line.split("\t") for line in out.splitlines()]
    assert [row[1] for row in rows] == ["desk-break", "main", "main"]
    assert rows[0] == [
        f"{newest.begun_at:%Y-%m-%d %H:%M}",
        "desk-break",
        "2",
        "stopped, 3 of 8",
        "easy",
        "0",
        "",
    ]
    assert rows[1][2:] == ["9", "finished", "strong", "10", "no"]
    assert rows[2][2:] == ["0", "finished, 7 of 8", "easy", "", ""]
    assert "Streak: 3 days of practice" in err
    assert re.search(r"(10|11) min, 3 sessions|1 session", err)


def test_only_the_latest_are_in_the_table() -> None:
    """All stand in the documents for programs."""
    for number in range(25):
        logged(number, number)
    out, err = run()
    assert len(out.splitlines()) == 20
    assert "latest 20 of 25" in err
    assert len(run("--csv")[0].splitlines()) == 26
    assert len(json.loads(run("--json")[0])["sessions"]) == 25


def test_pain_is_told_in_place_of_the_streak() -> None:
    """Rest and a doctor come before any number."""
    logged(1, 2)
    logged(2, 1, pain=True)
    err = run()[1]
    assert "Streak" not in err
    assert "rest" in err
    assert "see a doctor" in err
    logged(3, 0, pain=False)
    assert "Streak: 3 days" in run()[1]


def test_json_tells_every_field() -> None:
    """A document for programs, with numbers as numbers."""
    session = logged(1, 1, effort=7, pain=True)
    document = json.loads(run("--json")[0])
    (told,) = document["sessions"]
    assert told == {
        "id": "session-1", "begun_at": session.begun_at.isoformat(), "routine": "main",
        "title": session.title, "audience": "adult", "seconds": 123.4, "exercises_done": 3,
        "exercises": 8, "finished": False, "level": "easy", "effort": 7, "pain": True,
        "muscles": ["trapezius", "latissimus-dorsi"], "weights": True,
    }  # fmt: skip
    assert document["streak"] == {"days": 1, "weeks": 0}
    assert sum(week["sessions"] for week in document["weeks"]) == 1
    assert document["routines"] == {"main": 1}


def test_csv_is_whole_and_computes_nothing() -> None:
    """Titles from strangers: formulas, quotes, commas and lines come out as text in one cell."""
    titles = [
        "=cmd|'/c calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        ' \t=1+1"',
        'a, "b"',
        "two\nlines",
        "\x1b[31mred",
    ]
    for number, title in enumerate(titles):
        logged(number, 100 - number, title=title, routine=title)
    rows = list(csv.reader(io.StringIO(run("--csv")[0])))
    assert {len(row) for row in rows} == {12}
    shown = [row[3] for row in rows[1:]]
    assert shown == [row[2] for row in rows[1:]]
    assert shown == [
        "'=cmd|'/c calc'!A0", "'+1", "'-1", "'@SUM(A1)", "'=1+1\"", 'a, "b"', "two lines", "[31mred",
    ]  # fmt: skip
    assert rows[1][:2] == [f"{load_history()[0].begun_at:{form}}" for form in ("%Y-%m-%d", "%H:%M")]
    assert "\x1b" not in run()[0]


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_signs_of_formulas_are_guarded(sign: str) -> None:
    """Wide ones are signs to some spreadsheets, too."""
    assert cell(f"{sign}1") == f"'{sign}1"
    assert cell(f"a{sign}1") == f"a{sign}1"


def test_chart_is_to_scale_from_the_first_practice_on() -> None:
    """Blocks with halves, or # where there is only ASCII; a little is never nothing."""
    weeks = [
        Week(date(2026, 3, 2) + timedelta(days=7 * number), minutes, sessions)
        for number, (minutes, sessions) in enumerate(
            [(0.0, 0), (60.0, 5), (0.0, 0), (0.2, 1), (31.0, 2)]
        )
    ]
    assert chart_lines(weeks, ascii_only=False)[1:] == [
        f"2026-03-09  {'█' * 30} 60 min, 5 sessions",
        "2026-03-16",
        "2026-03-23  ▌ 0 min, 1 session",
        f"2026-03-30  {'█' * 15}▌ 31 min, 2 sessions",
    ]
    plain = chart_lines(weeks, ascii_only=True)
    assert "\n".join(plain).isascii()
    assert [line.count("#") for line in plain] == [0, 30, 0, 1, 16]


# ------------------------------------------------------------------------------------- written by hand


def test_a_session_with_a_track_is_added() -> None:
    """With the title, the muscles and the length of the routine; now, if nothing is said."""
    _, err = run("--add", "main", "--pain", "no")
    assert "Added: main" in err
    (one,) = load_history()
    routine = load_routine(Library().find_routine("main"), Library())
    assert (one.routine, one.title, one.muscles) == ("main", routine.title, routine.muscles)
    assert one.weights
    assert (one.exercises_done, one.exercises, one.finished) == (6, 6, True)
    assert one.seconds == 11 * 60
    assert abs(datetime.now(UTC) - one.begun_at - timedelta(minutes=11)) < timedelta(minutes=1)
    assert (one.effort, one.pain, one.level) == (None, False, Level.STANDARD)


def test_a_session_of_another_day_is_added() -> None:
    """At noon of a day, or at its time; with all that can be said of it."""
    run("--add", "children", "--on", "2026-03-01")
    run("--add", "children", "--on", "2026-03-01")
    run(
        "--add", "children", "--on", "2026-02-01T07:15", "--minutes", "4", "--done", "2", "--level", "easy",
        "--effort", "3", "--pain", "yes",
    )  # fmt: skip
    first, *noon = load_history()
    assert [f"{one.begun_at:%Y-%m-%d %H:%M}" for one in (first, *noon)] == [
        "2026-02-01 07:15", "2026-03-01 12:00", "2026-03-01 12:00",
    ]  # fmt: skip
    assert first.begun_at.tzinfo is not None
    assert (first.seconds, first.exercises_done, first.finished) == (240.0, 2, False)
    assert (first.level, first.effort, first.pain) == (Level.EASY, 3, True)
    assert first.audience is Audience.CHILD
    run("--add", "main", "--on", f"{now():%Y-%m-%d}")
    assert load_history()[-1].begun_at <= datetime.now(UTC)


def test_the_same_session_is_added_once() -> None:
    """Who gives the command twice has practised once."""
    run("--add", "main", "--on", "2026-03-01T07:15", "--minutes", "4")
    assert "in the log already" in run("--add", "main", "--on", "2026-03-01T07:15", expect=1)[1]
    run("--add", "relaxation", "--on", "2026-03-01T07:15")
    assert len(load_history()) == 2


@pytest.mark.parametrize("finished", [True, False])
def test_the_command_that_is_told_adds_what_was_lost(finished: bool) -> None:
    """What could not be written can be typed in later, just as it was, to the minute."""
    lost = a_session(
        1, begun_at=now().replace(second=0, microsecond=0) - timedelta(days=3), title="Main set (standing, dumbbells)",
        exercises=6, exercises_done=6 if finished else 2, finished=finished, seconds=660.0,
    )  # fmt: skip
    words = shlex.split(command_to_add(lost, "main"))
    assert words[:2] == ["voicecoach", "log"]
    run(*words[2:])
    (added,) = load_history()
    assert replace(added, session_id=lost.session_id) == lost


def test_a_routine_is_named_as_it_is_found(tmp_path: Path) -> None:
    """By its name where that finds it, else by its path."""
    library = Library()
    main = load_routine(library.find_routine("main"), library)
    assert name_to_call(main, library) == "main"
    path = tmp_path / "my own.toml"
    path.write_text(library.find_routine("main").read_text("utf-8"), "utf-8")
    own = load_routine(path, library)
    assert name_to_call(own, library) == str(path)
    assert f"'{path}'" in command_to_add(a_session(), name_to_call(own, library))


def test_the_last_session_is_rated_afterwards() -> None:
    """One or both; what was said before stays."""
    logged(1, 2)
    logged(2, 1)
    assert "effort 4" in run("--effort", "4")[1]
    err = run("--pain", "yes")[1]
    assert "rest now" in err
    assert "see a doctor" in err
    first, second = load_history()
    assert (first.effort, first.pain) == (None, None)
    assert (second.effort, second.pain) == (4, True)
    assert "doctor" not in run("--pain", "no", "--effort", "0")[1]
    assert (load_history()[1].effort, load_history()[1].pain) == (0, False)


# ------------------------------------------------------------------------------------- forgotten


def test_the_last_is_forgotten_and_how_to_have_it_again_is_told() -> None:
    """No question: it can be undone."""
    logged(1, 2)
    logged(2, 1)
    err = run("--forget", "--last")[1]
    assert "voicecoach log --add main --on" in err
    assert [one.session_id for one in load_history()] == ["session-1"]


def test_all_is_forgotten_only_by_somebody_who_means_it() -> None:
    """In a pipe --yes says so; without it nothing happens."""
    for number in range(3):
        logged(number, number)
    assert "--yes" in run("--forget", expect=2, typed="yes\n")[1]
    assert len(load_history()) == 3
    assert "3 sessions" in run("--forget", "--yes")[1]
    assert load_history() == ()
    assert "Nothing is in" in run("--forget", "--yes")[1]


@pytest.mark.sampled(1)
@pytest.mark.skipif(sys.platform == "win32", reason="needs terminals of Linux or macOS")
@pytest.mark.parametrize(
    ("typed", "left", "status"), [("yes\n", 0, 0), ("no\n", 1, 0), ("\n", 1, 0), ("\x03", 1, 130)]
)
def test_all_is_forgotten_after_a_question(typed: str, left: int, status: int) -> None:
    """On a terminal."""
    from tests.support.terminal import in_pty

    logged(1, 1)
    with in_pty("voicecoach", "log", "--forget") as terminal:
        terminal.wait_for("Type yes:")
        terminal.type(typed)
        assert terminal.ended() == status
        assert "Traceback" not in terminal.printed
    assert len(load_history()) == left


@pytest.mark.skipif(sys.platform == "win32", reason="needs terminals of Linux or macOS")
def test_on_a_terminal_there_is_a_table_and_a_chart() -> None:
    """Blocks where they can be shown, ASCII where they cannot, within 80 columns."""
    from tests.support.terminal import in_pty

    logged(1, 1, title="x" * 100, exercises_done=8, finished=True, effort=10, pain=False)
    for encoding, bar in (("utf-8", "█"), ("ascii", "#")):
        with in_pty("voicecoach", "log", PYTHONIOENCODING=encoding, NO_COLOR="1") as terminal:
            assert terminal.ended() == 0
        shown = re.sub(r"\x1b\[[0-9;]*m", "", terminal.printed)
        assert f"{bar * 30} 2 min, 1 session" in shown
        assert "Routine" in shown
        assert max(len(line) for line in shown.splitlines()) <= 80


# ------------------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--json", "--csv"], "does not go with"),
        (["--forget", "--add", "main"], "does not go with"),
        (["--forget", "--effort", "3"], "does not go with"),
        (["--csv", "--pain", "no"], "does not go with"),
        (["--last"], "goes with --forget"),
        (["--yes"], "goes with --forget"),
        (["--on", "2026-03-01"], "goes with --add"),
        (["--minutes", "3"], "goes with --add"),
        (["--done", "3"], "goes with --add"),
        (["--level", "easy"], "goes with --add"),
        (["--effort", "11"], "'--effort'"),
        (["--effort", "-1"], "'--effort'"),
        (["--pain", "maybe"], "maybe"),
        (["--add", "main", "--done", "7"], "has 6 exercises"),
        (["--add", "main", "--on", "yesterday"], "say a day as 2"),
        (["--add", "main", "--on", "1999-12-31"], "say a day as 2"),
        (["--add", "main", "--on", "2026-02-30"], "say a day as 2"),
        (["--add", "main", "--on", "9999-12-31T23:59"], "still to come"),
        (
            ["--add", "main", "--on", f"{now() + timedelta(hours=25):%Y-%m-%dT%H:%M}"],
            "still to come",
        ),
        (["--add", "main", "--minutes", "0"], "'--minutes'"),
    ],
)
def test_wrong_usage_is_told_and_changes_nothing(arguments: list[str], said: str) -> None:
    """Status 2, and the log as it was."""
    session = logged(1, 1)
    err = " ".join(run(*arguments, expect=2)[1].split())
    assert said in err
    assert load_history() == (session,)


@pytest.mark.parametrize(
    "arguments", [["--pain", "no"], ["--effort", "3"], ["--forget", "--last"]], ids=" ".join
)
def test_without_a_session_there_is_nothing_to_rate(arguments: list[str]) -> None:
    """The message says how one comes into the log."""
    assert "voicecoach log --add ROUTINE" in run(*arguments, expect=1)[1]


@pytest.mark.parametrize(
    "arguments",
    [[], ["--json"], ["--csv"], ["--add", "main"], ["--effort", "3"], ["--forget", "--yes"]],
    ids=" ".join,
)
def test_a_damaged_log_is_one_message(arguments: list[str]) -> None:
    """Status 1, what to do, and the file as it was."""
    path = log_path()
    assert path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no tables" * 1000)
    out, err = run(*arguments, expect=1)
    assert out == ""
    assert "damaged" in err
    assert "move it away" in " ".join(err.split())
    assert path.read_bytes() == b"no tables" * 1000


def test_an_unknown_routine_is_told_as_everywhere() -> None:
    """The names that there are."""
    assert 'did you mean "main"' in run("--add", "mian", expect=1)[1]


@pytest.mark.slow
def test_doctor_tells_where_the_log_is() -> None:
    """For those who want to copy it, or to look at it."""
    logged(1, 1)
    shown = CliRunner().invoke(app, ["doctor", "--json"])
    details = [finding["detail"] for finding in json.loads(shown.stdout)["findings"]]
    assert any(f"what you have practised: {log_path()}" in detail for detail in details)
    with closing(sqlite3.connect(str(log_path()))) as database:
        assert database.execute("SELECT count(*) FROM practice").fetchone() == (1,)
