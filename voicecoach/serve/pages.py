"""The pages of the server, from templates that escape whatever they are given."""

from __future__ import annotations

import hashlib
import string
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import HTMLResponse

from voicecoach.drawing.letters import face_rules
from voicecoach.export.page.as_html import source_of
from voicecoach.language.phrases import language_name
from voicecoach.messages import printable

if TYPE_CHECKING:
    from jinja2 import Template

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""A browser may load our style and pictures for the library's pages, and nothing that runs."""
_FAMILY: Final = "PT Sans for voicecoach"
_LETTERS: Final = (
    string.printable
    + "".join(map(chr, range(0xA0, 0x180)))  # Latin
    + "".join(map(chr, range(0x400, 0x460)))  # Cyrillic
    + "–—‘’“”„…•·×←→✓"
)


def page(name: str, *, status: int = 200, **content: Any) -> HTMLResponse:
    """Fill a template with content, which it escapes."""
    return HTMLResponse(_template(name).render(**content), status)


def message(status: int, title: str, text: str, *, home: bool = True) -> HTMLResponse:
    """Return a page that says something and needs no other; `home` offers the way to the list."""
    return _alone("message.html.j2", status, title=title, text=text, home=home)


def doorway() -> HTMLResponse:
    """Return the page of a key that fits: one button, so that no preview of the link spends it."""
    return _alone("doorway.html.j2", 200)


def _alone(name: str, status: int, **content: Any) -> HTMLResponse:
    """Return a page that carries its style, for those who may see nothing else."""
    from markupsafe import Markup

    style = _part("alone.css")
    policy = POLICY.replace("style-src 'self'", f"style-src {source_of(style)}")
    answer = page(name, status=status, style=Markup(style), **content)  # noqa: S704
    answer.headers["Content-Security-Policy"] = policy
    return answer


@cache
def style_sheet() -> bytes:
    """Return the style of the library, with its letters."""
    faces = "\n".join(face_rules(_FAMILY, _LETTERS, ("Regular", "Bold")))
    return f"{faces}\n{_part('library.css')}".encode()


@cache
def style_tag() -> str:
    """Return an entity tag for the style sheet."""
    return hashlib.sha256(style_sheet()).hexdigest()[:16]


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=PackageLoader("voicecoach.serve", "."),
    )
    environment.filters["plain"] = printable
    environment.filters["language_name"] = language_name
    environment.globals["style_tag"] = style_tag
    return environment.get_template(name)


@cache
def _part(name: str) -> str:
    return (resources.files("voicecoach.serve") / name).read_text("utf-8")
