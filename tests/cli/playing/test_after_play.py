"""`voicecoach play` and the practice log, as people see both: what is asked, kept, said and cut off."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

if sys.platform == "win32":
    pytest.skip("needs terminals of Linux or macOS", allow_module_level=True)

from tests.practice.log_here import a_session
from tests.support.terminal import CHECKOUT, Pty, in_pty
from voicecoach.cli import app
from voicecoach.play.players import PLAYERS, PlayerChoice
from voicecoach.practice.log import load_history, log_path, save_practice
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

PLAY = ("tests.support.quick_play", "play")
SILENTLY = ("--voice", "silent", "--player", "quick", "--plain")
HOW_HARD, HURT = "How hard was it?", "Did anything hurt?"
ROUTINE = """
voicecoach = 1
title = "Small"
audience = "{audience}"
opening = ["Welcome.", {{ silence = 5 }}]
closing = ["Well done."]
[[steps]]
slug = "reach"
name = "Reach"
say = "Reach up."
dose = "hold 30s"
[[steps]]
slug = "rest-now"
name = "Rest now"
say = "Let go."
dose = "hold 30s"
"""


@pytest.fixture(params=["adult"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a small routine file."""
    file = tmp_path / "small.toml"
    file.write_text(ROUTINE.format(audience=request.param), "utf-8")
    return str(file)


def played(path: str, *options: str) -> AbstractContextManager[Pty]:
    """Play it in a terminal, on speakers that need no real time unless `--device` says so."""
    return in_pty(*PLAY, path, *SILENTLY, *options)


def run_play(path: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Play it without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", *PLAY, path, *SILENTLY, *options],
        cwd=CHECKOUT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, check=True,
    )  # fmt: skip


def wait_for_exercises(count: int, sessions: int = 1) -> None:
    """Wait until the newest session in the log has so many exercises done."""
    until = time.monotonic() + 15
    while len(history := load_history()) < sessions or history[-1].exercises_done < count:
        assert time.monotonic() < until, history
        time.sleep(0.02)


# ------------------------------------------------------------------------------------- what is asked


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("first", "second", "effort", "pain"),
    [
        ("7", "n", 7, False),
        ("0", "y", 0, True),
        ("t", "N", 10, False),
        ("xq5", "?n", 5, False),  # other keys are no answers
        ("\r", "y", None, True),
        (" ", " ", None, None),
    ],
)
def test_one_key_each_says_how_it_was(
    path: str, first: str, second: str, effort: int | None, pain: bool | None
) -> None:
    """Kept with the session; the terminal is left as it was found."""
    with played(path) as terminal:
        before = terminal.settings()
        terminal.wait_for(HOW_HARD)
        terminal.type(first)
        terminal.wait_for(HURT)
        terminal.type(second)
        assert terminal.ended() == 0
        assert terminal.settings() == before
    assert terminal.printed.index("Done.") < terminal.printed.index(HOW_HARD)
    assert all(len(line) <= 80 for line in terminal.printed.partition("Done.")[2].splitlines())
    (one,) = load_history()
    assert (one.effort, one.pain) == (effort, pain)
    assert (one.exercises_done, one.finished) == (2, True)
    assert ("gentler" in terminal.printed) is bool(pain)
    assert ("see a doctor" in terminal.printed) is bool(pain)


@pytest.mark.parametrize("path", ["child"], indirect=True)
def test_after_a_childs_session_the_grown_up_is_asked(path: str) -> None:
    """By name, and with words about the child."""
    with played(path) as terminal:
        terminal.wait_for("For the grown-up: how hard was it?")
        terminal.type("2")
        terminal.wait_for("For the grown-up: did anything hurt your child?")
        terminal.type("y")
        assert terminal.ended() == 0
    assert "let your child rest" in terminal.printed
    (one,) = load_history()
    assert (one.audience, one.effort, one.pain) == (Audience.CHILD, 2, True)


def test_keys_that_were_meant_for_the_session_are_no_answers() -> None:
    """Who presses a key once too often at the end has not answered yet."""
    with in_pty("tests.support.afterwards_here", "10") as terminal:
        terminal.type("7y ")
        terminal.wait_for(HOW_HARD)
        terminal.read(0.5)
        assert HURT not in terminal.printed
        terminal.type("3")
        terminal.wait_for(HURT)
        terminal.type("n")
        assert terminal.ended() == 0
    assert re.findall("<[^>]*>", terminal.printed) == ["<3 None>", "<None False>", "<the end>"]


