"""`voicecoach show --timeline`: the session as a picture, complete or absent, never over somebody's file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import run
from voicecoach.drawing.chart import is_our_picture

SILENT = ("--voice", "silent")

pytestmark = pytest.mark.usefixtures("folder")


def test_svg_is_written_and_named(folder: Path) -> None:
    """Its ending may be in capitals; stdout stays empty."""
    for name in ("a.svg", "C.SVG"):
        out, err = run("show", "desk-break", "--timeline", name, *SILENT)
        assert out == ""
        first, voice = err.splitlines()
        assert first.startswith(f"{name}  1600 x ")
        assert voice.startswith("silence nominal")
        assert (folder / name).read_bytes().startswith(b"<?xml ")
    assert {path.name for path in folder.iterdir()} == {"a.svg", "C.SVG"}


def test_picture_has_the_times_of_the_cue_sheet(folder: Path) -> None:
    """What is pointed at has the time that `show` prints, under any wishes."""
    wishes = ("--level", "easy", "--talk", "brief", "--only", "2,3", *SILENT)
    run("show", "main", "--timeline", "a.svg", *wishes)
    sheet, _ = run("show", "main", *wishes)
    picture = (folder / "a.svg").read_text("utf-8")
    said = [line.split("say") for line in sheet.splitlines() if "  say   " in line]
    assert len(said) > 10
    for time, words in said:
        assert f"<title>{time.strip()} {words.strip()}</title>".replace("'", "&#x27;") in picture


def test_json_tells_what_was_written(folder: Path) -> None:
    """One document on stdout for programs, with path and size."""
    out, _ = run("show", "main", "--timeline", "a.svg", "--json", *SILENT)
    written = json.loads(out)
    assert written["size_bytes"] == (folder / "a.svg").stat().st_size
    assert written["height"] > 1000
    assert {key: written[key] for key in ("routine", "path", "width")} == {
        "routine": "main",
        "path": "a.svg",
        "width": 1600,
    }


def test_changes_for_wishes_are_told() -> None:
    """As with the cue sheet."""
    _, err = run("show", "main", "--timeline", "a.svg", "--level", "easy", *SILENT)
    assert "Main set (standing, dumbbells), as you wish:" in err


def test_our_picture_is_replaced_and_no_other_file(folder: Path) -> None:
    """Without --force only what carries our mark gives way; with it, anything that is a file."""
    target = folder / "plan.svg"
    run("show", "main", "--timeline", target.name, *SILENT)
    assert is_our_picture(target)
    ours = target.read_bytes()
    run("show", "desk-break", "--timeline", target.name, *SILENT)
    assert target.read_bytes() != ours
    theirs = b"<?xml?><svg>voicecoach 0.1.0</svg>"
    target.write_bytes(theirs)
    _, err = run("show", "main", "--timeline", target.name, *SILENT, expect=1)
    assert "was not made by voicecoach" in err
    assert "--force" in err
    assert target.read_bytes() == theirs
    run("show", "main", "--timeline", target.name, "--force", *SILENT)
    assert target.read_bytes() == ours


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("a.png", "a.png: the picture is an SVG file; end its name in .svg"),
        ("svg", "svg: the picture is an SVG file; end its name in .svg"),
        ("nowhere/a.svg", "there is no folder nowhere; make it first"),
        ("folder.svg", "is a folder; choose another name"),
        ("x" * 300 + ".svg", "could not be written"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_spoken(
    folder: Path, target: str, message: str
) -> None:
    """A clear error with status 1, before the voice is even looked for; nothing is left behind."""
    (folder / "folder.svg").mkdir()
    before = set(folder.rglob("*"))
    voice = ("--voice", "there-is-no-such-engine")
    _, err = run("show", "main", "--timeline", target, *voice, expect=1)
    assert message in err
    assert set(folder.rglob("*")) == before


def test_full_disk_leaves_the_old_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that cannot be completed is not there at all."""
    run("show", "main", "--timeline", "a.svg", *SILENT)
    old = (folder / "a.svg").read_bytes()

    def full(self: Path, document: bytes) -> int:
        with self.open("wb") as file:
            file.write(document[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    _, err = run("show", "desk-break", "--timeline", "a.svg", *SILENT, expect=1)
    assert "could not be written (No space left on device)" in err
    monkeypatch.undo()
    assert (folder / "a.svg").read_bytes() == old
    assert [path.name for path in folder.iterdir()] == ["a.svg"]


def test_routine_is_never_replaced_by_its_picture(folder: Path) -> None:
    """Not even with --force, however the routine's file is called."""
    routine = folder / "odd.svg"
    routine.write_text(
        'voicecoach = 1\ntitle = "A"\naudience = "adult"\n[[steps]]\nslug = "a"\nname = "A"\n'
        'say = "Reach."\ndose = "hold 2s"\n',
        "utf-8",
    )
    before = routine.read_bytes()
    _, err = run("show", "./odd.svg", "--timeline", "odd.svg", "--force", *SILENT, expect=1)
    assert "the picture is made from this file" in err
    assert routine.read_bytes() == before


def test_sheet_or_timeline() -> None:
    """Not both at once; --force goes with either."""
    _, err = run("show", "main", "--timeline", "a.svg", "--sheet", "a.pdf", expect=2)
    assert "--timeline" in err
    assert "one or the other" in err
    assert not list(Path.cwd().iterdir())
    _, err = run("show", "main", *SILENT, "--force", expect=2)
    assert "without --sheet or --timeline" in " ".join(err.replace("│", " ").split())


def test_nothing_that_sounds_is_loaded() -> None:
    """Drawing with nominal lengths needs no voice and no audio library."""
    code = (
        "import sys; sys.argv = ['voicecoach', 'show', 'main', '--timeline', 'a.svg', '--voice', 'silent']\n"
        "from voicecoach.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'onnxruntime', 'hibari', 'miniaudio', 'lameenc', 'mutagen', 'pyttsx3', 'PIL'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
