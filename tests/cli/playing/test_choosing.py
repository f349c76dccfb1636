"""`voicecoach play` without a name: what is offered, what can be answered, and when it is better to rest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
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
from voicecoach.fitting.lengths import minutes_of
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.practice.consents import Consents, save_consents
from voicecoach.practice.log import load_history, log_path, save_practice
from voicecoach.practice.plan import suggest
from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

PLAY = ("tests.support.quick_play", "play", "--voice", "silent", "--player", "quick", "--plain")
WHICH = "Which one? Type a number, or Enter for number 1:"
WHICH_OF_NONE = "Which one? Type a number, or Enter for nothing:"
GAME = "What shall we play? Type a number, or Enter for number 1:"
SMALL = """
voicecoach = 1
title = "{title}"
audience = "{audience}"
[[steps]]
slug = "reach"
name = "Reach"
say = "Reach up."
dose = "hold 4s"
"""


@pytest.fixture(autouse=True)
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with short routines in place of some that are bundled; return where they are."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("relaxation", "desk-break", "children", "posture-play"):
        audience = "child" if name in {"children", "posture-play"} else "adult"
        text = SMALL.format(title=f"My {name}", audience=audience)
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def asked(*options: str, **variables: str) -> AbstractContextManager[Pty]:
    """Play without a name in a terminal; nobody is asked how it was."""
    return in_pty(*PLAY, "--no-log", *options, cwd=Path.cwd(), **variables)


def run_play(*options: str, expect: int = 0) -> str:
    """Play without a name and without a terminal, and return what was said."""
    done = subprocess.run(
        [sys.executable, "-m", *PLAY, "--no-log", *options], timeout=60, check=False,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def practised(routine: str, days: float, **more: object) -> None:
    """Put a finished session into the log."""
    one = a_session(
        len(load_history()), routine=routine, exercises=2, exercises_done=2, finished=True,
        level=Level.STANDARD, effort=3, pain=False, weights=routine in {"main", "dumbbells"},
    )  # fmt: skip
    save_practice(replace(one, begun_at=datetime.now(UTC) - timedelta(days=days), **more))  # type: ignore[arg-type]


def next_in_plan(audience: Audience = Audience.ADULT) -> tuple[str, Level]:
    """Return what the plan has next, by its own account; a test of what it is stands elsewhere."""
    first = suggest(load_history(), datetime.now(UTC).astimezone(), audience).sessions[0]
    return first.routine, first.level


def title_played(printed: str) -> str:
    """Return the title of what is played."""
    return next(line for line in printed.splitlines() if ", about " in line).partition(",")[0]


# ------------------------------------------------------------------------------------- on a terminal


@pytest.mark.sampled(1)
@pytest.mark.parametrize("answer", ["", "1", " 1 ", "relaxation", "RELAXATION"])
def test_the_plans_next_comes_first(answer: str) -> None:
    """Enter, its number and its name are the same; every line is short."""
    with asked() as terminal:
        terminal.wait_for(WHICH)
        offered = terminal.printed
        terminal.type(f"{answer}\n")
        assert terminal.ended() == 0
    assert "  1. My relaxation, 1 min  (next in your plan)\r\n" in offered
    assert all(len(line) <= 80 for line in offered.splitlines())
    assert title_played(terminal.printed) == "My relaxation"
    assert "Done." in terminal.printed


@pytest.mark.sampled(1)
@pytest.mark.parametrize("answer", ["number", "desk-break"])
def test_another_one_may_be_chosen(answer: str) -> None:
    """By its number or by its name."""
    with asked() as terminal:
        terminal.wait_for(WHICH)
        line = next(one for one in terminal.printed.splitlines() if "My desk-break" in one)
        terminal.type(f"{line.split('.')[0].strip() if answer == 'number' else answer}\n")
        assert terminal.ended() == 0
    assert title_played(terminal.printed) == "My desk-break"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("nonsense", ["0", "99", "-1", "1.", "one", "²", "9" * 4000, "\udcff", "q"])
def test_nonsense_is_asked_about_again(nonsense: str) -> None:
    """It says what can be typed, and nothing is played by mistake."""
    with asked() as terminal:
        terminal.wait_for(WHICH)
        os.write(terminal.master, nonsense.encode("utf-8", "surrogateescape") + b"\n")
        terminal.wait_for("Please type a number from 1 to 7, then press Enter.")
        terminal.type("1\n")
        assert terminal.ended() == 0
    assert terminal.printed.count(WHICH) == 2
    assert "Traceback" not in terminal.printed


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("key", "status"), [("\x04", 1), ("\x03", 130)])
def test_leaving_at_the_choice(key: str, status: int) -> None:
    """Ctrl-D and Ctrl-C: nothing is played."""
    with asked() as terminal:
        terminal.wait_for(WHICH)
        terminal.type(key)
        assert terminal.ended() == status
    told = terminal.printed.partition(WHICH)[2]
    assert "Traceback" not in told
    assert ", about " not in told
    assert told.splitlines()[0].strip() in {"", "^C", "^D"}


def test_those_for_children_are_marked_and_come_after() -> None:
    """Without --for everything is offered."""
    with asked() as terminal:
        terminal.wait_for(WHICH)
        lines = [line for line in terminal.printed.splitlines() if " min" in line]
        terminal.type("\x03")
        terminal.ended()
    assert len(lines) == 7
    assert [", for children," in line for line in lines] == [False] * 5 + [True] * 2


def test_for_child() -> None:
    """Only routines for children, with a question for them; the choice plays."""
    with asked("--for", "child") as terminal:
        terminal.wait_for("What shall we play?")
        offered = terminal.printed
        terminal.type("children\n")
        assert terminal.ended() == 0
    assert "My children" in offered
    assert "My relaxation" not in offered
    assert "for children" not in offered  # they all are
    assert title_played(terminal.printed) == "My children"


@pytest.mark.slow
def test_for_adult_and_the_setting() -> None:
    """`--for adult` leaves children's out; the setting `for` is as good as the option, which comes first."""
    for options, variables in (
        (("--for", "adult"), {}),
        ((), {"VOICECOACH_FOR": "adult"}),
        (("--for", "adult"), {"VOICECOACH_FOR": "child"}),
    ):
        with asked(*options, **variables) as terminal:
            terminal.wait_for(WHICH)
            terminal.type("\x03")
            terminal.ended()
        assert "My relaxation" in terminal.printed
        assert "My children" not in terminal.printed
    with asked(VOICECOACH_FOR="child") as terminal:
        terminal.wait_for("What shall we play?")


