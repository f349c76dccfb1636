"""The page as a file: what strangers write stays text, and what the browser may run is what we wrote."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import re
import tracemalloc
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.building import compiled, routine, step
from voicecoach.export.formats.html import mark
from voicecoach.export.page.as_html import EMBEDDED, render, write_with_audio
from voicecoach.export.page.figures import symbols
from voicecoach.export.page.model import as_json, page_of

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.export.page.model import Page

BIDI = "\u202e\u2066\u200f"
HOSTILE = (
    "</script><script>window.broken = 1</script><img src=x onerror=alert(1)> \"'> onfocus=x "
    "<!-- <script> --> ]]> &lt;b&gt; &amp; {{ 7 * 7 }} {% raw %} javascript:alert(1) "
    'src="data:audio/mpeg;base64,AAAA" \\u003c </style> </title> \u2028 \x00\x1b[2J' + BIDI
)


def page_with(text: str) -> Page:
    """Return a page of a session in which a stranger's text stands wherever one may."""
    hostile = step(
        "hold", "hold 5s", say=text, name=text, spoken=text, position=f"standing {text}",
        stop_line=text, setup_seconds=30,
    )  # fmt: skip
    return page_of(
        compiled(
            replace(
                routine(hostile, opening=text, closing=text), title=text, summary=text, about=text
            )
        )
    )


