"""Builds routines in a few words, for tests of everything that follows the routine file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voicecoach.language.phrases import load_phrases
from voicecoach.routine.anchors import parse_anchor
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import (
    Audience,
    AuthorCue,
    Equipment,
    Routine,
    Silence,
    Spoken,
    Step,
)
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations, word_seconds

if TYPE_CHECKING:
    from voicecoach.script.model import Cue, Script

MAT = Equipment("mat", "a mat")
DUMBBELLS = Equipment("dumbbells", "your dumbbells")
STOP_LINE = "If anything hurts or feels unpleasant, stop and rest."


def cue(at: str, text: str, **limits: Any) -> AuthorCue:
    """Return an author's cue."""
    return AuthorCue(parse_anchor(at), text, **limits)


def step(
    slug: str = "plank",
    dose: str = "hold 10s",
    *cues: AuthorCue,
    spoken: str = "",
    say: str = "Hold still.",
    **more: Any,
) -> Step:
    """Return a step; its name is its slug unless told otherwise."""
    name = more.pop("name", slug.replace("-", " ").capitalize())
    return Step(
        slug, name, spoken or slug.replace("-", " "), say, parse_dose(dose), cues=cues, **more
    )


def routine(*steps: Step, audience: str = "adult", **more: Any) -> Routine:
    """Return a routine of these steps, without opening and closing unless given."""
    for part in ("opening", "closing"):
        if isinstance(more.get(part), str):
            more[part] = (Spoken(more[part]),)
    return Routine("test", "Test", Audience(audience), steps, **more)


def compiled(what: Routine) -> Script:
    """Return the routine compiled with nominal lengths."""
    phrases = load_phrases(what.language, what.audience)
    return compile_script(what, phrases, NominalDurations(word_seconds(what.audience)))


def heard(script: Script, segment: int = 0) -> list[tuple[float, str]]:
    """Return what sounds in a segment: (start to the tenth, words or `<tone>`)."""
    return [
        (round(cue.start_seconds, 1), f"<{cue.text}>" if cue.kind == "sound" else cue.text)
        for cue in script.segments[segment].cues
    ]


def spoken(script: Script, role: str) -> list[Cue]:
    """Return all spoken cues of a role."""
    return [cue for segment in script.segments for cue in segment.cues if cue.role == role]


__all__ = [
    "DUMBBELLS",
    "MAT",
    "STOP_LINE",
    "Silence",
    "compiled",
    "cue",
    "heard",
    "routine",
    "spoken",
    "step",
]
