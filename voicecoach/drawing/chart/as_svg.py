"""A picture as SVG: one file that needs no other, whose words can be read, searched and copied."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.chart.shapes import DASH, DASH_GAP, Box, Polygon, Stroke, TextShape
from voicecoach.drawing.letters import face_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.drawing.chart.shapes import Picture, Shape, ShapeGroup
    from voicecoach.drawing.letters import Style

_FAMILY: Final = "PT Sans for voicecoach"
_STYLES: Final[tuple[Style, ...]] = ("Regular", "Bold")


def render(picture: Picture, mark: str) -> bytes:
    """Return the file; `mark` stands in it as the program that made it."""
    width, height = _number(picture.width), _number(picture.height)
    characters = "".join(sorted({each for words in picture.words for each in words.text}))
    faces = "\n".join(face_rules(_FAMILY, characters, _STYLES))
    title = escape(picture.title)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    body = "\n".join(map(_group, picture.groups))
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- made by {mark} -->
<svg xmlns="http://www.w3.org/2000/svg" {size}
  xml:lang="{escape(picture.language)}" role="img" aria-label="{title}">
<title>{title}</title>
<style>
{faces}
text {{ font-family: "{_FAMILY}", "PT Sans", "Helvetica Neue", Arial, sans-serif; }}
</style>
{body}
</svg>
""".encode()


def _group(group: ShapeGroup) -> str:
    title = f"<title>{escape(group.hover)}</title>" if group.hover else ""
    shapes = "".join(f"<{' '.join(_parts(shape))}" for shape in group.shapes)
    return f'<g class="{group.kind}">{title}{shapes}</g>'


def _parts(shape: Shape) -> Iterator[str]:
    """Yield the name of an element, its attributes and its end."""
    match shape:
        case Box():
            # An edge lies inside of its box; SVG draws it half outside.
            inset = shape.edge_width / 2 if shape.edge else 0.0
            yield f'rect x="{_number(shape.x + inset)}" y="{_number(shape.y + inset)}"'
            width, height = shape.width - 2 * inset, shape.height - 2 * inset
            yield f'width="{_number(max(width, 0))}" height="{_number(max(height, 0))}"'
            yield f'fill="{shape.fill or "none"}"'
            if shape.edge:
                yield f'stroke="{shape.edge}" stroke-width="{_number(shape.edge_width)}"'
            yield "/>"
        case Stroke():
            (x1, y1), (x2, y2) = (map(_number, end) for end in (shape.start, shape.end))
            yield f'line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"'
            yield f'stroke="{shape.colour}" stroke-width="{_number(shape.width)}"'
            if shape.is_dashed:
                yield f'stroke-dasharray="{DASH:g} {DASH_GAP:g}"'
            yield "/>"
        case Polygon():
            corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.corners)
            yield f'polygon points="{corners}" fill="{shape.fill}" />'
        case TextShape():
            yield f'text x="{_number(shape.x)}" y="{_number(shape.baseline)}"'
            weight = ' font-weight="700"' if shape.style == "Bold" else ""
            yield f'font-size="{_number(shape.size)}"{weight} fill="{shape.colour}"'
            yield f">{escape(shape.text)}</text>"


def _number(value: float) -> str:
    """Return a length to the thousandth of a unit: finer than a frame of sound."""
    return f"{round(value, 3):.10g}"
