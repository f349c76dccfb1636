"""Single keys: what they ask for, in real terminals, and the terminal that is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from voicecoach.cli.playing.keys import KEYS, command_of, keys_line, split_keys
from voicecoach.play.transport import Command

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    pytest.skip("needs terminals of Linux or macOS", allow_module_level=True)

from tests.support.terminal import CHECKOUT, in_pty, in_tmux

LISTEN = "tests.support.keys_here"


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        (" ", "pause"),
        ("n", "next"),
        ("N", "next"),
        ("b", "back"),
        ("r", "repeat"),
        ("\x1b[C", "forward"),
        ("\x1bOD", "rewind"),
        ("\x1b[1;5C", "forward"),
        ("\x1b[A", "louder"),
        ("+", "louder"),
        ("\x1b[B", "quieter"),
        ("-", "quieter"),
        ("f", "faster"),
        ("s", "slower"),
        ("\n", "ready"),
        ("\r", "ready"),
        ("q", "quit"),
        ("x", "ready"),
        ("ö", "ready"),
        ("\x1b", "ready"),
        ("\x1b[15~", "ready"),
    ],
)
def test_key_asks_for_a_command(sent: str, wanted: str) -> None:
    """Each key does what the screen says, with capitals and in both ways that terminals send arrows."""
    assert [command_of(key) for key in split_keys(sent)] == [wanted]


def test_keys_that_come_together_are_taken_one_by_one() -> None:
    """Two presses in one packet are two commands."""
    assert split_keys("n\x1b[Cn\x1b[D ") == ["n", "right", "n", "left", " "]


def test_every_command_has_a_key() -> None:
    """Nothing that a person may ask for is out of reach; PLAY is for headsets, space does it here."""
    reached = {command for key in KEYS for command in key.commands.values()}
    assert reached == set(Command) - {Command.PLAY}


def test_keys_line_is_as_long_as_there_is_room() -> None:
    """What does not fit is left out whole, the least needed first."""
    assert all(f"{key.shown} {key.does}" in keys_line(200) for key in KEYS)
    assert keys_line(40) == "space pause   n next   b back   r repeat"
    assert keys_line(39) == "space pause   n next   b back"


def test_keys_are_taken_without_enter_and_not_printed() -> None:
    """A key arrives at once, an arrow in pieces too; when it is over the terminal is as it was."""
    with in_pty(LISTEN) as terminal:
        before = terminal.settings()
        terminal.wait_for("listening")
        assert not terminal.echoes()
        for sent, command in (("n", "next"), (" ", "pause"), ("z", "ready"), ("\x1b[C", "forward")):
            terminal.type(sent)
            terminal.wait_for(f"<{command}>", 3)
        terminal.type("\x1b")
        terminal.read(0.01)
        terminal.type("[D")
        terminal.wait_for("<rewind>", 3)
        terminal.type("q")
        assert terminal.ended() == 0
        assert terminal.settings() == before
        shown = terminal.printed.replace("\r\n", " ")
        assert shown == "listening <next> <pause> <ready> <forward> <rewind> <quit> "


@pytest.mark.parametrize(("keys", "status"), [("r", 1), ("\x03", -signal.SIGINT)])
def test_terminal_is_given_back_after_an_error(keys: str, status: int) -> None:
    """An exception and Ctrl-C leave the terminal as it was."""
    with in_pty(LISTEN) as terminal:
        before = terminal.settings()
        terminal.wait_for("listening")
        assert terminal.settings() != before
        terminal.type(keys)
        assert terminal.ended() == status
        assert terminal.settings() == before


def test_terminal_is_given_back_to_the_impatient() -> None:
    """Ctrl-C twice: the second ends the program while it waits for the thread that reads the keys."""
    with in_pty(LISTEN) as terminal:
        found = terminal.settings()
        terminal.wait_for("listening")
        terminal.type("\x03")
        terminal.read(0.05)
        terminal.type("\x03")
        terminal.ended()
        assert terminal.settings() == found


def test_keys_after_the_last_do_not_reach_the_shell() -> None:
    """What was typed with it is not run as a command when the session is over."""
    with in_pty(LISTEN) as terminal:
        terminal.wait_for("listening")
        os.kill(terminal.process.pid, signal.SIGSTOP)
        terminal.type("qrm -r x\n")
        os.kill(terminal.process.pid, signal.SIGCONT)
        assert terminal.ended() == 0
        os.set_blocking(terminal.slave, False)
        with pytest.raises(BlockingIOError):
            os.read(terminal.slave, 100)


def test_without_a_terminal_nothing_is_read() -> None:
    """In a pipe or under a service there are no keys, and what comes in the pipe is left alone."""
    program = (
        "import sys; from voicecoach.cli.playing.keys import Keyboard\n"
        "with Keyboard(print) as keyboard: print(keyboard.works, sys.stdin.read())"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        input="qqq", capture_output=True, text=True, cwd=CHECKOUT, check=True,
    )  # fmt: skip
    assert result.stdout == "False qqq\n"


@pytest.mark.slow
def test_ctrl_z_and_fg(tmp_path: Path) -> None:
    """Stopped, the terminal is the shell's, with echo; in the foreground again keys work again."""
    with in_tmux(tmp_path) as shell:
        shell.line(f"python -m {LISTEN}")
        shell.wait_for("listening")
        shell.type("C-z")
        shell.wait_for("Stopped")
        shell.line("echo typed $((6*7))")
        shell.wait_for("$ echo typed $((6*7))")
        shell.wait_for("typed 42")
        shell.line("fg")
        shell.wait_for(f"fg\npython -m {LISTEN}")
        time.sleep(0.5)  # the terminal is looked at four times a second
        shell.type("n")
        shell.wait_for("<next>")
        assert "n<next>" not in shell.screen()


@pytest.mark.slow
def test_in_the_background_it_is_not_stopped_and_takes_no_keys(tmp_path: Path) -> None:
    """`play … &` plays on while the shell is used; in the foreground its keys work."""
    with in_tmux(tmp_path) as shell:
        shell.line(f"python -m {LISTEN} &")
        shell.wait_for("no keys")
        shell.line("echo still $((6*7)); jobs")
        shell.wait_for("still 42")
        shell.wait_for("Running")
        assert "<" not in shell.screen()
        shell.line("sleep 1; stty -a | grep -o ' icanon'; echo looked $((6*7))")
        shell.wait_for("\n icanon\nlooked 42")
        shell.line("fg")
        shell.wait_for(f"fg\npython -m {LISTEN}")
        shell.type("q")
        shell.wait_for("<quit>")


@pytest.mark.slow
def test_terminal_can_be_used_after_kill_9(tmp_path: Path) -> None:
    """Nothing of ours runs then; the shell finds the terminal as it was, and prints what is typed."""
    with in_tmux(tmp_path) as shell:
        shell.line(f"python -m {LISTEN}")
        shell.wait_for("listening")
        pid = shell.tmux("display-message", "-p", "#{pane_pid}").strip()
        child = subprocess.run(
            ["pgrep", "-P", pid], capture_output=True, text=True, check=True
        ).stdout.strip()
        os.kill(int(child), signal.SIGKILL)
        shell.wait_for("Killed")
        shell.line("stty -a | grep -o ' icanon\\| echo '; echo done $((6*7))")
        shell.wait_for("done 42")
        assert " icanon\n echo\n" in shell.screen().replace("echo \n", "echo\n")
