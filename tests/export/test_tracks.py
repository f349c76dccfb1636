"""The exported tracks of the bundled routines, decoded and held against their cue sheets."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.bundled.test_golden import TOTALS_SECONDS
from tests.support.figures import SOAK, SPOKEN, RecordFigure
from tests.support.needs import requires_program
from voicecoach.export import TrackTags, export_track
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.script.cue_sheet import as_json
from voicecoach.session.session import Session, open_session
from voicecoach.sound.clip import SAMPLE_RATE
from voicecoach.sound.timeline import place

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SEARCH_FRAMES = SAMPLE_RATE // 20
"""How far from its place a clip is looked for: 50 ms."""

pytestmark = [pytest.mark.slow, requires_program("ffmpeg", "ffprobe")]


def decoded(track: Path) -> NDArray[np.float32]:
    """Return what ffmpeg plays of a track."""
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(track), "-f", "f32le", "-ac", "1", "-"],
        capture_output=True, check=True,
    )  # fmt: skip
    return np.frombuffer(done.stdout, "<f4")


def lag_seconds(samples: NDArray[np.float32], clip: NDArray[np.float32], frame: int) -> float:
    """Return how late a clip lies in the track, by cross-correlation."""
    first = max(0, frame - SEARCH_FRAMES)
    window = samples[first : frame + len(clip) + SEARCH_FRAMES].astype(np.float64)
    size = 1 << (len(window) + len(clip)).bit_length()
    product = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(clip, size)), size)
    return (int(np.argmax(product[: len(window) - len(clip) + 1])) + first - frame) / SAMPLE_RATE


def export(session: Session, track: Path, encoder: str) -> None:
    """Write a track."""
    export_track(
        session.blocks(), track, total_frames=session.total_frames, sample_rate=session.sample_rate,
        channels=session.channels, tags=TrackTags(session.routine.title), encoder=encoder,
    )  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.parametrize("encoder", ["lameenc", "pydub"])
@pytest.mark.parametrize("name", SPOKEN if SOAK else ("children",))
def test_every_clip_is_where_the_cue_sheet_says(
    name: str, encoder: str, tmp_path: Path, record_figure: RecordFigure
) -> None:
    """In the decoded track each sentence and tone lies within 5 ms of its time, and the length is right."""
    library = Library(tmp_path)
    track = tmp_path / f"{name}.mp3"
    with open_session(load_routine(library.find_routine(name), library), library) as session:
        script = session.script
        export(session, track, encoder)
        samples = decoded(track)
        shown = as_json(script)
        assert len(samples) / SAMPLE_RATE == pytest.approx(shown["duration_seconds"], abs=0.05)
        assert script.duration_seconds == pytest.approx(TOTALS_SECONDS[name], rel=0.03)
        lags = [
            lag_seconds(samples, placed.clip.samples[:, 0], placed.start_frame)
            for start, segment in zip(script.starts_seconds, script.segments, strict=True)
            for placed in place(segment, start, session.clips, SAMPLE_RATE)
        ]
        worst = max(abs(lag) for lag in lags)
        record_figure(f"worst of {len(lags)} clips in {name}, {encoder}", worst * 1000, "ms")
        assert worst <= 0.005
        # The holds, from tone to tone, in frames of the decoded track.
        for start, segment in zip(script.starts_seconds, script.segments, strict=True):
            for block in segment.work_blocks:
                ends = [
                    round((start + moment) * SAMPLE_RATE)
                    + lag_seconds(samples, session.clips.sound(tone).samples[:, 0],
                                  round((start + moment) * SAMPLE_RATE)) * SAMPLE_RATE
                    for tone, moment in (
                        ("start", block.start_seconds),
                        ("end", block.start_seconds + block.duration_seconds),
                    )
                ]  # fmt: skip
                assert ends[1] - ends[0] == pytest.approx(
                    block.duration_seconds * SAMPLE_RATE, abs=1
                )


def test_track_says_what_it_is(tmp_path: Path) -> None:
    """Other people's software reads the title, the artist and the format."""
    library = Library(tmp_path)
    track = tmp_path / "desk-break.mp3"
    with open_session(
        load_routine(library.find_routine("desk-break"), library), library, voice="silent"
    ) as session:
        session.measure(lambda _done, _total: None)
        export(session, track, "lameenc")
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(track)],
        capture_output=True, check=True,
    )  # fmt: skip
    probe = json.loads(done.stdout)
    assert probe["format"]["tags"]["title"] == "Desk break"
    assert probe["format"]["tags"]["artist"] == "voicecoach"
    stream = probe["streams"][0]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == ("mp3", "24000", 1)
    assert float(probe["format"]["bit_rate"]) == pytest.approx(64_000, rel=0.02)
