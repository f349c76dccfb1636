"""Text from strangers, made fit for places that show it as it is: tags, captions, pictures."""

from __future__ import annotations

import re

# Control characters, and the ones that turn the direction of writing around: a title from a
# stranger's file must not rewrite the screen of a player.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return a text on one line, without characters that are not there to be seen."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())
