"""How loud the exported tracks are, as an independent meter hears them after decoding."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.ebur128 import measure_track
from tests.support.figures import SOAK, SPOKEN, RecordFigure
from tests.support.needs import requires_program

if TYPE_CHECKING:
    from pathlib import Path

VOICES = ("natural", "pyttsx3") if SOAK else ("natural",)


@pytest.mark.slow
@requires_program("ffmpeg")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("name", SPOKEN if SOAK else ("desk-break",))
def test_a_track_is_as_loud_as_apps_expect(
    name: str, voice: str, tmp_path: Path, record_figure: RecordFigure
) -> None:
    """-19 LUFS in one channel, which are -16 LUFS from two, and no peak above -1 dBTP."""
    track = tmp_path / f"{name}.mp3"
    subprocess.run(
        [sys.executable, "-m", "voicecoach", "export", name, "--voice", voice, "-o", str(track)],
        capture_output=True, check=True, timeout=280,
    )  # fmt: skip
    measured = measure_track(track)
    record_figure(f"loudness of {name}, {voice}", measured.lufs, "LUFS")
    record_figure(f"true peak of {name}, {voice}", measured.true_peak_db, "dBTP")
    assert measured.lufs == pytest.approx(-19.0, abs=0.5)
    assert measured.true_peak_db <= -1.0
