"""A session as one HTML file: the page round the MP3, which is the same as the exported one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError
from voicecoach.export import lame
from voicecoach.export.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.track import TrackPlan


def check() -> None:
    """Raise EncoderUnavailableError where the MP3 in the page cannot be made."""
    lame.check()


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples as MP3 into `folder`, the page with it in it beside that, and return the page."""
    from voicecoach.export.page.as_html import write_with_audio
    from voicecoach.export.page.model import page_of

    audio = lame.encode(pcm, replace(plan, format=FORMATS["mp3"]), folder)
    tags = plan.settled().tags
    if tags.script is None:
        raise ExportError("a page shows a whole session, and there are only samples; choose .mp3")
    track = folder / "track.html"
    with track.open("wb") as file:
        write_with_audio(page_of(tags.script), audio, file, made_from=tags.made_from)
    audio.unlink()
    return track
