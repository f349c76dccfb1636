"""Messages between the playing process and the speech worker: a JSON header and raw bytes.

Both ends import this module and nothing heavy comes with it.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

# Two lengths in bytes: of the header and of what follows it.
_LENGTHS = struct.Struct(">II")

# Larger lengths mean that the stream is out of step; an hour of speech is smaller.
_LONGEST_HEADER = 1 << 22
_LONGEST_PAYLOAD = 1 << 28


class MessageError(Exception):
    """The bytes on the pipe are not a message."""


class _Writable(Protocol):
    def write(self, buffer: bytes | memoryview, /) -> int | None: ...


def write_message(stream: _Writable, header: Mapping[str, Any], payload: bytes = b"") -> None:
    """Write one message; the stream may be unbuffered and take it in parts."""
    header_bytes = json.dumps(header).encode()
    remaining = memoryview(_LENGTHS.pack(len(header_bytes), len(payload)) + header_bytes + payload)
    while remaining:
        remaining = remaining[stream.write(remaining) or 0 :]


def read_message(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Return the next message, or None where the other end has closed the pipe."""
    lengths = _read_exactly(stream, _LENGTHS.size)
    if lengths is None:
        return None
    header_length, payload_length = _LENGTHS.unpack(lengths)
    if header_length > _LONGEST_HEADER or payload_length > _LONGEST_PAYLOAD:
        raise MessageError(f"a message of {header_length} + {payload_length} bytes")
    header_bytes = _read_exactly(stream, header_length)
    payload = _read_exactly(stream, payload_length)
    if header_bytes is None or payload is None:
        return None
    try:
        header = json.loads(header_bytes)
    except ValueError as error:
        raise MessageError("a header that is not JSON") from error
    if not isinstance(header, dict):
        raise MessageError("a header that is not an object")
    return header, payload


def _read_exactly(stream: BinaryIO, length: int) -> bytes | None:
    """Return that many bytes; None where the pipe ends before."""
    parts: list[bytes] = []
    missing = length
    while missing:
        part = stream.read(missing)
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
