"""`voicecoach preview`: a step as it sounds in the session, played, written and watched."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pytest

from tests.cli.conftest import run
from tests.support import recorder
from tests.support.checkout import CHECKOUT
from voicecoach.cli.options import chosen, open_wished
from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.players import PLAYERS, PlayerChoice
from voicecoach.sound.clip import SAMPLE_RATE, read_wav

if TYPE_CHECKING:
    from numpy.typing import NDArray

VOICE = ("--voice", "pyttsx3")
TWO = """
voicecoach = 1
title = "Two"
audience = "adult"
opening = ["Welcome to two.", { block = "SC-Q" }]
closing = ["Well done."]
[[steps]]
slug = "reach"
name = "Reach up"
say = "Stand tall."
dose = "hold 9s"
rest_after = 14
cues = [{ at = "4s", say = "Higher." }, { at = "4s", say = "And higher." }]
[[steps]]
slug = "stay"
name = "Stay there"
say = "Keep still."
dose = "2 x hold 4s, rest 8s"
rest_after = 9
"""


@pytest.fixture
def two(folder: Path) -> Path:
    """Work in a new folder that holds a routine of two steps; return its file."""
    (folder / "scripts").mkdir()
    path = folder / "scripts" / "two.toml"
    path.write_text(TWO, "utf-8")
    return path


@pytest.fixture(autouse=True)
def _recorder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have speakers that keep what they are sent."""
    monkeypatch.setitem(PLAYERS, "recorder", PlayerChoice("tests.support.recorder", ""))
    recorder.take()


def played(*arguments: str) -> tuple[NDArray[np.float32], str, str]:
    """Preview on the recorder; return what was sent, and what was printed."""
    out, err = run("preview", *arguments, "--player", "recorder", *VOICE)
    return recorder.take(), out, err


def whole_session(path: Path) -> tuple[NDArray[np.float32], dict[str, float]]:
    """Return the samples of the whole session, and where each chapter begins, in seconds."""
    library, wishes = Library(), Wishes(voice="pyttsx3")
    fitted = chosen(load_routine(path, library), wishes)
    with open_wished(fitted, wishes, library) as session:
        samples = np.concatenate([block.samples[:, 0] for block in session.blocks()])
        return samples, {one.title: one.start_seconds for one in session.script.chapters}


# ------------------------------------------------------------------------------------------- played


@pytest.mark.parametrize(
    ("called", "title"),
    [
        ("reach", "Reach up"),
        ("2", "Stay there"),
        ("Stay there", "Stay there"),
        ("opening", "Opening"),
    ],
)
def test_a_step_is_played_as_it_sounds_in_the_session(two: Path, called: str, title: str) -> None:
    """Sample for sample, up to its last sound, with the announcement of the next."""
    sent, out, _ = played("two", called)
    whole, starts = whole_session(two)
    first = round(starts[title] * SAMPLE_RATE)
    np.testing.assert_array_equal(sent, whole[first : first + len(sent)])
    assert len(sent) > SAMPLE_RATE
    if title == "Reach up":
        assert "say   Next: stay there." in out.splitlines()[-1]


def test_what_is_said_is_printed_as_the_cue_sheet_has_it(two: Path) -> None:
    """Each cue once, in order, with its time from the start of the step."""
    _, out, err = played("two", "reach")
    shown, _ = run("show", "two", *VOICE)
    block = next(part for part in shown.split("\n\n") if "Reach up" in part.splitlines()[0])
    expected = [line[10:] for line in block.splitlines()[1:] if re.match(r" +\d+:", line)]
    assert [line[10:] for line in out.splitlines()] == expected
    assert out.startswith("  0:00.0  say   ")
    assert 'step 1 "Reach up", about 0:' in err


def test_the_findings_of_the_step_are_told(two: Path) -> None:
    """As `check` tells them, and those of no other step."""
    checked, _ = run("check", "two", *VOICE)
    (note,) = [line for line in checked.splitlines() if "speech-" in line]
    _, _, err = played("two", "reach")
    assert note.partition(": ")[2].partition(": ")[2] in err
    assert f"{two.name}:" in err
    _, _, err = played("two", "stay")
    assert "speech-" not in err


