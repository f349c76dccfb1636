"""`voicecoach preview` as it is heard: the real command, recorded from a null sink."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

if sys.platform != "linux":
    pytest.skip("hears previews from PulseAudio", allow_module_level=True)

from tests.support.live_play import VOICE, as_sent, placements_of, rendered
from tests.support.stream import where
from voicecoach.cli.options import chosen, open_wished
from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.players.keep_alive import BED_PEAK
from voicecoach.session.excerpt import Excerpt, find_place
from voicecoach.sound.clip import SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.null_sink import NullSink
    from voicecoach.session.session import Session

pytestmark = pytest.mark.live

SHORT = """
voicecoach = 1
title = "Short"
audience = "adult"
[[steps]]
slug = "reach"
name = "Reach up"
say = "Stand tall."
dose = "hold 2s"
rest_after = 11
[[steps]]
slug = "stay"
name = "Stay there"
say = "Keep still."
dose = "hold 2s"
"""
STOPPED_SECONDS = 1.5
"""From a save to silence, at most: it is noticed in 0.3 s, and up to 0.9 s lie with the device."""


def preview_of(path: Path, step: str) -> Session:
    """Return the session of a step as the command plays it."""
    library, wishes = Library(), Wishes(voice=VOICE)
    fitted = chosen(load_routine(path, library), wishes)
    excerpt = Excerpt(find_place(fitted, step).index)
    return open_wished(fitted, wishes, library, excerpt=excerpt)


def preview_command(path: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command without a terminal."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "voicecoach", "preview", str(path), *arguments, "--voice", VOICE],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=dict(os.environ),
    )  # fmt: skip


def test_a_preview_is_heard_as_it_is_rendered(null_sink: NullSink, tmp_path: Path) -> None:
    """Sample for sample, from its name to the announcement of the next step; then it ends."""
    path = tmp_path / "short.toml"
    path.write_text(SHORT, "utf-8")
    with null_sink.record() as recorder:
        process = preview_command(path, "reach")
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0, printed
    assert "say   Next: stay there." in printed
    with preview_of(path, "reach") as session:
        sent, placements = as_sent(rendered(session)), placements_of(session)
    begin = where(placements[0].clip.samples[:, 0], recorder.samples)[0] - placements[0].start_frame
    np.testing.assert_array_equal(recorder.samples[begin : begin + len(sent)], sent)


def test_a_save_is_heard_at_once(null_sink: NullSink, tmp_path: Path) -> None:
    """What plays falls silent, and the changed words are heard, within seconds."""
    path = tmp_path / "short.toml"
    long = SHORT.replace("hold 2s", "hold 60s")
    path.write_text(long, "utf-8")
    with null_sink.record() as recorder:
        process = preview_command(path, "reach", "--watch")
        try:
            assert process.stdout is not None
            while "Stand tall." not in (line := process.stdout.readline()):
                assert line or process.poll() is None
            path.write_text(long.replace("Stand tall.", "Both arms up, please."), "utf-8")
            saved = time.monotonic()
            while "Both arms up" not in (line := process.stdout.readline()):
                assert line or process.poll() is None
            heard_after = time.monotonic() - saved
            time.sleep(2.5)
        finally:
            process.kill()
            process.communicate()
    with preview_of(path, "reach") as session:
        script = session.script
        (words,) = [one for one in script.segments[0].cues if one.role == "instruction"]
        clip = session.clips.sentence(words.sentences[0].text)
    at, likeness = where(clip.samples[:, 0], recorder.samples)
    assert likeness > 0.9
    assert heard_after < 10.0
    name_at = at - round((words.start_seconds + 0.3) * SAMPLE_RATE)
    old = np.flatnonzero(np.abs(recorder.samples[:name_at]) > BED_PEAK)
    assert recorder.moment(int(old[-1])) < saved + STOPPED_SECONDS