class Elements(HTMLParser):
    """The elements of a document, as a browser finds them."""

    def __init__(self, document: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {}
        self.text = ""
        self._open = ""
        self.feed(document.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._open = ""

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self._open in ("script", "style"):
            self.inside.setdefault(self._open, []).append(data)
        else:
            self.text += data

    @property
    def outline(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return which elements there are, with the names of their attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.found]

    @property
    def session(self) -> dict[str, Any]:
        """Return what the player reads."""
        read: dict[str, Any] = json.loads(
            next(text for text in self.inside["script"] if '"version"' in text)
        )
        return read


def test_what_strangers_write_is_text() -> None:
    """The same elements with the same attributes as with plain words, and the words as they were."""
    plain = Elements(render(page_with("Plain words."), audio="x.mp3"))
    hostile = Elements(render(page_with(HOSTILE), audio="x.mp3"))
    assert set(hostile.outline) <= set(plain.outline)
    assert [tag for tag, _ in hostile.found if tag in ("script", "style", "audio", "title")] == [
        tag for tag, _ in plain.found if tag in ("script", "style", "audio", "title")
    ]
    assert not any(
        name.startswith("on") or name == "style" for _, names in hostile.outline for name in names
    )
    assert "<script>window.broken = 1</script>" in hostile.text
    assert "{{ 7 * 7 }}" in hostile.text
    assert "49" not in hostile.session["title"]
    assert hostile.session == json.loads(json.dumps(as_json(page_with(HOSTILE))))


def test_nothing_in_the_session_is_taken_for_markup() -> None:
    """No bracket, no ampersand, and no end of a line that only JavaScript knows."""
    document = render(page_with(HOSTILE), audio="x.mp3").decode()
    (session,) = re.findall(r'id="session"[^>]*>(.*?)</script>', document, re.DOTALL)
    assert not set(session) & set("<>&\u2028\u2029")
    assert "\\u003c/script\\u003e" in session


def test_nothing_turns_the_writing_around() -> None:
    """Neither in what is read at once nor in what the player shows."""
    document = render(page_with(HOSTILE), audio="x.mp3").decode()
    assert not set(document) & set(f"{BIDI}\x00\x1b\u2028")
    assert all(f"\\u{ord(sign):04x}" not in document for sign in f"{BIDI}\x00\x1b")


def test_a_title_of_ten_thousand_letters_is_shown_whole() -> None:
    """It is long, and that is all."""
    title = "<b>Плечи & 背</b> " * 600
    page = page_of(compiled(replace(routine(step()), title=title)))
    elements = Elements(render(page, audio="x.mp3"))
    assert elements.session["title"] == title.strip()
    assert title.strip() in " ".join(elements.text.split())


@pytest.mark.parametrize("audio", [EMBEDDED, "./a%20b.mp3"])
def test_only_what_we_wrote_may_run(audio: str) -> None:
    """The policy names the very program and style of the page, and no other source."""
    document = render(page_with(HOSTILE), audio=audio)
    elements = Elements(document)
    (policy,) = (
        str(attributes["content"])
        for tag, attributes in elements.found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    programs = [text for text in elements.inside["script"] if '"version":1' not in text]
    assert rules["script-src"] == " ".join(map(hash_of, programs))
    assert rules["style-src"] == " ".join(map(hash_of, elements.inside["style"]))
    assert (rules["default-src"], rules["base-uri"], rules["form-action"]) == ("'none'",) * 3
    assert ("'self'" in rules["media-src"]) == (audio != EMBEDDED)
    assert "http" not in policy
    assert "unsafe" not in policy


def hash_of(text: str) -> str:
    """Return a text as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    """No address but that of the audio, and what stands in the page itself."""
    elements = Elements(render(page_with("Go."), audio="x.mp3"))
    addresses = [
        str(text)
        for _, attributes in elements.found
        for name, text in attributes.items()
        if name in ("src", "href", "poster", "action", "srcset", "data")
    ]
    assert "x.mp3" in addresses
    assert all(each == "x.mp3" or each.startswith(("#", "data:")) for each in addresses)
    assert not re.search(r"url\((?!\"data:)|@import", "".join(elements.inside["style"]))


def test_the_page_is_useful_before_any_script_runs() -> None:
    """The title, the audio with its own buttons, a line on how to open it, all words and the safety."""
    page = page_of(
        compiled(
            replace(
                routine(
                    step(stop_line="If it hurts, stop."), opening="Welcome.", closing="Well done."
                ),
                summary="For the back.",
            )
        )
    )
    elements = Elements(render(page, audio="x.mp3"))
    (audio,) = (attributes for tag, attributes in elements.found if tag == "audio")
    assert "controls" in audio
    for text in (page.title, page.summary, page.words["open"], *page.safety):
        assert text in elements.text
    for caption in page.captions:
        assert caption.text in elements.text
    for chapter in page.chapters:
        assert chapter.title in elements.text


def test_the_same_session_gives_the_same_bytes() -> None:
    """Nothing depends on when it is written."""
    one, two = (render(page_with("Go."), audio="x.mp3", made_from="ab12") for _ in range(2))
    assert one == two
    assert render(page_with("Go."), audio="y.mp3", made_from="ab12") != one


def test_every_figure_is_there_once() -> None:
    """Once in the page, to be used as often as there are exercises."""
    found = Elements(render(page_with("Go."), audio="x.mp3")).found
    names = [attributes.get("id") for tag, attributes in found if tag == "symbol"]
    assert names == [f"figure-{name}" for name in symbols()]


def test_the_mark_tells_what_it_was_made_from(tmp_path: Path) -> None:
    """Near the beginning; another page, and one in whose text our mark stands, is not ours."""
    ours, other = tmp_path / "ours.html", tmp_path / "other.html"
    ours.write_bytes(render(page_with(HOSTILE), audio="x.mp3", made_from="ab12"))
    assert mark(ours) == "ab12"
    (written,) = re.findall(
        rb"<meta name=\"generator\".*?>\s*<meta.*?>", ours.read_bytes(), re.DOTALL
    )
    other.write_text(f"<p>{written.decode().replace('<', '&lt;')}</p>", "utf-8")
    assert mark(other) is None
    other.write_text('<meta name="generator" content="voicecoach 0.1.0">', "utf-8")  # a sheet
    assert mark(other) is None


@pytest.mark.slow
def test_an_hour_of_audio_is_never_in_memory(tmp_path: Path) -> None:
    """Thirty megabytes go through in pieces, and come back whole."""
    audio = tmp_path / "hour.mp3"
    audio.write_bytes(random.Random(1).randbytes(30_000_001))
    page = page_with("Go.")
    render(page, audio=EMBEDDED)  # what is loaded once
    tracemalloc.start()
    with (tmp_path / "hour.html").open("wb") as file:
        write_with_audio(page, audio, file, made_from="")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000
    whole = (tmp_path / "hour.html").read_bytes()
    (encoded,) = re.findall(rb'src="data:audio/mpeg;base64,([^"]{1000,})"', whole)
    assert base64.b64decode(encoded, validate=True) == audio.read_bytes()


def test_a_page_is_written_round_its_audio_wherever_texts_name_one() -> None:
    """The place of the audio is found although a text holds the very same letters."""
    file = io.BytesIO()
    empty = type("Empty", (), {"open": lambda _self, _mode: io.BytesIO(b"MP3")})()
    write_with_audio(page_with(HOSTILE), empty, file, made_from="")
    elements = Elements(file.getvalue())
    assert [attributes["src"] for tag, attributes in elements.found if tag == "audio"] == [
        f"{EMBEDDED}{base64.b64encode(b'MP3').decode()}"
    ]