def test_it_is_in_the_language_that_is_wished(two: Path) -> None:
    """As with every other command; `two` makes the working folder."""
    _, err = run("preview", "preliminary", "1", "--language", "de", *VOICE, "-o", "one.mp3")
    assert "Vorbereitende" in err
    assert (two.parents[1] / "one.mp3").exists()


def test_nothing_of_a_session_is_around_it(two: Path, consents_file: Path) -> None:
    """No disclaimer, no place to go on from, nothing in the practice log, no question."""
    sent, out, err = played("two", "stay")
    assert len(sent)
    assert "medical advice" not in out + err
    assert not consents_file.exists()
    assert not list(consents_file.parent.glob("place-*"))
    assert not Path(os.environ["VOICECOACH_DATA"]).exists()


def test_the_lead_in_alone_ends_with_the_start(two: Path) -> None:
    """It is the beginning of the step, sample for sample, as far as its last words."""
    lead_in, out, _ = played("two", "reach", "--lead-in")
    step, _, _ = played("two", "reach")
    assert out.splitlines()[-1].endswith("say   Go.")
    quiet = SAMPLE_RATE // 2
    assert 2 * quiet < len(lead_in) < len(step) - 8 * SAMPLE_RATE
    np.testing.assert_array_equal(lead_in, step[: len(lead_in)])


def test_it_may_begin_at_a_moment(two: Path) -> None:
    """The rest of the step from a little before, sample for sample."""
    sent, out, _ = played("two", "stay", "--from", "before set 2")
    step, _, _ = played("two", "stay")
    np.testing.assert_array_equal(sent, step[len(step) - len(sent) :])
    assert out.splitlines()[0].endswith("end") or "rest" in out.splitlines()[0]
    assert "Keep still." not in out
    _, err = run("preview", "two", "reach", "--from", "before set 2", "--player", "recorder", *VOICE, expect=1)  # fmt: skip
    assert 'step 1 "Reach up" has no moment "before set 2"' in err


