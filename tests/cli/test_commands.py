"""The command line as people use it: what is printed where, and the exit status."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run
from voicecoach import __version__
from voicecoach.cli.playing import ending

HERE = Path(__file__).parent
SMALL = """
voicecoach = 1
title = "Small"
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
def folder(folder: Path) -> Path:
    """Work in a new folder that holds one small routine."""
    (folder / "scripts").mkdir()
    (folder / "scripts" / "small.toml").write_text(SMALL, "utf-8")
    return folder


def test_version() -> None:
    """The version alone, for scripts and reports."""
    assert run("--version")[0] == f"voicecoach {__version__}\n"


def test_list_in_a_pipe_has_tabs_and_every_routine() -> None:
    """Plain lines for programs: name first, length in whole minutes."""
    lines = [line.split("\t") for line in run("list")[0].splitlines()]
    assert [line[0] for line in lines] == [
        "children", "desk-break", "dumbbells", "main", "posture-play", "preliminary", "relaxation", "small",
    ]  # fmt: skip
    assert {line[0]: line[2] for line in lines}["dumbbells"] == "19"
    assert lines[-1][-1] == "yours"


@pytest.mark.parametrize(
    ("words", "routine_files"),
    [
        (("show", "small", "--voice", "silent"), 1),
        (("show", "desk-break", "--voice", "silent"), 1),
        (("list", "--language", "en"), 8),
    ],
    ids=str,
)
def test_each_file_is_parsed_once(
    words: tuple[str, ...], routine_files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a routine that is named is found without looking into the others."""
    parsed: list[str] = []
    loads = tomllib.loads

    def counted(text: str) -> dict[str, Any]:
        parsed.append(text)
        return loads(text)

    monkeypatch.setattr(tomllib, "loads", counted)
    run(*words)
    assert len(parsed) == len(set(parsed))
    assert sum("steps" in loads(text) for text in parsed) == routine_files


def test_list_for_children() -> None:
    """A parent sees only what is made for children."""
    assert [line.split("\t")[0] for line in run("list", "--for", "child")[0].splitlines()] == [
        "children", "posture-play",
    ]  # fmt: skip
    names = [entry["name"] for entry in json.loads(run("list", "--for", "child", "--json")[0])]
    assert names == ["children", "posture-play"]


def test_list_keeps_a_broken_file_in_view(folder: Path) -> None:
    """A broken file does not vanish: the list says how to find what is wrong with it."""
    (folder / "scripts" / "broken.toml").write_text("voicecoach = 1\ntitle = \n", "utf-8")
    out, err = run("list")
    assert "broken" not in out
    assert "voicecoach check" in err
    assert "broken.toml" in err


def test_list_answers_at_once_and_loads_nothing_heavy() -> None:
    """No voice, no audio, no numpy: a list is text."""
    code = (
        "import sys; sys.argv = ['voicecoach', 'list']\n"
        "from voicecoach.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'onnxruntime', 'hibari', 'pydub', 'miniaudio', 'lameenc', 'mutagen', 'pyttsx3'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_show_prints_the_cue_sheet() -> None:
    """Times, words and tones, under a heading for each chapter; the check that a routine lacks comes first."""
    out, _ = run("show", "small", "--voice", "silent")
    assert out.splitlines()[0] == "Small  0:21"
    assert "  0:00.0  say   Leave out any move that feels wrong, and stop if anything hurts." in out
    assert "  0:11.3  tone  start" in out
    assert "  0:11.3  say   Go." in out


def test_show_json_is_the_public_format() -> None:
    """One document on stdout with just the agreed keys, in seconds from the start."""
    document = json.loads(run("show", "small", "--voice", "silent", "--json")[0])
    assert set(document) == {
        "title",
        "audience",
        "language",
        "duration_seconds",
        "chapters",
        "changes",
        "cues",
    }
    assert set(document["chapters"][0]) == {"title", "start_seconds", "end_seconds"}
    speech = next(cue for cue in document["cues"] if cue["kind"] == "speech")
    sound = next(cue for cue in document["cues"] if cue["kind"] == "sound")
    assert set(speech) == {"start_seconds", "duration_seconds", "kind", "text", "step", "side"}
    assert set(sound) == {"start_seconds", "duration_seconds", "kind", "sound", "step", "side"}
    ends = [chapter["end_seconds"] for chapter in document["chapters"]]
    starts = [chapter["start_seconds"] for chapter in document["chapters"]]
    assert starts == [0.0, *ends[:-1]]
    assert ends[-1] == document["duration_seconds"]


def test_unknown_routine_is_answered_with_the_near_one() -> None:
    """A typing mistake gets the right name and exit status 1, without a traceback."""
    out, err = run("show", "relaxtion", expect=1)
    assert out == ""
    assert 'no routine "relaxtion"; did you mean "relaxation"? There are:' in err


def test_audience_that_does_not_fit_lists_the_right_ones() -> None:
    """A parent who asks for an adults' routine is told which are for children; wrong usage."""
    _, err = run("export", "relaxation", "--for", "child", expect=2)
    assert "children, posture-play" in " ".join(err.replace("│", " ").split())


def test_check_says_good_and_how_long() -> None:
    """A good file gets one line."""
    out, err = run("check", "small", "--voice", "silent")
    assert out.endswith("small.toml: good: 2 steps, 0:21\n")
    assert err == ""


def test_check_tells_every_mistake_with_its_line(folder: Path) -> None:
    """All mistakes of all files at once, each on a line that an editor can follow."""
    bad = folder / "bad.toml"
    bad.write_text(
        SMALL.replace("hold 2s", "hold 2").replace('slug = "rest-now"', "slugg = 3"), "utf-8"
    )
    out, err = run("check", str(bad), "small", "--voice", "silent", expect=1)
    first, second, good = out.splitlines()
    assert first.startswith(f'{bad}:9:14: error: step 1 "Reach": dose: the unit is missing: ')
    assert first.endswith("write 2s [dose]")
    assert second.startswith(f"{bad}:11:1: error: step 2")
    assert second.endswith('unknown key "slugg": did you mean "slug"? [unknown-key]')
    assert good.endswith("small.toml: good: 2 steps, 0:21")
    assert err == "2 errors in 2 files\n"


ODD = SMALL.replace(
    'dose = "hold 2s"',
    'dose = "hold 2s"\ncues = [{ at = "1s", say = "A sentence that is too long." }]',
)


def test_check_for_programs(folder: Path) -> None:
    """One JSON document with every finding of every file, good or not, and the lengths."""
    (folder / "odd.toml").write_text(ODD, "utf-8")
    (folder / "bad.toml").write_text(SMALL.replace("hold 2s", "hold 2"), "utf-8")
    out, err = run(
        "check", "./odd.toml", "./bad.toml", "nothing", "--voice", "silent", "--json", expect=1
    )
    odd, bad, nothing = json.loads(out)["files"]
    assert err == ""
    (finding,) = odd["findings"]
    assert (finding["severity"], finding["code"]) == ("warning", "speech-dropped")
    assert finding["step"] == 'step 1 "Reach"'
    assert "A sentence that is too long." in finding["message"]
    assert finding["fix"]
    assert (odd["steps"], odd["measured"]) == (2, False)
    assert odd["seconds"] == pytest.approx(21, abs=1)
    assert bad["findings"] == [
        {
            "path": "bad.toml",
            "line": 9,
            "column": 14,
            "severity": "error",
            "code": "dose",
            "step": 'step 1 "Reach"',
            "message": "dose: the unit is missing",
            "fix": "write 2s",
        }
    ]
    assert (bad["seconds"], bad["steps"]) == (None, None)
    assert [finding["code"] for finding in nothing["findings"]] == ["unreadable-file"]


def test_check_fails_for_less_where_it_is_strict(folder: Path) -> None:
    """A cue that is never heard is no error, and with --strict it is one more reason to fail."""
    (folder / "odd.toml").write_text(ODD, "utf-8")
    out, err = run("check", "./odd.toml", "--voice", "silent")
    assert "warning: step 1" in out
    assert "good: 2 steps" in out
    assert err == "1 warning in 1 file\n"
    run("check", "./odd.toml", "--voice", "silent", "--strict", expect=1)
    run("check", "small", "--voice", "silent", "--strict")


def test_check_goes_on_without_the_voice(folder: Path) -> None:
    """A voice that is not here says nothing about the file."""
    out, err = run("check", "small", "--voice", "piper:nobody")
    assert out.endswith("small.toml: good: 2 steps, 0:21\n")
    assert "lengths are those of the table" in err


def test_export_writes_where_people_look_and_says_so(folder: Path) -> None:
    """The track lands in ./audio with its length; stdout stays empty for pipes."""
    out, err = run("export", "small", "--voice", "silent")
    assert out == ""
    assert err.startswith(f"audio{os.sep}small.mp3  0:21  ")
    assert (folder / "audio" / "small.mp3").stat().st_size > 50_000


def test_export_json(folder: Path) -> None:
    """For programs: path, length and size."""
    document = json.loads(run("export", "small", "--voice", "silent", "--json", "-o", "x.wav")[0])
    assert document["path"] == "x.wav"
    assert document["bytes"] == (folder / "x.wav").stat().st_size


def test_export_replaces_its_own_track_only(folder: Path) -> None:
    """Our own track is made anew; somebody else's file needs --force."""
    run("export", "small", "--voice", "silent")
    run("export", "small", "--voice", "silent")
    mine = folder / "audio" / "mine.mp3"
    mine.write_bytes(b"my own song")
    _, err = run("export", "small", "--voice", "silent", "-o", str(mine), expect=1)
    assert "--force" in err
    assert mine.read_bytes() == b"my own song"
    run("export", "small", "--voice", "silent", "-o", str(mine), "--force")
    assert mine.read_bytes() != b"my own song"


def test_export_all_for_children(folder: Path) -> None:
    """`--all --for child` exports that audience into the folder that was named."""
    run("export", "--all", "--for", "child", "--voice", "silent", "-o", "tracks")
    assert sorted(path.name for path in (folder / "tracks").iterdir()) == [
        "children.mp3", "posture-play.mp3",
    ]  # fmt: skip


def test_export_all_does_what_it_can_and_says_what_it_could_not(folder: Path) -> None:
    """A broken file of the user's does not hide behind the good ones: status 1, and what to do."""
    (folder / "scripts" / "relaxation.toml").write_text("voicecoach = 1\n", "utf-8")
    _, err = run("export", "--all", "--for", "adult", "--voice", "silent", expect=1)
    assert "voicecoach check" in err
    assert (folder / "audio" / "small.mp3").exists()
    assert not (folder / "audio" / "relaxation.mp3").exists()


def test_export_all_checks_every_target_first(folder: Path) -> None:
    """A file in the way of the last track is found before the first one is made."""
    (folder / "audio").mkdir()
    (folder / "audio" / "small.mp3").write_bytes(b"my own song")
    _, err = run("export", "--all", "--voice", "silent", expect=1)
    assert "small.mp3" in err
    assert [path.name for path in (folder / "audio").iterdir()] == ["small.mp3"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export"], "--all"),
        (["export", "small", "--all"], "--all"),
        (["export", "--all", "--only", "1"], "--from, --only and --skip"),
        (["export", "small", "--rate", "2"], "1.2"),
        (["list", "--for", "dog"], "adult"),
        (["shw", "small"], "show"),
        (["show", "small", "--only", ","], "at least one step"),
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], message: str) -> None:
    """Wrong usage says what is right."""
    assert message in run(*arguments, expect=2)[1]


