"""A file is the old one or the new one; what is beside it, and when, is told in test_place."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import pytest

from voicecoach.files.atomic import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


def test_the_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """Nothing else is left in the folder; the file that was prepared is the one that stays."""
    path = tmp_path / "kept"
    path.write_bytes(b"old and long")
    prepared: list[int] = []

    def prepare(stream: BinaryIO) -> None:
        prepared.append(stream.fileno())
        assert path.read_bytes() == b"old and long"
        assert len(list(tmp_path.iterdir())) == 2

    with write_atomically(path, b"new", prepare=prepare) as stream:
        assert stream.closed or [stream.fileno()] == prepared
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("failure", [OSError("no"), KeyboardInterrupt()])
def test_whatever_goes_wrong_leaves_the_old_file_alone(
    failure: BaseException, tmp_path: Path
) -> None:
    """Be it a disk or a person that stops it."""
    path = tmp_path / "kept"
    path.write_bytes(b"old")

    def fail(_: BinaryIO) -> None:
        raise failure

    with pytest.raises(type(failure)):
        write_atomically(path, b"new", prepare=fail)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Whoever wants one makes it first."""
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "none" / "kept", b"new", prepare=print)