@pytest.mark.slow
def test_yes_asks_nothing_at_a_terminal() -> None:
    """The plan's next is played, with a line that says so."""
    with asked("--yes") as terminal:
        assert terminal.ended() == 0
    assert "Which one?" not in terminal.printed
    assert "this is your plan's next: relaxation" in terminal.printed
    assert "Done." in terminal.printed


@pytest.mark.slow
def test_when_something_hurt_today_nothing_is_offered_first() -> None:
    """It says why, and Enter is to rest; a choice is a choice, all the same."""
    practised("main", 0.0, pain=True)
    for answer in ("", "desk-break"):
        with asked() as terminal:
            terminal.wait_for(WHICH_OF_NONE)
            terminal.type(f"{answer}\n")
            assert terminal.ended() == 0
        assert "Something hurt today" in terminal.printed
        assert "in your plan" not in terminal.printed
        assert ("Nothing is played." in terminal.printed) is not answer
        assert ("Done." in terminal.printed) is bool(answer)


def test_the_level_of_the_plan_is_kept_and_told(scripts: Path) -> None:
    """Also where somebody chooses it; its minutes are those of that level."""
    text = SMALL.format(title="My relaxation", audience="adult")
    steps = "".join(
        f'[[steps]]\nslug = "s{n}"\nname = "S"\nsay = "S."\ndose = "hold 60s"\n' for n in range(9)
    )
    (scripts / "relaxation.toml").write_text(text + steps, "utf-8")
    practised("relaxation", 1.2, effort=10)
    assert next_in_plan() == ("relaxation", Level.EASY)
    library = Library()
    routine = load_routine(library.find_routine("relaxation"), library)
    easy = minutes_of(routine, Level.EASY)
    assert easy < minutes_of(routine)
    with asked() as terminal:
        terminal.wait_for(WHICH)
        terminal.type("\n")
        assert terminal.ended(30) == 0
    assert f"1. My relaxation, level easy, {easy} min" in terminal.printed
    assert "hold 40s instead of hold 60s" in terminal.printed