def test_export_of_a_part_keeps_its_name() -> None:
    """`--only` and `--from` choose steps."""
    out, _ = run("show", "small", "--voice", "silent", "--only", "2")
    assert "Rest now" in out
    assert "Reach" not in out
    _, err = run("show", "small", "--voice", "silent", "--from", "rech", expect=1)
    assert 'did you mean "reach"' in err


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["list"],
        ["show"],
        ["play"],
        ["export"],
        ["check"],
        ["voices"],
        ["devices"],
        ["doctor"],
        ["cache"],
    ],
)
def test_every_command_has_help(command: list[str]) -> None:
    """Help is there and says something."""
    out, _ = run(*command, "--help")
    assert len(out.splitlines()) > 5


@pytest.mark.usefixtures("cold_cache")
def test_cache_is_shown_and_cleared() -> None:
    """The store of sentences can be seen and emptied."""
    run("show", "small")
    assert json.loads(run("cache", "--json")[0])["sentences"] > 5
    assert "sentences removed" in run("cache", "clear")[0]
    assert json.loads(run("cache", "--json")[0])["sentences"] == 0


def test_voices_says_who_speaks_and_why() -> None:
    """The list names the engines, and the voice of now."""
    out, err = run("voices")
    assert "natural:" in out
    assert "pyttsx3:" in out
    assert "Speaks now: " in err
    document = json.loads(run("voices", "--json")[0])
    assert {"voices", "unavailable", "speaks_now"} == set(document)


