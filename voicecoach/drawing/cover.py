"""The cover of a track: audience, minutes and title, clear even in a thumbnail."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, NamedTuple

from voicecoach.drawing.letters import drawable, font_file, lines_of, visible
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIDE: Final = 1000
"""Width and height in pixels."""
_MARGIN: Final = 64
_WIDTH: Final = SIDE - 2 * _MARGIN
_JPEG_QUALITY: Final = 80
_LONGEST_TITLE: Final = 160
"""Characters; strangers' titles are cut there."""
_TITLE_SIZES: Final = ((124, 1), (104, 2), (84, 2), (70, 3), (58, 3))
"""Pixels, each with the most lines of that size; the largest that fits is taken."""
_SMOOTH: Final = 2
"""The factor by which shapes are drawn larger, then reduced, so that edges are smooth."""


class _Colours(NamedTuple):
    ground: str
    hill: str
    figure: str
    sun: str
    mat: str
    words: str
    soft_words: str


_COLOURS: Final = {
    Audience.ADULT: _Colours(
        "#17545f", "#1e6974", "#f4e9d8", "#e9b872", "#2f8790", "#ffffff", "#cfe6e4"
    ),
    Audience.CHILD: _Colours(
        "#ffc933", "#7ac74f", "#3b2a72", "#ff7f50", "#5cae35", "#3b2a72", "#5a3f9c"
    ),
}


def draw_cover(
    title: str, audience: Audience, minutes: int, language: str = "en", *, slug: str = ""
) -> bytes:
    """Return the cover as a square JPEG of SIDE pixels, well below 100 kB.

    Titles come from strangers and may be of any length. What the letters do not have is left out;
    where that is most of the title, the slug of the routine stands there instead.
    """
    from PIL import Image, ImageDraw

    colours = _COLOURS[audience]
    picture = Image.new("RGB", (SIDE * _SMOOTH, SIDE * _SMOOTH), colours.ground)
    shapes = _Shapes(ImageDraw.Draw(picture), colours)
    if audience is Audience.CHILD:
        _draw_child(shapes)
    else:
        _draw_adult(shapes)
    picture = picture.reduce(_SMOOTH)

    pen = _Pen(ImageDraw.Draw(picture))
    phrases = load_phrases(language, audience)
    number = pen.fitted(str(minutes), (470, 400, 300, 200, 120, 60), SIDE * 0.62)
    pen.write(str(minutes), number, _MARGIN - 10, 396, colours.words)
    pen.write(phrases.print("min"), pen.font(108), _MARGIN, 504, colours.words)
    pen.write(phrases.print(audience.value), pen.font(76), _MARGIN, 598, colours.soft_words)
    _write_title(pen, _words(title, slug), colours.words)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return file.getvalue()


def _words(title: str, slug: str) -> str:
    """Return the title, or the slug where too little of the title can be drawn."""
    title, slug = (visible(text[:_LONGEST_TITLE]) for text in (title, slug))
    drawn = drawable(title)
    left = sum(map(str.isalnum, drawn))
    is_title = left and left * 2 >= sum(map(str.isalnum, title))
    return drawn if is_title else drawable(slug) or drawn


def _write_title(pen: _Pen, title: str, colour: str) -> None:
    for size, most_lines in _TITLE_SIZES:
        font = pen.font(size)
        lines = list(lines_of(title, _WIDTH, font.getlength, breaks_words=False))
        if len(lines) <= most_lines and all(font.getlength(line) <= _WIDTH for line in lines):
            lines = _balanced(title, font, len(lines))
            break
    else:
        lines = list(lines_of(title, _WIDTH, font.getlength))
        if len(lines) > most_lines:
            last = lines[most_lines - 1]
            while last and font.getlength(f"{last}…") > _WIDTH:
                last = last[:-1]
            lines = [*lines[: most_lines - 1], f"{last.rstrip()}…"]
    step = round(size * 1.12)
    for number, line in enumerate(reversed(lines)):
        pen.write(line, font, _MARGIN, SIDE - _MARGIN - number * step, colour)


def _balanced(text: str, font: FreeTypeFont, most_lines: int) -> list[str]:
    """Return the text in at most that number of lines of about the same length."""
    lines = list(lines_of(text, _WIDTH, font.getlength, breaks_words=False))
    for width in range(_WIDTH, 0, -20):
        narrower = list(lines_of(text, width, font.getlength, breaks_words=False))
        if len(narrower) > most_lines or any(font.getlength(line) > width for line in narrower):
            break
        lines = narrower
    return lines


