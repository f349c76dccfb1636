"""The layout of the picture of a session.

Time runs from left to right on one scale for the whole picture, so that equal times look equal.
Each exercise begins a row, and one that is longer than a row goes on in the next. A longer session
makes a longer picture, never a denser one.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.chart import looks
from voicecoach.drawing.chart.labels import LABEL_LINE, LABEL_SIZE, Saying, labels_of
from voicecoach.drawing.chart.legend import SAMPLE_HEIGHT, note_name, samples
from voicecoach.drawing.chart.rows import (
    RESTS,
    ROW_SECONDS,
    Purpose,
    heard_in,
    longest_without_stop,
    phases_of,
    remarks_of,
    rows_of,
    silences_of,
    talk_seconds,
)
from voicecoach.drawing.chart.shapes import (
    Box,
    Picture,
    ShapeGroup,
    Stroke,
    TextShape,
    placed,
    shortened,
    text_width,
    wrapped,
)
from voicecoach.drawing.letters import visible
from voicecoach.language.phrases import load_phrases
from voicecoach.messages import clock, whole_clock
from voicecoach.script.model import NoteKind
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from voicecoach.drawing.chart.labels import Label
    from voicecoach.drawing.chart.legend import Sample
    from voicecoach.drawing.chart.rows import ChartPiece, ChartRow, Heard, Remark
    from voicecoach.drawing.chart.shapes import GroupKind, Shape
    from voicecoach.errors import Problem
    from voicecoach.language.phrases import Phrases
    from voicecoach.script.model import Script
    from voicecoach.script.phases import Stretch

WIDTH: Final = 1600.0
LEFT: Final = 28.0
RIGHT: Final = WIDTH - LEFT
SCALE: Final = (RIGHT - LEFT) / ROW_SECONDS
"""Units a second, in the rows."""
GRID_SECONDS: Final = 10
_TITLE_SIZE: Final = 30.0
_CHAPTER_SIZE: Final = 16.0
_TEXT_SIZE: Final = 13.0
_SIGN_LANE: Final = 17.0
_ROW_GAP: Final = 13.0
_LEAST_MEASURE: Final = 50.0
"""Narrower parts of a silence are not measured; each silence is wider in some row."""
_BINS: Final = 240
"""The parts of a session in the overview, each with its share of talk."""


def lay_out(script: Script, findings: Sequence[Problem] = ()) -> Picture:
    """Return the picture of a session, with `findings` at their exercises and in a list below."""
    drawing = _Drawing(script, findings)
    drawing.head()
    drawing.overview()
    drawing.legend()
    for index in range(len(script.segments)):
        drawing.segment(index)
    drawing.list_of_remarks()
    return drawing.picture()


class _Drawing:
    """A picture that is being laid out from top to bottom."""

    def __init__(self, script: Script, findings: Sequence[Problem]) -> None:
        self.script = script
        routine = script.routine
        self.phrases: Phrases = load_phrases(routine.language, routine.audience)
        self.title = visible(routine.title)
        self.heard = [heard_in(script, index) for index in range(len(script.segments))]
        self.all_heard = list(itertools.chain(*self.heard))
        self.phases = [
            phases_of(segment, start)
            for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        ]
        self.silences = silences_of(script)
        self.remarks = remarks_of(script, findings)
        exercises = itertools.count(1)
        self.numbers = [
            next(exercises) if segment.kind == "exercise" else 0 for segment in script.segments
        ]
        self.groups: list[ShapeGroup] = []
        self.y = 26.0

    def picture(self) -> Picture:
        height = math.ceil(self.y + 20)
        paper = ShapeGroup("frame", (Box(0, 0, WIDTH, height, looks.PAPER),))
        return Picture(self.title, self.phrases.language, WIDTH, height, (paper, *self.groups))

    def add(
        self,
        kind: GroupKind,
        shapes: Iterable[Shape],
        hover: str = "",
        span: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Put a thing above all others."""
        self.groups.append(ShapeGroup(kind, tuple(shapes), visible(hover), *span))

    # The head

    def head(self) -> None:
        """Draw the title, the audience, the length and the sums."""
        total = whole_clock(self.script.duration_seconds)
        self.y += _TITLE_SIZE
        room = RIGHT - LEFT - text_width(total, _TITLE_SIZE, "Bold") - 30
        title = shortened(self.title, _TITLE_SIZE, room, "Bold")
        x = RIGHT - text_width(total, _TITLE_SIZE, "Bold")
        words = [
            TextShape(LEFT, self.y, title, _TITLE_SIZE, "Bold"),
            TextShape(x, self.y, total, _TITLE_SIZE, "Bold"),
        ]
        self.add("frame", words, self.title)
        self.y += 22
        facts = " · ".join([self.phrases.print(self.script.routine.audience.value), *self._facts()])
        shown = shortened(visible(facts), _TEXT_SIZE, RIGHT - LEFT)
        self.add("frame", [TextShape(LEFT, self.y, shown, _TEXT_SIZE, colour=looks.SOFT_INK)])
        self.y += 18

    def _facts(self) -> Iterator[str]:
        phases = list(itertools.chain(*self.phases))
        duration = self.script.duration_seconds
        yield from self._spread(phases, talk_seconds(self.all_heard, 0, duration) / duration)
        longest = max((end - start for start, end in self.silences), default=0.0)
        if longest:
            yield self.phrases.print("picture_longest_silence", time=whole_clock(longest))
        apart = longest_without_stop(self.script)
        yield self.phrases.print("picture_stop_apart", time=whole_clock(apart))

    def _spread(self, phases: Sequence[Stretch], talk_share: float) -> Iterator[str]:
        for kinds, key in (({Phase.WORK}, "picture_work"), (RESTS, "picture_rest")):
            seconds = _seconds(phase for phase in phases if phase.phase in kinds)
            if seconds:
                yield f"{self.phrases.print(key)} {whole_clock(seconds)}"
        left, right = (
            _seconds(phase for phase in phases if phase.work and phase.work.side == side)
            for side in ("left", "right")
        )
        if left or right:
            relation = "=" if abs(left - right) < 0.01 else "≠"
            here = f"{self.phrases.side('left')} {whole_clock(left)}"
            yield f"{here} {relation} {self.phrases.side('right')} {whole_clock(right)}"
        yield self.phrases.print("picture_talk", share=round(100 * talk_share))

    # The overview

    def overview(self) -> None:
        """Draw the session in one strip: phases, share of talk, STOP lines and remarks."""
        duration = self.script.duration_seconds
        scale = (RIGHT - LEFT) / duration
        signs, band, density, foot = self.y, self.y + 18, self.y + 46, self.y + 80
        for number, phases in zip(self.numbers, self.phases, strict=True):
            self._overview_of(number, phases, band, scale)
        shapes: list[Shape] = [Stroke((LEFT, foot), (RIGHT, foot), looks.INK, 1.0)]
        for start, end, share in _density(self.all_heard, duration):
            height = share * (foot - density)
            if height > 0.2:
                x = LEFT + start * scale
                shapes.append(Box(x, foot - height, (end - start) * scale, height, looks.BLUE))
        self.add("overview", shapes, self.phrases.print("picture_density"))
        for each in self.all_heard:
            if each.purpose is Purpose.STOP:
                x = LEFT + each.start_seconds * scale
                hover = f"{clock(each.start_seconds)}  {each.cue.text}"
                self.add("sign", looks.sign("stop", x, signs + 8, 11), hover)
        for remark in self.remarks:
            if remark.segment >= 0:
                x = min(LEFT + remark.at_seconds * scale, RIGHT)
                self.add("sign", looks.sign(remark.sign, x, signs + 8, 11), _told(remark))
        self._overview_clock(foot, scale)
        self.y = foot + 34

    def _overview_of(
        self, number: int, phases: Sequence[Stretch], band: float, scale: float
    ) -> None:
        start, end = phases[0].start_seconds, phases[-1].end_seconds
        shapes: list[Shape] = []
        for phase in phases:
            x = LEFT + phase.start_seconds * scale
            width = (phase.end_seconds - phase.start_seconds) * scale
            if phase.work:
                shapes.append(Box(x, band, width, 24, looks.WORK, looks.WORK_EDGE, 1.0))
            elif phase.phase not in RESTS:
                shapes.append(Box(x, band + 6, width, 12, looks.LEAD_IN))
        x = LEFT + start * scale
        shapes.append(Stroke((x, band - 2), (x, band + 26), looks.SOFT_INK, 1.0))
        text = str(number) if number else ""
        if text and text_width(text, LABEL_SIZE, "Bold") + 6 <= (end - start) * scale:
            shapes.append(TextShape(x + 3, band + 10, text, LABEL_SIZE, "Bold"))
        self.add("overview", shapes, f"{whole_clock(start)}  {text}", (start, end))

    def _overview_clock(self, foot: float, scale: float) -> None:
        duration = self.script.duration_seconds
        steps = (minutes for minutes in (1, 2, 5, 10, 15, 30) if duration / 60 / minutes <= 25)
        step = next(steps, 60)
        shapes: list[Shape] = []
        for minute in range(0, math.floor(duration / 60) + 1, step):
            x = LEFT + minute * 60 * scale
            shapes.append(Stroke((x, foot), (x, foot + 4), looks.INK, 1.0))
            text = whole_clock(minute * 60)
            width = text_width(text, LABEL_SIZE)
            if x + width / 2 <= RIGHT:
                at = max(LEFT, x - width / 2)
                shapes.append(TextShape(at, foot + 15, text, LABEL_SIZE, colour=looks.SOFT_INK))
        self.add("overview", shapes)

    # The legend

    def legend(self) -> None:
        """Draw samples of all looks with their names, in as many lines as they need."""
        heard = self.all_heard
        blocks = [block for segment in self.script.segments for block in segment.work_blocks]
        in_strips, others = samples(
            self.phrases,
            purposes={each.purpose for each in heard},
            has_sides=any(block.side for block in blocks),
            has_ticks=any(each.cue.text == "tick" for each in heard if not each.is_talk),
            signs={remark.sign for remark in self.remarks},
            grid=(GRID_SECONDS, GRID_SECONDS * SCALE),
        )
        self._flow(in_strips)
        self._flow(others)
        self.y += 8

    def _flow(self, samples: Iterable[Sample]) -> None:
        x = LEFT
        for sample in samples:
            name = shortened(sample.name, _TEXT_SIZE, 300)
            whole = sample.width + 7 + text_width(name, _TEXT_SIZE)
            if x + whole > RIGHT:
                x, self.y = LEFT, self.y + SAMPLE_HEIGHT
            there = [placed(shape, x, self.y) for shape in sample.shapes]
            words = TextShape(x + sample.width + 7, self.y + 20, name, _TEXT_SIZE)
            self.add("legend", [*there, words])
            x += whole + 24
        self.y += SAMPLE_HEIGHT

    # The rows

    def segment(self, index: int) -> None:
        """Draw an exercise, the opening or the closing in its rows, under its title."""
        self._chapter(index)
        remarks = [remark for remark in self.remarks if remark.segment == index]
        rows = list(rows_of(self.phases[index], self.heard[index]))
        blocks = self.script.segments[index].work_blocks
        sets = max((block.set_number for block in blocks), default=0)
        for number, row in enumerate(rows):
            is_last = number == len(rows) - 1
            here = [
                remark
                for remark in remarks
                if (number == 0 or remark.at_seconds >= row.start_seconds)
                and (is_last or remark.at_seconds < row.end_seconds)
            ]
            self._row(row, here, sets)
        self.y += 6

    def _chapter(self, index: int) -> None:
        segment, phases, heard = self.script.segments[index], self.phases[index], self.heard[index]
        start = phases[0].start_seconds
        self.add("chapter", [Stroke((LEFT, self.y), (RIGHT, self.y), looks.GRID, 1.0)])
        self.y += 21
        when = whole_clock(start)
        talk = talk_seconds(heard, start, phases[-1].end_seconds)
        share = talk / (segment.duration_seconds or 1.0)
        facts = " · ".join([whole_clock(segment.duration_seconds), *self._spread(phases, share)])
        facts_x = RIGHT - text_width(facts, _TEXT_SIZE)
        number = f"{self.numbers[index]}. " if self.numbers[index] else ""
        x = LEFT + max(58.0, text_width(when, _CHAPTER_SIZE) + 14)
        title = visible(f"{number}{segment.title}")
        shown = shortened(title, _CHAPTER_SIZE, facts_x - x - 20, "Bold")
        words = [
            TextShape(LEFT, self.y, when, _CHAPTER_SIZE),
            TextShape(x, self.y, shown, _CHAPTER_SIZE, "Bold"),
            TextShape(facts_x, self.y, facts, _TEXT_SIZE, colour=looks.SOFT_INK),
        ]
        hover = f"{clock(start)}  {title}  ({segment.duration_seconds:.1f} s)"
        self.add("chapter", words, hover, (start, phases[-1].end_seconds))
        self.y += 9

    def _row(self, row: ChartRow, remarks: Sequence[Remark], sets: int) -> None:
        self.y += self._signs(row, remarks) * _SIGN_LANE + 9
        for phase in row.phases:
            self._phase(row, phase, sets)
        self._grid(row)
        for each in row.heard:
            if not each.is_talk:
                self._sound(row, each)
        for start, end in self.silences:
            self._silence(row, start, end)
        below = self._words(row)
        self.y += looks.STRIP_HEIGHT + below + _ROW_GAP

    def _x(self, row: ChartRow, seconds: float) -> float:
        return LEFT + (seconds - row.start_seconds) * SCALE

    def _phase(self, row: ChartRow, phase: ChartPiece, sets: int) -> None:
        x, end = self._x(row, phase.start_seconds), self._x(row, phase.end_seconds)
        block = phase.work
        shapes = list(looks.phase(phase.phase, x, self.y, end - x, block.side if block else ""))
        parts = [_length(phase.whole_seconds)]
        if block:
            if block.reps:
                parts.insert(0, f"{block.reps} ×")
            if block.side:
                parts.insert(0, self.phrases.side(block.side))
            if sets > 1:
                parts.insert(0, f"{block.set_number}/{sets}")
            shapes += self._reps(row, phase)
        text = ("… " if phase.is_continued else "") + " · ".join(parts)
        left = x + (12.0 if block else 5.0)
        if block and block.side:
            shapes += looks.arrow(block.side, left, self.y + 8)
            left += looks.ARROW_WIDTH + 4
        for words in (text, parts[-1]):
            if left + text_width(words, LABEL_SIZE) + 4 <= end:
                colour = looks.INK if block else looks.SOFT_INK
                shapes.append(TextShape(left, self.y + 12, words, LABEL_SIZE, colour=colour))
                break
        hover = f"{clock(phase.start_seconds)}  {text}"
        self.add("phase", shapes, hover, (phase.start_seconds, phase.end_seconds))

    def _reps(self, row: ChartRow, phase: ChartPiece) -> Iterator[Shape]:
        """Yield a notch where each rep begins."""
        block, first = phase.work, phase.start_seconds
        if block is None or not block.reps:
            return
        foot = self.y + looks.STRIP_HEIGHT
        count = round((phase.end_seconds - first) / block.rep_seconds)
        for number in range(1, count):
            x = self._x(row, first + number * block.rep_seconds)
            yield Stroke((x, foot - 5), (x, foot), looks.WORK_EDGE, 1.0)

    def _grid(self, row: ChartRow) -> None:
        length = row.end_seconds - row.start_seconds
        xs = [LEFT + at * SCALE for at in range(GRID_SECONDS, math.ceil(length), GRID_SECONDS)]
        foot = self.y + looks.STRIP_HEIGHT
        self.add("frame", [Stroke((x, self.y), (x, foot), looks.GRID, 0.8) for x in xs])

    def _sound(self, row: ChartRow, heard: Heard) -> None:
        shapes = looks.tone(heard.cue.text, self._x(row, heard.start_seconds), self.y)
        hover = f"{clock(heard.start_seconds)}  {heard.cue.text}"
        self.add("tone", shapes, hover, (heard.start_seconds, heard.end_seconds))

    def _silence(self, row: ChartRow, start: float, end: float) -> None:
        """Measure the part of a silence in a row, with the length of all of it."""
        x = self._x(row, max(start, row.start_seconds))
        right = self._x(row, min(end, row.end_seconds))
        if right - x < _LEAST_MEASURE:
            return
        shapes = looks.silence(x, right, self.y, end - start)
        self.add("silence", shapes, f"{clock(start)}–{clock(end)}", (start, end))

    def _words(self, row: ChartRow) -> float:
        """Draw the words of a row as bars, with labels below; return the height of these."""
        spoken = [each for each in row.heard if each.is_talk]
        begins = [max(each.start_seconds, row.start_seconds) for each in spoken]
        sayings = [
            Saying(
                visible(each.cue.text) if each.start_seconds == begin else "",
                self._x(row, begin),
                each.purpose,
            )
            for each, begin in zip(spoken, begins, strict=True)
        ]
        labels = labels_of(sayings, RIGHT)
        for index, (each, saying) in enumerate(zip(spoken, sayings, strict=True)):
            end = self._x(row, min(each.end_seconds, row.end_seconds))
            shapes = list(looks.bar(each.purpose, saying.x, self.y, end - saying.x))
            if index in labels:
                shapes += self._label(labels[index], saying.x)
            hover = f"{clock(each.start_seconds)}  {each.cue.text}"
            self.add("speech", shapes, hover, (each.start_seconds, each.end_seconds))
        return max((label.foot for label in labels.values()), default=0.0)

    def _label(self, label: Label, bar_x: float) -> Iterator[Shape]:
        top = self.y + looks.STRIP_HEIGHT
        if label.is_below:
            x = bar_x + 0.4
            yield Stroke((x, top + 2), (x, top + label.y + 2), looks.GRID, 0.8)
        for number, line in enumerate(label.lines):
            baseline = top + label.y + 12 + number * LABEL_LINE
            yield TextShape(label.x, baseline, line, LABEL_SIZE, label.style)

    def _signs(self, row: ChartRow, remarks: Sequence[Remark]) -> int:
        """Put the signs of a row above its strip, at their times; return their number of lanes."""
        ends: list[float] = []
        for remark in remarks:
            text = str(remark.number)
            width = looks.SIGN_SIZE + 3 + text_width(text, LABEL_SIZE, "Bold")
            x = min(max(self._x(row, remark.at_seconds), LEFT), RIGHT - width)
            lane = next((n for n, end in enumerate(ends) if end <= x), len(ends))
            ends[lane : lane + 1] = [x + width + 4]
            y = self.y + 8 + lane * _SIGN_LANE
            shapes = [
                *looks.sign(remark.sign, x + looks.SIGN_SIZE / 2, y),
                TextShape(x + looks.SIGN_SIZE + 3, y + 4, text, LABEL_SIZE, "Bold"),
            ]
            self.add("sign", shapes, _told(remark), (remark.at_seconds, remark.at_seconds))
        return len(ends)

    # The list

    def list_of_remarks(self) -> None:
        self.add("list", [Stroke((LEFT, self.y), (RIGHT, self.y), looks.GRID, 1.0)])
        self.y += 24
        heading = self.phrases.print("picture_remarks" if self.remarks else "picture_no_remarks")
        self.add("list", [TextShape(LEFT, self.y, heading, _CHAPTER_SIZE, "Bold")])
        self.y += 10
        for remark in self.remarks:
            self._list_entry(remark)

    def _list_entry(self, remark: Remark) -> None:
        segment = self.script.segments[remark.segment] if remark.segment >= 0 else None
        title_x, x, line = LEFT + 130.0, LEFT + 430.0, 18.0
        self.y += line
        shapes: list[Shape] = [
            *looks.sign(remark.sign, LEFT + 8, self.y - 4),
            TextShape(LEFT + 24, self.y, str(remark.number), _TEXT_SIZE, "Bold"),
        ]
        if segment is not None:
            shapes.append(TextShape(LEFT + 60, self.y, clock(remark.at_seconds), _TEXT_SIZE))
            title = visible(segment.title)
            title = shortened(title, _TEXT_SIZE, x - title_x - 20, "Bold")
            shapes.append(TextShape(title_x, self.y, title, _TEXT_SIZE, "Bold"))
        detail = f" ({remark.detail})" if remark.detail else ""
        text = visible(f"{self._kind(remark)}: {remark.text}{detail}")
        for words in wrapped(text, _TEXT_SIZE, RIGHT - x, 4):
            shapes.append(TextShape(x, self.y, words, _TEXT_SIZE))
            self.y += line
        self.y -= line
        self.add("list", shapes, _told(remark), (remark.at_seconds, remark.at_seconds))

    def _kind(self, remark: Remark) -> str:
        """Return a kind of note in the routine's language, or a severity as `check` calls it."""
        if remark.sign in set(NoteKind):
            return note_name(remark.sign, self.phrases)
        return remark.sign


def _length(seconds: float) -> str:
    """Return a length as phases show it: `14 s`, `7.5 s`."""
    return f"{round(seconds, 1):g} s"


def _seconds(phases: Iterable[Stretch]) -> float:
    return math.fsum(phase.end_seconds - phase.start_seconds for phase in phases)


def _told(remark: Remark) -> str:
    detail = f" ({remark.detail})" if remark.detail else ""
    return f"{remark.number}  {clock(remark.at_seconds)}  {remark.sign}: {remark.text}{detail}"


def _density(heard: Sequence[Heard], duration: float) -> Iterator[tuple[float, float, float]]:
    """Yield each part of a session as (start, end, share of talk from 0 to 1)."""
    talk = [0.0] * _BINS
    length = duration / _BINS
    for each in heard:
        if not each.is_talk:
            continue
        first = max(0, math.floor(each.start_seconds / length))
        last = min(_BINS - 1, math.floor(each.end_seconds / length))
        for index in range(first, last + 1):
            talk[index] += talk_seconds([each], index * length, (index + 1) * length)
    for index, seconds in enumerate(talk):
        yield index * length, (index + 1) * length, min(1.0, seconds / length)