@pytest.mark.slow
def test_who_quits_is_asked_too(path: str) -> None:
    """What was done was practice."""
    with played(path, "--device", "20") as terminal:
        wait_for_exercises(1)
        terminal.type("q")
        terminal.wait_for(HOW_HARD)
        terminal.type("3")
        terminal.wait_for(HURT)
        terminal.type("n")
        assert terminal.ended() == 0
    (one,) = load_history()
    assert (one.effort, one.pain, one.finished) == (3, False, False)


def test_ctrl_c_leaves_at_once_with_what_was_said(path: str) -> None:
    """Also before anything was."""
    with played(path) as terminal:
        terminal.wait_for(HOW_HARD)
        terminal.type("8")
        terminal.wait_for(HURT)
        began = time.monotonic()
        terminal.type("\x03")
        assert terminal.ended() == 0
        assert time.monotonic() - began < 2.0
        assert terminal.echoes()
        assert "Traceback" not in terminal.printed
    (one,) = load_history()
    assert (one.effort, one.pain, one.finished) == (8, None, True)


@pytest.mark.slow
def test_a_closed_terminal_keeps_what_was_said(path: str) -> None:
    """The window is closed while the second question stands there."""
    with played(path) as terminal:
        terminal.wait_for(HOW_HARD)
        terminal.type("8")
        terminal.wait_for(HURT)
        terminal.hang_up()
        assert terminal.process.wait(15) == 128 + signal.SIGHUP
    (one,) = load_history()
    assert (one.effort, one.pain, one.finished) == (8, None, True)


def test_nobody_is_waited_for_for_ever() -> None:
    """Without a key the first question ends by itself, and there is no second."""
    with in_pty("tests.support.afterwards_here", "1.5") as terminal:
        before = terminal.settings()
        began = time.monotonic()
        terminal.wait_for("<the end>")
        assert time.monotonic() - began > 1.5
        assert terminal.ended() == 0
        assert terminal.settings() == before
    assert HURT not in terminal.printed
    assert "<None None>" in terminal.printed
    assert "no answer" in terminal.printed


@pytest.mark.slow
def test_the_second_answer_is_not_waited_for_for_ever_either() -> None:
    """What was said first stays."""
    with in_pty("tests.support.afterwards_here", "1.5") as terminal:
        terminal.wait_for(HOW_HARD)
        terminal.type("4")
        assert terminal.ended() == 0
    assert "<4 None>" in terminal.printed
    assert "<None None>" in terminal.printed


def test_nobody_is_asked_where_nobody_is(path: str) -> None:
    """In a pipe, with --yes, and where the session is not kept."""
    assert HOW_HARD not in run_play(path).stderr
    for option, kept in (("--yes", 2), ("--no-log", 2)):
        with played(path, option) as terminal:
            assert terminal.ended() == 0
        assert HOW_HARD not in terminal.printed
        assert "Done." in terminal.printed
        assert len(load_history()) == kept


@pytest.mark.slow
def test_who_only_looked_in_is_not_asked(path: str) -> None:
    """Quit in the opening: no practice, no question."""
    with played(path, "--device", "1") as terminal:
        terminal.wait_for("Opening.")
        terminal.read(0.5)
        terminal.type("q")
        assert terminal.ended() == 0
    assert "Stopped." in terminal.printed
    assert HOW_HARD not in terminal.printed
    assert load_history() == ()


# ---------------------------------------------------------------------------------- what is cut off


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_session_that_is_cut_off_is_in_the_log_as_stopped(path: str, number: int) -> None:
    """Whatever ends it."""
    with played(path, "--device", "20") as terminal:
        wait_for_exercises(1)
        terminal.read(0.2)
        os.kill(terminal.process.pid, number)
        terminal.process.wait(15)
    (one,) = load_history()
    assert (one.finished, one.exercises, one.routine) == (False, 2, "small")
    assert one.exercises_done in (1, 2)
    assert HOW_HARD not in terminal.printed


