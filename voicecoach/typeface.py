"""The letters that we draw with, and strangers' texts made fit to be drawn with them.

PT Sans has the Latin and Cyrillic letters of nearly all languages of Europe.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path


Style = Literal["Regular", "Bold", "Italic"]


@cache
def font_file(style: Style) -> Path:
    """Return the TrueType file of the letters of a style."""
    from fontpkg_pt_sans import ROOT

    folder: Path = ROOT / "files"
    return folder / f"PT_Sans-Web-{style}.ttf"


def visible(text: str) -> str:
    """Return a text on one line, without characters that are not there to be seen.

    Control characters go, those that turn the direction of writing around, and marks that stand on no
    letter of their own: a stranger's title must not spill over what is beside it.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = [" " if _is_gap(character) else character for character in composed]
    return " ".join("".join(filter(_is_seen, kept)).split())


def _is_gap(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp", "Zs"}


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CM"
