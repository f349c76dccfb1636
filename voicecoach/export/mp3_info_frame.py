"""The first frame of an MP3: how long the track is, and what the encoder put before and after it.

An MP3 encoder works in frames of 576 or 1152 samples and starts late: without a word about it,
decoders play every cue 46 ms late at 24 kHz. The word is a silent frame in front ("Info", with the
LAME extension), which LAME leaves to the program that calls it. Ours has no table of contents: its
steps are a 256th of the file (42 s in three hours), and at a constant bitrate players without one
compute the place exactly.
"""

from __future__ import annotations

import os
import struct
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import ExportError

if TYPE_CHECKING:
    from typing import BinaryIO
ENCODER_DELAY_FRAMES = 576
"""How late LAME starts, by its own count; decoders add their own 529 to it."""

DECODER_DELAY_FRAMES = 529

# By the two version bits of a header: MPEG 1, 2 and 2.5, layer III.
_BITRATES_KBPS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    0: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
    0: (11_025, 12_000, 8_000),
}
SAMPLE_RATES = tuple(sorted(rate for rates in _SAMPLE_RATES.values() for rate in rates))
"""Hz; all that an MP3 can have."""

_FIRST_LONG_RATE = 32_000
"""Hz; from here on a frame holds two granules."""

TAG_HEAD_BYTES = 10


def tag_head(size: int) -> bytes:
    """Return the head of an ID3 tag with `size` bytes behind it."""
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame_samples(sample_rate: int) -> int:
    """Return the number of samples in a frame of an MP3 at a sample rate in Hz."""
    return 1152 if sample_rate >= _FIRST_LONG_RATE else 576


# Players of some years (ExoPlayer before 2.19) look for delay and padding where they are in a tag
# with a table of contents, counted from the start of the tag. Ours has only zeros there: a second
# copy makes those players start on time too.
_FIXED_DELAY_OFFSET = 141

_FLAG_FRAMES, _FLAG_BYTES, _FLAG_QUALITY = 1, 2, 8
_MOVED_BYTES = 1 << 20


class _Header:
    """What the four bytes at the start of every MP3 frame say."""

    def __init__(self, four_bytes: bytes) -> None:
        second, third, fourth = four_bytes[1:4]
        version = second >> 3 & 3
        bitrate_index, rate_index = third >> 4, third >> 2 & 3
        is_layer_3 = four_bytes[0] == 0xFF and second & 0xE6 == 0xE2
        if not is_layer_3 or version == 1 or bitrate_index in (0, 15) or rate_index == 3:
            raise ExportError("the MP3 encoder gave something that is not MP3")
        self.bitrate_kbps = _BITRATES_KBPS[version][bitrate_index]
        sample_rate = _SAMPLE_RATES[version][rate_index]
        self.samples = 1152 if version == 3 else 576
        is_mono = fourth >> 6 == 3
        self.side_length = (17 if is_mono else 32) if version == 3 else (9 if is_mono else 17)
        self.length = self.samples * self.bitrate_kbps * 125 // sample_rate + (third >> 1 & 1)


# All frames of a track begin with one of a few headers.
_header = lru_cache(maxsize=64)(_Header)