@pytest.mark.slow
def test_a_resumed_session_is_one_of_its_own(path: str) -> None:
    """Both are in the log, and the second has done the rest."""
    with played(path, "--device", "20", "--yes") as terminal:
        wait_for_exercises(2)
        terminal.type("q")
        assert terminal.ended() == 0
    done = run_play(path, "--resume", "--device", "1000")
    assert "Going on with Small" in done.stderr
    first, second = load_history()
    assert first.session_id != second.session_id
    assert (first.exercises_done, first.finished) == (2, False)
    assert (second.exercises_done, second.exercises, second.finished) == (1, 2, True)


# ------------------------------------------------------------------------------ what cannot be written


def test_a_log_of_a_newer_version_stops_no_session(path: str) -> None:
    """It is played, and the command that is told adds it to a log that can be written."""
    save_practice(a_session())
    file = log_path()
    assert file
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99")
    done = run_play(path, "--level", "strong")
    assert "Done." in done.stderr
    assert "newer voicecoach" in done.stderr
    told = re.search(r"To add it then: (.*)", done.stderr)
    assert told
    file.unlink()
    words = shlex.split(told[1])
    assert CliRunner().invoke(app, words[1:]).exit_code == 0
    (one,) = load_history()
    assert (one.routine, one.title, one.level, one.finished) == ("small", "Small", "strong", True)
    assert datetime.now(UTC) - one.begun_at < timedelta(minutes=3)


# -------------------------------------------------------------------------- words that become fewer

FEWER = "You know this one, so the instructions are short. All of them: --talk full"


def practised(*days_ago: float) -> None:
    """Put sessions of the small routine into the log."""
    for number, days in enumerate(days_ago):
        begun_at = datetime.now(UTC) - timedelta(days=days)
        session = a_session(number, routine="small", exercises=2, exercises_done=2, finished=True)
        save_practice(replace(session, begun_at=begun_at))


def talk_in_the_place(path: str, *options: str) -> str | None:
    """Play until there is a place to go on from, and return how much talk it was left with."""
    with played(path, "--device", "20", "--no-log", *options) as terminal:
        terminal.wait_for("Exercise 1 of 2")
        terminal.read(0.5)
        terminal.process.kill()
        terminal.process.wait()
    (file,) = Path(os.environ["VOICECOACH_STATE"]).glob("place-*.json")
    talk: str | None = json.loads(file.read_text("utf-8"))["wishes"]["talk"]
    return talk


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("days_ago", "options", "talk"),
    [
        ((), (), "full"),
        ((1, 2, 3), (), "brief"),
        ((15, 16, 17), (), "full"),
        ((1, 2, 3), ("--no-fade",), None),
        ((), ("--talk", "tones"), "tones"),
    ],
)
def test_words_become_fewer_for_who_knows_them(
    path: str, days_ago: tuple[float, ...], options: tuple[str, ...], talk: str | None
) -> None:
    """After three recent sessions, with a line that says so; never against what was asked for."""
    practised(*days_ago)
    assert talk_in_the_place(path, *options) == talk
    said = run_play(path, *options).stderr
    assert (FEWER in said) is (talk == "brief")
    assert "short reminders" not in said  # it is told once


@pytest.mark.slow
def test_a_resumed_session_keeps_its_words(path: str) -> None:
    """What was begun with all words goes on so, though the log has become longer since."""
    assert talk_in_the_place(path) == "full"
    practised(1, 2, 3)
    done = run_play(path, "--resume", "--device", "1000")
    assert FEWER not in done.stderr
    assert talk_in_the_place(path, "--no-fade") is None
    done = run_play(path, "--resume", "--device", "1000")
    assert FEWER not in done.stderr
    assert talk_in_the_place(path) == "brief"


def test_a_damaged_log_is_no_reason_not_to_exercise(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and played with all words."""
    file = log_path()
    assert file
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no tables" * 1000)
    monkeypatch.setitem(PLAYERS, "quick", PlayerChoice("tests.support.quick_play", ""))
    result = CliRunner().invoke(app, ["play", path, *SILENTLY])
    assert result.exit_code == 0
    assert "Done." in result.stderr
    assert "damaged" in result.stderr
    assert FEWER not in result.stderr
