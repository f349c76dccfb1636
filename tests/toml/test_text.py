"""Files from strangers: encodings, sizes, and texts that are no TOML."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from voicecoach.errors import RoutineError
from voicecoach.toml.document import Document
from voicecoach.toml.text import MAX_FILE_BYTES, read_text


def refusal(path: Path) -> str:
    """Return what is said about a file that cannot be used, without its path."""
    with pytest.raises(RoutineError) as caught:
        Document(path, read_text(path))
    (problem,) = caught.value.problems
    assert str(caught.value) == problem.describe(path)
    return problem.describe("").removeprefix(":").strip()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty: write a routine into it"),
        (b" \r\n\t\n", "the file is empty: write a routine into it"),
        ("title = 'x'".encode("utf-16"), "the file is in UTF-16: save it as UTF-8"),
        (
            b"title = 'x'\nsummary = 'gr\xc3\xbc\xdf'\n",
            "2:15: the file is not in UTF-8 (byte 0xDF): save it as UTF-8",
        ),
        (b"\xff\x00", "1:1: the file is not in UTF-8 (byte 0xFF): save it as UTF-8"),
        (
            b"a = 1\0\n",
            '1:6: nothing may follow a value on its line: write \\" for a quote inside a text',
        ),
        (b"# \x07 bell\n", "1:3: this character may not stand here: take it out"),
        (
            b"x = 1\n" + b"#" * MAX_FILE_BYTES,
            "the file is larger than 1 MiB: make it smaller",
        ),
        (
            b"\xef\xbb\xbfx =",
            "1:4: this is not a value: write texts in quotes, numbers plain, or true or false",
        ),
    ],
)
def test_content_that_is_no_toml(content: bytes, message: str, tmp_path: Path) -> None:
    """Each kind of wrong content has its own plain message."""
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    assert refusal(path) == message


def test_places_that_are_no_file(tmp_path: Path) -> None:
    """Missing files, folders, pipes and unreadable files are told apart; none is waited for."""
    assert refusal(tmp_path / "none.toml") == "there is no such file: look at how it is written"
    assert refusal(tmp_path / ("long" * 200))  # in the words of the system, or as missing
    assert refusal(tmp_path) == "this is a folder: name a file in it"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.toml")
        assert refusal(tmp_path / "pipe.toml") == "this is not a plain file: name one that is"


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's reason is given."""
    path = tmp_path / "x.toml"
    path.write_text("x = 1", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # a test that runs as root may read everything
    assert refusal(path) == (
        "the file cannot be read (permission denied): see to that, or name another"
    )


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors begin UTF-8 files with a mark; it is passed over."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbftitle = 'x'\n")
    assert Document(path, read_text(path)).root == {"title": "x"}


@pytest.mark.parametrize(
    "text",
    [
        "[" + "a." * 120_000 + "a]",
        "a." * 100_000 + "a = 1",
        "[" + "a." * 1000 + "a]\n" + "".join(f"b{i} = 1\n" for i in range(20_000)),
        ("a." * 1500 + "a = 1\n") * 80,
        "x = " + "[" * 200_000,
        "x = " + "{a = " * 50_000,
        "x = " + "9" * 200_000,
        "[" + "a." * 99 + "a]\n" + ("b." * 99 + "b = 1\n") * 400,
        "x = [" + "1," * 500_000 + "]",
        "x = [" + "{a=1}," * 150_000 + "]",
        "".join(f"[a{i}]\n" for i in range(90_000)),
        "".join(f"x{i} = {'[' * 300}{']' * 300}\n" for i in range(1500)),
    ],
    ids=[
        *("header", "key", "header-and-keys", "keys", "lists", "tables", "digits"),
        *("dotted-keys-below-a-header", "items", "inline-tables", "headers", "nests"),
    ],
)
def test_files_made_to_hang_are_refused_at_once(text: str, tmp_path: Path) -> None:
    """Depth and length that would keep the reader busy for minutes are refused within a second."""
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    begun = time.process_time()
    assert refusal(path)
    assert time.process_time() - begun < 1


DOTS = "." * 1900
"""More than `tomllib` should be given to join names by."""


@pytest.mark.parametrize(
    "value",
    [
        f'"Wait{DOTS}"',
        f'"a \\" quote{DOTS}"',
        f"'Wait \\{DOTS}'",
        f'"""one\n[two "" \\""" {DOTS}"""""',
        f"'''one\n[two '' {DOTS}'''''",
        f'"short" # {DOTS} "',
    ],
)
def test_full_stops_in_texts_and_comments_join_no_names(value: str, tmp_path: Path) -> None:
    """A text may have as many as it may have characters, however it is quoted."""
    path = tmp_path / "x.toml"
    path.write_text(f"x = {value}\ny = 1\n", "utf-8")
    assert Document(path, read_text(path)).root["y"] == 1


@pytest.mark.parametrize(
    "before", ['t = """two\nlines"""\n', "t = '\"'\n", 't = "#"\n', 't = ""\n']
)
def test_names_joined_by_dots_after_texts_are_found_on_their_line(
    before: str, tmp_path: Path
) -> None:
    """Where a text ends is known, so that nothing hides behind it."""
    path = tmp_path / "x.toml"
    path.write_text(f"{before}{'a.' * 1900}a = 1\n", "utf-8")
    line = before.count("\n") + 1
    assert refusal(path).startswith(f"{line}: too many names are joined by dots here")


@pytest.mark.parametrize("start", ['"', "'", '"""', "'''", ""])
@pytest.mark.parametrize("rest", ['\\"', "'\\", '""\\', '".', "'\n"])
def test_a_text_that_is_not_closed_is_looked_through_once(
    start: str, rest: str, tmp_path: Path
) -> None:
    """However many quotes come after it."""
    path = tmp_path / "x.toml"
    path.write_text(f"x = 1 # {DOTS}\ny = {start}" + rest * 300_000, "utf-8")
    began = time.process_time()
    refusal(path)
    assert time.process_time() - began < 1.0
