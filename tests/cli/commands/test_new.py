"""`voicecoach new`: asked or told, one file more, and never one less."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import run
from tests.support.checkout import CHECKOUT
from voicecoach.authoring.new_routine import SCHEMA_LINE, template_languages
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine


pytestmark = pytest.mark.usefixtures("folder")


def made(path: str = "scripts/bed-routine.toml") -> Routine:
    """Return the routine in a file."""
    return load_routine(Path(path), Library())


def files(folder: Path) -> list[str]:
    """Return all that lies in a folder and below it, but for schemas."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if not path.name.endswith(".schema.json")
    )


def test_a_name_is_all_that_is_needed(folder: Path) -> None:
    """The file is in scripts/, with the name as its title, and the next three commands are named."""
    out, err = run("new", "Bed routine")
    assert files(folder) == ["scripts", "scripts/bed-routine.toml"]
    assert out == "scripts/bed-routine.toml  3 steps, about 6 minutes\n"
    assert made().title == "Bed routine"
    commands = [line.strip() for line in err.splitlines() if line.startswith("  voicecoach ")]
    assert [command.split()[1] for command in commands] == ["check", "preview", "export"]
    for command in commands:
        silent = ["-o", "step.wav"] if " preview " in command else []
        run(*command.split()[1:], *silent, "--voice", "silent")
    assert Path("audio/bed-routine.mp3").exists()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("minutes", "things"), [("0", "a mat, a chair"), ("12", "none")])
@pytest.mark.parametrize(
    ("for_whom", "language"),
    [(audience, tag) for audience in Audience for tag in template_languages(audience)],
)
def test_each_template_passes_the_check(
    for_whom: Audience, language: str, minutes: str, things: str
) -> None:
    """With nothing to be said about it but that it is good."""
    run("new", "x", "--for", for_whom, "--language", language, "--minutes", minutes, "--equipment", things)  # fmt: skip
    out, err = run("check", "x", "--voice", "silent")
    (line,) = out.splitlines()
    assert line.startswith("scripts/x.toml: good: ") or "x.toml: good: " in line
    assert err == ""
    assert run("format", "x", "--diff") == ("", "Nothing to do.\n")


@pytest.mark.parametrize("for_whom", list(Audience))
def test_each_template_is_exported(for_whom: Audience, folder: Path) -> None:
    """As it was written."""
    run("new", "x", "--for", for_whom)
    run("export", "x", "--voice", "silent")
    assert (folder / "audio" / "x.mp3").stat().st_size > 500_000


def test_options_answer_the_questions() -> None:
    """Each has its place in the file."""
    run("new", "zoo", "--for", "child", "--title", "At the zoo", "--minutes", "9", "--equipment", "a mat")  # fmt: skip
    routine = made("scripts/zoo.toml")
    assert routine.title == "At the zoo"
    assert routine.audience is Audience.CHILD
    assert routine.adult_nearby
    assert [thing.spoken for thing in routine.equipment] == ["a mat"]
    assert Path("scripts/zoo.toml").read_text("utf-8").splitlines()[0] == SCHEMA_LINE


def test_it_may_begin_with_a_copy() -> None:
    """All is as in the other routine, but for the title; what would change it is refused."""
    run("new", "mine", "--from", "relaxation", "--title", "My relaxation")
    routine = made("scripts/mine.toml")
    original = load_routine(Library().find_routine("relaxation"), Library())
    assert (routine.title, routine.steps) == ("My relaxation", original.steps)
    _, err = run("new", "other", "--from", "relaxation", "--for", "child", expect=2)
    assert "a copy is as the other routine" in err
    _, err = run("new", "other", "--from", "relaxatoin", expect=1)
    assert 'did you mean "relaxation"?' in err
    assert not Path("scripts/other.toml").exists()


def test_a_path_is_taken_as_it_is(folder: Path) -> None:
    """Its folder has to be there, and the commands that follow name the path."""
    _, err = run("new", "for/Anna.toml", expect=1)
    assert "mkdir for" in err
    (folder / "for").mkdir()
    _, err = run("new", "for/Anna.toml")
    assert made("for/Anna.toml").title == "Anna"
    assert "voicecoach export for/Anna.toml" in err
    run("new", "for/Second one")
    assert made("for/second-one.toml").title == "Second one"


