"""What the session page shows when, whatever shows it.

Pure: a measured Script in, frozen values out. `moments` says what goes on at a moment, to the page
as to the screen; so the player in the page looks things up and knows no rule of ours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from voicecoach.export.page.figures import name_of
from voicecoach.files.fingerprint import fingerprint
from voicecoach.language.phrases import load_phrases
from voicecoach.language.vocabulary import position_of
from voicecoach.messages import printable
from voicecoach.routine.dose import Sides
from voicecoach.script.captions import captions
from voicecoach.script.model import segment_steps
from voicecoach.script.moments import moment_at
from voicecoach.script.phases import Phase, phases, silences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicecoach.routine.model import Routine, Step
    from voicecoach.script.captions import Caption
    from voicecoach.script.model import Script, SideName
    from voicecoach.script.phases import Stretch

VERSION: Final = 1
"""Of the JSON that the player reads."""
SHORTEST_GAP_SECONDS: Final = 1.0
"""A stretch without sound is worth stretching from here on."""
_STRETCHED: Final = frozenset({Phase.GET_READY, Phase.CHANGE, Phase.REST})
"""The phases in which more time may be wished: the work and its words stay as they are."""
_WORDS_KEY: Final = "page_"
"""The start of the keys of the page's words, among all that is printed."""


@dataclass(frozen=True)
class PageChapter:
    """A place to jump to."""

    title: str
    start_seconds: float
    """From the start of the audio, as all times here."""
    end_seconds: float
    figure: str
    """The name of the figure that shows the position; empty for none."""


@dataclass(frozen=True)
class PagePhase:
    """A stretch of time in which the page shows one thing; `moments.Moment` explains the fields."""

    kind: Phase
    start_seconds: float
    end_seconds: float
    chapter: int
    """From 0."""
    heading: str
    exercise: int
    """From 1; 0 in opening and closing."""
    exercises: int
    """How many there are; 0 in opening and closing."""
    set_number: int
    sets: int
    side: SideName
    sides: tuple[SideName, ...]
    """Of odd and even reps, where they take turns; else empty."""
    next_side: SideName
    reps: int
    rep_seconds: float
    """Length of one rep; 0 for holds and timed work."""
    next_heading: str
    position: str
    figure: str


@dataclass(frozen=True)
class Countdown:
    """A number that counts the work in, until the next one or the work comes."""

    at_seconds: float
    number: int


@dataclass(frozen=True)
class Page:
    """A session as its page shows it."""

    title: str
    summary: str
    language: str
    """Of all texts, the page's own too."""
    audience: str
    duration_seconds: float
    chapters: tuple[PageChapter, ...]
    """Flat, without gaps."""
    phases: tuple[PagePhase, ...]
    """Flat, in order, without gaps, over the whole session."""
    captions: tuple[Caption, ...]
    countdowns: tuple[Countdown, ...]
    gaps: tuple[tuple[float, float], ...]
    """Start and end of each stretch without sound that more time between exercises makes longer.
    Each lies within one phase."""
    safety: tuple[str, ...]
    """When not to start, and when to stop: what the coach says of it, to be read."""
    words: dict[str, str]
    """The words of the page itself, by key."""
    unit_seconds: dict[str, str]
    """What follows a number of seconds, by its plural category (CLDR)."""

    @property
    def key(self) -> str:
        """The name under which a browser remembers the place: another one when the times change."""
        times = [(phase.start_seconds, phase.heading) for phase in self.phases]
        return fingerprint(self.title, self.language, self.duration_seconds, times)[:16]


def page_of(script: Script) -> Page:
    """Return the page of a session; its times are those of the audio if the script was measured."""
    routine = script.routine
    phrases = load_phrases(routine.language, routine.audience)
    figures = [_figure(step, routine) for step in segment_steps(routine)]
    shown = tuple(_phases(script, figures))
    return Page(
        title=printable(routine.title),
        summary=printable(routine.summary),
        language=phrases.language,
        audience=routine.audience.value,
        duration_seconds=_exact(script.duration_seconds),
        chapters=tuple(
            PageChapter(
                printable(chapter.title) or "-",
                _exact(chapter.start_seconds),
                _exact(chapter.end_seconds),
                figure,
            )
            for chapter, figure in zip(script.chapters, figures, strict=True)
        ),
        phases=shown,
        captions=captions(script),
        countdowns=tuple(_countdowns(script)),
        gaps=tuple(_gaps(script, shown)),
        safety=tuple(dict.fromkeys(map(printable, routine.safety_lines))),
        words=phrases.printed(_WORDS_KEY),
        unit_seconds=phrases.printed_forms("unit_seconds"),
    )


