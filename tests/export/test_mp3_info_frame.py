"""The frame in front of an MP3, read by others and bit by bit."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.examples import tries
from tests.support.tracks import SomeSession, decode_with_miniaudio
from voicecoach.errors import ExportError
from voicecoach.export import TrackTags, export_track
from voicecoach.export.mp3_info_frame import SAMPLE_RATES, Crc16, Mp3Writer
from voicecoach.export.tags.id3 import id3_bytes
from voicecoach.sound.clip import Clip
from voicecoach.sound.mixdown import Block

if TYPE_CHECKING:
    from pathlib import Path


def plain_crc16(checked: bytes) -> int:
    """Return the CRC-16 bit by bit, as its definition says."""
    crc = 0
    for value in checked:
        crc ^= value
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def crc16(*pieces: bytes) -> int:
    """Return the CRC-16 of some pieces, one after the other."""
    crc = Crc16()
    for piece in pieces:
        crc.add(piece)
    return crc.value


def test_the_checksum_has_its_published_check_value() -> None:
    """CRC-16/ARC of the digits 1 to 9 is 0xBB3D."""
    assert crc16(b"123456789") == plain_crc16(b"123456789") == 0xBB3D


@tries(30)
@given(
    length=st.integers(0, 2000) | st.integers(32_000, 34_000) | st.integers(65_000, 68_000),
    seed=st.integers(0, 9),
    cut=st.integers(0, 68_000),
)
@example(length=32_766, seed=1, cut=0)
@example(length=32_767, seed=1, cut=1)
@example(length=32_768, seed=1, cut=32_767)
@example(length=65_534, seed=1, cut=32_768)
def test_the_fast_checksum_equals_the_plain_one(length: int, seed: int, cut: int) -> None:
    """For any bytes, in one piece or two, over its period and beyond."""
    checked = np.random.default_rng(seed).bytes(length)
    expected = plain_crc16(checked)
    assert crc16(checked) == crc16(checked[:cut], checked[cut:]) == expected


def test_the_checksum_can_be_asked_for_on_the_way() -> None:
    """Asking changes nothing about what follows."""
    crc = Crc16()
    for end in range(1, 10):
        crc.add(b"123456789"[end - 1 : end])
        assert crc.value == plain_crc16(b"123456789"[:end])


def parts_of(path: Path) -> tuple[bytes, bytes]:
    """Return an MP3 without its ID3 tag: the Info frame, and all that follows it."""
    content = path.read_bytes()
    assert content[:3] == b"ID3"
    size = int("".join(f"{byte:07b}" for byte in content[6:10]), 2)
    frames = content[10 + size :]
    # The second frame starts with the same two bytes as the first.
    length = frames.index(frames[:2], 4)
    return frames[:length], frames[length:]


@pytest.mark.parametrize(("sample_rate", "channels"), [(24_000, 1), (24_000, 2), (44_100, 1)])
def test_every_field_of_the_info_frame_is_true(
    sample_rate: int, channels: int, tmp_path: Path
) -> None:
    """No table of contents; counts, delay, padding and both checksums agree with the file."""
    session = SomeSession(sample_rate, channels)
    info, frames = parts_of(session.export(tmp_path / "track.mp3"))
    start = info.index(b"Info")
    flags, count, length, _ = np.frombuffer(info[start + 4 : start + 20], ">u4").tolist()
    tag = info[start + 20 :]
    samples = 576 if sample_rate < 32_000 else 1152
    delay, padding = tag[21] << 4 | tag[22] >> 4, (tag[22] & 15) << 8 | tag[23]
    assert info[:2] == frames[:2]
    assert flags == 0b1011
    assert length == len(info) + len(frames)
    assert count * samples == delay + session.total_frames + padding
    assert delay == 576
    assert padding >= 529
    assert tag[:10] == b"LAME3.100\x01"
    assert tag[20] == {1: 64, 2: 128}[channels]
    assert int.from_bytes(tag[28:32], "big") == length
    assert int.from_bytes(tag[32:34], "big") == plain_crc16(frames)
    assert int.from_bytes(tag[34:36], "big") == plain_crc16(info[: start + 54])


def test_players_that_look_for_the_delay_at_a_fixed_place_find_it(tmp_path: Path) -> None:
    """The three bytes stand a second time where they are in a tag with a table of contents."""
    info, _ = parts_of(SomeSession().export(tmp_path / "track.mp3"))
    start = info.index(b"Info")
    assert info[start + 141 : start + 144] == info[start + 41 : start + 44]
    assert int.from_bytes(info[start + 141 : start + 144], "big") >> 12 == 576


def test_mutagen_reads_the_same_facts(tmp_path: Path) -> None:
    """An independent reader: constant bitrate, LAME, length to the sample."""
    from mutagen.mp3 import MP3, BitrateMode

    session = SomeSession()
    about = MP3(session.export(tmp_path / "track.mp3")).info
    assert about.bitrate_mode == BitrateMode.CBR
    assert about.encoder_info.startswith("LAME 3.100")
    assert about.length == pytest.approx(session.total_frames / 24_000, abs=1e-6)
    assert (about.sample_rate, about.channels, about.bitrate) == (24_000, 1, 64_000)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("sample_rate", SAMPLE_RATES)
@pytest.mark.parametrize("channels", [1, 2])
def test_any_length_comes_back_exactly(sample_rate: int, channels: int, tmp_path: Path) -> None:
    """At every rate of an MP3, around the borders of its frames, from a single sample on."""
    for total_frames in (1, 46, 47, 48, 575, 576, 577, 1151, 1152, 1153, 5000, 5039):
        samples = np.full((total_frames, channels), 0.25, np.float32)
        path = export_track(
            iter([Block(0, samples, 0)]), tmp_path / "track.mp3", total_frames=total_frames,
            sample_rate=sample_rate, channels=channels, tags=TrackTags("x"),
        )  # fmt: skip
        assert len(decode_with_miniaudio(path, sample_rate, channels)) == total_frames


def test_rates_and_channels_that_no_mp3_has_are_refused(tmp_path: Path) -> None:
    """The message lists what an MP3 can hold and names the way out."""
    for sample_rate, channels in [(23_000, 1), (24_000, 3)]:
        block = Block(0, Clip(np.zeros((9, channels), np.float32), sample_rate).samples, 0)
        with pytest.raises(
            ExportError, match=r"one or two channels at one of 8000, .* another form"
        ):
            export_track(
                [block], tmp_path / "track.mp3", total_frames=9, sample_rate=sample_rate,
                channels=channels, tags=TrackTags("x"),
            )  # fmt: skip


def test_what_is_no_mp3_is_refused() -> None:
    """An encoder that gives something else, changes its bitrate or stops half-way is found out."""
    frame = bytes.fromhex("fff384c4") + bytes(188)
    with pytest.raises(ExportError, match="is not MP3"):
        Mp3Writer(io.BytesIO(), 0).write(b"RIFF" + bytes(100))
    with pytest.raises(ExportError, match="changed its bitrate"):
        Mp3Writer(io.BytesIO(), 0).write(frame + bytes.fromhex("fff394c4") + bytes(188))
    half = Mp3Writer(io.BytesIO(), 0)
    half.write(frame + frame[:50])
    with pytest.raises(ExportError, match="middle of a frame"):
        half.finish(1, b"")
    short = Mp3Writer(io.BytesIO(), 0)
    short.write(frame * 2)
    with pytest.raises(ExportError, match="2 frames for 1000 samples"):
        short.finish(1000, b"")


@given(cuts=st.lists(st.integers(0, 192 * 20), max_size=30))
def test_frames_are_counted_however_the_encoder_cuts_them(cuts: list[int]) -> None:
    """The same file comes out whether the encoder gives whole frames or single bytes."""
    frames = (bytes.fromhex("fff384c4") + bytes(188)) * 20
    whole, pieces = io.BytesIO(), io.BytesIO()
    tag = id3_bytes(TrackTags("x"))
    writer = Mp3Writer(whole, len(tag))
    writer.write(frames)
    writer.finish(20 * 576 - 2000, tag)
    edges = [0, 4, *sorted(cut for cut in cuts if cut > 4), len(frames)]
    writer = Mp3Writer(pieces, len(tag))
    for first, after in itertools.pairwise(edges):
        writer.write(frames[first:after])
    writer.finish(20 * 576 - 2000, tag)
    assert pieces.getvalue() == whole.getvalue()