def test_no_file_is_ever_replaced(folder: Path) -> None:
    """Not a routine, not a link, and nothing is asked before."""
    (folder / "scripts").mkdir()
    path = folder / "scripts" / "mine.toml"
    path.write_text("my own words", "utf-8")
    _, err = run("new", "Mine", expect=1)
    assert "is there already and stays as it is; choose another name" in " ".join(err.split())
    assert path.read_text("utf-8") == "my own words"
    (folder / "scripts" / "link.toml").symlink_to("nowhere.toml")
    run("new", "link", expect=1)
    assert files(folder) == ["scripts", "scripts/link.toml", "scripts/mine.toml"]


def test_a_file_that_comes_meanwhile_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens between the first look and the writing."""
    from voicecoach.cli.commands import new as new_command

    (folder / "scripts").mkdir()
    path = folder / "scripts" / "mine.toml"

    def late(_path: Path) -> None:
        path.write_text("my own words", "utf-8")

    monkeypatch.setattr(new_command, "_refuse_place", late)
    _, err = run("new", "mine", expect=1)
    assert "could not be written" in err
    assert path.read_text("utf-8") == "my own words"
    assert files(folder) == ["scripts", "scripts/mine.toml"]


def test_a_name_that_hides_another_routine_is_told() -> None:
    """It is allowed: that is how one changes a bundled routine for oneself."""
    _, err = run("new", "main", "--from", "main")
    assert 'takes the place of the routine "main"' in err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("!?",), 2, "a letter or a digit"),
        (("lexicon",), 2, "choose another name"),
        (("x", "--title", ""), 1, "title"),
        (("x", "--title", "a\x1b[2J"), 1, "title"),
        (("x", "--language", "tlh"), 1, "there are: en"),
        (("x", "--for", "child", "--equipment", "dumbbells"), 1, "children lift no weights"),
        (("x", "--minutes", "-3"), 2, "--minutes"),
    ],
)
def test_what_cannot_be_leaves_nothing_behind(
    folder: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    """With what is wrong, and no escape for the terminal."""
    _, err = run("new", *arguments, expect=status)
    assert message in " ".join(err.split())
    assert "\x1b" not in err
    assert files(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits and modes of POSIX")
def test_a_full_disk_leaves_nothing_behind(folder: Path) -> None:
    """No half of a file, and not the folder that was made for it."""
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); "
        "from voicecoach.cli import main; sys.argv = ['voicecoach', 'new', 'x']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_folder_that_is_shut_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is asked."""
    (folder / "shut").mkdir()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # as it is for anybody but root
    _, err = run("new", "shut/x.toml", expect=1)
    assert "choose another place" in err


if sys.platform != "win32":
    from tests.support.terminal import in_pty

    def test_a_person_is_asked(folder: Path) -> None:
        """Enter takes what stands in brackets; what cannot be is asked again."""
        with in_pty("voicecoach", "new", "Lion games", cwd=folder, NO_COLOR="1") as terminal:
            terminal.wait_for("Title? [Lion games]", 60)
            terminal.type("Lions!\n")
            terminal.wait_for("For whom, adult or child? [adult]")
            terminal.type("dog\n")
            terminal.wait_for("Please type adult or child.")
            terminal.type("Child\n")
            terminal.wait_for("About how many minutes? [6]")
            terminal.type("soon\n")
            terminal.wait_for("Please type a number of minutes")
            terminal.type("\n")
            if len(template_languages(Audience.CHILD)) > 1:
                terminal.wait_for("[en]")
                terminal.type("\n")
            terminal.wait_for("a chair? [none]")
            terminal.type("a soft mat\n")
            assert terminal.ended(60) == 0
            assert "voicecoach preview scripts/lion-games.toml" in terminal.printed
        routine = made("scripts/lion-games.toml")
        assert (routine.title, routine.audience) == ("Lions!", Audience.CHILD)
        assert [thing.spoken for thing in routine.equipment] == ["a soft mat"]

    @pytest.mark.sampled(1)
    @pytest.mark.parametrize(("key", "status"), [("\x03", 130), ("\x04", 1)])
    def test_ctrl_c_at_a_question_leaves_nothing(folder: Path, key: str, status: int) -> None:
        """And so does the end of the input."""
        with in_pty("voicecoach", "new", "x", cwd=folder) as terminal:
            terminal.wait_for("Title? [X]", 60)
            terminal.type("\n")
            terminal.wait_for("For whom")
            terminal.type(key)
            assert terminal.ended(60) == status
            assert "Traceback" not in terminal.printed
        assert files(folder) == []
