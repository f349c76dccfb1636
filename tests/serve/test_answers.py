"""What a browser gets: the list, a routine that is made, its page, its audio."""

from __future__ import annotations

import base64
import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.serve.running import Running, running, write_routine

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a server with one routine for adults and one for children."""
    folder = tmp_path_factory.mktemp("serve")
    write_routine(folder, "short", "Short one")
    write_routine(folder, "games", "Games", "child")
    with running(folder) as server:
        yield server


def make(client: httpx.Client, address: str) -> str:
    """Have a session made as a person does, and return the page that offers it."""
    client.get(address)
    answer = client.post(address, follow_redirects=True)
    until = time.monotonic() + 60
    while "Being made" in answer.text or "Waiting" in answer.text:
        assert 'http-equiv="refresh"' in answer.text
        assert time.monotonic() < until
        time.sleep(0.1)
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_list_says_what_there_is_and_filters_it(server: Running) -> None:
    """Both are there; an audience leaves one of them."""
    with server.client() as client:
        everything = client.get("/").text
        children = client.get("/?for=child").text
    assert "Short one" in everything
    assert "Games" in everything
    assert "Games" in children
    assert "Short one" not in children


def test_list_fits_to_minutes(server: Running) -> None:
    """A length that a routine can have leads to it at that length; another to the nearest that it can."""
    offer = server.catalogue.offer("short", "")
    between = server.catalogue.minutes_range(offer)
    assert between is not None
    least, most = between
    with server.client() as client:
        assert f'href="/routine/short?minutes={least}"' in client.get(f"/?minutes={least}").text
        far = client.get("/?minutes=90").text
        assert f'href="/routine/short?minutes={most}"' in far
        assert "as near as it can" in far
        assert client.get("/routine/short?minutes=90").status_code == 404


@pytest.mark.parametrize(
    "query", ["for=dog", "minutes=0", "minutes=91", "minutes=x", "minutes=%D9%A3", "language=../x"]
)
def test_list_refuses_what_is_no_choice(server: Running, query: str) -> None:
    """Only a few values mean something."""
    with server.client() as client:
        assert client.get(f"/?{query}").status_code == 404


def test_session_is_made_played_and_downloaded(server: Running) -> None:
    """The whole way; the page plays the audio that is beside it, and nothing else may run in it."""
    with server.client() as client:
        ready = make(client, "/routine/short")
        [play] = re.findall(r'href="(/play/[0-9a-f]{32})"', ready)
        page = client.get(play)
        assert page.status_code == 200
        assert "Short one" in page.text
        policy = page.headers["content-security-policy"]
        assert "script-src 'sha256-" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        [address] = re.findall(r'src="(/audio/[0-9a-f]{32}\.mp3)"', page.text)
        audio = client.get(address)
        assert audio.headers["content-type"] == "audio/mpeg"
        kept = client.get(f"{address}?save=1").headers["content-disposition"]
        assert kept.startswith("attachment")
    assert audio.content[:3] == b"ID3"


def test_audio_in_parts(server: Running) -> None:
    """Players ask for parts, look first, and ask whether it has changed."""
    with server.client() as client:
        make(client, "/routine/short")
        [address] = re.findall(r"/audio/[0-9a-f]{32}\.mp3", client.get("/routine/short").text)[:1]
        whole = client.get(address)
        size = len(whole.content)
        part = client.get(address, headers={"Range": "bytes=100-199"})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes 100-199/{size}"
        assert part.content == whole.content[100:200]
        last = client.get(address, headers={"Range": "bytes=-50"})
        assert last.content == whole.content[-50:]
        beyond = client.get(address, headers={"Range": f"bytes={size}-"})
        assert beyond.status_code == 416
        assert beyond.headers["content-range"] == f"bytes */{size}"
        several = client.get(address, headers={"Range": "bytes=0-1,5-6"})
        assert (several.status_code, len(several.content)) == (200, size)
        tag = whole.headers["etag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        other = client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
        assert (other.status_code, len(other.content)) == (200, size)
        look = client.head(address)
        assert (look.status_code, look.content) == (200, b"")
        assert look.headers["content-length"] == str(size)


def test_the_page_as_one_file(server: Running) -> None:
    """It has its audio in it and asks no server for anything."""
    with server.client() as client:
        make(client, "/routine/short")
        listed = client.get("/routine/short").text
        [address] = re.findall(r"/page/[0-9a-f]{32}\.html", listed)
        [audio] = re.findall(r"/audio/[0-9a-f]{32}\.mp3", listed)
        answer = client.get(address)
        sound = client.get(audio).content
        assert client.get(f"/page/{'0' * 32}.html").status_code == 404
    assert answer.headers["content-disposition"] == "attachment"
    [held] = re.findall(r'src="data:audio/mpeg;base64,([^"]+)"', answer.text)
    assert base64.b64decode(held) == sound
    assert audio not in answer.text


def test_same_wish_is_one_making(server: Running) -> None:
    """Who asks for what is on its way waits for the same; what is there is not made again."""
    with server.client() as client:
        for _ in range(3):
            make(client, "/routine/games")
    assert sum("games" in line for line in server.told) == 1


def test_changed_routine_is_another_session(server: Running) -> None:
    """A saved file is seen, and what was made from the older one is not offered for it."""
    path = write_routine(server.folder, "mine", "Before")
    with server.client() as client:
        time.sleep(2.1)
        first = make(client, "/routine/mine")
        path.write_text(path.read_text("utf-8").replace("Before", "After it"), "utf-8")
        time.sleep(2.1)
        second = client.get("/routine/mine").text
    assert "Before" in first
    assert "After it" in second
    assert "Make it ready" in second


def test_hostile_titles_are_text(server: Running) -> None:
    """Nothing that a routine says becomes markup."""
    title = "<script>alert(1)</script>' \\\" onload=x <img src=x>"
    write_routine(server.folder, "hostile", title)
    time.sleep(2.1)
    with server.client() as client:
        for address in ("/", "/routine/hostile"):
            text = client.get(address).text
            assert "&lt;script&gt;alert(1)" in text
            assert "<script" not in text
            assert "<img src=x" not in text
    (server.folder / "scripts" / "hostile.toml").unlink()


def test_broken_file_is_left_out(server: Running) -> None:
    """The list stands in spite of it, and its own address says what is the matter."""
    path = server.folder / "scripts" / "broken.toml"
    path.write_text('voicecoach = 1\ntitle = "No steps"\naudience = "adult"\n', "utf-8")
    time.sleep(2.1)
    with server.client() as client:
        assert "No steps" not in client.get("/").text
        answer = client.get("/routine/broken")
    path.unlink()
    assert answer.status_code == 404
    assert str(server.folder) not in answer.text
