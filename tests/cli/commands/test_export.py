"""`voicecoach export` of several routines, voices and files: what lands where, and what is said."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mutagen
import pytest

from tests.cli.conftest import run
from tests.cli.test_commands import SMALL, folder
from tests.support.tracks import left_in
from voicecoach.export import is_our_track

if TYPE_CHECKING:
    from voicecoach.session.session import Session

__all__ = ["folder"]

OTHER = SMALL.replace('"Small"', '"Other"')
SPEECHLESS = SMALL.replace('title = "Small"', 'title = "Bad"\nlanguage = "tlh"')


@pytest.fixture(autouse=True)
def _two_routines(folder: Path) -> None:
    (folder / "scripts" / "other.toml").write_text(OTHER, "utf-8")


def test_several_routines_land_in_a_folder(folder: Path) -> None:
    """Each is told with its length and size, in the order of the command; they count as an album."""
    _, err = run("export", "small", "other", "small", "--voice", "silent", "-o", "tracks")
    assert [line.split()[0] for line in err.splitlines()] == [
        str(Path("tracks", "small.mp3")), str(Path("tracks", "other.mp3")),
    ]  # fmt: skip
    assert "0:21  " in err
    assert left_in(folder / "tracks") == ["other.mp3", "small.mp3"]
    tracks = [mutagen.File(folder / "tracks" / name) for name in ("small.mp3", "other.mp3")]
    assert [str(track["TRCK"]) for track in tracks] == ["1/2", "2/2"]
    assert str(mutagen.File(run_one(folder))["TIT2"]) == "Small"
    assert "TRCK" not in mutagen.File(run_one(folder))


def test_one_routine_lands_in_a_folder_that_is_there(folder: Path) -> None:
    """As with any other command that writes a file; its format is the one that was asked for."""
    (folder / "phone").mkdir()
    _, err = run("export", "small", "--voice", "silent", "-o", "phone/", "--format", "html")
    assert err.split()[0] == str(Path("phone", "small.html"))
    assert left_in(folder / "phone") == ["small.html"]


def run_one(folder: Path) -> Path:
    """Export one routine and return its track."""
    run("export", "small", "--voice", "silent")
    return folder / "audio" / "small.mp3"


def test_a_second_time_nothing_is_made(folder: Path) -> None:
    """An up-to-date track is left alone and said to be; --force makes it anew."""
    before = run_one(folder).stat().st_mtime_ns
    _, err = run("export", "small", "--voice", "silent")
    assert "up to date" in err
    assert "--force" in err
    assert (folder / "audio" / "small.mp3").stat().st_mtime_ns == before
    _, err = run("export", "small", "--voice", "silent", "--force")
    assert "up to date" not in err
    assert (folder / "audio" / "small.mp3").stat().st_mtime_ns > before


def test_a_changed_sentence_is_all_that_is_spoken_anew(folder: Path, cold_cache: Path) -> None:
    """The track is made again; of the speech, one sentence more has been kept."""

    def spoken() -> set[Path]:
        return set(cold_cache.rglob("*.wav"))

    run("export", "small", "--voice", "pyttsx3")
    before = spoken()
    assert len(before) > 5
    routine = folder / "scripts" / "small.toml"
    routine.write_text(SMALL.replace("Reach up.", "Reach higher."), "utf-8")
    _, err = run("export", "small", "--voice", "pyttsx3")
    assert "up to date" not in err
    assert before < spoken()
    assert len(spoken() - before) == 1


def test_each_voice_has_a_track_of_its_own(folder: Path) -> None:
    """Said twice, the voice becomes part of the name."""
    run("export", "small", "--voice", "silent", "--voice", "pyttsx3:gmw/en", "--format", "wav")
    assert left_in(folder / "audio") == ["small-pyttsx3-gmw-en.wav", "small-silent.wav"]


def test_split_captions_and_json(folder: Path) -> None:
    """A folder of tracks with a playlist; --json names every file."""
    document = json.loads(
        run("export", "small", "--voice", "silent", "--split", "--captions", "lrc", "--format", "wav", "--json")[0]
    )  # fmt: skip
    assert document["path"] == str(Path("audio", "small"))
    assert [Path(path).name for path in document["files"]] == [
        "01 Opening.wav", "01 Opening.lrc", "02 Reach.wav", "02 Reach.lrc", "03 Rest now.wav",
        "03 Rest now.lrc", "small.m3u8",
    ]  # fmt: skip
    assert document["bytes"] == sum(Path(path).stat().st_size for path in document["files"])
    assert document["up_to_date"] is False
    assert all(is_our_track(path) for path in (folder / "audio" / "small").glob("*.wav"))
    again = json.loads(run("export", "small", "other", "--voice", "silent", "--json")[0])
    assert [one["routine"] for one in again] == ["small", "other"]


def test_what_a_format_cannot_hold_is_said() -> None:
    """Nobody looks for chapters in a WAV in vain."""
    _, err = run("export", "small", "--voice", "silent", "-o", "x.wav")
    assert (
        "WAV holds no chapters, captions or cover; .mp3, .m4a, .m4b, .opus, .ogg, .flac and .html do."
        in err
    )
    _, err = run("export", "small", "--voice", "silent", "-o", "x.mp3")
    assert "holds no" not in err


def test_one_that_fails_does_not_keep_the_others_from_being_made(folder: Path) -> None:
    """The good ones are there, the bad one is said, and the status is 1."""
    (folder / "scripts" / "bad.toml").write_text(SPEECHLESS, "utf-8")
    out, err = run("export", "small", "bad", "other", "--voice", "silent", "--json", expect=1)
    assert [one["routine"] for one in json.loads(out)] == ["small", "other"]
    assert "tlh" in err
    assert left_in(folder / "audio") == ["other.mp3", "small.mp3"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["small", "--format", "mp5"], "there is no 'mp5'; choose mp3, m4a"),
        (["small", "--captions", "ass"], "there is no 'ass'; choose lrc, srt, vtt"),
        (["small", "-o", "x.wav", "--format", "mp3"], "leave one of the two out"),
        (["small", "--quality", "best"], "phone"),
        (["small", "other", "--from", "2"], "--from, --only and --skip go with one routine"),
    ],
)
def test_wrong_usage_says_what_is_right(arguments: list[str], message: str) -> None:
    """Each with status 2, and before anything is written."""
    _, err = run("export", *arguments, "--voice", "silent", expect=2)
    assert message in " ".join(err.replace("│", " ").split())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_ends_several_at_once(folder: Path) -> None:
    """Two long tracks in the making: it stops soon, with 130, and nothing partial is left."""
    steps = SMALL.replace("hold 2s", "5 x hold 30 min, rest 5s")
    for name in ("small", "other"):
        (folder / "scripts" / f"{name}.toml").write_text(steps, "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "export", "small", "other", "--voice", "silent"],
        stderr=subprocess.PIPE, text=True, cwd=folder,
    ) as process:  # fmt: skip
        until = time.monotonic() + 30
        while not list(folder.glob("audio/.voicecoach-*/track.mp3")) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err == "Stopped.\n"
    assert left_in(folder) == ["scripts"]


def test_a_routine_named_twice_is_made_once(folder: Path) -> None:
    """By its name and by its file."""
    path = str(Path("scripts", "small.toml"))
    _, err = run("export", "small", path, "small", "--voice", "silent")
    assert len(err.splitlines()) == 1
    assert "TRCK" not in mutagen.File(folder / "audio" / "small.mp3")


def test_two_that_would_become_one_track_are_refused(folder: Path) -> None:
    """Of two routines of one name the second would replace the first."""
    for name in ("his", "hers"):
        (folder / name).mkdir()
        (folder / name / "plank.toml").write_text(SMALL, "utf-8")
    his, hers = (str(Path(name, "plank.toml")) for name in ("his", "hers"))
    _, err = run("export", his, hers, "--voice", "silent", expect=2)
    message = " ".join(err.replace("│", " ").split())
    assert "would both become" in message
    assert not (folder / "audio").exists()


@pytest.mark.parametrize("arguments", [("small", "--split"), ("small", "other")])
def test_a_track_name_is_no_folder(folder: Path, arguments: tuple[str, ...]) -> None:
    """Where -o names a folder, a folder of MP3s that is called both.opus helps nobody."""
    _, err = run("export", *arguments, "--voice", "silent", "-o", "both.opus", expect=2)
    assert "--format opus" in " ".join(err.replace("│", " ").split())
    assert not (folder / "both.opus").exists()


def test_a_folder_that_was_made_in_vain_goes_again(folder: Path) -> None:
    """With those above it."""
    arguments = ("--voice", "silent", "--format", "wav", "--encoder", "lameenc")
    run("export", "small", "other", *arguments, "-o", str(Path("deep", "new")), expect=1)
    assert not (folder / "deep").exists()
    run("export", "small", "other", "--voice", "silent", "-o", str(Path("deep", "new")))
    assert left_in(folder / "deep" / "new") == ["other.mp3", "small.mp3"]


def test_a_file_that_is_gone_keeps_only_its_own_track(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system says of a sound or a disk is told of that one track."""
    from voicecoach.export import making

    make = making.make

    def fail_at_small(session: Session, target: Path, *more: Any, **options: Any) -> Any:
        if target.stem == "small":
            raise FileNotFoundError(2, "No such file or directory", "start.wav")
        return make(session, target, *more, **options)

    monkeypatch.setattr(making, "make", fail_at_small)
    _, err = run("export", "small", "other", "--voice", "silent", expect=1)
    assert f"{Path('audio', 'small.mp3')}: could not be made (start.wav: No such file" in err
    assert left_in(folder / "audio") == ["other.mp3"]


