"""The mark of a session page: two lines in its head. The tags of its audio are those of the MP3 in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_MARK: Final = re.compile(
    rb'<meta name="generator" content="voicecoach [0-9][^"<>]*">\s*'
    rb'<meta name="voicecoach:made-from" content="([0-9a-f]*)">'
)
_SEARCHED_BYTES: Final = 4096


def mark(path: Path) -> str | None:
    """Return what our mark in a page says."""
    with path.open("rb") as file:
        found = _MARK.search(file.read(_SEARCHED_BYTES))
    return found[1].decode("ascii") if found else None
