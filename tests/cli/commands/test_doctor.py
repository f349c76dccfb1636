"""What doctor tells of the last session and of media keys."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.cli.commands import doctor as doctor_command
from voicecoach.play.resuming import (
    Ending,
    LastPlay,
    ResumePoint,
    leave_resume_point,
    save_last_play,
    save_resume_point,
)

if TYPE_CHECKING:
    from pathlib import Path


def last_play(**changed: Any) -> LastPlay:
    """Return how a session went that has ended just now."""
    play = LastPlay(
        title="Main", player="miniaudio", device="Kitchen", underruns=0, seconds_played=571.4,
        ending=Ending.FINISHED,
    )  # fmt: skip
    return replace(play, **changed)


@pytest.fixture(autouse=True)
def _nothing_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    for slow in ("_voice", "_system_voice", "_speakers"):
        monkeypatch.setattr(doctor_command, slow, lambda: "there")


def doctor() -> str:
    """Return what doctor prints."""
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0, result.output
    return result.stdout


def findings() -> dict[str, dict[str, Any]]:
    """Return what doctor finds, by name."""
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 0, result.output
    return {finding["what"]: finding for finding in json.loads(result.stdout)["findings"]}


def test_before_the_first_session_nothing_is_said_of_it() -> None:
    """There is nothing to tell."""
    assert "last session" not in findings()


def test_a_good_session_is_one_line() -> None:
    """What, when, how long, where, how it ended, and that there were no gaps."""
    save_last_play(last_play())
    (line,) = [line for line in doctor().splitlines() if line.startswith("last session")]
    assert line == (
        "last session      well      Main, just now: 9:31 on Kitchen (miniaudio), finished, no gaps"
    )
    assert findings()["last session"]["works"]


@pytest.mark.parametrize(("underruns", "told"), [(1, "cut off, 1 gap"), (3, "cut off, 3 gaps")])
def test_gaps_come_with_what_to_do(underruns: int, told: str) -> None:
    """Gaps do not make the installation ill, but the person hears what helps."""
    save_last_play(last_play(underruns=underruns, ending=Ending.CUT_OFF))
    finding = findings()["last session"]
    assert not finding["works"]
    first, advice = finding["detail"].splitlines()
    assert first.endswith(told)
    assert "voicecoach export" in advice
    assert "last session      gaps " in doctor()


def test_where_to_go_on_is_told() -> None:
    """A session that was cut off can be gone on with."""
    save_last_play(last_play(ending=Ending.QUIT))
    place = ResumePoint(
        session_id="left", routine="main", title="Main", step="bridge", step_title="Bridge",
        exercise_number=3, exercise_count=8,
    )  # fmt: skip
    save_resume_point(place)
    leave_resume_point(place.session_id)
    assert findings()["last session"]["detail"].splitlines()[1] == (
        "Main, exercise 3 of 8 (Bridge), just now; to go on there: voicecoach play --resume"
    )


def test_what_was_saved_by_others_cannot_reach_the_terminal() -> None:
    """A title in the file is shown, not obeyed."""
    save_last_play(last_play(title="Evil\x1b[2J", device="\x07"))
    assert "\x1b" not in doctor()
    assert "\x07" not in doctor()
    assert "Evil" in doctor()


def test_the_state_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants to look or to delete finds it."""
    monkeypatch.setenv("VOICECOACH_STATE", str(tmp_path / "state"))
    assert f"the place of the last session: {tmp_path / 'state'}" in findings()["folders"]["detail"]


@pytest.mark.skipif(sys.platform != "linux", reason="MPRIS is a thing of Linux")
def test_media_keys_without_a_bus_are_told_and_no_illness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most servers have no session bus; all is well without."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    finding = findings()["media keys"]
    assert (finding["works"], finding["verdict"]) == (False, "not here")
    assert "/nowhere" in finding["detail"]
