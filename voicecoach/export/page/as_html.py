"""A page as one HTML file that needs no other, or only its audio.

Texts come from strangers, so two ways into the page are shut. The template escapes all it is given
but what is made here: the style, the program, the figures, and the session as JSON, in which no
bracket and no ampersand is left. And the page's policy names its one program and its one style by
their hashes, so what slipped through could not run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from voicecoach import __version__
from voicecoach.drawing.letters import face_rules
from voicecoach.export.page import figures
from voicecoach.export.page.model import as_json
from voicecoach.messages import whole_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from jinja2 import Template

    from voicecoach.drawing.letters import Style
    from voicecoach.export.page.model import Page

MARK: Final = f"voicecoach {__version__}"
EMBEDDED: Final = "data:audio/mpeg;base64,"
"""The address of audio that stands in the page itself, without the audio."""
_STYLES: Final[tuple[Style, ...]] = ("Regular", "Bold")
_FAMILY: Final = "PT Sans for voicecoach"
_ALWAYS: Final = "0123456789:/.,×+−–…%·"
"""Characters that the player writes and no text need hold."""
_IN_SCRIPTS: Final = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""What ends a script element, or begins something in it, and how JSON says it otherwise."""
_CHUNK_BYTES: Final = 3 << 16
"""A multiple of three, so that base64 of the parts is base64 of the whole."""


@dataclass(frozen=True)
class TranscriptLine:
    """A sentence of the text."""

    clock: str
    text: str


@dataclass(frozen=True)
class ChapterText:
    """A chapter to be read."""

    clock: str
    title: str
    figure: str
    lines: tuple[TranscriptLine, ...]


def render(page: Page, *, audio: str, made_from: str = "") -> bytes:
    """Return the file; `audio` is the address of the audio, as it stands in the page.

    `made_from` is the fingerprint of all that page and audio are made from.
    """
    from markupsafe import Markup

    texts = tuple(_chapters(page))
    session = json.dumps(as_json(page), ensure_ascii=False, separators=(",", ":"))
    letters = "".join(sorted({*session, *session.upper(), *_ALWAYS}))
    faces = "\n".join(face_rules(_FAMILY, letters, _STYLES))
    style = f"{faces}\n{_part('page.css')}"
    program = _part("player.js")
    document = _template().render(
        page=page,
        words=page.words,
        chapters=texts,
        audio=audio,
        mark=MARK,
        made_from=made_from,
        policy=_policy(style, program, audio),
        figures={name: Markup(shapes) for name, shapes in figures.symbols().items()},  # noqa: S704
        figure_box=figures.VIEW_BOX,
        film_mp4=_film("mp4"),
        film_webm=_film("webm"),
        style=Markup(style),  # noqa: S704
        program=Markup(program),  # noqa: S704
        session=Markup(session.translate(_IN_SCRIPTS)),  # noqa: S704
    )
    return document.encode()


def write_with_audio(page: Page, audio: Path, file: BinaryIO, *, made_from: str) -> None:
    """Write the page with its audio in it, the same as the exported track, in constant memory."""
    document = render(page, audio=EMBEDDED, made_from=made_from)
    file.writelines(with_audio(document, EMBEDDED, audio))


def with_audio(document: bytes, address: str, audio: Path) -> Iterator[bytes]:
    """Yield a page with its audio in place of the audio's address, piece by piece."""
    # No text can hold such quotes.
    head, _, tail = document.partition(f'src="{address}'.encode())
    yield head + f'src="{EMBEDDED}'.encode()
    with audio.open("rb") as source:
        while piece := source.read(_CHUNK_BYTES):
            yield base64.b64encode(piece)
    yield tail


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_part("page.html.j2"))


@cache
def _part(name: str) -> str:
    return (resources.files("voicecoach.export.page") / name).read_text("utf-8")


@cache
def _film(kind: str) -> str:
    """Return the address of the silent film, which keeps the screen on where nothing else may.

    Four black pictures, a second each, made with `ffmpeg -f lavfi -i color=black:size=16x16:rate=1
    -t 4 -an`, and `-c:v libx264 -profile:v baseline -pix_fmt yuv420p -movflags +faststart` or `-c:v
    libvpx`.
    """
    film = (resources.files("voicecoach.export.page") / f"film.{kind}").read_bytes()
    return f"data:video/{kind};base64,{base64.b64encode(film).decode()}"


def _policy(style: str, program: str, audio: str) -> str:
    """Return the policy: the browser loads and runs what is in the page, and nothing else."""
    rules = {
        "default-src": "'none'",
        "script-src": source_of(program),
        "style-src": source_of(style),
        "img-src": "data:",
        # A file on the disk is no origin of its own: its scheme is named.
        "media-src": "data: blob:" if audio == EMBEDDED else "'self' file: data: blob:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def source_of(text: str) -> str:
    """Return the name that a policy has for a style or a program in the page: its hash."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _chapters(page: Page) -> Iterator[ChapterText]:
    """Yield the whole text, for those whose browser runs no scripts."""
    for chapter in page.chapters:
        lines = tuple(
            TranscriptLine(whole_clock(caption.start_seconds), caption.text)
            for caption in page.captions
            if chapter.start_seconds <= caption.start_seconds < chapter.end_seconds
        )
        yield ChapterText(whole_clock(chapter.start_seconds), chapter.title, chapter.figure, lines)