# ---------------------------------------------------------------------------------------- in a pipe


def test_in_a_pipe_it_is_the_plans_next() -> None:
    """Nobody is asked, and the words say why this one."""
    told = run_play()
    assert "No routine named, so this is your plan's next: relaxation (" in told
    assert "My relaxation, about" in told
    assert "Which one?" not in told
    assert "Done." in told
    assert re.search(r"My (children|posture-play), about", run_play("--for", "child"))


def test_done_for_today_plays_what_is_good_on_any_day() -> None:
    """It says that the plan is done."""
    for routine in ("relaxation", "preliminary", "main", "dumbbells"):
        practised(routine, 0.0)
    told = run_play()
    assert "Done for today." in told
    assert "this is relaxation, which is good on any day." in told
    assert told.endswith("Done.")


def test_when_something_hurt_today_nothing_is_played() -> None:
    """Unasked nobody exercises on; it is no error, and a name plays all the same."""
    practised("main", 0.0, pain=True)
    for options in ((), ("--yes",)):
        told = run_play(*options)
        assert "Something hurt today, so that is enough for today." in told
        assert "So nothing is played." in told
        assert "voicecoach play NAME" in told
        assert ", about " not in told
    assert "Done." in run_play("desk-break")


def test_after_pain_it_is_gentle_and_says_what_must_be_said() -> None:
    """The day after: relaxation, easier, with the words of the plan."""
    practised("relaxation", 1.2, pain=True)
    told = run_play()
    assert "your plan's next: relaxation at level easy" in told
    assert "If anything hurts or feels unpleasant, stop and rest." in told


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("effort", "options", "setting", "told"),
    [
        (10, (), "strong", "at level easy"),  # the plan is gentle after what was very hard
        (10, ("--level", "strong"), "easy", "hold 30s instead of hold 20s"),
        (3, (), "strong", ""),
        (3, (), "easy", "hold 15s instead of hold 20s"),
    ],
)
def test_a_setting_never_does_more_than_the_plan(
    scripts: Path, effort: int, options: tuple[str, ...], setting: str, told: str
) -> None:
    """What is easier, the setting or the plan; a level that is named is obeyed."""
    text = SMALL.format(title="My relaxation", audience="adult").replace("4s", "20s")
    (scripts / "relaxation.toml").write_text(text, "utf-8")
    practised("relaxation", 1.2, effort=effort)
    with asked("--yes", *options, VOICECOACH_LEVEL=setting) as terminal:
        assert terminal.ended() == 0
    assert told in terminal.printed
    assert ("instead of" in terminal.printed) is (told != "")


def test_no_routine_for_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal says how to find those that are."""
    found = [one for one in Library().routines() if one.name == "desk-break"]
    monkeypatch.setattr(Library, "routines", lambda _self: found)
    result = CliRunner().invoke(app, ["play", "--for", "child"])
    assert result.exit_code == 1
    assert "voicecoach list" in result.stderr


def test_a_library_whose_plan_is_not_here_plays_another(scripts: Path) -> None:
    """A routine of the plan with mistakes in it is passed over."""
    (scripts / "relaxation.toml").write_text("voicecoach = 1\n", "utf-8")
    told = run_play()
    assert "Done." in told
    assert "relaxation" not in told


def test_a_damaged_log_is_no_reason_not_to_exercise() -> None:
    """It is told."""
    file = log_path()
    assert file
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no tables" * 1000)
    told = run_play()
    assert "damaged" in told
    assert "Done." in told


def test_who_may_not_lift_weights_still_has_what_is_good_on_any_day(scripts: Path) -> None:
    """Done for today, and no weights, is no reason to rest; but no weights are good on any day."""
    for name in ("arms", "relaxation"):
        text = SMALL.format(title=f"My {name}", audience="adult")
        weights = 'opening = [{ block = "SC-D" }]\n[[steps]]'
        (scripts / f"{name}.toml").write_text(text.replace("[[steps]]", weights), "utf-8")
    save_consents(Consents("2026-01-02", {}, {"asthma": "2026-01-02"}))
    for routine in ("relaxation", "preliminary"):
        practised(routine, 0.0)
    assert "this is desk-break, which is good on any day." in run_play()
