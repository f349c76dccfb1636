"""`voicecoach serve` as a person starts and ends it."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from typing import TYPE_CHECKING

import httpx
import pytest
import segno
from typer.testing import CliRunner

from tests.serve.commanded import commanded
from tests.serve.running import write_routine
from voicecoach.cli import app
from voicecoach.errors import ServeError
from voicecoach.serve import lan

if TYPE_CHECKING:
    from pathlib import Path


def test_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    """Even while somebody is connected and a session is being made, of which no half is kept."""
    write_routine(tmp_path, "short")
    with commanded(tmp_path) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", server.address)
        with httpx.Client(
            base_url=server.url, headers={"Origin": server.url}, timeout=60
        ) as client:
            client.get("/")
            assert client.post("/routine/short").status_code == 303
            with socket.create_connection(("127.0.0.1", server.port)):
                began = time.monotonic()
                assert server.end() == 130
                assert time.monotonic() - began < 8
        assert server.process.stderr is not None
        said = server.process.stderr.read()
    assert said.endswith("Stopped.\n")
    assert "Traceback" not in said
    sessions = tmp_path / "cache" / "sessions"
    kept = {path.stem for path in sessions.glob("*.html")} if sessions.exists() else set()
    assert all((sessions / f"{name}.mp3").exists() for name in kept)


def test_port_in_use_is_said(tmp_path: Path) -> None:
    """With what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = CliRunner().invoke(app, ["serve", "--port", str(port), "--voice", "silent"])
    assert result.exit_code == 1
    assert f"port {port} at 127.0.0.1" in result.stderr
    assert "--port 8766" in result.stderr


@pytest.mark.parametrize("options", [["--port", "70000"], ["--cache-mb", "1"], ["--minutes", "5"]])
def test_wrong_usage(options: list[str]) -> None:
    """What cannot be is refused before anything is opened."""
    assert CliRunner().invoke(app, ["serve", *options]).exit_code == 2


def has_local_network() -> bool:
    """Return whether this computer is in one."""
    with contextlib.suppress(ServeError):
        return bool(lan.lan_address())
    return False


needs_network = pytest.mark.skipif(not has_local_network(), reason="needs a local network")


@needs_network
def test_lan_lets_one_device_in_and_shows_the_next_key(tmp_path: Path) -> None:
    """Over the address of the network as over that of this computer, nothing without the key."""
    write_routine(tmp_path, "short", "Short one")
    with commanded(tmp_path, "--lan") as server:
        assert f"//{lan.lan_address()}:" in server.url
        path = server.address.removeprefix(server.url)
        for base in (server.url, f"http://127.0.0.1:{server.port}"):
            assert httpx.get(base, timeout=60).status_code == 403
        with httpx.Client(base_url=server.url, headers={"Origin": server.url}, timeout=60) as phone:
            assert phone.post(path).status_code == 303
            assert "Short one" in phone.get("/").text
        assert server.process.stdout is not None
        following = server.process.stdout.readline().strip()
        assert following.startswith(f"{server.url}/k/")
        assert following != server.address
        assert server.end() == 130


def test_no_network_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do; and so is an address that all the world reaches."""
    monkeypatch.setattr(lan, "_SOMEWHERE", ("127.0.0.9",))
    with pytest.raises(ServeError, match="join the Wi-Fi"):
        lan.lan_address()
    monkeypatch.setattr(lan, "_address_towards", lambda _place: lan.IPv4Address("203.0.114.5"))
    with pytest.raises(ServeError, match="open internet"):
        lan.lan_address()


def test_code_is_dark_on_light_in_any_terminal() -> None:
    """Half blocks draw the modules as the standard has them, and both colours are named."""
    address = "http://192.168.178.123:8765/k/" + "aZ09-_" * 4
    drawn = lan.code(address).splitlines()
    assert all(line.startswith("\x1b[38;5;231;48;5;16m") for line in drawn)
    assert len(drawn) <= 20  # a terminal of 24 lines has room for it, and for what is said below
    halves = {" ": (0, 0), "█": (1, 1), "▀": (1, 0), "▄": (0, 1)}
    lines = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in drawn]
    shown = [[halves[letter][half] for letter in line] for line in lines for half in (0, 1)]
    wanted = [
        [1 - module for module in row]
        for row in segno.make(address, error="l").matrix_iter(border=2)
    ]
    assert shown[: len(wanted)] == wanted
