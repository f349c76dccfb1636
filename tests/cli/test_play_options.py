"""`voicecoach play --resume` with other options: what is asked for now, and what stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.cli.commands.play import _limits
from voicecoach.fitting.wishes import Wishes
from voicecoach.play.players.miniaudio_player import MiniaudioPlayer
from voicecoach.play.players.simpleaudio_player import SimpleaudioPlayer
from voicecoach.play.resuming import (
    ResumePoint,
    leave_resume_point,
    new_session_id,
    save_resume_point,
)

if TYPE_CHECKING:
    from pathlib import Path

TWO = """
voicecoach = 1
title = "Two"
audience = "adult"
[[steps]]
slug = "reach"
name = "Reach"
say = "Reach up."
dose = "hold 2s"
[[steps]]
slug = "rest-now"
name = "Rest now"
say = "Let go."
dose = "hold 1s"
"""


@pytest.fixture(autouse=True)
def _left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a session in its second exercise, on speakers that are not here any more."""
    monkeypatch.setenv("VOICECOACH_STATE", str(tmp_path / "state"))
    path = tmp_path / "two.toml"
    path.write_text(TWO, "utf-8")
    place = ResumePoint(
        session_id=new_session_id(), routine=str(path), title="Two", step="rest-now",
        step_title="Rest now", exercise_number=2, exercise_count=2,
        wishes=Wishes(voice="silent"), player="miniaudio", device="speakers of then",
    )  # fmt: skip
    assert save_resume_point(place) == ""
    leave_resume_point(place.session_id)


def refused(*options: str, status: int) -> str:
    """Go on where the session was left, which fails, and return what was said."""
    result = CliRunner().invoke(app, ["play", "--resume", *options])
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())


def test_it_plays_where_it_played() -> None:
    """Without a word on speakers those of then are looked for."""
    assert '"speakers of then"' in refused(status=1)


@pytest.mark.parametrize("player", [(), ("--player", "miniaudio")])
def test_other_speakers_may_be_asked_for(player: tuple[str, ...]) -> None:
    """The speakers of then may be in another room today."""
    said = refused("--device", "speakers of now", *player, status=1)
    assert '"speakers of now"' in said
    assert "speakers of then" not in said


def test_another_player_does_not_look_for_a_device_of_the_first() -> None:
    """Devices have other names in other players."""
    assert "there is no player" in refused("--player", "gramophone", status=1)


def test_another_voice_may_be_asked_for() -> None:
    """A voice that is asked for now is the one that speaks, or is not here."""
    assert "gramophone" in refused("--voice", "gramophone", status=1)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--from", "1"), ("--only", "1"), ("--skip", "1"), ("--level", "easy"), ("--minutes", "5")],
)
def test_other_exercises_are_refused(option: str, value: str) -> None:
    """Rather than playing others than were asked for."""
    assert "goes on with the exercises of the session that was left" in refused(
        option, value, status=2
    )


def test_what_a_player_cannot_do_is_said() -> None:
    """Seams only where there is music to have them."""
    player = SimpleaudioPlayer()
    assert "seams" not in " ".join(_limits(player, with_music=False))
    assert "play music without seams everywhere" in " ".join(_limits(player, with_music=True))
    assert _limits(MiniaudioPlayer(), with_music=True) == []
