"""What the server does not do: for strangers' pages, for malformed requests, without the key."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.serve.running import Running, running, write_routine
from voicecoach.serve import server as server_module
from voicecoach.serve.door import MOST_PASSES, WRONG_KEYS, Door, WrongKeys
from voicecoach.serve.guard import HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.serve.shelf import Kept

HIDDEN = "A title that nobody without the key sees"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a server for this computer."""
    folder = tmp_path_factory.mktemp("serve")
    write_routine(folder, "short", HIDDEN)
    with running(folder) as server:
        yield server


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a server with a locked door."""
    folder = tmp_path_factory.mktemp("locked")
    write_routine(folder, "short", HIDDEN)
    with running(folder, locked=True) as server:
        yield server


# ---------------------------------------------------------------------------------- other sites


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:{port}",
        "",
        "a@127.0.0.1:{port}",
    ],
)
def test_other_names_are_refused(server: Running, name: str) -> None:
    """A stranger's name that leads here gets nothing: DNS rebinding."""
    status, answer = server.get("/", Host=name.format(port=server.port))
    assert status in (400, 421)
    assert HIDDEN not in answer


def test_own_names_are_answered(server: Running) -> None:
    """In any spelling."""
    for name in ("localhost", "LOCALHOST", "127.0.0.1", "[::1]"):
        assert server.get("/", Host=f"{name}:{server.port}")[0] == 200


def test_two_host_headers_are_refused(server: Running) -> None:
    """Neither of them counts."""
    host = f"Host: 127.0.0.1:{server.port}\r\n"
    answer = server.raw(f"GET / HTTP/1.1\r\n{host}{host}Connection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 421"))


def test_every_answer_is_locked_down(server: Running) -> None:
    """Pages, files, refusals and mistakes; nothing is for other origins."""
    for path in (
        "/",
        "/style.css",
        "/nowhere",
        "/routine/short",
        "/play/x",
        "/cover/short.jpg",
        "/k/x",
    ):
        with server.client() as client:
            headers = client.get(path, headers={"Origin": "http://evil.example"}).headers
        for name in HEADERS.keys() - {"Cache-Control", "Content-Security-Policy"}:
            assert headers[name] == HEADERS[name], (path, name)
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert not [name for name in headers if name.startswith("access-control")]
        assert "server" not in headers


