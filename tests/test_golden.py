"""The cue sheets of the bundled routines as files that people can read, review and compare."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach.compiler import compile_script
from voicecoach.cue_sheet import cue_sheet
from voicecoach.lengths import NominalDurations, word_seconds
from voicecoach.library import Library
from voicecoach.phrases import load_phrases
from voicecoach.routine_file import load_routine

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


@pytest.mark.parametrize("name", TOTALS_SECONDS)
def test_cue_sheet_is_the_golden_one(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """With nominal lengths nothing moves unseen; `--update-golden` writes the files anew."""
    library = Library(tmp_path)
    routine = load_routine(library.find_routine(name), library)
    phrases = load_phrases(routine.language, routine.audience)
    script = compile_script(routine, phrases, NominalDurations(word_seconds(routine.audience)))
    assert script.duration_seconds == pytest.approx(TOTALS_SECONDS[name], rel=0.03)
    assert script.notes == ()
    golden = GOLDEN / f"{name}.cues.txt"
    sheet = cue_sheet(script)
    if request.config.getoption("--update-golden"):
        golden.write_text(sheet, "utf-8")
    assert sheet == golden.read_text("utf-8"), "review the change, then run with --update-golden"


def test_every_golden_file_has_its_routine() -> None:
    """No cue sheet outlives its routine."""
    assert {path.name for path in GOLDEN.glob("*.cues.txt")} == {
        f"{name}.cues.txt" for name in TOTALS_SECONDS
    }
