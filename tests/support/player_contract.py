"""What each player is held to, and how a stream is played to hear whether it keeps that."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.checkout import CHECKOUT
from tests.support.figures import SOAK
from tests.support.needs import requires_extra
from tests.support.null_sink import SAMPLE_RATE
from tests.support.stream import (
    bursts_and_render,
    compare,
    largest_difference,
    sounding_samples,
)
from voicecoach.sound.clip import to_pcm16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.null_sink import NullSink, Recorder
    from voicecoach.play.players import Player
    from voicecoach.sound.mixdown import Block


@dataclass(frozen=True)
class Promise:
    """What a player is held to."""

    is_continuous: bool
    """Whether the recording is the render frame for frame, silences included."""
    worst_ms: float
    """How far a sound may lie from its place."""
    stop_seconds: float
    """How long sound may go on after stop()."""


PROMISES = {
    "miniaudio": Promise(is_continuous=True, worst_ms=20.0, stop_seconds=0.1),
    "simpleaudio": Promise(is_continuous=False, worst_ms=100.0, stop_seconds=0.4),
    "pipe": Promise(is_continuous=True, worst_ms=20.0, stop_seconds=0.1),
}
NEEDS_SIMPLEAUDIO = requires_extra("simpleaudio", "simpleaudio")
"""For tests that play through it: it is an extra, and the others come with the project."""


def each_of(*names: str) -> pytest.MarkDecorator:
    """Run a test once for each of these players, skipping one that is an extra and not here."""
    return pytest.mark.parametrize(
        "name",
        [
            pytest.param(name, marks=NEEDS_SIMPLEAUDIO if name == "simpleaudio" else ())
            for name in names
        ],
    )


ALL = each_of(*PROMISES)
MOST = each_of(*PROMISES) if SOAK else each_of("miniaudio", "simpleaudio")
"""For what is the base's doing: in the short form one player of each kind stands for all."""


def play(speaker: Player, blocks: Iterator[Block]) -> list[int]:
    """Play a stream to its end and return the positions that were reported."""
    positions: list[int] = []
    speaker.play(blocks, sample_rate=SAMPLE_RATE, channels=1, on_position=positions.append)
    return positions


def hear(null_sink: NullSink, speaker: Player, blocks: Iterator[Block]) -> Recorder:
    """Play a stream to its end and return the recording."""
    with null_sink.record() as recorder:
        play(speaker, blocks)
    return recorder


@contextlib.contextmanager
def playing_elsewhere(name: str) -> Iterator[subprocess.Popen[str]]:
    """Have a player play in a process of its own, from when it says that it does.

    The process does not outlive the test, whatever fails there: left behind, it would fail another one.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.play_here", name, "-20"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "playing\n"
            yield process
        finally:
            process.kill()


def assert_kept(promise: Promise, recorder: Recorder, seconds: float) -> None:
    """Hold a recording of the stream of that length to what was promised."""
    bursts, render = bursts_and_render(seconds)
    heard = compare(bursts, render, recorder.samples)
    assert heard.worst_ms <= promise.worst_ms, heard
    assert abs(heard.drift_ms) <= promise.worst_ms / 4, heard
    assert heard.likenesses.min() > 0.999, f"a gap inside a sound: {heard}"
    if promise.is_continuous:
        assert largest_difference(render, recorder.samples, heard.first_frame) == 0
    else:
        expected = sounding_samples(to_pcm16(render))
        np.testing.assert_array_equal(sounding_samples(recorder.samples), expected)