def test_doctor_finds_voice_and_encoder_well() -> None:
    """On a sound installation the examination ends with status 0."""
    document = json.loads(run("doctor", "--json")[0])
    assert document["healthy"]
    works = {finding["what"]: finding["works"] for finding in document["findings"]}
    assert works["voice"]
    assert works["pyttsx3 voice"]
    assert works["MP3"]


def test_play_without_speakers_says_so_and_names_export(tmp_path: Path) -> None:
    """No speakers: one clear message, status 1, no hang, no driver noise."""
    quiet = {
        "PATH": str(tmp_path),
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PULSE_SERVER": "unix:/nowhere",
        "ALSA_CONFIG_PATH": str(tmp_path / "none.conf"),
        "VOICECOACH_CACHE": str(tmp_path / "cache"),
    }
    (tmp_path / "none.conf").write_text("", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "voicecoach", "play", "small", "--voice", "silent"],
        capture_output=True, text=True, timeout=60, env=quiet, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "no speakers found here" in done.stderr
    assert "voicecoach export" in done.stderr
    assert "ALSA lib" not in done.stderr
    assert "Traceback" not in done.stderr


def test_stdout_closed_early_is_no_crash() -> None:
    """`voicecoach show relaxation | head -1` ends quietly."""
    if shutil.which("sh") is None:
        pytest.skip("needs a shell")
    command = f'"{sys.executable}" -m voicecoach show relaxation --voice silent | head -1'
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("Relaxation")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="shells there close nothing")
def test_without_stderr_it_works_in_silence(folder: Path) -> None:
    """Services and cron jobs may be started with a stream closed: messages then go nowhere."""
    command = [sys.executable, "-m", "voicecoach", "export", "small", "--voice", "silent"]
    done = subprocess.run(
        ["sh", "-c", '"$@" 2>&-', "sh", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert not done.stdout
    assert (folder / "audio" / "small.mp3").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no terminal hangs up there")
def test_nohup_is_respected() -> None:
    """A session that was started to outlive its terminal does; any other hears that it was closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending.terminated_gently():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        with ending.terminated_gently():
            assert callable(signal.getsignal(signal.SIGHUP))
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


def test_escapes_in_file_names_never_reach_the_terminal(folder: Path) -> None:
    """A hostile file name is shown, but not obeyed."""
    bad = folder / "evil\x1b[2J.toml"
    bad.write_text("voicecoach = 1\n", "utf-8")
    out, err = run("check", str(bad), "--voice", "silent", expect=1)
    assert "\x1b" not in out + err
    assert "evil" in out


def test_names_that_no_file_can_have_are_refused(folder: Path) -> None:
    """A name too long and a loop of links are clear errors."""
    (folder / "loop.mp3").symlink_to("loop.mp3")
    for name in ("loop.mp3", "x" * 300 + ".mp3"):
        _, err = run("export", "small", "--voice", "silent", "-o", name, expect=1)
        assert "choose another name" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full (Linux)")
def test_a_full_disk_behind_stdout_is_one_message() -> None:
    """What cannot be printed ends with status 1 and no traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "voicecoach", "show", "small", "--voice", "silent", "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "space" in done.stderr


def test_json_keeps_its_letters_where_stdout_is_not_utf8(folder: Path) -> None:
    """In a pipe on Windows a document is still JSON, with every letter."""
    text = SMALL.replace('"Small"', '"Entspannung für Łukasz"')
    (folder / "scripts" / "small.toml").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "voicecoach", "list", "--json"], capture_output=True, timeout=60, check=True,
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    titles = [entry["title"] for entry in json.loads(done.stdout.decode("utf-8"))]
    assert "Entspannung für Łukasz" in titles


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs users (not Windows)")
def test_a_user_without_a_home_is_served(tmp_path: Path) -> None:
    """In a container a user may have neither a name nor a home; routines are shown all the same."""
    code = (
        "import os, sys\n"
        "import pwd; pwd.getpwuid = lambda uid: (_ for _ in ()).throw(KeyError(uid))\n"
        "sys.argv = ['voicecoach', 'show', 'relaxation', '--only', '1', '--voice', 'pyttsx3']\n"
        "from voicecoach.cli import main\n"
        "main()"
    )
    gone = {"HOME", "VOICECOACH_HOME", "VOICECOACH_CACHE", "XDG_DATA_HOME", "XDG_CACHE_HOME"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False,
        env={name: value for name, value in os.environ.items() if name not in gone},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "tone  start" in done.stdout
