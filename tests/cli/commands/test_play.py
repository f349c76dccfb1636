"""`voicecoach play` as it is heard: the command in a process of its own, recorded from a null sink."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.figures import SOAK, RecordFigure
from tests.support.live_play import opened, play_command, rendered, spoken_bursts
from tests.support.player_contract import NEEDS_SIMPLEAUDIO
from tests.support.stream import compare, largest_difference, sounding_samples
from voicecoach.sound.clip import SAMPLE_RATE, to_pcm16

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.null_sink import NullSink

pytestmark = pytest.mark.live

SHORT = """
voicecoach = 1
title = "Short"
audience = "adult"
closing = ["Well done."]
[[steps]]
slug = "reach"
name = "Reach up"
say = "Stand tall and reach up with both arms."
dose = "2 reps, tempo 1-1-1"
rest_after = 3
"""


@pytest.fixture
def routine_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the routine to play: a short one, or in a soak the whole of `children`."""
    monkeypatch.chdir(tmp_path)
    if SOAK:
        return "children"
    (tmp_path / "short.toml").write_text(SHORT, "utf-8")
    return str(tmp_path / "short.toml")


@NEEDS_SIMPLEAUDIO
@pytest.mark.timeout(800)
def test_a_session_is_heard_as_it_is_rendered(
    routine_file: str, null_sink: NullSink, mortal_sink: NullSink, record_figure: RecordFigure
) -> None:
    """Two people play it at once: miniaudio frame for frame, simpleaudio with other silences only.

    Here without the bed that keeps speakers awake; the long session in test_live_command.py has it.
    """
    with opened(routine_file) as session:
        render, bursts = rendered(session), spoken_bursts(session)
    longest = len(render) / SAMPLE_RATE + 60
    with null_sink.record() as exact, mortal_sink.record() as sliced:
        players = [
            play_command(routine_file, "--no-keep-alive", "--player", "miniaudio", sink=null_sink),
            play_command(
                routine_file, "--no-keep-alive", "--player", "simpleaudio", sink=mortal_sink
            ),
        ]
        messages = [player.communicate(timeout=longest)[1] for player in players]
    assert [player.returncode for player in players] == [0, 0], messages
    for player, recorder in (("miniaudio", exact), ("simpleaudio", sliced)):
        heard = compare(bursts, render, recorder.samples)
        record_figure(f"worst offset of a sentence, {player}", heard.worst_ms, "ms")
        record_figure(
            f"drift over {len(render) / SAMPLE_RATE:.0f} s, {player}", heard.drift_ms, "ms"
        )
        if player == "miniaudio":
            assert heard.likenesses.min() > 0.999, "a gap inside a word"
            assert largest_difference(render, recorder.samples, heard.first_frame) == 0
        else:
            # Its slices may part in a pause inside a sentence, so the sentence need not be alike; but
            # every sample that sounds is heard, in order, and nothing else: only silences differ.
            assert heard.worst_ms <= 100
            np.testing.assert_array_equal(
                sounding_samples(recorder.samples), sounding_samples(to_pcm16(render))
            )
    assert "cannot" in messages[1]  # what the player cannot do is said


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("cold_cache")
def test_first_words_come_soon(
    null_sink: NullSink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_figure: RecordFigure,
) -> None:
    """From Enter to the first word, with nothing cached and with everything cached."""
    monkeypatch.chdir(tmp_path)
    for cache in ("cold", "warm"):
        with null_sink.record() as recorder:
            started = time.monotonic()
            process = play_command("relaxation")
            deadline = time.monotonic() + 20
            while not np.any(np.abs(recorder.samples) > 300) and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            _, messages = process.communicate(timeout=20)
            stopped = time.monotonic()
        loud = np.nonzero(np.abs(recorder.samples) > 300)[0]
        assert loud.size, messages
        record_figure(f"first word, {cache} cache", recorder.moment(int(loud[0])) - started, "s")
        silent_after = recorder.moment(int(loud[-1]))
        assert silent_after < stopped + 0.1
        assert process.returncode == 130
        assert "Traceback" not in messages


@pytest.mark.timeout(60)
def test_interrupt_stops_at_once_and_leaves_no_process(
    null_sink: NullSink, routine_file: str, record_figure: RecordFigure
) -> None:
    """Ctrl-C reaches every process of the terminal: silence at once, status 130, no worker left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "play", routine_file],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with null_sink.record() as recorder:
        while not np.any(recorder.samples):
            time.sleep(0.02)
        interrupted = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        _, messages = process.communicate(timeout=20)
        time.sleep(0.5)
    last = recorder.moment(int(np.nonzero(recorder.samples)[0][-1]))
    record_figure("sound after Ctrl-C", last - interrupted, "s")
    assert process.returncode == 130
    assert "Traceback" not in messages
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_playing_process_never_loads_the_model(null_sink: NullSink, tmp_path: Path) -> None:
    """What could starve the audio callback lives in another process."""
    head, _, step = SHORT.partition('closing = ["Well done."]')
    step = step.replace("2 reps, tempo 1-1-1", "hold 1s").replace("rest_after = 3", "")
    (tmp_path / "one.toml").write_text(head + step, "utf-8")
    code = (
        "import sys, json; sys.argv = ['voicecoach', 'play', 'one.toml']\n"
        "from voicecoach.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(json.dumps(sorted({'onnxruntime', 'hibari'} & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert json.loads(done.stdout) == []
    assert "Done." in done.stderr
