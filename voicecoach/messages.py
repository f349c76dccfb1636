"""Texts from strangers, made fit for messages, tags, captions and pictures."""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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


def clock(seconds: float) -> str:
    """Return a time as `m:ss.t`, or `h:mm:ss.t` from one hour on."""
    tenths = round(seconds * 10)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    rest = f"{minutes:02}:{tenths / 10:04.1f}" if hours else f"{minutes}:{tenths / 10:04.1f}"
    return f"{hours}:{rest}" if hours else rest


def whole_clock(seconds: float) -> str:
    """Return a time in whole seconds as `m:ss` or `h:mm:ss`."""
    return clock(round(seconds)).partition(".")[0]


MAX_OFFERED: Final = 40


def quoted(value: object) -> str:
    """Return a value for a message: short, and without characters that act on a terminal."""
    match value:
        case str():
            return f'"{escaped(value)}"' if len(value) <= 40 else f'"{escaped(value[:39])}…"'
        case bool():
            return str(value).lower()
        case int() | float():
            return (
                f"{value:.15g}"
                if abs(value) < 1e15 or isinstance(value, float)
                else "a huge number"
            )
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate that was probably meant; nothing where none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = get_close_matches(name[:64].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def suggestion(name: str, candidates: Collection[str], *, mark: str = '"') -> str:
    """Return `did you mean "x"?`, or all there is to choose from."""
    if found := nearest(name, candidates):
        return f"did you mean {mark}{found}{mark}?"
    return _there_are(candidates)


def instead(name: str, candidates: Collection[str]) -> str:
    """Return `did you mean "x"?` and all there is to choose from."""
    if found := nearest(name, candidates):
        return f'did you mean "{found}"? {_there_are(candidates, "There")}'
    return _there_are(candidates)


def _there_are(candidates: Collection[str], there: str = "there") -> str:
    offered = (name if len(name) <= 60 else f"{name[:59]}…" for name in candidates)
    listed = ", ".join(islice(offered, MAX_OFFERED)) or "none"
    more = ", …" if len(candidates) > MAX_OFFERED else ""
    return f"{there} {'is' if len(candidates) == 1 else 'are'} {listed}{more}"


def choose_from(name: str, candidates: Collection[str]) -> str:
    """Return `"morming"; did you mean "morning"? There are: morning, evening` for a wrong name."""
    there_are = f"{'is' if len(candidates) == 1 else 'are'}: {', '.join(candidates) or 'none'}"
    if near := nearest(name, candidates):
        return f'{quoted(name)}; did you mean "{near}"? There {there_are}'
    return f"{quoted(name)}; there {there_are}"


def alternatives(words: Sequence[str], last: str = "or") -> str:
    """Return `a, b or c`."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
