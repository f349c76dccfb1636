"""Text from strangers, made fit for places that show it as it is: messages, tags, captions, pictures."""

from __future__ import annotations

import re

# Control characters, and the ones that turn the direction of writing around: a title from a
# stranger's file must not rewrite the screen of a player.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Return a text on one line, without characters that are not there to be seen."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def escaped(text: str) -> str:
    r"""Return a text with an escape such as `\x1b` for each character that cannot be seen."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