def test_without_a_step_all_are_listed(two: Path) -> None:
    """With number, name and length, and how to hear one."""
    out, err = run("preview", "two")
    rows = [line.split("\t") for line in out.splitlines()]
    assert [row[:3] for row in rows] == [
        ["", "opening", "Opening"],
        ["1", "reach", "Reach up"],
        ["2", "stay", "Stay there"],
        ["", "closing", "Closing"],
    ]
    assert all(re.fullmatch(r"\d+:\d\d", row[3]) for row in rows)
    assert "voicecoach preview two STEP" in err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("rech",), 1, 'did you mean "reach"?'),
        (("reach", "--force"), 2, "without -o"),
        (("reach", "--from", "soon"), 2, "--from"),
        (("reach", "--from", "5s", "--lead-in"), 2, "before the work"),
        (("reach", "--from", "5s", "-o", "x.mp3"), 2, "whole step"),
        (("-o", "x.mp3"), 2, "of which step"),
        (("reach", "-o", "x.txt"), 1, "x.txt"),
    ],
)
def test_what_cannot_be_is_refused(
    two: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    """Before anything sounds, and with what to do."""
    out, err = run("preview", "two", *arguments, "--player", "recorder", *VOICE, expect=status)
    assert message in " ".join((out + err).split())
    assert not len(recorder.take())


def test_a_file_with_mistakes_is_not_played(two: Path) -> None:
    """All of them are told."""
    two.write_text(TWO.replace("hold 9s", "hold"), "utf-8")
    _, err = run("preview", "two", "stay", "--player", "recorder", *VOICE, expect=1)
    assert "two.toml:11" in err


def test_completion_knows_the_steps(two: Path) -> None:
    """For the shell."""
    from voicecoach.cli.options import complete_step

    class Context:
        params = {"name": "two"}  # noqa: RUF012

    assert complete_step(Context(), "") == ["opening", "reach", "stay", "closing"]  # type: ignore[arg-type]
    assert complete_step(Context(), "st") == ["stay"]  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------ written


def test_a_step_is_written_as_a_track(two: Path, tmp_path: Path) -> None:
    """It equals its stretch of the whole track; what has not changed is not made again."""
    run("preview", "two", "reach", "-o", "reach.wav", *VOICE)
    run("export", "two", "-o", "two.wav", *VOICE)
    step, whole = read_wav(tmp_path / "reach.wav"), read_wav(tmp_path / "two.wav")
    _, starts = whole_session(two)
    first = round(starts["Reach up"] * SAMPLE_RATE)
    np.testing.assert_array_equal(step.samples, whole.samples[first : first + len(step.samples)])
    _, err = run("preview", "two", "reach", "-o", "reach.wav", *VOICE)
    assert "up to date" in err
    _, err = run("preview", "two", "stay", "-o", "reach.wav", *VOICE)
    assert "up to date" not in err
    assert read_wav(tmp_path / "reach.wav").length_frames != step.length_frames


def test_a_track_of_a_step_says_of_what_it_is(two: Path, tmp_path: Path) -> None:
    """Its title names routine and step, and its one chapter is the step."""
    from mutagen.id3 import ID3

    run("preview", "two", "stay", "-o", "stay.mp3", *VOICE)
    tags = ID3(tmp_path / "stay.mp3")
    assert tags["TIT2"].text == ["Two: Stay there"]
    chapters = tags.getall("CHAP")
    assert [chapter.sub_frames["TIT2"].text[0] for chapter in chapters] == ["Stay there"]


def test_files_of_others_and_of_its_own_are_left_alone(two: Path, tmp_path: Path) -> None:
    """As with `export`: only --force replaces what voicecoach did not make."""
    other = tmp_path / "mine.mp3"
    other.write_bytes(b"my own song")
    _, err = run("preview", "two", "stay", "-o", str(other), *VOICE, expect=1)
    assert "--force" in err
    assert other.read_bytes() == b"my own song"
    run("preview", "two", "stay", "-o", str(other), "--force", *VOICE)
    assert other.stat().st_size > 1000


# ------------------------------------------------------------------------------------------ watched


class Watching:
    """A command that watches, in a process of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._log = folder / "watching.log"
        self._file = self._log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.support.quick_play", *arguments, "--watch"],
            stdin=subprocess.DEVNULL, stdout=self._file, stderr=subprocess.STDOUT, cwd=folder,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        )  # fmt: skip
        self._read = 0

    def expect(self, *texts: str, seconds: float = 90.0) -> str:
        """Wait until texts have been printed, one after the other, since the last time."""
        until = time.monotonic() + seconds
        begin = self._read
        for text in texts:
            while (at := self._printed().find(text, self._read)) < 0:
                assert self.process.poll() is None, self._printed()
                assert time.monotonic() < until, f"no {text!r} in {self._printed()[self._read :]!r}"
                time.sleep(0.02)
            self._read = at + len(text)
        return self._printed()[begin : self._read]

    def _printed(self) -> str:
        return self._log.read_text("utf-8")

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._file.close()


def by_rename(path: Path, text: str) -> None:
    """Save as most editors do."""
    new = path.with_name(".new")
    new.write_text(text, "utf-8")
    new.replace(path)


@pytest.fixture
def quick() -> tuple[str, ...]:
    """Return the options of a preview that needs no time and no voice."""
    return ("--player", "quick", "--voice", "silent")


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_a_save_plays_the_step_anew(two: Path, tmp_path: Path, quick: tuple[str, ...]) -> None:
    """In place and by rename; mistakes are told and it goes on; Ctrl-C ends it well."""
    with Watching(tmp_path, "preview", "two", "stay", *quick) as watching:
        watching.expect('step 2 "Stay there"', "Keep still.", "Watching")
        by_rename(two, TWO.replace("Keep still.", "Do not move."))
        watching.expect('step 2 "Stay there"', "Do not move.", "Watching")
        two.write_text(TWO.replace("2 x hold 4s", "2 x hold"), "utf-8")
        watching.expect("two.toml:18", "Watching")
        two.write_text(TWO.replace('slug = "stay"', 'slug = "rest"').replace("Stay there", "Wait"), "utf-8")  # fmt: skip
        watching.expect('What was step 2 "Stay there" is step 2 "Wait" now.', "Keep still.", "Watching")  # fmt: skip
        two.write_text(TWO.partition('[[steps]]\nslug = "stay"')[0], "utf-8")
        watching.expect('step 2 "Wait" is gone', "Watching")
        two.write_text(TWO.replace("Stay there", "Wait"), "utf-8")
        watching.expect("Keep still.", "Watching")
        shared = two.parent / "shared" / "mine.toml"
        shared.parent.mkdir()
        shared.write_text('voicecoach_shared = 1\n[blocks.SC-Q]\nsay = ["Mine."]\n', "utf-8")
        watching.expect('step 2 "Wait"', "Watching")
        assert watching.interrupt() == 0
    assert "Traceback" not in (tmp_path / "watching.log").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_without_a_step_the_changed_one_is_played(
    two: Path, tmp_path: Path, quick: tuple[str, ...]
) -> None:
    """Nothing at first; then the step that the change is in, be it the closing."""
    with Watching(tmp_path, "preview", "two", *quick) as watching:
        assert "say   " not in watching.expect("Watching")
        by_rename(two, TWO.replace("Keep still.", "Do not move."))
        assert "Stand tall." not in watching.expect("Do not move.", "Watching")
        by_rename(two, TWO.replace("Keep still.", "Do not move.").replace("Well done.", "Bye."))
        watching.expect("the closing", "say   Bye.", "Watching")
        by_rename(two, "# a comment\n" + two.read_text("utf-8"))
        watching.expect("What is said has not changed.", "Watching")
        assert watching.interrupt() == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_a_change_stops_what_plays_at_once(two: Path, tmp_path: Path) -> None:
    """In the middle of a long hold: the new one begins, the old one is never heard to its end."""
    long = TWO.replace("hold 9s", "hold 600s")
    two.write_text(long, "utf-8")
    real_time = ("--player", "quick", "--device", "4", "--voice", "silent")
    with Watching(tmp_path, "preview", "two", "reach", *real_time) as watching:
        watching.expect("tone  start")
        by_rename(two, long.replace("Stand tall.", "Stand up."))
        heard = watching.expect('step 1 "Reach up"', "Stand up.")
        assert "tone  end" not in heard
        assert watching.interrupt() == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_check_watches_too(two: Path, tmp_path: Path) -> None:
    """Good, a mistake with its line, good again; several files at once; Ctrl-C ends it well."""
    other = two.with_name("other.toml")
    other.write_text(TWO, "utf-8")
    with Watching(tmp_path, "check", "two", "other", "--voice", "silent") as watching:
        watching.expect("two.toml: good", "other.toml: good", "Watching")
        by_rename(other, TWO.replace("hold 9s", "hold"))
        watching.expect("two.toml: good", "other.toml:11", "1 error", "Watching")
        other.write_text(TWO, "utf-8")
        watching.expect("other.toml: good", "Watching")
        assert watching.interrupt() == 0


if sys.platform != "win32":
    from tests.support.terminal import in_pty

    def test_keys_pause_repeat_and_go_on(two: Path, tmp_path: Path) -> None:
        """Space pauses and carries on, Enter plays again, n the next, q ends; the terminal is as it was."""
        two.write_text(TWO.replace("hold 9s", "hold 600s"), "utf-8")
        command = ("tests.support.quick_play", "preview", "two", "reach", "--player", "quick")
        with in_pty(*command, "--device", "4", "--voice", "silent", cwd=tmp_path) as terminal:
            found = terminal.settings()
            terminal.wait_for("tone  start", 60)
            terminal.type(" ")
            terminal.wait_for("Paused.")
            terminal.type(" ")
            terminal.wait_for("Carrying on.")
            terminal.type("\r")
            until = time.monotonic() + 60
            while terminal.printed.count("Stand tall.") < 2:
                assert time.monotonic() < until, terminal.printed
                terminal.read(0.1)
            terminal.type("n")
            terminal.wait_for('step 2 "Stay there"')
            terminal.wait_for("Keep still.")
            terminal.type("q")
            assert terminal.ended() == 0
            assert terminal.settings() == found