def started(server: Running) -> bool:
    """Return whether anything was asked of the maker."""
    return bool(server.maker._orders or server.told)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Sec-Fetch-Site": "same-site"},
        {
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
        {"Origin": "http://127.0.0.1:{port}", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_pages_of_others_start_nothing(server: Running, headers: dict[str, str]) -> None:
    """Not even with our cookie."""
    with httpx.Client(base_url=server.url) as client:
        client.get("/")
        assert client.cookies
        sent = {name: value.format(port=server.port) for name, value in headers.items()}
        assert client.post("/routine/short", headers=sent).status_code == 403
    assert not started(server)


def test_nothing_starts_without_the_cookie(server: Running) -> None:
    """Whoever never looked at a page of ours has none; the refusal brings it."""
    with server.client() as client:
        refused = client.post("/routine/short")
        assert refused.status_code == 403
        cookie = refused.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert not started(server)


def test_parts_for_pages_of_others_are_refused(server: Running) -> None:
    """A picture or a script of ours is none of theirs, and a link to us is one."""
    image = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    frame = {**link, "Sec-Fetch-Dest": "iframe"}
    assert server.get("/cover/short.jpg", **image)[0] == 403
    assert server.get("/", **frame)[0] == 403
    assert server.get("/", **link)[0] == 200


# ------------------------------------------------------------------------------ what is no request

PATHS = [
    "/../../../etc/passwd",
    "/audio/../../../../etc/passwd",
    "/audio/..%2f..%2f..%2fetc%2fpasswd.mp3",
    "/audio/%2e%2e/%2e%2e/etc/passwd.mp3",
    "/play/..%2f..%2fscripts%2fshort.toml",
    "/play/%00",
    "/routine/..%2f..%2fetc%2fpasswd",
    "/routine/%2fetc%2fpasswd.toml",
    "/routine/scripts%2fshort.toml",
    "/routine/short.toml",
    "/routine/%ff%fe",
    "/cover/..%2fshort.jpg",
    "/routine/" + "a" * 9000,
    "//evil.example/",
    "/%0d%0aSet-Cookie:x=1",
    "http://evil.example/",
    "/scripts/short.toml",
    "/kept/",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
def test_no_path_leads_out(server: Running, path: str) -> None:
    """Whatever stands in an address, it is looked up, and never a path."""
    status, answer = server.get(path)
    assert status in (400, 404, 414, 431)
    assert "root:" not in answer
    assert "voicecoach = 1" not in answer
    assert "Traceback" not in answer
    assert str(server.folder) not in answer
    assert "\r\nSet-Cookie:x" not in answer


MALFORMED = [
    b"\x00" * 100,
    b"\xff\xfe\xfd" * 1000 + b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
]


@pytest.mark.parametrize("number", range(len(MALFORMED)))
def test_malformed_requests_are_refused(
    server: Running, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each gets 400 or nothing, and the next one is answered."""
    monkeypatch.setattr(server_module.Connection, "request_seconds", 0.5)
    answer = server.raw(MALFORMED[number], seconds=15)
    assert not answer or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 421")), answer[:100]
    assert b"Traceback" not in answer
    assert server.get("/style.css")[0] == 200


def test_upgrades_and_other_methods_do_nothing(server: Running) -> None:
    """There are no WebSockets, and nothing is to be deleted or put."""
    status, _ = server.get("/", Upgrade="websocket", Connection="Upgrade, close")
    assert status in (200, 400, 426)
    with server.client() as client:
        client.get("/")
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            assert client.request(method, "/").status_code in (403, 405), method


def test_large_bodies_are_refused(server: Running) -> None:
    """Before they are read."""
    with server.client() as client:
        client.get("/")
        assert client.post("/routine/short", content=b"x" * 5000).status_code == 413
    head = f"Host: 127.0.0.1:{server.port}\r\nOrigin: {server.url}\r\nConnection: close\r\n"
    for length in ("9" * 15, "4097"):
        request = f"POST /routine/short HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n"
        assert server.raw(request.encode()).startswith(b"HTTP/1.1 413")


def test_slow_requests_are_hung_up_on(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that sends nothing, or a byte now and then, ends."""
    monkeypatch.setattr(server_module.Connection, "request_seconds", 0.5)
    for beginning in (
        b"",
        b"GET / HT",
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 10\r\n\r\n12".encode(),
    ):
        with socket.create_connection(("127.0.0.1", server.port), 10) as line:
            began = time.monotonic()
            line.sendall(beginning)
            ended = False
            while not ended and time.monotonic() - began < 8:
                time.sleep(0.2)
                try:
                    line.sendall(b"x" if beginning else b"")
                    line.setblocking(False)
                    ended = line.recv(65536) == b""
                except BlockingIOError:
                    pass
                except OSError:
                    ended = True
            assert ended, beginning


def test_stalled_readers_are_hung_up_on(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes nothing of an answer for too long loses it; who takes it in time gets all of it."""
    monkeypatch.setattr(server_module.Connection, "stall_seconds", 1.0)
    name, size = "0" * 32, 20_000_000  # more than the system keeps for both ends

    def make(kept: Kept) -> None:
        kept.audio.write_bytes(bytes(size))
        kept.page.write_text("", "utf-8")

    server.shelf.put(name, make)
    with server.client() as client:
        pass_ = client.get("/").headers["set-cookie"].partition(";")[0]
    request = f"GET /audio/{name}.mp3 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {pass_}\r\n\r\n"
    received = {}
    for pause in (0.2, 4.0):
        with socket.create_connection(("127.0.0.1", server.port), 10) as line:
            line.sendall(request.encode())
            time.sleep(pause)
            received[pause] = 0
            with suppress(ConnectionError):
                while received[pause] < size and (piece := line.recv(1_000_000)):
                    received[pause] += len(piece)
    assert received[0.2] >= size
    assert 0 < received[4.0] < size


def test_too_many_connections_are_hung_up_on(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who are in are answered; one too many is not."""
    monkeypatch.setattr(server_module.Connection, "most_connections", 5)
    lines = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(8)]
    try:
        time.sleep(0.5)
        open_lines = 0
        for line in lines:
            line.setblocking(False)
            try:
                line.recv(1)
            except BlockingIOError:
                open_lines += 1
            except ConnectionError:
                pass
        assert open_lines == 5
    finally:
        for line in lines:
            line.close()


# -------------------------------------------------------------------------------------- the key


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/style.css",
        "/routine/short",
        "/cover/short.jpg",
        "/play/x",
        "/audio/x.mp3",
        "/nowhere",
        "/favicon.ico",
        "/k",
        "/K/x",
        "//k/x",
        "/routine/../k/x",
    ],
)
def test_without_the_key_nothing_is_served(locked: Running, path: str) -> None:
    """Every path answers the same, and says nothing of the library."""
    status, answer = locked.get(path)
    assert status == 403
    assert "Locked" in answer
    assert "Set-Cookie" not in answer
    for word in (HIDDEN, "short", "routine"):
        assert word not in answer


def test_made_up_passes_open_nothing(locked: Running) -> None:
    """Neither a guess nor nothing, nor letters that are none."""
    name = f"voicecoach-{locked.port}"
    for cookie in (
        f"{name}=",
        f"{name}=x",
        f"{name}=" + "A" * 43,
        f"{name}=\xff\xfe",
        name,
        f"{name}=;{name}=",
    ):
        assert locked.get("/", Cookie=cookie)[0] == 403


def test_key_lets_one_device_in(locked: Running) -> None:
    """Looking does not spend it, spending does; the next device needs the next key."""
    key = locked.keys[-1]
    assert len(key) >= 22  # 128 bits, six to a letter
    with locked.client() as phone, locked.client() as other:
        for _ in range(2):
            looked = phone.get(f"/k/{key}")
            assert looked.status_code == 200
            assert HIDDEN not in looked.text
            assert "set-cookie" not in looked.headers
        assert phone.get("/").status_code == 403
        spent = phone.post(f"/k/{key}")
        assert (spent.status_code, spent.headers["location"]) == (303, "/")
        cookie = spent.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert HIDDEN in phone.get("/").text
        assert locked.keys[-1] != key
        assert other.post(f"/k/{key}").status_code == 403
        assert other.get("/").status_code == 403
        assert other.post(f"/k/{locked.keys[-1]}").status_code == 303
        assert HIDDEN in other.get("/").text


def test_other_sites_cannot_spend_the_key(locked: Running) -> None:
    """Nor can a form without an origin."""
    key = locked.keys[-1]
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}):
        with locked.client() as client:
            assert client.post(f"/k/{key}", headers=headers).status_code == 403
    assert locked.keys[-1] == key


