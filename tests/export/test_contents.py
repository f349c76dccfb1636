"""Chapters, words, cover and fields of a track in every format, read by other programs."""

from __future__ import annotations

import json
import struct
import subprocess
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
import pytest
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3

from tests.support.needs import requires_program
from tests.support.tracks import SCRIPT, SOUND_FILES, SomeSession, decode_with_ffmpeg, left_in
from voicecoach.errors import ExportError
from voicecoach.export import FORMATS, TrackTags, made_from
from voicecoach.script.captions import Caption
from voicecoach.script.model import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.sound.mixdown import Block

FFMPEG = requires_program("ffmpeg", "ffprobe")
WITH_CHAPTERS = [name for name in SOUND_FILES if FORMATS[name].chapters]
every_format_with_chapters = pytest.mark.parametrize("name", WITH_CHAPTERS)
WITHIN_SECONDS = 0.03


def some_png() -> bytes:
    """Return a small picture, red all over."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    rows = zlib.compress((b"\0" + b"\xff\0\0" * 8) * 8)
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


CHAPTERS = (
    Chapter("Opening", 0.0, 1.2345),
    Chapter("Rücken; stark = #1 \\ 背", 1.2345, 4.0),
    Chapter("Hüfte\nund Knie", 4.0, 9.5),
    Chapter("Closing", 9.5, 11.0),
)
TITLES = ["Opening", "Rücken; stark = #1 \\ 背", "Hüfte und Knie", "Closing"]
CAPTIONS = (
    Caption(0.0515, 0.9, "Welcome."),
    Caption(0.9, 1.2, "Stand tall."),
    Caption(4.2, 5.0, "Hold – und atme."),
)
FULL = TrackTags(
    "Rücken", "A. Coach", "Back", "If anything hurts, stop.", genre="Fitness", language="de-AT",
    date="2026-11-25", number=2, album_tracks=5, chapters=CHAPTERS, captions=CAPTIONS,
    cover=some_png(), made_from="abc123", script=SCRIPT,
)  # fmt: skip


def exported(name: str, folder: Path, tags: TrackTags = FULL) -> Path:
    """Return a track in a format."""
    return SomeSession().export(folder / f"track.{name}", tags=tags)


def probed(path: Path) -> dict[str, Any]:
    """Return what ffprobe says about a file."""
    command = ["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams",
               "-of", "json", path]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, timeout=30)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@FFMPEG
@every_format_with_chapters
def test_chapters_are_flat_and_seamless(name: str, tmp_path: Path) -> None:
    """Titles, order and times of every chapter, as ffmpeg reads them."""
    chapters = probed(exported(name, tmp_path))["chapters"]
    assert [chapter["tags"]["title"] for chapter in chapters] == TITLES
    for found, chapter in zip(chapters, CHAPTERS, strict=True):
        assert float(found["start_time"]) == pytest.approx(
            chapter.start_seconds, abs=WITHIN_SECONDS
        )
        if name in ("mp3", "m4a", "m4b"):  # the comments of the others know no end
            assert float(found["end_time"]) == pytest.approx(
                chapter.end_seconds, abs=WITHIN_SECONDS
            )
    assert "\n" not in chapters[2]["tags"]["title"]


@FFMPEG
@every_format_with_chapters
def test_a_track_without_chapters_words_and_cover_has_none(name: str, tmp_path: Path) -> None:
    """What is empty is left out, and the audio is the only stream."""
    found = probed(exported(name, tmp_path, TrackTags("Plain")))
    assert found["chapters"] == []
    assert [stream["codec_type"] for stream in found["streams"]] == ["audio"]


@FFMPEG
@every_format_with_chapters
def test_the_cover_is_there(name: str, tmp_path: Path) -> None:
    """Another program finds the picture, byte for byte."""
    path = exported(name, tmp_path)
    picture = tmp_path / "cover.png"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-f", "image2", "-update", "1", picture],
        check=True, timeout=30,
    )  # fmt: skip
    assert picture.read_bytes() == FULL.cover


@pytest.mark.sampled(4)
@FFMPEG
@pytest.mark.parametrize("chapters", [CHAPTERS, ()], ids=["chapters", "no chapters"])
@pytest.mark.parametrize("name", SOUND_FILES)
def test_every_field_is_read_by_ffmpeg(
    name: str, chapters: tuple[Chapter, ...], tmp_path: Path
) -> None:
    """Album, genre, date, language and number, under the names that ffmpeg gives them."""
    found = probed(exported(name, tmp_path, replace(FULL, chapters=chapters)))
    tags = dict(found["format"].get("tags", {}))
    for stream in found["streams"]:
        if stream["codec_type"] == "audio":
            tags |= stream.get("tags", {})
    tags = {key.lower(): text for key, text in tags.items()}
    assert (tags["title"], tags["artist"], tags["album"]) == ("Rücken", "A. Coach", "Back")
    assert tags["comment"] == "If anything hurts, stop."
    assert tags["genre"] == "Fitness"
    assert tags["date"].startswith("2026")
    assert tags["language"] == "deu"
    assert tags["track"].split("/")[0] == "2"


@FFMPEG
@pytest.mark.parametrize("name", ["m4a", "m4b", "opus", "ogg", "flac"])
def test_the_words_are_inside_with_their_times(name: str, tmp_path: Path) -> None:
    """Formats without timed words hold them as lines of LRC."""
    file = mutagen.File(exported(name, tmp_path))
    words = file["©lyr" if name in ("m4a", "m4b") else "lyrics"][0]
    assert words.splitlines() == [
        "[00:00.05]Welcome.", "[00:00.90]Stand tall.", "[00:01.20]", "[00:04.20]Hold – und atme.",
        "[00:05.00]",
    ]  # fmt: skip


def test_an_mp3_has_timed_words_and_a_text() -> None:
    """SYLT in milliseconds, each line begun by its break, empty where nothing is said; and USLT."""
    found = id3_of(FULL)
    (timed,) = found.getall("SYLT")
    assert (timed.format, timed.type, timed.lang) == (2, 1, "deu")
    assert timed.text == [
        ("Welcome.", 52), ("\nStand tall.", 900), ("\n", 1200), ("\nHold – und atme.", 4200),
        ("\n", 5000),
    ]  # fmt: skip
    (text,) = found.getall("USLT")
    assert text.text == "Welcome.\nStand tall.\nHold – und atme."
    assert (found["TYER"].text, found["TDAT"].text) == (["2026"], ["2511"])
    assert found["TRCK"].text == ["2/5"]


def id3_of(tags: TrackTags) -> ID3:
    """Return the tags of an MP3 as mutagen reads them, version 2.3 as it stands."""
    import io

    from voicecoach.export.tags.id3 import id3_bytes

    return ID3(io.BytesIO(id3_bytes(tags) + bytes(2000)), translate=False)


@dataclass(frozen=True)
class Frame:
    """A frame of ID3 2.3 as it lies in the file."""

    name: str
    body: bytes


def frames_in(content: bytes) -> Iterator[Frame]:
    """Yield the frames of some bytes, in their order: read from the standard, without a library."""
    position = 0
    while position + 10 <= len(content):
        name, size, _flags = struct.unpack_from(">4sIH", content, position)
        yield Frame(name.decode("ascii"), content[position + 10 : position + 10 + size])
        position += 10 + size
    assert position == len(content), "a frame is cut off, or there is padding"


def test_the_chapters_of_an_mp3_are_what_a_phone_app_reads(tmp_path: Path) -> None:
    """One ordered table of contents at the top, before its chapters, which lie in its order."""
    content = exported("mp3", tmp_path).read_bytes()
    assert content[:6] == b"ID3\x03\x00\x00"
    size = sum(byte << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
    frames = list(frames_in(content[10 : 10 + size]))
    assert content[10 + size :][:2] == b"\xff\xf3"
    names = [frame.name for frame in frames]
    assert names.count("CTOC") == 1
    assert names.index("CTOC") < names.index("CHAP")
    toc = frames[names.index("CTOC")].body
    element, _, rest = toc.partition(b"\0")
    assert element == b"toc"
    assert rest[0] == 0b11  # at the top, and ordered
    count, children = rest[1], rest[2:].split(b"\0")
    assert count == len(CHAPTERS)
    chapters = [frame.body.partition(b"\0") for frame in frames if frame.name == "CHAP"]
    assert [child for child in children if child] == [name for name, _, _ in chapters]
    ends = [0]
    for (_, _, body), chapter, title in zip(chapters, CHAPTERS, TITLES, strict=True):
        start, end, first_byte, last_byte = struct.unpack_from(">IIII", body)
        assert start == ends[-1]
        assert start == round(chapter.start_seconds * 1000)
        assert first_byte == last_byte == 0xFFFF_FFFF
        (named,) = frames_in(body[16:])
        assert named.name == "TIT2"
        assert named.body[0] == 1
        assert named.body[1:].decode("utf-16").rstrip("\0") == title
        ends.append(end)
    assert ends[-1] == 11_000


def test_more_than_255_chapters_are_still_a_readable_tag() -> None:
    """A table of contents counts to 255: the last of them lasts to the end, and nothing is broken."""
    many = tuple(Chapter(f"Exercise {number}", number, number + 1.0) for number in range(400))
    found = id3_of(replace(FULL, chapters=many))
    (toc,) = found.getall("CTOC")
    assert len(toc.child_element_ids) == 255
    ends = {chapter.element_id: chapter.end_time for chapter in found.getall("CHAP")}
    assert len(ends) == 255
    assert (ends["chp253"], ends["chp254"]) == (254_000, 400_000)


@FFMPEG
@pytest.mark.parametrize("name", list(FORMATS))
def test_what_a_track_was_made_from_is_read_again(name: str, tmp_path: Path) -> None:
    """The fingerprint comes back; a track without one, and somebody else's file, say nothing."""
    assert made_from(exported(name, tmp_path)) == "abc123"
    assert made_from(exported(name, tmp_path, TrackTags("Plain", script=SCRIPT))) == ""
    assert made_from(tmp_path / f"absent.{name}") == ""


