"""The layout of a sheet: as large as it can be on one page.

Lengths are millimetres, letters are points. The words keep to what A4 and US Letter have in common
when one is printed on the other without scaling. Characters that we have no letters for keep their
room: one format draws others instead, and one borrows letters.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.letters import letters, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from voicecoach.drawing.letters import Style
    from voicecoach.drawing.sheet.model import ExerciseGroup, ExerciseRow, Sheet

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 13.0, 197.0, 17.0, 280.0
WIDTH: Final = RIGHT - LEFT

SMALLEST_POINTS: Final = 8.0
LARGEST_POINTS: Final = 12.0
_POINTS_STEP: Final = 0.25
_MANY_PAGES_POINTS: Final = 9.5
"""For a sheet that does not fit on one page even with the smallest letters."""
_ABOUT_POINTS: Final = 9.0
"""Background is left out if it would make the letters smaller than this."""
_FOOTER_POINTS: Final = 8.0
_LINE_HEIGHT: Final = 1.22
_MOST_PADDING: Final = 2.6
"""Above and below an exercise, if the page has room left."""
_LEAST_PADDING: Final = 0.7

_NUMBER_WIDTH: Final = 9.0
_NAME_WIDTH: Final = 43.0
_DOSE_WIDTHS: Final = (28.0, 48.0)
"""The narrowest and the widest column of doses."""
GUTTER: Final = 4.0
_BAR: Final = 1.2
"""Width of the bar beside what belongs together."""
_RULE: Final = 0.2
"""Height of the rule between exercises."""
_TICK_SIDE: Final = 5.0


@dataclass(frozen=True)
class TextLine:
    """Words at a place, in the characters of the routine."""

    x: float
    baseline: float
    text: str
    style: Style
    points: float
    accent: bool = False


@dataclass(frozen=True)
class Rectangle:
    """A rectangle: full, or an empty frame to tick."""

    x: float
    y: float
    width: float
    height: float
    full: bool = True


@dataclass
class KeptTogether:
    """A block that stays on one page; its places count from its own top left corner."""

    height: float = 0.0
    lines: list[TextLine] = field(default_factory=list)
    boxes: list[Rectangle] = field(default_factory=list)

    def write(
        self,
        text: str,
        style: Style,
        points: float,
        x: float,
        width: float,
        y: float | None = None,
        *,
        accent: bool = False,
    ) -> float:
        """Write a paragraph at the bottom of the block, or from `y` on; return where it ends."""
        top = self.height if y is None else y
        for words in wrapped(text, style, points, width):
            self.lines.append(TextLine(x, top + _ascent(points), words, style, points, accent))
            top += line_height(points)
        self.height = max(self.height, top)
        return top


@dataclass(frozen=True)
class Columns:
    """Widths of the columns of an exercise, gutters included; together as wide as the words."""

    number: float
    name: float
    instruction: float
    dose: float


@dataclass(frozen=True)
class SheetPage:
    """One page with everything at its place."""

    lines: tuple[TextLine, ...]
    boxes: tuple[Rectangle, ...]


@dataclass(frozen=True)
class Layout:
    """A sheet on its pages."""

    pages: tuple[SheetPage, ...]
    points: float
    """Size of the letters of the exercises."""
    padding: float
    """Above and below an exercise."""
    with_about: bool
    columns: Columns

    @property
    def words(self) -> Iterator[str]:
        """Yield all that is written, line by line."""
        return (line.text for page in self.pages for line in page.lines)


def line_height(points: float) -> float:
    """Return the distance of two lines."""
    return points * 25.4 / 72 * _LINE_HEIGHT


def _ascent(points: float) -> float:
    return line_height(points) * 0.79


def lay_out(sheet: Sheet) -> Layout:
    """Return the sheet on one page, as large as fits, or on more pages where none would fit."""
    found = _on_one_page(sheet, with_about=bool(sheet.about))
    if sheet.about and (found is None or found.points < _ABOUT_POINTS):
        found = _on_one_page(sheet, with_about=False)
    if found is not None:
        return found
    return _with(sheet, _MANY_PAGES_POINTS, _LEAST_PADDING * 2, with_about=bool(sheet.about))


def _with(sheet: Sheet, points: float, padding: float, *, with_about: bool) -> Layout:
    pages = _pages(_blocks(sheet, points, padding, with_about=with_about), sheet)
    return Layout(pages, points, padding, with_about, _columns(sheet, points))


def _on_one_page(sheet: Sheet, *, with_about: bool) -> Layout | None:
    """Return the sheet with the largest letters that fit on one page; None where none do."""
    room = _bottom(sheet) - TOP
    steps = round((LARGEST_POINTS - SMALLEST_POINTS) / _POINTS_STEP)
    for step in range(steps, -1, -1):
        points = SMALLEST_POINTS + step * _POINTS_STEP
        blocks = _blocks(sheet, points, _LEAST_PADDING, with_about=with_about)
        left = room - _height(blocks, room)
        if left >= 0:
            places = sum(2 * len(group.rows) + 1 for group in sheet.groups)
            padding = min(_MOST_PADDING, _LEAST_PADDING + left / places)
            return _with(sheet, points, padding, with_about=with_about)
    return None


def _height(blocks: Iterable[KeptTogether], room: float) -> float:
    """Return the height of blocks; it stops laying out above `room`."""
    height = 0.0
    for block in blocks:
        height += block.height
        if height > room:
            break
    return height


# Blocks


def _blocks(
    sheet: Sheet, points: float, padding: float, *, with_about: bool
) -> Iterator[KeptTogether]:
    """Yield all but the footer, from top to bottom; nothing is laid out before it is wanted."""
    columns = _columns(sheet, points)
    rows = (_group(group, columns, points, padding) for group in sheet.groups)
    last = _head(sheet, points)
    for block in chain(_checks(sheet, points), chain.from_iterable(rows)):
        yield last
        last = block
    last.boxes.append(_rule(last.height - _RULE))
    yield last
    yield _ticks(sheet, points)
    if with_about:
        about = KeptTogether(points * 0.15)
        about.write(sheet.more, "Bold", points, 0, WIDTH, accent=True)
        about.write(sheet.about, "Regular", points, 0, WIDTH)
        yield about


def _columns(sheet: Sheet, points: float) -> Columns:
    """Return columns in which each part of a dose is one line, unless that gets too wide."""
    parts = chain.from_iterable(map(_dose_parts, sheet.rows))
    widest = max(letters(style).width(part, points) for part, style in parts)
    dose = min(max(widest + 0.1, _DOSE_WIDTHS[0]), _DOSE_WIDTHS[1])
    return Columns(_NUMBER_WIDTH, _NAME_WIDTH, WIDTH - _NUMBER_WIDTH - _NAME_WIDTH - dose, dose)


def _dose_parts(row: ExerciseRow) -> Iterator[tuple[str, Style]]:
    for number, part in enumerate(row.dose):
        yield part, "Regular" if number else "Bold"


def _head(sheet: Sheet, points: float) -> KeptTogether:
    block = KeptTogether()
    block.write(sheet.title, "Bold", points * 2.2, 0, WIDTH, accent=True)
    block.write(sheet.for_whom, "Bold", points * 1.15, 0, WIDTH)
    block.height += points * 0.04
    for text in (sheet.summary, sheet.need):
        block.write(text, "Regular", points * 1.1, 0, WIDTH)
    block.height += points * 0.25
    return block


def _checks(sheet: Sheet, points: float) -> Iterator[KeptTogether]:
    paragraphs: list[tuple[str, Style]] = [
        (check.text, "Bold" if check.strong else "Regular") for check in sheet.checks
    ]
    paragraphs += [(line, "Bold") for line in sheet.stop_lines]
    if sheet.remark:
        paragraphs.append((sheet.remark, "Regular"))
    for number, (text, style) in enumerate(paragraphs):
        block = KeptTogether()
        if number == 0:
            block.write(sheet.before, "Bold", points * 1.1, GUTTER, WIDTH, accent=True)
        block.write(text, style, points, GUTTER, WIDTH - GUTTER)
        block.height += points * 0.04
        block.boxes.append(Rectangle(0, 0, _BAR, block.height))
        if number == len(paragraphs) - 1:
            block.height += points * 0.3
        yield block


def _group(
    group: ExerciseGroup, columns: Columns, points: float, padding: float
) -> Iterator[KeptTogether]:
    for number, row in enumerate(group.rows):
        block = KeptTogether()
        if number == 0:
            block.boxes.append(_rule(0))
        if number == 0 and group.heading:
            block.height = padding
            block.write(group.heading, "Bold", points, columns.number, WIDTH, accent=True)
            block.height -= padding * 0.6
        _write_row(block, row, columns, points, padding)
        if group.heading:
            block.boxes.append(Rectangle(0, 0, _BAR, block.height))
        yield block


def _write_row(
    block: KeptTogether, row: ExerciseRow, columns: Columns, points: float, padding: float
) -> None:
    top = block.height + padding
    block.write(str(row.number), "Bold", points, _BAR + 1.2, columns.number, top, accent=True)
    x, width = columns.number, columns.name - GUTTER
    below = block.write(row.name, "Bold", points, x, width, top)
    block.write(row.start, "Regular", points, x, width, below)
    x, width = x + columns.name, columns.instruction - GUTTER
    below = block.write(row.instruction, "Regular", points, x, width, top)
    block.write(row.care, "Italic", points, x, width, below)
    x, below = WIDTH - columns.dose, top
    for part, style in _dose_parts(row):
        below = block.write(part, style, points, x, columns.dose, below)
    block.height += padding


def _ticks(sheet: Sheet, points: float) -> KeptTogether:
    block = KeptTogether()
    top = points * 0.25
    half = WIDTH / len(sheet.weeks)
    for number, week in enumerate(sheet.weeks):
        x = number * half
        label = f"{sheet.done}: {week}" if number == 0 else week
        block.write(label, "Bold", points, x, half, top, accent=True)
        step = (half - GUTTER) / len(sheet.days)
        for place, day in enumerate(sheet.days):
            left = x + place * step
            below = top + line_height(points) * 1.1
            block.boxes.append(Rectangle(left, below, _TICK_SIDE, _TICK_SIDE, full=False))
            middle = below + _TICK_SIDE / 2 - line_height(points) / 2
            block.write(day, "Regular", points, left + _TICK_SIDE + 1, step, middle)
    block.height = max(block.height, top + line_height(points) * 1.1 + _TICK_SIDE) + points * 0.2
    return block


def _rule(y: float) -> Rectangle:
    return Rectangle(0, y, WIDTH, _RULE)


# Pages


def _bottom(sheet: Sheet) -> float:
    return BOTTOM - _footer(sheet).height - 1.5


def _footer(sheet: Sheet) -> KeptTogether:
    block = KeptTogether()
    block.write(sheet.footer, "Regular", _FOOTER_POINTS, 0, WIDTH)
    return block


def _pages(blocks: Iterable[KeptTogether], sheet: Sheet) -> tuple[SheetPage, ...]:
    bottom = _bottom(sheet)
    pages: list[list[tuple[float, KeptTogether]]] = [[]]
    y = TOP
    for block in blocks:
        for part in _parts(block, bottom - TOP):
            if y + part.height > bottom + 0.01:
                pages.append([])
                y = TOP
            pages[-1].append((y, part))
            y += part.height
    footer = _footer(sheet)
    return tuple(
        _page([*placed, (BOTTOM - footer.height, footer)], sheet, number, len(pages))
        for number, placed in enumerate(pages, 1)
    )


def _page(
    placed: Sequence[tuple[float, KeptTogether]], sheet: Sheet, number: int, count: int
) -> SheetPage:
    lines = [
        replace(line, x=LEFT + line.x, baseline=top + line.baseline)
        for top, block in placed
        for line in block.lines
    ]
    boxes = (
        replace(box, x=LEFT + box.x, y=top + box.y) for top, block in placed for box in block.boxes
    )
    if count > 1:
        words = f"{number}/{count}"
        x = RIGHT - letters("Bold").width(words, _FOOTER_POINTS)
        lines.append(TextLine(x, TOP - 3, words, "Bold", _FOOTER_POINTS))
        if number > 1:
            title = wrapped(sheet.title, "Bold", _FOOTER_POINTS, WIDTH * 0.8)[:1]
            lines += [TextLine(LEFT, TOP - 3, text, "Bold", _FOOTER_POINTS) for text in title]
    return SheetPage(tuple(lines), tuple(boxes))


def _parts(block: KeptTogether, most: float) -> Iterator[KeptTogether]:
    """Yield a block that is higher than a page in parts that are not; any other as it is."""
    if block.height <= most:
        yield block
        return
    # A part ends above the first line that does not fit on its page.
    top = 0.0
    while top < block.height:
        lines = [line for line in block.lines if line.baseline > top]
        inside = [
            line for line in lines if line.baseline + line_height(line.points) * 0.21 - top <= most
        ]
        last = max((line.baseline for line in inside), default=top)
        left = [line for line in lines if line.baseline > last]
        tops = (line.baseline - _ascent(line.points) for line in left)
        end = min(tops, default=min(block.height, top + most))
        lines = [replace(line, baseline=line.baseline - top) for line in inside]
        yield KeptTogether(end - top, lines, list(_boxes_between(block, top, end)))
        top = end if left else block.height


def _boxes_between(block: KeptTogether, top: float, end: float) -> Iterator[Rectangle]:
    for box in block.boxes:
        above, below = max(box.y, top), min(box.y + box.height, end)
        if above < below:
            yield replace(box, y=above - top, height=below - above)


# Words


def wrapped(text: str, style: Style, points: float, width: float) -> list[str]:
    """Return a text in lines no wider than `width`; a word that is too wide is broken."""
    there = letters(style)
    lines = lines_of(text, width / points, lambda line: there.width(line, 1), breaks_hyphens=True)
    return list(lines)