class _Pen:
    """Writes words on the finished shapes; fonts are opened once a size."""

    def __init__(self, draw: ImageDraw) -> None:
        self._draw = draw
        self._fonts: dict[int, FreeTypeFont] = {}

    def font(self, size: int) -> FreeTypeFont:
        from PIL import ImageFont

        if size not in self._fonts:
            # Not every machine has the other layout, and the same words give the same bytes.
            self._fonts[size] = ImageFont.truetype(
                str(font_file("Bold")), size, layout_engine=ImageFont.Layout.BASIC
            )
        return self._fonts[size]

    def fitted(self, text: str, sizes: Sequence[int], width: float) -> FreeTypeFont:
        """Return the largest letters in which a text is not too wide, or the smallest."""
        narrow = (font for font in map(self.font, sizes) if font.getlength(text) <= width)
        return next(narrow, self.font(sizes[-1]))

    def write(self, text: str, font: FreeTypeFont, x: float, baseline: float, colour: str) -> None:
        self._draw.text((x, baseline), text, fill=colour, font=font, anchor="ls")


class _Shapes:
    """Draws shapes in pixels of the finished picture."""

    def __init__(self, draw: ImageDraw, colours: _Colours) -> None:
        self._draw = draw
        self.colours = colours

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.oval((x - radius, y - radius, x + radius, y + radius), colour)

    def oval(self, box: tuple[float, float, float, float], colour: str) -> None:
        self._draw.ellipse([_SMOOTH * edge for edge in box], fill=colour)

    def bar(self, box: tuple[float, float, float, float], colour: str) -> None:
        """Draw a box with round ends."""
        radius = _SMOOTH * (box[3] - box[1]) / 2
        self._draw.rounded_rectangle([_SMOOTH * edge for edge in box], radius, fill=colour)

    def limb(self, width: float, *points: tuple[float, float], colour: str = "") -> None:
        """Draw a thick line with round ends and joints."""
        colour = colour or self.colours.figure
        scaled = [(_SMOOTH * x, _SMOOTH * y) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(_SMOOTH * width))
        for x, y in points:
            self.disc(x, y, width / 2, colour)

    def smile(self, box: tuple[float, float, float, float], width: float, colour: str) -> None:
        scaled = [_SMOOTH * edge for edge in box]
        self._draw.arc(scaled, 25, 155, fill=colour, width=round(_SMOOTH * width))


def _draw_adult(shapes: _Shapes) -> None:
    """Draw somebody who sits upright and at ease on a mat, before a low sun."""
    colours, x = shapes.colours, 750.0
    shapes.disc(x, 580, 192, colours.sun)
    shapes.oval((-420, 610, 1420, 1700), colours.hill)
    shapes.bar((x - 206, 660, x + 206, 692), colours.mat)
    shapes.disc(x, 468, 46, colours.figure)
    for way in (-1, 1):
        shapes.limb(28, (x + way * 36, 552), (x + way * 78, 598), (x + way * 132, 630))
        shapes.limb(44, (x - way * 22, 634), (x + way * 146, 648), (x - way * 30, 664))
    shapes.limb(66, (x - 14, 566), (x + 14, 566), (x, 620))


def _draw_child(shapes: _Shapes) -> None:
    """Draw a child that jumps on a hill under the sun."""
    colours, x = shapes.colours, 770.0
    shapes.disc(SIDE, 0, 190, colours.sun)
    shapes.oval((-420, 640, 1420, 1760), colours.hill)
    shapes.oval((x - 90, 668, x + 90, 694), colours.mat)
    shapes.limb(34, (x - 18, 500), (x - 84, 452), (x - 130, 386))
    shapes.limb(34, (x + 18, 500), (x + 84, 452), (x + 130, 386))
    shapes.limb(40, (x - 16, 570), (x - 66, 610), (x - 46, 650))
    shapes.limb(40, (x + 16, 570), (x + 82, 590), (x + 128, 630))
    shapes.limb(80, (x, 510), (x, 556))
    shapes.disc(x, 408, 58, colours.figure)
    for eye in (x - 20, x + 20):
        shapes.disc(eye, 398, 7, colours.ground)
    shapes.smile((x - 28, 388, x + 28, 436), 7, colours.ground)
