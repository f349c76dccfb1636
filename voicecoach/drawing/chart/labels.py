"""The words of bars below their strip: whole where there is room, beside or below each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.chart.rows import Purpose
from voicecoach.drawing.chart.shapes import text_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.drawing.letters import Style

LABEL_SIZE: Final = 11.0
LABEL_LINE: Final = 12.5
"""From one line to the next."""
_MOST_LINES: Final = 6
_LEAST_WIDTH: Final = 40.0
_LEAST_LINES: Final = 3
"""Words with less room, which would make many lines or show few, go below others."""
_GAP: Final = 5.0
"""Room between neighbouring labels."""
_LEADER: Final = 3.0
"""Room for the line that leads to a label below others."""
_CRAMPED_WIDTH: Final = 150.0
"""The widest words without room beside those of the next bar, which stand below them."""
_CRAMPED_LINES: Final = 3
_LOWEST: Final = 110.0
"""How far below the strip a label may begin."""


@dataclass(frozen=True)
class Saying:
    """Words that want a label."""

    text: str
    """Empty for a bar that needs none."""
    x: float
    """The start of their bar."""
    purpose: Purpose

    @property
    def style(self) -> Style:
        """Return the style of their letters."""
        return "Bold" if self.purpose is Purpose.STOP else "Regular"


@dataclass(frozen=True)
class Label:
    """The words of a bar, below its strip."""

    lines: tuple[str, ...]
    x: float
    end: float
    style: Style
    y: float = 0.0
    """Below the strip."""
    is_below: bool = False
    """Whether it stands below the labels of others, with a line that leads to it."""

    @property
    def foot(self) -> float:
        """Return its end, below the strip."""
        return self.y + len(self.lines) * LABEL_LINE + 3


def labels_of(sayings: Sequence[Saying], right: float) -> dict[int, Label]:
    """Return the labels of bars in their order, none beyond `right`, by the index of the bar.

    One stands beside the next if all its words have room; others stand below these, from right to
    left, so that a line from each bar reaches its label and crosses none. Counts may lack theirs.
    """
    ends = [*(saying.x for saying in sayings), right + _GAP][1:]
    shown = [
        index
        for index, (saying, end) in enumerate(zip(sayings, ends, strict=True))
        if saying.purpose is not Purpose.TIME
        or text_width(saying.text, LABEL_SIZE) + _GAP <= end - saying.x
    ]
    labels: dict[int, Label] = {}
    cramped: list[int] = []
    for place, index in enumerate(shown):
        saying = sayings[index]
        following = sayings[shown[place + 1]].x if place + 1 < len(shown) else right + _GAP
        room = following - _GAP - saying.x
        lines = wrapped(saying.text, LABEL_SIZE, room, _MOST_LINES, saying.style)
        is_whole = " ".join(lines) == saying.text
        is_wide = room >= _LEAST_WIDTH and (is_whole or len(lines) >= _LEAST_LINES)
        if (is_whole and len(lines) < _LEAST_LINES) or is_wide:
            end = saying.x + _widest(lines, saying.style)
            labels[index] = Label(tuple(lines), saying.x, end, saying.style)
        else:
            cramped.append(index)
    for index in reversed(cramped):
        label = _below(sayings[index], labels.values(), right)
        if label.lines and label.y <= _LOWEST:
            labels[index] = label
    return labels


def _below(saying: Saying, others: Iterable[Label], right: float) -> Label:
    x = saying.x + _LEADER
    width = min(_CRAMPED_WIDTH, right - x)
    lines = wrapped(saying.text, LABEL_SIZE, width, _CRAMPED_LINES, saying.style)
    end = x + _widest(lines, saying.style)
    above = [other.foot for other in others if other.x < end + _GAP and saying.x < other.end + _GAP]
    return Label(tuple(lines), x, end, saying.style, max(above, default=0.0), is_below=True)


def _widest(lines: Iterable[str], style: Style) -> float:
    return max((text_width(line, LABEL_SIZE, style) for line in lines), default=0.0)
