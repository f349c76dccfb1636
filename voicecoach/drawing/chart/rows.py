"""The content of a picture: phases, rows, silences and remarks, by time and without places.

All times are seconds from the start of the session.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from voicecoach.routine.model import Spoken
from voicecoach.script.phases import Phase, Stretch, phases, silences
from voicecoach.script.timing import TOLERANCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from voicecoach.errors import Problem
    from voicecoach.script.model import Cue, Script, Segment

ROW_SECONDS: Final = 120.0
"""The most that one row of time shows."""
LONG_SILENCE_SECONDS: Final = 10.0
"""A silence of this length or more is marked."""
RESTS: Final = frozenset({Phase.CHANGE, Phase.REST})
"""Phases that are drawn alike and counted together."""


class Purpose(StrEnum):
    """The purpose of words."""

    WHAT_COMES = "what comes"
    HOW = "how"
    CHECK = "check"
    STOP = "stop"
    CUE = "cue"
    TIME = "time"
    SOUND = "sound"
    """No words: a tone or a tick."""


_PURPOSES: Final = {
    "instruction": Purpose.HOW,
    "caution": Purpose.HOW,
    "opening": Purpose.HOW,
    "closing": Purpose.HOW,
    "stop": Purpose.STOP,
    "cue": Purpose.CUE,
    "countdown": Purpose.TIME,
    "go": Purpose.TIME,
    "count": Purpose.TIME,
    "last-two": Purpose.TIME,
    "halfway": Purpose.TIME,
    "five-seconds": Purpose.TIME,
}
"""By the role of a cue; all others say what comes."""


@dataclass(frozen=True)
class ChartPiece(Stretch):
    """The part of a phase in one row."""

    whole_seconds: float = 0.0
    """Its length with the parts in other rows."""
    is_continued: bool = False
    """Whether it began in the row before."""


@dataclass(frozen=True)
class Heard:
    """A cue at its time in the session."""

    cue: Cue
    start_seconds: float
    end_seconds: float
    purpose: Purpose

    @property
    def is_talk(self) -> bool:
        """True for words."""
        return self.purpose is not Purpose.SOUND


@dataclass(frozen=True)
class ChartRow:
    """One row of time."""

    start_seconds: float
    end_seconds: float
    phases: tuple[ChartPiece, ...]
    """Cut to the row."""
    heard: tuple[Heard, ...]
    """Cues that begin in the row, and words that go on from the row before."""


@dataclass(frozen=True)
class Remark:
    """Something to look at."""

    sign: str
    """A kind of note (`moved`), or a severity (`warning`)."""
    segment: int
    """Its index; -1 for the routine as a whole."""
    at_seconds: float
    text: str
    detail: str
    number: int = 0
    """In the picture and in the list, from 1."""


def phases_of(segment: Segment, start: float) -> list[Stretch]:
    """Return the phases of a segment, with times from the start of the session."""
    return [
        replace(one, start_seconds=start + one.start_seconds, end_seconds=start + one.end_seconds)
        for one in phases(segment)
    ]


def heard_in(script: Script, index: int) -> list[Heard]:
    """Return the cues of a segment, in order."""
    segment, start = script.segments[index], script.starts_seconds[index]
    lines: Iterator[Spoken] = iter(())
    if segment.kind == "opening":
        lines = (item for item in script.routine.opening if isinstance(item, Spoken))
    heard = []
    for cue in segment.cues:
        line = next(lines, None) if cue.kind == "speech" else None
        begin = start + cue.start_seconds
        heard.append(Heard(cue, begin, begin + cue.duration_seconds, _purpose(cue, line)))
    return heard


def _purpose(cue: Cue, line: Spoken | None) -> Purpose:
    """Return the purpose of a cue; `line` is the line of the opening that it speaks, if any."""
    if cue.kind == "sound":
        return Purpose.SOUND
    if line is not None and line.stop:
        return Purpose.STOP
    if line is not None and line.block:
        return Purpose.CHECK
    return _PURPOSES.get(cue.role, Purpose.WHAT_COMES)


def rows_of(phases: Sequence[Stretch], heard: Sequence[Heard]) -> Iterator[ChartRow]:
    """Yield a segment in rows: whole sets with what leads to them, if these fit ROW_SECONDS."""
    cuts = list(_cuts(phases, heard))
    for start, end in itertools.pairwise([phases[0].start_seconds, *cuts]):
        inside = tuple(
            ChartPiece(
                phase.phase,
                max(phase.start_seconds, start),
                min(phase.end_seconds, end),
                phase.block,
                phase.end_seconds - phase.start_seconds,
                is_continued=phase.start_seconds < start - TOLERANCE_SECONDS,
            )
            for phase in phases
            if phase.start_seconds < end - TOLERANCE_SECONDS
            and phase.end_seconds > start + TOLERANCE_SECONDS
        )
        is_last = end == cuts[-1]
        here = tuple(
            each
            for each in heard
            if (
                _belongs_after(each, start)
                or (each.is_talk and each.end_seconds > start + TOLERANCE_SECONDS)
            )
            and (is_last or not _belongs_after(each, end))
        )
        yield ChartRow(start, end, inside, here)


def _belongs_after(heard: Heard, moment: float) -> bool:
    """Return True if a cue is part of what begins then; an end tone is part of what it ends."""
    if heard.cue.kind == "sound" and heard.cue.text == "end":
        return heard.start_seconds > moment + TOLERANCE_SECONDS
    return heard.start_seconds >= moment - TOLERANCE_SECONDS


def _cuts(phases: Sequence[Stretch], heard: Sequence[Heard]) -> Iterator[float]:
    """Yield the ends of the rows."""
    row_start = phases[0].start_seconds
    # Best before what leads to a set, so that sets stay whole and comparable; else before the set.
    # In a phase only where it is longer than a row.
    good: list[float] = []
    for phase in phases:
        while phase.end_seconds - row_start > ROW_SECONDS + TOLERANCE_SECONDS:
            row_start = _cut(row_start, phase, good, heard)
            yield row_start
        before = [] if phase.phase is Phase.WORK else good[:1]
        good = [*before, phase.end_seconds]
    yield phases[-1].end_seconds


def _cut(row_start: float, phase: Stretch, good: Sequence[float], heard: Sequence[Heard]) -> float:
    """Return the end of a row that has no room for a phase."""
    later = [moment for moment in good if moment > row_start + TOLERANCE_SECONDS]
    fitting = [
        moment for moment in later if phase.end_seconds - moment <= ROW_SECONDS + TOLERANCE_SECONDS
    ]
    if fitting or later:
        return (fitting or later)[0]
    latest = row_start + ROW_SECONDS
    starts = (each.start_seconds for each in heard if each.is_talk)
    return max(
        (start for start in starts if latest - ROW_SECONDS / 3 <= start <= latest), default=latest
    )


def all_heard(script: Script) -> list[Heard]:
    """Return the cues of a session, in order."""
    return [each for index in range(len(script.segments)) for each in heard_in(script, index)]


def silences_of(script: Script) -> tuple[tuple[float, float], ...]:
    """Return every silence of LONG_SILENCE_SECONDS or more: (start, end)."""
    sounding = ((each.start_seconds, each.end_seconds) for each in all_heard(script))
    least = LONG_SILENCE_SECONDS - TOLERANCE_SECONDS
    found = silences(sounding, script.duration_seconds)
    return tuple((start, end) for start, end in found if end - start >= least)


def longest_without_stop(script: Script) -> float:
    """Return the longest time without a STOP line, in seconds."""
    stops = (each.start_seconds for each in all_heard(script) if each.purpose is Purpose.STOP)
    moments = itertools.pairwise([0, *stops, script.duration_seconds])
    return max(after - before for before, after in moments)


def talk_seconds(heard: Iterable[Heard], start: float, end: float) -> float:
    """Return the time with words between two moments."""
    return math.fsum(
        max(0.0, min(each.end_seconds, end) - max(each.start_seconds, start))
        for each in heard
        if each.is_talk
    )


def remarks_of(script: Script, findings: Sequence[Problem]) -> tuple[Remark, ...]:
    """Return the notes of the script engine and the findings by time, numbered."""
    remarks = [_remark_of(script, finding) for finding in findings]
    pairs = zip(script.segments, script.starts_seconds, strict=True)
    for index, (segment, start) in enumerate(pairs):
        remarks += [
            Remark(note.kind.value, index, start + note.start_seconds, note.text, note.detail)
            for note in segment.notes
        ]
    remarks.sort(key=lambda remark: (remark.segment >= 0, remark.at_seconds))
    return tuple(replace(remark, number=number) for number, remark in enumerate(remarks, 1))


def _remark_of(script: Script, finding: Problem) -> Remark:
    slugs = [segment.slug for segment in script.segments]
    index = slugs.index(finding.slug) if finding.slug and finding.slug in slugs else -1
    at = script.starts_seconds[index] if index >= 0 else 0.0
    return Remark(finding.severity.value, index, at, finding.message, finding.fix)
