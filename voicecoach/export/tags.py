"""Tags: what players show about a track, and the mark that says that the track is ours.

A file that carries the mark may be replaced without asking. The mark is the name of this program
with its version; nothing in a tag depends on the day, so the same session gives the same bytes.
"""

# mutagen says that it is typed, and most of it is not.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING, Any

import voicecoach
from voicecoach.errors import ExportError
from voicecoach.export.formats import FORMATS, TrackTags

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_MARK_NAME = "voicecoach"
_MARK_TEXT = voicecoach.__version__
_MP4_MARK = f"----:com.apple.iTunes:{_MARK_NAME}"
_WAV_MARK = f"{_MARK_NAME} {_MARK_TEXT}"

# Control characters, and the ones that turn the direction of writing around: a title from a
# stranger's file must not rewrite the screen of a player.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return a text on one line, without characters that are not there to be seen."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _texts(tags: TrackTags) -> dict[str, str]:
    """Return what there is to say, by field."""
    fields = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "comment": tags.comment,
    }
    return {name: printable(text) for name, text in fields.items() if printable(text)}


def id3_bytes(tags: TrackTags) -> bytes:
    """Return the tags as ID3, to stand at the start of an MP3.

    Version 2.3 with UTF-16: car radios and Windows know no other that carries every language.
    """
    from mutagen.id3 import COMM, ID3, TALB, TIT2, TPE1, TSSE, TXXX, Encoding

    texts = _texts(tags)
    id3 = ID3()
    for field, frame in (("title", TIT2), ("artist", TPE1), ("album", TALB)):
        if field in texts:
            id3.add(frame(encoding=Encoding.UTF16, text=texts[field]))
    if "comment" in texts:
        id3.add(COMM(encoding=Encoding.UTF16, lang="XXX", desc="", text=texts["comment"]))
    id3.add(TSSE(encoding=Encoding.LATIN1, text=f"{_WAV_MARK} (LAME)"))
    id3.add(TXXX(encoding=Encoding.LATIN1, desc=_MARK_NAME, text=_MARK_TEXT))
    file = io.BytesIO()
    id3.save(file, v2_version=3, padding=lambda _: 0)
    return file.getvalue()


def riff_list_chunk(tags: TrackTags) -> bytes:
    """Return the tags as the LIST chunk of a WAV file."""
    ids = {"title": b"INAM", "artist": b"IART", "album": b"IPRD", "comment": b"ICMT"}
    fields = [(ids[field], text) for field, text in _texts(tags).items()]
    body = b"INFO" + b"".join(
        _riff_chunk(name, text.encode() + b"\0") for name, text in [*fields, (b"ISFT", _WAV_MARK)]
    )
    return _riff_chunk(b"LIST", body)


def _riff_chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk, padded to an even length."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def tag_file(path: Path, format_name: str, tags: TrackTags) -> None:
    """Write the tags into a finished file of one of the formats that ffmpeg makes."""
    texts = _texts(tags)
    if format_name == "m4a":
        from mutagen.mp4 import MP4, MP4FreeForm

        mp4 = MP4(path)
        atoms = {"title": "©nam", "artist": "©ART", "album": "©alb", "comment": "©cmt"}
        for field, text in texts.items():
            mp4[atoms[field]] = text
        mp4[_MP4_MARK] = MP4FreeForm(_MARK_TEXT.encode())
        mp4.save()
        return
    file = _vorbis_file(path, format_name)
    file.update(texts)
    file[_MARK_NAME] = _MARK_TEXT
    file.save()


def _vorbis_file(path: Path, format_name: str) -> Any:
    """Return a file whose tags are Vorbis comments."""
    if format_name == "flac":
        from mutagen.flac import FLAC

        return FLAC(path)
    if format_name == "ogg":
        from mutagen.oggvorbis import OggVorbis

        return OggVorbis(path)
    if format_name == "opus":
        from mutagen.oggopus import OggOpus

        return OggOpus(path)
    raise ExportError(f"{path}: no way is known to tag {format_name}")


def is_our_track(path: Path) -> bool:
    """Return whether a file carries our mark; False for anything that cannot be read as a track."""
    names = [row.name for row in FORMATS.values() if row.extension == path.suffix.lower()]
    if not names or not path.is_file():
        return False
    try:
        if names[0] == "mp3":
            from mutagen.id3 import ID3

            return f"TXXX:{_MARK_NAME}" in ID3(path)
        if names[0] == "wav":
            with path.open("rb") as file:
                return any(
                    text.startswith(f"{_MARK_NAME} ".encode()) for text in _wav_software(file)
                )
        if names[0] == "m4a":
            from mutagen.mp4 import MP4

            return _MP4_MARK in MP4(path)
        return _MARK_NAME in _vorbis_file(path, names[0])
    except Exception:  # noqa: BLE001
        # mutagen's readers stumble over broken files in many ways of their own. Whatever the reason,
        # a file in which no mark can be read is not ours.
        return False


def _wav_software(file: BinaryIO) -> Iterator[bytes]:
    """Yield what the LIST chunks of a WAV file name as the program that wrote it."""
    start = file.read(12)
    if start[:4] != b"RIFF" or start[8:] != b"WAVE":
        return
    while len(head := file.read(8)) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        # The tags of one file are short; a larger chunk is not read into memory.
        if name == b"LIST" and size < 1 << 20:
            fields = io.BytesIO(file.read(size + size % 2)[4:])
            while len(field := fields.read(8)) == 8:
                length = int.from_bytes(field[4:], "little")
                text = fields.read(length + length % 2)[:length]
                if field[:4] == b"ISFT":
                    yield text
        else:
            file.seek(size + size % 2, io.SEEK_CUR)
