"""What goes on at a moment: phases, times, counts and sides, in whole segments and in tails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.building import compiled, cue, routine, step
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.script.moments import Moment, moment_at
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script, Segment

HOLD = step(
    "leg-hold", "hold 30s each side, change 14s", setup_seconds=20, rest_after_seconds=20,
    position="lying on back",
)  # fmt: skip
SHRUG = step("shrug", "2 x 8 reps, tempo 2-1-3, rest 30s", setup_seconds=16, rest_after_seconds=20)
ROLLS = step("rolls", "4 reps each side, alternating, left first", setup_seconds=16)
ALL = routine(HOLD, SHRUG, ROLLS, opening="Welcome.", closing="Well done. Bye.")
SCRIPT = compiled(ALL)
BUNDLED = sorted(entry.name for entry in Library().routines())


def at(index: int, seconds: float, script: Script = SCRIPT) -> Moment:
    """Return the moment so long after the start of a segment."""
    return moment_at(script.segments[index], seconds, index=index, routine=script.routine)


def told(moment: Moment) -> tuple[object, ...]:
    """Return the heart of a moment."""
    return (moment.phase, moment.remaining_seconds, moment.side, moment.next_side, moment.countdown)


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [
        (0, (Phase.GET_READY, 20, "right", "", 0)),
        (16.9, (Phase.GET_READY, 3.1, "right", "", 0)),
        (17, (Phase.GET_READY, 3, "right", "", 3)),
        (18.5, (Phase.GET_READY, 1.5, "right", "", 2)),
        (19.9, (Phase.GET_READY, 0.1, "right", "", 1)),
        (20, (Phase.WORK, 30, "right", "left", 0)),
        (49.9, (Phase.WORK, 0.1, "right", "left", 0)),
        (50, (Phase.CHANGE, 14, "", "left", 0)),
        (62, (Phase.CHANGE, 2, "", "left", 2)),
        (64, (Phase.WORK, 30, "left", "", 0)),
        (94, (Phase.REST, 20, "", "", 0)),
        (113.9, (Phase.REST, 0.1, "", "", 0)),
    ],
)
def test_hold_on_both_sides(seconds: float, wanted: tuple[object, ...]) -> None:
    """Each phase of the worked example, with the time that is left and the side."""
    phase, remaining, *others = told(at(1, seconds))
    assert (phase, round(float(str(remaining)), 6), *others) == wanted


def test_titles_and_numbers_of_an_exercise() -> None:
    """What is done, which of how many it is, and what comes next, are known all the time."""
    moment = at(1, 3)
    assert (moment.title, moment.heading, moment.slug) == ("Leg hold", "Leg hold", "leg-hold")
    assert (moment.exercise_number, moment.exercise_count, moment.segment_index) == (1, 3, 1)
    assert (moment.next_title, moment.position) == ("Shrug", "lying on back")
    assert at(3, 0).next_title == ""


def test_opening_and_closing() -> None:
    """They are no exercises; the first exercise comes after the opening."""
    opening, closing = at(0, 0.2), at(4, 0.7)
    assert (opening.phase, opening.exercise_number, opening.next_title) == (
        Phase.OPENING, 0, "Leg hold",
    )  # fmt: skip
    assert opening.caption == "Welcome."
    assert (closing.phase, closing.exercise_number, closing.next_title) == (Phase.CLOSING, 0, "")
    assert closing.remaining_seconds == pytest.approx(SCRIPT.segments[4].duration_seconds - 0.7)


@pytest.mark.parametrize(
    ("seconds", "phase", "rep", "set_number"),
    [
        (15.9, Phase.GET_READY, 0, 1),
        (16, Phase.WORK, 1, 1),
        (21.99, Phase.WORK, 1, 1),
        (22, Phase.WORK, 2, 1),
        (63.9, Phase.WORK, 8, 1),
        (64, Phase.REST, 0, 2),
        (94, Phase.WORK, 1, 2),
        (142, Phase.REST, 0, 0),
    ],
)
def test_reps_and_sets(seconds: float, phase: Phase, rep: int, set_number: int) -> None:
    """The count and the set that goes on, or comes; after the last set there is none."""
    moment = at(2, seconds)
    assert (moment.phase, moment.rep, moment.set_number) == (phase, rep, set_number)
    assert moment.sets == 2


def test_alternating_sides_follow_the_reps() -> None:
    """Left, right, left, right; the first one is shown while we get ready."""
    assert at(3, 1).side == "left"
    assert [at(3, 16.1 + 5 * rep).side for rep in range(4)] == ["left", "right"] * 2
    assert {at(3, 17 + k).next_side for k in range(20)} == {""}


def test_caption_is_the_sentence_being_said_and_stays_a_while() -> None:
    """One sentence after the other; gone a while later, and when a new phase begins."""
    script = compiled(routine(step("x", "hold 30s", cue("10s", "Breathe in. Breathe out."))))
    cues = [cue for cue in script.segments[0].cues if cue.text.startswith("Breathe")]
    start, second = cues[0].start_seconds, cues[0].sentences[1].offset_seconds
    said = [
        at(0, start + offset, script).caption for offset in (0, second - 0.1, second, second + 3)
    ]
    assert said == ["Breathe in.", "Breathe in.", "Breathe out.", "Breathe out."]
    assert at(0, cues[0].end_seconds + 4.1, script).caption == ""
    end = script.segments[0].work_blocks[0].start_seconds
    assert at(0, end - 0.5, script).caption == ""  # "One." stands there as a number


def tail(segment: Segment, from_seconds: float, pickup_seconds: float) -> Segment:
    """Return what is left of a segment, behind a pickup without words."""
    shift = pickup_seconds - from_seconds
    left = [cue for cue in segment.cues if cue.start_seconds >= from_seconds]
    return replace(
        segment,
        duration_seconds=segment.duration_seconds + shift,
        cues=tuple(replace(cue, start_seconds=cue.start_seconds + shift) for cue in left),
        work_blocks=tuple(
            replace(block, start_seconds=block.start_seconds + shift)
            for block in segment.work_blocks
        ),
        pickup_seconds=pickup_seconds,
    )


def test_pickup_before_a_rep_gets_ready_for_it() -> None:
    """Taken up at rep 5 of the second set: the pickup leads there, then count and times are as ever."""
    shrug = SCRIPT.segments[2]
    taken_up = tail(shrug, 94 + 4 * 6, 5.0)
    before = moment_at(taken_up, 1.5, index=2, routine=ALL)
    assert (before.phase, before.remaining_seconds) == (Phase.GET_READY, 3.5)
    assert (before.set_number, before.rep) == (2, 0)
    for later in (0.0, 5.9, 6.0, 23.9, 24.0, 30.0):
        now = moment_at(taken_up, 5 + later, index=2, routine=ALL)
        whole = at(2, 94 + 24 + later)
        assert (now.phase, now.rep, now.reps) == (whole.phase, whole.rep, whole.reps)
        assert now.remaining_seconds == pytest.approx(whole.remaining_seconds)


def test_pickup_in_a_long_hold_counts_what_is_left() -> None:
    """Taken up after 12 of 30 s on the second side: 18 s are left, on the left."""
    taken_up = tail(SCRIPT.segments[1], 64 + 12, 5.0)
    moment = moment_at(taken_up, 2, index=1, routine=ALL)
    assert (moment.phase, moment.side, moment.phase_seconds) == (Phase.GET_READY, "left", 5)
    moment = moment_at(taken_up, 5, index=1, routine=ALL)
    assert (moment.phase, moment.side) == (Phase.WORK, "left")
    assert moment.remaining_seconds == moment.phase_seconds == pytest.approx(18)


def test_pickup_in_a_gap_and_in_a_rest_belongs_to_them() -> None:
    """Where a tail does not begin with work, we are where we were."""
    in_change = moment_at(tail(SCRIPT.segments[1], 55, 2.0), 1, index=1, routine=ALL)
    assert (in_change.phase, in_change.next_side) == (Phase.CHANGE, "left")
    assert in_change.remaining_seconds == pytest.approx(10)
    in_rest = moment_at(tail(SCRIPT.segments[1], 100, 2.0), 1, index=1, routine=ALL)
    assert (in_rest.phase, in_rest.set_number) == (Phase.REST, 0)
    assert in_rest.remaining_seconds == pytest.approx(15)
    in_lead_in = moment_at(tail(SCRIPT.segments[1], 4, 2.0), 1, index=1, routine=ALL)
    assert (in_lead_in.phase, in_lead_in.remaining_seconds) == (Phase.GET_READY, 17)


def bundled(name: str) -> tuple[Routine, Script]:
    """Return a bundled routine, compiled with nominal lengths."""
    library = Library()
    found = load_routine(library.find_routine(name), library)
    return found, compiled(found)


@pytest.mark.parametrize("name", BUNDLED)
def test_moments_agree_with_what_is_said(name: str) -> None:
    """At each count its number is the rep, at each tone work begins or ends, at each "Three." 3 is left."""
    found, script = bundled(name)
    phrases = load_phrases(found.language, found.audience)
    words = {word: len(phrases.countdown) - place for place, word in enumerate(phrases.countdown)}
    checked = 0
    for index, segment in enumerate(script.segments):
        for sounded in segment.cues:
            now = moment_at(segment, sounded.start_seconds, index=index, routine=found)
            checked += 1
            if sounded.role == "count":
                assert phrases.count(now.rep) == sounded.text
            elif sounded.role == "countdown":
                assert now.countdown == words[sounded.text]
            elif sounded.text == "start":
                assert now.phase is Phase.WORK
                assert now.remaining_seconds == pytest.approx(now.phase_seconds)
            elif sounded.text == "end" and segment.duration_seconds > sounded.start_seconds:
                assert now.phase in (Phase.REST, Phase.CHANGE)
            else:
                assert now.caption in sounded.text
            if sounded.side and sounded.text != "end":  # that one belongs to the side that is done
                assert sounded.side in (now.side, now.next_side)
    assert checked > 50


@pytest.mark.parametrize("name", BUNDLED)
def test_time_runs_down_without_a_jump(name: str) -> None:
    """From tenth to tenth of a second a phase loses a tenth, or has come to its end."""
    found, script = bundled(name)
    for index, segment in enumerate(script.segments):
        before: Moment | None = None
        for tenth in range(int(segment.duration_seconds * 10)):
            now = moment_at(segment, tenth / 10, index=index, routine=found)
            assert 0 <= now.remaining_seconds <= now.phase_seconds + 1e-6
            assert 0 <= now.rep <= now.reps
            if before is not None and before.remaining_seconds > 0.1 + 1e-6:
                assert now.phase is before.phase
                assert now.remaining_seconds == pytest.approx(before.remaining_seconds - 0.1)
            before = now
