"""A picture as PNG."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.chart.shapes import (
    DASH,
    DASH_GAP,
    Box,
    Outline,
    Stroke,
    Words,
    text_width,
)
from voicecoach.drawing.letters import drawable, font_file

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

    from voicecoach.drawing.chart.shapes import Picture, Point
    from voicecoach.drawing.letters import Style

SOFTWARE: Final = "Software"
"""The keyword under which PNG holds the mark of a program."""
_DOTS_A_METRE_A_SCALE: Final = 96 / 0.0254
_SMOOTH: Final = 4
"""How many times as large slanted shapes are drawn before they are made smaller."""


def render(picture: Picture, mark: str, scale: int) -> bytes:
    """Return the file, `scale` pixels a unit; `mark` stands in it as the program that made it."""
    from PIL import Image, PngImagePlugin

    size = (round(picture.width * scale), round(picture.height * scale))
    image = Image.new("RGB", size, "#ffffff")
    pen = _Pen(image, scale)
    for group in picture.groups:
        for shape in group.shapes:
            match shape:
                case Box():
                    pen.box(shape)
                case Stroke():
                    pen.stroke(shape)
                case Outline():
                    pen.full(shape.corners, shape.fill)
                case Words():
                    pen.write(shape)
    about = PngImagePlugin.PngInfo()
    about.add_text(SOFTWARE, mark)
    about.add_itxt("Title", picture.title, picture.language)
    file = io.BytesIO()
    dots_an_inch = 96 * scale
    image.save(file, "PNG", pnginfo=about, dpi=(dots_an_inch, dots_an_inch))
    return file.getvalue()


class _Pen:
    """Draws shapes on an image of some pixels a unit."""

    def __init__(self, image: Image, scale: int) -> None:
        from PIL import ImageDraw

        self._image = image
        self._draw = ImageDraw.Draw(image)
        self._scale = scale
        self._fonts: dict[tuple[Style, float], FreeTypeFont] = {}

    def box(self, box: Box) -> None:
        """Draw a rectangle on whole pixels, never thinner than one."""
        left, top = round(box.x * self._scale), round(box.y * self._scale)
        right = max(left + 1, round((box.x + box.width) * self._scale))
        bottom = max(top + 1, round((box.y + box.height) * self._scale))
        self._draw.rectangle(
            (left, top, right - 1, bottom - 1),
            box.fill or None,
            box.edge or None,
            max(1, round(box.edge_width * self._scale)) if box.edge else 0,
        )

    def stroke(self, stroke: Stroke) -> None:
        """Draw a line; one along an axis on whole pixels."""
        (x1, y1), (x2, y2) = stroke.start, stroke.end
        half = stroke.width / 2
        if stroke.is_dashed:
            while x1 < x2:
                end = min(x1 + DASH, x2)
                self.box(Box(x1, y1 - half, end - x1, stroke.width, stroke.colour))
                x1 += DASH + DASH_GAP
        elif x1 == x2:
            self.box(Box(x1 - half, min(y1, y2), stroke.width, abs(y2 - y1), stroke.colour))
        elif y1 == y2:
            self.box(Box(min(x1, x2), y1 - half, abs(x2 - x1), stroke.width, stroke.colour))
        else:
            length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            across, along = half * (y2 - y1) / length, half * (x2 - x1) / length
            self.full(
                (
                    (x1 - across, y1 + along), (x2 - across, y2 + along),
                    (x2 + across, y2 - along), (x1 + across, y1 - along),
                ),
                stroke.colour,
            )  # fmt: skip

    def full(self, corners: tuple[Point, ...], fill: str) -> None:
        """Draw a full shape with smooth edges."""
        from PIL import Image, ImageDraw

        left = int(min(x for x, _ in corners) * self._scale)
        top = int(min(y for _, y in corners) * self._scale)
        width = int(max(x for x, _ in corners) * self._scale) - left + 1
        height = int(max(y for _, y in corners) * self._scale) - top + 1
        mask = Image.new("L", (width * _SMOOTH, height * _SMOOTH))
        large = [
            ((x * self._scale - left) * _SMOOTH, (y * self._scale - top) * _SMOOTH)
            for x, y in corners
        ]
        ImageDraw.Draw(mask).polygon(large, 255)
        self._image.paste(fill, (left, top), mask.reduce(_SMOOTH))

    def write(self, words: Words) -> None:
        """Write a line in the characters that we have letters for, each word where the layout has it.

        The letters of a font are moved to whole pixels, which would add up over a line.
        """
        font = self._font(words.style, words.size)
        for found in re.finditer(r"\S+", words.text):
            before = text_width(words.text[: found.start()], words.size, words.style)
            place = ((words.x + before) * self._scale, words.baseline * self._scale)
            self._draw.text(place, drawable(found[0]), words.colour, font, anchor="ls")

    def _font(self, style: Style, size: float) -> FreeTypeFont:
        from PIL import ImageFont

        if (style, size) not in self._fonts:
            # The basic layout: the other one is not everywhere, and the same words give the same bytes.
            self._fonts[style, size] = ImageFont.truetype(
                str(font_file(style)), size * self._scale, layout_engine=ImageFont.Layout.BASIC
            )
        return self._fonts[style, size]
