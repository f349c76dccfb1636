"""A file as an answer: all of it, a part of it, or that it has not changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.datastructures import Headers
    from starlette.types import Receive, Scope, Send

_PIECE_BYTES: Final = 64 * 1024
_ONE_RANGE: Final = re.compile(r"bytes=[ \t]*([0-9]{0,15})-([0-9]{0,15})[ \t]*")


@dataclass(frozen=True)
class ByteRange:
    """A part of a file, in bytes."""

    start: int
    end: int
    """Behind its last."""

    @property
    def size(self) -> int:
        """The number of its bytes."""
        return self.end - self.start


def part_of(wanted: str | None, size: int) -> ByteRange | None:
    """Return the part of a file that a Range header asks for; None where there is no such part.

    A header that is not understood, or that asks for several parts, means all of it, as the
    standard allows: no player needs several, and many small ones are an attack.
    """
    found = _ONE_RANGE.fullmatch(wanted or "")
    if not found or (not found[1] and not found[2]):
        return ByteRange(0, size)
    first, last = found.groups()
    if not first:
        part = ByteRange(max(0, size - int(last)), size)
        return part if part.size else None
    if last and int(last) < int(first):
        return ByteRange(0, size)
    part = ByteRange(int(first), min(size, int(last) + 1) if last else size)
    return part if part.size > 0 else None


async def answer_with(
    path: Path, asked: Headers, headers: Mapping[str, str], *, method: str
) -> Response:
    """Return the answer that holds a file, which must be there.

    Raises FileNotFoundError where it has gone meanwhile.
    """
    from anyio import to_thread

    about = await to_thread.run_sync(path.stat)
    tag = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
    common = {
        **headers,
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
    }
    if _names_tag(asked.get("if-none-match"), tag):
        return Response(status_code=304, headers=common)
    size = about.st_size
    wanted = asked.get("range") if asked.get("if-range", tag) == tag else None
    part = part_of(wanted if method == "GET" else None, size)
    if part is None:
        return Response(status_code=416, headers={**common, "Content-Range": f"bytes */{size}"})
    common["Content-Length"] = str(part.size)
    status = 200
    if method == "GET" and wanted and _ONE_RANGE.fullmatch(wanted):
        common["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{size}"
        status = 206
    return _PartOfFile(path, part, status, common)


def _names_tag(listed: str | None, tag: str) -> bool:
    """Return True if an If-None-Match header says that the other side has this already."""
    tags = [one.strip().removeprefix("W/") for one in (listed or "").split(",")]
    return tag in tags or tags == ["*"]


class _PartOfFile(Response):
    """A part of a file, of which only a little is in memory at a time."""

    def __init__(
        self, path: Path, part: ByteRange, status: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(status_code=status, headers=headers)
        self._path = path
        self._part = part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the part; raise FileNotFoundError before the first byte."""
        from anyio import open_file

        async with await open_file(self._path, "rb") as file:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            left = 0 if scope["method"] == "HEAD" else self._part.size
            await file.seek(self._part.start)
            while left and (piece := await file.read(min(left, _PIECE_BYTES))):
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
