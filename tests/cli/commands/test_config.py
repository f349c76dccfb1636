"""`voicecoach config`, and what settings do to the other commands."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.cli.conftest import run
from voicecoach.cli import app
from voicecoach.cli.commands import play as play_command
from voicecoach.cli.commands.config import complete_name, complete_value
from voicecoach.cli.commands.doctor import _settings
from voicecoach.cli.settings.table import BY_NAME, SETTINGS, Setting
from voicecoach.fitting.wishes import Wishes
from voicecoach.play.resuming import (
    ResumePoint,
    leave_resume_point,
    new_session_id,
    save_resume_point,
)
from voicecoach.routine.model import Level, Talk

SMALL = """
voicecoach = 1
title = "Small"
audience = "AUDIENCE"
[[steps]]
slug = "reach"
name = "Reach"
say = "Reach up as high as you can, with both arms."
dose = "hold 8s"
[[steps]]
slug = "rest-now"
name = "Rest now"
say = "Let go."
dose = "hold 1s"
"""


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with two small routines; return where the settings file may be."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scripts").mkdir()
    for name, audience in (("small", "adult"), ("little", "child")):
        routine = SMALL.replace("AUDIENCE", audience)
        (tmp_path / "scripts" / f"{name}.toml").write_text(routine, "utf-8")
    monkeypatch.setenv("VOICECOACH_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config" / "settings.toml"


def write(path: Path, text: str) -> None:
    """Write the settings file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


# -------------------------------------------------------------------- file, environment, option

ARGUMENTS = {
    "show": ["small"], "check": ["small"], "export": ["small"], "preview": ["small", "one"], "play": [],
    "serve": [],
}  # fmt: skip
USES = [(command, setting) for setting in SETTINGS for command in setting.commands]


def parsed(command: str, *words: str) -> dict[str, Any]:
    """Return what a command is told, by options and by what stands for them."""
    tree: Any = typer.main.get_command(app)
    context = tree.commands[command].make_context(command, [*ARGUMENTS[command], *words])
    return dict(context.params)


def as_option(setting: Setting, value: Any) -> list[str]:
    """Return how a value is named on the command line."""
    if isinstance(value, bool):
        return [setting.option if value else setting.option.replace("--", "--no-", 1)]
    values = value if isinstance(value, list) else [value]
    return [word for each in values for word in (setting.option, str(each))]


def as_text(value: Any) -> str:
    """Return how a value is named in the environment."""
    return ",".join(value) if isinstance(value, list) else str(value).lower()


