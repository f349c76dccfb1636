"""Captions: the sentences of a session with their times, and the files that hold them.

A caption is one sentence, shown from its first word until the next sentence of the same utterance
begins, or until it has been said. Tones have no captions: they are what the words announce.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from voicecoach.files.replacing import MARK
from voicecoach.messages import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voicecoach.script.model import Cue, Script

_CREDIT_SECONDS = 1.0
_SILENCE_SECONDS = 1.0
"""After a longer silence, a player that shows the present line shows none."""


@dataclass(frozen=True)
class Caption:
    """A line of text with its time."""

    start_seconds: float
    """From the start of the session."""
    end_seconds: float
    """When it goes away; never after the next one comes."""
    text: str
    """One sentence as it was written."""


def captions(script: Script) -> tuple[Caption, ...]:
    """Return every sentence of a session, in order."""
    found = [
        caption
        for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        for cue in segment.cues
        for caption in _of_cue(cue, start)
    ]
    found.sort(key=lambda caption: caption.start_seconds)
    shown = [
        replace(caption, end_seconds=min(caption.end_seconds, later.start_seconds))
        for caption, later in pairwise(found)
    ]
    return (*shown, *found[-1:])


def _of_cue(cue: Cue, segment_start_seconds: float) -> Iterator[Caption]:
    start = segment_start_seconds + cue.start_seconds
    starts = [start + sentence.offset_seconds for sentence in cue.sentences]
    ends = [*starts[1:], segment_start_seconds + cue.end_seconds]
    for sentence, begin, end in zip(cue.sentences, starts, ends, strict=False):
        yield Caption(begin, end, printable(sentence.text))


def as_lrc(lines: Sequence[Caption], title: str = "") -> str:
    """Return the captions as LRC, which music players show line by line; times to the hundredth."""
    head = [f"[ti:{printable(title)}]"] if title else []
    return "\n".join([*head, f"[re:{MARK}]", *lrc_lines(lines)]) + "\n"


def lrc_lines(lines: Sequence[Caption]) -> Iterator[str]:
    """Yield the lines of an LRC file without its head."""
    for seconds, text in timed_lines(lines):
        yield f"[{_lrc_clock(seconds)}]{text}"


def timed_lines(lines: Sequence[Caption]) -> Iterator[tuple[float, str]]:
    """Yield the second and the text of each line; an empty one clears the screen in a silence."""
    for caption, later in zip(lines, [*lines[1:], None], strict=False):
        yield caption.start_seconds, caption.text
        if later is None or later.start_seconds - caption.end_seconds > _SILENCE_SECONDS:
            yield caption.end_seconds, ""


def _lrc_clock(seconds: float) -> str:
    minutes, hundredths = divmod(round(seconds * 100), 6000)
    return f"{minutes:02}:{hundredths / 100:05.2f}"


def as_srt(lines: Sequence[Caption], title: str = "") -> str:  # noqa: ARG001  (SRT has no title)
    """Return the captions as SubRip.

    It knows no comments, so our mark is a last caption that begins when everything has been said.
    """
    end = lines[-1].end_seconds if lines else 0.0
    credit = Caption(end, end + _CREDIT_SECONDS, MARK)
    blocks = [
        f"{number}\n{clock(caption.start_seconds, ',')} --> {clock(caption.end_seconds, ',')}\n"
        f"{caption.text}\n"
        for number, caption in enumerate([*lines, credit], 1)
    ]
    return "\n".join(blocks)


def as_vtt(lines: Sequence[Caption], title: str = "") -> str:
    """Return the captions as WebVTT, which web pages show."""
    head = f"WEBVTT{f' - {printable(title)}' if title else ''}".replace("-->", "->")
    blocks = [
        f"{clock(caption.start_seconds)} --> {clock(caption.end_seconds)}\n"
        f"{escape(caption.text, quote=False)}\n"
        for caption in lines
    ]
    return "\n".join([f"{head}\n", f"NOTE {MARK}\n", *blocks])


def clock(seconds: float, point: str = ".") -> str:
    """Return a time as `hh:mm:ss.mmm`."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, whole = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{whole:02}{point}{milliseconds:03}"


CAPTION_FILES: dict[str, Callable[[Sequence[Caption], str], str]] = {
    "lrc": as_lrc,
    "srt": as_srt,
    "vtt": as_vtt,
}
"""The kinds of caption file by name, which is their ending; each takes the captions and a title."""
