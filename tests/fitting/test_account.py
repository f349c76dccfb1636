"""What a person reads before a session that was changed for them: all of it, in their words, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.building import STOP_LINE, cue, routine, step
from voicecoach.fitting.account import account
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.wishes import Wishes
from voicecoach.routine.model import DoseBasis, Level, Pace, Talk

PLAN = routine(
    step("plank", "hold 30s", setup_seconds=20.0, rest_after_seconds=12.0, stop_line=STOP_LINE),
    step(
        "row",
        "2 x 8 reps, rest 30s",
        dose_basis=DoseBasis.MINIMUM,
        setup_seconds=20.0,
        stop_line=STOP_LINE,
    ),
    step("bridge", "hold 30s", dose_basis=DoseBasis.EXACT, optional=True),
    opening="Welcome.",
)


def told(**wishes: object) -> tuple[str, ...]:
    """Return the account of some wishes."""
    return account(PLAN, personalise(PLAN, Wishes(**wishes)))  # type: ignore[arg-type]


def test_nothing_is_told_of_nothing() -> None:
    """Not of wishes that change nothing, either."""
    assert told() == ()
    assert told(level=Level.STANDARD, pace=Pace.NORMAL, talk=Talk.FULL, left_first=True) == ()


def test_every_dose_is_told() -> None:
    """The new and the old; less than the source asks for is marked."""
    less = "(less than its source asks for; the coach says so)"
    assert told(level=Level.EASY) == (
        "Plank: hold 20s instead of hold 30s",
        f"Row: 6 reps, tempo 2-1-2 instead of 2 x 8 reps, tempo 2-1-2, rest 30s {less}",
    )
    assert told(level=Level.STRONG) == (
        "Plank: hold 40s instead of hold 30s",
        "Row: 2 x 11 reps, tempo 2-1-2, rest 30s instead of 2 x 8 reps, tempo 2-1-2, rest 30s",
    )


@pytest.mark.parametrize(("pace", "change"), [("calm", "10 s longer"), ("brisk", "8 s shorter")])
def test_time_to_get_ready_is_told_once(pace: str, change: str) -> None:
    """For all exercises together; what nobody feels is not told."""
    assert told(pace=Pace(pace)) == (f"time to get ready: {change} in all",)
    barely = replace(PLAN.steps[0], setup_seconds=20.9, rest_after_seconds=11.2)
    assert account(PLAN, replace(PLAN, steps=(barely, *PLAN.steps[1:]))) == ()
    longer = replace(PLAN.steps[0], rest_after_seconds=20.0)
    after = account(PLAN, replace(PLAN, steps=(longer, *PLAN.steps[1:])))
    assert after == ("rests after exercises: 8 s longer in all",)


def test_what_is_left_out_is_told_by_its_name() -> None:
    """Its rests and its set-up are no change of the others."""
    assert told(skip=("plank", "3")) == ("left out: Plank, Bridge",)


def test_talk_is_told() -> None:
    """In words that say what one will hear."""
    assert told(talk=Talk.BRIEF) == ("short reminders instead of the instructions",)
    (tones,) = told(talk=Talk.TONES)
    assert "safety" in tones
    assert "ticks" in tones


def test_a_further_stop_line_is_told_beside_other_things_alone() -> None:
    """Nobody has wished for it: of itself it is no news."""
    marked = replace(PLAN.steps[2], stop_line=STOP_LINE)
    timed = replace(PLAN.steps[1], cues=(cue("10s", STOP_LINE, stop=True),))
    after = replace(PLAN, steps=(PLAN.steps[0], timed, marked))
    assert account(PLAN, after) == ()
    also = "also says to stop when something hurts: Row, Bridge"
    assert account(PLAN, replace(after, talk=Talk.BRIEF))[1:] == (also,)


def test_names_of_strangers_do_nothing_to_a_terminal() -> None:
    """A routine file may come from anybody."""
    evil = routine(step("plank", "hold 30s", name="Plank\x1b[2J"))
    lines = account(evil, personalise(evil, Wishes(level=Level.EASY)))
    assert lines
    assert "\x1b" not in "".join(lines)
