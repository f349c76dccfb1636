"""What a page shows when: held against what the screen shows of the same session."""

from __future__ import annotations

import itertools
import json
import math
import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.building import compiled, cue, routine, step
from voicecoach.export.page.model import SHORTEST_GAP_SECONDS, Page, as_json, page_of
from voicecoach.language.language import available_languages
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.script.captions import captions
from voicecoach.script.moments import moment_at
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.script.model import Script

HOLD = step(
    "leg-hold", "hold 30s each side, change 14s", setup_seconds=20, rest_after_seconds=20,
    position="lying on back, knees bent",
)  # fmt: skip
SHRUG = step(
    "shrug", "2 x 8 reps, tempo 2-1-3, rest 30s", cue("after rep 4", "Slowly."),
    setup_seconds=16, rest_after_seconds=20, position="standing",
)  # fmt: skip
ROLLS = step("rolls", "4 reps each side, alternating, left first", setup_seconds=16)
ALL = routine(HOLD, SHRUG, ROLLS, opening="Welcome.", closing="Well done. Bye.")
BUNDLED = sorted(entry.name for entry in Library().routines())
STRETCHED = {Phase.GET_READY, Phase.CHANGE, Phase.REST}


@pytest.fixture(scope="module")
def page() -> Page:
    """Return the page of a session with each kind of exercise."""
    return page_of(compiled(ALL))


def bundled(name: str) -> Script:
    """Return the script of a bundled routine."""
    library = Library()
    return compiled(load_routine(library.find_routine(name), library))


def shown_by(page: Page) -> Callable[[float], tuple[object, ...]]:
    """Return what a player makes of the page at a time: a few lines, as they run in the browser."""
    starts = [phase.start_seconds for phase in page.phases]
    counted_at = [each.at_seconds for each in page.countdowns]

    def shown(seconds: float) -> tuple[object, ...]:
        phase = page.phases[bisect_right(starts, seconds) - 1]
        rep, side, number = 0, phase.side, 0
        if phase.kind is Phase.WORK and phase.reps:
            rep = min(phase.reps, 1 + int((seconds - phase.start_seconds) / phase.rep_seconds))
            side = phase.sides[(rep - 1) % 2] if phase.sides else phase.side
        last = bisect_right(counted_at, seconds) - 1
        if last >= 0 and counted_at[last] >= phase.start_seconds:
            number = page.countdowns[last].number
        return (
            phase.kind, phase.chapter, phase.heading, phase.exercise, phase.exercises,
            phase.set_number, phase.sets, side, phase.next_side, rep, phase.reps,
            phase.next_heading, phase.position, number, round(phase.end_seconds - seconds, 3),
        )  # fmt: skip

    return shown


def on_the_screen(script: Script) -> Callable[[float], tuple[object, ...]]:
    """Return the same as the screen shows it when the session is played here."""
    starts = script.starts_seconds

    def shown(seconds: float) -> tuple[object, ...]:
        index = bisect_right(starts, seconds) - 1
        segment = script.segments[index]
        moment = moment_at(segment, seconds - starts[index], index=index, routine=script.routine)
        count = moment.exercise_count if segment.kind == "exercise" else 0
        return (
            moment.phase, index, moment.heading, moment.exercise_number, count, moment.set_number,
            moment.sets, moment.side, moment.next_side, moment.rep, moment.reps,
            moment.next_heading, moment.position, moment.countdown,
            round(moment.remaining_seconds, 3),
        )  # fmt: skip

    return shown


@pytest.mark.parametrize("name", [*BUNDLED, ""])
def test_the_page_shows_what_the_screen_shows(name: str) -> None:
    """At every tenth of a second of every bundled routine, and of one with sets, sides and turns."""
    script = bundled(name) if name else compiled(ALL)
    page, screen = shown_by(page_of(script)), on_the_screen(script)
    for tenth in range(int(script.duration_seconds * 10)):
        seconds = tenth / 10 + 0.0374  # nowhere near a border, where rounding decides
        assert page(seconds) == screen(seconds), f"at {seconds} s"


