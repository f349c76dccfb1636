"""A session as one HTML file: the page round the MP3, which is the same as the exported one.

Its mark is two lines in its head. The tags of its audio are those of the MP3 in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from voicecoach.errors import ExportError
from voicecoach.export.format import Format
from voicecoach.export.formats.mp3 import RATES_KBPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.track import TrackPlan

FORMATS: Final = (
    Format(
        "html",
        "HTML (a page that plays)",
        ".html",
        __name__,
        {"page": __name__},
        is_page=True,
        bitrates_kbps=RATES_KBPS,
    ),
)

_MARK: Final = re.compile(
    rb'<meta name="generator" content="voicecoach [0-9][^"<>]*">\s*'
    rb'<meta name="voicecoach:made-from" content="([0-9a-f]*)">'
)
_SEARCHED_BYTES: Final = 4096


def check() -> None:
    """Raise EncoderUnavailableError where the MP3 in the page cannot be made."""
    from voicecoach.export import lame

    lame.check()


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples as MP3 into `folder`, then a page that holds it, and return the page."""
    from voicecoach.export import lame
    from voicecoach.export.page.as_html import write_with_audio
    from voicecoach.export.page.model import page_of

    audio = lame.encode(pcm, plan, folder)
    tags = plan.settled().tags
    if tags.script is None:
        raise ExportError("a page shows a whole session, and there are only samples; choose .mp3")
    track = folder / "track.html"
    with track.open("wb") as file:
        write_with_audio(page_of(tags.script), audio, file, made_from=tags.made_from)
    audio.unlink()
    return track


def mark(path: Path) -> str | None:
    """Return the text of our mark in a page; None without one."""
    with path.open("rb") as file:
        found = _MARK.search(file.read(_SEARCHED_BYTES))
    return found[1].decode("ascii") if found else None