class Mp3Writer:
    """Writes an MP3: room for the tags and the Info frame, then frames; it fills the room last."""

    def __init__(self, file: BinaryIO, tag_room_bytes: int) -> None:
        """Begin a file that can be read and written; tags that need more room cost a copy."""
        self._file = file
        self._tag_room_bytes = tag_room_bytes
        self._first_header = b""
        self._rest = b""
        self._frame_count = 0
        self._byte_count = 0
        self._crc = Crc16()
        file.write(bytes(tag_room_bytes))

    def write(self, encoded: bytes) -> None:
        """Write what the encoder gave; it may end in the middle of a frame."""
        if not encoded:
            return
        if not self._byte_count:
            # The Info frame has the same length as the others, less the byte that some have more.
            first = bytes(encoded[:4])
            self._first_header = bytes([first[0], first[1] | 1, first[2] & 0xFD, first[3] & 0xCF])
            self._file.write(bytes(_header(self._first_header).length))
        self._file.write(encoded)
        self._byte_count += len(encoded)
        self._crc.add(encoded)
        self._count_frames(self._rest + encoded)

    def _count_frames(self, frames: bytes) -> None:
        """Walk from header to header, and keep what is not a whole frame yet."""
        position = self._count_alike(frames)
        bitrate_kbps = _header(self._first_header).bitrate_kbps
        while position + 4 <= len(frames):
            header = _header(frames[position : position + 4])
            if header.bitrate_kbps != bitrate_kbps:
                raise ExportError("the MP3 encoder changed its bitrate within the track")
            if position + header.length > len(frames):
                break
            position += header.length
            self._frame_count += 1
        self._rest = frames[position:]

    def _count_alike(self, frames: bytes) -> int:
        """Count the frames in front that share one header; return the place where others begin."""
        if len(frames) < 4:
            return 0
        header = _header(frames[:4])
        count = len(frames) // header.length
        if not count or header.bitrate_kbps != _header(self._first_header).bitrate_kbps:
            return 0
        whole = np.frombuffer(frames, np.uint8, count * header.length)
        starts = whole.reshape(count, header.length)[:, :4]
        others = np.flatnonzero((starts != starts[0]).any(axis=1))
        alike = int(others[0]) if len(others) else count
        self._frame_count += alike
        return alike * header.length

    def finish(self, total_frames: int, tag_bytes: bytes) -> None:
        """Go back and write the tags and the Info frame, now that all they say is known."""
        if self._rest or not self._frame_count:
            raise ExportError("the MP3 encoder ended in the middle of a frame")
        if len(tag_bytes) > self._tag_room_bytes:
            self._make_room(len(tag_bytes) - self._tag_room_bytes)
        self._file.seek(0)
        self._file.write(tag_head(self._tag_room_bytes - TAG_HEAD_BYTES))
        self._file.write(
            tag_bytes[TAG_HEAD_BYTES:].ljust(self._tag_room_bytes - TAG_HEAD_BYTES, b"\0")
        )
        self._file.write(self._info_frame(total_frames))

    def _make_room(self, more_bytes: int) -> None:
        end = self._file.seek(0, os.SEEK_END)
        while end > self._tag_room_bytes:
            start = max(self._tag_room_bytes, end - _MOVED_BYTES)
            self._file.seek(start)
            piece = self._file.read(end - start)
            self._file.seek(start + more_bytes)
            self._file.write(piece)
            end = start
        self._tag_room_bytes += more_bytes

    def _info_frame(self, total_frames: int) -> bytes:
        header = _header(self._first_header)
        padding = self._frame_count * header.samples - ENCODER_DELAY_FRAMES - total_frames
        if not DECODER_DELAY_FRAMES <= padding < 4096:
            raise ExportError(
                f"the MP3 encoder gave {self._frame_count} frames for {total_frames} samples"
            )
        delay_and_padding = (ENCODER_DELAY_FRAMES << 12 | padding).to_bytes(3, "big")
        mp3_length = header.length + self._byte_count
        tag = b"Info" + struct.pack(
            ">IIII",
            _FLAG_FRAMES | _FLAG_BYTES | _FLAG_QUALITY,
            self._frame_count,
            mp3_length,
            # 100 less ten times LAME's quality (3): what LAME itself writes for it.
            70,
        )
        lame = b"LAME3.100" + struct.pack(
            # Constant bitrate · low-pass unknown · peak unknown · no replay gain (twice) · flags ·
            # bitrate · delay and padding · miscellaneous · gain · preset · length · checksum.
            ">BBIHHBB3sBBHIH",
            0x01,
            0,
            0,
            0,
            0,
            0,
            min(header.bitrate_kbps, 255),
            delay_and_padding,
            0,
            0,
            0,
            mp3_length,
            self._crc.value,
        )
        frame = bytearray(header.length)
        frame[:4] = self._first_header
        tag_offset = 4 + header.side_length
        crc_offset = tag_offset + len(tag) + len(lame)
        frame[tag_offset:crc_offset] = tag + lame
        own_crc = Crc16()
        own_crc.add(bytes(frame[:crc_offset]))
        frame[crc_offset : crc_offset + 2] = own_crc.value.to_bytes(2, "big")
        fixed = tag_offset + _FIXED_DELAY_OFFSET
        if fixed + 3 <= len(frame):
            frame[fixed : fixed + 3] = delay_and_padding
        return bytes(frame)


# The checksum's polynomial divides x^32767 - 1: bits at that distance, and so bytes, count alike.
_PERIOD_BYTES = 32_767


class Crc16:
    """The CRC-16 (polynomial 0x8005, reflected, from 0) of bytes that come piece by piece.

    Python's own loop over the bytes of a three-hour track would take as long as encoding it. What
    counts alike is added up as it comes, and the loop is left with one period.
    """

    def __init__(self) -> None:
        self._sums = np.zeros(_PERIOD_BYTES, np.uint8)
        self._place = 0

    def add(self, piece: bytes) -> None:
        """Go on with some bytes."""
        values = np.frombuffer(piece, np.uint8)
        while len(values):
            taken = values[: _PERIOD_BYTES - self._place]
            self._sums[self._place : self._place + len(taken)] ^= taken
            self._place = (self._place + len(taken)) % _PERIOD_BYTES
            values = values[len(taken) :]

    @property
    def value(self) -> int:
        """Return the checksum of all bytes so far."""
        table = _crc_table()
        crc = 0
        # What counts is how far a byte is from the end. Zeros in front count nothing.
        for value in np.roll(self._sums, -self._place).tobytes().lstrip(b"\0"):
            crc = crc >> 8 ^ table[(crc ^ value) & 0xFF]
        return crc


@lru_cache(maxsize=1)
def _crc_table() -> list[int]:
    table = list(range(256))
    for _ in range(8):
        table = [value >> 1 ^ (0xA001 if value & 1 else 0) for value in table]
    return table