def _figure(step: Step | None, routine: Routine) -> str:
    """Return the name of the figure for the position of a step; empty where nobody can tell.

    The words for positions that the lints know tell it, so no routine has to name a figure.
    """
    position = position_of(step, routine.language) if step else None
    return name_of(position) if position else ""


def _phases(script: Script, figures: Sequence[str]) -> Iterator[PagePhase]:
    steps = segment_steps(script.routine)
    for index, (segment, start) in enumerate(
        zip(script.segments, script.starts_seconds, strict=True)
    ):
        for stretch in phases(segment):
            yield _phase(script, index, steps[index], stretch, start, figures[index])


def _phase(
    script: Script,
    index: int,
    step: Step | None,
    stretch: Stretch,
    segment_start: float,
    figure: str,
) -> PagePhase:
    moment = moment_at(
        script.segments[index], stretch.start_seconds, index=index, routine=script.routine
    )
    sides: tuple[SideName, ...] = ()
    if step and step.dose.sides is Sides.ALTERNATING:
        sides = (step.dose.side_of_rep(1), step.dose.side_of_rep(2))
    return PagePhase(
        kind=moment.phase,
        start_seconds=_exact(segment_start + stretch.start_seconds),
        end_seconds=_exact(segment_start + stretch.end_seconds),
        chapter=index,
        heading=printable(moment.heading),
        exercise=moment.exercise_number,
        exercises=moment.exercise_count if step else 0,
        set_number=moment.set_number,
        sets=moment.sets,
        side=moment.side,
        sides=sides,
        next_side=moment.next_side,
        reps=moment.reps,
        rep_seconds=_exact(stretch.block.rep_seconds) if stretch.block else 0.0,
        next_heading=printable(moment.next_heading),
        position=printable(moment.position),
        figure=figure,
    )


def _countdowns(script: Script) -> Iterator[Countdown]:
    """Yield the numbers that count the work in: one with each word of the countdown."""
    for index, (segment, start) in enumerate(
        zip(script.segments, script.starts_seconds, strict=True)
    ):
        for cue in segment.cues:
            if cue.role != "countdown":
                continue
            number = moment_at(
                segment, cue.start_seconds, index=index, routine=script.routine
            ).countdown
            if number:
                yield Countdown(_exact(start + cue.start_seconds), number)


def _gaps(script: Script, shown: Sequence[PagePhase]) -> Iterator[tuple[float, float]]:
    """Yield the silent parts of the phases in which more time may be wished."""
    starts = [phase.start_seconds for phase in shown]
    sounding = (
        (start + cue.start_seconds, start + cue.end_seconds)
        for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        for cue in segment.cues
    )
    for silent_from, silent_to in silences(sounding, script.duration_seconds):
        first = max(0, bisect_right(starts, silent_from) - 1)
        for phase in shown[first : bisect_left(starts, silent_to)]:
            start = max(phase.start_seconds, silent_from)
            end = min(phase.end_seconds, silent_to)
            if phase.kind in _STRETCHED and end - start >= SHORTEST_GAP_SECONDS:
                yield _exact(start), _exact(end)


def as_json(page: Page) -> dict[str, Any]:
    """Return the session as the player in the page reads it."""
    return {
        "version": VERSION,
        "id": page.key,
        "title": page.title,
        "summary": page.summary,
        "language": page.language,
        "audience": page.audience,
        "duration_seconds": page.duration_seconds,
        "chapters": [asdict(chapter) for chapter in page.chapters],
        "phases": [_phase_as_json(phase) for phase in page.phases],
        "captions": [
            {
                "start_seconds": _exact(caption.start_seconds),
                "end_seconds": _exact(caption.end_seconds),
                "text": caption.text,
            }
            for caption in page.captions
        ],
        "countdowns": [asdict(countdown) for countdown in page.countdowns],
        "gaps": [list(gap) for gap in page.gaps],
        "words": page.words,
        "unit_seconds": page.unit_seconds,
    }


def _phase_as_json(phase: PagePhase) -> dict[str, Any]:
    renamed = {"set_number": "set", "next_heading": "next"}
    values = asdict(phase) | {"kind": phase.kind.replace(" ", "-")}
    return {renamed.get(name, name): value for name, value in values.items()}


def _exact(seconds: float) -> float:
    """Return seconds to the hundredth of a millisecond: finer than a frame, without float noise."""
    return round(seconds, 5)
