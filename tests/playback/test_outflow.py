"""What a device is given: the stream, the bed where it is silent or late, each at its volume."""

from __future__ import annotations

import numpy as np
import pytest

from voicecoach.clip import db_to_gain, to_pcm16
from voicecoach.mixdown import Block
from voicecoach.playback.feed import Feed
from voicecoach.playback.keep_alive import BED_PEAK, PERIOD_FRAMES, bed
from voicecoach.playback.outflow import Outflow
from voicecoach.playback.volume import RAMP_SECONDS

RATE = 24_000
FIRST_FRAME = 70_000


def stream(seconds: float, channels: int = 1) -> np.ndarray:
    """Return a tone in which every other tenth of a second is silent."""
    clock = np.arange(round(seconds * RATE)) / RATE
    tone = 0.5 * np.cos(2 * np.pi * 440.0 * clock) * (clock * 10 % 2 < 1)
    return np.repeat(tone.astype(np.float32)[:, None], channels, axis=1)


def outflow_of(
    render: np.ndarray, *, wake_frames: int = 0, keep_alive: bool = True, volume_db: list[float]
) -> tuple[Outflow, Feed]:
    """Return an outflow whose volume is the last of `volume_db`, and its feed with all there is."""
    channels = render.shape[1]
    feed = Feed(
        [Block(FIRST_FRAME, render, 0)], channels=channels, ahead_frames=10**9, wake=lambda: None
    )
    outflow = Outflow(
        feed,
        sample_rate=RATE,
        channels=channels,
        wake_frames=wake_frames,
        keep_alive=keep_alive,
        volume_db=lambda: volume_db[-1],
    )
    return outflow, feed


def started(feed: Feed) -> None:
    """Let the feed pull all there is."""
    feed.start()
    feed.join(5.0)


@pytest.mark.parametrize("channels", [1, 2])
def test_the_bed_is_all_that_is_added(channels: int) -> None:
    """Less the bed of its silent frames, by their place in the session, what comes out went in."""
    render = stream(1.0, channels)
    outflow, feed = outflow_of(render, volume_db=[0.0])
    started(feed)
    given = np.concatenate([outflow.take(frames) for frames in (1, 999, 7_000, 30_000)])
    expected = to_pcm16(render)
    silent = ~expected.any(axis=1)
    assert 0.4 < silent.mean() < 0.6
    expected[silent] = bed(FIRST_FRAME, len(render), channels)[silent]
    np.testing.assert_array_equal(given, expected)


def test_without_the_bed_nothing_is_added() -> None:
    """A player that keeps nobody awake gives the stream, and silence where it is late."""
    render = stream(1.0)
    outflow, feed = outflow_of(render, keep_alive=False, volume_db=[0.0])
    assert not outflow.fill(500).any()
    started(feed)
    np.testing.assert_array_equal(outflow.take(RATE), to_pcm16(render))


def test_the_bed_is_noise_that_nobody_hears() -> None:
    """It never leaves its few steps, has no tone and no silence in it, and repeats."""
    assert PERIOD_FRAMES > RATE, "what repeats more often is a hum"
    noise = bed(-50_000, 200_000, 1)[:, 0]
    assert abs(noise).max() == BED_PEAK
    assert 20 * np.log10(noise.std() / 32_768) < -80
    (sounding,) = np.nonzero(noise)
    assert np.diff(sounding).max() < RATE // 1_000
    spectrum = abs(np.fft.rfft(noise[:PERIOD_FRAMES].astype(float))) ** 2
    assert spectrum.max() < 20 * spectrum.mean()
    np.testing.assert_array_equal(noise[:50_000], bed(PERIOD_FRAMES - 50_000, 50_000, 1)[:, 0])


def test_the_wake_up_comes_first_and_is_no_part_of_the_stream() -> None:
    """However it is taken, the stream follows the whole wake-up; waiting for the stream counts for it."""
    outflow, feed = outflow_of(stream(1.0), wake_frames=1_000, volume_db=[0.0])
    assert len(outflow.take(300)) == 300
    assert len(outflow.fill(200)) == 200
    started(feed)
    assert not outflow.has_begun
    given = outflow.take(700)
    assert abs(given[:500]).max() <= BED_PEAK
    assert given[500, 0] == to_pcm16(stream(1.0))[0, 0]
    assert outflow.given_frames == 1_200
    assert feed.position == 200


def test_it_is_known_which_frames_were_of_the_stream() -> None:
    """Wake-ups and late moments, long ago or not, are told from the stream."""
    outflow, feed = outflow_of(stream(2.0), wake_frames=100, volume_db=[0.0])
    started(feed)
    outflow.take(400)
    outflow.fill(50)
    outflow.fill(50)
    outflow.take(100)
    asked = [0, 50, 100, 101, 400, 420, 500, 550, 600]
    assert [outflow.stream_frames(frame) for frame in asked] == [
        0,
        0,
        0,
        1,
        300,
        300,
        300,
        350,
        400,
    ]


def test_the_volume_changes_without_a_click() -> None:
    """It goes over to the new one in 20 ms, then is exact; 0 dB is the stream to the bit; the bed stays."""
    render = np.full((RATE, 1), 0.5, np.float32)
    render[RATE // 2 :] = 0.0
    volume_db = [0.0]
    outflow, feed = outflow_of(render, volume_db=volume_db)
    started(feed)
    np.testing.assert_array_equal(outflow.take(1_000), to_pcm16(render[:1_000]))
    volume_db.append(-20.0)
    given = np.concatenate([outflow.take(1_000), outflow.take(8_000)])[:, 0]
    ramp = round(RAMP_SECONDS * RATE)
    steps = np.diff(given[:ramp].astype(int), prepend=16_384)
    assert steps.min() >= -0.9 * 16_384 / ramp - 2
    assert (given[ramp:] == round(16_384 * db_to_gain(-20.0))).all()
    volume_db.append(0.0)
    outflow.take(1_000)
    np.testing.assert_array_equal(outflow.take(500), to_pcm16(render[11_000:11_500]))
    volume_db.append(-40.0)
    outflow.take(500)
    np.testing.assert_array_equal(outflow.take(6_000), bed(FIRST_FRAME + RATE // 2, 6_000, 1))
