"""Sessions to draw: bundled routines as people may wish them, and one that is far too full."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from tests.drawing.sheet.samples import BUNDLED, HOSTILE, bundled
from tests.support.building import DUMBBELLS, STOP_LINE, compiled, cue, routine, step
from voicecoach.errors import Problem, Severity
from voicecoach.routine.model import Audience, Spoken, Talk

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

MARK = "voicecoach 9.9.9"
VARIANTS = tuple(
    (name, variant)
    for name in BUNDLED
    for variant in ("full", "brief", "tones", *(["playful"] if "play" in name else []))
)


@cache
def script_of(name: str, variant: str = "full") -> Script:
    """Return a bundled routine, compiled with nominal lengths."""
    if name == "crowded":
        return compiled(crowded())
    plan = bundled(name)
    if variant == "playful":
        return compiled(replace(plan, play_seed=7))
    return compiled(replace(plan, talk=Talk(variant)))


def crowded() -> Routine:
    """Return a routine in which much has no room, and every text is hostile or long."""
    breathe = "Keep your back long and straight and breathe out slowly all the way through."
    full = step(
        "crowd", "3 x 6 reps each side, tempo 1-0-1, rest 9s, change 5s",
        cue("rep 2", breathe),
        cue("after rep 3", "Good."),
        cue("halfway", "That is half of it, and you are doing really well today."),
        cue("4s", "Well done, that is the way.", praise=True),
        cue("rest", "Put the dumbbells down if your hands are tired, and shake out your arms."),
        cue("end", "Lower slowly, and let it go."),
        setup_seconds=20, rest_after_seconds=11, stop_line=STOP_LINE, equipment=(DUMBBELLS,),
    )  # fmt: skip
    moved = step(
        "moved", "hold 40s", cue("10s", "Shoulders soft and wide."), cue("12s", "And jaw soft."),
        cue("1s before end", "Let it all go now."), rest_after_seconds=40,
    )  # fmt: skip
    long = step("long", "hold 300s", name=HOSTILE * 3, rest_after_seconds=40)
    fast = step("fast", "20 reps, tempo 0.5-0-0.5", say="Fast. " * 40, rest_after_seconds=5)
    endless = step("endless", "hold 5s", say="And on it goes, word by word by word. " * 45)
    turns = step("turns", "10 reps each side, alternating, tempo 2-1-2", flow=True)
    plan = routine(full, moved, long, fast, endless, turns, closing="Bye.")
    opening = (
        Spoken(f"Welcome. {HOSTILE.replace('$', '$$')}."),
        Spoken("Clear the floor.", "SC-A"),
        Spoken("If anything hurts, stop.", "SC-A", stop=True),
    )
    return replace(plan, title=f"Crowded {HOSTILE}", opening=opening)


def findings() -> tuple[Problem, ...]:
    """Return findings about the crowded routine: about all of it, and about two of its steps."""
    return (
        Problem(
            24,
            3,
            'step 2 "Moved"',
            "too much talk",
            f"say less {HOSTILE}",
            "talk",
            Severity.ERROR,
            slug="moved",
        ),
        Problem(
            12,
            3,
            'step 1 "Crowd"',
            "left and right differ",
            "",
            "sides",
            Severity.WARNING,
            slug="crowd",
        ),
        Problem(0, 0, "", "there is no summary", "write one", "summary", Severity.ADVICE),
    )


def repeated(times: int) -> Script:
    """Return a session of so many exercises of a minute."""
    steps = [
        step(
            f"s{number}", "10 reps, tempo 2-1-2", say="Reach up. " * 3, rest_after_seconds=5,
            setup_seconds=15,
        )
        for number in range(times)
    ]  # fmt: skip
    return compiled(replace(routine(*steps), audience=Audience.ADULT))