def test_a_page_holds_its_sound(folder: Path) -> None:
    """By --format or by the ending; one file, which is ours."""
    _, err = run("export", "small", "--voice", "silent", "--format", "html")
    assert err.split()[0] == str(Path("audio", "small.html"))
    run("export", "small", "--voice", "silent", "-o", "mine.html")
    assert left_in(folder / "audio") == ["small.html"]
    assert (folder / "mine.html").read_bytes() == (folder / "audio" / "small.html").read_bytes()
    assert is_our_track(folder / "mine.html")


@pytest.mark.slow
def test_a_page_has_its_sound_beside_it_where_that_is_asked_for(folder: Path) -> None:
    """The page is what is told; --json names every file, and the second time nothing is made."""
    order = ("export", "small", "--voice", "silent", "--link", "--captions", "srt", "--json")
    document = json.loads(run(*order, "--format", "html")[0])
    assert document["path"] == str(Path("audio", "small.html"))
    assert [Path(path).name for path in document["files"]] == [
        "small.mp3",
        "small.srt",
        "small.html",
    ]
    assert left_in(folder / "audio") == ["small.html", "small.mp3", "small.srt"]
    again = json.loads(run(*order, "--format", "html")[0])
    assert again["up_to_date"] is True
    run(*order, "-o", "other.html")
    assert left_in(folder) == ["audio", "other.html", "other.mp3", "other.srt", "scripts"]
    run("export", "small", "other", "--voice", "silent", "--format", "html", "--link", "-o", "web")
    assert left_in(folder / "web") == ["other.html", "other.mp3", "small.html", "small.mp3"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--link",), "add --format html"),
        (("--link", "-o", "x.mp3"), "add --format html"),
        (("--format", "html", "--split"), "a page plays the whole session"),
        (("--format", "html", "--link", "--split"), "a page plays the whole session"),
    ],
)
def test_what_goes_with_no_page_is_wrong_usage(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Nothing is made, and the message says what to do."""
    _, err = run("export", "small", "--voice", "silent", *arguments, expect=2)
    assert said in " ".join(re.sub("[│╭╮╰╯─]", " ", err).split())
    assert left_in(folder) == ["scripts"]