@pytest.mark.parametrize("name", BUNDLED)
def test_phases_and_chapters_are_flat_and_seamless(name: str) -> None:
    """Each begins where the one before ends, from 0 to the end of the audio."""
    script = bundled(name)
    page = page_of(script)
    for row in (page.phases, page.chapters):
        times = [(one.start_seconds, one.end_seconds) for one in row]
        assert times[0][0] == 0
        assert all(end == start for (_, end), (start, _) in itertools.pairwise(times))
        assert all(start < end for start, end in times)
        assert times[-1][1] == page.duration_seconds == round(script.duration_seconds, 5)
    for phase in page.phases:
        chapter = page.chapters[phase.chapter]
        assert chapter.start_seconds <= phase.start_seconds < phase.end_seconds
        assert phase.end_seconds <= chapter.end_seconds
        assert phase.figure == chapter.figure


@pytest.mark.parametrize("name", BUNDLED)
def test_gaps_are_all_that_is_silent_between_the_work(name: str) -> None:
    """Nothing sounds in one, none lies in the work, and none of a second or more is left out."""
    script = bundled(name)
    page = page_of(script)
    sounding = [
        (start + each.start_seconds, start + each.end_seconds)
        for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        for each in segment.cues
    ]
    assert page.gaps
    for start, end in page.gaps:
        assert end - start >= SHORTEST_GAP_SECONDS
        assert all(last <= start + 1e-5 or first >= end - 1e-5 for first, last in sounding)
        (around,) = (
            phase for phase in page.phases if phase.start_seconds <= start < phase.end_seconds
        )
        assert around.kind in STRETCHED
        assert end <= around.end_seconds
    silent = bytearray(b"\1" * round(page.duration_seconds * 100))
    stretched = bytearray(len(silent))
    for first, last in sounding:
        silent[int(first * 100) : math.ceil(last * 100)] = bytes(
            math.ceil(last * 100) - int(first * 100)
        )
    for phase in (phase for phase in page.phases if phase.kind in STRETCHED):
        span = slice(math.ceil(phase.start_seconds * 100), int(phase.end_seconds * 100))
        stretched[span] = silent[span]
    found = [
        (run.start() / 100, run.end() / 100) for run in re.finditer(b"\1{102,}", bytes(stretched))
    ]
    sure = [gap for gap in page.gaps if gap[1] - gap[0] >= 1.04]
    for gap, (start, end) in zip(sure, found, strict=True):
        assert gap == (pytest.approx(start, abs=0.02), pytest.approx(end, abs=0.02))


def test_a_gap_ends_where_words_begin() -> None:
    """The worked example: 14 s to change sides, with words at its start and a countdown at its end."""
    page = page_of(compiled(ALL))
    (change,) = (phase for phase in page.phases if phase.kind is Phase.CHANGE)
    script = compiled(ALL)
    start = script.starts_seconds[1]
    inside = [gap for gap in page.gaps if change.start_seconds <= gap[0] < change.end_seconds]
    ends = [start + each.end_seconds for each in script.segments[1].cues]
    begins = [start + each.start_seconds for each in script.segments[1].cues]
    (gap,) = inside
    assert gap[0] == pytest.approx(max(end for end in ends if end < gap[1]), abs=1e-5)
    assert gap[1] == pytest.approx(min(begin for begin in begins if begin > gap[0]), abs=1e-5)
    assert gap[1] == pytest.approx(change.end_seconds - 3, abs=1e-5)


def test_what_is_said_is_there_with_its_times(page: Page) -> None:
    """The captions are those of the track, the countdowns those that are spoken."""
    assert page.captions == captions(compiled(ALL))
    starts = [phase.start_seconds for phase in page.phases if phase.kind is Phase.WORK]
    assert [(each.at_seconds, each.number) for each in page.countdowns] == [
        (pytest.approx(start - number), number) for start in starts for number in (3, 2, 1)
    ]


