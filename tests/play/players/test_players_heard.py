"""One contract for all players: what the null sink was given is the render, each within its promise."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.needs import requires_program
from tests.support.null_sink import SAMPLE_RATE
from tests.support.player_contract import (
    ALL,
    MOST,
    NEEDS_SIMPLEAUDIO,
    PROMISES,
    Promise,
    assert_kept,
    hear,
    play,
    playing_elsewhere,
)
from tests.support.stream import blocks_of, bursts_and_render, compare, sounding_samples, where
from voicecoach.play.players import open_player
from voicecoach.play.players.fades import FADE_SECONDS
from voicecoach.play.players.pipe_player import PROGRAMS, AfplayPlayer, PipePlayer
from voicecoach.sound.clip import to_pcm16

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.null_sink import NullSink
    from voicecoach.sound.mixdown import Block

pytestmark = pytest.mark.live

SOAK = os.environ.get("VOICECOACH_SOAK") == "1"
STREAM_SECONDS = {
    "miniaudio": 120.0 if SOAK else 12.0,
    "simpleaudio": 60.0 if SOAK else 9.0,
    "pipe": 120.0 if SOAK else 7.0,
}
BUSY_SECONDS = 120.0 if SOAK else 5.0
LONGEST_TEST_SECONDS = 700.0 if SOAK else 60.0
BUSY_PROCESSES = 2 if SOAK else 1
LONGER_THAN_THE_BUFFER_US = 1_900_000


@ALL
@pytest.mark.timeout(LONGEST_TEST_SECONDS)
def test_what_is_heard_is_the_render(name: str, null_sink: NullSink) -> None:
    """Every sound is heard whole and in its place, and the positions reported end with the stream."""
    seconds = STREAM_SECONDS[name]
    _, render = bursts_and_render(seconds)
    speaker = open_player(name)
    with null_sink.record() as recorder:
        positions = play(speaker, blocks_of(render))
    try:
        assert_kept(PROMISES[name], recorder, seconds)
    except AssertionError:
        # A computer that is too busy for simpleaudio's fixed buffer of 100 ms tears a gap; not twice.
        if name != "simpleaudio":
            raise
        assert_kept(PROMISES[name], hear(null_sink, speaker, blocks_of(render)), seconds)
    assert positions == sorted(positions)
    assert positions[-1] == speaker.position_frames == len(render)
    assert speaker.underruns == 0


@pytest.mark.parametrize("name", ["miniaudio", "pipe"] if SOAK else ["miniaudio"])
@pytest.mark.timeout(LONGEST_TEST_SECONDS)
def test_a_busy_computer_tears_no_gap(
    name: str, null_sink: NullSink, keep_busy: Callable[[int], None]
) -> None:
    """The stream stays whole while other processes use the cores."""
    keep_busy(BUSY_PROCESSES)
    _, render = bursts_and_render(BUSY_SECONDS)
    recorder = hear(null_sink, open_player(name), blocks_of(render))
    assert_kept(PROMISES[name], recorder, BUSY_SECONDS)


@requires_program("aplay")
def test_aplay_plays_where_pacat_is_missing(null_sink: NullSink) -> None:
    """Each program that may stand behind the pipe plays the stream whole."""
    (aplay,) = [program for program in PROGRAMS if program.name == "aplay"]
    speaker = PipePlayer(aplay)
    speaker.probe()
    _, render = bursts_and_render(3.0)
    assert_kept(PROMISES["pipe"], hear(null_sink, speaker, blocks_of(render)), 3.0)


@pytest.mark.usefixtures("afplay_stand_in")
def test_afplay_plays_slices_from_files(null_sink: NullSink) -> None:
    """The player of macOS, which reads only files, gets the slices one by one, in their places."""
    _, render = bursts_and_render(4.0)
    recorder = hear(null_sink, AfplayPlayer(), blocks_of(render, segment_seconds=2.0))
    # Each slice waits for a process to start, which a busy computer may not do at once.
    assert_kept(Promise(is_continuous=False, worst_ms=300.0, stop_seconds=0.1), recorder, 4.0)


def test_a_gap_of_a_busy_interpreter_is_counted(null_sink: NullSink) -> None:
    """Where the device runs dry because nobody answers it, the sound stops for a while; that is told."""
    _, render = bursts_and_render(6.0)
    speaker = open_player("miniaudio")
    hold_interpreter = ctypes.PyDLL(None).usleep  # PyDLL keeps the lock while it sleeps
    held: list[int] = []

    def hold_once(position_frames: int) -> None:
        if position_frames > 2 * SAMPLE_RATE and not held:
            held.append(hold_interpreter(LONGER_THAN_THE_BUFFER_US))

    with null_sink.record() as recorder:
        speaker.play(blocks_of(render), sample_rate=SAMPLE_RATE, channels=1, on_position=hold_once)
    assert speaker.underruns == 1
    expected, heard = sounding_samples(to_pcm16(render)), sounding_samples(recorder.samples)
    # Nothing is missing, and the end of the stream, which is in mid-wave, is led out.
    np.testing.assert_array_equal(heard[: len(expected)], expected)
    assert len(heard) - len(expected) <= FADE_SECONDS * SAMPLE_RATE


@MOST
def test_late_blocks_lose_nothing(name: str, null_sink: NullSink) -> None:
    """When the stream comes too late there is silence meanwhile, counted, and nothing is skipped."""
    bursts, render = bursts_and_render(3.5)
    speaker = open_player(name)
    recorder = hear(null_sink, speaker, blocks_of(render, late_seconds=1.3))
    if PROMISES[name].is_continuous:
        # A sound that breaks off between two blocks is led out and in, and each block is whole.
        for block in blocks_of(render):
            at, _ = where(block.samples[:, 0], recorder.samples)
            heard = recorder.samples[at : at + len(block.samples)]
            np.testing.assert_array_equal(heard, to_pcm16(block.samples[:, 0]))
        largest = np.abs(np.diff(to_pcm16(render).astype(int))).max()
        assert np.abs(np.diff(recorder.samples.astype(int))).max() <= largest
    else:
        expected = sounding_samples(to_pcm16(render))
        np.testing.assert_array_equal(sounding_samples(recorder.samples), expected)
    assert speaker.underruns >= 1
    if not PROMISES[name].is_continuous:
        # No sound was torn, so each can be found; and none comes nearer to the one before it.
        begins = [where(burst.sound_in(render), recorder.samples)[0] for burst in bursts]
        heard_apart = np.diff(begins)
        written_apart = np.diff([burst.start_frame for burst in bursts])
        assert (heard_apart - written_apart >= -0.05 * SAMPLE_RATE).all()


@MOST
def test_a_failing_stream_fails_aloud(name: str, null_sink: NullSink) -> None:
    """What the blocks raise comes out of play() after the sounds before it; the player plays again."""
    bursts, render = bursts_and_render(3.0)

    def failing() -> Iterator[Block]:
        for block in blocks_of(render):
            if block.start_frame > 1.2 * SAMPLE_RATE:
                raise ValueError("the voice has gone")
            yield block

    speaker = open_player(name)
    with (
        null_sink.record() as recorder,
        pytest.raises(ValueError, match="the voice has gone"),
    ):
        play(speaker, failing())
    sound = render[: bursts[0].start_frame + bursts[0].length_frames]
    assert where(sound, recorder.samples)[1] > 0.999

    again, render = bursts_and_render(1.6, seed=2)
    heard = compare(again, render, hear(null_sink, speaker, blocks_of(render)).samples)
    assert heard.worst_ms <= PROMISES[name].worst_ms
    assert heard.likenesses.min() > 0.999


@ALL
def test_an_interrupt_silences_at_once(name: str, null_sink: NullSink) -> None:
    """Stopping from a signal ends the sound and then the process, with nothing on standard error."""
    with null_sink.record() as recorder, playing_elsewhere(name) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        stopped_at = time.monotonic()
        output, complaints = process.communicate(timeout=10)
        ended_after = time.monotonic() - stopped_at
        time.sleep(0.6)
    (sounding,) = np.nonzero(recorder.samples)
    assert process.returncode == 0, complaints
    assert complaints == ""
    assert 0 < int(output) < 4 * SAMPLE_RATE
    assert recorder.moment(sounding[-1]) - recorder.moment(sounding[0]) > 1.0
    assert recorder.moment(sounding[-1]) - stopped_at < PROMISES[name].stop_seconds
    assert ended_after < 2.5


MANY_SOUNDS = """
import time
import numpy as np
from voicecoach.play.players.simpleaudio_player import open_here

player = open_here(None)
player._channels, player._sample_rate = 1, 24_000
for count in range(80):
    player._start_slice(np.ones((600, 1), np.int16))
    time.sleep(0.01)
{ending}
print("alive", flush=True)
"""


@NEEDS_SIMPLEAUDIO
@pytest.mark.parametrize("ending", ["time.sleep(1.0)", "player._close()", ""])
def test_simpleaudio_never_ends_the_interpreter(ending: str, null_sink: NullSink) -> None:
    """Many sounds that end in threads of C neither crash the interpreter nor its exit."""
    assert null_sink.environment
    process = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", MANY_SOUNDS.format(ending=ending)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert (process.stdout, process.stderr) == ("alive\n", "")
