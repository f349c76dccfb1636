"""The exported tracks are understood: an offline recogniser hears every sentence and every number.

Each routine is exported as anybody would, decoded by a decoder that is not ours, and cut at the times of
its cue sheet, so what is heard is what a listener gets: the pauses, the tones, the MP3.

A sentence is listened to on its own. Counts and countdowns are listened to in context: windows of up to
nine seconds of the track as it is, with whatever sounds and does not sound between the words. Longer
windows with one word every five seconds make the recogniser stop early, which says nothing about the voice.

The short form hears one routine for adults and one for children; VOICECOACH_SOAK=1 hears all seven.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from tests.support.figures import SOAK, SPOKEN, RecordFigure
from tests.support.listening import (
    MISSING,
    SAMPLE_RATE,
    Difference,
    decode,
    differences,
    numbers_in,
    transcribe,
    word_errors,
)
from voicecoach.export import TrackTags, export_track
from voicecoach.fitting.wishes import USUAL_SEED
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Audience
from voicecoach.session.session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

pytestmark = [
    pytest.mark.asr,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"needs {', '.join(MISSING)} (pip install 'voicecoach[asr]')",
    ),
]

ROUTINES = SPOKEN if SOAK else ("desk-break",)
LISTENED_SECONDS = math.inf if SOAK else 130.0
"""From the start of a track; a recogniser takes half as long as it listens."""

FEWEST_WORDS = 5
"""Sentences with fewer words give a recogniser no context; those with numbers are heard in windows."""
MOST_WORD_ERRORS = 0.03
WINDOW_SECONDS = 9.0
MARGIN_SECONDS = 0.5
"""Of the track, before and after what is listened to; less where something else sounds there."""

NUMBER_ROLES = frozenset({"countdown", "go", "count"})


@dataclass(frozen=True)
class Said:
    """A sentence of the cue sheet."""

    start_seconds: float
    """From the start of the track."""
    end_seconds: float
    """When the next sentence begins or the cue ends, whichever is first."""
    text: str
    role: str

    @property
    def is_long(self) -> bool:
        """Tell whether it has enough words to be understood on its own."""
        return len(self.text.split()) >= FEWEST_WORDS

    @property
    def is_number(self) -> bool:
        """Tell whether it is a count, part of a countdown, or a few words with a number."""
        return self.role in NUMBER_ROLES or (bool(numbers_in(self.text)) and not self.is_long)


@dataclass(frozen=True)
class Misheard:
    """Words that were not understood."""

    said: str
    heard: str
    differences: tuple[Difference, ...]


@dataclass
class Heard:
    """What was understood of one track."""

    words: int = 0
    """In sentences of five words or more."""
    errors: int = 0
    """In those words."""
    misheard: list[Misheard] = field(default_factory=list)
    """Those sentences that have any."""
    numbers: int = 0
    """Numbers and countdown words, in sentences and in windows."""
    wrong_numbers: list[Misheard] = field(default_factory=list)
    """Where one was not understood."""


def cue_sheet(session: Session) -> list[Said]:
    """Return every spoken sentence in order."""
    sheet: list[Said] = []
    script = session.script
    for segment, segment_start in zip(script.segments, script.starts_seconds, strict=True):
        for cue in (cue for cue in segment.cues if cue.kind == "speech"):
            offsets = [sentence.offset_seconds for sentence in cue.sentences]
            ends = [*offsets[1:], cue.duration_seconds]
            start = segment_start + cue.start_seconds
            sheet += [
                Said(start + offset, start + end, sentence.text, cue.role)
                for offset, end, sentence in zip(offsets, ends, cue.sentences, strict=True)
            ]
    return sorted(sheet, key=lambda said: said.start_seconds)


def windows(sheet: Sequence[Said]) -> Iterator[tuple[int, int]]:
    """Yield first and last index of each stretch to listen to, until every number is in one."""
    first = 0
    while first < len(sheet):
        if not sheet[first].is_number:
            first += 1
            continue
        last = following = first
        while (
            following + 1 < len(sheet)
            and sheet[following + 1].end_seconds - sheet[first].start_seconds <= WINDOW_SECONDS
        ):
            following += 1
            if sheet[following].is_number:
                last = following
        yield first, last
        first = last + 1


def cut(
    track: NDArray[np.float32], sheet: Sequence[Said], first: int, last: int
) -> NDArray[np.float32]:
    """Return the track from one sentence to another, with what lies around them but no other words."""
    start, end = sheet[first].start_seconds, sheet[last].end_seconds
    earliest = (sheet[first - 1].end_seconds + start) / 2 if first else 0.0
    latest = (end + sheet[last + 1].start_seconds) / 2 if last + 1 < len(sheet) else end + 1.0
    start = max(start - MARGIN_SECONDS, min(start, earliest))
    end = min(end + MARGIN_SECONDS, max(end, latest))
    return track[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]


def number_differences(said: str, heard: str) -> tuple[Difference, ...]:
    """Return those words heard wrong, missed or added that are numbers."""
    numbers = {*numbers_in(said), *numbers_in(heard)}
    return tuple(
        difference
        for difference in differences(said, heard)
        if numbers & set(" ".join(difference).split())
    )


def wrong_numbers(
    track: NDArray[np.float32], sheet: Sequence[Said], first: int, last: int
) -> list[Misheard]:
    """Return where, from one sentence to another, a number was not heard or heard as another.

    The recogniser sometimes stops early where little is said. Where it leaves a number out, and only
    then, both halves are listened to, down to a sentence on its own; a number heard as another number
    is wrong at once. (A word beside it that is misheard can look as if it stood for the number.)
    """
    said = " ".join(sentence.text for sentence in sheet[first : last + 1])
    heard = transcribe(cut(track, sheet, first, last))
    wrong = number_differences(said, heard)
    if not wrong:
        return []
    if last > first and not any(numbers_in(heard_instead) for _, heard_instead in wrong):
        middle = (first + last) // 2
        return [
            *wrong_numbers(track, sheet, first, middle),
            *wrong_numbers(track, sheet, middle + 1, last),
        ]
    return [Misheard(said, heard, wrong)]


@cache
def listen(name: str) -> Heard:
    """Export a bundled routine and listen to it."""
    library = Library()
    with TemporaryDirectory() as folder:
        routine = load_routine(library.find_routine(name), library)
        if routine.audience is Audience.CHILD:
            routine = replace(routine, play_seed=USUAL_SEED)
        with open_session(routine, library, voice="natural", use_cache=False) as session:
            sheet = cue_sheet(session)
            sheet = [said for said in sheet if said.end_seconds < LISTENED_SECONDS]
            path = export_track(
                session.blocks(),
                Path(folder) / f"{name}.mp3",
                total_frames=session.total_frames,
                sample_rate=session.sample_rate,
                channels=session.channels,
                tags=TrackTags(title=routine.title),
            )
        track = decode(path)
    heard = Heard()
    known: set[str] = set()
    for index, said in enumerate(sheet):
        if not said.is_long or said.text in known:
            continue
        known.add(said.text)  # a sentence that comes again is the same clip
        text = transcribe(cut(track, sheet, index, index))
        errors, words = word_errors(said.text, text)
        heard.words += words
        heard.errors += errors
        heard.numbers += len(numbers_in(said.text))
        if errors:
            heard.misheard.append(Misheard(said.text, text, tuple(differences(said.text, text))))
        if wrong := number_differences(said.text, text):
            heard.wrong_numbers.append(Misheard(said.text, text, wrong))
    for first, last in windows(sheet):
        heard.numbers += sum(
            len(numbers_in(said.text)) for said in sheet[first : last + 1] if said.is_number
        )
        heard.wrong_numbers += wrong_numbers(track, sheet, first, last)
    return heard


@pytest.mark.parametrize("name", ROUTINES)
def test_sentences_are_understood(name: str, record_figure: RecordFigure) -> None:
    """Of the words in sentences of five words or more, at most three in a hundred are misheard."""
    heard = listen(name)
    assert heard.words > (100 if SOAK else 50)
    record_figure(f"word errors of {name}", 100 * heard.errors / heard.words, f"% of {heard.words}")
    assert heard.errors <= MOST_WORD_ERRORS * heard.words, heard.misheard


@pytest.mark.parametrize("name", ROUTINES)
def test_every_number_is_understood(name: str, record_figure: RecordFigure) -> None:
    """Every count, every countdown and every number in a sentence is heard right where it stands."""
    heard = listen(name)
    assert heard.numbers > (20 if SOAK else 10)
    record_figure(f"numbers of {name}", f"{heard.numbers}, {len(heard.wrong_numbers)} wrong")
    assert heard.wrong_numbers == []
