"""Files that are replaced whole: a kind of file with a mark of its own, as any writer would make one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.tracks import left_in
from voicecoach.errors import ExportError
from voicecoach.files.replacing import FileKind, remove_leftovers, workshop

CARDS = FileKind("the card", lambda path: path.read_bytes().startswith(b"CARD"))


def test_a_file_is_written_and_ours_is_replaced(tmp_path: Path) -> None:
    """What is there already is left alone; a new one takes the place of the old at once."""
    card = tmp_path / "a.card"
    assert CARDS.write(card, b"CARD one", force=False)
    written = card.stat().st_mtime_ns, card.stat().st_ino
    assert not CARDS.write(card, b"CARD one", force=False)
    assert (card.stat().st_mtime_ns, card.stat().st_ino) == written
    (tmp_path / "kept").hardlink_to(card)
    assert CARDS.write(card, b"CARD two", force=False)
    assert card.read_bytes() == b"CARD two"
    assert (tmp_path / "kept").read_bytes() == b"CARD one"  # it was moved there, not written there
    assert left_in(tmp_path) == ["a.card", "kept"]


def test_a_file_of_others_needs_force(tmp_path: Path) -> None:
    """Both where it is only asked about and where it is written."""
    card = tmp_path / "a.card"
    card.write_bytes(b"a letter")
    for ask in (
        lambda: CARDS.target(card, force=False),
        lambda: CARDS.write(card, b"CARD one", force=False),
    ):
        with pytest.raises(ExportError, match=r"a\.card: is there already and was not made by"):
            ask()
    assert card.read_bytes() == b"a letter"
    assert CARDS.target(card, force=True) == card
    assert CARDS.write(card, b"CARD one", force=True)
    assert card.read_bytes() == b"CARD one"


def test_what_it_is_made_from_is_never_replaced(tmp_path: Path) -> None:
    """Not with force, and not through another name."""
    source = tmp_path / "a.card"
    source.write_bytes(b"CARD one")
    (tmp_path / "b.card").hardlink_to(source)
    with pytest.raises(ExportError, match=r"b\.card: the card is made from this file; choose"):
        CARDS.write(
            tmp_path / "b.card", b"CARD two", force=True, inputs=[tmp_path / "absent", source]
        )
    assert source.read_bytes() == b"CARD one"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_the_file_behind_a_link_is_replaced(tmp_path: Path) -> None:
    """The link stays; messages name what was asked for."""
    (tmp_path / "there").mkdir()
    link = tmp_path / "a.card"
    link.symlink_to(tmp_path / "there" / "b.card")
    assert CARDS.target(link, force=False) == tmp_path / "there" / "b.card"
    CARDS.write(link, b"CARD one", force=False)
    assert link.is_symlink()
    assert left_in(tmp_path / "there") == ["b.card"]
    (tmp_path / "there" / "b.card").write_bytes(b"a letter")
    with pytest.raises(ExportError, match=r"a\.card: is there already"):
        CARDS.target(link, force=False)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("folder", "is a folder; choose another name"),
        ("pipe", "is not a regular file; choose another name"),
        ("missing/a.card", r"there is no folder .*missing; make it first \(mkdir .*missing\), or"),
        ("file/a.card", "there is no folder .*file; make it first"),
        ("x" * 300, r"could not be written \(File name too long\); choose another name or place"),
        ("loop", "could not be written .*; choose another name or place"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="no pipes as files, and links need rights")
def test_a_place_that_cannot_be_is_refused(name: str, message: str, tmp_path: Path) -> None:
    """With a clear word each, before anything is written."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    before = left_in(tmp_path)
    for force in (False, True):
        with pytest.raises(ExportError, match=message):
            CARDS.write(tmp_path / name, b"CARD one", force=force)
    assert left_in(tmp_path) == before


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Whether it is ours cannot be seen, so it stays."""

    def shut(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.card").write_bytes(b"CARD one")
    with pytest.raises(ExportError, match=r"a\.card: could not be written \(Permission denied\)"):
        FileKind("the card", shut).target(tmp_path / "a.card", force=False)


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file never takes the place of a whole one."""
    card = tmp_path / "a.card"
    CARDS.write(card, b"CARD one", force=False)

    def full(self: Path, content: bytes) -> Any:
        with self.open("wb") as file:
            file.write(content[:4])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ExportError, match=r"could not be written \(No space left on device\)"):
        CARDS.write(card, b"CARD two", force=False)
    monkeypatch.undo()
    assert card.read_bytes() == b"CARD one"
    assert left_in(tmp_path) == ["a.card"]


def test_a_place_that_is_swept_while_it_is_made_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between making the folder and locking it another run may take it for dead."""
    swept = []
    make = Path.mkdir

    def make_and_sweep(path: Path, *args: int) -> None:
        make(path, *args)
        if not swept:
            swept.append(path)
            remove_leftovers(tmp_path)

    monkeypatch.setattr(Path, "mkdir", make_and_sweep)
    with workshop(tmp_path) as place:
        assert swept
        assert not swept[0].exists()
        assert place.is_dir()
    assert left_in(tmp_path) == []