def test_children_are_counted_in_by_two_words() -> None:
    """With "Ready. Steady.", at 2 and at 1."""
    page = page_of(compiled(routine(step("hop", "for 10s", setup_seconds=10), audience="child")))
    assert [each.number for each in page.countdowns] == [2, 1]


def test_sides_that_take_turns_are_told_both(page: Page) -> None:
    """Odd reps are those of the first side."""
    (rolls,) = (phase for phase in page.phases if phase.kind is Phase.WORK and phase.sides)
    assert (rolls.sides, rolls.side, rolls.reps, rolls.rep_seconds) == (
        ("left", "right"), "left", 8, 5.0,
    )  # fmt: skip
    holds = [phase for phase in page.phases if phase.kind is Phase.WORK and not phase.reps]
    assert [(hold.side, hold.sides, hold.rep_seconds) for hold in holds] == [
        ("right", (), 0), ("left", (), 0),
    ]  # fmt: skip


def test_figures_follow_the_position(page: Page) -> None:
    """From the text of the step; none where nobody says, nor in opening and closing."""
    assert [chapter.figure for chapter in page.chapters] == ["", "back", "standing", "", ""]


def test_the_player_reads_this(page: Page) -> None:
    """The names of version 1: another name or another meaning of one is another version."""
    read = json.loads(json.dumps(as_json(page)))
    assert list(read) == [
        "version", "id", "title", "summary", "language", "audience", "duration_seconds", "chapters",
        "phases", "captions", "countdowns", "gaps", "words", "unit_seconds",
    ]  # fmt: skip
    assert read["version"] == 1
    assert read["phases"][2] == {
        "kind": "work", "start_seconds": pytest.approx(page.phases[2].start_seconds),
        "end_seconds": pytest.approx(page.phases[2].start_seconds + 30), "chapter": 1,
        "heading": "Leg hold", "exercise": 1, "exercises": 3, "set": 1, "sets": 1, "side": "right",
        "sides": [], "next_side": "left", "reps": 0, "rep_seconds": 0, "next": "Shrug",
        "position": "lying on back, knees bent", "figure": "back",
    }  # fmt: skip
    assert list(read["chapters"][0]) == ["title", "start_seconds", "end_seconds", "figure"]
    assert list(read["captions"][0]) == ["start_seconds", "end_seconds", "text"]
    assert list(read["countdowns"][0]) == ["at_seconds", "number"]
    assert {phase["kind"] for phase in read["phases"]} == {
        "opening", "get-ready", "work", "change", "rest", "closing",
    }  # fmt: skip
    assert all(start < end for start, end in read["gaps"])


def test_a_place_is_kept_as_long_as_the_times_are_the_same(page: Page) -> None:
    """The same session has the same key; one with other times, or in another language, another."""
    assert page_of(compiled(ALL)).key == page.key
    assert page_of(compiled(replace(ALL, about="More to read."))).key == page.key
    longer = replace(ALL, steps=(replace(HOLD, setup_seconds=21), *ALL.steps[1:]))
    others = [page_of(compiled(other)).key for other in (longer, replace(ALL, title="B"))]
    assert len({page.key, *others}) == 3


def test_safety_is_there_to_be_read() -> None:
    """The checks of the opening and each line that says stop, once."""
    script = bundled("main")
    page = page_of(script)
    stops = {each.stop_line for each in script.routine.steps if each.stop_line}
    assert stops
    assert stops < set(page.safety)
    assert len(page.safety) == len(set(page.safety))


@pytest.mark.parametrize("language", available_languages())
def test_the_words_of_the_page_are_in_the_language_of_the_routine(language: str) -> None:
    """All that the English page has; only marks that every language shares are the same."""
    words = load_phrases(language).printed("page_")
    english = load_phrases("en").printed("page_")
    assert words.keys() == english.keys()
    assert all(text.strip() for text in words.values())
    page = page_of(compiled(replace(ALL, language=language)))
    assert page.words == words
    assert "" not in page.unit_seconds.values()
    if language != "en":
        same = {key for key, text in words.items() if text == english[key]}
        assert same <= {"minutes", "pause", "position"}