@FFMPEG
@pytest.mark.parametrize("name", list(FORMATS))
def test_the_same_session_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    """Nothing in a track depends on when or how often it was written."""
    first = exported(name, tmp_path).read_bytes()
    assert exported(name, tmp_path).read_bytes() == first


@FFMPEG
def test_the_picture_of_a_flac_is_a_picture(tmp_path: Path) -> None:
    """FLAC has a block for it; players look there and not into comments."""
    (picture,) = FLAC(exported("flac", tmp_path)).pictures
    assert isinstance(picture, Picture)
    assert (picture.type, picture.mime, picture.data) == (3, "image/png", FULL.cover)


@FFMPEG
def test_an_audio_book_is_one(tmp_path: Path) -> None:
    """Players keep the place in an M4B; an M4A is music to them."""
    assert mutagen.File(exported("m4b", tmp_path))["stik"] == [2]
    assert "stik" not in mutagen.File(exported("m4a", tmp_path))


def test_a_wav_says_what_it_cannot_hold() -> None:
    """The command tells people what is lost."""
    assert FORMATS["wav"].lost == ("chapters", "captions", "cover")
    assert not any(row.lost for row in FORMATS.values() if row.name != "wav")


@FFMPEG
@pytest.mark.parametrize("name", SOUND_FILES)
@pytest.mark.parametrize("expected", [TrackTags("A"), replace(FULL, comment="long " * 20_000)])
def test_a_session_that_is_spoken_while_it_is_written_says_what_came_out(
    name: str, expected: TrackTags, tmp_path: Path
) -> None:
    """Length and tags are known at the end only: whether they need more room or less, they are right."""
    session = SomeSession()
    taken = []

    def blocks() -> Iterator[Block]:
        yield from session.blocks()
        taken.append(True)

    def settle() -> tuple[int, TrackTags]:
        assert taken, "asked before the last block"
        return session.total_frames, FULL

    path = session.export(
        tmp_path / f"track.{name}", blocks=blocks(), settle=settle, tags=expected,
        total_frames=session.total_frames // 2,
    )  # fmt: skip
    known_before = SomeSession().export(tmp_path / f"known.{name}", tags=FULL)
    decoded = decode_with_ffmpeg(path, session.sample_rate, 1)
    np.testing.assert_array_equal(decoded, decode_with_ffmpeg(known_before, session.sample_rate, 1))
    found, wanted = probed(path), probed(known_before)
    assert found["chapters"] == wanted["chapters"]
    assert found["format"].get("tags") == wanted["format"].get("tags")
    assert found["format"]["duration"] == wanted["format"]["duration"]
    assert made_from(path) == "abc123"


@pytest.mark.parametrize("name", ["mp3", "wav"])
@pytest.mark.parametrize("more", [-1, 1])
def test_a_session_that_settles_on_another_length_than_it_had_is_a_bug_that_is_told(
    name: str, more: int, tmp_path: Path
) -> None:
    """A track whose header lies is not written."""
    session = SomeSession()
    with pytest.raises(ExportError, match="did not come out as announced"):
        session.export(
            tmp_path / f"track.{name}", settle=lambda: (session.total_frames + more, FULL)
        )
    assert left_in(tmp_path) == []