def test_wrong_keys_are_slow_and_few(locked: Running) -> None:
    """The first takes a second; after some of them not even the right one is looked at for a while."""
    with locked.client() as client:
        began = time.monotonic()
        assert client.get("/k/" + "A" * 22).status_code == 403
        assert time.monotonic() - began >= 0.9
        statuses = []
        for _ in range(WRONG_KEYS + 1):
            statuses.append(client.get("/k/wrong").status_code)
            if statuses[-1] == 429:
                break
        assert statuses[-1] == 429
        assert client.post(f"/k/{locked.keys[-1]}").status_code == 429


def test_wrong_keys_are_counted_by_address_and_forgotten() -> None:
    """One address does not shut out another, and a minute later it may try again."""
    now = 0.0
    wrong = WrongKeys(lambda: now)
    for _ in range(WRONG_KEYS):
        assert not wrong.too_many("a")
        wrong.add("a")
    assert wrong.too_many("a")
    assert not wrong.too_many("b")
    now = 61.0
    assert not wrong.too_many("a")
    for number in range(1000):
        wrong.add(str(number))
    assert len(wrong._tried) == 256


def test_passes_are_few() -> None:
    """One device too many sends the first one out."""
    door = Door(locked=True)
    passes = [door.spend(door.new_key()) for _ in range(MOST_PASSES + 1)]
    assert all(passes)
    assert [door.knows(one) for one in passes] == [False] + [True] * MOST_PASSES
    assert not door.knows("")
    assert not door.spend("")
