"""Messages between the playing process and the speech worker."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.speech.worker_messages import MessageError, read_message, write_message


class Trickle(io.RawIOBase):
    """A pipe that takes and gives a few bytes at a time."""

    def __init__(self, content: bytes = b"") -> None:
        self.content = bytearray(content)

    def write(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Take three bytes."""
        self.content += bytes(buffer[:3])
        return min(3, len(buffer))

    def read(self, size: int = -1) -> bytes:
        """Give two bytes."""
        part = bytes(self.content[: min(2, size)])
        del self.content[: len(part)]
        return part


headers = st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.booleans())


@given(st.lists(st.tuples(headers, st.binary(max_size=50)), max_size=4))
def test_messages_arrive_as_they_were_sent(messages: list[tuple[dict, bytes]]) -> None:
    """Whatever the pipe cuts them into, messages arrive whole, in order, and then the end."""
    pipe = Trickle()
    for header, payload in messages:
        write_message(pipe, header, payload)
    for header, payload in messages:
        assert read_message(pipe) == (header, payload)  # type: ignore[arg-type]
    assert read_message(pipe) is None  # type: ignore[arg-type]


@given(st.integers(min_value=0))
def test_a_message_cut_short_is_the_end(kept: int) -> None:
    """A worker that dies in the middle of a message leaves no half message behind."""
    stream = io.BytesIO()
    write_message(stream, {"id": 1, "text": "Go."}, b"12345")
    whole = stream.getvalue()
    assert read_message(io.BytesIO(whole[: kept % len(whole)])) is None


@pytest.mark.parametrize(
    "noise",
    [
        b"Audio saved to /tmp/x.wav\n" * 3,
        b"\xff" * 20,
        b"\0\0\0\4\0\0\0\0nope",
        b"\0\0\0\1\0\0\0\x001",
    ],
)
def test_what_is_not_a_message_is_refused(noise: bytes) -> None:
    """Bytes that something else wrote into the pipe are not taken for a message."""
    with pytest.raises(MessageError):
        read_message(io.BytesIO(noise))
