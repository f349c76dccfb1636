"""Speakers are kept awake, and the volume changed, as it is heard: the recording less the bed is the render."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.figures import SOAK
from tests.support.null_sink import SAMPLE_RATE
from tests.support.player_contract import MOST, NEEDS_SIMPLEAUDIO, PROMISES, play
from tests.support.stream import blocks_of, bursts_and_render, compare, where
from voicecoach.play.players import open_player
from voicecoach.play.players.keep_alive import BED_PEAK, bed
from voicecoach.sound.clip import db_to_gain, to_pcm16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tests.support.null_sink import NullSink
    from voicecoach.play.players import Player
    from voicecoach.sound.mixdown import Block

pytestmark = pytest.mark.live

CONTINUOUS = pytest.mark.parametrize("name", ["miniaudio", "pipe"] if SOAK else ["miniaudio"])
FROM_FRAME = 3_000


def recorded(
    null_sink: NullSink, speaker: Player, blocks: Iterator[Block]
) -> tuple[NDArray[np.int16], float]:
    """Return what was heard from the first frame that is not zero on, and when that was."""
    with null_sink.record() as recorder:
        play(speaker, blocks)
        time.sleep(0.2)
    (sounding,) = np.nonzero(recorder.samples)
    return recorder.samples[sounding[0] :], recorder.moment(sounding[0])


@CONTINUOUS
def test_the_bed_is_the_only_difference(name: str, null_sink: NullSink) -> None:
    """After a wake-up of 0.8 s every silent frame holds the bed of its place, every other the render."""
    bursts, render = bursts_and_render(3.5)
    speaker = open_player(name, keep_alive=True)
    heard, _ = recorded(null_sink, speaker, blocks_of(render, from_frame=FROM_FRAME))
    begin, _ = where(bursts[1].sound_in(render), heard)
    begin -= bursts[1].start_frame - FROM_FRAME
    assert begin / SAMPLE_RATE == pytest.approx(0.8, abs=0.005)
    assert abs(heard[:begin]).max() <= BED_PEAK
    expected = to_pcm16(render[FROM_FRAME:])
    silent = expected == 0
    expected[silent] = bed(FROM_FRAME, len(expected), 1)[silent, 0]
    np.testing.assert_array_equal(heard[begin : begin + len(expected)], expected)
    assert speaker.underruns == 0


@CONTINUOUS
def test_the_wake_up_does_not_wait_for_the_stream(name: str, null_sink: NullSink) -> None:
    """The bed begins at once and goes on until the stream comes, which is no underrun."""
    bursts, render = bursts_and_render(2.0)

    def late() -> Iterator[Block]:
        time.sleep(1.5)
        yield from blocks_of(render)

    speaker = open_player(name, keep_alive=True)
    began_at = time.monotonic()
    heard, heard_at = recorded(null_sink, speaker, late())
    assert heard_at - began_at < 0.5
    begin, likeness = where(bursts[0].sound_in(render), heard)
    assert likeness > 0.999
    assert 1.0 < begin / SAMPLE_RATE - bursts[0].start_seconds < 3.0
    assert abs(heard[: begin - 10]).max() <= BED_PEAK
    assert speaker.underruns == 0
    assert speaker.position_frames == len(render)


@MOST
def test_speakers_that_sounded_just_now_are_awake(name: str, null_sink: NullSink) -> None:
    """The first play wakes them up for 0.8 s, and one soon after begins almost at once."""
    _, render = bursts_and_render(1.5)
    render = render[SAMPLE_RATE // 4 :]
    speaker = open_player(name, keep_alive=True)
    delays = []
    for _ in range(2):
        with null_sink.record() as recorder:
            began_at = time.monotonic()
            play(speaker, blocks_of(render))
        begin, _ = where(render, recorder.samples)
        delays.append(recorder.moment(begin) - began_at)
    assert delays == pytest.approx([0.8, 0.1], abs=0.25)


@NEEDS_SIMPLEAUDIO
def test_slices_are_led_in_after_a_long_silence(null_sink: NullSink) -> None:
    """Slices get 0.8 s of the bed first where it has been silent for 2 s, and nothing elsewhere."""
    first, spoken = bursts_and_render(2.6)
    second, spoken_later = bursts_and_render(2.6, seed=9)
    render = np.concatenate((spoken, np.zeros(round(2.6 * SAMPLE_RATE), np.float32), spoken_later))
    later = len(render) - len(spoken_later)
    bursts = [*first, *(replace(one, start_frame=one.start_frame + later) for one in second)]
    speaker = open_player("simpleaudio", keep_alive=True)
    heard, _ = recorded(null_sink, speaker, blocks_of(render, segment_seconds=0.5))
    found = compare(bursts, render, heard)
    assert found.worst_ms <= PROMISES["simpleaudio"].worst_ms
    assert found.likenesses.min() > 0.999
    starts = [
        where(one.sound_in(render), heard, found.first_frame + one.start_frame)[0] for one in bursts
    ]
    for start in (starts[0], starts[len(first)]):
        lead = heard[max(0, start - round(1.0 * SAMPLE_RATE)) : start]
        assert abs(lead).max() <= BED_PEAK
        assert np.flatnonzero(lead[::-1])[-1] / SAMPLE_RATE == pytest.approx(0.8, abs=0.05)
    assert not heard[starts[1] - SAMPLE_RATE // 5 : starts[1]].any()


@CONTINUOUS
def test_a_change_of_volume_is_heard_within_a_second(name: str, null_sink: NullSink) -> None:
    """A steady sound becomes quieter by so many dB, soon, and at 0 dB again what it was."""
    render = np.full(4 * SAMPLE_RATE, 0.5, np.float32)
    speaker = open_player(name)
    assert speaker.abilities.volume
    changed_at: list[float] = []

    def change(volume_db: float) -> None:
        speaker.volume_db = volume_db
        changed_at.append(time.monotonic())

    timers = [threading.Timer(1.0, change, [-20.0]), threading.Timer(2.2, change, [0.0])]
    with null_sink.record() as recorder:
        for timer in timers:
            timer.start()
        play(speaker, blocks_of(render))
    (sounding,) = np.nonzero(recorder.samples == 16_384)  # behind what leads it in
    heard = recorder.samples[sounding[0] : sounding[0] + len(render)]
    quiet_level = round(16_384 * db_to_gain(-20.0))
    assert set(heard[: SAMPLE_RATE // 2]) == {16_384}
    assert set(heard[-SAMPLE_RATE // 2 :]) == {16_384}
    (quiet,) = np.nonzero(heard == quiet_level)
    for frame, moment in zip(quiet[[0, -1]], changed_at, strict=True):
        assert recorder.moment(sounding[0] + frame) - moment < 1.0
    assert abs(np.diff(heard.astype(int))).max() < 40
