"""Two hundred clients at once, good and bad: all are answered, and nothing is left of them.

The short form asks a few rounds; VOICECOACH_SOAK=1 asks for longer.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.serve.commanded import commanded
from tests.serve.running import write_routine
from tests.support.figures import SOAK

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS = 200
ROUNDS = 30 if SOAK else 2
MALFORMED = (
    b"\x00\xff" * 50,
    b"GET / HTTP/9\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /routine/short HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: half",
)
MOST_GROWTH_KB = 12_000
"""What memory may grow by from the second round on: the allocator's own waves, and no more."""


def resident_kb(process: int) -> int:
    """Return the memory of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("ascii"))
    assert found
    return int(found[1])


def descriptors(process: int) -> int:
    """Return how many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208


class Crowd:
    """Clients of one server."""

    def __init__(self, client: httpx.AsyncClient, port: int, audio: str, cookie: str) -> None:
        self._client = client
        self._port = port
        self._audio = audio
        self._headers = {"Origin": str(client.base_url).rstrip("/"), "Cookie": cookie}
        self.answers: dict[int, int] = {}
        """How often each status was answered."""

    async def round(self, seed: int) -> None:
        """Have all of them ask something, at once."""
        chosen = random.Random(seed)
        await asyncio.gather(*(self._one(chosen.randrange(8), chosen) for _ in range(CLIENTS)))

    async def _one(self, kind: int, chosen: random.Random) -> None:
        if kind == 0:
            await self._raw(chosen.choice(MALFORMED))
        elif kind == 1:
            await self._leave_early()
        elif kind == 2:
            start = chosen.randrange(40_000)
            await self._ask("GET", self._audio, Range=f"bytes={start}-{start + 9999}")
        elif kind == 3:
            await self._ask("POST", "/routine/short")
        elif kind == 4:
            await self._ask("GET", f"/audio/..%2f{chosen.random()}.mp3")
        else:
            path = chosen.choice(
                ("/", "/?for=child&minutes=1", "/routine/games", "/style.css", self._audio)
            )
            await self._ask("GET", path)

    async def _ask(self, method: str, path: str, **headers: str) -> None:
        answer = await self._client.request(method, path, headers={**self._headers, **headers})
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1

    async def _raw(self, request: bytes) -> None:
        """Send what is no request, and hang up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        with suppress(TimeoutError, ConnectionError):
            await asyncio.wait_for(reader.read(65536), 0.2)
        writer.close()

    async def _leave_early(self) -> None:
        """Ask for the whole audio and go in the middle of it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"Host: 127.0.0.1:{self._port}\r\nCookie: {self._headers['Cookie']}\r\n\r\n"
        writer.write(f"GET {self._audio} HTTP/1.1\r\n{head}".encode())
        assert (await reader.read(100)).startswith(b"HTTP/1.1 200")
        writer.transport.abort()


@pytest.mark.slow
@pytest.mark.timeout(1800 if SOAK else 240)
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_two_hundred_clients(tmp_path: Path, record_figure: Callable[[str, str], None]) -> None:
    """No crash, no wrong answer, no traceback; memory and descriptors are where they were."""
    write_routine(tmp_path, "short", "Short one")
    write_routine(tmp_path, "games", "Games", "child")
    with commanded(tmp_path) as server:
        with httpx.Client(base_url=server.url, headers={"Origin": server.url}, timeout=60) as one:
            cookie = one.get("/").headers["set-cookie"].partition(";")[0]
            one.post("/routine/short")
            until = time.monotonic() + 90
            while not (
                found := re.search(r"/audio/[0-9a-f]{32}\.mp3", one.get("/routine/short").text)
            ):
                assert time.monotonic() < until
                time.sleep(0.2)
        process = server.process.pid

        async def ask() -> tuple[dict[int, int], list[tuple[int, int]], float]:
            limits = httpx.Limits(max_connections=CLIENTS)
            async with httpx.AsyncClient(base_url=server.url, limits=limits, timeout=120) as client:
                crowd = Crowd(client, server.port, found[0], cookie)
                await crowd.round(0)
            began, state = time.monotonic(), []
            for number in range(ROUNDS):
                async with httpx.AsyncClient(
                    base_url=server.url, limits=limits, timeout=120
                ) as client:
                    crowd._client = client
                    await crowd.round(number)
                    at_once = descriptors(process)
                state.append((resident_kb(process), at_once))
            return crowd.answers, state, time.monotonic() - began

        idle = descriptors(process)
        answers, state, seconds = asyncio.run(ask())
        until = time.monotonic() + 20
        while descriptors(process) > idle and time.monotonic() < until:
            time.sleep(0.2)
        left = descriptors(process)
        assert httpx.get(f"{server.url}/").status_code == 200
        status = server.end()
        assert server.process.stderr is not None
        said = server.process.stderr.read()
    asked = sum(answers.values())
    record_figure(
        "serve, 200 clients at once",
        f"{asked} answers in {seconds:.1f} s, {state[0][0] / 1000:.0f} MB after the first round, "
        f"{state[-1][0] / 1000:.0f} MB after the last, {max(most for _, most in state)} descriptors at "
        f"most, {left} afterwards ({idle} before)",
    )
    assert status == 130
    assert "Traceback" not in said, said[-3000:]
    assert set(answers) <= {200, 206, 303, 404}, answers
    assert left <= idle
    assert state[-1][0] - state[0][0] < MOST_GROWTH_KB, state
