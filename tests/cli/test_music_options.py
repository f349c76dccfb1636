"""`--music` and `--music-gain`: checked before any long work, remembered, and heard."""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.cli.options import open_wished
from voicecoach.cli.playing.diary import Diary
from voicecoach.cli.playing.speakers import Speakers
from voicecoach.fitting.wishes import Wishes
from voicecoach.play.resuming import (
    ResumePoint,
    leave_resume_point,
    load_resume_point,
    new_session_id,
    save_resume_point,
)
from voicecoach.sound.music import lasting_name

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

SHORT = """
voicecoach = 1
title = "Short"
audience = "adult"
[[steps]]
slug = "reach"
name = "Reach"
say = "Reach up."
dose = "hold 12s"
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a short routine and some music."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "short.toml").write_text(SHORT, "utf-8")
    moments = np.arange(3 * 44_100) / 44_100
    notes = np.rint(8_000 * np.sin(2 * np.pi * 220 * moments)).astype("<i2")
    with wave.open("calm.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(notes.tobytes())
    return tmp_path


def run(*words: str) -> Result:
    """Give a command, with the voice that says nothing."""
    return CliRunner().invoke(app, [*words, "--voice", "silent"])


def said(result: Result, status: int) -> str:
    """Return what was said by a command that could not be done."""
    assert result.exit_code == status, result.output
    return " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize("music", ["waves", "calm.wav"])
def test_a_track_has_music(music: str, here: Path) -> None:
    """It is 44.1 kHz stereo, as long as without, and sounds where nothing is said."""
    tracks = {}
    for name, options in (
        ("plain", ()),
        ("music", ("--music", music)),
        ("none", ("--music", "none")),
    ):
        result = run("export", "short", "-o", f"{name}.wav", "--json", *options)
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["duration_seconds"] == pytest.approx(21, abs=3.5)
        with wave.open(f"{name}.wav") as file:
            tracks[name] = (file.getframerate(), file.getnchannels(), file.readframes(1 << 30))
            seconds = file.getnframes() / file.getframerate()
            assert json.loads(result.stdout)["duration_seconds"] == pytest.approx(seconds)
    assert tracks["plain"][:2] == (24_000, 1)
    assert tracks["none"] == tracks["plain"]
    assert tracks["music"][:2] == (44_100, 2)
    heard = np.frombuffer(tracks["music"][2], "<i2").reshape(-1, 2)
    assert heard[6 * 44_100 : 7 * 44_100].any(axis=1).mean() > 0.9
    length = len(tracks["plain"][2]) / 2 / 24_000
    assert len(heard) / 44_100 == pytest.approx(length, abs=1 / 24_000)


def test_the_gain_is_heard(here: Path) -> None:
    """Six dB are six dB."""
    levels = []
    for gain in ("0", "-6"):
        result = run("export", "short", "-o", "t.wav", "--music", "calm.wav", "--music-gain", gain)
        assert result.exit_code == 0, result.output
        with wave.open("t.wav") as file:
            heard = np.frombuffer(file.readframes(1 << 30), "<i2").reshape(-1, 2)
        levels.append(np.std(heard[9 * 44_100 : 10 * 44_100].astype(float)))
    assert 20 * np.log10(levels[1] / levels[0]) == pytest.approx(-6, abs=0.05)


@pytest.mark.parametrize("command", [("export", "short"), ("export", "--all"), ("play", "short")])
def test_music_that_cannot_be_played_is_told_first(
    command: tuple[str, ...], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a word has been spoken and before any file is written."""
    for command_module in ("play", "export"):
        monkeypatch.setattr(
            f"voicecoach.cli.commands.{command_module}.open_wished",
            lambda *_: pytest.fail("the long work has begun"),
        )
    assert "there is no such music file" in said(run(*command, "--music", "none.mp3"), 1)
    unknown = said(run(*command, "--music", "padd"), 1)
    assert 'no music "padd"; did you mean "pad"? There are: waves, pad, bowls' in unknown
    for gain in ("13", "-31", "nan", "loud"):
        refusal = said(run(*command, "--music", "pad", "--music-gain", gain), 2)
        assert "--music-gain" in refusal
    assert "it goes with --music" in said(run(*command, "--music-gain", "3"), 2)
    assert not (here / "audio").exists()


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_a_file_that_is_no_music_is_told_before_anything_is_spoken(
    seconds: float, here: Path
) -> None:
    """A silent one, a short one: the track is not begun."""
    with wave.open("bad.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(round(2 * (seconds or 3) * 44_100)))
    refusal = said(run("export", "short", "--music", "bad.wav"), 1)
    assert "bad.wav: " + ("lasts 0.5 s" if seconds else "is silent") in refusal
    assert not (here / "audio" / "short.mp3").exists()


def test_no_track_replaces_the_music_that_it_is_made_from(here: Path) -> None:
    """Not even with --force."""
    before = (here / "calm.wav").read_bytes()
    for target in ("calm.wav", "./scripts/../calm.wav"):
        result = run("export", "short", "--music", "calm.wav", "-o", target, "--force")
        assert result.exit_code == 1, result.output
    assert (here / "calm.wav").read_bytes() == before


# --------------------------------------------------------------------------------------- play --resume


def left(music: str, gain_db: float, here: Path) -> None:
    """Leave a session with music behind."""
    place = ResumePoint(
        session_id=new_session_id(), routine=str(here / "scripts" / "short.toml"), title="Short",
        step="reach", step_title="Reach", exercise_number=1, exercise_count=1,
        wishes=Wishes(voice="silent", music=music, music_gain=gain_db),
    )  # fmt: skip
    assert save_resume_point(place) == ""
    leave_resume_point(place.session_id)


def resumed(monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[str, float]:
    """Return the music that a session goes on with."""
    opened: list[tuple[str, float]] = []

    def note(_routine: object, wishes: Wishes, _library: object) -> None:
        opened.append((wishes.music, wishes.music_gain))
        raise KeyboardInterrupt

    monkeypatch.setattr("voicecoach.cli.commands.play.open_wished", note)
    CliRunner().invoke(app, ["play", "--resume", *options])
    return opened[0]


def test_a_session_goes_on_with_its_music(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless other music, another gain, or none is asked for."""
    left("pad", -4.0, here)
    assert resumed(monkeypatch) == ("pad", -4.0)
    assert resumed(monkeypatch, "--music", "waves") == ("waves", 0.0)
    assert resumed(monkeypatch, "--music-gain", "2") == ("pad", 2.0)
    assert resumed(monkeypatch, "--music", "none") == ("", 0.0)
    assert resumed(monkeypatch, "--music", "calm.wav") == (str(here / "calm.wav"), 0.0)


def test_music_that_has_gone_since_is_told(here: Path) -> None:
    """With what to do: other music, or none."""
    left(str(here / "gone.mp3"), 0.0, here)
    result = CliRunner().invoke(app, ["play", "--resume"])
    assert "gone.mp3: there is no such music file; name another" in said(result, 1)


def test_the_place_of_a_session_has_its_music(here: Path) -> None:
    """By a path that leads there from any folder."""
    from voicecoach.library.library import Library
    from voicecoach.library.reading import load_routine
    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.play.transport import Mode
    from voicecoach.script.moments import moment_at

    library = Library()
    wishes = Wishes(voice="silent", music=lasting_name("calm.wav"), music_gain=-2.5)
    routine = load_routine(library.find_routine("short"), library)
    with open_wished(routine, wishes, library) as session:
        moment = moment_at(session.segment(0), 1.0, index=0, routine=session.routine)
        with Diary(session, wishes, Speakers("auto", None, True), wait=False) as diary:
            diary.show(
                NowPlaying(
                    title="Short", mode=Mode.PLAYING, moment=moment, position_seconds=1.0,
                    total_seconds=9.0, total_is_exact=True, volume_percent=100, rate=1.0,
                    speakers="none", message="",
                )
            )  # fmt: skip
    place = load_resume_point()
    assert place is not None
    assert (place.wishes.music, place.wishes.music_gain) == (str(here / "calm.wav"), -2.5)
