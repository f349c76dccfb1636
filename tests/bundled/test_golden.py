"""The cue sheets of the bundled routines as files that people can read, review and compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voicecoach.fitting.wishes import USUAL_SEED
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.script.compiler import compile_script
from voicecoach.script.cue_sheet import cue_sheet
from voicecoach.script.durations import NominalDurations, word_seconds

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

GOLDEN = Path(__file__).parent / "golden"
TOTALS_SECONDS = {
    "relaxation": 8 * 60 + 55,
    "preliminary": 9 * 60 + 32,
    "main": 11 * 60 + 11,
    "dumbbells": 19 * 60 + 3,
    "children": 8 * 60 + 46,
    "desk-break": 5 * 60,
    "posture-play": 6 * 60 + 4,
}
"""What the routines were planned to last."""
PLAYFUL = ("children", "posture-play")
"""Routines that are also heard in playful words."""


@pytest.mark.parametrize("name", TOTALS_SECONDS)
def test_cue_sheet_is_the_golden_one(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """With nominal lengths nothing moves unseen; `--update-golden` writes the files anew."""
    library = Library(tmp_path)
    routine = load_routine(library.find_routine(name), library)
    script = compare(routine, name, request)
    assert script.duration_seconds == pytest.approx(TOTALS_SECONDS[name], rel=0.03)


@pytest.mark.parametrize("name", PLAYFUL)
def test_playful_cue_sheet_is_the_golden_one(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """So are the words that children hear in a track."""
    library = Library(tmp_path)
    routine = load_routine(library.find_routine(name), library)
    plain = compare(routine, name, request)
    script = compare(replace(routine, play_seed=USUAL_SEED), f"{name}-playful", request)
    assert script.duration_seconds == pytest.approx(plain.duration_seconds, rel=0.03)


def compare(routine: Routine, golden_name: str, request: pytest.FixtureRequest) -> Script:
    """Compare the cue sheet of a routine with its golden file; return the script."""
    phrases = load_phrases(routine.language, routine.audience)
    script = compile_script(routine, phrases, NominalDurations(word_seconds(routine.audience)))
    assert script.notes == ()
    golden = GOLDEN / f"{golden_name}.cues.txt"
    sheet = cue_sheet(script)
    if request.config.getoption("--update-golden"):
        golden.write_text(sheet, "utf-8")
    assert sheet == golden.read_text("utf-8"), "review the change, then run with --update-golden"
    return script


def test_every_golden_file_has_its_routine() -> None:
    """No cue sheet outlives its routine."""
    names = [*TOTALS_SECONDS, *(f"{name}-playful" for name in PLAYFUL)]
    assert {path.name for path in GOLDEN.glob("*.cues.txt")} == {
        f"{name}.cues.txt" for name in names
    }