@pytest.mark.parametrize(("command", "setting"), USES, ids=lambda x: getattr(x, "name", x))
def test_a_setting_is_its_option(
    command: str, setting: Setting, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command is told the same by the file, by the environment and by the option, in this order."""
    needed = {"music_gain": ["--music", "waves"]}.get(setting.name, [])
    without = parsed(command, *needed)
    value = tomllib.loads(f"x = {setting.example}")["x"]
    by_option = parsed(command, *needed, *as_option(setting, value))
    assert by_option != without
    write(path, f"{setting.name} = {setting.example}")
    assert parsed(command, *needed) == by_option
    other = OTHER.get(setting.name, setting.default)
    monkeypatch.setenv(setting.variable, as_text(other))
    by_environment = parsed(command, *needed)
    assert by_environment != by_option
    assert by_environment == parsed(command, *needed, *as_option(setting, other))
    assert parsed(command, *needed, *as_option(setting, value)) == by_option
    monkeypatch.delenv(setting.variable)
    assert parsed(command, *needed, *as_option(setting, other)) == by_environment


OTHER: dict[str, Any] = {
    "minutes": 7, "talk": "full", "rate": 1.1, "music": "pad", "for": "adult", "device": "kitchen",
    "language": "en",
    "format": "wav", "captions": ["vtt", "lrc"],
}  # fmt: skip
"""Another right value for each setting whose default cannot be written."""


def shown(*words: str) -> dict[str, Any]:
    """Return the cue sheet of the small routine."""
    document: dict[str, Any] = json.loads(run("show", "small", "--json", *words)[0])
    return document


def test_the_voice_and_its_rate_are_heard(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the times of the cue sheet, by each of the three ways."""
    write(path, 'voice = "silent"\n')
    usual = shown()
    assert usual == shown("--voice", "silent")
    slow = shown("--rate", "0.8")
    assert slow != usual
    write(path, 'voice = "silent"\nrate = 0.8\n')
    assert shown() == slow
    assert shown("--rate", "1") == usual
    monkeypatch.setenv("VOICECOACH_RATE", "1")
    assert shown() == usual
    assert shown("--rate", "0.8") == slow


def test_the_pace_that_is_asked_for_is_not_held_back_by_a_rate(path: Path) -> None:
    """A rate of every day is one of the pace of every day."""
    write(path, 'voice = "silent"\npace = "calm"\nrate = 0.8\n')
    brisk = shown("--pace", "brisk")
    path.unlink()
    assert brisk == shown("--voice", "silent", "--pace", "brisk")


def test_a_track_is_as_it_is_wanted(path: Path, tmp_path: Path) -> None:
    """Format, quality, captions and music; -o and options say otherwise."""
    audio = tmp_path / "audio"
    write(path, 'voice = "silent"\nformat = "wav"\ncaptions = ["srt"]\nmusic = "pad"\n')
    run("export", "small")
    assert {each.name for each in audio.iterdir()} == {"small.wav", "small.srt"}
    with wave.open(str(audio / "small.wav")) as track:
        assert (track.getframerate(), track.getnchannels()) == (44_100, 2)
    run("export", "small", "-o", "plain.mp3", "--captions", "none", "--music", "none")
    assert (tmp_path / "plain.mp3").read_bytes()[:3] == b"ID3"
    assert not (tmp_path / "plain.srt").exists()
    write(path, 'voice = "silent"\nquality = "small"\n')
    run("export", "small", "-o", "small.mp3")
    sizes = [(tmp_path / name).stat().st_size for name in ("plain.mp3", "small.mp3")]
    assert sizes[1] < 0.7 * sizes[0]


def test_the_format_holds_where_a_folder_is_named(path: Path, tmp_path: Path) -> None:
    """-o says a format only where it is the name of one track."""
    write(path, 'voice = "silent"\nformat = "wav"\n')
    run("export", "small", "little", "-o", "tracks")
    assert {each.name for each in (tmp_path / "tracks").iterdir()} == {"small.wav", "little.wav"}
    _, err = run("export", "small", "-o", "x.mp3", "--format", "wav", expect=2)
    assert "leave one of the two out" in " ".join(err.split())


def played(monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, Any]:
    """Return what would be played."""
    found: dict[str, Any] = {}

    def note(session: Any, wishes: Wishes, manner: Any, _logbook: Any, **how: bool) -> None:
        audience = session.routine.audience.value
        found.update(
            how | vars(manner), title=session.routine.title, audience=audience, wishes=wishes
        )

    monkeypatch.setattr(play_command, "_play", note)
    found["said"] = run("play", *words)[1]
    return found


def test_play_is_as_it_is_wanted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speakers, screen and waiting; each option says otherwise."""
    write(
        path,
        'voice = "silent"\nplayer = "pipe"\ndevice = "attic"\nkeep_alive = false\n'
        'plain = true\nwait = true\nlevel = "easy"\ntalk = "brief"\nleft_first = true\n',
    )
    found = played(monkeypatch, "small")
    speakers = found["speakers"]
    assert (speakers.name, speakers.device, speakers.keep_alive) == ("pipe", "attic", False)
    assert (found["plain"], found["wait"]) == (True, True)
    wishes = found["wishes"]
    assert (wishes.level, wishes.talk, wishes.left_first) == ("easy", "brief", True)
    found = played(
        monkeypatch, "small", "--no-plain", "--no-wait", "--keep-alive", "--no-left-first",
        "--device", "",
    )  # fmt: skip
    speakers = found["speakers"]
    assert (speakers.name, speakers.device, speakers.keep_alive) == ("pipe", None, True)
    assert (found["plain"], found["wait"]) == (False, False)
    assert not found["wishes"].left_first
    # A device is one of a player: that of every day means nothing to another one.
    assert played(monkeypatch, "small", "--player", "simpleaudio")["speakers"].device is None


# ------------------------------------------------------ what settings must leave alone, and do not break


def test_a_routine_that_is_named_is_for_whom_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`for` chooses where nobody names a routine, and hides nothing anywhere else."""
    write(path, 'voice = "silent"\nfor = "child"\n')
    assert played(monkeypatch)["audience"] == "child"
    assert played(monkeypatch, "--for", "adult")["audience"] == "adult"
    assert played(monkeypatch, "small")["audience"] == "adult"
    write(path, 'voice = "silent"\nfor = "adult"\n')
    assert played(monkeypatch, "little")["audience"] == "child"
    run("show", "little")
    run("export", "little")
    assert "little" in run("list")[0]
    _, err = run("play", "little", "--for", "adult", expect=2)
    assert "is made for children" in " ".join(err.split())


def test_a_level_of_music_waits_for_music(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone it is no mistake, as it is on the command line."""
    write(path, 'voice = "silent"\nmusic_gain = -6\n')
    assert played(monkeypatch, "small")["wishes"].music_gain == 0
    run("export", "small")
    run("show", "small")
    assert played(monkeypatch, "small", "--music", "pad")["wishes"].music_gain == -6
    write(path, 'voice = "silent"\nmusic = "waves"\nmusic_gain = -6\n')
    wishes = played(monkeypatch, "small")["wishes"]
    assert (wishes.music, wishes.music_gain) == ("waves", -6)
    wishes = played(monkeypatch, "small", "--music", "none")["wishes"]
    assert (wishes.music, wishes.music_gain) == ("", 0)
    _, err = run("play", "small", "--music", "none", "--music-gain", "3", expect=2)
    assert "it goes with --music" in err


@pytest.mark.parametrize("words", [("--only", "1"), ("--from", "2"), ("--skip", "1")])
def test_some_exercises_last_as_long_as_they_do(
    words: tuple[str, str], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes of every day are not meant for one exercise; named together, they are."""
    write(path, 'voice = "silent"\nminutes = 10\n')
    assert played(monkeypatch, "small", *words)["wishes"].minutes is None
    assert parsed("export", *words)["minutes"] is None
    assert parsed("export", *words, "--minutes", "3")["minutes"] == 3
    assert parsed("export")["minutes"] == 10
    assert played(monkeypatch, "small", "--minutes", "0")["wishes"].minutes is None


def test_a_file_is_checked_as_it_is_written(path: Path) -> None:
    """The wishes of whoever checks it make no other routine of it; the voice is theirs."""
    write(path, 'voice = "silent"\nminutes = 300\nlevel = "strong"\nmusic = "gone.mp3"\n')
    told = parsed("check")
    assert (told["minutes"], told["level"], told["voice"]) == (None, "standard", "silent")
    assert "good: 2 steps" in run("check", "small")[0]


def test_a_session_goes_on_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--resume` keeps the wishes of then: only what is named on the command line is anew."""
    then = Wishes(voice="silent", rate=0.9, level=Level.STRONG, minutes=1, talk=Talk.FULL)
    place = ResumePoint(
        session_id=new_session_id(), routine=str(Path("scripts/little.toml").resolve()),
        title="Small", step="rest-now", step_title="Rest now", exercise_number=2, exercise_count=2,
        wishes=then, player="miniaudio", device="speakers of then",
    )  # fmt: skip
    assert save_resume_point(place) == ""
    leave_resume_point(place.session_id)
    write(
        path,
        'voice = "pyttsx3"\nrate = 1.2\nlevel = "easy"\nminutes = 2\npace = "brisk"\n'
        'talk = "tones"\nleft_first = true\nmusic = "gone.mp3"\nmusic_gain = 3\nfor = "adult"\n'
        'player = "pipe"\ndevice = "attic"\nwait = true\nplain = true\nkeep_alive = false\n',
    )
    monkeypatch.setenv("VOICECOACH_LEVEL", "standard")
    found = played(monkeypatch, "--resume")
    assert found["wishes"] == then
    assert found["resumed"] == place
    speakers = found["speakers"]
    assert (speakers.name, speakers.device) == ("miniaudio", "speakers of then")
    # What is no part of a session is as it is wanted today.
    assert (found["wait"], found["plain"], speakers.keep_alive) == (False, True, False)
    found = played(monkeypatch, "--resume", "--rate", "1", "--wait", "--device", "hall")
    assert found["wishes"] == replace(then, rate=1.0)
    assert (found["speakers"].name, found["speakers"].device) == ("auto", "hall")
    assert found["wait"]
    saved = replace(place, wait=True)
    assert save_resume_point(saved) == ""
    leave_resume_point(place.session_id)
    assert played(monkeypatch, "--resume")["wait"]
    assert not played(monkeypatch, "--resume", "--no-wait")["wait"]


def test_music_that_has_gone_is_told(path: Path) -> None:
    """With the path that was meant, and what else there is."""
    write(path, 'voice = "silent"\nmusic = "gone.mp3"\n')
    for command in ("export", "play"):
        _, err = run(command, "small", expect=1)
        assert f"{path.parent / 'gone.mp3'}: there is no such music file" in err
    run("export", "small", "--music", "none")


# --------------------------------------------------------------------------------------- mistakes


def test_a_broken_file_stops_those_who_use_it_and_no_others(path: Path) -> None:
    """One clear message, status 1; help, version, lists and `config` itself are there."""
    write(path, 'levle = "easy"\nminutes = "ten"\n')
    for words in (("show", "small"), ("export", "small"), ("check", "small"), ("play",)):
        out, err = run(*words, expect=1)
        assert out == ""
        assert err.splitlines() == [
            f'{path}:1:1: unknown key "levle": did you mean "level"?',
            f"{path}:2:11: minutes is a whole number: write minutes = 10",
        ]
    assert not Path("audio").exists()
    for command in ARGUMENTS:
        assert "Usage:" in run(command, "--help")[0]
    run("--version")
    assert "small" in run("list")[0]
    run("cache")
    out, err = run("config", expect=1)
    assert len(out.splitlines()) == len(SETTINGS)
    assert f"{path}:1:1: " in err
    document = json.loads(run("config", "--json", expect=1)[0])
    assert len(document["problems"]) == 2
    assert run("config", "path")[0] == f"{path}\n"


@pytest.mark.slow
def test_doctor_shows_what_is_wrong(path: Path) -> None:
    """It works, and ends with status 1: the usual commands do not work."""
    write(path, 'level = "easy"\nwait = true\n')
    assert _settings() == f"{path}: level, wait"
    write(path, 'levle = "easy"\n')
    document = json.loads(run("doctor", "--json", expect=1)[0])
    (finding,) = [each for each in document["findings"] if each["what"] == "settings"]
    assert not finding["works"]
    assert finding["detail"].startswith(f"{path}:1:1: ")


def test_a_bad_variable_is_told_to_those_who_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, and not where the command line says something better."""
    monkeypatch.setenv("VOICECOACH_FORMAT", "mp4")
    monkeypatch.setenv("VOICECOACH_LEVEL", "eazy")
    run("check", "small", "--voice", "silent")
    _, err = run("show", "small", "--voice", "silent", expect=1)
    assert err == (
        'VOICECOACH_LEVEL is "easy", "standard" or "strong", got "eazy": did you mean "easy"?\n'
    )
    run("show", "small", "--voice", "silent", "--level", "easy")
    assert "Usage:" in run("show", "--help")[0]
    _, err = run("export", "small", expect=1)
    assert 'VOICECOACH_FORMAT is "mp3", ' in err
    monkeypatch.setenv("VOICECOACH_PACE", "slow")
    out, err = run("config", expect=1)
    assert "VOICECOACH_LEVEL is wrong" in out
    assert len(err.splitlines()) == 4


def test_help_shows_what_holds_here(path: Path) -> None:
    """The default in the help is the person's own."""
    write(path, 'level = "easy"\n')
    assert "[default: easy]" in " ".join(run("show", "--help")[0].split())


# --------------------------------------------------------------------------- `voicecoach config`


def rows(output: str) -> dict[str, list[str]]:
    """Return the lines of the table by the name of the setting."""
    return {line.split("\t")[0]: line.split("\t")[1:3] for line in output.splitlines()}


def test_config_shows_everything_and_where_it_comes_from(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each setting with its value: from nowhere, the file with its path, or the variable."""
    write(path, 'captions = ["srt", "vtt"]\nmusic_gain = -6\nplain = true\nrate = 0.9\n')
    monkeypatch.setenv("VOICECOACH_LEVEL", "strong")
    found = rows(run("config")[0])
    assert list(found) == list(BY_NAME)
    assert found["level"] == ["strong", "VOICECOACH_LEVEL"]
    assert found["captions"] == ["srt, vtt", str(path)]
    assert found["music_gain"] == ["-6", str(path)]
    assert found["plain"] == ["true", str(path)]
    assert found["pace"] == ["normal", "default"]
    assert found["minutes"] == ["as long as the routine is", "default"]
    document = json.loads(run("config", "--json")[0])
    assert document["path"] == str(path)
    assert document["problems"] == []
    by_name = {each["name"]: each for each in document["settings"]}
    assert by_name["rate"]["value"] == 0.9
    assert by_name["rate"]["source"] == "file"
    assert by_name["level"]["from"] == by_name["level"]["variable"] == "VOICECOACH_LEVEL"
    assert by_name["minutes"]["value"] is None
    assert by_name["music_gain"]["option"] == "--music-gain"


@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals there")
@pytest.mark.parametrize("columns", [80, 130])
def test_config_fits_the_terminal(columns: int) -> None:
    """What each setting is stands where there is room for it, else the table would be three screens."""
    from tests.support.terminal import in_pty

    with in_pty("voicecoach", "config", columns=columns) as terminal:
        assert terminal.ended() == 0
        assert ("What it is" in terminal.printed) == (columns == 130)
        assert all(name in terminal.printed for name in BY_NAME)


def test_config_set_and_unset(path: Path) -> None:
    """What is set is used, and what is taken out is not; hyphens are as good as underscores."""
    out, err = run("config", "set", "voice", "silent")
    assert out == ""
    assert err == f"{path}: voice is silent from now on.\n"
    run("config", "set", "music-gain", "-6")
    run("config", "set", "captions", "srt,vtt")
    run("config", "set", "wait", "yes")
    assert tomllib.loads(path.read_text("utf-8")) == {
        "voice": "silent", "music_gain": -6, "captions": ["srt", "vtt"], "wait": True,
    }  # fmt: skip
    assert shown() == shown("--voice", "silent")
    assert run("config", "unset", "music-gain")[1] == f"{path}: music_gain is taken out.\n"
    assert "nothing to take out" in run("config", "unset", "music-gain", expect=1)[1]
    assert rows(run("config")[0])["music_gain"] == ["0", "default"]


def test_config_set_takes_the_whole_path_of_music(path: Path, tmp_path: Path) -> None:
    """Meant from where one is, it is found from everywhere; one that is not there is told."""
    (tmp_path / "calm.wav").write_bytes(b"")
    assert len(run("config", "set", "music", "calm.wav")[1].splitlines()) == 1
    assert tomllib.loads(path.read_text("utf-8")) == {"music": str(tmp_path / "calm.wav")}
    assert (
        f"there is no file {tmp_path / 'clam.wav'}" in run("config", "set", "music", "clam.wav")[1]
    )
    assert len(run("config", "set", "music", "waves")[1].splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("levle", "easy"), 'no setting "levle"; did you mean "level"? There are: level, minutes'),
        (("level", "eazy"), 'level is "easy", "standard" or "strong", got "eazy": did you mean'),
        (("minutes", "-5"), "minutes is from 0 to 720, got -5"),
        (("wait", "perhaps"), "wait is true or false: write wait = true"),
        (("level",), "Missing argument"),
        (("device", "two", "words"), "unexpected extra argument"),
    ],
)
def test_config_set_refuses_what_is_wrong(words: tuple[str, ...], message: str, path: Path) -> None:
    """Wrong usage, before anything is written."""
    assert message in " ".join(run("config", "set", *words, expect=2)[1].split())
    assert not path.exists()


def test_config_set_says_what_is_in_its_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that comes first, and mistakes that are left."""
    write(path, 'levle = "easy"\n')
    monkeypatch.setenv("VOICECOACH_LEVEL", "strong")
    _, err = run("config", "set", "level", "easy")
    assert "VOICECOACH_LEVEL is set as well, and comes before the file." in err
    assert 'unknown key "levle"' in err
    assert run("config", "unset", "levle")[1] == f"{path}: levle is taken out.\n"


def test_config_path_is_for_programs(path: Path) -> None:
    """One line on stdout, whether the file is there or not."""
    out, err = run("config", "path")
    assert out == f"{path}\n"
    assert "not there yet" in err
    write(path, "")
    assert run("config", "path") == (f"{path}\n", "")


def test_names_and_values_are_completed() -> None:
    """For the shell."""
    assert complete_name("mu") == ["music", "music_gain"]
    assert complete_name("music-") == ["music_gain"]

    class Typed:
        def __init__(self, name: str) -> None:
            self.params = {"key": name}

    def values(name: str, incomplete: str) -> list[str]:
        return complete_value(Typed(name), incomplete)  # type: ignore[arg-type]

    assert values("level", "st") == ["standard", "strong"]
    assert values("left-first", "") == ["true", "false"]
    assert values("device", "") == []
    assert values("levle", "") == []


@pytest.mark.slow
def test_lists_and_versions_read_no_settings(path: Path) -> None:
    """They answer at once: nothing that settings need is loaded, let alone the writer."""
    write(path, 'level = "easy"\n')
    code = (
        "import sys\nfrom voicecoach.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'tree_sitter', 'tomlkit', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    for words in (["--version"], ["list"], ["config"], ["show", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
        )
        assert done.stderr.splitlines()[-1] == "[]", words
