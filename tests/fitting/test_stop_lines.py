"""At least every four minutes somebody hears to stop when something hurts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.script.test_compiler_properties import routines
from tests.support.building import STOP_LINE, compiled, routine, step
from tests.support.examples import tries
from voicecoach.errors import RoutineError
from voicecoach.fitting.stop_lines import MOST_SECONDS, gaps, stop_times, with_stop_lines
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.model import Routine, Spoken
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations, word_seconds


def safe(what: Routine) -> Routine:
    """Return the routine with its stop lines, by the lengths of the table."""
    durations = NominalDurations(word_seconds(what.audience))
    return with_stop_lines(what, load_phrases("en", what.audience), durations)


def longest_gap(what: Routine) -> float:
    """Return the longest time without a stop line."""
    return max(end - begin for begin, end in gaps(compiled(what)))


def test_a_routine_that_says_it_often_enough_stays_as_it_is() -> None:
    """Every three minutes."""
    steps = [step(f"s{n}", "hold 60s", setup_seconds=100.0, stop_line=STOP_LINE) for n in range(5)]
    what = routine(*steps, opening="Welcome.")
    assert safe(what) == what


def test_a_line_comes_in_the_last_lead_in_that_is_early_enough() -> None:
    """Not in every lead-in, and not in a movement."""
    steps = [step(f"s{n}", "hold 50s", setup_seconds=20.0, say="Hold.") for n in range(9)]
    made = safe(routine(*steps))
    marked = [place for place, one in enumerate(made.steps) if one.stop_line]
    assert marked == [3, 6]
    assert stop_times(compiled(made))[0] == pytest.approx(3 * 70 + 1.6, abs=3)


def test_a_flow_step_is_never_held_up_for_it() -> None:
    """Somebody hangs there with the head down: the step before says it."""
    steps = [step(f"s{n}", "hold 50s", setup_seconds=20.0) for n in range(4)]
    steps[3] = step("s3", "hold 50s", setup_seconds=20.0, flow=True)
    made = safe(routine(*steps, step("s4", "hold 50s", setup_seconds=20.0)))
    assert [bool(one.stop_line) for one in made.steps] == [False, False, True, False, False]


def test_long_work_is_told_while_the_clock_runs() -> None:
    """A hold of ten minutes, and on both sides of one that has two."""
    for dose, least in (("hold 10 min", 2), ("hold 5 min each side", 2), ("3 x for 6 min", 4)):
        made = safe(routine(step("long", dose)))
        assert longest_gap(made) <= MOST_SECONDS
        script = compiled(made)
        cues = [cue for cue in script.segments[0].cues if cue.role == "stop"]
        blocks = script.segments[0].work_blocks
        inside = [
            any(
                b.start_seconds <= cue.start_seconds and cue.end_seconds <= b.end_seconds
                for b in blocks
            )
            for cue in cues
        ]
        assert sum(inside) >= least


def test_it_takes_the_place_of_numbers_but_not_of_the_last() -> None:
    """Three hundred reps of two seconds: while it is said nobody counts, then the count goes on."""
    made = safe(routine(step("many", "300 reps, tempo 1-0-1")))
    cues = compiled(made).segments[0].cues
    stops = [cue for cue in cues if cue.role == "stop"]
    assert len(stops) >= 2
    numbers = {cue.start_seconds for cue in cues if cue.role == "count"}
    for stop in stops:
        assert not [at for at in numbers if stop.start_seconds - 0.2 < at < stop.end_seconds]
    assert [cue.text for cue in cues if cue.role == "count"][-1] == "Three hundred."


def test_a_check_in_the_opening_counts() -> None:
    """What the opening says, with its mark, is one of the lines."""
    opening = (Spoken("Stop if anything hurts.", "SC", stop=True),)
    steps = [step(f"s{n}", "hold 50s", setup_seconds=20.0) for n in range(3)]
    what = routine(*steps, opening=opening)
    assert stop_times(compiled(what)) == [0.0]
    assert safe(what) == what


def test_without_an_opening_the_first_lead_in_says_it() -> None:
    """Where the work comes in pieces too short for a line, and what follows is a flow."""
    sets = step("sets", "3 x 1 reps each side, change 16s, rest 45s", setup_seconds=30.0)
    made = safe(routine(sets, step("on", "4 reps, tempo 2-1-3", setup_seconds=18.0, flow=True)))
    assert [bool(one.stop_line) for one in made.steps] == [True, False]
    assert longest_gap(made) <= MOST_SECONDS


LONG_DOSES = [
    "hold 5 min", "20 reps, tempo 5-5-5", "3 x for 100s, rest 100s", "for 30s", "hold 20s", "hold 12 min",
    "4 x hold 2 min each side, change 20s, rest 60s", "50 reps, tempo 1-0-1", "200 reps, tempo 2-1-2",
    "40 reps each side, alternating", "2 x 60 reps each side, change 12s, rest 45s", "hold 239s", "for 250s",
]  # fmt: skip


@tries(30, soak=1000)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(LONG_DOSES),
            st.sampled_from([0.0, 20.0, 60.0]),
            st.sampled_from([0.0, 8.0, 30.0, 90.0]),
            st.sampled_from(["", STOP_LINE]),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_long_sessions_are_safe(rows: list[tuple[str, float, float, str, bool]]) -> None:
    """Long holds, hundreds of reps, both sides, flows."""
    steps = [
        step(
            f"s{place}",
            dose,
            setup_seconds=setup,
            rest_after_seconds=rest,
            stop_line=stop,
            flow=flow,
        )
        for place, (dose, setup, rest, stop, flow) in enumerate(rows)
    ]
    made = safe(routine(*steps))
    assert longest_gap(made) <= MOST_SECONDS
    assert safe(made) == made


@tries(30, soak=1000)
@given(routines())
def test_no_routine_goes_on_for_longer_without_it(what: Routine) -> None:
    """Whatever anybody writes, as far as its words fit at all."""
    made = safe(what)
    phrases = load_phrases("en", what.audience)
    try:
        script = compile_script(made, phrases, NominalDurations(word_seconds(what.audience)))
    except RoutineError:
        return
    assert max(end - begin for begin, end in gaps(script)) <= MOST_SECONDS
    assert with_stop_lines(made, phrases, NominalDurations(word_seconds(what.audience))) == made
