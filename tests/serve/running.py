"""A server as the command starts it, on a real port, and the ways that tests talk to it."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.serve.app import make_app
from voicecoach.serve.catalogue import Catalogue
from voicecoach.serve.door import Door
from voicecoach.serve.maker import Maker
from voicecoach.serve.server import names_of, open_sockets, run
from voicecoach.serve.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORT = """
voicecoach = 1
title = "{title}"
summary = "A short one."
audience = "{audience}"
opening = ["Welcome."]
closing = ["Well done."]
[[steps]]
slug = "reach"
name = "Reach up"
say = "Stand tall."
dose = "hold 5s"
rest_after = 8
[[steps]]
slug = "stay"
name = "Stay there"
say = "Keep still."
dose = "hold 4s"
rest_after = 3
"""


@dataclass
class Running:
    """A server, and what it is made of."""

    port: int
    shelf: Shelf
    maker: Maker
    catalogue: Catalogue
    door: Door
    folder: Path
    """The working folder, with scripts/ in it."""
    told: list[str] = field(default_factory=list)
    """What the terminal was told."""
    keys: list[str] = field(default_factory=list)
    """The keys that were shown."""

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.Client:
        """Return a browser of sorts: it keeps cookies, and says where its forms come from."""
        return httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=30)

    def raw(self, request: bytes, *, seconds: float = 10) -> bytes:
        """Send bytes, whatever they are, and return all that comes back until the other side hangs up."""
        with closing(socket.create_connection(("127.0.0.1", self.port), seconds)) as line:
            line.settimeout(seconds)
            received = b""
            try:
                line.sendall(request)
                while piece := line.recv(65536):
                    received += piece
            except ConnectionError:
                pass
            return received

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return status and text of an answer to exactly this path, which no client tidied up."""
        lines = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        answer = self.raw(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()).decode("utf-8", "replace")
        return int(answer.split(" ", 2)[1]), answer


def write_routine(folder: Path, slug: str, title: str = "Short", audience: str = "adult") -> Path:
    """Write a routine of half a minute; return its file."""
    path = folder / "scripts" / f"{slug}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SHORT.format(title=title, audience=audience), "utf-8")
    return path


@contextmanager
def running(
    folder: Path, *, locked: bool = False, limit_bytes: int = 50_000_000
) -> Iterator[Running]:
    """Run a server over the routines of a folder alone, spoken by the silent voice."""
    for name in ("user", "bundled"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sounds = Library().find_sound("tick").parent
    if not (folder / "audio").exists():
        (folder / "audio").mkdir()
        (folder / "audio" / "sounds").symlink_to(sounds)

    def open_library() -> Library:
        return Library(folder, user_folder=folder / "user", bundled_folder=folder / "bundled")

    told: list[str] = []
    keys: list[str] = []
    [listener] = open_sockets(["127.0.0.1"], 0)
    port = listener.getsockname()[1]
    shelf = Shelf(folder / "kept", limit_bytes=limit_bytes)
    maker = Maker(shelf, report=told.append)
    door = Door(locked=locked, show_key=keys.append)
    if locked:
        door.new_key()
    catalogue = Catalogue(
        Wishes(voice="silent"), open_library=open_library, today=lambda: "2026-01-02"
    )
    names = names_of(["127.0.0.1"], port)
    app = make_app(catalogue, maker, shelf, door, names=names, port=port)
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(app, [listener]), kwargs={"stop": stop})
    thread.start()
    try:
        yield Running(port, shelf, maker, catalogue, door, folder, told, keys)
    finally:
        stop.set()
        maker.end()
        thread.join(10)
        assert not thread.is_alive(), "the server did not end"
