"""The parts of a picture: shapes at places, ready to be drawn.

Lengths are units of which one row of time is `layout.WIDTH` wide; a browser shows one as one pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from voicecoach.drawing.letters import letters, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.drawing.letters import Style

Point = tuple[float, float]
DASH: Final = 4.0
DASH_GAP: Final = 3.0
_POINTS_A_UNIT: Final = 72 / 25.4
"""Makes `Letters.width` answer in our units."""


@dataclass(frozen=True)
class Box:
    """A rectangle with its sides along the axes."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    """Such as `#0072b2`; empty for none."""
    edge: str = ""
    """Colour of its outline, which lies inside of it; empty for none."""
    edge_width: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    start: Point
    end: Point
    colour: str
    width: float = 1.0
    is_dashed: bool = False
    """Dashes of DASH with gaps of DASH_GAP; only lines along the x axis have them."""


@dataclass(frozen=True)
class Polygon:
    """A full shape with corners."""

    corners: tuple[Point, ...]
    fill: str


@dataclass(frozen=True)
class TextShape:
    """A line of text, in the characters of the routine."""

    x: float
    baseline: float
    text: str
    size: float
    """Height of the letters, in units."""
    style: Style = "Regular"
    colour: str = "#1a1a1a"

    @property
    def width(self) -> float:
        """In units."""
        return text_width(self.text, self.size, self.style)


Shape = Box | Stroke | Polygon | TextShape
GroupKind = Literal[
    "frame", "chapter", "phase", "speech", "tone", "silence", "sign", "overview", "legend", "list"
]


@dataclass(frozen=True)
class ShapeGroup:
    """The shapes of one thing."""

    kind: GroupKind
    shapes: tuple[Shape, ...]
    hover: str = ""
    """Appears under a pointer; empty for nothing."""
    start_seconds: float = 0.0
    """From the start of the session, for a thing that has a time."""
    end_seconds: float = 0.0


@dataclass(frozen=True)
class Picture:
    """A session as shapes; what comes later lies above what comes earlier."""

    title: str
    language: str
    width: float
    height: float
    groups: tuple[ShapeGroup, ...]

    @property
    def words(self) -> Iterator[TextShape]:
        """Yield every line of text."""
        for group in self.groups:
            yield from (shape for shape in group.shapes if isinstance(shape, TextShape))


def placed(shape: Shape, x: float, y: float, scale: float = 1.0) -> Shape:
    """Return a shape around the origin at a place, in another size; edges keep their width."""
    match shape:
        case Box():
            box = replace(shape, x=x + shape.x * scale, y=y + shape.y * scale)
            return replace(box, width=shape.width * scale, height=shape.height * scale)
        case Stroke(start=(x1, y1), end=(x2, y2)):
            return replace(
                shape, start=(x + x1 * scale, y + y1 * scale), end=(x + x2 * scale, y + y2 * scale)
            )
        case Polygon():
            corners = tuple((x + at * scale, y + below * scale) for at, below in shape.corners)
            return replace(shape, corners=corners)
        case TextShape():
            text = replace(shape, x=x + shape.x * scale, baseline=y + shape.baseline * scale)
            return replace(text, size=shape.size * scale)


def text_width(text: str, size: float, style: Style = "Regular") -> float:
    """Return the width of a line of text."""
    return letters(style).width(text, size * _POINTS_A_UNIT)


def shortened(text: str, size: float, width: float, style: Style = "Regular") -> str:
    """Return a text, or as much of it as fits with an ellipsis; empty where nothing does."""
    if text_width(text, size, style) <= width:
        return text
    room = width - text_width("…", size, style)
    used, kept = 0.0, 0
    for character in text:
        used += text_width(character, size, style)
        if used > room:
            break
        kept += 1
    start = text[:kept].rstrip(" ,.;:–-")
    return f"{start}…" if start else ""


def wrapped(
    text: str, size: float, width: float, most_lines: int, style: Style = "Regular"
) -> list[str]:
    """Return a text in at most `most_lines` of that width; an ellipsis marks a loss."""

    def width_of(line: str) -> float:
        return text_width(line, size, style)

    lines = list(lines_of(text, width, width_of, breaks_words=False))
    for number, line in enumerate(lines):
        is_cut = number == most_lines - 1 and line is not lines[-1]
        if is_cut or width_of(line) > width:
            kept, last = lines[:number], shortened(" ".join(lines[number:]), size, width, style)
            if last or not kept:
                return [*kept, last] if last else []
            return [*kept[:-1], shortened(f"{kept[-1]}…", size, width, style)]
    return lines
