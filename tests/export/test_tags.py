"""What is written into tags, and how our own tracks are told from others."""

from __future__ import annotations

import struct
import subprocess
from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3, TIT2
from mutagen.mp3 import MP3

from tests.support.checkout import CHECKOUT
from tests.support.needs import requires_program
from tests.support.tracks import TAGS, SomeSession
from voicecoach.export import TrackTags, is_our_track
from voicecoach.messages import printable
from voicecoach.sound.clip import read_wav, to_pcm16

if TYPE_CHECKING:
    from pathlib import Path


def test_id3_is_the_old_version_that_every_radio_knows(tmp_path: Path) -> None:
    """Version 2.3, UTF-16 text, no padding: audio follows at once."""
    path = SomeSession().export(tmp_path / "track.mp3")
    id3 = ID3(path)
    assert id3.version == (2, 3, 0)
    assert [id3["TIT2"].text, id3["TPE1"].text, id3["TALB"].text] == [
        [TAGS.title], [TAGS.artist], [TAGS.album],
    ]  # fmt: skip
    assert id3.getall("COMM")[0].text == [TAGS.comment]
    assert int(id3["TIT2"].encoding) == 1
    assert id3["TXXX:voicecoach"].text == ["0.1.0"]
    assert path.read_bytes()[id3.size :][:2] == b"\xff\xf3"


def test_control_characters_never_reach_a_tag(tmp_path: Path) -> None:
    """Line breaks become spaces; escapes and reversed writing are taken out."""
    assert printable(" a\x1b[31m\n\tb\u202e\x00c\ud800 ") == "a [31m b c"
    path = SomeSession().export(
        tmp_path / "t.mp3", tags=TrackTags("Back\r\n\x07pain", "\n", "", "")
    )
    id3 = ID3(path)
    assert id3["TIT2"].text == ["Back pain"]
    assert "TPE1" not in id3
    assert not id3.getall("COMM")


def test_a_wav_with_tags_is_still_read_by_everybody(tmp_path: Path) -> None:
    """Sizes are true, chunks are even, and the samples are those of the session."""
    session = SomeSession()
    path = session.export(tmp_path / "track.wav", tags=TrackTags("odd", "even", "", "é"))
    content = path.read_bytes()
    assert struct.unpack_from("<I", content, 4)[0] == len(content) - 8
    assert content.index(b"data") % 2 == 0
    assert to_pcm16(read_wav(path).samples).tolist() == session.pcm().tolist()


def test_a_retitled_track_is_still_ours(tmp_path: Path) -> None:
    """Somebody who only changes the title in a player gets no refusal."""
    path = SomeSession().export(tmp_path / "track.mp3")
    file = MP3(path)
    file.tags.add(TIT2(encoding=3, text="My own title"))
    file.save()
    assert is_our_track(path)


@requires_program("ffmpeg")
@pytest.mark.parametrize("extension", ["mp3", "wav", "flac", "ogg", "opus", "m4a", "m4b"])
def test_tracks_of_others_are_not_ours(extension: str, tmp_path: Path) -> None:
    """Music of the same kind, with tags that even name us, is not taken for ours."""
    path = tmp_path / f"music.{extension}"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", "-metadata",
         "title=voicecoach", "-metadata", "artist=voicecoach", path],
        check=True, timeout=30,
    )  # fmt: skip
    assert not is_our_track(path)


@pytest.mark.parametrize("extension", ["mp3", "wav", "flac", "ogg", "opus", "m4a", "m4b"])
@pytest.mark.parametrize(
    "content",
    [
        b"", b"ID3", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVELIST\xff\xff\xff\xff", b"fLaC\0",
        b"OggS" + bytes(60), bytes(5000), b"RIFF\0\0\0\0WAVELIST\x10\0\0\0INFOISFT\xff\xff\0\0",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_ours(extension: str, content: bytes, tmp_path: Path) -> None:
    """Broken, empty and mislabelled files are somebody else's; nothing is raised."""
    path = tmp_path / f"track.{extension}"
    path.write_bytes(content)
    assert not is_our_track(path)


def test_folders_other_names_and_our_sounds_are_not_tracks(tmp_path: Path) -> None:
    """Only tracks carry the mark; the start tone must not be replaced unasked."""
    (tmp_path / "x.mp3").mkdir()
    assert not is_our_track(tmp_path / "x.mp3")
    assert not is_our_track(tmp_path / "absent.mp3")
    assert not is_our_track(tmp_path / "routine.toml")
    assert not any(map(is_our_track, (CHECKOUT / "audio" / "sounds").glob("*.wav")))
