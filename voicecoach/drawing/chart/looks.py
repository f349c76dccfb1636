"""The looks of the things of a session: shapes as well as colours tell them apart.

The colours are those of Okabe and Ito, which people with any colour vision can tell apart. Printed
in black, work is a framed block, rests are a frame of dashes, and each kind of words is full,
hollow, striped, high or low.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.chart.rows import RESTS, Purpose
from voicecoach.drawing.chart.shapes import Box, Polygon, Stroke, TextShape, text_width
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.drawing.chart.shapes import Point, Shape

INK: Final = "#1a1a1a"
SOFT_INK: Final = "#5a5a5a"
PAPER: Final = "#ffffff"
GRID: Final = "#c9c9c9"

WORK: Final = "#fbe3ae"
_WORK_RIGHT: Final = "#f2c76b"
"""Darker than the left side, which looks like work without sides."""
WORK_EDGE: Final = "#8a6100"
LEAD_IN: Final = "#eceff1"
_REST_EDGE: Final = "#8c9499"

BLUE: Final = "#0072b2"
SKY: Final = "#56b4e9"
GREEN: Final = "#00805f"
VERMILION: Final = "#d55e00"

STRIP_HEIGHT: Final = 48.0
_INSETS: Final = (14.0, 2.0)
"""The margins of all phases but work, above and below."""
_LANE: Final = (19.0, 16.0)
"""From the top of a strip to the bars of words, and their height."""
SIGN_SIZE: Final = 13.0
ARROW_WIDTH: Final = 8.0


def phase(kind: Phase, x: float, y: float, width: float, side: str = "") -> Iterator[Shape]:
    """Yield the ground of a phase in a strip that begins at `y`."""
    if kind is Phase.WORK:
        ground = _WORK_RIGHT if side == "right" else WORK
        yield Box(x, y, width, STRIP_HEIGHT, ground, WORK_EDGE, 1.4)
        return
    top, foot = y + _INSETS[0], y + STRIP_HEIGHT - _INSETS[1]
    if kind in RESTS:
        for edge in (top, foot):
            yield Stroke((x, edge), (x + width, edge), _REST_EDGE, 1.2, is_dashed=True)
    else:
        yield Box(x, top, width, foot - top, LEAD_IN)


def arrow(side: str, x: float, y: float) -> Iterator[Shape]:
    """Yield an arrow to a side, ARROW_WIDTH wide, around a height."""
    tip, foot = (x, x + ARROW_WIDTH) if side == "left" else (x + ARROW_WIDTH, x)
    yield Polygon(((tip, y), (foot, y - 4.5), (foot, y + 4.5)), INK)


def bar(purpose: Purpose, x: float, y: float, width: float) -> Iterator[Shape]:
    """Yield the bar of words in a strip that begins at `y`."""
    top, height = y + _LANE[0], _LANE[1]
    width = max(width, 1.5)
    match purpose:
        case Purpose.HOW:
            yield Box(x, top, width, height, BLUE)
        case Purpose.WHAT_COMES:
            yield Box(x, top, width, height, PAPER, BLUE, 1.6)
        case Purpose.CHECK:
            yield Box(x, top, width, height, SKY)
            for at in range(3, int(width), 5):
                yield Stroke((x + at, top), (x + at, top + height), PAPER, 1.0)
        case Purpose.STOP:
            yield Box(x, top - 5, width, height + 10, VERMILION, INK, 1.4)
        case Purpose.CUE:
            yield Box(x, top, width, height, GREEN)
            yield from _hatching(x, top, width, height)
        case Purpose.TIME:
            yield Box(x, top + height / 2, width, height / 2, INK)


def _hatching(x: float, y: float, width: float, height: float) -> Iterator[Shape]:
    for across in range(5, int(width + height), 6):
        start = (x + max(0.0, across - height), y + min(float(across), height))
        end = (x + min(float(across), width), y + max(0.0, across - width))
        yield Stroke(start, end, PAPER, 1.1)


def tone(name: str, x: float, y: float) -> Iterator[Shape]:
    """Yield the sign of a sound in a strip that begins at `y`: a post, with a flag for a tone."""
    if name == "tick":
        yield Stroke((x, y + _LANE[0] + 8), (x, y + _LANE[0] + _LANE[1]), INK, 1.4)
        return
    yield Stroke((x, y - 6), (x, y + STRIP_HEIGHT), INK, 1.6)
    if name == "end":
        yield Box(x - 7, y - 7, 7.8, 7.8, INK)
    else:
        yield Polygon(((x - 0.8, y - 8), (x + 8, y - 3.5), (x - 0.8, y + 1)), INK)


def silence(x: float, end: float, y: float, seconds: float) -> Iterator[Shape]:
    """Yield a measure of a silence, at the foot of a strip that begins at `y`."""
    foot = y + STRIP_HEIGHT - 7
    text = f"{seconds:.0f} s"
    half = text_width(text, 10, "Bold") / 2 + 3
    middle = (x + end) / 2
    for edge, inner in ((x + 1.5, middle - half), (end - 1.5, middle + half)):
        yield Stroke((edge, foot - 4), (edge, foot + 4), INK, 1.2)
        if abs(inner - edge) > 1:
            yield Stroke((edge, foot), (inner, foot), INK, 1.2)
    yield TextShape(middle - half + 3, foot + 3.5, text, 10, "Bold")


def sign(kind: str, x: float, y: float, size: float = SIGN_SIZE) -> Iterator[Shape]:
    """Yield the sign of a STOP line, of a note or of a finding, around its middle."""
    r = size / 2
    match kind:
        case "stop":
            yield Polygon(tuple(_ring(x, y, r, 8)), INK)
            yield Polygon(tuple(_ring(x, y, r - 1.3, 8)), VERMILION)
            yield Box(x - r * 0.5, y - r * 0.18, r, r * 0.36, PAPER)
        case "moved":
            yield Stroke((x - r, y), (x + r * 0.3, y), INK, 2.2)
            yield Polygon(((x, y - r * 0.75), (x + r, y), (x, y + r * 0.75)), INK)
        case "sped up":
            for left in (x - r, x - r * 0.1):
                tip = left + r * 1.05
                yield Polygon(((left, y - r * 0.8), (tip, y), (left, y + r * 0.8)), BLUE)
        case "dropped":
            for way in (1, -1):
                corner = r * 0.75
                yield Stroke(
                    (x - corner, y - way * corner), (x + corner, y + way * corner), VERMILION, 3
                )
        case "advice":
            yield Polygon(((x, y - r), (x + r, y), (x, y + r), (x - r, y)), SKY)
            yield from _bang(x, y - r * 0.05, r * 0.8)
        case _:
            ground = VERMILION if kind == "error" else "#f0c000"
            yield Polygon(
                ((x, y - r), (x + r * 1.1, y + r * 0.9), (x - r * 1.1, y + r * 0.9)), ground
            )
            yield from _bang(x, y + r * 0.2, r)


def _bang(x: float, y: float, r: float) -> Iterator[Shape]:
    """Yield an exclamation mark."""
    yield Box(x - 0.9, y - r * 0.6, 1.8, r * 0.75, INK)
    yield Box(x - 0.9, y + r * 0.3, 1.8, 1.8, INK)


def _ring(x: float, y: float, radius: float, corners: int) -> Iterator[Point]:
    for number in range(corners):
        angle = math.pi * (2 * number + 1) / corners
        yield (x + radius * math.cos(angle), y + radius * math.sin(angle))
