"""The legend of a picture: the looks and names of the things in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.chart import looks
from voicecoach.drawing.chart.rows import LONG_SILENCE_SECONDS, Purpose
from voicecoach.drawing.chart.shapes import Box, Stroke, placed
from voicecoach.errors import Severity
from voicecoach.script.model import NoteKind
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from voicecoach.drawing.chart.shapes import Shape
    from voicecoach.language.phrases import Phrases

SAMPLE_HEIGHT: Final = 40.0
"""Room for a sample, and to the next line of them."""
_STRIP_SCALE: Final = 0.62
"""Of samples from strips."""
_PURPOSE_KEYS: Final = {
    Purpose.WHAT_COMES: "picture_what_comes",
    Purpose.HOW: "picture_how",
    Purpose.CHECK: "picture_check",
    Purpose.STOP: "picture_stop",
    Purpose.CUE: "picture_cue",
    Purpose.TIME: "picture_time",
}


@dataclass(frozen=True)
class Sample:
    """The look of a thing, with its name."""

    name: str
    width: float
    shapes: tuple[Shape, ...]
    """Around the origin."""


def note_name(kind: str, phrases: Phrases) -> str:
    """Return the name of a kind of note."""
    return phrases.print(f"picture_{kind.replace(' ', '_')}")


def samples(
    phrases: Phrases,
    *,
    purposes: Collection[Purpose],
    has_sides: bool,
    has_ticks: bool,
    signs: Collection[str],
    grid: tuple[int, float],
) -> tuple[list[Sample], list[Sample]]:
    """Return samples of strips, and of all else, without what is not in the picture.

    `grid` is how far apart its lines are, in seconds and as a width.
    """
    strips = _strips(phrases, purposes, has_sides=has_sides, has_ticks=has_ticks)
    scaled = [
        Sample(
            name, width * _STRIP_SCALE, tuple(placed(shape, 0, 0, _STRIP_SCALE) for shape in shapes)
        )
        for name, width, shapes in strips
    ]
    others = [
        Sample(name, width, tuple(shapes)) for name, width, shapes in _others(phrases, signs, grid)
    ]
    return scaled, others


def _strips(
    phrases: Phrases, purposes: Collection[Purpose], *, has_sides: bool, has_ticks: bool
) -> Iterator[tuple[str, float, Iterable[Shape]]]:
    """Yield name, width and shapes of what strips and the overview hold."""
    said = phrases.print
    yield said("picture_lead_in"), 34, looks.phase(Phase.GET_READY, 0, 0, 34)
    yield said("picture_work"), 34, looks.phase(Phase.WORK, 0, 0, 34)
    for side in ("left", "right") if has_sides else ():
        ground = looks.phase(Phase.WORK, 0, 0, 34, side)
        yield phrases.side(side), 34, (*ground, *looks.arrow(side, 12, 24))
    yield said("picture_rest"), 34, looks.phase(Phase.REST, 0, 0, 34)
    for purpose, key in _PURPOSE_KEYS.items():
        if purpose not in purposes and not (has_ticks and purpose is Purpose.TIME):
            continue
        shapes, width = [*looks.bar(purpose, 0, 0, 30)], 30.0
        if purpose is Purpose.STOP:
            shapes += looks.sign("stop", 46, 27, 20)
            width = 56.0
        if purpose is Purpose.TIME and has_ticks:
            shapes = [shape for x in (2, 15, 28) for shape in looks.tone("tick", x, 0)]
        yield said(key), width, shapes
    yield said("picture_tone"), 28, (*looks.tone("start", 1, 0), *looks.tone("end", 27, 0))
    heights = enumerate((15.0, 25.0, 10.0, 20.0, 5.0))
    talk = [Box(number * 8.0, 36 - height, 8, height, looks.BLUE) for number, height in heights]
    yield said("picture_density"), 40, talk


def _others(
    phrases: Phrases, signs: Collection[str], grid: tuple[int, float]
) -> Iterator[tuple[str, float, Iterable[Shape]]]:
    """Yield name, width and shapes of measures and signs."""
    seconds, width = grid
    lines = [Stroke((x, 5), (x, 25), looks.GRID) for x in (0.5, width - 0.5)]
    between = Stroke((0, 15), (width, 15), looks.GRID, is_dashed=True)
    yield phrases.print("seconds", seconds=seconds), width, (*lines, between)
    silence = phrases.print("picture_silence", seconds=f"{LONG_SILENCE_SECONDS:g}")
    yield silence, 48, looks.silence(0, 48, -26, LONG_SILENCE_SECONDS)
    for kind in NoteKind:
        if kind in signs:
            yield note_name(kind, phrases), 14, looks.sign(kind, 7, 15)
    if severities := [severity for severity in Severity if severity in signs]:
        places = enumerate(severities)
        shapes = [shape for n, kind in places for shape in looks.sign(kind, 7 + 17.0 * n, 15)]
        yield phrases.print("picture_finding"), 17.0 * len(severities) - 3, shapes
