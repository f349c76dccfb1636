"""`voicecoach show --sheet`: a page to print, complete or absent, and never over somebody's file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.conftest import run
from voicecoach.drawing.sheet import ENDINGS, is_our_sheet

pytestmark = pytest.mark.usefixtures("folder")


def test_pdf_and_html_are_written_and_named(folder: Path) -> None:
    """The ending is the format, in capitals too; stdout stays empty."""
    for name, start in (("a.pdf", b"%PDF-"), ("b.html", b"<!DOCTYPE html>"), ("C.PDF", b"%PDF-")):
        out, err = run("show", "main", "--sheet", name)
        assert (out, err) == ("", f"{name}  1 page\n")
        assert (folder / name).read_bytes().startswith(start)
    assert {path.name for path in folder.iterdir()} == {"a.pdf", "b.html", "C.PDF"}


def test_no_voice_is_loaded() -> None:
    """A sheet needs the table of lengths alone."""
    code = (
        "import sys; sys.argv = ['voicecoach', 'show', 'main', '--sheet', 'a.pdf']\n"
        "from voicecoach.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'onnxruntime', 'hibari', 'pydub', 'miniaudio', 'lameenc', 'mutagen', 'pyttsx3'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["a.pdf  1 page", "[]"]


def test_json_tells_what_was_written() -> None:
    """One document on stdout for programs."""
    out, err = run("show", "main", "--sheet", "a.html", "--json")
    assert json.loads(out) == {"routine": "main", "path": "a.html", "pages": 1, "not_shown": ""}
    assert err == ""


def test_some_steps_alone() -> None:
    """`--only` and `--from` choose what is printed."""
    run("show", "main", "--sheet", "a.pdf", "--only", "1")
    text = PdfReader("a.pdf").pages[0].extract_text()
    assert "about 11 min" not in text
    run("show", "main", "--sheet", "all.pdf")
    assert len(text) < len(PdfReader("all.pdf").pages[0].extract_text()) - 300


@pytest.mark.parametrize("ending", ENDINGS)
def test_our_sheet_is_replaced_and_no_other_file(folder: Path, ending: str) -> None:
    """Without --force only what carries our mark gives way; with it, anything that is a file."""
    target = folder / f"plan{ending}"
    run("show", "main", "--sheet", target.name)
    assert is_our_sheet(target)
    ours = target.read_bytes()
    run("show", "desk-break", "--sheet", target.name)
    assert target.read_bytes() != ours
    theirs = b"%PDF-1.4 voicecoach 0.1.0 <p>voicecoach</p>"
    target.write_bytes(theirs)
    _, err = run("show", "main", "--sheet", target.name, expect=1)
    assert "was not made by voicecoach" in err
    assert "--force" in err
    assert target.read_bytes() == theirs
    run("show", "main", "--sheet", target.name, "--force")
    assert target.read_bytes() == ours


def test_a_sheet_of_the_other_kind_is_not_ours(folder: Path) -> None:
    """The mark counts where the ending says it stands."""
    run("show", "main", "--sheet", "a.html")
    (folder / "a.html").rename(folder / "a.pdf")
    assert not is_our_sheet(folder / "a.pdf")
    assert not is_our_sheet(folder / "nothing.pdf")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("a.txt", "a sheet ends in .pdf or .html"),
        ("pdf", "a sheet ends in .pdf or .html"),
        ("nowhere/a.pdf", "there is no folder nowhere; make it first"),
        ("folder.pdf", "is a folder; choose another name"),
        ("x" * 300 + ".pdf", "could not be written"),
        ("loop.pdf", "could not be written"),
    ],
)
def test_what_cannot_be_written_is_said(folder: Path, target: str, message: str) -> None:
    """A clear error with status 1, and nothing is left behind."""
    (folder / "folder.pdf").mkdir()
    (folder / "loop.pdf").symlink_to("loop.pdf")
    before = set(folder.rglob("*"))
    _, err = run("show", "main", "--sheet", target, expect=1)
    assert message in err
    assert set(folder.rglob("*")) == before


def test_full_disk_leaves_the_old_sheet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that cannot be completed is not there at all."""
    run("show", "main", "--sheet", "a.pdf")
    old = (folder / "a.pdf").read_bytes()

    def full(self: Path, document: bytes) -> int:
        with self.open("wb") as file:
            file.write(document[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    _, err = run("show", "desk-break", "--sheet", "a.pdf", expect=1)
    assert "could not be written (No space left on device)" in err
    monkeypatch.undo()
    assert (folder / "a.pdf").read_bytes() == old
    assert [path.name for path in folder.iterdir()] == ["a.pdf"]


def test_link_leads_to_its_file(folder: Path) -> None:
    """The file behind a link is replaced, the link stays."""
    (folder / "real").mkdir()
    (folder / "link.pdf").symlink_to(folder / "real" / "a.pdf")
    run("show", "main", "--sheet", "link.pdf")
    assert (folder / "link.pdf").is_symlink()
    assert (folder / "real" / "a.pdf").read_bytes().startswith(b"%PDF")


def test_routine_is_never_replaced_by_its_sheet(folder: Path) -> None:
    """Not even with --force, however the routine's file is called."""
    routine = folder / "odd.html"
    routine.write_text(
        'voicecoach = 1\ntitle = "Odd"\naudience = "adult"\n[[steps]]\nslug = "a"\nname = "A"\n'
        'say = "Reach."\ndose = "hold 2s"\n',
        "utf-8",
    )
    before = routine.read_bytes()
    _, err = run("show", "./odd.html", "--sheet", "odd.html", "--force", expect=1)
    assert "the sheet is made from this file" in err
    assert routine.read_bytes() == before


def test_long_routine_says_that_it_needs_more_pages(folder: Path) -> None:
    """Two pages that can be read rather than one that cannot, and a word about it."""
    steps = "".join(
        f'[[steps]]\nslug = "s{number}"\nname = "Step {number}"\nsay = "{"Reach up. " * 20}"\n'
        'dose = "hold 2s"\nsetup = 40\n'
        for number in range(20)
    )
    (folder / "scripts").mkdir()
    (folder / "scripts" / "long.toml").write_text(
        f'voicecoach = 1\ntitle = "Long"\naudience = "child"\n{steps}', "utf-8"
    )
    _, err = run("show", "long", "--sheet", "long.pdf")
    assert "long.pdf  2 pages" in err
    assert "one page would be too small to read" in err
    assert len(PdfReader("long.pdf").pages) == 2


def test_characters_that_cannot_be_shown_are_named(folder: Path) -> None:
    """PDF tells what is missing, and what to do; HTML shows all."""
    (folder / "abs.toml").write_text(
        'voicecoach = 1\ntitle = "腹筋 Ελληνικά"\naudience = "adult"\n[[steps]]\nslug = "a"\n'
        'name = "A ⅓ →"\nsay = "Reach."\ndose = "hold 2s"\n',
        "utf-8",
    )
    _, err = run("show", "./abs.toml", "--sheet", "abs.pdf")
    assert err.splitlines() == [
        "abs.pdf  1 page",
        "abs.pdf: lacks 腹 筋 Ε λ η ν ι κ ά, which PDF cannot show; abs.html would have all",
    ]
    out, _ = run("show", "./abs.toml", "--sheet", "abs.pdf", "--json")
    assert json.loads(out)["not_shown"] == "腹筋Εληνικά"
    _, err = run("show", "./abs.toml", "--sheet", "abs.html")
    assert err == "abs.html  1 page\n"


def test_force_wants_a_sheet() -> None:
    """Wrong usage is said."""
    _, err = run("show", "main", "--voice", "silent", "--force", expect=2)
    assert "without --sheet" in err
